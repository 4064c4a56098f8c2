"""The smallest edition file that says something, and what is wrong with worse ones."""

import pytest
from django.core.management import CommandError

GOOD = """
[edition]
number = 14
name = "Rencontres"
starts_on = 2023-06-26
ends_on = 2023-06-27
venue = "Palais"

[[venues]]
name = "Palais"
rooms = [{ name = "Grande salle", capacity = 100 }, "Petite salle"]

[[people]]
first_name = "Awa"
last_name = "Diop"

[[sessions]]
kind = "plénière"
slug = "14-pleniere"
title = "Plénière"
day = 1
start = "9h30"
end = "10:30"
room = "Grande salle"

[[sessions.appearances]]
person = "Awa Diop"
role = "présidence"
"""
PUBLISHED = GOOD.replace("number = 14", 'number = 14\nstate = "published"')


def refusals(load, text: str, *options: str) -> list[str]:
    """The sentences of a refused file, without its name, the line and the count."""
    with pytest.raises(CommandError) as error:
        load(text, *options)
    *sentences, _count = str(error.value).split("\n")
    return [sentence.partition(": ")[2] for sentence in sentences]
