from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from raict.mail.models import Message


@pytest.mark.django_db
def test_test_mail_is_queued_like_any_other():
    out = StringIO()
    call_command("send_test_mail", "a@example.org", language="en", stdout=out)

    message = Message.objects.get()
    assert (message.to, message.language, message.state) == ("a@example.org", "en", "queued")
    assert out.getvalue().startswith(f"Queued as {message.uid}.")


@pytest.mark.django_db
def test_test_mail_to_nowhere_is_refused():
    with pytest.raises(CommandError, match="nowhere"):
        call_command("send_test_mail", "nowhere")

    assert Message.objects.count() == 0
