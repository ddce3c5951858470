"""Open data: what everybody can download, at addresses that stay, as of any moment."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from recommendations.background.asking import LABELS, AskForm, choices_for, extra_choice
from recommendations.models import Framework
from recommendations.reporting import outputs
from recommendations.reporting.beginnings import begins, moment_in, titled
from recommendations.reporting.facts import Basis, DidNotExist, Scope
from recommendations.reporting.moments import UnusableMoment, newest_settled
from recommendations.reporting.reports.catalogue import CATALOGUE, OFFERS, NotOffered, Offer
from recommendations.reporting.reports.wanted import Wanted
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.attachments import SIDECAR, NoSuchFile
from recommendations.web.published import TooBusy, public_book, public_file
from recommendations.web.unchanged import FRESH, unless_unchanged
from recommendations.web.visitor import Visitor, framework_at, visitor

FORMATS = tuple(name for name in outputs.FORMATS if name not in ("pdf", "docx"))
"""What programs read; the printed forms are made for people who sign in."""
HOUR = 3600
"""Seconds for which a file of a named moment is kept without asking."""


@takes("as_of")
def open_data(request: HttpRequest, framework: str) -> HttpResponseBase:
    """Show what there is to download, for everybody: figures of what is published alone."""
    home = framework_at(framework)
    return unless_unchanged(request, home, partial(page, request, home))


def page(request: HttpRequest, home: Framework) -> HttpResponse:
    """Return the page of open data, at the moment that the address names."""
    who = visitor(request)
    chosen = request.GET.get("as_of", "").strip()
    as_of = moment_at(home, chosen, who.at)
    moment = f"{as_of:%Y-%m-%dT%H:%M}"
    choices = choices_for(who.roles, home, Scope.PUBLIC)
    context = {
        "framework": home,
        "title": title_at(home, as_of),
        "as_of": as_of,
        "typed": moment,
        "chosen": chosen,
        "moment": moment if chosen else "",
        "formats": FORMATS,
        "whole": [offer for offer in OFFERS if offer.public and not has_form(offer)],
        "forms": [
            AskForm(offer, home, choices, now=who.at, scope=Scope.PUBLIC, formats=FORMATS)
            for offer in OFFERS
            if offer.public and has_form(offer)
        ],
        "address": f"{settings.BASE_URL}{request.path}?as_of={moment}",
        "publisher": settings.PUBLISHER,
        "terms": outputs.terms(),
        "example": f"{settings.BASE_URL}{request.path}full.csv?as_of={moment}",
    }
    return render(request, "recommendations/open_data.html", context)


def title_at(home: Framework, as_of: datetime) -> str:
    """Return the title at a moment; where that came before the framework, its title of today."""
    try:
        return titled(Basis(home, as_of, Scope.PUBLIC)).title
    except DidNotExist:
        return home.title


def has_form(offer: Offer) -> bool:
    """Say whether the page offers choices; full data is narrowed by whoever has it."""
    return offer.name != "full" and bool(offer.about or offer.also)


def moment_at(home: Framework, chosen: str, now: datetime) -> datetime:
    """Return the settled moment that an address names, the newest without one; 400 for none."""
    try:
        return min(moment_in(home, chosen, now), newest_settled(now))
    except UnusableMoment as problem:
        raise UnusableAddress(str(problem), name="as_of") from problem


@takes("report", "format", "as_of", "language", *LABELS)
def download_chosen(request: HttpRequest, framework: str) -> HttpResponseBase:
    """Lead from the choices of the page to the address of the file."""
    given = {name: str(value) for name, value in request.GET.items() if value}
    report, format = given.pop("report", ""), given.pop("format", "")
    if report not in CATALOGUE or format not in FORMATS:
        raise Http404
    url = reverse("download", args=[framework, report, format])
    return HttpResponseRedirect(with_query(url, [*given.items()]))


@takes("as_of", "language", *LABELS)
def download(request: HttpRequest, framework: str, report: str, format: str) -> HttpResponseBase:
    """Send a file of a public report, made once for its moment.

    An address without a moment leads to the newest settled one, which is the address to cite.
    """
    home, who = framework_at(framework), visitor(request)
    offer = CATALOGUE.get(report)
    if offer is None or not offer.public or format not in (*FORMATS, SIDECAR):
        raise Http404
    chosen = request.GET.get("as_of", "").strip()
    as_of = moment_at(home, chosen, who.at)
    moment = f"{as_of:%Y-%m-%dT%H:%M}"
    if chosen.removesuffix("Z") != moment:
        pairs = [(name, str(value)) for name, value in request.GET.items() if name != "as_of"]
        found = HttpResponseRedirect(with_query(request.path, [*pairs, ("as_of", moment)]))
        patch_cache_control(found, public=True, max_age=FRESH)
        return found
    wanted = wanted_in(request, home, offer, format, who)
    answer = partial(made, request, wanted, format, home, who)
    return unless_unchanged(request, home, answer, seconds=HOUR)


def wanted_in(
    request: HttpRequest, home: Framework, offer: Offer, format: str, who: Visitor
) -> Wanted:
    """Return the public report that an address asks for; 400 for a choice that there is not."""
    given: dict[str, Any] = {
        "language": settings.LANGUAGE_CODE,
        **request.GET.dict(),
        "format": "csv" if format == SIDECAR else format,
    }
    choices = choices_for(who.roles, home, Scope.PUBLIC)
    form = AskForm(offer, home, choices, given, now=who.at, scope=Scope.PUBLIC, formats=FORMATS)
    if not form.is_valid():
        name, problems = next(iter(form.errors.items()))
        raise UnusableAddress(str(problems[0]), name=name)
    extra = extra_choice(offer, request.GET)
    if extra is not None:
        raise UnusableAddress(extra[1], name=extra[0])
    return form.wanted()


def made(
    request: HttpRequest, wanted: Wanted, format: str, home: Framework, who: Visitor
) -> HttpResponseBase:
    """Return the file; 404 where there is none, 429 while too many are being made."""
    try:
        return public_file(wanted, format, home, who)
    except (NoSuchFile, DidNotExist, NotOffered) as problem:
        raise Http404 from problem
    except TooBusy:
        return busy(request)


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page that asks to come back in a minute (HTTP 429)."""
    answer = render(request, "recommendations/busy.html", status=429)
    answer["Retry-After"] = "60"
    return answer


@takes()
def code_book(request: HttpRequest, framework: str) -> HttpResponseBase:
    """Show what each column and each code of the full data means."""
    home = framework_at(framework)
    return unless_unchanged(request, home, partial(book, request, home))


def book(request: HttpRequest, home: Framework) -> HttpResponse:
    """Return the code book: the words of the first moment, which are those of every other."""
    wanted = Wanted(
        framework=home.slug,
        report="full",
        format="json",
        as_of=begins(home),
        scope=Scope.PUBLIC,
        language=settings.LANGUAGE_CODE,
    )
    try:
        rows = public_book(wanted, home, visitor(request))
    except TooBusy:
        return busy(request)
    context = {"framework": home, "rows": rows}
    return render(request, "recommendations/code_book.html", context)
