"""Deciding in the list and on a registration's page: asked first, then done, in the worker if long."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.jobs import running
from raict.jobs.models import Job
from raict.mail.models import Message
from registrations import services
from registrations.admin import deciding
from registrations.models import Registration
from registrations.reckoning import differences
from registrations.tests.factories import RegistrationFactory
from registrations.tests.seating import mails, seated
from registrations.tests.team import CHANGELIST, act, decide, sentences

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_asks_first_and_names_them(admin_client, awa, ten):
    page = act(admin_client, "cancel", awa)
    assert (page.status_code, Registration.objects.live().count()) == (200, 1)
    assert page.context["form"].data["keys"] == str(awa.pk)
    assert awa.full_name in page.content.decode()
    for counts in ((1, 0), (0, 1)):
        answer = decide(admin_client, "cancel", awa, reason_fr="Salle fermée.")
        numbers = [
            int(word) for word in sentences(answer)[-1].replace(".", " ").split() if word.isdigit()
        ]
        assert numbers == [number for number in numbers if number in counts]
    ten.refresh_from_db()
    assert (Registration.objects.get().state, ten.seats_taken) == ("cancelled", 0)
    assert "Salle fermée." in Message.objects.get().text
    assert differences() == []


def test_all_pages_of_a_filter_are_taken_by_key(admin_client, edition):
    people = [seated(edition, country="SN") for _one in range(3)] + [seated(edition)]
    data = {"action": "cancel", "_selected_action": [people[0].pk], "select_across": "1"}
    page = admin_client.post(f"{CHANGELIST}?country=SN", data)
    keys = {int(key) for key in page.context["form"].data["keys"].split(",")}
    assert keys == {one.pk for one in people[:3]}
    assert page.context["back"] == f"{CHANGELIST}?country=SN"


def test_reasons_are_asked_in_the_languages_that_are_read(admin_client, edition):
    french, english = seated(edition), seated(edition, language="en")
    names = [
        [field.name for field in act(admin_client, "refuse", *rows).context["reasons"]]
        for rows in ([french], [english], [french, english])
    ]
    assert names == [["reason_fr"], ["reason_en"], ["reason_fr", "reason_en"]]
    assert act(admin_client, "send_link", french).context["reasons"] == []


def test_many_are_done_by_the_worker(admin_client, admin_user, edition, monkeypatch):
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    people = [seated(edition) for _one in range(3)]
    services.cancel(people[2], notify=False)
    for changed in (2, 0):
        answer = decide(admin_client, "cancel", *people, back=CHANGELIST)
        job = Job.objects.latest("pk")
        assert (answer.url, job.user, job.back) == (job.get_absolute_url(), admin_user, CHANGELIST)
        assert running.run_waiting() == 1
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("done", 3, 3)
        left = f"Laissées telles quelles\xa0: {3 - changed}."
        assert job.report == [f"Modifiées\xa0: {changed}.", left][changed == 0 :]
    assert len(mails()) == 2


def test_a_link_is_sent_once_in_ten_minutes(admin_client, awa):
    ended = RegistrationFactory(edition=awa.edition, state=Registration.State.CANCELLED)
    for _again in range(2):
        decide(admin_client, "send_link", awa, ended)
        assert mails() == [(awa.email, "registration_link")]


@pytest.mark.parametrize("keys", ["", "1,x", "-1"])
def test_keys_that_are_none_are_not_found(admin_client, edition, keys):
    address = reverse("admin:registrations_registration_decide", args=["cancel"])
    assert admin_client.post(address, {"keys": keys}).status_code == 404
    unknown = reverse("admin:registrations_registration_decide", args=["forget"])
    assert admin_client.get(unknown, {"keys": "1"}).status_code == 404


def test_nobody_is_led_off_the_site(admin_client, awa):
    answer = decide(admin_client, "cancel", awa, back="https://example.org/")
    assert answer.url == CHANGELIST


def test_who_may_only_look_decides_nothing(client, django_user_model, awa):
    user = django_user_model.objects.create_user("lecture", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_registration"))
    client.force_login(user)
    assert decide(client, "cancel", awa).status_code == 403
    assert Registration.objects.get().state == "confirmed"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_question_asks_the_same_for_one_and_for_three(
    admin_client, django_assert_num_queries, edition, rows
):
    people = [seated(edition) for _row in range(rows)]
    address = reverse("admin:registrations_registration_decide", args=["refuse"])
    with django_assert_num_queries(5):
        admin_client.get(address, {"keys": ",".join(str(one.pk) for one in people)})
