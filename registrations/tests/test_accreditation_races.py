"""Two at the same moment, each with a connection of their own, on both databases."""

import contextlib
import threading
from pathlib import Path

import pytest
from django.db import connection

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import services
from registrations.models import Accreditation, Registration
from registrations.models.registration import RegistrationQuerySet
from registrations.reckoning import differences
from registrations.services import accrediting
from registrations.tests.factories import RegistrationFactory
from registrations.tests.threads import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
HEIR = {"first_name": "Paul", "last_name": "Roy", "email": "paul@example.org"}


@pytest.fixture
def asked(edition, press, journalist):
    return services.ask_accreditation(edition=edition, person=journalist, language="en")


def count(template: str) -> int:
    return Message.objects.filter(template=template).count()


def test_double_click_gives_one_row_one_mail_and_one_file(edition, journalist, letter, settings):
    content = letter.read()

    def submit():
        file = type(letter)(letter.name, content, letter.content_type)
        person = {**journalist, "letter": file}
        return services.ask_accreditation(
            edition=Edition.objects.get(), person=person, language="en"
        ).pk

    assert set(race(*[submit] * 6)) == {Accreditation.objects.get().pk}
    assert count("accreditation_received") == 1
    files = [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [Path(Accreditation.objects.get().letter.name).name]


@pytest.fixture
def without_lock(monkeypatch):
    """Both have read the row before either decides."""
    both_have_read = threading.Barrier(2)

    def read_together(accreditation):
        row = Accreditation.objects.select_related("edition__venue").get(pk=accreditation.pk)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=2)
        return row

    monkeypatch.setattr(accrediting, "_locked", read_together)


def test_race_is_real_without_the_lock(asked, without_lock):
    """If this one fails, the next proves nothing."""
    answers = race(*[lambda: services.accredit(asked)] * 2)
    if connection.vendor == "postgresql":
        assert (answers, count("accreditation_accepted")) == ([True, True], 2)
    else:  # BEGIN IMMEDIATE lets one writer in at a time, lock or not
        assert (sorted(answers), count("accreditation_accepted")) == ([False, True], 1)


def test_accepting_at_once_registers_and_tells_once(asked):
    answers = race(*[lambda: services.accredit(asked)] * 4)
    assert sorted(answers) == [False, False, False, True]
    assert (Registration.objects.count(), count("accreditation_accepted")) == (1, 1)
    assert differences() == []


def test_accepting_against_refusing_is_one_of_them(asked):
    answers = race(
        lambda: services.accredit(asked),
        lambda: services.refuse_accreditation(asked, reason="Non."),
    )
    assert sorted(answers) == [False, True]
    state = Accreditation.objects.get().state
    assert state == ("accepted" if answers[0] else "refused")
    assert count("accreditation_accepted") + count("accreditation_refused") == 1


@pytest.fixture
def passed_on_meanwhile(monkeypatch, edition, journalist):
    """The registration goes to an heir after it was read, before it is written to."""
    mine = RegistrationFactory(edition=edition, email=journalist["email"])
    read = RegistrationQuerySet.first

    def first(rows):
        found = read(rows)
        monkeypatch.undo()
        services.pass_on(mine, HEIR, by="team")
        return found

    monkeypatch.setattr(RegistrationQuerySet, "first", first)
    return mine


def test_an_heir_of_this_very_moment_is_not_accredited(asked, passed_on_meanwhile):
    with pytest.raises(DomainError):
        services.accredit(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.registration) == ("asked", None)


@pytest.mark.parametrize("end", ["cancel", "pass_on"])
def test_nobody_else_is_accredited_while_the_registration_ends(edition, asked, journalist, end):
    """Whatever comes first: what is accepted belongs to a live registration of that address."""
    mine = RegistrationFactory(edition=edition, email=journalist["email"])
    Edition.objects.update(places_taken=1)
    jobs = {
        "cancel": lambda: services.cancel(mine, by="team"),
        "pass_on": lambda: services.pass_on(mine, HEIR, by="team"),
    }
    answers = race(lambda: services.accredit(asked), jobs[end])
    assert answers[1] in (True, None)
    assert answers[0] is True or isinstance(answers[0], DomainError)
    for accepted in Accreditation.objects.accepted():
        registration = accepted.registration
        assert (registration.is_live, registration.email) == (True, accepted.email)
    assert differences() == []
