"""What a member of the team does in the list of registrations, for tests."""

import io

from django.urls import reverse
from openpyxl import load_workbook

CHANGELIST = reverse("admin:registrations_registration_changelist")
ADD = reverse("admin:registrations_registration_add")


def act(client, action: str, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(CHANGELIST, data)


def decide(client, decision: str, *rows, **reasons):
    """What follows the question of an action."""
    address = reverse("admin:registrations_registration_decide", args=[decision])
    return client.post(address, {"keys": ",".join(str(row.pk) for row in rows), **reasons})


def sentences(response) -> list[str]:
    return [str(sentence) for sentence in response.wsgi_request._messages]


def table(response) -> list[dict]:
    sheet = load_workbook(io.BytesIO(response.content)).active
    header, *rows = sheet.values
    return [dict(zip(header, row, strict=True)) for row in rows]
