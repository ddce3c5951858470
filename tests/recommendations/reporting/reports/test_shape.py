"""The shape of reports: codes that stay, words that follow the language, hashes of content."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pytest_django import Settings

from recommendations.models import Framework
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import canonical, properties, section_hashes
from recommendations.reporting.reports.catalogue import make
from recommendations.reporting.reports.code_book import Explained, code_book
from recommendations.reporting.reports.shape import Passage, Report, Section
from tests.make import NOW, later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    framework, (action,), (agency,) = builders.world()
    builders.held(action, agency)
    return make(
        "full",
        Asked(
            framework=framework,
            as_of=later(days=1),
            now=later(days=2),
            scope=Scope.PUBLIC,
            language="en",
        ),
    )


def test_the_canonical_form_holds_codes_moments_and_no_words(report: Report) -> None:
    content = json.loads(canonical(report))

    assert content["as_of"] == later(days=1).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (content["report"], content["scope"], content["filters"]) == ("full", "public", {})
    section = next(one for one in content["sections"] if one["key"] == "assignments")
    row = dict(zip(section["columns"], *section["rows"], strict=True))
    assert (row["role"], row["status"], row["since"]) == ("lead", "no_report", None)


def test_a_changed_value_changes_the_hash_of_its_section_and_a_word_does_not(
    report: Report,
) -> None:
    others = [one for one in report.sections if one.key != "assignments"]
    (section,) = (one for one in report.sections if one.key == "assignments")
    assert section.table is not None

    def having(changed: Section) -> Report:
        return replace(report, sections=(*others, changed))

    before = having(section)
    worded = having(replace(section, title="Affectations"))
    emptied = having(replace(section, table=replace(section.table, rows=())))

    assert section_hashes(worded) == section_hashes(before)
    assert canonical(worded) == canonical(before)
    hashes, old = section_hashes(emptied), section_hashes(before)
    assert [key for key in old if hashes[key] != old[key]] == ["assignments"]


def test_a_text_is_hashed_with_the_part_that_it_is(report: Report) -> None:
    def written(part: str) -> dict[str, str]:
        text = Passage(heading="Heading", source="A1, ILO", part=part, text="Two seminars.")
        one = Section(key="texts", title="Texts", passages=(text,))
        return section_hashes(replace(report, sections=(one,)))

    assert written("done") != written("challenges")


def test_a_report_says_what_it_is_so_that_it_can_be_made_again(report: Report) -> None:
    said = properties(report)

    assert said["counts"]["assignments"] == 1
    assert [*said["counts"]] == [*said["hashes"]] == [one.key for one in report.sections]
    assert (said["settled"], said["language"], said["release"]) == (True, "en", "0.1.0")
    assert (said["publisher"], said["licence"]) == ("testserver", "")
    assert said["address"].endswith(f"/f/{report.framework}/data/?as_of=" + said["as_of"][:16])


def test_a_report_says_under_which_terms_it_may_be_used(report: Report, settings: Settings) -> None:
    settings.DATA_LICENCE = "CC BY 4.0"

    assert properties(report)["licence"] == "CC BY 4.0"


def test_a_report_of_this_minute_is_not_settled(report: Report) -> None:
    asked = Asked(
        framework=Framework.objects.get(),
        as_of=NOW,
        now=NOW,
        scope=Scope.PUBLIC,
        language="en",
    )
    assert make("full", asked).settled is False


def test_the_code_book_explains_every_column_and_every_code(report: Report) -> None:
    explained = [one for one in code_book(report) if one.section == "assignments"]

    assert [one.column for one in explained if not one.code] == [
        "area",
        "action",
        "agency",
        "agency_name",
        "role",
        "acceptance",
        "status",
        "claim",
        "assessed",
        "since",
        "reported_at",
        "target_on",
        "target_precision",
        "target_text",
    ]
    assert [one for one in explained if one.column == "role" and one.code] == [
        Explained("assignments", "role", "lead", "Lead"),
        Explained("assignments", "role", "co_lead", "Co-lead"),
        Explained("assignments", "role", "supporting", "Supporting"),
    ]
