"""The team's page of a session's seats, and what the seats add to its form."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from raict.mail.models import Message
from raict.tests.staff import change, errors, filled
from registrations.models import Booking, Change, Quota
from registrations.reckoning import differences
from registrations.tests.factories import CategoryFactory, RegistrationFactory
from registrations.tests.seating import counters, line, seated, states
from registrations.tests.team import sentences
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def page(session: Session) -> str:
    return reverse("admin:programme_session_seats", args=[session.pk])


def act(client, session: Session, do: str, **data):
    session.refresh_from_db()
    seen = {"seen": f"{session.capacity}/{session.overbooking}"}
    return client.post(page(session), {"do": do, **seen, **data})


@pytest.fixture
def room_for_two(edition) -> Session:
    """Two seats, both taken; two wait."""
    session = SessionFactory(edition=edition, capacity=2, title_fr="Climat")
    for number, lists in enumerate([False, False, True, True]):
        wanted = {"lists": [session]} if lists else {}
        seats = () if lists else (session,)
        seated(edition, *seats, **wanted, last_name=f"Personne {number}")
    return session


def names(session: Session, state: str) -> list[str]:
    rows = session.bookings.filter(state=state).order_by("turn", "pk")
    return list(rows.values_list("registration__last_name", flat=True))


# ------------------------------------------------------------------------------------- the page
@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, edition, ten, rows
):
    ten.capacity = rows
    ten.save()
    for lists in [(), (ten,)]:
        for _row in range(rows):
            seated(edition, *(() if lists else (ten,)), lists=lists)
    with django_assert_num_queries(6):
        response = admin_client.get(page(ten))
    assert [len(response.context[name]) for name in ("confirmed", "waiting")] == [rows, rows]


def test_the_page_says_who_holds_who_is_offered_and_who_waits(admin_client, room_for_two):
    room_for_two.offer_hours = 5
    room_for_two.save()
    act(admin_client, room_for_two, "resize", capacity="3", overbooking="0")
    context = admin_client.get(page(room_for_two)).context
    found = {
        name: [(row.registration.last_name, row.rank) for row in context[name]]
        for name in ("confirmed", "offered", "waiting")
    }
    assert found == {
        "confirmed": [("Personne 0", None), ("Personne 1", None)],
        "offered": [("Personne 2", None)],
        "waiting": [("Personne 3", 1)],
    }


def test_names_are_for_those_who_may_see_registrations(client, django_user_model, room_for_two):
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    paul.user_permissions.set(Permission.objects.filter(codename="view_session"))
    client.force_login(paul)
    assert client.get(page(room_for_two)).status_code == 403
    paul.user_permissions.add(Permission.objects.get(codename="view_registration"))
    assert client.get(page(room_for_two)).status_code == 200
    for do in ("resize", "take", "give", "invite", "else"):
        response = act(client, room_for_two, do, capacity="9", overbooking="0")
        assert response.status_code == 403
    assert counters(room_for_two.edition, room_for_two)[1] == 2


# --------------------------------------------------------------------------------- the capacity
def test_a_higher_capacity_goes_down_the_line_at_once(admin_client, room_for_two):
    response = act(admin_client, room_for_two, "resize", capacity="3", overbooking="0")
    assert response.status_code == 302
    assert (names(room_for_two, "confirmed"), names(room_for_two, "waiting")) == (
        ["Personne 0", "Personne 1", "Personne 2"],
        ["Personne 3"],
    )
    assert Message.objects.count() == 1
    history = admin_client.get(
        reverse("admin:programme_session_history", args=[room_for_two.pk])
    ).context["action_list"]
    assert [entry.get_change_message() for entry in history] == [
        "Capacité\u00a0: 2 → 3\u202f; marge d’absents\u00a0: 0 → 0\u202f%."
    ]


def test_a_margin_goes_down_the_line_at_once(admin_client, room_for_two):
    act(admin_client, room_for_two, "resize", capacity="2", overbooking="50")
    assert names(room_for_two, "confirmed") == ["Personne 0", "Personne 1", "Personne 2"]


def test_below_what_is_taken_who_leaves_is_asked_first(admin_client, room_for_two):
    response = act(admin_client, room_for_two, "resize", capacity="1", overbooking="0")
    last = Booking.objects.get(registration__last_name="Personne 1")
    form = response.context["capacity_form"]
    assert (form.asks_who, form.excess, form.ticked()) == (True, 1, {last.pk})
    assert counters(room_for_two.edition, room_for_two)[1] == 2


@pytest.mark.parametrize(
    ("to_line", "waiting"),
    [
        ({"to_line": "on"}, ["Personne 2", "Personne 3", "Personne 0"]),
        ({}, ["Personne 2", "Personne 3"]),
    ],
)
def test_the_team_chooses_who_leaves(admin_client, room_for_two, to_line, waiting):
    first = Booking.objects.get(registration__last_name="Personne 0")
    data = {"capacity": "1", "overbooking": "0", "leaving": [first.pk], **to_line}
    assert act(admin_client, room_for_two, "resize", **data).status_code == 302
    assert names(room_for_two, "confirmed") == ["Personne 1"]
    assert names(room_for_two, "waiting") == waiting
    assert Message.objects.get().to == first.registration.email
    displaced = Change.objects.get(action=Change.Action.DISPLACED)
    assert (displaced.registration, displaced.user.username) == (first.registration, "admin")
    assert differences() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "beaucoup"}, "capacity"),
        ({"capacity": "-3"}, "capacity"),
        ({"capacity": "41"}, "capacity"),
        ({"capacity": "9999999999999999999"}, "capacity"),
        ({"overbooking": "51"}, "overbooking"),
        ({"overbooking": ""}, "overbooking"),
        ({"leaving": ["999999"], "capacity": "1"}, "leaving"),
        ({"leaving": ["x"], "capacity": "1"}, "leaving"),
        ({"seen": "7/0"}, "__all__"),
    ],
)
def test_a_capacity_that_cannot_be_is_refused(admin_client, room_for_two, ten, values, field):
    room_for_two.room = ten.room
    room_for_two.save()
    type(ten.room).objects.update(capacity=40)
    data = {"capacity": "2", "overbooking": "0", **values}
    response = act(admin_client, room_for_two, "resize", **data)
    assert list(response.context["capacity_form"].errors) == [field]
    assert counters(room_for_two.edition, room_for_two)[1] == 2


def test_a_seat_of_another_session_is_not_taken_back(admin_client, room_for_two, ten):
    other = seated(ten.edition, ten).bookings.get()
    data = {"capacity": "1", "overbooking": "0", "leaving": [other.pk]}
    response = act(admin_client, room_for_two, "resize", **data)
    assert list(response.context["capacity_form"].errors) == ["leaving"]
    response = act(admin_client, room_for_two, "take", booking=other.pk)
    assert len(sentences(response)) == 1
    assert counters(ten.edition, ten, room_for_two)[1:] == [1, 2]


def test_two_of_the_team_lowering_at_once_do_not_both_send_people_away(admin_client, room_for_two):
    """The second has shown a capacity that is another one by now."""
    bookings = list(room_for_two.bookings.held().order_by("pk"))
    for booking in bookings:
        admin_client.post(
            page(room_for_two),
            {
                "do": "resize",
                "seen": "2/0",
                "capacity": "1",
                "overbooking": "0",
                "leaving": [booking.pk],
            },
        )
    assert names(room_for_two, "confirmed") == ["Personne 1"]


def test_who_left_meanwhile_needs_nobody_else_to_leave(admin_client, room_for_two):
    Booking.objects.in_line().delete()
    kept, gone = room_for_two.bookings.held().order_by("pk")
    act(admin_client, room_for_two, "take", booking=gone.pk)
    data = {"capacity": "1", "overbooking": "0", "leaving": [kept.pk]}
    response = act(admin_client, room_for_two, "resize", **data)
    assert list(response.context["capacity_form"].errors) == ["leaving"]
    assert names(room_for_two, "confirmed") == ["Personne 0"]


def test_an_empty_capacity_is_the_room_s(admin_client, room_for_two, ten):
    type(ten.room).objects.update(capacity=40)
    room_for_two.room = ten.room
    room_for_two.save()
    act(admin_client, room_for_two, "resize", capacity="", overbooking="0")
    room_for_two.refresh_from_db()
    assert (room_for_two.capacity, room_for_two.seats_taken) == (40, 4)


# -------------------------------------------------------------------------------------- one seat
def test_a_seat_taken_back_goes_to_the_first_in_line(admin_client, room_for_two):
    booking = Booking.objects.get(registration__last_name="Personne 0")
    for count in (1, 1):
        act(admin_client, room_for_two, "take", booking=booking.pk)
        assert Change.objects.filter(action=Change.Action.DISPLACED).count() == count
    assert names(room_for_two, "confirmed") == ["Personne 1", "Personne 2"]
    assert Message.objects.count() == 2


def test_an_offer_is_taken_back_too(admin_client, room_for_two):
    Booking.objects.filter(registration__last_name="Personne 0").update(
        state="offered", offered_until=timezone.now() + dt.timedelta(hours=1)
    )
    booking = Booking.objects.get(state="offered")
    act(admin_client, room_for_two, "take", booking=booking.pk)
    assert names(room_for_two, "confirmed") == ["Personne 1", "Personne 2"]


def test_a_seat_is_given_by_name(admin_client, edition, ten):
    awa = seated(edition, first_name="Awa", last_name="Diop-N’Diaye")
    act(admin_client, ten, "give", **{"give-who": "n’diaye AWA"})
    assert states(awa) == {ten.title_fr: "confirmed"}
    act(admin_client, ten, "give", **{"give-who": awa.reference.lower()})
    assert counters(edition, ten)[1] == 1


def test_among_several_one_is_chosen(admin_client, edition, ten):
    one, two = (seated(edition, first_name=name, last_name="Martin") for name in ("Luc", "Léa"))
    response = act(admin_client, ten, "give", **{"give-who": "martin"})
    assert response.context["give_form"].found == [one, two]
    act(admin_client, ten, "give", **{"give-who": "martin", "give-registration": two.pk})
    assert (states(one), states(two)) == ({}, {ten.title_fr: "confirmed"})


@pytest.mark.parametrize("who", ["", "personne de ce nom", "…", "x" * 300])
def test_nobody_is_a_sentence(admin_client, edition, ten, who):
    seated(edition)
    response = act(admin_client, ten, "give", **{"give-who": who})
    assert list(response.context["give_form"].errors) == ["who"]


def test_somebody_of_another_edition_is_nobody_here(admin_client, ten):
    other = RegistrationFactory(last_name="Ailleurs")
    for data in ({}, {"give-registration": other.pk}):
        response = act(admin_client, ten, "give", **{"give-who": "ailleurs", **data})
        assert response.status_code == 200
    assert Booking.objects.count() == 0


def test_giving_is_refused_in_a_sentence_when_it_is_full_or_overlaps(
    admin_client, edition, ten, room_for_two
):
    awa = seated(edition, ten, last_name="Diop")
    response = act(admin_client, room_for_two, "give", **{"give-who": "diop"})
    assert (response.status_code, len(sentences(response))) == (302, 1)
    Session.objects.filter(pk=room_for_two.pk).update(capacity=9)
    response = act(admin_client, room_for_two, "give", **{"give-who": "diop"})
    assert len(sentences(response)) == 2
    assert states(awa) == {ten.title_fr: "confirmed"}


def test_who_waits_for_the_edition_asks_for_one_session_more(admin_client, edition, ten, eleven):
    edition.capacity = 1
    edition.save()
    seated(edition)
    awa = seated(edition, eleven, last_name="Diop")
    act(admin_client, ten, "give", **{"give-who": "diop"})
    assert states(awa) == {ten.title_fr: "asked", eleven.title_fr: "asked"}
    response = act(admin_client, ten, "invite", **{"invite-who": "diop", "invite-until": soon()})
    assert len(sentences(response)) == 2
    assert states(awa) == {ten.title_fr: "asked", eleven.title_fr: "asked"}


# ----------------------------------------------------------------------------------- invitations
def soon(**delta) -> str:
    return f"{timezone.localtime() + dt.timedelta(**(delta or {'hours': 3})):%Y-%m-%dT%H:%M}"


def test_somebody_is_invited_until_then(admin_client, edition, ten):
    awa = seated(edition, last_name="Diop")
    until = soon()
    act(admin_client, ten, "invite", **{"invite-who": "diop", "invite-until": until})
    booking = awa.bookings.get()
    assert f"{timezone.localtime(booking.offered_until):%Y-%m-%dT%H:%M}" == until
    assert counters(edition, ten)[1] == 1
    again = act(admin_client, ten, "invite", **{"invite-who": "diop", "invite-until": until})
    assert len(sentences(again)) == 2
    assert Message.objects.count() == 1


@pytest.mark.parametrize("until", ["", "demain", "1999-01-01T10:00", "9999-99-99T99:99"])
def test_an_invitation_ends_later_than_now(admin_client, edition, ten, until):
    seated(edition, last_name="Diop")
    response = act(admin_client, ten, "invite", **{"invite-who": "diop", "invite-until": until})
    assert list(response.context["invite_form"].errors) == ["until"]


# ------------------------------------------------------------------------------ the session's form
def test_the_form_refuses_less_than_is_taken_and_leads_to_the_page(admin_client, room_for_two):
    response = change(admin_client, room_for_two, capacity="1")
    assert list(errors(response)) == ["capacity"]
    assert f'<a href="{page(room_for_two)}">' in response.content.decode()
    assert change(admin_client, room_for_two, capacity="1", overbooking="50").status_code == 200


def test_the_form_that_raises_the_capacity_moves_the_line(admin_client, room_for_two):
    assert change(admin_client, room_for_two, capacity="3").status_code == 302
    assert names(room_for_two, "waiting") == ["Personne 3"]
    change(admin_client, room_for_two, overbooking="50")
    assert names(room_for_two, "waiting") == []
    assert (Message.objects.count(), differences()) == (2, [])


@pytest.mark.parametrize("how", ["form", "action"])
def test_a_session_published_again_moves_its_line(admin_client, room_for_two, how):
    Session.objects.filter(pk=room_for_two.pk).update(is_published=False, capacity=3)
    if how == "form":
        change(admin_client, room_for_two, is_published="on")
    else:
        data = {"action": "publish", "_selected_action": [room_for_two.pk]}
        admin_client.post(reverse("admin:programme_session_changelist"), data)
    assert names(room_for_two, "waiting") == ["Personne 3"]


def test_a_seat_taken_while_the_form_was_open_counts(admin_client, edition, ten):
    """The form is checked against the row as it is under the lock."""
    address = reverse("admin:programme_session_change", args=[ten.pk])
    data = filled(admin_client.get(address)) | {"capacity": "1"}
    seated(edition, ten)
    seated(edition, ten)
    response = admin_client.post(
        address, {name: value for name, value in data.items() if value != ""}
    )
    assert list(errors(response)) == ["capacity"]
    assert counters(edition, ten)[1] == 2


def test_quotas_keep_seats_from_the_others(admin_client, room_for_two):
    category = CategoryFactory()
    data = {
        "quotas-TOTAL_FORMS": "1",
        "quotas-0-session": room_for_two.pk,
        "quotas-0-category": category.pk,
        "quotas-0-seats": "2",
    }
    assert change(admin_client, room_for_two, capacity="4", **data).status_code == 302
    room_for_two.refresh_from_db()
    assert (room_for_two.seats_taken, room_for_two.seats_kept) == (2, 2)
    quota = Quota.objects.get()
    response = change(admin_client, room_for_two, **{"quotas-0-DELETE": "on"})
    assert response.status_code == 302
    assert (Quota.objects.filter(pk=quota.pk).count(), names(room_for_two, "waiting")) == (0, [])


@pytest.mark.parametrize(
    "quota",
    [
        {"seats": "3", "is_for_abroad": "on"},
        {"seats": "0", "is_for_abroad": "on"},
        {"seats": "1"},
    ],
    ids=["more than there are", "none", "for nobody"],
)
def test_a_quota_that_cannot_be_is_refused(admin_client, room_for_two, quota):
    row = {f"quotas-0-{name}": value for name, value in quota.items()}
    data = {"quotas-TOTAL_FORMS": "1", "quotas-0-session": room_for_two.pk, **row}
    assert change(admin_client, room_for_two, **data).status_code == 200
    assert Quota.objects.count() == 0


def test_places_in_the_list_name_those_who_wait(admin_client, room_for_two):
    Session.objects.filter(pk=room_for_two.pk).update(overbooking=50)
    with transaction.atomic():
        response = admin_client.get(reverse("admin:programme_session_changelist"))
    assert "2 / 3, 2 en attente" in response.content.decode()
    assert line(room_for_two) == [
        booking.registration_id for booking in room_for_two.bookings.in_line()
    ]


@pytest.mark.parametrize("values", [{"booking": "free"}, {"is_published": ""}])
def test_people_in_a_session_that_is_booked_no_more_are_said(admin_client, room_for_two, values):
    response = change(admin_client, room_for_two, **values)
    sentence = str(next(iter(response.wsgi_request._messages)))
    assert "Places prises\xa0: 2, en attente\xa0: 2." in sentence
    assert reverse("admin:programme_session_seats", args=[room_for_two.pk]) in sentence
    assert not Message.objects.exists()
    response = change(admin_client, room_for_two, short_name_fr="Court")
    assert "Places prises" not in str([*response.wsgi_request._messages])


def test_withdrawing_sessions_from_the_list_says_who_is_in_them(admin_client, room_for_two, eleven):
    data = {"action": "unpublish", "_selected_action": [room_for_two.pk, eleven.pk]}
    response = admin_client.post(reverse("admin:programme_session_changelist"), data)
    sentences = [str(one) for one in response.wsgi_request._messages]
    assert [("Places prises" in one) for one in sentences] == [False, True]
