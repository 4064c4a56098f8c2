"""One row of everything that the workplace shows, for the walk through it as each role."""

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from events.models import Figure, Mailing, PressKit, Recipient
from events.tests.factories import (
    EditionFactory,
    PartnerFactory,
    PressContactFactory,
    PressPictureFactory,
    PressReleaseFactory,
    RoomFactory,
)
from raict.accounts.models import Export, User
from raict.jobs.models import Job
from raict.mail.models import Message
from raict.tables.models import Import
from registrations.models import (
    CheckIn,
    Circular,
    CircularRecipient,
    Notice,
    TimedLetter,
    Wording,
)
from registrations.tests.factories import AccreditationFactory, RegistrationFactory
from sessions.models import Announcement, Move, Session
from sessions.tests.factories import AppearanceFactory, SessionFactory

KINDS = {
    "plenary": "plenary",
    "geographicmeeting": "geographic_meeting",
    "thematicworkshop": "thematic_workshop",
    "cafe": "cafe",
}


def rows_of_the_team(edition, registration) -> list:
    """What the team writes, imports and takes away."""
    circular = Circular.objects.create(edition=edition, subject_fr="Objet", text_fr="Texte")
    email = registration.email
    return [
        circular,
        CircularRecipient.objects.create(circular=circular, registration=registration, email=email),
        TimedLetter.objects.create(edition=edition, name="J-7", days=-7),
        Wording.objects.create(
            edition=edition,
            letter="registration_link",
            language="fr",
            subject="O",
            text="T",
            shipped=["O", "O", "T"],
        ),
        Import.objects.create(subject="participants", scope=edition.pk, file_name="liste.csv"),
        Export.objects.create(who="x", what="x", rows=1, kind="XLSX"),
    ]


def sample_rows() -> dict:
    """« registrations.registration » → a row of it. A new model of the workplace has its line here."""
    edition = EditionFactory(current=True)
    session = SessionFactory(edition=edition)
    registration = RegistrationFactory(edition=edition)
    release = PressReleaseFactory(edition=edition)
    mailing = Mailing.objects.create(release=release, version=1)
    announcement = Announcement.objects.create(edition=edition)
    rows = [
        *(edition, session, registration, registration.category, release, mailing, announcement),
        *(PartnerFactory(edition=edition), RoomFactory(), PressPictureFactory(edition=edition)),
        AppearanceFactory(session=session),
        AccreditationFactory(edition=edition),
        CheckIn.objects.create(registration=registration, session=session),
        Notice.objects.create(registration=registration, announcement=announcement),
        Move.objects.create(session=session, announcement=announcement),
        Recipient.objects.create(mailing=mailing, contact=PressContactFactory()),
        Figure.objects.create(edition=edition, key="nuits", label_fr="nuits", value=3),
        PressKit.objects.update_or_create(edition=edition, defaults={"file": "kit.zip"})[0],
        Message.objects.create(to="awa@example.org", template="x", language="fr", subject="Objet"),
        Job.objects.create(work="x", title="Long", file=ContentFile(b"a,b", "liste.csv")),
        *rows_of_the_team(edition, registration),
        *(User.objects.create_user("paul", is_staff=True), Group.objects.create(name="autre")),
    ]
    found = {row._meta.label_lower: row for row in rows}
    for row in (found["programme.appearance"].person, found.pop("events.room").venue):
        found[row._meta.label_lower] = row
    found["events.presscontact"] = found["events.recipient"].contact
    found["registrations.organisation"] = registration.organisation
    for name, kind in KINDS.items():
        of_kind = SessionFactory(edition=edition, kind=Session.Kind(kind))
        found[f"programme.{name}"] = of_kind
    return found
