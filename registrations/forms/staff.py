"""The forms with which the team writes a registration."""

from django import forms
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.errors import DomainError
from registrations import rules
from registrations.models import CafePreference, Registration
from sessions.models import Session

# Where the team may still write somebody in.
REGISTRABLE = (Edition.State.PUBLISHED, Edition.State.OPEN, Edition.State.CLOSED)


class SessionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, session: Session) -> str:
        return _label(session)


class CafeField(forms.ModelChoiceField):
    def label_from_instance(self, session: Session) -> str:
        return _label(session)


def _label(session: Session) -> str:
    left = session.seats_left if session.booking == Session.Booking.SEAT else None
    places = "" if left is None else _("places left: %(count)d") % {"count": left}
    day = date_format(session.day, "D d/m") if session.day else ""
    moment = f"{day} {time_format(session.start) if session.start else ''}".strip()
    return " – ".join(part for part in (str(session.edition), moment, session.name, places) if part)


def _bookable(booking: str):
    return (
        Session.objects.public()
        .filter(booking=booking, edition__state__in=REGISTRABLE)
        .select_related("edition")
        .order_by("-edition__is_current", "-edition__number", "day", "start", "position", "pk")
    )


class RegistrationForm(forms.ModelForm):
    """Changing: who somebody is. The state and the seats have actions and services of their own."""

    def clean(self) -> dict:
        """One live registration for an e-mail and an edition."""
        cleaned = super().clean()
        edition = cleaned.get("edition") or getattr(self.instance, "edition", None)
        email = cleaned.get("email")
        if edition and email and self.instance.is_live:
            same = edition.registrations.live().of_email(email).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("email", _("This e-mail is registered already for this edition."))
        return cleaned


class NewRegistrationForm(RegistrationForm):
    """Adding: the team may do so before the opening and after the closing, never beyond the seats."""

    sessions = SessionsField(
        Session.objects.none(),
        label=_("Sessions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the edition chosen above; two sessions at the same time are refused."),
    )
    notify = forms.BooleanField(
        label=_("Send the confirmation by mail, with the badge"), required=False, initial=True
    )
    cafe_1 = CafeField(Session.objects.none(), label=_("First café wish"), required=False)
    cafe_2 = CafeField(Session.objects.none(), label=_("Second café wish"), required=False)
    cafe_3 = CafeField(Session.objects.none(), label=_("Third café wish"), required=False)
    cafe_4 = CafeField(Session.objects.none(), label=_("Fourth café wish"), required=False)
    cafe_5 = CafeField(Session.objects.none(), label=_("Fifth café wish"), required=False)
    CAFES = [f"cafe_{rank}" for rank in range(1, CafePreference.MAX_RANK + 1)]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = Edition.objects.filter(state__in=REGISTRABLE)
        self.fields["sessions"].queryset = _bookable(Session.Booking.SEAT)
        for name in self.CAFES:
            self.fields[name].queryset = _bookable(Session.Booking.RANKED)

    def clean(self) -> dict:
        """The refusals of the seats, beside their field, before anything is written."""
        cleaned = super().clean()
        edition, sessions = cleaned.get("edition"), list(cleaned.get("sessions") or [])
        if edition:
            try:
                rules.refuse_unbookable(edition, sessions, cleaned.get("organisation"))
                rules.refuse_overlaps(sessions, edition.walking)
                rules.refuse_full(sessions)
            except DomainError as refusal:
                self.add_error(refusal.field or "edition", refusal.message)
        cafes = [cleaned[name] for name in self.CAFES if cleaned.get(name)]
        if len(set(cafes)) < len(cafes):
            self.add_error("cafe_1", _("Each café can be wished for once only."))
        if edition and any(cafe.edition_id != edition.pk for cafe in cafes):
            self.add_error("cafe_1", _("This café belongs to another edition."))
        cleaned["cafes"] = cafes
        return cleaned

    def person(self) -> dict:
        """The columns of the registration, as services.register takes them."""
        names = [
            field.name for field in Registration._meta.fields if field.name in self.Meta.fields
        ]
        return {
            name: self.cleaned_data[name] for name in names if name not in ("edition", "language")
        }
