"""What keeps an update from being sent, field by field, and what is sent of a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from recommendations.domain.contents import out_of_place, problems
from recommendations.models import Action, Draft, Evidence, Submission

BODY = {"done": "Two seminars."}
LINK = Evidence(kind="link", url="https://example.org/report")
IN_FORCE = Submission(kind="report", status="in_progress")
ACTION = Action(pk=1, code="A1")


def found(
    *, evidence: tuple[Evidence, ...] = (), in_force: Submission | None = None, **content: Any
) -> dict[str, str]:
    """Return the problems of a draft with this content; a text is there unless told."""
    draft = Draft(**{"kind": "report", "body": BODY, **content})
    return problems(draft, evidence=evidence, in_force=in_force)


def test_a_report_needs_a_status_and_what_was_done() -> None:
    assert found(body={"done": " \n"}) == {
        "status": "Choose the status of the action.",
        "done": "Say what was done in this round.",
    }
    assert found(status="implementing") == {"status": "Choose the status of the action."}
    assert found(status="in_progress") == {}


@pytest.mark.parametrize("status", ["not_started", "in_progress", "continuing"])
def test_these_statuses_need_nothing_more(status: str) -> None:
    assert found(status=status) == {}


def test_on_hold_needs_why_and_until_when() -> None:
    assert found(status="on_hold") == {
        "reason": "Say why the action is on hold.",
        "resume_on": "Give the date on which work is to resume.",
    }
    assert found(status="on_hold", reason="No funds.", resume_on=date(2027, 1, 1)) == {}


def test_implemented_needs_evidence_or_why_there_is_none() -> None:
    missing = {"evidence_waiver": "Add evidence, or say why there is none."}

    assert found(status="implemented") == missing
    assert found(status="implemented", evidence_waiver="  ") == missing
    assert found(status="implemented", evidence_waiver="It is a law.") == {}
    assert found(status="implemented", evidence=(LINK,)) == {}


def test_discontinued_needs_why_and_superseded_by_what() -> None:
    which = {"superseded_by": "Choose the action that takes its place."}
    why = {"discontinued_because": "Choose why the action is discontinued."}
    stopped = {"status": "discontinued"}

    assert found(**stopped) == why
    assert found(**stopped, discontinued_because="bored") == why
    assert found(**stopped, discontinued_because="overtaken") == {}
    assert found(**stopped, discontinued_because="superseded") == which
    assert found(**stopped, discontinued_because="superseded", superseded_by=ACTION) == {}


def test_nothing_new_needs_an_approved_report_and_one_sentence() -> None:
    assert found(kind="no_change") == {
        "kind": "Nothing is approved yet that could stay as it is. Write a report."
    }
    assert found(kind="no_change", in_force=IN_FORCE, body={}) == {
        "done": "Say in one sentence why nothing changed."
    }
    assert found(kind="no_change", in_force=IN_FORCE) == {}


def test_nothing_to_report_needs_nothing() -> None:
    assert found(kind="nothing_to_report", body={}) == {}


def test_an_unknown_kind_is_not_sent() -> None:
    assert found(kind="telegram") == {"kind": "Choose a report, nothing new, or nothing to report."}


@pytest.mark.parametrize("kind", ["report", "no_change", "nothing_to_report"])
@pytest.mark.parametrize("name", ["done", "challenges", "next_steps"])
def test_a_text_has_two_thousand_characters_at_most(kind: str, name: str) -> None:
    more = {"kind": kind, "status": "in_progress", "in_force": IN_FORCE}

    assert found(**more, body=BODY | {name: "x" * 2000}) == {}
    assert found(**more, body=BODY | {name: "x" * 2001}) == {
        name: "Shorten this text to 2000 characters."
    }


def test_a_draft_is_sent_with_what_its_status_asks_for_only() -> None:
    everything = {
        "reason": "No funds.",
        "resume_on": date(2027, 1, 1),
        "evidence_waiver": "It is a law.",
        "discontinued_because": "superseded",
        "superseded_by": ACTION,
    }
    empty = {
        "reason": "",
        "resume_on": None,
        "evidence_waiver": "",
        "discontinued_because": "",
        "superseded_by": None,
    }

    def sent_empty(**content: Any) -> dict[str, Any]:
        found = out_of_place(Draft(**{**everything, **content}))
        assert found.pop("body") == {}
        return found

    def without(*names: str) -> dict[str, Any]:
        return {name: value for name, value in empty.items() if name not in names}

    assert sent_empty(status="in_progress") == empty | {"status": "in_progress"}
    assert sent_empty(status="on_hold") == without("reason", "resume_on") | {"status": "on_hold"}
    assert sent_empty(status="implemented") == without("evidence_waiver") | {
        "status": "implemented"
    }
    assert sent_empty(status="discontinued") == without("discontinued_because", "superseded_by") | {
        "status": "discontinued"
    }
    assert sent_empty(status="discontinued", discontinued_because="overtaken") == without(
        "discontinued_because"
    ) | {"status": "discontinued"}
    assert sent_empty(kind="nothing_to_report", status="on_hold") == empty | {"status": ""}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("report", {"done": "Two seminars.", "challenges": "Funds.", "next_steps": "A third."}),
        ("no_change", {"done": "Two seminars."}),
        ("nothing_to_report", {}),
    ],
)
def test_texts_that_the_kind_does_not_show_are_not_sent(kind: str, body: dict[str, str]) -> None:
    typed = {"done": "Two seminars.", "challenges": "Funds.", "next_steps": "A third."}

    assert out_of_place(Draft(kind=kind, body=typed))["body"] == body
