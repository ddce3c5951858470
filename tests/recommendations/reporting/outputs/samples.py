"""Reports with one of everything, made by hand: files are tested without a database."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime
from typing import Any

from recommendations.reporting.facts import Scope
from recommendations.reporting.outputs import FORMATS, write
from recommendations.reporting.reports.shape import (
    Bar,
    Column,
    Kind,
    Part,
    Passage,
    Report,
    Section,
    Table,
    Value,
)

MOMENT = datetime(2013, 11, 23, 10, 0, tzinfo=UTC)
STATUSES = {
    "implemented": "Implemented",
    "reported_implemented": "Reported implemented, to be verified",
    "partly_implemented": "Partly implemented",
    "continuing": "Continuing",
    "in_progress": "In progress",
    "on_hold": "On hold",
    "not_started": "Not started",
    "discontinued": "Discontinued",
    "closed_not_implemented": "Closed, not implemented",
    "no_report": "No report yet",
    "no_information": "No information",
    "no_lead": "No lead",
}
COLUMNS = (
    Column("agency", Kind.CODE, "Agency", "Code of the agency."),
    Column("name", Kind.TEXT, "Name"),
    Column("status", Kind.CHOICE, "Status", "How far it is.", STATUSES),
    Column("late", Kind.NUMBER, "Days late"),
    Column("target_on", Kind.DAY, "Target date"),
    Column("reported_at", Kind.MOMENT, "Information of"),
    Column("done", Kind.PROSE, "What was done"),
    Column("address", Kind.ADDRESS, "Address"),
)
ADDRESS = "http://testserver/f/hld-2013/actions/A1/ILO/"
ROW: tuple[Value, ...] = (
    "ILO",
    "International Labour Organization",
    "on_hold",
    -3,
    date(2014, 3, 31),
    datetime(2013, 10, 4, 8, 30, tzinfo=UTC),
    "Two seminars.\nOne more in May.",
    ADDRESS,
)
UNKNOWN: tuple[Value, ...] = ("IOM", "", "no_report", None, None, None, None, ADDRESS)
TABLE = Table(COLUMNS, (ROW, UNKNOWN))
BAR = Bar(
    "Area A",
    tuple(Part(code, word, at) for at, (code, word) in enumerate(STATUSES.items())),
)
PASSAGES = (
    Passage(heading="What was done", source="ILO", text="Deux séminaires.", language="fr"),
    Passage(
        heading="What was done", source="ESCWA", text="عقدت ندوتان في عام 2013.", language="ar"
    ),
)


def section(key: str = "assignments", **more: Any) -> Section:
    """Return a section with a table."""
    return Section(
        **{
            "key": key,
            "title": "Assignments",
            "sentences": ("2 assignments: 1 on hold, 1 without a report.",),
            "table": TABLE,
            **more,
        }
    )


def report(*sections: Section, **more: Any) -> Report:
    """Return a report of these sections; of one with a table, if none is given."""
    return Report(
        **{
            "framework": "hld-2013",
            "as_of": MOMENT,
            "scope": Scope.PUBLIC,
            "name": "full",
            "title": "Full data",
            "subtitle": "Chair’s recommendations",
            "language": "en",
            "filters": (("round", "2013-H2"),),
            "address": "http://testserver/f/hld-2013/data/?as_of=2013-11-23T10:00",
            "settled": True,
            "sections": sections or (section(),),
            **more,
        }
    )


def everything(**more: Any) -> Report:
    """Return a report with bars, tables, texts, an annex, and a section of nothing."""
    return report(
        section("areas", title="Areas", table=None, bars=(BAR,)),
        section(),
        section("answers", title="Answers", table=None, passages=PASSAGES),
        section("none", title="Late", table=None, sentences=(), nothing="Nobody is late."),
        section("annex", title="Every action", annex=True),
        **more,
    )


def of_texts(texts: list[str], **more: Any) -> Report:
    """Return a report that holds each of these texts in every place that people fill."""
    columns = tuple(
        Column(kind.value, kind, kind.value.title())
        for kind in (Kind.CODE, Kind.CHOICE, Kind.TEXT, Kind.PROSE, Kind.ADDRESS)
    )
    rows = tuple((text,) * len(columns) for text in texts)
    passages = tuple(Passage(heading=text, source=text, text=text) for text in texts)
    return report(section(table=Table(columns, rows), passages=passages), **more)


def digests() -> dict[str, str]:
    """Return the SHA-256 of a short and a long report in every format."""
    found = {}
    for make in (report, everything):
        for format in FORMATS:
            file = io.BytesIO()
            write(make(), format, file)
            found[f"{make.__name__}.{format}"] = hashlib.sha256(file.getvalue()).hexdigest()
    return found
