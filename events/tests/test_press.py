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
from events.press import documents, publishing
from events.press.documents import pdf_file, release_pdf
from events.press.plain import WIDTH, blocks, plain_text
from events.press.reading import head_of
from events.press.text import filled, placeholder_problems, values
from events.press.writing import write
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
    address = communique.get_absolute_url()
    if medium == "html":
        page = client.get(address).content.decode()
        text = "\n".join(text for _tag, text in blocks(page[page.index("<article") :]))
        _assert_in_order(re.sub(r"\(https?:[^)]*\)", "", text), SEED[6:-2])
        return
    content = client.get(f"{address.rstrip('/')}.{medium}").content
    _assert_in_order(_pdf_text(content) if medium == "pdf" else content.decode(), SEED)


def _text(release: PressRelease) -> str:
    return _plain(plain_text(write(PressRelease.objects.get(pk=release.pk), "fr")))


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
    content = bytes(communique.publications.get().pdf)
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
    known = values(EditionFactory(number=12))
    problems = placeholder_problems(
        "{{ edition.nom }} {{ figure.cafes }} {{ edition.year|upper }}", known
    )
    assert len(problems) == 2
    assert "{{ edition.nom }}" in problems[0]
    assert ", ".join(known) in problems[0]
    assert "{{ edition.year|upper }}" in problems[1]
    assert len(placeholder_problems("{{ edition.year } et {{", known)) == 1
    assert placeholder_problems("{{edition.year}} {{ edition.dates | majuscule }}", known) == []


def test_placeholder_without_a_value_is_a_problem():
    known = values(EditionFactory(guest_country=""))
    assert len(placeholder_problems("{{ edition.guest_country_of }}", known)) == 1


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("{{ figure.cafes }}", "12", "12"),
        ("{{ figure.cafes|lettres|majuscule }}", "Douze", "Twelve"),
        ("{{ figure.cafes|plus_de:10 }}", "plus de 10", "more than 10"),
        ("{{ figure.participants }}", "plus de 1 300", "more than 1,300"),
        ("{{ figure.participants|nombre }}", "1 300", "1,300"),
        ("{{ figure.participants|plus_de:1 000 }}", "plus de 1 000", "more than 1,000"),
        ("{{ nombre:4 }}", "4", "4"),
    ],
)
def test_figures_are_written_in_many_ways(text, french, english):
    edition = EditionFactory()
    for key, value, qualifier in (("cafes", 12, "exact"), ("participants", 1300, "more_than")):
        Figure.objects.create(
            edition=edition, key=key, value=value, label_fr=key, source="x", qualifier=qualifier
        )
    said = []
    for language in ("fr", "en"):
        with override(language):
            said.append(re.sub(r"[\xa0\u202f]", " ", filled(text, values(edition))))
    assert said == [french, english]


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
    body = write(release, "fr").body
    assert "#Rencontres*2024*" in body
    assert ("<script" in body, "<img" in body, "<h1" in body) == (False, False, False)


# -------------------------------------------------------------------------------------- pages
def test_press_room_lists_published_releases_newest_first(client, django_assert_num_queries):
    assert "Aucun communiqué" in client.get(reverse("events:press")).content.decode()
    old = PressReleaseFactory(headline_fr="Ancien", issued_on=dt.date(2023, 5, 1))
    with django_assert_num_queries(2):
        client.get(reverse("events:press"))
    demo = EditionFactory(number=0, is_demonstration=True)
    PressReleaseFactory(headline_fr="Essai", edition=demo, issued_on=dt.date(2025, 5, 1))
    PressReleaseFactory(headline_fr="Brouillon", draft=True)
    PressReleaseFactory(headline_fr="Nouveau", issued_on=dt.date(2024, 5, 1), edition=old.edition)
    PressReleaseFactory(headline_fr="Secret", edition__state="draft")
    with django_assert_num_queries(2):
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
    both = PressReleaseFactory(
        language="fr+en", headline_en="Title", lead_en="Lead.", body_en="Text."
    )
    page = client.get(f"/en/presse/{both.slug}/").content.decode()
    assert ("published in French only" in page, "<h1>Title</h1>" in page) == (False, True)


