"""Releases under embargo: for accredited people by their personal link, and for nobody else."""

import datetime as dt
import io

import docx
import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import PressRelease
from events.press import publishing
from events.tests.factories import EditionFactory, PressReleaseFactory
from registrations import services
from registrations.links import personal_path
from registrations.models import Accreditation, Registration
from registrations.tests.factories import RegistrationFactory
from registrations.tests.pages import page_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SECRET = "Quarante villes signent à Dakar"
FILES = ("press_release", "press_pdf", "press_text")


@pytest.fixture(autouse=True)
def _own_documents(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def embargoed(edition):
    """Published, and for accredited people alone for a week."""
    return PressReleaseFactory(
        edition=edition,
        slug="dakar",
        headline_fr=SECRET,
        lead_fr=f"{SECRET} demain.",
        embargo_until=timezone.now() + dt.timedelta(days=7),
    )


def open_(client, address):
    """The answer; its file is closed once it is read."""
    response = client.get(address)
    response.body = response.getvalue()
    return response


def answers(client, registration, slug="dakar") -> list[int]:
    return [open_(client, page_of(registration, name, slug)).status_code for name in FILES]


def body(client, address) -> str:
    return open_(client, address).body.decode("utf-8", "replace")


# ------------------------------------------------------------------------------------- who may
def test_accredited_people_read_it_before_everybody(client, accredited, embargoed):
    page = client.get(page_of(accredited))
    assert text_of(page).count(SECRET) == 1
    assert text_of(page).count("Under embargo until") == 1
    assert answers(client, accredited) == [200, 200, 200]


def test_the_page_states_the_embargo_to_the_minute(client, accredited, embargoed):
    until = dt.datetime(2999, 10, 24, 7, 30, tzinfo=dt.UTC)
    PressRelease.objects.update(embargo_until=until)
    words = "Under embargo until Thursday 24 October 2999 at 9:30"
    for name, places in (("personal", ()), ("press_release", ("dakar",))):
        page = text_of(client.get(page_of(accredited, name, *places)))
        assert page.replace("\N{NO-BREAK SPACE}", " ").count(words) == 1


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_it_is_kept_or_indexed(client, accredited, embargoed, name):
    response = open_(client, page_of(accredited, name, "dakar"))
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("name", "ending"), [("press_pdf", "pdf"), ("press_text", "txt")])
def test_files_are_named_for_the_embargo_while_it_holds(
    client, accredited, embargoed, name, ending
):
    response = open_(client, page_of(accredited, name, "dakar"))
    assert response["Content-Disposition"] == f'inline; filename="embargo-dakar.{ending}"'
    PressRelease.objects.update(embargo_until=timezone.now())
    for address in (page_of(accredited, name, "dakar"), f"/presse/dakar.{ending}"):
        response = open_(client, address)
        assert response["Content-Disposition"] == f'inline; filename="dakar.{ending}"'


def test_every_file_says_until_when_and_the_public_ones_are_as_published(
    client, accredited, embargoed
):
    frozen = bytes(embargoed.publications.get().pdf)
    for day in (24, 25):  # a file that was made for one moment is not shown for another
        until = dt.datetime(2999, 10, day, 7, 30, tzinfo=dt.UTC)
        PressRelease.objects.update(embargo_until=until)
        words = f"Sous embargo jusqu’au {'jeudi' if day == 24 else 'vendredi'} {day} octobre 2999"
        assert [words in text for text in _files(client, accredited)] == [True] * 3
    PressRelease.objects.update(embargo_until=timezone.now())
    texts = _files(client, accredited)
    assert [("embargo" in text, SECRET in text) for text in texts] == [(False, True)] * 3
    assert open_(client, "/presse/dakar.pdf").body == frozen


