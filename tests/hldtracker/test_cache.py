"""A Redis that fails is an empty cache, quickly, and is left alone for a while."""

import multiprocessing
import os
import socket
import time
import uuid

import pytest

from hldtracker.cache import REST_SECONDS, FileCounts, PatientRedisCache


@pytest.fixture
def deaf_redis():
    """Return the address of a server that accepts connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}"


def every_question(cache):
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")
    return {
        "add": cache.add("key", 1),
        "get": cache.get("key"),
        "get with a default": cache.get("key", "default"),
        "set": cache.set("key", 1),
        "touch": cache.touch("key"),
        "delete": cache.delete("key"),
        "get_many": cache.get_many(["key"]),
        "has_key": cache.has_key("key"),
        "set_many": cache.set_many({"key": 1}),
        "delete_many": cache.delete_many(["key"]),
    }


EMPTY = {
    "add": True,
    "get": None,
    "get with a default": "default",
    "set": None,
    "touch": False,
    "delete": False,
    "get_many": {},
    "has_key": False,
    "set_many": [],
    "delete_many": None,
}


def test_an_absent_redis_is_a_miss_for_every_question():
    cache = PatientRedisCache("redis://127.0.0.1:1", {})

    assert every_question(cache) == EMPTY


def test_a_frozen_redis_costs_its_timeout_once(deaf_redis):
    cache = PatientRedisCache(deaf_redis, {})
    started = time.monotonic()

    assert every_question(cache) == EMPTY

    assert 0.2 <= time.monotonic() - started < 1.5


def test_redis_is_asked_again_after_its_rest(deaf_redis, monkeypatch):
    cache = PatientRedisCache(deaf_redis, {})
    now = time.monotonic()
    asked = []
    monkeypatch.setattr(time, "monotonic", lambda: now)
    cache.get("key")
    monkeypatch.setattr(cache._cache.client, "get", lambda *args: asked.append(args))

    cache.get("key")
    assert asked == []

    now += REST_SECONDS
    cache.get("key")
    assert len(asked) == 1


@pytest.mark.redis
def test_a_redis_that_answers_is_a_cache(redis_url):
    cache = PatientRedisCache(redis_url, {"KEY_PREFIX": uuid.uuid4().hex})

    assert cache.get("key") is None
    cache.set("key", {"a": 1}, 60)
    assert cache.get("key") == {"a": 1}
    assert cache.add("key", 2) is False
    assert cache.delete("key") is True


@pytest.mark.redis
def test_sums_begin_with_nothing_and_last_as_long_as_they_were_begun_for(redis_url):
    cache = PatientRedisCache(redis_url, {"KEY_PREFIX": uuid.uuid4().hex})

    assert [cache.raised("sum", by, 60) for by in (5, 1, 20)] == [5, 6, 26]
    assert cache.raised("other", 1, 60) == 1
    assert 0 < cache._cache.client.client.ttl(cache.make_key("sum")) <= 60


def test_a_sum_without_redis_is_what_is_added_now(deaf_redis):
    cache = PatientRedisCache(deaf_redis, {})

    assert [cache.raised("sum", by, 60) for by in (5, 1)] == [5, 1]


def test_processes_share_their_sums_in_files(tmp_path):
    fork = multiprocessing.get_context("fork")
    start, found = fork.Barrier(4), fork.SimpleQueue()

    def run():
        cache = FileCounts(str(tmp_path), {})
        start.wait(60)
        found.put([cache.raised("sum", 1, 60) for _ in range(200)])

    processes = [fork.Process(target=run, daemon=True) for _ in range(4)]
    for process in processes:
        process.start()
    sums = [one for _process in processes for one in found.get()]
    for process in processes:
        process.join(60)

    assert sorted(sums) == [*range(1, 801)]
    assert FileCounts(str(tmp_path), {}).raised("sum", -300, 60) == 500
    assert FileCounts(str(tmp_path), {}).raised("other", 20, 60) == 20


def test_sums_in_files_that_nothing_was_added_to_are_removed(tmp_path):
    FileCounts(str(tmp_path), {}).raised("old", 1, 60)
    (old,) = tmp_path.iterdir()
    os.utime(old, (0, 0))
    FileCounts(str(tmp_path), {}).raised("new", 1, 60)

    assert len([*tmp_path.iterdir()]) == 1
    assert not old.exists()


def test_a_sum_in_a_folder_that_cannot_be_made_is_what_is_added_now(tmp_path):
    (tmp_path / "file").write_text("")
    cache = FileCounts(str(tmp_path / "file" / "folder"), {})

    assert [cache.raised("sum", by, 60) for by in (5, 1)] == [5, 1]
