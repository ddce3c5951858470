"""What is offered: who may have it, what it is about, and how many queries it costs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import User
from recommendations.models import PriorityArea, Role, RoundQuestion
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.outputs.json_text import words
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import OFFERS, NotOffered, make
from tests import make as made
from tests.make import NOW, later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import asked, report

pytestmark = pytest.mark.django_db

COUNTS = {
    ("round", Scope.PUBLIC): 8,
    ("round", Scope.INSIDE): 10,
    ("full", Scope.PUBLIC): 12,
    ("full", Scope.INSIDE): 12,
    ("late", Scope.INSIDE): 9,
    ("agency", Scope.PUBLIC): 12,
    ("agency", Scope.INSIDE): 14,
    ("area", Scope.PUBLIC): 10,
    ("area", Scope.INSIDE): 10,
    ("work_plan", Scope.PUBLIC): 6,
    ("work_plan", Scope.INSIDE): 6,
    ("chapter", Scope.PUBLIC): 5,
    ("chapter", Scope.INSIDE): 5,
    ("responses", Scope.PUBLIC): 5,
    ("responses", Scope.INSIDE): 5,
}


def crowd(size: int) -> dict[str, Any]:
    """Return a framework with so many agencies on its actions, who reported and answered."""
    framework, actions, agencies = builders.world(actions=min(size, 3), agencies=size)
    round = builders.a_round(framework)
    question = made.question(framework)
    RoundQuestion.objects.create(
        round=round, question=question, number=1, heading="Challenges", text="Which?"
    )
    for agency in agencies:
        answers = builders.owed(round, None, agency=agency)
        builders.said(answers, "", at=later(days=2), text="")
        for action in actions:
            assignment = builders.held(action, agency, Role.SUPPORTING)
            duty = builders.owed(round, assignment)
            builders.verified(duty, "in_progress", at=later(days=1))
    area = PriorityArea.objects.get()
    return {"framework": framework, "round": round, "agency": agencies[0], "area": area}


def of(name: str, world: dict[str, Any], scope: Scope) -> Any:
    """Return what is asked of this report."""
    (offer,) = (one for one in OFFERS if one.name == name)
    return asked(world["framework"], scope=scope, **{one: world[one] for one in offer.about})


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_number_of_queries_of_a_report_does_not_depend_on_its_size(size: int) -> None:
    world = crowd(size)
    counted = {}
    for name, scope in COUNTS:
        with CaptureQueriesContext(connection) as queries:
            make(name, of(name, world, scope))
        counted[name, scope] = len(queries)

    assert counted == COUNTS


def test_the_canonical_form_of_every_report_is_the_same_in_every_language() -> None:
    world = crowd(2)
    for name, scope in COUNTS:
        wanted = of(name, world, scope)
        forms = {canonical(make(name, replace(wanted, language=one))) for one in ("en", "fr", "ar")}
        assert len(forms) == 1, name


def test_reports_name_agencies_and_roles_and_never_persons() -> None:
    world = crowd(2)
    persons = set(User.objects.values_list("name", flat=True))
    persons |= set(User.objects.values_list("email", flat=True))
    assert len(persons) >= 4
    for name, scope in COUNTS:
        found = make(name, of(name, world, scope))
        said = canonical(found).decode() + json.dumps(words(found), default=str)
        assert [person for person in persons if person in said] == [], name


def test_every_report_of_what_did_not_exist_yet_says_so() -> None:
    world = crowd(1)
    for name, scope in COUNTS:
        before = replace(of(name, world, scope), as_of=NOW.replace(year=2020))
        with pytest.raises(DidNotExist):
            make(name, before)


def test_a_round_or_agency_that_was_recorded_later_did_not_exist(cast: made.Cast) -> None:
    round = builders.a_round(cast.framework, at=later(days=5))
    cast.ilo.names.update(recorded_at=later(days=5))
    for name in ("round", "full", "late", "chapter"):
        with pytest.raises(DidNotExist):
            report(name, cast.framework, as_of=later(days=4), round=round)
    for name in ("agency", "full", "late", "chapter"):
        with pytest.raises(DidNotExist):
            report(name, cast.framework, as_of=later(days=4), agency=cast.ilo)


def test_what_is_late_is_not_offered_to_the_public(cast: made.Cast) -> None:
    with pytest.raises(NotOffered) as refusal:
        report("late", cast.framework, scope=Scope.PUBLIC)
    assert str(refusal.value) == "This report is for those who oversee the framework only."


def test_a_report_that_lacks_what_it_is_about_says_what(cast: made.Cast) -> None:
    with pytest.raises(NotOffered) as refusal:
        report("agency", cast.framework)
    assert str(refusal.value) == "Say what this report is about: agency."


def test_a_report_is_not_narrowed_by_what_its_figures_would_not_follow(cast: made.Cast) -> None:
    round = builders.a_round(cast.framework)
    with pytest.raises(NotOffered) as refusal:
        report("round", cast.framework, round=round, agency=cast.ilo)
    assert str(refusal.value) == "This report cannot be narrowed by: agency."


def test_a_report_without_anything_to_tell_says_so_in_every_section(cast: made.Cast) -> None:
    round = builders.a_round(cast.framework)
    about = {"round": round, "agency": cast.ilo, "area": cast.area}
    for offer in OFFERS:
        wanted = {name: about[name] for name in offer.about}
        for one in report(offer.name, cast.framework, **wanted).sections:
            rows = one.table.rows if one.table else ()
            assert rows or one.passages or one.nothing, f"{offer.name}: {one.key}"
