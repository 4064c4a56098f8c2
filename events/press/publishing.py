"""The life of a release: draft → checked → published, withdrawn or corrected.

The only writer of its state, its moments, its publications and its history. What is published is
frozen: text, figures and PDF. When the data change afterwards, drift.py says what is no longer so,
and a correction, a release of its own, says it to the press.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import (
    PressRelease,
    Publication,
    Quote,
    ReleaseContact,
    Revision,
    SignOff,
)
from events.press.checking import findings, refuse_unready, unsigned
from events.press.documents import release_pdf
from events.press.kits import retract
from events.press.text import placeholders_of, printed, quotes_of, values
from events.press.writing import languages_of, write
from raict import kept
from raict.errors import DomainError
from raict.typography import moment

logger = logging.getLogger(__name__)
_State, _Action = PressRelease.State, Revision.Action


# ------------------------------------------------------------------------------------- check
@transaction.atomic
def sign(release: PressRelease, reasons: Mapping[str, str], *, user=None) -> int:
    """Answer for warnings: `reasons` maps their fingerprints to a reason each. How many were signed."""
    found = {one.fingerprint: one for one in unsigned(release, findings(release))}
    signed = [
        SignOff(
            release=release,
            finding=fingerprint,
            sentence=found[fingerprint].sentence,
            reason=reason.strip()[:300],
            user=user,
        )
        for fingerprint, reason in reasons.items()
        if fingerprint in found and reason.strip()
    ]
    SignOff.objects.bulk_create(signed, ignore_conflicts=True)
    if signed:
        said = "\n".join(f"{one.sentence} → {one.reason}" for one in signed)
        note(release, _Action.SIGNED, user, said)
    return len(signed)


@transaction.atomic
def check(release: PressRelease, *, user=None) -> None:
    """Draft → checked. DomainError while something blocks, or a warning is not signed off."""
    row = _locked(release)
    if row.state == _State.CHECKED:
        return
    if row.state != _State.DRAFT:
        raise DomainError(_("Only a draft is checked."))
    refuse_unready(row)
    row.state = _State.CHECKED
    _save(row)
    note(row, _Action.CHECKED, user)


# ------------------------------------------------------------------------------- publication
def publish(release: PressRelease, *, user=None) -> None:
    """Freeze the release in each of its languages and show it, or its embargo, to the world.

    DomainError unless it is checked and still passes: the data may have moved since.
    """
    refuse_unready(release)
    freeze(release, user=user, expected=(_State.CHECKED,))


def freeze(
    release: PressRelease,
    *,
    user=None,
    at: dt.datetime | None = None,
    expected: Iterable[str] = (_State.DRAFT, _State.CHECKED, _State.PUBLISHED),
) -> None:
    """Publish as it is, unchecked: for what was published elsewhere before this site knew of it.

    The PDFs are printed before the row is locked; should the text change meanwhile, once more.
    """
    for _attempt in range(3):
        release.refresh_from_db()
        frozen = _frozen(release)
        with transaction.atomic():
            row = _locked(release)
            if row.state not in expected:
                raise DomainError(_("Somebody has changed this press release meanwhile."))
            if _stamp(_frozen(row, with_pdf=False)) != _stamp(frozen):
                continue
            _publish(row, frozen, user, at or timezone.now())
        release.refresh_from_db()
        return
    raise DomainError(_("The data change faster than the document is made. Please try again."))


def _locked(release: PressRelease) -> PressRelease:
    return (
        PressRelease.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition__venue", "corrects")
        .get(pk=release.pk)
    )


def _frozen(release: PressRelease, *, with_pdf: bool = True) -> list[Publication]:
    """The publications to be, one a language."""
    found = []
    for language in languages_of(release):
        written = write(release, language)
        with override(language):
            known = values(release.edition) | quotes_of(release)
            said = {one.raw: printed(one, known) for one in placeholders_of(release, language)}
            figures = {
                name.removeprefix("figure."): {
                    "label": one.label,
                    "value": str(one.value.normalize()),
                    "phrase": one.phrase,
                    "definition": one.definition,
                    "source": one.source,
                }
                for name, one in known.items()
                if name.startswith("figure.")
            }
        pdf = release_pdf(written) if with_pdf else b""
        found.append(
            Publication(
                language=language,
                content=written.to_json(),
                values=said,
                figures=figures,
                pdf=pdf,
                pdf_key=hashlib.sha256(pdf).hexdigest(),
            )
        )
    if not found:
        raise DomainError(_("Nothing is written yet: headline, lead and text are needed."))
    return found


def _stamp(frozen: list[Publication]) -> list:
    return [(one.language, one.content, one.values, one.figures) for one in frozen]


def _publish(release: PressRelease, frozen: list[Publication], user, at: dt.datetime) -> None:
    release.version += 1
    release.state, release.publish_at = _State.PUBLISHED, None
    release.published_at, release.withdrawn_at = at, None
    for publication in frozen:
        publication.release, publication.version = release, release.version
        publication.published_at = at
    _save(release, "version", "published_at", "withdrawn_at")
    Publication.objects.bulk_create(frozen)
    note(release, _Action.PUBLISHED, user)
    _renew_files(release)


def _save(release: PressRelease, *names: str) -> None:
    release.save(update_fields=["state", "publish_at", *names])


def freeze_missing() -> int:
    """Freeze the releases that an earlier version of the site published without; how many."""
    found = PressRelease.objects.filter(state=_State.PUBLISHED, publications=None)
    for release in found:
        freeze(release, at=release.published_at, expected=(_State.PUBLISHED,))
    return len(found)


def _renew_files(release: PressRelease) -> None:
    """Files that are kept, and the press kit, hold another state: nobody gets them any more."""
    retract(release.edition_id)
    transaction.on_commit(kept.renew, robust=True)


# -------------------------------------------------------------------------- before and after
@transaction.atomic
def schedule(release: PressRelease, at: dt.datetime, *, user=None) -> None:
    """Have the clock publish it at that moment."""
    row = _locked(release)
    if row.state != _State.CHECKED:
        raise DomainError(_("Only a checked press release can be scheduled."))
    if at <= timezone.now():
        raise DomainError(_("This moment has passed."), field="publish_at")
    row.publish_at = at
    _save(row)
    note(row, _Action.SCHEDULED, user, moment(at))


@transaction.atomic
def unschedule(release: PressRelease, *, user=None) -> None:
    row = _locked(release)
    if row.publish_at is None:
        raise DomainError(_("This press release is not scheduled."))
    row.publish_at = None
    _save(row)
    note(row, _Action.UNSCHEDULED, user)


def publish_due() -> int:
    """Publish what is scheduled and due; what no longer passes its check waits for the team."""
    done = 0
    for release in PressRelease.objects.scheduled().filter(publish_at__lte=timezone.now()):
        try:
            publish(release)
            done += 1
        except DomainError as refusal:
            with transaction.atomic():
                row = _locked(release)
                if row.publish_at is None:
                    continue  # another worker has seen to it
                row.state, row.publish_at = _State.DRAFT, None
                _save(row)
                note(row, _Action.REFUSED, None, str(refusal.message))
            logger.warning("%s was not published: %s", release.slug, refusal.message)
    return done


@transaction.atomic
def lift_embargo(release: PressRelease, *, user=None) -> None:
    """Let everybody read it now, before the moment that was set."""
    row = _locked(release)
    if row.state != _State.PUBLISHED or not row.is_under_embargo:
        raise DomainError(_("This press release is not under embargo."))
    row.embargo_until = timezone.now()
    _save(row, "embargo_until")
    note(row, _Action.LIFTED, user)
    _renew_files(row)


@transaction.atomic
def withdraw(release: PressRelease, reasons: Mapping[str, str], *, user=None) -> None:
    """Take it back: its address says since when and why (`reasons`: "fr" and, if wished, "en")."""
    if not reasons.get("fr", "").strip():
        raise DomainError(_("Say why: the reason is shown where the text was."), field="reason_fr")
    row = _locked(release)
    if row.state != _State.PUBLISHED:
        raise DomainError(_("This press release is not published."))
    row.state, row.withdrawn_at = _State.WITHDRAWN, timezone.now()
    row.withdrawal_fr, row.withdrawal_en = reasons["fr"].strip(), reasons.get("en", "").strip()
    _save(row, "withdrawn_at", "withdrawal_fr", "withdrawal_en")
    note(row, _Action.WITHDRAWN, user, row.withdrawal_fr)
    _renew_files(row)


@transaction.atomic
def reopen(release: PressRelease, *, user=None) -> None:
    """A withdrawn release becomes a draft again; what was published stays in the record."""
    row = _locked(release)
    if row.state != _State.WITHDRAWN:
        raise DomainError(_("Only a withdrawn press release can be taken up again."))
    row.state, row.withdrawn_at = _State.DRAFT, None
    _save(row, "withdrawn_at")
    note(row, _Action.REOPENED, user)


@transaction.atomic
def correct(release: PressRelease, *, user=None) -> PressRelease:
    """The correction that is begun, else a new one: a draft with the same words, linked to this one.

    Words that are under embargo stay under it.
    """
    row = _locked(release)
    if row.state != _State.PUBLISHED:
        raise DomainError(_("Only a published press release can be corrected."))
    if begun := row.corrections.filter(state__in=(_State.DRAFT, _State.CHECKED)).first():
        return begun
    parts = {
        name: getattr(row, name)
        for text in ("place", *PressRelease.TEXTS)
        for name in (f"{text}_fr", f"{text}_en")
    }
    draft = PressRelease(
        edition=row.edition,
        kind=PressRelease.Kind.CORRECTION,
        language=row.language,
        issued_on=timezone.localdate(),
        corrects=row,
        embargo_until=row.embargo_until if row.is_under_embargo else None,
        slug=_free_slug(row.slug),
        **parts,
    )
    for language in ("fr", "en"):
        if headline := getattr(row, f"headline_{language}"):
            with override(language):
                said = _("Correction: %(headline)s") % {"headline": headline}
            if row.kind != PressRelease.Kind.CORRECTION:
                setattr(draft, f"headline_{language}", said[:400])
    draft.save()
    for part in (*row.quotes.all(), *row.contacts.all()):
        part.pk, part.release = None, draft
        part.save(force_insert=True)
    note(row, _Action.CORRECTED, user, draft.slug)
    note(draft, _Action.WRITTEN, user)
    return draft


def _free_slug(slug: str) -> str:
    word, number = slugify(_("correction")), 1
    base = f"{slug[:64]}-{word}"
    found = base
    while PressRelease.objects.filter(slug=found).exists():
        number += 1
        found = f"{base}-{number}"
    return found


# ----------------------------------------------------------------------------------- history
def note(release: PressRelease, action: str, user=None, text: str = "", changes=()) -> Revision:
    """One line of the release's history."""
    return Revision.objects.create(
        release=release, action=action, user=user, note=text, changes=list(changes)
    )


