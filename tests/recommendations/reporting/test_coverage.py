"""Coverage: each action with its leads, reports and evidence, those that lack most first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Evidence, Role, Submission, SubmissionEvidence
from recommendations.reporting.coverage import coverage
from recommendations.reporting.facts import Basis, Scope
from recommendations.reporting.places import action_page
from recommendations.reporting.standings import read
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db


def backed(submission: Submission, *, public: bool) -> None:
    """Put a link beside a submission."""
    evidence = Evidence.objects.create(
        update=submission.update,
        kind="link",
        title="Page",
        url="https://example.org/",
        public=public,
        added_at=submission.submitted_at,
        added_by=submission.submitted_by,
    )
    SubmissionEvidence.objects.create(submission=submission, evidence=evidence)


def test_what_lacks_most_comes_first_and_a_missing_lead_before_all() -> None:
    framework, (one, two, three, four), (first, second) = builders.world(actions=4, agencies=2)
    text = builders.said(builders.held(one, first, Role.CO_LEAD), "in_progress", at=later(days=1))
    backed(text, public=True)
    backed(text, public=False)
    builders.held(one, second, Role.CO_LEAD)
    full = builders.said(builders.held(two, first), "in_progress", at=later(days=1))
    backed(full, public=False)
    helps = builders.said(
        builders.held(three, second, Role.SUPPORTING), "continuing", at=later(days=1)
    )
    backed(helps, public=True)
    builders.held(four, first)

    def found(scope: Scope) -> list[tuple[str, int, int, tuple[bool, bool, bool]]]:
        basis = Basis(framework, later(days=2), scope)
        reading = read(basis)
        with CaptureQueriesContext(connection) as queries:
            covers = coverage(basis, reading)
        assert len(queries) == 1
        return [(one.line.code, one.supporting, one.evidence, one.gaps) for one in covers]

    assert found(Scope.INSIDE) == [
        ("A3", 1, 1, (True, False, False)),
        ("A4", 0, 0, (False, True, True)),
        ("A1", 0, 2, (False, True, False)),
        ("A2", 0, 1, (False, False, False)),
    ]
    assert found(Scope.PUBLIC)[2:] == [
        ("A1", 0, 1, (False, True, False)),
        ("A2", 0, 0, (False, False, True)),
    ]


def test_evidence_that_was_erased_later_is_counted_at_an_earlier_moment(cast: make.Cast) -> None:
    update = make.owed(cast)
    piece = make.linked(update, by=cast.ilo_focal_point)
    make.approved(make.sent(update, by=cast.ilo_focal_point), by=cast.coordinator)
    Evidence.objects.filter(pk=piece.pk).update(
        erased_at=make.later(days=2), erased_by=cast.administrator, erased_because="Asked for."
    )

    counted = {}
    for days in (1, 2):
        for scope in Scope:
            basis = Basis(cast.framework, make.later(days=days), scope)
            (cover,) = coverage(basis, read(basis))
            (row,) = action_page(cast.action, as_of=basis.as_of, scope=scope).agencies
            assert row.excerpt is not None
            counted[days, scope] = (cover.evidence, row.excerpt.evidence)

    assert counted == {
        (days, scope): (pieces, pieces) for days, pieces in ((1, 1), (2, 0)) for scope in Scope
    }
