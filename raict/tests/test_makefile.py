"""The Makefile calls commands that exist, with options that they know."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

CALLS = re.findall(
    r"\$\(PYTHON\) manage\.py (\S+)(.*)", (Path(settings.BASE_DIR) / "Makefile").read_text()
)


@pytest.mark.parametrize(("name", "options"), CALLS, ids=[name for name, _options in CALLS])
def test_make_calls_a_command_with_options_that_it_knows(name, options):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    words = options.replace("'", "").split()
    _known, unknown = parser.parse_known_args(words)
    assert unknown == []
