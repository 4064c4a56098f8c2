"""The press asks, the team decides: rows, registrations, and papers that go again."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Edition
from raict.errors import DomainError
from raict.mail.envelope import envelope
from raict.mail.models import Message
from registrations import services
from registrations.models import Accreditation, Category, Registration
from registrations.portability import personal_data
from registrations.tasks import forget_papers
from registrations.tests.factories import AccreditationFactory, CategoryFactory, RegistrationFactory
from registrations.tests.seating import happened, mails, seated

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def ask(edition, person, language="en", **changes):
    return services.ask_accreditation(
        edition=edition, person={**person, **changes}, language=language
    )


def private_files(settings) -> list[str]:
    """Every file that people sent, by its folder and ending."""
    root = Path(settings.PRIVATE_ROOT)
    files = [path for path in root.rglob("*") if path.is_file()]
    return [f"{path.parent.name}/*{path.suffix}" for path in files]


# ------------------------------------------------------------------------------------- asking
def test_asking_writes_a_row_and_a_mail(edition, journalist, letter, settings):
    days = [edition.days[1].isoformat()]
    lea = ask(edition, journalist, letter=letter, days=days, interviews="La présidente")

    row = Accreditation.objects.get()
    assert (row, row.state, row.registration, row.decided_at) == (lea, "asked", None, None)
    assert (row.full_name, row.medium, row.language) == (
        "Léa Martin",
        "Le Courrier du développement",
        "en",
    )
    assert row.wished_days == [edition.days[1]]
    assert private_files(settings) == ["accreditations/*.pdf"]
    assert mails() == [("lea@example.org", "accreditation_received")]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("email", ["lea@example.org", "LEA@Example.org"])
def test_a_second_request_keeps_the_first_and_says_so_once_in_ten_minutes(
    edition, journalist, email
):
    first = ask(edition, journalist)
    Message.objects.update(created_at=timezone.now() - dt.timedelta(minutes=11))
    for _again in range(2):
        assert ask(edition, journalist, email=email, medium="Autre journal") == first

    assert Accreditation.objects.get().medium == "Le Courrier du développement"
    texts = list(Message.objects.order_by("pk").values_list("to", "text"))
    assert [to for to, _text in texts] == ["lea@example.org"] * 2
    assert ["it is being looked at" in text and "already" in text for _to, text in texts] == [
        False,
        True,
    ]


def test_a_second_request_leaves_no_file(edition, journalist, letter, settings):
    ask(edition, journalist)
    ask(edition, journalist, letter=letter)
    assert private_files(settings) == []


def test_whoever_is_accredited_and_asks_again_receives_the_link(edition, accredited, journalist):
    Message.objects.all().delete()
    ask(edition, journalist)
    assert mails() == [("lea@example.org", "registration_link")]
    assert Accreditation.objects.count() == 1


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_after_a_refusal_one_may_ask_anew(edition, press, journalist, end):
    first = ask(edition, journalist)
    if end == "withdrawn":
        services.accredit(first)
    services.refuse_accreditation(first, reason="Non.", seen=first.state)
    second = ask(edition, journalist)
    assert [(one.pk, one.state) for one in Accreditation.objects.order_by("pk")] == [
        (first.pk, end),
        (second.pk, "asked"),
    ]


def test_one_may_ask_for_each_edition(journalist, edition):
    other = Edition.objects.create(
        number=99, name_fr="Autre", state="published", starts_on=edition.starts_on
    )
    ask(edition, journalist)
    ask(other, journalist)
    assert Accreditation.objects.count() == 2


@pytest.mark.parametrize(
    ("columns", "is_open"),
    [
        ({}, True),
        ({"state": "published"}, True),
        ({"state": "closed"}, True),
        ({"state": "postponed"}, True),
        ({"starts_on": None, "ends_on": None}, True),
        ({"starts_on": timezone.localdate(), "ends_on": None}, True),
        ({"starts_on": dt.date(2024, 10, 23), "ends_on": dt.date(2024, 10, 24)}, False),
        ({"state": "cancelled"}, False),
        ({"state": "over"}, False),
    ],
)
def test_asking_is_open_until_the_last_day(edition, journalist, columns, is_open):
    Edition.objects.update(**columns)
    edition.refresh_from_db()
    assert edition.takes_accreditations is is_open
    if is_open:
        ask(edition, journalist)
    else:
        with pytest.raises(services.AccreditationClosed):
            ask(edition, journalist)
    assert Accreditation.objects.count() == is_open


def test_a_day_of_another_edition_is_refused(edition, journalist):
    with pytest.raises(ValidationError) as refusal:
        ask(edition, journalist, days=["2001-01-01"])
    assert list(refusal.value.message_dict) == ["days"]
    assert (Accreditation.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "columns",
    [
        {"email": "LEA@example.org"},
        {"state": "accepted", "decided_at": timezone.now()},
        {"decided_at": timezone.now()},
        {"state": "refused"},
    ],
    ids=["twice an e-mail", "accepted without a registration", "decided and open", "no moment"],
)
def test_the_database_refuses_what_cannot_be(edition, columns):
    AccreditationFactory(edition=edition, email="lea@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccreditationFactory(edition=edition, **columns)


# ---------------------------------------------------------------------------------- accepting
def test_accepting_registers_as_press_with_a_badge_and_one_mail(
    edition, press, journalist, admin_user
):
    lea = ask(edition, journalist)
    assert services.accredit(lea, message="Bienvenue.", user=admin_user) is True

    registration = Registration.objects.get()
    lea.refresh_from_db()
    assert (lea.state, lea.registration, lea.decided_by) == ("accepted", registration, admin_user)
    assert (registration.state, registration.category, registration.language) == (
        "confirmed",
        press,
        "en",
    )
    assert (registration.full_name, str(registration.organisation)) == ("Léa Martin", lea.medium)
    assert happened(registration) == ["registered"]
    assert mails()[1:] == [("lea@example.org", "accreditation_accepted")]
    message = Message.objects.get(template="accreditation_accepted")
    assert [part.get_filename() for part in envelope(message).attachments] == ["badge.pdf"]
    edition.refresh_from_db()
    assert edition.places_taken == 1


def test_accepting_twice_changes_nothing(edition, press, journalist):
    lea = ask(edition, journalist)
    assert [services.accredit(lea) for _again in range(2)] == [True, False]
    assert services.accredit(lea, seen="accepted") is False
    assert services.refuse_accreditation(lea, reason="Trop tard.") is False
    assert (Registration.objects.count(), len(mails())) == (1, 2)


def test_accepting_is_possible_when_registration_is_closed(edition, press, journalist):
    Edition.objects.update(state="closed", registration_closes_on=timezone.localdate())
    lea = ask(Edition.objects.get(), journalist)
    assert services.accredit(lea) is True


def test_whoever_is_registered_keeps_registration_and_category(edition, press, journalist, ten):
    officer = CategoryFactory(name_fr="Technicien·ne")
    mine = seated(edition, ten, email="Lea@example.org", category=officer)
    lea = ask(edition, journalist)
    services.accredit(lea)

    lea.refresh_from_db()
    assert (lea.registration, Registration.objects.count()) == (mine, 1)
    assert (lea.registration.category, lea.registration.booked_sessions()) == (officer, [ten])


def test_links_sent_before_the_acceptance_open_nothing(edition, press, journalist):
    """Somebody may have put a journalist's address on their own registration."""
    theirs = RegistrationFactory(edition=edition, email="me@example.org")
    services.correct(theirs, {"email": "lea@example.org"})
    services.accredit(ask(edition, journalist))
    key = theirs.key_version
    theirs.refresh_from_db()
    assert (theirs.accreditations.count(), theirs.key_version) == (1, key + 1)


