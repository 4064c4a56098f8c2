"""Sessions end by the clock, with the account and with the password; what was typed is kept."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events.models import Venue
from raict.accounts.tests.signing import (
    PASSWORD,
    enrol,
    is_in,
    member,
    token,
    type_code,
    type_password,
)
from raict.tests.sources import python_files
from registrations.models import CheckIn
from registrations.tests.factories import RegistrationFactory
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
START = dt.datetime(2026, 10, 21, 9, 0, 5, tzinfo=dt.UTC)
IDLE, WHOLE = 120 * 60, 12 * 3600
ADD = "/admin/events/venue/add/"
VENUE = {"name": "Palais", "address": "1 rue X", "postcode": "75000", "city": "Paris"}
VENUE |= {f"rooms-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lea(client, clock):
    user = member()
    type_password(client)
    return user


def hidden(page: str) -> dict[str, str]:
    """The fields of the page’s form that a person does not see, as a browser sends them."""
    found = {}

    class Fields(HTMLParser):
        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "input" and given.get("type") == "hidden":
                found[given["name"]] = given.get("value", "")

    Fields().feed(page.rsplit('<form method="post" action=', maxsplit=1)[-1])
    return found


def test_two_hours_without_a_page_end_the_session(client, lea, clock):
    clock.shift(IDLE - 60)
    assert is_in(client)
    clock.shift(IDLE - 60)
    assert is_in(client)
    clock.shift(IDLE + 1)
    assert not is_in(client)
    clock.shift(-IDLE)
    assert not is_in(client)  # the session itself is gone


def test_twelve_hours_end_the_session_whatever_was_done(client, lea, clock):
    for _hour in range(12):
        clock.shift(3600)
        assert is_in(client)
    clock.shift(1)
    assert not is_in(client)


def test_a_page_within_a_minute_writes_nothing(client, lea, django_assert_num_queries):
    client.get("/admin/")
    with django_assert_num_queries(2):  # HTTP session, user
        client.get(reverse("accounts:resume"))


@pytest.mark.parametrize("change", ["password", "inactive", "no staff"])
def test_all_sessions_end_with_the_password_and_with_the_account(client, lea, change):
    other = Client()
    type_password(other)
    if change == "password":
        lea.set_password("un-autre-mot-de-passe")
    lea.is_active, lea.is_staff = change != "inactive", change != "no staff"
    lea.save()
    assert (is_in(client), is_in(other)) == (False, False)


def test_who_changes_their_password_stays_in_and_their_other_sessions_end(client, lea):
    other = Client()
    type_password(other)
    data = {"old_password": PASSWORD, "new_password1": "un-nouveau-mot-de-passe"}
    data["new_password2"] = data["new_password1"]
    client.post(reverse("admin:password_change"), data)
    assert (is_in(client), is_in(other)) == (True, False)


def test_a_form_sent_too_late_is_kept_and_sent_after_signing_in(client, lea, clock):
    clock.shift(IDLE + 1)
    answer = client.post(f"{ADD}?from=menu", VENUE)
    assert answer.url.startswith(reverse("admin:login"))
    assert Venue.objects.count() == 0
    assert type_password(client).url == reverse("accounts:resume")
    page = client.get(reverse("accounts:resume"))
    assert page.context["path"] == f"{ADD}?from=menu"
    fields = hidden(page.content.decode())
    assert {name: fields[name] for name in VENUE} == VENUE
    assert client.post(page.context["path"], fields).status_code == 302
    assert Venue.objects.get().name == "Palais"


def test_it_survives_the_second_step_and_a_night(client, settings, clock):
    settings.STAFF_TWO_FACTOR = True
    user = member()
    enrol(client, user)
    clock.shift(WHOLE + 6 * 3600)
    client.post(ADD, VENUE)
    type_password(client)
    assert type_code(client, token(user)).url == reverse("accounts:resume")
    assert dict(client.get(reverse("accounts:resume")).context["fields"]) == VENUE


def test_several_values_and_lost_files_are_said(client, lea, clock):
    clock.shift(IDLE + 1)
    plan = SimpleUploadedFile("plan.pdf", b"x")
    client.post(ADD, {**VENUE, "themes": ["eau", "climat"], "plan": plan})
    type_password(client)
    page = client.get(reverse("accounts:resume"))
    assert [one for one in page.context["fields"] if one[0] == "themes"] == [
        ["themes", "eau"],
        ["themes", "climat"],
    ]
    assert page.context["files"] == ["plan.pdf"]
    assert "plan.pdf" in page.content.decode()


def test_nobody_else_gets_what_was_kept(client, lea, clock):
    clock.shift(IDLE + 1)
    client.post(ADD, VENUE)
    member("paul")
    assert type_password(client, "paul").url == "/admin/"
    assert client.get(reverse("accounts:resume")).url == reverse("admin:index")


def test_strangers_passwords_and_scripts_leave_nothing_behind(client, lea, clock):
    stranger = Client()
    stranger.post(ADD, VENUE)
    assert "kept_form" not in stranger.session
    clock.shift(IDLE + 1)
    client.post(reverse("admin:password_change"), {"old_password": PASSWORD})
    assert "kept_form" not in client.session
    type_password(client)
    clock.shift(IDLE + 1)
    client.post(ADD, VENUE, headers={"Sec-Fetch-Mode": "cors"})
    assert "kept_form" not in client.session


def test_one_place_alone_signs_people_in():
    """Elsewhere the session would have no clock."""
    calls = re.compile(r"\bauth import .*\blogin\b|\bauth_login\(|\bauth\.login\(")
    found = {path.name for path in python_files() if calls.search(path.read_text())}
    assert found == {"signing_in.py"}


def test_a_check_in_at_the_door_is_kept_as_well(client, lea, clock):
    session = SessionFactory(is_published=True, edition__current=True)
    reference = RegistrationFactory(edition=session.edition).reference
    clock.shift(IDLE + 1)
    address = reverse("registrations:door_check_in", args=[session.slug])
    data = {"reference": reference, "accord": "2"}
    assert client.post(address, data).url.startswith(reverse("admin:login"))
    type_password(client)
    page = client.get(reverse("accounts:resume"))
    client.post(page.context["path"], hidden(page.content.decode()))
    assert CheckIn.objects.get().registration.reference == reference


# ------------------------------------------------------------------------- another tab was quicker
def sent_with_an_old_token(origin: str | None) -> tuple[Client, object]:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member("paul"))
    client.get(ADD)
    headers = {"Origin": origin} if origin else {}
    old = {**VENUE, "csrfmiddlewaretoken": "a" * 64}
    return client, client.post(ADD, old, headers=headers)


def test_a_form_of_ours_with_an_old_token_is_offered_again(clock):
    client, answer = sent_with_an_old_token("http://testserver")
    assert answer.status_code == 403
    assert answer.context["path"] == ADD
    fields = hidden(answer.content.decode())
    assert fields["csrfmiddlewaretoken"] != "a" * 64
    headers = {"Origin": "http://testserver"}
    assert client.post(ADD, fields, headers=headers).status_code == 302
    assert Venue.objects.count() == 1


@pytest.mark.parametrize("origin", [None, "null", "https://example.org"])
def test_a_form_of_somebody_else_is_not(clock, origin):
    _client, answer = sent_with_an_old_token(origin)
    assert answer.status_code == 403
    assert "Palais" not in answer.content.decode()
