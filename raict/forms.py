"""Forms of public pages: what they share, and fields for what people type about themselves.

Any script is accepted, nothing that acts as something else.
"""

import re
import unicodedata
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from raict.countries import country_choices
from raict.errors import DomainError

CHOOSE_AGAIN = _("This choice is no longer offered. Please choose again.")

# Joiners shape letters in Persian, Arabic and Indic scripts; other format signs only deceive.
_JOINERS = {"\u200c", "\u200d"}
# Vietnamese has two, pointed Hebrew and Tibetan up to four.
_MARKS_ON_A_LETTER = 4
_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
# « M.Benali » and « St.John » are names; « gagner.com » and « x@y » are not.
_NAME_AS_ADDRESS = re.compile(
    r"@|/|\\|\bwww\.|\w\.(?:com|net|org|info|biz|fr|eu|io|me|co|ru|cn|top|xyz|site|online|shop|app|link)\b",
    re.IGNORECASE,
)


def refuse_control(text: str) -> None:
    """Refuse signs that are not seen: controls, marks that turn the direction of writing."""
    if any(unicodedata.category(sign) in ("Cc", "Cf") and sign not in _JOINERS for sign in text):
        raise ValidationError(_("This holds invisible signs. Please type it again."), "control")


def refuse_control_in_lines(text: str) -> None:
    """The same where there are several lines: what ends one of them is meant."""
    refuse_control(text.replace("\n", ""))


def refuse_markup(text: str) -> None:
    """Refuse < and >: no name, function or organisation has them, and they may act as HTML."""
    if "<" in text or ">" in text:
        raise ValidationError(_("The signs < and > are not accepted here."), "markup")


def refuse_piled_marks(text: str) -> None:
    """Refuse accents in a pile: on a badge they would run over everything above the name."""
    run = 0
    for sign in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if run > _MARKS_ON_A_LETTER:
            raise ValidationError(_("Too many accents stand on one letter."), "marks")


def refuse_address(text: str) -> None:
    """Refuse web addresses: our mails would make links of them."""
    if _ADDRESS.search(text):
        raise ValidationError(_("Web addresses are not accepted here."), "address")


def refuse_name_as_address(text: str) -> None:
    """Refuse a name that mail programmes would show as a link."""
    if _NAME_AS_ADDRESS.search(text):
        raise ValidationError(_("Write a name, without any web or e-mail address."), "address")


def refuse_wordless(text: str) -> None:
    """Refuse what has no letter at all."""
    if not any(sign.isalpha() for sign in text):
        raise ValidationError(_("Write at least one letter."), "wordless")


class OneSentence(forms.CharField):
    """However much is wrong with a field, one sentence is enough: the first."""

    def run_validators(self, value) -> None:
        try:
            super().run_validators(value)
        except ValidationError as errors:
            raise errors.error_list[0] from None


class PlainTextField(OneSentence):
    """One line of text: spaces tidied, composed letters (NFC), capitals as the person writes them."""

    default_validators = [refuse_control, refuse_markup, refuse_piled_marks, refuse_address]

    def to_python(self, value) -> str:
        text = super().to_python(value)
        return " ".join(unicodedata.normalize("NFC", text).split())


class ParagraphsField(OneSentence):
    """Several lines: each as in PlainTextField; addresses stay, which the team may want to read."""

    widget = forms.Textarea
    default_validators = [refuse_control_in_lines, refuse_markup, refuse_piled_marks]

    def to_python(self, value) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value))
        return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


class NameField(PlainTextField):
    default_validators = [
        refuse_control,
        refuse_markup,
        refuse_piled_marks,
        refuse_name_as_address,
        refuse_wordless,
    ]


class EmailAddressField(OneSentence, forms.EmailField):
    def to_python(self, value) -> str:
        """The domain in small letters: only what stands before the @ is the person's own."""
        name, at, domain = super().to_python(value).rpartition("@")
        return name + at + domain.lower()


class Countries(BaseChoiceIterator):
    """The countries in the language of whoever reads the page, none chosen yet."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield "", "—"
        yield from country_choices()


class PageForm(forms.Form):
    """Says what is wrong on top of the page and beside each field: _partials/_error_summary.html."""

    def add_refusal(self, refusal: DomainError) -> None:
        """Put a refusal of the services beside the field that it is about."""
        field = refusal.field
        self.add_error(field if field in self.fields else None, refusal.message)

    def error_links(self) -> list[tuple[str, str, str]]:
        """(id of the control, label, sentence) for the summary on top; no id for the whole form.

        No label where it is itself a long sentence (consents).
        """
        links = [("", "", sentence) for sentence in self.non_field_errors()]
        for field in self:
            label = "" if field.name.startswith("consent") else field.label
            links += [(field.auto_id, label, sentence) for sentence in field.errors]
        return links
