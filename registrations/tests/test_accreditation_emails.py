"""What the press reads in its mails, in both languages."""

import pytest

from events.models import Edition
from raict.mail.models import Message
from registrations import links, services

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def asked(dated, press, journalist):
    """An edition with fixed days and a press contact, and a request in the language asked for."""
    Edition.objects.update(press_contact_email="presse@example.org")
    dated.refresh_from_db()

    def ask(language):
        return services.ask_accreditation(edition=dated, person=journalist, language=language)

    return ask


def last() -> Message:
    return Message.objects.order_by("pk").last()


def test_received_in_english(asked):
    asked("en")
    message = last()
    assert message.subject == "Your request for accreditation – RAICT, 16th edition"
    assert message.reply_to == "presse@example.org"
    assert (
        message.text
        == """\
Dear Léa Martin,

We have received your request for accreditation. It is being looked at, and you will have an answer by mail.

Medium: Le Courrier du développement
Wednesday\N{NO-BREAK SPACE}5 and Thursday 6\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2999

You did not ask for this? Somebody has mistyped an address; you may leave this mail without answer.

--
Cités Unies France – RAICT, 16th edition
A question? Answer this mail, or write to presse@example.org.
"""
    )


def test_received_in_french(asked):
    asked("fr")
    message = last()
    assert message.subject == "Votre demande d’accréditation – RAICT, 16e édition"
    assert (
        message.text
        == """\
Bonjour Léa Martin,

Nous avons reçu votre demande d’accréditation. Elle est à l’étude, et vous aurez une réponse par courriel.

Média\N{NO-BREAK SPACE}: Le Courrier du développement
Mercredi\N{NO-BREAK SPACE}5 et jeudi 6\N{NO-BREAK SPACE}juin\N{NO-BREAK SPACE}2999

Vous n’avez rien demandé\N{NARROW NO-BREAK SPACE}? Quelqu’un s’est trompé d’adresse\N{NARROW NO-BREAK SPACE}; vous pouvez laisser ce courriel sans réponse.

--
Cités Unies France – RAICT, 16e édition
Une question\N{NARROW NO-BREAK SPACE}? Répondez à ce courriel, ou écrivez à presse@example.org.
"""
    )


def test_accepted_in_english(asked):
    lea = asked("en")
    services.accredit(lea, message="Welcome.\nCome to the desk.")
    message = last()
    assert message.subject == "Your accreditation is accepted – RAICT, 16th edition"
    assert (message.reply_to, message.attachments) == ("presse@example.org", ["badge"])
    url = links.personal_url(lea.registration)
    assert (
        message.text
        == f"""\
Dear Léa Martin,

Your accreditation is accepted, and you are registered. Your badge is attached; print it, or show it on your telephone.

A word from the press team:
Welcome.
Come to the desk.

Your personal page holds the press releases of this edition, those under embargo among them, before they are public. Please publish nothing of them before the moment that each one names.

Wednesday\N{NO-BREAK SPACE}5 and Thursday 6\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2999
Pavillon d’Armenonville, Paris

Your sessions
No seat is booked. Plenaries and other sessions with free entry need none.

Your personal page
{url}

There you can change your sessions and your details, pass your place on, or cancel. Keep this link to yourself: whoever has it can do so too.
Reference of your registration: {lea.registration.reference}

--
Cités Unies France – RAICT, 16th edition
A question? Answer this mail, or write to presse@example.org.
"""
    )
    assert f'href="{url}"' in message.html
    assert "Welcome.<br>Come to the desk." in message.html


def test_accepted_in_french(asked):
    lea = asked("fr")
    services.accredit(lea)
    message = last()
    assert message.subject == "Votre accréditation est acceptée – RAICT, 16e édition"
    start = """\
Bonjour Léa Martin,

Votre accréditation est acceptée, et votre inscription est faite. Votre badge est joint à ce courriel\N{NARROW NO-BREAK SPACE}; imprimez-le, ou présentez-le sur votre téléphone.

Votre page personnelle contient les communiqués de cette édition, y compris ceux qui sont sous embargo, avant qu’ils ne soient publics. N’en publiez rien avant le moment que chacun indique.

Mercredi"""
    assert message.text[: len(start)] == start
    assert links.personal_url(lea.registration) in message.text


def test_refused_in_english(asked, settings):
    settings.SITE_URL = "https://example.org"
    services.refuse_accreditation(asked("en"), reason="The card is void.\nWrite to us.")
    message = last()
    assert message.subject == "Your request for accreditation is not accepted – RAICT, 16th edition"
    assert (
        message.text
        == """\
Dear Léa Martin,

Your request for accreditation is not accepted.

Here is why:
The card is void.
Write to us.

Press releases are in the press room for everybody once they are public:
https://example.org/en/presse/

--
Cités Unies France – RAICT, 16th edition
A question? Answer this mail, or write to presse@example.org.
"""
    )
    assert "The card is void.<br>Write to us." in message.html


def test_refused_in_french_takes_its_typography(asked):
    services.refuse_accreditation(asked("fr"), reason="Carte illisible !")
    message = last()
    assert (
        message.subject == "Votre demande d’accréditation n’est pas acceptée – RAICT, 16e édition"
    )
    words = "Voici pourquoi\N{NO-BREAK SPACE}:\nCarte illisible\N{NARROW NO-BREAK SPACE}!\n"
    assert message.text.count(words) == 1


def test_withdrawn_in_french(asked):
    lea = asked("fr")
    services.accredit(lea)
    services.refuse_accreditation(lea, reason="Fausse carte.", seen="accepted")
    message = last()
    assert message.subject == "Votre accréditation est retirée – RAICT, 16e édition"
    assert "Votre inscription reste valable." in message.text


def test_demonstration_says_so(asked, dated):
    Edition.objects.update(is_demonstration=True, number=0)
    dated.refresh_from_db()
    lea = asked("en")
    services.refuse_accreditation(lea, reason="No.")
    services.accredit(lea, seen="refused")
    assert Message.objects.count() == 3
    for message in Message.objects.all():
        assert message.subject.startswith("[Demonstration] ")
        assert message.text.count("Demonstration: this is not a real event.") == 1
        assert message.html.count("Demonstration: this is not a real event.") == 1


def test_what_was_typed_is_escaped_and_makes_no_links(dated, press, journalist):
    hostile = journalist | {"first_name": "<b>Léa</b>", "medium": "gagner.com <i>"}
    lea = services.ask_accreditation(edition=dated, person=hostile, language="en")
    services.refuse_accreditation(lea, reason="<script>")
    for message in Message.objects.all():
        assert [sign in message.html for sign in ("<b>Léa", "<i>", "<script>")] == [False] * 3
        assert "gagner.com" not in message.html + message.text


def test_html_needs_nothing_that_outlook_ignores(asked):
    lea = asked("en")
    services.accredit(lea, message="Welcome.")
    services.refuse_accreditation(lea, reason="No.", seen="accepted")
    for message in Message.objects.all():
        assert message.html.count("<table") == message.html.count('role="presentation"')
        assert message.html.count("<!--[if mso]>") == message.html.count("<![endif]-->") == 2
