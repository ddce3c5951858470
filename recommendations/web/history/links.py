"""Where the page of an object stands, and entries of a history that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.urls import reverse

from agencies.models import Versioned
from recommendations.models import Action, Assignment, PriorityArea, Round, Update
from recommendations.reporting.history.entries import Entry


@dataclass(frozen=True)
class Linked(Entry):
    """An entry with the address of the page that it leads to, "" where it leads to none."""

    url: str = ""


def linked(entry: Entry) -> Linked:
    """Return an entry with its address."""
    its = {one.name: getattr(entry, one.name) for one in fields(entry)}
    return Linked(**its, url=address_of(entry.leads_to) if entry.leads_to else "")


def address_of(obj: Versioned) -> str:
    """Return the page of an object, "" where it has none."""
    if isinstance(obj, Update):
        return reverse("update", args=[obj.pk])
    if isinstance(obj, Round):
        return reverse("round-detail", args=[obj.framework.slug, obj.code])
    if isinstance(obj, Action):
        return reverse("action-detail", args=[obj.framework.slug, obj.code])
    if isinstance(obj, PriorityArea):
        return reverse("area-detail", args=[obj.framework.slug, obj.code])
    if isinstance(obj, Assignment):
        slug = obj.action.framework.slug
        return reverse("thread", args=[slug, obj.action.code, obj.agency.code])
    return ""
