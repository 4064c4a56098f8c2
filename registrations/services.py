"""What happens to a registration: made, approved, cancelled, its link sent again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Edition
from raict.errors import DomainError
from raict.mail.models import Message
from raict.typography import folded
from registrations import emails, seats
from registrations.models import CafePreference, Consent, Needs, Organisation, Registration
from sessions.models import Session

# A stranger who types somebody's address again and again fills nobody's mailbox.
LINK_PAUSE = timedelta(minutes=10)


class RegistrationClosed(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    def __init__(self) -> None:
        super().__init__(_("Registration for this edition is not open."))


def register(  # noqa: PLR0913 -- keyword-only, one for each part of the form
    *,
    edition: Edition,
    person: Mapping,
    sessions: Iterable[Session] = (),
    cafes: Sequence[Session] = (),
    needs: Mapping[str, str] | None = None,
    consents: Mapping[str, str] | None = None,
    language: str = "fr",
    notify: bool = True,
    by_staff: bool = False,
) -> Registration:
    """Register a person: registration, organisation, seats, wishes, needs, consents and mail.

    One transaction, all or nothing; a DomainError names the refusal. `person` holds the columns of
    the registration, with `organisation` as the name that was typed, or the row; `cafes` are in
    order of preference; `consents` maps a purpose to the words that were read.

    An e-mail that is registered already is refused for the same reasons as any other, so that the
    answer tells a stranger nothing. Where it would be accepted, nothing is changed, the person
    receives their link, and the registration that stands is returned.

    The team (`by_staff`) writes people in outside the window too, names a known organisation, and
    what it writes needs no approval.
    """
    if not (edition.takes_registrations or by_staff):
        raise RegistrationClosed
    sessions, cafes = list(sessions), list(cafes)
    organisation = person.get("organisation", "")
    if not isinstance(organisation, Organisation | None):
        organisation = _organisation(organisation, person["country"])
    seats.refuse_unbookable(edition, sessions, organisation)
    _refuse_wishes(edition, cafes)
    seats.refuse_full(edition, sessions)
    standing = edition.registrations.live().of_email(person["email"])
    if again := standing.first():
        if notify:
            send_link_to(again)
        return again
    registration = Registration(
        **{**person, "organisation": organisation}, edition=edition, language=language
    )
    if registration.category.needs_approval and not by_staff:
        registration.state = Registration.State.PENDING
    # The unique constraint has its own turn below, where it means « twice at the same moment ».
    registration.full_clean(
        exclude=["organisation"], validate_unique=False, validate_constraints=False
    )
    try:
        with transaction.atomic():
            _write(registration, sessions, cafes, needs or {}, consents or {})
            if notify:
                _announce(registration)
    except IntegrityError:
        # The same form sent twice at once: one of the two is written, and its mail is on its way.
        if twin := standing.first():
            return twin
        raise
    return registration


def approve(registration: Registration) -> bool:
    """Confirm a registration that awaits approval, and say so by mail. False: it was not waiting."""
    with transaction.atomic():
        waiting = Registration.objects.filter(pk=registration.pk, state=Registration.State.PENDING)
        if not waiting.update(state=Registration.State.CONFIRMED):
            return False
        registration.refresh_from_db(fields=["state"])
        emails.approved(registration)
    return True


def cancel(registration: Registration, *, notify: bool = True) -> bool:
    """Cancel, and free the seats and the place in the same transaction. False: it was not live.

    The conditional UPDATE lets one of two cancellations win, so that nothing is freed twice.
    """
    with transaction.atomic():
        live = Registration.objects.live().filter(pk=registration.pk)
        if not live.update(
            state=Registration.State.CANCELLED,
            cancelled_at=timezone.now(),
            revision=F("revision") + 1,
        ):
            return False
        seats.release(registration)
        registration.refresh_from_db(fields=["state", "cancelled_at", "revision"])
        if notify:
            emails.cancelled(registration)
    return True


def may_cancel(registration: Registration) -> bool:
    """People cancel by themselves until the edition's last day; then the figures stand."""
    last_day = registration.edition.ends_on or registration.edition.starts_on
    return registration.is_live and (last_day is None or last_day >= timezone.localdate())


