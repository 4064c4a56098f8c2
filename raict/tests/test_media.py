from pathlib import Path

import pytest

POLICY = "Content-Security-Policy"


def test_uploaded_file_is_served_without_debug(client, settings):
    folder = Path(settings.MEDIA_ROOT) / "partners"
    folder.mkdir(parents=True)
    (folder / "logo.png").write_bytes(b"\x89PNG")

    answer = client.get("/media/partners/logo.png")

    assert settings.DEBUG is False
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == b"\x89PNG"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("logo.png", "inline"),
        ("slides.pdf", "inline"),
        ("page.html", "attachment"),
        ("drawing.svg", "attachment"),
        ("script.js", "attachment"),
        ("without-ending", "attachment"),
    ],
)
def test_upload_that_could_act_is_saved_not_shown(client, settings, name, disposition):
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True)
    (folder / name).write_text("<script>alert(1)</script>")

    answer = client.get(f"/media/{name}")

    assert answer["Content-Disposition"].partition(";")[0] == disposition
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("drawing.svg", "sandbox; default-src 'none'; style-src 'unsafe-inline'"),
        ("page.html", "sandbox; default-src 'none'; style-src 'unsafe-inline'"),
        ("logo.png", None),  # the site's own
        ("slides.pdf", None),  # Chromium shows no PDF in a sandbox
    ],
)
def test_upload_that_is_opened_all_the_same_can_do_nothing(client, settings, name, policy):
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True)
    (folder / name).write_text("<svg/>")

    answer = client.get(f"/media/{name}")

    assert b"".join(answer.streaming_content) == b"<svg/>"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer[POLICY] == (policy or client.get("/healthz")[POLICY])


@pytest.mark.django_db
def test_nothing_outside_the_folder_is_served(client, settings):
    Path(settings.MEDIA_ROOT).mkdir()
    (Path(settings.MEDIA_ROOT).parent / "secret.key").write_text("hidden")

    for path in ("/media/../secret.key", "/media/%2e%2e/secret.key", "/media//secret.key"):
        assert client.get(path).status_code in {400, 404}
    assert client.get("/media/").status_code == 404
