"""The form with which the press asks to come: it checks shape; the rest is in the services."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Edition, MediumKind
from raict.forms import (
    CHOOSE_AGAIN,
    PageForm,
    ParagraphsField,
    PlainTextField,
    refuse_wordless,
)
from raict.typography import capitalised, date_range
from raict.uploads import DOCUMENT, UploadField
from registrations.forms.registration import RegistrationForm
from registrations.models import Accreditation

_WHO = ("civility", "first_name", "last_name", "email", "country")
_MEDIUM = ("kind", "medium", "card_number", "letter")
_WORDS = ("interviews", "equipment")
_LONG = 1000  # signs


class AccreditationForm(PageForm):
    civility = RegistrationForm.base_fields["civility"]
    first_name = RegistrationForm.base_fields["first_name"]
    last_name = RegistrationForm.base_fields["last_name"]
    email = RegistrationForm.base_fields["email"]
    country = RegistrationForm.base_fields["country"]
    kind = forms.ChoiceField(
        label=_("Kind of medium"),
        error_messages={
            "required": _("Choose the kind of medium."),
            "invalid_choice": CHOOSE_AGAIN,
        },
    )
    medium = PlainTextField(
        label=_("Medium"),
        max_length=Accreditation._meta.get_field("medium").max_length,
        validators=[refuse_wordless],
        error_messages={"required": _("Write the name of your medium.")},
        help_text=_("As it should stand on your badge. Freelance: for whom you come."),
    )
    card_number = PlainTextField(
        label=_("Number of your press card"),
        max_length=Accreditation._meta.get_field("card_number").max_length,
        required=False,
    )
    letter = UploadField(
        kind=DOCUMENT,
        label=_("Letter of your editorial office"),
        required=False,
        help_text=format_lazy("{} {}", _("If you have no press card."), DOCUMENT.hint),
    )
    days = forms.MultipleChoiceField(
        label=_("Days on which you come"),
        required=False,
        error_messages={"invalid_choice": CHOOSE_AGAIN},
    )
    interviews = ParagraphsField(
        label=_("Interviews that you wish for"),
        max_length=_LONG,
        required=False,
        help_text=_("With whom, about what."),
    )
    equipment = ParagraphsField(
        label=_("Equipment"),
        max_length=_LONG,
        required=False,
        help_text=_("Camera, lights, live vehicle: what needs a place, power or a permit."),
    )
    # People never see this one; programs that fill in every field do.
    leave_empty = RegistrationForm.base_fields["leave_empty"]

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        kinds = [(kind.value, capitalised(str(kind.label))) for kind in MediumKind]
        self.fields["kind"].choices = [("", "—"), *kinds]
        self.fields["days"].choices = [
            (day.isoformat(), capitalised(date_range(day, weekdays=True))) for day in edition.days
        ]
        self.fields["last_name"].help_text = _("As they should stand on your badge.")
        self.fields["email"].help_text = _("Our answer is sent there.")
        self._mark_up()

    def _mark_up(self) -> None:
        """Autocompletion, keyboards and the order of the parts."""
        for name, token in {
            "first_name": "given-name",
            "last_name": "family-name",
            "email": "email",
            "country": "country",
            "medium": "organization",
            "card_number": "off",
            "leave_empty": "off",
        }.items():
            self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["email"].widget.attrs |= {"inputmode": "email", "spellcheck": "false"}
        for name in _WORDS:
            self.fields[name].widget.attrs["rows"] = 3
        self.fields["leave_empty"].widget.attrs["tabindex"] = "-1"
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page writes it, once
        self.helper.form_show_errors = False  # our field template and the summary show them
        self.helper.field_template = "_partials/_field.html"
        self.helper.layout = Layout(
            Fieldset(_("Who you are"), *_WHO),
            Fieldset(_("Your medium"), *_MEDIUM),
            Fieldset(_("Your visit"), HTML("{% include 'registrations/_days.html' %}"), *_WORDS),
            HTML("{% include 'registrations/_press_privacy.html' %}"),
        )

    # ------------------------------------------------------------------------------ checking
    clean_leave_empty = RegistrationForm.clean_leave_empty

    def clean(self) -> None:
        sent = ("card_number", "letter")
        if not any(self.cleaned_data.get(name) or self.has_error(name) for name in sent):
            self.add_error(
                "card_number", _("Give the number of your press card, or add a letter below.")
            )

    def tell_lost_file(self) -> None:
        """Where the form is shown again: what was chosen on the person's disk is chosen no more."""
        if self.errors and self.files.get("letter") and not self.has_error("letter"):
            self.add_error(
                "letter",
                _("Please choose your file once more: a browser does not keep it with the form."),
            )

    def answers(self) -> dict:
        """What services.ask_accreditation() asks for."""
        names = (*_WHO, *_MEDIUM, "days", *_WORDS)
        return {
            "edition": self.edition,
            "person": {name: self.cleaned_data[name] or "" for name in names}
            | {"days": self.cleaned_data["days"]},
            "language": get_language(),
        }

    # --------------------------------------------------------------------------- for templates
    def day_choices(self) -> list[tuple[str, str, str, bool]]:
        """(value, day, id, chosen)."""
        field = self["days"]
        return [
            (value, day, f"{field.auto_id}_{number}", value in (field.value() or ()))
            for number, (value, day) in enumerate(self.fields["days"].choices)
        ]
