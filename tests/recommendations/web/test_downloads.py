"""Open data: for everybody, kept by readers until something public changes, the same for ever."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Framework
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.canonical import canonical
from recommendations.reporting.reports.catalogue import make as make_report
from recommendations.reporting.reports.wanted import Wanted
from recommendations.web import published
from tests import make
from tests.make import later
from tests.recommendations.web.pages import is_plain, links_of, text_of

DATA = "/f/hld-2013/data/"
MOMENT = "2026-05-04T10:30"


@pytest.fixture(autouse=True)
def a_day_later(clock: Any) -> None:
    """Ask when the figures of the first day are settled."""
    clock.now = later(days=1)


def content(answer: Any) -> bytes:
    """Return the bytes of a page or a file, read to the end."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def full(framework: Framework) -> bytes:
    """Return the canonical content of the public full data at the moment."""
    wanted = Wanted(
        framework=framework.slug,
        report="full",
        format="json",
        as_of=later(hours=1),
        scope=Scope.PUBLIC,
        language="en",
    )
    return canonical(make_report("full", wanted.asked(later(days=1))))


def test_the_page_leads_to_every_file_without_an_account(cast):
    answer = Client().get(DATA)
    links = links_of(answer)

    assert is_plain(answer)
    for format in ("csv", "xlsx", "json"):
        assert f"{DATA}full.{format}" in links
    assert f"{DATA}code-book/" in links
    assert "/f/hld-2013/updates.atom" in links
    assert [link for link in links if "late." in link or ".pdf" in link] == []
    assert "Published updates only. Position on 5 May 2026 09:28 UTC." in text_of(answer)


def test_the_page_is_small_and_asks_a_fixed_number_of_queries(cast):
    for number in range(30):
        make.agency(f"AG{number:02}")
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(DATA)

    assert len(queries) == 6
    assert len(gzip.compress(answer.content, 9)) < 6_000


def test_an_address_without_a_moment_leads_to_the_newest_settled_one(cast):
    answer = Client().get(f"{DATA}area.csv?area=A")

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{DATA}area.csv?area=A&as_of=2026-05-05T09%3A28",
    )
    assert answer["Cache-Control"] == "public, max-age=60"


def test_a_file_holds_the_public_figures_of_its_moment(cast):
    make.accepted(cast)
    answer = Client().get(f"{DATA}full.json?as_of={MOMENT}")

    assert answer["Content-Disposition"].startswith('attachment; filename="hld-2013-full-')
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies
    assert full(cast.framework) in content(answer)


def test_a_file_is_made_once_for_its_moment_and_again_when_something_public_changed(cast):
    update = make.approved(make.sent(make.owed(cast), by=cast.ilo_focal_point), by=cast.coordinator)
    url = f"{DATA}full.json?as_of={MOMENT}"
    first = content(Client().get(url))
    with CaptureQueriesContext(connection) as again:
        assert content(Client().get(url)) == first
    due, note = date(2026, 6, 15), "It names a person."
    make.do("retract", update, by=cast.coordinator, at=later(hours=2), note=note, due_on=due)
    with CaptureQueriesContext(connection) as anew:
        content(Client().get(url))

    assert len(again) == 6
    assert len(anew) > 10


def test_a_file_that_is_kept_is_made_anew_when_its_terms_change(cast, settings):
    url = f"{DATA}full.json?as_of={MOMENT}"
    first = json.loads(content(Client().get(url)))["properties"]["licence"]
    settings.DATA_LICENCE = "CC BY 4.0"
    second = json.loads(content(Client().get(url)))["properties"]["licence"]

    assert (first, second) == ("", "CC BY 4.0")


