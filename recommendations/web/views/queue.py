"""The review queue of a coordinator."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import NotPermitted
from agencies.handovers import concerning
from recommendations.models import Update
from recommendations.models.update import UpdateQuerySet
from recommendations.web import sorting, waiting
from recommendations.web.addresses import takes
from recommendations.web.forms.reviews import QueueForm
from recommendations.web.saved import short_list
from recommendations.web.visitor import Visitor, signed_in

FILTERS = ("area", "agency", "sent", "kind")


@takes(*FILTERS, "sort", "page")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the updates that wait for a decision; 400 for a filter or an order that is none."""
    who = signed_in(request)
    if not who.oversees_anything:
        raise NotPermitted(_("Only coordinators review updates."))
    form = QueueForm(request.GET)
    asked = sorting.chosen(request, waiting.ORDERS)
    found = waiting.sorted_by(narrowed(form, who), asked)
    page = Paginator(found, waiting.PAGE).get_page(request.GET.get("page"))
    beyond = list(waiting.beyond(who)[: waiting.PAGE])
    context = {
        "form": form,
        "page": page,
        "rows": waiting.rows(list(page.object_list), who),
        "beyond": waiting.rows(beyond, who, may=False) if beyond else [],
        "filtered": any(request.GET.get(name) for name in FILTERS),
        "orders": sorting.named(
            sorting.heads(request, asked or "sent", waiting.ORDERS),
            (_("Sent"), _("Agency"), _("Action")),
        ),
        "kept": [("sort", asked)] if asked else [],
        "who": who,
        "handovers": concerning(who.user, day=who.today),
        "query": kept_filters(request),
        "saved_views": short_list(who),
        "previous_url": page_url(request, page.previous_page_number) if page.has_previous() else "",
        "next_url": page_url(request, page.next_page_number) if page.has_next() else "",
    }
    status = 200 if form.is_valid() else 400
    return render(request, "recommendations/queue.html", context, status=status)


def narrowed(form: QueueForm, who: Visitor) -> UpdateQuerySet:
    """Return the updates that a person may decide on and that fit the filters.

    None fits a filter that does not exist: the whole list would be taken for what was asked.
    """
    if not form.is_valid():
        return waiting.decidable(who, {}).none()
    return waiting.decidable(who, form.cleaned_data)


def kept_filters(request: HttpRequest, **more: Any) -> str:
    """Return the filters and the order of the queue as the end of an address, "" without any."""
    query = QueryDict(mutable=True)
    for name in (*FILTERS, "sort"):
        if request.GET.get(name):
            query[name] = request.GET[name]
    for name, value in more.items():
        query[name] = str(value)
    return f"?{query.urlencode()}" if query else ""


def page_url(request: HttpRequest, number: Any) -> str:
    """Return the address of another page of the queue."""
    return reverse("queue") + kept_filters(request, page=number())


def next_url(request: HttpRequest, who: Visitor, *, after: Update | None = None) -> str:
    """Return the address of the first update in the queue, in its order, else of the queue.

    `after` is an update that is skipped: the next is the one behind it, and behind the last
    comes the first again.
    """
    asked = sorting.chosen(request, waiting.ORDERS)
    rest = waiting.sorted_by(narrowed(QueueForm(request.GET), who), asked)
    first = rest.exclude(pk=after.pk).first() if after else rest.first()
    if after is not None:
        first = waiting.following(rest, after) or first
    page = reverse("review", args=[first.pk]) if first else reverse("queue")
    return page + kept_filters(request)
