import re

import pytest

from events.models import Edition
from raict.mail.models import Message
from registrations import links, services
from registrations.tests.factories import CategoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_confirmation_in_english(dated, person, ten, eleven, cafes):
    registration = services.register(
        edition=dated, person=person, sessions=[ten, eleven], cafes=cafes[:2], language="en"
    )
    message = Message.objects.get()
    assert message.subject == "Your registration is confirmed – RAICT, 16th edition"
    assert (
        message.text
        == f"""\
Dear Awa Diop-N’Diaye,

Your registration is confirmed. Your badge and your calendar are attached; print the badge, or show it on your telephone.

Wednesday\N{NO-BREAK SPACE}5 and Thursday 6\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2999
Pavillon d’Armenonville, Paris

Your sessions
- Water and sanitation
  Wednesday 5\N{NO-BREAK SPACE}June, 10:00\N{NO-BREAK SPACE}– 11:00, Étoile 1
- Culture
  Wednesday 5\N{NO-BREAK SPACE}June, 11:00\N{NO-BREAK SPACE}– 12:00, room to be announced

Your café wishes
1. Table 1
2. Table 2

Your personal page
{links.personal_url(registration)}

There you can change your sessions and your details, pass your place on, or cancel. Keep this link to yourself: whoever has it can do so too.
Reference of your registration: {registration.reference}

--
Cités Unies France – RAICT, 16th edition
A question? Answer this mail, or write to contact@example.org.
You did not ask for this? Somebody has mistyped an address; you may cancel on the page above, or leave this mail without answer.
"""
    )
    assert f'href="{links.personal_url(registration)}"' in message.html
    assert '<div style="font-weight:bold" lang="fr">Culture</div>' in message.html


def test_demonstration_says_so(dated, person):
    Edition.objects.update(is_demonstration=True, number=0)
    dated.refresh_from_db()
    registration = services.register(edition=dated, person=person, language="en")
    services.send_link_to(registration)
    services.cancel(registration)
    for message in Message.objects.all():
        assert message.subject.startswith("[Demonstration] ")
        assert message.text.count("Demonstration: this is not a real event.") == 1
        assert message.html.count("Demonstration: this is not a real event.") == 1


def test_each_event_has_its_mail(dated, person):
    pending = person | {"category": CategoryFactory(needs_approval=True)}
    registration = services.register(edition=dated, person=pending, language="en")
    services.approve(registration)
    services.send_link_to(registration)
    services.cancel(registration)
    assert list(Message.objects.order_by("pk").values_list("subject", "attachments")) == [
        ("Your registration is being checked – RAICT, 16th edition", []),
        ("Your registration is confirmed – RAICT, 16th edition", ["badge", "calendar"]),
        ("Your personal link – RAICT, 16th edition", []),
        ("Your registration is cancelled – RAICT, 16th edition", []),
    ]
    assert "mon-inscription" not in Message.objects.get(template="registration_cancelled").text


def test_names_are_escaped_and_make_no_links(dated, person):
    """What the form refuses may still come from the team, or from another door."""
    hostile = person | {"first_name": "<b>Awa</b>", "last_name": "www.gagner.com https://x.org"}
    services.register(edition=dated, person=hostile, language="en")
    message = Message.objects.get()
    assert "<b>Awa" not in message.html
    assert "&lt;b&gt;Awa&lt;/b&gt;" in message.html
    for body in (message.text, message.html):
        assert "www.gagner" not in body
        assert "gagner.com" not in body
        assert "https://x" not in body


def test_confirmation_in_french(dated, person, ten, eleven, cafes):
    registration = services.register(
        edition=dated, person=person, sessions=[ten], cafes=cafes[:1], language="fr"
    )
    message = Message.objects.get()
    assert message.subject == "Votre inscription est confirmée – RAICT, 16e édition"
    assert (
        message.text
        == f"""\
Bonjour Awa Diop-N’Diaye,

Votre inscription est confirmée. Votre badge et votre agenda sont joints à ce courriel\N{NARROW NO-BREAK SPACE}; imprimez le badge, ou présentez-le sur votre téléphone.

Mercredi\N{NO-BREAK SPACE}5 et jeudi 6\N{NO-BREAK SPACE}juin\N{NO-BREAK SPACE}2999
Pavillon d’Armenonville, Paris

Vos sessions
- Eau et assainissement
  Mercredi 5\N{NO-BREAK SPACE}juin, 10\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}– 11\N{NO-BREAK SPACE}h, Étoile 1

Vos vœux de Cafés
1. Café 1

Votre page personnelle
{links.personal_url(registration)}

Vous pouvez y changer vos sessions et vos données, transmettre votre inscription ou l’annuler. Gardez ce lien pour vous\N{NO-BREAK SPACE}: toute personne qui l’a peut en faire autant.
Référence de votre inscription\N{NO-BREAK SPACE}: {registration.reference}

--
Cités Unies France – RAICT, 16e édition
Une question\N{NARROW NO-BREAK SPACE}? Répondez à ce courriel, ou écrivez à contact@example.org.
Vous n’avez rien demandé\N{NARROW NO-BREAK SPACE}? Quelqu’un s’est trompé d’adresse\N{NARROW NO-BREAK SPACE}; vous pouvez annuler sur la page ci-dessus, ou laisser ce courriel sans réponse.
"""
    )


def test_html_needs_nothing_that_outlook_ignores(dated, person, ten):
    """Its engine, Word's, knows neither the padding of a <div> nor a width of its own for one."""
    services.register(edition=dated, person=person, sessions=[ten])
    html = Message.objects.get().html
    divs = re.findall(r"<div\b[^>]*>", html)
    assert [div for div in divs if "padding" in div or "width" in div] == []
    assert html.count("<table") == html.count('role="presentation"')
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 2
