"""The form that asks for the personal link again."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from raict.forms import EmailAddressField, refuse_control
from registrations.models import Registration


class LinkForm(forms.Form):
    """Asks for the personal link again."""

    email = EmailAddressField(
        label=_("E-mail"),
        max_length=Registration._meta.get_field("email").max_length,
        error_messages={"required": _("Write your e-mail address.")},
        help_text=_("The address with which you registered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        validators=[refuse_control],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.field_template = "_partials/_field.html"
