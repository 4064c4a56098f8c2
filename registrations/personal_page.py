"""What is on somebody's own page; the team sees the same, without its ways on."""

from registrations import services
from registrations.links import personal_key, personal_path
from registrations.models import Registration
from registrations.overview import badge_changed_at, overview, own_history
from registrations.press import press_room

# Where the page leads.
_PAGES = (
    *("badge", "calendar", "data", "send_own_link"),
    *("sessions", "identity", "pass_on", "questions", "cancel"),
)


def page_of(registration: Registration) -> dict:
    """The context of the template, for the person."""
    may_change = services.may_change(registration)
    changes = own_history(registration)
    return {
        "registration": registration,
        "edition": registration.edition,
        "overview": overview(registration),
        "rank": registration.rank(),
        "wishes": registration.cafe_wishes(),
        "press": press_room(registration),
        "needs": getattr(registration, "needs", None),
        "consents": registration.consents.all(),
        "changes": changes,
        "badge_changed_at": badge_changed_at(registration, changes),
        "may_change": may_change,
        "may_answer": may_change and registration.edition.takes_answers,
        "links": {page: personal_path(registration, page) for page in _PAGES},
        "key": personal_key(registration),
        "is_seen_by_team": False,
    }


def page_for_team(registration: Registration, *, with_needs: bool) -> dict:
    """The same for reading: no key, no link behind it, no form; needs for those who may see them."""
    context = page_of(registration)
    return {
        **context,
        "needs": context["needs"] if with_needs else None,
        "may_change": False,
        "may_answer": False,
        "links": {},
        "key": "",
        "is_seen_by_team": True,
    }
