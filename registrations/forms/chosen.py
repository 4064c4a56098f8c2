"""Registrations that the team has chosen, and what it tells the people of the decision."""

from collections.abc import Collection

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

_ROWS = forms.Textarea(attrs={"rows": 4, "cols": 80})


class ChosenForm(forms.Form):
    """The rows by their keys, in one field however many they are, and a reason in each language.

    Whoever reads a language in which nothing was written is told the decision without a reason.
    """

    keys = forms.CharField(widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)
    reason_fr = forms.CharField(
        label=_("Reason or message, in French"), max_length=2000, required=False, widget=_ROWS
    )
    reason_en = forms.CharField(
        label=_("Reason or message, in English"), max_length=2000, required=False, widget=_ROWS
    )

    def clean_keys(self) -> list[int]:
        """Each once, in the order given."""
        words = self.cleaned_data["keys"].split(",")
        if not all(word.isdecimal() for word in words):
            raise forms.ValidationError(_("Choose the registrations in the list."))
        return list(dict.fromkeys(int(word) for word in words))

    def reasons(self) -> dict[str, str]:
        """Language → text."""
        names = {language: f"reason_{language}" for language, _name in settings.LANGUAGES}
        return {language: self.cleaned_data[name].strip() for language, name in names.items()}

    def reason_fields(self, languages: Collection[str]) -> list[forms.BoundField]:
        """Those that somebody will read."""
        return [
            self[f"reason_{language}"]
            for language, _name in settings.LANGUAGES
            if language in languages
        ]
