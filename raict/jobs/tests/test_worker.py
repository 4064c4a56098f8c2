"""A real worker, killed in the middle of a job: it is taken up again, and nothing is done twice."""

import time

import pytest

from raict.jobs.models import Job
from raict.jobs.tests.work import TOTAL
from raict.mail.models import Message
from raict.mail.tests.test_worker import Files, Redis, kill, stage, wait_for, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
__all__ = ["stage"]


@pytest.fixture
def smtp(settings, monkeypatch):
    """No mail leaves here. What the processes read comes from the environment."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "raict.jobs.tests.settings")
    monkeypatch.setenv("JOB_SILENCE", "2")
    monkeypatch.setenv("JOBS_SWEEP_SECONDS", "1")


@pytest.mark.parametrize("work", ["one_by_one", "all_or_nothing"])
@pytest.mark.parametrize(
    "stage", [pytest.param(Files, marks=pytest.mark.sqlite), Redis], indirect=True
)
def test_a_job_outlives_its_worker(stage, work, begin):
    _broker, start = stage
    job = begin(work, pause=0.05)
    first = worker(start)
    start(
        "-m", "celery", "--app", "raict", "--quiet", "beat", "--loglevel", "WARNING", "--pidfile="
    )
    wait_for(lambda: Job.objects.get().state == "running")
    time.sleep(0.5)  # a quarter of the work
    kill(first)
    assert Job.objects.get().state == "running"
    worker(start)
    wait_for(lambda: not Job.objects.get().is_unfinished)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("done", 2, TOTAL)
    subjects = Message.objects.values_list("subject", flat=True)
    assert sorted(subjects, key=int) == [str(number) for number in range(TOTAL)]
