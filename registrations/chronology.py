"""Everything that happened to a registration, for the team: one list, the newest first."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from raict.mail.models import Message
from raict.templatetags.raict import typo
from registrations.models import Change, Note, Registration


@dataclass(frozen=True)
class Entry:
    """A change, a note or a message. `kind` names it for the style sheet."""

    at: dt.datetime
    kind: str
    what: str
    detail: str = ""
    reason: str = ""
    who: str = ""
    message_id: int | None = None


def chronology(registration: Registration) -> list[Entry]:
    """Of this registration and of those that were merged into it: three queries, however many."""
    ours = Q(registration=registration) | Q(registration__merged_into=registration)
    changes = Change.objects.filter(ours).select_related("session", "user", "registration")
    notes = Note.objects.filter(ours).select_related("user")
    entries = [
        *(_of_change(change, registration) for change in changes),
        *(Entry(note.at, "note", _("Note"), detail=note.text, who=_by(note)) for note in notes),
        *(_of_message(message) for message in _messages(registration)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _of_change(change: Change, registration: Registration) -> Entry:
    what = change.get_action_display()
    if change.session:
        names = {"what": what, "session": typo(change.session.name)}
        what = _("%(what)s: “%(session)s”") % names
    if change.registration != registration:
        what = f"{change.registration.reference} – {what}"
    who = change.user.get_username() if change.user else change.get_by_display()
    return Entry(change.at, "change", what, change.detail, change.reason, who)


def _of_message(message: Message) -> Entry:
    words = {"subject": message.subject, "state": message.get_state_display()}
    what = _("Mail “%(subject)s”: %(state)s") % words
    return Entry(message.created_at, "message", what, detail=message.to, message_id=message.pk)


def _messages(registration: Registration) -> QuerySet[Message]:
    """Without their texts."""
    ours = Registration.objects.filter(Q(pk=registration.pk) | Q(merged_into=registration))
    references = ours.order_by().values("reference")
    names = ("reference", "subject", "to", "state", "created_at")
    return Message.objects.filter(reference__in=references).only(*names)


def _by(note: Note) -> str:
    return note.user.get_username() if note.user else ""
