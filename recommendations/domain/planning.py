"""Rounds to come: planned with sensible dates, changed until they open, and whom they will ask."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies import revisions
from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.counters import renew
from agencies.models import Agency, Membership, User
from recommendations.domain import access, rounds
from recommendations.domain.transition import (
    NotAllowedNow,
    RequirementMissing,
    reason_problem,
)
from recommendations.models import Framework, Round

REMINDERS = ("reminder_days", "reminder_every", "reminder_last")
CHOICES = ("with_supporting", "with_questionnaire", *REMINDERS)
"""What a round is planned with beside its dates; a copy has the same."""
FIELDS = ("code", "opens_on", "due_on", "closes_on", *CHOICES)
TAKEN = ("new",)
"""Codes whose addresses lead elsewhere."""
USUAL_MONTHS = 6
DAYS_TO_REPORT, DAYS_TO_REVIEW = 60, 30


def plan_round(
    framework: Framework, *, values: Mapping[str, Any], by: User, at: datetime, note: str = ""
) -> Round:
    """Plan a round; nobody owes anything before it opens.

    Raises NotPermitted for whoever does not steer the framework, RequirementMissing for a
    code or dates that cannot stand.
    """
    refuse_others(framework.pk, by=by, at=at)
    refuse(problems(values, framework=framework, today=at.date()))
    given = {name: values[name] for name in FIELDS if name in values}
    round = Round(framework=framework, **given)
    try:
        with transaction.atomic():
            revisions.create(round, by=by, at=at, note=note)
            renew(framework.pk, public=False)
    except ValidationError as error:
        raise in_words(error) from error
    except IntegrityError as error:
        raise RequirementMissing({"code": exists_already(round.code)}) from error
    return round


def replan_round(
    round: Round, *, values: Mapping[str, Any], by: User, at: datetime, note: str, version: int
) -> None:
    """Change a round that has not opened, with a reason; its code stays.

    Raises NotVisible, NotPermitted, NotAllowedNow once it is open, Conflict where somebody
    changed it first, RequirementMissing for dates that cannot stand or without a reason.
    """
    if not access.sees(roles_of(by, at=at), round):
        raise NotVisible
    refuse_others(round.framework_id, by=by, at=at)
    if round.state != Round.State.PLANNED:
        raise NotAllowedNow(
            _("Round %(round)s is no longer planned. Extend it instead.") % {"round": round}
        )
    refuse({**problems(values, today=at.date()), "reason": reason_problem(note)})
    kept = {name: values[name] for name in FIELDS if name in values and name != "code"}
    write(round, kept, by=by, at=at, note=note, version=version)


def change_reminders(
    round: Round, *, values: Mapping[str, Any], by: User, at: datetime, note: str, version: int
) -> None:
    """Change on which days a round reminds, while it is planned or open, with a reason.

    What was reminded of is not reminded of again; a day that has passed by now counts as come.
    Raises NotVisible, NotPermitted, NotAllowedNow once it is closed, Conflict where somebody
    changed it first, RequirementMissing for days that cannot stand or without a reason.
    """
    if not access.sees(roles_of(by, at=at), round):
        raise NotVisible
    refuse_others(round.framework_id, by=by, at=at)
    if round.state == Round.State.CLOSED:
        raise NotAllowedNow(_("This round is closed: it reminds nobody any more."))
    refuse({**reminder_problems(values), "reason": reason_problem(note)})
    kept = {name: values[name] for name in REMINDERS if name in values}
    write(round, kept, by=by, at=at, note=note, version=version)


def write(
    round: Round, values: Mapping[str, Any], *, by: User, at: datetime, note: str, version: int
) -> None:
    """Write what was changed of a round, and let those inside be shown it."""
    try:
        with transaction.atomic():
            revisions.revise(round, values=values, by=by, at=at, note=note, version=version)
            renew(round.framework_id, public=False)
    except ValidationError as error:
        raise in_words(error) from error


def refuse_others(framework_id: int, *, by: User, at: datetime) -> None:
    """Raise NotPermitted for whoever neither coordinates nor administers the framework."""
    if not access.sees_inside(roles_of(by, at=at), framework_id):
        who = access.Who.STEERING.words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": who})


def refuse(problems: Mapping[str, str | None]) -> None:
    """Raise RequirementMissing where something cannot stand."""
    found = {name: text for name, text in problems.items() if text}
    if found:
        raise RequirementMissing(found)


def problems(
    values: Mapping[str, Any], *, today: date, framework: Framework | None = None
) -> dict[str, str | None]:
    """Return what cannot stand of a round to come; of one that is new in a framework, its code."""
    found = {**date_problems(values, today=today), **reminder_problems(values)}
    if framework is not None:
        found["code"] = code_problem(framework, str(values.get("code") or ""))
    return found


def in_words(error: ValidationError) -> RequirementMissing:
    """Return what the model's own checks say, at the field that they are about."""
    found = {name: " ".join(texts) for name, texts in error.message_dict.items()}
    return RequirementMissing(found)


