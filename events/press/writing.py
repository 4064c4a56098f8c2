"""A release as it is read: placeholders filled, Markdown set, typography applied, in one language."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events.figures import Tallies
from events.models import Edition, Partner, PressRelease
from events.press.text import filled, values
from raict.i18n import language_of
from raict.templatetags.raict import markdown
from raict.typography import NBSP, capitalised, date_range, french


@dataclass(frozen=True)
class Written:
    """The parts of a release in the order of the page, the PDF and the plain text.

    Whole in one language: English only where headline, lead and text are all translated.
    """

    release: PressRelease
    language: str
    tallies: Tallies | None = None

    @property
    def edition(self) -> Edition:
        return self.release.edition

    @cached_property
    def _values(self) -> dict[str, object]:
        return values(self.edition, self.tallies)

    def _plain(self, text: str) -> str:
        return self.typeset(filled(text.strip(), self._values, markdown=False))

    def _html(self, text: str) -> SafeString:
        return mark_safe(self.typeset(markdown(filled(text, self._values))))

    def typeset(self, text: str) -> str:
        """With the spaces of its language."""
        return french(text) if self.language == "fr" else text

    def _text(self, name: str) -> str:
        with override(self.language):
            return getattr(self.release, name)

    @cached_property
    def banner_parts(self) -> list[str]:
        """Dates, place, town."""
        with override(self.language):
            venue = self.edition.venue
            parts = [capitalised(self.edition.dates_with_weekdays)]
            parts += [venue.name, venue.city] if venue else []
            return [self.typeset(part) for part in parts if part]

    @property
    def banner(self) -> str:
        """« Mercredi 23 et jeudi 24 octobre 2024 – Pavillon d’Armenonville – Paris »."""
        return f"{NBSP}– ".join(self.banner_parts)

    @cached_property
    def contact(self) -> str:
        """« Katarina Fotic, Responsable Communication », empty when there is none."""
        with override(self.language):
            said = (self.edition.press_contact_name, self.edition.press_contact_role)
            return self.typeset(", ".join(filter(None, said)))

    @cached_property
    def labels(self) -> dict[str, str]:
        """The fixed words of a release, in its language and with its spaces."""
        with override(self.language):
            words = {
                "kind": _("PRESS RELEASE:"),
                "support": _("With the support of:"),
                "about": _("About %(organiser)s:") % {"organiser": self.edition.organiser},
                "contact": _("Press contact:"),
                "email": _("E-mail:"),
                "demonstration": _("Demonstration edition: everything in it is sample data."),
            }
            return {name: self.typeset(word) for name, word in words.items()}

    @cached_property
    def supporters(self) -> list[Partner]:
        """« Avec le concours de »: names and mottos, never a mark of the State."""
        return [p for p in self.edition.partners.all() if p.kind == Partner.Kind.SUPPORT]

    @cached_property
    def headline(self) -> str:
        with override(self.language):
            return self._plain(self._text("headline"))

    @cached_property
    def dateline(self) -> str:
        with override(self.language):
            date = date_range(self.release.issued_on)
            return _("%(place)s, %(date)s") % {"place": self.release.place, "date": date}

    @cached_property
    def lead(self) -> SafeString:
        with override(self.language):
            return self._html(self._text("lead"))

    @cached_property
    def body(self) -> SafeString:
        with override(self.language):
            return self._html(self._text("body"))

    @cached_property
    def about(self) -> SafeString:
        with override(self.language):
            return self._html(self._text("about"))

    @cached_property
    def more(self) -> SafeString:
        with override(self.language):
            return self._html(self._text("more"))


def written(release: PressRelease, tallies: Tallies | None = None) -> Written:
    """The release in the active language, or in French where it is not wholly translated.

    `tallies` spares a list of releases two queries each.
    """
    names = ("headline", "lead", "body")
    english = get_language() == "en" and all(language_of(release, n) == "en" for n in names)
    return Written(release, "en" if english else "fr", tallies)
