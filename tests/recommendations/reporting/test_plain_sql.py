"""Figures under random filters equal a recount in plain SQL, on the page and in every file."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pypdf
import pytest
import python_calamine
import time_machine
from django.test import Client

from agencies.models import Agency, User
from recommendations.models import ACTIVE, Round
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.outputs import write
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.catalogue import make
from recommendations.reporting.reports.shape import Report
from tests import plain_sql
from tests.figures import DRILL, figure
from tests.plain_sql import Filter
from tests.recommendations.reporting.plain_pages import Reading, check_pages
from tests.recommendations.reporting.reports.asking import rows, section
from tests.recommendations.web.pages import text_of
from tests.story import Story

CHANGES, FILTERS = figure(small=110, full=400), figure(small=9, full=200)
PRINTED, OTHERS = figure(small=3, full=1), figure(small=3, full=1)
"""Of so many filters one is printed as PDF and Word, which take longest to read.

And of so many one is asked for on the pages of gaps, trend, groups, rounds and each action.
"""
MET = ("actions that moved", "given through a group", "pieces of evidence", "duties", "decisions")
MET_IN_FULL = (
    *("cells that changed", "targets that passed", "claims that wait", "late ones"),
    "stale leads",
)
"""What has to occur in a run: else a count of none would prove nothing."""
pytestmark = pytest.mark.drill

STATUSES = {
    "implemented": "implemented",
    "reported_implemented": "reported implemented, to be verified",
    "partly_implemented": "partly implemented",
    "continuing": "continuing",
    "in_progress": "in progress",
    "on_hold": "on hold",
    "not_started": "not started",
    "discontinued": "discontinued",
    "closed_not_implemented": "closed, not implemented",
    "no_information": "without a report",
    "no_report": "without a report",
    "no_lead": "without a lead",
}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OWED = re.compile(
    r"(\d+) updates? expected: (\d+) sent \((\d+) approved, (\d+) in review, (\d+) returned\), "
    r"(\d+) missing\."
)


def sentence(noun: str, counts: dict[str, int], kind: str) -> str:
    """Return "16 actions: 1 implemented, 15 without a report." from counts of plain SQL."""
    total = sum(counts.values())
    said = f"{total} {noun}{'' if total == 1 else 's'}"
    if not total:
        return f"{said}."
    none = "no_report" if kind == "assignments" else "no_information"
    parts = [
        f"{counts.get(value, 0)} {words}"
        for value, words in STATUSES.items()
        if counts.get(value) or value == none
    ]
    return f"{said}: {', '.join(parts)}."


@pytest.fixture
def story(db: None) -> Story:
    """Return a world in which much has happened."""
    story, changes = Story(7), 0
    while changes < CHANGES:
        changes += story.step() is not None
    return story


class Reader(NamedTuple):
    """Who reads: a role, the person behind it, and the scope of what is asked."""

    role: str
    person: User | None
    scope: Scope


def reader(story: Story, agency: Agency | None) -> Reader:
    """Return somebody of a random role; a focal point sees the inside of the own agency alone."""
    role = story.picks.choice(("public", "focal point", "coordinator"))
    if role == "public":
        return Reader(role, None, Scope.PUBLIC)
    if role == "coordinator":
        return Reader(role, story.people.coordinator, Scope.INSIDE)
    own = story.picks.choice(story.agencies)
    scope = Scope.INSIDE if own == agency else Scope.PUBLIC
    return Reader(role, story.users[story.agencies.index(own)], scope)


def filters(story: Story) -> Iterator[tuple[Reader, Asked, Filter]]:
    """Yield random filters at random moments for random readers, twice: for us and for SQL."""
    began, rng = story.begins, story.picks
    while True:
        minutes = int((story.at - began).total_seconds() // 60)
        at = began + timedelta(minutes=rng.randint(0, minutes))
        if rng.random() < 0.1:
            at = story.at + timedelta(days=rng.randint(200, 500))
        chosen: dict[str, Any] = {}
        if rng.random() < 0.4:
            chosen["round"] = rng.choice([*Round.objects.order_by("id")])
        if rng.random() < 0.4:
            chosen["agency"] = rng.choice(story.agencies)
        if rng.random() < 0.4:
            chosen["area"] = rng.choice([*story.people.framework.areas.order_by("id")])
        who = reader(story, chosen.get("agency"))
        yield (
            who,
            Asked(
                framework=story.people.framework,
                as_of=at,
                now=max(at, story.at) + timedelta(days=1),
                scope=who.scope,
                language="en",
                **chosen,
            ),
            Filter(
                at=at,
                public=who.scope is Scope.PUBLIC,
                round=chosen["round"].pk if "round" in chosen else 0,
                agency=chosen["agency"].pk if "agency" in chosen else 0,
                area=chosen["area"].code if "area" in chosen else "",
            ),
        )


def test_figures_equal_a_recount_in_plain_sql(story: Story) -> None:
    asks = filters(story)
    seen: Counter[str] = Counter()
    for number in range(FILTERS):
        who, asked, plain = next(asks)
        seen[f"for the {who.role}"] += 1
        report = make("full", asked)
        check_assignments(report, plain)
        check_actions(report, asked, plain)
        check_movements(report, asked, plain)
        check_files(report, plain, seen)
        if number % PRINTED == 0:
            check_prints(report, plain, seen)
        check_page(who, asked, plain, seen)
        check_matrix(who, asked, plain, seen)
        if number % OTHERS == 0:
            at = (asked.framework, asked.as_of, asked.now)
            coordinator = Reading(story.people.coordinator, *at)
            reader = coordinator if who.scope is Scope.INSIDE else Reading(None, *at)
            check_pages(reader, coordinator, plain, seen)
            seen["other pages"] += 1
        if asked.scope is Scope.INSIDE:
            check_owed(asked, plain, seen)

    print(f"{FILTERS} filters, " + ", ".join(f"{count} {what}" for what, count in seen.items()))
    roles = ("for the public", "for the focal point", "for the coordinator")
    assert min(seen[what] for what in ("pages", "matrices", "owed", *roles)) >= FILTERS // 6
    assert seen["files"] == 3 * FILTERS + 2 * -(-FILTERS // PRINTED)
    assert seen["reports with a text"] >= FILTERS // 3
    assert [what for what in (*MET, *(MET_IN_FULL if DRILL else ())) if not seen[what]] == []


def check_assignments(report: Report, plain: Filter) -> None:
    """Compare every assignment, and the totals by status and by agency."""
    names = ("area", "action", "agency", "role", "acceptance", "status")
    assert sorted(rows(report, "assignments", *names)) == sorted(plain_sql.assignments(plain))
    counts = plain_sql.by_status(plain)
    said = sentence("assignment", counts, "assignments")
    assert section(report, "assignments").sentences == (said,)
    assert len(rows(report, "texts", "action")) == plain_sql.texts(plain)
    held = plain_sql.by_agency(plain)
    assert {
        agency: (leads, supports)
        for agency, leads, supports in rows(report, "agencies", "agency", "leading", "supporting")
        if leads or supports
    } == held


def check_actions(report: Report, asked: Asked, plain: Filter) -> None:
    """Compare where actions stand, over all their leads, and the totals by area."""
    stands = plain_sql.actions(plain)
    for code, *told in rows(
        report, "actions", "action", "standing", "leads", "reporting", "verified"
    ):
        assert tuple(told) == stands[str(code)]
    if asked.agency is None:
        assert len(rows(report, "actions", "action")) == len(stands)
    areas = plain_sql.by_area(plain)
    for code, total, *counts in rows(report, "areas", "area", "actions", *ROLL_UPS):
        counted = areas.get(str(code), {})
        assert dict(zip(ROLL_UPS, counts, strict=True)) == {
            name: counted.get(name, 0) for name in ROLL_UPS
        }
        assert total == sum(counted.values())


ROLL_UPS = (
    "implemented",
    "reported_implemented",
    "partly_implemented",
    "continuing",
    "in_progress",
    "on_hold",
    "not_started",
    "closed_not_implemented",
    "no_information",
    "no_lead",
)


def check_movements(report: Report, asked: Asked, plain: Filter) -> None:
    """Compare what was open at both moments, for all, each area and each agency."""
    since = opened(asked)
    numbers = ("of", "code", "opening", "new", "reopened", "closed", "closing")
    for of, code, opening, new, reopened, closed, closing in rows(report, "movements", *numbers):
        narrowed = plain
        if of == "area":
            narrowed = replace(plain, area=str(code))
        elif of == "agency":
            narrowed = replace(plain, agency=plain_sql.agency_called(str(code), plain))
        if of == "area" and plain.area not in ("", code):
            continue
        assert opening == plain_sql.open_at(replace(narrowed, at=since)), (of, code)
        assert closing == plain_sql.open_at(narrowed), (of, code)
        assert opening + new + reopened - closed == closing  # type: ignore[operator]


def opened(asked: Asked) -> datetime:
    """Return when the round that is asked about opened, or the newest; else the beginning."""
    sql = (
        "SELECT MIN(recorded_at) FROM recommendations_roundterms WHERE state = 'open'"
        " AND recorded_at <= %(at)s AND (%(round)s = 0 OR round_id = %(round)s) GROUP BY round_id"
    )
    plain = Filter(at=asked.as_of, public=True, round=asked.round.pk if asked.round else 0)
    found = [one[0] for one in plain_sql.told(sql, plain)]
    if not found:
        first: datetime = asked.framework.wordings.order_by("id")[0].recorded_at
        return first
    newest = max(found)
    if isinstance(newest, str):
        newest = datetime.fromisoformat(newest).replace(tzinfo=asked.as_of.tzinfo)
    return newest


def check_owed(asked: Asked, plain: Filter, seen: Counter[str]) -> None:
    """Compare what is owed, sent, missing and overdue."""
    try:
        report = make("late", asked)
    except DidNotExist:
        return
    counts = plain_sql.owed(plain)
    sent = sum(counts.get(name, 0) for name in ("approved", "in_review", "returned"))
    missing = counts.get("missing", 0)
    (said,) = section(report, "missing").sentences
    numbers = OWED.fullmatch(said)
    assert numbers is not None, said
    assert [int(number) for number in numbers.groups()] == [
        sent + missing,
        sent,
        counts.get("approved", 0),
        counts.get("in_review", 0),
        counts.get("returned", 0),
        missing,
    ]
    assert len(rows(report, "overdue", "agency")) == plain_sql.overdue(plain)
    seen["owed"] += 1


def check_files(report: Report, plain: Filter, seen: Counter[str]) -> None:
    """Compare what JSON, CSV and XLSX hold with plain SQL: each assignment, and the areas."""
    assignments = sorted(plain_sql.assignments(plain))
    areas = numbers_by_area(report, plain)
    names = ("area", "action", "agency", "role", "acceptance", "status")
    for format in ("json", "csv"):
        tables = TABLES[format](written(report, format))
        found = [tuple(str(row[name]) for name in names) for row in tables["assignments"]]
        assert sorted(found) == assignments, format
        told = [
            [row["area"], *(int(row[name]) for name in ("actions", *ROLL_UPS))]
            for row in tables["areas"]
        ]
        assert told == areas, format
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(written(report, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert [[row[0], *map(int, row[2 : 3 + len(ROLL_UPS)])] for row in sheet[1:]] == areas
    told = section(report, "assignments")
    assert told.table is not None
    columns = [one for one in told.table.columns if one.key in names]
    places = [told.table.columns.index(one) for one in columns]
    sheet = book.get_sheet_by_name(told.title).to_python()[1:] if assignments else []
    said = [tuple(str(row[place]) for place in places) for row in sheet]
    order = [names.index(one.key) for one in columns]
    assert sorted(said) == sorted(
        tuple(str(column.said(row[place])) for column, place in zip(columns, order, strict=True))
        for row in assignments
    )
    seen["files"] += 3
    seen["reports with a text"] += plain_sql.texts(plain) > 0


def check_prints(report: Report, plain: Filter, seen: Counter[str]) -> None:
    """Compare what PDF and Word say with plain SQL: the totals, and the numbers of each area."""
    said = sentence("assignment", plain_sql.by_status(plain), "assignments")
    titles = dict(rows(report, "areas", "area", "title"))
    for text in (text_of_pdf(written(report, "pdf")), text_of_word(written(report, "docx"))):
        assert said in text
        for code, *numbers in numbers_by_area(report, plain):
            assert f"{code} {titles[code]} {' '.join(map(str, numbers))} " in text
        seen["files"] += 1


def numbers_by_area(report: Report, plain: Filter) -> list[list[Any]]:
    """Return the code of each area of a report, how many actions it has, and where they stand."""
    areas = plain_sql.by_area(plain)
    return [
        [
            code,
            sum(areas.get(str(code), {}).values()),
            *(areas.get(str(code), {}).get(name, 0) for name in ROLL_UPS),
        ]
        for (code,) in rows(report, "areas", "area")
    ]


def written(report: Report, format: str) -> bytes:
    """Return a file of a report."""
    file = io.BytesIO()
    write(report, format, file)
    return file.getvalue()


def tables_of_json(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each section by the keys of their columns."""
    return {
        one["key"]: [dict(zip(one["columns"], row, strict=True)) for row in one["rows"]]
        for one in json.loads(content)["content"]["sections"]
    }


