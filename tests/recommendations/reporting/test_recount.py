"""The stored copies against the rows."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Action, Assignment, Duty, Round
from recommendations.reporting.recount import differences
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(cast: make.Cast) -> Assignment:
    """Return an assignment with an approved update, all by the workflow."""
    update = make.owed(cast, target_on=date(2027, 1, 1))
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    return Assignment.objects.select_related("action__framework").get()


def recount(*arguments: str) -> str:
    out = StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue()


def found(assignment: Assignment) -> list[str]:
    return [str(one) for one in differences(assignment.action.framework)]


def test_after_the_workflow_every_stored_value_says_what_the_rows_say(
    assignment: Assignment,
) -> None:
    assert recount() == "every stored value says what the rows say\n"


def test_a_wrong_roll_up_is_named_and_the_command_fails(assignment: Assignment) -> None:
    Action.objects.update(standing="implemented")
    assert found(assignment) == ["A1: standing is implemented, the rows say in_progress"]
    with pytest.raises(CommandError, match="1 stored values differ from the rows"):
        recount()


def test_mending_rewrites_the_roll_ups(assignment: Assignment) -> None:
    Assignment.objects.update(effective_status="on_hold", verified=False)
    assert recount("--mend") == (
        "A1 ILO: effective_status is on_hold, the rows say in_progress\n"
        "A1 ILO: verified is False, the rows say True\n"
        "2 mended\n"
        "every stored value says what the rows say\n"
    )
    assignment.refresh_from_db()
    assert (assignment.effective_status, assignment.verified) == ("in_progress", True)


def test_a_state_written_around_the_workflow_is_named_and_never_mended(
    assignment: Assignment,
) -> None:
    Duty.objects.update(state=Duty.State.OPEN, due_on=None)
    Round.objects.update(state=Round.State.CLOSED)
    Assignment.objects.update(acceptance="partially_accepted", target_on=date(2028, 1, 1))
    said = [
        "A1 ILO: acceptance is partially_accepted, the rows say accepted",
        "A1 ILO: target_on is 2028-01-01, the rows say 2027-01-01",
        "2026-H1 A1 ILO: state is open, the rows say met",
        "2026-H1 A1 ILO: due_on is empty, the rows say 2026-05-31",
        "2026-H1: state is closed, the rows say open",
    ]
    assert found(assignment) == said
    with pytest.raises(CommandError, match="5 stored values differ from the rows"):
        recount("--mend")
    assert found(assignment) == said
