import pytest
from django.db import IntegrityError
from django.urls import reverse

from events.models import Edition, Figure
from events.tests.factories import (
    EditionFactory,
    PartnerFactory,
    PressReleaseFactory,
    RoomFactory,
    VenueFactory,
)
from raict.tests.staff import change, errors
from sessions.tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "factory", "queries"),
    [
        ("events_edition", EditionFactory, 5),
        ("events_venue", VenueFactory, 6),
        ("events_partner", PartnerFactory, 6),
        ("events_pressrelease", PressReleaseFactory, 7),
    ],
)
def test_lists_ask_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, name, factory, queries, rows
):
    edition = EditionFactory(current=True)
    if factory is EditionFactory:
        EditionFactory.create_batch(rows)
    elif factory is VenueFactory:
        for venue in VenueFactory.create_batch(rows):
            RoomFactory.create_batch(rows, venue=venue)
    else:
        factory.create_batch(rows, edition=edition)
    with django_assert_num_queries(queries):
        admin_client.get(reverse(f"admin:{name}_changelist"))


def test_edition_form_saves_what_it_shows(admin_client):
    edition = EditionFactory(places_taken=3)
    response = change(admin_client, edition, hashtag="#RAICT")
    assert response.status_code == 302, errors(response)
    edition.refresh_from_db()
    assert (edition.hashtag, edition.places_taken) == ("#RAICT", 3)


def test_edition_capacity_below_the_places_taken_is_refused_in_a_sentence(admin_client):
    edition = EditionFactory(places_taken=12)
    response = change(admin_client, edition, capacity="11")
    assert list(errors(response)) == ["capacity"]
    assert "12" in errors(response)["capacity"][0]


def test_edition_postponed_asks_for_the_first_date(admin_client):
    response = change(admin_client, EditionFactory(), state="postponed")
    assert list(errors(response)) == ["first_starts_on"]


def test_make_current_takes_the_place_of_the_other(admin_client):
    old, new = EditionFactory(current=True), EditionFactory()
    admin_client.post(
        reverse("admin:events_edition_changelist"),
        {"action": "make_current", "_selected_action": [new.pk]},
    )
    assert list(Edition.objects.filter(is_current=True)) == [new]
    admin_client.post(reverse("admin:events_edition_current", args=[old.pk]))
    assert list(Edition.objects.filter(is_current=True)) == [old]


def test_make_current_refuses_two_at_once_and_reading(admin_client):
    old, others = EditionFactory(current=True), EditionFactory.create_batch(2)
    admin_client.post(
        reverse("admin:events_edition_changelist"),
        {"action": "make_current", "_selected_action": [edition.pk for edition in others]},
    )
    answer = admin_client.get(reverse("admin:events_edition_current", args=[others[0].pk]))
    assert answer.status_code == 405
    assert list(Edition.objects.filter(is_current=True)) == [old]


def test_a_draft_is_never_current(admin_client):
    current, draft = EditionFactory(current=True), EditionFactory(state=Edition.State.DRAFT)
    admin_client.post(reverse("admin:events_edition_current", args=[draft.pk]))
    assert list(Edition.objects.filter(is_current=True)) == [current]
    assert list(errors(change(admin_client, current, state="draft"))) == ["state"]
    with pytest.raises(IntegrityError, match="edition_current_is_no_draft"):
        Edition.objects.filter(pk=current.pk).update(state="draft")


def test_make_current_needs_the_right_to_change(client, django_user_model):
    old, new = EditionFactory(current=True), EditionFactory()
    client.force_login(django_user_model.objects.create_user("paul", is_staff=True))
    client.post(reverse("admin:events_edition_current", args=[new.pk]))
    assert list(Edition.objects.filter(is_current=True)) == [old]


def test_room_smaller_than_its_session_is_refused(admin_client):
    room = RoomFactory(capacity=40)
    SessionFactory(room=room, capacity=30)
    response = change(admin_client, room.venue, **{"rooms-0-capacity": "20"})
    found = response.context["inline_admin_formsets"][0].formset.errors[0]
    assert list(found) == ["capacity"]
    assert change(admin_client, room.venue, **{"rooms-0-capacity": "30"}).status_code == 302


def test_declared_figure_stands_in_the_edition_page(admin_client):
    edition = EditionFactory()
    Figure.objects.create(
        edition=edition, key="participants", label_fr="participants", value=500, source="Bilan"
    )
    page = admin_client.get(reverse("admin:events_edition_change", args=[edition.pk]))
    shown = page.context["adminform"].model_admin.computed_figures(edition)
    assert "<strong>500</strong> participants" in shown


def test_a_new_figure_belongs_to_the_current_edition(admin_client):
    edition = EditionFactory(current=True)
    page = admin_client.get(reverse("admin:events_figure_add"))
    assert page.context["adminform"].form.initial["edition"] == edition
