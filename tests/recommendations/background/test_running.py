"""What becomes of a job: made in a program of its own, settled, told to who asked for it."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from agencies import revisions
from agencies.models import Appointment, User
from recommendations.background import checking, files, limits, running
from recommendations.domain import jobs
from recommendations.models import Delivery, Job
from recommendations.notify.lines import lines
from recommendations.reporting import outputs
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import make as make_report
from tests import make
from tests.make import later
from tests.programs import address_of_database
from tests.recommendations.background.asking import asked, wanted

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """Let programs that are started meet this test in its database, and files go elsewhere."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("DATABASE_URL", address_of_database(connection))


def told(job: Job) -> list[tuple[str, str, str]]:
    """Return what was told of a job: kind, to whom, on which channel."""
    rows = Delivery.objects.filter(cause=f"job:{job.pk}").order_by("channel")
    return [(row.kind, row.user.name, row.channel) for row in rows]


def program(monkeypatch: pytest.MonkeyPatch, path: Path, text: str) -> None:
    """Let another program run in the place of ours."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))


def test_a_report_is_made_kept_and_told(tmp_path: Path) -> None:
    cast = make.cast()
    make.accepted(cast)
    job = asked(cast.coordinator, cast.framework)
    done = running.run_jobs(clock=timezone.now)
    job.refresh_from_db()
    report = make_report("full", wanted(cast.framework).asked(timezone.now()))
    content = (tmp_path / job.stored_as).read_bytes()

    assert str(done) == "1 jobs ready, 0 failed, 0 to be tried again"
    assert (job.state, job.progress, job.tries, job.lease) == ("ready", 100, 1, "")
    assert canonical(report) in content
    assert job.size == len(content)
    assert job.file_name == "hld-2013-full-20260504T1030Z-inside-en.json"
    assert job.media_type == "application/json"
    assert told(job) == [
        ("job_ready", "Coordinator", "inbox"),
        ("job_ready", "Coordinator", "mail"),
    ]
    (line,) = lines(Delivery.objects.filter(channel="inbox"))
    assert line.heading == "A report that you asked for is ready: Full data, JSON"
    assert line.url == f"/f/hld-2013/reports/#job-{job.pk}"


def test_what_cannot_be_made_is_said_in_words_and_not_tried_again() -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework, round="2013-H1")
    running.run_jobs(clock=timezone.now)
    job.refresh_from_db()

    assert (job.state, job.outcome, job.tries) == (
        "failed",
        "There is no round “2013-H1”. There is none yet.",
        1,
    )
    assert told(job)[0] == ("job_failed", "Coordinator", "inbox")
    (line,) = lines(Delivery.objects.filter(channel="inbox"))
    assert line.detail == job.outcome


def test_an_office_that_ended_since_ends_what_was_asked_for_in_it() -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework)
    held = Appointment.objects.get(user=cast.coordinator)
    ended = {"until_on": make.START}
    revisions.revise(held, values=ended, by=None, at=make.NOW, note="Left.", version=held.version)
    running.run_jobs(clock=timezone.now)
    job.refresh_from_db()

    assert (job.state, job.stored_as) == ("failed", "")
    assert job.outcome == "You may not see the figures of this report any more."


def test_an_agency_gets_the_inside_of_its_own_report_and_no_other() -> None:
    cast = make.cast()
    found = {}
    for agency in ("ILO", "IOM", ""):
        job = asked(cast.ilo_focal_point, cast.framework, agency=agency)
        running.run_jobs(clock=timezone.now)
        found[agency] = Job.objects.get(pk=job.pk).state

    assert found == {"ILO": "ready", "IOM": "failed", "": "failed"}


def test_a_program_that_breaks_down_is_begun_once_more_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework)
    program(monkeypatch, tmp_path / "broken", "kill -9 $$")
    done = running.run_jobs(clock=timezone.now)
    job.refresh_from_db()

    assert str(done) == "0 jobs ready, 1 failed, 1 to be tried again"
    assert (job.state, job.tries) == ("failed", 2)
    assert job.outcome.startswith("The program that makes it broke down twice.")
    assert len(told(job)) == 2


def test_a_program_that_breaks_down_once_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework)
    mark = tmp_path / "was-here"
    again = f'exec {sys.executable} "$@"'
    program(monkeypatch, tmp_path / "once", f"[ -e {mark} ] && {again}; touch {mark}; kill -9 $$")
    done = running.run_jobs(clock=timezone.now)
    job.refresh_from_db()

    assert str(done) == "1 jobs ready, 0 failed, 1 to be tried again"
    assert (job.state, job.tries) == ("ready", 2)
    assert len(told(job)) == 2


def test_a_program_that_overstays_is_killed_and_not_begun_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework)
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    monkeypatch.setattr(limits, "STARTING", 0.0)
    program(monkeypatch, tmp_path / "slow", "exec sleep 60")
    running.run_jobs(clock=timezone.now)
    job.refresh_from_db()

    assert (job.state, job.tries) == ("failed", 1)
    assert job.outcome.startswith("It took longer than ")


def test_a_pass_leaves_the_rest_to_the_next_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cast = make.cast()
    for hours in (1, 2, 3):
        asked(cast.coordinator, cast.framework, as_of=later(hours=hours))
    program(monkeypatch, tmp_path / "quick", """echo '{"problem": "No."}'""")
    minutes = itertools.count(60)
    done = running.run_jobs(
        clock=lambda: later(minutes=next(minutes)), begins_for=timedelta(seconds=30)
    )

    assert str(done) == "0 jobs ready, 1 failed, 0 to be tried again"
    assert [job.state for job in Job.objects.order_by("id")] == ["failed", "waiting", "waiting"]
    assert running.run_jobs(clock=timezone.now).failed == 2


def test_a_job_whose_worker_died_twice_is_given_up_and_told() -> None:
    cast = make.cast()
    job = asked(cast.coordinator, cast.framework)
    for hours in (1, 2):
        running.jobs.claim(at=later(hours=hours), lease=limits.LEASE)
    done = running.run_jobs(clock=lambda: later(hours=3))
    job.refresh_from_db()

    assert done.failed == 1
    assert (job.state, job.lease) == ("failed", "")
    assert told(job)[0] == ("job_failed", "Coordinator", "inbox")


def limited(code: str, **changed: Any) -> int:
    """Run Python with the limits of a job, some of them changed; return its exit code."""
    changes = "".join(f"limits.{name} = {value}\n" for name, value in changed.items())
    text = (
        "from recommendations.background import limits\n"
        f"{changes}limits.limit_this_process()\n{code}"
    )
    return subprocess.run([sys.executable, "-c", text], cwd=site.BASE_DIR, check=False).returncode


def test_the_kernel_ends_a_program_whose_time_is_over() -> None:
    assert limited("import time; time.sleep(30)", SECONDS=1) == -14
    assert limited("raise SystemExit(7)", SECONDS=1) == 7


def test_a_program_gets_no_more_memory_and_no_larger_file_than_it_may(tmp_path: Path) -> None:
    greedy = "try:\n    bytearray(600_000_000)\nexcept MemoryError:\n    raise SystemExit(7)"
    large = (
        f"import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    open({json.dumps(str(tmp_path / 'large'))}, 'wb').write(bytes(3_000_000))\n"
        "except OSError:\n    raise SystemExit(8)"
    )

    assert limited(greedy, MEMORY=500_000_000) == 7
    assert limited(greedy) == 0
    assert limited(large, LARGEST_FILE=1_000_000) == 8


def sent_to_be_checked(by: User, cast: make.Cast, content: bytes) -> Job:
    """Return the job of a file that a person sent to be checked."""
    stored_as = files.take_in(ContentFile(content))
    parameters = {"file_name": "a report.json", "stored_as": stored_as, "beside": ""}
    return jobs.ask(Job.Kind.CHECK, parameters, framework=cast.framework, by=by, at=make.NOW)


def checked(by: User, cast: make.Cast, content: bytes) -> str:
    """Return what is said of a file that a person sent to be checked."""
    job = sent_to_be_checked(by, cast, content)
    running.run_jobs(clock=timezone.now)
    return Job.objects.get(pk=job.pk, state="ready").outcome


def file_of(cast: make.Cast, **more: Any) -> bytes:
    """Return a report of this site, as JSON."""
    chosen, file = wanted(cast.framework, **more), io.BytesIO()
    outputs.write(make_report(chosen.report, chosen.asked(timezone.now())), "json", file)
    return file.getvalue()


def test_a_file_is_checked_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    cast = make.cast()
    make.accepted(cast)
    true = file_of(cast)
    false = true.replace(b'"accepted"', b'"declined"', 1)

    assert checked(cast.coordinator, cast, true) == (
        "Made again for 4 May 2026, 10:30 UTC, the file is the same to the byte."
    )
    assert "The file differs from the one that is made now" in checked(
        cast.coordinator, cast, false
    )
    assert "does not say which report it is" in checked(cast.coordinator, cast, b"%PDF nothing")
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == []
    heading = lines(Delivery.objects.filter(channel="inbox"))[0].heading
    assert heading == "A file is checked: check of a report.json"


def test_nobody_is_told_whether_a_figure_that_they_may_not_see_is_true() -> None:
    cast = make.cast()
    make.accepted(cast)
    inside, own = file_of(cast), file_of(cast, report="agency", agency="ILO")
    public = file_of(cast, scope=Scope.PUBLIC)
    refused = "It holds what is not public. Sign in as somebody who may see it."
    same = "Made again for 4 May 2026, 10:30 UTC, the file is the same to the byte."

    def said(person: User, file: bytes) -> str:
        job = sent_to_be_checked(person, cast, file)
        with tempfile.TemporaryDirectory() as folder:
            files.bring_input(job, Path(folder))
            outcome = checking.check(job, Path(folder), now=timezone.now(), tell=print)["outcome"]
        job.delete()
        return outcome

    told = {
        person.name: [said(person, file) for file in (inside, own, public)]
        for person in (cast.coordinator, cast.ilo_focal_point, cast.iom_focal_point)
    }

    assert told == {
        "Coordinator": [same, same, same],
        "ILO focal point": [refused, same, same],
        "IOM focal point": [refused, refused, same],
    }


def test_the_program_of_a_job_runs_within_the_limits() -> None:
    text = (
        "import resource, signal, django\ndjango.setup()\n"
        "from django.core.management import CommandError, call_command\n"
        "try:\n    call_command('make_job', '0', 'none', 'nowhere')\n"
        "except CommandError as error:\n    print(error)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[1], signal.alarm(0) > 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", text], cwd=site.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert ended.stdout == f"This lease holds no job.\n{limits.MEMORY} True\n"
