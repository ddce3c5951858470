"""The transition table, cell by cell: who may do what, in which state, and what others hear.

The expectation is written by hand, from sections 2 and 4 of the design; nothing in it is
computed from the table that it checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any

import pytest
from django.db import transaction

from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import User, Versioned
from agencies.revisions import Conflict
from recommendations.domain import access, updates, workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import (
    Acceptance,
    Comment,
    Draft,
    Duty,
    ReviewState,
    Role,
    Round,
    Update,
)
from tests import make
from tests.stage import ASKED, NEW_DUE, Stage

# Who asks, a column each.
PEOPLE = {
    "F": "focal_point",  # of the agency
    "A": "alternate",  # of the agency
    "I": "other_agency",  # the focal point of another agency
    "C": "coordinator",
    "B": "of_agency",  # a coordinator who belongs to the agency as well
    "W": "wrote",  # a coordinator who once wrote some of the text, and left before it was sent
    "S": "sent",  # a coordinator who once sent it; the membership was corrected since
    "M": "belonged",  # a coordinator who belonged to the agency when it was sent, and left
    "D": "administrator",
    "O": "observer",
    "X": "stranger",
    "E": "elsewhere",  # a coordinator of another framework
    "G": "gone",  # a coordinator whose account is no longer active
}
# What they hear: o done, . not visible (404), n not possible now (409), p not permitted (403).
TABLE = """
                                             F A I C B W S M D O X E G
action assign any                            p p p o o o o o o p p p p

action take_over any                         p p p p p p p p o p p p p

assignment accept proposed                   o o . p o p p p p . . . .
assignment accept under_consideration        o o . p o p p p p . . . .
assignment accept accepted                   n n n n n n n n n n n n n
assignment accept partially_accepted         o o p p o p p p p p p p p
assignment accept declined                   n n . n n n n n n . . . .
assignment accept withdrawn                  n n . n n n n n n . . . .
assignment accept ended                      n n . n n n n n n . . . .

assignment accept_partly proposed            o o . p o p p p p . . . .
assignment accept_partly under_consideration o o . p o p p p p . . . .
assignment accept_partly accepted            o o p p o p p p p p p p p
assignment accept_partly partially_accepted  n n n n n n n n n n n n n
assignment accept_partly declined            n n . n n n n n n . . . .
assignment accept_partly withdrawn           n n . n n n n n n . . . .
assignment accept_partly ended               n n . n n n n n n . . . .

assignment consider proposed                 o o . p o p p p p . . . .
assignment consider under_consideration      n n . n n n n n n . . . .
assignment consider accepted                 n n n n n n n n n n n n n
assignment consider partially_accepted       n n n n n n n n n n n n n
assignment consider declined                 n n . n n n n n n . . . .
assignment consider withdrawn                n n . n n n n n n . . . .
assignment consider ended                    n n . n n n n n n . . . .

assignment decline proposed                  o o . p o p p p p . . . .
assignment decline under_consideration       o o . p o p p p p . . . .
assignment decline accepted                  n n n n n n n n n n n n n
assignment decline partially_accepted        n n n n n n n n n n n n n
assignment decline declined                  n n . n n n n n n . . . .
assignment decline withdrawn                 n n . n n n n n n . . . .
assignment decline ended                     n n . n n n n n n . . . .

assignment withdraw proposed                 p p . o o o o o o . . . .
assignment withdraw under_consideration      p p . o o o o o o . . . .
assignment withdraw accepted                 n n n n n n n n n n n n n
assignment withdraw partially_accepted       n n n n n n n n n n n n n
assignment withdraw declined                 n n . n n n n n n . . . .
assignment withdraw withdrawn                n n . n n n n n n . . . .
assignment withdraw ended                    n n . n n n n n n . . . .

assignment end proposed                      n n . n n n n n n . . . .
assignment end under_consideration           n n . n n n n n n . . . .
assignment end accepted                      p p p o o o o o o p p p p
assignment end partially_accepted            p p p o o o o o o p p p p
assignment end declined                      n n . n n n n n n . . . .
assignment end withdrawn                     n n . n n n n n n . . . .
assignment end ended                         n n . n n n n n n . . . .

