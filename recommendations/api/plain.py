"""Plain fields of reference data and rounds, written by the functions of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies import reference
from agencies.access import Roles
from agencies.forms import LONGEST_REASON
from agencies.models import Token
from agencies.revisions import Conflict, ReasonNeeded
from recommendations.api import bodies
from recommendations.api.asked import wrong
from recommendations.api.columns import Kind
from recommendations.api.facts import Fact
from recommendations.api.forms import problems_of
from recommendations.api.reader import Reader
from recommendations.api.tables.written import REASON, ROUND, Plain
from recommendations.api.writing import Done, refuse_unless, shown, stale_row
from recommendations.domain import access, planning
from recommendations.domain.transition import RequirementMissing
from recommendations.models import Round

May = Callable[[Roles, int | None], bool]


def may_of(plain: Plain) -> tuple[May, str, str]:
    """Return who writes rows of a kind: as a rule, in words, and the scope that a token needs."""
    if plain is ROUND:
        return access.sees_inside, str(access.Who.STEERING.words), Token.Scope.REVIEW
    return Roles.is_administrator, _("an administrator"), Token.Scope.ADMIN


def refuse_others(plain: Plain, reader: Reader, framework_id: int | None) -> None:
    """Raise NotPermitted, or ScopeMissing, for whoever writes no row of this framework."""
    may, words, scope = may_of(plain)
    refuse_unless(lambda roles: may(roles, framework_id), words, scope, reader)


def refuse_outsiders(plain: Plain, reader: Reader) -> None:
    """Raise the same for whoever writes no row of this kind anywhere."""
    may, words, scope = may_of(plain)
    every = (None, *reader.frameworks) if of_framework(plain) else (None,)
    refuse_unless(lambda roles: any(may(roles, pk) for pk in every), words, scope, reader)


def of_framework(plain: Plain) -> bool:
    """Say whether rows of a kind belong to a framework that is named with them."""
    return any(fact.name == "framework" for fact in plain.facts)


def enter(plain: Plain, given: Mapping[str, Any], *, reader: Reader) -> Done:
    """Enter a new row. Raises what the pages' functions raise, in the names of the body."""
    bodies.refuse_unknown(given, [fact.name for fact in (*plain.facts, REASON)])
    refuse_outsiders(plain, reader)
    made: Any = plain.model()
    missing = bodies.missing_in(given, plain.needed)
    if "framework" in missing:
        raise RequirementMissing(missing)
    values = values_in(plain.facts, made, given, reader)
    if missing:
        raise RequirementMissing(unsound(plain, made) | missing)
    reason = reason_in(given)
    how: dict[str, Any] = {"by": reader.user, "at": reader.at, "note": reason}
    if plain is ROUND:
        made = planning.plan_round(values.pop("framework"), values=values, **how)
    else:
        saved(plain, lambda: reference.enter(made, **how))
    return shown(plain.resource, made, reader, made=True)


def change(
    plain: Plain,
    obj: Any,
    given: Mapping[str, Any],
    *,
    reader: Reader,
    versions: tuple[int, int | None],
) -> Done:
    """Change fields of a row that exists for the reader, at the version that was seen."""
    bodies.refuse_unknown(given, [fact.name for fact in (*plain.facts, REASON)])
    refuse_others(plain, reader, reference.framework_of(obj))
    present = type(obj)._default_manager.get(pk=obj.pk)
    values = values_in(plain.facts, obj, given, reader)
    how: dict[str, Any] = {
        "by": reader.user,
        "at": reader.at,
        "note": reason_in(given),
        "version": versions[0],
    }
    try:
        if plain is ROUND:
            change_round(present, values, how)
        else:
            saved(plain, lambda: reference.change(present, values=values, **how))
    except Conflict as stale:
        raise stale_row(plain.resource, present, reader) from stale
    return shown(plain.resource, present, reader, made=False)


