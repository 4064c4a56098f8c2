"""Timed mail: on its day, once to each, to those who come later, and never when it must not."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from events.models import Edition
from raict.mail.models import Message
from registrations.models import CheckIn, Circular, Registration, TimedLetter
from registrations.services import circulars, timing
from registrations.tests.factories import CategoryFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> dt.datetime:
    return dt.datetime(2030, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def edition(edition):
    """The 23rd and the 24th of October 2030; summer time ends on the 27th."""
    Edition.objects.update(starts_on=dt.date(2030, 10, 23), ends_on=dt.date(2030, 10, 24))
    edition.refresh_from_db()
    return edition


@pytest.fixture
def awa(edition):
    return RegistrationFactory(edition=edition, first_name="Awa", email="awa@example.org")


@pytest.fixture
def timed(edition):
    """A week before, at nine."""
    return TimedLetter.objects.create(
        edition=edition,
        name="J-7",
        subject_fr="Bientôt",
        text_fr="Bonjour {{ prenom }}",
        is_active=True,
    )


def run(moment: dt.datetime) -> int:
    """How many mails were written by what the worker does at that moment."""
    with time_machine.travel(moment, tick=False):
        timing.run_timed()
        return circulars.write_open()


def test_at_its_hour_once(awa, timed):
    assert [run(at(16, 8, 59)), run(at(16, 9)), run(at(16, 9, 1)), run(at(16, 12))] == [0, 1, 0, 0]
    message = Message.objects.get()
    assert (message.to, message.template) == ("awa@example.org", "timed_letter")
    assert message.text.startswith("Bonjour Awa\n")


def test_later_that_day_but_not_days_after(awa, timed):
    assert timed.moment == at(16, 9)
    with time_machine.travel(at(17, 0, 5), tick=False):
        assert timing.is_missed(timed)
    assert run(at(17, 0, 5)) == run(at(19, 9)) == 0
    assert Circular.objects.count() == 0
    assert run(at(16, 23, 50)) == 1


def test_who_registers_later_gets_it_until_the_event_begins(awa, timed, edition):
    run(at(16, 9))
    RegistrationFactory(edition=edition, category=awa.category)
    assert [run(at(22, 23, 59)), run(at(22, 23, 59))] == [1, 0]
    RegistrationFactory(edition=edition, category=awa.category)
    assert run(at(23, 0, 1)) == 0


def test_dates_that_move_take_it_along(awa, timed):
    Edition.objects.update(starts_on=dt.date(2030, 10, 30), ends_on=dt.date(2030, 10, 31))
    assert run(at(16, 9)) == 0
    assert run(at(23, 9)) == 1


def test_summer_time_ends_between(awa, timed):
    TimedLetter.objects.update(days=5, anchor="last")
    timed.refresh_from_db()
    assert timed.moment == dt.datetime(2030, 10, 29, 8, tzinfo=dt.UTC)
    TimedLetter.objects.update(days=1)
    timed.refresh_from_db()
    assert timed.moment == dt.datetime(2030, 10, 25, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize("state", ["draft", "cancelled", "postponed"])
def test_nothing_leaves_while_the_edition_is_called_off(awa, timed, state):
    Edition.objects.update(state=state, is_current=False)
    assert run(at(16, 9)) == 0


def test_called_off_after_it_began(awa, timed, settings):
    settings.CIRCULAR_PER_MINUTE = 0
    run(at(16, 9))
    settings.CIRCULAR_PER_MINUTE = 10
    Edition.objects.update(state="cancelled")
    assert run(at(16, 9, 5)) == 0
    assert Circular.objects.get().recipients.count() == 0


def test_inactive_ones_rest(awa, timed):
    TimedLetter.objects.update(is_active=False)
    assert run(at(16, 9)) == 0


def test_without_dates_nothing_leaves(awa, timed):
    Edition.objects.update(starts_on=None, ends_on=None)
    assert run(at(16, 9)) == 0


def test_stopped_means_stopped_for_those_who_come_later(awa, timed, edition):
    run(at(16, 9))
    circulars.stop(Circular.objects.get())
    RegistrationFactory(edition=edition, category=awa.category)
    assert run(at(17, 9)) == 0


def test_to_whom(edition, timed, ten):
    category = CategoryFactory()
    made = {
        name: RegistrationFactory(edition=edition, category=category, **values)
        for name, values in {
            "plain": {},
            "present": {},
            "answered": {},
            "waiting": {"state": "waiting", "turn": 1},
            "pending": {"state": "pending"},
            "cancelled": {"state": "cancelled"},
        }.items()
    }
    other = RegistrationFactory(edition=edition)
    CheckIn.objects.create(registration=made["present"], session=ten)
    made["answered"].changes.create(action="answered", by="person")

    def whom(**values):
        TimedLetter.objects.update(**values)
        timed.refresh_from_db()
        names = {one.pk: name for name, one in made.items()} | {other.pk: "other"}
        return {names[one.pk] for one in timed.recipients()}

    assert whom() == {"plain", "present", "answered", "other"}
    assert whom(audience="present") == {"present"}
    assert whom(audience="waiting") == {"waiting"}
    assert whom(audience="unanswered") == {"plain", "present", "other"}
    assert whom(audience="confirmed", category=category) == {"plain", "present", "answered"}


def test_two_examples_inactive_and_added_once(edition):
    assert [timing.add_examples(edition), timing.add_examples(edition)] == [2, 0]
    rows = TimedLetter.objects.order_by("days").values_list(
        "days", "anchor", "audience", "is_active"
    )
    assert "{{ full_name }}" in TimedLetter.objects.first().text_en
    assert list(rows) == [(-7, "first", "confirmed", False), (1, "last", "present", False)]
    assert Registration.objects.count() == 0


def test_examples_can_be_sent(edition, awa, ten):
    timing.add_examples(edition)
    TimedLetter.objects.update(is_active=True)
    CheckIn.objects.create(registration=awa, session=ten)
    assert run(at(16, 9)) == run(at(25, 9)) == 1
    assert Message.objects.filter(to="awa@example.org").count() == 2