def test_a_press_registration_that_waits_is_approved_without_a_second_mail(
    edition, press, journalist
):
    waiting = RegistrationFactory(
        edition=edition, email="lea@example.org", category=press, state="pending"
    )
    services.accredit(ask(edition, journalist))
    waiting.refresh_from_db()
    assert (waiting.state, happened(waiting)) == ("confirmed", ["approved"])
    assert [template for _to, template in mails()] == [
        "accreditation_received",
        "accreditation_accepted",
    ]


def test_another_registration_that_waits_is_left_to_its_own_decision(edition, press, journalist):
    speaker = CategoryFactory(needs_approval=True)
    waiting = RegistrationFactory(
        edition=edition, email="lea@example.org", category=speaker, state="pending", language="en"
    )
    services.accredit(ask(edition, journalist))
    waiting.refresh_from_db()
    message = Message.objects.get(template="accreditation_accepted")
    assert (waiting.state, message.attachments) == ("pending", [])
    assert "Your registration is still being checked" in message.text


def test_a_cancelled_registration_is_not_taken_up_again(edition, press, journalist):
    RegistrationFactory(edition=edition, email="lea@example.org", state="cancelled")
    lea = ask(edition, journalist)
    services.accredit(lea)
    assert lea.registration.state == "confirmed"
    assert Registration.objects.count() == 2


