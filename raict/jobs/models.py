"""A job: what is to be done, by whom it was asked for, and what came of it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from raict.uploads import PrivateFileField


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=Job.UNFINISHED)


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for the worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.WAITING, State.RUNNING)

    # The name in settings.JOBS.
    work = models.SlugField(_("work"), max_length=60)
    # What the team reads: « Annuler 340 inscriptions ».
    title = models.CharField(_("title"), max_length=200)
    # What the function needs: keys of rows and settings, never somebody's data.
    arguments = models.JSONField(default=dict, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # The page to go back to; a path of this site.
    back = models.CharField(max_length=500, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("in all"), default=0)
    # What came of it: sentences, in the language of whoever asked.
    report = models.JSONField(_("report"), default=list, blank=True)
    file = PrivateFileField(_("file"), upload_to="jobs/", blank=True, max_length=200)
    language = models.CharField(max_length=2, default="fr", editable=False)
    # Each attempt has its number, which tells it from one that was given up.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("asked for on"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="job_unfinished",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            # On all workers together, so that mail always finds a free child.
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="running"), name="job_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where its progress is shown."""
        return reverse("admin:jobs_job_progress", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED
