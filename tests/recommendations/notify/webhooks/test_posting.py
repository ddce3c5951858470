"""One call over the network: where it may go, what it trusts, and how long it takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from recommendations.notify.webhooks import places, posting
from recommendations.notify.webhooks.posting import Answer, Courier
from tests.hook_server import HOST, HookServer, courier, hook_server


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[HookServer]:
    """Return a server that accepts everything."""
    with hook_server(settings, tmp_path) as running:
        yield running


def post(server: HookServer, by: Courier | None = None) -> Answer:
    """Call the server once."""
    return (by or courier()).post(server.address, {"Webhook-Id": "msg_1"}, "{}")


def test_a_call_reaches_the_path_and_names_the_host(server: HookServer) -> None:
    answer = post(server)

    assert (answer.status, answer.text, answer.accepted) == (204, "", True)
    (call,) = server.calls
    assert (call.path, call.body) == ("/in?for=tracker", "{}")
    assert call.headers["host"] == f"{HOST}:{server.port}"


def test_the_usual_courier_calls_no_machine_of_this_network(server: HookServer) -> None:
    answer = Courier(resolver=lambda host: ["127.0.0.1"], context=courier().context).post(
        server.address, {}, "{}"
    )

    assert answer.text == "The host name leads into a network that is not public."
    assert (answer.status, server.calls) == (None, [])


def test_the_usual_courier_trusts_no_unknown_authority(server: HookServer) -> None:
    answer = post(server, courier(context=None))

    assert answer.text.startswith("The certificate is not good: ")
    assert server.calls == []


def test_a_certificate_of_another_host_is_refused(server: HookServer) -> None:
    address = server.address.replace(HOST, "other.example.org")
    answer = courier().post(address, {}, "{}")

    assert answer.text.startswith("The certificate is not good: Hostname mismatch")
    assert server.calls == []


def test_a_name_that_moves_after_the_check_is_not_followed(server: HookServer) -> None:
    asked = []

    def moving(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    allowed = {"127.0.0.1"}
    by = courier(resolver=moving, allowed=lambda address: address in allowed)

    assert post(server, by).status == 204
    assert asked == [HOST]
    assert post(server, by).text == "The host name leads into a network that is not public."
    assert len(server.calls) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(places.NoPlace, match="not public"):
        places.place_of(HOST, resolver=lambda host: ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nobody listens there
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "8.8.8.8.",
        "0x08080808",
        "",
    ],
)
def test_an_address_outside_the_public_network_is_refused(address: str) -> None:
    assert places.is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00::1"])
def test_an_address_in_the_public_network_may_be_called(address: str) -> None:
    assert places.is_public(address) is True


def test_a_name_that_leads_nowhere_is_an_answer() -> None:
    answer = Courier().post("https://nowhere.invalid/", {}, "{}")

    assert (answer.status, answer.text) == (None, "The host name leads nowhere.")


def test_a_redirect_is_not_followed(settings: Settings, tmp_path: Path) -> None:
    with hook_server(settings, tmp_path, status=302) as server:
        server.headers["Location"] = server.address
        answer = post(server)

    assert (answer.status, answer.accepted, len(server.calls)) == (302, False, 1)


def test_an_answer_is_kept_up_to_two_kilobytes(settings: Settings, tmp_path: Path) -> None:
    text = b"a\x00\xff" + b"b" * 100_000
    with hook_server(settings, tmp_path, status=500, text=text) as server:
        answer = post(server)

    assert answer.status == 500
    assert answer.text == "a�" + "b" * 2045 + " …"


def test_a_server_that_says_nothing_is_left_in_time(settings: Settings, tmp_path: Path) -> None:
    with hook_server(settings, tmp_path, silent=1) as server:
        answer = post(server, courier(patience=0.2))

    assert (answer.status, answer.text) == (None, "No answer in time.")


def test_a_server_that_drips_is_left_in_time(settings: Settings, tmp_path: Path) -> None:
    with hook_server(settings, tmp_path, status=200, text=b"x" * 100, slow=0.05) as server:
        answer = post(server, courier(longest=0.3))

    assert 250 <= answer.took_ms <= 3000
    assert len(answer.text) < 100


def test_a_machine_that_never_shakes_hands_is_left_in_time(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://{HOST}:{silent.getsockname()[1]}/"
        answer = courier(longest=0.3).post(address, {}, "{}")

    assert (answer.status, answer.accepted) == (None, False)
    assert 250 <= answer.took_ms <= 3000


def test_a_closed_port_is_an_answer(server: HookServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answer = courier().post(f"https://{HOST}:{port}/", {}, "{}")

    assert (answer.status, answer.text) == (None, "No answer: ConnectionRefusedError")


NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("99999999999999999999", timedelta(days=1)),
        ("Mon, 04 May 2026 09:31:00 GMT", timedelta(minutes=1)),
        ("Mon, 04 May 2026 09:00:00 GMT", timedelta()),
        ("Mon, 04 May 2026 09:31:00", timedelta(minutes=1)),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_the_wait_that_is_asked_for_is_read(value: str | None, wait: timedelta | None) -> None:
    assert posting.wait_in(value, now=lambda: NOW) == wait
