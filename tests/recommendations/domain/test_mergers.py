"""An agency ends or becomes part of another one: all of it, or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agencies import history, revisions, succession
from agencies.access import NotPermitted
from agencies.models import Agency, AgencyCode, GroupMembership, Membership
from recommendations.domain import closures, mergers
from recommendations.domain.holdings import fingerprint, holdings
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Assignment, Duty
from recommendations.reporting.facts import Scope
from recommendations.reporting.places import agency_page
from tests import make, soundness
from tests.recommendations.domain.test_groups import group, placed

TODAY = make.NOW.date()
WHY = "Decided by the board."
ME = {"at": make.NOW, "note": WHY}


def close(cast: make.Cast, **more: Any) -> None:
    """Close the ILO as the administrator does, having seen what it holds."""
    cast.ilo.refresh_from_db()
    seen = fingerprint(holdings(cast.ilo, on=TODAY).rows)
    given = {**ME, "by": cast.administrator, "seen": seen, **more}
    closures.close(cast.ilo, **given)
    cast.ilo.refresh_from_db()


def merge(cast: make.Cast, **more: Any) -> None:
    """Merge the ILO into the IOM as the administrator does, having seen what happens."""
    for agency in (cast.ilo, cast.iom):
        agency.refresh_from_db()
    seen = mergers.preview(cast.ilo, cast.iom, on=TODAY).seen
    given = {**ME, "by": cast.administrator, "seen": seen, **more}
    mergers.merge(cast.ilo, cast.iom, **given)
    for agency in (cast.ilo, cast.iom):
        agency.refresh_from_db()


def places() -> list[tuple[str, str, str]]:
    """Return who has what in which state."""
    rows = Assignment.objects.order_by("id")
    return [(str(row.agency), row.role, row.acceptance) for row in rows]


def everything() -> dict[tuple[str, int], int]:
    """Return the version of every row."""
    return soundness.versions()


# --- closing ---------------------------------------------------------------------------------


def test_a_closed_agency_holds_nothing_any_more(cast: make.Cast) -> None:
    second = make.action(cast.area, "A2", order=2)
    make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    make.proposed(cast, action=second)
    placed(group(), cast.ilo)

    close(cast)

    assert places() == [("ILO", "lead", "ended"), ("ILO", "lead", "withdrawn")]
    own = Duty.objects.filter(assignment__isnull=False)
    assert [(d.state, d.waived_because) for d in own] == [("waived", WHY)]
    assert set(cast.ilo.memberships.values_list("until_on", flat=True)) == {TODAY}
    assert cast.ilo.group_memberships.get().until_on == TODAY
    assert (cast.ilo.active, cast.ilo.merged_into) == (False, None)
    assert [event.verb for event in history.of(cast.ilo)] == ["created", "closed"]
    assert soundness.problems() == []


def test_the_questionnaire_of_a_closed_agency_is_waived_and_no_other(cast: make.Cast) -> None:
    make.question(cast.framework)
    make.open_round(cast)

    close(cast)

    rows = Duty.objects.filter(kind=Duty.Kind.QUESTIONNAIRE).order_by("agency__code")
    assert [(str(row.agency), row.state, row.waived_because) for row in rows] == [
        ("ILO", "waived", WHY),
        ("IOM", "open", ""),
    ]


def test_a_draft_stays_when_its_agency_closes_and_is_named_before(cast: make.Cast) -> None:
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)

    assert holdings(cast.ilo, on=TODAY).drafts == (update,)
    close(cast)
    update.refresh_from_db()
    assert update.draft.body == {"done": "Two seminars."}


@pytest.mark.parametrize("end", [close, merge])
def test_what_is_in_review_when_its_agency_ends_is_approved_and_stands_in_its_history(
    end: Any, cast: make.Cast
) -> None:
    make.question(cast.framework)
    progress = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    answers = make.sent(make.answers_in(progress.duty.round, cast.ilo), by=cast.ilo_focal_point)
    assert holdings(cast.ilo, on=TODAY).in_review == (progress, answers)
    end(cast)

    for update in (progress, answers):
        with pytest.raises(NotAllowedNow, match="it can still be approved"):
            make.do("return", update, by=cast.coordinator, note="When?", due_on=date(2026, 6, 1))
        make.approved(update, by=cast.coordinator, claim="leave_open")
        assert [one.verb for one in update.submissions.get().decisions.all()] == ["approve"]
        assert Duty.objects.get(pk=update.duty_id).state == "waived"
    assert soundness.problems() == []


def test_nobody_is_assigned_to_an_agency_that_closed_meanwhile(cast: make.Cast) -> None:
    before = Agency.objects.get(pk=cast.ilo.pk)
    close(cast)

    with pytest.raises(RequirementMissing, match="Choose an agency"):
        make.proposed(cast, agency=before)


@pytest.mark.parametrize("who", ["coordinator", "ilo_focal_point", "observer", "stranger"])
def test_only_an_administrator_of_all_frameworks_ends_an_agency(cast: make.Cast, who: str) -> None:
    before = everything()
    for act in (close, merge):
        with pytest.raises(NotPermitted, match="Only an administrator of all frameworks"):
            act(cast, by=getattr(cast, who))

    assert everything() == before


# --- merging ---------------------------------------------------------------------------------


def test_what_was_taken_on_is_the_others_and_due_again(cast: make.Cast) -> None:
    of = group()
    placed(of, cast.ilo)
    make.owed(cast, through=of, target_on=date(2027, 6, 30))

    merge(cast)

    assert places() == [("ILO", "lead", "ended"), ("IOM", "lead", "accepted")]
    new = Assignment.objects.latest("id")
    assert (new.through, new.target_on) == (of, date(2027, 6, 30))
    own = Duty.objects.filter(assignment__isnull=False).order_by("id")
    assert [(d.assignment.agency.code, d.state) for d in own] == [
        ("ILO", "waived"),
        ("IOM", "open"),
    ]
    assert own.latest("id").due_on == date(2026, 5, 31)
    assert [event.verb for event in history.of(new)] == ["taken_over"]
    assert (cast.ilo.active, cast.ilo.merged_into) == (False, cast.iom)
    assert [event.verb for event in history.of(cast.ilo)] == ["created", "merged"]
    assert [event.verb for event in history.of(cast.iom)] == ["created", "took_over"]
    assert soundness.problems() == []


def test_what_was_taken_on_in_part_is_taken_over_in_part(cast: make.Cast) -> None:
    make.do("accept_partly", make.proposed(cast), by=cast.ilo_focal_point, note="The first half.")

    merge(cast)

    assert places() == [("ILO", "lead", "ended"), ("IOM", "lead", "partially_accepted")]


def test_what_was_asked_the_other_is_asked(cast: make.Cast) -> None:
    make.proposed(cast, role="co_lead", respond_by=date(2026, 5, 11))

    merge(cast)

    assert places() == [("ILO", "co_lead", "withdrawn"), ("IOM", "co_lead", "proposed")]
    assert Assignment.objects.latest("id").respond_by == date(2026, 5, 11)


@pytest.mark.parametrize(
    ("ours", "active", "theirs", "taken_on", "after"),
    [
        ("supporting", True, "lead", True, [("ILO", "ended"), ("IOM", "accepted")]),
        ("co_lead", True, "co_lead", True, [("ILO", "ended"), ("IOM", "accepted")]),
        (
            *("lead", True, "supporting", True),
            [("ILO", "ended"), ("IOM", "ended"), ("IOM", "accepted")],
        ),
        (
            *("lead", True, "supporting", False),
            [("ILO", "ended"), ("IOM", "withdrawn"), ("IOM", "accepted")],
        ),
        (
            *("co_lead", True, "co_lead", False),
            [("ILO", "ended"), ("IOM", "withdrawn"), ("IOM", "accepted")],
        ),
        ("lead", False, "supporting", True, [("ILO", "withdrawn"), ("IOM", "accepted")]),
        ("supporting", True, "lead", False, [("ILO", "ended"), ("IOM", "proposed")]),
    ],
)
def test_where_the_other_is_already_it_has_one_place_afterwards(
    cast: make.Cast,
    ours: str,
    active: bool,
    theirs: str,
    taken_on: bool,
    after: list[tuple[str, str]],
) -> None:
    build = (make.proposed, make.accepted)
    build[active](cast, role=ours)
    more = {"by": cast.iom_focal_point} if taken_on else {}
    build[taken_on](cast, role=theirs, agency=cast.iom, **more)

    merge(cast)

    assert [(agency, acceptance) for agency, _role, acceptance in places()] == after
    assert soundness.problems() == []


def test_chosen_people_go_on_in_the_other_agency_and_the_rest_end(cast: make.Cast) -> None:
    chosen = cast.ilo_focal_point.memberships.get()

    merge(cast, joining=[chosen.pk])

    joined = Membership.objects.get(user=cast.ilo_focal_point, agency=cast.iom)
    assert (joined.capacity, joined.from_on, joined.until_on) == ("focal_point", TODAY, None)
    assert set(cast.ilo.memberships.values_list("until_on", flat=True)) == {TODAY}
    assert not Membership.objects.filter(user=cast.ilo_alternate, agency=cast.iom).exists()


def test_nobody_joins_an_agency_by_a_merger_of_their_own_making(cast: make.Cast) -> None:
    make.member(cast.administrator, cast.ilo)
    own = cast.administrator.memberships.get()

    merge(cast, joining=[own.pk])

    assert [str(row.agency) for row in cast.administrator.memberships.all()] == ["ILO"]


def test_places_in_groups_follow_once(cast: make.Cast) -> None:
    first, second = group("First"), group("Second")
    placed(first, cast.ilo)
    placed(second, cast.ilo, "member")
    placed(second, cast.iom, "member")

    merge(cast)

    rows = GroupMembership.objects.order_by("id")
    assert [(str(row.agency), row.role, row.until_on) for row in rows] == [
        ("ILO", "lead", TODAY),
        ("ILO", "member", TODAY),
        ("IOM", "member", None),
        ("IOM", "lead", None),
    ]


def test_figures_of_before_keep_the_old_agency(cast: make.Cast) -> None:
    make.approved(make.sent(make.owed(cast), by=cast.ilo_focal_point), by=cast.coordinator)
    before, after = make.later(hours=1), make.later(days=2)
    figures = agency_page(cast.framework, cast.ilo, as_of=before, scope=Scope.PUBLIC)

    merge(cast, at=make.later(days=1))

    again = agency_page(cast.framework, cast.ilo, as_of=before, scope=Scope.PUBLIC)
    assert again == figures
    assert len(again.rows) == 1
    assert agency_page(cast.framework, cast.ilo, as_of=after, scope=Scope.PUBLIC).rows == ()


# --- refused ---------------------------------------------------------------------------------


def test_a_merger_into_itself_is_refused_and_changes_nothing(cast: make.Cast) -> None:
    before = everything()
    with pytest.raises(NotAllowedNow, match="cannot be merged into itself"):
        mergers.merge(cast.ilo, cast.ilo, seen="", by=cast.administrator, **ME)

    assert everything() == before


def test_a_merger_in_a_circle_is_refused_and_changes_nothing(cast: make.Cast) -> None:
    merge(cast)
    before = everything()
    with pytest.raises(NotAllowedNow, match="ILO is not active any more. Choose"):
        mergers.merge(cast.iom, cast.ilo, seen="", by=cast.administrator, **ME)

    assert everything() == before


@pytest.mark.parametrize("act", [close, merge])
def test_an_agency_ends_once(cast: make.Cast, act: Any) -> None:
    close(cast)
    before = everything()
    with pytest.raises(NotAllowedNow, match="ILO is not active any more"):
        act(cast)

    assert everything() == before


@pytest.mark.parametrize("act", [close, merge])
def test_without_a_reason_nothing_ends(cast: make.Cast, act: Any) -> None:
    with pytest.raises(RequirementMissing, match="Give the reason"):
        act(cast, note=" ")

    assert Agency.objects.get(pk=cast.ilo.pk).active


@pytest.mark.parametrize("act", [close, merge])
def test_what_changed_since_the_preview_stops_it(cast: make.Cast, act: Any) -> None:
    assignment = make.accepted(cast)
    seen = {
        close: fingerprint(holdings(cast.ilo, on=TODAY).rows),
        merge: mergers.preview(cast.ilo, cast.iom, on=TODAY).seen,
    }[act]
    target = {"target_on": date(2027, 6, 30)}
    make.do("set_target", assignment, by=cast.coordinator, **target)
    before = everything()

    with pytest.raises(revisions.Conflict):
        act(cast, seen=seen)

    assert everything() == before


# --- another name ----------------------------------------------------------------------------


def rename(cast: make.Cast, **more: Any) -> list[str]:
    """Rename the ILO."""
    cast.ilo.refresh_from_db()
    given = {"code": "ILO", "acronym": "ILO", "name": "Another name", **ME}
    given |= {"by": cast.administrator, "version": cast.ilo.version, **more}
    return succession.rename(cast.ilo, **given)


def test_a_new_code_keeps_the_old_one_from_everybody(cast: make.Cast) -> None:
    rename(cast, code="WLO", acronym="WLO")

    assert (cast.ilo.code, cast.ilo.acronym, cast.ilo.name) == ("WLO", "WLO", "Another name")
    assert AgencyCode.objects.get().agency == cast.ilo
    assert [event.verb for event in history.of(cast.ilo)] == ["created", "renamed"]
    for code in ("ilo", "ILO", "iom"):
        with pytest.raises(Exception, match="An agency had this code"):
            rename(cast, code=code, acronym="WLO", name="Third name")
    assert cast.ilo.names.count() == 2
    assert soundness.problems() == []


def test_a_name_alone_leaves_the_code(cast: make.Cast) -> None:
    assert rename(cast) == ["name"]
    assert AgencyCode.objects.count() == 0


def test_a_stale_rename_changes_nothing(cast: make.Cast) -> None:
    with pytest.raises(revisions.Conflict):
        rename(cast, code="WLO", version=99)

    cast.ilo.refresh_from_db()
    assert (cast.ilo.code, AgencyCode.objects.count()) == ("ILO", 0)


def test_old_figures_show_the_old_name(cast: make.Cast) -> None:
    rename(cast, code="WLO", acronym="WLO", at=make.later(days=1))
    seen = [
        agency_page(cast.framework, cast.ilo, as_of=when, scope=Scope.PUBLIC)
        for when in (make.later(hours=1), make.later(days=2))
    ]

    assert [(one.acronym, one.name) for one in seen] == [
        ("ILO", "Full name of ILO"),
        ("WLO", "Another name"),
    ]
