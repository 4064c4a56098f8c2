"""Group mail and timed mail in the workplace."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.tests.factories import EditionFactory
from raict.mail.models import Message
from registrations.models import Booking, Circular, TimedLetter
from registrations.services import circulars
from registrations.tests.factories import RegistrationFactory
from registrations.tests.seating import seated
from registrations.tests.team import act, sentences

pytestmark = pytest.mark.django_db
LIST = reverse("admin:registrations_circular_changelist")
TIMED = reverse("admin:registrations_timedletter_changelist")
WORDS = {"subject_fr": "Accès", "text_fr": "Bonjour {{ prenom }}", "subject_en": "", "text_en": ""}


def page(circular, name="change") -> str:
    return reverse(f"admin:registrations_circular_{name}", args=[circular.pk])


@pytest.fixture
def draft(admin_client, awa):
    act(admin_client, "write", awa)
    return Circular.objects.get()


@pytest.fixture
def member(client, django_user_model):
    """Signs in somebody of the team who has these permissions."""

    def sign_in(*codenames):
        user = django_user_model.objects.create_user("membre", "m@example.org", "x", is_staff=True)
        user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


def test_written_looked_at_and_sent(admin_client, draft, awa):
    response = admin_client.get(page(draft))
    assert (response.context["count"], response.context["left_out"]) == (1, 0)
    saved = admin_client.post(page(draft), {**WORDS, "_send": "1"})
    assert saved.url == page(draft, "send")
    assert admin_client.get(saved.url).context["count"] == 1
    assert Message.objects.count() == 0
    admin_client.post(saved.url)
    admin_client.post(saved.url)
    assert circulars.write_open() == 1
    response = admin_client.get(page(draft))
    assert [count for _label, count, _url in response.context["progress"]] == [0, 1, 0, 0, 0]
    assert (response.context["done"], response.context["total"]) == (0, 1)
    assert response.headers["Refresh"] == "5"
    Message.objects.update(state="failed", answer="550 No such mailbox")
    response = admin_client.get(page(draft))
    assert [count for _label, count, _url in response.context["progress"]] == [0, 0, 0, 1, 0]
    assert "550 No such mailbox" in response.content.decode()
    assert "Refresh" not in response.headers


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"subject_fr": "", "text_fr": ""}, ["__all__"]),
        ({"text_fr": "Bonjour {{ prenon }}"}, ["text_fr"]),
        ({"subject_fr": ""}, ["subject_fr"]),
        ({"subject_en": "Access"}, ["text_en"]),
        ({"text_fr": "{% load x %}"}, ["text_fr"]),
    ],
)
def test_broken_words_are_refused(admin_client, draft, values, fields):
    response = admin_client.post(page(draft), {**WORDS, **values})
    assert list(response.context["adminform"].form.errors) == fields
    draft.refresh_from_db()
    assert draft.text_fr == ""


def test_nothing_written_is_not_sent(admin_client, draft):
    response = admin_client.post(page(draft, "send"))
    assert response.url == page(draft)
    assert Circular.objects.get().state == "draft"


def test_the_preview_suggests_those_who_get_it(admin_client, draft, awa):
    RegistrationFactory(edition=awa.edition)
    assert admin_client.get(page(draft)).context["people"] == [awa]


def test_pause_resume_and_stop(admin_client, draft):
    Circular.objects.update(**WORDS)
    admin_client.post(page(draft, "send"))
    circulars.write_open()
    for name, state, mail in [
        ("pause", "paused", "withdrawn"),
        ("pause", "paused", "withdrawn"),
        ("resume", "sending", "queued"),
        ("stop", "stopped", "withdrawn"),
        ("resume", "stopped", "withdrawn"),
    ]:
        admin_client.post(page(draft, name))
        assert (Circular.objects.get().state, Message.objects.get().state) == (state, mail)
    assert admin_client.get(page(draft, "pause")).status_code == 405


def test_what_was_begun_is_neither_changed_nor_deleted(admin_client, draft):
    Circular.objects.update(**WORDS)
    admin_client.post(page(draft, "send"))
    assert admin_client.post(page(draft), {**WORDS, "subject_fr": "Autre"}).status_code == 403
    delete = reverse("admin:registrations_circular_delete", args=[draft.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert Circular.objects.get().subject_fr == "Accès"


@pytest.mark.parametrize("name", ["circular", "timedletter"])
def test_an_address_that_is_none_leads_home(admin_client, name):
    address = reverse(f"admin:registrations_{name}_change", args=["nothing.css"])
    assert admin_client.get(address).url == reverse("admin:index")


def test_of_two_editions_is_refused(admin_client, awa):
    other = RegistrationFactory(edition=EditionFactory())
    response = act(admin_client, "write", awa, other)
    assert len(sentences(response)) == 1
    assert Circular.objects.count() == 0


def test_from_the_page_of_a_session(admin_client, edition, ten):
    ten.capacity = 1
    ten.save()
    has = seated(edition, ten, email="a@example.org")
    waits = seated(edition, lists=[ten], email="b@example.org")
    assert Booking.objects.get(registration=waits).state == "waiting"
    for whom, person in [("seated", has), ("waiting", waits)]:
        address = reverse("admin:registrations_circular_of_session", args=[ten.pk, whom])
        admin_client.post(address)
        circular = Circular.objects.first()
        assert circular.chosen == [person.pk]
        assert ten.title_fr in circular.selection
    seats = admin_client.get(reverse("admin:programme_session_seats", args=[ten.pk]))
    assert seats.content.decode().count("/of-session/") == 2


def test_only_who_may_send_does(member, awa, ten):
    client = member("view_registration", "change_registration", "view_circular", "view_session")
    act(client, "write", awa)
    assert Circular.objects.count() == 0
    circular = circulars.draft(type(awa).objects.all())
    assert client.get(page(circular)).status_code == 200
    assert client.post(page(circular), WORDS).status_code == 403
    assert client.post(page(circular, "send")).status_code == 403
    assert client.post(page(circular, "stop")).status_code == 403
    address = reverse("admin:registrations_circular_of_session", args=[ten.pk, "seated"])
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_three(
    admin_client, draft, awa, rows, django_assert_num_queries
):
    for _row in range(rows - 1):
        circulars.draft(type(awa).objects.all())
    with django_assert_num_queries(6):
        admin_client.get(LIST)


# --------------------------------------------------------------------------------------- timed
def test_examples_and_who_they_go_to(admin_client, awa, edition):
    admin_client.post(reverse("admin:registrations_timedletter_examples"))
    rows = TimedLetter.objects.order_by("days")
    assert [row.is_active for row in rows] == [False, False]
    address = reverse("admin:registrations_timedletter_change", args=[rows[0].pk])
    response = admin_client.get(address)
    assert "1 " in response.context["adminform"].model_admin.whom(rows[0])
    assert admin_client.get(TIMED).status_code == 200


def test_a_timed_mail_with_broken_words_is_refused(admin_client, edition):
    data = {
        "edition": edition.pk,
        "name": "J-3",
        "days": -3,
        "anchor": "first",
        "hour": "09:00",
        "audience": "confirmed",
        **WORDS,
    }
    add = reverse("admin:registrations_timedletter_add")
    response = admin_client.post(add, {**data, "text_fr": "{{"})
    assert list(response.context["adminform"].form.errors) == ["text_fr"]
    admin_client.post(add, data)
    assert TimedLetter.objects.get().text_fr == WORDS["text_fr"]


def test_who_may_not_add_gets_no_examples(member, edition):
    client = member("view_timedletter")
    address = reverse("admin:registrations_timedletter_examples")
    assert client.post(address).status_code == 403
    assert TimedLetter.objects.count() == 0


def test_a_returned_mail_shows_on_the_registration(admin_client, awa):
    Message.objects.create(
        template="test",
        to=awa.email,
        language="fr",
        subject="S",
        reference=awa.reference,
        state="sent",
        returned_at="2030-01-01T00:00Z",
    )
    address = reverse("admin:registrations_registration_change", args=[awa.pk])
    assert "returned=yes" in admin_client.get(address).content.decode()