assignment set_target proposed               o o . o o o o o o . . . .
assignment set_target under_consideration    o o . o o o o o o . . . .
assignment set_target accepted               o o p o o o o o o p p p p
assignment set_target partially_accepted     o o p o o o o o o p p p p
assignment set_target declined               n n . n n n n n n . . . .
assignment set_target withdrawn              n n . n n n n n n . . . .
assignment set_target ended                  n n . n n n n n n . . . .

assignment assess proposed                   n n . n n n n n n . . . .
assignment assess under_consideration        n n . n n n n n n . . . .
assignment assess accepted                   n n n n n n n n n n n n n
assignment assess accepted, reported         p p p o p p p p p p p p p
assignment assess partially_accepted         n n n n n n n n n n n n n
assignment assess declined                   n n . n n n n n n . . . .
assignment assess withdrawn                  n n . n n n n n n . . . .
assignment assess ended                      n n . n n n n n n . . . .

assignment report proposed                   n n . n n n n n n . . . .
assignment report under_consideration        n n . n n n n n n . . . .
assignment report accepted                   n n n n n n n n n n n n n
assignment report accepted, unasked          o o p p o p p p p p p p p
assignment report partially_accepted         n n n n n n n n n n n n n
assignment report declined                   n n . n n n n n n . . . .
assignment report withdrawn                  n n . n n n n n n . . . .
assignment report ended                      n n . n n n n n n . . . .

round open planned                           . . . o o o o o o . . . .
round open open                              n n n n n n n n n n n n n
round open closed                            n n n n n n n n n n n n n

round close planned                          . . . n n n n n n . . . .
round close open                             p p p o o o o o o p p p p
round close closed                           n n n n n n n n n n n n n

round hold planned                           . . . o o o o o o . . . .
round hold planned, held                     . . . n n n n n n . . . .
round hold open                              p p p o o o o o o p p p p
round hold closed                            p p p o o o o o o p p p p

round release planned                        . . . n n n n n n . . . .
round release planned, held                  . . . o o o o o o . . . .
round release open                           n n n n n n n n n n n n n
round release closed                         n n n n n n n n n n n n n
round extend planned                         . . . n n n n n n . . . .
round extend open                            p p p o o o o o o p p p p
round extend closed                          n n n n n n n n n n n n n
round reopen planned                         . . . n n n n n n . . . .
round reopen open                            n n n n n n n n n n n n n
round reopen closed                          p p p o o o o o o p p p p

duty set_due open                            p p . o p o o o o . . . .
duty set_due met                             n n . n n n n n n . . . .
duty set_due waived                          n n . n n n n n n . . . .

duty ask open                                o o . p o p p p p . . . .
duty ask open, asked                         n n . n n n n n n . . . .
duty ask open, submitted                     n n . n n n n n n . . . .
duty ask open, closed                        n n . n n n n n n . . . .
duty ask met                                 n n . n n n n n n . . . .
duty ask waived                              n n . n n n n n n . . . .

duty grant open                              n n . n n n n n n . . . .
duty grant open, asked                       p p . o p o o o o . . . .
duty grant met                               n n . n n n n n n . . . .
duty grant waived                            n n . n n n n n n . . . .

duty refuse open                             n n . n n n n n n . . . .
duty refuse open, asked                      p p . o p o o o o . . . .
duty refuse met                              n n . n n n n n n . . . .
duty refuse waived                           n n . n n n n n n . . . .

duty waive open                              p p . o p o o o o . . . .
duty waive open, asked                       p p . o p o o o o . . . .
duty waive met                               n n . n n n n n n . . . .
duty waive waived                            n n . n n n n n n . . . .

update edit draft                            o o . p o p p p p . . . .
update edit submitted                        n n . n n n n n n . . . .
update edit returned                         o o . p o p p p p . . . .
update edit approved                         n n . n n n n n n . . . .
update edit retracted                        n n . n n n n n n . . . .
update edit draft, closed                    n n . n n n n n n . . . .
update edit returned, closed                 o o . p o p p p p . . . .
update edit draft, waived                    n n . n n n n n n . . . .
update edit draft, questionnaire             o o . p o p p p p . . . .

