"""What the pages of a session say of changes that wait for publication."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from sessions import moves
from sessions.models import Move


class GatheredFilter(admin.SimpleListFilter):
    """Sessions whose new time or room waits for publication."""

    title = _("change of time or room")
    parameter_name = "gathered"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [("yes", _("to be published"))]

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(is_moving=True) if self.value() == "yes" else queryset


def editions_gathering() -> QuerySet[Edition]:
    """Those with changes to publish, with how many: `waiting`."""
    found = Edition.objects.filter(
        sessions__moves__isnull=False, sessions__moves__announcement__isnull=True
    )
    return found.annotate(waiting=Count("sessions__moves")).order_by("-number")


def mark(said: str) -> str:
    """The time in a list, where another one waits."""
    return format_html('{} <span class="to-publish">{}</span>', said, _("to be published"))


def note(move: Move) -> str:
    """« To be published: …; on the site today: … », with the way there."""
    venue = move.session.edition.venue
    return format_html(
        '<strong>{}</strong> {}<br>{} {}<br>{} <a href="{}">{}</a>',
        _("To be published:"),
        moves.after(move).said(venue) or _("to be specified"),
        _("On the site today:"),
        moves.before(move).said(venue) or _("to be specified"),
        _("The capacity follows the room when the change is published."),
        reverse("admin:programme_announcement_publish", args=[move.session.edition_id]),
        _("Publish the changes"),
    )


def kept(move: Move) -> str:
    """After a form: the change waits, and where to publish it."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("The new time or room is kept; nobody has been told yet."),
        reverse("admin:programme_announcement_publish", args=[move.session.edition_id]),
        _("Publish the changes"),
    )
