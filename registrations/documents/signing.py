"""Sign-in sheets (« feuilles d’émargement »): who is expected, a row to sign, blank rows for walk-ins.

One sheet for a session, for a half-day, for a delegation (the people of one organisation). Each is
printed by itself, so that its pages say « n / N » of that sheet, and all are bound into one document.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.models import Edition
from raict import fonts
from raict.binding import bind
from raict.countries import country_title
from raict.errors import DomainError
from raict.jobs.running import Run
from raict.pdf import render_pdf
from raict.typography import date_range, surname_key
from registrations.models import Booking, Registration
from sessions import moves
from sessions.half_days import half_days
from sessions.models import Session

BLANK_ROWS = 10
_BLANK_OF_A_DELEGATION = 3
ELECTED = "elu"  # the key of the category, as shipped
_SHOWN = ("organisation", "category")


@dataclass(frozen=True)
class Wanted:
    """What the team chose: sheets of which kinds, how, and how many rows for walk-ins."""

    sessions: tuple[int, ...] = ()
    by_half_day: bool = False
    by_delegation: bool = False
    elected_first: bool = False
    blank: int = BLANK_ROWS


@dataclass(frozen=True)
class Row:
    registration: Registration
    # Whom they come for; not said where the sheet says it for all.
    says_organisation: bool = True

    @property
    def country(self) -> str:
        """Of those from abroad."""
        country = self.registration.country
        return (
            country_title(country.code) if self.says_organisation and country.code != "FR" else ""
        )

    @cached_property
    def faces(self) -> tuple[fonts.Face, ...]:
        one = self.registration
        said = (
            one.last_name,
            one.first_name,
            one.function,
            str(one.organisation or ""),
            self.country,
        )
        return fonts.stack("".join(said), "sans")

    @property
    def families(self) -> str:
        return fonts.names(self.faces)


@dataclass(frozen=True)
class Sheet:
    edition: Edition
    title: str
    facts: tuple[str, ...]
    # A column to sign for each.
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    # Apart, in the order of the line.
    waiting: tuple[Row, ...] = ()
    blank: int = BLANK_ROWS

    @property
    def blanks(self) -> range:
        return range(self.blank)

    @property
    def title_faces(self) -> tuple[fonts.Face, ...]:
        return fonts.stack("".join([self.title, *self.facts]), "serif")

    @property
    def title_families(self) -> str:
        return fonts.names(self.title_faces)

    def faces(self) -> set[fonts.Face]:
        """Each row in the faces of its own name: one in Cyrillic changes no other."""
        rows = (*self.rows, *self.waiting)
        return {*fonts.SANS, *self.title_faces, *(face for row in rows for face in row.faces)}

    @property
    def stem(self) -> str:
        """The name of its file: « mercredi-23-octobre-2024-matin », « ville-d-agen-france »."""
        return slugify(" ".join([self.title, *self.facts[:1]]))[:80].strip("-")


def sheets(edition: Edition, wanted: Wanted) -> list[Sheet]:
    """All that is wanted: sessions by time, half-days, delegations by name. Three queries at most."""
    programme = list(
        edition.sessions.without_texts().select_related("edition__venue", "room__venue").in_order()
    )
    found = list(_of_sessions([one for one in programme if one.pk in wanted.sessions], wanted))
    if wanted.by_half_day or wanted.by_delegation:
        confirmed = _sorted(edition.registrations.confirmed().select_related(*_SHOWN), wanted)
        halves = half_days(one for one in programme if one.is_published)
        if wanted.by_half_day:
            everybody = _rows(confirmed)
            found += [
                Sheet(edition, half.name, (), (_("Signature"),), everybody, (), wanted.blank)
                for half in halves
            ]
        if wanted.by_delegation:
            found += _of_delegations(edition, confirmed, [half.short for half in halves], wanted)
    return found


def _of_sessions(programme: list[Session], wanted: Wanted) -> Iterator[Sheet]:
    """Whoever holds a confirmed seat; who waits stands apart."""
    bookings = Booking.objects.filter(
        session__in=programme, state__in=[Booking.State.CONFIRMED, Booking.State.WAITING]
    ).select_related(*(f"registration__{name}" for name in _SHOWN))
    held: dict[int, list[Registration]] = {}
    lines: dict[int, list[Booking]] = {}
    for booking in bookings:
        if booking.state == Booking.State.CONFIRMED:
            held.setdefault(booking.session_id, []).append(booking.registration)
        else:
            lines.setdefault(booking.session_id, []).append(booking)
    for session in programme:
        line = sorted(lines.get(session.pk, []), key=lambda one: one.turn)
        yield Sheet(
            session.edition,
            session.name,
            tuple(filter(None, [moves.place_of(session).said(session.edition.venue)])),
            (_("Signature"),),
            _rows(_sorted(held.get(session.pk, []), wanted)),
            _rows(booking.registration for booking in line),
            wanted.blank,
        )


def _of_delegations(
    edition: Edition, confirmed: list[Registration], columns: list[str], wanted: Wanted
) -> Iterator[Sheet]:
    """The people of one organisation; those without any are nobody's delegation."""
    members = sorted(
        (one for one in confirmed if one.organisation),
        key=lambda one: (surname_key(one.organisation.name), one.organisation_id),
    )
    for organisation, people in groupby(members, key=lambda one: one.organisation):
        yield Sheet(
            edition,
            organisation.name,
            tuple(filter(None, [country_title(organisation.country.code)])),
            tuple(columns) or (_("Signature"),),
            _rows(_sorted(people, wanted), says_organisation=False),
            (),
            min(wanted.blank, _BLANK_OF_A_DELEGATION),
        )


