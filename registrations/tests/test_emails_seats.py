"""The mails of seats and waiting lists, and of registrations that are corrected or passed on."""

import datetime as dt

import pytest
from django.utils import translation

from raict.mail.models import Message
from registrations import links, services
from registrations.history import sentence
from registrations.models import Booking, Change
from registrations.tests.factories import CategoryFactory
from registrations.tests.seating import seated
from sessions.models import Session

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# Half past nine in Paris, on the eve.
UNTIL = dt.datetime(2999, 6, 4, 7, 30, tzinfo=dt.UTC)
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f", " "))


def body(message: Message) -> str:
    """What stands between greeting and personal page, its spaces plain."""
    text = message.text.translate(SPACES).split(",\n\n", 1)[1]
    return text.split("\n\n--\n")[0].split("\n\nYour personal page")[0].split("\n\nVotre page")[0]


@pytest.fixture
def clash(dated, ten, eleven):
    """One seat each, both at ten."""
    Session.objects.update(capacity=1)
    Session.objects.filter(pk=eleven.pk).update(start=ten.start, end=ten.end)


@pytest.fixture
def awa(clash, dated, person, ten, eleven):
    """She has a seat and waits for one at the same time, behind somebody else."""
    seated(dated, ten, email="first@example.org")
    awa = services.register(edition=dated, person=person, sessions=[eleven], lists=[ten])
    Message.objects.all().delete()
    return awa


def test_lists_stand_in_the_confirmation_with_their_rank(clash, dated, person, ten):
    seated(dated, ten)
    seated(dated, lists=[ten])
    services.register(edition=dated, person=person, lists=[ten], language="en")
    assert (
        body(Message.objects.get())
        == """\
Your registration is confirmed. Your badge and your calendar are attached; print the badge, or show it on your telephone.

Wednesday 5 and Thursday 6 June 2999
Pavillon d’Armenonville, Paris

Your sessions
No seat is booked. Plenaries and other sessions with free entry need none.

Your waiting lists
- Water and sanitation
  Wednesday 5 June, 10:00 – 11:00, Étoile 1
  Your rank on the list: 2
Seats that become free are given automatically, in the order of the list. When it is your turn, we write to you at once."""
    )


def test_an_offer_says_until_when_and_what_accepting_costs(clash, dated, person, ten, eleven):
    awa = services.register(edition=dated, person=person, sessions=[eleven])
    Message.objects.all().delete()
    services.invite(awa, ten, until=UNTIL)
    message = Message.objects.get()
    assert message.subject.translate(SPACES) == (
        "Place proposée jusqu’au 4 juin à 9 h 30 : « Eau et assainissement »"
    )
    assert message.attachments == []
    assert (
        body(message)
        == f"""\
Voici ce qui a changé :
- L’équipe vous propose une place dans « Eau et assainissement », jusqu’au mardi 4 juin 2999 à 9 h 30.

Une proposition pour vous
- Eau et assainissement
  Mercredi 5 juin, 10 h – 11 h, Étoile 1
  Répondez avant le mardi 4 juin 2999 à 9 h 30. Sans réponse, la place ira à la personne suivante sur la liste.
  Si vous acceptez, vous rendez votre place dans « Culture », qui a lieu en même temps.

Accepter ou décliner
{links.personal_url(awa)}

Mercredi 5 et jeudi 6 juin 2999
Pavillon d’Armenonville, Paris

Vos sessions
- Culture
  Mercredi 5 juin, 10 h – 11 h, salle à préciser"""
    )
    assert message.html.count(f'href="{links.personal_url(awa)}"') == 2
    assert message.html.count("<table") == message.html.count('role="presentation"')


