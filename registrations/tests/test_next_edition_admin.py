"""The page « prepare the next edition », for those who may make one."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import Edition
from events.tests.factories import EditionFactory, PartnerFactory
from raict.tests.staff import change
from registrations.tests.team import sentences
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def source():
    edition = EditionFactory(
        number=16, starts_on=dt.date(2026, 10, 21), ends_on=dt.date(2026, 10, 22), current=True
    )
    PartnerFactory(edition=edition)
    SessionFactory(edition=edition)
    return edition


def url(edition) -> str:
    return reverse("admin:events_edition_next", args=[edition.pk])


def typed(source, **values) -> dict:
    known = {
        "number": 17,
        "starts_on": "2027-10-20",
        "ends_on": "2027-10-21",
        "venue": source.venue_id,
        "parts": ["partners", "sessions"],
    }
    return {**known, **values}


def refused(response) -> dict:
    return response.context["form"].errors


def test_the_page_counts_what_is_copied_and_ticks_what_is_usual(admin_client, source):
    form = admin_client.get(url(source)).context["form"]
    offered = {key: count for key, (_part, count) in form.offered.items()}
    assert offered == {"partners": 1, "sessions": 1, "session_texts": 1}
    assert form["parts"].initial == ["partners", "sessions"]
    assert (form["number"].initial, form["venue"].initial) == (17, source.venue)


def test_the_new_edition_is_shown_with_the_way_to_its_programme(admin_client, source):
    response = admin_client.post(url(source), typed(source))
    made = Edition.objects.get(number=17)
    assert response.url == reverse("admin:events_edition_change", args=[made.pk])
    (said,) = sentences(response)
    programme = reverse("admin:programme_session_changelist")
    assert f'href="{programme}?edition__id__exact={made.pk}"' in said
    assert (made.state, made.is_current, made.sessions.count()) == ("draft", False, 1)
    assert LogEntry.objects.get().object_id == str(made.pk)


def test_sent_twice_there_is_one_edition_and_the_way_to_it(admin_client, source):
    admin_client.post(url(source), typed(source))
    response = admin_client.post(url(source), typed(source))
    made = Edition.objects.get(number=17)
    (sentence,) = refused(response)["number"]
    assert f'href="{reverse("admin:events_edition_change", args=[made.pk])}"' in sentence
    assert Edition.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": 16}, "number"),
        ({"number": 0}, "number"),
        ({"number": ""}, "number"),
        ({"number": -3}, "number"),
        ({"ends_on": "2027-10-19"}, "ends_on"),
        ({"starts_on": "", "parts": []}, "starts_on"),
        ({"starts_on": "", "ends_on": ""}, "starts_on"),
        ({"starts_on": "demain"}, "starts_on"),
        (
            {"registration_opens_on": "2027-09-02", "registration_closes_on": "2027-09-01"},
            "registration_closes_on",
        ),
        ({"registration_opens_on": "2027-10-22"}, "registration_opens_on"),
        ({"parts": ["session_texts"]}, "parts"),
        ({"parts": ["registrations"]}, "parts"),
        ({"venue": 999999}, "venue"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(admin_client, source, values, field):
    response = admin_client.post(url(source), typed(source, **values))
    assert list(refused(response)) == [field]
    assert Edition.objects.count() == 1


def test_without_the_grid_the_dates_may_wait(admin_client, source):
    data = typed(source, starts_on="", ends_on="", venue="", parts=["partners"])
    admin_client.post(url(source), data)
    assert Edition.objects.get(number=17).dates == ""


def test_a_day_less_is_said(admin_client, source):
    SessionFactory(edition=source, day=source.ends_on)
    response = admin_client.post(url(source), typed(source, ends_on=""))
    assert len(sentences(response)) == 2


def member(django_user_model, *codenames):
    user = django_user_model.objects.create_user("paul", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def test_what_one_may_not_add_is_not_offered(client, django_user_model, source):
    user = member(django_user_model, "add_edition", "view_edition", "add_partner")
    client.force_login(user)
    assert list(client.get(url(source)).context["form"].offered) == ["partners"]
    response = client.post(url(source), typed(source))
    assert list(refused(response)) == ["parts"]


def test_who_may_not_add_an_edition_is_refused(client, django_user_model, source):
    client.force_login(member(django_user_model, "view_edition", "change_edition"))
    assert client.get(url(source)).status_code == 403
    page = reverse("admin:events_edition_change", args=[source.pk])
    assert url(source) not in client.get(page).content.decode()


def test_the_menu_leads_to_the_edition_with_the_highest_number(admin_client, source):
    EditionFactory(number=3)
    menu = reverse("admin:events_edition_next_of_latest")
    assert menu in admin_client.get(reverse("admin:index")).content.decode()
    assert admin_client.get(menu).url == url(source)
    source.sessions.all().delete()
    Edition.objects.all().delete()
    assert admin_client.get(menu).url == reverse("admin:events_edition_add")


def test_a_draft_becomes_current_once_it_is_published(admin_client, source):
    """One click; the sentence says what is missing before."""
    admin_client.post(url(source), typed(source))
    made = Edition.objects.get(number=17)
    current = reverse("admin:events_edition_current", args=[made.pk])
    said = sentences(admin_client.post(current))[-1]
    assert said == "17e édition est un brouillon\xa0: publiez-la d’abord."
    assert Edition.objects.current() == source
    change(admin_client, made, state="published")
    admin_client.post(current)
    assert Edition.objects.current() == made


def test_who_may_not_change_an_edition_does_not_make_it_current(client, django_user_model, source):
    client.force_login(member(django_user_model, "view_edition"))
    other = EditionFactory()
    response = client.post(reverse("admin:events_edition_current", args=[other.pk]))
    assert (response.status_code, Edition.objects.current()) == (403, source)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_little_of_the_database(
    admin_client, django_assert_num_queries, source, rows
):
    SessionFactory.create_batch(rows, edition=source)
    PartnerFactory.create_batch(rows, edition=source)
    admin_client.get(url(source))
    # HTTP session, user, edition; six counts; the last number; venues; the current edition.
    with django_assert_num_queries(12):
        admin_client.get(url(source))
