"""The trend: where the actions stood at the end of each round, and what moved since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import RollUp
from recommendations.reporting.charts import Picture, columns
from recommendations.reporting.facts import ActionFact
from recommendations.reporting.moved import Direction, Moved
from recommendations.reporting.reports.shape import Value
from recommendations.reporting.tally import ROLL_UPS, ActionTally
from recommendations.reporting.trend import Stage, Trend, area_stages
from recommendations.reporting.trend import trend as trend_of
from recommendations.web import files
from recommendations.web.addresses import takes, with_query
from recommendations.web.position import Position, positioned

DRAWN = 6
"""How many rounds a picture holds; the table has all of them."""
LABELLED = 3
"""How many rounds of an area have room for their labels."""
TALL, SMALL = 200, 110
"""The heights of the columns in pixels: of all actions, and of an area."""


@dataclass(frozen=True)
class Number:
    """A number of actions, and where those very actions are listed."""

    count: int
    url: str


@dataclass(frozen=True)
class Part:
    """An area, or all of them: the picture, and the numbers of each status, round by round."""

    code: str
    title: str
    sentence: str
    picture: Picture
    rows: list[tuple[str, list[Number]]]
    totals: list[Number]


@takes("as_of")
@positioned
def trend(request: HttpRequest, position: Position) -> HttpResponse:
    """Show the trend over the rounds, of all and of each area, and what moved up and down."""
    figures = figures_at(position)
    context = {
        "framework": position.framework,
        "position": position,
        "figures": figures,
        "total": part(position, figures),
        "areas": [part(position, figures, place) for place in range(len(figures.areas))],
        "moved": moved(figures),
        "is_cut": len(figures.stages) > DRAWN,
        "drawn": DRAWN,
    }
    return render(request, "recommendations/trend.html", context)


@takes("as_of")
@positioned
def trend_svg(request: HttpRequest, position: Position) -> HttpResponse:
    """Return the columns of all actions as a picture."""
    figures = figures_at(position)
    tallies = [stage.actions for stage in figures.stages]
    return files.drawing(figures, "trend", drawn(figures, tallies))


@takes("as_of")
@positioned
def trend_csv(request: HttpRequest, position: Position) -> HttpResponse:
    """Return a line for each round and area: its actions by status."""
    figures = figures_at(position)
    head = ["round", "position_at", "area", "actions", *(str(value) for value in ROLL_UPS)]
    lines: list[list[Value]] = [
        [area.round_code, area.at, area.area_code, tally.total, *(n for _value, n in tally.parts)]
        for stage in figures.stages
        for area, tally in zip(area_stages(stage, figures.areas), stage.areas, strict=True)
    ]
    return files.table(figures, "trend", [head, *lines])


def figures_at(position: Position) -> Trend:
    """Return the figures of a page."""
    return trend_of(position.framework, as_of=position.as_of, scope=position.scope)


def moved(figures: Trend) -> list[tuple[Direction, list[tuple[ActionFact, Moved]]]]:
    """Return which actions moved which way since the newest round opened."""
    return [
        (way, [(figures.actions[one.action_id], one) for one in changes])
        for way, changes in figures.groups
    ]


def newest(figures: Trend) -> Trend:
    """Return the trend of the rounds that a picture holds."""
    return replace(figures, stages=figures.stages[-DRAWN:])


def part(position: Position, figures: Trend, place: int | None = None) -> Part:
    """Return what is shown of the area at this place, or of all of them."""
    area = None if place is None else figures.areas[place]
    tallies = [stage.actions if place is None else stage.areas[place] for stage in figures.stages]
    code = area.code if area else ""
    title = f"{area.code} {area.title}" if area else ""
    sentence = tallies[-1].sentence if tallies else ""

    def number(at: int, status: str, count: int) -> Number:
        return Number(count, listed(position, figures.stages[at], code, status) if count else "")

    return Part(
        code=code,
        title=title,
        sentence=sentence,
        picture=drawn(figures, tallies, title),
        rows=[
            (status, [number(at, status, tally.of(status)) for at, tally in enumerate(tallies)])
            for status in ROLL_UPS
            if status == RollUp.NO_INFORMATION or any(tally.of(status) for tally in tallies)
        ],
        totals=[number(at, "", tally.total) for at, tally in enumerate(tallies)],
    )


def listed(position: Position, stage: Stage, area: str, status: str) -> str:
    """Return the address of the list of the actions that a number counts."""
    asked = {"area": area, "status": status}
    pairs = [(name, value) for name, value in asked.items() if value]
    moment = position.local if position.chosen else ""
    as_of = moment if stage.is_newest else f"{stage.at:%Y-%m-%dT%H:%M}"
    if as_of:
        pairs.append(("as_of", as_of))
    return with_query(reverse("action-list", args=[position.framework.slug]), pairs)


def drawn(figures: Trend, tallies: Sequence[ActionTally], title: str = "") -> Picture:
    """Return the columns of the newest rounds; of an area, where `title` names one, small ones."""
    shown = list(zip(figures.stages, tallies, strict=True))[-DRAWN:]
    rows = [(stage.code, tally.parts) for stage, tally in shown]
    if title and len(rows) > LABELLED:
        # There is no room for every label: the first and the last say where the time runs.
        rows = [(code if at in (0, len(rows) - 1) else "", n) for at, (code, n) in enumerate(rows)]
    if title:
        sentence = tallies[-1].sentence if tallies else ""
        return columns(title, sentence, rows, height=SMALL)
    return columns(_("Is follow-up moving?"), figures.sentence, rows, height=TALL)
