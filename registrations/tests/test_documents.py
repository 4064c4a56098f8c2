"""What goes along with a mail, made when the mail leaves."""

import pytest

from raict.mail.envelope import envelope
from registrations import emails, services

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize(
    ("is_cancelled", "names"), [(False, ["badge.pdf", "agenda.ics"]), (True, ["agenda.ics"])]
)
def test_a_badge_queued_before_the_cancellation_is_left_out(awa, is_cancelled, names):
    message = emails.registered(awa)
    if is_cancelled:
        services.cancel(awa, notify=False)
    assert [part.get_filename() for part in envelope(message).attachments] == names
