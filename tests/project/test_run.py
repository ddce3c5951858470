"""What `make test` and `make drill` take for a success."""

import os
import subprocess
import sys

import pytest

from tests import run


def test_a_pass_without_any_test_says_so():
    arguments = ["-p", "no:cacheprovider", "tests/project/test_run.py", "-k", "no_such_words"]

    ok, counts, ran = run.run_pytest("Nothing", dict(os.environ), arguments)

    assert (ok, ran) == (True, 0)
    assert counts.startswith("0 passed, 0 failed, 0 skipped in ")


@pytest.mark.parametrize(
    ("passes", "ran", "code"),
    [
        ([("SQLite", True, ""), ("Browser", True, "")], 3, 0),
        ([("SQLite", True, ""), ("Browser", True, "")], 0, 1),
        ([("SQLite", True, ""), ("Browser", False, "")], 3, 1),
    ],
    ids=["something ran", "nothing ran", "something failed"],
)
def test_all_is_well_only_where_something_ran(passes, ran, code, capsys):
    assert run.conclude(passes, ran=ran) == code
    assert ("FAIL  Tests" in capsys.readouterr().out) == (ran == 0)


def test_what_meets_no_database_runs_once_and_what_may_meet_one_runs_on_each():
    alone = "tests/project/test_palette.py"
    on_each = [
        "tests/agencies/test_access.py",
        # asks for a database in some of its tests, and makes others by itself
        "tests/recommendations/exchange/test_demo_database.py",
        # asks for none, and starts programs that read DATABASE_URL
        "tests/hldtracker/test_environment.py",
    ]
    command = ["-m", "pytest", "-qq", "-n", "0", "-p", "no:cacheprovider", "-p", "no:schemathesis"]

    listed = subprocess.run(
        [sys.executable, *command, "--collect-only", "-m", "not database", alone, *on_each],
        cwd=run.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert {line.partition(":")[0] for line in listed if line} == {alone}


def test_each_journey_in_a_browser_stands_where_they_are_looked_for():
    mark = "mark." + "browser"
    found = [path for path in (run.ROOT / "tests").rglob("*.py") if mark in path.read_text()]

    assert [path for path in found if not path.is_relative_to(run.ROOT / run.JOURNEYS)] == []
    assert found != []
