"""The team's pages of the press list and of mailings."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from events.models import Mailing, PressContact, Recipient
from events.press import mailing, publishing
from events.tests.factories import PressContactFactory, PressReleaseFactory
from raict.mail.models import Message
from raict.tests.staff import change

pytestmark = pytest.mark.django_db
CONTACTS = reverse("admin:events_presscontact_changelist")
RECIPIENTS = reverse("admin:events_recipient_changelist")
MAILINGS = reverse("admin:events_mailing_changelist")
INDEX = reverse("admin:index")
State = Message.State


def release(**parts):
    return PressReleaseFactory(**parts)


def begin_page(of) -> str:
    return reverse("admin:events_mailing_begin", args=[of.pk])


def page_of(sent: Mailing) -> str:
    return reverse("admin:events_mailing_change", args=[sent.pk])


def act(client, address, action, *rows):
    keys = [row.pk for row in rows]
    return client.post(address, {"action": action, "_selected_action": keys})


def member(django_user_model, *names):
    user = django_user_model.objects.create_user("paul", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return user


@pytest.fixture
def sent():
    """One of each: failed, sent, queued, being sent, to be written, and one that came back."""
    begun = None
    of = release()
    PressContactFactory.create_batch(5)
    begun = mailing.begin(of)
    mailing.write_open()
    states = [State.FAILED, State.SENT, State.QUEUED, State.SENDING, State.SENT]
    for recipient, state in zip(begun.recipients.all(), states, strict=True):
        Message.objects.filter(pk=recipient.message_id).update(
            state=state, answer="2027-01-15 11:00:00 550 No such mailbox\n" * (state == "failed")
        )
    begun.recipients.filter(pk=begun.recipients.last().pk).update(bounced_on=dt.date(2027, 1, 1))
    PressContactFactory()
    return mailing.begin(of)


# ------------------------------------------------------------------------------- the press list
def test_a_contact_is_added_with_todays_consent(admin_client):
    page = admin_client.get(reverse("admin:events_presscontact_add"))
    assert page.context["adminform"].form.initial["consented_on"] == timezone.localdate()


def test_the_team_cannot_put_back_who_has_left(admin_client):
    left = PressContactFactory(unsubscribed_at=timezone.now(), bounced_on=dt.date(2027, 1, 1))
    change(admin_client, left, bounced_on="", unsubscribed_at_0="", unsubscribed_at_1="")
    answer = act(admin_client, CONTACTS, "works_again", left)
    left.refresh_from_db()
    assert (left.bounced_on, left.is_reachable) == (None, False)
    assert len(list(get_messages(answer.wsgi_request))) == 3


@pytest.mark.parametrize(
    ("action", "column"), [("came_back", "bounced_on"), ("leave", "unsubscribed_at")]
)
def test_the_team_stops_mail_to_an_address(admin_client, sent, action, column):
    contact = sent.recipients.first().contact
    act(admin_client, CONTACTS, action, contact)
    contact.refresh_from_db()
    assert (contact.is_reachable, getattr(contact, column) is None) == (False, False)
    first = sent.recipients.first().bounced_on
    assert first == (timezone.localdate() if action == "came_back" else None)


def test_a_contact_is_erased_with_all_that_was_sent_to_them(admin_client, sent):
    contact = sent.recipients.first().contact
    address = reverse("admin:events_presscontact_delete", args=[contact.pk])
    assert admin_client.post(address, {"post": "yes"}).url == CONTACTS
    assert (PressContact.objects.count(), sent.recipients.count()) == (5, 5)


@pytest.mark.parametrize(
    ("standing", "found"),
    [("reachable", ["a"]), ("unsubscribed", ["b"]), ("bounced", ["c"]), ("moon", ["c"])],
)
def test_the_list_is_filtered_by_standing(admin_client, standing, found):
    PressContactFactory(name="a")
    PressContactFactory(name="b", unsubscribed_at=timezone.now())
    PressContactFactory(name="c", bounced_on=dt.date(2027, 1, 1))
    rows = admin_client.get(CONTACTS, {"standing": standing}).context["cl"].result_list
    assert [row.name for row in rows] == found


# ---------------------------------------------------------------------------------- begin
def test_the_page_says_whom_it_goes_to_and_the_button_sends_it(admin_client):
    of = release()
    PressContactFactory(kind="radio")
    page = admin_client.get(begin_page(of))
    assert (page.context["outlook"].count, page.context["languages"]) == (1, ["fr"])
    assert Recipient.objects.count() == 0
    answer = admin_client.post(begin_page(of))
    begun = Mailing.objects.get()
    assert (answer.url, begun.recipients.count()) == (page_of(begun), 1)
    again = admin_client.get(begin_page(of))
    assert (again.context["outlook"].count, again.context["outlook"].had) == (0, 1)
    assert (
        again.content.decode().count('type="submit"')
        == page.content.decode().count('type="submit"') - 1
    )


@pytest.mark.parametrize("why", ["draft", "embargo", "nobody"])
def test_what_cannot_be_sent_has_no_button(admin_client, why):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    of = release(draft=why == "draft", embargo_until=tomorrow if why == "embargo" else None)
    if why != "nobody":
        PressContactFactory()
    page = admin_client.get(begin_page(of))
    assert str(page.context["refusal"]) != ""
    assert page.content.decode().count('class="submit-row"') == 0
    answer = admin_client.post(begin_page(of))
    assert (answer.status_code, Mailing.objects.count()) == (200, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_one_contact_and_three(
    admin_client, rows, django_assert_num_queries
):
    of = release()
    PressContactFactory.create_batch(rows)
    with django_assert_num_queries(8):
        admin_client.get(begin_page(of))


def test_beginning_needs_the_right_to_add_a_mailing(client, django_user_model):
    of = release()
    PressContactFactory()
    client.force_login(member(django_user_model, "view_mailing", "change_pressrelease"))
    assert (client.get(begin_page(of)).status_code, client.post(begin_page(of)).status_code) == (
        403,
        403,
    )
    assert not Mailing.objects.exists()


# --------------------------------------------------------------------------------- progress
def test_a_mailing_counts_what_became_of_each_mail(admin_client, sent):
    [row] = admin_client.get(MAILINGS).context["cl"].result_list
    names = ("total", "to_write", "under_way", "sent", "failed", "returned")
    assert [getattr(row, f"{name}_count") for name in names] == [6, 1, 2, 2, 1, 1]


def test_each_number_of_a_mailing_leads_to_its_rows(admin_client, sent):
    other = release()
    mailing.begin(other)
    page = admin_client.get(page_of(sent))
    for label, count, address in page.context["states"]:
        rows = admin_client.get(address).context["cl"].result_count
        assert (str(label), rows) == (str(label), count)
    assert [one.message.answer for one in page.context["failures"]] == [
        "2027-01-15 11:00:00 550 No such mailbox\n"
    ]
    assert "550 No such mailbox" in page.content.decode()


def test_a_mailing_is_not_edited(admin_client, sent):
    assert admin_client.post(page_of(sent), {"version": 9}).status_code == 403
    assert admin_client.get(reverse("admin:events_mailing_add")).status_code == 403
    recipient = sent.recipients.first()
    address = reverse("admin:events_recipient_change", args=[recipient.pk])
    assert (admin_client.get(address).status_code, admin_client.post(address).status_code) == (
        200,
        403,
    )


def test_a_mail_that_came_back_is_marked_with_its_contact(admin_client, sent):
    recipient = sent.recipients.first()
    act(admin_client, RECIPIENTS, "came_back", recipient)
    recipient.refresh_from_db()
    today = timezone.localdate()
    assert (recipient.bounced_on, recipient.contact.bounced_on) == (today, today)
    assert Recipient.objects.filter(bounced_on=today).count() == 1


def test_marking_needs_the_right_to_change(client, django_user_model, sent):
    recipient = sent.recipients.first()
    client.force_login(member(django_user_model, "view_recipient", "view_presscontact"))
    page = client.get(RECIPIENTS)
    assert (page.status_code, "came_back" in page.content.decode()) == (200, False)
    act(client, RECIPIENTS, "came_back", recipient)
    act(client, CONTACTS, "came_back", recipient.contact)
    assert PressContact.objects.filter(bounced_on__isnull=False).count() == 0


LISTS = {CONTACTS: 5, RECIPIENTS: 6, MAILINGS: 6}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", LISTS)
def test_lists_ask_the_same_for_one_row_and_three(
    admin_client, rows, address, django_assert_num_queries
):
    for _row in range(rows):
        PressContactFactory()
        mailing.begin(release())
    mailing.write_open()
    with django_assert_num_queries(LISTS[address]):
        assert admin_client.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_mailing_asks_the_same_for_one_failure_and_three(
    admin_client, rows, django_assert_num_queries
):
    PressContactFactory.create_batch(rows)
    begun = mailing.begin(release())
    mailing.write_open()
    Message.objects.update(state=State.FAILED)
    admin_client.get(page_of(begun))  # content types are kept by the process
    with django_assert_num_queries(6):
        admin_client.get(page_of(begun))


# --------------------------------------------------------------------------------- home page
def alarms(client) -> list[tuple[int, int]]:
    """(figure, rows of the list to which it leads) of the alarms about mail to the press."""
    tasks = client.get(INDEX).context["tasks"]
    mine = [one for one in tasks if one.url.startswith(RECIPIENTS)]
    return [(one.value, client.get(one.url).context["cl"].result_count) for one in mine]


def test_a_failure_is_an_alarm_until_somebody_has_seen_to_it(admin_client, sent):
    assert alarms(admin_client) == [(1, 1)]
    act(admin_client, RECIPIENTS, "came_back", sent.recipients.get(message__state=State.FAILED))
    assert alarms(admin_client) == []


def test_what_was_stopped_with_its_release_is_no_alarm(admin_client, sent):
    publishing.withdraw(sent.release, {"fr": "Erreur"})
    assert alarms(admin_client) == []
