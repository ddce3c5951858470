"""The code book of a report: what each column means, and each of its codes.

It is words only, so no section and no hash holds it; an output that carries data prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from recommendations.reporting.reports.shape import Report


@dataclass(frozen=True)
class Explained:
    """A column of a section, or one code of it, and what it means."""

    section: str
    column: str
    code: str
    meaning: str


def words(choices: type[TextChoices]) -> Mapping[str, str]:
    """Return the words of a closed list, in the language of the report."""
    return {value: str(label) for value, label in choices.choices}


def code_book(report: Report) -> Iterator[Explained]:
    """Yield what each column of a report means, then each of its codes."""
    for section in report.sections:
        for column in section.table.columns if section.table else ():
            yield Explained(section.key, column.key, "", column.meaning or column.title)
            for code, word in column.words.items():
                yield Explained(section.key, column.key, code, word)
