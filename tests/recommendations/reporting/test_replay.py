"""Reports of past moments are made again as they were, to the byte, whatever came afterwards."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from itertools import cycle

import pytest

from recommendations.reporting.facts import Scope
from recommendations.reporting.outputs import FORMATS, write
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import make
from tests.figures import figure
from tests.story import Story

CHANGES, MOMENTS = figure(small=90, full=600), figure(small=9, full=100)
FILES = figure(small=3, full=10)
"""Files that are written at each moment; the formats and reports take turns."""
NEEDED = {"approve", "correct", "retract", "reopen", "hold", "release", "rename", "reword"}
pytestmark = pytest.mark.drill

Kept = tuple[str, Asked, bytes, str, str]
"""A report as it was: its name, what was asked, its canonical form, a format and its file."""


def file_of(name: str, asked: Asked, format: str) -> str:
    """Return the hash of a file of a report."""
    file = io.BytesIO()
    write(make(name, asked), format, file)
    return hashlib.sha256(file.getvalue()).hexdigest()


def kept_at(story: Story, formats: cycle[str]) -> list[Kept]:
    """Return every report of the present moment, and some of them as files."""
    kept = []
    asks = story.asks()
    chosen = {*story.picks.sample(range(len(asks)), FILES)}
    for place, (name, asked) in enumerate(asks):
        form = canonical(make(name, asked))
        format = next(formats) if place in chosen else ""
        kept.append((name, asked, form, format, file_of(name, asked, format) if format else ""))
    return kept


def test_every_report_of_a_past_moment_is_made_again_to_the_byte(db: None) -> None:
    story, formats = Story(7), cycle(FORMATS)
    done: Counter[str] = Counter()
    kept: list[Kept] = []
    while done.total() < CHANGES:
        verb = story.step()
        if verb is None:
            continue
        done[verb] += 1
        if (
            done.total() % (CHANGES // MOMENTS) == 0
            and done.total() // (CHANGES // MOMENTS) <= MOMENTS
        ):
            kept += kept_at(story, formats)

    differ = [
        (name, asked.as_of, asked.scope)
        for name, asked, form, _format, _file in kept
        if canonical(make(name, asked)) != form
    ]
    files = [one for one in kept if one[3]]
    changed = [
        (name, format, asked.as_of)
        for name, asked, _form, format, file in files
        if file_of(name, asked, format) != file
    ]

    assert (differ, changed) == ([], [])
    assert len({asked.as_of for _name, asked, *_rest in kept}) == MOMENTS
    assert len(files) == MOMENTS * FILES
    assert {format for *_rest, format, _file in files} == {*FORMATS}
    assert {asked.scope for _name, asked, *_rest in files} == {*Scope}
    assert NEEDED - {*done} == set()
    print(f"{len(kept)} reports and {len(files)} files of {MOMENTS} moments after {done.total()}")


def test_the_reports_of_two_moments_differ(db: None) -> None:
    story = Story(12)
    forms = set()
    for _ in range(5):
        while story.step() is None:
            pass
        (name, asked), *_rest = story.asks()
        forms.add((asked.as_of, canonical(make(name, asked))))

    assert len(forms) == 5
