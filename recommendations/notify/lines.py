"""What a delivery says, in the mail and in the inbox: the same words, the same link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from agencies.models import Agency
from recommendations.models import Delivery, Job, Round, Webhook
from recommendations.notify import subjects
from recommendations.notify.known import Known, look_up
from recommendations.notify.notices import BY_KIND
from recommendations.notify.reports import title_of
from recommendations.notify.wording import WRITERS, about_anything


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that a person is told: what, about what, in detail, and where to act.

    `url` is a path of this site, with the place on the page. `open` says that it still
    waits for the reader; `due_on` until when.
    """

    delivery_id: int
    kind: str
    heading: str
    detail: str = ""
    url: str = ""
    due_on: date | None = None
    open: bool = False


def lines(rows: Sequence[Delivery], known: Known | None = None) -> list[Line]:
    """Return what deliveries say, in their order; a constant number of queries.

    None where what is behind them, and behind others, is known already.
    """
    known = known or look_up(rows)
    return [line(row, known) for row in rows]


def line(row: Delivery, known: Known) -> Line:
    """Return what one delivery says."""
    subject = known.subjects.get((row.subject_type, row.subject_id or 0))
    write = WRITERS.get(row.kind, about_anything)
    said = write(row, subject, known) if subject or row.kind == "summary" else {}
    heading = str(said.pop("heading", "") or BY_KIND[row.kind].words)
    place = place_of(subject)
    return Line(
        delivery_id=row.pk,
        kind=row.kind,
        heading=f"{heading}: {place}" if place else heading,
        **said,
    )


def place_of(subject: subjects.Subject | None) -> str:
    """Return what it is about, as lists name it."""
    if isinstance(subject, Agency):
        return subject.acronym
    if isinstance(subject, Job):
        return title_of(subject)
    if isinstance(subject, Round):
        return _("round %(round)s") % {"round": subject.code}
    if isinstance(subject, Webhook):
        return _("webhook at %(host)s") % {"host": subject}
    assignment = subjects.assignment_of(subject)
    if assignment is not None:
        names = {
            "code": assignment.action.code,
            "title": assignment.action.short_title,
            "agency": assignment.agency.acronym,
        }
        return _("%(code)s %(title)s (%(agency)s)") % names
    duty = subjects.duty_of(subject)
    return str(duty) if duty else ""


def worst_first(found: Iterable[Line]) -> list[Line]:
    """Return lines as a mail lists them: what waits, returned before overdue before due."""
    return sorted(
        found,
        key=lambda line: (
            not line.open,
            line.kind != "returned",
            line.due_on or date.max,
            line.delivery_id,
        ),
    )
