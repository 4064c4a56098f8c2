"""A value that cannot be used stops the start with a sentence that names the variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from raict import env


@pytest.mark.parametrize(
    ("value", "read"),
    [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("off", False), ("", True)],
)
def test_boolean_reads_the_usual_words_and_nothing_as_the_default(monkeypatch, value, read):
    monkeypatch.setenv("SOME", value)

    assert env.boolean("SOME", default=True) is read


def test_boolean_refuses_other_words(monkeypatch):
    monkeypatch.setenv("SOME", "oui")

    with pytest.raises(ImproperlyConfigured, match=r"^SOME='oui': expected one of true, false\.$"):
        env.boolean("SOME", default=False)


def test_integer_refuses_words(monkeypatch):
    monkeypatch.setenv("SOME", "many")

    with pytest.raises(ImproperlyConfigured, match=r"^SOME='many': expected a whole number\.$"):
        env.integer("SOME", 1)


def test_words_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("SOME", " a.example, b.example,,")

    assert env.words("SOME") == ["a.example", "b.example"]


def test_text_may_lie_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("hidden\n")
    monkeypatch.setenv("HIDDEN_FILE", str(tmp_path / "secret"))

    assert env.text("HIDDEN") == "hidden"


def test_folder_is_made_for_its_owner_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("SOME", str(tmp_path / "a" / "b"))

    folder = env.folder("SOME", tmp_path)

    assert folder == tmp_path / "a" / "b"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_folder_that_is_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOME", str(tmp_path / "file"))

    with pytest.raises(ImproperlyConfigured, match=r"^SOME=.*: not a usable folder"):
        env.folder("SOME", tmp_path)


@pytest.mark.parametrize("value", ["nonsense", "postgres//raict@host/raict"])
def test_database_refuses_what_is_no_address(monkeypatch, value):
    monkeypatch.setenv("SOME", value)

    with pytest.raises(ImproperlyConfigured, match=r"^SOME: "):
        env.database("SOME", "")


@pytest.mark.parametrize(
    ("address", "tls", "ssl", "port"),
    [
        ("smtp://u:p%40ss@mail.example.org", False, False, 25),
        ("smtp+tls://u:p%40ss@mail.example.org", True, False, 587),
        ("smtp+tls://u:p%40ss@mail.example.org:587", True, False, 587),
        ("smtp+ssl://u:p%40ss@mail.example.org:465", False, True, 465),
        ("smtps://u:p%40ss@mail.example.org:465", False, True, 465),
    ],
)
def test_mail_reads_every_kind_of_server(monkeypatch, address, tls, ssl, port):
    monkeypatch.setenv("SOME", address)

    config = env.mail("SOME", "")

    assert config["EMAIL_HOST"] == "mail.example.org"
    assert config["EMAIL_PORT"] == port
    assert config["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert config.get("EMAIL_USE_TLS", False) is tls
    assert config.get("EMAIL_USE_SSL", False) is ssl


def test_mail_refuses_another_protocol(monkeypatch):
    monkeypatch.setenv("SOME", "https://mail.example.org")

    with pytest.raises(ImproperlyConfigured, match=r"^SOME: not a mail server address"):
        env.mail("SOME", "")


def test_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("SOME=file\nOTHER=file\n")
    monkeypatch.delenv("ENV_FILE", raising=False)
    monkeypatch.setenv("SOME", "environment")
    monkeypatch.setenv("OTHER", "to be taken away again")
    monkeypatch.delenv("OTHER")

    env.read(tmp_path / ".env")

    assert (env.text("SOME"), env.text("OTHER")) == ("environment", "file")