def send_link(*, email: str) -> None:
    """Send somebody their personal link, if they are registered. The caller learns nothing."""
    registrations = Registration.objects.live().of_email(email).select_related("edition__venue")
    registration = registrations.order_by("-edition__is_current", "-created_at").first()
    if registration:
        send_link_to(registration)


def send_link_to(registration: Registration) -> bool:
    """At most one link for an address in ten minutes, whoever asks. False: one has just left."""
    with transaction.atomic():
        # The lock makes two requests at once stand in line (SQLite: BEGIN IMMEDIATE does).
        Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
        recent = Message.objects.filter(
            reference=registration.reference,
            template=emails.LINK,
            created_at__gt=timezone.now() - LINK_PAUSE,
        )
        if recent.exists():
            return False
        emails.link(registration)
    return True


def _refuse_wishes(edition: Edition, cafes: Sequence[Session]) -> None:
    if len(cafes) > CafePreference.MAX_RANK or len({cafe.pk for cafe in cafes}) < len(cafes):
        raise DomainError(_("Choose each café once, and five at most."), field="cafes")
    for cafe in cafes:
        if (
            cafe.edition_id != edition.pk
            or not cafe.is_published
            or cafe.booking != Session.Booking.RANKED
        ):
            raise DomainError(_("This café cannot be chosen."), field="cafes")


def _organisation(name: str | Organisation | None, country: str) -> Organisation | None:
    """The organisation of that name, known or still to be written; None without a name."""
    if name is None or isinstance(name, Organisation):
        return name
    key = folded(name)
    if not key:
        return None
    known = Organisation.objects.filter(name_folded=key, country=country).first()
    return known or Organisation(name=name, country=country)


def _write(
    registration: Registration,
    sessions: Sequence[Session],
    cafes: Sequence[Session],
    needs: Mapping[str, str],
    consents: Mapping[str, str],
) -> None:
    if registration.organisation and registration.organisation.pk is None:
        name, country = registration.organisation.name, registration.organisation.country
        registration.organisation, _created = Organisation.objects.get_or_create(
            name_folded=folded(name), country=country, defaults={"name": name}
        )
    registration.save(force_insert=True)
    seats.take(registration, sessions)
    CafePreference.objects.bulk_create(
        CafePreference(registration=registration, session=cafe, rank=rank)
        for rank, cafe in enumerate(cafes, start=1)
    )
    if any(needs.values()):
        Needs.objects.create(registration=registration, **needs)
    Consent.objects.bulk_create(
        Consent(
            registration=registration,
            purpose=purpose,
            wording=wording,
            language=registration.language,
        )
        for purpose, wording in consents.items()
    )


def _announce(registration: Registration) -> None:
    if registration.state == Registration.State.PENDING:
        emails.pending(registration)
    else:
        emails.confirmed(registration)


def forget_needs() -> int:
    """Delete the needs that have served; how many there were.

    They may tell of health or religion, and the form promises that they go after the event: they
    are kept for settings.NEEDS_KEPT_DAYS after the edition's last day, and not at all once a
    registration or its edition is cancelled (RGPD art. 5.1.e, storage limitation).
    """
    last_day = timezone.localdate() - timedelta(days=settings.NEEDS_KEPT_DAYS)
    over = Q(registration__edition__ends_on__lt=last_day) | Q(
        registration__edition__ends_on=None, registration__edition__starts_on__lt=last_day
    )
    called_off = Q(registration__edition__state=Edition.State.CANCELLED) | Q(
        registration__state=Registration.State.CANCELLED
    )
    return Needs.objects.filter(over | called_off).delete()[0]
