"""The life of a release: checked, published and frozen, scheduled, withdrawn, corrected."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from events.models import Edition, Figure, PressRelease, Publication, Revision
from events.press import publishing
from events.press.drift import Drift, drift, drifted
from events.tasks import publish as publish_task
from events.tests.factories import EditionFactory, PressReleaseFactory
from raict.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def edition():
    return EditionFactory(
        starts_on=dt.date(2024, 10, 23),
        ends_on=dt.date(2024, 10, 24),
        press_contact_name="Claire",
        press_contact_email="claire@example.org",
    )


@pytest.fixture
def cafes(edition):
    return Figure.objects.create(
        edition=edition, key="cafes", value=12, label_fr="cafés", source="Bilan"
    )


def _draft(edition, **fields) -> PressRelease:
    fields = {"kind": "cancellation", "draft": True, "edition": edition} | fields
    return PressReleaseFactory(**fields)


def _checked(edition, **fields) -> PressRelease:
    release = _draft(edition, **fields)
    publishing.check(release)
    release.refresh_from_db()
    return release


def _main(answer) -> str:
    """The text of a page; what machines read of the event itself stays up to date."""
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def _actions(release) -> list[str]:
    return [one.action for one in release.revisions.order_by("pk")]


# ------------------------------------------------------------------------------- publishing
def test_draft_is_checked_then_published_and_each_step_is_noted(edition, admin_user, client):
    release = _draft(edition)
    with pytest.raises(DomainError):
        publishing.publish(release, user=admin_user)
    publishing.check(release, user=admin_user)
    publishing.check(release, user=admin_user)  # a second click
    publishing.publish(release, user=admin_user)
    assert (release.state, release.version) == ("published", 1)
    assert [(one.action, one.user) for one in release.revisions.order_by("pk")] == [
        ("checked", admin_user),
        ("published", admin_user),
    ]
    assert client.get(release.get_absolute_url()).status_code == 200


def test_release_that_contradicts_the_data_since_its_check_is_not_published(edition, cafes):
    release = _checked(edition, body_fr="{{ figure.cafes|plus_de:10 }} cafés.")
    Figure.objects.filter(pk=cafes.pk).update(value=9)
    with pytest.raises(DomainError):
        publishing.publish(release)
    release.refresh_from_db()
    assert (release.state, release.publications.count()) == ("checked", 0)


def test_publication_keeps_text_figures_and_pdf_whatever_changes(edition, cafes, client):
    release = _checked(edition, body_fr="{{ figure.cafes }} cafés, {{ edition.dates_the }}.")
    publishing.publish(release)
    page = reverse("events:release", args=[release.slug])
    before = (_main(client.get(page)), client.get(f"{page[:-1]}.pdf").content)
    Figure.objects.filter(pk=cafes.pk).update(value=13)
    Edition.objects.filter(pk=edition.pk).update(starts_on=dt.date(2024, 10, 22))
    edition.partners.create(kind="support", name_fr="Un nouveau soutien")
    assert (_main(client.get(page)), client.get(f"{page[:-1]}.pdf").content) == before
    kept = release.publications.get()
    assert kept.values == {
        "{{ figure.cafes }}": "12",
        "{{ edition.dates_the }}": "les 23 et 24 octobre 2024".replace(
            " octobre ", "\xa0octobre\xa0"
        ),
    }
    assert kept.figures["cafes"] == {
        "label": "cafés",
        "value": "12",
        "phrase": "12",
        "definition": kept.figures["cafes"]["definition"],
        "source": "Bilan",
    }


def test_drift_says_what_no_longer_holds(edition, cafes):
    text = "{{ figure.cafes }} cafés, {{ figure.cafes|plus_de:10 }}, {{ edition.year }}."
    release = PressReleaseFactory(edition=edition, body_fr=text)
    assert drift(release) == []
    Figure.objects.filter(pk=cafes.pk).update(value=11)
    release = PressRelease.objects.get()
    assert drift(release) == [Drift("fr", "{{ figure.cafes }}", "12", "11")]
    # A claim that is not true any more says nothing now.
    Figure.objects.filter(pk=cafes.pk).update(value=9)
    release = PressRelease.objects.get()
    assert drift(release) == [
        Drift("fr", "{{ figure.cafes }}", "12", "9"),
        Drift("fr", "{{ figure.cafes|plus_de:10 }}", "plus\xa0de\xa010", ""),
    ]
    Figure.objects.filter(pk=cafes.pk).update(value=12)
    Edition.objects.filter(pk=edition.pk).update(ends_on=dt.date(2024, 10, 25))
    (found,) = drift(PressRelease.objects.get())
    assert ("24\xa0octobre" in found.published, "25\xa0octobre" in found.now) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_drift_of_all_releases_takes_ten_queries(edition, cafes, rows, django_assert_num_queries):
    for _row in range(rows):
        PressReleaseFactory(edition=edition, body_fr="{{ figure.cafes }} cafés.")
        PressReleaseFactory(body_fr="Un autre.")
    Figure.objects.update(value=13)
    with django_assert_num_queries(10):
        found = drifted()
    assert len(found) == rows


def test_drift_says_which_typed_numbers_the_data_have_left_behind(edition, cafes):
    PressReleaseFactory(edition=edition, body_fr="Les 12 cafés se sont tenus, 12 cafés par table.")
    assert drift(PressRelease.objects.get()) == []
    Figure.objects.filter(pk=cafes.pk).update(value=13)
    assert drift(PressRelease.objects.get()) == [Drift("fr", "12 cafés", "12 cafés", "13")]


def test_two_who_publish_at_once_publish_once(edition, transactional_db):
    release = _checked(edition)
    barrier, outcomes = threading.Barrier(2), []

    def publish():
        try:
            row = PressRelease.objects.get(pk=release.pk)
            barrier.wait(timeout=20)
            publishing.publish(row)
            outcomes.append("published")
        except DomainError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published", "refused"]
    assert Publication.objects.count() == 1


def test_text_that_changes_while_its_pdf_is_made_is_printed_again(edition, monkeypatch):
    release = _checked(edition)
    make, texts = publishing.release_pdf, iter(["Un autre titre", None])

    def interrupted(written):
        if title := next(texts):
            PressRelease.objects.filter(pk=release.pk).update(headline_fr=title)
        return make(written)

    monkeypatch.setattr(publishing, "release_pdf", interrupted)
    publishing.publish(release)
    assert release.publications.get().content["headline"] == "Un autre titre"


def test_state_needs_what_belongs_to_it(edition):
    release = _draft(edition)
    for values in (
        {"state": "published"},
        {"state": "withdrawn", "version": 1, "published_at": timezone.now()},
        {"publish_at": timezone.now()},
        {"withdrawn_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PressRelease.objects.filter(pk=release.pk).update(**values)


# ------------------------------------------------------------------------ schedule and embargo
def test_clock_publishes_what_is_due_and_only_that(edition, time_machine):
    now = timezone.now()
    due, later = _checked(edition), _checked(edition)
    publishing.schedule(due, now + dt.timedelta(hours=1))
    publishing.schedule(later, now + dt.timedelta(hours=3))
    publish_task()
    assert PressRelease.objects.public().count() == 0
    time_machine.move_to(now + dt.timedelta(hours=2))
    publish_task()
    assert list(PressRelease.objects.public()) == [due]
    assert _actions(due) == ["checked", "scheduled", "published"]


def test_what_no_longer_passes_waits_for_the_team(edition, cafes, time_machine):
    now = timezone.now()
    release = _checked(edition, body_fr="{{ figure.cafes|plus_de:10 }} cafés.")
    publishing.schedule(release, now + dt.timedelta(hours=1))
    Figure.objects.filter(pk=cafes.pk).update(value=3)
    time_machine.move_to(now + dt.timedelta(hours=2))
    publish_task()
    publish_task()
    release.refresh_from_db()
    assert (release.state, release.publish_at) == ("draft", None)
    assert _actions(release) == ["checked", "scheduled", "refused"]
    assert "plus\xa0de\xa010" in release.revisions.first().note


def test_schedule_is_for_checked_releases_and_moments_to_come(edition):
    release = _draft(edition)
    with pytest.raises(DomainError):
        publishing.schedule(release, timezone.now() + dt.timedelta(days=1))
    publishing.check(release)
    with pytest.raises(DomainError):
        publishing.schedule(release, timezone.now() - dt.timedelta(minutes=1))
    publishing.schedule(release, timezone.now() + dt.timedelta(days=1))
    publishing.unschedule(release)
    release.refresh_from_db()
    assert (release.state, release.publish_at) == ("checked", None)


def test_embargo_hides_everything_until_it_ends(edition, client, time_machine):
    now = timezone.now()
    release = _checked(edition, headline_fr="Titre sous embargo")
    PressRelease.objects.filter(pk=release.pk).update(embargo_until=now + dt.timedelta(hours=2))
    publishing.publish(release)
    page = release.get_absolute_url()
    addresses = [page, f"{page[:-1]}.pdf", f"{page[:-1]}.txt", f"/en{page}"]
    room = [reverse("events:press"), reverse("home"), edition.get_absolute_url()]
    Edition.objects.filter(pk=edition.pk).update(is_current=True)
    assert [client.get(url).status_code for url in addresses] == [404] * 4
    assert ["sous embargo" in client.get(url).content.decode() for url in room] == [False] * 3
    assert list(PressRelease.objects.embargoed()) == [release]
    time_machine.move_to(now + dt.timedelta(hours=3))
    assert [client.get(url).status_code for url in addresses] == [200] * 4
    assert ["sous embargo" in client.get(url).content.decode() for url in room] == [True] * 3


def test_embargo_is_lifted_once_and_noted(edition, client, admin_user):
    release = PressReleaseFactory(
        edition=edition, embargo_until=timezone.now() + dt.timedelta(hours=2)
    )
    assert client.get(release.get_absolute_url()).status_code == 404
    publishing.lift_embargo(release, user=admin_user)
    assert client.get(release.get_absolute_url()).status_code == 200
    assert release.revisions.first().action == "lifted"
    with pytest.raises(DomainError):
        publishing.lift_embargo(release)


# ------------------------------------------------------------------------------ taking it back
def test_withdrawn_release_says_so_and_its_files_are_gone(edition, client, admin_user):
    release = PressReleaseFactory(edition=edition, headline_fr="Le titre", body_fr="Le texte.")
    page = release.get_absolute_url()
    with pytest.raises(DomainError):
        publishing.withdraw(release, {"fr": " "})
    publishing.withdraw(
        release, {"fr": "Une erreur de date.", "en": "A wrong date."}, user=admin_user
    )
    answer = client.get(page)
    text = answer.content.decode()
    assert (answer.status_code, "Une erreur de date." in text) == (410, True)
    assert ("Le titre" in text, "Le texte." in text) == (True, False)
    assert "A wrong date." in client.get(f"/en{page}").content.decode()
    assert [client.get(f"{page[:-1]}.{end}").status_code for end in ("pdf", "txt")] == [404, 404]
    assert client.get(reverse("events:press")).content.decode().count("retiré") == 1
    with pytest.raises(DomainError):
        publishing.withdraw(release, {"fr": "Encore."})


def test_release_withdrawn_under_embargo_leaves_no_trace(edition, client, time_machine):
    now = timezone.now()
    release = PressReleaseFactory(edition=edition, embargo_until=now + dt.timedelta(hours=2))
    publishing.withdraw(release, {"fr": "Annulé."})
    time_machine.move_to(now + dt.timedelta(hours=3))
    assert client.get(release.get_absolute_url()).status_code == 404


def test_withdrawn_release_may_be_published_again_as_another_version(edition, client):
    release = PressReleaseFactory(edition=edition, kind="cancellation", headline_fr="Un")
    publishing.withdraw(release, {"fr": "Erreur."})
    publishing.reopen(release)
    release.refresh_from_db()
    release.headline_fr = "Deux"
    release.save()
    publishing.check(release)
    publishing.publish(release)
    assert [
        (one.version, one.content["headline"]) for one in release.publications.order_by("pk")
    ] == [
        (1, "Un"),
        (2, "Deux"),
    ]
    assert "<h1>Deux</h1>" in client.get(release.get_absolute_url()).content.decode()


def test_correction_links_both_ways_once_it_is_published(edition, client, cafes):
    release = PressReleaseFactory(
        edition=edition,
        headline_fr="Des cafés",
        body_fr="{{ figure.cafes }} cafés.",
        quotes=[{"text_fr": "Bravo", "person": "Claire", "approved_on": dt.date(2024, 11, 1)}],
    )
    before = client.get(f"{release.get_absolute_url()[:-1]}.pdf").content
    Figure.objects.filter(pk=cafes.pk).update(value=11)
    draft = publishing.correct(release)
    assert (draft.kind, draft.corrects, draft.slug) == (
        "correction",
        release,
        f"{release.slug}-rectificatif",
    )
    assert draft.headline_fr == "Rectificatif\xa0: Des cafés"
    assert [one.text_fr for one in draft.quotes.all()] == ["Bravo"]
    assert "corrigé" not in client.get(release.get_absolute_url()).content.decode()
    publishing.check(draft)
    publishing.publish(draft)
    page = client.get(release.get_absolute_url()).content.decode()
    assert ("corrigé" in page, draft.get_absolute_url() in page, "12 cafés" in page) == (
        True,
        True,
        True,
    )
    correction = client.get(draft.get_absolute_url()).content.decode()
    assert (release.get_absolute_url() in correction, "11 cafés" in correction) == (True, True)
    assert "6\xa0novembre\xa02024\xa0: Des cafés" in correction
    assert client.get(f"{release.get_absolute_url()[:-1]}.pdf").content == before
    assert publishing.correct(release).slug == f"{release.slug}-rectificatif-2"


def test_correction_that_is_begun_is_gone_on_with(edition):
    release = PressReleaseFactory(edition=edition)
    assert publishing.correct(release) == publishing.correct(release)
    assert release.corrections.count() == 1


@pytest.mark.parametrize(("hours", "is_kept"), [(1, True), (-1, False)])
def test_correction_of_what_is_under_embargo_stays_under_it(edition, hours, is_kept):
    until = timezone.now() + dt.timedelta(hours=hours)
    release = PressReleaseFactory(edition=edition, embargo_until=until)
    draft = publishing.correct(release)
    assert draft.embargo_until == (until if is_kept else None)
    publishing.freeze(draft)
    assert (draft in PressRelease.objects.public()) is not is_kept


# ------------------------------------------------------------------------------------ history
def test_edit_is_noted_word_by_word_and_takes_the_check_back(edition, admin_user):
    release = _checked(edition)
    publishing.schedule(release, timezone.now() + dt.timedelta(days=1))
    release.refresh_from_db()
    before = publishing.texts_of(release)
    publishing.note_edit(release, before, user=admin_user)
    assert _actions(release) == ["checked", "scheduled"]
    release.lead_fr = "Un autre chapeau."
    release.save()
    release.quotes.create(position=1, text_fr="Oui", person="Claire")
    publishing.note_edit(release, before, user=admin_user)
    release.refresh_from_db()
    assert (release.state, release.publish_at) == ("draft", None)
    last = release.revisions.first()
    assert (last.action, last.user) == (Revision.Action.WRITTEN, admin_user)
    assert [[old, new] for _name, old, new in last.changes] == [
        ["Un chapeau.", "Un autre chapeau."],
        ["", "1 · Oui · Claire"],
    ]


def test_releases_published_by_an_earlier_version_are_frozen_once(edition):
    release = _draft(edition)
    published_at = timezone.now() - dt.timedelta(days=30)
    PressRelease.objects.filter(pk=release.pk).update(
        state="published", version=1, published_at=published_at
    )
    assert publishing.freeze_missing() == 1
    assert publishing.freeze_missing() == 0
    release.refresh_from_db()
    assert (release.published_at, release.publications.current().count()) == (published_at, 1)
