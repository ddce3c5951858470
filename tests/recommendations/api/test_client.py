"""The client in the handbook does against a running site what it promises."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_started
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from recommendations.models import Evidence, Submission, Update
from tests import make
from tests.project.house import ROOT
from tests.recommendations.api.conftest import secret_of
from tests.stage import ASKED

CLIENT = ROOT / "docs" / "client.py"
TEXT = "A law was passed."
FILE = b"%PDF-1.7\nThe law.\n"


class Agency:
    """What a system of the ILO has: its token, the address of the site, and a file."""

    def __init__(self, cast: make.Cast, site: str, folder: Path) -> None:
        self.variables = {
            **os.environ,
            "SITE": site,
            "TOKEN": secret_of(cast.ilo_alternate, "read", "report", agency=cast.ilo),
        }
        self.file = folder / "law.pdf"
        self.file.write_bytes(FILE)

    def runs(self, *words: object) -> tuple[int, str]:
        """Return how the client ended and what it printed."""
        done = subprocess.run(
            [sys.executable, CLIENT, *map(str, words)],
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).strip()


@pytest.fixture
def agency(
    committed: None, cast: make.Cast, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> Agency:
    """Return a system of the ILO, in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BASE_URL = live_server.url
    return Agency(cast, live_server.url, tmp_path)


@pytest.fixture
def colleague(cast: make.Cast) -> Iterator[list[str]]:
    """Let a colleague save each of these texts just before the next text of the client arrives."""
    texts: list[str] = []

    def saves(environ: dict[str, Any], **_rest: Any) -> None:
        if environ["REQUEST_METHOD"] == "PATCH" and texts:
            update = Update.objects.with_place().get()
            body = {"done": texts.pop(0), "next_steps": "To apply it."}
            make.drafted(update, by=cast.ilo_focal_point, at=ASKED, body=body)

    request_started.connect(saves)
    yield texts
    request_started.disconnect(saves)


def test_the_client_reports_what_is_due_and_reads_the_decision(
    agency: Agency, cast: make.Cast
) -> None:
    update = make.owed(cast)
    ended = agency.runs("report", TEXT, agency.file)
    sent = Submission.objects.get()

    assert ended == (0, str(update.pk))
    assert (sent.update_id, sent.body, sent.status) == (update.pk, {"done": TEXT}, "in_progress")
    assert sent.submitted_by == cast.ilo_alternate
    (evidence,) = sent.evidence.all()
    assert (evidence.original_name, evidence.public, evidence.size) == (
        "law.pdf",
        False,
        len(FILE),
    )
    assert agency.runs("decision", update.pk) == (0, "")

    back = {"note": "Which law?", "due_on": date(2026, 6, 15)}
    make.do("return", update, by=cast.coordinator, at=ASKED, **back)

    assert agency.runs("decision", update.pk) == (0, "return 2026-06-15 Which law?")


def test_the_client_passes_over_what_cannot_be_sent_now(agency: Agency, cast: make.Cast) -> None:
    """The update of a closed round is overdue, and another one is sent already."""
    missed = make.owed(cast)
    make.do("close", missed.duty.round, by=cast.coordinator)
    action = make.action(cast.area, "A2", order=2)
    other = make.accepted(cast, action=action)
    running = make.open_round(cast, "2026-H2")
    due = make.update_in(running, missed.duty.assignment)
    make.sent(make.update_in(running, other), by=cast.ilo_focal_point)
    for update, day in ((due, 20), (make.update_in(running, other), 10)):
        given = {"note": "Agreed.", "due_on": date(2026, 6, day)}
        make.do("set_due", update.duty, by=cast.coordinator, **given)

    assert agency.runs("report", TEXT, agency.file) == (0, str(due.pk))
    assert agency.runs("report", TEXT, agency.file) == (1, "Nothing is due.")


def test_the_client_keeps_what_its_agency_sent_where_that_came_back(
    agency: Agency, cast: make.Cast
) -> None:
    said = {"done": "Deux séminaires à Genève.", "next_steps": "الخطوة التالية: قانون جديد."}
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, status="continuing", body=said)
    back = {"note": "Which law?", "due_on": date(2026, 6, 15)}
    make.do("return", update, by=cast.coordinator, at=ASKED, **back)
    ended = agency.runs("report", "صدر قانون.", agency.file)
    newest = Submission.objects.latest("number")

    assert ended == (0, str(update.pk))
    assert (newest.number, newest.status) == (2, "continuing")
    assert newest.body == {**said, "done": "Deux séminaires à Genève.\n\nصدر قانون."}


def test_the_client_leaves_a_report_that_nobody_waits_for(agency: Agency, cast: make.Cast) -> None:
    supporting = make.accepted(cast, role="supporting")
    running = make.open_round(cast)
    make.do("report", supporting, by=cast.ilo_focal_point, round=running)

    assert agency.runs("report", TEXT, agency.file) == (1, "Nothing is due.")


def test_the_client_keeps_what_a_colleague_saved_meanwhile(
    agency: Agency, cast: make.Cast, colleague: list[str]
) -> None:
    make.owed(cast)
    colleague += ["Two seminars.", "Three seminars."]
    ended = agency.runs("report", TEXT, agency.file)
    sent = Submission.objects.get()

    assert ended[0] == 0, ended
    assert colleague == []
    assert sent.body == {"done": f"Three seminars.\n\n{TEXT}", "next_steps": "To apply it."}


def test_the_client_says_when_nothing_is_due(agency: Agency, cast: make.Cast) -> None:
    assert agency.runs("report", TEXT, agency.file) == (1, "Nothing is due.")
    assert Evidence.objects.count() == 0


def recipes() -> list[str]:
    """Return the commands of the handbook."""
    blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / "docs" / "api.md").read_text(), re.S | re.M)
    return "".join(blocks).replace("\\\n", " ").splitlines()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_recipes_of_the_handbook_do_what_they_say(
    agency: Agency, cast: make.Cast, tmp_path: Path
) -> None:
    update = make.owed(cast)
    (tmp_path / "report.pdf").write_bytes(FILE)
    variables = {**agency.variables, "UPDATE": str(update.pk), "TAG": ""}
    variables |= {"ACTION": str(cast.action.pk), "ROUND": str(update.duty.round_id)}
    variables["AUTH"] = f"Authorization: Bearer {variables['TOKEN']}"
    statuses = []
    for command in recipes():
        if not command.startswith("curl "):
            continue
        command = command.replace("curl ", "curl -s -D - ", 1)
        done = subprocess.run(
            ["sh", "-c", command], env=variables, cwd=tmp_path, capture_output=True, check=True
        )
        said = done.stdout.decode()
        statuses.append(int(said.split()[1]))
        tag = re.search(r'^ETag: ("\d+-\d+")', said, re.M | re.I)
        variables["TAG"] = tag[1] if tag else variables["TAG"]
    sent = Submission.objects.get()

    assert statuses == [200] * 9 + [201, 200, 200, 200] + [200, 202] + [200] * 3
    assert (sent.body, sent.evidence.get().original_name) == (
        {"done": "Two seminars."},
        "report.pdf",
    )


def test_the_client_is_short() -> None:
    assert len(CLIENT.read_text().splitlines()) <= 60
