"""A handful of filters, loaded in every template."""

import json
import re
from urllib.parse import urlsplit

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from raict.countries import country_name
from raict.i18n import language_of
from raict.markup import clean_html, mail_html
from raict.typography import capitalised, french

register = template.Library()

_JSON = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}
_JOINED = re.compile(r"(?<=\w)[.@:](?=[\w/])")


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown of the team as clean HTML: lists, headings, links and tables, nothing active."""
    return mark_safe(clean_html(text))


@register.filter
def in_mail(html: str) -> SafeString:
    """Our own clean HTML with its styles on the elements and whole addresses, as mails need them."""
    return mark_safe(mail_html(html))


@register.filter
def hostname(address: str) -> str:
    """https://www.example.org/page → www.example.org."""
    return urlsplit(address).netloc or address


@register.filter
def lang(instance, name: str) -> SafeString:
    """` lang="fr"` where French stands in for a translation that is missing, else nothing.

    `<p{{ session|lang:"title" }}>{{ session.title }}</p>`
    """
    language = language_of(instance, name)
    return mark_safe("" if language == (get_language() or "fr") else f' lang="{language}"')


register.filter("first_capital", capitalised)


@register.filter(is_safe=True)
def typo(text: str) -> str:
    """French spaces and apostrophes on a French page; an English page keeps the text as it is.

    Only « » keep to their words there too: what was not translated is in French.
    """
    if (get_language() or "fr") == "fr":
        return french(str(text))
    return str(text).replace("« ", "«\u202f").replace(" »", "\u202f»")


@register.filter
def json_ld(data: dict) -> SafeString:
    """The data as a block that search engines read and browsers do not run.

    No sign in it can end the block or start a tag, as with Django's json_script, which names
    another type.
    """
    return mark_safe(
        f'<script type="application/ld+json">{json.dumps(data).translate(_JSON)}</script>'
    )


@register.filter
def country(code) -> str:
    """« Côte d’Ivoire », « Palestine »: as a sentence has it, not as an index (« Palestine, État de »)."""
    return country_name(str(code))


@register.filter
def unlinked(text: str) -> str:
    """What somebody typed, for a mail: mail programs make no link of it.

    A zero-width space after the sign that joins an address (« gagner.com », « x@y », « :// »): the
    eye sees no difference, and a copied name is still found by people.
    """
    return _JOINED.sub("\\g<0>\u200b", str(text))
