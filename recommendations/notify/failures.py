"""What goes wrong with one of many: it is set aside with its error, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from recommendations.models import Delivery

PASSING = (OperationalError, InterfaceError)
"""Errors of the database that are over when it answers again: no fault of what was asked about."""
log = logging.getLogger(__name__)


class Row(Protocol):
    """Something with an id."""

    pk: int


One = TypeVar("One", bound=Row)
Result = TypeVar("Result")
Errors = dict[int, str]
"""By the id of a row: what went wrong with it."""


def apart(
    do: Callable[[Sequence[One]], Result], rows: Sequence[One]
) -> tuple[Result | None, Errors]:
    """Do something with many rows; where that fails, with all but those at which it fails.

    Return what it returned, None where no row is left, and the errors. `do` may be called
    several times and with some of the rows, so it must bear that.
    """
    try:
        return do(rows), {}
    except Exception:
        log.exception("something went wrong among %d rows", len(rows))
    errors = failing(do, rows)
    left = [row for row in rows if row.pk not in errors]
    return (do(left) if left else None), errors


def failing(do: Callable[[Sequence[One]], object], rows: Sequence[One]) -> Errors:
    """Return at which rows it fails: looked for by halves, so that few are tried alone.

    Raises the error where it is one that passes.
    """
    try:
        do(rows)
    except Exception as error:
        if len(rows) == 1:
            if isinstance(error, PASSING):
                raise
            return {rows[0].pk: f"{type(error).__name__}: {error}"}
        middle = len(rows) // 2
        return failing(do, rows[:middle]) | failing(do, rows[middle:])
    return {}


def fail(errors: Mapping[int, str]) -> None:
    """Note which deliveries cannot be made, and why; what was settled meanwhile stays."""
    for pk, because in errors.items():
        Delivery.objects.filter(pk=pk, state=Delivery.State.WAITING).update(
            state=Delivery.State.FAILED, because=because
        )


def resend(deliveries: QuerySet[Delivery], *, at: datetime) -> int:
    """Let what could not be made be tried again, in a mail of its own; return how many."""
    return deliveries.filter(state=Delivery.State.FAILED).update(
        state=Delivery.State.WAITING, because="", message=None, ready_at=at, in_digest=False
    )
