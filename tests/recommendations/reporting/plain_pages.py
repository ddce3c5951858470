"""The pages and their files beside a recount in plain SQL: what lacks, what is late, what moved."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import time_machine
from django.test import Client

from agencies.models import User
from recommendations.models import Framework, Round
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.groups import groups
from recommendations.reporting.review_times import review_times
from recommendations.reporting.round_progress import Progress, round_progress
from tests import plain_sql, plain_sql_pages
from tests.plain_sql import Filter
from tests.recommendations.web.pages import text_of

STEPS = {
    "discontinued": 0,
    "closed_not_implemented": 0,
    "not_started": 1,
    "on_hold": 1,
    "in_progress": 2,
    "continuing": 2,
    "reported_implemented": 3,
    "partly_implemented": 3,
    "implemented": 4,
}
"""How far a status is, as docs/reports.md has it; what stands in none of them has no step."""
SILENT = ("no_report", "no_information")


class Reading(NamedTuple):
    """Who reads which framework, as of when, and when they ask."""

    person: User | None
    framework: Framework
    at: datetime
    now: datetime

    def answer(self, place: str) -> Any:
        """Return a page of the moment, as the reader gets it."""
        client = Client()
        with time_machine.travel(self.now, tick=False):
            if self.person is not None:
                client.force_login(self.person)
            mark = "&" if "?" in place else "?"
            moment = f"{mark}as_of={self.at:%Y-%m-%dT%H:%M}"
            answer = client.get(f"/f/{self.framework.slug}/{place}{moment}", follow=True)
        assert answer.status_code == 200, (self.person, place, answer.status_code)
        return answer

    def words(self, place: str) -> str:
        """Return what a page says."""
        return text_of(self.answer(place))

    def lines(self, place: str) -> list[dict[str, str]]:
        """Return the lines of a CSV."""
        answer = self.answer(place)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def check_pages(reader: Reading, coordinator: Reading, plain: Filter, seen: Counter[str]) -> None:
    """Compare the pages of a moment: those of everybody, and those of who oversees it."""
    plain = replace(plain, round=0, agency=0, area="")
    inside = replace(plain, public=False)
    check_trend(reader, plain, seen)
    check_changed(reader, plain, seen)
    check_action(reader, plain)
    check_gaps(coordinator, inside, seen)
    check_late_and_claims(coordinator, inside, seen)
    check_groups(reader, plain, seen)
    for round in Round.objects.order_by("id"):
        check_round(round, inside, seen)


def check_trend(reader: Reading, plain: Filter, seen: Counter[str]) -> None:
    """Compare where the areas stood at the end of each round, and the sentence on what moved."""
    opened = plain_sql_pages.openings(plain)
    ends = [*(at for _code, at in opened[1:]), plain.at]
    told = {(line.pop("round"), line.pop("area")): line for line in reader.lines("trend.csv")}
    for (code, _at), end in zip(opened, ends, strict=False):
        held = plain_sql.by_area(replace(plain, at=end))
        for area in {area for _round, area in told}:
            line, counts = told[code, area], held.get(area, {})
            numbers = {name: int(n) for name, n in line.items() if name not in ("position_at",)}
            assert numbers.pop("actions") == sum(counts.values())
            assert {name: n for name, n in numbers.items() if n} == counts
    words = reader.words("trend/")
    if not opened:
        assert "No round had opened yet." in words
        return
    before, now = (plain_sql.actions(replace(plain, at=at)) for at in (opened[-1][1], plain.at))
    ways = Counter(way(before[code][0], now[code][0]) for code in before)
    up, down, first, other, same = (ways[one] for one in ("up", "down", "first", "other", ""))
    said = (
        f"Since round {opened[-1][0]} opened: {up} action{'' if up == 1 else 's'} moved up, "
        f"{down} down, {first} reported for the first time"
        f"{f', {other} changed otherwise' if other else ''}. "
        f"{same} action{'' if same == 1 else 's'} did not change."
    )
    assert said in words
    seen["trends"] += 1
    seen["actions that moved"] += sum(ways.values()) - same


def way(before: str, after: str) -> str:
    """Return which way a status moved, "" where it is the same."""
    if before == after:
        return ""
    if before in SILENT and after in STEPS:
        return "first"
    there = STEPS.get(before), STEPS.get(after)
    if None in there or there[0] == there[1]:
        return "other"
    return "up" if STEPS[after] > STEPS[before] else "down"


def check_changed(reader: Reading, plain: Filter, seen: Counter[str]) -> None:
    """Compare what the matrix says changed since the newest round opened."""
    opened = plain_sql_pages.openings(plain)
    now = plain_sql_pages.statuses(plain)
    before = plain_sql_pages.statuses(replace(plain, at=opened[-1][1])) if opened else {}
    expected = {
        (action, agency): (before[pk][2], way(before[pk][2], status))
        for pk, (action, agency, status) in now.items()
        if pk in before and before[pk][2] != status
    }
    told = {
        (line["action"], line["agency"]): (line["status_before"], line["moved"])
        for line in reader.lines("matrix.csv?show=changed")
        if line["moved"]
    }
    assert told == expected
    seen["cells that changed"] += len(told)


def check_action(reader: Reading, plain: Filter) -> None:
    """Compare what the page of each action says of its leads."""
    days = plain_sql_pages.oldest(plain)
    for code, (_stands, leads, reporting, verified) in plain_sql.actions(plain).items():
        said = "No agency leads."
        if leads:
            verb = "lead has" if leads == 1 else "leads have"
            said = f"{reporting} of {leads} {verb} reported, {verified} verified"
            day = days.get(code)
            said += f"; oldest information: {day.day} {day:%b %Y}." if day else "."
        assert said in reader.words(f"actions/{code}/"), code


def check_gaps(coordinator: Reading, inside: Filter, seen: Counter[str]) -> None:
    """Compare what lacks a lead, a report, a date or evidence."""
    names = ("leads", "supporting", "not_answered", "leads_reported", "evidence")
    told = {
        line["action"]: tuple(int(line[name]) for name in names)
        for line in coordinator.lines("gaps.csv")
    }
    assert told == plain_sql_pages.coverage(inside)
    found = plain_sql_pages.gaps(inside)
    actions, leads, stale, left = (found[one] for one in ("actions", "leads", "stale", "open"))
    said = (
        f"{found['without lead']} of {actions} {'action has' if actions == 1 else 'actions have'}"
        f" no lead, {found['silent']} of {leads} {'lead has' if leads == 1 else 'leads have'} never"
        f" reported, {stale} {'has' if stale == 1 else 'have'} not reported for a year,"
        f" {found['undated']} of {left} open {'lead has' if left == 1 else 'leads have'} no target"
        " date."
    )
    assert said in coordinator.words("gaps/")
    seen["pieces of evidence"] += sum(one[-1] for one in told.values())
    seen["stale leads"] += stale


def check_late_and_claims(coordinator: Reading, inside: Filter, seen: Counter[str]) -> None:
    """Compare by how many days targets have passed, and how many claims wait."""
    told = {
        (line["action"], line["agency"]): (line["target_on"], line["days_past"])
        for line in coordinator.lines("matrix.csv?show=late")
    }
    assert told == plain_sql_pages.past_targets(inside)
    late = sum(days not in ("", "0") for _on, days in told.values())
    open_leads = plain_sql_pages.gaps(inside)
    leads, none = open_leads["open"], open_leads["undated"]
    said = (
        f"{late} of {leads} open lead{' is' if leads == 1 else 's are'} past"
        f" {'its' if leads == 1 else 'their'} target date;"
        f" {none} {'has' if none == 1 else 'have'} no target date."
    )
    assert said in coordinator.words("matrix/?show=late")
    claims = plain_sql.by_status(inside).get("reported_implemented", 0)
    one = "claim of “implemented” waits" if claims == 1 else "claims of “implemented” wait"
    assert f"{claims} {one} to be verified." in coordinator.words("matrix/?show=claims")
    seen["targets that passed"] += late
    seen["claims that wait"] += claims


def check_groups(reader: Reading, plain: Filter, seen: Counter[str]) -> None:
    """Compare what the groups were given, where it stands, and who had a place in them."""
    scope = Scope.PUBLIC if plain.public else Scope.INSIDE
    found = groups(reader.framework, as_of=plain.at, scope=scope)
    told = {
        one.group.code: sorted(
            (
                given.line.code,
                str(given.line.standing.value),
                standing.agency_code,
                str(standing.shown.value) if standing.is_active else standing.acceptance,
            )
            for given in one.actions
            for standing in given.standings
        )
        for one in found.groups
        if one.actions
    }
    assert told == {code: sorted(rows) for code, rows in plain_sql_pages.given(plain).items()}
    words = reader.words("groups/")
    for one in found.groups:
        stands = {code: standing for code, standing, *_rest in told.get(one.group.code, [])}
        assert {part: n for part, n in one.tally.parts if n} == dict(Counter(stands.values()))
        assert not stands or one.tally.sentence in words
    places = {
        (one.group.code, held.role, len(held.agencies))
        for one in found.groups
        for held in one.places
    }
    counted = Counter((group, role) for group, _agency, role in plain_sql_pages.members(plain))
    assert places == {(group, role, n) for (group, role), n in counted.items()}
    seen["given through a group"] += sum(map(len, told.values()))


def check_round(round: Round, inside: Filter, seen: Counter[str]) -> None:
    """Compare how far a round is, agency by agency, and how long its review takes."""
    of = replace(inside, round=round.pk)
    try:
        found = round_progress(round, as_of=of.at)
    except DidNotExist:
        return
    counts = plain_sql_pages.progress(of)
    for one in found.agencies:
        for kind, told in (("progress", one.progress), ("questionnaire", one.questionnaires)):
            assert numbers(told) == counted(counts.get((one.agency_code, kind), Counter()))
    by_kind = {
        kind: sum((one for (_agency, of_kind), one in counts.items() if of_kind == kind), Counter())
        for kind in ("progress", "questionnaire")
    }
    assert numbers(found.total) == counted(by_kind["progress"])
    assert numbers(found.questionnaires) == counted(by_kind["questionnaire"])
    took, waiting = plain_sql_pages.reviews(of)
    times = review_times(round, as_of=of.at)
    middle = took[(len(took) - 1) // 2] if took else None
    assert (times.decided, times.middle, times.longest) == (
        len(took),
        middle,
        max(took, default=None),
    )
    assert (times.waiting, times.waits) == (len(waiting), max(waiting, default=None))
    assert sum(count for _name, count in times.classes) == len(took)
    seen["duties"] += by_kind["progress"]["expected"]
    seen["late ones"] += by_kind["progress"]["late"]
    seen["decisions"] += len(took)


def numbers(told: Progress) -> dict[str, int]:
    """Return the numbers of a figure by their names."""
    names = ("expected", "approved", "in_review", "returned", "missing")
    return {
        name: getattr(told, name) for name in (*names, "waived", "voluntary", "late", "overdue")
    } | {"sent": told.sent}


def counted(counts: Counter[str]) -> dict[str, int]:
    """Return the same numbers from a count of plain SQL."""
    names = ("expected", "approved", "in_review", "returned", "missing")
    found = {name: counts[name] for name in (*names, "waived", "voluntary", "late", "overdue")}
    return found | {"sent": sum(counts[name] for name in ("approved", "in_review", "returned"))}
