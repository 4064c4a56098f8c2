"""The form of a press release: its texts, quotes and contacts, and the placeholders to pick."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.contrib import admin
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.figures import FigureValue
from events.models import Edition, Figure, PressPicture, PressRelease, Quote, ReleaseContact
from events.models.press_release import RESERVED
from events.press.publishing import last_writing
from events.press.text import filled, values
from raict.admin import StaffInline
from raict.errors import DomainError
from raict.typography import number

# What `<input type="datetime-local">` takes and gives.
LOCAL = "%Y-%m-%dT%H:%M"
_LONG = {"body": 18, "lead": 5, "thanks": 4, "about": 4}
_WORDS_UP_TO = 12
_SLUG = 60  # signs of an address that is made from a headline


class MomentField(forms.DateTimeField):
    """A day and an hour in Paris, in one labelled control."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    input_formats = [LOCAL, "%Y-%m-%dT%H:%M:%S"]

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"input_formats": self.input_formats, **kwargs})


class PressReleaseForm(forms.ModelForm):
    embargo_until = MomentField(
        required=False,
        label=gettext_lazy("Under embargo until"),
        help_text=PressRelease._meta.get_field("embargo_until").help_text,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Empty: made from the headline. Stays the same for ever."
            )
        for name, field in self.fields.items():
            text, _joint, language = name.rpartition("_")
            if text not in PressRelease.TEXTS:
                continue
            field.widget.attrs |= {"lang": language, "data-raict-text": ""}
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = _LONG.get(text, 3)

    def clean(self) -> dict:
        """A draft may be as unfinished as it likes, but is known by a headline.

        Of two people who write at once, the second is told before anything is overwritten; sent
        again, the form goes through, and the history keeps both.
        """
        cleaned = super().clean()
        for name in ("headline_fr", "headline_en"):
            cleaned[name] = " ".join(cleaned.get(name, "").split())
        seen = self.data.get("seen", "")
        if self.instance.pk and seen.isdecimal() and int(seen) != last_writing(self.instance):
            self.add_error(
                None,
                _(
                    "Somebody has changed this press release since you opened it: see the history."
                    " Save again to keep your text in place of theirs."
                ),
            )
        if not (cleaned.get("headline_fr") or cleaned.get("headline_en")):
            self.add_error("headline_fr", _("A press release needs a headline in one language."))
        elif not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("edition"):
            cleaned["slug"] = _free_slug(self.instance, cleaned)
        return cleaned


def _free_slug(release: PressRelease, cleaned: dict) -> str:
    """From the headline with its placeholders filled, cut between two words; 2, 3 … where it is taken."""
    headline = cleaned.get("headline_fr") or cleaned["headline_en"]
    with contextlib.suppress(DomainError):
        headline = filled(headline, values(cleaned["edition"]), markdown=False)
    base = slugify(headline)[:_SLUG]
    base = base.rpartition("-")[0] if len(base) == _SLUG and "-" in base else base
    base, number = base or "communique", 1
    found = base if base not in RESERVED else f"{base}-1"
    while PressRelease.objects.filter(slug=found).exclude(pk=release.pk).exists():
        number += 1
        found = f"{base}-{number}"
    return found


