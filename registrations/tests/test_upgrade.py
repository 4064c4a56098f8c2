"""What an earlier release left in the database, and what its upgrade makes of it."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from raict.mail.models import Message
from registrations.models import Registration
from registrations.tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

badges_sent_before = import_module("registrations.migrations.0004_badges_sent_before")


def at(hour: int) -> dt.datetime:
    return dt.datetime(2027, 1, 15, hour, tzinfo=dt.UTC)


def sent(registration: Registration, template: str, hour: int) -> None:
    message = Message.objects.create(
        template=template, to=registration.email, language="fr", reference=registration.reference
    )
    Message.objects.filter(pk=message.pk).update(created_at=at(hour))


def registered(state: str = "confirmed") -> Registration:
    registration = RegistrationFactory(state=state)
    Registration.objects.filter(pk=registration.pk).update(created_at=at(8))
    return registration


def test_badge_that_left_before_badges_were_dated_has_the_date_of_its_mail():
    approved, without_mail, dated = registered(), registered(), registered()
    pending, cancelled = registered("pending"), registered("cancelled")
    sent(approved, "registration_pending", 8)
    sent(approved, "registration_approved", 9)
    sent(approved, "personal_link", 10)
    sent(cancelled, "registration_confirmed", 9)
    Registration.objects.filter(pk=dated.pk).update(badge_made_at=at(12))

    badges_sent_before.write(apps, None)

    made = dict(Registration.objects.values_list("pk", "badge_made_at"))
    assert made == {
        approved.pk: at(9),
        without_mail.pk: at(8),
        dated.pk: at(12),
        pending.pk: None,
        cancelled.pk: None,
    }