def test_in_a_full_edition_the_mail_says_that_there_is_no_place(edition, press, journalist, ten):
    edition.capacity = 1
    edition.save()
    seated(edition, ten)
    lea = ask(edition, journalist)
    services.accredit(lea)
    message = Message.objects.get(template="accreditation_accepted")
    assert (lea.registration.state, lea.registration.rank(), message.attachments) == (
        "waiting",
        1,
        [],
    )
    assert "you have no place yet, and no badge" in message.text
    assert "Your rank on the waiting list of the edition: 1\n" in message.text


def test_accepting_for_a_cancelled_edition_is_refused(edition, press, journalist):
    lea = ask(edition, journalist)
    Edition.objects.update(state="cancelled")
    with pytest.raises(DomainError):
        services.accredit(lea)
    assert (Registration.objects.count(), len(mails())) == (0, 1)


def test_without_the_category_the_refusal_names_it(edition, journalist):
    Category.objects.filter(key="presse").delete()
    lea = ask(edition, journalist)
    with pytest.raises(DomainError) as refusal:
        services.accredit(lea)
    assert "presse" in str(refusal.value.message)
    lea.refresh_from_db()
    assert lea.state == "asked"


def test_a_refusal_may_be_thought_over(edition, press, journalist):
    lea = ask(edition, journalist)
    services.refuse_accreditation(lea, reason="Carte illisible.")
    assert services.accredit(lea) is False  # who saw it open is late
    assert services.accredit(lea, seen="refused") is True


def test_one_person_is_accredited_once(edition, press, journalist):
    """Refused, and asking anew; or accredited already under the address that they had before."""
    first = ask(edition, journalist)
    services.refuse_accreditation(first, reason="Carte illisible.")
    second = ask(edition, journalist)
    with pytest.raises(DomainError):
        services.accredit(first, seen="refused")
    services.accredit(second)
    services.correct(second.registration, {"email": "lea.martin@example.org"})
    third = ask(edition, journalist, email="lea.martin@example.org")
    with pytest.raises(DomainError):
        services.accredit(third)
    assert list(Accreditation.objects.accepted()) == [second]


# ----------------------------------------------------------------------------------- refusing
@pytest.mark.parametrize("reason", ["", " \n"])
def test_refusing_needs_a_reason(edition, journalist, reason):
    lea = ask(edition, journalist)
    with pytest.raises(DomainError) as refusal:
        services.refuse_accreditation(lea, reason=reason)
    assert refusal.value.field == "reason"
    lea.refresh_from_db()
    assert (lea.state, len(mails())) == ("asked", 1)


def test_refusing_tells_the_reason_once(edition, journalist, admin_user):
    lea = ask(edition, journalist)
    answers = [
        services.refuse_accreditation(lea, reason=" Carte illisible. ", user=admin_user)
        for _again in range(2)
    ]
    assert answers == [True, False]
    lea.refresh_from_db()
    assert (lea.state, lea.reason, lea.decided_by) == ("refused", "Carte illisible.", admin_user)
    assert mails()[1:] == [("lea@example.org", "accreditation_refused")]