update clear draft                           n n . n n n n n n . . . .
update clear submitted                       n n . n n n n n n . . . .
update clear returned                        n n . n n n n n n . . . .
update clear approved                        n n . n n n n n n . . . .
update clear retracted                       n n . n n n n n n . . . .

update submit draft                          o o . p o p p p p . . . .
update submit submitted                      n n . n n n n n n . . . .
update submit returned                       o o . p o p p p p . . . .
update submit approved                       n n . n n n n n n . . . .
update submit retracted                      n n . n n n n n n . . . .
update submit draft, closed                  n n . n n n n n n . . . .
update submit returned, closed               o o . p o p p p p . . . .
update submit draft, waived                  n n . n n n n n n . . . .
update submit draft, questionnaire           o o . p o p p p p . . . .
update submit returned, questionnaire        o o . p o p p p p . . . .

update withdraw draft                        n n . n n n n n n . . . .
update withdraw submitted                    o o . p o p p p p . . . .
update withdraw returned                     n n . n n n n n n . . . .
update withdraw approved                     n n . n n n n n n . . . .
update withdraw retracted                    n n . n n n n n n . . . .
update withdraw submitted, closed            n n . n n n n n n . . . .
update withdraw submitted, waived            n n . n n n n n n . . . .
update withdraw submitted, questionnaire     o o . p o p p p p . . . .

update return draft                          n n . n n n n n n . . . .
update return submitted                      p p . o p p p p p . . . .
update return returned                       n n . n n n n n n . . . .
update return approved                       n n . n n n n n n . . . .
update return retracted                      n n . n n n n n n . . . .
update return submitted, closed              p p . o p p p p p . . . .
update return submitted, waived              n n . n n n n n n . . . .
update return submitted, questionnaire       p p . o p p p p p . . . .

update approve draft                         n n . n n n n n n . . . .
update approve submitted                     p p . o p p p p p . . . .
update approve returned                      n n . n n n n n n . . . .
update approve approved                      n n . n n n n n n . . . .
update approve retracted                     n n . n n n n n n . . . .
update approve submitted, closed             p p . o p p p p p . . . .
update approve submitted, waived             p p . o p p p p p . . . .
update approve submitted, questionnaire      p p . o p p p p p . . . .

update reopen draft                          n n . n n n n n n . . . .
update reopen submitted                      n n . n n n n n n . . . .
update reopen returned                       n n . n n n n n n . . . .
update reopen approved                       p p . o p p p p p . . . .
update reopen retracted                      n n . n n n n n n . . . .
update reopen approved, closed               p p . o p p p p p . . . .
update reopen approved, ended                n n . n n n n n n . . . .
update reopen approved, questionnaire        p p . o p p p p p . . . .
update reopen approved, correcting           n n . n n n n n n . . . .

update correct draft                         n n . n n n n n n . . . .
update correct submitted                     n n . n n n n n n . . . .
update correct returned                      n n . n n n n n n . . . .
update correct approved                      o o . p o p p p p . . . .
update correct retracted                     n n . n n n n n n . . . .
update correct approved, closed              o o . p o p p p p . . . .
update correct approved, ended               n n . n n n n n n . . . .
update correct approved, questionnaire       o o . p o p p p p . . . .
update correct approved, correcting          n n . n n n n n n . . . .

update retract draft                         n n . n n n n n n . . . .
update retract submitted                     n n . n n n n n n . . . .
update retract returned                      n n . n n n n n n . . . .
update retract returned, reopened            p p . o p p p p p . . . .
update retract approved                      p p . o p p p p p . . . .
update retract retracted                     n n . n n n n n n . . . .
update retract approved, closed              p p . o p p p p p . . . .
update retract approved, ended               p p . o p p p p p . . . .
update retract approved, questionnaire       p p . o p p p p p . . . .
update retract approved, correcting          p p . o p p p p p . . . .

update comment draft                         n n . n n n n n n . . . .
update comment submitted                     p p . o p p p p p . . . .
update comment returned                      n n . n n n n n n . . . .
update comment approved                      n n . n n n n n n . . . .
update comment retracted                     n n . n n n n n n . . . .
update comment submitted, closed             p p . o p p p p p . . . .
update comment submitted, waived             p p . o p p p p p . . . .

