import datetime as dt

import pytest
from django.utils import timezone

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import rules, services
from registrations.models import Consent, Needs, Organisation, Registration
from registrations.tests.factories import CategoryFactory, OrganisationFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def templates():
    return list(Message.objects.order_by("pk").values_list("template", flat=True))


def test_register_writes_everything(edition, person, ten, eleven, cafes):
    registration = services.register(
        edition=edition,
        person=person,
        sessions=[eleven, ten],
        cafes=[cafes[2], cafes[0]],
        needs={"diet": "végétarien", "access": "", "interpretation": ""},
        consents={"needs": "Je veux bien.", "photos": "Moi aussi."},
        language="en",
    )
    registration.refresh_from_db()
    assert registration.state == "confirmed"
    assert registration.full_name == "Awa Diop-N’Diaye"
    assert registration.language == "en"
    assert (registration.organisation.name, registration.organisation.country) == (
        "Ville de Saint-Louis",
        "SN",
    )
    assert registration.booked_sessions() == [ten, eleven]
    assert [(w.rank, w.session) for w in registration.cafe_wishes()] == [
        (1, cafes[2]),
        (2, cafes[0]),
    ]
    assert registration.needs.diet == "végétarien"
    assert list(registration.consents.values_list("purpose", "wording", "language")) == [
        ("needs", "Je veux bien.", "en"),
        ("photos", "Moi aussi.", "en"),
    ]
    message = Message.objects.get()
    assert (message.template, message.to, message.language, message.reference) == (
        "registration_confirmed",
        "awa@example.org",
        "en",
        registration.reference,
    )
    assert message.attachments == ["badge", "calendar"]
    assert message.reply_to == "contact@example.org"
    edition.refresh_from_db()
    assert edition.places_taken == 1


def test_register_without_needs_writes_none(edition, person):
    services.register(edition=edition, person=person, needs={"diet": ""})
    assert Needs.objects.count() == 0


def test_register_knows_the_organisation_under_another_spelling(edition, person):
    known = OrganisationFactory(name="VILLE DE SAINT LOUIS", country="SN")
    OrganisationFactory(name="Ville de Saint-Louis", country="FR")
    registration = services.register(edition=edition, person=person)
    assert registration.organisation == known


def test_register_without_organisation(edition, person):
    registration = services.register(edition=edition, person=person | {"organisation": ""})
    assert registration.organisation is None


def test_category_that_needs_approval_waits(edition, person, ten):
    press = CategoryFactory(needs_approval=True)
    registration = services.register(
        edition=edition, person=person | {"category": press}, sessions=[ten]
    )
    assert registration.state == "pending"
    assert templates() == ["registration_pending"]
    ten.refresh_from_db()
    assert ten.seats_taken == 1
    assert services.approve(registration) is True
    assert services.approve(registration) is False
    assert registration.state == "confirmed"
    assert templates() == ["registration_pending", "registration_approved"]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "closed"},
        {"registration_opens_on": dt.date(2999, 1, 1)},
        {"registration_closes_on": dt.date(2020, 1, 1)},
    ],
)
def test_closed_window_refuses(edition, person, change):
    Edition.objects.update(**change)
    edition.refresh_from_db()
    with pytest.raises(services.RegistrationClosed):
        services.register(edition=edition, person=person)
    assert Registration.objects.count() == 0
    assert services.register(edition=edition, person=person, by_staff=True).state == "confirmed"


def test_refusal_at_the_last_moment_leaves_no_trace(edition, person, ten):
    """The rows were read with a seat left, and somebody else has taken it since."""
    Session.objects.filter(pk=ten.pk).update(capacity=1, seats_taken=1)
    with pytest.raises(rules.SessionFull):
        services.register(edition=edition, person=person, sessions=[ten])
    assert (Registration.objects.count(), Organisation.objects.count(), templates()) == (0, 0, [])


def test_again_changes_nothing_and_sends_the_link(edition, person, ten, eleven):
    first = services.register(edition=edition, person=person, sessions=[ten])
    again = services.register(
        edition=edition,
        person=person | {"email": "AWA@example.org", "first_name": "Autre", "organisation": "X"},
        sessions=[eleven],
        language="en",
        consents={"news": "…"},
    )
    assert again == first
    assert again.first_name == "Awa"
    assert first.booked_sessions() == [ten]
    assert Organisation.objects.count() == 1
    assert Consent.objects.count() == 0
    assert templates() == ["registration_confirmed", "registration_link"]
    assert Message.objects.get(template="registration_link").language == "fr"


