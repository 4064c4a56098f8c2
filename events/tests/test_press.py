"""The press room: text bound to the edition, page, PDF, plain text, cache."""

import datetime as dt
import io
import re
import threading
import time
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from events.models import Edition, Figure, Partner, PressRelease
from events.press import documents
from events.press.documents import ReleasePDF, ReleaseText
from events.press.plain import blocks
from events.press.text import check_placeholders, filled, known_names, values
from events.press.writing import written
from events.tests.factories import EditionFactory, PartnerFactory, PressReleaseFactory
from raict.errors import DomainError
from sessions.models import Session

pytestmark = pytest.mark.django_db

SEED = """
Mercredi 23 et jeudi 24 octobre 2024 – Pavillon d'Armenonville – Paris
Avec le concours de :
Ministère de l'Europe et des Affaires étrangères
COMMUNIQUÉ DE PRESSE :
15e édition des « Rencontres de l'action internationale des collectivités territoriales » : Plus de 500 participants de plus de 20 pays réunis pour une édition marquante organisée par Cités Unies France !
Paris, le 6 novembre 2024
La 15e édition des « Rencontres de l'action internationale des collectivités territoriales (AICT) », organisée les 23 et 24 octobre 2024, au Pavillon d'Armenonville à Paris, a une nouvelle fois connu un vif succès.
Plus de 500 participants, dont des élus, des techniciens, et des représentants de plus de 20 pays, ont pris part à cet événement incontournable pour échanger autour des enjeux globaux de l'internationalisation des territoires et des spécificités de la coopération décentralisée.
Pour la session de l'ouverture officielle de cette édition, François Rebsamen, Maire de Dijon et Président de Dijon Métropole, représentant le nouveau président de CUF, Michaël Delafosse, ainsi que Frédéric Cholé, Délégué pour les collectivités territoriales et la société civile (DCTCIV) au Ministère de l'Europe et des Affaires étrangères, et Arnaud Ngatcha, Adjoint à la Maire de Paris chargé de l'Europe, des relations internationales et de la francophonie, ont mis en avant l'importance croissante du rôle des collectivités territoriales dans les dynamiques de coopération internationale.
La séance plénière qui s'est articulée autour de l'axe suivant : « La Diplomatie des territoires : les singularités de la coopération décentralisée » a permis d'explorer les nombreuses facettes et enjeux stratégiques de cette coopération décentralisée, ici et là-bas dans un contexte mondial marqué par des crises et des transformations profondes.
Des échanges fructueux et des perspectives d'avenir
Ces deux journées ont été rythmées par 6 réunions géographiques et 6 ateliers thématiques, consacrés aux réussites et initiatives phares de la coopération décentralisée.
Ces sessions ont offert une vision des perspectives d'avenir et des défis de cette coopération, en soulignant l'importance de la mutualisation des savoir-faire, des échanges d'expériences et la réciprocité.
À l'issue du cocktail-déjeuner, 12 « Cafés des RAICT » se sont tenus en simultané, permettant aux participants d'approfondir leurs discussions avec les intervenants autour de projets et de démarches innovantes menées par les collectivités territoriales françaises et les associations de pouvoir local.
Mise à l'honneur du Cameroun : un pays en pleine expansion de coopération
Pour la première fois cette année, Cités Unies France a choisi de mettre à l'honneur un pays avec un potentiel de coopération prometteur.
Le Cameroun, représenté notamment par les membres du Ministère de la Décentralisation et du Développement local - MINDDEVEL, a été célébré lors d'une plénière dédiée, offrant ainsi un aperçu des opportunités de partenariats et du dynamisme des projets de coopération dans ce pays.
Cités Unies France tient à remercier chaleureusement ses partenaires, dont le Ministère de l'Europe et des Affaires étrangères, la Délégation pour les collectivités territoriales et la société civile (DCTCIV) du MEAE, l'Agence Française de Développement (AFD), et le projet PLATFORMA cofinancé par l'Union européenne, pour leur soutien dans l'organisation de cette édition 2024.
Enfin, un grand merci aux adhérents, intervenants, exposants et participants qui ont contribué à faire de cette édition un succès.
Rendez-vous en juin 2025 pour la 16e édition des « Rencontres de l'action internationale des collectivités territoriales » pour fêter avec nous les 50 ans de l'association !
À propos de Cités Unies France :
Créée en 1975, Cités Unies France fédère les collectivités territoriales françaises qui ont fait le choix de s'engager à l'international en tissant des liens avec une ou plusieurs collectivités étrangères.
L'association défend l'idée de coopération de territoire à territoire et met en avant les retombées positives en France de l'action internationale.
Pour plus d'informations : www.cites-unies-france.org
Site dédié aux Rencontres : http://raict.org
@CitesUniesFR #RencontresAICT2024
Contact presse : Katarina Fotic, Responsable Communication / Événementiel / Publications.
Courriel : k.fotic@cites-unies-france.org
""".strip().split("\n")


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    """Documents are kept in the test's own folder; the unpacked faces stay where they are."""
    settings.VAR = tmp_path


