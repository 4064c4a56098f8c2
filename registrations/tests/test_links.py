import re

import pytest
from django.core import signing

from registrations import links
from registrations.models import Registration
from registrations.tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_key_leads_to_its_registration():
    registration, _other = RegistrationFactory.create_batch(2)
    assert links.registration_from_key(links.personal_key(registration)) == registration


def test_raised_version_makes_the_old_key_worthless():
    registration = RegistrationFactory()
    key = links.personal_key(registration)
    Registration.objects.update(key_version=2)
    with pytest.raises(Registration.DoesNotExist):
        links.registration_from_key(key)


@pytest.mark.parametrize("key", ["", "x", "x.y", "\x00", "é.é", ".x.y", "a" * 5000])
def test_any_other_text_is_no_key(key):
    RegistrationFactory()
    with pytest.raises(Registration.DoesNotExist):
        links.registration_from_key(key)


def test_changed_key_is_refused():
    key = links.personal_key(RegistrationFactory())
    with pytest.raises(Registration.DoesNotExist):
        links.registration_from_key(key[:-1] + ("A" if key[-1] != "A" else "B"))


def test_key_of_another_purpose_is_refused():
    registration = RegistrationFactory()
    signer = signing.Signer(sep=".", salt="something.else")
    with pytest.raises(Registration.DoesNotExist):
        links.registration_from_key(signer.sign_object([registration.reference, 1]))


def test_personal_url_is_in_the_persons_language(settings):
    settings.SITE_URL = "https://raict.example"
    registration = RegistrationFactory(language="en")
    key = links.personal_key(registration)
    assert links.personal_url(registration) == f"https://raict.example/en/mon-inscription/{key}/"
    registration.language = "fr"
    assert links.personal_url(registration, "badge") == (
        f"https://raict.example/mon-inscription/{key}/badge.pdf"
    )


def test_badge_code_is_short_and_alphanumeric():
    registration = RegistrationFactory(last_name="Diop", email="awa@example.org")
    code = links.badge_code(registration)
    assert re.fullmatch(r"[0-9A-Z]{26}", code)
    assert links.registration_from_badge_code(code) == registration


def test_badge_code_survives_a_new_link():
    registration = RegistrationFactory()
    code = links.badge_code(registration)
    Registration.objects.update(key_version=2)
    assert links.registration_from_badge_code(code) == registration


def test_badge_code_survives_a_new_secret_key(settings):
    registration = RegistrationFactory()
    code = links.badge_code(registration)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert links.registration_from_badge_code(code) == registration


@pytest.mark.parametrize(
    "change",
    [lambda code: code[:10], lambda code: code[:-1], lambda code: code[:-1] + "é", str.lower],
)
def test_false_badge_code_is_refused(change):
    code = links.badge_code(RegistrationFactory())
    with pytest.raises(Registration.DoesNotExist):
        links.registration_from_badge_code(change(code))
