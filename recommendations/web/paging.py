"""Lists that come page by page: the page that the address asks for, and the ways to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.web.addresses import with_query


@dataclass(frozen=True)
class Paged:
    """A page of a list, the addresses beside it, and where in the list it is."""

    page: Page[Any]
    previous_url: str
    next_url: str

    @property
    def words(self) -> str:
        """Return "26–50 of 87", "" where one page holds all."""
        if not self.page.has_other_pages():
            return ""
        places = {
            "first": self.page.start_index(),
            "last": self.page.end_index(),
            "all": self.page.paginator.count,
        }
        return _("%(first)d–%(last)d of %(all)d") % places


def paged(request: HttpRequest, rows: Sequence[Any], size: int, anchor: str = "") -> Paged:
    """Return the page that `?page=` names, else the nearest; all else in the address is kept."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    kept = [(name, str(value)) for name, value in request.GET.items() if name != "page"]

    def at(number: int) -> str:
        pairs = [*kept, ("page", str(number))] if number > 1 else kept
        return with_query(request.path, pairs) + anchor

    return Paged(
        page,
        at(page.previous_page_number()) if page.has_previous() else "",
        at(page.next_page_number()) if page.has_next() else "",
    )
