import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import override

from events.models import Edition
from raict.mail.models import Message
from registrations import reckoning
from registrations.demonstration import COUNTRIES, sample
from registrations.models import CafePreference, Registration

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def demonstration() -> Edition:
    call_command("load_edition", settings.BASE_DIR / "events/editions/demonstration.toml")
    return Edition.objects.get()


def test_samples_come_from_23_countries_and_are_always_the_same() -> None:
    samples = [sample(number) for number in range(1, 513)]
    assert {one.country for one in samples} == set(COUNTRIES)
    assert len(COUNTRIES) == 23
    assert len({one.email for one in samples}) == 512
    assert samples[400:] == [sample(number) for number in range(401, 513)]


def test_samples_have_the_names_that_a_badge_must_carry() -> None:
    names = {f"{one.first_name} {one.last_name}" for one in map(sample, range(24, 37))}
    assert {"عبد الرحمن الخوري", "梓涵 王", "Thị Phương Thảo Nguyễn"} <= names
    assert max(len(name) for name in names) == 65


def test_add_demo_participants_adds_each_once_without_mail(demonstration, capsys) -> None:
    with override("en"):
        capsys.readouterr()
        call_command("add_demo_participants", count=40)
        call_command("add_demo_participants", count=50)
        call_command("add_demo_participants", count=50)
    assert capsys.readouterr().out == (
        "40 sample participants added: the demonstration now has 40.\n"
        "10 sample participants added: the demonstration now has 50.\n"
        "0 sample participants added: the demonstration now has 50.\n"
    )
    demonstration.refresh_from_db()
    assert demonstration.places_taken == 50
    assert reckoning.differences() == []
    assert Message.objects.count() == 0
    assert CafePreference.objects.exists()
    assert set(Registration.objects.values_list("state", flat=True)) == {"confirmed"}
    assert all(one.email.endswith("@example.org") for one in Registration.objects.all())


def test_add_demo_participants_refuses_without_the_demonstration() -> None:
    with override("en"), pytest.raises(CommandError) as error:
        call_command("add_demo_participants")
    assert str(error.value) == (
        "There is no demonstration edition. Load it first:"
        " manage.py load_edition events/editions/demonstration.toml"
    )


def test_add_demo_participants_refuses_more_than_the_places(demonstration) -> None:
    with override("en"), pytest.raises(CommandError) as error:
        call_command("add_demo_participants", count=701)
    assert str(error.value) == "--count 701: the demonstration has 700 places."