def test_withdrawing_leaves_the_registration(edition, accredited):
    lea = Accreditation.objects.get()
    assert services.refuse_accreditation(lea, reason="Fausse carte.", seen="accepted") is True
    accredited.refresh_from_db()
    assert (lea.state, accredited.state) == ("withdrawn", "confirmed")
    message = Message.objects.get(template="accreditation_refused")
    assert message.subject.startswith("Your accreditation is withdrawn")


# --------------------------------------------------------------------- it ends with the person
def test_cancelling_the_registration_ends_the_accreditation(edition, accredited, journalist):
    services.cancel(accredited)
    lea = Accreditation.objects.get()
    assert (lea.state, lea.registration, lea.decided_by) == ("withdrawn", accredited, None)
    assert ask(edition, journalist) != lea


def test_the_heir_of_a_place_is_not_accredited(edition, accredited):
    heir = {"first_name": "Paul", "last_name": "Roy", "email": "paul@example.org"}
    services.pass_on(accredited, heir)
    lea = Accreditation.objects.get()
    assert (lea.state, lea.registration, lea.email) == ("withdrawn", None, "lea@example.org")
    assert personal_data(accredited)["accreditations"] == []


def test_one_s_own_data_hold_the_accreditation_without_the_file(edition, press, journalist, letter):
    lea = ask(edition, journalist, letter=letter, equipment="Caméra")
    services.accredit(lea, message="Bienvenue.")
    data = personal_data(Registration.objects.get())
    (found,) = data["accreditations"]
    moments = {found.pop(name) is not None for name in ("asked_at", "decided_at")}
    assert moments == {True}
    assert found == {
        "civility": "mme",
        "first_name": "Léa",
        "last_name": "Martin",
        "email": "lea@example.org",
        "country": "FR",
        "language": "en",
        "medium": "Le Courrier du développement",
        "kind": "specialised",
        "card_number": "98765",
        "days": [],
        "interviews": "",
        "equipment": "Caméra",
        "state": "accepted",
        "reason": "Bienvenue.",
        "notes": "",
        "has_letter": True,
    }
    assert sorted(one["subject"].split(" – ")[0] for one in data["messages"]) == [
        "Your accreditation is accepted",
        "Your request for accreditation",
    ]


# -------------------------------------------------------------------------------- the papers go
@pytest.fixture
def kept(settings, edition, journalist, letter):
    """Papers of an edition whose last day was 30 days ago: today is the last day they are kept."""
    settings.PRESS_PAPERS_KEPT_DAYS = 30
    lea = ask(edition, journalist, letter=letter)
    today = timezone.localdate()
    Edition.objects.update(starts_on=today - dt.timedelta(31), ends_on=today - dt.timedelta(30))
    return lea


def papers(settings) -> tuple[bool, str, list[str]]:
    row = Accreditation.objects.get()
    return bool(row.letter), row.card_number, private_files(settings)


def test_papers_stay_while_they_may_serve(kept, settings):
    forget_papers()
    assert papers(settings) == (True, "98765", ["accreditations/*.pdf"])


@pytest.mark.parametrize("last_day", ["starts_on", "ends_on"])
def test_papers_go_after_the_edition_and_from_the_disk(kept, settings, last_day):
    columns = {"ends_on": timezone.localdate() - dt.timedelta(31)}
    if last_day == "starts_on":
        columns = {"starts_on": columns["ends_on"], "ends_on": None}
    Edition.objects.update(**columns)
    assert services.forget_papers() == 1
    assert papers(settings) == (False, "", [])
    assert services.forget_papers() == 0


def test_papers_go_with_a_cancelled_edition(kept, settings):
    Edition.objects.update(state=Edition.State.CANCELLED)
    forget_papers()
    assert papers(settings) == (False, "", [])


def test_papers_whose_file_is_gone_already_are_forgotten(kept, settings):
    Edition.objects.update(state=Edition.State.CANCELLED)
    kept.letter.storage.delete(kept.letter.name)
    forget_papers()
    assert papers(settings) == (False, "", [])


def test_papers_are_forgotten_every_night():
    entry = site.CELERY_BEAT_SCHEDULE["forget press papers"]
    assert entry["task"] == forget_papers.name
