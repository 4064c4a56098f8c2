"""A release sent to the press list: once to each, and only while it stands."""

import datetime as dt
import email
import email.policy

import pytest
from django.conf import settings as site
from django.utils import timezone

from events.models import Mailing, PressContact, PressRelease, Recipient, Revision
from events.press import mailing, publishing, subscription
from events.press.plain import WIDTH, plain_text
from events.press.writing import from_json
from events.tasks import mail
from events.tests.factories import PressContactFactory, PressReleaseFactory
from raict.celery import app
from raict.errors import DomainError
from raict.mail import outbox
from raict.mail.models import Message
from raict.mail.tests.conftest import smtp  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BOTH = {
    "language": "fr+en",
    "headline_en": "A headline",
    "lead_en": "A lead.",
    "body_en": "A paragraph.",
}


@pytest.fixture
def release():
    return PressReleaseFactory(
        edition__press_contact_email="presse@example.org",
        headline_fr="L’eau & l’air",
        body_fr="Un paragraphe.\n\n## Un titre\n\nVoir [la page](/presse/).",
        **BOTH,
    )


@pytest.fixture
def awa():
    return PressContactFactory(email="awa@example.org")


def mails() -> list[str]:
    return sorted(Message.objects.values_list("to", flat=True))


# ------------------------------------------------------------------------------------- begin
def test_it_goes_to_everybody_who_can_be_reached(release, awa, admin_user):
    PressContactFactory(unsubscribed_at=timezone.now())
    PressContactFactory(bounced_on=dt.date(2026, 1, 1))
    begun = mailing.begin(release, user=admin_user)
    assert (begun.release, begun.version) == (release, 1)
    assert [one.contact for one in begun.recipients.all()] == [awa]
    noted = Revision.objects.get(action=Revision.Action.SENT)
    assert (noted.release, noted.user) == (release, admin_user)
    assert noted.note.split()[0] == "1"


def test_begun_again_it_goes_to_those_who_have_joined_since(release, awa):
    first = mailing.begin(release)
    assert mailing.write_open() == 1
    assert mailing.begin(release) == first
    assert mailing.write_open() == 0
    PressContactFactory(email="eva@example.org")
    mailing.begin(release)
    assert mailing.write_open() == 1
    assert mails() == ["awa@example.org", "eva@example.org"]
    # Pressed once too often, it says nothing.
    assert Revision.objects.filter(action=Revision.Action.SENT).count() == 2


def test_a_new_version_goes_to_everybody_again(release, awa):
    mailing.begin(release)
    publishing.withdraw(release, {"fr": "Erreur"})
    publishing.reopen(release)
    publishing.freeze(PressRelease.objects.get(pk=release.pk))
    again = PressRelease.objects.get(pk=release.pk)
    assert mailing.outlook(again).count == 1
    mailing.begin(again)
    # The mail of the first version was not written in time: it never will be.
    assert mailing.write_open() == 1
    assert [one.mailing.version for one in Recipient.objects.all()] == [2]


def _draft(release):
    return PressReleaseFactory(draft=True)


def _embargoed(release):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    return PressReleaseFactory(embargo_until=tomorrow)


def _withdrawn(release):
    publishing.withdraw(release, {"fr": "Erreur"})
    return release


def _of_a_draft_edition(release):
    release.edition.state = "draft"
    release.edition.save()
    return release


@pytest.mark.parametrize("make", [_draft, _embargoed, _withdrawn, _of_a_draft_edition])
def test_nothing_leaves_that_not_everybody_may_read(release, awa, make):
    with pytest.raises(DomainError):
        mailing.begin(make(release))
    assert (Mailing.objects.count(), Recipient.objects.count()) == (0, 0)


def test_an_empty_list_is_refused_in_a_sentence(release):
    PressContactFactory(unsubscribed_at=timezone.now())
    with pytest.raises(DomainError):
        mailing.begin(release)


