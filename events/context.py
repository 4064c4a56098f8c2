"""What every page knows."""

from django.http import HttpRequest

from events.models import Edition


def site(request: HttpRequest) -> dict:
    """`site_edition`: the current edition, or None."""
    return {"site_edition": Edition.objects.current()}
