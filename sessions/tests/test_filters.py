import pytest
from django.http import QueryDict
from django.utils.translation import override

from sessions import filters
from sessions.models import Session

MEDITERRANEAN = Session(
    pk=1,
    kind=Session.Kind.GEOGRAPHIC_MEETING,
    zone_fr="Méditerranée",
    zone_en="Mediterranean",
    language=Session.Language.FRENCH_TO_ENGLISH,
)
WATER = Session(
    pk=2,
    kind=Session.Kind.THEMATIC_WORKSHOP,
    topic_fr="Eau et assainissement",
    language=Session.Language.FRENCH,
)
LUNCH = Session(pk=3, kind=Session.Kind.MEAL)
SESSIONS = [MEDITERRANEAN, WATER, LUNCH]


def found(query):
    return filters.read(QueryDict(query), SESSIONS).apply(SESSIONS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", SESSIONS),
        ("type=geographic_meeting", [MEDITERRANEAN]),
        ("zone=mediterranee", [MEDITERRANEAN]),
        ("theme=eau-et-assainissement", [WATER]),
        ("langue=en", [MEDITERRANEAN]),
        ("langue=fr", [MEDITERRANEAN, WATER]),
        ("langue=fr&type=thematic_workshop", [WATER]),
        ("type=cafe", []),
        ("zone=mediterranee&type=thematic_workshop", []),
    ],
)
def test_filters_keep_what_matches_all_of_them(query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    "query", ["type=conference", "zone=lune", "type=meal", "langue=de", "theme=%00"]
)
def test_unknown_value_is_left_aside_and_said(query):
    chosen = filters.read(QueryDict(query), SESSIONS)

    assert chosen.apply(SESSIONS) == SESSIONS
    assert (chosen.is_active, len(chosen.refusals)) == (False, 1)


def test_long_unknown_value_is_not_echoed_whole():
    chosen = filters.read(QueryDict(f"type={'x' * 5000}"), SESSIONS)

    assert len(chosen.refusals[0]) < 200


def test_list_with_one_choice_is_offered_only_while_in_force():
    def names(query):
        return [each.name for each in filters.read(QueryDict(query), SESSIONS).offered]

    assert names("") == ["type", "langue"]
    assert names("zone=mediterranee") == ["type", "zone", "langue"]


def test_choices_are_labelled_in_the_language_of_the_page_and_say_which_it_is():
    with override("en"):
        zone, theme = filters.read(QueryDict(), SESSIONS).filters[1:3]

    assert zone.options == [filters.Option("mediterranee", "Mediterranean", "en")]
    assert theme.options == [filters.Option("eau-et-assainissement", "Eau et assainissement", "fr")]
