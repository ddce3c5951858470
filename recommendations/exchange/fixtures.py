"""Reads the reference data from `fixtures/`: what it states, checked, and nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from recommendations.exchange import shapes


class FixtureProblem(Exception):
    """A file of reference data cannot be loaded: names the file and what in it is wrong."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}, {key}: {problem}" if key else f"{file}: {problem}")


@dataclass(frozen=True)
class Ref:
    """A pointer from one row to another, by its natural key."""

    kind: str
    key: str


@dataclass(frozen=True)
class Row:
    """A row as the fixture states it: where, its natural key, and its fields."""

    file: str
    kind: str
    key: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


@dataclass(frozen=True)
class Source:
    """The numbered text of a framework's source."""

    file: str
    framework: str
    passages: list[dict[str, Any]]
    footnotes: list[dict[str, Any]]


def read(folder: Path) -> tuple[list[Row], Source]:
    """Read the four files. Raises FixtureProblem for the first thing that is wrong."""
    source = read_source(folder)
    rows = [*agencies(folder), *groups(folder), *framework(folder, source)]
    seen = set()
    for row in rows:
        if (row.kind, row.key) in seen:
            raise FixtureProblem(row.file, str(row), "stands there twice")
        for name, value in row.values.items():
            known = not isinstance(value, Ref) or (value.kind, value.key) in seen
            if not known and value.kind != "passage":
                problem = f"{name} names {value.key}, which does not stand before it"
                raise FixtureProblem(row.file, str(row), problem)
        seen.add((row.kind, row.key))
    return rows, source


