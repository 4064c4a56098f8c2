"""The registration form, on one page: it checks shape; rules and rows are in services."""

import hashlib
from collections.abc import Iterable, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.errors import DomainError
from raict.forms import (
    CHOOSE_AGAIN,
    Countries,
    EmailAddressField,
    NameField,
    PlainTextField,
    refuse_wordless,
)
from raict.typography import folded
from registrations.consents import consent_wordings
from registrations.forms.choices import SessionChoices
from registrations.models import Category, Consent, Organisation, Registration
from sessions.models import Session

_NEEDS = ("diet", "access", "interpretation")


def _length(name: str, model=Registration) -> int:
    return model._meta.get_field(name).max_length


class RegistrationForm(SessionChoices):
    civility = forms.ChoiceField(
        label=_("Form of address"),
        choices=[("", "—"), *Registration.Civility.choices],
        required=False,
        error_messages={"invalid_choice": CHOOSE_AGAIN},
    )
    title = NameField(
        label=_("Title"),
        max_length=_length("title"),
        required=False,
        help_text=_("Written before your name, if you use one: Dr, H.E., Prof."),
    )
    first_name = NameField(
        label=_("First name"),
        max_length=_length("first_name"),
        error_messages={"required": _("Write your first name.")},
    )
    last_name = NameField(
        label=_("Last name"),
        max_length=_length("last_name"),
        error_messages={"required": _("Write your last name.")},
        help_text=_("As they should stand on your badge."),
    )
    email = EmailAddressField(
        label=_("E-mail"),
        max_length=_length("email"),
        error_messages={"required": _("Write your e-mail address.")},
        help_text=_("Your confirmation and your personal link are sent there."),
    )
    function = PlainTextField(
        label=_("Function"),
        max_length=_length("function"),
        required=False,
        validators=[refuse_wordless],
    )
    organisation = PlainTextField(
        label=_("Organisation"),
        max_length=_length("name", Organisation),
        required=False,
        validators=[refuse_wordless],
        help_text=_("Choose it among the suggestions, or write its full name."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=Countries(),
        error_messages={"required": _("Choose your country."), "invalid_choice": CHOOSE_AGAIN},
    )
    category = forms.ChoiceField(
        label=_("You take part as"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose in what capacity you take part."),
            "invalid_choice": CHOOSE_AGAIN,
        },
    )
    diet = PlainTextField(
        label=_("Diet"), max_length=300, required=False, help_text=_("Vegetarian, allergies …")
    )
    access = PlainTextField(
        label=_("Accessibility"),
        max_length=300,
        required=False,
        help_text=_("Wheelchair, reserved seat in front, large print …"),
    )
    interpretation = PlainTextField(
        label=_("Interpretation"),
        max_length=300,
        required=False,
        help_text=_("Sign language, or the language that you need."),
    )
    # People never see this one; programs that fill in every field do.
    leave_empty = forms.CharField(label=_("Leave this field empty"), required=False)
    # One a page shown: a form sent twice by a double click is recognised, and answered once.
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    # The page said that all places are taken, so the person knows what the button does.
    in_line = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data=None,
        *,
        edition: Edition,
        programme: Sequence[Session] = (),
        categories: Sequence[Category] = (),
        organisations: Iterable[str] = (),
        nonce: str = "",
    ) -> None:
        super().__init__(data, edition=edition, programme=programme, initial={"nonce": nonce})
        self.organisations = organisations
        self.categories = {str(category.pk): category for category in categories}
        self.fields["category"].choices = [(key, one.name) for key, one in self.categories.items()]
        for purpose, wording in consent_wordings(edition).items():
            self.fields[f"consent_{purpose}"] = forms.BooleanField(label=wording, required=False)
        self._mark_up()

    @classmethod
    def for_edition(cls, edition: Edition, data=None, *, nonce: str = "") -> "RegistrationForm":
        """With the programme, categories and organisations as they stand now."""
        return cls(
            data,
            edition=edition,
            nonce=nonce,
            programme=list(edition.sessions.public().without_texts().in_order()),
            categories=list(Category.objects.filter(is_offered=True)),
            # Read where they are shown: a form that is accepted never asks for them.
            organisations=Organisation.objects.filter(is_checked=True).values_list(
                "name", flat=True
            ),
        )

    def _mark_up(self) -> None:
        """Autocompletion, keyboards and the order of the parts."""
        for name, token in {
            "title": "honorific-prefix",
            "first_name": "given-name",
            "last_name": "family-name",
            "email": "email",
            "function": "organization-title",
            "organisation": "organization",
            "country": "country",
            "leave_empty": "off",
        }.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["email"].widget.attrs |= {"inputmode": "email", "spellcheck": "false"}
        self.fields["organisation"].widget.attrs["list"] = "organisations"
        self.fields["leave_empty"].widget.attrs["tabindex"] = "-1"
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page writes it, once
        self.helper.form_show_errors = False  # our field template and the summary show them
        self.helper.field_template = "_partials/_field.html"
        self.helper.layout = Layout(
            Fieldset(
                _("Who you are"),
                *("civility", "title", "first_name", "last_name", "email"),
                *("function", "organisation", "country"),
            ),
            HTML("{% include 'registrations/_organisations.html' %}"),
            HTML("{% include 'registrations/_category.html' %}"),
            HTML("{% include 'registrations/_sessions.html' %}"),
            HTML("{% include 'registrations/_cafes.html' %}"),
            HTML("{% include 'registrations/_needs.html' %}"),
            HTML("{% include 'registrations/_consents.html' %}"),
        )

    # ------------------------------------------------------------------------------ checking
    def clean_organisation(self) -> str:
        name = self.cleaned_data["organisation"]
        if len(folded(name)) > _length("name_folded", Organisation):
            raise forms.ValidationError(_("This name is too long."))
        return name

    def clean_leave_empty(self) -> None:
        if self.cleaned_data["leave_empty"]:
            raise forms.ValidationError(
                _("A hidden field was filled in, as programs do. Please empty it and send again.")
            )

    def clean(self) -> None:
        if self._needs() and not self.cleaned_data.get("consent_needs"):
            self.add_error(
                "consent_needs",
                _("Tick this box so that we may keep your needs, or leave the needs empty."),
            )
        super().clean()

    def _needs(self) -> dict[str, str]:
        given = {name: self.cleaned_data.get(name, "") for name in _NEEDS}
        return given if any(given.values()) else {}

    def answers(self) -> dict:
        """What services.register() asks for."""
        data = self.cleaned_data
        needs = self._needs()
        names = ("civility", "title", "first_name", "last_name", "email", "function")
        return {
            "edition": self.edition,
            "person": {
                **{name: data[name] for name in (*names, "organisation", "country")},
                "category": self.categories[data["category"]],
            },
            "sessions": self.chosen_sessions(),
            "lists": self.chosen_lists(),
            "cafes": self.chosen_cafes(),
            "needs": needs,
            "consents": {
                purpose: str(wording)
                for purpose, wording in consent_wordings(self.edition).items()
                if data[f"consent_{purpose}"] and (needs or purpose != Consent.Purpose.NEEDS)
            },
            "language": get_language(),
        }

    def fingerprint(self) -> str:
        """This page as it was shown, with this e-mail: the same for both halves of a double click."""
        words = f"{self.cleaned_data['nonce']} {self.cleaned_data['email'].lower()}"
        return hashlib.sha256(words.encode()).hexdigest()

    @property
    def is_for_line(self) -> bool:
        """All places are taken: what is sent goes on the edition's waiting list."""
        return self.edition.takes_registrations and self.edition.places_left == 0

    def refuse_unseen_line(self) -> None:
        """Nobody goes on the edition's waiting list without having read so."""
        if self.is_for_line and not self.cleaned_data["in_line"]:
            raise DomainError(
                _(
                    "All places have been taken meanwhile. Nothing that you typed is lost: send it"
                    " again, and you are on the waiting list of the edition."
                )
            )

    # --------------------------------------------------------------------------- for templates
    def category_choices(self) -> list[tuple[str, Category, str, bool]]:
        """(value, category, id, chosen)."""
        field = self["category"]
        return [
            (key, category, f"{field.auto_id}_{number}", field.value() == key)
            for number, (key, category) in enumerate(self.categories.items())
        ]

    def needs_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _NEEDS]

    def needs_are_open(self) -> bool:
        """The folded part stands open when it holds something, or an error."""
        names = (*_NEEDS, "consent_needs")
        return self.is_bound and any(self[name].value() or self[name].errors for name in names)

    def free_consents(self) -> list[forms.BoundField]:
        """All but the one that belongs to the needs."""
        return [
            self[f"consent_{purpose}"]
            for purpose in Consent.Purpose.values
            if purpose != Consent.Purpose.NEEDS
        ]