class QuoteInline(StaffInline):
    model = Quote
    fields = [
        ("position", "approved_on"),
        ("person",),
        ("function_fr", "function_en"),
        ("text_fr", "text_en"),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.startswith("text_"):
            field.widget.attrs["rows"] = 3
        return field


class ContactInline(StaffInline):
    model = ReleaseContact
    verbose_name_plural = gettext_lazy(
        "press contacts of this release (the edition’s, when there are none)"
    )
    fields = [("name", "position"), ("role_fr", "role_en"), ("email", "telephone")]


# -------------------------------------------------------------------------------------- picker
@dataclass(frozen=True)
class Pick:
    """A placeholder to pick: what it is called, and what it says today."""

    code: str
    label: str
    value: str
    variants: tuple[tuple[str, str], ...] = ()  # (code, what it says)


def picks(edition: Edition | None, quotes: Iterable[Quote] = ()) -> list[tuple[str, list[Pick]]]:
    """The placeholders by subject, with their values for that edition in the active language."""
    if edition is None:
        return []
    known = values(edition)
    figures = [_figure(one) for name, one in known.items() if name.startswith("figure.")]
    words = _words()
    of_edition = [
        Pick(_code(name), label, str(known[name])) for name, label in words.items() if known[name]
    ]
    said = [
        Pick(_code(f"quote.{quote.position}"), quote.person, quote.text[:80]) for quote in quotes
    ]
    pictures = [_picture(one) for one in edition.press_pictures.filter(is_published=True)]
    groups = [
        (_("Figures"), [pick for pick in figures if pick]),
        (_("Edition"), of_edition),
        (_("Quotes"), said),
        (_("Pictures"), pictures),
    ]
    return [(title, found) for title, found in groups if found]


def _code(name: str) -> str:
    return f"{{{{ {name} }}}}"


def _figure(figure: FigureValue) -> Pick | None:
    """A figure that says something, exactly, in words and as a round number."""
    if not figure.is_known:
        return None
    name, variants = f"figure.{figure.key}", []
    is_whole = figure.value == int(figure.value) and not figure.is_percentage
    if is_whole and 1 < figure.value <= _WORDS_UP_TO:
        variants.append((_code(f"{name}|lettres"), _("in words")))
    lower = round_below(figure.value)
    if figure.qualifier == Figure.Qualifier.EXACT and lower and is_whole:
        code = _code(f"{name}|plus_de:{lower}")
        variants.append((code, _("more than %(number)s") % {"number": number(lower)}))
    return Pick(_code(name), figure.label, figure.phrase, tuple(variants))


def round_below(value: Decimal) -> int:
    """612 → 600, 1 280 → 1 200, 23 → 20; 0 where there is no round number below that says much."""
    whole = int(value)
    if whole < 20:
        return 0
    step = 10 ** (len(str(whole)) - 1) if whole < 1000 else 10 ** (len(str(whole)) - 2)
    lower = whole // step * step
    return lower if lower < value else 0


def _picture(picture: PressPicture) -> Pick:
    code = f"![{picture.alternative or picture.title}]({picture.file.url})"
    return Pick(code, picture.title, "")


def _words() -> dict[str, str]:
    """What the placeholders of an edition are called."""
    return {
        "edition.ordinal": _("number of the edition"),
        "edition.name": _("name"),
        "edition.short_name": _("short name"),
        "edition.theme": _("theme"),
        "edition.dates": _("dates"),
        "edition.dates_the": _("dates, with their article"),
        "edition.dates_with_weekdays": _("dates, with the days of the week"),
        "edition.days_in_words": _("number of days, in words"),
        "edition.year": _("year"),
        "edition.first_dates": _("first dates, before the postponement"),
        "edition.venue": _("venue"),
        "edition.city": _("town"),
        "edition.guest_country": _("guest country"),
        "edition.guest_country_the": _("guest country, with its article"),
        "edition.guest_country_of": _("« of » the guest country"),
        "edition.registration_opens_on": _("registrations open on"),
        "edition.registration_closes_on": _("registrations close on"),
        "edition.organiser": _("organiser"),
        "edition.organiser_short": _("organiser, short"),
        "edition.organiser_founded": _("organiser created in"),
        "edition.organiser_website": _("organiser's site"),
        "edition.website": _("event's site"),
        "edition.hashtag": _("hashtag"),
        "edition.handle": _("account on social networks"),
        "next.ordinal": _("number of the next edition, as announced"),
        "next.when": _("date of the next edition, as announced"),
    }


class DueFilter(admin.SimpleListFilter):
    """Releases that wait for the clock."""

    title = gettext_lazy("schedule")
    parameter_name = "scheduled"

    def lookups(self, request, model_admin) -> list:
        return [("yes", _("scheduled"))]

    def queryset(self, request, queryset):
        return queryset.filter(publish_at__isnull=False) if self.value() else queryset
