"""What the domain asks for, in the names of the bodies: for refusals and the reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recommendations.api.contents import CONTENT
from recommendations.api.facts import taken_by
from recommendations.domain.transition import Transition

NAMES = {
    "reason": "note",
    "comment": "note",
    "suggestion": "replace",
    "draft": "draft_version",
    "clearance": "draft_version",
}
"""The fields that stand for what a body does not have by its own name."""
COMPLETED = frozenset({"content", "draft_version"})
"""What is taken from the unsent text as it is, where a body does not give it."""
UNSENT = "an unsent text (PATCH …/draft/)"


def named(problems: Mapping[str, str], noun: str, verb: str, *, own: bool) -> dict[str, str]:
    """Return what is missing under the names of a body; of one's own text, under those of it."""
    place = "" if own and verb == "submit" else "content."
    return {name_in(noun, verb, name, place): words for name, words in problems.items()}


def name_in(noun: str, verb: str, name: str, place: str = "") -> str:
    """Return the field of a body that a fact is, `place` being where the body has the text."""
    names = {fact.name for fact in taken_by(noun, verb)}
    has_text = "content" in names
    if name.startswith("suggest_"):
        return f"suggestions.{name.removeprefix('suggest_')}"
    if has_text and name in {fact.name for fact in CONTENT}:
        return f"{place}{name}"
    if name in names:
        return name
    if NAMES.get(name) in names:
        return NAMES[name]
    return f"{place}body.{name}" if has_text else name


def begun(row: Transition[Any]) -> dict[str, bool]:
    """Return the fields with which what a verb needs begins, and whether it needs each always."""
    names = {fact.name for fact in taken_by(row.noun, row.verb)} - COMPLETED
    found = {}
    for words in row.requires:
        first = re.match(r"\w+", words)
        assert first is not None  # noqa: S101 -- each begins with a name
        name = name_in(row.noun, row.verb, first[0])
        if name in names:
            found[name] = first[0] == words
    return found


def needed(row: Transition[Any]) -> tuple[str, ...]:
    """Return the fields without which a verb is always refused."""
    return tuple(name for name, always in begun(row).items() if always)


def needs(row: Transition[Any]) -> str:
    """Return the same in words, with what is needed at times and where."""
    said = []
    for words in row.requires:
        if words == "draft":
            said.append(UNSENT)
        elif words not in COMPLETED:
            said.append(re.sub(r"\w+", lambda one: named_as(row, one[0]), words))
    return "; ".join(said)


def named_as(row: Transition[Any], word: str) -> str:
    """Return a word as the body of a verb names it, where it is a fact by another name."""
    return name_in(row.noun, row.verb, word) if word in NAMES else word
