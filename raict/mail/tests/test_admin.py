import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from raict.errors import DomainError
from raict.mail.models import Message

pytestmark = pytest.mark.django_db
CHANGELIST = reverse("admin:mail_message_changelist")


def message(**values) -> Message:
    row = {
        "to": "awa@example.org",
        "template": "test",
        "language": "fr",
        "subject": "Votre inscription",
        "text": "Bonjour <Awa>",
        "html": '<p style="color:red">Bonjour</p><script>alert(1)</script>',
    }
    return Message.objects.create(**{**row, **values})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_row_and_three(
    admin_client, django_assert_num_queries, rows
):
    for _row in range(rows):
        message()
    with django_assert_num_queries(6):
        admin_client.get(CHANGELIST)


def test_a_message_is_read_only(admin_client):
    row = message()
    address = reverse("admin:mail_message_change", args=[row.pk])
    assert admin_client.get(address).status_code == 200
    assert admin_client.post(address, {"to": "autre@example.org"}).status_code == 403
    assert admin_client.post(reverse("admin:mail_message_delete", args=[row.pk])).status_code == 403
    assert admin_client.get(reverse("admin:mail_message_add")).status_code == 403


def test_the_preview_is_the_mail_shut_in_a_frame(admin_client):
    row = message()
    response = admin_client.get(reverse("admin:mail_message_preview", args=[row.pk]))
    assert response.content.decode() == row.html
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "object-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "sandbox": "",
    }
    page = admin_client.get(reverse("admin:mail_message_change", args=[row.pk]))
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert 'sandbox=""' in page.content.decode()
    assert "Bonjour &lt;Awa&gt;" in page.content.decode()


def test_the_preview_is_for_those_who_may_see_messages(client, django_user_model):
    row = message()
    address = reverse("admin:mail_message_preview", args=[row.pk])
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("paul", is_staff=True))
    assert client.get(address).status_code == 403


def test_an_attachment_is_made_anew(admin_client, settings):
    settings.MAIL_ATTACHMENTS = {"note": "raict.mail.tests.test_admin.note"}
    row = message(attachments=["note"], reference="ABC")
    response = admin_client.get(reverse("admin:mail_message_attachment", args=[row.pk, "note"]))
    assert (response.content, response.headers["Content-Type"]) == (b"ABC", "text/plain")
    missing = admin_client.get(reverse("admin:mail_message_attachment", args=[row.pk, "badge"]))
    assert missing.status_code == 404


@pytest.mark.parametrize("maker", ["nothing", "refused"])
def test_an_attachment_that_is_no_more_is_a_sentence(admin_client, settings, maker):
    settings.MAIL_ATTACHMENTS = {"note": f"raict.mail.tests.test_admin.{maker}"}
    row = message(attachments=["note"], reference="ABC")
    response = admin_client.get(reverse("admin:mail_message_attachment", args=[row.pk, "note"]))
    assert response.url == reverse("admin:mail_message_change", args=[row.pk])
    assert len(response.wsgi_request._messages) == 1


def nothing(message: Message) -> None:
    return None


def refused(message: Message) -> None:
    raise DomainError("Annulée.")


def note(message: Message) -> tuple[str, bytes, str]:
    return "note.txt", message.reference.encode(), "text/plain"


def test_try_again_queues_the_failed_ones_only(admin_client):
    failed = message(state=Message.State.FAILED, attempts=8)
    sent = message(state=Message.State.SENT, attempts=1)
    for _again in range(2):
        admin_client.post(CHANGELIST, {"action": "retry", "_selected_action": [failed.pk, sent.pk]})
        rows = Message.objects.order_by("pk").values_list("state", "attempts")
        assert list(rows) == [("queued", 0), ("sent", 1)]


def test_messages_of_one_person_by_reference(admin_client):
    mine = message(reference="BCDFGHJKMN")
    message(reference="XZ23456789")
    rows = admin_client.get(CHANGELIST, {"reference": "BCDFGHJKMN"}).context["cl"].queryset
    assert list(rows) == [mine]


def test_sent_again_to_a_corrected_address(admin_client):
    """A message of its own, linked; not what is still to leave, nor what belongs to a list."""
    row = message(state="failed", reference="BCDFGHJKMN")
    refused = [message(), message(state="sent", unsubscribe_url="https://ici.test/quitter/")]
    address = reverse("admin:mail_message_resend", args=[row.pk])
    assert admin_client.post(address, {"to": "awa@"}).context["form"].errors.keys() == {"to"}
    admin_client.post(address, {"to": "diop@example.org"})
    for other in refused:
        page = reverse("admin:mail_message_resend", args=[other.pk])
        admin_client.post(page, {"to": "x@example.org"})
    again = Message.objects.get(resent_from=row)
    assert (again.to, again.state, again.subject, again.html, again.reference) == (
        *("diop@example.org", "queued", row.subject, row.html, row.reference),
    )
    assert again.uid != row.uid
    assert Message.objects.count() == 4


def test_queued_ones_are_withdrawn_and_sent_ones_marked_as_returned(admin_client):
    rows = [message(state=state) for state in ("queued", "sending", "sent", "failed")]
    for action in ("withdraw", "came_back"):
        chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
        admin_client.post(CHANGELIST, chosen)
    found = [(one.state, one.returned_at is not None) for one in Message.objects.order_by("pk")]
    assert found == [("withdrawn", False), ("sending", False), ("sent", True), ("failed", False)]
    listed = admin_client.get(CHANGELIST, {"returned": "yes"}).context["cl"].queryset
    assert list(listed) == [rows[2]]


def test_the_list_counts_states_and_names_letters(admin_client):
    message(template="registration_confirmed")
    message(state="sent")
    response = admin_client.get(CHANGELIST)
    counts = {value: count for _label, value, count in response.context["states"]}
    assert counts == {"queued": 1, "sending": 0, "sent": 1, "failed": 0, "withdrawn": 0}
    row = Message.objects.get(template="registration_confirmed")
    listed = admin_client.get(CHANGELIST, {"template": "registration_confirmed"})
    assert list(listed.context["cl"].queryset) == [row]


def test_only_who_may_change_messages_sends_again(client, django_user_model):
    user = django_user_model.objects.create_user("lecture", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(user)
    row = message(state="sent")
    address = reverse("admin:mail_message_resend", args=[row.pk])
    assert client.post(address, {"to": "x@example.org"}).status_code == 403
    assert Message.objects.count() == 1
