"""Reports of the inside: asked for by the question, made at once or later, for whoever may."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agencies import revisions
from agencies.models import Appointment
from recommendations.domain import jobs
from recommendations.models import Job
from recommendations.reporting.outputs import fonts
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import OFFERS
from recommendations.reporting.reports.catalogue import make as make_report
from tests import make
from tests.make import later
from tests.recommendations.background.asking import asked, wanted
from tests.recommendations.web.pages import links_of, text_of

REPORTS, ASK = "/f/hld-2013/reports/", "/f/hld-2013/reports/ask/"
FULL = {"report": "full", "format": "json", "language": "en"}


@pytest.fixture(autouse=True)
def a_day_later(clock: Any, settings: Settings, tmp_path: Any) -> None:
    """Ask when the figures of the first day are settled; keep files elsewhere."""
    clock.now = later(days=1)
    settings.MEDIA_ROOT = tmp_path


def ready(job: Job, content: bytes = b"figures") -> Job:
    """Let a job be ready, with a file."""
    stored_as = default_storage.save("jobs/made", ContentFile(content))
    Job.objects.filter(pk=job.pk).update(
        state="ready",
        stored_as=stored_as,
        file_name="full.json",
        media_type="application/json",
        size=len(content),
        finished_at=later(hours=2),
        expires_at=later(days=30),
        lease="",
        lease_until=None,
    )
    return Job.objects.get(pk=job.pk)


def questions(client: Client) -> list[str]:
    """Return the names of the reports that the page offers."""
    return [form.offer.name for form in client.get(REPORTS).context["forms"]]


def test_who_oversees_is_offered_every_report_and_an_agency_its_own(cast, signed_in):
    assert questions(signed_in(cast.coordinator)) == [offer.name for offer in OFFERS]
    assert questions(signed_in(cast.ilo_focal_point)) == ["agency"]
    (form,) = signed_in(cast.ilo_focal_point).get(REPORTS).context["forms"]
    assert [code for code, _name in form.fields["agency"].choices] == ["ILO"]


def test_a_long_report_becomes_a_job_of_the_newest_settled_moment(cast, signed_in):
    client = signed_in(cast.coordinator)
    answer = client.post(ASK, FULL)
    job = Job.objects.get()
    page = text_of(client.get(REPORTS))

    assert answer["Location"] == f"{REPORTS}#job-{job.pk}"
    assert (job.owner, job.state) == (cast.coordinator, "waiting")
    assert job.asked_for["as_of"] == "2026-05-05T09:28:00Z"
    assert job.asked_for["scope"] == "inside"
    assert "The report is being made. You are told when it is ready." in page
    assert "Full data, JSON 5 May 2026 09:28 UTC Waiting" in page


def test_asked_for_again_the_same_report_is_found(cast, signed_in):
    client = signed_in(cast.coordinator)
    typed = {**FULL, "as_of": "2026-05-04T10:30"}
    client.post(ASK, typed)
    ready(Job.objects.get())
    answer = client.post(ASK, typed, follow=True)

    assert "This report is there already." in text_of(answer)
    assert Job.objects.count() == 1


def test_how_far_it_is_stands_in_its_line_with_a_link_to_look_again(cast, signed_in):
    client = signed_in(cast.coordinator)
    job = asked(cast.coordinator, cast.framework)
    jobs.claim(at=later(days=1), lease=jobs.KEPT)
    Job.objects.update(progress=40)

    assert "Being made, 40 %" in text_of(client.get(REPORTS))
    assert "Look again how far it is" in text_of(client.get(REPORTS))
    ready(Job.objects.get())
    assert "Look again how far it is" not in text_of(client.get(REPORTS))
    assert f"{REPORTS}{job.pk}/file/" in links_of(client.get(REPORTS))


def test_the_file_is_handed_out_as_an_attachment(cast, signed_in):
    job = ready(asked(cast.coordinator, cast.framework))
    answer = signed_in(cast.coordinator).get(f"{REPORTS}{job.pk}/file/")

    assert b"".join(answer.streaming_content) == b"figures"
    assert answer["Content-Disposition"] == 'attachment; filename="full.json"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_an_office_that_ended_closes_the_files_that_were_made_in_it(cast, signed_in):
    job = ready(asked(cast.coordinator, cast.framework))
    held = Appointment.objects.get(user=cast.coordinator)
    ended = {"until_on": make.START}
    revisions.revise(held, values=ended, by=None, at=make.NOW, note="Left.", version=held.version)

    assert signed_in(cast.coordinator).get(f"{REPORTS}{job.pk}/file/").status_code == 404


def test_a_short_report_comes_at_once_with_the_figures_of_its_moment(cast, signed_in):
    make.accepted(cast)
    client = signed_in(cast.coordinator)
    typed = {"report": "late", "format": "json", "as_of": "2026-05-04T10:30", "language": "en"}
    answer = client.post(ASK, typed)
    assert answer["Location"] == f"{REPORTS}late.json?as_of=2026-05-04T10%3A30&language=en"
    content = b"".join(client.get(answer["Location"]).streaming_content)
    report = make_report("late", wanted(cast.framework, report="late").asked(later(days=1)))

    assert canonical(report) in content
    assert Job.objects.count() == 0


def test_an_agency_reads_nothing_of_another_in_its_own_report(cast, signed_in):
    own, other = make.accepted(cast), make.action(cast.area, "A2", order=2)
    theirs = make.accepted(cast, action=other, agency=cast.iom, by=cast.iom_focal_point)
    round = make.open_round(cast)
    make.do("hold", round, by=cast.coordinator, at=later(minutes=1), note="Before the summit.")
    for held, person, text in (
        (own, cast.ilo_focal_point, "Our own words."),
        (theirs, cast.iom_focal_point, "Their held words."),
    ):
        update = make.sent(make.update_in(round, held), by=person, body={"done": text})
        make.approved(update, by=cast.coordinator, at=later(minutes=2))
    url = f"{REPORTS}agency.json?agency=ILO&as_of=2026-05-04T10:30"
    answer = signed_in(cast.ilo_focal_point).get(url)
    content = b"".join(answer.streaming_content).decode()

    assert "Our own words." in content
    assert "Their held words." not in content
    assert json.loads(content)["content"]["scope"] == "inside"
    assert signed_in(cast.iom_focal_point).get(url).status_code == 404
    assert signed_in(cast.ilo_focal_point).get(f"{REPORTS}late.json").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"as_of": "2026-05-06T10:00"}, "as_of", "That moment has not come yet."),
        ({"as_of": "2013-10-03T10:00"}, "as_of", "Nothing was recorded yet at that moment."),
        ({"as_of": "2026-05-05T09:29"}, "as_of", "The figures of that moment can still change."),
        ({"as_of": "soon"}, "as_of", "Write the moment like"),
        ({"format": "pdf", "language": "zh"}, "language", "Chinese needs a font such as Noto"),
        ({"format": "exe"}, "format", "Select a valid choice."),
        ({"area": "Z"}, "area", "Choose one of the list."),
    ],
)
def test_what_cannot_be_made_is_said_at_its_field_and_nothing_typed_is_lost(
    cast, signed_in, typed, field, says, monkeypatch
):
    monkeypatch.setattr(fonts, "chinese_folder", lambda: None)
    answer = signed_in(cast.coordinator).post(ASK, {**FULL, **typed})

    assert answer.status_code == 400
    assert says in text_of(answer)
    assert f'href="#full-{field}' in answer.content.decode()
    assert Job.objects.count() == 0


def test_a_framework_that_has_just_begun_has_no_settled_moment_yet(cast, signed_in, clock):
    clock.now = later(seconds=90)
    answer = signed_in(cast.coordinator).post(ASK, FULL)

    assert answer.status_code == 400
    assert "Wait two minutes: the framework is newer than that." in text_of(answer)


def test_the_sixth_report_under_way_has_to_wait(cast, signed_in):
    for hours in range(1, 6):
        asked(cast.coordinator, cast.framework, as_of=later(hours=hours))
    answer = signed_in(cast.coordinator).post(ASK, FULL)

    assert answer.status_code == 400
    assert "5 of your reports are being made. Wait until one is ready." in text_of(answer)


@pytest.mark.parametrize("state", ["failed", "expired"])
def test_what_failed_or_is_gone_is_asked_for_again_as_of_the_same_moment(cast, signed_in, state):
    job = asked(cast.coordinator, cast.framework)
    ended = {"finished_at": later(hours=2), "expires_at": later(days=30), "outcome": "It failed."}
    Job.objects.filter(pk=job.pk).update(state=state, **ended)
    client = signed_in(cast.coordinator)
    page = client.get(REPORTS)
    (line,) = page.context["lines"]
    client.post(ASK, dict(line.again))

    assert "It failed." in text_of(page)
    assert "Make it again" in text_of(page)
    again = Job.objects.exclude(pk=job.pk).get()
    assert again.asked_for["as_of"] == job.asked_for["as_of"]


def test_the_list_goes_on_page_by_page(cast, signed_in):
    for minutes in range(30):
        asked(cast.coordinator, cast.framework, as_of=later(minutes=minutes))
        Job.objects.update(state="failed", outcome="No.", finished_at=make.NOW, expires_at=make.NOW)
    client = signed_in(cast.coordinator)
    first = client.get(REPORTS)
    second = client.get(first.context["next_url"])
    shown = [line.job.pk for page in (first, second) for line in page.context["lines"]]

    assert (len(first.context["lines"]), len(second.context["lines"])) == (25, 5)
    assert shown == list(Job.objects.order_by("-pk").values_list("pk", flat=True))


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_asks_a_fixed_number_of_queries(cast, signed_in, rows):
    client = signed_in(cast.coordinator)
    for minutes in range(rows):
        asked(cast.coordinator, cast.framework, as_of=later(minutes=minutes))
        Job.objects.update(state="failed", outcome="No.", finished_at=make.NOW, expires_at=make.NOW)
    with CaptureQueriesContext(connection) as queries:
        client.get(REPORTS)

    assert len(queries) == 10


def test_the_page_of_a_round_leads_to_its_report_with_the_round_chosen(cast, signed_in):
    make.open_round(cast)
    make.planned_round(cast.framework, "2026-H2")
    client = signed_in(cast.coordinator)
    (link,) = [
        link
        for link in links_of(client.get("/f/hld-2013/rounds/2026-H1/"))
        if link.startswith(f"{REPORTS}?")
    ]

    assert link == f"{REPORTS}?round=2026-H1#round"
    assert '<option value="2026-H1" selected>' in client.get(link).content.decode()


def test_the_newest_round_that_has_opened_is_offered_before_those_to_come(cast, signed_in):
    make.open_round(cast)
    make.planned_round(cast.framework, "2026-H2")
    page = signed_in(cast.coordinator).get(REPORTS).content.decode()

    offered = [code for code in re.findall(r'<option value="([^"]+)"', page) if "-H" in code]
    assert offered[:2] == ["2026-H1", "2026-H2"]
