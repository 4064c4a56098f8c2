"""Registrations as a table: one row a registration, one column a session."""

from collections import defaultdict

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from raict.countries import country_title
from raict.spreadsheets import workbook
from registrations.models import Booking, CafePreference, Consent, Registration
from sessions.models import Session


def filename(registrations: QuerySet[Registration]) -> str:
    """« inscriptions-15-2024-10-20.xlsx »: the edition's number, when there is one only, and the day."""
    numbers = registrations.order_by().values_list("edition__number", flat=True).distinct()[:2]
    parts = [_("registrations"), *(str(number) for number in numbers if len(numbers) == 1)]
    return f"{'-'.join(parts)}-{timezone.localdate():%Y-%m-%d}.xlsx"


def registrations_table(registrations: QuerySet[Registration], *, with_needs: bool) -> bytes:
    """The workbook. Needs are in it for those only who may see them.

    After the person come the sessions, each with « yes » where a seat is held, « offered », or the
    rank in the waiting list, then the cafés, each with the rank of the wish. Six queries, however
    many rows.
    """
    registrations = Registration.objects.filter(pk__in=registrations.values("pk"))
    rows = (
        registrations.with_line_rank()
        .select_related("edition", "category", "organisation")
        .order_by("edition__number", "last_name", "first_name", "pk")
    )
    columns = _person_columns()
    if with_needs:
        rows = rows.select_related("needs")
        columns |= _needs_columns()
    columns |= _consent_columns(registrations)
    columns |= _session_columns(registrations)
    return workbook(
        list(columns),
        ([read(registration) for read in columns.values()] for registration in rows),
        title=_("Registrations"),
    )


def _person_columns() -> dict:
    return {
        _("Reference"): lambda row: row.reference,
        _("Edition"): lambda row: row.edition.title,
        _("State"): lambda row: row.get_state_display(),
        _("Rank on the edition’s waiting list"): lambda row: row.line_rank,
        _("Civility"): lambda row: row.get_civility_display(),
        _("Title"): lambda row: row.title,
        _("First name"): lambda row: row.first_name,
        _("Last name"): lambda row: row.last_name,
        _("E-mail"): lambda row: row.email,
        _("Function"): lambda row: row.function,
        _("Organisation"): lambda row: row.organisation.name if row.organisation else "",
        _("Kind of organisation"): lambda row: (
            row.organisation.get_kind_display() if row.organisation else ""
        ),
        _("Country"): lambda row: country_title(row.country.code),
        _("Country code"): lambda row: row.country.code,
        _("Category"): lambda row: row.category.name,
        _("Language"): lambda row: row.get_language_display(),
        _("Registered on"): lambda row: row.created_at,
        _("Cancelled on"): lambda row: row.cancelled_at,
    }


def _needs_columns() -> dict:
    def read(name: str):
        return lambda row: getattr(row.needs, name) if hasattr(row, "needs") else ""

    return {
        _("Diet"): read("diet"),
        _("Accessibility"): read("access"),
        _("Interpretation"): read("interpretation"),
    }


def _consent_columns(registrations: QuerySet[Registration]) -> dict:
    given = set(
        Consent.objects.filter(registration__in=registrations).values_list(
            "registration_id", "purpose"
        )
    )

    def read(purpose: str):
        return lambda row: _("yes") if (row.pk, purpose) in given else ""

    return {
        _("Consent: %(purpose)s") % {"purpose": purpose.label}: read(purpose.value)
        for purpose in Consent.Purpose
    }


def _session_columns(registrations: QuerySet[Registration]) -> dict:
    """A column for every session where somebody of these has a seat, a place in line or a wish."""
    marks: dict[int, dict[int, object]] = defaultdict(dict)
    booked = (
        Booking.objects.filter(registration__in=registrations).standing().with_rank().order_by()
    )
    words = {
        Booking.State.CONFIRMED: _("yes"),
        Booking.State.OFFERED: _("offered"),
        Booking.State.ASKED: _("asked for"),
    }
    for registration_id, session_id, state, rank in booked.values_list(
        "registration_id", "session_id", "state", "rank"
    ):
        mark = words.get(state) or _("waiting %(rank)d") % {"rank": rank}
        marks[session_id][registration_id] = mark
    wishes = CafePreference.objects.filter(registration__in=registrations).order_by()
    for registration_id, session_id, rank in wishes.values_list(
        "registration_id", "session_id", "rank"
    ):
        marks[session_id][registration_id] = rank

    def read(session_id: int):
        return lambda row: marks[session_id].get(row.pk, "")

    columns = {}
    for session in Session.objects.filter(pk__in=marks).in_order():
        kind = session.get_kind_display()
        header = f"{kind[:1].upper()}{kind[1:]} – {session.name}"
        # Two sessions of one title stay two columns.
        header = header if header not in columns else f"{header} ({session.slug})"
        columns[header] = read(session.pk)
    return columns