def test_again_meets_the_same_refusals_as_a_stranger(edition, person, ten):
    services.register(edition=edition, person=person, sessions=[ten])
    Session.objects.filter(pk=ten.pk).update(capacity=1)
    ten.refresh_from_db()
    for email in ("awa@example.org", "stranger@example.org"):
        with pytest.raises(rules.SessionFull):
            services.register(edition=edition, person=person | {"email": email}, sessions=[ten])
    assert templates() == ["registration_confirmed"]


def test_again_with_a_full_edition_stands_in_no_line(edition, person, ten):
    """Where a stranger would wait, somebody registered keeps what they have and gets the link."""
    standing = services.register(edition=edition, person=person, sessions=[ten])
    Edition.objects.update(capacity=1)
    edition.refresh_from_db()
    assert services.register(edition=edition, person=person) == standing
    stranger = services.register(edition=edition, person=person | {"email": "x@example.org"})
    assert (standing.state, stranger.state) == ("confirmed", "waiting")
    assert templates() == ["registration_confirmed", "registration_link", "registration_waiting"]


def test_link_leaves_once_in_ten_minutes(edition, person):
    registration = services.register(edition=edition, person=person, notify=False)
    services.send_link(email="awa@example.org")
    services.send_link(email="AWA@EXAMPLE.ORG")
    services.register(edition=edition, person=person)
    assert templates() == ["registration_link"]
    Message.objects.update(created_at=timezone.now() - dt.timedelta(minutes=10, seconds=1))
    assert services.send_link_to(registration) is True
    assert templates() == ["registration_link"] * 2


def test_link_for_an_unknown_or_cancelled_address_sends_nothing(edition, person):
    registration = services.register(edition=edition, person=person, notify=False)
    services.send_link(email="nobody@example.org")
    services.cancel(registration, notify=False)
    services.send_link(email="awa@example.org")
    assert templates() == []


def test_cancel_frees_and_says_so(edition, person, ten):
    registration = services.register(edition=edition, person=person, sessions=[ten], notify=False)
    assert services.cancel(registration) is True
    assert services.cancel(registration) is False
    assert (registration.state, registration.revision) == ("cancelled", 1)
    assert registration.cancelled_at is not None
    ten.refresh_from_db()
    edition.refresh_from_db()
    assert (ten.seats_taken, edition.places_taken) == (0, 0)
    assert templates() == ["registration_cancelled"]


def test_new_registration_after_cancellation(edition, person, ten):
    first = services.register(edition=edition, person=person, sessions=[ten])
    services.cancel(first)
    second = services.register(edition=edition, person=person, sessions=[ten])
    assert second.pk != first.pk
    assert second.booked_sessions() == [ten]


def test_nobody_cancels_after_the_last_day(edition, person):
    registration = services.register(edition=edition, person=person)
    assert services.may_change(registration) is True
    edition.ends_on = timezone.localdate() - dt.timedelta(days=1)
    assert services.may_change(registration) is False


def test_wishes_are_for_cafes_of_this_edition_once_each(edition, person, cafes, ten):
    for wishes in ([cafes[0], cafes[0]], [ten], [SessionFactory(cafe=True)]):
        with pytest.raises(DomainError) as refusal:
            services.register(edition=edition, person=person, cafes=wishes)
        assert refusal.value.field == "cafes"
    assert Registration.objects.count() == 0


def test_mail_names_a_session_once(edition, person, ten):
    services.register(edition=edition, person=person, sessions=[ten, ten], language="en")
    assert Message.objects.get().text.count("Water and sanitation") == 1


def test_mail_tells_of_the_session_as_it_is_behind_the_lock(edition, person, ten):
    """The letter is written before the lock: a session that moved meanwhile has it written anew."""
    Session.objects.update(start=dt.time(15), end=dt.time(16), revision=1)
    services.register(edition=edition, person=person, sessions=[ten], language="en")
    text = Message.objects.get().text
    assert ("15:00" in text, "10:00" in text) == (True, False)
