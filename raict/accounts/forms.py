"""What the team types to get in."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from raict.accounts import throttle
from raict.accounts.models import User


class SignInForm(AdminAuthenticationForm):
    """Name and password; after too many tries, how long to wait."""

    def clean(self) -> dict:
        username = self.cleaned_data.get("username")
        if username and not throttle.may_try(self.request, username):
            raise ValidationError(throttle.too_many())
        return super().clean()

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return ValidationError(throttle.too_many())
        return super().get_invalid_login_error()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of six digits"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class SpareCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Spare code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of your account"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class InvitationForm(forms.ModelForm):
    """A new member: no password is typed here; the link in the mail chooses it."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups"]
        field_classes = BaseUserCreationForm.Meta.field_classes

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_username(self) -> str:
        """Names that differ in capitals only would be mistaken for each other."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("There is an account of this name already."))
        return username

    def save(self, commit=True) -> User:  # noqa: FBT002 -- Django's signature
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)
