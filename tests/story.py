"""A random walk that also changes what reports print: titles, questions, evidence, old texts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random
from typing import Any, ClassVar

from agencies import revisions
from agencies.access import roles_of
from agencies.models import Agency, User
from recommendations.domain import evidence, workflow
from recommendations.models import (
    Assignment,
    Duty,
    Evidence,
    PriorityArea,
    Question,
    ReviewState,
    Round,
    SubmissionEvidence,
    Update,
)
from recommendations.reporting.facts import Scope
from recommendations.reporting.reports.asked import Asked
from recommendations.reporting.reports.catalogue import OFFERS, Offer
from tests import make
from tests.turnover import Turnover

TURNS: dict[tuple[str, ...], tuple[str, ...]] = {
    (ReviewState.DRAFT, ReviewState.RETURNED): ("submit",),
    (ReviewState.SUBMITTED,): ("approve", "approve", "return", "approve"),
    (ReviewState.APPROVED,): ("correct", "reopen", "retract"),
}
"""What is done to updates in these states, by turns: so each occurs again and again."""


class Story(Turnover):
    """A world in which old texts are taken up again, rounds are held, and everything renamed.

    Agencies, groups and people change as well.
    """

    rare: ClassVar = {"close", "end", "decline", "withdraw"}

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.begins = self.at
        self.turns: Counter[tuple[str, ...]] = Counter()
        self.report_first()
        self.picks = Random(seed)  # noqa: S311 - what is asked changes nothing that happens

    def report_first(self) -> None:
        """Open the first round, and let everybody who leads something report, with evidence."""
        coordinator = self.people.coordinator
        self.done("open", Round.objects.order_by("id")[0], coordinator)
        for update, status in zip(
            Update.objects.filter(duty__kind=Duty.Kind.PROGRESS).order_by("id"),
            ("implemented", "in_progress", "not_started"),
            strict=True,
        ):
            by = self.users[[one.pk for one in self.agencies].index(update.agency_id)]
            self.at = self.moment()
            make.linked(update, by=by, at=self.at)
            make.sent(update, by=by, at=self.at, status=status)
            self.at = self.moment()
            make.approved(update, by=coordinator, at=self.at, claim="leave_open")

    def step(self) -> str | None:
        """Change one thing; often something that was settled before."""
        chance = self.rng.random()
        if chance > 0.5:
            return super().step()
        if chance > 0.24:
            return self.take_up()
        return self.turn_over() if chance > 0.1 else self.hold_or_release()

    def take_up(self) -> str | None:
        """Send what waits to be sent, approve it, or reopen, correct or retract it again."""
        states = self.rng.choice([*TURNS])
        done = self.turns[states]
        rows = Update.objects.filter(review_state__in=states).order_by("id")
        verb = self.attempt(list(rows), TURNS[states][done % len(TURNS[states])])
        self.turns[states] += verb is not None
        return verb

    def hold_or_release(self) -> str | None:
        """Hold a round back or release it; now and then close one, and open it again."""
        closed = list(Round.objects.filter(state=Round.State.CLOSED).order_by("id"))
        if closed and self.rng.random() < 0.5:
            return self.attempt(closed, "reopen")
        if self.rng.random() < 0.3:
            return self.attempt(list(Round.objects.order_by("id")), "close")
        held = list(Round.objects.filter(held=True).order_by("id"))
        verb = "release" if held else "hold"
        return self.attempt(held or list(Round.objects.order_by("id")), verb)

    def attempt(self, rows: list[Any], verb: str) -> str | None:
        """Do a verb to one of these objects, if somebody may; the time goes on."""
        if not rows:
            return None
        obj = self.rng.choice(rows)
        obj = type(obj).objects.get(pk=obj.pk)
        able = [one for one in self.users if self.may(one, verb, obj)]
        if not able:
            return None
        self.at = self.moment()
        facts = self.facts(verb, obj, able[0])
        try:
            workflow.perform(verb, obj, by=able[0], at=self.at, version=obj.version, **facts)
        except (workflow.NotAllowedNow, workflow.RequirementMissing):
            return None
        return verb

    def may(self, person: User, verb: str, obj: Any) -> bool:
        """Say whether a person may do this now."""
        return verb in workflow.available(obj, roles_of(person, at=self.at), at=self.at)

    def rename(self) -> str:
        """Rename an agency, an action, an area, the framework, or reword a question."""
        if self.rng.random() < 0.6:
            return super().rename()
        question = Question.objects.order_by("id").first()
        obj = self.rng.choice([self.people.framework, question])
        obj.refresh_from_db()
        field = "heading" if isinstance(obj, Question) else "title"
        revisions.revise(
            obj,
            values={field: f"Words of {self.at:%d %b %H:%M}"},
            by=self.people.administrator,
            at=self.at,
            note="Clearer.",
            version=obj.version,
        )
        return "reword"

    def write(self, update: Update, by: User, status: str) -> int:
        """Save a draft, often with a link or two; now and then the bytes of an old one go."""
        version = super().write(update, by, status)
        for number in range(self.rng.randint(0, 2)):
            evidence.add_link(
                update,
                url=f"https://example.org/{self.at:%d%H%M}/{number}",
                title=f"Report of {self.at:%d %b}",
                public=self.rng.random() < 0.5,
                by=by,
                at=self.at,
            )
        sent = SubmissionEvidence.objects.values("evidence")
        old = Evidence.objects.filter(pk__in=sent, erased_at=None).order_by("id").first()
        if old is not None and self.rng.random() < 0.5:
            Evidence.objects.filter(pk=old.pk).update(
                erased_at=self.at, erased_by=self.people.administrator, erased_because="Asked for."
            )
        return version

    def places_at(self, at: datetime) -> list[Assignment]:
        """Return what had been assigned by a moment, with its action and agency."""
        rows = Assignment.objects.filter(recorded_at__lte=at).order_by("id")
        return [*rows.select_related("action__framework", "agency")]

    def wishes(self, offer: Offer, scope: Scope, language: str = "en") -> Asked | None:
        """Return a random way of asking for a report of now; None where it cannot be asked."""
        rows: dict[str, list[Any]] = {
            "round": list(Round.objects.filter(framework=self.people.framework).order_by("id")),
            "agency": list(
                Agency.objects.filter(names__recorded_at__lte=self.at).order_by("id").distinct()
            ),
            "area": list(PriorityArea.objects.order_by("id")),
        }
        if scope is Scope.PUBLIC and not offer.public:
            return None
        names = [*offer.about, *(one for one in offer.also if self.picks.random() < 0.3)]
        return Asked(
            framework=self.people.framework,
            as_of=self.at,
            now=self.at.replace(year=self.at.year + 1),
            scope=scope,
            language=language,
            **{name: self.picks.choice(rows[name]) for name in names},
        )

    def asks(self) -> list[tuple[str, Asked]]:
        """Return every report in both scopes, each asked for in a random way."""
        found = [(one.name, self.wishes(one, scope)) for one in OFFERS for scope in Scope]
        return [(name, wish) for name, wish in found if wish is not None]
