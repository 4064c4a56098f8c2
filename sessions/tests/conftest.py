import pytest
from django.core.management import call_command


@pytest.fixture
def load(tmp_path, capsys):
    """Load a file with that text; returns what the command said, in English."""

    def load(text: str, *options: str) -> str:
        path = tmp_path / "my.toml"
        path.write_text(text, encoding="utf-8")
        call_command("load_edition", path, *options, language="en")
        return capsys.readouterr().out

    return load
