"""What the team does to several registrations at once, and the spreadsheet."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from raict.mail.models import Message
from registrations import services
from registrations.admin import actions as registration_actions
from registrations.models import Booking, Change, Registration
from registrations.reckoning import differences
from registrations.tests.factories import CategoryFactory, RegistrationFactory
from registrations.tests.seating import seated
from registrations.tests.team import act, sentences, table

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_confirm_once_and_say_how_many(admin_client, edition, person):
    category = CategoryFactory(needs_approval=True)
    waiting = services.register(
        edition=edition, person={**person, "category": category}, notify=False
    )
    other = RegistrationFactory(edition=edition)
    first = act(admin_client, "approve", waiting, other)
    assert Registration.objects.get(pk=waiting.pk).state == "confirmed"
    second = act(admin_client, "approve", waiting, other)
    counts = [
        [int(word) for word in sentence.replace(".", " ").split() if word.isdigit()]
        for sentence in sentences(second)
    ]
    assert counts == [[1, 1], [0, 2]]
    assert first.status_code == 302
    assert list(Message.objects.values_list("template", flat=True)) == ["registration_approved"]


def test_cancel_asks_first_and_gives_the_seats_back(admin_client, awa, ten):
    page = act(admin_client, "cancel", awa)
    assert (page.status_code, Registration.objects.live().count()) == (200, 1)
    assert awa.full_name in page.content.decode()
    for _again in range(2):
        act(admin_client, "cancel", awa, confirmed="yes")
        ten.refresh_from_db()
        assert (Registration.objects.get().state, ten.seats_taken) == ("cancelled", 0)
    assert Message.objects.count() == 1
    assert differences() == []


def test_badges_are_those_of_the_confirmed(admin_client, awa):
    pending = RegistrationFactory(edition=awa.edition, state=Registration.State.PENDING)
    response = act(admin_client, "badges", awa, pending)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert Registration.objects.get(pk=pending.pk).badge_made_at is None
    refused = act(admin_client, "badges", pending)
    assert (refused.status_code, len(sentences(refused))) == (302, 1)


def test_a_printed_badge_is_marked_as_made_anew(admin_client, awa):
    other = RegistrationFactory(edition=awa.edition)
    for one in (awa, other):
        services.correct(one, {"last_name": "Sow"}, by=Change.By.TEAM)
    Registration.objects.update(badge_made_at=None, badge_changed_at=timezone.now())
    act(admin_client, "badges", awa)
    rows = Registration.objects.values_list("pk", "badge_made_at", "badge_changed_at")
    assert {(pk, made is None, changed is None) for pk, made, changed in rows} == {
        (awa.pk, False, True),
        (other.pk, True, False),
    }


def test_the_team_who_did_it_is_in_the_history(admin_client, edition, person):
    category = CategoryFactory(needs_approval=True)
    pending = services.register(
        edition=edition, person={**person, "category": category}, notify=False
    )
    act(admin_client, "approve", pending)
    act(admin_client, "cancel", pending, confirmed="yes")
    rows = Change.objects.filter(by="team").order_by("pk").values_list("action", "user__username")
    assert list(rows) == [("approved", "admin"), ("cancelled", "admin")]


def test_a_cancelled_place_goes_to_the_first_who_waits(admin_client, edition, ten):
    edition.capacity = 1
    edition.save()
    holder, waiting = seated(edition, ten), seated(edition, ten)
    act(admin_client, "cancel", holder, confirmed="yes")
    assert Registration.objects.get(pk=waiting.pk).state == "confirmed"
    assert waiting.booked_sessions() == [ten]


def test_the_link_is_sent_again_once_in_ten_minutes(admin_client, awa):
    cancelled = RegistrationFactory(edition=awa.edition, state=Registration.State.CANCELLED)
    for _again in range(2):
        act(admin_client, "send_link", awa, cancelled)
        assert list(Message.objects.values_list("to", "template")) == [
            (awa.email, "registration_link")
        ]


def test_too_many_at_once_is_a_sentence(admin_client, awa, monkeypatch):
    monkeypatch.setattr(registration_actions, "BULK_LIMIT", 1)
    other = RegistrationFactory(edition=awa.edition)
    for action in ("approve", "cancel", "badges", "send_link"):
        response = act(admin_client, action, awa, other, confirmed="yes")
        assert response.status_code == 302
    assert len(sentences(response)) == 4
    assert (Registration.objects.live().count(), Message.objects.count()) == (2, 0)


def test_export_holds_each_session_and_wish_in_its_column(admin_client, awa, cafes):
    RegistrationFactory(edition=awa.edition, first_name="=1+1", last_name="+Zoé", organisation=None)
    response = act(admin_client, "export", *Registration.objects.all())
    number = awa.edition.number
    assert f"-{number}-" in response.headers["Content-Disposition"]
    zoe, row = table(response)
    assert [zoe[name] for name in ("Prénom", "Nom")] == ["=1+1", "+Zoé"]
    expected = {
        "Référence": awa.reference,
        "Nom": "Diop-N’Diaye",
        "Structure": "Ville de Saint-Louis",
        "Pays": "Sénégal",
        "Régime alimentaire": "végétarien",
    }
    assert {name: row[name] for name in expected} == expected
    marks = {header: value for header, value in row.items() if " – " in header}
    assert [str(value) for value in marks.values()] == ["oui", "1", "2"]
    assert [header.rpartition(" – ")[2] for header in marks] == [
        "Eau et assainissement",
        "Café 1",
        "Café 2",
    ]


def test_export_holds_offers_ranks_and_what_is_asked_for(admin_client, edition, ten):
    ten.capacity = 1
    ten.save()
    edition.capacity = 4
    edition.save()
    people = [seated(edition, ten, last_name="A")]
    people += [seated(edition, lists=[ten], last_name=name) for name in "BCD"]
    people += [seated(edition, ten, last_name="E")]
    Booking.objects.filter(registration=people[0]).update(
        state="offered", offered_until=timezone.now() + dt.timedelta(hours=1)
    )
    rows = table(act(admin_client, "export", *people))
    header = next(name for name in rows[0] if name.endswith("Eau et assainissement"))
    assert [row[header] for row in rows] == [
        *("proposée", "attente 1", "attente 2", "attente 3", "demandée")
    ]
    assert [(row["État"], row["Rang sur la liste d’attente de l’édition"]) for row in rows] == [
        *[("confirmée", None)] * 4,
        ("sur liste d’attente", 1),
    ]


def test_export_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, edition, person, ten, cafes
):
    from registrations.exports import registrations_table

    for rows in (1, 2, 3):
        services.register(
            edition=edition,
            person={**person, "email": f"p{rows}@example.org"},
            sessions=[ten],
            cafes=cafes,
            notify=False,
        )
        with django_assert_num_queries(5):
            registrations_table(Registration.objects.all(), with_needs=True)


def test_bulk_actions_are_in_the_history(admin_client, awa):
    act(admin_client, "approve", awa)  # changes nothing: she is confirmed
    act(admin_client, "send_link", awa)
    act(admin_client, "cancel", awa, confirmed="yes")
    page = admin_client.get(reverse("admin:registrations_registration_history", args=[awa.pk]))
    assert [entry.get_change_message() for entry in page.context["action_list"]] == [
        "Lien personnel renvoyé.",
        "Inscription annulée.",
    ]
