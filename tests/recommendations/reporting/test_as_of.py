"""Figures of an earlier moment: the same, whenever they are computed and by either road."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from recommendations.models import Assignment, Framework, Role, Round, Submission, SubmissionKind
from recommendations.reporting import facts
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.figures import Figure
from recommendations.reporting.gaps import gaps
from recommendations.reporting.latest import latest_published
from recommendations.reporting.matrix import matrix
from recommendations.reporting.overview import overview
from recommendations.reporting.round_progress import round_progress
from recommendations.reporting.standings import standings
from recommendations.reporting.timeline import tracks
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

CHANGES = 120
KINDS = ("send", "send", "decide", "decide", "decide", "publish", "assess", "retract", "other")
STATUSES = ("not_started", "in_progress", "continuing", "on_hold", "implemented", "discontinued")


def figures(framework: Framework, as_of: datetime) -> list[Figure]:
    """Return every figure of a moment."""
    round = Round.objects.get()
    made: list[Figure] = [round_progress(round, as_of=as_of)]
    for scope in Scope:
        for figure in (standings, overview, matrix, gaps, latest_published):
            made.append(figure(framework, as_of=as_of, scope=scope))
        made.append(overview(framework, as_of=as_of, scope=scope, round=round))
    return made


def change(rng: random.Random, assignments: list[Assignment], at: datetime) -> None:
    """Write one row, as the workflow might, or a publication or retraction that it will."""
    assignment = rng.choice(assignments)
    sent = Submission.objects.filter(update__duty__assignment=assignment).order_by("id")
    undecided = sent.filter(decisions__isnull=True).first()
    approved = sent.filter(decisions__verb="approve").exclude(decisions__verb="retract").last()
    held = sent.filter(decisions__verb="approve", publication__isnull=True).first()
    kind = rng.choice(
        ("send", "decide", "decide", "publish", "publish", "assess", "retract", "other")
    )
    if kind == "send" or sent.count() == 0:
        nothing = rng.random() < 0.1
        builders.sent(
            assignment,
            "" if nothing else rng.choice(STATUSES),
            at=at,
            kind=SubmissionKind.NOTHING_TO_REPORT if nothing else SubmissionKind.REPORT,
        )
    elif kind == "decide" and undecided:
        if rng.random() < 0.25:
            builders.decided(undecided, "return", at=at)
        else:
            builders.approved(undecided, at=at, published_at=at if rng.random() < 0.6 else None)
    elif kind == "publish" and held:
        builders.published(held, at=at)
    elif kind == "assess" and approved and approved.status:
        builders.assessed(approved, rng.choice(STATUSES), at=at)
    elif kind == "retract" and approved:
        builders.decided(approved, "retract", at=at)
    elif kind == "other":
        builders.targeted(assignment, at.date(), at=at)
        builders.postponed(builders.duty_of(assignment), at.date(), at=at)
        assignment.agency.restate(at=at, by=None)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_many_changes_the_figures_of_each_moment_are_what_they_were(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    framework, actions, agencies = builders.world(actions=2, agencies=3)
    round = builders.a_round(framework)
    assignments = [
        builders.held(action, agency, Role.CO_LEAD) for action in actions for agency in agencies
    ]
    for assignment in assignments:
        builders.owed(round, assignment)
    then = {}
    for number in range(CHANGES):
        at = later(hours=number)
        change(rng, assignments, at)
        if number % 10 == 0:
            then[at] = figures(framework, at)
    assert {at: figures(framework, at) for at in then} == then
    for scope in Scope:
        totals = {overview(framework, as_of=at, scope=scope).total.assignments for at in then}
        assert len(totals) >= 5


@pytest.mark.parametrize("scope", [*Scope])
def test_the_newest_row_and_the_whole_track_put_an_assignment_in_the_same_place(
    scope: Scope,
) -> None:
    rng = random.Random(3)  # noqa: S311
    framework, actions, agencies = builders.world(actions=2, agencies=3)
    assignments = [
        builders.held(action, agency, Role.CO_LEAD) for action in actions for agency in agencies
    ]
    for number in range(CHANGES):
        at = later(hours=number // 2)
        change(rng, assignments, at)
        basis = Basis(framework, at, scope)
        by_track = {pk: track.at(at) for pk, track in tracks(basis).items()}
        assert facts.effects(basis) == {pk: found for pk, found in by_track.items() if found[0]}


@pytest.mark.parametrize("scope", [*Scope])
def test_a_track_read_late_says_what_each_earlier_reading_said(scope: Scope) -> None:
    rng = random.Random(4)  # noqa: S311
    framework, actions, agencies = builders.world(actions=1, agencies=3)
    assignments = [
        builders.held(action, agency, Role.CO_LEAD) for action in actions for agency in agencies
    ]
    then = {}
    for number in range(CHANGES):
        at = later(hours=number)
        change(rng, assignments, at)
        then[at] = facts.effects(Basis(framework, at, scope))
    late = tracks(Basis(framework, later(hours=CHANGES), scope))
    for at, effects in then.items():
        found = {pk: track.at(at) for pk, track in late.items()}
        assert {pk: effect for pk, effect in found.items() if effect[0]} == effects
