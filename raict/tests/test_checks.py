import pytest

from raict import checks

PRODUCTION = {
    "SITE_URL": "https://rencontres.example.org",
    "REDIS_URL": "redis://redis.example.org/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "RAICT <inscriptions@example.org>",
    "TRUSTED_PROXIES": 1,
    "STAFF_TWO_FACTOR": True,
}
DEPLOYMENT = (
    checks.secret_key,
    checks.database,
    checks.broker,
    checks.site_url,
    checks.two_factor,
    checks.mail,
    checks.proxies,
)


@pytest.fixture
def production(settings, tmp_path, monkeypatch):
    """Settings about which the deployment checks have nothing to say."""
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    settings.VAR = tmp_path
    (tmp_path / "secret.key").write_text("kept")
    return settings


def found() -> list[str]:
    return [message.id for check in DEPLOYMENT for message in check(None)]


def test_production_is_accepted(production):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("REDIS_URL", "", ["raict.E012"]),
        ("SITE_URL", "http://rencontres.example.org", ["raict.E013"]),
        ("SITE_URL", "https://localhost", ["raict.E013"]),
        ("EMAIL_BACKEND", "raict.mail.backends.FolderBackend", ["raict.E014"]),
        ("DEFAULT_FROM_EMAIL", "RAICT <inscriptions@localhost>", ["raict.E015"]),
        ("STAFF_TWO_FACTOR", False, ["raict.E017"]),
        ("TRUSTED_PROXIES", 0, ["raict.W016"]),
    ],
)
def test_production_refuses_what_is_for_trying_out(production, name, value, expected):
    setattr(production, name, value)

    assert found() == expected


def test_production_refuses_sqlite(production, monkeypatch):
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    assert found() == ["raict.E011"]


def test_production_refuses_a_key_that_dies_with_the_process(production, tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret.key").unlink()

    assert found() == ["raict.E010"]


def test_libraries_are_there():
    assert checks.libraries(None) == []


def test_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.setitem(checks.LIBRARIES, "libnowhere.so.0", "libnowhere0")

    (error,) = checks.libraries(None)

    assert error.msg == "Badges and communiqués cannot be made: libnowhere0 missing."
    assert error.hint == "As root: apt-get install --no-install-recommends libnowhere0"