def test_the_tag_stays_while_only_held_things_happen_and_moves_with_a_publication(cast):
    update = make.owed(cast)
    round = update.duty.round
    make.do("hold", round, by=cast.coordinator, at=later(hours=1), note="Before the summit.")
    addresses = (DATA, f"{DATA}full.csv?as_of=2026-05-05T09:00", "/f/hld-2013/updates.atom")
    before = {url: Client().get(url) for url in addresses}
    tags = {url: answer["ETag"] for url, answer in before.items() if content(answer)}
    make.sent(update, by=cast.ilo_focal_point, at=later(hours=2))
    make.approved(update, by=cast.coordinator, at=later(hours=3))
    for url, tag in tags.items():
        unchanged = Client().get(url, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", tag)
    make.do("release", round, by=cast.coordinator, at=later(hours=4))

    for url, tag in tags.items():
        changed = Client().get(url, headers={"If-None-Match": tag})
        assert content(changed)
        assert (changed.status_code, changed["ETag"] != tag) == (200, True)


def test_people_who_are_signed_in_keep_nothing(cast, signed_in):
    answer = signed_in(cast.coordinator).get(DATA)

    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("full.csv?as_of=2026-05-06T10:00", 400, "That moment has not come yet."),
        ("full.csv?as_of=2013-10-03T10:00", 400, "Nothing was recorded yet at that moment."),
        ("full.csv?as_of=soon", 400, "Write the moment like 2013-11-23T10:00"),
        (f"full.csv?area=Z&as_of={MOMENT}", 400, "Choose one of the list."),
        (f"area.csv?as_of={MOMENT}", 400, "Choose one."),
        (f"responses.csv?agency=ILO&as_of={MOMENT}", 400, "cannot be narrowed by “agency”"),
        (f"full.csv?langauge=fr&as_of={MOMENT}", 400, "Did you mean “language”?"),
        (f"late.csv?as_of={MOMENT}", 404, ""),
        (f"full.pdf?as_of={MOMENT}", 404, ""),
        (f"everything.csv?as_of={MOMENT}", 404, ""),
    ],
)
def test_what_cannot_be_had_is_said(cast, path, status, says):
    answer = Client().get(f"{DATA}{path}")

    assert answer.status_code == status
    assert says in text_of(answer)


def test_more_files_than_a_machine_makes_in_a_minute_have_to_wait(cast, monkeypatch):
    monkeypatch.setattr(published, "MOST_A_MINUTE", 1)
    first = Client().get(f"{DATA}full.json?as_of={MOMENT}")
    second = Client().get(f"{DATA}full.json?as_of=2026-05-04T10:31")

    assert (first.status_code, second.status_code) == (200, 429)
    assert second["Retry-After"] == "60"
    assert "ETag" not in second
    assert content(Client().get(f"{DATA}full.json?as_of={MOMENT}")) == content(first)


def test_the_oldest_files_make_room(cast, monkeypatch, settings):
    monkeypatch.setattr(published, "MOST_KEPT", 2)
    for minute in range(31, 36):
        content(Client().get(f"{DATA}full.json?as_of=2026-05-04T10:{minute}"))

    assert len(list((settings.VAR / "made").iterdir())) == 2


def test_what_stands_beside_a_csv_of_one_table_says_what_it_is(cast):
    answer = Client().get(f"{DATA}responses.csv.json?as_of={MOMENT}")
    archived = Client().get(f"{DATA}full.csv.json?as_of={MOMENT}")

    assert (answer.status_code, archived.status_code) in [(200, 404), (404, 404)]
    if answer.status_code == 200:
        assert json.loads(content(answer))["properties"]["report"] == "responses"


def test_the_choices_of_the_page_lead_to_the_address_of_the_file(cast):
    answer = Client().get(f"{DATA}chosen/?report=area&format=xlsx&area=A&as_of=&language=en")

    assert answer["Location"] == f"{DATA}area.xlsx?area=A&language=en"


def test_the_code_book_explains_every_column(cast):
    words = text_of(Client().get(f"{DATA}code-book/"))

    assert "agency_name The name that it had at the moment." in words
    assert "co_lead Co-lead" in words


@pytest.mark.parametrize(
    ("path", "cites"),
    [
        (
            "actions/A1/",
            "Framework hld-2013: A1 Short title of A1. Position on 5 May 2026",
        ),
        ("actions/A1/ILO/", "Framework hld-2013: A1 Short title of A1, ILO. Position on"),
    ],
)
def test_a_page_says_how_to_cite_it_with_an_address_that_stays(cast, path, cites):
    make.accepted(cast)
    words = text_of(Client().get(f"/f/hld-2013/{path}"))

    assert cites in words
    assert f"http://testserver/f/hld-2013/{path}?as_of=2026-05-05T09:30" in words


def test_open_data_says_whose_it_is_and_under_which_terms(cast, settings):
    settings.PUBLISHER, settings.DATA_LICENCE = "Global Migration Group", "CC BY 4.0"
    words = text_of(Client().get("/f/hld-2013/data/"))

    assert "Published by: Global Migration Group. Terms of use: CC BY 4.0" in words