def test_english_only_release_says_so_on_the_french_page(client):
    release = PressReleaseFactory(
        language="en", headline_en="Title", lead_en="Lead.", body_en="Text.", headline_fr="Titre"
    )
    page = client.get(release.get_absolute_url()).content.decode()
    assert '<article class="release" lang="en">' in " ".join(page.split())
    assert ("<h1>Title</h1>" in page, "Titre" in page) == (True, False)
    assert release.publications.get().language == "en"


def test_drafts_are_not_found(client):
    drafts = [PressReleaseFactory(draft=True), PressReleaseFactory(edition__state="draft")]
    for release in drafts:
        for name in ("release", "release_pdf", "release_text"):
            assert client.get(reverse(f"events:{name}", args=[release.slug])).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [("release_pdf", "application/pdf"), ("release_text", "text/plain; charset=utf-8")],
)
def test_files_answer_304_to_who_has_them_and_change_when_published_anew(
    client, name, kind, django_capture_on_commit_callbacks
):
    release = PressReleaseFactory()
    url = reverse(f"events:{name}", args=[release.slug])
    first = client.get(url)
    content = first.content
    assert (first.status_code, first["Content-Type"]) == (200, kind)
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    assert client.head(url)["Content-Length"] == str(len(content))
    release.headline_fr = "Un autre titre"
    release.save()
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    with django_capture_on_commit_callbacks(execute=True):
        publishing.freeze(release)
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second["ETag"] == first["ETag"]) == (200, False)


def test_pdf_is_the_one_that_was_published_and_is_never_made_again(client, monkeypatch, settings):
    release = PressReleaseFactory()
    url = reverse("events:release_pdf", args=[release.slug])
    monkeypatch.setattr(documents, "render_pdf", None)  # whoever prints now, fails
    kept = bytes(release.publications.get().pdf)
    assert client.get(url).content == kept
    for file in (Path(settings.VAR) / "cache" / "documents").glob("*.pdf"):
        file.unlink()
    assert client.get(url).content == kept


def test_one_query_serves_a_file(client, django_assert_num_queries):
    url = reverse("events:release_pdf", args=[PressReleaseFactory().slug])
    client.get(url)
    with django_assert_num_queries(1):
        client.get(url)


def test_cache_keeps_the_last_state_of_a_document_only(client, settings):
    release = PressReleaseFactory()
    url = reverse("events:release_pdf", args=[release.slug])
    for title in ("Un", "Deux", "Trois"):
        release.headline_fr = title
        release.save()
        publishing.freeze(release)
        client.get(url)
    folder = Path(settings.VAR) / "cache" / "documents"
    assert len(list(folder.glob("*.pdf"))) == 1
    assert (
        sorted(path.suffix for path in folder.iterdir() if path.suffix not in {".pdf", ".lock"})
        == []
    )


def test_several_first_requests_lay_one_file(monkeypatch):
    release = PressReleaseFactory()
    publication = head_of(PressRelease.objects.public(), release.slug)
    whole = release.publications.get()  # read here, not in the threads
    made, keep = [], documents._keep

    def slow(path, content):
        made.append(1)
        time.sleep(0.2)
        keep(path, content)

    monkeypatch.setattr(documents, "_whole", lambda _row: whole)
    monkeypatch.setattr(documents, "_keep", slow)
    contents = []
    threads = [
        threading.Thread(target=lambda: contents.append(pdf_file(publication).read_bytes()))
        for _i in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(contents), len(set(contents))) == (1, 5, 1)


