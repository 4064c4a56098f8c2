"""The registration form."""

import datetime as dt
import re

import pytest
from django.core.cache import cache

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Membership, Needs, Registration
from registrations.tests.factories import CategoryFactory, OrganisationFactory
from registrations.tests.pages import sentences, slot
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORM, THANKS = "/en/inscription/", "/en/inscription/merci/"


@pytest.fixture
def answers(category):
    """The least that a person fills in."""
    return {
        "first_name": "Awa",
        "last_name": "Diop",
        "email": "awa@example.org",
        "country": "SN",
        "category": str(category.pk),
    }


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"


# ------------------------------------------------------------------------------- registering
def test_register_shows_the_form(client, edition, ten, eleven, cafes, category):
    response = client.get(FORM)
    assert response.status_code == 200
    page = response.content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Registration"]
    assert page.count("checked") == 2  # « none of these » of both slots; no box is ticked before
    assert "20 places left" in page
    assert '<span class="slot-title" lang="fr">Culture</span>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_register_form_queries(client, edition, category, count, django_assert_num_queries):
    for number in range(count):
        SessionFactory(edition=edition, start=dt.time(10 + number), end=dt.time(11 + number))
        SessionFactory(edition=edition, cafe=True)
    with django_assert_num_queries(4):  # edition, sessions, categories, names
        client.get(FORM)


def test_register_writes_and_thanks(client, edition, answers, ten, eleven, cafes):
    response = client.post(
        FORM,
        answers
        | {
            slot(ten): ten.pk,
            "cafe_1": cafes[1].pk,
            "cafe_3": cafes[0].pk,
            "diet": "végétarien",
            "consent_needs": "on",
            "consent_news": "on",
        },
    )
    assert (response.status_code, response.url) == (302, THANKS)
    registration = Registration.objects.get()
    assert registration.language == "en"
    assert registration.booked_sessions() == [ten]
    assert [(wish.rank, wish.session) for wish in registration.cafe_wishes()] == [
        (1, cafes[1]),
        (2, cafes[0]),
    ]
    assert registration.needs.diet == "végétarien"
    assert dict(registration.consents.values_list("purpose", "wording")) == {
        "needs": "I agree that Cités Unies France keeps these needs in order to welcome me, and "
        "deletes them after the event.",
        "news": "I agree to receive news of the next meetings of Cités Unies France by e-mail.",
    }
    assert Message.objects.get().template == "registration_confirmed"


def test_again_looks_the_same(client, edition, answers, ten):
    first = client.post(FORM, answers | {slot(ten): ten.pk})
    again = client.post(FORM, answers | {"email": "AWA@Example.org", "last_name": "Autre"})
    stranger = client.post(FORM, answers | {"email": "x@example.org"})
    for response in (first, again, stranger):
        del response["Expires"]  # the time of the answer, to the second
    assert [
        (response.status_code, response.url, response.content, dict(response.headers))
        for response in (again, stranger)
    ] == [(302, THANKS, b"", dict(first.headers))] * 2
    assert Registration.objects.get(email="awa@example.org").last_name == "Diop"
    assert list(Message.objects.order_by("pk").values_list("template", "to")) == [
        ("registration_confirmed", "awa@example.org"),
        ("registration_link", "awa@example.org"),
        ("registration_confirmed", "x@example.org"),
    ]


def test_second_half_of_a_double_click_meets_no_refusal(client, edition, answers, ten):
    """The first half took the last seat: the second is the same person, not a late one."""
    Session.objects.update(capacity=1)
    form = answers | {slot(ten): ten.pk, "nonce": "page-1"}
    assert [client.post(FORM, form).status_code for _half in range(2)] == [302, 302]
    assert Message.objects.count() == 1
    late = client.post(FORM, form | {"nonce": "page-2", "email": "late@example.org"})
    assert late.status_code == 200


def test_page_kept_by_the_browser_registers_anew_after_cancelling(client, edition, answers):
    form = answers | {"nonce": "page-1"}
    client.post(FORM, form)
    services.cancel(Registration.objects.get())
    assert client.post(FORM, form).url == THANKS
    states = Registration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed"]


