"""Loads the reference data, again and again, and never over a person's edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies import history, revisions
from agencies.models import Agency, GroupMembership, Versioned, WorkingGroup
from recommendations.exchange import fixtures
from recommendations.exchange.changed import Changed
from recommendations.exchange.fixtures import FixtureProblem, Ref, Row, Source
from recommendations.models import (
    Action,
    Footnote,
    Framework,
    KeyElement,
    Loaded,
    Milestone,
    Passage,
    PriorityArea,
    Question,
)

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True)
class Kind:
    """A kind of row: its model, and the fields by which a row of it is found again.

    `public` where the public reads rows of it.
    """

    model: type[Versioned]
    identity: tuple[str, ...]
    public: bool = True


KINDS = {
    "agency": Kind(Agency, ("code",)),
    "group": Kind(WorkingGroup, ("code",)),
    "group membership": Kind(GroupMembership, ("group", "agency", "role")),
    "framework": Kind(Framework, ("slug",)),
    "area": Kind(PriorityArea, ("framework", "code")),
    "action": Kind(Action, ("framework", "code")),
    "key element": Kind(KeyElement, ("framework", "code")),
    "milestone": Kind(Milestone, ("framework", "code")),
    "question": Kind(Question, ("framework", "number"), public=False),
}


@dataclass
class Outcome:
    """What a load did, row by row, in the words of the person who started it."""

    added: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: int = 0
    edited: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the outcome in words: the counts, then what was left alone, by name."""
        said = [
            _("Reference data: %(added)d added, %(revised)d revised, %(unchanged)d unchanged.")
            % {
                "added": len(self.added),
                "revised": len(self.revised),
                "unchanged": self.unchanged,
            }
        ]
        if self.revised:
            said.append(_("Revised: %(names)s.") % {"names": "; ".join(self.revised)})
        if self.edited:
            said.append(
                _("Left alone, because they were edited here: %(names)s.")
                % {"names": "; ".join(self.edited)}
            )
        if self.absent:
            said.append(
                _("Left alone, because the reference data no longer has them: %(names)s.")
                % {"names": "; ".join(self.absent)}
            )
        return said


def load(*, at: datetime, folder: Path = FOLDER) -> Outcome:
    """Bring the database to what the fixtures state, except where a person edited a row.

    Raises FixtureProblem, naming file and key, with nothing written. The first framework
    that is loaded becomes the default one.
    """
    rows, source = fixtures.read(folder)
    with transaction.atomic():
        return Load(at).all(rows, source)