def test_who_wins_a_seat_is_told_which_list_is_left(clash, dated, person, ten, eleven):
    """One mail each: to the one who leaves, and to the one who wins."""
    first = seated(dated, ten, email="first@example.org")
    seated(dated, eleven, email="second@example.org")
    services.register(edition=dated, person=person, lists=[ten, eleven], language="en")
    Message.objects.all().delete()
    services.give_back(Booking.objects.get(registration=first, state="confirmed"))
    assert list(Message.objects.order_by("to").values_list("to", "subject", "attachments")) == [
        ("awa@example.org", "A seat is yours: “Water and sanitation” – RAICT", ["calendar"]),
        ("first@example.org", "Vos sessions ont changé – RAICT, 16e édition", ["calendar"]),
    ]
    assert (
        body(Message.objects.get(to="awa@example.org"))
        == """\
Here is what has changed:
- A seat became free in “Water and sanitation”: it is yours.
- You are no longer on the waiting list of “Culture”, which takes place at the same time.

Your calendar is attached as it is now: import it again.

Wednesday 5 and Thursday 6 June 2999
Pavillon d’Armenonville, Paris

Your sessions
- Water and sanitation
  Wednesday 5 June, 10:00 – 11:00, Étoile 1"""
    )


def test_who_waits_for_a_place_learns_rank_and_rule(dated, person, ten):
    type(dated).objects.update(capacity=1)
    seated(dated, email="first@example.org")
    dated.refresh_from_db()
    services.register(edition=dated, person=person, sessions=[ten])
    message = Message.objects.get()
    assert (message.subject, message.attachments) == (
        "Vous êtes sur la liste d’attente – RAICT, 16e édition",
        [],
    )
    assert (
        body(message)
        == """\
Toutes les places sont prises : votre inscription est sur la liste d’attente, au rang 1.

Rien ne vous est encore réservé, ni à l’édition, ni dans les sessions. Les places qui se libèrent sont attribuées automatiquement, dans l’ordre de la liste. Quand votre tour vient, vous recevez une place à l’édition, et les places qui restent dans les sessions que vous demandez ; nous vous écrivons aussitôt. Vous n’avez rien à faire.

Si vous ne voulez plus attendre, annulez sur votre page personnelle.

Mercredi 5 et jeudi 6 juin 2999
Pavillon d’Armenonville, Paris

Les sessions que vous demandez
- Eau et assainissement
  Mercredi 5 juin, 10 h – 11 h, Étoile 1"""
    )


@pytest.mark.parametrize(
    ("needs_approval", "attachments"), [(False, ["badge", "calendar"]), (True, ["calendar"])]
)
def test_a_place_brings_the_badge_once_it_is_approved(dated, person, needs_approval, attachments):
    type(dated).objects.update(capacity=1)
    first = seated(dated, email="first@example.org")
    dated.refresh_from_db()
    category = CategoryFactory(needs_approval=needs_approval)
    services.register(edition=dated, person=person | {"category": category}, language="en")
    Message.objects.all().delete()
    services.cancel(first)
    message = Message.objects.get(to="awa@example.org")
    assert (message.subject, message.attachments) == (
        "A place is yours – RAICT, 16th edition",
        attachments,
    )


def test_a_seat_taken_back_says_so_with_the_new_rank(awa, dated, eleven):
    Session.objects.filter(pk=eleven.pk).update(capacity=2)
    seated(dated, eleven, email="second@example.org")
    services.resize(eleven, capacity=1, leaving=[awa.bookings.get(session=eleven)])
    message = Message.objects.get()
    assert message.subject.translate(SPACES) == (
        "Votre place n’a pas pu être gardée : « Culture » – RAICT"
    )
    assert (
        body(message)
        == """\
Voici ce qui a changé :
- Votre place dans « Culture » n’a pas pu être gardée.
- Vous êtes sur la liste d’attente de « Culture ».

Votre agenda à jour est joint à ce courriel : importez-le de nouveau.

Mercredi 5 et jeudi 6 juin 2999
Pavillon d’Armenonville, Paris

Vos sessions
Aucune place n’est réservée. Les plénières et les autres sessions en entrée libre n’en demandent pas.

Vos listes d’attente
- Eau et assainissement
  Mercredi 5 juin, 10 h – 11 h, Étoile 1
  Votre rang sur la liste : 1
- Culture
  Mercredi 5 juin, 10 h – 11 h, salle à préciser
  Votre rang sur la liste : 1
Les places qui se libèrent sont attribuées automatiquement, dans l’ordre de la liste. Quand votre tour vient, nous vous écrivons aussitôt."""
    )


