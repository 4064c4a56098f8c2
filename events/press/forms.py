"""Asking to be put on the press list."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import MediumKind, PressContact
from events.press.subscription import Asked
from raict.forms import (
    CHOOSE_AGAIN,
    EmailAddressField,
    NameField,
    PageForm,
    PlainTextField,
    refuse_control,
)


def _length(name: str) -> int:
    return PressContact._meta.get_field(name).max_length


class JoinForm(PageForm):
    """`wording` is what is agreed to, as it stands beside the box."""

    name = NameField(
        label=_("Name"),
        max_length=_length("name"),
        error_messages={"required": _("Write your name, or that of your newsroom.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    medium = PlainTextField(
        label=_("Medium"),
        max_length=_length("medium"),
        required=False,
        help_text=_("Newspaper, agency, station or site; empty if you work for several."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of medium"),
        choices=[("", "—"), *MediumKind.choices],
        error_messages={
            "required": _("Choose the kind of your medium."),
            "invalid_choice": CHOOSE_AGAIN,
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the press releases"),
        choices=PressContact.Language.choices,
        error_messages={"required": CHOOSE_AGAIN, "invalid_choice": CHOOSE_AGAIN},
    )
    email = EmailAddressField(
        label=_("E-mail"),
        max_length=_length("email"),
        error_messages={"required": _("Write your e-mail address.")},
        help_text=_("A link to confirm it is sent there."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
        validators=[refuse_control],
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Tick this box: nothing is sent without your agreement.")}
    )
    # People never see this one; programs that fill in every field do.
    leave_empty = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data=None, *, wording: str) -> None:
        super().__init__(data, initial={"language": get_language()})
        self.fields["consent"].label = wording
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page writes it, once
        self.helper.form_show_errors = False  # our field template and the summary show them
        self.helper.field_template = "_partials/_field.html"
        self.helper.layout = Layout(
            *("name", "medium", "kind", "language", "email"),
            HTML("{% include '_partials/_consent.html' with field=form.consent only %}"),
        )

    def clean_leave_empty(self) -> None:
        if self.cleaned_data["leave_empty"]:
            raise forms.ValidationError(
                _("A hidden field was filled in, as programs do. Please empty it and send again.")
            )

    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in Asked._fields})
