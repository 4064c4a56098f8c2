"""What lacks a language, and how the team writes it."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry

from events.models import PressPicture, PressRelease, Quote, Revision
from events.tests.factories import EditionFactory, PartnerFactory, PressReleaseFactory
from raict.errors import DomainError
from registrations import services, translations
from registrations.models import Category
from registrations.tests.factories import CategoryFactory
from registrations.translations import bilingual_names, missing, missing_count, progress, text_of
from sessions.models import Session
from sessions.tests.factories import AppearanceFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    """All in French and English but the theme; nothing else is there."""
    Category.objects.all().delete()
    return EditionFactory(number=16, theme_fr="Eau", theme_en="")


@pytest.fixture
def user(admin_user):
    return admin_user


def keys(edition, **filters) -> list[str]:
    return [f"{text.group.key}.{text.column}" for text in missing(edition, **filters)]


def theme(edition) -> str:
    return f"edition.{edition.pk}.theme.en"


# ------------------------------------------------------------------------------------ what counts
def test_every_bilingual_column_is_translated_here_or_is_not_for_a_reason():
    found = {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        if not model._meta.proxy
        for name in bilingual_names(model)
    }
    here = {
        f"{group.model._meta.label}.{name}" for group in translations.GROUPS for name in group.names
    }
    assert found == here | set(translations.NOT_PUBLIC)


def test_what_lacks_english_and_what_lacks_french(edition):
    SessionFactory(edition=edition, title_fr="Culture", title_en="", short_name_en="Arts")
    assert keys(edition) == ["edition.theme_en", "session.short_name_fr", "session.title_en"]
    assert keys(edition, lacking="fr") == ["session.short_name_fr"]
    assert missing_count(edition) == 3


def test_what_is_said_in_neither_language_is_not_lacking(edition):
    counts = {one.group.key: (one.done, one.total) for one in progress(edition) if one.total}
    assert counts == {"edition": (1, 2)}


def test_everything_that_hangs_on_the_edition_is_found_and_nothing_else(edition):
    for one in (edition, EditionFactory(theme_fr="")):
        one.venue.access_fr = "Métro"
        one.venue.save()
        appearance = AppearanceFactory(
            session=SessionFactory(edition=one),
            person=PersonFactory(biography_fr="Maire."),
        )
        assert appearance.function_fr == "Maire"
        PartnerFactory(edition=one)
        PressPicture.objects.create(edition=one, title_fr="Photo", kind="logo")
        one.figures.create(key="k", label_fr="Présents", value=1, source="–")
    CategoryFactory(name_en="")
    assert keys(edition) == [
        "edition.theme_en",
        "appearance.function_en",
        "person.biography_en",
        "partner.name_en",
        "figure.label_en",
        "venue.access_en",
        "category.name_en",
        "presspicture.title_en",
    ]
    assert missing_count(edition) == 8


def test_of_releases_only_drafts_in_both_languages(edition):
    both = PressRelease.Language.BOTH
    draft = PressReleaseFactory(edition=edition, draft=True, language=both)
    Quote.objects.create(release=draft, position=1, text_fr="Oui", person="Awa")
    PressReleaseFactory(edition=edition, draft=True)
    PressReleaseFactory(edition=edition, language=both)
    assert keys(edition)[1:] == [
        "pressrelease.headline_en",
        "pressrelease.lead_en",
        "pressrelease.body_en",
        "quote.text_en",
    ]


def test_words_are_found_without_accents_in_text_and_name(edition):
    SessionFactory(edition=edition, title_fr="Santé à l’école", title_en="", question_fr="Qui ?")
    assert keys(edition, words="ECOLE sante") == ["session.title_en", "session.question_en"]


@pytest.mark.parametrize("rows", [1, 3])
def test_counting_is_one_query(edition, django_assert_num_queries, rows):
    SessionFactory.create_batch(rows, edition=edition, title_en="")
    with django_assert_num_queries(1):
        assert missing_count(edition) == rows + 1


# ------------------------------------------------------------------------------------ writing
def test_a_text_is_written_with_its_history(edition, user):
    services.translate(edition, theme(edition), " Water ", user=user)
    edition.refresh_from_db()
    assert edition.theme_en == "Water"
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user) == (str(edition.pk), user)
    assert "thème (anglais)" in entry.get_change_message().lower()


def test_what_somebody_wrote_meanwhile_stays(edition, user):
    services.translate(edition, theme(edition), "Water", user=user)
    with pytest.raises(services.WrittenMeanwhile) as refusal:
        services.translate(edition, theme(edition), "Waters", user=user)
    assert refusal.value.theirs == "Water"
    edition.refresh_from_db()
    assert edition.theme_en == "Water"


def test_the_same_words_twice_are_no_news(edition, user):
    for _time in range(2):
        services.translate(edition, theme(edition), "Water", user=user)
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("words", ["x" * 301, "a\x00b"])
def test_what_the_column_cannot_hold_is_refused(edition, user, words):
    with pytest.raises(DomainError):
        services.translate(edition, theme(edition), words, user=user)
    assert LogEntry.objects.count() == 0


def test_the_rules_of_the_model_hold(edition, user):
    """A row that is wrong otherwise says why, and is not saved."""
    session = SessionFactory(edition=edition, title_en="", day=edition.starts_on)
    Session.objects.filter(pk=session.pk).update(day=edition.starts_on - dt.timedelta(9))
    with pytest.raises(DomainError) as refusal:
        services.translate(edition, f"session.{session.pk}.title.en", "Culture", user=user)
    assert refusal.value.message.startswith("jour – ")


def test_one_line_stays_one_line(edition, user):
    services.translate(edition, theme(edition), "Water\nand  more", user=user)
    edition.refresh_from_db()
    assert edition.theme_en == "Water and more"


@pytest.mark.parametrize(
    "key",
    [
        *("", "edition.1.theme", "edition.x.theme.en", "edition.1.hashtag.en", "user.1.name.en"),
        *("edition.1.theme.de", "edition.99999999999999999999999.theme.en"),
    ],
)
def test_a_key_that_was_made_up_is_nothing(edition, user, key):
    assert text_of(edition, key) is None
    with pytest.raises(DomainError):
        services.translate(edition, key, "x", user=user)


def test_a_row_of_another_edition_is_not_reached(edition, user):
    other = EditionFactory(theme_en="")
    assert text_of(edition, theme(other)) is None


def test_a_draft_release_and_its_parts_keep_their_history(edition, user):
    both = PressRelease.Language.BOTH
    release = PressReleaseFactory(edition=edition, draft=True, language=both)
    quote = Quote.objects.create(release=release, position=1, text_fr="Oui", person="Awa")
    services.translate(edition, f"pressrelease.{release.pk}.lead.en", "A lead.", user=user)
    services.translate(edition, f"quote.{quote.pk}.text.en", "Yes", user=user)
    release.refresh_from_db()
    assert release.lead_en == "A lead."
    written = Revision.objects.filter(release=release, action="written").order_by("pk")
    assert [len(one.changes) for one in written] == [1, 1]


def test_a_published_release_is_never_touched(edition, user):
    release = PressReleaseFactory(edition=edition, language=PressRelease.Language.BOTH)
    with pytest.raises(DomainError):
        services.translate(edition, f"pressrelease.{release.pk}.lead.en", "A lead.", user=user)
