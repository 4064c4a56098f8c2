"""A job from its beginning to its end: done, refused, stopped, taken over."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from raict.jobs import running
from raict.jobs.models import Job
from raict.jobs.tests.work import TOTAL
from raict.mail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def outcome(job) -> tuple:
    job.refresh_from_db()
    return job.state, job.done, job.total, job.report


def test_a_job_is_done_and_reports(begin):
    job = begin("one_by_one")
    assert outcome(job) == ("waiting", 0, 0, [])
    assert running.run_waiting() == 1
    assert outcome(job) == ("done", TOTAL, TOTAL, [f"Écrits\u00a0: {TOTAL}."])
    assert Message.objects.count() == TOTAL
    with job.file.open() as file:
        assert file.read() == b"fini"


def test_jobs_run_in_the_order_in_which_they_were_asked_for(begin):
    jobs = [begin("one_by_one") for _ in range(3)]
    assert running.run_waiting() == 3
    assert [outcome(job)[3] for job in jobs] == [
        [f"Écrits\u00a0: {TOTAL}."],
        [f"Déjà là\u00a0: {TOTAL}."],
        [f"Déjà là\u00a0: {TOTAL}."],
    ]
    assert running.run_waiting() == 0


def test_a_work_that_nobody_knows_is_refused_at_once(begin):
    with pytest.raises(ValueError, match=r"settings\.JOBS names no 'unknown'"):
        begin("unknown")


def test_a_refusal_ends_the_job_with_its_sentence(begin):
    job = begin("refused")
    running.run_waiting()
    assert outcome(job) == ("failed", 0, 0, ["La salle est trop petite."])


def test_a_fault_of_ours_ends_the_job_and_goes_to_the_log(begin, caplog):
    job = begin("broken")
    running.run_waiting()
    state, _done, _total, report = outcome(job)
    assert (state, len(report)) == ("failed", 1)
    assert "a fault of ours" in caplog.text


def test_one_that_waits_is_stopped_before_it_begins(begin):
    job = begin("one_by_one")
    running.stop(job)
    assert running.run_waiting() == 0
    assert outcome(job)[0] == "stopped"
    assert Message.objects.count() == 0


def test_one_that_runs_stops_at_its_next_sign_of_life(begin, monkeypatch):
    monkeypatch.setattr(running, "_BREATH", 0)
    for work, written in [("all_or_nothing", 0), ("one_by_one", 0)]:
        job = begin(work)
        cache.set(f"job:{job.pk}:stop", value=True)
        running.run_waiting()
        assert (outcome(job)[0], Message.objects.count()) == ("stopped", written)


def test_two_never_run_at_once(begin):
    first, second = begin("one_by_one"), begin("one_by_one")
    assert running._claim() == first
    assert running._claim() is None
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert running._claim() == second


def test_the_database_itself_refuses_a_second_one(begin):
    jobs = [begin("one_by_one") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(state=Job.State.RUNNING)


def test_one_that_gives_no_sign_of_life_is_begun_anew(begin, settings):
    job = begin("one_by_one")
    running._claim()
    assert running.run_waiting() == 0
    later = timezone.now() + dt.timedelta(seconds=settings.JOB_SILENCE + 1)
    with time_machine.travel(later):
        assert running.run_waiting() == 1
    assert outcome(job)[0] == "done"
    assert job.attempts == 2


def test_one_that_kills_its_worker_each_time_is_given_up(begin, settings):
    job = begin("one_by_one")
    running._claim()
    Job.objects.update(attempts=running.MAX_ATTEMPTS)
    later = timezone.now() + dt.timedelta(seconds=settings.JOB_SILENCE + 1)
    with time_machine.travel(later):
        assert running.run_waiting() == 0
    state, _done, _total, report = outcome(job)
    assert (state, len(report)) == ("failed", 1)


def test_who_was_believed_dead_writes_nothing(begin):
    begin("all_or_nothing")
    mine = running._claim()
    Job.objects.update(attempts=2)  # another run goes on
    running._run(mine)
    assert Message.objects.count() == 0
    assert outcome(mine)[0] == "running"


def test_jobs_and_files_are_forgotten(begin, settings):
    old, recent = begin("one_by_one"), begin("one_by_one")
    running.run_waiting()
    old.refresh_from_db()
    ended = timezone.now() - dt.timedelta(days=settings.JOBS_KEPT_DAYS, hours=1)
    Job.objects.filter(pk=old.pk).update(ended_at=ended)
    storage = old.file.storage
    assert storage.exists(old.file.name)
    running.forget()
    assert list(Job.objects.all()) == [recent]
    assert not storage.exists(old.file.name)
