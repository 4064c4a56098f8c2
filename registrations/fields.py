"""Fields for what people type about themselves: any script, nothing that acts as something else."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Joiners shape letters in Persian, Arabic and Indic scripts; other format signs only deceive.
_JOINERS = {"\u200c", "\u200d"}
_ADDRESS = re.compile(r"://|\bwww\.|[<>]", re.IGNORECASE)
# « M.Benali » and « St.John » are names; « gagner.com » and « x@y » are not.
_NAME_AS_ADDRESS = re.compile(
    r"@|/|\\|[<>]|\bwww\.|\w\.(?:com|net|org|info|biz|fr|eu|io|me|co|ru|cn|top|xyz|site|online|shop|app|link)\b",
    re.IGNORECASE,
)


def refuse_control(text: str) -> None:
    """Refuse signs that are not seen: controls, marks that turn the direction of writing."""
    if any(unicodedata.category(sign) in ("Cc", "Cf") and sign not in _JOINERS for sign in text):
        raise ValidationError(_("This holds invisible signs. Please type it again."), "control")


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


class PlainTextField(forms.CharField):
    """One line of text: spaces tidied, composed letters (NFC), capitals as the person writes them."""

    default_validators = [refuse_control, refuse_address]

    def to_python(self, value) -> str:
        text = super().to_python(value)
        return " ".join(unicodedata.normalize("NFC", text).split())

    def run_validators(self, value) -> None:
        """One sentence is enough: the first."""
        try:
            super().run_validators(value)
        except ValidationError as errors:
            raise errors.error_list[0] from None


class NameField(PlainTextField):
    default_validators = [refuse_control, refuse_name_as_address, refuse_wordless]


class EmailAddressField(forms.EmailField):
    def to_python(self, value) -> str:
        """The domain in small letters: only what stands before the @ is the person's own."""
        name, at, domain = super().to_python(value).rpartition("@")
        return name + at + domain.lower()
