"""Letters about seats, waiting lists and the programme."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict.mail.wording import Letter, Placeholder
from raict.templatetags.raict import typo
from raict.typography import moment
from registrations.letters.making import PAGE, SEATS, WITH_SEATS, letter
from registrations.templatetags.registrations import brief, deadline


def _session(context: Mapping) -> str:
    session = context["foremost"].session
    return typo(session.name) if session else ""


_CHANGES = Placeholder(
    "changements", "changes", gettext_lazy("list of what has changed"), block="changes"
)
_ATTACHED = Placeholder(
    "pieces_jointes", "attachments", gettext_lazy("what is attached"), block="attached"
)


def _seats_letter(
    name: str,
    title,
    headline: Callable[[str], str],
    *more: Placeholder,
    subject: Callable[[str], str] | None = None,
    length: int = 26,
    required: tuple[str, ...] = (),
) -> Letter:
    """About one session: its name in full above the text, and as much as has room in the subject."""
    subject = subject or (lambda session: f"{headline(session)} – {{{{ nom_court }}}}")
    return letter(
        name,
        title,
        lambda: subject("{{ session_abregee }}"),
        lambda: ["{{ changements }}", "{{ pieces_jointes }}", SEATS, PAGE],
        (
            *WITH_SEATS,
            *(_CHANGES, _ATTACHED),
            Placeholder("session", "session", gettext_lazy("name of the session"), _session),
            Placeholder(
                *("session_abregee", "short_session", gettext_lazy("short name of the session")),
                lambda context: brief(context["foremost"].session, length),
            ),
            *more,
        ),
        heading=lambda: headline("{{ session }}"),
        required=("changements", "lien_personnel", *required),
        template="seats_changed",
    )


SESSIONS = [
    _seats_letter(
        "seat_offered",
        gettext_lazy("Seat offered"),
        lambda session: _("A seat is offered to you: “%(session)s”") % {"session": session},
        Placeholder(
            *("repondre_avant", "answer_before", gettext_lazy("until when the offer holds")),
            lambda context: deadline(context["foremost"].booking.offered_until),
        ),
        Placeholder(
            *("repondre_avant_le", "answer_before_day", gettext_lazy("the same, with weekday")),
            lambda context: moment(context["foremost"].booking.offered_until),
        ),
        subject=lambda session: (
            _("Seat offered until %(until)s: “%(session)s”")
            % {"until": "{{ repondre_avant }}", "session": session}
        ),
        length=24,
        required=("inscription", "repondre_avant"),
    ),
    _seats_letter(
        "seat_won",
        gettext_lazy("Seat won"),
        lambda session: _("A seat is yours: “%(session)s”") % {"session": session},
        length=40,
    ),
    _seats_letter(
        "seat_displaced",
        gettext_lazy("Seat taken back"),
        lambda session: _("Your seat could not be kept: “%(session)s”") % {"session": session},
    ),
    _seats_letter(
        "seat_expired",
        gettext_lazy("Offer that has run out"),
        lambda session: (
            _("The seat offered is no longer kept: “%(session)s”") % {"session": session}
        ),
    ),
    letter(
        "place_given",
        gettext_lazy("Place in the edition after waiting"),
        lambda: _("A place is yours"),
        lambda: ["{{ changements }}", "{{ pieces_jointes }}", SEATS, PAGE],
        (*WITH_SEATS, _CHANGES, _ATTACHED),
        required=("changements", "lien_personnel"),
        template="seats_changed",
    ),
    letter(
        "seats_changed",
        gettext_lazy("Change of seats"),
        lambda: _("Your sessions have changed"),
        lambda: ["{{ changements }}", "{{ pieces_jointes }}", SEATS, PAGE],
        (*WITH_SEATS, _CHANGES, _ATTACHED),
        required=("changements", "lien_personnel"),
    ),
]


def _programme_letter(name: str, title, subject: Callable[[], str], *required: str) -> Letter:
    return letter(
        name,
        title,
        lambda: f"{subject()} – {{{{ edition }}}}",
        lambda: [
            _("The programme has changed. Here is what changes for you:"),
            *("{{ mouvements }}", "{{ chevauchements }}", "{{ agenda }}", SEATS, PAGE),
        ],
        (
            *WITH_SEATS,
            Placeholder(
                *("mouvements", "moves", gettext_lazy("sessions, from where to where")),
                block="moves",
            ),
            Placeholder(
                *("chevauchements", "overlaps", gettext_lazy("seats at the same time")),
                block="clashes",
            ),
            Placeholder(
                *("agenda", "calendar", gettext_lazy("the calendar that is attached")),
                block="calendar",
            ),
        ),
        heading=lambda: _("The programme has changed"),
        required=("mouvements", *required, "lien_personnel"),
        template="programme_changed",
    )


PROGRAMME = [
    _programme_letter(
        "programme_changed",
        gettext_lazy("Programme changed"),
        lambda: _("The programme has changed"),
    ),
    _programme_letter(
        "programme_choose",
        gettext_lazy("Programme changed: please choose"),
        lambda: _("The programme has changed: please choose"),
        "chevauchements",
    ),
]