def _files(client, accredited) -> list[str]:
    """What their reader sees in PDF, Word and text."""
    pdf, word, plain = (
        open_(client, page_of(accredited, name, "dakar")).body
        for name in ("press_pdf", "press_docx", "press_text")
    )
    pages = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    paragraphs = "\n".join(one.text for one in docx.Document(io.BytesIO(word)).paragraphs)
    return [" ".join(text.split()) for text in (pages, paragraphs, plain.decode())]


def test_after_the_embargo_the_page_leads_to_the_public_one(client, accredited, embargoed):
    PressRelease.objects.update(embargo_until=timezone.now())
    page = client.get(page_of(accredited, "press_release", "dakar")).content.decode()
    assert (page.count('href="/en/presse/dakar/"'), "embargo until" in page) == (1, False)


def test_who_waits_for_a_place_is_accredited_all_the_same(client, edition, press, journalist):
    edition.capacity = 0
    edition.save()
    release = PressReleaseFactory(
        edition=edition, embargo_until=timezone.now() + dt.timedelta(days=1)
    )
    lea = services.ask_accreditation(edition=edition, person=journalist, language="en")
    services.accredit(lea)
    assert lea.registration.state == "waiting"
    assert answers(client, lea.registration, release.slug) == [200, 200, 200]


# --------------------------------------------------------------------------------- who may not
def withdraw(registration):
    services.refuse_accreditation(Accreditation.objects.get(), reason="Non.", seen="accepted")


def cancel(registration):
    services.cancel(registration)


def pass_on(registration):
    heir = {"first_name": "Paul", "last_name": "Roy", "email": "paul@example.org"}
    services.pass_on(registration, heir)


@pytest.mark.parametrize("end", [withdraw, cancel, pass_on])
def test_access_ends_at_once(client, accredited, embargoed, end):
    assert answers(client, accredited) == [200, 200, 200]
    end(accredited)
    accredited.refresh_from_db()
    assert answers(client, accredited) == [404, 404, 404]
    page = client.get(page_of(accredited))
    assert (page.status_code, SECRET in page.content.decode()) == (200, False)


def test_a_registration_that_ended_in_another_way_opens_nothing(client, accredited, embargoed):
    """Whoever wrote the row forgot the accreditation."""
    Registration.objects.update(state=Registration.State.CANCELLED)
    assert Accreditation.objects.accepted().count() == 1
    assert answers(client, accredited) == [404, 404, 404]
    assert SECRET not in client.get(page_of(accredited)).content.decode()


def test_a_link_replaced_by_another_opens_nothing(client, accredited, embargoed):
    old = [personal_path(accredited, name, "dakar") for name in FILES]
    services.correct(accredited, {"email": "lea.martin@example.org"})
    for address in old:
        response = open_(client, address)
        assert (response.status_code, SECRET in response.body.decode()) == (404, False)
    assert answers(client, accredited) == [200, 200, 200]


def test_a_link_sent_before_the_acceptance_opens_nothing(
    client, edition, press, journalist, embargoed
):
    """Whoever put the journalist's address on their own registration holds such a link."""
    mine = services.register(
        edition=edition,
        person={
            **{name: journalist[name] for name in ("first_name", "last_name", "country")},
            "email": "me@example.org",
            "category": press,
        },
    )
    services.correct(mine, {"email": journalist["email"]})
    held = page_of(mine, "press_release", "dakar")
    lea = services.ask_accreditation(edition=edition, person=journalist, language="en")
    services.accredit(lea)
    assert lea.registration == mine
    assert client.get(held).status_code == 404
    assert answers(client, lea.registration) == [200, 200, 200]


@pytest.mark.parametrize("asked", [False, True])
def test_people_who_are_not_accredited_see_nothing(client, edition, journalist, embargoed, asked):
    other = RegistrationFactory(edition=edition, email=journalist["email"], language="en")
    if asked:
        services.ask_accreditation(edition=edition, person=journalist, language="en")
    page = client.get(page_of(other)).content.decode()
    assert ([word in page for word in (SECRET, "dakar", "embargo")]) == [False] * 3
    assert answers(client, other) == [404, 404, 404]