@pytest.fixture
def communique():
    path = site.BASE_DIR / "events" / "editions" / "15.toml"
    call_command("load_edition", path, verbosity=0)
    return PressRelease.objects.get(edition__number=15)


def _plain(text: str) -> str:
    """Spaces and apostrophes made the same; the rest must be equal."""
    return re.sub(r"\s+", "", text).replace("'", "’")


def _pdf_text(pdf: bytes) -> str:
    """The words of all pages, without the line at the foot of each."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    foot = re.compile(
        r"Contact\s+presse\s*:\s*Katarina Fotic · k\.fotic@cites-unies-france\.org\s*"
    )
    foot_number = re.compile(r"\d\s*/\s*\d\s*$")
    return "\n".join(foot_number.sub("", foot.sub("", page.extract_text())) for page in pages)


def _assert_in_order(text: str, sentences: list[str]) -> None:
    whole, at = _plain(text), 0
    for sentence in sentences:
        found = whole.find(_plain(sentence), at)
        assert found >= at, f"not in order, or not there: {sentence}"
        at = found + len(_plain(sentence))


@pytest.mark.parametrize("medium", ["pdf", "txt", "html"])
def test_communique_holds_every_sentence_of_the_original_in_order(communique, client, medium):
    with override("fr"):
        said = written(communique)
        if medium == "pdf":
            _assert_in_order(_pdf_text(ReleasePDF(said).content()), SEED)
        elif medium == "txt":
            _assert_in_order(ReleaseText(said).text, SEED)
        else:
            page = client.get(communique.get_absolute_url()).content.decode()
            text = "\n".join(text for _tag, text in blocks(page[page.index("<article") :]))
            _assert_in_order(re.sub(r"\(https?:[^)]*\)", "", text), SEED[6:-2])


def _text(release: PressRelease) -> str:
    with override("fr"):
        return _plain(ReleaseText(written(PressRelease.objects.get(pk=release.pk))).text)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"number": 17}, "15e édition des « Rencontres", "17e édition des « Rencontres"),
        ({"starts_on": dt.date(2024, 10, 22)}, "les 23 et 24 octobre", "les du 22 au 24 octobre"),
        ({"starts_on": dt.date(2024, 10, 22)}, "Ces deux journées", "Ces trois journées"),
        ({"next_number": 18}, "pour la 16e édition", "pour la 18e édition"),
        ({"next_when_fr": "mai 2026"}, "Rendez-vous en juin 2025", "Rendez-vous en mai 2026"),
        ({"guest_country": "DZ"}, "à l'honneur du Cameroun", "à l'honneur de l'Algérie"),
        ({"organiser_founded": 1976}, "Créée en 1975", "Créée en 1976"),
    ],
)
def test_changing_the_edition_changes_the_text(communique, change, before, after):
    text = _text(communique)
    assert (_plain(before) in text, _plain(after) in text) == (True, False)
    Edition.objects.filter(number=15).update(**change)
    text = _text(communique)
    assert (_plain(before) in text, _plain(after) in text) == (False, True)


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("participants", 620, "Plus de 500 participants,", "Plus de 620 participants,"),
        ("countries", 31, "de plus de 20 pays réunis", "de plus de 31 pays réunis"),
        ("anniversary", 60, "les 50 ans de", "les 60 ans de"),
    ],
)
def test_changing_a_declared_figure_changes_the_text(communique, key, value, before, after):
    assert _plain(before) in _text(communique)
    Figure.objects.filter(edition__number=15, key=key).update(value=value)
    text = _text(communique)
    assert (_plain(before) in text, _plain(after) in text) == (False, True)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("geographic_meeting", "6 réunions géographiques", "5 réunions géographiques"),
        ("thematic_workshop", "6 ateliers thématiques", "5 ateliers thématiques"),
        ("cafe", "12 « Cafés des RAICT »", "11 « Cafés des RAICT »"),
    ],
)
def test_changing_the_programme_changes_the_text(communique, kind, before, after):
    assert _plain(before) in _text(communique)
    Session.objects.filter(edition__number=15, kind=kind).first().delete()
    text = _text(communique)
    assert (_plain(before) in text, _plain(after) in text) == (False, True)


def test_pdf_is_tagged_with_outline_title_author_and_page_numbers(communique):
    with override("fr"):
        content = ReleasePDF(written(communique)).content()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert str(pdf.docinfo["/Title"])[:30] == "15e édition des «\u202fRencontres d"
        assert str(pdf.docinfo["/Author"]) == "Cités Unies France"
        assert len(pdf.pages) == 2
        with pdf.open_outline() as outline:
            headings = [item.title for item in outline.root[0].children]
    assert [heading[:20] for heading in headings] == [
        "Des échanges fructue",
        "Mise à l’honneur du ",
        "À propos de Cités Un",
    ]
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert [_plain(page)[-3:] for page in pages] == ["1/2", "2/2"]


# ------------------------------------------------------------------------------- placeholders
def test_unknown_placeholders_are_named_with_the_known_ones():
    edition = EditionFactory(number=12)
    problems = check_placeholders(
        "{{ edition.nom }} {{ figure.cafes }} {{ edition.year|upper }}", edition
    )
    assert len(problems) == 2
    assert "{{ edition.nom }}" in problems[0]
    assert ", ".join(known_names()) in problems[0]
    assert "{{ edition.year|upper }}" in problems[1]
    assert len(check_placeholders("{{ edition.year } et {{", edition)) == 1
    assert check_placeholders("{{edition.year}} {{ edition.dates | majuscule }}", edition) == []


def test_placeholder_without_a_value_is_a_problem():
    edition = EditionFactory(guest_country="")
    assert len(check_placeholders("{{ edition.guest_country_of }}", edition)) == 1


def test_staff_text_is_never_evaluated():
    with pytest.raises(DomainError):
        filled("{{ edition.delete }}", {"edition.year": "2024"})
    assert filled("{% include 'x' %} {{ edition.year }}", {"edition.year": "2024"}) == (
        "{% include 'x' %} 2024"
    )


def test_values_are_text_and_not_markdown_or_markup(client):
    edition = EditionFactory(hashtag="#Rencontres*2024*", handle="<script>alert(1)</script>")
    release = PressReleaseFactory(
        edition=edition,
        body_fr="{{ edition.hashtag }}\n\n{{ edition.handle }}\n\n<img src=x onerror=y> ![a](http://a.org/b.png)",
    )
    with override("fr"):
        body = written(release).body
    assert "#Rencontres*2024*" in body
    assert ("<script" in body, "<img" in body, "<h1" in body) == (False, False, False)


# -------------------------------------------------------------------------------------- pages
def test_press_room_lists_published_releases_newest_first(client, django_assert_num_queries):
    assert "Aucun communiqué" in client.get(reverse("events:press")).content.decode()
    old = PressReleaseFactory(headline_fr="Ancien", issued_on=dt.date(2023, 5, 1))
    with django_assert_num_queries(6):
        client.get(reverse("events:press"))
    demo = EditionFactory(number=0, is_demonstration=True)
    PressReleaseFactory(headline_fr="Essai", edition=demo, issued_on=dt.date(2025, 5, 1))
    PressReleaseFactory(headline_fr="Brouillon", state="draft")
    PressReleaseFactory(headline_fr="Nouveau", issued_on=dt.date(2024, 5, 1), edition=old.edition)
    PressReleaseFactory(headline_fr="Secret", edition__state="draft")
    with django_assert_num_queries(6):
        page = client.get(reverse("events:press")).content.decode()
    titles = [text for tag, text in blocks(page[page.index("<main") :]) if tag == "h3"]
    assert [title.split(" (")[0] for title in titles] == ["Essai", "Nouveau", "Ancien"]
    assert page.count(">démonstration<") == 1


def test_page_shows_contact_partners_and_files(client):
    edition = EditionFactory(
        press_contact_name="Claire Presse", press_contact_email="p@example.org"
    )
    PartnerFactory(
        edition=edition, kind=Partner.Kind.SUPPORT, name_fr="Le Ministère", motto="Devise"
    )
    PartnerFactory(edition=edition, name_fr="Un partenaire")
    release = PressReleaseFactory(edition=edition)
    page = client.get(release.get_absolute_url()).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert (main.count("<h1"), "mailto:p@example.org" in main) == (1, True)
    assert ("Le Ministère" in main, "Devise" in main, "Un partenaire" in main) == (
        True,
        True,
        False,
    )
    assert (f"/presse/{release.slug}.pdf" in main, f"/presse/{release.slug}.txt" in main) == (
        True,
        True,
    )


def test_french_only_release_says_so_on_the_english_page(client):
    release = PressReleaseFactory()
    page = client.get(f"/en/presse/{release.slug}/").content.decode()
    assert '<article class="release" lang="fr">' in " ".join(page.split())
    assert "published in French only" in page
    release.headline_en, release.lead_en, release.body_en = "Title", "Lead.", "Text."
    release.save()
    page = client.get(f"/en/presse/{release.slug}/").content.decode()
    assert ("published in French only" in page, "<h1>Title</h1>" in page) == (False, True)


def test_drafts_are_not_found(client):
    drafts = [PressReleaseFactory(state="draft"), PressReleaseFactory(edition__state="draft")]
    for release in drafts:
        for name in ("release", "release_pdf", "release_text"):
            assert client.get(reverse(f"events:{name}", args=[release.slug])).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [("release_pdf", "application/pdf"), ("release_text", "text/plain; charset=utf-8")],
)
def test_files_answer_304_to_who_has_them_and_change_with_the_text(client, name, kind):
    release = PressReleaseFactory()
    url = reverse(f"events:{name}", args=[release.slug])
    first = client.get(url)
    assert (first.status_code, first["Content-Type"]) == (200, kind)
    assert first["Cache-Control"] == "public, max-age=60"
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    head = client.head(url)
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))
    release.headline_fr = "Un autre titre"
    release.save()
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second["ETag"] == first["ETag"]) == (200, False)


def test_304_and_second_request_print_nothing(client, monkeypatch):
    release = PressReleaseFactory()
    url = reverse("events:release_pdf", args=[release.slug])
    first = client.get(url)
    monkeypatch.setattr(documents, "render_pdf", None)  # whoever prints now, fails
    assert client.get(url).content == first.content
    answer = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_cache_keeps_the_last_state_of_a_document_only(client, settings):
    release = PressReleaseFactory()
    url = reverse("events:release_pdf", args=[release.slug])
    for title in ("Un", "Deux", "Trois"):
        release.headline_fr = title
        release.save()
        client.get(url)
    folder = Path(settings.VAR) / "cache" / "documents"
    assert len(list(folder.glob("*.pdf"))) == 1
    assert (
        sorted(path.suffix for path in folder.iterdir() if path.suffix not in {".pdf", ".lock"})
        == []
    )


def test_several_first_requests_make_one_document(monkeypatch):
    with override("fr"):
        document = ReleasePDF(written(PressReleaseFactory()))
        document.html  # noqa: B018 -- read the database here, not in the threads
    made, print_it = [], documents.render_pdf

    def slow(*args, **kwargs):
        made.append(1)
        time.sleep(0.2)
        return print_it(*args, **kwargs)

    monkeypatch.setattr(documents, "render_pdf", slow)
    contents = []
    threads = [
        threading.Thread(target=lambda: contents.append(document.content())) for _i in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(contents), len(set(contents))) == (1, 5, 1)


def test_demonstration_is_said_on_every_document(client):
    edition = EditionFactory(number=0, is_demonstration=True)
    release = PressReleaseFactory(edition=edition)
    with override("fr"):
        said = written(release)
        label = "Édition de démonstration"
        assert label in ReleaseText(said).text
        assert _plain(label) in _plain(_pdf_text(ReleasePDF(said).content()))


def test_plain_text_keeps_lists_links_and_a_width():
    edition = EditionFactory()
    release = PressReleaseFactory(
        edition=edition,
        body_fr="## Titre\n\nVoir [le site](https://example.org/page).\n\n1. un\n2. deux\n\n- trois\n\n"
        + "mot " * 60,
    )
    with override("fr"):
        text = ReleaseText(written(release)).text
    assert "Voir le site (https://example.org/page)." in text
    assert "1. un\n2. deux" in text
    assert "- trois" in text
    assert max(map(len, text.split("\n"))) <= 78


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        (1, "le 5 mai 2026", "5 May 2026"),
        (2, "les 5 et 6 mai 2026", "5 and 6 May 2026"),
        (3, "du 5 au 7 mai 2026", "5 to 7 May 2026"),
    ],
)
def test_dates_with_their_article_fit_any_number_of_days(days, french, english):
    first = dt.date(2026, 5, 5)
    edition = EditionFactory(starts_on=first, ends_on=first + dt.timedelta(days - 1))
    said = []
    for language in ("fr", "en"):
        with override(language):
            said.append(str(values(edition)["edition.dates_the"]).replace("\xa0", " "))
    assert said == [french, english]
