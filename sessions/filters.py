"""What a visitor narrows the programme down to: `?type=&zone=&theme=&langue=`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from raict.i18n import language_of
from raict.typography import capitalised
from sessions.models import Session
from sessions.schedule import PAUSES

# In which languages a session can be followed, spoken or interpreted.
_FOLLOWED_IN = {
    Session.Language.FRENCH: {"fr"},
    Session.Language.ENGLISH: {"en"},
    Session.Language.FRENCH_TO_ENGLISH: {"fr", "en"},
    Session.Language.ENGLISH_TO_FRENCH: {"fr", "en"},
    Session.Language.BOTH: {"fr", "en"},
}
_LONGEST_ECHO = 60


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    language: str


@dataclass(frozen=True)
class Filter:
    """One list of the form. `refused` is a value that it does not know, as it was typed."""

    name: str
    label: str
    everything: str
    options: list[Option]
    value: str
    refused: str
    keeps: Callable[[Session, str], bool]

    @property
    def chosen(self) -> str:
        return next((option.label for option in self.options if option.value == self.value), "")


@dataclass(frozen=True)
class Filters:
    filters: list[Filter]

    @property
    def is_active(self) -> bool:
        return any(each.value for each in self.filters)

    @property
    def offered(self) -> list[Filter]:
        """A list with nothing to choose between is not shown, unless it is in force."""
        return [each for each in self.filters if len(each.options) > 1 or each.value]

    @property
    def chosen(self) -> list[str]:
        return [each.chosen for each in self.filters if each.value]

    @property
    def refusals(self) -> list[str]:
        return [
            _("“%(value)s” is not a choice of the list “%(list)s”: it was left aside.")
            % {"value": each.refused, "list": each.label}
            for each in self.filters
            if each.refused
        ]

    def apply(self, sessions: Sequence[Session]) -> list[Session]:
        return [
            session
            for session in sessions
            if all(each.keeps(session, each.value) for each in self.filters if each.value)
        ]


def read(query: QueryDict, sessions: Sequence[Session]) -> Filters:
    """The form's lists, made from what these sessions are, with what the address chose in them.

    A value that is in no list is put aside and reported, never an error: addresses get shared,
    shortened and mistyped.
    """
    # A kind or language that exists is always understood, even where no session has it.
    kinds = ({session.kind for session in sessions} | {query.get("type")}) - PAUSES
    languages = {code for session in sessions for code in _followed_in(session)}
    languages |= {query.get("langue")}
    lists = [
        (
            ("type", _("Kind"), _("All kinds")),
            [
                Option(kind.value, capitalised(kind.label), "")
                for kind in Session.Kind
                if kind in kinds
            ],
            lambda session, value: session.kind == value,
        ),
        (
            ("zone", _("Zone"), _("All zones")),
            _texts(sessions, "zone"),
            lambda session, value: slugify(session.zone_fr) == value,
        ),
        (
            ("theme", _("Theme"), _("All themes")),
            _texts(sessions, "topic"),
            lambda session, value: slugify(session.topic_fr) == value,
        ),
        (
            ("langue", _("Language"), _("All languages")),
            [
                Option(code, label, "")
                for code, label in (("fr", _("In French")), ("en", _("In English")))
                if code in languages
            ],
            lambda session, value: value in _followed_in(session),
        ),
    ]
    return Filters([_filter(query, *each) for each in lists])


def _filter(query: QueryDict, names, options: list[Option], keeps) -> Filter:
    value = query.get(names[0], "").strip()
    is_known = any(option.value == value for option in options)
    refused = "" if is_known else _shortened(value)
    return Filter(*names, options, value if is_known else "", refused, keeps)


def _texts(sessions: Sequence[Session], name: str) -> list[Option]:
    """The texts of a column in the active language; the French one makes the address."""
    found = {}
    for session in sessions:
        if value := slugify(getattr(session, f"{name}_fr")):
            found[value] = Option(value, getattr(session, name), language_of(session, name))
    return sorted(found.values(), key=lambda option: slugify(option.label))


def _followed_in(session: Session) -> set[str]:
    return _FOLLOWED_IN.get(session.language, set())


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"
