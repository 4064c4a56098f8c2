"""The team writes somebody in, changes somebody's sessions, passes a place on."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from raict.mail.models import Message
from raict.tests.staff import errors
from registrations import services
from registrations.models import Change, Organisation, Quota, Registration
from registrations.reckoning import differences
from registrations.tests.factories import OrganisationFactory
from registrations.tests.seating import seated, states
from registrations.tests.team import ADD, sentences
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def written_in(edition, category, **values) -> dict:
    person = {
        "edition": edition.pk,
        "first_name": "Moussa",
        "last_name": "Traoré",
        "email": "moussa@example.org",
        "language": "fr",
        "country": "ML",
        "category": category.pk,
        "notify": "on",
    }
    return {**person, **values}


def test_the_team_writes_somebody_in_after_the_closing(admin_client, edition, category, ten, cafes):
    edition.state = edition.State.CLOSED
    edition.save()
    organisation = OrganisationFactory(country="FR")
    response = admin_client.post(
        ADD,
        written_in(
            edition,
            category,
            sessions=[ten.pk],
            cafe_1=cafes[1].pk,
            cafe_2=cafes[0].pk,
            organisation=organisation.pk,
        ),
    )
    assert response.status_code == 302, errors(response)
    moussa = Registration.objects.get()
    assert moussa.organisation == organisation
    assert [wish.session for wish in moussa.cafe_wishes()] == [cafes[1], cafes[0]]
    assert (moussa.booked_sessions(), moussa.state) == ([ten], "confirmed")
    assert differences() == []
    assert Message.objects.get().template == "registration_confirmed"
    assert Organisation.objects.count() == 1


def test_the_team_may_write_somebody_in_without_a_mail(admin_client, edition, category):
    data = written_in(edition, category)
    del data["notify"]
    assert admin_client.post(ADD, data).status_code == 302
    edition.refresh_from_db()
    assert (edition.places_taken, Message.objects.count()) == (1, 0)


def test_what_the_seats_refuse_is_said_beside_the_field(
    admin_client, edition, category, ten, eleven, cafes, awa
):
    full = eleven
    Session.objects.filter(pk=full.pk).update(capacity=1, seats_taken=1)
    cases = [
        ({"email": "AWA@example.org"}, "email"),
        ({"sessions": [full.pk]}, "sessions"),
        ({"lists": [ten.pk]}, "lists"),
        ({"sessions": [full.pk], "lists": [full.pk]}, "sessions"),
        ({"cafe_1": cafes[0].pk, "cafe_2": cafes[0].pk}, "cafe_1"),
    ]
    for values, field in cases:
        response = admin_client.post(ADD, written_in(edition, category, **values))
        assert next(iter(errors(response))) == field
    assert Registration.objects.count() == 1


def test_what_is_refused_under_the_lock_is_said_beside_the_field(
    admin_client, edition, category, ten
):
    """The seats left are kept for others, which only the one writer knows: nothing typed is lost."""
    Quota.objects.create(session=ten, is_for_abroad=True, seats=20)
    services.settle(ten)
    response = admin_client.post(
        ADD, written_in(edition, category, sessions=[ten.pk], country="FR")
    )
    assert list(errors(response)) == ["sessions"]
    assert response.context["adminform"].form["last_name"].value() == "Traoré"
    assert Registration.objects.filter(last_name="Traoré").count() == 0


def test_beyond_the_capacity_the_team_writes_somebody_into_the_line(
    admin_client, edition, category, ten
):
    edition.capacity = 1
    edition.save()
    seated(edition)
    response = admin_client.post(ADD, written_in(edition, category, sessions=[ten.pk]))
    moussa = Registration.objects.get(last_name="Traoré")
    assert (moussa.state, states(moussa)) == ("waiting", {ten.title_fr: "asked"})
    assert "rang 1" in sentences(response)[0]


def test_the_team_joins_the_waiting_list_of_a_full_session(admin_client, edition, category, ten):
    ten.capacity = 1
    ten.save()
    seated(edition, ten)
    response = admin_client.post(ADD, written_in(edition, category, lists=[ten.pk]))
    moussa = Registration.objects.get(last_name="Traoré")
    assert (moussa.state, states(moussa)) == ("confirmed", {ten.title_fr: "waiting"})
    assert "rang 1" in sentences(response)[0]
    assert moussa.changes.get(action="registered").user.username == "admin"


# ------------------------------------------------------------------------------ somebody's sessions
def address(registration: Registration, name: str) -> str:
    return reverse(f"admin:registrations_registration_{name}", args=[registration.pk])


def choose(client, registration: Registration, **data):
    registration.refresh_from_db()
    values = {"revision": registration.revision, **data}
    return client.post(address(registration, "sessions"), values)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_sessions_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, edition, rows
):
    sessions = [SessionFactory(edition=edition, start=None, end=None) for _row in range(rows)]
    for position in range(rows):
        SessionFactory(edition=edition, cafe=True, position=position)
    awa = seated(edition, *sessions)
    with django_assert_num_queries(13):
        response = admin_client.get(address(awa, "sessions"))
    assert len(response.context["form"].rows()) == rows


def test_the_team_changes_seats_lists_and_wishes(admin_client, awa, ten, eleven, cafes):
    eleven.capacity = 1
    eleven.save()
    seated(awa.edition, eleven)
    response = choose(admin_client, awa, lists=[eleven.pk], cafe_1=cafes[2].pk)
    assert response.status_code == 302
    assert states(awa) == {eleven.title_fr: "waiting"}
    assert [wish.session for wish in awa.cafe_wishes()] == [cafes[2]]
    rows = (
        Change.objects.filter(by="team").order_by("action").values_list("action", "user__username")
    )
    assert list(rows) == [("joined", "admin"), ("released", "admin"), ("wished", "admin")]
    assert Message.objects.filter(to=awa.email).count() == 1
    page = admin_client.get(address(awa, "sessions"))
    row = next(one for one in page.context["form"].rows() if one["session"] == eleven)
    assert (row["has_seat"], row["has_line"], row["booking"].rank) == (False, True, 1)


def test_a_page_that_shows_what_was_changes_nothing(admin_client, awa, ten):
    response = choose(admin_client, awa, revision=awa.revision + 7)
    assert (response.status_code, len(sentences(response))) == (302, 1)
    assert states(awa) == {ten.title_fr: "confirmed"}


def test_what_the_rules_refuse_is_said_on_the_page(admin_client, awa, ten, edition):
    overlapping = SessionFactory(edition=edition, title_fr="En même temps")
    foreign = SessionFactory(title_fr="Ailleurs")
    cases = [
        {"sessions": [ten.pk, overlapping.pk]},
        {"sessions": [ten.pk], "lists": [ten.pk]},
        {"sessions": [foreign.pk]},
        {"sessions": ["x"]},
        {"revision": ""},
        {"cafe_1": ten.pk},
    ]
    for data in cases:
        response = choose(admin_client, awa, **data)
        assert (response.status_code, response.context["form"].is_valid()) == (200, False)
    assert states(awa) == {ten.title_fr: "confirmed"}


def test_an_offer_that_is_not_ticked_stays(admin_client, awa, ten, eleven):
    services.invite(awa, eleven, until=timezone.now() + dt.timedelta(hours=3))
    choose(admin_client, awa, sessions=[ten.pk])
    assert states(awa) == {ten.title_fr: "confirmed", eleven.title_fr: "offered"}
    choose(admin_client, awa, sessions=[ten.pk, eleven.pk])
    assert states(awa) == {ten.title_fr: "confirmed", eleven.title_fr: "confirmed"}


def test_a_registration_that_has_ended_is_not_changed(admin_client, awa):
    services.cancel(awa, notify=False)
    for name in ("sessions", "pass_on"):
        page = admin_client.get(address(awa, name))
        assert (page.status_code, "<form method" in page.content.decode().split("<main")[1]) == (
            200,
            False,
        )
    assert choose(admin_client, awa).status_code == 200


@pytest.mark.parametrize("name", ["sessions", "pass_on"])
def test_the_pages_are_for_those_who_may_change(client, django_user_model, awa, name):
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    paul.user_permissions.set(Permission.objects.filter(codename="view_registration"))
    client.force_login(paul)
    assert client.get(address(awa, name)).status_code == 403
    assert client.post(address(awa, name), {}).status_code == 403


# ------------------------------------------------------------------------------------ passed on
COLLEAGUE = {
    "civility": "m",
    "first_name": "Ibrahima",
    "last_name": "Fall",
    "email": "ibrahima@example.org",
    "language": "fr",
}


def test_the_team_passes_a_place_on(admin_client, awa, ten):
    response = admin_client.post(address(awa, "pass_on"), COLLEAGUE)
    assert response.status_code == 302
    awa.refresh_from_db()
    assert (awa.full_name, awa.email, awa.key_version) == (
        *("Ibrahima Fall", "ibrahima@example.org", 2),
    )
    assert states(awa) == {ten.title_fr: "confirmed"}
    passed = Change.objects.get(action="passed")
    assert (passed.by, passed.user.username, Message.objects.count()) == ("team", "admin", 2)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "AWA@example.org"}, "email"),
        ({"email": "moussa@example.org"}, "email"),
        ({"email": "x"}, "email"),
        ({"last_name": ""}, "last_name"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_place_that_cannot_be_passed_on_is_said_beside_the_field(
    admin_client, awa, values, field
):
    seated(awa.edition, email="moussa@example.org")
    response = admin_client.post(address(awa, "pass_on"), {**COLLEAGUE, **values})
    assert list(response.context["form"].errors) == [field]
    awa.refresh_from_db()
    assert awa.first_name == "Awa"