def test_outlook_counts_whom_it_would_go_to(release, awa, django_assert_num_queries):
    mailing.begin(release)
    PressContactFactory.create_batch(2, kind="radio", language="en")
    PressContactFactory(kind="radio", unsubscribed_at=timezone.now())
    with django_assert_num_queries(1):
        seen = mailing.outlook(release)
    assert [(row["fr"], row["en"]) for _kind, row in seen.rows] == [(0, 2)]
    assert (seen.languages, seen.count, seen.had) == ({"fr": 0, "en": 2}, 2, 1)


# ------------------------------------------------------------------------------------- write
@pytest.mark.parametrize(
    ("published", "reads", "language"),
    [
        (BOTH, "fr", "fr"),
        (BOTH, "en", "en"),
        ({}, "en", "fr"),
        ({**BOTH, "language": "en"}, "fr", "en"),
    ],
)
def test_each_reads_it_in_their_language_if_it_is_published_in_it(published, reads, language):
    release = PressReleaseFactory(**published)
    PressContactFactory(language=reads)
    mailing.begin(release)
    mailing.write_open()
    message = Message.objects.get()
    assert (message.language, message.subject) == (
        language,
        {"fr": "Un titre", "en": "A headline"}[language],
    )
    prefix = "/en" if reads == "en" else ""
    assert message.unsubscribe_url.startswith(f"{site.SITE_URL}{prefix}/presse/desinscription/")
    # Somebody who reads the other language is told why, in that one.
    is_told = reads == "en" and language == "fr"
    assert (message.text.count("published in French only"), message.html.count("lang=")) == (
        int(is_told),
        3 if reads != language else 2,
    )


def test_text_part_is_the_release_and_the_ways_on(release, awa):
    mailing.begin(release)
    mailing.write_open()
    message = Message.objects.get()
    written = from_json(release.publications.get(language="fr").content)
    text = plain_text(written, WIDTH)
    assert message.text.startswith(text)
    rest = message.text.removeprefix(text).split()
    page = f"{site.SITE_URL}/presse/{release.slug}"
    assert [word for word in rest if word.startswith("http")] == [
        f"{page}/",
        f"{page}.pdf",
        f"{page}.docx",
        message.unsubscribe_url,
    ]
    assert (message.reply_to, message.reference) == ("presse@example.org", release.slug)


def test_html_part_needs_no_style_sheet_and_leads_back_to_the_site(release, awa):
    mailing.begin(release)
    mailing.write_open()
    html = Message.objects.get().html
    assert html.count(f'<a href="{site.SITE_URL}/presse/" style="color:#2b3f92">la page</a>') == 1
    assert html.count('<p style="margin:0 0 16px">Un paragraphe.</p>') == 1
    assert (html.count("L’eau &amp; l’air</h1>"), html.count("<style")) == (1, 0)
    assert html.count('href="/') == 0


def test_demonstration_says_so_in_subject_and_both_parts(awa):
    release = PressReleaseFactory(edition__number=0, edition__is_demonstration=True)
    mailing.begin(release)
    mailing.write_open()
    message = Message.objects.get()
    assert message.subject[0] == "["
    assert message.html.count("background:#fdf0cf") == 1
    assert (
        message.text.split("\n")[0]
        == from_json(release.publications.get().content).labels["demonstration"]
    )


def _leave(release, contact):
    subscription.leave(PressContact.objects.filter(pk=contact.pk))


def _bounce(release, contact):
    subscription.note_bounce(PressContact.objects.filter(pk=contact.pk))


def _withdraw(release, contact):
    publishing.withdraw(release, {"fr": "Erreur"})


@pytest.mark.parametrize("happens", [_leave, _bounce, _withdraw])
def test_what_happens_before_the_mail_is_written_stops_it(release, awa, happens):
    mailing.begin(release)
    happens(release, awa)
    assert mailing.write_open() == 0
    assert (Message.objects.count(), Recipient.objects.count()) == (0, 0)


