"""The team writes, checks, publishes, corrects and withdraws a release in the workplace."""

import datetime as dt
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from events.admin.press_pages import words_changed
from events.models import Figure, PressRelease
from events.press import publishing
from events.tests.factories import EditionFactory, PressReleaseFactory
from raict.tests.staff import change, errors, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    edition = EditionFactory(
        current=True, press_contact_name="Claire", press_contact_email="claire@example.org"
    )
    Figure.objects.create(
        edition=edition, key="cafes", value=12, label_fr="cafés", label_en="cafés", source="Bilan"
    )
    return edition


def _draft(edition, **fields) -> PressRelease:
    return PressReleaseFactory(
        **{"edition": edition, "kind": "cancellation", "draft": True} | fields
    )


def _url(name: str, *arguments) -> str:
    return reverse(f"admin:events_pressrelease_{name}", args=arguments)


@pytest.fixture
def reader(client, django_user_model):
    """Somebody who may see releases and nothing else."""
    user = django_user_model.objects.create_user("lecture", is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="view_pressrelease"))
    client.force_login(user)
    return client


# ------------------------------------------------------------------------------------ writing
def test_new_release_takes_its_address_from_its_headline(admin_client, edition):
    page = admin_client.get(_url("add"))
    data = filled(page) | {
        "headline_fr": "{{ figure.cafes|lettres|majuscule }} cafés à l’ouverture des Rencontres",
        "lead_fr": "Chapeau.",
        "body_fr": "Texte.",
        "quotes-TOTAL_FORMS": "1",
        "quotes-0-position": "1",
        "quotes-0-text_fr": "Bravo.",
        "quotes-0-person": "Awa Ba",
    }
    response = admin_client.post(
        _url("add"), {name: data[name] for name in data if data[name] != ""}
    )
    assert response.status_code == 302, errors(response)
    release = PressRelease.objects.get()
    assert (release.slug, release.edition, release.state) == (
        "douze-cafes-a-louverture-des-rencontres",
        edition,
        "draft",
    )
    assert [one.person for one in release.quotes.all()] == ["Awa Ba"]
    assert [one.action for one in release.revisions.all()] == ["written"]
    again = admin_client.post(
        _url("add"),
        {name: data[name] for name in data if data[name] != "" and "quotes-0" not in name}
        | {"quotes-TOTAL_FORMS": "0"},
    )
    assert again.status_code == 302
    assert PressRelease.objects.first().slug == "douze-cafes-a-louverture-des-rencontres-2"


def test_release_without_any_headline_is_refused_beside_it(admin_client, edition):
    release = _draft(edition)
    assert list(errors(change(admin_client, release, headline_fr=""))) == ["headline_fr"]


def test_address_of_another_page_of_the_press_room_is_refused(admin_client, edition):
    assert list(errors(change(admin_client, _draft(edition), slug="liste"))) == ["slug"]


def test_what_changed_stands_in_the_history_word_by_word(admin_client, admin_user, edition):
    release = _draft(edition, lead_fr="Un vieux chapeau.")
    assert change(admin_client, release, lead_fr="Un beau chapeau.").status_code == 302
    revision = release.revisions.get()
    assert (revision.action, revision.user) == ("written", admin_user)
    page = admin_client.get(reverse("admin:events_pressrelease_history", args=[release.pk]))
    assert "Un <del>vieux</del><ins>beau</ins> chapeau." in page.content.decode()


def test_second_of_two_who_write_at_once_is_told_and_may_insist(admin_client, edition):
    release = _draft(edition)
    address = _url("change", release.pk)
    opened = admin_client.get(address)
    data = {name: value for name, value in filled(opened).items() if value != ""}
    data["seen"] = str(opened.context["seen"])
    assert admin_client.post(address, data | {"lead_fr": "Le premier."}).status_code == 302
    second = admin_client.post(address, data | {"lead_fr": "La seconde."})
    assert list(errors(second)) == ["__all__"]
    release.refresh_from_db()
    assert release.lead_fr == "Le premier."
    data["seen"] = str(second.context["seen"])
    assert admin_client.post(address, data | {"lead_fr": "La seconde."}).status_code == 302
    assert [[one[1:] for one in row.changes] for row in release.revisions.order_by("pk")] == [
        [["Un chapeau.", "Le premier."]],
        [["Le premier.", "La seconde."]],
    ]


def test_what_is_typed_while_somebody_publishes_is_shown_and_not_lost(admin_client, edition):
    release = _draft(edition)
    address = _url("change", release.pk)
    data = {name: value for name, value in filled(admin_client.get(address)).items() if value != ""}
    publishing.freeze(release)
    answer = admin_client.post(address, data | {"lead_fr": "Mon long chapeau."})
    page = answer.content.decode()
    assert (answer.status_code, "Mon long chapeau." in page) == (409, True)
    assert _url("after", release.pk) in page
    release.refresh_from_db()
    assert release.lead_fr == "Un chapeau."


