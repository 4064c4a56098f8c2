"""What the check of a release finds in it: contradictions, and what somebody must answer for."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from events.models import Edition, Figure, PressRelease, Quote
from events.press import publishing
from events.press.checking import findings, refuse_unready, unsigned
from events.tests.factories import EditionFactory, PressReleaseFactory
from raict.errors import DomainError
from registrations.tests.factories import RegistrationFactory
from sessions.models import Appearance, Person
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    """The 15th: more than 500 participants, 12 cafés, 40 % from abroad; two people in its opening."""
    edition = EditionFactory(
        number=15,
        starts_on=dt.date(2024, 10, 23),
        ends_on=dt.date(2024, 10, 24),
        guest_country="CM",
        next_number=16,
        registration_opens_on=dt.date(2024, 6, 15),
        registration_closes_on=dt.date(2024, 10, 10),
        press_contact_name="Claire Presse",
        press_contact_email="presse@example.org",
    )
    for key, value, fields in (
        ("participants", 500, {"qualifier": "more_than"}),
        ("cafes", 12, {}),
        ("geographic_meetings", 6, {}),
        ("foreign_share", 40, {"is_percentage": True}),
        ("embassies", 9, {}),
        ("delegues", 33, {}),
    ):
        Figure.objects.create(
            edition=edition, key=key, value=value, label_fr=key, source="Bilan", **fields
        )
    Figure.objects.filter(key="delegues").update(label_fr="délégués ministériels")
    opening = SessionFactory(edition=edition, kind="opening", title_fr="Ouverture officielle")
    for first, last, function in (
        ("François", "Rebsamen", "Maire de Dijon et Président de Dijon Métropole"),
        ("Frédéric", "Cholé", "Délégué pour les collectivités territoriales"),
    ):
        person = Person.objects.create(slug=last, first_name=first, last_name=last)
        Appearance.objects.create(session=opening, person=person, function_fr=function)
    return edition


def _release(edition, **texts) -> PressRelease:
    texts = {"headline_fr": "Un titre", "lead_fr": "Un chapeau.", "body_fr": "Un texte."} | texts
    return PressReleaseFactory(edition=edition, draft=True, kind="cancellation", **texts)


def _found(edition, text: str, *, field: str = "body") -> list[tuple[str, str]]:
    """(« blocks » or « warns », words) of what is found in a text."""
    release = _release(edition, **{f"{field}_fr": text})
    return [
        ("blocks" if one.is_blocking else "warns", one.excerpt)
        for one in findings(release)
        if one.field == field
    ]


# ------------------------------------------------------------------------------------ numbers
@pytest.mark.parametrize(
    ("text", "found"),
    [
        # As the figure is declared: « plus de 500 » is a floor.
        ("Plus de 500 participants.", [("warns", "Plus de 500 participants")]),
        ("Plus de 450 participants.", [("warns", "Plus de 450 participants")]),
        ("Au moins 500 participants.", [("warns", "Au moins 500 participants")]),
        ("Plus de 501 participants.", [("blocks", "Plus de 501 participants")]),
        ("500 participants.", [("blocks", "500 participants")]),
        ("Près de 500 participants.", [("blocks", "Près de 500 participants")]),
        ("Moins de 600 participants.", [("blocks", "Moins de 600 participants")]),
        # An exact figure.
        ("Les 12 cafés.", [("warns", "12 cafés")]),
        ("Les douze « Cafés des RAICT ».", [("warns", "douze « Cafés des RAICT »")]),
        ("**12 « Cafés des RAICT »**", [("warns", "12 « Cafés des RAICT »")]),
        ("Une douzaine de cafés.", [("warns", "Une douzaine de cafés")]),
        ("Plus de 10 cafés.", [("warns", "Plus de 10 cafés")]),
        ("Près de 13 cafés.", [("warns", "Près de 13 cafés")]),
        ("11 cafés.", [("blocks", "11 cafés")]),
        ("Onze cafés.", [("blocks", "Onze cafés")]),
        ("Plus de 12 cafés.", [("blocks", "Plus de 12 cafés")]),
        ("Près de 20 cafés.", [("blocks", "Près de 20 cafés")]),
        ("Une vingtaine de cafés.", [("blocks", "Une vingtaine de cafés")]),
        ("Au moins 13 cafés.", [("blocks", "Au moins 13 cafés")]),
        ("Cinq réunions géographiques.", [("blocks", "Cinq réunions géographiques")]),
        ("vingt-deux ambassades", [("blocks", "vingt-deux ambassades")]),
        ("1 300 participants", [("blocks", "1 300 participants")]),
        ("1\u202f300 participants", [("blocks", "1 300 participants")]),
        # A sub-count, and a percentage.
        ("dont 9 ambassades", [("warns", "9 ambassades")]),
        ("dont 8 ambassades", [("blocks", "8 ambassades")]),
        ("40 % de participants étrangers", [("warns", "40 % de participants étrangers")]),
        ("42 % de participants étrangers", [("blocks", "42 % de participants étrangers")]),
        # A figure of the team's own, by its label.
        ("34 délégués ministériels", [("blocks", "34 délégués ministériels")]),
        ("33 délégués ministériels", [("warns", "33 délégués ministériels")]),
        # The same number without the noun.
        ("Ils étaient 33 à la tribune.", [("warns", "33")]),
        # A bound figure with a word in front of it.
        (
            "Plus de {{ figure.participants }} participants",
            [("blocks", "Plus de {{ figure.participants }}")],
        ),
        ("plus de {{ figure.cafes }} cafés", [("blocks", "plus de {{ figure.cafes }}")]),
        ("environ {{ figure.cafes }} cafés", []),
        ("plus de {{ figure.participants|nombre }} participants", []),
        ("{{ figure.cafes|plus_de:10 }} cafés", []),
        ("{{ figure.cafes|plus_de:12 }} cafés", [("blocks", "{{ figure.cafes|plus_de:12 }}")]),
        # Said to be none of the figures: somebody answers for it.
        ("{{ nombre:3 }} cafés à Lyon", [("warns", "{{ nombre:3 }}")]),
        # What is no figure.
        ("à 9 h 30, salle 12, en 2024, 33 € par personne, 33 ans", []),
        ("12 cafés par table, 3 ambassades africaines", []),
        ("[33](https://example.org/12-cafes)", [("warns", "33")]),
        # Another edition's.
        ("La 14e édition avait réuni 800 participants.", [("warns", "800 participants")]),
    ],
)
def test_numbers_typed_by_hand(edition, text, found):
    assert [one for one in _found(edition, text) if "édition" not in one[1]] == found


@pytest.fixture
def counts(edition):
    """More figures of the 15th, all exact: the elected are 33 % of the registered."""
    for key, value in {
        "registered": 636,
        "elected": 210,
        "countries": 27,
        "foreign_delegations": 30,
        "speakers": 77,
        "thematic_workshops": 7,
        "plenaries": 3,
    }.items():
        Figure.objects.create(edition=edition, key=key, value=value, source="Bilan")
    return edition


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # In words, beyond the tens.
        ("soixante-dix-sept intervenants", [("warns", "soixante-dix-sept intervenants")]),
        ("Cent vingt intervenants.", [("blocks", "Cent vingt intervenants")]),
        ("Vingt et un pays.", [("blocks", "Vingt et un pays")]),
        ("quatre-vingt-dix intervenants", [("blocks", "quatre-vingt-dix intervenants")]),
        ("un millier d’inscrits", [("blocks", "un millier d’inscrits")]),
        # A label before its number, in a list and in a table.
        ("- Ambassades : 11", [("blocks", "11")]),
        ("| Pays | Inscrits |\n|---|---|\n| Ambassades | 8 |", [("blocks", "8")]),
        # A part larger than its whole, whatever it is called.
        (
            "30 délégations, dont 35 agences",
            [("blocks", "30 délégations, dont 35"), ("warns", "30 délégations")],
        ),
        (
            "{{ figure.foreign_delegations }} délégations, dont 35 agences",
            [("blocks", "{{ figure.foreign_delegations }} délégations, dont 35")],
        ),
        ("{{ figure.foreign_delegations }} délégations, dont {{ figure.embassies }}", []),
        # A share of two known figures, and one of none.
        ("40 % d’élus.", [("blocks", "40 % d’élus")]),
        ("33 % d’élus.", [("warns", "33 % d’élus")]),
        ("40 % d’élus dans les bureaux", [("warns", "40 % d’élus")]),
        ("La moitié des inscrits", [("warns", "La moitié des inscrits")]),
        ("42 % des participants étrangers", [("warns", "42 % des participants étrangers")]),
        (
            "35 % des participants venaient de l’étranger",
            [("blocks", "35 % des participants venaient de l’étranger")],
        ),
        # What may be a part is asked after: less than half, one day, one slot, one session.
        ("Ils ont suivi trois ateliers.", [("warns", "trois ateliers")]),
        ("Les trois ateliers.", [("blocks", "trois ateliers")]),
        ("9 h 30 : 6 ateliers", [("warns", "6 ateliers")]),
        ("Jeudi matin, six ateliers.", [("warns", "six ateliers")]),
        ("La plénière a réuni 400 participants.", [("warns", "400 participants")]),
        # What is no figure of the edition.
        ("40 ateliers par an, 12 élus du Bénin, 15 élus africains", []),
        ("un groupe de 10 inscrits, jusqu’à 40 inscrits, des tables de 8 personnes", []),
        ("présente dans 85 pays, ces 2 pays", []),
        ("À 8:30, au 33 rue de Paris, 33 minutes", []),
        # Beside other years.
        ("En 2019, elle réunissait 80 personnes.", []),
        ("Depuis sa création, 7 000 inscrits.", [("warns", "7 000 inscrits")]),
        # A sentence may begin with a number.
        (
            "La précédente édition était belle. 28 pays sont venus.",
            [("blocks", "28 pays")],
        ),
    ],
)
def test_numbers_in_other_forms(counts, text, found):
    assert _found(counts, text) == found


def test_finding_offers_the_placeholder(edition):
    for text, suggestion in (
        ("12 cafés", "{{ figure.cafes }}"),
        ("douze cafés", "{{ figure.cafes|lettres }}"),
        ("plus de 10 cafés", "{{ figure.cafes|plus_de:10 }}"),
        ("plus de 500 participants", "{{ figure.participants }}"),
        ("11 cafés", "{{ figure.cafes }}"),
    ):
        assert [one.suggestion for one in findings(_release(edition, body_fr=text))] == [suggestion]


def test_english_text_is_read_in_english(edition):
    release = _release(
        edition,
        language="fr+en",
        headline_en="Title",
        lead_en="More than 1,200 participants, 11 cafés, on 22 and 23 October 2024.",
        body_en="Tuesday 23 October 2024. October 23 and 24, 2024. Over 450 attendees.",
    )
    found = [(one.is_blocking, one.excerpt) for one in findings(release)]
    assert found == [
        (True, "More than 1,200 participants"),
        (True, "11 cafés"),
        (True, "22 and 23 October 2024"),
        (True, "Tuesday 23 October 2024"),
        (False, "October 23 and 24, 2024"),
        (False, "Over 450 attendees"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("From October 22 to November 24, 2024.", [(False, "October 22 to November 24, 2024")]),
        ("The fourteenth edition.", [(False, "fourteenth edition")]),
        ("Mali was the guest of honour.", [(True, "Mali")]),
        ("Seventy embassies.", [(True, "Seventy embassies")]),
        ("The Paris Agreement and the New York Declaration.", []),
        ("Two workshops, over lunch at 12:33 p.m.", [(False, "Two workshops")]),
    ],
)
def test_english_forms(edition, text, found):
    release = _release(edition, language="en", headline_en="Title", lead_en="Lead.", body_en=text)
    assert [(one.is_blocking, one.excerpt) for one in findings(release)] == found


def test_other_guest_is_named_in_the_language_of_the_text(edition):
    Edition.objects.filter(pk=edition.pk).update(guest_country="")
    edition.refresh_from_db()
    assert _found(edition, "La Tunisie, pays à l’honneur.") == [("blocks", "Tunisie")]


def test_figure_without_data_warns_only(edition):
    found = _found(edition, "20 journalistes et {{ figure.journalists }} photographes")
    assert found == [("warns", "{{ figure.journalists }}"), ("warns", "20 journalistes")]


def test_counted_figures_are_held_against_the_text(edition):
    for country in ("FR", "SN", "SN"):
        RegistrationFactory(edition=edition, country=country)
    assert _found(edition, "De 2 pays, 3 inscrits.") == [
        ("warns", "2 pays"),
        ("warns", "3 inscrits"),
    ]
    assert _found(edition, "De 3 pays, 2 inscrits.") == [
        ("blocks", "3 pays"),
        ("blocks", "2 inscrits"),
    ]


# -------------------------------------------------------------------------- dates and ordinals
@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("lead", "les 23 et 24 octobre 2024", [("warns", "23 et 24 octobre 2024")]),
        ("lead", "les 22 et 23 octobre 2024", [("blocks", "22 et 23 octobre 2024")]),
        ("body", "du 22 au 24 octobre", [("blocks", "22 au 24 octobre")]),
        ("body", "les 23 et 24 octobre 2023", [("blocks", "23 et 24 octobre 2023")]),
        ("body", "le jeudi 24 octobre", []),
        ("body", "le mardi 24 octobre", [("blocks", "mardi 24 octobre")]),
        ("lead", "organisée le 25 octobre 2024", [("blocks", "25 octobre 2024")]),
        ("body", "signé le 3 mars 2024", [("warns", "3 mars 2024")]),
        ("body", "signé le 6 novembre 2024", []),
        ("body", "Inscriptions jusqu'au 10 octobre", [("warns", "10 octobre")]),
        ("body", "Inscriptions jusqu'au 12 octobre", [("blocks", "12 octobre")]),
        ("body", "Inscriptions ouvertes le 1er juin 2024", [("blocks", "1er juin 2024")]),
        ("headline", "15e édition", [("warns", "15e édition")]),
        ("headline", "14e édition", [("blocks", "14e édition")]),
        ("body", "Après la 14e édition", [("warns", "14e édition")]),
        ("body", "Rendez-vous pour la 16e édition", [("warns", "16e édition")]),
        ("headline", "{{ edition.ordinal }} édition, {{ edition.dates_the }}", []),
        ("headline", "Quatorzième édition", [("blocks", "Quatorzième édition")]),
        ("headline", "XIVe édition", [("blocks", "XIVe édition")]),
        ("headline", "quinzièmes Rencontres", [("warns", "quinzièmes Rencontres")]),
        ("headline", "La 3e édition du Trophée", []),
        ("body", "les 22-23/10/2024", [("blocks", "22-23/10/2024")]),
        ("body", "le 24/10/2024", []),
        ("body", "du 23 au 24 septembre 2024", [("blocks", "23 au 24 septembre 2024")]),
        ("body", "le salon, du 19 au 21 novembre", [("warns", "19 au 21 novembre")]),
        ("lead", "Le bureau, réuni le 18 mai 2024", [("warns", "18 mai 2024")]),
        ("body", "Inscriptions du 15 juin au 10 octobre", [("warns", "15 juin au 10 octobre")]),
        ("body", "Inscriptions du 16 juin au 10 octobre", [("blocks", "16 juin au 10 octobre")]),
        ("body", "Au 20 octobre, les inscriptions affluent", [("warns", "20 octobre")]),
        ("body", "Inscription remboursée avant le 30 juin", [("warns", "30 juin")]),
        ("body", "Cette édition 2023 restera.", [("blocks", "Cette édition 2023")]),
        ("body", "Suivez #RAICT2023.", [("warns", "RAICT2023")]),
    ],
)
def test_dates_that_disagree(edition, field, text, found):
    assert _found(edition, text, field=field) == found


def test_first_dates_of_a_postponed_edition_may_be_told(edition):
    Edition.objects.filter(pk=edition.pk).update(
        first_starts_on=dt.date(2024, 9, 12), first_ends_on=dt.date(2024, 9, 13)
    )
    edition.refresh_from_db()
    assert _found(edition, "prévues les 12 et 13 septembre 2024") == []
    assert _found(edition, "prévues les 13 et 14 septembre 2024") == [
        ("blocks", "13 et 14 septembre 2024")
    ]


# -------------------------------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("François Rebsamen, Maire de Dijon et Président de Dijon Métropole", []),
        ("François REBSAMEN a ouvert", []),
        ("Frédéric Choblet a ouvert", [("warns", "Frédéric Choblet")]),
        ("M. Jean Dupont, élu", [("warns", "Jean Dupont")]),
        ("Claire Presse répond, à Paris, au Pavillon d'Armenonville", []),
        ("l'atelier « Les villes du futur »", [("warns", "Les villes du futur")]),
        ("la séance « Ouverture officielle »", []),
        ("le mot « résilience » revient", []),
        ("Mise à l'honneur du Sénégal", [("blocks", "Sénégal")]),
        ("Mise à l'honneur du Cameroun", []),
        ("Le Sénégal et le Mali coopèrent", []),
        ("Le Cameroun, pays à l'honneur, coopère avec le Mali", []),
        ("Mise à l'honneur des élues du Mali", []),
        ("Mise à l'honneur de la Côte d’Ivoire", [("blocks", "Côte d’Ivoire")]),
        ("L’ambassade du Cameroun, avec Bordeaux Métropole", []),
        ("Le Gabon, invité spécial", [("blocks", "Gabon")]),
        # Accents count in a name, unless it is in capitals.
        ("Frédéric Chole a ouvert", [("warns", "Frédéric Chole")]),
        ("FRÉDÉRIC CHOLE a ouvert", []),
        # Institutions, places, programmes.
        ("L'Université de Lille, la Caisse des Dépôts, le Parc des Expositions de Bordeaux", []),
        ("la gare Saint-Jean, au Square Jean-Jaurès, l'appel Jeunesse VI, Expertise France", []),
    ],
)
def test_names_that_the_programme_does_not_know(edition, text, found):
    assert _found(edition, text) == found


def test_name_close_to_a_known_one_is_mended(edition):
    (found,) = findings(_release(edition, body_fr="François Rebsammen a ouvert."))
    assert found.suggestion == "François Rebsamen"


def test_quotes_are_of_people_of_the_programme_and_approved(edition):
    release = _release(edition)
    quote = Quote.objects.create(
        release=release, position=1, text_fr="Nous étions 11 cafés.", person="Jean Dupont"
    )
    assert [(one.is_blocking, one.excerpt) for one in findings(release)] == [
        (True, "11 cafés"),
        (False, ""),
        (False, "Jean Dupont"),
    ]
    quote.text_fr, quote.person, quote.approved_on = (
        "Bravo.",
        "François Rebsamen",
        dt.date(2024, 11, 5),
    )
    quote.save()
    assert findings(release) == []


# ---------------------------------------------------------------------- placeholders, pictures
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{{ edition.nom }}", 1),
        ("{{ edition.theme }}", 1),  # the edition has none
        ("{{ figure.cafes|plus_de:beaucoup }}", 1),
        ("{{ edition.dates|lettres }}", 1),
        ("{{ quote.1 }}", 1),
        ("{{ edition.dates }", 1),
        ("{{ figure.cafes|lettres|majuscule }} cafés", 0),
    ],
)
def test_placeholders_that_cannot_be_filled_block(edition, text, count):
    Edition.objects.filter(pk=edition.pk).update(theme_fr="", theme_en="")
    edition.refresh_from_db()
    found = findings(_release(edition, body_fr=text))
    assert [one.is_blocking for one in found] == [True] * count


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.png",
        "//example.org/a.png",
        "http://127.0.0.1:8000/media/press/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "/media/press/../partners/a.png",
        "/media/partners/a.png",
        "/media/press/missing.png",
    ],
)
def test_pictures_that_are_not_ours_block_and_are_never_shown(edition, address):
    release = _release(edition, body_fr=f"![Une photo]({address})")
    assert [(one.is_blocking, one.excerpt) for one in findings(release)] == [(True, address)]
    with pytest.raises(DomainError):
        publishing.check(release)


def test_picture_of_the_press_room_needs_words(edition):
    default_storage.save("press/a.png", ContentFile(b"x"))
    assert findings(_release(edition, body_fr="![La salle](/media/press/a.png)")) == []
    (found,) = findings(_release(edition, body_fr="![](/media/press/a.png)"))
    assert found.is_blocking


# ------------------------------------------------------------------------------ what surrounds
def test_translation_contact_and_length_warn(edition):
    Edition.objects.filter(pk=edition.pk).update(press_contact_email="", theme_fr="La paix")
    edition.refresh_from_db()
    release = PressReleaseFactory(edition=edition, draft=True, language="fr+en", kind="report")
    sentences = [(one.is_blocking, one.language, one.field) for one in findings(release)]
    # No translation, no contact, too short.
    assert sentences == [(False, "en", ""), (False, "", ""), (False, "fr", "")]


def test_english_only_release_is_whole_in_english(edition):
    release = _release(edition, language="en", headline_en="Title", lead_en="Lead.")
    assert [(one.is_blocking, one.language) for one in findings(release)] == [(True, "en")]
    release.body_en = "Text."
    assert findings(release) == []


def test_signs_that_no_face_has_are_named(edition):
    found = findings(_release(edition, body_fr="Bravo 🎉 à « tous » – été, Łódź, 東京, 🎉."))
    assert [(one.is_blocking, one.excerpt) for one in found] == [(False, "🎉")]


def test_long_release_warns_of_its_pages(edition):
    text = "\n\n".join(["Un paragraphe de bonne longueur pour remplir la page. " * 12] * 20)
    (found,) = findings(_release(edition, body_fr=text))
    assert (found.is_blocking, "pages" in found.sentence) == (False, True)


# ----------------------------------------------------------------------------------- sign-off
def test_contradiction_blocks_and_cannot_be_signed(edition):
    release = _release(edition, body_fr="11 cafés.")
    (found,) = findings(release)
    assert publishing.sign(release, {found.fingerprint: "Je le sais bien."}) == 0
    with pytest.raises(DomainError):
        publishing.check(release)


def test_warning_holds_until_it_is_signed_with_a_reason(edition, admin_user):
    release = _release(edition, body_fr="Jean Dupont a parlé.")
    (found,) = findings(release)
    with pytest.raises(DomainError):
        refuse_unready(release)
    assert publishing.sign(release, {found.fingerprint: "  "}, user=admin_user) == 0
    assert (
        publishing.sign(release, {found.fingerprint: "Invité de la veille."}, user=admin_user) == 1
    )
    assert unsigned(release, [found]) == []
    publishing.check(release, user=admin_user)
    signed = release.sign_offs.get()
    assert (signed.reason, signed.user) == ("Invité de la veille.", admin_user)


def test_signature_does_not_cover_other_words(edition):
    release = _release(edition, body_fr="Jean Dupont a parlé.")
    (found,) = findings(release)
    publishing.sign(release, {found.fingerprint: "Invité."})
    release.body_fr = "Jean Durand a parlé."
    release.save()
    assert len(unsigned(release, findings(release))) == 1
