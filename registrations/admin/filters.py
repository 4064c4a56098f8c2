"""How the list of registrations is narrowed down."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registrations.models import Booking, Membership, Note, Organisation
from sessions.models import Session


class ConditionFilter(admin.SimpleListFilter):
    """A few named conditions."""

    CONDITIONS: dict[str, tuple[str, Q]]

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [(key, name) for key, (name, _condition) in self.CONDITIONS.items()]

    def queryset(self, request: HttpRequest, queryset):
        found = self.CONDITIONS.get(self.value())
        return queryset.filter(found[1]) if found else queryset


class BadgeFilter(ConditionFilter):
    """Whose badge is no longer the one that left."""

    title = _("badge")
    parameter_name = "badge"
    CONDITIONS = {
        "changed": (_("changed since it was made"), Q(badge_changed_at__isnull=False)),
        "none": (_("not made yet"), Q(badge_made_at=None)),
    }


class FollowFilter(ConditionFilter):
    title = _("follow-up")
    parameter_name = "followed"
    CONDITIONS = {
        "yes": (_("to be followed up"), Q(is_followed=True)),
        "notes": (_("with notes"), Q(Exists(Note.objects.filter(registration=OuterRef("pk"))))),
    }


class NeedsFilter(ConditionFilter):
    """For those only who may see what the needs are."""

    title = _("needs")
    parameter_name = "needs"
    CONDITIONS = {
        "any": (_("any"), Q(needs__isnull=False)),
        "diet": (_("diet"), Q(needs__diet__gt="")),
        "access": (_("accessibility"), Q(needs__access__gt="")),
        "interpretation": (_("interpretation"), Q(needs__interpretation__gt="")),
    }


class KindFilter(admin.SimpleListFilter):
    """The kinds of organisations that occur, or none at all."""

    title = _("kind of organisation")
    parameter_name = "kind"
    NONE, UNKNOWN = "none", "unknown"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        kinds = Organisation.objects.order_by().values_list("kind", flat=True).distinct()
        occurring = set(kinds)
        return [
            (self.NONE, _("no organisation")),
            (self.UNKNOWN, _("kind not known")),
            *(choice for choice in Organisation.Kind.choices if choice[0] in occurring),
        ]

    def queryset(self, request: HttpRequest, queryset):
        if self.value() == self.NONE:
            return queryset.filter(organisation=None)
        if self.value() == self.UNKNOWN:
            return queryset.filter(organisation__kind="")
        return queryset.filter(organisation__kind=self.value()) if self.value() else queryset


class MemberFilter(admin.SimpleListFilter):
    """Members of the organiser in the edition's year."""

    title = _("member")
    parameter_name = "member"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [("yes", _("member")), ("no", _("not a member"))]

    def queryset(self, request: HttpRequest, queryset):
        member = Exists(
            Membership.objects.filter(
                organisation=OuterRef("organisation"), year=OuterRef("edition__starts_on__year")
            )
        )
        conditions = {"yes": member, "no": ~member}
        return queryset.filter(conditions[self.value()]) if self.value() else queryset


class SessionFilter(admin.SimpleListFilter):
    """Who has something in a session of the edition that is looked at; what, says the next filter."""

    title = _("session")
    parameter_name = "session"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        edition = request.GET.get("edition__id__exact", "")
        chosen = {"edition": edition} if edition.isdecimal() else {"edition__is_current": True}
        sessions = Session.objects.without_texts().filter(**chosen, booking=Session.Booking.SEAT)
        return [(str(session.pk), session.name) for session in sessions.in_order()]

    def queryset(self, request: HttpRequest, queryset):
        if not (self.value() or "").isdecimal():
            return queryset
        bookings = Booking.objects.standing().filter(session=self.value())
        return queryset.filter(Exists(bookings.filter(registration=OuterRef("pk"))))


class SeatFilter(admin.SimpleListFilter):
    """A seat, an offer or a place in line: in the session that is chosen, or in any."""

    title = _("seat")
    parameter_name = "seat"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return [("none", _("no seat at all")), *Booking.State.choices[:-1]]

    def queryset(self, request: HttpRequest, queryset):
        session = request.GET.get(SessionFilter.parameter_name, "")
        bookings = Booking.objects.filter(registration=OuterRef("pk"))
        if session.isdecimal():
            bookings = bookings.filter(session=session)
        if self.value() == "none":
            return queryset.filter(~Exists(bookings.held()))
        return (
            queryset.filter(Exists(bookings.filter(state=self.value())))
            if self.value()
            else queryset
        )