def code_problem(framework: Framework, code: str) -> str | None:
    """Return what to say where a code is missing, taken, or leads elsewhere."""
    if not code:
        return _("Give the round a code, such as 2026-H2.")
    if code.casefold() in TAKEN:
        return _("Choose another code: the address “%(code)s” is taken.") % {"code": code}
    if framework.rounds.filter(code__iexact=code).exists():
        return exists_already(code)
    return None


def exists_already(code: str) -> str:
    """Return what to say of a code that another round has."""
    return _("Round %(code)s exists already. Choose another code.") % {"code": code}


def date_problems(values: Mapping[str, Any], *, today: date) -> dict[str, str | None]:
    """Return what to say about the dates of a round to come."""
    opens_on, due_on, closes_on = (values.get(name) for name in ("opens_on", "due_on", "closes_on"))
    due = closes = None
    if due_on is None:
        due = _("Give the day on which updates are due.")
    elif opens_on and due_on < opens_on:
        due = _("Give a due date on or after the opening day.")
    elif due_on < today:
        due = _("Give a due date that has not passed.")
    if closes_on is None:
        closes = _("Give the day on which the round closes.")
    elif due_on and closes_on < due_on:
        closes = _("Give a closing day on or after the due date.")
    opens = None if opens_on else _("Give the day on which the round opens.")
    return {"opens_on": opens, "due_on": due, "closes_on": closes}


def reminder_problems(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what to say where the number of days of reminders is left empty."""
    empty = [name for name in REMINDERS if name in values and values[name] is None]
    return dict.fromkeys(empty, _("Enter a number of days; 0 stands for none."))


# --- suggestions -------------------------------------------------------------------------------


def suggestion(framework: Framework, *, today: date, like: Round | None = None) -> dict[str, Any]:
    """Return what a new round starts with: another one, moved by the usual distance.

    Without another round it opens today. The suggested due date has not passed.
    """
    known = [*framework.rounds.order_by("-opens_on", "-id")]
    model = like or (known[0] if known else None)
    if model is None:
        due_on = today + timedelta(days=DAYS_TO_REPORT)
        return {
            "code": "",
            "opens_on": today,
            "due_on": due_on,
            "closes_on": due_on + timedelta(days=DAYS_TO_REVIEW),
            **choices_of(Round()),
        }
    step, times = usual_months(known, model.code), 1
    taken = {one.code.casefold() for one in known}
    code = next_code(model.code)
    while moved(model.due_on, step * times) < today or code.casefold() in taken:
        times, code = times + 1, next_code(code)
    dates = ("opens_on", "due_on", "closes_on")
    return {
        "code": code,
        **{name: moved(getattr(model, name), step * times) for name in dates},
        **choices_of(model),
    }


def choices_of(round: Round) -> dict[str, Any]:
    """Return what a copy of a round has in common with it."""
    return {name: getattr(round, name) for name in CHOICES}


def usual_months(known: list[Round], code: str) -> int:
    """Return how many months lie between two rounds: the last two, else what the code says."""
    if len(known) > 1:
        days = (known[0].opens_on - known[1].opens_on).days
        return max(1, round(days / 30.44))
    counted = PERIODS.fullmatch(code)
    return 12 // PARTS[counted["unit"].upper()] if counted else USUAL_MONTHS


PERIODS = re.compile(r"(?P<before>.*?)(?P<year>\d{4})(?P<dash>-?)(?P<unit>[HTQ])(?P<part>\d)", re.I)
PARTS = {"H": 2, "T": 3, "Q": 4}
"""Halves, thirds and quarters of a year, as codes name them."""


def next_code(code: str) -> str:
    """Return the code after this one: 2026-H2 after 2026-H1, R8 after R7; "" where unknown."""
    period = PERIODS.fullmatch(code)
    if period:
        year, part = int(period["year"]), int(period["part"]) + 1
        if part > PARTS[period["unit"].upper()]:
            year, part = year + 1, 1
        return f"{period['before']}{year}{period['dash']}{period['unit']}{part}"
    number = re.fullmatch(r"(.*?)(\d+)", code)
    if number is None:
        return ""
    return f"{number[1]}{int(number[2]) + 1:0{len(number[2])}d}"


def moved(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


# --- what an opening will do -------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """Whom a round will ask for what when it opens.

    `not_asked`: agencies that will owe no update. `vacant`: those asked for whom nobody can
    act today.
    """

    updates: int
    agencies: int
    not_asked: list[Agency]
    vacant: list[Agency]


def asking(round: Round, *, at: datetime) -> Asking:
    """Return whom a round will ask for an update; 4 queries."""
    owing = rounds.owing(round)
    asked = set(owing.values_list("agency_id", flat=True))
    acting = (
        Membership.objects.on(at.date())
        .filter(user__is_active=True)
        .exclude(capacity=Membership.Capacity.CLEARING_OFFICER)
    )
    acted_for = set(acting.values_list("agency_id", flat=True))
    agencies = list(Agency.objects.in_order())
    return Asking(
        updates=owing.count(),
        agencies=len(asked),
        not_asked=[one for one in agencies if one.active and one.pk not in asked],
        vacant=[one for one in agencies if one.pk in asked and one.pk not in acted_for],
    )
