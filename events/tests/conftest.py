"""What the tests of the press room share."""

import pytest


@pytest.fixture
def own_documents(settings, tmp_path) -> None:
    """Documents are kept in the test's own folder; the unpacked faces stay where they are."""
    faces = settings.VAR / "cache" / "fonts"
    faces.mkdir(parents=True, exist_ok=True)
    settings.VAR = tmp_path
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "fonts").symlink_to(faces)
    settings.SITE_URL = "https://raict.example"
