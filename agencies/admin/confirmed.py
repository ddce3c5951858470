"""Admin actions that show the chosen rows, ask for the reason, then do each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.access import NotPermitted, NotVisible
from agencies.admin.base import ScopedAdmin
from agencies.forms import Reason
from agencies.revisions import Conflict, ReasonNeeded

MOST_ROWS = 200
"""As many rows as one form may carry: a browser sends two fields for each."""
NAMED = 10


class Refused(Exception):
    """One row was left as it was; says why, in words."""


class Doing(Protocol):
    """What an action does to one row; raises Refused, or a refusal of the ground floor."""

    def __call__(self, obj: Any, **facts: Any) -> object: ...


@dataclass(frozen=True)
class Outcome:
    """What became of one row: nothing to say against it, or why it was left as it was."""

    name: str
    refusal: str = ""


def confirmed(
    name: str,
    words: str | Promise,
    do: Doing,
    *,
    form: type[Reason] = Reason,
    explains: Callable[[Any], str] | None = None,
    permissions: tuple[str, ...] = ("view",),
) -> Callable[[ScopedAdmin, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    """Return an admin action.

    `do` gets the row with by, at, version, note and the other facts of the form;
    `explains` says beside each row what would happen to it.
    """

    def action(desk: ScopedAdmin, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        asked = "confirmed" in request.POST
        filled = form(request.POST) if asked else form()
        if asked and filled.is_valid():
            return answer(desk, request, words, do_to_each(desk, request, do, filled))
        if asked:
            rows = desk.get_queryset(request).filter(pk__in=chosen(request))
        found = list(rows.order_by("pk")[: MOST_ROWS + 1])
        if len(found) > MOST_ROWS:
            desk.message_user(request, too_many(), messages.WARNING)
            return None
        shown = [
            (obj, version_seen(request, obj), explains(obj) if explains else "") for obj in found
        ]
        asking_page = {"title": words, "form": filled, "action": name, "rows": shown}
        return page(desk, request, "admin/confirm_action.html", 400 if asked else 200, asking_page)

    action.__name__ = name
    action.short_description = words  # type: ignore[attr-defined]
    action.allowed_permissions = permissions  # type: ignore[attr-defined]
    return action


def too_many() -> str:
    """Return what to say about more rows than one form may carry."""
    return _("Choose at most %(most)d rows at a time. Nothing was changed.") % {"most": MOST_ROWS}


def chosen(request: HttpRequest) -> list[int]:
    """Return the ids of the chosen rows."""
    return [int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdecimal()]


def version_seen(request: HttpRequest, obj: Any) -> int:
    """Return the version that the person saw of a row: the first time, the present one.

    Rows that people do not edit have none.
    """
    typed = request.POST.get(f"version-{obj.pk}", "")
    return int(typed) if typed.isdecimal() else getattr(obj, "version", 0)


def page(
    desk: ScopedAdmin, request: HttpRequest, template: str, status: int, context: dict[str, Any]
) -> HttpResponse:
    """Return a page of an action, in the frame of its list."""
    frame = {**desk.admin_site.each_context(request), "opts": desk.opts}
    return TemplateResponse(request, template, frame | context, status=status)


def do_to_each(desk: ScopedAdmin, request: HttpRequest, do: Doing, form: Reason) -> list[Outcome]:
    """Do it to each chosen row, each in a transaction of its own."""
    asking = desk.asking(request)
    facts = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    facts |= {"by": asking.user, "at": asking.at, "note": form.cleaned_data["reason"]}
    outcomes = []
    for pk in sorted(set(chosen(request))):
        obj = desk.get_queryset(request).filter(pk=pk).first()
        name = str(obj) if obj is not None else _("Number %(number)d") % {"number": pk}
        seen = request.POST.get(f"version-{pk}", "")
        outcomes.append(Outcome(name, refusal_of(do, obj, seen, facts)))
    return outcomes


def refusal_of(do: Doing, obj: Any, seen: str, facts: dict[str, Any]) -> str:
    """Do it to one row, and return why it was refused; nothing where it was done."""
    if obj is None:
        return _("There is no such row for you.")
    if not seen.isdecimal():
        return _("The form did not say which version you saw.")
    try:
        do(obj, version=int(seen), **facts)
    except NotVisible:
        return _("There is no such row for you.")
    except Conflict:
        return _("Somebody else changed it while you had this page open. Look at it first.")
    except (NotPermitted, ReasonNeeded, Refused) as refusal:
        return str(refusal)
    return ""


def answer(
    desk: ScopedAdmin, request: HttpRequest, words: str | Promise, outcomes: list[Outcome]
) -> HttpResponse | None:
    """Say what became of the rows: in a line, or where some were refused, row by row.

    The refusals get a page of their own: a message has no room for two hundred reasons.
    """
    done = [outcome.name for outcome in outcomes if not outcome.refusal]
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if refused:
        context = {"title": words, "done": done, "refused": refused}
        return page(desk, request, "admin/action_outcome.html", 200, context)
    named = ", ".join(done[:NAMED]) + (" …" if len(done) > NAMED else "")
    desk.message_user(request, result_line(words, len(done), named), messages.SUCCESS)
    return None


def result_line(words: str | Promise, count: int, named: str) -> str:
    """Return how many rows an action changed, and which."""
    line = ngettext(
        "%(words)s: %(count)d row changed (%(named)s).",
        "%(words)s: %(count)d rows changed (%(named)s).",
        count,
    )
    return line % {"words": words, "count": count, "named": named}
