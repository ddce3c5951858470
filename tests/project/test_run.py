"""What `make test` and `make drill` take for a success."""

import os

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
