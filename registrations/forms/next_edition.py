"""« Prepare the next edition »: its number, days and place, and what is copied."""

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from events.next_edition import ASKED, Part, Plan
from registrations.services.next_edition import PARTS


class NextEditionForm(forms.ModelForm):
    """The model's own rules hold (one number, days and window in order)."""

    parts = forms.MultipleChoiceField(
        label=_("What is copied"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Edition
        fields = ASKED
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ASKED
            if name.endswith("_on")
        }
        help_texts = {"ends_on": _("Empty: one day only.")}

    def __init__(self, *args, source: Edition, user: AbstractBaseUser, **kwargs) -> None:
        self.source = source
        self.offered = {
            part.key: (part, count)
            for part in PARTS
            if may_add(user, part) and (count := part.count(source))
        }
        initial = {
            "number": (Edition.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            "venue": source.venue,
            "parts": [key for key, (part, _count) in self.offered.items() if part.is_usual],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["number"].min_value = 1
        self.fields["parts"].choices = [
            (key, label(part, count)) for key, (part, count) in self.offered.items()
        ]

    def clean_number(self) -> int:
        """0 is the demonstration's; one that exists is shown."""
        number = self.cleaned_data["number"]
        if number == 0:
            raise ValidationError(_("0 is the demonstration: give the number of the edition."))
        if known := Edition.objects.filter(number=number).first():
            raise ValidationError(existing(known))
        return number

    def clean(self) -> dict:
        """Each rule beside its field; times need a day, so the grid is not copied without one."""
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends_on and not starts_on and "starts_on" not in self.errors:
            self.add_error("starts_on", _("An edition with a last day needs a first one."))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day comes before the first."))
        opens, closes = cleaned.get("registration_opens_on"), cleaned.get("registration_closes_on")
        if opens and closes and closes < opens:
            self.add_error("registration_closes_on", _("Registrations close before they open."))
        if ends_on or starts_on:
            self._check_window(opens, ends_on or starts_on)
        self._check_parts(set(cleaned.get("parts", ())), has_days=bool(starts_on))
        return cleaned

    def _check_window(self, opens, last) -> None:
        if opens and opens > last:
            self.add_error(
                "registration_opens_on", _("Registrations would open after the last day.")
            )

    def _check_parts(self, chosen: set[str], *, has_days: bool) -> None:
        for key in sorted(chosen):
            part, _count = self.offered[key]
            if part.after and part.after not in chosen:
                names = {"part": capfirst(part.label), "needed": PARTS_BY_KEY[part.after].label}
                sentence = _("“%(part)s” hang on another line: tick “%(needed)s” as well.")
                self.add_error("parts", sentence % names)
        loses_times = self.source.starts_on and not has_days
        if "sessions" in chosen and loses_times and "starts_on" not in self.errors:
            self.add_error(
                "starts_on",
                _("Without a first day the sessions lose their times: give it, or leave the grid."),
            )

    def plan(self) -> Plan:
        data = {**self.cleaned_data, "parts": frozenset(self.cleaned_data["parts"])}
        return Plan(source=self.source, **data)


PARTS_BY_KEY = {part.key: part for part in PARTS}


def may_add(user: AbstractBaseUser, part: Part) -> bool:
    meta = part.model._meta
    return user.has_perm(f"{meta.app_label}.add_{meta.model_name}")


def label(part: Part, count: int) -> str:
    """« Partners and exhibitors, with their logos: 12 », with what it means below."""
    said = _("%(what)s: %(count)d") % {"what": capfirst(part.label), "count": count}
    if not part.help:
        return said
    return format_html('{} <span class="help">{}</span>', said, part.help)


def existing(edition: Edition) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This edition exists already:"),
        reverse("admin:events_edition_change", args=[edition.pk]),
        capfirst(edition.title),
    )
