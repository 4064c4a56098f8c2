"""What is to be printed for people to sign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.templatetags.raict import typo
from registrations.documents import signing
from sessions import moves
from sessions.models import Session


class _SessionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, session: Session) -> str:
        place = moves.place_of(session).said(session.edition.venue)
        return " – ".join(filter(None, [place, typo(session.name)]))


class SignInForm(forms.Form):
    """At first everything is ticked: the set of the evening before."""

    sessions = _SessionsField(
        Session.objects.none(),
        label=_("A sheet for each of these sessions"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Whoever holds a seat, and the waiting list apart. Where no seat is booked, the sheet has"
            " blank rows only."
        ),
    )
    by_half_day = forms.BooleanField(
        label=_("A sheet of everybody for each half-day"), required=False
    )
    by_delegation = forms.BooleanField(
        label=_("A sheet for each delegation"),
        required=False,
        help_text=_("The people of one organisation, with a column for each half-day."),
    )
    elected_first = forms.BooleanField(label=_("Elected representatives first"), required=False)
    blank = forms.IntegerField(
        label=_("Blank rows at the end"),
        min_value=0,
        max_value=100,
        help_text=_("For people who come unannounced. A delegation has three at most."),
    )
    format = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", _("one PDF")), ("zip", _("a ZIP with one PDF a sheet"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        programme = (
            edition.sessions.filter(is_published=True)
            .without_texts()
            .select_related("edition__venue", "room__venue")
            .in_order()
        )
        initial = {
            "sessions": [one.pk for one in programme if one.booking != Session.Booking.FREE],
            "by_half_day": True,
            "by_delegation": True,
            "blank": signing.BLANK_ROWS,
            "format": "pdf",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["sessions"].queryset = programme

    def clean(self) -> dict:
        cleaned = super().clean()
        wanted = ("sessions", "by_half_day", "by_delegation")
        if not self.errors and not any(cleaned[name] for name in wanted):
            raise forms.ValidationError(
                _("There is no sheet to print: choose a session, half-days or delegations.")
            )
        return cleaned

    def wanted(self) -> dict:
        """As the job takes it."""
        names = ("by_half_day", "by_delegation", "elected_first", "blank")
        sessions = [session.pk for session in self.cleaned_data["sessions"]]
        return {"sessions": sessions, **{name: self.cleaned_data[name] for name in names}}
