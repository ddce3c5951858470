"""Assigning through a working group, and asking several agencies at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history, revisions
from agencies.models import Agency, GroupMembership, WorkingGroup
from recommendations.domain import groups
from recommendations.domain.asking import MOST, Ask, Outcome, ask_each
from recommendations.domain.transition import RequirementMissing
from recommendations.models import Assignment
from tests import make

TODAY = make.NOW.date()


def group(name: str = "Group on data") -> WorkingGroup:
    """Return a group in which nobody is yet."""
    made = WorkingGroup(code=name.lower().replace(" ", "-"), name=name, kind="task_force")
    revisions.create(made, by=None, at=make.NOW)
    return made


def placed(of: WorkingGroup, agency: Agency | None, role: str = "lead", **period: Any) -> Any:
    """Give an agency a place in a group."""
    made = GroupMembership(group=of, agency=agency, role=role, **period)
    revisions.create(made, by=None, at=make.NOW)
    return made


def ask(cast: make.Cast, *asks: Ask, **more: Any) -> list[Outcome]:
    """Ask several as the coordinator does."""
    versions = {one.action.pk: one.action.version for one in asks}
    given: dict[str, Any] = {"by": cast.coordinator, "at": make.NOW, "versions": versions, **more}
    return ask_each(asks, **given)


def places(**where: Any) -> list[tuple[str, str, str]]:
    """Return who is where in which role."""
    rows = Assignment.objects.filter(**where).order_by("id")
    return [(str(row.agency), row.role, str(row.through or "")) for row in rows]


def test_one_lead_of_a_group_is_asked_to_lead(cast: make.Cast) -> None:
    of = group()
    placed(of, cast.ilo)
    placed(of, cast.iom, "member")

    through = groups.through_group(cast.action, of, on=TODAY)

    assert (through.asked, through.leads.role, through.remarks) == ((cast.ilo,), "lead", [])


def test_several_leads_of_a_group_are_asked_to_co_lead(cast: make.Cast) -> None:
    of = group()
    placed(of, cast.iom, "co_lead")
    placed(of, cast.ilo)

    through = groups.through_group(cast.action, of, on=TODAY)

    assert (through.asked, through.leads.role) == ((cast.ilo, cast.iom), "co_lead")


@pytest.mark.parametrize(
    ("from_on", "until_on", "leads"),
    [
        (None, None, True),
        (TODAY, None, True),
        (None, TODAY, True),
        (date(2026, 5, 5), None, False),
        (None, date(2026, 5, 3), False),
    ],
)
def test_who_leads_is_who_leads_on_that_day(
    cast: make.Cast, from_on: date | None, until_on: date | None, leads: bool
) -> None:
    of = group()
    placed(of, cast.ilo, from_on=from_on, until_on=until_on)
    placed(of, cast.iom)

    found = groups.through_group(cast.action, of, on=TODAY).asked

    assert found == ((cast.ilo, cast.iom) if leads else (cast.iom,))


def test_who_is_there_already_is_named_and_not_asked_again(cast: make.Cast) -> None:
    of = group()
    placed(of, cast.ilo)
    placed(of, cast.iom, "co_lead")
    make.proposed(cast, role="supporting")

    through = groups.through_group(cast.action, of, on=TODAY)

    assert through.asked == (cast.iom,)
    assert through.remarks == ["ILO already has A1 as Supporting and is not asked again."]


def test_a_closed_agency_and_a_place_without_anybody_are_named(cast: make.Cast) -> None:
    of = group()
    placed(of, cast.ilo)
    placed(of, None, "co_lead")
    placed(of, cast.iom, "co_lead")
    Agency.objects.filter(pk=cast.iom.pk).update(active=False)

    through = groups.through_group(cast.action, of, on=TODAY)

    assert (through.asked, through.leads.role) == ((cast.ilo,), "lead")
    assert through.remarks == [
        "IOM is closed and takes on nothing.",
        "The group has a place of a lead for which the source lists nobody.",
    ]


def test_a_group_that_nobody_leads_says_so(cast: make.Cast) -> None:
    of = group()
    placed(of, None)
    placed(of, cast.iom, "member")

    with pytest.raises(RequirementMissing) as raised:
        groups.through_group(cast.action, of, on=TODAY)

    assert raised.value.problems == {
        "group": "No agency is listed as lead or co-lead of “Group on data”. "
        "The group has a place of a lead for which the source lists nobody."
    }


def test_each_is_asked_on_its_own_and_the_group_is_remembered(cast: make.Cast) -> None:
    of = group()
    asks = [Ask(cast.action, one, "co_lead", of) for one in (cast.ilo, cast.iom)]

    outcomes = ask(cast, *asks, respond_by=date(2026, 6, 1))

    assert outcomes == [Outcome("A1 · ILO"), Outcome("A1 · IOM")]
    assert places() == [("ILO", "co_lead", "Group on data"), ("IOM", "co_lead", "Group on data")]
    assert {row.respond_by for row in Assignment.objects.all()} == {date(2026, 6, 1)}
    assert [history.of(row).count() for row in Assignment.objects.all()] == [1, 1]


def test_one_refusal_stops_no_other(cast: make.Cast) -> None:
    second = make.action(cast.area, "A2", order=2)
    third = make.agency("UNHCR")
    make.proposed(cast, role="supporting")
    leads = [Ask(cast.action, one, "lead") for one in (cast.iom, third, cast.ilo)]

    outcomes = ask(cast, *leads, Ask(second, cast.ilo, "lead"))

    assert outcomes == [
        Outcome("A1 · IOM"),
        Outcome(
            "A1 · UNHCR",
            "A1 is asked of IOM. It has one lead, or several co-leads: end that assignment first.",
        ),
        Outcome("A1 · ILO", "ILO already has A1 as Supporting. End that assignment first."),
        Outcome("A2 · ILO"),
    ]
    assert places() == [("ILO", "supporting", ""), ("IOM", "lead", ""), ("ILO", "lead", "")]


def test_an_action_that_changed_since_is_left_alone(cast: make.Cast) -> None:
    outcomes = ask(cast, Ask(cast.action, cast.ilo, "lead"), versions={cast.action.pk: 99})

    assert [bool(one.refusal) for one in outcomes] == [True]
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "more", "problems"),
    [
        ("", {}, {"role": "Choose lead, co-lead or supporting."}),
        (
            "co_lead",
            {"respond_by": date(2026, 5, 3)},
            {"respond_by": "Give a day to answer by that has not passed."},
        ),
    ],
)
def test_what_all_of_them_lack_is_said_once_and_nobody_is_asked(
    cast: make.Cast, role: str, more: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(RequirementMissing) as raised:
        ask(cast, Ask(cast.action, cast.ilo, "co_lead"), Ask(cast.action, cast.iom, role), **more)

    assert raised.value.problems == problems
    assert Assignment.objects.count() == 0


def test_nobody_chosen_and_too_many_are_refused_in_words(cast: make.Cast) -> None:
    with pytest.raises(RequirementMissing, match="Choose an agency"):
        ask(cast)
    with pytest.raises(RequirementMissing, match=f"Choose at most {MOST} at a time"):
        ask(cast, *[Ask(cast.action, cast.ilo, "lead")] * (MOST + 1))
