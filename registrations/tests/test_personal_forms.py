"""The forms of one’s own page: identity, passing on, questions."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from events.models import Edition
from raict.mail.models import Message
from registrations import services
from registrations.models import Membership, Organisation, Registration
from registrations.tests.factories import OrganisationFactory
from registrations.tests.pages import page_of, said, sentences, text_of
from sessions.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
FORMS = ("sessions", "identity", "pass_on", "questions")


@pytest.fixture
def mine(edition, person, ten, eleven, cafes):
    """A seat at ten, one wish, diet told, one consent; in English."""
    return services.register(
        edition=edition,
        person=person,
        sessions=[ten],
        cafes=[cafes[2]],
        needs={"diet": "halal"},
        consents={"needs": "I agree.", "photos": "I agree too."},
        language="en",
    )


@pytest.fixture
def who():
    return {
        "civility": "mme",
        "first_name": "Awa",
        "last_name": "Diop-N’Diaye",
        "email": "awa@example.org",
        "function": "Adjointe au maire",
        "organisation": "Ville de Saint-Louis",
        "country": "SN",
        "language": "en",
    }


@pytest.fixture
def colleague():
    return {
        "civility": "m",
        "title": "Dr",
        "first_name": "Moussa",
        "last_name": "Sow",
        "email": "moussa@example.org",
        "function": "Directeur",
        "language": "fr",
    }


@pytest.mark.parametrize("name", FORMS)
def test_wrong_key_is_not_found(client, mine, name):
    address = f"/en{reverse(f'registrations:{name}', args=['wrong.key'])}"
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 404
        assert response["Cache-Control"] == "private, no-store"
        assert "This link leads nowhere" in text_of(response)


@pytest.mark.parametrize("name", FORMS)
def test_form_pages_are_for_one_pair_of_eyes(client, mine, name):
    response = client.get(page_of(mine, name))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    page = response.content.decode()
    assert page.count("csrfmiddlewaretoken") == 1
    assert page.count(f'href="{page_of(mine)}"') == 2  # above, and beside the button


# ---------------------------------------------------------------------------------- identity
def test_identity_is_filled_in(client, mine):
    page = client.get(page_of(mine, "identity")).content.decode()
    for value in ("Awa", "Diop-N’Diaye", "awa@example.org", "Ville de Saint-Louis"):
        assert page.count(f'value="{value}"') == 1
    assert '<option value="SN" selected>' in page


def test_correcting_ones_name(client, mine, who):
    response = client.post(page_of(mine, "identity"), who | {"last_name": "Diop"})
    assert (response.status_code, response.url) == (302, page_of(mine))
    response = client.get(page_of(mine))
    assert said(response) == ["Your details were corrected."]
    assert "Your badge has changed since it was sent" in text_of(response)
    mine.refresh_from_db()
    assert (mine.full_name, Organisation.objects.count()) == ("Awa Diop", 1)


def test_identity_sent_unchanged_says_so(client, mine, who):
    client.post(page_of(mine, "identity"), who)
    assert said(client.get(page_of(mine))) == ["Nothing was changed."]
    assert Message.objects.count() == 1


def test_new_address_moves_the_page(client, mine, who):
    old = page_of(mine)
    response = client.post(page_of(mine, "identity"), who | {"email": "awa.diop@example.org"})
    mine.refresh_from_db()
    assert (response.status_code, response.url) == (302, page_of(mine))
    assert page_of(mine) != old
    assert client.get(old).status_code == 404
    assert said(client.get(page_of(mine))) == [
        "Your details were corrected.",
        "Your link leads elsewhere now: it was sent to awa.diop@example.org.",
    ]
    assert set(Message.objects.values_list("template", "to")) == {
        ("registration_confirmed", "awa@example.org"),
        ("registration_moved", "awa@example.org"),
        ("registration_corrected", "awa.diop@example.org"),
    }


def test_double_click_on_a_new_address_ends_on_the_new_page(client, mine, who):
    address, form = page_of(mine, "identity"), who | {"email": "awa.diop@example.org"}
    first, second = client.post(address, form), client.post(address, form)
    mine.refresh_from_db()
    assert first.url == second.url == page_of(mine)
    assert Message.objects.count() == 3
    assert client.get(address).status_code == 404
    cache.clear()
    assert client.post(address, form).status_code == 404


def test_link_that_is_void_by_now_changes_nothing(mine):
    """Both halves of a double click have read the link before one of them makes it void."""
    late = Registration.objects.get()
    services.correct(mine, {"email": "awa.diop@example.org"})
    for change in (services.correct, services.pass_on):
        with pytest.raises(services.LinkReplaced):
            change(late, {"email": "third@example.org"})
    mine.refresh_from_db()
    assert mine.email == "awa.diop@example.org"


def test_address_of_somebody_else_is_refused(client, mine, who, edition, person):
    services.register(edition=edition, person=person | {"email": "taken@example.org"})
    response = client.post(page_of(mine, "identity"), who | {"email": "Taken@example.org"})
    assert response.context["form"].errors == {
        "email": ["This address cannot be used here. Give another one, or write to the team."]
    }
    assert 'value="Taken@example.org"' in response.content.decode()


def test_nobody_tries_a_list_of_addresses(client, mine, who, colleague, edition, person):
    """Accepted or refused says whether somebody is registered: five tries a day, in both forms."""
    services.register(edition=edition, person=person | {"email": "taken@example.org"})
    for _try in range(5):
        client.post(page_of(mine, "identity"), who | {"email": "taken@example.org"})
    for page, form in (("identity", who), ("pass_on", colleague)):
        response = client.post(page_of(mine, page), form | {"email": "free@example.org"})
        assert response.status_code == 429
        assert sentences(response) == [
            "Too many addresses were tried today. Please try again tomorrow, or write to the team."
        ]
    assert client.post(page_of(mine, "identity"), who | {"first_name": "Aïcha"}).status_code == 302


@pytest.mark.parametrize(
    "forged",
    [
        {"first_name": "www.gagner.com"},
        {"last_name": ""},
        {"last_name": "A" * 101},
        {"title": "<script>"},
        {"email": "a@b"},
        {"organisation": "ﷺ" * 200},
        {"organisation": "!!!"},
        {"country": "XX"},
        {"civility": "x"},
        {"language": "de"},
        {"language": ""},
    ],
)
def test_identity_is_checked_as_in_the_registration_form(client, mine, who, forged):
    response = client.post(page_of(mine, "identity"), who | forged)
    assert response.status_code == 200
    assert len(sentences(response)) == 1
    mine.refresh_from_db()
    assert mine.full_name == "Awa Diop-N’Diaye"


def test_another_organisation_is_found_or_written(client, mine, who):
    dakar = OrganisationFactory(name="VILLE DE DAKAR", country="SN")
    client.post(page_of(mine, "identity"), who | {"organisation": "Ville de Dakar"})
    mine.refresh_from_db()
    assert mine.organisation == dakar
    client.post(page_of(mine, "identity"), who | {"organisation": "Ville de Thiès"})
    mine.refresh_from_db()
    assert (mine.organisation.name, mine.organisation.country) == ("Ville de Thiès", "SN")
    client.post(page_of(mine, "identity"), who | {"organisation": ""})
    mine.refresh_from_db()
    assert mine.organisation is None


def test_country_corrected_moves_a_typed_organisation_only(client, mine, who):
    client.post(page_of(mine, "identity"), who | {"country": "ML"})
    mine.refresh_from_db()
    assert mine.organisation.country == "ML"
    Organisation.objects.filter(pk=mine.organisation_id).update(is_checked=True)
    client.post(page_of(mine, "identity"), who | {"country": "SN"})
    mine.refresh_from_db()
    assert (mine.country, mine.organisation.country) == ("SN", "ML")


def test_nobody_leaves_a_member_organisation_with_its_seats(client, mine, who, edition, ten):
    Membership.objects.create(organisation=mine.organisation, year=edition.year)
    Session.objects.filter(pk=ten.pk).update(is_members_only=True)
    response = client.post(page_of(mine, "identity"), who | {"organisation": "Ville de Dakar"})
    assert response.context["form"].errors == {
        "organisation": [
            (
                "“Water and sanitation” is reserved for members of Cités Unies France: leave it "
                "first, then change the organisation."
            )
        ]
    }
    assert Organisation.objects.count() == 1
    assert client.post(page_of(mine, "identity"), who | {"function": "Maire"}).status_code == 302
    services.change_sessions(mine, sessions=[], among=[ten.pk])
    form = who | {"organisation": "Ville de Dakar"}
    assert client.post(page_of(mine, "identity"), form).status_code == 302


# ------------------------------------------------------------------------------- passing on
def test_passing_on_says_before_what_it_does(client, mine):
    page = text_of(client.get(page_of(mine, "pass_on")))
    assert "Your own link stops working at once." in page
    assert "Awa" not in re.sub("Awa Diop-N’Diaye", "", page, count=1)


def test_passing_on_keeps_the_seats_and_ends_the_link(client, mine, colleague, ten):
    old = page_of(mine)
    mine.check_ins.create(session=ten)
    response = client.post(page_of(mine, "pass_on"), colleague)
    assert (response.status_code, response.url) == (302, "/en/inscription/place-transmise/")
    done = client.get(response.url)
    assert "leads nowhere any more" in text_of(done)
    assert "Moussa" not in done.content.decode()
    for address in (old, f"{old}identite/", f"{old}badge.pdf"):
        assert client.get(address).status_code == 404
    assert client.post(f"{old}annuler/").status_code == 404

    heir = Registration.objects.get()
    assert (heir.full_name, heir.language) == ("Moussa Sow", "fr")
    assert heir.organisation == mine.organisation
    assert heir.booked_sessions() == [ten]
    page = client.get(page_of(heir)).content.decode()
    assert "Awa" not in page
    assert "halal" not in page
    assert "L’inscription a été transmise." in page
    assert "Vous êtes inscrit" not in page


def test_double_click_on_passing_on_says_that_it_is_done(client, mine, colleague):
    address = page_of(mine, "pass_on")
    answers = [client.post(address, colleague) for _half in range(2)]
    assert [one.url for one in answers] == ["/en/inscription/place-transmise/"] * 2
    assert Message.objects.filter(template="registration_received").count() == 1


def test_badge_of_the_heir_is_new_until_it_changes(client, mine, colleague):
    client.post(page_of(mine, "pass_on"), colleague)
    heir = Registration.objects.get()
    assert heir.badge_changed_at is not None  # for the team, who may have printed it
    assert "badge a changé" not in text_of(client.get(page_of(heir)))
    services.correct(heir, {"last_name": "Sow-Ba"})
    assert "badge a changé" in text_of(client.get(page_of(heir)))


def test_heir_reads_nothing_of_the_former(client, mine, colleague):
    client.post(page_of(mine, "pass_on"), colleague)
    heir = Registration.objects.get()
    response = client.get(page_of(heir, "data"))
    assert "awa" not in response.content.decode().lower()
    data = response.json()
    assert [one["action"] for one in data["history"]] == ["passed"]
    assert [one["to"] for one in data["messages"]] == ["moussa@example.org"]
    assert (data["needs"], data["consents"]) == (None, [])


@pytest.mark.parametrize("email", ["AWA@example.org", "taken@example.org"])
def test_passing_on_to_an_address_in_use(client, mine, colleague, edition, person, email):
    services.register(edition=edition, person=person | {"email": "taken@example.org"})
    response = client.post(page_of(mine, "pass_on"), colleague | {"email": email})
    assert response.context["form"].errors == {
        "email": ["This address cannot be used here. Give another one, or write to the team."]
    }
    assert 'value="Moussa"' in response.content.decode()
    assert client.get(page_of(mine)).status_code == 200


def test_passing_on_to_nobody(client, mine):
    response = client.post(page_of(mine, "pass_on"), {"language": "en"})
    assert sentences(response) == [
        "Write your colleague’s first name.",
        "Write your colleague’s last name.",
        "Write your colleague’s e-mail address.",
    ]


# --------------------------------------------------------------------------------- questions
def test_questions_are_filled_in(client, mine):
    page = client.get(page_of(mine, "questions")).content.decode()
    assert 'value="halal"' in page
    checked = re.findall(r'<input[^>]*name="([^"]+)"[^>]*\schecked', page)
    assert checked == ["consent_needs", "consent_photos"]


def test_answers_change(client, mine):
    messages = Message.objects.count()
    form = {"access": "fauteuil", "consent_needs": "on", "consent_news": "on"}
    assert client.post(page_of(mine, "questions"), form).url == page_of(mine)
    response = client.get(page_of(mine))
    assert said(response) == ["Your answers to the questions were kept."]
    assert "fauteuil" in text_of(response)
    mine.refresh_from_db()
    assert (mine.needs.diet, mine.needs.access) == ("", "fauteuil")
    words = dict(mine.consents.values_list("purpose", "wording"))
    assert set(words) == {"needs", "news"}
    assert words["needs"] == "I agree."  # given before, in the words that were read then
    assert Message.objects.count() == messages


def test_needs_emptied_withdraw_their_consent(client, mine):
    client.post(page_of(mine, "questions"), {"consent_needs": "on", "consent_photos": "on"})
    mine = Registration.objects.get()
    assert not hasattr(mine, "needs")
    assert list(mine.consents.values_list("purpose", flat=True)) == ["photos"]
    client.post(page_of(mine, "questions"), {"consent_photos": "on"})
    client.get(page_of(mine))
    client.post(page_of(mine, "questions"), {"consent_photos": "on"})
    assert said(client.get(page_of(mine))) == ["Nothing was changed."]


def test_needs_want_their_consent(client, mine):
    response = client.post(page_of(mine, "questions"), {"diet": "sans sel"})
    assert sentences(response) == [
        "Tick this box so that we may keep your needs, or leave the needs empty."
    ]
    assert 'value="sans sel"' in response.content.decode()


def test_questions_close(client, mine):
    Edition.objects.update(questions_close_on=timezone.localdate())
    assert "You may tell or change them until" in text_of(client.get(page_of(mine)))
    Edition.objects.update(questions_close_on=timezone.localdate() - dt.timedelta(days=1))
    home = client.get(page_of(mine))
    assert "These questions were closed on" in text_of(home)
    assert page_of(mine, "questions") not in home.content.decode()
    for response in (
        client.get(page_of(mine, "questions")),
        client.post(page_of(mine, "questions"), {}),
    ):
        assert response.status_code == 200
        assert "These questions were closed on" in text_of(response)
        assert "csrfmiddlewaretoken" not in response.content.decode()
    mine.refresh_from_db()
    assert mine.needs.diet == "halal"
