"""The team confirms, refuses, puts on the waiting list, cancels: one by one."""

import pytest

from events.models import Edition
from raict.mail.models import Message
from registrations import rules, services
from registrations.models import Change, Registration
from registrations.reckoning import differences
from registrations.tests.factories import CategoryFactory, OrganisationFactory
from registrations.tests.pages import page_of, text_of
from registrations.tests.seating import counters, full, happened, mails, seated, states

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def pending(edition, person, ten):
    """Awaits approval, with a seat."""
    category = CategoryFactory(needs_approval=True)
    return services.register(
        edition=edition, person={**person, "category": category}, sessions=[ten], notify=False
    )


def again(registration):
    return Registration.objects.select_related("edition__venue", "category").get(pk=registration.pk)


def state(registration):
    return again(registration).state


# --------------------------------------------------------------------------------------- confirm
def test_confirm_who_awaits_approval_with_a_word(pending, admin_user):
    assert services.approve(pending, reason="À bientôt à Paris !", user=admin_user) is True
    assert services.approve(pending, reason="Encore", user=admin_user) is False
    change = Change.objects.get(action="approved")
    assert (change.by, change.user, change.reason) == ("team", admin_user, "À bientôt à Paris !")
    message = Message.objects.get()
    assert (message.template, message.attachments) == (
        "registration_approved",
        ["badge", "calendar"],
    )
    for text in (message.text, message.html):
        assert text.count("À bientôt à Paris") == 1
    assert differences() == []


def test_confirm_who_waits_gives_what_was_asked_for(edition, ten):
    Edition.objects.update(capacity=1)
    seated(edition)
    waiting = seated(edition, ten)
    with pytest.raises(rules.NoPlaceLeft):
        services.approve(again(waiting))
    assert (state(waiting), mails()) == ("waiting", [])
    # The capacity is written by another way: nobody has looked at the line since.
    Edition.objects.update(capacity=2)
    assert services.approve(again(waiting)) is True
    assert (state(waiting), states(waiting)) == (
        "confirmed",
        {"Eau et assainissement": "confirmed"},
    )
    assert mails() == [(waiting.email, "registration_approved")]
    assert differences() == []


def test_a_refused_registration_is_opened_again(awa, ten):
    services.refuse(awa)
    assert services.approve(again(awa)) is True
    assert (state(awa), states(awa)) == ("confirmed", {})
    assert counters(awa.edition, ten) == [1, 0]
    assert happened(awa)[-2:] == ["refused", "reopened"]
    assert again(awa).cancelled_at is None
    assert differences() == []


def test_nobody_is_opened_again_beside_another_with_the_address(awa, person):
    services.cancel(awa, notify=False)
    services.register(edition=awa.edition, person=person, notify=False)
    with pytest.raises(rules.AddressRegistered):
        services.approve(again(awa))
    assert (state(awa), Message.objects.count()) == ("cancelled", 0)


# ---------------------------------------------------------------------------------------- refuse
def test_refuse_gives_everything_back_and_says_why(pending, ten, admin_user):
    other = seated(pending.edition, lists=[ten])
    assert services.refuse(pending, reason="Complet pour votre structure.", user=admin_user) is True
    assert services.refuse(again(pending)) is False
    assert counters(pending.edition, ten) == [1, 1]
    assert (state(pending), state(other)) == ("refused", "confirmed")
    change = Change.objects.get(action="refused")
    assert (change.user, change.reason) == (admin_user, "Complet pour votre structure.")
    message = Message.objects.get()
    assert (message.to, message.template) == (pending.email, "registration_refused")
    assert message.text.count("Complet pour votre structure.") == 1
    assert "mon-inscription" not in message.text
    assert differences() == []


def test_a_refused_address_registers_no_more_and_learns_nothing(pending, person):
    services.refuse(pending, notify=False)
    same = services.register(edition=pending.edition, person=person)
    assert (same.pk, Registration.objects.count()) == (pending.pk, 1)
    assert (state(pending), mails()) == ("refused", [(pending.email, "registration_link")])


def test_the_page_of_who_is_refused_says_so(client, pending):
    services.refuse(pending, reason="Votre structure a déjà trois places.", notify=False)
    text = text_of(client.get(page_of(pending)))
    assert "Votre structure a déjà trois places." in text
    assert client.get(page_of(pending, "sessions")).url == page_of(pending)


# ----------------------------------------------------------------------------------- waiting list
def test_put_on_the_list_the_place_goes_to_the_first(edition, ten):
    Edition.objects.update(capacity=2)
    first, second = seated(edition, ten), seated(edition)
    waiting, last = seated(edition, ten), seated(edition)
    assert services.defer(again(first), reason="Deux par structure.") is True
    assert [state(one) for one in (first, second, waiting, last)] == [
        *("waiting", "confirmed", "confirmed", "waiting")
    ]
    assert again(first).rank() == 2
    assert states(first) == {"Eau et assainissement": "asked"}
    assert states(waiting) == {"Eau et assainissement": "confirmed"}
    assert happened(first)[-2:] == ["deferred", "asked"]
    assert mails() == [
        (first.email, "registration_deferred"),
        (waiting.email, "seats_changed"),
    ]
    assert services.defer(again(first)) is False
    assert differences() == []


def test_nobody_is_put_on_a_list_on_which_nobody_waits(awa, ten):
    with pytest.raises(rules.NobodyWaits):
        services.defer(awa)
    assert (state(awa), counters(awa.edition, ten)) == ("confirmed", [1, 1])


# ------------------------------------------------------------------------------------------ many
def test_one_who_is_refused_does_not_stop_the_others(edition):
    Edition.objects.update(capacity=3)
    people = [seated(edition) for _one in range(3)]
    waiting = seated(edition)
    keys = [one.pk for one in people]
    outcomes = list(services.decide_each("defer", keys, reasons={"fr": "Pardon."}))
    assert [one.is_changed for one in outcomes] == [True, False, False]
    assert [bool(one.refusal) for one in outcomes] == [False, True, True]
    assert (state(waiting), state(people[0])) == ("confirmed", "waiting")
    repeated = list(services.decide_each("defer", keys[:1], reasons={}))
    assert [(one.is_changed, one.refusal) for one in repeated] == [(False, "")]
    assert differences() == []


def test_each_reads_the_reason_of_their_language_only(edition):
    french, english = seated(edition), seated(edition, language="en")
    keys = [french.pk, english.pk]
    list(services.decide_each("cancel", keys, reasons={"fr": "Salle réduite.", "en": ""}))
    texts = {message.to: message.text for message in Message.objects.all()}
    assert "Salle réduite." in texts[french.email]
    assert "Salle réduite." not in texts[english.email]
    assert dict(
        Change.objects.filter(action="cancelled").values_list("registration", "reason")
    ) == {
        french.pk: "Salle réduite.",
        english.pk: "",
    }


def test_a_full_session_goes_down_its_line(edition, ten):
    (holder,) = full(edition, ten)
    waiting = seated(edition, lists=[ten], organisation=OrganisationFactory())
    services.refuse(holder)
    assert states(waiting) == {"Eau et assainissement": "confirmed"}
    assert mails() == [(holder.email, "registration_refused"), (waiting.email, "seats_changed")]
