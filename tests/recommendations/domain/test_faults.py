"""A fault at every SQL statement of every change: nothing is left half-done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from agencies import revisions, succession
from agencies.models import Agency, Membership, User
from recommendations.domain import access, evidence, leaving, mergers, updates, workflow
from recommendations.models import Assignment, Comment, Draft, Duty, Evidence, Round, Update
from recommendations.notify import positions
from tests import make, soundness
from tests.figures import DRILL, figure

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("committed")]

MODELS = [
    model
    for label in ("agencies", "recommendations")
    for model in apps.get_app_config(label).get_models()
]
STEP = figure(small=3, full=1)
"""A fault before every third statement in small, before each in full."""

NOTE = "Agreed by telephone."
DUE = {"due_on": make.NOW.date() + timedelta(days=30)}
LATER = {
    "due_on": make.NOW.date() + timedelta(days=50),
    "closes_on": make.NOW.date() + timedelta(days=80),
}


class Fault(Exception):
    """The database, or the machine, gave up here."""


@dataclass
class FaultAt:
    """Counts the statements, and raises before the one it is told to."""

    statement: int
    count: int = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.statement:
            raise Fault(sql)
        return execute(sql, params, many, context)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in MODELS
    }


def submitted(cast: make.Cast) -> Update:
    """Return an update that waits for a decision."""
    return make.sent(make.owed(cast), by=cast.ilo_focal_point)


def approved(cast: make.Cast) -> Update:
    """Return an update that is approved."""
    return make.approved(submitted(cast), by=cast.coordinator)


def verb(
    name: str, start: Callable[[make.Cast], Any], who: str, **facts: Any
) -> Callable[[make.Cast], Callable[[], Any]]:
    """Return what sets the scene for a verb, and gives back the act of doing it."""

    def prepare(cast: make.Cast) -> Callable[[], Any]:
        obj, by = start(cast), getattr(cast, who)
        return lambda: make.do(
            name, obj, by=by, **{k: v(cast) if callable(v) else v for k, v in facts.items()}
        )

    return prepare


def answering(cast: make.Cast) -> Assignment:
    """Return a proposed assignment while a round is open, so that its answer makes a duty."""
    make.open_round(cast)
    return make.proposed(cast)


def owing(cast: make.Cast) -> Assignment:
    """Return an accepted assignment with an open duty."""
    make.owed(cast)
    return Assignment.objects.get()


def reported(cast: make.Cast) -> Assignment:
    """Return an assignment with an approved claim."""
    approved(cast)
    return Assignment.objects.get()


def opening(cast: make.Cast) -> Round:
    """Return a planned round in which two agencies will owe an update and a questionnaire."""
    make.question(cast.framework)
    make.accepted(cast, role="co_lead")
    make.accepted(cast, role="co_lead", agency=cast.iom, by=cast.iom_focal_point)
    return make.planned_round(cast.framework)


def asking(cast: make.Cast) -> Duty:
    """Return a duty whose agency asks for more time."""
    duty = make.owed(cast).duty
    make.do("ask", duty, by=cast.ilo_focal_point, note=NOTE, until_on=LATER["due_on"])
    return duty


def closed(cast: make.Cast) -> Round:
    """Return a closed round with an open duty, and a lead that was accepted since."""
    round = make.do("close", make.owed(cast).duty.round, by=cast.coordinator)
    make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    return round


def supporting(cast: make.Cast) -> Assignment:
    """Return an assignment that an open round does not ask."""
    make.open_round(cast)
    return make.accepted(cast, role="supporting")


def written(cast: make.Cast) -> Update:
    """Return an update with a draft and a piece of evidence."""
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    link(update, cast)
    return update


def clearing(cast: make.Cast) -> Update:
    """Return an update with a draft that waits for a clearance."""
    make.clears(cast.ilo, by=cast.ilo_alternate)
    return written(cast)


def shown(cast: make.Cast) -> Update:
    """Return an approved update with a piece of evidence."""
    return make.approved(make.sent(written(cast), by=cast.ilo_focal_point), by=cast.coordinator)


def holding(cast: make.Cast) -> Round:
    """Return a held round with an approved update."""
    update = submitted(cast)
    make.do("hold", update.duty.round, by=cast.coordinator, note=NOTE)
    make.approved(update, by=cast.coordinator)
    return update.duty.round


def link(update: Update, cast: make.Cast) -> Evidence:
    """Add a link to an update."""
    return evidence.add_link(
        update,
        url="https://example.org/report",
        title="Report",
        public=True,
        by=cast.ilo_alternate,
        at=make.NOW,
    )


def discussed(cast: make.Cast) -> Update:
    """Return an update that went back with a suggested text."""
    suggested = {"suggestions": {"done": "Two seminars in May."}}
    by = cast.coordinator
    return make.do("return", submitted(cast), by=by, note=NOTE, **DUE, **suggested)  # type: ignore[no-any-return]


def open_comment(_cast: make.Cast) -> int:
    """Return the comment that is there."""
    return Comment.objects.get().pk


def taking_over(cast: make.Cast) -> Callable[[], Any]:
    """Return the taking over of what a merged agency had, while a round is open."""
    before = make.merged_away(cast, cast.action)
    make.open_round(cast, with_supporting=True)
    return lambda: make.do(
        "take_over", cast.action, by=cast.administrator, note=NOTE, assignment=before
    )


VERBS: dict[tuple[str, str], Callable[[make.Cast], Callable[[], Any]]] = {
    ("action", "assign"): verb(
        "assign",
        lambda cast: cast.action,
        "coordinator",
        agency=lambda cast: cast.ilo,
        role="lead",
        **{"target_on": DUE["due_on"]},
    ),
    ("action", "take_over"): taking_over,
    ("assignment", "accept"): verb("accept", answering, "ilo_focal_point"),
    ("assignment", "accept_partly"): verb("accept_partly", answering, "ilo_focal_point", note=NOTE),
    ("assignment", "consider"): verb("consider", answering, "ilo_focal_point"),
    ("assignment", "decline"): verb("decline", answering, "ilo_focal_point", note=NOTE),
    ("assignment", "withdraw"): verb("withdraw", answering, "coordinator", note=NOTE),
    ("assignment", "end"): verb("end", owing, "coordinator", note=NOTE),
    ("assignment", "set_target"): verb(
        "set_target", owing, "ilo_focal_point", target_on=DUE["due_on"]
    ),
    ("assignment", "assess"): verb(
        "assess", reported, "coordinator", status="continuing", note=NOTE
    ),
    ("round", "open"): verb("open", opening, "coordinator"),
    ("round", "close"): verb("close", make.open_round, "coordinator"),
    ("duty", "set_due"): verb(
        "set_due", lambda cast: make.owed(cast).duty, "coordinator", note=NOTE, **DUE
    ),
    ("update", "clear"): verb("clear", clearing, "ilo_alternate", draft_version=1),
    ("assignment", "report"): verb(
        "report", supporting, "ilo_focal_point", round=lambda cast: Round.objects.get()
    ),
    ("round", "extend"): verb(
        "extend", lambda cast: make.owed(cast).duty.round, "coordinator", note=NOTE, **LATER
    ),
    ("round", "reopen"): verb("reopen", closed, "coordinator", note=NOTE, **LATER),
    ("duty", "ask"): verb(
        "ask",
        lambda cast: make.owed(cast).duty,
        "ilo_focal_point",
        note=NOTE,
        until_on=LATER["due_on"],
    ),
    ("duty", "grant"): verb("grant", asking, "coordinator"),
    ("duty", "refuse"): verb("refuse", asking, "coordinator", note=NOTE),
    ("duty", "waive"): verb("waive", lambda cast: make.owed(cast).duty, "coordinator", note=NOTE),
    ("update", "submit"): verb("submit", written, "ilo_focal_point", draft_version=1),
    ("update", "withdraw"): verb("withdraw", submitted, "ilo_focal_point"),
    ("update", "return"): verb(
        "return",
        submitted,
        "coordinator",
        note=NOTE,
        field_comments={"done": "When?", "status": "Since when?"},
        **DUE,
    ),
    ("update", "approve"): verb(
        "approve",
        submitted,
        "coordinator",
        claim="differ",
        status="continuing",
        reason="Seen on a visit.",
    ),
    ("update", "reopen"): verb("reopen", approved, "coordinator", note=NOTE, **DUE),
    ("update", "retract"): verb("retract", approved, "coordinator", note=NOTE, **DUE),
    ("update", "correct"): verb("correct", shown, "ilo_focal_point"),
    ("round", "hold"): verb("hold", make.open_round, "coordinator", note=NOTE),
    ("round", "release"): verb("release", holding, "coordinator"),
    ("update", "comment"): verb(
        "comment", submitted, "coordinator", note=NOTE, field_comments={"done": "When?"}
    ),
    ("update", "answer_comment"): verb(
        "answer_comment", discussed, "ilo_focal_point", comment=open_comment, text="In May."
    ),
    ("update", "close_comment"): verb(
        "close_comment", discussed, "coordinator", comment=open_comment
    ),
    ("update", "take_suggestion"): verb(
        "take_suggestion",
        discussed,
        "ilo_focal_point",
        comment=open_comment,
        content=make.REPORT,
        draft_version=0,
    ),
}


def sending_cleared(cast: make.Cast) -> Callable[[], Any]:
    """Return the sending of a text that an officer has cleared."""
    update = clearing(cast)
    make.do("clear", update, by=cast.ilo_alternate, draft_version=1)
    return lambda: make.do("submit", update, by=cast.ilo_focal_point, draft_version=1)


def entering(cast: make.Cast) -> Callable[[], Any]:
    """Return the sending of a text that a coordinator enters on behalf of somebody."""
    update = make.owed(cast)
    named = {"on_behalf_of": cast.ilo_focal_point, "content": make.REPORT}
    return lambda: make.do("submit", update, by=cast.coordinator, **named)


def handing_over(cast: make.Cast) -> Callable[[], Any]:
    """Return the making of a hand-over."""
    return lambda: make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)


def saving(cast: make.Cast) -> Callable[[], Any]:
    """Return the saving of a draft by a second person."""
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    return lambda: make.drafted(update, by=cast.ilo_alternate, status="continuing")


def discarding(cast: make.Cast) -> Callable[[], Any]:
    """Return the throwing away of a draft."""
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    return lambda: updates.delete_draft(update, by=cast.ilo_alternate, at=make.NOW, version=1)


def attaching(cast: make.Cast) -> Callable[[], Any]:
    """Return the adding of evidence."""
    update = make.owed(cast)
    return lambda: link(update, cast)


def detaching(cast: make.Cast) -> Callable[[], Any]:
    """Return the taking off of evidence."""
    shown = link(make.owed(cast), cast)
    return lambda: evidence.detach(shown, by=cast.ilo_alternate, at=make.NOW)


def revising(cast: make.Cast) -> Callable[[], Any]:
    """Return the rewording of an agency's name."""
    return lambda: revisions.revise(
        Agency.objects.get(pk=cast.ilo.pk),
        values={"name": "Another name"},
        by=cast.administrator,
        at=make.NOW,
        note=NOTE,
        version=1,
    )


