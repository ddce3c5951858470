"""Every format: what a file says of itself, and the same bytes whenever it is written."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pypdf
import pytest
import python_calamine
import time_machine
from pytest_django import Settings

from recommendations.reporting.facts import Scope
from recommendations.reporting.outputs import (
    FORMATS,
    UnknownFormat,
    UnreadableFile,
    file_name,
    read_properties,
    sidecar,
    write,
)
from recommendations.reporting.outputs.about import about
from recommendations.reporting.reports.canonical import properties
from recommendations.reporting.reports.shape import Report
from tests.recommendations.reporting.outputs import samples

ROOT = Path(__file__).parents[4]
ELSEWHERE = """
import json
import django
django.setup()
from tests.recommendations.reporting.outputs import samples
print(json.dumps(samples.digests()))
"""


def kept(report: Report, format: str, folder: Path) -> Path:
    """Write a file and what goes beside it into a folder."""
    path = folder / file_name(report, format)
    with path.open("wb") as file:
        write(report, format, file)
    beside = sidecar(report, format)
    if beside is not None:
        path.with_name(f"{path.name}.json").write_bytes(beside)
    return path


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("report", [samples.report(), samples.everything(settled=False)])
def test_a_file_says_what_it_is(format: str, report: Report, tmp_path: Path) -> None:
    assert read_properties(kept(report, format, tmp_path)) == properties(report)


def test_the_same_report_is_the_same_bytes_at_another_time_place_and_process() -> None:
    found = []
    for moment in ("2026-01-01T00:00:00Z", "2031-07-31T23:59:59Z"):
        with time_machine.travel(moment):
            found.append(samples.digests())
    for zone, seed in (("Pacific/Kiritimati", "1"), ("America/Bogota", "2")):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TZ": zone,
            "PYTHONHASHSEED": seed,
            "LANG": "C",
        }
        printed = subprocess.run(
            [sys.executable, "-c", ELSEWHERE],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found.append(json.loads(printed))

    assert len(found[0]) == 2 * len(FORMATS)
    assert found == [found[0]] * 4


def test_a_file_is_named_by_what_it_is_about() -> None:
    inside = samples.report(scope=Scope.INSIDE, filters=(("round", "R1"), ("agency", "ILO")))

    assert file_name(inside, "csv") == "hld-2013-full-R1-ILO-20131123T1000Z-inside-en.csv"
    with pytest.raises(UnknownFormat):
        file_name(inside, "odt")
    with pytest.raises(UnknownFormat):
        write(inside, "odt", io.BytesIO())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b'{"properties": []}',
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"agency,name\n",
        b"\xff",
    ],
)
def test_a_file_that_is_not_ours_is_refused_by_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match=r"^other\.csv does not say which report it is\."):
        read_properties(path)


def test_a_file_says_who_publishes_it_and_under_which_terms(settings: Settings) -> None:
    def said() -> list[str]:
        told = dict(about(samples.report()))
        return [told[name] for name in ("Published by", "Terms of use", "To cite")]

    settings.PUBLISHER = "Global Migration Group"
    unknown = said()
    settings.DATA_LICENCE = "CC BY 4.0"

    assert unknown == [
        "Global Migration Group",
        "No licence is stated: ask the secretariat.",
        "Global Migration Group: “Full data”, Chair’s recommendations. Position on 23 Nov 2013, "
        "10:00 UTC. Published updates only. "
        "http://testserver/f/hld-2013/data/?as_of=2013-11-23T10:00",
    ]
    assert said()[1] == "CC BY 4.0"


@pytest.mark.parametrize("format", FORMATS)
def test_every_file_carries_who_publishes_it_and_under_which_terms(
    format: str, settings: Settings, tmp_path: Path
) -> None:
    settings.PUBLISHER, settings.DATA_LICENCE = "Global Migration Group", "CC BY 4.0"
    path = kept(samples.report(), format, tmp_path)
    said = read_properties(path)
    printed = PRINTED[format](path) if format in PRINTED else ""

    assert (said["publisher"], said["licence"]) == ("Global Migration Group", "CC BY 4.0")
    assert ("CC BY 4.0" in printed, "Group: “Full data”" in printed) == (
        format in PRINTED,
        format in PRINTED,
    )


def said_in_pdf(path: Path) -> str:
    """Return the words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def said_in_word(path: Path) -> str:
    """Return the words of a Word document."""
    document = docx.Document(str(path)).element.body
    return " ".join(text.text or "" for text in document.iter(f"{{{document.nsmap['w']}}}t"))


def said_in_workbook(path: Path) -> str:
    """Return the words of the sheets of a workbook."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return " ".join(str(value) for row in rows for value in row)


PRINTED = {"pdf": said_in_pdf, "docx": said_in_word, "xlsx": said_in_workbook}
"""The formats that print what the file is; the others carry it in what is said of them."""
