"""The inbox: what a person is told on the site, and what they do with it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies.access import NotVisible
from recommendations.models import Delivery
from recommendations.notify import inbox as box
from recommendations.notify.inbox import Tab, Verb
from recommendations.web.addresses import UnusableAddress, takes, with_query
from recommendations.web.visitor import Visitor, signed_in

NUMBER = re.compile(r"[0-9]{1,18}")
PLACES = ("show", "after", "before")


@takes(*PLACES, "undo", "all")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show a part of the inbox, newest first; 400 for a part or a place that is none."""
    who = signed_in(request)
    tab = tab_in(request)
    today = box.today_of(who.user, who.at)
    found = box.lines_of(who.user, tab, today=today)
    page = box.page_of(
        found, after=place_in(request, "after", who), before=place_in(request, "before", who)
    )
    told = box.said(page.deliveries, who.user, who.roles)
    places = [(name, request.GET[name]) for name in PLACES if request.GET.get(name)]
    context = {
        "tab": tab,
        "tabs": tabs(tab, box.unread_of(who.user, today=today)),
        "rows": list(zip(page.deliveries, told, strict=True)),
        "is_done": tab == Tab.DONE,
        "ticked": "all" in request.GET,
        "undo": [int(pk) for pk in NUMBER.findall(request.GET.get("undo", ""))[: box.PAGE]],
        "places": places,
        "today": today,
        "tick_url": with_query(request.path, [*places, ("all", "1")]),
        "previous_url": address(tab, before=page.newer) if page.newer else "",
        "next_url": address(tab, after=page.older) if page.older else "",
    }
    return render(request, "recommendations/inbox.html", context)


def tab_in(request: HttpRequest) -> Tab:
    """Return the part of the inbox that the address names; 400 for one that is none."""
    named = request.GET.get("show", Tab.ACTION)
    if named not in Tab.values:
        words = _("The inbox has no such part. It has: %(parts)s.")
        raise UnusableAddress(words % {"parts": ", ".join(Tab.values)}, name="show")
    return Tab(named)


def place_in(request: HttpRequest, name: str, who: Visitor) -> Delivery | None:
    """Return the line from which a page goes on; 400 for one that is not the person's."""
    typed = request.GET.get(name)
    if not typed:
        return None
    found = box.all_of(who.user).filter(pk=typed) if NUMBER.fullmatch(typed) else None
    line = found.first() if found is not None else None
    if line is None:
        raise UnusableAddress(_("This is no place in your inbox."), name=name)
    return line


def tabs(current: Tab, unread: dict[str, int]) -> list[dict[str, Any]]:
    """Return the parts of the inbox, with how many of their lines are unread."""
    return [
        {
            "words": tab.label,
            "url": address(tab),
            "current": tab == current,
            "unread": unread.get(tab.value, 0),
        }
        for tab in Tab
    ]


def address(tab: str, **places: int | str) -> str:
    """Return the address of a part of the inbox, or of a page of it."""
    pairs = [("show", str(tab))] if tab != Tab.ACTION else []
    return with_query(
        reverse("inbox"), [*pairs, *((name, str(value)) for name, value in places.items())]
    )


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Open a line, which marks it read, or do something with the lines that are ticked."""
    who = signed_in(request, page=reverse("inbox"))
    opened = request.POST.get("open", "")
    if opened:
        delivery = box.opened(who.user, number(opened), at=who.at)
        (line,) = box.said([delivery], who.user, who.roles)
        return redirect(line.url or address_back(request))
    single = next((verb for verb in Verb.values if request.POST.get(f"{verb}_one")), "")
    chosen = request.POST.getlist("line")[: box.PAGE]
    if single:
        chosen = [request.POST[f"{single}_one"]]
    verb = single or request.POST.get("do", "")
    if not chosen or verb not in Verb.values:
        messages.warning(request, _("Tick at least one line, then say what to do with it."))
        return HttpResponseRedirect(address_back(request))
    pks = [number(each) for each in chosen]
    count = box.change(who.user, verb, pks, at=who.at)
    messages.success(request, said(verb, count))
    offer = {"undo": ".".join(map(str, pks))} if verb in UNDONE else {}
    return HttpResponseRedirect(address_back(request, **offer))


UNDONE = (Verb.DONE, Verb.TOMORROW, Verb.WEEK, Verb.ROUND)
"""What can be undone at once."""


def number(typed: str) -> int:
    """Return the number of a line; what is none is nobody's."""
    if not NUMBER.fullmatch(typed):
        raise NotVisible
    return int(typed)


def address_back(request: HttpRequest, **more: str) -> str:
    """Return the page of the inbox that the form stood on."""
    tab = request.POST.get("show", "")
    places = {
        name: request.POST[name]
        for name in ("after", "before")
        if NUMBER.fullmatch(request.POST.get(name, ""))
    }
    return address(tab if tab in Tab.values else Tab.ACTION, **places, **more)


def said(verb: str, count: int) -> str:
    """Return what was done, in words."""
    words = {
        Verb.READ: ngettext("%(n)d line is marked read.", "%(n)d lines are marked read.", count),
        Verb.DONE: ngettext("%(n)d line is done.", "%(n)d lines are done.", count),
        Verb.TOMORROW: ngettext(
            "%(n)d line comes back tomorrow.", "%(n)d lines come back tomorrow.", count
        ),
        Verb.WEEK: ngettext(
            "%(n)d line comes back in a week.", "%(n)d lines come back in a week.", count
        ),
        Verb.ROUND: ngettext(
            "%(n)d line comes back when the next round opens.",
            "%(n)d lines come back when the next round opens.",
            count,
        ),
        Verb.UNDO: ngettext("%(n)d line is back.", "%(n)d lines are back.", count),
    }
    return words[Verb(verb)] % {"n": count}
