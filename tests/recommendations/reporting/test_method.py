"""Every sentence of the method page is true: a test for each, which finds it on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client

from agencies import revisions
from recommendations.domain.rollup import NO_REPORT, LeadStanding, roll_up
from recommendations.models import Action, Assignment
from recommendations.reporting.facts import Scope
from recommendations.reporting.matrix import matrix
from recommendations.reporting.movements import Movement, Movements, movements
from recommendations.reporting.overview import ActionLine, Overview, overview
from recommendations.reporting.reports.catalogue import make as make_report
from recommendations.reporting.standings import DatedStanding, standings
from recommendations.reporting.targets import days_past, targets
from tests import make
from tests.make import NOW, later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.method import HELD, holds, sentences
from tests.recommendations.reporting.reports.asking import asked, report, rows, section

pytestmark = pytest.mark.django_db
IMPLEMENTED = LeadStanding("implemented", True)
CLAIMED = LeadStanding("implemented", False)
DISCONTINUED = LeadStanding("discontinued", False)


def stand(cast: make.Cast, scope: Scope = Scope.INSIDE, days: float = 9) -> list[DatedStanding]:
    """Return where every assignment stands after so many days."""
    return [*standings(cast.framework, as_of=later(days=days), scope=scope).rows]


def seen(cast: make.Cast, scope: Scope = Scope.INSIDE, days: float = 9) -> Overview:
    """Return the overview after so many days."""
    return overview(cast.framework, as_of=later(days=days), scope=scope)


def line(cast: make.Cast) -> ActionLine:
    """Return where the one action stands."""
    (found,) = seen(cast).actions
    return found


def moved(cast: make.Cast, since: float, until: float) -> Movements:
    """Return what moved between two days."""
    return movements(
        cast.framework, since=later(days=since), as_of=later(days=until), scope=Scope.INSIDE
    )


def another(cast: make.Cast, number: int = 2) -> Action:
    """Return a further action of the area."""
    return make.action(cast.area, f"A{number}", order=number)


@pytest.fixture
def lead(cast: make.Cast) -> Assignment:
    """Return what the ILO leads since day 0."""
    return builders.held(cast.action, cast.ilo)


def test_every_sentence_of_the_page_has_its_test() -> None:
    assert sorted(HELD) == sorted(sentences())


@holds("An assignment is one agency on one action, as lead, co-lead or supporting agency.")
def test_assignments(cast: make.Cast) -> None:
    builders.held(cast.action, cast.ilo, "co_lead")
    builders.held(cast.action, cast.iom, "supporting")
    builders.held(another(cast), cast.ilo, "lead")

    assert [(one.action_code, one.agency_code, one.role) for one in stand(cast)] == [
        ("A1", "ILO", "co_lead"),
        ("A1", "IOM", "supporting"),
        ("A2", "ILO", "lead"),
    ]


@holds("It is counted once the agency has accepted it, in full or in part.")
def test_accepted_assignments_are_counted(cast: make.Cast) -> None:
    asked = builders.held(cast.action, cast.ilo, acceptance="proposed")
    counted = []
    for day, answer in enumerate(("under_consideration", "partially_accepted", "accepted"), 1):
        builders.answered(asked, answer, at=later(days=day))
        counted.append(seen(cast).total.assignments.total)
    builders.answered(asked, "declined", at=later(days=5))

    assert (counted, seen(cast).total.assignments.total) == ([0, 1, 1], 0)


@holds("An action counts once in every total, whoever shares it.")
def test_an_action_counts_once(cast: make.Cast) -> None:
    for agency in (cast.ilo, cast.iom, make.agency("WHO")):
        builders.held(cast.action, agency, "co_lead")
    found = seen(cast)

    assert (found.total.actions.total, found.areas[0].total.actions.total) == (1, 1)
    assert found.total.assignments.total == 3


@holds(
    "Tables by agency overlap: an action that two agencies share is an assignment of each, "
    "and such numbers are not to be added up."
)
def test_tables_by_agency_overlap(cast: make.Cast) -> None:
    for agency in (cast.ilo, cast.iom):
        builders.held(cast.action, agency, "co_lead")
    found = report("full", cast.framework)

    assert rows(found, "agencies", "agency", "leading") == [("ILO", 1), ("IOM", 1)]
    assert rows(found, "areas", "actions") == [(1,)]
    said = "Agencies overlap: an action that two share is an assignment of each."
    assert said in section(found, "agencies").sentences
    assert said in section(found, "movements").sentences


@holds("“No report yet” is always part of the total.")
def test_no_report_is_in_the_denominator(cast: make.Cast, lead: Assignment) -> None:
    builders.held(another(cast), cast.iom)
    builders.said(lead, at=later(days=1))
    tally = seen(cast).total.assignments

    assert (tally.total, tally.of("in_progress"), tally.of("no_report")) == (2, 1, 1)
    assert tally.sentence == "2 assignments: 1 in progress, 1 without a report."
    assert seen(cast).total.reported.sentence.startswith("1 of 2 leads have reported")


@holds("What is unknown is not left out, and is not zero.")
def test_unknown_is_not_zero(cast: make.Cast, lead: Assignment) -> None:
    found = report("full", cast.framework)

    unknown = ("status", "since", "reported_at", "target_on")
    assert rows(found, "assignments", *unknown) == [("no_report", None, None, None)]
    assert rows(found, "actions", "action", "oldest") == [("A1", None)]


@holds("A contributor who is not one of the agencies is shown, and not counted among them.")
def test_contributors_are_shown_and_not_counted(cast: make.Cast) -> None:
    builders.held(cast.action, make.agency("SRSG", counted=False), "supporting")
    found = matrix(cast.framework, as_of=later(days=9), scope=Scope.PUBLIC)

    assert [row.agency for row in found.rows] == ["ILO", "IOM", "SRSG"]
    assert (seen(cast).counted, seen(cast).agencies) == (2, 0)


@holds(
    "A claim is not a confirmation: the agency claims a status in its update, and a coordinator "
    "assesses it, in agreement or otherwise."
)
def test_a_claim_is_not_a_confirmation(cast: make.Cast, lead: Assignment) -> None:
    text = builders.said(lead, "implemented", at=later(days=1))
    builders.assessed(text, "in_progress", at=later(days=3))

    claimed, assessed = (report("full", cast.framework, as_of=later(days=days)) for days in (2, 3))
    told = ("claim", "assessed", "status")
    assert rows(claimed, "assignments", *told) == [("implemented", "no", "reported_implemented")]
    assert rows(assessed, "assignments", *told) == [("implemented", "yes", "in_progress")]


@holds(
    "The assessment stands where it rests on the text in force; otherwise the claim stands, "
    "unverified."
)
def test_an_assessment_stands_on_the_text_in_force_only(cast: make.Cast, lead: Assignment) -> None:
    builders.assessed(builders.said(lead, at=later(days=1)), "on_hold", at=later(days=2))
    builders.said(lead, "not_started", at=later(days=4))

    assert [(one.status, one.verified) for one in stand(cast, days=3)] == [("on_hold", True)]
    assert [(one.status, one.verified) for one in stand(cast, days=4)] == [("not_started", False)]


@holds(
    "A claim of “Implemented” that nobody has verified is shown as “Reported implemented, to be "
    "verified” and counts as open."
)
def test_an_unverified_claim_of_implemented_is_open(cast: make.Cast, lead: Assignment) -> None:
    builders.said(lead, "implemented", at=later(days=1))

    assert stand(cast)[0].shown.label == "Reported implemented, to be verified"
    assert moved(cast, 0, 9).total.closing == 1
    assert targets(stand(cast), later(days=9).date()).leads == 1


@holds(
    "The newest approved update of an assignment is in force, until another is approved or it "
    "is retracted."
)
def test_the_newest_approved_text_is_in_force(cast: make.Cast, lead: Assignment) -> None:
    builders.said(lead, "not_started", at=later(days=1))
    builders.sent(lead, "continuing", at=later(days=2))
    newer = builders.said(lead, "on_hold", at=later(days=3))
    builders.decided(newer, "reopen", at=later(days=4))
    builders.decided(newer, "retract", at=later(days=5))

    said = [stand(cast, days=days)[0].status for days in (1, 2, 3, 4, 5)]
    assert said == ["not_started", "not_started", "on_hold", "on_hold", "not_started"]


@holds(
    "Public pages count published updates only; what is being written or reviewed changes no "
    "public figure."
)
def test_the_public_counts_what_is_published(cast: make.Cast, lead: Assignment) -> None:
    text = builders.sent(lead, at=later(days=1))
    builders.approved(text, at=later(days=2), published_at=later(days=3))

    public = [stand(cast, Scope.PUBLIC, days)[0].status for days in (1, 2, 3)]
    inside = [stand(cast, Scope.INSIDE, days)[0].status for days in (1, 2, 3)]
    assert (public, inside) == (["", "", "in_progress"], ["", "in_progress", "in_progress"])


@holds("“Nothing new” repeats the text in force, and its claim.")
def test_nothing_new_repeats(cast: make.Cast) -> None:
    update = make.owed(cast)
    make.sent(update, by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    duty = make.do("open", make.planned_round(cast.framework, "2026-H2"), by=cast.coordinator)
    again = make.update_in(duty, update.duty.assignment)
    again_said = {"kind": "no_change", "status": "", "body": {"done": "No funds."}}
    make.sent(again, by=cast.ilo_focal_point, **again_said)
    make.approved(again, by=cast.coordinator)
    found = report("full", cast.framework)

    told = ("round", "kind", "claim", "done", "unchanged")
    assert rows(found, "texts", *told) == [
        ("2026-H2", "no_change", "in_progress", "Two seminars.", "No funds.")
    ]


@holds("“Nothing to report” claims nothing, and the text before it stays in force.")
def test_nothing_to_report_claims_nothing(cast: make.Cast, lead: Assignment) -> None:
    text = builders.said(lead, at=later(days=1))
    builders.said(lead, "", at=later(days=2), kind="nothing_to_report")

    assert [(one.status, one.submission_id) for one in stand(cast)] == [("in_progress", text.pk)]


@holds("Every figure says its moment, in UTC.")
def test_every_figure_says_its_moment(cast: make.Cast) -> None:
    round = builders.a_round(cast.framework)
    about = {"round": round, "agency": cast.ilo, "area": cast.area}
    names = {"round": ["round"], "agency": ["agency"], "area": ["area"], "full": [], "late": []}
    for name, needed in names.items():
        found = report(name, cast.framework, **{one: about[one] for one in needed})
        assert found.position.startswith("Position on 13 May 2026, 09:30 UTC.")
    assert seen(cast).position.startswith("Position on 13 May 2026, 09:30 UTC.")


@holds(
    "With another date, the page counts what was recorded by then: the texts, the names and the "
    "target dates of that day."
)
def test_another_date_counts_what_was_recorded_by_then(
    cast: make.Cast, lead: Assignment, client: Client
) -> None:
    builders.targeted(lead, date(2026, 8, 1), at=later(days=1))
    builders.said(lead, "on_hold", at=later(days=1))
    builders.said(lead, at=later(days=3))
    builders.targeted(lead, date(2026, 9, 1), at=later(days=3))
    new = {"acronym": "BIT"}
    revisions.revise(cast.ilo, values=new, by=None, at=later(days=3), note="x", version=1)

    told = [
        (one.status, one.agency, one.target_on) for days in (2, 3) for one in stand(cast, days=days)
    ]
    assert told == [
        ("on_hold", "ILO", date(2026, 8, 1)),
        ("in_progress", "BIT", date(2026, 9, 1)),
    ]
    page = client.get("/f/hld-2013/matrix/?as_of=2026-05-06T10:00").content.decode()
    assert ">ILO</a>" in page
    assert "BIT" not in page


@holds("An earlier figure stays what it was, and settles two minutes after its moment.")
def test_earlier_figures_stay(cast: make.Cast, lead: Assignment) -> None:
    before = stand(cast, days=2)
    builders.said(lead, at=later(days=3))

    assert stand(cast, days=2) == before
    assert report("full", cast.framework).settled is True
    assert settled(cast, as_of=NOW, now=later(minutes=1, seconds=59)) is False
    assert settled(cast, as_of=NOW, now=later(minutes=2)) is True


@holds(
    "Nothing is called late without a date that has passed, and how many have no date stands "
    "beside the number."
)
def test_nothing_is_late_without_a_date(cast: make.Cast, lead: Assignment) -> None:
    builders.held(another(cast), cast.iom, target_on=date(2026, 5, 5))
    round = builders.a_round(cast.framework)
    undated = builders.owed(round, lead)
    builders.postponed(undated, None, at=later(days=1))
    found = report("late", cast.framework)

    assert rows(found, "overdue", "agency") == []
    assert section(found, "overdue").sentences == ("0 are overdue.", "1 has no due date.")
    assert rows(found, "targets", "action", "target_on") == [("A2", date(2026, 5, 5))]
    assert section(found, "targets").sentences == (
        "1 of 2 open leads are past their target date; 1 has no target date.",
    )


@holds(
    "A target date has passed once the last day that it can mean has passed: for a year, "
    "31 December."
)
def test_the_last_day_of_a_target(cast: make.Cast, lead: Assignment) -> None:
    last_days = {
        "day": date(2026, 5, 10),
        "month": date(2026, 5, 31),
        "quarter": date(2026, 6, 30),
        "year": date(2026, 12, 31),
    }
    builders.targeted(lead, date(2026, 5, 10), at=later(days=1))
    for precision, last in last_days.items():
        lead.targets.filter(on__isnull=False).update(precision=precision)
        (one,) = stand(cast)
        assert days_past(one, last) == 0
        assert days_past(one, date.fromordinal(last.toordinal() + 1)) == 1


@holds("What is closed or continuing is never past its target date.")
def test_closed_and_continuing_are_never_past(cast: make.Cast) -> None:
    for number, status in enumerate(("implemented", "discontinued", "continuing"), start=2):
        one = builders.held(another(cast, number), cast.ilo, target_on=date(2020, 1, 1))
        builders.verified(one, status, at=later(days=1))

    assert [days_past(one, date(2026, 5, 13)) for one in stand(cast)] == [0, 0, 0]


@holds(
    "Between two moments opening + new + reopened − closed = closing, for all together, for "
    "every area and for every agency."
)
def test_the_books_balance(cast: make.Cast, lead: Assignment) -> None:
    builders.said(lead, "discontinued", at=later(days=1))
    builders.said(lead, at=later(days=3))
    ended = builders.held(another(cast), cast.iom, at=later(days=1))
    builders.answered(ended, "ended", at=later(days=4))
    builders.held(make.action(make.area(cast.framework, "B"), "B1"), cast.iom, at=later(days=4))

    for since in range(6):
        for until in range(since, 6):
            found = moved(cast, since, until)
            assert [books(one) for one in (found.total, *found.areas, *found.agencies)] == [0] * (
                1 + len(found.areas) + len(found.agencies)
            )
            opened = moved(cast, until, until).total.opening
            assert found.total.closing == opened


@holds(
    "An assignment is closed once it is implemented and verified, discontinued, ended or withdrawn."
)
def test_what_closes_an_assignment(cast: make.Cast) -> None:
    ways = [builders.held(another(cast, number), cast.ilo) for number in range(2, 7)]
    builders.verified(ways[0], "implemented", at=later(days=1))
    builders.said(ways[1], "discontinued", at=later(days=1))
    builders.answered(ways[2], "ended", at=later(days=1))
    builders.answered(ways[3], "withdrawn", at=later(days=1))
    builders.said(ways[4], "implemented", at=later(days=1))
    total = moved(cast, 0, 2).total

    assert (total.opening, total.closed, total.closing) == (5, 4, 1)


@holds("One that was closed and opened again in between counts in both.")
def test_closed_and_opened_again_counts_in_both(cast: make.Cast, lead: Assignment) -> None:
    builders.said(lead, "discontinued", at=later(days=1))
    builders.said(lead, at=later(days=2))
    total = moved(cast, 0, 3).total

    assert (total.opening, total.reopened, total.closed, total.closing) == (1, 1, 1, 1)


@holds("The status of an action sums up its leads and co-leads.")
def test_an_action_sums_up_its_leads(cast: make.Cast) -> None:
    for agency in (cast.ilo, cast.iom):
        builders.said(builders.held(cast.action, agency, "co_lead"), "on_hold", at=later(days=1))

    assert line(cast).standing == "on_hold"


@holds("Supporting agencies are shown beside it and never decide.")
def test_supporting_agencies_never_decide(cast: make.Cast, lead: Assignment) -> None:
    helper = builders.held(cast.action, cast.iom, "supporting")
    builders.verified(helper, "implemented", at=later(days=1))

    assert line(cast).standing == "no_information"
    assert line(cast).assignments.of("implemented") == 1


@holds("The first of these that fits is shown:")
def test_the_first_that_fits_is_shown() -> None:
    assert roll_up([]) == "no_lead"
    assert roll_up([NO_REPORT, IMPLEMENTED]) == "in_progress"
    assert roll_up([NO_REPORT, DISCONTINUED]) == "not_started"


@holds("No agency leads: “No lead”.")
def test_no_lead(cast: make.Cast) -> None:
    builders.held(cast.action, cast.ilo, acceptance="proposed")
    builders.held(cast.action, cast.iom, "supporting")

    assert line(cast).standing.label == "No lead"


@holds("No lead has reported: “No report yet”.")
def test_no_report_yet(cast: make.Cast, lead: Assignment) -> None:
    assert line(cast).standing.label == "No report yet"


@holds(
    "Every lead is implemented: “Implemented” where all are verified, otherwise “Reported "
    "implemented, to be verified”."
)
def test_every_lead_is_implemented() -> None:
    assert roll_up([IMPLEMENTED, IMPLEMENTED]).label == "Implemented"
    claimed = roll_up([IMPLEMENTED, CLAIMED])
    assert claimed.label == "Reported implemented, to be verified"


@holds("Every lead is closed, some implemented and some discontinued: “Partly implemented”.")
def test_partly_implemented() -> None:
    assert roll_up([IMPLEMENTED, DISCONTINUED]).label == "Partly implemented"
    assert roll_up([CLAIMED, DISCONTINUED]).label == "Partly implemented"


@holds("Every lead is discontinued: “Closed, not implemented”.")
def test_every_lead_is_discontinued() -> None:
    assert roll_up([DISCONTINUED, DISCONTINUED]).label == "Closed, not implemented"


@holds("Every lead is continuing, or every lead is on hold: that status.")
def test_every_lead_is_the_same() -> None:
    for status, label in (("continuing", "Continuing"), ("on_hold", "On hold")):
        assert roll_up([LeadStanding(status, False)] * 2).label == label


@holds("At least one lead is in progress, continuing, on hold or implemented: “In progress”.")
def test_one_lead_at_work() -> None:
    for status in ("in_progress", "continuing", "on_hold", "implemented"):
        leads = [LeadStanding(status, False), LeadStanding("not_started", False)]
        assert roll_up(leads).label == "In progress"


@holds("Otherwise: “Not started”.")
def test_otherwise_not_started() -> None:
    leads = [LeadStanding("not_started", False), NO_REPORT, DISCONTINUED]
    assert roll_up(leads).label == "Not started"


@holds(
    "Beside it stands how many leads have reported, how many are verified, and how old the "
    "oldest information is."
)
def test_what_stands_beside_a_status(cast: make.Cast) -> None:
    builders.said(builders.held(cast.action, cast.ilo, "co_lead"), at=later(days=1))
    builders.verified(builders.held(cast.action, cast.iom, "co_lead"), "on_hold", at=later(days=2))
    builders.held(cast.action, make.agency("WHO"), "co_lead")
    found = line(cast).reported

    assert (found.leads, found.reporting, found.verified, found.oldest) == (3, 2, 1, later(days=1))
    assert found.sentence == (
        "2 of 3 leads have reported, 1 verified; oldest information: 5 May 2026."
    )


def books(one: Movement) -> int:
    """Return by how much the books of a movement are out."""
    return one.opening + one.new + one.reopened - one.closed - one.closing


def settled(cast: make.Cast, *, as_of: datetime, now: datetime) -> bool:
    """Say whether a report of a moment, asked for at another, is settled."""
    wanted = asked(cast.framework, as_of=as_of)
    return make_report("full", replace(wanted, now=now)).settled
