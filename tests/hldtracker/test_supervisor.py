"""The supervisor with real child processes; only the waits are shorter than in earnest."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

SUPERVISED = """
import json, sys
from hldtracker.supervisor import Patience, Program, Supervisor
plan = json.loads(sys.argv[1])
programs = [Program(name, [sys.executable, "-S", "-c", code]) for name, code in plan["run"].items()]
sys.exit(Supervisor(programs, patience=Patience(**plan["patience"])).run())
"""
# Each start of a child leaves a line, so that a test can count them.
STARTED = """
import os, signal, sys, time
with open({log!r}, "a") as log: log.write(f"{{os.getpid()}}\\n")
starts = len(open({log!r}).readlines())
print("start", starts, flush=True)
"""
STAY = "time.sleep(60)"
QUICK = {"first_wait": 0.02, "longest_wait": 0.1, "stop": 5.0, "tick": 0.01}


@pytest.fixture
def supervise(tmp_path):
    """Start a supervisor over named pieces of code; ended with everything it left."""
    started = []

    def start(patience=QUICK, **codes):
        run = {
            name: STARTED.format(log=str(tmp_path / name)) + code for name, code in codes.items()
        }
        output = (tmp_path / "output").open("w+")
        plan = json.dumps({"run": run, "patience": patience})
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISED, plan], stdout=output, stderr=subprocess.STDOUT
        )
        started.append((process, output))
        return process

    yield start
    for process, output in started:
        process.kill()
        process.wait()
        output.close()
    for log in tmp_path.iterdir():
        for line in log.read_text().split():
            if line.isdecimal() and log.name != "output":
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(line), signal.SIGKILL)


@pytest.fixture
def pids(tmp_path):
    """Return the process ids that a program has had."""

    def read(name):
        log = tmp_path / name
        return [int(line) for line in log.read_text().split()] if log.exists() else []

    return read


@pytest.fixture
def printed(tmp_path):
    """Return what the supervisor has printed."""
    return lambda: (tmp_path / "output").read_text()


def eventually(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_dies_is_started_again_and_the_others_stay(supervise, pids):
    supervise(web="sys.exit(3) if starts == 1 else None\n" + STAY, worker=STAY)

    assert eventually(lambda: len(pids("web")) == 2)
    assert eventually(lambda: is_alive(pids("web")[1]))
    assert len(pids("worker")) == 1


def test_the_wait_before_a_start_doubles_up_to_a_limit(supervise, printed):
    process = supervise(
        web="sys.exit(1)",
        patience={"first_wait": 0.1, "longest_wait": 0.5, "tries": 6, "tick": 0.01},
    )

    assert process.wait(20) == 1
    assert re.findall(r"started again in (\S+) s", printed()) == ["0.1", "0.2", "0.4", "0.5", "0.5"]


def test_five_quick_exits_in_a_row_end_everything_and_say_why(supervise, pids, printed):
    process = supervise(web="print('the reason is here'); sys.exit(7)", worker=STAY, patience=QUICK)

    assert process.wait(20) == 1
    assert len(pids("web")) == 5
    assert "web cannot be started: it ended 5 times in a row within 2 s" in printed()
    assert "ended with exit code 7 the last time" in printed()
    assert printed().rstrip().endswith("the reason is here")
    assert not is_alive(pids("worker")[0])


def test_an_exit_after_a_longer_life_breaks_the_row(supervise, pids):
    process = supervise(
        web="time.sleep(0.4 if starts % 3 == 0 else 0); sys.exit(1)",
        patience={**QUICK, "quick_exit": 0.3},
    )

    assert eventually(lambda: len(pids("web")) >= 8)
    assert process.poll() is None


def test_being_killed_is_not_counted(supervise, pids):
    process = supervise(web="os.kill(os.getpid(), signal.SIGKILL) if starts < 8 else None\n" + STAY)

    assert eventually(lambda: len(pids("web")) == 8)
    assert eventually(lambda: is_alive(pids("web")[7]))
    assert process.poll() is None


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_reaches_every_child_which_ends_in_its_own_way(supervise, printed, name):
    code = (
        f"signal.signal(signal.{name}, lambda *_: (print('tidied up', flush=True), sys.exit(0)))\n"
        "print('ready', flush=True)\n" + STAY
    )
    process = supervise(web=code, worker=code)
    assert eventually(lambda: printed().count("ready") == 2)

    process.send_signal(getattr(signal, name))

    assert process.wait(10) == 0
    assert printed().count("tidied up") == 2


def test_a_closed_terminal_ends_children_that_take_its_signal_for_a_reload(supervise, printed):
    code = (
        "signal.signal(signal.SIGHUP, lambda *_: print('reloaded', flush=True))\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('tidied up', flush=True), sys.exit(0)))\n"
        "print('ready', flush=True)\n" + STAY
    )
    process = supervise(web=code, worker=code, patience={**QUICK, "stop": 60.0})
    assert eventually(lambda: printed().count("ready") == 2)

    process.send_signal(signal.SIGHUP)

    assert process.wait(10) == 0
    assert (printed().count("tidied up"), printed().count("reloaded")) == (2, 0)


def test_a_child_that_does_not_end_is_killed_after_the_wait(supervise, pids, printed):
    process = supervise(
        web="signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\n" + STAY,
        patience={**QUICK, "stop": 0.3},
    )
    assert eventually(lambda: "deaf" in printed())

    process.terminate()

    assert process.wait(10) == 0
    assert not is_alive(pids("web")[0])


def test_a_second_signal_does_not_wait(supervise, pids, printed):
    process = supervise(
        web="signal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf', flush=True)\n" + STAY,
        patience={**QUICK, "stop": 60.0},
    )
    assert eventually(lambda: "deaf" in printed())

    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)

    assert process.wait(10) == 0
    assert not is_alive(pids("web")[0])


def test_what_a_dead_child_started_is_ended_before_it_starts_again(supervise, pids, tmp_path):
    log = str(tmp_path / "grandchild")
    supervise(
        web=f"pid = os.fork()\nif pid == 0:\n    {STAY}\nopen({log!r}, 'a').write(f'{{pid}}\\n')\n"
        "os.kill(os.getpid(), signal.SIGKILL) if starts == 1 else None\n" + STAY
    )

    assert eventually(lambda: len(pids("grandchild")) == 2)
    assert not is_alive(pids("grandchild")[0])
    assert is_alive(pids("grandchild")[1])


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_children_end_when_the_supervisor_is_killed(supervise, pids):
    process = supervise(web=STAY)
    assert eventually(lambda: len(pids("web")) == 1)

    process.kill()

    assert eventually(lambda: not is_alive(pids("web")[0]))


def test_what_children_print_carries_their_name(supervise, printed):
    supervise(web=STAY, worker=STAY)

    assert eventually(lambda: "   web | start 1" in printed() and "worker | start 1" in printed())
