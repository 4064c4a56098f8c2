"""The words that a file may use for the choices of the models: English keys, and French words."""

import re
import unicodedata

from django.db import models
from django.utils.translation import get_language

from events.models import Edition, Figure, Partner, PressRelease
from sessions.models import Appearance, Session

_FRENCH = {
    Session.Kind: {
        "ouverture": Session.Kind.OPENING,
        "ouverture officielle": Session.Kind.OPENING,
        "plénière": Session.Kind.PLENARY,
        "séance plénière": Session.Kind.PLENARY,
        "réunion géographique": Session.Kind.GEOGRAPHIC_MEETING,
        "réunion régionale": Session.Kind.GEOGRAPHIC_MEETING,
        "atelier thématique": Session.Kind.THEMATIC_WORKSHOP,
        "atelier": Session.Kind.THEMATIC_WORKSHOP,
        "café": Session.Kind.CAFE,
        "café des RAICT": Session.Kind.CAFE,
        "repas": Session.Kind.MEAL,
        "pause": Session.Kind.BREAK,
    },
    Session.Booking: {
        "entrée libre": Session.Booking.FREE,
        "place à réserver": Session.Booking.SEAT,
        "choix classés": Session.Booking.RANKED,
        "sur invitation": Session.Booking.INVITATION,
    },
    Session.Language: {
        "français": Session.Language.FRENCH,
        "anglais": Session.Language.ENGLISH,
    },
    Appearance.Role: {
        "présidence": Appearance.Role.CHAIR,
        "animation": Appearance.Role.MODERATOR,
        "modération": Appearance.Role.MODERATOR,
        "intervention": Appearance.Role.SPEAKER,
        "grand témoin": Appearance.Role.WITNESS,
        "rapport": Appearance.Role.RAPPORTEUR,
        "accueil": Appearance.Role.HOST,
    },
    Edition.State: {
        "brouillon": Edition.State.DRAFT,
        "publiée": Edition.State.PUBLISHED,
        "ouverte": Edition.State.OPEN,
        "inscriptions ouvertes": Edition.State.OPEN,
        "close": Edition.State.CLOSED,
        "inscriptions closes": Edition.State.CLOSED,
        "passée": Edition.State.OVER,
        "terminée": Edition.State.OVER,
        "annulée": Edition.State.CANCELLED,
        "annulé": Edition.State.CANCELLED,
        "reportée": Edition.State.POSTPONED,
        "reporté": Edition.State.POSTPONED,
    },
    Partner.Kind: {
        "avec le concours de": Partner.Kind.SUPPORT,
        "partenaire": Partner.Kind.PARTNER,
        "exposant": Partner.Kind.EXHIBITOR,
    },
    Figure.Qualifier: {
        "exactement": Figure.Qualifier.EXACT,
        "plus de": Figure.Qualifier.MORE_THAN,
        "près de": Figure.Qualifier.NEARLY,
        "environ": Figure.Qualifier.ABOUT,
    },
    PressRelease.Kind: {
        "annonce": PressRelease.Kind.ANNOUNCEMENT,
        "ouverture": PressRelease.Kind.OPENING,
        "bilan": PressRelease.Kind.REPORT,
        "annulation": PressRelease.Kind.CANCELLATION,
        "rectificatif": PressRelease.Kind.CORRECTION,
    },
    PressRelease.State: {
        "brouillon": PressRelease.State.DRAFT,
        "publié": PressRelease.State.PUBLISHED,
    },
}


def loose(word: str) -> str:
    """For comparing: no capitals, accents, underscores or doubled spaces; one apostrophe."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\s_-]+", " ", plain).strip()


def words_of(field: models.Field) -> dict[str, str]:
    """Word → value of the field. The English keys come first, in the model's order."""
    values = [value for value, _label in field.flatchoices]
    french = next((words for kind, words in _FRENCH.items() if kind.values == values), {})
    return {value: value for value in values} | {w: str(value) for w, value in french.items()}


def words_to_say(words: dict[str, str]) -> list[str]:
    """One word for each value: in French the first French one where there is any."""
    values = list(dict.fromkeys(words.values()))
    if get_language() == "en":
        return values
    french = {value: word for word, value in reversed(words.items()) if word != value}
    return [french.get(value, value) for value in values]