def last_writing(release: PressRelease) -> int:
    """The last line of its history that says that it was written; 0 before there is one."""
    written = release.revisions.filter(action=_Action.WRITTEN)
    return written.aggregate(last=Max("pk"))["last"] or 0


def texts_of(release: PressRelease) -> dict[str, str]:
    """Everything that the team writes in a release, by what it is called: for the history."""
    names = ["edition", "kind", "language", "slug", "issued_on", "embargo_until"]
    names += [f"{text}_{one}" for text in ("place", *PressRelease.TEXTS) for one in ("fr", "en")]
    found = {}
    for name in names:
        label = str(PressRelease._meta.get_field(name).verbose_name)
        found[label] = str(getattr(release, name) or "")
    for model, related in ((Quote, release.quotes), (ReleaseContact, release.contacts)):
        for number, row in enumerate(related.all(), start=1):
            columns = [f for f in model._meta.concrete_fields if f.name not in ("id", "release")]
            said = [str(getattr(row, column.name) or "") for column in columns]
            found[f"{model._meta.verbose_name} {number}"] = " · ".join(filter(None, said))
    return found


def note_edit(release: PressRelease, before: Mapping[str, str], *, user=None) -> None:
    """What somebody wrote: every text that differs. A checked release is a draft again."""
    after = texts_of(release)
    changes = [
        [name, before.get(name, ""), after.get(name, "")]
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    ]
    if not changes:
        return
    if release.state == _State.CHECKED:
        release.state, release.publish_at = _State.DRAFT, None
        _save(release)
    note(release, _Action.WRITTEN, user, changes=changes)
