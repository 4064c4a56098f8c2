"""The forms with which the team writes a registration, corrects it, and changes its sessions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.errors import DomainError
from registrations import rules
from registrations.models import Booking, CafePreference, Registration
from sessions.models import Session
from sessions.moves import place_of

# Where the team may still write somebody in.
REGISTRABLE = (Edition.State.PUBLISHED, Edition.State.OPEN, Edition.State.CLOSED)
CAFES = [f"cafe_{rank}" for rank in range(1, CafePreference.MAX_RANK + 1)]
_NO_SESSIONS = Session.objects.none()


class SessionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, session: Session) -> str:
        return _label(session)


class CafeField(forms.ModelChoiceField):
    # Of one edition, the names are enough; and long ones have room.
    of_one_edition = False

    def label_from_instance(self, session: Session) -> str:
        return session.name if self.of_one_edition else _label(session)


def _label(session: Session) -> str:
    left = session.seats_left if session.booking == Session.Booking.SEAT else None
    places = "" if left is None else _("places left: %(count)d") % {"count": left}
    when = place_of(session).when
    return " – ".join(part for part in (str(session.edition), when, session.name, places) if part)


def _bookable(booking: str):
    return (
        Session.objects.public()
        .filter(booking=booking, edition__state__in=REGISTRABLE)
        .select_related("edition")
        .order_by("-edition__is_current", "-edition__number", "day", "start", "position", "pk")
    )


class CafesMixin(forms.Form):
    """Five wishes, each once; ranks that were skipped close up."""

    cafe_1 = CafeField(_NO_SESSIONS, label=_("First café wish"), required=False)
    cafe_2 = CafeField(_NO_SESSIONS, label=_("Second café wish"), required=False)
    cafe_3 = CafeField(_NO_SESSIONS, label=_("Third café wish"), required=False)
    cafe_4 = CafeField(_NO_SESSIONS, label=_("Fourth café wish"), required=False)
    cafe_5 = CafeField(_NO_SESSIONS, label=_("Fifth café wish"), required=False)

    def clean_cafes(self, cleaned: dict) -> None:
        cafes = [cleaned[name] for name in CAFES if cleaned.get(name)]
        if len(set(cafes)) < len(cafes):
            self.add_error("cafe_1", _("Each café can be wished for once only."))
        cleaned["cafes"] = cafes


class RegistrationForm(forms.ModelForm):
    """Changing: who somebody is. The state and the seats have actions and services of their own."""

    # What the services refused when this form was sent, to be said beside its field.
    refusal: DomainError | None = None

    def clean(self) -> dict:
        """One registration for an e-mail and an edition; one that was refused can be opened again."""
        cleaned = super().clean()
        edition = cleaned.get("edition") or getattr(self.instance, "edition", None)
        email = cleaned.get("email")
        if edition and email and self.instance.is_live:
            same = edition.registrations.standing().of_email(email).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("email", _("This e-mail is registered already for this edition."))
        if self.refusal and not self.errors:
            field = self.refusal.field
            self.add_error(field if field in self.fields else None, self.refusal.message)
        return cleaned

    def person(self) -> dict:
        """The columns of the registration that the form writes, as services.correct takes them."""
        names = [field.name for field in Registration._meta.fields if field.name in self.fields]
        return {name: self.cleaned_data[name] for name in names if name != "edition"}


class NewRegistrationForm(RegistrationForm, CafesMixin):
    """Adding: the team may do so before the opening and after the closing, never beyond the seats."""

    sessions = SessionsField(
        _NO_SESSIONS,
        label=_("Sessions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the edition chosen above; two sessions at the same time are refused."),
    )
    lists = SessionsField(
        _NO_SESSIONS,
        label=_("Waiting lists"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of sessions that are full."),
    )
    notify = forms.BooleanField(
        label=_("Send the confirmation by mail, with the badge"), required=False, initial=True
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = Edition.objects.filter(state__in=REGISTRABLE)
        bookable = _bookable(Session.Booking.SEAT)
        full = [session.pk for session in bookable if session.is_full]
        self.fields["sessions"].queryset = bookable
        self.fields["lists"].queryset = bookable.filter(pk__in=full)
        if not full:
            self.fields["lists"].help_text = _("No session is full.")
        for name in CAFES:
            self.fields[name].queryset = _bookable(Session.Booking.RANKED)

    def clean(self) -> dict:
        """The refusals of the seats, beside their field, before anything is written."""
        cleaned = super().clean()
        edition, sessions = cleaned.get("edition"), list(cleaned.get("sessions") or [])
        lists = list(cleaned.get("lists") or [])
        if edition:
            try:
                rules.refuse_unbookable(edition, [*sessions, *lists], cleaned.get("organisation"))
                rules.refuse_overlaps(sessions, edition.walking)
                if edition.places_left != 0:
                    rules.refuse_full(sessions)
            except DomainError as refusal:
                self.add_error(refusal.field or "edition", refusal.message)
        if set(sessions) & set(lists):
            self.add_error("lists", _("A seat or the waiting list: choose one of them."))
        self.clean_cafes(cleaned)
        if edition and any(cafe.edition_id != edition.pk for cafe in cleaned["cafes"]):
            self.add_error("cafe_1", _("This café belongs to another edition."))
        return cleaned

    def person(self) -> dict:
        """As services.register takes it: the language goes beside the person."""
        return {name: value for name, value in super().person().items() if name != "language"}


class SessionsForm(CafesMixin):
    """Somebody's seats, waiting lists and wishes, of the sessions that can still be booked.

    What the person holds elsewhere (a session withdrawn or begun, an invitation) is left alone.
    """

    sessions = forms.ModelMultipleChoiceField(_NO_SESSIONS, required=False)
    lists = forms.ModelMultipleChoiceField(_NO_SESSIONS, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, registration: Registration) -> None:
        self.registration = registration
        bookings = registration.bookings.standing().with_rank()
        self.bookings = {booking.session_id: booking for booking in bookings}
        programme = registration.edition.sessions.public().select_related("edition", "room")
        programme = [one for one in programme.in_order() if not one.has_begun]
        self.programme = [one for one in programme if one.booking == one.Booking.SEAT]
        super().__init__(data, initial=self._standing())
        keys = [session.pk for session in self.programme]
        for name in ("sessions", "lists"):
            self.fields[name].queryset = Session.objects.filter(pk__in=keys)
        cafes = [one.pk for one in programme if one.booking == one.Booking.RANKED]
        for name in CAFES:
            self.fields[name].of_one_edition = True
            self.fields[name].queryset = Session.objects.filter(pk__in=cafes)

    def _standing(self) -> dict:
        states = (Booking.State.CONFIRMED, Booking.State.ASKED)
        wishes = zip(CAFES, self.registration.cafe_wishes(), strict=False)
        return {
            "revision": self.registration.revision,
            "sessions": [pk for pk, one in self.bookings.items() if one.state in states],
            "lists": [
                pk for pk, one in self.bookings.items() if one.state == Booking.State.WAITING
            ],
            **{name: wish.session_id for name, wish in wishes},
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        if set(cleaned.get("sessions") or ()) & set(cleaned.get("lists") or ()):
            self.add_error("lists", _("A seat or the waiting list: choose one of them."))
        self.clean_cafes(cleaned)
        return cleaned

    @property
    def among(self) -> set[int]:
        return {session.pk for session in self.programme}

    def rows(self) -> list[dict]:
        """For the table: each session, what stands, what is ticked."""
        ticked = {name: {str(key) for key in self[name].value() or ()} for name in self._LISTS}
        return [
            {
                "session": session,
                "booking": self.bookings.get(session.pk),
                "has_seat": str(session.pk) in ticked["sessions"],
                "has_line": str(session.pk) in ticked["lists"],
            }
            for session in self.programme
        ]

    _LISTS = ("sessions", "lists")

    def cafes(self) -> list[forms.BoundField]:
        return [self[name] for name in CAFES] if self.fields[CAFES[0]].queryset else []


class PassOnForm(forms.ModelForm):
    """The colleague who has the place from now on."""

    class Meta:
        model = Registration
        fields = [
            *("civility", "title", "first_name", "last_name", "email", "function", "language"),
        ]