def renaming(cast: make.Cast) -> Callable[[], Any]:
    """Return another name and code for an agency."""
    return lambda: succession.rename(
        Agency.objects.get(pk=cast.ilo.pk),
        **{"code": "WLO", "acronym": "WLO", "name": "Another name"},
        by=cast.administrator,
        at=make.NOW,
        note=NOTE,
        version=1,
    )


def merging(cast: make.Cast) -> Callable[[], Any]:
    """Return the merger of an agency that leads, owes, drafts, and has people."""
    make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    seen = mergers.preview(cast.ilo, cast.iom, on=make.NOW.date()).seen
    joining = [cast.ilo_alternate.memberships.get().pk]
    return lambda: mergers.merge(
        Agency.objects.get(pk=cast.ilo.pk),
        Agency.objects.get(pk=cast.iom.pk),
        seen=seen,
        joining=joining,
        by=cast.administrator,
        at=make.NOW,
        note=NOTE,
    )


def leaving_for_good(cast: make.Cast) -> Callable[[], Any]:
    """Return the leaving of a person who holds a place, an office and a hand-over."""
    make.owed(cast)
    by = cast.ilo_coordinator
    make.handed_over(cast.ilo, by=by, to=cast.ilo_alternate)
    return lambda: leaving.leave(
        User.objects.get(pk=by.pk),
        last_day=make.NOW.date(),
        successors={cast.ilo.pk: cast.stranger},
        by=cast.administrator,
        at=make.NOW,
        note=NOTE,
        version=by.version,
    )


