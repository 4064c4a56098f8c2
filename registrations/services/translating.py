"""A text in its other language, written by somebody of the team."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from events.models import Edition, PressRelease, Quote, ReleaseContact
from events.press import publishing
from raict.errors import DomainError
from registrations.translations import Text, text_of


class WrittenMeanwhile(DomainError):  # noqa: N818 -- a refusal in the words of the event, not a failure
    """Somebody else has filled the text; `theirs` is what they wrote."""

    def __init__(self, theirs: str) -> None:
        super().__init__(_("Somebody has written this text meanwhile: yours was not saved."))
        self.theirs = theirs


@transaction.atomic
def translate(edition: Edition, key: str, words: str, *, user) -> Text:
    """Write the text of that key (Text.key) where nothing stands; the same words again are no news.

    WrittenMeanwhile when other words stand there, DomainError with the model's own sentences when it
    refuses. The admin's history tells of it; that of a press release too, which must still be a draft.
    """
    text = text_of(edition, key)
    if text is None:
        raise DomainError(_("This text is not there any more, or may not be changed now."))
    words = _checked(text, words)
    row = _locked(text.row)
    standing = getattr(row, text.column)
    if standing == words:
        return text
    if standing:
        raise WrittenMeanwhile(standing)
    release = _release_of(row)
    before = publishing.texts_of(release) if release else {}
    setattr(row, text.column, words)
    _validate(row, text.column)
    row.save(update_fields=[text.column])
    if release:
        fresh = PressRelease.objects.get(pk=release.pk)
        publishing.note_edit(fresh, before, user=user)
    changed = [{"changed": {"fields": [str(text.field.verbose_name)]}}]
    LogEntry.objects.log_actions(user.pk, [row], CHANGE, changed, single_object=True)
    return text


def _locked(row: models.Model) -> models.Model:
    return type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)


def _release_of(row: models.Model) -> PressRelease | None:
    """The release that the row is, or is a part of, locked: published words are never touched."""
    if not isinstance(row, PressRelease | Quote | ReleaseContact):
        return None
    release = row if isinstance(row, PressRelease) else _locked(row.release)
    if release.state != PressRelease.State.DRAFT:
        raise DomainError(_("This text is not there any more, or may not be changed now."))
    return release


def _checked(text: Text, words: str) -> str:
    """As the form of the admin takes it: its length, one line where it is one, no NUL."""
    if not text.is_long:
        words = " ".join(words.split())
    try:
        return text.field.formfield().clean(words)
    except ValidationError as refusal:
        raise DomainError(" ".join(refusal.messages), field=text.column) from None


def _validate(row: models.Model, column: str) -> None:
    try:
        row.full_clean()
    except ValidationError as refusal:
        by_field = refusal.message_dict
        own = by_field.pop(column, [])
        others = [
            f"{row._meta.get_field(name).verbose_name} – {sentence}"
            if name != "__all__"
            else sentence
            for name, sentences in by_field.items()
            for sentence in sentences
        ]
        raise DomainError(" ".join([*own, *others]), field=column) from None
