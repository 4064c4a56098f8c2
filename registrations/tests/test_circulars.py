"""Group mail: who gets it, once each, in slices; paused, resumed and stopped."""

import pytest
from django.db import IntegrityError, transaction

from events.models import Edition
from events.tests.factories import EditionFactory
from raict.errors import DomainError
from raict.mail import outbox
from raict.mail.models import Message
from registrations.models import Circular, CircularRecipient, Registration
from registrations.services import circulars
from registrations.tests.factories import CategoryFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
WORDS = {"subject_fr": "Accès", "text_fr": "Bonjour {{ prenom }}, entrez par la cour."}


@pytest.fixture
def people(edition):
    category = CategoryFactory()
    return [
        RegistrationFactory(
            edition=edition,
            category=category,
            first_name=name,
            email=f"{name}@example.org",
            language=language,
            state=state,
        )
        for name, language, state in [
            ("Awa", "fr", "confirmed"),
            ("Jane", "en", "confirmed"),
            ("Max", "fr", "cancelled"),
        ]
    ]


def write(**values) -> Circular:
    circular = circulars.draft(Registration.objects.all())
    Circular.objects.filter(pk=circular.pk).update(**{**WORDS, **values})
    circular.refresh_from_db()
    return circular


def sent() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("to", "language"))


def test_each_in_their_language_and_no_cancelled_ones(people):
    circular = write(subject_en="Access", text_en="Dear {{ first_name }}")
    assert circulars.begin(circular) == 2
    assert circulars.write_open() == 2
    french, english = Message.objects.order_by("pk")
    assert french.subject.startswith("Accès")
    assert french.text.startswith("Bonjour Awa, entrez par la cour.\n")
    assert english.text.startswith("Dear Jane\n")
    assert (english.reference, english.template) == (people[1].reference, "circular")
    assert english.unsubscribe_url == ""


@pytest.mark.parametrize(("text", "count"), [("Bonjour", 0), ("{{ adresse_page }}", 1)])
def test_the_foot_speaks_of_the_page_above_where_there_is_one(people, text, count):
    circulars.begin(write(text_fr=text))
    circulars.write_open()
    said = Message.objects.first().text
    assert said.count("ci-dessus") == said.count("/mon-inscription/") == count


def test_where_one_language_is_empty_the_other_stands_in(people):
    circulars.begin(write())
    circulars.write_open()
    assert sent() == [("Awa@example.org", "fr"), ("Jane@example.org", "fr")]


def test_cancelled_ones_when_asked(people):
    circulars.begin(write(with_cancelled=True))
    assert circulars.write_open() == 3


def test_one_address_gets_one_mail(people, edition):
    """Who has cancelled and registered anew: the registration that stands."""
    again = RegistrationFactory(
        edition=edition, email="MAX@example.org", category=people[0].category
    )
    circular = write(with_cancelled=True)
    assert circulars.begin(circular) == 3
    assert set(circular.recipients.values_list("registration", flat=True)) == {
        *(people[0].pk, people[1].pk, again.pk)
    }
    twice = CircularRecipient(circular=circular, registration=people[2], email="max@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


def test_recipients_are_frozen_and_begun_once(people, edition):
    circular = write()
    assert circulars.begin(circular) == 2
    RegistrationFactory(edition=edition, category=people[0].category)
    Circular.objects.update(chosen=[one.pk for one in Registration.objects.all()])
    assert circulars.begin(circular) == 0
    assert circular.recipients.count() == 2


def test_who_cancels_meanwhile_gets_none(people):
    circular = write()
    circulars.begin(circular)
    Registration.objects.filter(pk=people[0].pk).update(state="cancelled")
    assert circulars.write_open() == 1
    assert circular.recipients.count() == 1


@pytest.mark.parametrize(
    "values", [{"text_fr": "", "subject_fr": ""}, {"chosen": []}, {"chosen": [0]}]
)
def test_nothing_to_send_is_refused(people, values):
    with pytest.raises(DomainError):
        circulars.begin(write(**values))
    assert Circular.objects.get().state == "draft"


def test_a_selection_is_of_one_edition(people):
    RegistrationFactory(edition=EditionFactory())
    for chosen in (Registration.objects.all(), Registration.objects.none()):
        with pytest.raises(DomainError):
            circulars.draft(chosen)


def test_slices(people, settings):
    settings.CIRCULAR_PER_MINUTE = 1
    circulars.begin(write())
    assert [circulars.write_open() for _run in range(3)] == [1, 0, 0]
    long_ago = CircularRecipient.objects.exclude(written_at=None)
    long_ago.update(written_at="2000-01-01T00:00Z")
    assert circulars.write_open() == 1


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_pause_takes_back_what_waits_and_resume_sends_it(people, settings):
    settings.CIRCULAR_PER_MINUTE = 1
    circular = write()
    circulars.begin(circular)
    circulars.write_open()
    assert circulars.pause(circular)
    assert states() == ["withdrawn"]
    settings.CIRCULAR_PER_MINUTE = 100
    assert circulars.write_open() == 0
    assert circulars.resume(circular)
    assert states() == ["queued"]
    assert circulars.write_open() == 1
    assert sent() == [("Awa@example.org", "fr"), ("Jane@example.org", "fr")]
    assert not circulars.resume(circular)


def test_what_is_being_sent_when_the_pause_comes_is_not_tried_again(people):
    circular = write()
    circulars.begin(circular)
    circulars.write_open()
    first = Message.objects.order_by("pk").first()
    assert outbox.claim(first.pk)
    circulars.pause(circular)
    assert states() == ["sending", "withdrawn"]
    Message.objects.filter(pk=first.pk).update(state="queued", leased_until=None)
    circulars.write_open()
    assert states() == ["withdrawn", "withdrawn"]


def test_stop_is_for_good_and_leaves_what_is_sent(people):
    circular = write()
    circulars.begin(circular)
    circulars.write_open()
    Message.objects.filter(to="Awa@example.org").update(state="sent")
    assert circulars.stop(circular)
    assert states() == ["sent", "withdrawn"]
    assert [circulars.stop(circular), circulars.resume(circular), circulars.pause(circular)] == [
        *[False] * 3
    ]
    assert circulars.begin(circular) == 0


def test_a_mail_that_cannot_be_written_keeps_nobody_waiting(people):
    Registration.objects.filter(pk=people[0].pk).update(email="kaputt")
    circulars.begin(write())
    assert circulars.write_open() == 1
    assert sent() == [("Jane@example.org", "fr")]


def test_group_mail_tells_that_an_edition_is_called_off(people, edition):
    circulars.begin(write())
    Edition.objects.update(state="cancelled")
    assert circulars.write_open() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_slice(people, edition, count, django_assert_num_queries):
    Registration.objects.filter(pk__in=[one.pk for one in people]).delete()
    for _one in range(count):
        RegistrationFactory(edition=edition, category=people[0].category)
    circulars.begin(write())
    with django_assert_num_queries(3 + 10 * count):
        assert circulars.write_open() == count