update answer_comment draft                  n n . n n n n n n . . . .
update answer_comment submitted              o o . o o p p p p . . . .
update answer_comment returned               o o . o o p p p p . . . .
update answer_comment approved               n n . n n n n n n . . . .
update answer_comment retracted              n n . n n n n n n . . . .
update answer_comment returned, closed       o o . o o p p p p . . . .
update answer_comment approved, closed       o o . o o p p p p . . . .
update answer_comment submitted, waived      o o . o o p p p p . . . .

update close_comment draft                   n n . n n n n n n . . . .
update close_comment submitted               p p . o p p p p p . . . .
update close_comment returned                p p . o p p p p p . . . .
update close_comment approved                n n . n n n n n n . . . .
update close_comment retracted               n n . n n n n n n . . . .
update close_comment returned, closed        p p . o p p p p p . . . .
update close_comment approved, closed        p p . o p p p p p . . . .
update close_comment submitted, waived       p p . o p p p p p . . . .

update take_suggestion draft                 n n . n n n n n n . . . .
update take_suggestion submitted             n n . n n n n n n . . . .
update take_suggestion returned              o o . p o p p p p . . . .
update take_suggestion approved              n n . n n n n n n . . . .
update take_suggestion retracted             n n . n n n n n n . . . .
update take_suggestion returned, closed      o o . p o p p p p . . . .
update take_suggestion draft, waived         n n . n n n n n n . . . .
""".strip("\n")

CLOSES = date(2026, 7, 15)

OF_A_DRAFT, OF_A_COMMENT = (
    ("submit", "take_suggestion"),
    ("answer_comment", "close_comment", "take_suggestion"),
)
OUTCOMES: dict[type[Exception], str] = {NotVisible: ".", NotAllowedNow: "n", NotPermitted: "p"}
WIDTH = 45


def cells_by_hand() -> Iterator[tuple[str, str, str, str]]:
    """Yield noun, verb, state and the answers to each person, in the order of the columns."""
    for line in TABLE.splitlines()[1:]:
        if line.strip():
            noun, verb, state = line[:WIDTH].strip().split(" ", 2)
            yield noun, verb, state, line[WIDTH:]


ROWS = [*cells_by_hand()]


def complete_facts(play: Stage) -> dict[str, dict[str, Any]]:
    """Return what each verb asks for, so that nothing is missing in any cell."""
    reason: dict[str, Any] = {"note": "Agreed in the working group."}
    return {
        "assign": {"agency": play.cast.iom, "role": Role.LEAD},
        "take_over": reason | {"assignment": play.merged},
        "accept_partly": reason,
        "decline": reason,
        "withdraw": reason,
        "end": reason,
        "set_target": reason | {"target_on": NEW_DUE},
        "assess": reason | {"status": "not_started"},
        "report": {"round": play.objects["round open"]},
        "extend": reason | {"due_on": NEW_DUE, "closes_on": CLOSES},
        "reopen": reason | {"due_on": NEW_DUE, "closes_on": CLOSES},
        "set_due": reason | {"due_on": NEW_DUE},
        "ask": reason | {"until_on": NEW_DUE},
        "refuse": reason,
        "waive": reason,
        "return": reason | {"due_on": NEW_DUE},
        "approve": {"claim": "agree"},
        "retract": reason | {"due_on": NEW_DUE},
        "hold": reason,
        "comment": reason,
        "answer_comment": {"text": "In May."},
        "take_suggestion": {"content": make.REPORT},
    }


def attempt(verb: str, obj: Versioned, by: User, facts: dict[str, Any]) -> None:
    """Do a verb with the present versions; `edit` saves the draft."""
    draft = Draft.objects.filter(update=obj.pk).first() if isinstance(obj, Update) else None
    version = draft.version if draft else 0
    if verb == "edit":
        updates.save_draft(obj, content=make.content_of(obj), by=by, at=ASKED, version=version)
        return
    more = facts | {"draft_version": version} if verb in OF_A_DRAFT else facts
    if verb in OF_A_COMMENT:
        open_one = Comment.objects.filter(submission__update=obj.pk, closed_at=None).first()
        more = more | {"comment": open_one.pk if open_one else 0}
    workflow.perform(verb, obj, by=by, at=ASKED, version=obj.version, **more)


def outcome(act: Callable[[], None]) -> str:
    """Return what happens, as a letter; nothing of it stays."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except tuple(OUTCOMES) as refusal:
        return OUTCOMES[type(refusal)]
    return "o"


