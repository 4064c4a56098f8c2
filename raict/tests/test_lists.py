"""What keeps the team's lists quick shows the same rows as Django's own lists would."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from events.tests.factories import EditionFactory
from raict.lists import count_of
from registrations.models import Category, Registration
from registrations.tests.factories import CategoryFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PEOPLE = reverse("admin:registrations_registration_changelist")


@pytest.fixture
def people():
    """120, two a day, from 1 March on, the first in December before."""
    edition, category = EditionFactory(), CategoryFactory()
    rows = RegistrationFactory.create_batch(
        120, edition=edition, category=category, organisation=None
    )
    first = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    for number, row in enumerate(rows):
        row.created_at = first + dt.timedelta(days=number // 2, seconds=number)
    rows[0].created_at = dt.datetime(2025, 12, 31, 22, 30, tzinfo=dt.UTC)
    Registration.objects.bulk_update(rows, ["created_at"])
    return rows


def shown(client, **query) -> list[int]:
    return [row.pk for row in client.get(PEOPLE, query).context["cl"].result_list]


def test_pages_show_each_row_once_in_order(admin_client, people):
    found = [pk for page in ("1", "2", "3") for pk in shown(admin_client, p=page)]
    assert found == [row.pk for row in reversed(people)]


def test_pages_keep_the_order_that_was_asked_for(admin_client, people):
    by_name = sorted(people, key=lambda row: (row.last_name + row.first_name).lower())
    pages = [pk for page in ("1", "2", "3") for pk in shown(admin_client, p=page, o="-1")]
    names = {row.pk: (row.last_name + row.first_name).lower() for row in people}
    assert [names[pk] for pk in pages] == [names[row.pk] for row in reversed(by_name)]


def test_all_rows_are_shown_together_when_asked(admin_client, people):
    assert len(shown(admin_client, all="")) == 120


def titles(client, **query) -> tuple:
    page = html.unescape(client.get(PEOPLE, query).content.decode())
    links = page.partition('<nav class="toplinks">')[2].partition("</nav>")[0]
    lines = [line.partition("</a>")[0].rpartition(">")[2] for line in links.splitlines()]
    return tuple(line.strip() for line in lines if line.strip())


def test_dates_lead_from_years_to_days(admin_client, people):
    assert titles(admin_client) == ("2025", "2026")
    year = {"created_at__year": "2026"}
    assert titles(admin_client, **year) == ("‹ Toutes les dates", "Mars 2026", "Avril 2026")
    april = titles(admin_client, **year, created_at__month="4")
    assert (april[0], april[1], april[-1], len(april)) == ("‹ 2026", "1 avril", "29 avril", 30)


def test_dates_are_those_of_paris(admin_client, people):
    """Half an hour before the year ends there, it is 22:30 in the database."""
    assert shown(admin_client, created_at__year="2025") == [people[0].pk]
    day = {"created_at__year": "2025", "created_at__month": "12", "created_at__day": "31"}
    assert titles(admin_client, **day) == ("‹ Décembre 2025", "31 décembre")


def test_no_dates_where_one_page_shows_all(admin_client):
    RegistrationFactory()
    assert titles(admin_client) == ()


def test_a_count_is_of_the_rows_that_are_meant(people):
    RegistrationFactory(category=people[0].category, state=Registration.State.CANCELLED)
    empty = CategoryFactory()
    counted = Category.objects.annotate(live=count_of(Registration.objects.live(), "category"))
    chosen = [people[0].category_id, empty.pk]
    assert dict(counted.filter(pk__in=chosen).values_list("pk", "live")) == dict(
        zip(chosen, (120, 0), strict=True)
    )
