"""What holds for tests only, and the fixtures that every app uses."""

import pytest
from django.conf import settings as django_settings


def pytest_configure(config: pytest.Config) -> None:
    """Values that only tests may have: set here, so that settings.py knows nothing of tests."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path) -> None:
    """Every test has a media folder, a mail folder and a cache of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }
