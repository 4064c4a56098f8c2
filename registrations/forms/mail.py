"""The words of letters, checked before they are kept: what is broken is said beside its field."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from raict.mail.wording import HEADING_LENGTH, SUBJECT_LENGTH, Letter, Words, problems
from registrations.letters import CIRCULAR, TIMED
from registrations.models import Circular, TimedLetter, Wording
from registrations.models.circular import LANGUAGES

# The picker writes into whichever of these was used last.
_AIM = {"data-raict-text": ""}
_ONE_LINE = forms.TextInput(attrs=_AIM)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={**_AIM, "rows": rows})


class WordingForm(forms.Form):
    """The letter in one language."""

    subject = forms.CharField(
        label=pgettext_lazy("mail", "Subject"), max_length=SUBJECT_LENGTH, widget=_ONE_LINE
    )
    heading = forms.CharField(
        label=gettext_lazy("Title above the text"),
        max_length=HEADING_LENGTH,
        required=False,
        widget=_ONE_LINE,
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=_area(14))

    # Which words were read when this was opened.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, letter: Letter, language: str, row: Wording | None, **kwargs) -> None:
        self.letter, self.language, self.row = letter, language, row
        words = row.words if row else letter.shipped(language)
        initial = {**words._asdict(), "seen": self.stamp}
        super().__init__(*args, prefix=language, initial=initial, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["lang"] = language

    @property
    def stamp(self) -> str:
        """Of the words that are saved now."""
        return self.row.changed_at.isoformat() if self.row else ""

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        text = data["text"].replace("\r\n", "\n").strip()
        return Words(data["subject"].strip(), data["heading"].strip(), text)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            for field, sentence in problems(self.letter, self.words, self.language):
                self.add_error(field, sentence)
        if cleaned.get("seen") != self.stamp:
            self.add_error(
                None,
                _(
                    "Somebody has changed this letter meanwhile. Your text still stands here: open the"
                    " letter once more to compare, or save again to put yours in its place."
                ),
            )
        return cleaned


class _OccasionalForm(forms.ModelForm):
    """Words in one language at least, whole in each in which they are begun."""

    letter: Letter

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            for name, widget in (("subject", forms.TextInput()), ("text", _area(12))):
                if field := self.fields.get(f"{name}_{language}"):
                    widget.attrs |= {**_AIM, "lang": language, "class": "mail-field"}
                    field.widget = widget
                    field.required = False

    def clean(self) -> dict:
        cleaned = super().clean()
        written = [
            language
            for language in LANGUAGES
            if cleaned.get(f"subject_{language}") or cleaned.get(f"text_{language}")
        ]
        if not written and "subject_fr" in self.fields:
            raise ValidationError(_("Write subject and text in one language at least."))
        for language in written:
            self._check(cleaned, language)
        return cleaned

    def _check(self, cleaned: dict, language: str) -> None:
        subject, text = (cleaned.get(f"{name}_{language}", "") for name in ("subject", "text"))
        # The title above the text is the subject: what is wrong with it is said once.
        for field, sentence in problems(self.letter, Words(subject, "", text), language):
            self.add_error(f"{field}_{language}", sentence)


class CircularForm(_OccasionalForm):
    letter = CIRCULAR

    class Meta:
        model = Circular
        fields = ["subject_fr", "text_fr", "subject_en", "text_en", "with_cancelled"]


class TimedLetterForm(_OccasionalForm):
    letter = TIMED

    class Meta:
        model = TimedLetter
        fields = [
            *("edition", "name", "is_active", "days", "anchor", "hour", "audience", "category"),
            *("subject_fr", "text_fr", "subject_en", "text_en"),
        ]
