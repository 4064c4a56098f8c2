"""At the door: chairs before and after the five minutes, who comes in, who may look."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.translation import override

from events.tests.factories import EditionFactory
from raict.mail.models import Message
from registrations import door as doors
from registrations import services
from registrations.door import Ask
from registrations.links import badge_code
from registrations.models import Booking, Change, CheckIn
from registrations.tests.factories import OrganisationFactory, RegistrationFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def people(session, count, state="confirmed", **values) -> list:
    """Registrations with a booking, as rows; the counter follows."""
    found = RegistrationFactory.create_batch(count, edition=session.edition, **values)
    for turn, one in enumerate(found, start=1):
        extra = {"turn": turn} if state == "waiting" else {}
        Booking.objects.create(registration=one, session=session, state=state, **extra)
    held = session.bookings.held().count()
    Session.objects.filter(pk=session.pk).update(seats_taken=held)
    return found


def address(session, page="door_session") -> str:
    with override("fr"):
        return reverse(f"registrations:{page}", args=[session.slug])


def said(response) -> str:
    """The answer about one person, in words."""
    block = re.search(
        r'<section class="door-answer.*?</section>', response.content.decode(), re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", block.group()).split()) if block else ""


@pytest.fixture
def after(ten):
    """Ten minutes after the session began."""
    with time_machine.travel(ten.starts_at + dt.timedelta(minutes=10), tick=False):
        yield


@pytest.fixture
def before(ten):
    with time_machine.travel(ten.starts_at - dt.timedelta(minutes=10), tick=False):
        yield


# ----------------------------------------------------------------------------------- the figures
@pytest.mark.parametrize(
    ("seconds", "kept", "free"), [(-1, 4, 5), (299, 4, 5), (300, 0, 9), (301, 0, 9)]
)
def test_kept_chairs_are_given_five_minutes_after_the_start(ten, seconds, kept, free):
    Session.objects.filter(pk=ten.pk).update(capacity=10)
    services.check_in(people(ten, 5)[0], ten)
    with time_machine.travel(ten.starts_at + dt.timedelta(seconds=seconds), tick=False):
        door = doors.door_of(ten)
    assert (door.present, door.awaited, door.kept, door.free) == (1, 4, kept, free)


def test_figures_never_fall_below_zero(ten):
    """Eleven booked ten chairs with the margin, and two came without a seat."""
    Session.objects.filter(pk=ten.pk).update(capacity=10, overbooking=10)
    people(ten, 11)
    for one in RegistrationFactory.create_batch(2, edition=ten.edition):
        services.check_in(one, ten, ask=Ask.ANYWAY)
    door = doors.door_of(ten)
    assert (door.awaited, door.kept, door.free) == (11, 8, 0)
    with time_machine.travel(ten.starts_at + dt.timedelta(minutes=5), tick=False):
        assert doors.door_of(ten).free == 8
    Session.objects.filter(pk=ten.pk).update(capacity=1, overbooking=0, seats_taken=1)
    with time_machine.travel(ten.starts_at + dt.timedelta(minutes=5), tick=False):
        assert doors.door_of(ten).free == 0


def test_unknown_capacity_and_unknown_hour(edition):
    endless = SessionFactory(edition=edition, capacity=None)
    assert (doors.door_of(endless).free, doors.door_of(endless).empty) == (None, None)
    timeless = SessionFactory(edition=edition, start=None, end=None)
    people(timeless, 3)
    door = doors.door_of(timeless)
    assert (door.opens_at, door.is_open, door.kept, door.free) == (None, False, 3, 17)


def test_free_entry_keeps_nothing(edition):
    door = doors.door_of(SessionFactory(edition=edition, booking="free"))
    assert (door.is_open, door.kept, door.free) == (True, 0, 20)


# ------------------------------------------------------------------------------------ coming in
def test_who_has_a_seat_comes_in_once(ten, admin_user):
    (one,) = people(ten, 1)
    first, is_new = services.check_in(one, ten, user=admin_user)
    again, is_new_again = services.check_in(one, ten, user=None)
    assert (is_new, is_new_again, first) == (True, False, again)
    change = Change.objects.get(action=Change.Action.CAME)
    assert (change.registration, change.session, change.by, change.user) == (
        one,
        ten,
        "team",
        admin_user,
    )
    assert Message.objects.count() == 0
    one.refresh_from_db()
    assert one.revision == 0


def test_undoing_is_kept_in_the_history(ten, admin_user):
    (one,) = people(ten, 1)
    services.check_in(one, ten)
    assert services.undo(one, ten, user=admin_user) is True
    assert services.undo(one, ten, user=admin_user) is False
    assert CheckIn.objects.count() == 0
    actions = list(one.changes.order_by("pk").values_list("action", flat=True))
    assert actions == ["came", "undone"]


def test_who_has_no_seat_takes_a_tap_on_a_free_chair_and_two_without(ten, after):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    first, second = RegistrationFactory.create_batch(2, edition=ten.edition)
    with pytest.raises(services.NotMeant) as refusal:
        services.check_in(first, ten)
    assert refusal.value.ask == Ask.LET_IN
    services.check_in(first, ten, ask=Ask.LET_IN)
    with pytest.raises(services.NotMeant) as refusal:
        services.check_in(second, ten, ask=Ask.LET_IN)
    assert refusal.value.ask == Ask.ANYWAY
    services.check_in(second, ten, ask=Ask.ANYWAY)
    assert CheckIn.objects.count() == 2
    assert Booking.objects.count() == 0


def test_before_five_past_the_chairs_of_those_expected_are_not_given(ten, before):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    people(ten, 1)
    stranger = RegistrationFactory(edition=ten.edition)
    with pytest.raises(services.NotMeant) as refusal:
        services.check_in(stranger, ten, ask=Ask.LET_IN)
    assert refusal.value.ask == Ask.ANYWAY


def test_who_comes_late_to_a_room_that_is_full_by_now_is_asked_about_too(ten, after):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    (late,) = people(ten, 1)
    services.check_in(RegistrationFactory(edition=ten.edition), ten, ask=Ask.LET_IN)
    with pytest.raises(services.NotMeant) as refusal:
        services.check_in(late, ten)
    assert refusal.value.ask == Ask.ANYWAY


def test_who_comes_with_an_offer_accepts_it(ten, before):
    (one,) = people(ten, 1)
    Booking.objects.update(state="offered", offered_until=ten.starts_at)
    services.check_in(one, ten)
    assert Booking.objects.get().state == "confirmed"
    ten.refresh_from_db()
    assert ten.seats_taken == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "cancelled"}, "This registration is cancelled."),
        ({"state": "pending"}, "The team has not approved this registration yet."),
        (
            {"state": "waiting", "turn": 1},
            "This person waits for a place in the edition and has none.",
        ),
    ],
)
def test_registrations_that_open_no_door(ten, admin_client, values, sentence):
    one = RegistrationFactory(edition=ten.edition, **values)
    page = admin_client.post("/en" + address(ten), {"qui": badge_code(one)}, follow=True)
    assert said(page).count(sentence) == 1
    assert CheckIn.objects.count() == 0


def test_badge_of_another_edition_is_refused(ten, admin_client):
    other = RegistrationFactory(edition=EditionFactory())
    page = admin_client.post("/en" + address(ten), {"qui": badge_code(other)}, follow=True)
    assert said(page).count("This registration is for another edition.") == 1
    assert CheckIn.objects.count() == 0


# -------------------------------------------------------------------------------------- the page
@pytest.mark.parametrize("write", [badge_code, lambda one: one.reference.lower() + " "])
def test_a_code_followed_by_enter_checks_in(ten, before, admin_client, admin_user, write):
    (one,) = people(ten, 1)
    page = admin_client.post("/en" + address(ten), {"qui": write(one)}, follow=True)
    assert said(page).count("Came in at 9:50") == 1
    assert CheckIn.objects.get().user == admin_user
    with time_machine.travel(ten.starts_at, tick=False):
        again = admin_client.post("/en" + address(ten), {"qui": write(one)}, follow=True)
    assert said(again).count("Already in since 9:50") == 1
    assert CheckIn.objects.count() == 1


def test_a_code_with_a_wrong_seal_is_nobodys(ten, admin_client):
    (one,) = people(ten, 1)
    page = admin_client.post(address(ten), {"qui": one.reference + "A" * 16}, follow=True)
    assert (said(page), page.context["found"]) == ("", [])
    assert CheckIn.objects.count() == 0


def test_the_waiting_list_is_told_by_its_ranks(ten, after, admin_client):
    Session.objects.filter(pk=ten.pk).update(capacity=3)
    first, second = people(ten, 2, "waiting")
    page = admin_client.post("/en" + address(ten), {"qui": second.reference}, follow=True)
    assert said(page).count("Is on the waiting list, rank 2 3 free seats Let in") == 1
    assert [(one.registration, one.rank) for one in page.context["line"]] == [
        (first, 1),
        (second, 2),
    ]
    stranger = RegistrationFactory(edition=ten.edition)
    page = admin_client.post("/en" + address(ten), {"qui": stranger.reference}, follow=True)
    assert said(page).count("Has no seat here 3 free seats The waiting list comes first.") == 1


def test_letting_in_is_one_tap_and_two_when_the_room_is_full(ten, after, admin_client):
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    first, second = RegistrationFactory.create_batch(2, edition=ten.edition)
    tap = address(ten, "door_check_in")
    admin_client.post(tap, {"reference": first.reference, "accord": "1"})
    # The page still offered the chair that is taken by now.
    page = admin_client.post(
        "/en" + tap, {"reference": second.reference, "accord": "1"}, follow=True
    )
    assert said(page).count("Every chair in the room is taken. Let in all the same") == 1
    assert CheckIn.objects.count() == 1
    admin_client.post(tap, {"reference": second.reference, "accord": "2"})
    assert CheckIn.objects.count() == 2


def test_a_tap_in_the_list_comes_back_to_its_row(ten, before, admin_client):
    (one,) = people(ten, 1)
    tapped = {"reference": one.reference, "liste": "1"}
    page = admin_client.post(address(ten, "door_check_in"), tapped)
    assert page.url.endswith(f"#p-{one.reference}")
    page = admin_client.post(address(ten, "door_undo"), tapped)
    assert page.url.endswith(f"#p-{one.reference}")
    assert CheckIn.objects.count() == 0


def test_letters_find_this_sessions_people_first(ten, admin_client):
    town = OrganisationFactory(name="Ville de Besançon")
    (near,) = people(ten, 1, first_name="Zoé", last_name="Lefèvre", organisation=town)
    far = RegistrationFactory(
        edition=ten.edition, first_name="Anne", last_name="Lefevre-Aubry", organisation=None
    )
    RegistrationFactory(edition=ten.edition, last_name="LEFÈVRE", state="cancelled")
    page = admin_client.post(address(ten), {"qui": "LEFEV"}, follow=True)
    assert [one.registration for one in page.context["found"]] == [near, far]
    page = admin_client.post(address(ten), {"qui": "zoe besancon"}, follow=True)
    assert [one.registration for one in page.context["found"]] == [near]
    page = admin_client.post(address(ten), {"qui": "  "}, follow=True)
    assert page.context["found"] == []


def test_forged_taps_change_nothing(ten, admin_client):
    (one,) = people(ten, 1)
    tap = address(ten, "door_check_in")
    assert admin_client.post(tap, {"reference": "X"}).status_code == 404
    assert admin_client.post(tap).status_code == 404
    assert admin_client.get(tap).status_code == 405
    assert admin_client.post("/accueil/nulle-part/pointer/", {"reference": "X"}).status_code == 404
    forged = {"reference": RegistrationFactory(edition=ten.edition).reference, "accord": "9"}
    admin_client.post(tap, forged)
    assert CheckIn.objects.count() == 0
    assert one.check_ins.count() == 0


# ----------------------------------------------------------------------------------- the sessions
def test_todays_sessions_or_all_of_them_and_said(ten, admin_client, admin_user):
    other_day = SessionFactory(edition=ten.edition, day=ten.day + dt.timedelta(1))
    SessionFactory(edition=ten.edition, is_published=False)
    SessionFactory(edition=ten.edition, kind="break", booking="free")
    type(ten.edition).objects.update(is_current=False)
    type(ten.edition).objects.filter(pk=ten.edition_id).update(is_current=True)
    page = admin_client.get("/accueil/")
    shown = [door.session for _day, found in page.context["days"] for door in found]
    assert (page.context["is_today"], shown) == (False, [ten, other_day])
    with time_machine.travel(ten.starts_at, tick=False):
        admin_client.force_login(admin_user)
        page = admin_client.get("/accueil/")
    shown = [door.session for _day, found in page.context["days"] for door in found]
    assert (page.context["is_today"], shown) == (True, [ten])


def test_without_an_edition_there_is_a_page(admin_client):
    assert admin_client.get("/accueil/").status_code == 200


# ---------------------------------------------------------------------------------- who may look
PAGES = ["/accueil/", "/accueil/{}/", "/accueil/{}/chiffres/", "/accueil/nulle-part/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_strangers_are_led_to_the_login(ten, client, django_user_model, page, prefix):
    wanted = prefix + page.format(ten.slug)
    login = f"{reverse('admin:login')}?next={wanted}"
    assert client.get(wanted).headers["Location"] == login
    client.force_login(django_user_model.objects.create_user("visiteur"))
    assert client.get(wanted).headers["Location"] == login


@pytest.mark.parametrize("page", PAGES)
def test_a_member_without_the_permission_finds_nothing(ten, client, django_user_model, page):
    client.force_login(django_user_model.objects.create_user("paul", is_staff=True))
    assert client.get(page.format(ten.slug)).status_code == 404


def test_who_may_only_look_checks_nobody_in(ten, client, django_user_model):
    (one,) = people(ten, 1)
    looker = django_user_model.objects.create_user("paul", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_checkin"))
    client.force_login(looker)
    page = client.get(address(ten))
    assert page.status_code == 200
    assert page.content.decode().count('name="reference"') == 0
    client.post(address(ten), {"qui": one.reference})
    tapped = {"reference": one.reference}
    assert client.post(address(ten, "door_check_in"), tapped).status_code == 404
    assert client.post(address(ten, "door_undo"), tapped).status_code == 404
    assert CheckIn.objects.count() == 0


def test_the_door_is_kept_by_no_cache(ten, admin_client):
    assert admin_client.get(address(ten)).headers["Cache-Control"] == "private, no-store"


# --------------------------------------------------------------------------------------- queries
@pytest.mark.parametrize("rows", [1, 3])
def test_the_sessions_ask_the_same_for_one_and_three(
    edition, admin_client, django_assert_num_queries, rows
):
    for session in SessionFactory.create_batch(rows, edition=edition):
        people(session, rows)
    admin_client.get("/accueil/")
    with django_assert_num_queries(5):
        admin_client.get("/accueil/")


@pytest.mark.parametrize("rows", [1, 3])
def test_one_session_asks_the_same_for_one_and_three(
    ten, admin_client, django_assert_num_queries, rows
):
    people(ten, rows)
    people(ten, rows, "waiting")
    for one in RegistrationFactory.create_batch(rows, edition=ten.edition):
        services.check_in(one, ten, ask=Ask.ANYWAY)
    found = RegistrationFactory.create_batch(rows, edition=ten.edition, last_name="Aubry")
    page = f"{address(ten)}?q=aubry&inscription={found[0].reference}"
    admin_client.get(page)
    with django_assert_num_queries(12):
        admin_client.get(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_teams_list_of_check_ins_is_for_reading(
    ten, admin_client, django_assert_num_queries, rows
):
    for one in people(ten, rows):
        services.check_in(one, ten)
    with django_assert_num_queries(8):
        page = admin_client.get(reverse("admin:registrations_checkin_changelist"))
    assert page.context["cl"].result_count == rows
    assert admin_client.get(reverse("admin:registrations_checkin_add")).status_code == 403


def test_three_hundred_expected_stand_under_their_letters(ten, admin_client):
    Session.objects.filter(pk=ten.pk).update(capacity=400)
    people(ten, 300)
    page = admin_client.get(address(ten))
    assert sum(len(found) for _letter, found in page.context["letters"]) == 300
    names = [letter for letter, _found in page.context["letters"]]
    assert names == sorted(set(names))
    assert page.context["door"].kept == 300
