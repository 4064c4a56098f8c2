"""What a member of the team does on the programme board, for tests."""

from django.urls import reverse

from sessions.models import Session


def url(name: str, *args) -> str:
    return reverse(f"admin:programme_session_{name}", args=args)


def send(client, address: str, *, headers=None, **values):
    """Open the form and send it back with other values, as a browser would."""
    opened = client.get(address)
    form = opened.context["form"]
    data = {bound.html_name: bound.value() for bound in form}
    data |= {"seen": opened.context.get("seen"), "nonce": opened.context.get("nonce")}
    data = {name: value for name, value in (data | values).items() if value not in (None, False)}
    return client.post(address, data, headers=headers)


def said(response) -> list[str]:
    return [str(one) for one in response.wsgi_request._messages]


def place(session) -> tuple:
    row = Session.objects.get(pk=session.pk)
    return row.start, row.end, row.room


def wrong(response) -> dict:
    return dict(response.context["form"].errors)
