"""What reviewers keep while they read: unsent decisions, phrases, and who reads what.

None of it is a state, so none makes an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import User
from recommendations.domain import access
from recommendations.domain.transition import NotAllowedNow
from recommendations.models import DecisionDraft, ReviewClaim, ReviewState, SavedPhrase, Update

CLAIM_LASTS = timedelta(minutes=30)
"""How long "X reads this" is shown after the reviewer's last sign of reading."""


def check_reviewer(update: Update, *, by: User, at: datetime) -> None:
    """Raise NotVisible or NotPermitted where a person may not decide on an update."""
    roles = roles_of(by, at=at)
    if not access.sees(roles, update):
        raise NotVisible
    if not access.may(roles, "approve", update, at=at):
        words = access.WHO["update", "approve"].words
        raise NotPermitted(_("Only %(who)s can do this.") % {"who": words})


def save_decision_draft(
    update: Update, *, typed: Mapping[str, str], by: User, at: datetime
) -> DecisionDraft | None:
    """Keep what a reviewer has typed and not sent; only they ever see it.

    Nothing typed keeps nothing, and throws away what was kept. Saving is a sign of reading: a
    claim of theirs starts anew. Raises NotVisible or NotPermitted.
    """
    check_reviewer(update, by=by, at=at)
    kept = {name: text for name, text in typed.items() if text.strip()}
    if not kept:
        discard_decision_draft(update, by=by)
        return None
    with transaction.atomic():
        draft, _new = DecisionDraft.objects.update_or_create(
            update=update, user=by, defaults={"typed": kept, "saved_at": at}
        )
        ReviewClaim.objects.filter(update=update, user=by, expires_at__gt=at).update(
            expires_at=at + CLAIM_LASTS
        )
    return draft


def decision_drafts(user: User) -> QuerySet[DecisionDraft]:
    """Return the unsent decisions that exist for a person: their own."""
    return DecisionDraft.objects.filter(user=user)


def saved_phrases(user: User) -> QuerySet[SavedPhrase]:
    """Return the phrases that exist for a person: their own, oldest first."""
    return SavedPhrase.objects.filter(user=user).order_by("id")


def discard_decision_draft(update: Update, *, by: User) -> None:
    """Throw away what a reviewer had kept about an update."""
    decision_drafts(by).filter(update=update).delete()


def claim_reading(update: Update, *, by: User, at: datetime) -> ReviewClaim:
    """Show to others that a reviewer reads this, for half an hour; it hinders nobody.

    A second reviewer who says the same is shown instead. Raises NotVisible, NotPermitted,
    or NotAllowedNow where there is nothing to decide on.
    """
    check_reviewer(update, by=by, at=at)
    with transaction.atomic():
        current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
        if current.review_state != ReviewState.SUBMITTED:
            raise NotAllowedNow(_("It does not wait for a decision any more."))
        mine = ReviewClaim.objects.filter(update=update, user=by, expires_at__gt=at).first()
        claim, _new = ReviewClaim.objects.update_or_create(
            update=current,
            defaults={
                "user": by,
                "claimed_at": mine.claimed_at if mine else at,
                "expires_at": at + CLAIM_LASTS,
            },
        )
    return claim


def release_reading(update: Update, *, by: User) -> None:
    """Say that one does not read this any more; another's claim stays."""
    ReviewClaim.objects.filter(update=update, user=by).delete()


def reader_of(update: Update, *, at: datetime) -> ReviewClaim | None:
    """Return who reads an update at a moment: a claim ends by the clock, or with a decision."""
    claim: ReviewClaim | None = getattr(update, "review_claim", None)
    if claim is None or claim.expires_at <= at or update.review_state != ReviewState.SUBMITTED:
        return None
    return claim


def forget_reading(update: Update, *, by: User) -> None:
    """Drop the claim on an update that was decided, and what its decider had kept unsent.

    What others had kept stays theirs: the page shows it to them, with who decided.
    """
    ReviewClaim.objects.filter(update=update).delete()
    discard_decision_draft(update, by=by)
