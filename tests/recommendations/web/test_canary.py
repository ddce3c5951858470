"""While a round is held, nothing that the public is answered tells of it: no byte, no header."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from recommendations.models import Assignment, Evidence, Framework, Publication, Round, Update
from recommendations.web import published
from tests import make
from tests.figures import figure
from tests.make import later

pytestmark = pytest.mark.drill
ANSWERS = figure(small=150, full=2000)
ASKED = later(days=40)
DUE = date(2026, 7, 1)
FILTERS: dict[str, tuple[str, ...]] = {
    "status": ("in_progress", "implemented", "continuing", "no_report", "no_information", "odd"),
    "agency": ("ILO", "IOM", "WHO"),
    "area": ("A", "B"),
    "role": ("lead", "supporting"),
    "q": ("seminar", "secret", "A1"),
}


FILES = ("full.csv", "full.json", "full.xlsx", "area.csv", "work_plan.json", "late.csv")


class Publics:
    """A framework with something public, and a round that is held."""

    def __init__(self) -> None:
        cast = self.cast = make.cast()
        more = [make.action(cast.area, f"A{number}", order=number) for number in (2, 3)]
        for action in (cast.action, *more):
            make.accepted(cast, action=action)
        make.accepted(cast, agency=cast.iom, by=cast.iom_focal_point, role="supporting")
        make.question(cast.framework)
        asking = {"with_questionnaire": True}
        first = make.open_round(cast, "2026-H1", **asking)
        self.answer(first, days=1, text="Two practices.")
        self.approve(self.of(first, "A1"), days=1, status="in_progress", text="Two seminars.")
        self.approve(self.of(first, "A2"), days=2, status="implemented", text="A law.")
        self.second = make.open_round(cast, "2026-H2", with_supporting=True, **asking)
        self.approve(self.of(self.second, "A2"), days=3, status="continuing", text="More.")
        note = "Before the summit."
        make.do("hold", self.second, by=cast.coordinator, at=later(days=4), note=note)

    def of(self, round: Round, code: str) -> Update:
        """Return the update of the ILO on an action in a round."""
        held = Assignment.objects.get(action__code=code, agency=self.cast.ilo)
        return make.update_in(round, held)

    def approve(self, update: Update, *, days: float, status: str, text: str) -> None:
        """Write, show, send and approve a text."""
        at, cast = later(days=days), self.cast
        make.linked(update, by=cast.ilo_focal_point, at=at)
        content = {"status": status, "body": {"done": text}}
        make.sent(update, by=cast.ilo_focal_point, at=at, **content)
        make.approved(update, by=cast.coordinator, at=at)

    def answer(self, round: Round, *, days: float, text: str) -> None:
        """Answer the questionnaire of a round for the ILO, and approve that."""
        at, cast = later(days=days), self.cast
        update = make.answers_in(round, cast.ilo)
        make.sent(update, by=cast.ilo_focal_point, at=at, body={"q1": text})
        make.approved(update, by=cast.coordinator, at=at)

    def go_on_inside(self) -> None:
        """Do all that a held round hides: approve, assess, correct, reopen, draft, return."""
        cast, note = self.cast, "A secret reason."
        at = later(days=10)
        self.approve(self.of(self.second, "A1"), days=8, status="implemented", text="A secret.")
        self.approve(self.of(self.second, "A3"), days=9, status="not_started", text="Secret too.")
        self.answer(self.second, days=9, text="A secret practice.")
        claimed = Assignment.objects.get(action__code="A1", agency=cast.ilo)
        by = cast.coordinator
        make.do("assess", claimed, by=by, at=at, status="continuing", note=note)
        shown = self.of(self.second, "A2")
        correction = make.do("correct", shown, by=cast.ilo_focal_point, at=at)
        self.approve(correction, days=11, status="implemented", text="Secretly implemented.")
        make.do("reopen", correction, by=by, at=later(days=12), note=note, due_on=DUE)
        supporting = Assignment.objects.get(agency=cast.iom)
        drafted = make.update_in(self.second, supporting)
        make.sent(drafted, by=cast.iom_focal_point, at=at, body={"done": "Secret draft."})
        make.do("return", drafted, by=by, at=at, note=note, due_on=DUE)
        held = self.of(self.second, "A3")
        make.do("retract", held, by=by, at=later(days=13), note=note, due_on=DUE)
        action = held.duty.assignment.action
        asked = make.proposed(cast, agency=cast.iom, action=action, role="supporting")
        assert asked.acceptance == "proposed"


def address(rng: Random, evidence: list[int], updates: list[int]) -> str:
    """Return an address that the public may try, with whatever may stand behind it."""
    f = "/f/hld-2013/"
    codes = ("A1", "A2", "A3", "a2", "A9")
    path = rng.choice(
        (
            f,
            f"{f}actions/",
            f"{f}actions/",
            f"{f}areas/A/",
            f"{f}agencies/",
            f"{f}agencies/{rng.choice(('ILO', 'IOM', 'XX'))}/",
            f"{f}matrix/",
            f"{f}matrix/?show={rng.choice(('changed', 'claims', 'late'))}",
            f"{f}matrix.{rng.choice(('csv', 'svg'))}?show={rng.choice(('changed', 'claims'))}",
            f"{f}groups/",
            f"{f}answers/",
            f"{f}gaps.csv",
            f"{f}trend/",
            f"{f}{rng.choice(('trend', 'overview'))}.{rng.choice(('csv', 'svg'))}",
            f"{f}about/",
            f"{f}gaps/",
            f"{f}rounds/",
            f"{f}rounds/2026-H2/",
            f"{f}rounds/2026-H2/checks/",
            f"{f}rounds/2026-H2/review-times{rng.choice(('/', '.csv', '.svg'))}",
            f"{f}rounds/2026-H2/release/",
            f"{f}actions/{rng.choice(codes)}/",
            f"{f}actions/{rng.choice(codes)}/ILO/",
            f"{f}actions/{rng.choice(codes)}/IOM/",
            f"/updates/{rng.choice(updates)}/",
            f"/queue/{rng.choice(updates)}/",
            f"/evidence/{rng.choice(evidence)}/",
            "/actions/",
            f"{f}updates.atom",
            f"{f}data/",
            f"{f}data/code-book/",
            f"{f}data/{rng.choice(FILES)}",
            f"{f}data/{rng.choice(FILES)}",
            f"{f}reports/",
            f"{f}reports/late.csv",
        )
    )
    query: dict[str, str] = {}
    if path == f"{f}actions/":
        for name in rng.sample(sorted(FILTERS), rng.randint(0, 2)):
            query[name] = rng.choice(FILTERS[name])
    if path.endswith("area.csv"):
        query["area"] = "A"
    if rng.random() < (0.8 if "/data/" in path else 0.4):
        moment = ASKED - timedelta(hours=rng.randint(-2, 40 * 24))
        query["as_of"] = f"{moment:%Y-%m-%dT%H:%M}"
    if rng.random() < 0.3:
        query["lang"] = rng.choice(("en", "fr", "ar"))
    if rng.random() < 0.1:
        query["odd"] = "1"
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{urlencode(query)}" if query else path


def answer(method: str, url: str) -> tuple[int, dict[str, str], bytes]:
    """Return all that a stranger is answered, but the date and the number of the request."""
    found = getattr(Client(raise_request_exception=False), method)(url)
    content = b"".join(found.streaming_content) if found.streaming else found.content
    headers = {
        name: value for name, value in found.headers.items() if name not in ("Date", "X-Request-ID")
    }
    return found.status_code, headers, content


def test_no_public_answer_tells_of_what_is_held(
    db: None, clock: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "MOST_A_MINUTE", 10 * ANSWERS)
    world, rng = Publics(), Random(7)  # noqa: S311 - a repeatable walk, no secret
    clock.now = ASKED
    last = Evidence.objects.order_by("-id")[0].pk
    newest = Update.objects.order_by("-id")[0].pk
    evidence, updates = [*range(1, last + 6)], [*range(1, newest + 4)]
    asked = [
        (rng.choice(("get", "get", "get", "head")), address(rng, evidence, updates))
        for _ in range(ANSWERS)
    ]
    before = {each: answer(*each) for each in asked}
    shutil.rmtree(settings.VAR / "made")  # what is kept would hide what is made anew
    counter = Framework.objects.get(pk=world.cast.framework.pk).public_counter
    clock.now = make.NOW
    world.go_on_inside()
    clock.now = ASKED

    assert [each for each in asked if answer(*each) != before[each]] == []
    assert Framework.objects.get(pk=world.cast.framework.pk).public_counter == counter
    assert {status for status, _, _ in before.values()} >= {200, 301, 302, 400, 404}


def test_a_release_shows_what_was_held(db: None, clock: Any) -> None:
    world = Publics()
    thread = "/f/hld-2013/actions/A1/ILO/"
    world.go_on_inside()
    clock.now = ASKED
    before = answer("get", thread)
    published = Publication.objects.count()
    make.do("release", world.second, by=world.cast.coordinator, at=later(days=20))

    assert answer("get", thread) != before
    assert b"A secret." in answer("get", thread)[2]
    assert b"A secret reason." not in answer("get", thread)[2]
    assert Publication.objects.count() == published + 3
