"""Files of public figures: made once for a moment, kept on this machine, sent to everybody."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.http.response import HttpResponseBase

from recommendations.models import Framework
from recommendations.reporting.reports.canonical import as_json
from recommendations.reporting.reports.catalogue import make
from recommendations.reporting.reports.code_book import code_book
from recommendations.reporting.reports.wanted import Wanted
from recommendations.web.attachments import attached, name_and_type, write
from recommendations.web.visitor import Visitor

MOST_KEPT = 500
MOST_A_MINUTE = 60
"""Files that this machine makes in a minute: more is no reader, and would slow everybody."""

Writer = Callable[[BinaryIO], None]


class TooBusy(Exception):
    """As many files are being made as this machine makes in a minute (HTTP 429)."""


def public_file(
    wanted: Wanted, format: str, framework: Framework, who: Visitor
) -> HttpResponseBase:
    """Return the answer that sends a file of a public report.

    Raises NoSuchFile, DidNotExist, NotOffered, TooBusy.
    """

    def write_all(file: BinaryIO) -> None:
        report = make(wanted.report, wanted.asked(who.at))
        name, media_type = name_and_type(report, format)
        file.write(as_json({"name": name, "media_type": media_type}) + b"\n")
        write(report, format, file)

    file = kept(wanted, format, framework, write_all)
    says = json.loads(file.readline())
    return attached(file, name=says["name"], media_type=says["media_type"])


def public_book(wanted: Wanted, framework: Framework, who: Visitor) -> list[dict[str, str]]:
    """Return the code book of a public report: section, column, code, meaning.

    Raises what `public_file` raises.
    """

    def write_book(file: BinaryIO) -> None:
        report = make(wanted.report, wanted.asked(who.at))
        file.write(as_json([vars(one) for one in code_book(report)]))

    with kept(wanted, "code book", framework, write_book) as file:
        found: list[dict[str, str]] = json.load(file)
    return found


def kept(wanted: Wanted, format: str, framework: Framework, write: Writer) -> BinaryIO:
    """Return a file that is kept, made now where it is not; open at its beginning.

    Known by all that decides its bytes, and by the public counter: what was retracted must
    not stay in a file of an earlier moment. Raises TooBusy, and what `write` raises.
    """
    parts: list[Any] = [settings.RELEASE, settings.PUBLISHER, settings.DATA_LICENCE]
    parts += [framework.pk, framework.public_counter, format]
    parts += sorted(wanted.parameters.items())
    folder: Path = settings.VAR / "made"
    path = folder / hashlib.sha256(repr(parts).encode()).hexdigest()
    with contextlib.suppress(FileNotFoundError):
        return path.open("rb")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_room(folder)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path.open("rb")


def make_room(folder: Path) -> None:
    """Remove the oldest files where there are many; raises TooBusy where many are new."""
    found = sorted((path.stat().st_mtime, path) for path in folder.iterdir())
    if sum(made > time.time() - 60 for made, _path in found) >= MOST_A_MINUTE:
        raise TooBusy
    for _made, path in found[: max(0, len(found) - MOST_KEPT + 1)]:
        path.unlink(missing_ok=True)
