"""What a letter is made of: the placeholders that many share, and its words in paragraphs."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict.countries import country_title
from raict.mail.wording import Letter, Placeholder, Words
from raict.typography import capitalised


def _of_person(read: Callable) -> Callable[[Mapping], object]:
    """Of the registration, or of the request for accreditation where there is none."""
    return lambda context: read(context.get("registration") or context["accreditation"])


def _venue(context: Mapping) -> str:
    venue = context["edition"].venue
    if venue is None:
        return ""
    city = " ".join(part for part in (venue.postcode, venue.city) if part)
    return ", ".join(part for part in (venue.name, venue.address, city) if part)


def _edition(context: Mapping) -> str:
    edition = context["edition"]
    return f"{edition.short_name}, {edition.title}"


PERSON = (
    Placeholder(
        *("nom_complet", "full_name", gettext_lazy("first name and name")),
        _of_person(lambda person: person.full_name),
    ),
    Placeholder(
        *("prenom", "first_name", gettext_lazy("first name")),
        _of_person(lambda person: person.first_name),
    ),
    Placeholder(
        *("nom", "last_name", gettext_lazy("last name")),
        _of_person(lambda person: person.last_name),
    ),
    Placeholder(
        *("civilite", "civility", gettext_lazy("civility")),
        _of_person(lambda person: person.get_civility_display()),
    ),
)
EDITION = (
    Placeholder("edition", "edition", gettext_lazy("edition"), _edition),
    Placeholder(
        *("nom_court", "short_name", gettext_lazy("short name of the edition")),
        lambda context: context["edition"].short_name,
    ),
    Placeholder(
        *("dates", "dates", gettext_lazy("dates of the edition")),
        lambda context: capitalised(context["edition"].dates_with_weekdays),
    ),
    Placeholder("lieu", "venue", gettext_lazy("venue with its address"), _venue),
    Placeholder(
        *("organisateur", "organiser", gettext_lazy("organiser")),
        lambda context: context["edition"].organiser,
    ),
)
_DETAILS = (
    Placeholder(
        *("fonction", "function", gettext_lazy("function")),
        lambda context: context["registration"].function,
    ),
    Placeholder(
        *("structure", "organisation", gettext_lazy("organisation")),
        lambda context: context["registration"].organisation,
    ),
    Placeholder(
        *("categorie", "category", gettext_lazy("category")),
        lambda context: context["registration"].category.name,
    ),
    Placeholder(
        *("pays", "country", gettext_lazy("country")),
        lambda context: country_title(context["registration"].country.code),
    ),
    Placeholder(
        *("reference", "reference", gettext_lazy("reference of the registration")),
        lambda context: context["registration"].reference,
    ),
)
LINK = Placeholder(
    *("lien_personnel", "personal_link", gettext_lazy("button to the personal page")),
    block="personal_link",
)
REGISTRATION = Placeholder(
    *("inscription", "registration", gettext_lazy("offers, sessions, waiting lists and wishes")),
    block="registration",
)
# What any letter to somebody who is registered may hold.
COMMON = (*PERSON, *_DETAILS, *EDITION)
WITH_PAGE = (
    *COMMON,
    LINK,
    Placeholder(
        *("adresse_page", "page_address", gettext_lazy("address of the personal page")),
        lambda context: context["personal_url"],
        is_address=True,
    ),
)
WITH_SEATS = (*WITH_PAGE, REGISTRATION)


def letter(
    name: str,
    title,
    subject: Callable[[], str],
    paragraphs: Callable[[], list[str]],
    placeholders: tuple[Placeholder, ...],
    *,
    heading: Callable[[], str] | None = None,
    **options,
) -> Letter:
    """Its words: a greeting, then paragraphs; the heading is the subject without the edition."""

    def words() -> Words:
        greeting = _("Dear %(name)s,") % {"name": "{{ nom_complet }}"}
        if heading:
            said, above = subject(), heading()
        else:
            said, above = f"{subject()} – {{{{ edition }}}}", subject()
        return Words(said, above, "\n\n".join([greeting, *paragraphs()]))

    return Letter(name, title, words, placeholders, **options)


SEATS = "{{ inscription }}"
PAGE = "{{ lien_personnel }}"