@pytest.fixture(scope="module")
def answers(stage_of_module: Stage, django_db_blocker: Any) -> dict[tuple[str, str, str], str]:
    """Return what everybody hears, by noun, verb and state; a letter for each column."""
    play, found = stage_of_module, {}
    facts = complete_facts(play)
    with django_db_blocker.unblock():
        for noun, verb, state, _ in ROWS:
            obj = play.objects[f"{noun} {state}"]
            found[noun, verb, state] = " ".join(
                outcome(partial(attempt, verb, obj, play.people[name], facts.get(verb, {})))
                for name in PEOPLE.values()
            )
    return found


def test_every_cell_of_the_table_is_as_the_design_says(
    answers: dict[tuple[str, str, str], str], db: None
) -> None:
    found = [" ".join(place).ljust(WIDTH) + letters for place, letters in answers.items()]
    expected = [line for line in TABLE.splitlines()[1:] if line.strip()]

    assert found == expected, "\n" + "\n".join(
        f"expected {right}\n   found {cells}"
        for cells, right in zip(found, expected, strict=True)
        if cells != right
    )


def test_the_buttons_are_what_would_be_done(
    answers: dict[tuple[str, str, str], str], play: Stage
) -> None:
    differing, roles = [], {name: roles_of(play.people[name], at=ASKED) for name in PEOPLE.values()}

    @cache
    def offers(place: str, name: str, about: str) -> frozenset[str]:
        return workflow.available(play.objects[place], roles[name], at=ASKED, about=about)

    for (noun, verb, state), letters in answers.items():
        for name, letter in zip(PEOPLE.values(), letters.split(), strict=True):
            about = "comment" if verb in OF_A_COMMENT else ""
            offered = verb in offers(f"{noun} {state}", name, about)
            if verb != "edit" and letter != "." and offered != (letter == "o"):
                differing.append((noun, verb, state, name, letter))

    assert differing == []


def test_the_table_by_hand_knows_every_verb_and_every_state_of_its_object() -> None:
    states = {
        "action": ["any"],
        "assignment": [*Acceptance.values],
        "round": [*Round.State.values],
        "duty": [*Duty.State.values],
        "update": [*ReviewState.values],
    }
    wanted = {(noun, verb, state) for noun, verb in access.WHO for state in states[noun]}

    assert {(noun, verb, state) for noun, verb, state, _ in ROWS if "," not in state} == wanted


def test_the_table_by_hand_asks_everybody_once() -> None:
    assert TABLE.splitlines()[0].split() == [*PEOPLE]
    assert {len(answers.split()) for *_, answers in ROWS} == {13}
    assert len(ROWS) * 13 == 2782


