"""Editions, partners, practical information."""

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render

from events.context import current_edition
from events.figures import COMPUTED, figures, tallies_of
from events.models import Edition, Partner, PressRelease
from events.press.reading import Published, readable
from events.press.structured import edition_data
from raict.countries import country_name
from raict.http import public_page
from raict.typography import capitalised, folded


def country_names(codes: list[str]) -> list[str]:
    """Names of countries in the active language, in its alphabetical order."""
    return sorted((capitalised(country_name(code)) for code in codes), key=folded)


# The counted figures that visitors are shown; declared ones are shown all.
_SHOWN = (
    *("registered", "participants", "countries", "speakers"),
    *("plenaries", "geographic_meetings", "thematic_workshops", "cafes", "sessions"),
)


def counted(edition: Edition) -> dict[str, int]:
    """What the figures of an edition are made of."""
    prefetch_related_objects([edition], "partners", "figures")
    return tallies_of([edition])[edition.pk]


def releases_of(edition: Edition) -> list[Published]:
    """The press releases that everybody may read, the latest first."""
    return readable(PressRelease.objects.public().filter(edition=edition))


def shown_figures(edition: Edition, tallies: dict[str, int]) -> list[dict]:
    """Figures that say something, each with those that count a part of it (« dont … »).

    Who registered is counted until who came is known.
    """
    known = figures(edition, tallies)
    left_out = {"registered"} if known["participants"].is_known else set()
    return [
        {"figure": figure, "parts": [known[part] for part in figure.parts]}
        for key, figure in known.items()
        if not figure.part_of
        and figure.is_known
        and (key not in COMPUTED or figure.is_declared or key in _SHOWN)
        and key not in left_out
    ]


def partner_groups(edition: Edition | None) -> list[dict]:
    """Partners by kind, in the order of the kinds and then the team's; empty kinds are left out."""
    partners = list(edition.partners.all()) if edition else []
    groups = [
        {"kind": kind, "partners": [partner for partner in partners if partner.kind == kind]}
        for kind in Partner.Kind
    ]
    return [group for group in groups if group["partners"]]


@public_page
def edition_list(request):
    editions = Edition.objects.public().select_related("venue")
    context = {
        "editions": editions.real(),
        "demonstration": editions.filter(is_demonstration=True).first(),
    }
    return render(request, "events/edition_list.html", context)


@public_page
def edition(request, number):
    shown = get_object_or_404(Edition.objects.public().select_related("venue"), number=number)
    tallies = counted(shown)
    context = {
        "edition": shown,
        "figures": shown_figures(shown, tallies),
        "countries": country_names(shown.countries()),
        "partner_groups": partner_groups(shown),
        "releases": releases_of(shown),
        "structured": edition_data(shown),
        "has_programme": shown.sessions.public().exists(),
    }
    return render(request, "events/edition.html", context)


@public_page
def partner_list(request):
    context = {"groups": partner_groups(current_edition(request))}
    return render(request, "events/partner_list.html", context)


@public_page
def practical(request):
    edition = current_edition(request)
    rooms = edition.venue.rooms.all() if edition and edition.venue else ()
    return render(request, "events/practical.html", {"rooms": rooms})
