"""CSV: values that programs read back, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from recommendations.reporting.outputs import file_name, media_type, sidecar, write
from recommendations.reporting.outputs.guard import guarded, unguarded
from recommendations.reporting.reports.canonical import properties
from recommendations.reporting.reports.shape import Report
from tests.recommendations.reporting.outputs import samples
from tests.recommendations.reporting.outputs.formulas import HARMLESS, LEADS, PAYLOADS

BLANK = " \t\r\n\v\f\"'\u00a0\u200b\u202e\ufeff"


def written(report: Report, format: str = "csv") -> bytes:
    file = io.BytesIO()
    write(report, format, file)
    return file.getvalue()


def lines(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(
        csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    )


def is_live(cell: str) -> bool:
    """Say whether the cell begins a formula, were blanks and quotes passed over."""
    return not cell.startswith("'") and cell.lstrip(BLANK).startswith(LEADS)


def test_a_report_of_one_table_is_one_file_of_codes_numbers_and_days() -> None:
    content = written(samples.report())

    assert content.startswith(b"\xef\xbb\xbfagency,")
    assert lines(content) == [
        ["agency", "name", "status", "late", "target_on", "reported_at", "done", "address"],
        [
            "ILO",
            "International Labour Organization",
            "on_hold",
            "-3",
            "2014-03-31",
            "2013-10-04T08:30:00Z",
            "Two seminars.\nOne more in May.",
            samples.ADDRESS,
        ],
        ["IOM", "", "no_report", "", "", "", "", samples.ADDRESS],
    ]


def test_the_file_beside_it_says_what_it_is_and_explains_its_columns_and_codes() -> None:
    report = samples.report()
    beside = sidecar(report, "csv")
    assert beside is not None
    said = json.loads(beside)

    assert said["properties"] == properties(report)
    assert said["code_book"][2] == {
        "section": "assignments",
        "column": "status",
        "code": "",
        "meaning": "How far it is.",
    }
    assert [one["code"] for one in said["code_book"] if one["code"]] == list(samples.STATUSES)


def test_a_report_of_several_tables_is_an_archive_that_explains_itself() -> None:
    report = samples.everything()
    with zipfile.ZipFile(io.BytesIO(written(report))) as archive:
        names = archive.namelist()
        said = json.loads(archive.read("properties.json"))
        texts = lines(archive.read("answers.csv"))

    assert names == [
        "assignments.csv",
        "answers.csv",
        "annex.csv",
        "code_book.csv",
        "properties.json",
    ]
    assert said["properties"] == properties(report)
    assert texts[1] == ["What was done", "ILO", "fr", "Deux séminaires."]
    assert sidecar(report, "csv") is None
    assert media_type(report, "csv") == "application/zip"
    assert file_name(report, "csv") == "hld-2013-full-2013-H2-20131123T1000Z-en.csv.zip"


def test_a_csv_is_the_same_in_every_language() -> None:
    french = samples.report(language="fr", title="Données")
    assert written(french) == written(samples.report())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_the_spreadsheet_takes_for_a_separator(
    delimiter: str,
) -> None:
    content = written(samples.of_texts([*PAYLOADS, *HARMLESS]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = [
            cell
            for name in ("assignments.csv", "assignments_texts.csv")
            for line in lines(archive.read(name), delimiter)
            for cell in line
        ]

    assert len(PAYLOADS) >= 60
    assert [cell for cell in cells if is_live(cell)] == []


def test_a_guarded_text_is_given_back_to_the_letter() -> None:
    changed = [text for text in (*PAYLOADS, *HARMLESS) if unguarded(guarded(text)) != text]
    assert changed == []
    assert [guarded(text) for text in ("It’s", "2 = 1 + 1", "a; b", "'quoted'")] == [
        "It’s",
        "2 = 1 + 1",
        "a; b",
        "'quoted'",
    ]
    assert (guarded("=1"), guarded("'=1"), guarded("a;-1")) == ("'=1", "''=1", "a;'-1")


def test_what_is_no_character_is_marked() -> None:
    content = written(samples.of_texts(["a\x00b\x1bc\ud800d\ufffee"]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (_heads, line) = lines(archive.read("assignments.csv"))

    assert line == ["a�b�c�d�e"] * 5
