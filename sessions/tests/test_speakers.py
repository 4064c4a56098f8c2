from sessions.models import Appearance, Person
from sessions.speakers import by_letter, by_role


def test_roles_follow_protocol_and_keep_the_teams_order_within():
    first, second = Appearance(pk=1, role="speaker"), Appearance(pk=2, role="speaker")
    chair = Appearance(pk=3, role="chair")

    groups = [same for _label, same in by_role([second, chair, first])]

    assert groups == [[chair], [second, first]]


def test_people_are_sorted_by_surname_without_regard_to_accents():
    names = ["Zola", "Éluard", "Eco", "de Staël", "3M"]
    appearances = [
        Appearance(pk=pk, person=Person(pk=pk, last_name=name)) for pk, name in enumerate(names)
    ]

    letters = [
        (letter, [person.last_name for person, _theirs in people])
        for letter, people in by_letter(appearances)
    ]

    assert letters == [
        ("#", ["3M"]),
        ("D", ["de Staël"]),
        ("E", ["Eco", "Éluard"]),
        ("Z", ["Zola"]),
    ]


def test_appearances_of_one_person_stand_together():
    first, second = (Appearance(pk=pk, person=Person(pk=7, last_name="Revel")) for pk in (1, 2))

    [(_letter, [(person, theirs)])] = by_letter([first, second])

    assert (person.pk, theirs) == (7, [first, second])
