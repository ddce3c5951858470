"""Clearance before sending, where an agency wants it: an officer clears one text, no other.

An officer may clear what they wrote themselves, but nobody writes, clears and sends alone:
then another person of the agency sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership, User
from agencies.revisions import Conflict
from recommendations.domain.transition import Change, NotAllowedNow, RequirementMissing, Transition
from recommendations.domain.updates import next_draft_version, why_closed
from recommendations.models import Clearance, Draft, Evidence, ReviewState, Update


@dataclass(frozen=True)
class Standing:
    """Where the clearance of a draft stands.

    `clearance` is of exactly this text; `outdated` the newest of an earlier one; `officers`
    are those who can clear today.
    """

    clearance: Clearance | None
    outdated: Clearance | None
    officers: tuple[User, ...]


def agency_of(update: Update) -> Agency:
    """Return the agency whose update it is."""
    owner = update.duty.assignment or update.duty
    assert owner.agency is not None  # noqa: S101 - the kind of a duty says which has one
    return owner.agency


def officers_of(agency: Agency, *, day: date) -> QuerySet[User]:
    """Return who can clear for an agency on a day."""
    places = Membership.objects.on(day).filter(
        agency=agency, capacity=Membership.Capacity.CLEARING_OFFICER
    )
    return User.objects.filter(pk__in=places.values("user"), is_active=True).order_by("name", "id")


def standing_of(update: Update, draft: Draft, *, day: date) -> Standing | None:
    """Return where the clearance of a draft stands; None where the agency wants none."""
    agency = agency_of(update)
    if not agency.clears_before_sending:
        return None
    given = update.clearances.select_related("recorded_by").order_by("-draft_version").first()
    fits = given is not None and given.draft_version == draft.version
    fits = fits and not evidence_since(given, update)
    officers = tuple(officers_of(agency, day=day))
    return Standing(given, None, officers) if fits else Standing(None, given, officers)


def evidence_since(clearance: Clearance | None, update: Update) -> bool:
    """Say whether evidence was added or taken off after a clearance."""
    if clearance is None:
        return False
    at = clearance.recorded_at
    return update.evidence.filter(Q(added_at__gt=at) | Q(detached_at__gt=at)).exists()


def needed(standing: Standing, agency: Agency) -> str:
    """Return why a text cannot be sent yet, and who can clear it."""
    if not standing.officers:
        return _(
            "%(agency)s sends an update after clearance, and nobody can clear it now. "
            "Ask an administrator to enter a clearing officer."
        ) % {"agency": agency}
    who = ", ".join(str(officer) for officer in standing.officers)
    if standing.outdated is not None:
        words = _(
            "The text or its evidence was changed after %(by)s cleared it. "
            "It needs a new clearance, from: %(who)s."
        )
        return words % {"by": standing.outdated.recorded_by, "who": who}
    return _("%(agency)s sends an update after clearance. Who can clear it: %(who)s.") % {
        "agency": agency,
        "who": who,
    }


def clearance_to_send(change: Change[Update], draft: Draft) -> Clearance | None:
    """Return the clearance that goes with a draft; None where the agency wants none.

    Raises RequirementMissing where it is not given, or where one person would have written,
    cleared and sent the text.
    """
    update = change.obj
    standing = standing_of(update, draft, day=change.at.date())
    if standing is None:
        return None
    if standing.clearance is None:
        raise RequirementMissing({"clearance": needed(standing, agency_of(update))})
    alone = set(update.authors.values_list("user_id", flat=True)) <= {change.by.pk}
    if alone and standing.clearance.recorded_by == change.by:
        raise RequirementMissing(
            {
                "clearance": _(
                    "You alone wrote and cleared this text. Another person of the agency sends it."
                )
            }
        )
    return standing.clearance


def clear(change: Change[Update]) -> None:
    """Clear the draft for sending. Facts: draft_version, what the officer read."""
    update = change.obj
    draft = Draft.objects.filter(update=update).first()
    if draft is None:
        raise RequirementMissing({"draft": _("There is no text to clear yet.")})
    if draft.version != change.fact("draft_version"):
        raise Conflict(draft, change.facts)
    standing = standing_of(update, draft, day=change.at.date())
    if standing is not None and standing.clearance is not None:
        raise NotAllowedNow(
            _("This text is cleared already, by %(who)s.") % {"who": standing.clearance.recorded_by}
        )
    if update.clearances.filter(draft_version=draft.version).exists():
        # Only its evidence changed: what is cleared now is another version of the same words.
        draft.version = next_draft_version(update)
        draft.save(update_fields=["version"])
    Clearance.objects.create(
        update=update,
        draft_version=draft.version,
        recorded_at=change.at,
        recorded_by=change.by,
    )
    change.write(update, change.transition.event, content={"draft_version": draft.version})


def why_not_clearable(update: Update) -> str | None:
    """Return why nothing can be cleared: the agency wants no clearance, or cannot send."""
    agency = agency_of(update)
    if not agency.clears_before_sending:
        return _("%(agency)s sends its updates without clearance.") % {"agency": agency}
    return why_closed(update)


def to_clear(updates: Iterable[Update]) -> set[int]:
    """Return the ids of those updates whose draft waits for a clearance; at most two queries.

    `updates` come with their place and their draft; without one that needs clearance nothing
    is asked.
    """
    drafts = {
        update.pk: update.draft
        for update in updates
        if agency_of(update).clears_before_sending and getattr(update, "draft", None)
    }
    if not drafts:
        return set()
    given = {
        one.update_id: one for one in Clearance.objects.filter(update__in=drafts).order_by("id")
    }
    changed = Evidence.objects.filter(update__in=given).values_list(
        "update", "added_at", "detached_at"
    )
    void = {
        pk
        for pk, added, detached in changed
        if added > given[pk].recorded_at or (detached and detached > given[pk].recorded_at)
    }
    return {
        pk
        for pk, draft in drafts.items()
        if pk not in given or pk in void or given[pk].draft_version != draft.version
    }


TRANSITIONS: tuple[Transition[Update], ...] = (
    Transition(
        noun="update",
        verb="clear",
        sources=(ReviewState.DRAFT, ReviewState.RETURNED),
        target="",
        event="cleared",
        effect=clear,
        requires=("draft",),
        facts=("draft_version",),
        state_field="review_state",
        guard=why_not_clearable,
    ),
)
