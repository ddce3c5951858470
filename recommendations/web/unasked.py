"""Where an agency may report though no open round asks it to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from recommendations.models import Assignment, Duty, Round
from recommendations.web.visitor import Visitor


def unasked(who: Visitor) -> list[Assignment]:
    """Return the active assignments without a duty in some open round; one query."""
    owed = Duty.objects.filter(round=OuterRef("pk"), assignment=OuterRef(OuterRef("pk")))
    running = Round.objects.filter(
        ~Exists(owed), framework=OuterRef("action__framework"), state=Round.State.OPEN
    )
    return list(
        Assignment.objects.active()
        .filter(Exists(running), agency__in=who.roles.agencies)
        .select_related("action__framework", "agency")
        .in_order()
    )