def test_demonstration_is_said_on_every_document():
    edition = EditionFactory(number=0, is_demonstration=True)
    written = write(PressReleaseFactory(edition=edition, draft=True), "fr")
    label = "Édition de démonstration"
    assert label in plain_text(written)
    assert _plain(label) in _plain(_pdf_text(release_pdf(written)))


def test_plain_text_keeps_lists_and_links():
    edition = EditionFactory()
    release = PressReleaseFactory(
        edition=edition,
        draft=True,
        body_fr="## Titre\n\nVoir [le site](https://example.org/page).\n\n1. un\n2. deux\n\n- trois\n\n"
        "une\nligne  \net une autre",
    )
    text = plain_text(write(release, "fr"))
    assert "Voir le site (https://example.org/page)." in text
    assert "1. un\n2. deux" in text
    assert "- trois" in text
    assert "une ligne\net une autre" in text


def test_paragraph_is_one_line_to_paste_and_lines_of_a_mail_are_short():
    said = f"{'mot ' * 60}fin."
    release = PressReleaseFactory(
        draft=True, headline_fr="titre " * 20, body_fr=said.replace("mot mot", "mot\nmot", 5)
    )
    written = write(release, "fr")
    assert said in plain_text(written).split("\n")
    mailed = plain_text(written, WIDTH)
    assert said not in mailed
    assert said in mailed.replace("\n", " ")
    assert max(map(len, mailed.split("\n"))) <= WIDTH == 78


def test_plain_text_keeps_lists_in_lists_and_rows_of_tables():
    release = PressReleaseFactory(
        draft=True,
        body_fr="- un\n    - dont "
        + "mot " * 30
        + "\n- deux\n\n| Jour | Quoi |\n|---|---|\n| lundi | rien |",
    )
    long = f"  - dont {'mot ' * 16}mot\n    {'mot ' * 12}mot"
    expected = f"- un\n{long}\n- deux\n\nJour | Quoi\nlundi | rien\n"
    assert (
        plain_text(write(release, "fr"), WIDTH).partition("Un chapeau.\n\n")[2][: len(expected)]
        == expected
    )


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


# --------------------------------------------------------------------------- quotes, contacts
def test_quote_stands_where_its_placeholder_is_and_the_others_at_the_end():
    quotes = [
        {"text_fr": "Quel « succès » !", "person": "Awa Ba", "function_fr": "Maire d'Ici"},
        {"text_fr": "À l'an prochain", "person": "Jean <b>Gras</b>"},
    ]
    release = PressReleaseFactory(
        draft=True, body_fr="Avant\n\n{{ quote.1 }}\n\nAprès", quotes=quotes
    )
    body = write(release, "fr").body
    assert [text for _tag, text in blocks(body)] == [
        "Avant",
        "«\u202fQuel «\u202fsuccès\u202f»\u202f!\u202f»",
        "Awa Ba, Maire d’Ici",
        "Après",
        "«\u202fÀ l’an prochain\u202f»",
        "Jean <b>Gras</b>",
    ]
    assert "<b>" not in body


def test_quote_may_stand_in_a_sentence():
    release = PressReleaseFactory(
        draft=True, lead_fr="Il dit : {{ quote.1 }}.", quotes=[{"text_fr": "Oui", "person": "Lui"}]
    )
    assert write(release, "fr").lead == "<p>Il dit\xa0: «\u202fOui\u202f».</p>"


def test_own_contacts_take_the_place_of_the_editions():
    edition = EditionFactory(press_contact_name="Claire", press_contact_email="c@example.org")
    release = PressReleaseFactory(edition=edition, draft=True)
    assert [one.name for one in write(release, "fr").contacts] == ["Claire"]
    for name in ("Ali", "Bea"):
        release.contacts.create(name=name, telephone="01 00 00 00 00")
    written = write(release, "fr")
    assert [one.name for one in written.contacts] == ["Ali", "Bea"]
    text = plain_text(written)
    assert (text.count("Contact presse"), text.count("01 00 00 00 00")) == (2, 2)