def creating(cast: make.Cast) -> Callable[[], Any]:
    """Return the making of a membership."""
    return lambda: revisions.create(
        Membership(user=cast.stranger, agency=cast.ilo, capacity="alternate", from_on=make.START),
        by=cast.administrator,
        at=make.NOW,
    )


def numbering(cast: make.Cast) -> Callable[[], Any]:
    """Return a pass of the numberer over new events."""
    positions.number_events(at=make.NOW)
    make.owed(cast)
    return lambda: positions.number_events(at=make.NOW)


OTHERS = {
    act.__name__: act
    for act in (
        *(
            saving,
            discarding,
            attaching,
            detaching,
            revising,
            renaming,
            merging,
            leaving_for_good,
            creating,
            numbering,
        ),
        *(sending_cleared, entering, handing_over),
    )
}
ACTS = {" ".join(key): prepare for key, prepare in VERBS.items()} | OTHERS


@pytest.mark.parametrize("name", ACTS)
def test_a_fault_anywhere_leaves_everything_as_it_was(name: str) -> None:
    act = ACTS[name](make.cast())
    before = dump()
    place = 1
    while fails(act, FaultAt(place)):
        assert (name, place, changed(before)) == (name, place, [])
        place += STEP

    assert changed(before) != []
    assert soundness.problems() == []
    if DRILL:
        print(f"{name}: {place - 1} statements")


def fails(act: Callable[[], Any], fault: FaultAt) -> bool:
    """Do an act; say whether the fault came before its end."""
    try:
        with connection.execute_wrapper(fault):
            act()
    except Fault:
        return True
    return False


def changed(before: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """Return the tables whose rows are not what they were."""
    now = dump()
    return [name for name, rows in before.items() if now[name] != rows]


def test_a_fault_is_tried_for_every_verb_of_the_table() -> None:
    assert set(VERBS) == {(row.noun, row.verb) for row in workflow.TABLE}
    assert set(access.WHO) - set(VERBS) == {("update", "edit")}


def test_a_fault_after_the_last_statement_takes_everything_back() -> None:
    cast = make.cast()
    update = submitted(cast)
    before = dump()
    with pytest.raises(Fault), transaction.atomic():  # noqa: PT012 - the fault comes last
        make.approved(update, by=cast.coordinator)
        raise Fault

    assert changed(before) == []
    assert (Draft.objects.count(), Duty.objects.open().count()) == (0, 1)
