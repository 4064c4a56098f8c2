"""The edition’s own waiting list: who has a freed place, and what was asked for meanwhile."""

import datetime as dt

import pytest

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Booking
from registrations.tests.factories import CategoryFactory
from registrations.tests.seating import (
    booking_of,
    counters,
    happened,
    mails,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def crowd(edition):
    """The one who has the only place."""
    Edition.objects.update(capacity=1)
    return seated(edition)


def test_a_free_place_brings_what_was_asked_for(edition, ten, eleven, also_ten, crowd, person):
    hidden = SessionFactory(edition=edition, title_fr="Retirée", start=dt.time(15), end=None)
    waiting = services.register(
        edition=edition, person=person, sessions=[ten, eleven, hidden], lists=[also_ten]
    )
    assert (waiting.state, waiting.badge_made_at) == ("waiting", None)
    Session.objects.filter(pk=eleven.pk).update(capacity=1, seats_taken=1)
    Session.objects.filter(pk=hidden.pk).update(is_published=False)
    Message.objects.all().delete()
    services.cancel(crowd, notify=False)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.turn) == ("confirmed", None)
    assert waiting.badge_made_at is not None
    assert states(waiting) == {
        ten.title_fr: "confirmed",
        eleven.title_fr: "waiting",
        also_ten.title_fr: "offered",  # free, but at the same time as the seat
    }
    assert mails() == [(waiting.email, "seats_changed")]
    assert set(waiting.changes.filter(action="displaced").values_list("session", "by")) == {
        (hidden.pk, "site")
    }
    assert set(waiting.changes.filter(action="booked").values_list("by", flat=True)) == {"site"}


def test_what_the_team_sets_off_is_not_booked_by_the_team(edition, ten, crowd):
    waiting = seated(edition, ten)
    Edition.objects.update(capacity=2)
    services.fill(edition)
    assert set(waiting.changes.filter(action="booked").values_list("by", flat=True)) == {"site"}


def test_asking_anew_leaves_what_was_not_shown(edition, ten, eleven, crowd):
    waiting = seated(edition, ten, lists=[eleven])
    services.change_sessions(waiting, sessions=[], among={ten.pk})
    assert states(waiting) == {eleven.title_fr: "asked"}
    services.change_sessions(waiting, sessions=[ten], lists=[ten], among={ten.pk})
    assert states(waiting) == {eleven.title_fr: "asked", ten.title_fr: "asked"}
    assert happened(waiting) == ["registered", "queued", "asked", "asked", "left", "asked"]
    assert services.step_back(booking_of(waiting, ten)) is True
    assert states(waiting) == {eleven.title_fr: "asked"}


def test_a_place_of_somebody_to_approve_is_to_be_approved(edition, crowd, person):
    press = CategoryFactory(needs_approval=True)
    waiting = services.register(edition=edition, person=person | {"category": press})
    written = services.register(
        edition=edition,
        person=person | {"category": press, "email": "by-team@example.org"},
        by_staff=True,
    )
    Edition.objects.update(capacity=3)
    services.fill(edition)
    waiting.refresh_from_db()
    written.refresh_from_db()
    assert (waiting.state, waiting.badge_made_at) == ("pending", None)
    assert written.state == "confirmed"


def test_cancelling_while_in_the_edition_s_line_moves_the_others_up(edition, ten, crowd):
    first, second = seated(edition, ten), seated(edition)
    assert services.cancel(first) is True
    assert (second.rank(), counters(edition, ten)) == (1, [1, 0])
    assert Booking.objects.filter(state="asked").count() == 0


def test_a_former_holder_cancels_nothing(edition, ten, person):
    """Two tabs: the place was passed on in one, and is cancelled in the other."""
    former = services.register(edition=edition, person=person, sessions=[ten])
    heir = {**person, "email": "heir@example.org", "organisation": former.organisation}
    row = type(former).objects.get(pk=former.pk)
    services.pass_on(row, heir)
    with pytest.raises(services.LinkReplaced):
        services.cancel(former)
    row.refresh_from_db()
    assert (row.state, states(row)) == ("confirmed", {ten.title_fr: "confirmed"})
    former = type(former).objects.get(pk=row.pk)
    former.key_version -= 1
    former.email = person["email"]
    assert services.cancel(former, by="team") is True
    assert mails()[-1] == ("heir@example.org", "registration_cancelled")
