"""The port, the lock and the programs of `make up`."""

import socket

from hldtracker import up


def test_a_port_that_is_taken_is_passed_over(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with up.listen("127.0.0.1", taken) as listener:
            found = listener.getsockname()[1]

    assert taken < found < taken + up.PORTS_TRIED
    assert capsys.readouterr().err == f"Port {taken} is taken; using {found}.\n"


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