class Load:
    """One load under way: the rows that exist, and what was last written of each."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.outcome = Outcome()
        self.hashes = {(row.kind, row.key): row for row in Loaded.objects.filter(kind__in=KINDS)}
        self.found: dict[Ref, Any] = {}
        self.present: dict[str, dict[tuple[Any, ...], Versioned]] = {}
        self.changed = Changed()

    def all(self, rows: list[Row], source: Source) -> Outcome:
        """Load every row, in the order of the files, and name what they no longer have."""
        for row in rows:
            self.one(row)
            if row.kind == "framework":
                self.passages(source)
        stated = {(row.kind, row.key) for row in rows}
        self.outcome.absent = [
            f"{kind} {key}" for kind, key in sorted(self.hashes) if (kind, key) not in stated
        ]
        self.changed.count()
        return self.outcome

    def one(self, row: Row) -> None:
        """Add a row, revise it, or leave it alone."""
        values = self.resolved(row)
        if values is None:
            self.outcome.edited.append(str(row))
            return
        obj = self.existing(row.kind).get(identity(row.kind, values))
        last = self.hashes.get((row.kind, row.key))
        if obj is not None:
            self.found[Ref(row.kind, row.key)] = obj
        if obj is None and last is None:
            self.add(row, values)
        elif obj is None or not self.is_as_loaded(obj, values, last):
            self.outcome.edited.append(str(row))
        else:
            self.revise(row, obj, values)

    def resolved(self, row: Row) -> dict[str, Any] | None:
        """Return a row's fields with its pointers followed.

        None where a pointer leads nowhere: a person renamed what it stands under.
        """
        values = {}
        for name, value in row.values.items():
            if isinstance(value, Ref):
                value = self.found.get(value)
                if value is None:
                    return None
            values[name] = value
        return values

    def existing(self, kind: str) -> dict[tuple[Any, ...], Versioned]:
        """Return the rows of a kind by what identifies them; one query a kind."""
        if kind not in self.present:
            names = KINDS[kind].identity
            rows = KINDS[kind].model._default_manager.order_by("id")
            self.present[kind] = {tuple(value_of(row, name) for name in names): row for row in rows}
        return self.present[kind]

    def is_as_loaded(self, obj: Versioned, values: Mapping[str, Any], last: Loaded | None) -> bool:
        """Say whether nobody has edited a row since it was loaded."""
        held = content_hash({name: value_of(obj, name) for name in values})
        return held == content_hash(values) or (last is not None and held == last.content_hash)

    def add(self, row: Row, values: dict[str, Any]) -> None:
        """Save a row that is not there yet."""
        obj = KINDS[row.kind].model(**values)
        if isinstance(obj, Framework):
            obj.is_default = not Framework.objects.filter(is_default=True).exists()
        try:
            revisions.create(obj, by=None, at=self.at, note=_("Reference data"))
        except ValidationError as error:
            raise FixtureProblem(row.file, str(row), words(error)) from error
        self.found[Ref(row.kind, row.key)] = obj
        self.outcome.added.append(str(row))
        self.changed.note(obj, public=KINDS[row.kind].public)
        self.remember(row, values)

    def revise(self, row: Row, obj: Versioned, values: dict[str, Any]) -> None:
        """Write what the fixture now states over what it stated before."""
        if all(value_of(obj, name) == plain_key(value) for name, value in values.items()):
            self.outcome.unchanged += 1
        else:
            try:
                revisions.revise(
                    obj,
                    values=values,
                    by=None,
                    at=self.at,
                    note=_("Reference data"),
                    version=obj.version,
                )
            except ValidationError as error:
                raise FixtureProblem(row.file, str(row), words(error)) from error
            self.outcome.revised.append(str(row))
            self.changed.note(obj, public=KINDS[row.kind].public)
        self.remember(row, values)

    def remember(self, row: Row, values: Mapping[str, Any]) -> None:
        """Keep the hash of what was loaded; writes only where it differs."""
        wanted, last = content_hash(values), self.hashes.get((row.kind, row.key))
        if last is None:
            self.hashes[row.kind, row.key] = Loaded.objects.create(
                kind=row.kind, key=row.key, content_hash=wanted
            )
        elif last.content_hash != wanted:
            last.content_hash = wanted
            last.save(update_fields=["content_hash"])

    def passages(self, source: Source) -> None:
        """Write the text of the source once; it is never edited, so a difference is an error.

        Actions and citations point to a passage by its number: one that changed would make
        them point to something else without a word.
        """
        framework = self.found.get(Ref("framework", source.framework))
        if framework is None:
            return
        names = ("section", "kind", "marker", "text")
        wanted = {
            entry["number"]: {name: entry[name] or "" for name in names}
            for entry in source.passages
        }
        self.write_once(source, Passage, framework, wanted)
        passages = {row.number: row for row in framework.passages.all()}
        self.found |= {Ref("passage", str(number)): row for number, row in passages.items()}
        notes = {
            entry["number"]: {"passage": passages[entry["passage"]], "text": entry["text"]}
            for entry in source.footnotes
        }
        self.write_once(source, Footnote, framework, notes)

    def write_once(
        self,
        source: Source,
        model: type[Passage] | type[Footnote],
        framework: Framework,
        wanted: dict[int, dict[str, Any]],
    ) -> None:
        """Add the numbered texts that are missing; raises where one of them differs."""
        noun, texts = str(model._meta.model_name), model._default_manager
        held = {row.number: row for row in texts.filter(framework=framework)}
        for number, row in held.items():
            values = wanted.get(number, {})
            if not values or any(
                value_of(row, name) != plain_key(value) for name, value in values.items()
            ):
                problem = _(
                    "differs from what was loaded. The text of the source is written once; "
                    "load a changed source as a framework of its own"
                )
                raise FixtureProblem(source.file, f"{noun} {number}", problem)
        missing: list[Any] = [
            model(framework=framework, number=number, **values)
            for number, values in wanted.items()
            if number not in held
        ]
        texts.bulk_create(missing)
        if missing:
            self.changed.note(framework, public=True)


def identity(kind: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what identifies a row of a kind among those that exist."""
    return tuple(plain_key(values[name]) for name in KINDS[kind].identity)


def plain_key(value: Any) -> Any:
    """Return the id of a row that is pointed to, or the value itself."""
    return getattr(value, "pk", value)


def value_of(obj: Any, name: str) -> Any:
    """Return a field of a row; the id, where it points to another."""
    return getattr(obj, obj._meta.get_field(name).attname)


def content_hash(values: Mapping[str, Any]) -> str:
    """Return the hash of a row's content."""
    return history.sha256(
        history.canonical({name: history.plain(value) for name, value in values.items()})
    )


def words(error: ValidationError) -> str:
    """Return what a model refuses, field by field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return "; ".join(
        f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()
    )
