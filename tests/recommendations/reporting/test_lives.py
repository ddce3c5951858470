"""Random lives of a round: people leave, agencies merge, texts are held and corrected.

Whatever happens, figures of every past moment stay what they were, every open duty has
somebody who can act or is shown as vacant, and what moved adds up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from agencies import handovers, revisions
from agencies.access import NotPermitted
from agencies.models import Agency, Membership, User
from recommendations.domain import closures, holdings, leaving, mergers, vacancies, workflow
from recommendations.models import Assignment, Duty, Round
from recommendations.reporting.facts import Scope
from recommendations.reporting.movements import movements
from recommendations.reporting.recount import differences
from recommendations.reporting.standings import standings
from tests import make, soundness
from tests.figures import figure
from tests.walk import Walk

LIVES, STEPS, EACH = figure(small=20, full=1000), 30, 5
"""Lives, changes tried in each, and after how many of them the figures are written down."""
SHARES = 10
DEEDS = {"leave", "hand_over", "merge", "close agency", "hold", "release", "correct"}
"""What each share of a drill must have seen."""
pytestmark = pytest.mark.drill


class Life(Walk):
    """A walk in which people and agencies come to an end as well.

    It begins in an open round with an approved text, so that each life sees corrections.
    """

    rare = Walk.rare - {"hold", "release"}

    def __init__(self) -> None:
        super().__init__(seed=0)
        people = self.people
        self.second = make.person("Second coordinator", office="coordinator")
        self.officer = make.person("IOM clearing officer")
        clearing = Membership(
            user=self.officer,
            agency=people.iom,
            capacity="clearing_officer",
            from_on=make.START,
        )
        revisions.create(clearing, by=None, at=make.NOW)
        self.users += [people.ilo_alternate, self.second, self.officer]
        first = Round.objects.get(code="2026-H1")
        make.do("open", first, by=people.coordinator, at=make.NOW)
        update = make.update_in(first, Assignment.objects.get(agency=people.ilo))
        make.sent(update, by=people.ilo_focal_point, at=make.NOW)
        make.approved(update, by=people.coordinator, at=make.NOW)

    def begin(self, seed: int) -> None:
        """Start a life of its own in the world as it was built."""
        self.rng = Random(seed)  # noqa: S311 - a repeatable life, no secret
        self.at = make.NOW

    def step(self) -> str | None:
        """Change one thing; now and then somebody leaves, or an agency ends."""
        drawn = self.rng.random()
        if drawn > 0.05:
            return super().step()
        self.at += timedelta(minutes=self.rng.randint(1, 600))
        event = self.rng.choice((self.leave, self.hand_over, self.merge, self.close))
        try:
            with transaction.atomic():
                return event()
        except (
            NotPermitted,
            ValidationError,
            workflow.NotAllowedNow,
            workflow.RequirementMissing,
        ):
            return None

    def leave(self) -> str:
        """Let a person leave, sometimes with a successor."""
        user = User.objects.get(pk=self.rng.choice(self.users).pk)
        agencies = {row.agency_id for row in user.memberships.all()}
        successor = self.rng.choice((None, self.people.ilo_alternate))
        leaving.leave(
            user,
            last_day=self.at.date(),
            successors=dict.fromkeys(agencies, successor),
            version=user.version,
            **self.by_the_administrator(),
        )
        return "leave"

    def hand_over(self) -> str:
        """Let one person of the ILO hand over to another."""
        people = self.people
        handovers.hand_over(
            handovers.Charge(agency=people.ilo),
            by=people.ilo_focal_point,
            to=people.ilo_alternate,
            from_on=self.at.date(),
            until_on=self.at.date() + timedelta(days=self.rng.randint(0, 20)),
            at=self.at,
        )
        return "hand_over"

    def merge(self) -> str:
        """Merge one agency into another."""
        agency, into = (Agency.objects.get(pk=one.pk) for one in self.rng.sample(self.agencies, 2))
        before = mergers.preview(agency, into, on=self.at.date())
        joining = [row.pk for row in before.held.memberships if self.rng.random() < 0.5]
        mergers.merge(
            agency, into, seen=before.seen, joining=joining, **self.by_the_administrator()
        )
        return "merge"

    def close(self) -> str:
        """Close an agency."""
        agency = Agency.objects.get(pk=self.rng.choice(self.agencies).pk)
        before = holdings.holdings(agency, on=self.at.date())
        seen = holdings.fingerprint(before.rows)
        closures.close(agency, seen=seen, **self.by_the_administrator())
        return "close agency"

    def release(self) -> list[str]:
        """Release at last what is held: chance alone seldom does."""
        self.at += timedelta(minutes=1)
        held = Round.objects.filter(held=True).order_by("id")
        return [self.let_go(round) for round in held]

    def let_go(self, round: Round) -> str:
        """Release one round."""
        how = self.by_the_administrator()
        workflow.perform("release", round, version=round.version, **how)
        return "release"

    def by_the_administrator(self) -> dict[str, Any]:
        """Return who does it, when and why."""
        return {"by": self.people.administrator, "at": self.at, "note": "New mandate"}

    def nobody_for(self) -> list[str]:
        """Return the open duties for which nobody can act and nothing says so."""
        day = self.at.date()
        shown = set(vacancies.vacant(self.people.framework, day=day).values_list("pk", flat=True))
        acting = set(
            Membership.objects.on(day)
            .filter(user__is_active=True)
            .values_list("agency_id", flat=True)
        )
        open_duties = Duty.objects.filter(state="open", voluntary=False).order_by("id")
        related = open_duties.select_related(
            "round", "assignment__agency", "agency", "assignment__action"
        )
        return [str(duty) for duty in related if duty.answerable_id not in acting | shown]

    def not_adding_up(self, moments: list[datetime]) -> list[str]:
        """Return where the movements between two moments do not add up, or end elsewhere."""
        found = []
        for since, until in zip(moments, moments[1:], strict=False):
            for scope in Scope:
                moved = movements(self.people.framework, since=since, as_of=until, scope=scope)
                for one in (moved.total, *moved.areas, *moved.agencies):
                    if one.opening + one.new + one.reopened - one.closed != one.closing:
                        found.append(str(one))
                still = standings(self.people.framework, as_of=until, scope=scope).rows
                open_then = sum(row.is_active and not row.is_closed for row in still)
                if moved.total.closing != open_then:
                    found.append(f"{moved.total}: {open_then} stand open")
        return found


def live(life: Life, seed: int) -> list[str]:
    """Live one life and return what was done; everything is looked at while it lasts."""
    life.begin(seed)
    done: list[str] = []
    then: list[tuple[datetime, list[Any]]] = []
    for number in range(STEPS):
        done += filter(None, [life.step()])
        assert life.nobody_for() == []
        if number % EACH == EACH - 1:
            then.append((life.at, life.figures(life.at)))
            life.at += timedelta(minutes=1)
    done += life.release()
    assert [(at, life.figures(at)) for at, _ in then] == then
    assert life.not_adding_up([make.NOW, *(at for at, _ in then)]) == []
    assert list(differences(life.people.framework)) == []
    assert [*soundness.wrong_states()] == []
    return done


@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_happens_in_a_round_the_past_stays_and_nothing_hangs_in_the_air(
    db: None, share: int, capsys: pytest.CaptureFixture[str]
) -> None:
    life, done = Life(), set()
    for seed in range(share, LIVES, SHARES):
        with transaction.atomic():
            done |= {*live(life, seed)}
            transaction.set_rollback(True)
    if LIVES > 100:
        with capsys.disabled():
            print(f"\n{LIVES // SHARES} lives of {STEPS} changes: {sorted(done)}")
        assert done >= DEEDS