def test_new_release_that_is_sent_twice_is_written_once(admin_client, edition):
    page = admin_client.get(_url("add"))
    data = {name: value for name, value in filled(page).items() if value != ""}
    data |= {"headline_fr": "Un\r\ntitre", "nonce": page.context["nonce"]}
    for _click in range(2):
        assert admin_client.post(_url("add"), data).status_code == 302
    assert [one.headline_fr for one in PressRelease.objects.all()] == ["Un titre"]


def test_saving_without_a_change_leaves_no_trace(admin_client, edition):
    release = _draft(edition)
    assert change(admin_client, release).status_code == 302
    assert release.revisions.count() == 0


def test_words_changed_escapes_what_was_typed():
    assert words_changed("a <b> c", "a <i> c") == ("a <del>&lt;b&gt;</del><ins>&lt;i&gt;</ins> c")


def test_edit_of_a_checked_release_makes_it_a_draft_and_says_so(admin_client, edition):
    release = _draft(edition)
    publishing.check(release)
    page = admin_client.post(
        _url("change", release.pk),
        {
            name: value
            for name, value in (
                filled(admin_client.get(_url("change", release.pk))) | {"lead_fr": "Autre."}
            ).items()
            if value != ""
        },
        follow=True,
    )
    release.refresh_from_db()
    assert release.state == "draft"
    assert [message.level_tag for message in page.context["messages"]] == ["warning", "success"]


# ------------------------------------------------------------------------------------ preview
def _typed(admin_client, release, **values) -> dict:
    data = filled(admin_client.get(_url("change", release.pk))) | values
    return {name: value for name, value in data.items() if value != ""} | {
        "_script": "1",
        "_release": str(release.pk),
        "_picks": str(release.edition_id),
    }


def test_preview_shows_page_pdf_and_check_of_what_is_typed_and_saves_nothing(admin_client, edition):
    release = _draft(edition)
    data = _typed(admin_client, release, headline_fr="Nouveau titre", body_fr="Les 11 cafés.")
    answer = json.loads(admin_client.post(_url("preview"), data).content)
    assert "<h1>Nouveau titre</h1>" in answer["page"]
    assert (answer["blocking"], answer["count"], len(answer["images"])) == (1, 1, 1)
    assert "{{ figure.cafes }}" in answer["findings"]
    assert "picks" not in answer
    release.refresh_from_db()
    assert release.headline_fr == "Un titre"


@pytest.mark.parametrize("number", ["1", "", "-3", "x"])
def test_preview_holds_quotes_that_are_not_saved_yet(admin_client, edition, number):
    """Even while their number is not typed yet, or is none."""
    release = _draft(edition, body_fr="{{ quote.1 }}")
    quote = {
        "quotes-TOTAL_FORMS": "1",
        "quotes-0-position": number,
        "quotes-0-text_fr": "Bravo",
        "quotes-0-person": "Awa Ba",
    }
    answer = json.loads(
        admin_client.post(_url("preview"), _typed(admin_client, release, **quote)).content
    )
    assert "«\u202fBravo\u202f»" in answer["page"]
    assert release.quotes.count() == 0


def test_preview_of_a_text_that_cannot_be_filled_says_why(admin_client, edition):
    release = _draft(edition)
    data = _typed(admin_client, release, body_fr="{{ edition.meteo }}")
    answer = json.loads(admin_client.post(_url("preview"), data).content)
    assert ("edition.meteo" in answer["page"], answer["images"], answer["blocking"]) == (
        True,
        [],
        1,
    )


def test_preview_of_another_edition_brings_its_placeholders(admin_client, edition):
    other = EditionFactory(theme_fr="L’eau")
    release = _draft(edition)
    data = _typed(admin_client, release, edition=str(other.pk))
    answer = json.loads(admin_client.post(_url("preview"), data).content)
    assert (answer["edition"], "L’eau" in answer["picks"]) == (str(other.pk), True)


def test_preview_in_a_language_that_there_is_not_is_in_french(admin_client, edition):
    data = _typed(admin_client, _draft(edition), _language="de")
    assert admin_client.post(_url("preview"), data).status_code == 200


def test_preview_without_script_is_a_page(admin_client, edition):
    release = _draft(edition)
    data = _typed(admin_client, release)
    del data["_script"]
    assert "<h1>Un titre</h1>" in admin_client.post(_url("preview"), data).content.decode()


def test_preview_is_for_those_who_write(reader, edition):
    assert reader.post(_url("preview"), {"edition": edition.pk}).status_code == 403


