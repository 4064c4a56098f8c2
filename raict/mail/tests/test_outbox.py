import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from raict.mail import broker, outbox
from raict.mail.models import Message

pytestmark = pytest.mark.sqlite
NOW = "2027-01-15T10:00:00Z"
ATTACHMENTS = "raict.mail.tests.test_outbox"


def breaks(message):
    raise LookupError(f"no badge for {message.reference}")


# ------------------------------------------------------------------------------------- queue
@pytest.mark.django_db
def test_queue_renders_in_the_language_of_the_recipient():
    with transaction.atomic():
        message = outbox.queue(to="a@example.org", template="test", language="en", context={})

    message.refresh_from_db()
    assert message.subject == "Test message of the RAICT site"
    assert 'lang="en"' in message.html
    assert (message.state, message.attempts, message.answer) == ("queued", 0, "")


@pytest.mark.django_db
def test_queue_keeps_the_subject_on_one_line(letter):
    message = letter(subject="Bonjour\r\nBcc: all@example.org\x00\u2028fin\u202f!")

    assert message.subject == "Bonjour Bcc: all@example.org fin\u202f!"


@pytest.mark.django_db
def test_queue_escapes_in_html_and_not_in_plain_text(letter):
    message = letter(subject="L'eau & l'air", body="<b>l'eau</b>")

    assert message.subject == "L'eau & l'air"
    assert message.text == "<b>l'eau</b>\n"
    assert message.html == "<p>&lt;b&gt;l&#x27;eau&lt;/b&gt;</p>"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nobody", "a@example.org\nBcc: b@example.org"])
def test_queue_refuses_a_malformed_address(letter, address):
    with pytest.raises(ValidationError) as refusal:
        letter(to=address)

    assert list(refusal.value.message_dict) == ["to"]
    assert Message.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"language": "de"}, {"attachments": ["invoice"]}])
def test_queue_refuses_what_the_worker_could_not_send(letter, options):
    with pytest.raises(ValueError, match="settings"):
        letter(**options)


@pytest.mark.django_db(transaction=True)
def test_queue_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match=r"inside transaction\.atomic"):
        outbox.queue(to="a@example.org", template="test", language="fr", context={})

    assert Message.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_rollback_leaves_no_message_and_wakes_nobody(letter, monkeypatch):
    woken = []
    monkeypatch.setattr(broker, "wake", lambda *args: woken.append(args))

    with transaction.atomic():
        letter()
        transaction.set_rollback(True)
    kept = letter()

    assert list(Message.objects.all()) == [kept]
    assert woken == [("mail.send", kept.pk)]


# ------------------------------------------------------------------------------------- claim
@pytest.mark.django_db(transaction=True)
def test_claim_of_one_message_by_twelve_workers_has_one_winner(letter):
    message = letter()
    together, won = threading.Barrier(12), []

    def work():
        try:
            together.wait()
            if outbox.claim(message.pk):
                won.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    message.refresh_from_db()
    assert (len(won), message.state, message.attempts) == (1, "sending", 1)


@pytest.mark.django_db
def test_claim_takes_only_what_is_due_or_orphaned(letter):
    now = timezone.now()
    soon, past = now + timedelta(minutes=1), now - timedelta(seconds=1)
    states = {
        "due": {"not_before": past},
        "later": {"not_before": soon},
        "orphaned": {"state": "sending", "leased_until": past},
        "in hand": {"state": "sending", "leased_until": soon},
        "sent": {"state": "sent"},
        "failed": {"state": "failed"},
        "used up": {"not_before": past, "attempts": outbox.MAX_ATTEMPTS},
    }
    messages = {name: letter() for name in states}
    for name, values in states.items():
        Message.objects.filter(pk=messages[name].pk).update(**values)

    claimed = [name for name, message in messages.items() if outbox.claim(message.pk)]

    assert claimed == ["due", "orphaned"]


# ----------------------------------------------------------------------------------- deliver
@pytest.mark.django_db
def test_delivered_message_is_sent_once(letter):
    message = letter()

    assert [outbox.deliver(message.pk), outbox.deliver(message.pk)] == [True, False]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.leased_until) == ("sent", 1, None)
    assert message.sent_at is not None
    assert [sent.subject for sent in mail.outbox] == ["Bonjour"]


