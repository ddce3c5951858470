"""What reading and writing over the API cost, beside the usual way (`baseline`), by turns.

2,000 updates in ten rounds. Each site answers in a process of its own; what counts is CPU time,
of the site and of its connection to the database together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from django.utils import timezone

from agencies import tokens
from agencies.models import Agency, User
from recommendations.domain import updates
from recommendations.models import Action, Assignment, Framework, PriorityArea, Role, Round, Update
from tests import make
from tests.site import ROOT, database_url, environment

AREAS, ACTIONS, AGENCIES, ASSIGNMENTS, ROUNDS = 5, 16, 20, 200, 10
TURNS, REQUESTS, WRITES = 7, 60, 20
TEXT = {"done": "Two seminars and a guide. " * 8, "challenges": "", "next_steps": "A third one."}
TASKS = ("list", "detail", "submit", "304")
LIMITS = {"list": 0.45, "detail": 0.5, "submit": 1.2, "304": 0.15}
"""What each task may cost, as a part of the usual way; 304 as a part of the usual list."""


def prepare(cast: make.Cast) -> tuple[User, User]:
    """Make the rows, and return a coordinator and somebody who acts for every agency."""
    areas = [cast.area, *(make.area(cast.framework, code) for code in "BCDE"[: AREAS - 1])]
    actions = [
        make.action(areas[place % AREAS], f"X{place}", order=place) for place in range(ACTIONS)
    ]
    writer = make.person("Focal point of all")
    agencies = [make.agency(f"AG{place}") for place in range(AGENCIES)]
    for agency in agencies:
        make.member(writer, agency)
        make.person(f"Alternate {agency.code}", of=agency)
    for place in range(ASSIGNMENTS):
        facts = {"agency": agencies[place % AGENCIES], "role": Role.SUPPORTING}
        # 20 agencies on 16 actions: 200 different pairs
        facts["action"] = actions[(place // AGENCIES + place % AGENCIES) % ACTIONS]
        make.accepted(cast, by=writer, **facts)
    today = timezone.now().date()
    for place in range(ROUNDS):
        away = timedelta(days=40 * (ROUNDS - 1 - place))
        round = make.planned_round(cast.framework, f"R{place}", with_questionnaire=False)
        Round.objects.filter(pk=round.pk).update(
            opens_on=today - away - timedelta(days=20),
            due_on=today - away + timedelta(days=place),
            closes_on=today - away + timedelta(days=15),
            with_supporting=True,
        )
        round.refresh_from_db()
        make.do("open", round, by=cast.coordinator, at=timezone.now())
        if place < ROUNDS - 1:
            make.do("close", round, by=cast.coordinator, at=timezone.now())
    return cast.coordinator, writer


def rows() -> dict[str, list[Any]]:
    """Return the same rows as the usual way keeps them."""
    found = Update.objects.order_by("id").values_list(
        "id", "duty__assignment_id", "duty__round_id", "review_state", "duty__due_on"
    )
    return {
        "Framework": list(Framework.objects.values("id", "slug", "title")),
        "Area": list(PriorityArea.objects.values("id", "framework_id", "code", "title")),
        "Action": [
            {"id": pk, "area_id": area, "code": code, "title": title}
            for pk, area, code, title in Action.objects.values_list(
                "id", "area_id", "code", "short_title"
            )
        ],
        "Agency": list(Agency.objects.values("id", "code", "name")),
        "Assignment": list(Assignment.objects.values("id", "action_id", "agency_id", "role")),
        "Round": list(Round.objects.values("id", "framework_id", "code")),
        "Update": [
            (
                str(due_on),
                {
                    "id": pk,
                    "assignment_id": assignment,
                    "round_id": round,
                    "state": state,
                    "status": "in_progress",
                    **TEXT,
                },
            )
            for pk, assignment, round, state, due_on in found
        ],
    }


class Site:
    """A site that answers requests in a process of its own."""

    def __init__(self, settings: str, variables: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.answering"],
            cwd=ROOT,
            env={**variables, "DJANGO_SETTINGS_MODULE": settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_how: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def cost(self, requests: list[dict[str, Any]], *, status: int) -> dict[str, Any]:
        """Return what each of these requests cost; every answer must have this status."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(requests) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert found["statuses"] == [status], found
        return found


def drafts(writer: User) -> list[tuple[int, str]]:
    """Write a draft of each update of the open round; return their numbers and tags."""
    open_ones = Update.objects.with_place().filter(duty__round__state=Round.State.OPEN)
    found = []
    for update in open_ones.order_by("id"):
        content = {"kind": "report", "status": "in_progress", "body": TEXT}
        updates.save_draft(update, content=content, by=writer, at=timezone.now(), version=0)
        found.append((update.pk, f'"{update.version}-1"'))
    return found