# ------------------------------------------------------------------------- check and publish
def test_what_somebody_changed_since_the_check_was_opened_is_not_published(admin_client, edition):
    release = _draft(edition)
    address = _url("check", release.pk)
    assert 'name="_seen" value="0"' in admin_client.get(address).content.decode()
    publishing.note(release, "written")
    page = admin_client.post(address, {"publish": "", "_seen": "0"})
    release.refresh_from_db()
    assert (page.status_code, release.state) == (200, "draft")
    admin_client.post(address, {"publish": "", "_seen": str(page.context["seen"])})
    release.refresh_from_db()
    assert release.state == "published"


def test_second_click_on_publish_leads_to_what_was_published(admin_client, edition):
    release = _draft(edition)
    answers = [admin_client.post(_url("check", release.pk), {"publish": ""}) for _click in range(2)]
    assert [one["Location"] for one in answers] == [_url("after", release.pk)] * 2
    assert release.publications.count() == 1


def test_contradiction_stands_on_the_page_and_publishing_is_refused(admin_client, edition):
    release = _draft(edition, body_fr="Les 11 cafés.")
    page = admin_client.get(_url("check", release.pk)).content.decode()
    assert page.count("finding-blocks") == 1
    answer = admin_client.post(_url("check", release.pk), {"publish": ""})
    assert [one.level_tag for one in answer.context["messages"]] == ["error"]
    release.refresh_from_db()
    assert release.state == "draft"


def test_warnings_are_signed_and_the_release_published_in_one_go(admin_client, admin_user, edition):
    release = _draft(edition, body_fr="Jean Dupont a parlé.")
    page = admin_client.get(_url("check", release.pk))
    ((finding, signature),) = page.context["findings"]
    assert signature is None
    answer = admin_client.post(
        _url("check", release.pk), {f"reason-{finding.fingerprint}": "Invité.", "publish": ""}
    )
    assert answer.url == _url("after", release.pk)
    release.refresh_from_db()
    assert release.state == "published"
    assert [one.action for one in release.revisions.order_by("pk")] == [
        "signed",
        "checked",
        "published",
    ]


def test_unsigned_warning_is_refused(admin_client, edition):
    release = _draft(edition, body_fr="Jean Dupont a parlé.")
    admin_client.post(_url("check", release.pk), {"check": ""})
    release.refresh_from_db()
    assert release.state == "draft"


def test_release_is_scheduled_and_the_schedule_lifted(admin_client, edition):
    release = _draft(edition)
    past = {"schedule": "", "publish_at": "2020-01-01T10:00"}
    page = admin_client.post(_url("check", release.pk), past)
    assert list(page.context["schedule"].errors) == ["publish_at"]
    at = timezone.localtime() + dt.timedelta(days=2)
    moment = {"schedule": "", "publish_at": at.strftime("%Y-%m-%dT%H:%M")}
    admin_client.post(_url("check", release.pk), moment)
    release.refresh_from_db()
    assert release.publish_at == at.replace(second=0, microsecond=0)
    admin_client.post(_url("check", release.pk), {"unschedule": ""})
    release.refresh_from_db()
    assert (release.state, release.publish_at) == ("checked", None)


def test_reader_sees_the_check_and_changes_nothing(reader, edition):
    release = _draft(edition)
    page = reader.get(_url("check", release.pk))
    assert (page.status_code, "Publish" in page.content.decode()) == (200, False)
    assert reader.post(_url("check", release.pk), {"publish": ""}).status_code == 403
    published = PressReleaseFactory(edition=edition)
    assert reader.post(_url("after", published.pk), {"correct": ""}).status_code == 403


def test_strangers_see_no_page_of_a_release(client, django_user_model, edition):
    client.force_login(django_user_model.objects.create_user("paul", is_staff=True))
    release, published = _draft(edition), PressReleaseFactory(edition=edition)
    publication = published.publications.get()
    addresses = [
        _url("check", release.pk),
        _url("after", published.pk),
        reverse("admin:events_pressrelease_history", args=[release.pk]),
        _url("publication", published.pk, publication.pk),
    ]
    assert [client.get(one).status_code for one in addresses] == [403] * 4


# -------------------------------------------------------------------------------------- after
def test_published_release_cannot_be_edited_nor_deleted(admin_client, edition):
    release = PressReleaseFactory(edition=edition)
    page = admin_client.get(_url("change", release.pk))
    assert page.context["has_change_permission"] is False
    admin_client.post(_url("change", release.pk), {"headline_fr": "Autre"})
    admin_client.post(_url("delete", release.pk), {"post": "yes"})
    release.refresh_from_db()
    assert release.headline_fr == "Un titre"


