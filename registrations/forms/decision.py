"""The team decides on accreditations: the words that the person reads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.models import Accreditation

_ROWS = forms.Textarea(attrs={"rows": 4, "cols": 80})


class DecisionForm(forms.Form):
    """One accreditation, with the button that was pressed and the state that was on the page."""

    reason = forms.CharField(
        label=_("Reason, or message"),
        max_length=2000,
        required=False,
        widget=_ROWS,
        help_text=_(
            "In the language of the person, who reads it in the mail. To refuse or withdraw, a"
            " reason is needed; to accept, a message is optional."
        ),
    )
    seen = forms.ChoiceField(choices=Accreditation.State.choices)
    accept = forms.CharField(required=False)

    def decision(self) -> dict:
        data = self.cleaned_data
        return {"accept": bool(data["accept"]), "words": data["reason"], "seen": data["seen"]}


class ReasonForm(forms.Form):
    """Several at once: one reason for all of them."""

    reason = forms.CharField(
        label=_("Reason, or message"),
        max_length=2000,
        widget=_ROWS,
        error_messages={"required": _("Say why: the person reads it.")},
    )

    def __init__(self, *args, is_compulsory: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_compulsory
        self.fields["reason"].help_text = (
            _("Each person reads it in the mail, in the language in which you write it.")
            if is_compulsory
            else _("Optional. Each person reads it in the mail.")
        )
