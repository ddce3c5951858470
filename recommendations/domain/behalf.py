"""What a coordinator enters on behalf of a named person of an agency: mail, or a telephone call.

Whoever enters it stands in the log beside the person on whose behalf, and never decides on it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, Roles
from agencies.handovers import ACTING
from agencies.models import Membership, User, Versioned
from recommendations.domain import access
from recommendations.domain.clearing import agency_of
from recommendations.domain.transition import Change, NotAllowedNow
from recommendations.domain.updates import (
    WRITABLE,
    next_draft_version,
    refuse_stranger,
    why_closed,
    write_author,
)
from recommendations.models import CONTENT_FIELDS, Draft, Update

ON_BEHALF = frozenset(
    {
        ("assignment", "accept"),
        ("assignment", "accept_partly"),
        ("assignment", "consider"),
        ("assignment", "decline"),
        ("duty", "ask"),
        ("update", "submit"),
    }
)
"""What may be entered on behalf of somebody, as (noun, verb)."""


def may(roles: Roles, verb: str, obj: Versioned) -> bool:
    """Say whether a person may enter this on behalf of somebody of the agency.

    Coordinators and administrators may, but not for an agency of their own: there they act
    in their own name.
    """
    noun, framework_id = access.noun_of(obj), access.framework_of(obj)
    steering = roles.is_coordinator(framework_id) or roles.is_administrator(framework_id)
    return (noun, verb) in ON_BEHALF and steering and not roles.is_in(access.agency_of(obj))


def people_of(agency_id: int | None, *, day: date) -> QuerySet[User]:
    """Return on whose behalf something can be entered for an agency on a day."""
    places = Membership.objects.on(day).filter(agency=agency_id, capacity__in=ACTING)
    return User.objects.filter(pk__in=places.values("user"), is_active=True).order_by("name", "id")


def refuse_if_not_permitted(change: Change[Any]) -> None:
    """Raise NotPermitted, saying who may."""
    obj, verb = change.obj, change.transition.verb
    if (access.noun_of(obj), verb) not in ON_BEHALF:
        raise NotPermitted(_("This is done in one's own name, not on behalf of somebody."))
    if change.roles.is_in(access.agency_of(obj)):
        raise NotPermitted(_("You belong to this agency: do it in your own name."))
    if not may(change.roles, verb, obj):
        raise NotPermitted(
            _("Only a coordinator or administrator enters something on behalf of an agency.")
        )


def refuse_stranger_named(change: Change[Any]) -> None:
    """Raise RequirementMissing where the person named cannot speak for the agency that day."""
    named = change.on_behalf_of
    if named is None:
        return
    agency_id = access.agency_of(change.obj)
    problem = None
    if named == change.by:
        problem = _("Name a person of the agency, not yourself.")
    elif not people_of(agency_id, day=change.at.date()).filter(pk=named.pk).exists():
        problem = _("%(who)s is not focal point or alternate of this agency today.") % {
            "who": named
        }
    change.need(on_behalf_of=problem)


def text_to_send(change: Change[Update]) -> Draft:
    """Return the text that a coordinator enters for an agency, as a draft that is not saved.

    Raises NotAllowedNow where the agency has begun a text, which nobody else may see or
    replace, or where it sends only what its own officer has cleared.
    """
    update = change.obj
    if Draft.objects.filter(update=update).exists() or unsent_evidence(update):
        raise NotAllowedNow(
            _("The agency has begun a text of its own. Only the agency can send it.")
        )
    if update.duty.assignment_id is None:
        raise NotAllowedNow(_("Only the agency answers its questionnaire."))
    agency = agency_of(update)
    if agency.clears_before_sending:
        raise NotAllowedNow(
            _("%(agency)s sends only what its clearing officer cleared. Ask it to enter the text.")
            % {"agency": agency}
        )
    content = change.fact("content") or {}
    values = {name: content[name] for name in CONTENT_FIELDS if name in content}
    refuse_stranger(update, values.get("superseded_by"))
    write_author(update, by=change.by, at=change.at)
    return Draft(update=update, version=next_draft_version(update), **values)


def unsent_evidence(update: Update) -> bool:
    """Say whether the agency has added evidence that it has not sent."""
    return update.evidence.filter(detached_at__isnull=True, submissions__isnull=True).exists()


def may_enter(roles: Roles, update: Update) -> bool:
    """Say whether a person may now enter the text of an update on behalf of its agency.

    A questionnaire is not entered in this way: its answers are the agency's own.
    """
    return (
        may(roles, "submit", update)
        and update.duty.assignment_id is not None
        and update.review_state in WRITABLE
        and why_closed(update) is None
        and not agency_of(update).clears_before_sending
    )