def test_data_that_changed_since_raise_the_alarm_and_lead_to_a_correction(admin_client, edition):
    release = PressReleaseFactory(edition=edition, body_fr="{{ figure.cafes }} cafés.")

    def tasks() -> list:
        found = admin_client.get(reverse("admin:index")).context["tasks"]
        return [task for task in found if "pressrelease" in task.url]

    assert tasks() == []
    Figure.objects.update(value=13)
    (task,) = tasks()
    rows = admin_client.get(task.url).context["cl"].result_list
    assert (task.value, list(rows)) == (1, [release])
    after = _url("after", release.pk)
    page = admin_client.get(after)
    assert [(one.published, one.now) for one in page.context["drift"]] == [("12", "13")]
    answer = admin_client.post(after, {"correct": ""})
    draft = PressRelease.objects.get(corrects=release)
    assert answer.url == _url("change", draft.pk)


def test_embargo_is_lifted_from_the_page_of_the_release(admin_client, edition, client):
    until = timezone.now() + dt.timedelta(hours=2)
    release = PressReleaseFactory(edition=edition, embargo_until=until)
    assert 'name="lift"' in admin_client.get(_url("after", release.pk)).content.decode()
    admin_client.post(_url("after", release.pk), {"lift": ""})
    assert list(PressRelease.objects.public()) == [release]
    assert 'name="lift"' not in admin_client.get(_url("after", release.pk)).content.decode()


def test_withdrawal_needs_its_reason(admin_client, edition, client):
    release = PressReleaseFactory(edition=edition)
    admin_client.post(_url("after", release.pk), {"withdraw": "", "reason_fr": " "})
    assert PressRelease.objects.get().state == "published"
    admin_client.post(_url("after", release.pk), {"withdraw": "", "reason_fr": "Erreur."})
    assert PressRelease.objects.get().state == "withdrawn"
    answer = admin_client.post(_url("after", release.pk), {"reopen": ""})
    assert (answer.url, PressRelease.objects.get().state) == (
        _url("change", release.pk),
        "draft",
    )


def test_team_reads_the_pdf_under_embargo(admin_client, edition):
    release = PressReleaseFactory(
        edition=edition, embargo_until=timezone.now() + dt.timedelta(days=1)
    )
    publication = release.publications.get()
    answer = admin_client.get(_url("publication", release.pk, publication.pk))
    assert answer.content == bytes(publication.pdf)
    assert answer["Cache-Control"].startswith("private, no-store")


def test_headline_is_french_where_there_is_one(admin_client, edition):
    release = PressReleaseFactory(
        edition=edition, language="fr+en", headline_en="Title", lead_en="Lead.", body_en="Text."
    )
    for url in (_url("changelist"), _url("after", release.pk)):
        page = admin_client.get(url).content.decode()
        assert ("Un titre" in page, "Title" in page) == (True, False)


def test_list_shows_what_was_published_and_until_when_it_is_hidden(admin_client, edition):
    at = dt.datetime(2050, 10, 24, 9, 30, tzinfo=timezone.get_current_timezone())
    PressReleaseFactory(edition=edition, headline_fr="{{ figure.cafes }} cafés", embargo_until=at)
    page = admin_client.get(_url("changelist")).content.decode()
    assert ("12 cafés" in page, "24\xa0octobre\xa02050" in page) == (True, True)


# ------------------------------------------------------------------------------------ figures
def test_figures_stand_with_definition_source_and_the_rows_behind(admin_client, edition):
    page = admin_client.get(reverse("admin:events_edition_figures", args=[edition.pk]))
    text = page.content.decode()
    assert (text.count("Bilan"), "{{ figure.foreign_share }}" in text) == (1, True)
    rows = admin_client.get(reverse("admin:events_edition_figure", args=[edition.pk, "cafes"]))
    assert rows.context["rows"] == []
    missing = reverse("admin:events_edition_figure", args=[edition.pk, "meteo"])
    assert admin_client.get(missing).status_code == 404


def test_names_behind_a_figure_are_for_those_who_may_see_them(client, django_user_model, edition):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("presse", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_edition"))
    client.force_login(user)
    assert client.get(reverse("admin:events_edition_figures", args=[edition.pk])).status_code == 200
    rows = reverse("admin:events_edition_figure", args=[edition.pk, "registered"])
    assert client.get(rows).status_code == 403


def test_preview_image_is_a_page(admin_client, edition):
    release = _draft(edition)
    answer = json.loads(admin_client.post(_url("preview"), _typed(admin_client, release)).content)
    import base64

    picture = Image.open(io.BytesIO(base64.b64decode(answer["images"][0].partition(",")[2])))
    assert picture.size == (900, 1273)


def test_pages_are_french_for_the_team(admin_client, edition):
    with override("fr"):
        page = admin_client.get(_url("check", _draft(edition).pk)).content.decode()
    assert '<html lang="fr"' in page
