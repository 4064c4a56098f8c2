"""Letters in the team's words: saved, refused, shown, tested, compared and reset."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.mail.models import Message
from raict.mail.wording import Words, problems
from registrations import services
from registrations.letters import GROUPS, LETTERS
from registrations.models import Wording
from registrations.samples import sample

pytestmark = pytest.mark.django_db
LIST = reverse("admin:registrations_wording_changelist")
CONFIRMED = LETTERS["registration_confirmed"]


def page(edition, letter="registration_confirmed") -> str:
    return reverse("admin:registrations_wording_letter", args=[edition.pk, letter])


def typed(letter=CONFIRMED, **other) -> dict:
    """What the form holds as it is opened, with other values (fr_text=…)."""
    data = {
        f"{language}-{name}": value
        for language in ("fr", "en")
        for name, value in letter.shipped(language)._asdict().items()
    }
    return data | {name.replace("_", "-", 1): value for name, value in other.items()}


OWN = "Chère {{ prenom }},\n\nbienvenue.\n\n{{ inscription }}\n\n{{ lien_personnel }}"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.sqlite
def test_every_letter_is_sound_and_shows_on_a_registration(awa, name, language):
    letter = LETTERS[name]
    assert problems(letter, letter.shipped(language), language) == []
    message = sample(letter, awa, language=language)
    assert message.template == letter.message_name
    assert "mon-inscription" not in message.text + message.html
    assert "{{" not in message.subject + message.text + message.html
    assert (message.language, Message.objects.count()) == (language, 0)
    awa.refresh_from_db()
    assert awa.state == "confirmed"


@pytest.mark.sqlite
def test_own_words_go_out_in_their_language_and_edition(edition, person):
    Wording.objects.create(
        edition=edition,
        letter=CONFIRMED.name,
        language="fr",
        subject="Bienvenue, {{ prenom }}",
        heading="Titre",
        text=OWN,
    )
    services.register(edition=edition, person=person, language="fr")
    services.register(edition=edition, person=person | {"email": "en@example.org"}, language="en")
    french, english = Message.objects.order_by("pk")
    assert french.subject == "Bienvenue, Awa"
    assert french.text.startswith("Chère Awa,\n\nbienvenue.\n\n")
    assert french.html.count(">Titre</h1>") == 1
    assert english.subject.startswith("Your registration is confirmed – ")


@pytest.mark.sqlite
def test_words_that_a_later_version_refuses_give_way_to_the_shipped_ones(edition, person):
    Wording.objects.create(edition=edition, letter=CONFIRMED.name, subject="S", text="{{ parti }}")
    services.register(edition=edition, person=person, language="fr")
    assert Message.objects.get().subject.startswith("Votre inscription est confirmée – ")


def test_saving(admin_client, edition, admin_user):
    admin_client.post(page(edition), typed(fr_text=OWN))
    row = Wording.objects.get()
    assert (row.language, row.words, row.user, row.shipped) == (
        "fr",
        Words(CONFIRMED.shipped("fr").subject, CONFIRMED.shipped("fr").heading, OWN),
        admin_user,
        list(CONFIRMED.shipped("fr")),
    )


def test_what_is_as_shipped_needs_no_row(admin_client, edition):
    admin_client.post(page(edition), typed(fr_text=OWN))
    seen = Wording.objects.get().changed_at.isoformat()
    admin_client.post(page(edition), typed(fr_seen=seen))
    assert Wording.objects.count() == 0


def test_of_two_who_write_at_once_neither_overwrites_the_other_unseen(admin_client, edition):
    """The second is told, keeps the text, and may then put it in the place of the other."""
    admin_client.post(page(edition), typed(fr_text=OWN))
    mine = OWN.replace("bienvenue", "à bientôt")
    response = admin_client.post(page(edition), typed(fr_text=mine))
    form = response.context["columns"][0][0]
    assert (list(form.errors), form["text"].value()) == (["__all__"], mine)
    assert Wording.objects.get().text == OWN
    admin_client.post(page(edition), typed(fr_text=mine, fr_seen=form.stamp))
    assert Wording.objects.get().text == mine


def test_a_row_is_changed_on_the_page_of_its_letter_alone(admin_client, edition):
    """The admin's own form would take anything."""
    admin_client.post(page(edition), typed(fr_text=OWN))
    row = Wording.objects.get()
    address = reverse("admin:registrations_wording_change", args=[row.pk])
    assert admin_client.get(address).url == page(edition)
    admin_client.post(address, {"subject": "S", "text": "{{"})
    assert Wording.objects.get().text == OWN


@pytest.mark.parametrize(
    "text",
    ["{{ prenon }}\n\n" + OWN, OWN + "\n{{", "{% load x %}\n" + OWN, "Bonjour", ""],
)
def test_broken_words_are_refused_and_kept_in_the_field(admin_client, edition, text):
    response = admin_client.post(page(edition), typed(fr_text=text))
    form = response.context["columns"][0][0]
    assert list(form.errors) == ["text"]
    assert form["text"].value() == text
    assert Wording.objects.count() == 0


def test_reset(admin_client, edition):
    admin_client.post(page(edition), typed(fr_text=OWN, en_text=OWN))
    admin_client.post(page(edition), {"reset": "fr"})
    assert [row.language for row in Wording.objects.all()] == ["en"]


def test_shipped_words_that_change_are_told_and_overwrite_nothing(admin_client, edition):
    admin_client.post(page(edition), typed(fr_text=OWN))
    Wording.objects.update(shipped=["Ancien sujet", "Titre", "Ancien texte"])
    states = admin_client.get(LIST).context["groups"][0][1][0][1]
    assert [(language, is_behind) for language, _row, is_behind in states] == [
        ("fr", True),
        ("en", False),
    ]
    _form, row, differs, came = admin_client.get(page(edition)).context["columns"][0]
    assert row.text == OWN
    assert "<ins>bienvenue." in differs
    assert "<del>Ancien" in came


@pytest.mark.parametrize("rows", [0, 2])
def test_the_list_asks_the_same_for_every_number(
    admin_client, edition, rows, django_assert_num_queries
):
    for language in ["fr", "en"][:rows]:
        Wording.objects.create(
            edition=edition, letter=CONFIRMED.name, language=language, subject="S", text=OWN
        )
    with django_assert_num_queries(5):  # HTTP session, user, menu, editions, words
        admin_client.get(LIST)


# --------------------------------------------------------------------------- preview and test
def preview(client, edition, *, part="html", view="preview", language="fr", **data):
    address = reverse(f"admin:registrations_wording_{view}")
    query = f"letter=registration_confirmed&edition={edition.pk}&language={language}&part={part}"
    return client.post(f"{address}?{query}", data)


def test_preview_shows_what_is_typed_and_is_shut_in_a_frame(admin_client, awa, edition):
    data = typed(fr_text=OWN, fr_subject="Objet {{ reference }}")
    response = preview(admin_client, edition, example=awa.reference, **data)
    assert "Chère Awa" in response.content.decode()
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    text = preview(admin_client, edition, part="text", example="diop", **data).content.decode()
    assert f"Objet {awa.reference}" in text
    assert "mon-inscription" not in text
    assert Wording.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [({"fr_text": "{{"}, "{{"), ({"example": "personne d’autre"}, "personne d’autre")],
)
def test_preview_says_why_there_is_none(admin_client, awa, edition, data, said):
    example = data.pop("example", "")
    answer = preview(admin_client, edition, example=example, **typed(**data)).content.decode()
    assert said in answer
    assert "Votre inscription est confirmée" not in answer


def test_a_test_goes_to_oneself_alone(admin_client, admin_user, awa, edition):
    preview(admin_client, edition, view="test", language="en", **typed())
    message = Message.objects.get()
    assert message.to == admin_user.email
    # Marked in the language of whoever tries it.
    assert message.subject.startswith("[Essai] Your registration is confirmed – ")
    assert (message.attachments, message.reference) == ([], "")
    assert "mon-inscription" not in message.text + message.html


def with_permissions(client, django_user_model, *codenames):
    user = django_user_model.objects.create_user("membre", "m@example.org", "x", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def test_who_may_only_look_changes_nothing(client, django_user_model, edition):
    client = with_permissions(client, django_user_model, "view_wording", "view_registration")
    assert client.get(LIST).status_code == client.get(page(edition)).status_code == 200
    assert client.post(page(edition), typed(fr_text=OWN)).status_code == 403
    assert client.post(page(edition), {"reset": "fr"}).status_code == 403
    assert preview(client, edition, **typed()).status_code == 403


def test_who_may_not_see_registrations_sees_none(client, django_user_model, awa, edition):
    client = with_permissions(client, django_user_model, "view_wording", "change_wording")
    answers = [preview(client, edition, view=view, **typed()) for view in ("preview", "test")]
    said = "".join(answer.content.decode() for answer in [*answers, client.get(page(edition))])
    assert "Diop" not in said
    assert awa.reference not in said
    assert Message.objects.count() == 0


def test_occasional_letters_have_no_page(admin_client, edition):
    listed = {one.name for _title, group in GROUPS for one in group}
    assert set(LETTERS) - listed == {"circular", "timed_letter"}
    assert admin_client.get(page(edition, "circular")).status_code == 404
