"""Is a file what it says? It is made again for its moment, and the two are compared."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.reporting.facts import DidNotExist, Scope
from recommendations.reporting.moments import SETTLING, written
from recommendations.reporting.outputs import (
    LANGUAGES,
    UnreadableFile,
    read_properties,
    sidecar,
    why_not,
    write,
)
from recommendations.reporting.reports import finding
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.canonical import section_hashes
from recommendations.reporting.reports.catalogue import CATALOGUE, NotOffered, make
from recommendations.reporting.reports.parts import REST, differing, format_of
from recommendations.reporting.reports.shape import Report
from recommendations.reporting.sentences import listed


class Unverifiable(ValueError):
    """The file cannot be made again here (HTTP 400). Says why."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of comparing a file with the one that is made now for its moment.

    `holds` says whether it is what it says. `compared_bytes` is false for a file of another
    release: only the hashes of its sections were compared. `differing` are the keys of the
    sections that differ, `titles` what they are called; `elsewhere` says that something else
    differs, and `unnamed` that a PDF differs, of which no section can be named.
    """

    report: str
    as_of: datetime
    settled: bool
    made_by: str
    release: str
    compared_bytes: bool
    holds: bool
    differing: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    elsewhere: bool = False
    unnamed: bool = False

    @property
    def sentences(self) -> list[str]:
        """Return the verdict in words, sentence by sentence."""
        moment = {"moment": written(self.as_of)}
        said = []
        if not self.compared_bytes:
            said.append(
                _(
                    "Release %(then)s made this file, and this is release %(now)s: only the "
                    "hashes of its sections were compared, not its bytes."
                )
                % {"then": self.made_by, "now": self.release}
            )
        if self.holds:
            same = _("Made again for %(moment)s UTC, the file is the same to the byte.")
            hashes = _("Made again for %(moment)s UTC, every section is the same.")
            said.append((same if self.compared_bytes else hashes) % moment)
        else:
            told = _("The file differs from the one that is made now for %(moment)s UTC.")
            said += [told % moment, *self.what_differs]
        if not self.settled:
            said.append(_("It was made before its moment was settled, so its figures may differ."))
        return said

    @property
    def what_differs(self) -> list[str]:
        """Return which sections differ, and whether something else does."""
        said = []
        if self.differing:
            names = [
                f"{title} ({key})" for key, title in zip(self.differing, self.titles, strict=True)
            ]
            said.append(_("What differs: %(names)s.") % {"names": listed(names)})
        if self.elsewhere:
            said.append(_("What it says about itself, or its form, differs."))
        if self.unnamed:
            said.append(_("Which section of a PDF was changed cannot be told."))
        return said


def verify(path: str | Path, *, scopes: Collection[Scope] = tuple(Scope)) -> Verdict:
    """Make the report of a file again and compare; `scopes` are those that the asker may see.

    Raises UnreadableFile for what is no report of ours, Unverifiable where it cannot be made
    again here or is of a scope that the asker may not see.
    """
    path = Path(path)
    said = read_properties(path)
    content = path.read_bytes()
    report = made_again(said, scopes)
    if because := why_not(format_of(content), report.language):
        raise Unverifiable(because)
    hashes = section_hashes(report)
    stated = said["hashes"]
    differ = [key for key, hashed in hashes.items() if stated.get(key) != hashed]
    elsewhere = bool(stated.keys() - hashes.keys())
    same_release = said.get("release") == settings.RELEASE
    holds = not differ and not elsewhere
    unnamed = False
    if same_release:
        holds, found = compared(report, path, content)
        differ = [key for key in hashes if key in differ or key in found]
        elsewhere = elsewhere or REST in found
        unnamed = not holds and not differ and not elsewhere
    titles = {one.key: one.title for one in report.sections}
    return Verdict(
        report=report.name,
        as_of=report.as_of,
        settled=bool(said.get("settled")),
        made_by=str(said.get("release")),
        release=settings.RELEASE,
        compared_bytes=same_release,
        holds=holds,
        differing=tuple(differ),
        titles=tuple(titles[key] for key in differ),
        elsewhere=elsewhere,
        unnamed=unnamed,
    )


def made_again(said: dict[str, Any], scopes: Collection[Scope]) -> Report:
    """Return the report of a file as it is made now. Raises Unverifiable."""
    try:
        return make(str(said["report"]), asked_by(said, scopes))
    except (DidNotExist, NotOffered) as problem:
        words = str(problem) or _("What it is about did not exist yet at its moment.")
        raise Unverifiable(words) from problem


def asked_by(said: dict[str, Any], scopes: Collection[Scope]) -> Asked:
    """Return what has to be asked to make a file again, from what it says of itself."""
    known = (said.get("report") in CATALOGUE, said.get("language") in LANGUAGES)
    try:
        as_of = datetime.fromisoformat(str(said.get("as_of")))
        scope = Scope(said.get("scope"))
        if not all(known) or as_of.utcoffset() != timedelta(0):
            raise ValueError
    except ValueError as problem:
        raise Unverifiable(_("It says of itself what this site does not know.")) from problem
    if scope not in scopes:
        raise Unverifiable(_("It holds what is not public. Sign in as somebody who may see it."))
    try:
        framework = finding.framework_called(str(said.get("framework")))
        about = finding.about(framework, {str(k): str(v) for k, v in said["filters"].items()})
    except (finding.Unknown, KeyError) as problem:
        raise Unverifiable(_("What it is about is not on this site.")) from problem
    return Asked(
        framework=framework,
        as_of=as_of,
        now=as_of + SETTLING if said.get("settled") else as_of,
        scope=scope,
        language=str(said["language"]),
        **about,
    )


def compared(report: Report, path: Path, content: bytes) -> tuple[bool, list[str]]:
    """Compare a file with the one that is made now: whether it is the same, and what is not."""
    try:
        format = format_of(content)
        buffer = io.BytesIO()
        write(report, format, buffer)
        beside = sidecar(report, format)
        told = path.with_name(f"{path.name}.json").read_bytes() if beside is not None else None
        found = differing(report, buffer.getvalue(), content)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, json.JSONDecodeError):
        return False, [REST]
    if told != beside and REST not in found:
        found.append(REST)
    return buffer.getvalue() == content and told == beside, found


__all__ = ["UnreadableFile", "Unverifiable", "Verdict", "verify"]
