"""Forms of one's own page: the fields and checks of the registration form, filled in already."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from raict.forms import CHOOSE_AGAIN, PageForm
from raict.typography import folded
from registrations import services
from registrations.consents import consent_wordings
from registrations.forms.choices import SessionChoices
from registrations.forms.registration import RegistrationForm
from registrations.models import Booking, Consent, Needs, Organisation, Registration
from registrations.overview import standing
from sessions.models import Session

_NEEDS = ("diet", "access", "interpretation")
_WHO = ("civility", "title", "first_name", "last_name", "email", "function")
# Before the name of a field: what its page showed when it was opened.
_SEEN = "seen-"
_AUTOCOMPLETE = {
    "title": "honorific-prefix",
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "function": "organization-title",
    "organisation": "organization",
    "country": "country",
}


class SessionsForm(SessionChoices):
    """Seats, waiting lists and café wishes as they stand, to be changed in one go."""

    # The revision that was shown: another tab, or a seat won meanwhile, makes it old.
    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @classmethod
    def for_registration(cls, registration: Registration, data=None) -> "SessionsForm":
        """With the programme and what the person has, both as they stand now."""
        registration.refresh_from_db(fields=["state", "revision"])
        bookings = list(standing(registration))
        asked, crowded = _asked(bookings, registration)
        held = [one.session_id for one in bookings if one.state == Booking.State.CONFIRMED]
        edition = registration.edition
        form = cls(
            data,
            edition=edition,
            programme=list(edition.sessions.public().select_related("room").in_order()),
            held=[*held, *asked],
            offered=[one.session_id for one in bookings if one.state == Booking.State.OFFERED],
            waiting=[
                *(one.session_id for one in bookings if one.state == Booking.State.WAITING),
                *crowded,
            ],
            wishes=[wish.session_id for wish in registration.cafe_wishes()],
        )
        form.initial["revision"] = registration.revision
        form.bookings = bookings
        return form

    def kept(self) -> list[Session]:
        """What the person has and this form does not show: begun, or not bookable any more."""
        return [one.session for one in self.bookings if one.session_id not in self.among]

    def offers(self) -> list[Booking]:
        """Seats that wait for an answer: choosing one accepts it."""
        return [one for one in self.bookings if one.state == Booking.State.OFFERED]

    # ------------------------------------------------------------- two pages open at one time
    def renewed(self, registration: Registration) -> "SessionsForm":
        """What stands now, with what this form changed of what its page showed: nothing is lost."""
        standing = type(self).for_registration(registration)
        data = QueryDict(mutable=True)
        data["revision"] = str(registration.revision)
        for name in standing.choices():
            data.setlist(_SEEN + name, standing.shown(name))
            data.setlist(name, self._merged(name, standing.shown(name)))
        if any(self._sent(name) != self.shown(name) for name in self.ranks):
            for name in self.ranks:  # an order is kept whole
                data.setlist(name, self._sent(name))
        return type(self).for_registration(registration, data)

    def is_done(self) -> bool:
        """Nothing is left to change, as in the second half of a double click."""
        seats = [name for name in self.choices() if name.startswith("slot_")]
        wanted = {key for name in seats for key in self._sent(name)}
        held = {key for name in seats for key in self.shown(name)}
        return (
            wanted == held
            and set(self._sent("lists")) - held == set(self.shown("lists"))
            and all(self._sent(name) == self.shown(name) for name in self.ranks)
        )

    def choices(self) -> list[str]:
        return [name for name in self.fields if name != "revision"]

    def shown(self, name: str) -> list[str]:
        """What the page showed as chosen when it was opened."""
        if self.is_bound:
            return self.data.getlist(_SEEN + name)
        value = self.initial.get(name) or []
        return value if isinstance(value, list) else [value]

    def seen(self) -> list[tuple[str, str]]:
        """(name, value) of the hidden fields that say what is shown."""
        return [(_SEEN + name, key) for name in self.choices() for key in self.shown(name)]

    def _sent(self, name: str) -> list[str]:
        return [key for key in self.data.getlist(name) if key]

    def _merged(self, name: str, standing: list[str]) -> list[str]:
        sent, shown = self._sent(name), self.shown(name)
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            kept = [key for key in standing if key in sent or key not in shown]
            return kept + [key for key in sent if key not in shown and key not in kept]
        return standing if sent == shown else sent

    def save(self, registration: Registration) -> bool:
        revision = self.cleaned_data["revision"]
        return services.change_sessions(
            registration,
            sessions=self.chosen_sessions(),
            lists=self.chosen_lists(),
            cafes=self.chosen_cafes(),
            among=self.among,
            # A form without it was not shown by this page.
            revision=-1 if revision is None else revision,
        )


def _asked(bookings: Iterable[Booking], registration: Registration) -> tuple[list, list]:
    """Of somebody who waits for a place: one session at a time, and those beside it."""
    chosen: list[Session] = []
    beside: list[Session] = []
    for booking in bookings:
        if booking.state == Booking.State.ASKED:
            walking = registration.edition.walking
            overlaps = any(booking.session.overlaps(one, walking) for one in chosen)
            (beside if overlaps else chosen).append(booking.session)
    return [one.pk for one in chosen], [one.pk for one in beside]


class _WhoForm(PageForm):
    """Who somebody is, as in the registration form."""

    civility = RegistrationForm.base_fields["civility"]
    title = RegistrationForm.base_fields["title"]
    first_name = RegistrationForm.base_fields["first_name"]
    last_name = RegistrationForm.base_fields["last_name"]
    email = RegistrationForm.base_fields["email"]
    function = RegistrationForm.base_fields["function"]
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=[("fr", "Français"), ("en", "English")],  # each in its own words
        error_messages={"required": CHOOSE_AGAIN, "invalid_choice": CHOOSE_AGAIN},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, token in _AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = token
        self.fields["email"].widget.attrs |= {"inputmode": "email", "spellcheck": "false"}


class IdentityForm(_WhoForm):
    """Corrects one's data. The category is the team's, who may have to approve it."""

    organisation = RegistrationForm.base_fields["organisation"]
    country = RegistrationForm.base_fields["country"]

    field_order = (*_WHO, "organisation", "country", "language")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "A new address receives a new link at once; the link that you have now stops working."
        )
        self.fields["organisation"].widget.attrs["list"] = "organisations"
        self.fields["country"].choices = [("", "—"), *countries]

    @classmethod
    def for_registration(cls, registration: Registration, data=None) -> "IdentityForm":
        organisation = registration.organisation
        initial = {name: getattr(registration, name) for name in (*_WHO, "language")}
        return cls(
            data,
            initial=initial
            | {
                "organisation": organisation.name if organisation else "",
                "country": registration.country.code,
            },
        )

    def clean_organisation(self) -> str:
        name = self.cleaned_data["organisation"]
        if len(folded(name)) > Organisation._meta.get_field("name_folded").max_length:
            raise forms.ValidationError(_("This name is too long."))
        return name

    def organisations(self) -> list[str]:
        """Suggestions."""
        return list(Organisation.objects.filter(is_checked=True).values_list("name", flat=True))

    def save(self, registration: Registration) -> bool:
        return services.correct(registration, self.cleaned_data)


class PassOnForm(_WhoForm):
    """The colleague who comes instead."""

    field_order = (*_WHO, "language")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in _AUTOCOMPLETE:
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = "off"  # it is somebody else
        texts = {
            "first_name": _("Write your colleague’s first name."),
            "last_name": _("Write your colleague’s last name."),
            "email": _("Write your colleague’s e-mail address."),
        }
        for name, sentence in texts.items():
            self.fields[name].error_messages["required"] = sentence
        self.fields["title"].help_text = ""
        self.fields["email"].help_text = _("The personal link goes there.")

    @classmethod
    def for_registration(cls, registration: Registration, data=None) -> "PassOnForm":
        return cls(data, initial={"language": registration.language})

    def save(self, registration: Registration) -> None:
        services.pass_on(registration, self.cleaned_data)


class QuestionsForm(PageForm):
    """Diet, access, interpretation, and what one agrees to."""

    diet = RegistrationForm.base_fields["diet"]
    access = RegistrationForm.base_fields["access"]
    interpretation = RegistrationForm.base_fields["interpretation"]

    def __init__(self, data=None, *, wordings: dict[str, str], initial: dict) -> None:
        super().__init__(data, initial=initial)
        self.wordings = wordings
        for purpose, wording in wordings.items():
            self.fields[f"consent_{purpose}"] = forms.BooleanField(label=wording, required=False)

    @classmethod
    def for_registration(cls, registration: Registration, data=None) -> "QuestionsForm":
        needs = Needs.objects.filter(registration=registration).values(*_NEEDS).first() or {}
        given = registration.consents.values_list("purpose", flat=True)
        return cls(
            data,
            wordings=consent_wordings(registration.edition),
            initial={**needs, **{f"consent_{purpose}": True for purpose in given}},
        )

    def clean(self) -> None:
        if self._needs_are_given() and not self.cleaned_data.get("consent_needs"):
            self.add_error(
                "consent_needs",
                _("Tick this box so that we may keep your needs, or leave the needs empty."),
            )

    def _needs_are_given(self) -> bool:
        return any(self.cleaned_data.get(name) for name in _NEEDS)

    def save(self, registration: Registration) -> bool:
        data = self.cleaned_data
        given = {
            purpose: wording
            for purpose, wording in self.wordings.items()
            if data[f"consent_{purpose}"]
            and (purpose != Consent.Purpose.NEEDS or self._needs_are_given())
        }
        return services.answer(
            registration,
            needs={name: data[name] for name in _NEEDS},
            consents=given,
            among=self.wordings,
        )

    # --------------------------------------------------------------------------- for templates
    def needs_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _NEEDS]

    def free_consents(self) -> list[forms.BoundField]:
        """All but the one that belongs to the needs."""
        return [
            self[f"consent_{purpose}"]
            for purpose in self.wordings
            if purpose != Consent.Purpose.NEEDS
        ]
