"""Seats and lists in one go, as the form of sessions asks for them."""

import datetime as dt

import pytest

from registrations import rules, services
from registrations.tests.seating import (
    full,
    happened,
    mails,
    seated,
    states,
)
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_seat_that_is_offered_is_taken_in_the_form(edition, ten, also_ten):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    person = seated(edition, lists=[ten, also_ten])
    services.cancel(holder)
    services.change_sessions(person, sessions=[ten], among={ten.pk, also_ten.pk})
    assert states(person) == {ten.title_fr: "confirmed"}


def test_an_offer_outside_what_is_wanted_stays(edition, ten, eleven):
    Session.objects.filter(pk=ten.pk).update(offer_hours=6)
    (holder,) = full(edition, ten)
    person = seated(edition, lists=[ten])
    services.cancel(holder)
    services.change_sessions(person, sessions=[eleven], among={ten.pk, eleven.pk})
    assert states(person) == {ten.title_fr: "offered", eleven.title_fr: "confirmed"}


def test_seat_and_list_of_one_session_is_a_seat(edition, ten):
    person = seated(edition, ten, lists=[ten])
    other = seated(edition)
    services.change_sessions(other, sessions=[ten], lists=[ten], among={ten.pk})
    assert states(person) == states(other) == {ten.title_fr: "confirmed"}


def test_what_a_move_made_overlap_hinders_no_other_seat(edition, ten, eleven):
    noon = SessionFactory(edition=edition, title_fr="Midi", start=dt.time(12), end=dt.time(13))
    person = seated(edition, ten, eleven)
    Session.objects.filter(pk=eleven.pk).update(start=dt.time(10), end=dt.time(11))
    among = {ten.pk, eleven.pk, noon.pk}
    services.change_sessions(person, sessions=[ten, eleven, noon], among=among)
    assert len(person.booked_sessions()) == 3
    with pytest.raises(rules.SessionsOverlap):
        services.change_sessions(seated(edition), sessions=[ten, eleven], among=among)


def test_change_is_about_what_the_form_showed(edition, ten, eleven):
    person = seated(edition, ten, eleven)
    assert services.change_sessions(person, sessions=[], among={ten.pk}) is True
    assert states(person) == {eleven.title_fr: "confirmed"}
    assert services.change_sessions(person, sessions=[], among={ten.pk}) is False
    assert happened(person)[-1] == "released"


def test_change_answers_about_the_person_only(edition, ten):
    """What the same transaction found due for others is their change."""
    full(edition, ten)
    first, person = seated(edition, lists=[ten]), seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    assert services.change_sessions(person, sessions=[], lists=[ten], among={ten.pk}) is False
    assert states(first) == {ten.title_fr: "confirmed"}
    assert mails() == [(first.email, "seats_changed")]


def test_the_revision_in_hand_is_that_of_the_row(edition, ten):
    """Whoever read the person's row first: one object is written to, the caller's."""
    full(edition, ten)
    person = seated(edition, lists=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=2)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_sessions(person, sessions=[], among={ten.pk}, revision=person.revision + 1)
    services.change_sessions(person, sessions=[ten], among={ten.pk}, revision=person.revision)
    in_hand = person.revision
    person.refresh_from_db()
    assert in_hand == person.revision == 1


def test_a_stale_form_is_refused(edition, ten, eleven):
    person = seated(edition, ten)
    services.change_sessions(person, sessions=[eleven], among={ten.pk, eleven.pk}, revision=0)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_sessions(person, sessions=[ten], among={ten.pk, eleven.pk}, revision=0)
    assert states(person) == {eleven.title_fr: "confirmed"}
