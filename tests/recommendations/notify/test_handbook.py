"""The handbook prints the table of notices and the usual reminders as the code has them."""

from __future__ import annotations

from recommendations.models import Round
from recommendations.notify.notices import printable
from tests.project.house import ROOT

PAGE = ROOT / "docs" / "reminders.md"


def printed() -> list[str]:
    """Return the rows of the table of notices as the handbook should print them."""
    return [
        f"| {row['notice']} | {row['to']} | {row['how']} | {row['off']} |" for row in printable()
    ]


def test_the_handbook_prints_every_row_of_the_table_of_notices() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]

    assert rows[1:] == printed()


def test_the_handbook_names_the_usual_reminders() -> None:
    usual = Round()
    words = " ".join(PAGE.read_text().split())

    assert (usual.reminder_days, usual.reminder_every, usual.reminder_last) == (
        [-14, -3, 0, 3, 10],
        14,
        66,
    )
    assert (
        "14 and 3 days before the due date, on the day itself, 3 and 10 days after it, then every "
        "14 days, no later than 66 days after it" in words
    )