def test_each_verb_leads_where_the_design_says() -> None:
    printed = {
        (row["noun"], row["from"], row["verb"], row["to"], row["event"])
        for row in workflow.printable()
    }

    assert printed == {
        ("action", "", "assign", "", "proposed"),
        ("action", "", "take_over", "", "taken_over"),
        ("assignment", "proposed", "accept", "accepted", "accepted"),
        ("assignment", "under_consideration", "accept", "accepted", "accepted"),
        ("assignment", "partially_accepted", "accept", "accepted", "accepted"),
        ("assignment", "proposed", "accept_partly", "partially_accepted", "partially_accepted"),
        (
            "assignment",
            "under_consideration",
            "accept_partly",
            "partially_accepted",
            "partially_accepted",
        ),
        ("assignment", "accepted", "accept_partly", "partially_accepted", "partially_accepted"),
        ("assignment", "proposed", "consider", "under_consideration", "under_consideration"),
        ("assignment", "proposed", "decline", "declined", "declined"),
        ("assignment", "under_consideration", "decline", "declined", "declined"),
        ("assignment", "proposed", "withdraw", "withdrawn", "withdrawn"),
        ("assignment", "under_consideration", "withdraw", "withdrawn", "withdrawn"),
        ("assignment", "accepted", "end", "ended", "ended"),
        ("assignment", "partially_accepted", "end", "ended", "ended"),
        ("assignment", "proposed", "set_target", "proposed", "target_date_changed"),
        (
            "assignment",
            "under_consideration",
            "set_target",
            "under_consideration",
            "target_date_changed",
        ),
        ("assignment", "accepted", "set_target", "accepted", "target_date_changed"),
        (
            "assignment",
            "partially_accepted",
            "set_target",
            "partially_accepted",
            "target_date_changed",
        ),
        ("assignment", "accepted", "assess", "accepted", "assessed"),
        ("assignment", "partially_accepted", "assess", "partially_accepted", "assessed"),
        ("round", "planned", "open", "open", "opened"),
        ("round", "open", "close", "closed", "closed"),
        ("assignment", "accepted", "report", "accepted", "offered"),
        ("assignment", "partially_accepted", "report", "partially_accepted", "offered"),
        ("round", "open", "extend", "open", "extended"),
        ("round", "closed", "reopen", "open", "reopened"),
        ("duty", "open", "set_due", "open", "due_date_changed"),
        ("update", "draft", "clear", "draft", "cleared"),
        ("update", "returned", "clear", "returned", "cleared"),
        ("duty", "open", "ask", "open", "time_asked"),
        ("duty", "open", "grant", "open", "time_granted"),
        ("duty", "open", "refuse", "open", "time_refused"),
        ("duty", "open", "waive", "waived", "waived"),
        ("update", "draft", "submit", "submitted", "submitted"),
        ("update", "returned", "submit", "submitted", "submitted"),
        ("update", "submitted", "withdraw", "draft", "withdrawn"),
        ("update", "submitted", "return", "returned", "returned"),
        ("update", "submitted", "approve", "approved", "approved"),
        ("update", "approved", "reopen", "returned", "reopened"),
        ("update", "approved", "retract", "returned", "retracted"),
        ("update", "approved", "retract", "retracted", "retracted"),
        ("update", "draft", "retract", "draft", "retracted"),
        ("update", "submitted", "retract", "submitted", "retracted"),
        ("update", "returned", "retract", "returned", "retracted"),
        ("update", "approved", "correct", "approved", "correction_begun"),
        ("round", "planned", "hold", "planned", "held"),
        ("round", "open", "hold", "open", "held"),
        ("round", "closed", "hold", "closed", "held"),
        ("round", "planned", "release", "planned", "released"),
        ("round", "open", "release", "open", "released"),
        ("round", "closed", "release", "closed", "released"),
        ("update", "submitted", "comment", "submitted", "commented"),
        *(
            ("update", state, f"{verb}_comment", state, f"comment_{event}")
            for state in ("draft", "submitted", "returned", "approved", "retracted")
            for verb, event in (("answer", "answered"), ("close", "closed"))
        ),
        ("update", "draft", "take_suggestion", "draft", "suggestion_taken"),
        ("update", "returned", "take_suggestion", "returned", "suggestion_taken"),
    }


