"""Reports of past moments are made again as they were, to the byte, whatever came afterwards."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta
from itertools import cycle

import pytest
import time_machine
from django.db.models import F, Max
from django.test import Client

from agencies.models import Event
from recommendations.models import Decision
from recommendations.reporting.facts import Scope
from recommendations.reporting.moments import SETTLING
from recommendations.reporting.outputs import FORMATS, write
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import make
from tests.figures import DRILL, figure
from tests.recommendations.web.pages import text_of
from tests.story import Story

CHANGES, MOMENTS = figure(small=90, full=600), figure(small=6, full=100)
FILES = figure(small=2, full=10)
"""Files that are written at each moment; the formats and reports take turns."""
ASKS, PLACES = figure(small=5, full=15), figure(small=4, full=17)
"""Reports that are made and pages that are read at each moment, drawn by lot."""
LATER = {
    "change": ("update", "approved"),
    "correction": ("update", "correction_begun"),
    "retraction": ("update", "retracted"),
    "reopened text": ("update", "reopened"),
    "reopened round": ("round", "reopened"),
    "held round": ("round", "held"),
    "released hold": ("round", "released"),
    "renamed agency": ("agency", "revised"),
    "reworded action": ("action", "revised"),
    "reworded area": ("priorityarea", "revised"),
    "reworded framework": ("framework", "revised"),
    "reworded question": ("question", "revised"),
}
"""What has to come after reports were made: a name, and the object and verb of its events."""
PAGES = {
    "public": ("", "trend/", "actions/", "matrix/", "agencies/ILO/", "areas/A/", "actions/A1/"),
    "focal point": ("matrix/?only=mine", "agencies/ILO/", "answers/", "agencies/"),
    "coordinator": ("", "matrix/?show=claims", "gaps/", "areas/A/", "actions/A1/", "groups/"),
}
"""The pages that each role reads."""
pytestmark = pytest.mark.drill

Kept = tuple[str, Asked, bytes, str, str]
"""A report as it was: its name, what was asked, its canonical form, a format and its file."""
Read = tuple[str, str, datetime, str]
"""A page as it was: who read it, its address, the moment, and what it said."""


def file_of(name: str, asked: Asked, format: str) -> str:
    """Return the hash of a file of a report."""
    file = io.BytesIO()
    write(make(name, asked), format, file)
    return hashlib.sha256(file.getvalue()).hexdigest()


def kept_at(story: Story, formats: cycle[str]) -> list[Kept]:
    """Return every report of the present moment, and some of them as files."""
    kept = []
    asks = story.picks.sample(story.asks(), ASKS)
    chosen = {*story.picks.sample(range(len(asks)), FILES)}
    for place, (name, asked) in enumerate(asks):
        form = canonical(make(name, asked))
        format = next(formats) if place in chosen else ""
        kept.append((name, asked, form, format, file_of(name, asked, format) if format else ""))
    return kept


def read_at(story: Story) -> list[Read]:
    """Return what some roles read of the present moment, as soon as it is settled."""
    now = story.at + SETTLING
    places = [(role, path) for role, paths in PAGES.items() for path in paths]
    return [
        (role, path, story.at, page_of(story, role, path, story.at, now))
        for role, path in story.picks.sample(places, PLACES)
    ]


def page_of(story: Story, role: str, path: str, at: datetime, now: datetime) -> str:
    """Return what the main part of a page of a moment says, asked for at `now`."""
    people = story.people
    persons = {"focal point": people.ilo_focal_point, "coordinator": people.coordinator}
    client = Client()
    with time_machine.travel(now, tick=False):
        if role in persons:
            client.force_login(persons[role])
        mark = "&" if "?" in path else "?"
        address = f"/f/{people.framework.slug}/{path}{mark}as_of={at:%Y-%m-%dT%H:%M}"
        answer = client.get(address)
    assert answer.status_code == 200, (role, address, answer.status_code)
    return text_of(answer).partition("See another date")[2]


def moments_before(kind: str, moments: list[datetime]) -> int:
    """Return how many of the moments a change of this kind came after."""
    noun, verb = LATER[kind]
    last = Event.objects.filter(object_type=noun, verb=verb).aggregate(at=Max("at"))["at"]
    return sum(last is not None and moment < last for moment in moments)


def test_every_report_of_a_past_moment_is_made_again_to_the_byte(db: None) -> None:
    story, formats = Story(7), cycle(FORMATS)
    done = 0
    kept: list[Kept] = []
    pages: list[Read] = []
    moments: list[datetime] = []
    while done < CHANGES:
        if story.step() is None:
            continue
        done += 1
        if done % (CHANGES // MOMENTS) == 0 and len(moments) < MOMENTS:
            moments.append(story.at)
            kept += kept_at(story, formats)
            pages += read_at(story)
            story.at += SETTLING

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
    end = story.at + timedelta(days=1)
    other = [
        (role, path, at)
        for role, path, at, said in pages
        if page_of(story, role, path, at, end) != said
    ]

    print(f"{len(differ)} reports, {len(changed)} files and {len(other)} pages differ")
    assert (differ, changed, other) == ([], [], [])
    assert {role for role, *_rest in pages} == {*PAGES}
    assert {asked.as_of for _name, asked, *_rest in kept} == {*moments}
    assert (len({*moments}), len(files)) == (MOMENTS, MOMENTS * FILES)
    assert {format for *_rest, format, _file in files} == {*FORMATS}
    assert {asked.scope for _name, asked, *_rest in files} == {*Scope}
    came_after = {kind: moments_before(kind, moments) for kind in LATER}
    print(f"{len(kept)} reports, {len(files)} files, {len(pages)} pages of {MOMENTS} moments")
    print(f"after {done} changes; moments before the last of each kind: {came_after}")
    assert [kind for kind, count in came_after.items() if count < MOMENTS // 2] == []
    if DRILL:
        approvals = Decision.objects.filter(verb=Decision.Verb.APPROVE, decided_at__gt=moments[0])
        assert approvals.filter(submission__update__corrects__isnull=False).exists()
        assert approvals.filter(submission__publication__recorded_at__gt=F("decided_at")).exists()


def test_the_reports_of_two_moments_differ(db: None) -> None:
    story = Story(12)
    forms = set()
    for _ in range(5):
        while story.step() is None:
            pass
        (name, asked), *_rest = story.asks()
        forms.add((asked.as_of, canonical(make(name, asked))))

    assert len(forms) == 5