def opened(folder: Path, file: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's content, a mapping with exactly these names."""
    try:
        content = json.loads((folder / file).read_text(encoding="utf-8"))
    except OSError as error:
        raise FixtureProblem(file, "", f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise FixtureProblem(file, "", f"is not JSON ({error})") from error
    return checked(content, shape, file, "")


def checked(entry: Any, shape: Mapping[str, Any], file: str, key: str) -> dict[str, Any]:
    """Return an entry that has exactly the names of a shape, with values of their types."""
    if not isinstance(entry, dict):
        raise FixtureProblem(file, key, "is not a mapping of names to values")
    for name in shape:
        if name not in entry:
            raise FixtureProblem(file, key, f"{name} is missing")
    for name, value in entry.items():
        if name not in shape:
            raise FixtureProblem(file, key, f"{name} is no name that is known here")
        number_is_flag = isinstance(value, bool) and shape[name] is not shapes.FLAG
        if not isinstance(value, shape[name]) or number_is_flag:
            raise FixtureProblem(file, key, f"{name} cannot be {value!r}")
    return entry


def entries(
    listed: list[Any], shape: Mapping[str, Any], file: str, kind: str, key: str = "code"
) -> Iterator[dict[str, Any]]:
    """Yield the checked entries of a list; a problem names the entry by its key or place."""
    for place, entry in enumerate(listed, start=1):
        known = entry.get(key) if isinstance(entry, dict) else None
        yield checked(entry, shape, file, f"{kind} {known or f'number {place} of the list'}")


def read_source(folder: Path) -> Source:
    """Read the passages and footnotes; numbers run from 1 without a gap."""
    file = "passages.json"
    content = opened(folder, file, shapes.SOURCE)
    passages = list(entries(content["passages"], shapes.PASSAGE, file, "passage", "number"))
    footnotes = list(entries(content["footnotes"], shapes.FOOTNOTE, file, "footnote", "number"))
    for kind, listed in (("passage", passages), ("footnote", footnotes)):
        for number, entry in enumerate(listed, start=1):
            if entry["number"] != number:
                raise FixtureProblem(file, f"{kind} {entry['number']}", f"should be {number}")
    for note in footnotes:
        if not 1 <= note["passage"] <= len(passages):
            problem = f"passage {note['passage']} does not exist"
            raise FixtureProblem(file, f"footnote {note['number']}", problem)
    return Source(file, content["framework"], passages, footnotes)


def agencies(folder: Path) -> Iterator[Row]:
    """Read the agencies."""
    file = "agencies.json"
    content = opened(folder, file, shapes.AGENCIES)
    for entry in entries(content["agencies"], shapes.AGENCY, file, "agency"):
        names = ("code", "acronym", "name", "category", "counted")
        values = {name: entry[name] for name in names}
        yield Row(file, "agency", entry["code"], values | {"aliases": ", ".join(entry["aliases"])})


def groups(folder: Path) -> Iterator[Row]:
    """Read the working groups with the places of agencies in them."""
    file = "groups.json"
    names = ("code", "name", "kind", "since", "until", "note")
    content = opened(folder, file, shapes.GROUPS)
    for entry in entries(content["groups"], shapes.GROUP, file, "group"):
        key = f"group {entry['code']}"
        values = {name: entry[name] or "" for name in names}
        for name in ("parent", "predecessor"):
            values[name] = Ref("group", entry[name]) if entry[name] else None
        values["source"] = ", ".join(
            f"{name} {entry[name]}" for name in ("passage", "footnote") if entry[name]
        )
        yield Row(file, "group", entry["code"], values)
        for place in entries(entry["memberships"], shapes.MEMBERSHIP, file, f"{key}:", "role"):
            yield membership(file, entry["code"], place)


def membership(file: str, group: str, place: dict[str, Any]) -> Row:
    """Return the place of an agency in a group.

    A year alone gives no date: the group's own words keep it.
    """
    agency, role = place["agency"], place["role"]
    values = {
        "group": Ref("group", group),
        "agency": Ref("agency", agency) if agency else None,
        "role": role,
        "from_on": full_date(place["since"], file, f"group {group}"),
        "until_on": full_date(place["until"], file, f"group {group}"),
    }
    return Row(file, "group membership", f"{group}/{agency or 'not listed'}/{role}", values)


def framework(folder: Path, source: Source) -> Iterator[Row]:
    """Read the framework and everything under it; each pointer to a passage must exist."""
    file = "framework.json"
    content = opened(folder, file, shapes.FRAMEWORK)
    slug, home = content["slug"], Ref("framework", content["slug"])
    if slug != source.framework:
        raise FixtureProblem(source.file, "framework", f"is {source.framework}, not {slug}")
    names = ("slug", "title", "short_title", "source", "mandate", "endorsement")
    values = {name: content[name] for name in names}
    values["endorsed_on"] = full_date(content["endorsed_on"], file, f"framework {slug}")
    yield Row(file, "framework", slug, values)

    def row(kind: str, key: Any, entry: dict[str, Any], *fields: str, **more: Any) -> Row:
        if not 1 <= entry["passage"] <= len(source.passages):
            problem = f"passage {entry['passage']} does not exist"
            raise FixtureProblem(file, f"{kind} {key}", problem)
        passage = Ref("passage", str(entry["passage"]))
        stated = {name: entry[name] for name in fields}
        return Row(
            file, kind, f"{slug}/{key}", {"framework": home, "passage": passage, **stated, **more}
        )

    for area in entries(content["areas"], shapes.AREA, file, "area"):
        yield row("area", area["code"], area, "code", "title", "statement", "order")
        of = Ref("area", f"{slug}/{area['code']}")
        wording = ("code", "kind", "official_text", "short_title", "order")
        for action in entries(area["actions"], shapes.ACTION, file, "action"):
            yield row("action", action["code"], action, *wording, area=of)
    for entry in entries(content["key_elements"], shapes.KEY_ELEMENT, file, "key element"):
        yield row("key element", entry["code"], entry, "code", "text", "order")
    for entry in entries(content["milestones"], shapes.MILESTONE, file, "milestone"):
        day = first_day(entry["on"], file, f"milestone {entry['code']}")
        dated = ("code", "date_text", "title", "text", "order")
        yield row("milestone", entry["code"], entry, *dated, sort_on=day)
    for entry in entries(content["questions"], shapes.QUESTION, file, "question", "number"):
        yield row("question", entry["number"], entry, "number", "heading", "text")


def full_date(text: str | None, file: str, key: str) -> date | None:
    """Return a date that is known to the day; a year or a month alone gives None."""
    known_to_the_day = text is not None and len(text) == len("2013-04-05")
    return first_day(text, file, key) if text and known_to_the_day else None


def first_day(text: str, file: str, key: str) -> date:
    """Return the first day of a year, a month or a day."""
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - len("2013") :])
    except ValueError as error:
        raise FixtureProblem(file, key, f"{text!r} is no date") from error
