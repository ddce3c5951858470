"""Saved views: a person's own short list of pages with their filters.

They are nobody's state and make no event: whoever opens one sees what they may.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import User
from recommendations.domain.transition import RequirementMissing
from recommendations.models import SavedView

LONGEST_NAME = 80
LONGEST_ADDRESS = 1000
MOST = 100
"""Views of one person: more than anybody finds again."""


class NameTaken(Exception):
    """The person has a view of this name already (HTTP 409). Carries it: replace it, or rename."""

    def __init__(self, view: SavedView) -> None:
        super().__init__(_("You have a saved view called “%(name)s” already.") % {"name": view})
        self.view = view


def views_of(user_id: int | None) -> QuerySet[SavedView]:
    """Return the views that exist for a person: their own, by name."""
    return SavedView.objects.filter(user=user_id).order_by("name", "id")


def save(
    user: User, *, name: str, address: str, at: datetime, replacing: str | None = None
) -> SavedView:
    """Keep an address under a name.

    `replacing` is the address that the person agreed to replace under this name; if another
    stands there meanwhile, they are asked again. Raises NameTaken, and RequirementMissing
    without a name or with an address that is too long; nothing is changed then.
    """
    name = clean(name)
    if len(address) > LONGEST_ADDRESS:
        raise RequirementMissing({"name": _("This view has too many filters to be saved.")})
    try:
        with transaction.atomic():
            held = views_of(user.pk).select_for_update().filter(name=name).first()
            if held is None:
                if views_of(user.pk).count() >= MOST:
                    raise RequirementMissing({"name": full()})
                return SavedView.objects.create(user=user, name=name, address=address, saved_at=at)
            if held.address not in (replacing, address):
                raise NameTaken(held)
            held.address, held.saved_at = address, at
            held.save(update_fields=["address", "saved_at"])
            return held
    except IntegrityError:  # saved in another window at the same moment
        raise NameTaken(views_of(user.pk).get(name=name)) from None


def rename(view: SavedView, *, name: str) -> None:
    """Give a view another name. Raises NameTaken and RequirementMissing, nothing changed."""
    name = clean(name)
    others = views_of(view.user_id).exclude(pk=view.pk)
    held = others.filter(name=name).first()
    if held is not None:
        raise NameTaken(held)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError:  # saved in another window at the same moment
        raise NameTaken(others.get(name=name)) from None
    view.name = name


def remove(view: SavedView) -> None:
    """Take a view off the list; the page that it leads to stays what it is."""
    view.delete()


def clean(name: str) -> str:
    """Return a name in single spaces. Raises RequirementMissing for none and for a long one."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise RequirementMissing({"name": _("Enter a name for this view.")})
    if len(name) > LONGEST_NAME:
        words = _("Enter a name of at most %(most)d characters.")
        raise RequirementMissing({"name": words % {"most": LONGEST_NAME}})
    return name


def full() -> str:
    """Return what to say when the list is full."""
    return _("You have %(most)d saved views. Delete one that you no longer use.") % {"most": MOST}