def bearer(user: User) -> dict[str, str]:
    """Return the header of a new token."""
    at = timezone.now()
    scopes, until = ("read", "report", "review"), at + timedelta(days=1)
    secret = tokens.issue(user, name="Bench", scopes=scopes, agency=None, expires_at=until, at=at)
    return {"Authorization": f"Bearer {secret[1]}"}


def measure(folder: Path, cast: make.Cast) -> None:
    """Print what each task costs on both sides, and the ratios."""
    coordinator, writer = prepare(cast)
    waiting = drafts(writer)
    address = f"{database_url().rpartition('/')[0]}/bench_baseline_{os.getpid()}"
    variables = environment(folder, DATABASE_URL=database_url(), BASELINE_URL=address)
    with psycopg.connect(database_url(), autocommit=True) as server, ExitStack() as stack:
        name = address.rpartition("/")[2]
        server.execute(f'CREATE DATABASE "{name}"')
        stack.callback(server.execute, f'DROP DATABASE "{name}" WITH (FORCE)')
        file = folder / "rows.json"
        file.write_text(json.dumps(rows()))
        filled = subprocess.run(
            [sys.executable, "-m", "bench.baseline.fill", str(file)],
            cwd=ROOT,
            env=variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        for one in (address, database_url()):
            with psycopg.connect(one, autocommit=True) as there:
                there.execute("ANALYZE")
        theirs = stack.enter_context(Site("bench.baseline.settings", variables))
        ours = stack.enter_context(Site("bench.ours", variables))
        token = {"Authorization": f"Token {filled.stdout.split()[-1]}"}
        compare(ours, theirs, token, bearer(coordinator), bearer(writer), waiting)


def compare(
    ours: Site,
    theirs: Site,
    token: dict[str, str],
    reading: dict[str, str],
    writing: dict[str, str],
    waiting: list[tuple[int, str]],
) -> None:
    """Ask both sites for the same by turns, and print the medians."""
    print(f"API, {Update.objects.count()} updates, CPU in ms a request (site + database):")
    pks = list(Update.objects.order_by("id").values_list("pk", flat=True)[:REQUESTS])
    place = Assignment.objects.values_list("pk", flat=True)[0]
    open_round = Round.objects.get(state=Round.State.OPEN).pk
    listed = "/api/v1/updates/?agency=AG3&review_state=draft&ordering=-due_on"
    asked = {"path": listed, "headers": reading}
    usual = {"path": "/api/updates/?agency=AG3&state=draft&ordering=-due_on", "headers": token}
    new = {"assignment": place, "round": open_round, "state": "submitted", **TEXT}
    tag = ours.cost([asked], status=200)["headers"]["ETag"]
    took: dict[str, list[tuple[float, float]]] = {}
    for turn in range(TURNS + 1):
        now, waiting = waiting[:WRITES], waiting[WRITES:]
        submits = [
            {
                "method": "POST",
                "path": f"/api/v1/updates/{pk}/submit/",
                "headers": {**writing, "If-Match": version},
                "body": {},
            }
            for pk, version in now
        ]
        found = {
            "list": ours.cost([asked] * REQUESTS, status=200),
            "usual list": theirs.cost([usual] * REQUESTS, status=200),
            "304": ours.cost(
                [{"path": listed, "headers": {**reading, "If-None-Match": tag}}] * REQUESTS,
                status=304,
            ),
            "detail": ours.cost(
                [{"path": f"/api/v1/updates/{pk}/", "headers": reading} for pk in pks], status=200
            ),
            "usual detail": theirs.cost(
                [{"path": f"/api/updates/{pk}/", "headers": token} for pk in pks], status=200
            ),
            "submit": ours.cost(submits, status=200),
            "usual submit": theirs.cost(
                [{"method": "POST", "path": "/api/updates/", "headers": token, "body": new}]
                * WRITES,
                status=201,
            ),
        }
        tag = ours.cost([asked], status=200)["headers"]["ETag"]
        if turn:  # the first turn warms both up
            for task, one in found.items():
                took.setdefault(task, []).append((one["site"], one["database"]))
    report(took)


def report(took: dict[str, list[tuple[float, float]]]) -> None:
    """Print the median cost of each task, and how it compares."""
    cost = {task: median(sum(one) for one in turns) for task, turns in took.items()}
    for task in TASKS:
        other = "usual list" if task == "304" else f"usual {task}"
        (mine, mine_db), (its, its_db) = (
            (median(one[0] for one in took[name]), median(one[1] for one in took[name]))
            for name in (task, other)
        )
        print(
            f"  {task:<6} {mine:5.2f} + {mine_db:4.2f} against {its:5.2f} + {its_db:4.2f}: "
            f"{cost[task] / cost[other]:.2f} × (at most {LIMITS[task]})",
            flush=True,
        )
    print(f"  load average {os.getloadavg()[0]:.1f}")
