"""How a job is begun, run, stopped, and begun anew when its worker was killed.

The row says what is to be done and what came of it. What changes while it runs – how far it is,
whether it lives, whether it is asked to stop – stands in the cache: a job may hold one transaction
from its first row to its last, and nobody would see a row that it writes in there (SQLite would
make everybody else wait besides).
"""

import datetime as dt
import logging
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from raict.errors import DomainError
from raict.jobs.models import Job
from raict.mail import broker

logger = logging.getLogger(__name__)
TASK = "jobs.run"
MAX_ATTEMPTS = 3
# Between two signs of life, so that a job of many small steps does not write at each.
_BREATH = 0.5  # seconds
_LONGEST_REPORT = 500  # sentences


class Stopped(Exception):  # noqa: N818 -- somebody's wish, not a failure
    """The team asked the job to stop. Let it pass: what was done stays, unless in a transaction."""


class TakenOver(Exception):  # noqa: N818 -- same
    """Another run of this job goes on in our place."""


@dataclass(frozen=True)
class Progress:
    done: int
    total: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Run:
    """What the function of a job is given: `def work(run: Run) -> None`.

    It is called from the beginning at each attempt, so what it does must be safe to repeat: what is
    done already is left alone. It reads `arguments` and `user`, and calls

    - `progress(done, total)` often: it shows how far the job is, gives a sign of life, and raises
      Stopped when the team has asked for it;
    - `count(name)` and `say(sentence)` for the report that the team reads;
    - `attach(name, content)` for a file to be downloaded;
    - `settle()` last, inside its own transaction if it has one: the outcome is then written with
      the work or not at all.

    A DomainError ends the job as failed, with its sentence; any other error does so with a word of
    excuse, and goes to the log. It runs in the language of whoever asked.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments = job.arguments
        self.user = job.user
        self._tally: Counter[str] = Counter()
        self._sentences: list[str] = []
        self._shown = Progress(0, 0)
        self._last_breath = 0.0
        self._is_settled = False

    def progress(self, done: int, total: int) -> None:
        self._shown = Progress(done, total)
        now = time.monotonic()
        if now - self._last_breath < _BREATH:
            return
        self._last_breath = now
        cache.set(_key(self.job, "progress"), (done, total), timeout=settings.JOB_SILENCE)
        if cache.get(_key(self.job, "stop")):
            raise Stopped

    def count(self, name: str, number: int = 1) -> None:
        """For the report: « Confirmées : 312. »"""
        self._tally[name] += number

    def say(self, sentence: str) -> None:
        self._sentences.append(str(sentence))

    def attach(self, name: str, content: bytes) -> None:
        """The whole file at once: nobody ever reads half of one."""
        self.job.file.save(name, ContentFile(content), save=False)

    def settle(self) -> None:
        """Write that it is done. TakenOver when another run goes on in our place: roll back."""
        if not self._end(Job.State.DONE):
            raise TakenOver
        self._is_settled = True

    def _end(self, state: str, *sentences: str) -> bool:
        """The outcome, if the job still is ours."""
        total = self._shown.total
        report = [
            *sentences,
            *(
                _("%(what)s: %(count)d.") % {"what": what, "count": count}
                for what, count in self._tally.items()
            ),
            *self._sentences[:_LONGEST_REPORT],
        ]
        if (left := len(self._sentences) - _LONGEST_REPORT) > 0:
            report.append(_("… and %(count)d more.") % {"count": left})
        ours = Job.objects.filter(
            pk=self.job.pk, state=Job.State.RUNNING, attempts=self.job.attempts
        )
        return bool(
            ours.update(
                state=state,
                report=report,
                file=self.job.file.name,
                done=total if state == Job.State.DONE else self._shown.done,
                total=total,
                ended_at=timezone.now(),
            )
        )


def begin(
    work: str, title: str, *, arguments: dict | None = None, user=None, back: str = ""
) -> Job:
    """Ask for `work` of settings.JOBS; it starts once the caller's transaction ends."""
    if work not in settings.JOBS:
        raise ValueError(f"settings.JOBS names no {work!r}.")
    job = Job.objects.create(
        work=work,
        title=str(title)[:200],
        arguments=arguments or {},
        user=user,
        back=back,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    transaction.on_commit(partial(broker.wake, TASK), robust=True)
    return job


def progress_of(job: Job) -> Progress:
    """How far it is: while it runs as its last sign of life says, then as the row says."""
    if job.state == Job.State.RUNNING and (shown := cache.get(_key(job, "progress"))):
        return Progress(*shown)
    return Progress(job.done, job.total)


def stop(job: Job) -> None:
    """Ask it to stop: one that waits never starts, one that runs stops at its next sign of life."""
    cache.set(_key(job, "stop"), value=True, timeout=settings.JOB_TIME_LIMIT)
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    waiting.update(state=Job.State.STOPPED, ended_at=timezone.now())


def run_waiting() -> int:
    """Run what waits, one after the other; how many were.

    One job at a time, on all workers together (`job_one_at_a_time`).
    """
    count = 0
    while job := _claim():
        _run(job)
        count += 1
    return count


def _claim() -> Job | None:
    """The oldest that waits, unless one is running. Of two who claim at once, one gets it."""
    running = Job.objects.filter(state=Job.State.RUNNING).first()
    if running and not _is_silent(running):
        return None
    if running:
        _give_back(running)
    waiting = Job.objects.filter(state=Job.State.WAITING).order_by("created_at", "pk").first()
    if waiting is None:
        return None
    try:
        with transaction.atomic():
            ours = Job.objects.filter(pk=waiting.pk, state=Job.State.WAITING)
            started = ours.update(
                state=Job.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
            )
    except IntegrityError:  # another worker has begun another job in this moment
        return None
    return Job.objects.select_related("user").get(pk=waiting.pk) if started else None


def _is_silent(job: Job) -> bool:
    """No sign of life, and begun long enough ago to have given one."""
    since = (timezone.now() - job.started_at).total_seconds()
    return since > settings.JOB_SILENCE and cache.get(_key(job, "progress")) is None


def _give_back(job: Job) -> None:
    """To the line, or for good when it has killed its worker each time."""
    ours = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if job.attempts < MAX_ATTEMPTS:
        ours.update(state=Job.State.WAITING)
    else:
        sentence = _("The worker stopped during the last attempt; no other will be made.")
        ours.update(state=Job.State.FAILED, ended_at=timezone.now(), report=[sentence])


def _run(job: Job) -> None:
    run = Run(job)
    with translation.override(job.language):
        try:
            import_string(settings.JOBS[job.work])(run)
            if not run._is_settled:
                run.settle()
        except Stopped:
            run._end(Job.State.STOPPED, _("Stopped."))
        except TakenOver:
            logger.warning("Job %s: another run goes on in its place.", job.pk)
        except DomainError as refusal:
            run._end(Job.State.FAILED, str(refusal.message))
        except Exception:
            logger.exception("Job %s (%s) failed.", job.pk, job.work)
            run._end(
                Job.State.FAILED,
                _("Something went wrong on our side. Nothing more was done; the log says why."),
            )
        finally:
            cache.delete_many([_key(job, "progress"), _key(job, "stop")])


def forget() -> int:
    """Delete jobs that ended JOBS_KEPT_DAYS ago, and their files; how many they were."""
    before = timezone.now() - dt.timedelta(days=settings.JOBS_KEPT_DAYS)
    old = Job.objects.filter(ended_at__lt=before)
    for job in old.exclude(file=""):
        job.file.delete(save=False)
    return old.delete()[0]


def _key(job: Job, name: str) -> str:
    return f"job:{job.pk}:{name}"
