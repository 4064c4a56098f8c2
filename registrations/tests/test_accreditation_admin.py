"""What the team sees of accreditations, and how it decides."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.mail.models import Message
from raict.tests.staff import change
from registrations import services
from registrations.admin import accreditation as pages
from registrations.models import Accreditation, Registration
from registrations.tests.factories import AccreditationFactory, CategoryFactory, RegistrationFactory
from registrations.tests.seating import mails, seated
from registrations.tests.team import sentences

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = reverse("admin:registrations_accreditation_changelist")
WHY = "Dites pourquoi\N{NO-BREAK SPACE}: la personne le lit."
TWICE = "Cette personne a une autre accréditation, demandée ou acceptée\N{NO-BREAK SPACE}: voyez celle-là."
ACCEPTED = "Acceptées\N{NO-BREAK SPACE}: %d. Déjà décidées\N{NO-BREAK SPACE}: %d. Impossibles à accepter\N{NO-BREAK SPACE}: %d."


@pytest.fixture
def lea(edition, press, journalist, letter):
    person = {**journalist, "letter": letter, "days": [edition.days[0].isoformat()]}
    return services.ask_accreditation(edition=edition, person=person, language="en")


def page(name, row) -> str:
    return reverse(f"admin:registrations_accreditation_{name}", args=[row.pk])


def decide(client, row, *, reason="", seen="asked", **button):
    return client.post(page("decide", row), {"reason": reason, "seen": seen, **button})


def act(client, action, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(LIST, data)


def state(row) -> str:
    return Accreditation.objects.get(pk=row.pk).state


@pytest.fixture
def member(client, django_user_model):
    """Somebody of the team who may do what the test says."""

    def log_in(*permissions):
        paul = django_user_model.objects.create_user("paul", is_staff=True)
        names = [f"{name}_accreditation" for name in permissions]
        paul.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(paul)
        return client

    return log_in


# ----------------------------------------------------------------------------------- the list
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_three(
    admin_client, edition, rows, django_assert_num_queries
):
    AccreditationFactory.create_batch(rows, edition=edition)
    # HTTP session, user, a count, rows, editions to filter by, the current edition
    with django_assert_num_queries(6):
        assert admin_client.get(LIST).context["cl"].result_count == rows


@pytest.mark.parametrize("words", ["martin", "LEA courrier", "lea@example.org", "développement"])
def test_search_finds_by_name_address_and_medium(admin_client, edition, lea, words):
    AccreditationFactory(edition=edition, medium="Radio Monde")
    found = admin_client.get(LIST, {"q": words}).context["cl"].queryset
    assert list(found) == [lea]


def test_everything_but_the_notes_is_for_reading(admin_client, lea):
    response = admin_client.get(page("change", lea))
    assert list(response.context["adminform"].form.fields) == ["notes"]
    change(admin_client, lea, notes="Appelée le 3 juin.", state="accepted", medium="Autre")
    lea.refresh_from_db()
    assert (lea.notes, lea.state, lea.medium) == (
        "Appelée le 3 juin.",
        "asked",
        "Le Courrier du développement",
    )


# ---------------------------------------------------------------------------------- the letter
def test_the_letter_is_saved_never_shown(admin_client, lea, letter):
    response = admin_client.get(page("letter", lea))
    assert response["Content-Disposition"] == 'attachment; filename="lea-martin.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert response.getvalue() == letter.open().read()
    assert page("letter", lea) in admin_client.get(page("change", lea)).content.decode()


def test_the_letter_has_no_public_address(client, lea, settings):
    name = lea.letter.name
    assert Path(settings.PRIVATE_ROOT, name).exists()
    for path in (f"/media/{name}", f"/media/../private/{name}", f"/private/{name}"):
        assert client.get(path).status_code in {400, 404}
    assert client.get(page("letter", lea)).url.startswith(reverse("admin:login"))


def test_the_letter_is_not_for_a_member_without_the_permission(member, lea):
    client = member()
    assert client.get(page("letter", lea)).status_code == 403


def test_a_letter_that_is_not_there_is_not_found(admin_client, edition, lea):
    assert (
        admin_client.get(page("letter", AccreditationFactory(edition=edition))).status_code == 404
    )
    lea.letter.storage.delete(lea.letter.name)
    assert admin_client.get(page("letter", lea)).status_code == 404


# ------------------------------------------------------------------------------------ one by one
def test_accepting_on_its_own_page(admin_client, lea, admin_user):
    response = decide(admin_client, lea, reason="Bienvenue.", accept="yes")
    assert (response.status_code, response.url) == (302, page("change", lea))
    assert sentences(response) == [
        "La décision est prise\N{NARROW NO-BREAK SPACE}; la personne est prévenue par courriel."
    ]
    lea.refresh_from_db()
    assert (lea.state, lea.decided_by, lea.reason) == ("accepted", admin_user, "Bienvenue.")
    assert lea.registration.changes.get().user == admin_user
    history = admin_client.get(page("history", lea)).context["action_list"]
    assert [entry.get_change_message() for entry in history] == ["acceptée – Bienvenue."]


def test_refusing_needs_a_reason_and_loses_nothing(admin_client, lea):
    response = decide(admin_client, lea)
    assert (response.status_code, response.context["decision"].errors) == (
        200,
        {"reason": [WHY]},
    )
    assert (state(lea), len(mails())) == ("asked", 1)
    decide(admin_client, lea, reason="Carte illisible.")
    assert (state(lea), len(mails())) == ("refused", 2)


def test_what_cannot_be_accepted_comes_back_with_the_message(admin_client, lea, press):
    press.delete()
    response = decide(admin_client, lea, reason="Bienvenue.", accept="yes")
    assert response.context["decision"].non_field_errors() == [
        "Aucune catégorie n’a la clé «\N{NARROW NO-BREAK SPACE}presse\N{NARROW NO-BREAK SPACE}»\N{NO-BREAK SPACE}: ajoutez-la."
    ]
    assert ">\nBienvenue.</textarea>" in response.content.decode()
    assert state(lea) == "asked"


def test_a_page_that_is_old_changes_nothing(admin_client, lea):
    decide(admin_client, lea, accept="yes")
    response = decide(admin_client, lea, reason="Non.")
    assert (
        sentences(response)[-1]
        == "Quelqu’un a décidé entre-temps\N{NO-BREAK SPACE}: rien n’a été changé."
    )
    assert (state(lea), len(mails())) == ("accepted", 2)


def test_withdrawing_says_so_on_its_button(admin_client, lea):
    decide(admin_client, lea, accept="yes")
    shown = admin_client.get(page("change", lea)).content.decode()
    assert ("Retirer l’accréditation" in shown, 'name="accept"' in shown) == (True, False)
    decide(admin_client, lea, reason="Fausse carte.", seen="accepted")
    assert state(lea) == "withdrawn"


def test_the_team_is_told_of_a_registration_that_stood_before(admin_client, edition, lea):
    category = CategoryFactory(name_fr="Élu·e")
    RegistrationFactory(
        edition=edition,
        email=lea.email,
        category=category,
        first_name="Léa",
        last_name="Martin-Roy",
    )
    response = decide(admin_client, lea, accept="yes")
    assert sentences(response)[0] == (
        "Léa Martin est accrédité·e avec l’inscription qui existe déjà pour cette adresse\N{NO-BREAK SPACE}:"
        " Léa Martin-Roy, catégorie «\N{NARROW NO-BREAK SPACE}Élu·e\N{NARROW NO-BREAK SPACE}», qui reste la sienne."
    )


def test_the_team_is_told_of_a_rank_on_the_waiting_list(admin_client, edition, lea, ten):
    edition.capacity = 1
    edition.save()
    seated(edition, ten)
    response = decide(admin_client, lea, accept="yes")
    assert sentences(response)[0] == (
        "Toutes les places sont prises\N{NO-BREAK SPACE}: Léa Martin est sur la liste d’attente de l’édition,"
        " au rang 1."
    )


# -------------------------------------------------------------------------------------- together
@pytest.mark.parametrize("action", ["accept", "refuse"])
def test_deciding_together_asks_first(admin_client, edition, lea, action):
    decided = AccreditationFactory(edition=edition)
    services.refuse_accreditation(decided, reason="Non.")
    response = act(admin_client, action, lea, decided)
    shown = response.content.decode()
    assert (response.status_code, str(lea) in shown, str(decided) in shown) == (200, True, False)
    assert "sont déjà décidées et restent" in shown
    assert state(lea) == "asked"


def test_accepting_together_counts_and_may_be_repeated(admin_client, edition, lea, press):
    rows = [lea, *AccreditationFactory.create_batch(2, edition=edition)]
    services.refuse_accreditation(rows[2], reason="Non.")
    reports = []
    for _again in range(2):
        response = act(admin_client, "accept", *rows, confirmed="yes", reason="Bienvenue.")
        reports.append(sentences(response)[-1])
    assert reports == [
        ACCEPTED % (2, 1, 0),
        ACCEPTED % (0, 3, 0),
    ]
    assert [state(row) for row in rows] == ["accepted", "accepted", "refused"]
    assert Registration.objects.filter(category=press).count() == 2
    texts = Message.objects.filter(template="accreditation_accepted").values_list("text", flat=True)
    assert [text.count("Bienvenue.") for text in texts] == [1, 1]


def test_what_could_not_be_accepted_is_named_with_why(admin_client, edition, lea):
    accepted = AccreditationFactory(edition=edition)
    services.accredit(accepted)
    services.correct(accepted.registration, {"email": "new@example.org"})
    twin = AccreditationFactory(edition=edition, email="new@example.org", first_name="Ada")
    response = act(admin_client, "accept", twin, lea, confirmed="yes")
    assert sentences(response) == [
        f"{twin.full_name}\N{NO-BREAK SPACE}: {TWICE}",
        ACCEPTED % (1, 0, 1),
    ]
    assert [state(row) for row in (twin, lea)] == ["asked", "accepted"]


def test_refusing_together_needs_one_reason(admin_client, edition, lea):
    rows = [lea, AccreditationFactory(edition=edition)]
    response = act(admin_client, "refuse", *rows, confirmed="yes", reason="")
    assert response.context["form"].errors == {"reason": [WHY]}
    reports = []
    for _again in range(2):
        response = act(admin_client, "refuse", *rows, confirmed="yes", reason="Plus de place.")
        reports.append(sentences(response)[-1])
    assert reports == [
        "Refusées\N{NO-BREAK SPACE}: 2. Déjà décidées\N{NO-BREAK SPACE}: 0.",
        "Refusées\N{NO-BREAK SPACE}: 0. Déjà décidées\N{NO-BREAK SPACE}: 2.",
    ]
    assert Message.objects.filter(template="accreditation_refused").count() == 2


def test_too_many_at_once_is_a_sentence(admin_client, edition, lea, monkeypatch):
    monkeypatch.setattr(pages, "BULK_LIMIT", 1)
    response = act(admin_client, "accept", lea, AccreditationFactory(edition=edition))
    assert (response.status_code, sentences(response)) == (
        302,
        ["Choisissez-en 1 au plus à la fois."],
    )


# ----------------------------------------------------------------------------------- permissions
@pytest.mark.parametrize("permissions", [[], ["view"]], ids=["none", "view"])
def test_deciding_needs_the_permission(member, lea, permissions):
    client = member(*permissions)
    assert decide(client, lea, reason="Non.").status_code == 403
    assert client.get(page("decide", lea)).status_code == 403
    act(client, "refuse", lea, confirmed="yes", reason="Non.")
    act(client, "accept", lea, confirmed="yes")
    assert (state(lea), len(mails())) == ("asked", 1)
    expected = 200 if permissions else 403
    assert [client.get(address).status_code for address in (LIST, page("change", lea))] == [
        expected
    ] * 2


def test_who_may_only_look_sees_no_button(member, lea):
    shown = member("view").get(page("change", lea)).content.decode()
    assert page("decide", lea) not in shown


def test_nobody_adds_or_deletes(admin_client, lea):
    assert admin_client.get(reverse("admin:registrations_accreditation_add")).status_code == 403
    assert admin_client.post(page("delete", lea), {"post": "yes"}).status_code == 403
    assert Accreditation.objects.count() == 1


def test_a_row_that_is_not_there_is_not_found(admin_client, lea):
    pk = lea.pk + 1
    for name in ("decide", "letter"):
        address = reverse(f"admin:registrations_accreditation_{name}", args=[pk])
        assert admin_client.get(address).status_code == 404