def test_a_correction_shows_the_badge(awa):
    services.correct(awa, {"last_name": "Diop www.gagner.com"})
    message = Message.objects.get()
    assert message.attachments == ["badge"]
    assert body(message).startswith("""\
Voici ce qui figure maintenant sur votre badge :
  Awa Diop www.\u200bgagner.\u200bcom
  Adjointe au maire
  Ville de Saint-Louis
  Sénégal
  Élu·e

Votre badge à jour est joint à ce courriel : il remplace le précédent.
""")


def test_a_new_address_has_the_new_link_and_the_old_one_none(awa):
    services.correct(awa, {"email": "diop@example.org"})
    old, new = Message.objects.order_by("pk")
    assert (old.to, new.to) == ("awa@example.org", "diop@example.org")
    for text in (old.text, old.html):
        assert "mon-inscription" not in text
        assert "diop@example.org" not in text
        assert "ci-dessus" not in text
    assert links.personal_url(awa) in new.text
    assert body(new).startswith(
        "Cette adresse est désormais celle de votre inscription. Le lien ci-dessous est nouveau ;"
        " le précédent ne fonctionne plus.\n\nVoici ce qui figure"
    )


def test_a_place_passed_on(awa):
    person = {
        "first_name": "Moussa",
        "last_name": "Sarr x.org",
        "email": "moussa@example.org",
        "function": "",
    }
    services.pass_on(awa, person)
    former, heir = Message.objects.order_by("pk")
    assert (former.to, former.attachments) == ("awa@example.org", [])
    assert (
        body(former)
        == """\
Votre inscription a été transmise à Moussa Sarr x.\u200borg, avec ses sessions. Votre lien personnel et votre badge ne fonctionnent plus.

Si vous n’y êtes pour rien, prévenez l’équipe sans attendre."""
    )
    for text in (former.text, former.html):
        assert "mon-inscription" not in text
        assert "moussa@example.org" not in text
        assert "ci-dessus" not in text
    assert (heir.to, heir.attachments) == ("moussa@example.org", ["badge", "calendar"])
    assert body(heir).startswith("""\
Une inscription vous a été transmise, avec ses sessions : elle est à votre nom. Votre badge et votre agenda sont joints à ce courriel ; imprimez le badge, ou présentez-le sur votre téléphone.

Les besoins (régime alimentaire, accessibilité, interprétation) et les accords (photographies, liste des participant·es, nouvelles) ne se transmettent pas : vous pouvez nous indiquer les vôtres sur votre page personnelle, jusqu’au 4 juin 2999.

Si vous ne pouvez pas venir, annulez""")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_subjects_have_room(dated, person, ten, language):
    """However long the title: of an offer, of one that has run out, of a seat taken back and won."""
    Session.objects.filter(pk=ten.pk).update(
        title_fr="Très " * 40, title_en="Very " * 40, capacity=1, day=dt.date(2999, 9, 30)
    )
    awa = services.register(edition=dated, person=person, language=language)
    until = dt.datetime(2999, 9, 29, 21, 30, tzinfo=dt.UTC)
    services.invite(awa, ten, until=until)
    Booking.objects.filter(state="offered").update(offered_until=UNTIL.replace(year=2000))
    services.settle(ten)
    first = seated(dated, ten, email="first@example.org")
    services.change_sessions(awa, sessions=[], lists=[ten], among=[ten.pk])
    services.cancel(first)
    services.resize(ten, capacity=1, leaving=list(ten.bookings.held()), to_line=False)
    sent = Message.objects.filter(to="awa@example.org", template="seats_changed")
    subjects = [one.subject for one in sent.order_by("pk") if "RAICT, " not in one.subject]
    assert len(subjects) == 4
    assert [subject for subject in subjects if len(subject) > 78 or "…" not in subject] == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("by", Change.By)
@pytest.mark.parametrize("action", Change.Action)
def test_every_change_has_its_sentence(ten, action, by, language):
    with translation.override(language):
        said = sentence(Change(action=action, session=ten, by=by))
    assert said.endswith(".")
    assert "%(" not in said


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("person", "Vous avez rendu votre place dans « Eau et assainissement »."),
        ("team", "Votre place dans « Eau et assainissement » a été rendue."),
    ],
)
def test_you_did_only_what_you_did(ten, by, said):
    change = Change(action=Change.Action.RELEASED, session=ten, by=by)
    assert sentence(change).translate(SPACES) == said
