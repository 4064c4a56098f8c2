"""What holds for tests only, and the fixtures that every app uses."""

import os
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.template.base import FilterExpression
from django.utils import translation

TEMPLATES = Path(__file__).parent / "templates"


class Undefined(str):
    """What the engine puts in place of a variable that is not there: in our own pages, a failure.

    It is as empty as in production, so that filters see the same; `|default` says it is meant.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression, context = frame.f_locals.get("self"), frame.f_locals.get("context")
        if isinstance(expression, FilterExpression):
            origin = Path(context.render_context.template.origin.name)
            is_ours = origin.is_relative_to(TEMPLATES) and not origin.is_relative_to(
                TEMPLATES / "admin"
            )
            is_meant = any(
                function.__name__.startswith("default") for function, _ in expression.filters
            )
            if is_ours and not is_meant:
                pytest.fail(f"{origin.relative_to(TEMPLATES)}: no variable {expression.var}")
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Values that only tests may have: set here, so that settings.py knows nothing of tests."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django_settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    # Nothing is collected for tests, and WhiteNoise warns of a folder that is not there.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """A test that did not run has shown nothing: skipped is failed."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped tests count as failed: {report.longrepr}"
    return report


@pytest.fixture
def redis_url() -> str:
    """The Redis that `make test` starts. A test that needs one fails without."""
    url = os.environ.get("REDIS_URL")
    if not url:
        pytest.fail("REDIS_URL names no Redis server; `make test` starts one.")
    return url


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path) -> None:
    """Every test has media folders, a mail folder and a cache of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }


@pytest.fixture(autouse=True)
def _french():
    """Every test starts in French: a page asked for in English leaves its language behind."""
    with translation.override("fr"):
        yield
