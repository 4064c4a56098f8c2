"""What the team takes along of several registrations: badges, the spreadsheet."""

import datetime as dt

import pytest
from django.utils import timezone

from raict.jobs import running
from raict.jobs.models import Job
from registrations import services
from registrations.admin import actions as registration_actions
from registrations.models import Booking, Change, Registration
from registrations.tests.factories import RegistrationFactory
from registrations.tests.seating import seated
from registrations.tests.team import act, sentences, table

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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


def test_many_badges_are_printed_by_the_worker(admin_client, awa, monkeypatch):
    monkeypatch.setattr(registration_actions, "AT_ONCE", 1)
    other = RegistrationFactory(edition=awa.edition, last_name="Abel")
    response = act(admin_client, "badges", awa, other)
    job = Job.objects.get()
    assert (response.status_code, response.url) == (302, job.get_absolute_url())
    assert job.arguments == {"registrations": [other.pk, awa.pk]}
    running.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)
    assert not Registration.objects.filter(badge_made_at=None).exists()


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
