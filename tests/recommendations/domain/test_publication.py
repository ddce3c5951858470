"""Holding a round back from the public, releasing it, and what the public counter counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Assignment, Framework, Publication, Round, Update
from recommendations.reporting.facts import Basis, Scope, in_force
from recommendations.reporting.timeline import tracks
from tests import make, soundness
from tests.make import later

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 20)


def held(cast: make.Cast, round: Round | None = None) -> Round:
    """Hold a round."""
    found = round or Round.objects.get()
    made: Round = make.do("hold", found, by=cast.coordinator, note="Before the summit.")
    return made


def published() -> list[tuple[int, str]]:
    """Return what is public, in order: the update and what it says was done."""
    rows = Publication.objects.order_by("id").select_related("submission")
    return [(row.submission.update_id, row.submission.body["done"]) for row in rows]


def public_text(cast: make.Cast, days: float = 30) -> str:
    """Return what the public reads of the one assignment, by both roads."""
    basis = Basis(cast.framework, later(days=days), Scope.PUBLIC)
    (of,) = Assignment.objects.values_list("pk", flat=True)
    text = in_force(basis).get(of)
    track = tracks(basis).get(of)
    again = track.at(basis.as_of)[0] if track else None
    assert again == text
    if text is None:
        return ""
    return str(Publication.objects.get(submission=text.submission_id).submission.body["done"])


def approved(update: Update, cast: make.Cast, text: str = "Two seminars.") -> Update:
    """Send and approve a text."""
    make.sent(update, by=cast.ilo_focal_point, body={"done": text})
    return make.approved(update, by=cast.coordinator)


def test_what_is_approved_in_a_held_round_is_published_by_its_release_at_one_moment(
    cast: make.Cast,
) -> None:
    first = make.owed(cast, role="co_lead")
    other = make.accepted(cast, role="co_lead", agency=cast.iom, by=cast.iom_focal_point)
    second = make.update_in(Round.objects.get(), other)
    held(cast)
    make.sent(second, by=cast.iom_focal_point, body={"done": "A law."})
    make.approved(second, by=cast.coordinator)
    approved(first, cast)
    before = published()
    make.do("release", Round.objects.get(), by=cast.administrator, at=later(days=2))

    assert before == []
    assert published() == [(second.pk, "A law."), (first.pk, "Two seminars.")]
    assert {row.recorded_at for row in Publication.objects.all()} == {later(days=2)}
    assert soundness.problems() == []


def test_holding_leaves_public_what_is_public_and_publishes_nothing_twice(cast: make.Cast) -> None:
    update = approved(make.owed(cast), cast)
    held(cast)
    make.do("release", Round.objects.get(), by=cast.coordinator, at=later(days=1))

    assert published() == [(update.pk, "Two seminars.")]
    assert Publication.objects.get().recorded_at == make.NOW
    assert [terms.held for terms in Round.objects.get().terms.order_by("id")] == [
        False,
        False,
        True,
        False,
    ]


def test_a_hold_by_a_clock_that_is_behind_is_not_recorded_before_what_was_public_first(
    cast: make.Cast,
) -> None:
    update = make.owed(cast)
    make.sent(update, by=cast.ilo_focal_point, at=later(minutes=5))
    make.do("approve", update, by=cast.coordinator, at=later(minutes=5), claim="agree")
    held(cast)

    assert Round.objects.get().terms.latest("id").recorded_at == later(minutes=5)
    assert [*soundness.wrong_publications()] == []


def test_a_text_retracted_while_it_was_held_is_never_public(cast: make.Cast) -> None:
    update = make.owed(cast)
    held(cast)
    approved(update, cast)
    make.do("retract", update, by=cast.coordinator, note="Wrong.", due_on=DUE)
    make.do("release", Round.objects.get(), by=cast.coordinator)

    assert published() == []
    assert soundness.problems() == []


def test_a_retraction_takes_a_public_text_away_at_once_also_while_the_round_is_held(
    cast: make.Cast,
) -> None:
    update = approved(make.owed(cast), cast)
    held(cast)
    before = public_text(cast)
    at = later(days=1)
    make.do("retract", update, by=cast.coordinator, at=at, note="Wrong.", due_on=DUE)

    assert (before, public_text(cast), public_text(cast, days=0.5)) == (
        "Two seminars.",
        "",
        "Two seminars.",
    )


def test_an_earlier_text_that_is_released_later_does_not_come_before_a_later_one(
    cast: make.Cast,
) -> None:
    first = make.owed(cast)
    held(cast)
    approved(first, cast, "First.")
    second = make.update_in(make.open_round(cast, "2026-H2"), Assignment.objects.get())
    make.sent(second, by=cast.ilo_focal_point, at=later(days=1), body={"done": "Second."})
    make.approved(second, by=cast.coordinator, at=later(days=1))
    before = public_text(cast)
    make.do("release", Round.objects.get(code="2026-H1"), by=cast.coordinator, at=later(days=2))

    assert (before, public_text(cast)) == ("Second.", "Second.")


def test_nothing_new_that_repeats_a_held_text_waits_for_that(cast: make.Cast) -> None:
    first = make.owed(cast)
    held(cast)
    approved(first, cast, "Held.")
    second = make.update_in(make.open_round(cast, "2026-H2"), Assignment.objects.get())
    make.sent(second, by=cast.ilo_focal_point, kind="no_change", body={"done": "As before."})
    make.approved(second, by=cast.coordinator)
    before = published()
    make.do("release", Round.objects.get(code="2026-H1"), by=cast.coordinator)

    assert before == []
    assert published() == [(first.pk, "Held."), (second.pk, "As before.")]
    assert soundness.problems() == []


def test_nothing_new_of_a_released_round_waits_for_the_text_of_a_round_still_held(
    cast: make.Cast,
) -> None:
    first = make.owed(cast)
    held(cast)
    approved(first, cast, "Held.")
    later_round = make.open_round(cast, "2026-H2")
    held(cast, later_round)
    second = make.update_in(later_round, Assignment.objects.get())
    make.sent(second, by=cast.ilo_focal_point, kind="no_change", body={"done": "As before."})
    make.approved(second, by=cast.coordinator)
    make.do("release", later_round, by=cast.coordinator)
    before = published()
    make.do("release", Round.objects.get(code="2026-H1"), by=cast.coordinator)

    assert (before, len(published())) == ([], 2)


def test_a_hold_says_why_and_neither_is_done_twice(cast: make.Cast) -> None:
    round = make.open_round(cast)
    with pytest.raises(RequirementMissing) as raised:
        make.do("hold", round, by=cast.coordinator, note=" ")
    with pytest.raises(NotAllowedNow, match="Publication of this round is not held."):
        make.do("release", round, by=cast.coordinator)
    held(cast)
    with pytest.raises(NotAllowedNow, match="Publication of this round is held already."):
        held(cast)

    assert raised.value.problems == {"reason": "Give the reason."}


def counters(cast: make.Cast) -> tuple[int, int]:
    """Return both counters of the framework."""
    now = Framework.objects.get(pk=cast.framework.pk)
    return now.counter, now.public_counter


def rises(cast: make.Cast, act: Callable[[], object]) -> tuple[int, int]:
    """Return by how much each counter rises."""
    before = counters(cast)
    act()
    now = counters(cast)
    return now[0] - before[0], now[1] - before[1]


def test_the_public_counter_rises_with_what_shows_and_with_nothing_else(cast: make.Cast) -> None:
    fp, coordinator = cast.ilo_focal_point, cast.coordinator
    assignment = make.proposed(cast)
    found = {
        "target of what is proposed": rises(
            cast, lambda: make.do("set_target", assignment, by=fp, target_on=DUE)
        ),
        "consider": rises(cast, lambda: make.do("consider", assignment, by=fp)),
        "accept": rises(cast, lambda: make.do("accept", assignment, by=fp)),
        "target": rises(
            cast, lambda: make.do("set_target", assignment, by=fp, target_on=DUE, note="Moved.")
        ),
    }
    round = make.planned_round(cast.framework)
    found["open"] = rises(cast, lambda: make.do("open", round, by=coordinator))
    update = make.update_in(round, assignment)
    make.drafted(update, by=fp)
    dates = {"due_on": round.closes_on, "closes_on": round.closes_on}
    found |= {
        "extend": rises(
            cast, lambda: make.do("extend", round, by=coordinator, note="Longer.", **dates)
        ),
        "submit": rises(cast, lambda: make.do("submit", update, by=fp, draft_version=1)),
        "hold": rises(cast, lambda: held(cast)),
        "approve, held": rises(
            cast, lambda: make.do("approve", update, by=coordinator, claim="leave_open")
        ),
        "assess, held": rises(
            cast,
            lambda: make.do(
                "assess", assignment, by=coordinator, status="continuing", note="Seen."
            ),
        ),
        "reopen, held": rises(
            cast, lambda: make.do("reopen", update, by=coordinator, note="Why.", due_on=DUE)
        ),
        "release": rises(cast, lambda: make.do("release", round, by=coordinator)),
        "assess": rises(
            cast,
            lambda: make.do(
                "assess", assignment, by=coordinator, status="continuing", note="Seen."
            ),
        ),
    }
    make.sent(update, by=fp)
    found |= {
        "approve": rises(
            cast, lambda: make.do("approve", update, by=coordinator, claim="leave_open")
        ),
        "correct": rises(cast, lambda: make.do("correct", update, by=fp)),
    }
    correction = Update.objects.get(corrects=update)
    make.sent(correction, by=fp)
    held(cast)
    make.approved(correction, by=coordinator)
    found |= {
        "retract, held": rises(
            cast, lambda: make.do("retract", correction, by=coordinator, note="Why.", due_on=DUE)
        ),
        "release of nothing": rises(cast, lambda: make.do("release", round, by=coordinator)),
        "close": rises(cast, lambda: make.do("close", round, by=coordinator)),
        "reopen": rises(
            cast, lambda: make.do("reopen", round, by=coordinator, note="Again.", **dates)
        ),
        "end": rises(cast, lambda: make.do("end", assignment, by=coordinator, note="Over.")),
    }

    assert {name for name, (all_changes, _) in found.items() if all_changes != 1} == set()
    assert {name for name, (_, public) in found.items() if public} == {
        *("accept", "target", "open", "release", "assess", "approve", "end"),
    }


def test_retracting_a_public_text_raises_the_public_counter(cast: make.Cast) -> None:
    update = approved(make.owed(cast), cast)

    assert rises(
        cast, lambda: make.do("retract", update, by=cast.coordinator, note="Why.", due_on=DUE)
    ) == (1, 1)


def test_taking_over_what_a_merged_agency_had_raises_the_public_counter(cast: make.Cast) -> None:
    before = make.merged_away(cast, cast.action)

    assert rises(
        cast,
        lambda: make.do(
            "take_over", cast.action, by=cast.administrator, note="Merged.", assignment=before
        ),
    ) == (1, 1)
