"""Two texts beside each other: what a reviewer compares, and what two writers typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommendations.models import Evidence, RoundQuestion, Submission, SubmissionKind
from recommendations.reporting import shown


@dataclass(frozen=True)
class Row:
    """One field in its old and its new text; `change` is changed, added, removed or ""."""

    name: str
    label: str
    old: str
    new: str
    is_status: bool = False
    empty: str = ""

    @property
    def change(self) -> str:
        """Return what happened to the field."""
        if self.old == self.new:
            return ""
        if not self.old:
            return "added"
        return "changed" if self.new else "removed"


def rows(
    old: Submission | None,
    new: Submission,
    *,
    old_evidence: Iterable[Evidence] = (),
    new_evidence: Iterable[Evidence] = (),
    questions: Sequence[RoundQuestion] = (),
) -> list[Row]:
    """Return the fields of two submissions beside each other, in the order of the form.

    Of a questionnaire: the questions of the newer one's round, so that one which is no longer
    asked does not look like a text that was taken out.
    """
    before = {line.name: line for line in told(old, questions)} if old else {}
    after = {line.name: line for line in told(new, questions)}
    found = []
    for name, label in shown.labelled(questions).items():
        if name == "evidence":
            texts = shown.titles(old_evidence), shown.titles(new_evidence)
            found.append(Row(name, str(label), *texts))
        elif name in before or name in after:
            first, second = before.get(name), after.get(name)
            is_status = name == "status"
            texts = side(first, is_status), side(second, is_status)
            empty = next(str(line.empty) for line in (first, second) if line)
            found.append(Row(name, str(label), *texts, is_status, empty))
    return found


def told(submission: Submission, questions: Sequence[RoundQuestion] = ()) -> list[shown.Line]:
    """Return the lines of a submission, with the text that it repeats."""
    return [
        line
        for line in shown.lines(submission, repeats=submission.repeats, questions=questions)
        if line.name != "kind" or submission.kind != SubmissionKind.REPORT
    ]


def side(line: shown.Line | None, is_status: bool) -> str:
    """Return the text of one side."""
    if line is None:
        return ""
    return line.status if is_status else line.value


@dataclass(frozen=True)
class Both:
    """A field in which two writers differ: as the form holds it, and in words."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_in_words: str
    theirs_in_words: str


def both(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], *, fields: Mapping[str, Any]
) -> tuple[list[Both], dict[str, str]]:
    """Return the fields in which two forms differ, and the texts of all the others."""
    differing, same = [], {}
    for name, field in fields.items():
        left, right = plain(mine.get(name)), plain(theirs.get(name))
        if left == right:
            same[name] = left
            continue
        differing.append(
            Both(
                name,
                str(field.label),
                left,
                right,
                in_words(field, left),
                in_words(field, right),
            )
        )
    return differing, same


def in_words(field: Any, value: str) -> str:
    """Return what a field's value is called, where it is one of a list."""
    called = {str(choice): words for choice, words in getattr(field, "choices", ())}
    return str(called.get(value, value))


def plain(value: Any) -> str:
    """Return a value as a form posts it, with one kind of line end."""
    if value is None:
        return ""
    return str(getattr(value, "pk", value)).replace("\r\n", "\n").rstrip()
