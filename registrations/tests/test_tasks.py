import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from events.models import Edition
from registrations.models import Needs
from registrations.tasks import forget_needs
from registrations.tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def kept(settings):
    """Needs of an edition whose last day was 30 days ago: today is the last day they are kept."""
    settings.NEEDS_KEPT_DAYS = 30
    today = timezone.localdate()
    registration = RegistrationFactory(
        edition__starts_on=today - dt.timedelta(31), edition__ends_on=today - dt.timedelta(30)
    )
    return Needs.objects.create(registration=registration, diet="sans gluten")


def test_needs_stay_while_they_may_serve(kept):
    forget_needs()
    assert list(Needs.objects.all()) == [kept]


@pytest.mark.parametrize("last_day", ["starts_on", "ends_on"])
def test_needs_go_after_the_edition(kept, last_day):
    edition = kept.registration.edition
    edition.ends_on = None if last_day == "starts_on" else edition.ends_on - dt.timedelta(1)
    edition.starts_on -= dt.timedelta(1)
    edition.save()
    forget_needs()
    assert not Needs.objects.exists()
    assert kept.registration.edition.registrations.count() == 1


def test_needs_go_with_a_cancelled_registration(kept):
    kept.registration.state = "cancelled"
    kept.registration.save()
    forget_needs()
    assert not Needs.objects.exists()


def test_needs_go_with_a_cancelled_edition(kept):
    Edition.objects.update(state=Edition.State.CANCELLED)
    forget_needs()
    assert not Needs.objects.exists()


def test_needs_are_forgotten_every_night():
    assert settings.CELERY_BEAT_SCHEDULE["forget needs"]["task"] == forget_needs.name
