"""The page « translations to do », as several people of the team use it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import Edition
from events.tests.factories import EditionFactory
from registrations.models import Category
from registrations.tests.team import sentences
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    Category.objects.all().delete()
    return EditionFactory(number=16, theme_en="", current=True)


@pytest.fixture
def session(edition):
    return SessionFactory(edition=edition, title_fr="Santé", title_en="")


def url(edition) -> str:
    return reverse("admin:events_edition_translations", args=[edition.pk])


def theme(edition) -> str:
    return f"edition.{edition.pk}.theme.en"


def title(session) -> str:
    return f"session.{session.pk}.title.en"


def shown(response) -> list[str]:
    return [line.text.key for block in response.context["blocks"] for line in block[3]]


def member(client, django_user_model, *codenames):
    user = django_user_model.objects.create_user("paul", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def test_the_page_shows_what_is_missing_and_how_far_it_is(admin_client, edition, session):
    response = admin_client.get(url(edition))
    assert shown(response) == [theme(edition), title(session)]
    assert (response.context["done"], response.context["total"]) == (1, 3)


def test_one_is_saved_and_what_else_was_typed_stays(admin_client, edition, session):
    data = {f"text-{theme(edition)}": "Water", f"text-{title(session)}": "Health"}
    response = admin_client.post(url(edition), {**data, "save": theme(edition)})
    edition.refresh_from_db()
    session.refresh_from_db()
    assert (edition.theme_en, session.title_en) == ("Water", "")
    (line,) = response.context["blocks"][0][3]
    assert (line.text.key, line.typed, line.refusal) == (title(session), "Health", "")


def test_all_are_saved_at_once(admin_client, edition, session):
    data = {f"text-{theme(edition)}": "Water", f"text-{title(session)}": "Health", "save": "all"}
    response = admin_client.post(f"{url(edition)}?lacking=en", data)
    assert response.url == f"{url(edition)}?lacking=en"
    assert len(sentences(response)) == 1
    assert shown(admin_client.get(url(edition))) == []


def test_when_one_is_refused_the_others_are_saved_and_it_is_kept(admin_client, edition, session):
    long = "x" * 301
    data = {f"text-{theme(edition)}": "Water", f"text-{title(session)}": long, "save": "all"}
    response = admin_client.post(url(edition), data)
    edition.refresh_from_db()
    (line,) = response.context["blocks"][0][3]
    assert (edition.theme_en, line.typed) == ("Water", long)
    assert line.refusal
    assert long in response.content.decode()


def test_what_somebody_wrote_meanwhile_is_shown_beside_what_was_typed(admin_client, edition):
    Edition.objects.filter(pk=edition.pk).update(theme_en="Water")
    data = {f"text-{theme(edition)}": "Waters", "save": "all"}
    response = admin_client.post(url(edition), data)
    (line,) = response.context["blocks"][0][3]
    assert (line.typed, line.theirs) == ("Waters", "Water")
    edition.refresh_from_db()
    assert edition.theme_en == "Water"


def test_what_is_gone_is_said_with_the_words(admin_client, edition, session):
    key = title(session)
    session.delete()
    response = admin_client.post(url(edition), {f"text-{key}": "Health", "save": "all"})
    assert "Health" in sentences(response)[0]


def test_filters_by_group_language_and_words(admin_client, edition, session):
    SessionFactory(edition=edition, title_fr="", title_en="Arts")
    found = {
        query: len(shown(admin_client.get(url(edition) + query)))
        for query in ("", "?group=session", "?lacking=fr", "?q=SANTE", "?group=nothing&lacking=xx")
    }
    assert found == {
        "": 3,
        "?group=session": 2,
        "?lacking=fr": 1,
        "?q=SANTE": 1,
        "?group=nothing&lacking=xx": 3,
    }


def test_pages_hold_fifty_and_keep_the_filters(admin_client, edition):
    SessionFactory.create_batch(51, edition=edition, title_en="")
    response = admin_client.get(f"{url(edition)}?group=session")
    assert len(shown(response)) == 50
    assert "?group=session&amp;p=2" in response.content.decode()
    assert len(shown(admin_client.get(f"{url(edition)}?group=session&p=2"))) == 1


def test_what_was_typed_comes_first_when_it_is_on_no_page(admin_client, edition):
    sessions = SessionFactory.create_batch(51, edition=edition, title_en="")
    key = title(sessions[-1])
    response = admin_client.post(url(edition), {f"text-{key}": "x" * 301, "save": "all"})
    assert shown(response)[0] == key
    assert len(shown(response)) == 51


def test_what_one_may_not_change_is_read_only_or_hidden(
    client, django_user_model, edition, session
):
    AppearanceFactory(session=session)
    member(client, django_user_model, "change_session", "view_edition")
    response = client.get(url(edition))
    lines = [line for block in response.context["blocks"] for line in block[3]]
    assert [(line.text.key, line.is_open) for line in lines] == [
        (theme(edition), False),
        (title(session), True),
    ]
    client.post(url(edition), {f"text-{theme(edition)}": "Water", "save": "all"})
    edition.refresh_from_db()
    assert edition.theme_en == ""


def test_who_may_change_nothing_is_refused_and_sees_no_entry(client, django_user_model, edition):
    member(client, django_user_model, "view_edition", "view_session")
    assert client.get(url(edition)).status_code == 403
    assert client.post(url(edition), {"save": "all"}).status_code == 403
    home = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:events_edition_translations_current") not in home


def test_the_menu_leads_to_the_current_edition(admin_client, edition):
    EditionFactory(number=99)
    menu = reverse("admin:events_edition_translations_current")
    assert menu in admin_client.get(reverse("admin:index")).content.decode()
    assert admin_client.get(menu).url == url(edition)


def test_nothing_typed_is_said(admin_client, edition):
    response = admin_client.post(url(edition), {f"text-{theme(edition)}": " ", "save": "all"})
    assert (response.status_code, len(sentences(response))) == (302, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_little_of_the_database(
    admin_client, django_assert_num_queries, edition, rows
):
    for session in SessionFactory.create_batch(rows, edition=edition, title_en=""):
        AppearanceFactory(session=session, person=PersonFactory(biography_fr="Maire."))
    admin_client.get(url(edition))
    # HTTP session, user, the edition, the current one, all counts, twelve groups.
    with django_assert_num_queries(17):
        admin_client.get(url(edition))


def test_a_full_programme_fills_a_page_with_as_few_queries(
    admin_client, django_assert_num_queries, edition
):
    """40 sessions, 120 speakers. What the page costs is told by `make bench`."""
    for session in SessionFactory.create_batch(40, edition=edition, title_en=""):
        for _number in range(3):
            person = PersonFactory(biography_fr="Maire. " * 40)
            AppearanceFactory(session=session, person=person)
    admin_client.get(url(edition))
    with django_assert_num_queries(17):
        assert len(shown(admin_client.get(url(edition)))) == 50
