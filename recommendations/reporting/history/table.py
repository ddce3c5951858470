"""A history as a table: one line for each field that changed, the same for people and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC

from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.reporting.history.entries import Entry, name_of
from recommendations.reporting.history.narrowing import Narrowed
from recommendations.reporting.history.told import Told


def header(told: Told) -> list[str]:
    """Return the names of the columns; the public reads of no person and no reason."""
    names = [_("When (UTC)"), _("About"), _("What"), _("Field"), _("Before"), _("After")]
    return [*names, _("Who"), _("On behalf of"), _("Why")] if told.inside else names


def lines(told: Told, by: Narrowed) -> Iterator[list[str]]:
    """Return the lines of what is left, in the language of the reader though they come later."""
    found, subject = told.every(by), name_of(told.subject)
    return spoken(translation.get_language(), lines_of(found, subject, inside=told.inside))


def spoken(language: str | None, found: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield lines that are worded when they are asked for, in one language."""
    its = iter(found)
    while True:
        with translation.override(language):
            line = next(its, None)
        if line is None:
            return
        yield line


def lines_of(found: Iterable[Entry], subject: str, *, inside: bool) -> Iterator[list[str]]:
    """Yield a line for each field of an entry, or one for an entry without any."""
    for entry in found:
        about = entry.about or subject
        start = [f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", about, entry.words]
        end = [entry.who, entry.on_behalf_of, entry.why] if inside else []
        fields = [[one.label, one.before, one.after] for one in entry.changes] or [["", "", ""]]
        for each in fields:
            yield [*start, *each, *end]
