"""A world in which every state occurs, seen by every kind of person.

Everything belongs to the ILO. What is written is written on 2 May, sent on the 4th, decided
on the 4th; one round closes on the 5th; tests ask on the 20th, when some have left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from agencies import revisions
from agencies.models import Appointment, User, Versioned
from recommendations.domain import evidence
from recommendations.models import Action, Assignment, Duty, Evidence, Framework, Round, Update
from tests import make
from tests.once import once

ASSIGNED = datetime(2026, 4, 20, 9, tzinfo=UTC)
WRITTEN = datetime(2026, 5, 2, 9, tzinfo=UTC)
SENT = datetime(2026, 5, 4, 9, tzinfo=UTC)
CLOSED = datetime(2026, 5, 5, 9, tzinfo=UTC)
ASKED = datetime(2026, 5, 20, 9, tzinfo=UTC)
NEW_DUE = date(2026, 6, 15)


@dataclass
class Stage:
    """The people by what they are, and the objects by noun and state."""

    cast: make.Cast
    people: dict[str, User]
    objects: dict[str, Versioned] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    merged: Assignment | None = None
    """On "action any", of an agency that is part of the IOM by now: to be taken over."""


@once
def stage() -> Stage:
    """Return the world as it is on 20 May."""
    cast = make.cast()
    play = Stage(cast, cast_people(cast))
    assignments = {name: assigned(cast, name) for name in ASSIGNMENTS}
    closing, running = (make.planned_round(cast.framework, code) for code in ("2025-H2", "2026-H1"))
    for round in (closing, running):
        make.do("open", round, by=cast.coordinator, at=ASSIGNED)
    for name in UPDATES:
        state, _, around = name.partition(", ")
        round = closing if around == "closed" else running
        update = make.update_in(round, assignments[name])
        reach(play, name, update, "approved" if name in AFTER_APPROVAL else state)
    make.do("close", closing, by=cast.coordinator, at=CLOSED)
    for name in ("ended", "draft, waived", "submitted, waived", "approved, ended"):
        ended = assignments[name]
        make.do("end", ended, by=cast.coordinator, at=CLOSED, note="Handed to another agency.")
    answers = {name: answering(play, name) for name in ANSWERED}
    corrected = make.update_in(running, assignments["approved, correcting"])
    make.do("correct", corrected, by=cast.ilo_focal_point, at=CLOSED)
    back = {"note": "It names a person.", "due_on": NEW_DUE}
    gone = make.update_in(running, assignments["retracted"])
    make.do("correct", gone, by=cast.ilo_focal_point, at=CLOSED)
    make.do("retract", gone, by=cast.coordinator, at=CLOSED, **back)
    again = make.update_in(running, assignments["returned, reopened"])
    make.do("reopen", again, by=cast.coordinator, at=CLOSED, **back)
    asked = make.update_in(running, assignments["draft, asked"]).duty
    focal_point = cast.ilo_focal_point
    make.do("ask", asked, by=focal_point, at=SENT, note="A holiday.", until_on=NEW_DUE)
    play.people["sent"].memberships.update(until_on=date(2026, 5, 3))
    planned = make.planned_round(cast.framework, "2026-H2")
    held = make.planned_round(cast.framework, "2027-H1")
    make.do("hold", held, by=cast.coordinator, at=CLOSED, note="Before the summit.")
    rounds = {"planned": planned, "planned, held": held, "open": running, "closed": closing}
    gather(play, assignments, rounds, answers)
    return play


# What is assigned, by the state that it reaches; those named for an update carry it.
ANSWERS = {
    "proposed": (),
    "under_consideration": ("consider",),
    "accepted": ("accept",),
    "partially_accepted": ("accept_partly",),
    "declined": ("decline",),
    "withdrawn": ("withdraw",),
    "ended": ("accept",),
}
UPDATES = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "draft, closed",
    "submitted, closed",
    "returned, closed",
    "approved, closed",
    "draft, waived",
    "submitted, waived",
    "approved, ended",
    "approved, correcting",
    "draft, asked",
    "retracted",
    "returned, reopened",
)
AFTER_APPROVAL = ("retracted", "returned, reopened")
"""The updates that were approved first, and retracted or reopened then."""
UNASKED = "accepted, unasked"
"""Supporting: the rounds do not ask for it."""
ASSIGNMENTS = (*ANSWERS, *UPDATES, UNASKED)
# The questionnaire in each state, in a framework that asks nothing else.
ANSWERED = tuple(f"{state}, questionnaire" for state in UPDATES[:4])


def answering(play: Stage, name: str) -> Update:
    """Return the questionnaire of the ILO in the state that it is called by."""
    state, cast = name.split(",")[0], play.cast
    home = Framework.objects.filter(slug="questions").first()
    if home is None:
        home = make.framework("questions", is_default=False)
        make.question(home)
    round = make.planned_round(home, state)
    make.do("open", round, by=cast.coordinator, at=ASSIGNED)
    update = make.answers_in(round, cast.ilo)
    reach(play, name, update, state)
    return update


DISCUSSED = ("submitted", "returned", "returned, closed", "approved, closed", "submitted, waived")
"""The updates on which a comment with a suggested text is open."""
COMMENTS = {"field_comments": {"done": "Which?"}, "suggestions": {"done": "Two seminars in May."}}


def cast_people(cast: make.Cast) -> dict[str, User]:
    """Return the people by what they are on 20 May."""
    ilo = cast.ilo
    wrote = make.person("Coordinator who wrote", office="coordinator")
    make.member(wrote, ilo, until_on=date(2026, 5, 3))
    sent = make.person("Coordinator who sent", office="coordinator")
    make.member(sent, ilo)
    belonged = make.person("Coordinator who belonged", office="coordinator")
    make.member(belonged, ilo, until_on=date(2026, 5, 10))
    gone = make.person("Coordinator gone", office="coordinator")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    elsewhere = make.person("Coordinator elsewhere")
    other = make.framework("another-framework", is_default=False)
    appointment = Appointment(
        user=elsewhere, office="coordinator", framework=other, from_on=make.START
    )
    revisions.create(appointment, by=None, at=make.NOW)
    return {
        "focal_point": cast.ilo_focal_point,
        "alternate": cast.ilo_alternate,
        "other_agency": cast.iom_focal_point,
        "coordinator": cast.coordinator,
        "of_agency": cast.ilo_coordinator,
        "wrote": wrote,
        "sent": sent,
        "belonged": belonged,
        "administrator": cast.administrator,
        "observer": cast.observer,
        "stranger": cast.stranger,
        "elsewhere": elsewhere,
        "gone": gone,
    }


def assigned(cast: make.Cast, name: str) -> Assignment:
    """Return the assignment that reaches a state of acceptance, on an action of its own."""
    place = ASSIGNMENTS.index(name) + 1
    action = make.action(cast.area, f"A{place}", order=place) if place > 1 else cast.action
    assignment: Assignment = make.do(
        "assign",
        action,
        by=cast.coordinator,
        at=ASSIGNED,
        agency=cast.ilo,
        role="supporting" if name == UNASKED else "lead",
    )
    for verb in ANSWERS.get(name, ("accept",)):
        by = cast.coordinator if verb == "withdraw" else cast.ilo_focal_point
        make.do(verb, assignment, by=by, at=ASSIGNED, note="Under a new mandate.")
    return assignment


def reach(play: Stage, name: str, update: Update, state: str) -> None:
    """Bring an update to a state: written by one person, sent by another."""
    people, coordinator = play.people, play.cast.coordinator
    make.drafted(update, by=people["wrote"], at=WRITTEN)
    attach(play, name, update)
    if state == "draft":
        return
    draft = Update.objects.get(pk=update.pk).draft
    make.do("submit", update, by=people["sent"], at=SENT, draft_version=draft.version)
    said = COMMENTS if name in DISCUSSED else {}
    if state == "submitted" and said:
        make.do("comment", update, by=coordinator, at=SENT, **said)
    if state == "approved":
        make.do("approve", update, by=coordinator, at=SENT, claim="leave_open", **said)
    elif state == "returned":
        due = {"note": "Say where.", "due_on": NEW_DUE}
        make.do("return", update, by=coordinator, at=SENT, **due, **said)
        make.drafted(update, by=play.cast.ilo_focal_point, at=SENT)


def attach(play: Stage, name: str, update: Update) -> None:
    """Add evidence of each kind of publicity to an update in each state."""
    for public in (True, False):
        shown = f"{name}, {'public' if public else 'reviewers only'}"
        play.evidence[shown] = evidence.add_link(
            update,
            url="https://example.org/report",
            title=shown,
            public=public,
            by=play.cast.ilo_focal_point,
            at=WRITTEN,
        )


DUTIES = {
    "open": "draft",
    "met": "approved",
    "waived": "draft, waived",
    "open, asked": "draft, asked",
    "open, submitted": "submitted",
    "open, closed": "draft, closed",
}
"""The duties by their state, and the update that each is of."""


def gather(
    play: Stage,
    assignments: dict[str, Assignment],
    rounds: dict[str, Round],
    answers: dict[str, Update],
) -> None:
    """Name every object by its noun and state."""
    untouched = make.action(play.cast.area, "A0", order=0)
    play.merged = make.merged_away(play.cast, untouched)
    found: dict[str, Versioned] = {"action any": untouched}
    found |= {f"assignment {name}": assignments[name] for name in ANSWERS}
    found["assignment accepted, reported"] = assignments["approved"]
    found[f"assignment {UNASKED}"] = assignments[UNASKED]
    found |= {f"round {state}": round for state, round in rounds.items()}
    for name in UPDATES:
        round = rounds["closed" if name.endswith("closed") else "open"]
        found[f"update {name}"] = make.update_in(round, assignments[name])
    found |= {f"update {name}": update for name, update in answers.items()}
    for state, name in DUTIES.items():
        found[f"duty {state}"] = Duty.objects.get(updates=found[f"update {name}"].pk)
    for place, obj in found.items():
        obj.refresh_from_db()
        check_state(place, obj)
    play.objects = found


def check_state(place: str, obj: Versioned) -> None:
    """Make sure that an object is in the state that it is called by."""
    noun, state = place.split(" ", 1)
    said = {"assignment": "acceptance", "update": "review_state"}.get(noun, "state")
    assert isinstance(obj, Action) or getattr(obj, said) == state.split(",")[0], place