def change_round(round: Round, values: dict[str, Any], how: Mapping[str, Any]) -> None:
    """Change a round that is planned; of one that has opened, when it reminds."""
    for name in ("framework", "code"):
        if name in values and values[name] != getattr(round, name):
            raise wrong(name, _("This stays as it was entered."))
    if round.state != Round.State.PLANNED and set(values) <= set(planning.REMINDERS):
        planning.change_reminders(round, values=values, **how)
        return
    whole = {name: getattr(round, name) for name in planning.FIELDS}
    planning.replan_round(round, values=whole | values, **how)


def saved(plain: Plain, save: Callable[[], Any]) -> None:
    """Save, and say what cannot stand by the names of its fields. Raises RequirementMissing."""
    try:
        save()
    except ReasonNeeded as error:
        raise RequirementMissing({REASON.name: str(error)}) from error
    except ValidationError as error:
        raise RequirementMissing(in_fields(plain, error)) from error


def unsound(plain: Plain, made: Any) -> dict[str, str]:
    """Return what cannot stand of a row that is not saved, by the names of its fields."""
    try:
        made.full_clean()
    except ValidationError as error:
        return in_fields(plain, error)
    return {}


def in_fields(plain: Plain, error: ValidationError) -> dict[str, str]:
    """Return what cannot stand of a row, by the names of the fields of its body."""
    return problems_of(error, lambda one: field_of(plain, one))


def field_of(plain: Plain, problem: ValidationError) -> str:
    """Return the field at which a body says what cannot stand as a whole.

    Of those that a constraint looks at it is the last: a code and not its framework.
    """
    broken = [one for one in plain.model._meta.constraints if one.name in str(problem.message)]
    looked_at = set((problem.params or {}).get("unique_check", ()))
    looked_at |= {name for one in broken for name in columns_of(one)}
    return [fact.name for fact in plain.facts if fact.name in looked_at][-1]


def columns_of(constraint: Any) -> set[str]:
    """Return the fields that a constraint looks at."""
    if not hasattr(constraint, "expressions"):  # a check
        return set(constraint.condition.referenced_base_fields)
    parts = [
        part
        for one in constraint.expressions
        for part in (one.flatten() if hasattr(one, "flatten") else [one])
    ]
    return {*constraint.fields, *(one.name for one in parts if hasattr(one, "name"))}


def reason_in(given: Mapping[str, Any]) -> str:
    """Return the reason that a body gives. Raises Refused where it is too long."""
    reason = str(bodies.read(REASON, given.get(REASON.name)) or "")
    if len(reason) > LONGEST_REASON:
        raise wrong(REASON.name, _("Write at most %(most)d characters.") % {"most": LONGEST_REASON})
    return reason


def values_in(
    facts: tuple[Fact, ...], row: Any, given: Mapping[str, Any], reader: Reader
) -> dict[str, Any]:
    """Return the fields that a body gives, as the row takes them; a row that is new has them.

    What names another row is looked for where the row belongs: one of others is unknown.
    """
    found: dict[str, Any] = {}
    for fact in facts:
        if fact.name not in given:
            continue
        read: Callable[[Fact, Any], Any] = days if fact.kind is Kind.NUMBERS else bodies.read
        value = read(fact, given[fact.name])
        if value is not None and fact.found is not None:
            value = fact.found(reader, row, value)
            if value is None:
                raise wrong(fact.name, _("There is none that you could name here."))
        if value is None and fact.kind in (Kind.TEXT, Kind.CODE, Kind.WORD) and not fact.found:
            value = ""
        found[fact.name] = value
        if row.pk is None:
            set_new(row, fact, value)
    return found


def set_new(row: Any, fact: Fact, value: Any) -> None:
    """Give a new row a field; null is what the row says without it."""
    if value is not None:
        setattr(row, fact.name, value)


def days(fact: Fact, value: Any) -> list[int]:
    """Return whole numbers of days, each once. Raises Refused for anything else."""
    sound = isinstance(value, list) and len(value) <= 50
    if not sound or any(isinstance(one, bool) or not isinstance(one, int) for one in value):
        raise wrong(fact.name, _("Write a list of whole numbers, such as [-14, 0, 10]."))
    if any(abs(one) > 10_000 for one in value):
        raise wrong(fact.name, _("Write a list of whole numbers, such as [-14, 0, 10]."))
    return sorted(set(value))
