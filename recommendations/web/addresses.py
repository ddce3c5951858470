"""What may stand in an address after the question mark, and where old addresses lead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.models import Agency
from agencies.succession import code_today
from recommendations.models import Action, PriorityArea

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

EVERYWHERE = ("lang",)


class CodeConverter(StringConverter):
    """The codes of areas, actions, agencies and rounds: no database has to refuse the rest."""

    regex = r"[A-Za-z0-9._-]+"


TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|[a-z]*clid|igshid|_ga|_gl|mkt_tok|pk_\w+|mtm_\w+", re.IGNORECASE
)


class UnusableAddress(Exception):
    """The address asks for something that the page cannot do (HTTP 400). Says what it can.

    `name` is the parameter, `nearest` the name that was probably meant, if there is one.
    What did not exist yet at a moment is not found (HTTP 404).
    """

    def __init__(self, message: str, *, name: str, nearest: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.name = name
        self.nearest = nearest
        self.status = status


def takes(*names: str) -> Callable[[View[P]], View[P]]:
    """Let a page take these parameters and the language, and no others.

    A misspelt filter must not silently show everything, nor a misspelt moment the present:
    UnusableAddress. What others hang on to trace a reader is dropped by a redirect.
    """
    known = (*names, *EVERYWHERE)

    def decorator(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            given = [(name, value) for name, values in request.GET.lists() for value in values]
            kept = [(n, v) for n, v in given if n in known or not TRACKING.fullmatch(n)]
            if len(kept) < len(given):
                return HttpResponseRedirect(with_query(request.path, kept))
            for name, _value in kept:
                if name not in known:
                    raise unknown(name, known)
            refuse_twice([name for name, _value in kept])
            return view(request, *args, **kwargs)

        page = require_safe(checked)
        page.known = known  # type: ignore[attr-defined]
        return cast(View[P], page)

    return decorator


def refuse_twice(names: list[str]) -> None:
    """Raise UnusableAddress for a parameter that is there twice: one would not count."""
    for name in names:
        if names.count(name) > 1:
            message = _("“%(name)s” stands in the address more than once. Give it once.")
            raise UnusableAddress(message % {"name": name}, name=name)


def unknown(name: str, known: tuple[str, ...]) -> UnusableAddress:
    """Return the refusal of a parameter, with the name that is nearest to it."""
    nearest = difflib.get_close_matches(name.casefold(), known, n=1)
    if nearest:
        message = _("This page has no “%(name)s”. Did you mean “%(nearest)s”?") % {
            "name": name[:40],
            "nearest": nearest[0],
        }
    else:
        message = _("This page has no “%(name)s”. It knows: %(known)s.") % {
            "name": name[:40],
            "known": ", ".join(known),
        }
    return UnusableAddress(message, name=name, nearest=nearest[0] if nearest else "")


def unusable(request: HttpRequest, problem: UnusableAddress) -> HttpResponse:
    """Return the page that says what the address should be."""
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    corrected = [
        (problem.nearest if name == problem.name else name, value)
        for name, value in given
        if name != problem.name or problem.nearest
    ]
    context = {
        "message": str(problem),
        "nearest": problem.nearest,
        "url": with_query(request.path, corrected),
        "chosen": request.GET.get("as_of", "") if problem.name == "as_of" else None,
    }
    template = "recommendations/address_refusal.html"
    return render(request, template, context, status=problem.status)


def with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """Return a path with its parameters."""
    return f"{path}?{urlencode(pairs)}" if pairs else path


def area_named(framework: str, code: str) -> PriorityArea:
    """Return the area of a framework with this code in whatever case, or 404."""
    areas = PriorityArea.objects.select_related("framework", "passage")
    return get_object_or_404(areas, framework__slug=framework, code__iexact=code)


def action_named(framework: str, code: str) -> Action:
    """Return the action of a framework with this code in whatever case, or 404."""
    actions = Action.objects.select_related("framework", "area", "passage")
    return get_object_or_404(actions, framework__slug=framework, code__iexact=code)


def agency_named(code: str) -> Agency:
    """Return the agency that has this code, or had it, or 404."""
    known = Agency.objects.filter(code__iexact=code).first()
    return known or get_object_or_404(Agency, code=code_today(code))


def moved(request: HttpRequest, **places: str) -> HttpResponse:
    """Redirect for good (301) to the same page under the codes that it has now."""
    match = request.resolver_match
    assert match is not None  # noqa: S101 -- only a resolved request reaches a view
    url = reverse(match.view_name, kwargs={**match.kwargs, **places})
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{url}?{query}" if query else url, permanent=True)