def tables_of_csv(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each file of an archive by the names of their columns."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): [
                *csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            ]
            for name in archive.namelist()
            if name.endswith(".csv")
        }


TABLES = {"json": tables_of_json, "csv": tables_of_csv}


def text_of_pdf(content: bytes) -> str:
    """Return the words of a PDF in their order, in single spaces."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def text_of_word(content: bytes) -> str:
    """Return the words of a Word document in their order, in single spaces."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = ET.fromstring(archive.read("word/document.xml"))
    paragraphs = document.iter(f"{WORD}p")
    texts = ("".join(run.text or "" for run in one.iter(f"{WORD}t")) for one in paragraphs)
    return " ".join(" ".join(texts).split())


def check_page(who: Reader, asked: Asked, plain: Filter, seen: Counter[str]) -> None:
    """Compare the sentences of the page with the same figures, for that reader."""
    if asked.round is not None or (asked.agency is not None and asked.area is not None):
        return
    if asked.agency is not None:
        place = f"agencies/{asked.agency.code}/"
        said = [sentence("assignment", plain_sql.by_status(plain), "assignments")]
        if not plain_sql.assignments(plain):
            said = ["This agency has taken on no action yet."]
    else:
        place = f"areas/{asked.area.code}/" if asked.area else ""
        areas = plain_sql.by_area(plain)
        total = sum((Counter(one) for one in areas.values()), Counter[str]())
        said = [sentence("action", total, "actions")]
    words = text_of(read(who, asked, place))
    assert [one for one in said if one not in words] == []
    seen["pages"] += 1


def check_matrix(who: Reader, asked: Asked, plain: Filter, seen: Counter[str]) -> None:
    """Compare each cell of the matrix, by its CSV: a focal point sees there what is public.

    What is not taken on has no status there.
    """
    if asked.round is not None or (who.role == "focal point" and who.scope is Scope.INSIDE):
        return
    answer = read(who, asked, "matrix.csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    told = [
        tuple(line[name] for name in ("action", "agency", "role", "acceptance", "status"))
        for line in lines
    ]
    everything = replace(plain, area="", agency=0)
    held = plain_sql.assignments(everything)
    assert sorted(told) == sorted((*row[1:5], row[5] if row[4] in ACTIVE else "") for row in held)
    seen["matrices"] += 1


def read(who: Reader, asked: Asked, place: str) -> Any:
    """Return a page of the moment, as the reader gets it."""
    client = Client()
    with time_machine.travel(asked.now, tick=False):
        if who.person is not None:
            client.force_login(who.person)
        moment = f"{asked.as_of:%Y-%m-%dT%H:%M}"
        answer = client.get(f"/f/{asked.framework.slug}/{place}", {"as_of": moment})
    assert answer.status_code == 200, (who.role, place, answer.status_code)
    return answer