def test_one_mail_that_cannot_be_written_keeps_nobody_waiting(release, awa, caplog):
    PressContactFactory(email="eva@example.org")
    mailing.begin(release)
    PressContact.objects.filter(pk=awa.pk).update(email="no address")
    assert mailing.write_open() == 1
    assert mails() == ["eva@example.org"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    PressContact.objects.filter(pk=awa.pk).update(email="awa@example.org")
    assert mailing.write_open() == 1


def test_a_worker_killed_in_the_middle_writes_the_rest_once(release, awa, monkeypatch):
    """What kill -9 does to a transaction: it never was."""
    PressContactFactory(email="eva@example.org")
    mailing.begin(release)

    class Killed(BaseException):
        """No `except Exception` sees it."""

    def die(message):
        outbox.post(message)
        if message.to == "eva@example.org":
            raise Killed
        return message

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "queue", lambda **parts: die(outbox.compose(**parts)))
        with pytest.raises(Killed):
            mailing.write_open()
    assert mails() == ["awa@example.org"]
    mail()
    mail()
    assert mails() == ["awa@example.org", "eva@example.org"]


def test_the_worker_knows_the_task_and_the_clock_calls_it():
    app.loader.import_default_modules()
    assert app.tasks[mailing.TASK].name == mail.name == "press.mail"
    assert site.CELERY_BEAT_SCHEDULE["mail to the press"]["task"] == mail.name


@pytest.mark.parametrize("people", [1, 3])
def test_each_mail_costs_the_same(release, people, django_assert_num_queries):
    PressContactFactory.create_batch(people)
    mailing.begin(release)
    # Two reads of who is left; for each: savepoint, claim, row, does it stand, text, mail, row.
    with django_assert_num_queries(2 + 8 * people):
        assert mailing.write_open() == people


# ---------------------------------------------------------------------------------- delivery
def deliver(message: Message) -> Message:
    assert outbox.deliver(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_server_receives_release_pdf_and_the_way_to_leave(smtp, release, language):  # noqa: F811
    PressContactFactory(email="jane@example.org", language=language)
    mailing.begin(release)
    mailing.write_open()
    message = deliver(Message.objects.get())
    assert message.state == "sent"
    [envelope] = smtp.letters
    received = email.message_from_bytes(envelope.content, policy=email.policy.default)
    prefix = "/en" if language == "en" else ""
    address = received["List-Unsubscribe"].strip()
    assert address == f"<{message.unsubscribe_url}>"
    assert address.startswith(f"<{site.SITE_URL}{prefix}/presse/desinscription/")
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (received["To"], received["Reply-To"]) == ("jane@example.org", "presse@example.org")
    assert (received["Content-Language"], received["Subject"]) == (
        language,
        {"fr": "L’eau & l’air", "en": "A headline"}[language],
    )
    [part] = received.iter_attachments()
    published = release.publications.get(language=language)
    assert (part.get_filename(), part.get_content_type()) == (
        f"{release.slug}.pdf",
        "application/pdf",
    )
    assert part.get_payload(decode=True) == bytes(published.pdf)


def _publish_anew(release, contact):
    publishing.withdraw(release, {"fr": "Erreur"})
    publishing.reopen(release)
    publishing.freeze(PressRelease.objects.get(pk=release.pk))


def _erase(release, contact):
    contact.delete()


@pytest.mark.parametrize("happens", [_leave, _bounce, _erase, _withdraw, _publish_anew])
def test_what_happens_before_the_mail_leaves_stops_it_with_the_reason(
    smtp,  # noqa: F811
    release,
    awa,
    happens,
):
    mailing.begin(release)
    mailing.write_open()
    happens(release, awa)
    message = deliver(Message.objects.get())
    assert (message.state, message.attempts, smtp.letters) == ("failed", 1, [])
    why = "publié à nouveau" if happens in (_withdraw, _publish_anew) else "liste de presse"
    assert why in message.answer
