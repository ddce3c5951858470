"""The port, the lock and the programs of `make up`."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hldtracker import up
from tests.hldtracker.test_supervisor import eventually, is_alive


def test_a_port_that_is_taken_is_passed_over(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with up.listen("127.0.0.1", taken) as listener:
            found = listener.getsockname()[1]

    assert taken < found < taken + up.PORTS_TRIED
    assert capsys.readouterr().err == f"Port {taken} is taken; using {found}.\n"


def test_where_to_listen_has_a_default():
    assert up.place({}) == ("127.0.0.1", 8000)
    assert up.place({"HOST": "localhost", "PORT": "8001"}) == ("localhost", 8001)


def test_what_is_printed_is_where_it_is_reached():
    assert [up.reachable(host) for host in ("127.0.0.1", "localhost", "127.0.0.2")] == [
        "127.0.0.1",
        "localhost",
        "127.0.0.2",
    ]
    assert up.reachable(up.EVERY_ADDRESS) != up.EVERY_ADDRESS
    up.listen(up.reachable(up.EVERY_ADDRESS), 8000).close()


def test_the_site_is_waited_for_where_it_listens(capsys):
    with up.listen("127.0.0.2", 18_000) as listener:
        host, port = listener.getsockname()
        answer = threading.Thread(target=answer_once, args=(listener,))
        answer.start()
        up.welcome(f"http://{host}:{port}", ["http://elsewhere.example", "who can sign in"])
        answer.join()

    assert capsys.readouterr().out == "http://elsewhere.example\nwho can sign in\n"


def answer_once(listener: socket.socket) -> None:
    """Answer one request, as a site that runs does."""
    asked, _address = listener.accept()
    with asked:
        asked.recv(1024)
        asked.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("PORT", "abc", "it must be a number from 1 to 65535"),
        ("PORT", "99999", "it must be a number from 1 to 65535"),
        ("PORT", "0", "it must be a number from 1 to 65535"),
        ("PORT", "-1", "it must be a number from 1 to 65535"),
        ("HOST", "no.such.host.invalid", "it must be a name or an address of this machine"),
        ("HOST", "192.0.2.1", "it must be a name or an address of this machine"),
        ("HOST", "a..b", "it must be a name or an address of this machine"),
    ],
)
def test_a_wrong_place_is_refused_before_anything_is_prepared(name, value, must, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "hldtracker.up"],
        cwd=Path(up.__file__).resolve().parents[1],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(tmp_path / "env"), name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{name}: is “{value}”; {must}\n"
    assert [*tmp_path.iterdir()] == []


def test_ports_are_tried_up_to_the_highest_and_no_further(capsys):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", up.HIGHEST_PORT))
        other.listen()

        with pytest.raises(SystemExit, match="No port is free from 65535 to 65535"):
            up.listen("127.0.0.1", up.HIGHEST_PORT)


def test_what_no_other_port_mends_is_not_taken_for_a_port_in_use():
    with pytest.raises(OSError, match="assign requested address"):
        up.listen("192.0.2.1", 8000)


def test_a_second_start_in_the_same_folder_is_refused_with_the_address_of_the_first(
    tmp_path, capsys
):
    with up.only_one(tmp_path) as lock:
        lock.write("http://127.0.0.1:8000")
        lock.flush()

        assert up.only_one(tmp_path) is None

    assert capsys.readouterr().err == (
        "It is running already: http://127.0.0.1:8000. Stop that one first.\n"
    )


def test_after_the_first_ended_the_next_may_start(tmp_path):
    up.only_one(tmp_path).close()

    with up.only_one(tmp_path) as lock:
        assert lock.read() == ""


def test_without_redis_one_worker_holds_the_timetable():
    assert [program.name for program in up.programs(3, with_redis=False)] == ["web", "worker"]
    assert "-B" in up.programs(3, with_redis=False)[1].command


def test_with_redis_the_timetable_is_a_program_of_its_own():
    found = up.programs(3, with_redis=True)

    assert [program.name for program in found] == ["web", "worker", "beat"]
    assert "-B" not in found[1].command


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_what_comes_before_the_site_ends_when_it_is_killed(tmp_path):
    log = tmp_path / "pid"
    slow = f"import os, time; open({str(log)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    start = f"import sys; from hldtracker import up; up.first([sys.executable, '-c', {slow!r}])"
    process = subprocess.Popen([sys.executable, "-c", start], cwd=up.ROOT)
    assert eventually(lambda: log.exists() and log.read_text())

    process.kill()
    process.wait()

    assert eventually(lambda: not is_alive(int(log.read_text())))