def _sorted(people: Iterable[Registration], wanted: Wanted) -> list[Registration]:
    def place(one: Registration) -> tuple:
        is_second = wanted.elected_first and one.category.key != ELECTED
        return is_second, surname_key(one.last_name, one.first_name), one.pk

    return sorted(people, key=place)


def _rows(people: Iterable[Registration], *, says_organisation: bool = True) -> tuple[Row, ...]:
    return tuple(Row(one, says_organisation) for one in people)


def sheet_pdf(sheet: Sheet, *, as_of: dt.date) -> bytes:
    """A4 across, rows of 12 mm or more, the head and the column titles on every page."""
    context = {"sheet": sheet, "edition": sheet.edition, "as_of": date_range(as_of)}
    html = render_to_string("pdf/sign_in.html", context)
    faces = sorted(sheet.faces(), key=fonts.FACES.index)
    return render_pdf(html, stylesheets=["pdf-sign-in.css"], faces=faces)


def sheets_pdf(
    chosen: list[Sheet], *, as_of: dt.date, progress: Callable[[int], None] = lambda _done: None
) -> bytes:
    """One document with all; DomainError without any."""
    return bind(_printed(chosen, as_of, progress))


def sheets_zip(
    chosen: list[Sheet], *, as_of: dt.date, progress: Callable[[int], None] = lambda _done: None
) -> bytes:
    """A file for each, numbered in their order, for those who share out the rooms."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, pdf in enumerate(_printed(chosen, as_of, progress), start=1):
            archive.writestr(f"{number:03d}-{chosen[number - 1].stem}.pdf", pdf)
    return file.getvalue()


def _printed(
    chosen: list[Sheet], as_of: dt.date, progress: Callable[[int], None]
) -> Iterator[bytes]:
    if not chosen:
        raise DomainError(
            _("There is no sheet to print: choose a session, half-days or delegations.")
        )
    for number, sheet in enumerate(chosen):
        progress(number)
        yield sheet_pdf(sheet, as_of=as_of)


def print_sheets(run: Run) -> None:
    """The job: `edition` (key), `wanted` (as a mapping), `as_of` (ISO date), `format` (pdf or zip)."""
    given = run.arguments
    edition = Edition.objects.select_related("venue").get(pk=given["edition"])
    wanted = Wanted(**{**given["wanted"], "sessions": tuple(given["wanted"]["sessions"])})
    chosen = sheets(edition, wanted)
    make = sheets_zip if given["format"] == "zip" else sheets_pdf
    as_of = dt.date.fromisoformat(given["as_of"])
    content = make(chosen, as_of=as_of, progress=lambda done: run.progress(done, len(chosen)))
    run.progress(len(chosen), len(chosen))
    stem = slugify(_("Sign-in sheets"))
    run.attach(f"{stem}-{as_of:%Y-%m-%d}.{given['format']}", content)
    run.count(_("Sheets"), len(chosen))
