"""`manage.py report`: files of a moment, and whether a file is what it says."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from recommendations.models import Round, Submission
from recommendations.reporting.facts import Scope
from recommendations.reporting.outputs import FORMATS, fonts, read_properties
from recommendations.reporting.reports.verify import Unverifiable, verify
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders

NOW = later(days=10)
AS_OF = "2026-05-10T10:00"


@pytest.fixture
def round(cast: make.Cast) -> Round:
    """Return a round in which the ILO has reported, ten days before now."""
    round = builders.a_round(cast.framework, "2026-H1")
    lead = builders.held(cast.action, cast.ilo)
    builders.said(builders.owed(round, lead), at=later(days=2), text="=Two; seminars")
    return round


def called(*words: str, at: Any = NOW) -> str:
    """Run the command at a moment and return what it printed."""
    said = io.StringIO()
    with time_machine.travel(at, tick=False):
        call_command("report", *words, stdout=said)
    return said.getvalue()


def written(tmp_path: Path, format: str, *words: str, name: str = "full") -> Path:
    """Write a report of a settled moment, inside, and return its file."""
    path = tmp_path / f"report.{format}"
    inside = ("--scope", "inside", "--as-of", AS_OF)
    called(name, *inside, "--format", format, "-o", str(path), *words)
    return path


def refused(*words: str, at: Any = NOW) -> str:
    """Run the command and return its refusal."""
    with pytest.raises(CommandError) as refusal:
        called(*words, at=at)
    return str(refusal.value)


def test_a_report_is_written_with_what_it_says_of_itself(round: Round, tmp_path: Path) -> None:
    path = tmp_path / "round.json"
    words = ("--round", "2026-h1", "--as-of", AS_OF, "--format", "json", "-o", str(path))

    said = called("round", *words)

    assert said.splitlines() == [
        f"{path}: {path.stat().st_size} bytes",
        "Position on 10 May 2026, 10:00 UTC. Published updates only.",
    ]
    properties = read_properties(path)
    assert (properties["report"], properties["scope"]) == ("round", "public")
    assert (properties["filters"], properties["settled"]) == ({"round": "2026-H1"}, True)
    assert sorted(tmp_path.iterdir()) == [path]


def test_without_a_moment_it_is_of_now_and_not_settled(round: Round, tmp_path: Path) -> None:
    path = tmp_path / "full.json"

    said = called("full", "--format", "json", "-o", str(path))

    assert said.splitlines()[-1] == "Not yet settled: its figures can still change."
    assert read_properties(path)["settled"] is False
    assert called("--verify", str(path), at=later(days=20)).splitlines() == [
        "Made again for 14 May 2026, 09:30 UTC, the file is the same to the byte.",
        "It was made before its moment was settled, so its figures may differ.",
    ]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["full", "work_plan"])
def test_a_file_is_the_same_to_the_byte_when_it_is_made_again(
    round: Round, tmp_path: Path, format: str, name: str
) -> None:
    path = written(tmp_path, format, name=name)

    assert called("--verify", str(path), at=later(days=400)).splitlines() == [
        "Made again for 10 May 2026, 10:00 UTC, the file is the same to the byte."
    ]


def repacked(path: Path, name: str, old: bytes, new: bytes) -> None:
    """Replace some bytes of an entry of an archive."""
    with zipfile.ZipFile(path) as archive:
        entries = {one: archive.read(one) for one in archive.namelist()}
    assert old in entries[name]
    entries[name] = entries[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in entries.items():
            archive.writestr(one, content)


def changed(path: Path) -> None:
    """Change a text in a file, and nothing that the file says of itself."""
    if path.suffix == ".json":
        path.write_bytes(path.read_bytes().replace(b"Two; seminars", b"Ten; seminars", 1))
    elif path.suffix == ".csv":
        repacked(path, "texts.csv", b"Two; seminars", b"Ten; seminars")
    elif path.suffix == ".xlsx":
        repacked(path, "xl/worksheets/sheet4.xml", b"Two; seminars", b"Ten; seminars")
    else:
        repacked(path, "word/document.xml", b"Two; seminars", b"Ten; seminars")


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "docx"])
def test_a_file_that_was_changed_names_the_section(
    round: Round, tmp_path: Path, format: str
) -> None:
    path = written(tmp_path, format)
    changed(path)

    assert refused("--verify", str(path)).splitlines() == [
        "The file differs from the one that is made now for 10 May 2026, 10:00 UTC.",
        "What differs: Texts in force (texts).",
    ]


def test_of_a_pdf_it_is_told_that_it_was_changed(round: Round, tmp_path: Path) -> None:
    path = written(tmp_path, "pdf")
    path.write_bytes(path.read_bytes() + b"\n%more\n")

    assert refused("--verify", str(path)).splitlines() == [
        "The file differs from the one that is made now for 10 May 2026, 10:00 UTC.",
        "Which section of a PDF was changed cannot be told.",
    ]


def test_what_the_rows_no_longer_say_is_named_in_every_format(round: Round, tmp_path: Path) -> None:
    paths = [written(tmp_path, format) for format in FORMATS]
    Submission.objects.update(status="on_hold", reason="x", resume_on="2027-01-01")

    for path in paths:
        verdict = verify(path)
        assert not verdict.holds
        assert verdict.differing == ("areas", "actions", "assignments", "texts", "agencies")


def test_of_another_release_only_the_hashes_are_compared(
    round: Round, tmp_path: Path, settings: Settings
) -> None:
    path = written(tmp_path, "xlsx")
    made_by, settings.RELEASE = settings.RELEASE, "9.9"
    first = (
        f"Release {made_by} made this file, and this is release 9.9: only the hashes of its "
        "sections were compared, not its bytes."
    )

    assert called("--verify", str(path)).splitlines() == [
        first,
        "Made again for 10 May 2026, 10:00 UTC, every section is the same.",
    ]

    Submission.objects.update(content_hash="1" * 64)
    assert refused("--verify", str(path)).splitlines() == [
        first,
        "The file differs from the one that is made now for 10 May 2026, 10:00 UTC.",
        "What differs: Texts in force (texts).",
    ]


def test_a_csv_of_one_table_is_compared_with_what_stands_beside_it(
    round: Round, tmp_path: Path
) -> None:
    path = written(tmp_path, "csv", name="work_plan")
    beside = path.with_name("report.csv.json")
    told = json.loads(beside.read_text())
    told["properties"]["counts"]["work_plan"] = 7
    beside.write_text(json.dumps(told))

    assert "What it says about itself, or its form, differs." in refused("--verify", str(path))

    beside.unlink()
    assert "does not say which report it is" in refused("--verify", str(path))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04junk", b"{", b"a,b", b"\xff"])
def test_what_is_no_report_is_refused_in_words(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    assert refused("--verify", str(path)) == (
        "file does not say which report it is. Choose a file that this site made."
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("as_of", "2026-05-10", "It says of itself what this site does not know."),
        ("scope", "all", "It says of itself what this site does not know."),
        ("report", "gossip", "It says of itself what this site does not know."),
        ("language", "xx", "It says of itself what this site does not know."),
        ("framework", "other", "What it is about is not on this site."),
        ("filters", {"agency": "WHO"}, "What it is about is not on this site."),
        ("filters", {"person": "1"}, "What it is about is not on this site."),
        (
            "as_of",
            "2001-05-10T10:00:00Z",
            "What it is about did not exist yet at its moment.",
        ),
    ],
)
def test_a_file_that_cannot_be_made_again_says_why(
    round: Round, tmp_path: Path, name: str, value: Any, said: str
) -> None:
    path = written(tmp_path, "json")
    told = json.loads(path.read_text())
    told["properties"][name] = value
    path.write_text(json.dumps(told))

    assert refused("--verify", str(path)) == said


def test_a_file_of_what_is_not_public_is_verified_for_insiders_only(
    round: Round, tmp_path: Path
) -> None:
    path = written(tmp_path, "json")

    with pytest.raises(Unverifiable) as refusal:
        verify(path, scopes=[Scope.PUBLIC])

    assert str(refusal.value) == (
        "It holds what is not public. Sign in as somebody who may see it."
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("full", "--framework", "x"),
            "There is no framework “x”. Those that there are: hld-2013.",
        ),
        (("round", "--round", "x"), "There is no round “x”. Those that there are: 2026-H1."),
        (("agency", "--agency", "x"), "There is no agency “x”. Those that there are: ILO, IOM."),
        (("area", "--area", "x"), "There is no area “x”. Those that there are: A."),
        (("agency",), "Say what this report is about: agency."),
        (("late",), "This report is for those who oversee the framework only."),
        (
            ("full", "--as-of", "2026-06-01"),
            "That moment has not come yet. Choose one up to 14 May 2026, 09:30 UTC. "
            "There are figures from 4 May 2026, 09:30 to 14 May 2026, 09:30 UTC.",
        ),
        (
            ("full", "--as-of", "2013-11-23T10:00"),
            "Nothing was recorded yet at that moment. "
            "Choose one from 4 May 2026, 09:30 to 14 May 2026, 09:30 UTC.",
        ),
    ],
)
def test_what_cannot_be_reported_is_refused_in_words(
    round: Round, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "file.json"

    assert refused(*words, "--format", "json", "-o", str(path)) == said
    assert list(tmp_path.iterdir()) == []


def test_what_no_font_draws_is_refused_and_not_called_a_forgery(
    round: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "chinese_folder", lambda: Path("/usr/share/fonts"))
    path = written(tmp_path, "docx", "--language", "zh")
    monkeypatch.setattr(fonts, "chinese_folder", lambda: None)
    said = (
        "Chinese needs a font such as Noto Sans CJK, and the server has none. Choose the "
        "workbook, CSV or JSON, or ask the operator to install fonts-noto-cjk."
    )
    asked = ("full", "--language", "zh", "--format", "pdf", "-o", str(tmp_path / "full.pdf"))

    assert (refused(*asked), refused("--verify", str(path))) == (said, said)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_round_that_was_recorded_after_the_moment_is_refused(
    round: Round, tmp_path: Path
) -> None:
    round.terms.update(recorded_at=later(days=8))
    words = ("round", "--round", "2026-H1", "--as-of", AS_OF, "--format", "json", "-o", "x")

    assert refused(*words) == (
        "What the report is about was not recorded yet on 10 May 2026, 10:00 UTC."
    )


def test_a_place_that_cannot_be_written_is_told(round: Round, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "full.json"

    assert refused("full", "--format", "json", "-o", str(path)) == (
        f"{path} could not be written: No such file or directory."
    )