def test_accredited_to_one_edition_is_not_to_another(client, accredited):
    other = PressReleaseFactory(
        edition=EditionFactory(), embargo_until=timezone.now() + dt.timedelta(days=1)
    )
    assert answers(client, accredited, other.slug) == [404, 404, 404]
    assert "No press release has been published yet." in text_of(client.get(page_of(accredited)))


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_nobody_s(client, accredited, edition, embargoed, state):
    if state == "draft":
        PressReleaseFactory(edition=edition, slug="brouillon", headline_fr=SECRET, draft=True)
        slug = "brouillon"
    else:
        publishing.withdraw(embargoed, {"fr": "Erreur."})
        slug = "dakar"
    assert answers(client, accredited, slug) == [404, 404, 404]
    assert (SECRET in client.get(page_of(accredited)).content.decode()) is (state == "draft")


def test_a_wrong_key_and_a_wrong_address_are_404(client, accredited, embargoed):
    wrong = [reverse(f"registrations:{name}", args=["wrong.key", "dakar"]) for name in FILES]
    assert [client.get(address).status_code for address in wrong] == [404, 404, 404]
    assert answers(client, accredited, "rien") == [404, 404, 404]
    assert client.post(page_of(accredited, "press_release", "dakar")).status_code == 405


# ------------------------------------------------------------------------------------ no leaks
def test_no_public_page_says_a_word_of_it(client, edition, embargoed):
    addresses = [
        *("/", "/editions/", f"/editions/{edition.number}/", "/programme/", "/presse/"),
        *("/infos-pratiques/", "/partenaires/", "/inscription/", "/presse/accreditation/"),
        *("/presse/accreditation/merci/", "/donnees-personnelles/"),
        *("/presse/dakar/", "/presse/dakar.pdf", "/presse/dakar.txt", "/nulle-part/"),
    ]
    for address in addresses:
        page = body(client, address)
        assert (address, SECRET in page, "dakar" in page.replace(address, "")) == (
            address,
            False,
            False,
        )
    assert [client.get(address).status_code for address in addresses[-4:-1]] == [404] * 3
    PressRelease.objects.update(embargo_until=timezone.now())
    assert SECRET in body(client, "/presse/")  # so these pages could say it


def test_embargoed_corrections_are_said_to_accredited_people_alone(client, accredited, embargoed):
    PressRelease.objects.filter(pk=embargoed.pk).update(embargo_until=None)
    draft = publishing.correct(embargoed)
    words = "Trente-neuf villes signent"
    PressRelease.objects.filter(pk=draft.pk).update(
        headline_fr=words, embargo_until=timezone.now() + dt.timedelta(days=1)
    )
    publishing.freeze(PressRelease.objects.get(pk=draft.pk))
    page = text_of(client.get(page_of(accredited, "press_release", "dakar")))
    assert (words in page, words in text_of(client.get("/en/presse/dakar/"))) == (True, False)
    correction = client.get(page_of(accredited, "press_release", draft.slug)).content.decode()
    assert page_of(accredited, "press_release", "dakar") in correction


# ------------------------------------------------------------------------------------- queries
@pytest.mark.parametrize("count", [1, 3])
def test_personal_page_queries(client, accredited, edition, count, django_assert_num_queries):
    PressReleaseFactory.create_batch(count, edition=edition)
    # as for others (7), and the releases
    with django_assert_num_queries(8):
        client.get(page_of(accredited))


def test_release_page_queries(client, accredited, embargoed, django_assert_num_queries):
    open_(client, page_of(accredited, "press_pdf", "dakar"))  # the file is made once
    # registration, accreditation, release, corrections, current edition
    with django_assert_num_queries(5):
        client.get(page_of(accredited, "press_release", "dakar"))
    # registration, accreditation, publication
    with django_assert_num_queries(3):
        open_(client, page_of(accredited, "press_pdf", "dakar"))
