"""What goes out comes in again as it is: every table, as .xlsx and as .csv."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.tables import Partners
from events.tests.factories import EditionFactory, PartnerFactory, RoomFactory
from raict.spreadsheets import csv_table, workbook
from raict.tables.tests.files import compared, counts, exported
from registrations.models import Membership
from registrations.tests.factories import RegistrationFactory
from sessions.models import Move
from sessions.tests.factories import AppearanceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WRITERS = {
    "xlsx": workbook,
    "csv": lambda headers, rows: csv_table(headers, rows, as_french=True),
}


def sent(kind: str, headers, rows) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"tableau.{kind}", WRITERS[kind](headers, rows))


@pytest.fixture
def edition():
    """Two of everything, with what is rare in it."""
    edition = EditionFactory(current=True, open=True)
    room = RoomFactory(venue=edition.venue)
    moved = SessionFactory(edition=edition, room=room, countries=["SN", "CI"], capacity=30)
    cafe = SessionFactory(edition=edition, cafe=True, day=None, start=None, end=None, title_en="")
    Move.objects.create(session=moved, day=moved.day, start=dt.time(16), room=room)
    AppearanceFactory(session=moved, role="chair", function_fr="Maire\nde Dijon")
    AppearanceFactory(session=cafe, person=None, label_fr="=1+1", is_pending=True)
    PartnerFactory(edition=edition, motto="'=x", url="https://example.org/")
    PartnerFactory(edition=edition, motto="–")
    here = RegistrationFactory(edition=edition, civility="mme", function="+33 et autres")
    RegistrationFactory(edition=edition, organisation=None, country="CD", language="en")
    RegistrationFactory(edition=edition, state="cancelled", last_name="DIOP")
    Membership.objects.create(organisation=here.organisation, year=2019)
    return edition


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("subject", "rows"),
    [("partners", 2), ("programme", 2), ("speakers", 2), ("organisations", 2), ("participants", 3)],
)
def test_an_export_sent_back_changes_nothing(edition, subject, rows, kind):
    scope = None if subject == "organisations" else edition
    imported = compared(subject, sent(kind, *exported(subject)), scope)
    assert (imported.state, counts(imported)) == ("shown", (0, 0, rows, 0))


_TEXTS = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "'=x",
            "''@y",
            "-",
            "–",
            "+33 1",
            "a\nb",
            "« x » : 1 000",
            "a\u202f!",
            "\ta",
            "x\r",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60),
)


@pytest.mark.parametrize("kind", WRITERS)
def test_any_text_comes_back_as_it_was(edition, kind):
    partner = edition.partners.first()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_TEXTS)
    def holds(text):
        partner.description_fr = text
        partner.save()
        imported = compared("partners", sent(kind, *exported("partners")), edition)
        assert counts(imported) == (0, 0, 2, 0)

    holds()


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("text", ["=1+1", "'=x", "+33 1 23", "@a", "a\nb"])
def test_a_text_that_is_written_into_the_file_arrives_as_it_is(edition, kind, text):
    headers, rows = exported("partners")
    rows[0][headers.index(str(Partners().columns[6].header))] = text
    imported = compared("partners", sent(kind, headers, rows), edition)
    (line,) = imported.lines.all()
    assert (line.outcome, [change[2] for change in line.changes]) == ("changed", [text])
