"""The team's own words for a letter of an edition."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Edition
from raict.mail.wording import HEADING_LENGTH, SUBJECT_LENGTH, Letter, Words
from registrations.models.registration import Registration


class WordingQuerySet(models.QuerySet):
    def words(self, edition: Edition, letter: Letter, language: str) -> Words:
        """The team's words for this letter, else the shipped ones. One query."""
        own = self.filter(edition=edition, letter=letter.name, language=language).order_by()
        for columns in own.values_list(*Words._fields):
            return Words(*columns)
        return letter.shipped(language)


class Wording(models.Model):
    """Stands in the place of the shipped words of one letter (registrations/letters.py)."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("edition")
    )  # a part of the edition
    letter = models.SlugField(_("letter"), max_length=60)
    language = models.CharField(
        _("language"), max_length=2, choices=Registration.Language, default="fr"
    )
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    heading = models.CharField(_("title above the text"), max_length=HEADING_LENGTH, blank=True)
    text = models.TextField(_("text"))
    # The shipped words when these were written: so that the team learns when the site's change.
    shipped = models.JSONField(default=list, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of the team"),
    )
    changed_at = models.DateTimeField(_("changed on"), auto_now=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "letter", "language"]
        verbose_name = _("letter’s own words")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "letter", "language"], name="wording_once_a_letter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} ({self.language}) – {self.edition}"

    @property
    def words(self) -> Words:
        return Words(self.subject, self.heading, self.text)
