"""The broker in files: a worker never meets a message that is not there as a whole."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from hldtracker import broker

MESSAGES = 600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which programs leave messages for each other."""
    (tmp_path / "processed").mkdir()
    return tmp_path


def channel(folder: Path) -> broker.Channel:
    """Return a channel of a program of its own."""
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "processed_folder": str(folder / "processed"),
        "store_processed": True,
        "control_folder": str(folder / "control"),
    }
    return Connection("filesystem://", transport_options=options).channel()


def test_a_message_is_read_whole_however_soon_it_is_read(folder: Path) -> None:
    writes, reads = channel(folder), channel(folder)
    sent = [{"body": f"{number}" * 2000} for number in range(MESSAGES)]
    writer = threading.Thread(target=lambda: [writes._put("work", one) for one in sent])
    writer.start()
    got: list[dict[str, str]] = []
    while writer.is_alive() or len(got) < MESSAGES:
        with suppress(Empty):
            got.append(reads._get("work"))
    writer.join()

    assert isinstance(writes, broker.Channel)
    assert sorted(one["body"] for one in got) == sorted(one["body"] for one in sent)
    assert [path.name for path in folder.glob(".*.part")] == []


def test_programs_that_begin_together_know_each_others_queues(folder: Path) -> None:
    channels = [channel(folder) for _number in range(8)]
    begun = threading.Barrier(len(channels))
    failed: list[Exception] = []

    def bind(number: int) -> None:
        begun.wait()
        try:
            channels[number]._queue_bind("work", f"key{number}", "", f"queue{number}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(len(channels))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    known = {queue for _key, _pattern, queue in channel(folder).get_table("work")}
    assert known == {f"queue{number}" for number in range(len(channels))}
