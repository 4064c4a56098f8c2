"""Two registrations of one person become one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import services
from registrations.links import badge_code, registration_from_badge_code
from registrations.models import Change, CheckIn, Consent, Needs, Registration
from registrations.reckoning import differences
from registrations.tests.factories import AccreditationFactory
from registrations.tests.pages import page_of
from registrations.tests.seating import counters, full, happened, mails, seated, states

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def row(registration):
    rows = Registration.objects.select_related("edition__venue", "category", "organisation")
    return rows.get(pk=registration.pk)


def merge(survivor, other, *theirs, user=None):
    survivor, other = row(survivor), row(other)
    seen = services.plan(survivor, other).digest
    return services.merge(survivor, other, theirs=theirs, seen=seen, user=user)


@pytest.fixture
def double(edition, eleven, cafes):
    """Awa again, under her other address."""
    return services.register(
        edition=edition,
        person={
            "first_name": "Awa",
            "last_name": "Diop",
            "email": "diop@example.net",
            "country": "SN",
            "organisation": "Mairie de Saint-Louis",
            "category": edition.registrations.first().category,
        },
        sessions=[eleven],
        cafes=cafes[1:],
        needs={"diet": "halal", "access": "fauteuil roulant"},
        consents={Consent.Purpose.NEWS: "J’accepte.", Consent.Purpose.PHOTOS: "Oui."},
        notify=False,
    )


@pytest.fixture
def pair(awa, double):
    return awa, double


def test_seats_wishes_needs_and_consents_come_over(pair, ten, eleven, admin_user):
    awa, double = pair
    assert merge(awa, double, user=admin_user) is True
    assert states(awa) == {"Eau et assainissement": "confirmed", "Culture": "confirmed"}
    assert states(double) == {}
    assert counters(awa.edition, ten, eleven) == [1, 1, 1]
    assert [wish.session.title_fr for wish in awa.cafe_wishes()] == ["Café 1", "Café 2", "Café 3"]
    needs = Needs.objects.get()
    assert (needs.registration, needs.diet, needs.access) == (
        awa,
        "végétarien ; halal",
        "fauteuil roulant",
    )
    consents = dict(awa.consents.values_list("purpose", "wording"))
    assert consents == {"photos": "J’accepte d’être photographiée.", "news": "J’accepte."}
    double = row(double)
    assert (double.state, double.merged_into) == ("cancelled", awa)
    assert happened(double)[-1] == happened(awa)[-1] == "merged"
    changes = Change.objects.filter(action="merged")
    assert {(change.by, change.user) for change in changes} == {("team", admin_user)}
    assert awa.email in double.changes.first().detail
    assert mails() == [(awa.email, "registration_merged")]
    assert differences() == []


def test_chosen_values_are_kept_and_a_new_address_has_a_new_link(client, pair):
    awa, double = pair
    old = page_of(awa)
    assert merge(awa, double, "email", "last_name", "organisation") is True
    awa = row(awa)
    assert (awa.email, awa.last_name, awa.organisation.name) == (
        "diop@example.net",
        "Diop",
        "Mairie de Saint-Louis",
    )
    assert (awa.first_name, awa.civility) == ("Awa", "mme")
    assert client.get(old).status_code == 404
    assert client.get(page_of(awa)).status_code == 200
    assert page_of(awa) in Message.objects.get().text
    assert "diop@example.net" in awa.changes.first().detail


def test_the_old_link_leads_to_where_one_is_asked_for(client, pair):
    awa, double = pair
    pages = [page_of(double, name) for name in ("personal", "badge", "sessions", "cancel", "data")]
    merge(awa, double)
    target = reverse("registrations:send_link")
    for page in pages:
        assert client.get(page).url == target
    assert client.post(pages[3]).url == target
    assert registration_from_badge_code(badge_code(double)) == awa


def test_the_link_asked_for_with_the_old_address_goes_to_the_one_that_is_kept(pair):
    awa, double = pair
    merge(awa, double)
    Message.objects.all().delete()
    services.send_link(email=double.email)
    assert mails() == [(awa.email, "registration_link")]


def test_a_second_time_changes_nothing(pair):
    awa, double = pair
    seen = services.plan(row(awa), row(double)).digest
    answers = [services.merge(row(awa), row(double), theirs=(), seen=seen) for _again in range(2)]
    assert answers == [True, False]
    assert len(mails()) == 1


def test_what_changed_since_it_was_read_is_not_merged(pair):
    awa, double = pair
    seen = services.plan(row(awa), row(double)).digest
    services.give_back(double.bookings.get())
    with pytest.raises(services.ChangedSince):
        services.merge(row(awa), row(double), theirs=(), seen=seen)
    assert (row(double).state, states(awa)) == ("confirmed", {"Eau et assainissement": "confirmed"})


def test_of_two_seats_at_one_time_mine_stays_and_the_other_goes_on(edition, ten, also_ten):
    mine = seated(edition, ten)
    (theirs,) = full(edition, also_ten)
    waiting = seated(edition, lists=[also_ten])
    plan = services.plan(row(mine), row(theirs))
    assert (plan.moves, ["Diasporas" in line for line in plan.ends]) == ([], [True])
    assert merge(mine, theirs) is True
    assert states(mine) == {"Eau et assainissement": "confirmed"}
    assert states(waiting) == {"Diasporas": "confirmed"}
    assert differences() == []


def test_a_seat_wins_over_a_place_in_line_and_the_earlier_place_is_kept(edition, ten, eleven):
    full(edition, ten)
    theirs = seated(edition, lists=[ten])
    between = seated(edition, lists=[ten])
    mine = seated(edition, lists=[ten])
    merge(mine, theirs)
    assert list(ten.bookings.in_line().values_list("registration", flat=True)) == [
        mine.pk,
        between.pk,
    ]
    holder, line = seated(edition, eleven), seated(edition)
    merge(line, holder)
    assert states(line) == {"Culture": "confirmed"}
    assert differences() == []


def test_who_waits_takes_over_the_place_and_asks_for_seats(edition, ten, eleven):
    Edition.objects.update(capacity=1)
    holder = seated(edition, eleven)
    waiting = seated(edition, ten)
    assert merge(waiting, holder) is True
    assert row(waiting).state == "confirmed"
    assert states(waiting) == {"Eau et assainissement": "confirmed", "Culture": "confirmed"}
    assert counters(edition, ten, eleven) == [1, 1, 1]
    assert differences() == []


def test_a_place_that_becomes_free_goes_to_the_first_who_waits(edition):
    Edition.objects.update(capacity=2)
    mine, theirs = seated(edition), seated(edition)
    waiting = seated(edition)
    merge(mine, theirs)
    assert row(waiting).state == "confirmed"
    assert counters(edition) == [2]
    assert differences() == []


def test_of_two_who_wait_the_earlier_turn_is_kept(edition):
    Edition.objects.update(capacity=1)
    seated(edition)
    first, second, third = (seated(edition) for _one in range(3))
    merge(third, first)
    assert [row(one).rank() for one in (third, second)] == [1, 2]
    assert differences() == []


def test_needs_are_named_only_where_one_has_no_room(pair):
    awa, double = pair
    assert [line for line in services.plan(row(awa), row(double)).moves if "halal" in line] == []
    Needs.objects.filter(registration=awa).update(diet="a" * 295)
    (line,) = services.plan(row(awa), row(double)).ends
    assert "halal" not in line
    merge(awa, double)
    assert Needs.objects.get().diet == "a" * 295


def test_an_arrival_is_counted_once(pair, ten, eleven):
    awa, double = pair
    now = timezone.now()
    for one, session in ((awa, ten), (double, ten), (double, eleven)):
        CheckIn.objects.create(registration=one, session=session)
    CheckIn.objects.filter(registration=double, session=ten).update(at=now - dt.timedelta(hours=1))
    assert len(services.plan(row(awa), row(double)).ends) == 1
    merge(awa, double)
    rows = CheckIn.objects.order_by("session__start").values_list("registration", "session")
    assert list(rows) == [(awa.pk, ten.pk), (awa.pk, eleven.pk)]
    assert awa.check_ins.get(session=ten).at == now - dt.timedelta(hours=1)


def test_an_accreditation_comes_over_with_a_new_link(pair):
    awa, double = pair
    for one in (double, awa):
        AccreditationFactory(
            edition=one.edition, registration=one, state="accepted", decided_at=timezone.now()
        )
    awa.accreditations.all().delete()
    key = page_of(awa)
    merge(awa, double)
    assert awa.accreditations.get().state == "accepted"
    assert page_of(row(awa)) != key


def test_the_second_of_two_accreditations_ends(pair):
    awa, double = pair
    for one in pair:
        AccreditationFactory(
            edition=one.edition, registration=one, state="accepted", decided_at=timezone.now()
        )
    assert len(services.plan(row(awa), row(double)).ends) == 1
    merge(awa, double)
    assert sorted(awa.accreditations.values_list("state", flat=True)) == ["accepted", "withdrawn"]


def test_only_two_that_stand_are_merged(pair):
    awa, double = pair
    services.cancel(double, notify=False)
    with pytest.raises(DomainError):
        services.plan(row(awa), row(double))


def test_who_was_merged_before_follows(pair, edition):
    awa, double = pair
    third = seated(edition)
    merge(double, awa)
    merge(third, double)
    assert row(awa).merged_into == third
    assert differences() == []
