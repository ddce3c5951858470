"""What changed since the newest round opened, as a matrix: each agency on each action."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Framework
from recommendations.reporting.entries import Opened, openings
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.lives import assignments_of, lives
from recommendations.reporting.matrix import Matrix, matrix_of
from recommendations.reporting.moved import Direction, Moved, moved_assignments
from recommendations.reporting.sentences import listed
from recommendations.reporting.standings import read
from recommendations.reporting.timeline import tracks


@dataclass(frozen=True)
class Changes:
    """The matrix, and the round since whose opening it says what moved; None where none opened."""

    matrix: Matrix
    since: Opened | None
    moves: tuple[Moved, ...]

    @property
    def sentence(self) -> str:
        """Return "Since round R2 opened: 3 assignments moved up, 1 down, …"."""
        if self.since is None:
            return _("No round had opened yet.")
        counts = Counter(one.direction for one in self.moves)
        up, down, first, other = (counts[way] for way in Direction)
        words = ngettext("%(count)d assignment moved up", "%(count)d assignments moved up", up) % {
            "count": up
        }
        parts = [
            words,
            _("%(count)d down") % {"count": down},
            _("%(count)d reported for the first time") % {"count": first},
            _("%(count)d changed otherwise") % {"count": other},
        ]
        return _("Since round %(round)s opened: %(parts)s.") % {
            "round": self.since.code,
            "parts": listed(parts),
        }


def changes(framework: Framework, *, as_of: datetime, scope: Scope) -> Changes:
    """Return what changed since the newest round opened, agency by agency; 5 queries.

    Of the assignments that were taken on at both moments.
    """
    basis = Basis(framework, as_of, scope)
    seen, opened = tracks(basis), openings(basis)
    known = lives(basis, seen)
    since = opened[-1] if opened else None
    moves = moved_assignments(known, since.at, as_of) if since else []
    reading = read(basis, seen, assignments_of(basis, known))
    by_place = {(one.action_id, one.agency_id or 0): one for one in moves}
    return Changes(matrix_of(basis, reading, by_place), since, tuple(moves))
