"""Reports of past moments are made again as they were, to the byte, whatever came afterwards."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice, product
from typing import Any

import pytest
import time_machine
from django.db.models import F, Max, Q
from django.test import Client

from agencies.models import Event
from recommendations.models import Assignment, Decision, Evidence, Submission
from recommendations.reporting.answers import answers
from recommendations.reporting.changes import changes
from recommendations.reporting.coverage import coverage
from recommendations.reporting.duties import duty_lines
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.gaps import gaps
from recommendations.reporting.groups import groups
from recommendations.reporting.latest import latest_published
from recommendations.reporting.matrix import matrix
from recommendations.reporting.moments import SETTLING
from recommendations.reporting.outputs import FORMATS, LANGUAGES, why_not, write
from recommendations.reporting.overview import overview
from recommendations.reporting.public_history import public_history
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import OFFERS, Offer, make
from recommendations.reporting.review_times import review_times
from recommendations.reporting.round_progress import round_progress
from recommendations.reporting.standings import read, standings
from recommendations.reporting.threads import thread
from recommendations.reporting.trend import trend
from tests.figures import DRILL, figure
from tests.recommendations.web.pages import text_of
from tests.story import Story

CHANGES, MOMENTS = figure(small=100, full=600), figure(small=5, full=100)
FILES = figure(small=2, full=6)
"""Files that are written at each moment: every report, format, scope and language by turns."""
ASKS, PLACES = figure(small=4, full=15), figure(small=5, full=24)
"""Reports that are made and pages that are read at each moment, drawn by lot."""
LATER = {
    "change": ("update", "approved"),
    "correction": ("update", "correction_begun"),
    "retraction": ("update", "retracted"),
    "reopened text": ("update", "reopened"),
    "returned text": ("update", "returned"),
    "reopened round": ("round", "reopened"),
    "held round": ("round", "held"),
    "released hold": ("round", "released"),
    "renamed agency": ("agency", "revised"),
    "another code": ("agency", "renamed"),
    "merged agency": ("agency", "merged"),
    "closed agency": ("agency", "closed"),
    "new agency": ("agency", "created"),
    "ended assignment": ("assignment", "ended"),
    "target date": ("assignment", "target_date_changed"),
    "due date": ("duty", "due_date_changed"),
    "waived duty": ("duty", "waived"),
    "ended membership": ("membership", "revised"),
    "ended appointment": ("appointment", "revised"),
    "renamed group": ("workinggroup", "revised"),
    "ended place in a group": ("groupmembership", "revised"),
    "reworded action": ("action", "revised"),
    "reworded area": ("priorityarea", "revised"),
    "reworded framework": ("framework", "revised"),
    "reworded question": ("question", "revised"),
    "reworded milestone": ("milestone", "revised"),
}
"""What has to come after reports were made: a name, and the object and verb of its events."""
MATRICES = ("", "?show=claims", "?show=changed", "?only=no_report")
EVERYBODY = (
    *("", "overview.csv", "overview.svg", "trend/", "trend.csv", "trend.svg", "actions/"),
    *(f"{page}{asked}" for page in ("matrix/", "matrix.csv") for asked in MATRICES),
    *("matrix.svg", "agencies/", "agencies/{agency}/", "areas/A/", "actions/A1/"),
    *("actions/{action}/{agency}/", "answers/", "groups/", "data/full.csv"),
)
PAGES = {
    "public": EVERYBODY,
    "focal point": (*EVERYBODY, "matrix/?only=mine"),
    "coordinator": (
        *EVERYBODY,
        *("matrix/?show=late", "matrix.csv?show=late", "matrix/?only=late", "gaps/", "gaps.csv"),
    ),
}
"""The pages that each role reads."""
pytestmark = pytest.mark.drill

Kept = tuple[str, Asked, bytes]
"""A report as it was: its name, what was asked, its canonical form."""
Written = tuple[str, Asked, str, str]
"""A file as it was: the name of its report, what was asked, its format and its hash."""
Read = tuple[str, str, datetime, str]
"""A page as it was: who read it, its address, the moment, and what it said."""
Told = tuple[datetime, list[tuple[str, str]]]
"""Every figure as it was: the moment, and of each what it said, with the page of a thread."""


def file_of(name: str, asked: Asked, format: str) -> str:
    """Return the hash of a file of a report."""
    file = io.BytesIO()
    write(make(name, asked), format, file)
    return hashlib.sha256(file.getvalue()).hexdigest()


def kinds_of_files(story: Story) -> Iterator[tuple[Offer, Scope, str, str]]:
    """Yield every report, scope, format and language that can be written here, again and again."""
    kinds = [
        (offer, scope, format, language)
        for offer, scope, format, language in product(OFFERS, Scope, FORMATS, LANGUAGES)
        if (offer.public or scope is Scope.INSIDE) and not why_not(format, language)
    ]
    # Of a short run the first few are all: each format, scope and language is among them.
    mixed = story.picks.sample(kinds, len(kinds))
    first = [
        next(one for one in mixed if one[1:] == (scope, format, language))
        for scope, format, language in zip(cycle(Scope), FORMATS, [*LANGUAGES, "en"], strict=False)
        if not why_not(format, language)
    ]
    return cycle([*first, *(one for one in mixed if one not in first)])


def kept_at(story: Story) -> list[Kept]:
    """Return reports of the present moment."""
    asks = story.picks.sample(story.asks(), ASKS)
    return [(name, asked, canonical(make(name, asked))) for name, asked in asks]


def written_at(story: Story, kinds: Iterator[tuple[Offer, Scope, str, str]]) -> list[Written]:
    """Return files of the present moment."""
    found = []
    for offer, scope, format, language in islice(kinds, FILES):
        asked = story.wishes(offer, scope, language)
        assert asked is not None
        found.append((offer.name, asked, format, file_of(offer.name, asked, format)))
    return found


def told_at(story: Story, at: datetime) -> list[tuple[str, str]]:
    """Return every figure of a moment, also of pages that show the present alone.

    With a thread comes the address of its page.
    """
    framework = story.people.framework
    found: list[Any] = []
    threads: list[tuple[str, str]] = []
    for scope in Scope:
        for one in (overview, matrix, changes, trend, gaps, groups, standings, latest_published):
            found.append(one(framework, as_of=at, scope=scope))
        basis = Basis(framework, at, scope)
        found += [coverage(basis, read(basis)), answers(basis), duty_lines(basis)]
        for held in story.places_at(at):
            page = f"actions/{held.action.code}/{held.agency.code}/"
            threads.append((page, repr(thread(held.action, held.agency, as_of=at, scope=scope))))
    for about in (*story.places_at(at), *story.agencies, story.people.action, story.people.area):
        found += [(one.did, one.at, one.round) for one in public_history(about, as_of=at)]
    for round in framework.rounds.order_by("id"):
        found += [round_progress(round, as_of=at), review_times(round, as_of=at)]
    return [*threads, *(("", repr(one)) for one in found)]


def read_at(story: Story) -> list[Read]:
    """Return what some roles read of the present moment, as soon as it is settled."""
    now = story.at + SETTLING
    # Everybody reads the thread of what was taken on.
    held = story.picks.choice([one for one in story.places_at(story.at) if one.is_active])
    codes = {"action": held.action.code, "agency": held.agency.code}
    places = [(role, path.format(**codes)) for role, paths in PAGES.items() for path in paths]
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
        answer = client.get(address, follow=True)
    assert answer.status_code == 200, (role, address, answer.status_code)
    if "." in path:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return hashlib.sha256(content).hexdigest()
    # An agency that has another code by now is cited by it; its old code leads there.
    return re.sub(r"http://testserver/\S+", "", text_of(answer).partition("See another date")[2])


def is_withheld(role: str, path: str, at: datetime) -> bool:
    """Say whether a thread shows less by now: a text was taken back since, or evidence removed.

    Neither is to be read any more, at whatever moment.
    """
    if not path.startswith("actions/") or path.count("/") < 3:
        return False
    _actions, action, agency, _end = path.split("/")
    known = Q(agency__code__iexact=agency) | Q(agency__old_codes__code__iexact=agency)
    texts = Submission.objects.filter(
        update__duty__assignment__in=Assignment.objects.filter(known, action__code=action),
        submitted_at__lte=at,
    )
    return (
        texts.filter(withdrawal__recorded_at__gt=at).exists()
        or texts.filter(evidence__erased_at__gt=at).exists()
    )


def moments_before(kind: str, moments: list[datetime]) -> int:
    """Return how many of the moments a change of this kind came after."""
    noun, verb = LATER[kind]
    last = Event.objects.filter(object_type=noun, verb=verb).aggregate(at=Max("at"))["at"]
    return sum(last is not None and moment < last for moment in moments)


def test_every_report_of_a_past_moment_is_made_again_to_the_byte(db: None) -> None:
    story, done = Story(7), 0
    kinds = kinds_of_files(story)
    kept: list[Kept] = []
    files: list[Written] = []
    pages: list[Read] = []
    told: list[Told] = []
    while done < CHANGES:
        if story.step() is None:
            continue
        done += 1
        if done % (CHANGES // MOMENTS) == 0 and len(told) < MOMENTS:
            kept += kept_at(story)
            files += written_at(story, kinds)
            pages += read_at(story)
            told.append((story.at, told_at(story, story.at)))
            story.at += SETTLING

    end = story.at + timedelta(days=1)
    differ = {
        "reports": [(name, one) for name, one, form in kept if canonical(make(name, one)) != form],
        "files": [one for *one, file in files if file_of(*one) != file],
        "pages": [
            one
            for *one, said in pages
            if not is_withheld(*one) and page_of(story, *one, end) != said
        ],
        "figures": [
            (at, was[:80])
            for at, before in told
            for (page, was), (_page, now) in zip(before, told_at(story, at), strict=True)
            if was != now and not is_withheld("", page, at)
        ],
    }
    print("differ:", {what: len(found) for what, found in differ.items()})
    assert differ == {"reports": [], "files": [], "pages": [], "figures": []}
    moments = [at for at, _said in told]
    figures = sum(len(said) for _at, said in told)
    print(
        f"{len(kept)} reports, {len(files)} files, {len(pages)} pages, {figures} figures"
        f" of {len(moments)} moments after {done} changes"
    )
    check_everything_was_asked(moments, kept, files, pages)
    check_everything_came_after(moments)


def check_everything_was_asked(
    moments: list[datetime], kept: list[Kept], files: list[Written], pages: list[Read]
) -> None:
    """Fail where a role, format, scope or language was left out; in full also a page or report."""
    assert len({*moments}) == MOMENTS
    assert {role for role, *_rest in pages} == {*PAGES}
    assert {format for _name, _asked, format, _file in files} == {*FORMATS}
    assert {asked.scope for _name, asked, *_rest in files} == {*Scope}
    assert {asked.language for _name, asked, *_rest in files} == {*LANGUAGES}
    if DRILL:
        every = {(name, asked.scope) for name, asked, _form in kept}
        assert len(every) == sum(1 + offer.public for offer in OFFERS)
        assert len({(n, one.scope, f, one.language) for n, one, f, _h in files}) == len(
            {
                (offer.name, scope, format, language)
                for offer, scope, format, language in product(OFFERS, Scope, FORMATS, LANGUAGES)
                if (offer.public or scope is Scope.INSIDE) and not why_not(format, language)
            }
        )
        plain = [(role, path) for role, paths in PAGES.items() for path in paths if "{" not in path]
        assert {*plain} <= {(role, path) for role, path, *_rest in pages}


def check_everything_came_after(moments: list[datetime]) -> None:
    """Fail where a kind of change did not come after half of the moments."""
    came_after = {kind: moments_before(kind, moments) for kind in LATER}
    erased = Evidence.objects.aggregate(at=Max("erased_at"))["at"]
    came_after["erased evidence"] = sum(erased is not None and at < erased for at in moments)
    print(f"moments before the last of each kind: {came_after}")
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