def test_empty_form_names_every_field(client, edition, category):
    response = client.post(FORM, {})
    assert response.status_code == 200
    assert response.context["form"].error_links() == [
        ("id_first_name", "First name", "Write your first name."),
        ("id_last_name", "Last name", "Write your last name."),
        ("id_email", "E-mail", "Write your e-mail address."),
        ("id_country", "Country", "Choose your country."),
        ("id_category_0", "You take part as", "Choose in what capacity you take part."),
    ]
    page = response.content.decode()
    for anchor in ("id_first_name", "id_country", "id_category_0"):
        assert page.count(f'href="#{anchor}"') == 1
        assert page.count(f'id="{anchor}"') == 1


def test_refused_form_keeps_what_was_typed(client, edition, answers, ten, cafes, category):
    response = client.post(
        FORM,
        answers
        | {
            "email": "awa",
            "function": "Maire « adjointe »",
            slot(ten): ten.pk,
            "cafe_2": cafes[2].pk,
            "diet": "sans sel",
            "consent_photos": "on",
        },
    )
    page = response.content.decode()
    assert 'value="awa"' in page
    assert 'value="Maire « adjointe »"' in page
    assert 'value="sans sel"' in page
    assert '<option value="SN" selected>' in page
    assert f'<option value="{cafes[2].pk}" selected>' in page
    checked = re.findall(r'<input[^>]*name="([^"]+)"[^>]*\schecked', page)
    assert checked == ["category", slot(ten), "consent_photos"]
    assert '<details class="form-part needs" open>' in page
    assert sentences(response) == [
        "Enter a valid email address.",
        "Tick this box so that we may keep your needs, or leave the needs empty.",
    ]


def test_session_full_meanwhile_names_it_and_keeps_the_rest(client, edition, answers, ten, eleven):
    Session.objects.filter(pk=ten.pk).update(capacity=1, seats_taken=1)
    response = client.post(FORM, answers | {slot(ten): ten.pk, slot(eleven): eleven.pk})
    assert response.context["form"].error_links() == [
        (
            f"id_{slot(ten)}",
            f"{response.context['form'].slots[0].day_label}, 10:00",
            (
                "“Water and sanitation” is full. Please choose another session, or join its"
                " waiting list."
            ),
        )
    ]
    page = response.content.decode()
    assert re.search(rf'type="radio"[^>]*value="{ten.pk}"[^>]*disabled', page)
    assert re.search(rf'name="lists"[^>]*value="{ten.pk}"[^>]*checked', page)
    assert re.search(rf'value="{eleven.pk}"[^>]*checked', page)
    assert page.count('class="is-full">Full – waiting list open</span>') == 1
    assert Registration.objects.count() == 0


def test_overlap_names_both(client, edition, answers, ten):
    long = SessionFactory(
        edition=edition, title_en="All morning", start=dt.time(9), end=dt.time(12)
    )
    SessionFactory(edition=edition, title_en="Early", start=dt.time(9), end=dt.time(10))
    response = client.post(FORM, answers | {slot(long): long.pk, slot(ten): ten.pk})
    assert sentences(response) == [
        "“All morning” and “Water and sanitation” take place at the same time: choose one of them."
    ]


def test_members_only(client, edition, answers):
    session = SessionFactory(edition=edition, title_en="Members", is_members_only=True)
    form = answers | {slot(session): session.pk, "organisation": "Ville de Dakar"}
    assert sentences(client.post(FORM, form)) == [
        (
            "“Members” is reserved for members of Cités Unies France, "
            "and the organisation that you name is not one this year."
        )
    ]
    organisation = OrganisationFactory(name="VILLE DE DAKAR", country="SN")
    Membership.objects.create(organisation=organisation, year=edition.year)
    assert client.post(FORM, form).status_code == 302
    assert Registration.objects.get().booked_sessions() == [session]


