import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from events.tests.factories import EditionFactory, RoomFactory
from sessions.tests.factories import SessionFactory


@pytest.fixture
def load(tmp_path, capsys):
    """Load a file with that text; returns what the command said, in English."""

    def load(text: str, *options: str) -> str:
        path = tmp_path / "my.toml"
        path.write_text(text, encoding="utf-8")
        call_command("load_edition", path, *options, language="en")
        return capsys.readouterr().out

    return load


@pytest.fixture
def edition():
    return EditionFactory(current=True, number=16)


@pytest.fixture
def hall(edition):
    return RoomFactory(venue=edition.venue, name="Grande salle", position=1)


@pytest.fixture
def ten(edition, hall):
    """A workshop at ten in the hall."""
    return SessionFactory(edition=edition, room=hall, title_fr="L’eau", capacity=40)


@pytest.fixture
def member(client, django_user_model):
    user = django_user_model.objects.create_user("membre", password="x", is_staff=True)
    client.force_login(user)

    def may(*codenames):
        user.user_permissions.set(
            Permission.objects.filter(codename__in=codenames, content_type__app_label="programme")
        )
        assert user.user_permissions.count() == len(codenames)
        return client

    return may