# One request can be wrong in several ways; it hears of the first in this order:
# who asks, the verb, the object, an old version?, what is given, what is heard.
FAULTS: list[tuple[str, str, str, bool, dict[str, Any], type[Exception]]] = [
    ("stranger", "approve", "update approved", True, {}, NotVisible),
    ("focal_point", "approve", "update approved", True, {}, NotAllowedNow),
    ("coordinator", "approve", "update approved", True, {}, NotAllowedNow),
    ("focal_point", "approve", "update submitted", True, {}, NotPermitted),
    ("coordinator", "approve", "update submitted", True, {}, Conflict),
    ("coordinator", "approve", "update submitted", False, {}, RequirementMissing),
    ("stranger", "assign", "action any", True, {}, NotPermitted),
    ("coordinator", "assign", "action any", True, {}, Conflict),
    ("coordinator", "assign", "action any", False, {}, RequirementMissing),
    ("coordinator", "submit", "update draft, closed", True, {}, NotAllowedNow),
    ("coordinator", "submit", "update draft", True, {}, NotPermitted),
    ("focal_point", "submit", "update draft", False, {"draft_version": 0}, Conflict),
    ("stranger", "assess", "assignment accepted", True, {}, NotAllowedNow),
    ("stranger", "assess", "assignment accepted, reported", True, {}, NotPermitted),
    ("coordinator", "assess", "assignment accepted, reported", True, {}, Conflict),
    ("coordinator", "assess", "assignment accepted, reported", False, {}, RequirementMissing),
    ("stranger", "comment", "update submitted", True, {}, NotVisible),
    ("coordinator", "comment", "update approved", True, {}, NotAllowedNow),
    ("focal_point", "comment", "update submitted", True, {}, NotPermitted),
    ("coordinator", "comment", "update submitted", True, {}, Conflict),
    ("coordinator", "comment", "update submitted", False, {}, RequirementMissing),
    ("focal_point", "answer_comment", "update approved", True, {}, NotAllowedNow),
    ("administrator", "answer_comment", "update submitted", True, {}, NotPermitted),
    ("focal_point", "answer_comment", "update submitted", True, {}, Conflict),
    ("focal_point", "answer_comment", "update submitted", False, {}, RequirementMissing),
    (
        "focal_point",
        "answer_comment",
        "update submitted",
        False,
        {"comment": 0, "text": "In May."},
        NotVisible,
    ),
    ("focal_point", "close_comment", "update submitted", False, {}, NotPermitted),
    ("coordinator", "take_suggestion", "update returned", False, {}, NotPermitted),
    ("administrator", "set_due", "duty open", True, {}, Conflict),
    ("administrator", "set_due", "duty open", False, {}, RequirementMissing),
    ("focal_point", "ask", "duty open, asked", True, {}, NotAllowedNow),
    ("coordinator", "ask", "duty open", True, {}, NotPermitted),
    ("focal_point", "ask", "duty open", True, {}, Conflict),
    ("focal_point", "ask", "duty open", False, {}, RequirementMissing),
    ("of_agency", "grant", "duty open, asked", True, {}, NotPermitted),
    ("coordinator", "refuse", "duty open, asked", True, {}, Conflict),
    ("coordinator", "refuse", "duty open, asked", False, {}, RequirementMissing),
    ("coordinator", "extend", "round open", True, {}, Conflict),
    ("coordinator", "extend", "round open", False, {}, RequirementMissing),
]


def test_a_request_hears_of_its_first_fault_only(play: Stage) -> None:
    heard = []
    for who, verb, place, stale, facts, _ in FAULTS:
        obj = play.objects[place]
        with pytest.raises(Exception) as raised, transaction.atomic():  # noqa: PT011
            workflow.perform(
                verb, obj, by=play.people[who], at=ASKED, version=obj.version - stale, **facts
            )
        heard.append((who, verb, place, stale, facts, raised.type))

    assert heard == FAULTS


def test_a_refusal_says_what_is_possible_and_who_may(play: Stage) -> None:
    approved = play.objects["update approved"]

    with pytest.raises(NotAllowedNow, match="Not possible now: the state is “Approved”.") as late:
        make.do("approve", approved, by=play.people["coordinator"], at=ASKED, claim="agree")
    with pytest.raises(NotPermitted, match="Only a coordinator who is not of the agency") as barred:
        make.do("reopen", approved, by=play.people["focal_point"], at=ASKED)

    reviewer = "a coordinator who is not of the agency and wrote none of the text"
    agency = "a focal point or alternate of the agency"
    assert late.value.possible == (
        ("correct", "Correct this update", agency),
        ("reopen", "Reopen for the agency", reviewer),
        ("retract", "Retract this text", reviewer),
    )
    assert str(barred.value) == f"Only {reviewer} can do this."


def test_a_conflict_carries_what_was_attempted_and_what_is_there(play: Stage) -> None:
    obj = play.objects["update submitted"]

    with pytest.raises(Conflict) as raised:
        workflow.perform(
            "return",
            obj,
            by=play.people["coordinator"],
            at=ASKED,
            version=obj.version - 1,
            note="A long comment.",
            due_on=NEW_DUE,
        )

    assert raised.value.current == obj
    assert raised.value.attempted == {"note": "A long comment.", "due_on": NEW_DUE}