def test_same_cafe_twice(client, edition, answers, cafes):
    response = client.post(FORM, answers | {"cafe_1": cafes[0].pk, "cafe_2": cafes[0].pk})
    assert sentences(response) == ["You have chosen this café already. Choose another one."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "closed"}, "Registration is closed."),
        ({"state": "cancelled"}, "This edition is cancelled: there is no registration."),
        ({"state": "over"}, "This edition is over: registration is closed."),
        ({"is_current": False}, "No edition is open for registration."),
        ({"registration_closes_on": dt.date(2020, 1, 1)}, "Registration is closed."),
        (
            {"registration_opens_on": dt.date(2999, 6, 15)},
            "Registration is not open yet. It opens on 15 June 2999.",
        ),
        (
            {"state": "published"},
            "Registration is not open yet. The date will be announced here.",
        ),
    ],
)
def test_closed_window_says_why(client, edition, answers, change, sentence):
    Edition.objects.update(**change)
    page = client.get(FORM).content.decode()
    assert page.count(sentence) == 1
    assert "<form" not in page
    refused = client.post(FORM, answers)
    assert refused.status_code == 200
    if change != {"is_current": False}:
        assert sentences(refused) == ["Registration for this edition is not open."]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    "forged",
    [
        {"first_name": "\x00"},
        {"first_name": "A" * 101},
        {"first_name": "A" * 100_000},
        {"first_name": "http://gagner.com"},
        {"first_name": "www.gagner.com"},
        {"first_name": "Gagnez sur gagner.com"},
        {"last_name": "Diop\u202egnp"},
        {"last_name": "..."},
        {"last_name": "   "},
        {"title": "<script>"},
        {"function": "voir https://gagner.com"},
        {"organisation": "ﷺ" * 200},
        {"organisation": "!!!"},
        {"email": "a@b"},
        {"email": "a@example.org\nBcc: x@example.org"},
        {"email": "a" * 300 + "@example.org"},
        {"country": "XX"},
        {"country": ["FR'--"]},
        {"category": "0"},
        {"category": "99999999999999999999999999"},
        {"category": "élu"},
        {"cafe_1": "99999999999999999999999999"},
        {"cafe_1": "\x00"},
        {"civility": "x"},
        {"slot_20270101_1000": "1"},
        {"slot_\x00": "1"},
        {"leave_empty": "http://gagner.com"},
        {"nonce": "x" * 50},
    ],
)
def test_forged_values_are_a_sentence(client, edition, answers, cafes, forged):
    response = client.post(FORM, answers | forged)
    assert response.status_code == 200
    assert len(sentences(response)) == 1
    assert Registration.objects.count() == 0


def test_forged_session_is_refused(client, edition, answers, ten, cafes):
    hidden = SessionFactory(edition=edition, is_published=False)
    free = SessionFactory(edition=edition, booking="free")
    for value in (hidden.pk, free.pk, cafes[0].pk, SessionFactory().pk, "x", "9" * 30):
        response = client.post(FORM, answers | {slot(ten): value})
        assert sentences(response) == ["This choice is no longer offered. Please choose again."]
    assert Registration.objects.count() == 0


def test_category_that_is_not_offered_is_refused(client, edition, answers):
    team = CategoryFactory(is_offered=False)
    response = client.post(FORM, answers | {"category": team.pk})
    assert sentences(response) == ["This choice is no longer offered. Please choose again."]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  de   la  Cruz ", "de la Cruz"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("آمنة", "آمنة"),
        ("王小明", "王小明"),
        ("O’Brien-St.John", "O’Brien-St.John"),
        ("M.Benali", "M.Benali"),
        ("DIOP", "DIOP"),
    ],
)
def test_names_keep_their_script_and_capitals(client, edition, answers, typed, kept):
    assert client.post(FORM, answers | {"last_name": typed}).status_code == 302
    assert Registration.objects.get().last_name == kept


def test_sessions_without_a_time_are_boxes(client, edition, answers):
    first, second = SessionFactory.create_batch(2, edition=edition, day=None, start=None, end=None)
    client.post(FORM, answers | {"slot_later": [first.pk, second.pk]})
    assert Registration.objects.get().booked_sessions() == [first, second]


def test_consent_for_needs_is_not_kept_without_needs(client, edition, answers):
    client.post(FORM, answers | {"consent_needs": "on"})
    registration = Registration.objects.get()
    assert registration.consents.count() == 0
    assert not Needs.objects.exists()


def test_too_many_posts_keep_what_was_typed(client, edition, answers, settings):
    settings.FORM_POSTS_PER_ADDRESS = 2
    codes = [
        client.post(FORM, answers | {"email": f"a{number}@example.org"}).status_code
        for number in range(3)
    ]
    assert codes == [302, 302, 429]
    response = client.post(FORM, answers | {"email": "a9@example.org"})
    assert sentences(response) == [
        "Too many forms were sent from your network. Please try again in a few minutes."
    ]
    assert 'value="a9@example.org"' in response.content.decode()
    cache.clear()
    assert client.post(FORM, answers).status_code == 302


def test_thanks_says_what_comes(client, edition):
    page = client.get("/inscription/merci/").content.decode()
    assert 'href="/inscription/mon-lien/"' in page