@pytest.mark.django_db
def test_attachment_that_cannot_be_made_is_retried_then_failed_with_the_reason(letter, settings):
    settings.MAIL_ATTACHMENTS = {"badge": f"{ATTACHMENTS}.breaks"}
    message = letter(attachments=["badge"], reference="ABC")
    with time_machine.travel(NOW, tick=False) as clock:
        Message.objects.update(not_before=timezone.now())
        for pause in outbox.PAUSES:
            outbox.deliver(message.pk)
            message.refresh_from_db()
            assert (message.state, message.not_before) == ("queued", timezone.now() + pause)
            assert not outbox.deliver(message.pk)
            clock.shift(pause)
        outbox.deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", outbox.MAX_ATTEMPTS)
    lines = message.answer.splitlines()
    assert lines[0] == "2027-01-15 11:00:00 LookupError: no badge for ABC"
    assert len(lines) == outbox.MAX_ATTEMPTS
    assert mail.outbox == []


def test_pauses_grow_from_a_minute_to_a_day():
    assert [pause.total_seconds() / 60 for pause in outbox.PAUSES] == [1, 5, 15, 60, 240, 720, 1440]


@pytest.mark.django_db
def test_outcome_of_a_lost_lease_is_not_written(letter):
    message = letter()
    first = outbox.claim(message.pk)
    Message.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    second = outbox.claim(message.pk)

    outbox._settle(first, state="failed")
    message.refresh_from_db()
    assert message.state == "sending"
    outbox._settle(second, state="sent")
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


@pytest.mark.django_db
def test_orphan_is_sent_again_and_says_so(letter):
    message = letter()
    with time_machine.travel(NOW, tick=False) as clock:
        Message.objects.update(not_before=timezone.now())
        outbox.claim(message.pk)  # and the worker dies here
        assert outbox.sweep(5) == 0
        clock.shift(101)
        assert outbox.sweep(5) == 1

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert message.answer.startswith("2027-01-15 11:01:41 ")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_message_that_kills_its_worker_every_time_is_given_up(letter):
    message = letter()
    Message.objects.update(
        state="sending",
        attempts=outbox.MAX_ATTEMPTS,
        leased_until=timezone.now() - timedelta(seconds=1),
    )

    assert outbox.sweep(5) == 0
    message.refresh_from_db()
    assert (message.state, message.leased_until) == ("failed", None)
    assert message.answer.count("\n") == 1


# ------------------------------------------------------------------------------------- sweep
@pytest.mark.django_db
def test_sweep_sends_everything_due_oldest_first(letter):
    now = timezone.now()
    for number in range(60):
        message = letter(subject=str(number))
        Message.objects.filter(pk=message.pk).update(not_before=now - timedelta(minutes=number))
    letter(subject="later", to="b@example.org")
    Message.objects.filter(to="b@example.org").update(not_before=now + timedelta(hours=1))

    assert outbox.sweep(30) == 60
    assert [sent.subject for sent in mail.outbox] == [str(n) for n in reversed(range(60))]


@pytest.mark.django_db
def test_sweep_ends_when_its_time_is_over(letter):
    letter()

    assert outbox.sweep(0) == 0
    assert outbox.backlog().count == 1


@pytest.mark.django_db
def test_sweep_goes_on_after_a_message_that_fails(letter, settings):
    settings.MAIL_ATTACHMENTS = {"badge": f"{ATTACHMENTS}.breaks"}
    letter(subject="broken", attachments=["badge"])
    letter(subject="whole")

    assert outbox.sweep(30) == 2
    assert [sent.subject for sent in mail.outbox] == ["whole"]


# --------------------------------------------------------------------------------- for people
@pytest.mark.django_db
def test_retry_queues_failed_messages_only(letter):
    failed, sent = letter(subject="failed"), letter(subject="sent")
    Message.objects.filter(pk=failed.pk).update(state="failed", attempts=8, answer="550 No\n")
    Message.objects.filter(pk=sent.pk).update(state="sent")

    assert outbox.retry([failed.pk, sent.pk]) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.answer) == ("queued", 0, "550 No\n")
    outbox.sweep(5)
    assert [message.subject for message in mail.outbox] == ["failed"]


@pytest.mark.django_db
def test_backlog_counts_what_should_have_left(letter):
    with time_machine.travel(NOW, tick=False):
        now = timezone.now()
        assert outbox.backlog() == (0, timedelta(0))
        for not_before in (now - timedelta(minutes=7), now, now + timedelta(minutes=5)):
            message = letter()
            Message.objects.filter(pk=message.pk).update(not_before=not_before)

        assert outbox.backlog() == (2, timedelta(minutes=7))


@pytest.mark.django_db
def test_backlog_and_claim_cost_few_queries(letter, django_assert_num_queries):
    message = letter()

    with django_assert_num_queries(1):
        outbox.backlog()
    with django_assert_num_queries(3):  # claim, read, settle
        outbox.deliver(message.pk)
