"""An edition's places, and those who wait for one."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse

from raict.mail.models import Message
from raict.tests.staff import change, errors
from registrations.models import Change, Registration
from registrations.tests.seating import seated

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def crowded(edition):
    """One place; two wait."""
    edition.capacity = 1
    edition.save()
    for number in range(3):
        seated(edition, last_name=f"Personne {number}")
    return edition


def waiting() -> list[str]:
    rows = Registration.objects.in_line()
    return list(rows.values_list("last_name", flat=True))


def test_more_places_go_to_the_first_who_wait(admin_client, crowded):
    assert change(admin_client, crowded, capacity="2").status_code == 302
    assert waiting() == ["Personne 2"]
    assert (Message.objects.count(), Change.objects.filter(action="placed").count()) == (1, 1)
    crowded.refresh_from_db()
    assert crowded.places_taken == 2


def test_no_capacity_is_room_for_all(admin_client, crowded):
    change(admin_client, crowded, capacity="")
    assert waiting() == []


def test_fewer_than_are_taken_is_refused(admin_client, crowded):
    change(admin_client, crowded, capacity="2")
    assert list(errors(change(admin_client, crowded, capacity="1"))) == ["capacity"]
    assert list(errors(change(admin_client, crowded, capacity="0"))) == ["capacity"]


def test_the_list_names_those_who_wait(admin_client, crowded):
    page = admin_client.get(reverse("admin:events_edition_changelist")).content.decode()
    assert "1 / 1, 2 en attente" in page


def test_the_refusal_leads_to_those_who_came_last(admin_client, crowded):
    change(admin_client, crowded, capacity="3")
    (sentence,) = errors(change(admin_client, crowded, capacity="1"))["capacity"]
    assert "3 places sont déjà prises\xa0: il faudrait annuler 2 inscriptions." in sentence
    address = unescape(sentence.split('href="')[1].split('"')[0])
    shown = admin_client.get(address).context["cl"].result_list
    assert [row.last_name for row in shown] == ["Personne 2", "Personne 1", "Personne 0"]


def test_sessions_outside_the_new_dates_are_said(admin_client, edition, ten):
    response = change(admin_client, edition, name_fr="Rencontres")
    assert "hors des dates" not in str([*response.wsgi_request._messages])
    later = edition.starts_on + dt.timedelta(30)
    last = edition.ends_on + dt.timedelta(30)
    response = change(admin_client, edition, starts_on=later, ends_on=last)
    assert "1 session a lieu hors des dates" in str(next(iter(response.wsgi_request._messages)))
