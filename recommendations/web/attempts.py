"""Trying a change from a form: done, or refused with the form and its text intact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from agencies.access import NotPermitted
from agencies.models import Versioned
from agencies.revisions import Conflict
from recommendations.domain import access, workflow
from recommendations.domain.transition import NotAllowedNow, Possible, RequirementMissing
from recommendations.web import kept
from recommendations.web.forms.fields import Facts
from recommendations.web.refusals import STATUS
from recommendations.web.visitor import Visitor


@dataclass(frozen=True)
class Refused:
    """Why a change was not made: the status of the answer, and what to tell the person."""

    status: int
    title: str = ""
    message: str = ""
    possible: tuple[Possible, ...] = ()

    @property
    def is_notice(self) -> bool:
        """Say whether it is more than something missing in the form."""
        return bool(self.title)


def refused(error: Exception) -> Refused:
    """Return what to tell about a refusal of the domain."""
    status = STATUS[type(error)]
    titles = {
        NotAllowedNow: _("Nothing was changed."),
        NotPermitted: _("Nothing was changed."),
        Conflict: _("Changed by somebody else."),
    }
    return Refused(status, titles.get(type(error), ""), str(error), getattr(error, "possible", ()))


def attempt(
    verb: str,
    obj: Versioned,
    *,
    who: Visitor,
    request: HttpRequest,
    form: Facts,
    note: str = "",
    **facts: Any,
) -> Refused | None:
    """Perform a verb with the version that the page showed; return None when it is done.

    What is missing is said at the fields of the form. NotVisible passes through.
    """
    if not form.is_valid():
        return Refused(400)
    try:
        workflow.perform(
            verb, obj, by=who.user, at=who.at, version=version_in(request), note=note, **facts
        )
    except RequirementMissing as missing:
        form.say(missing.problems)
        return Refused(400)
    except (NotAllowedNow, NotPermitted, Conflict) as error:
        return refused(error)
    kept.forget(request)
    return None


def version_in(request: HttpRequest, name: str = "version") -> int:
    """Return the version that a form carries; without a readable one nothing is fresh."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def check_permitted(verb: str, obj: Versioned, who: Visitor) -> None:
    """Raise NotPermitted where a person may not do this, whatever the state and what they typed.

    The page of the form says more about the object than such a person may know.
    """
    if not access.may(who.roles, verb, obj, at=who.at):
        words = access.WHO[access.noun_of(obj), verb].words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})


def check_offered(verb: str, obj: Versioned, who: Visitor) -> None:
    """Raise what the change would raise, before a form for it is shown."""
    check_permitted(verb, obj, who)
    workflow.refuse_if_not_now(workflow.ROWS[access.noun_of(obj), verb], obj)
