"""Make a report as a file, or say whether a file is what it says."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.reporting.beginnings import moment_in
from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.moments import UnusableMoment, written
from recommendations.reporting.outputs import FORMATS, LANGUAGES, CannotPrint, sidecar, write
from recommendations.reporting.reports import finding
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.catalogue import CATALOGUE, NotOffered, make
from recommendations.reporting.reports.shape import Report
from recommendations.reporting.reports.verify import UnreadableFile, Unverifiable, verify


class Command(BaseCommand):
    """Write a report of a moment; with --verify make the report of a file again and compare.

    Without --as-of it is of now, which is not settled yet: its figures can still change.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which report, about what, of when, for whom, and in which form."""
        parser.add_argument("name", nargs="?", choices=[*CATALOGUE], help="the report")
        parser.add_argument("--verify", metavar="FILE", help="say whether a file is what it says")
        parser.add_argument("--framework", default="", help="slug; the default one without it")
        parser.add_argument("--round", default="", help="code of a round")
        parser.add_argument("--agency", default="", help="code of an agency")
        parser.add_argument("--area", default="", help="code of an area")
        parser.add_argument("--as-of", default="", help="moment in UTC, such as 2013-11-23T10:00")
        parser.add_argument(
            "--scope",
            choices=[one.value for one in Scope],
            default=Scope.PUBLIC.value,
            help="public: what is published; inside: what is approved, published or not",
        )
        parser.add_argument(
            "--lang",
            "--language",
            choices=[*LANGUAGES],
            default="en",
            dest="language",
            help="its language",
        )
        parser.add_argument("--format", choices=FORMATS, help="its format")
        parser.add_argument("-o", "--output", metavar="FILE", help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or verify, and say what was done."""
        if options["verify"]:
            self.verify(options["verify"])
            return
        for needed in ("name", "format", "output"):
            if not options[needed]:
                raise CommandError(f"Say which report, --format and -o FILE: no {needed}.")
        report = report_of(options, timezone.now())
        written_to = save(report, options["format"], Path(options["output"]))
        for path in written_to:
            self.stdout.write(f"{path}: {path.stat().st_size} bytes")
        self.stdout.write(report.position)
        if not report.settled:
            self.stdout.write("Not yet settled: its figures can still change.")

    def verify(self, path: str) -> None:
        """Print the verdict on a file; exit 1 where it is not what it says."""
        try:
            verdict = verify(path)
        except (UnreadableFile, Unverifiable, OSError) as problem:
            raise CommandError(str(problem)) from problem
        said = "\n".join(verdict.sentences)
        if not verdict.holds:
            raise CommandError(said)
        self.stdout.write(said)


def report_of(options: dict[str, Any], now: datetime) -> Report:
    """Return the report that the options ask for. Raises CommandError with words."""
    now = now.replace(microsecond=0)
    codes = {name: options[name] for name in ("round", "agency", "area") if options[name]}
    try:
        framework = finding.framework_called(options["framework"])
        asked = Asked(
            framework=framework,
            as_of=moment_in(framework, options["as_of"], now),
            now=now,
            scope=Scope(options["scope"]),
            language=options["language"],
            **finding.about(framework, codes),
        )
        return make(options["name"], asked)
    except (finding.Unknown, UnusableMoment, NotOffered) as problem:
        raise CommandError(str(problem)) from problem
    except DidNotExist as problem:
        moment = written(asked.as_of)
        words = f"What the report is about was not recorded yet on {moment} UTC."
        raise CommandError(words) from problem


def save(report: Report, format: str, path: Path) -> list[Path]:
    """Write a file, and what goes beside it, whole or not at all; return their paths."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            write(report, format, file)
        unfinished.replace(path)
    except CannotPrint as problem:
        raise CommandError(str(problem)) from problem
    except OSError as problem:
        raise CommandError(f"{path} could not be written: {problem.strerror}.") from problem
    finally:
        unfinished.unlink(missing_ok=True)
    beside = sidecar(report, format)
    if beside is None:
        return [path]
    said = path.with_name(f"{path.name}.json")
    said.write_bytes(beside)
    return [path, said]
