"""Its page: how far it is, what came of it, and for whom."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from raict.jobs import running
from raict.jobs.models import Job
from raict.jobs.tests.work import TOTAL

pytestmark = pytest.mark.django_db


def test_the_page_renews_itself_until_the_job_has_ended(admin_client, begin):
    job = begin("one_by_one")
    assert admin_client.get(job.get_absolute_url()).headers["Refresh"] == "2"
    running.run_waiting()
    page = admin_client.get(job.get_absolute_url())
    assert "Refresh" not in page.headers
    assert f"Écrits\u00a0: {TOTAL}." in page.content.decode()


def test_the_page_shows_how_far_a_running_job_is(admin_client, begin):
    job = begin("one_by_one")
    running._claim()
    cache.set(f"job:{job.pk}:progress", (10, 40))
    page = admin_client.get(job.get_absolute_url())
    assert page.context["progress"] == running.Progress(10, 40)
    assert 'value="10" max="40"' in " ".join(page.content.decode().split())


def test_whoever_asked_sees_it_and_others_need_the_right(client, begin, django_user_model):
    begin("one_by_one")
    running.run_waiting()
    paul = django_user_model.objects.create_user("paul", is_staff=True)
    jobs = {"ours": Job.objects.get()}
    jobs["his"] = running.begin("one_by_one", "Le sien", user=paul)
    running.run_waiting()
    client.force_login(paul)

    def answer(page: str, job: Job) -> int:
        response = client.get(reverse(f"admin:jobs_job_{page}", args=[job.pk]))
        list(response)  # read to its end, a file is closed
        return response.status_code

    answers = {
        name: [answer(page, job) for page in ("progress", "file")] for name, job in jobs.items()
    }
    assert answers == {"ours": [403, 403], "his": [200, 200]}


def test_the_file_is_given_out_whole_and_kept_by_nobody(admin_client, begin):
    job = begin("one_by_one")
    assert admin_client.get(reverse("admin:jobs_job_file", args=[job.pk])).status_code == 404
    running.run_waiting()
    answer = admin_client.get(reverse("admin:jobs_job_file", args=[job.pk]))
    assert b"".join(answer.streaming_content) == b"fini"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_stopping_asks_for_a_post(admin_client, begin):
    job = begin("one_by_one")
    address = reverse("admin:jobs_job_stop", args=[job.pk])
    assert admin_client.get(address).status_code == 405
    assert admin_client.post(address).status_code == 302
    job.refresh_from_db()
    assert job.state == "stopped"
