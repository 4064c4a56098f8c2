"""What surrounds the text: translation, contact, quotes, date, length."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import PressRelease
from events.press.checking.finding import Finding
from raict.fonts import is_unprintable


def findings(release: PressRelease) -> Iterator[Finding]:
    yield from _languages(release)
    yield from _contact(release)
    yield from _quotes(release)
    yield from _date(release)
    yield from _signs(release)


def _signs(release: PressRelease) -> Iterator[Finding]:
    """Signs that no face of ours has (emoji, mostly): they would be empty boxes on paper."""
    for language in release.languages:
        for name in PressRelease.TEXTS:
            text = getattr(release, f"{name}_{language}")
            missing = "".join(dict.fromkeys(sign for sign in text if is_unprintable(sign)))
            if missing:
                yield Finding(
                    _("The PDF cannot print « %(signs)s ».") % {"signs": missing},
                    language=language,
                    field=name,
                    excerpt=missing,
                )


def _languages(release: PressRelease) -> Iterator[Finding]:
    for language in release.languages:
        missing = [
            str(PressRelease._meta.get_field(f"{name}_{language}").verbose_name)
            for name in _expected(release, language)
            if not getattr(release, f"{name}_{language}").strip()
        ]
        if not missing:
            continue
        is_whole = language != "fr" and "fr" in release.languages
        sentence = (
            _("The translation is missing: %(texts)s. Without it the release is in French only.")
            if is_whole
            else _("Not written yet: %(texts)s.")
        )
        yield Finding(
            sentence % {"texts": ", ".join(missing)},
            is_blocking=not is_whole and not release.is_written_in(language),
            language=language,
        )


def _expected(release: PressRelease, language: str) -> list[str]:
    """What cannot be left out, and what the other language has."""
    other = "fr" if language == "en" else "en"
    return [
        name
        for name in PressRelease.TEXTS
        if name in PressRelease.COMPULSORY
        or (other in release.languages and getattr(release, f"{name}_{other}").strip())
    ]


def _contact(release: PressRelease) -> Iterator[Finding]:
    own = list(release.contacts.all()) if release.pk else []
    edition = release.edition
    if not own and not (edition.press_contact_name and edition.press_contact_email):
        yield Finding(
            _("No press contact: name one here, or with name and address in the edition.")
        )
    for contact in own:
        if not (contact.email or contact.telephone):
            yield Finding(
                _("%(name)s cannot be reached: neither e-mail nor telephone is given.")
                % {"name": contact.name}
            )


def _quotes(release: PressRelease) -> Iterator[Finding]:
    for quote in release.quotes.all() if release.pk else ():
        if quote.approved_on is None:
            yield Finding(
                _("%(person)s has not approved the quote %(number)d yet.")
                % {"person": quote.person, "number": quote.position}
            )
        elif quote.approved_on > timezone.localdate():
            yield Finding(
                _("The quote %(number)d is said to be approved on a day to come.")
                % {"number": quote.position},
                is_blocking=True,
            )


def _date(release: PressRelease) -> Iterator[Finding]:
    edition, kinds = release.edition, PressRelease.Kind
    last = edition.ends_on or edition.starts_on
    if release.kind == kinds.REPORT and last and release.issued_on < edition.starts_on:
        yield Finding(_("A report is dated after the event, this one before it begins."))
    if release.kind == kinds.ANNOUNCEMENT and last and release.issued_on > last:
        yield Finding(_("An announcement is dated before the event, this one after its end."))
