"""A broker that is away, silent or thrown away delays nobody and breaks nothing."""

import socket
import threading

import kombu
import pytest
from celery import current_app

from raict.mail import broker, outbox
from raict.mail.models import Message

pytestmark = pytest.mark.sqlite


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(broker, "_silent_until", 0.0)
    monkeypatch.setattr(broker, "_kept", threading.local())


def connect_to(monkeypatch, url, **options):
    """What `wake` opens leads to `url` instead."""
    usual = current_app.connection_for_write

    def connection(*args, **own):
        if not own:  # Celery prepares its pool, which `wake` does not use
            return usual(*args)
        own["transport_options"] = {**options, **own["transport_options"]}
        return kombu.Connection(url, transport=options.get("transport"), **own)

    monkeypatch.setattr(current_app, "connection_for_write", connection)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    place = tmp_path / "broker"
    connect_to(
        monkeypatch, "files://", transport="raict.mail.transport:Transport", folder=str(place)
    )
    return place


def test_wake_leaves_a_task_in_the_folder(folder):
    assert broker.wake("mail.send", 7)

    [file] = (folder / "celery").iterdir()
    assert '"task": "mail.send"' in file.read_text()


def test_wake_makes_a_folder_that_was_thrown_away_anew(folder):
    assert [broker.wake("mail.sweep"), (folder / "celery").exists()] == [True, True]
    for file in (folder / "celery").iterdir():
        file.unlink()
    (folder / "celery").rmdir()
    folder.rmdir()

    assert broker.wake("mail.sweep")
    assert len(list((folder / "celery").iterdir())) == 1


def test_wake_fails_softly_when_the_folder_cannot_be_made(folder):
    folder.write_text("a file stands in its place")

    assert not broker.wake("mail.send", 7)


def test_wake_gives_up_on_a_closed_port_and_pauses(monkeypatch):
    connect_to(monkeypatch, "redis://127.0.0.1:1/0")

    assert not broker.wake("mail.send", 7)
    monkeypatch.setattr(current_app, "connection_for_write", None)  # is not asked for a while
    assert not broker.wake("mail.send", 7)


def test_wake_gives_up_on_a_server_that_never_answers(monkeypatch):
    """Without an end of its own, the wait would last as long as the server's silence: for ever."""
    answers = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connect_to(monkeypatch, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        visitor = threading.Thread(
            target=lambda: answers.append(broker.wake("mail.send", 7)), daemon=True
        )
        visitor.start()
        visitor.join(timeout=60)  # much longer than PATIENCE, for slow machines

        assert answers == [False]


@pytest.mark.django_db(transaction=True)
def test_message_is_written_and_swept_although_the_broker_is_away(letter, monkeypatch):
    connect_to(monkeypatch, "redis://127.0.0.1:1/0")
    message = letter()

    assert Message.objects.get().state == "queued"
    assert outbox.sweep(5) == 1
    message.refresh_from_db()
    assert message.state == "sent"


# --------------------------------------------------------------------------- broker of files
def channel(folder):
    connection = kombu.Connection(
        transport="raict.mail.transport:Transport", transport_options={"folder": str(folder)}
    )
    return connection.channel()


def test_files_come_back_in_order_each_once(tmp_path):
    line = channel(tmp_path)
    for number in range(3):
        line._put("celery", {"number": number})

    assert line._size("celery") == 3
    assert [line._get("celery")["number"] for _i in range(3)] == [0, 1, 2]
    with pytest.raises(kombu.transport.virtual.Empty):
        line._get("celery")
    assert list((tmp_path / "celery").iterdir()) == []


def test_two_takers_never_take_the_same_file(tmp_path):
    for number in range(200):
        channel(tmp_path)._put("celery", {"number": number})
    taken, together = [], threading.Barrier(4)

    def take():
        own = channel(tmp_path)
        together.wait()
        try:
            while True:
                taken.append(own._get("celery")["number"])
        except kombu.transport.virtual.Empty:
            pass

    threads = [threading.Thread(target=take) for _i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(200))


def test_file_being_written_is_not_read(tmp_path):
    (tmp_path / "celery").mkdir()
    (tmp_path / "celery" / ".1-half.json").write_text('{"num')

    with pytest.raises(kombu.transport.virtual.Empty):
        channel(tmp_path)._get("celery")


def test_purge_empties_one_queue(tmp_path):
    line = channel(tmp_path)
    line._put("celery", {})
    line._put("other", {})

    assert [line._purge("celery"), line._size("celery"), line._size("other")] == [1, 0, 1]
