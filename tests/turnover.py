"""What becomes of agencies, groups, people and words beside the work: one thing after another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from agencies import revisions, succession
from agencies.models import (
    Agency,
    Appointment,
    GroupMembership,
    Membership,
    User,
    Versioned,
    WorkingGroup,
)
from recommendations.domain import closures, holdings, mergers, workflow
from recommendations.models import (
    ACTIVE,
    Action,
    Assignment,
    Evidence,
    Milestone,
    Question,
    Role,
    SubmissionEvidence,
)
from tests.walk import Walk


class Turnover(Walk):
    """A walk in which agencies are founded, renamed, closed and merged, and people move on.

    The deeds come by turns, so that each kind happens again and again in a walk of any seed.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.founded: list[Agency] = []
        self.number = 0
        top = self.made(WorkingGroup(code="GMG", name="Group", kind="interagency_group"))
        self.group = self.made(
            WorkingGroup(code="DATA", name="Data", kind="task_force", parent=top)
        )
        for agency in self.agencies[:2]:
            self.made(GroupMembership(group=self.group, agency=agency, role="co_lead"))
        self.milestone = self.made(
            Milestone(
                framework=self.people.framework,
                code="first",
                date_text="May 2026",
                sort_on=self.day,
                title="First",
                order=1,
            )
        )
        deeds: tuple[Callable[[], str | None], ...] = (
            self.found,
            self.recode,
            self.erase,
            self.regroup,
            self.found,
            self.target,
            self.merge,
            self.succeed,
            self.end_something,
            self.close_and_open,
            self.mark,
        )
        self.deeds = cycle(deeds)

    @property
    def day(self) -> date:
        """Return the day of this moment."""
        return self.at.date()

    def turn_over(self) -> str | None:
        """Do the next of the deeds."""
        self.at, self.number = self.moment(), self.number + 1
        return next(self.deeds)()

    def made(self, obj: Any) -> Any:
        """Record a row that is new at this moment."""
        revisions.create(obj, by=self.people.administrator, at=self.at)
        return obj

    def joined(self, name: str) -> User:
        """Return a person who is new at this moment."""
        user = User(email=f"{name.lower().replace(' ', '-')}@example.org", name=name)
        user.set_unusable_password()
        found: User = self.made(user)
        return found

    def revised(self, obj: Versioned, **values: Any) -> None:
        """Change a row at this moment."""
        obj.refresh_from_db()
        by = {"by": self.people.administrator, "at": self.at, "note": "So it is now."}
        revisions.revise(obj, values=values, version=obj.version, **by)

    def done(self, verb: str, obj: Any, by: User, **facts: Any) -> Any:
        """Do a verb at this moment."""
        obj.refresh_from_db()
        return workflow.perform(
            verb, obj, by=by, at=self.at, version=obj.version, **{"note": "Agreed.", **facts}
        )

    def found(self) -> str:
        """Found an agency that takes a place in the group, and supports an action through it."""
        code = f"N{self.number}"
        agency = self.made(Agency(code=code, acronym=code, name=f"New {code}", category="gmg"))
        self.made(GroupMembership(group=self.group, agency=agency, role="member"))
        self.founded.append(agency)
        action = self.rng.choice([*Action.objects.order_by("id")])
        person = self.joined(f"{code} focal point")
        self.made(Membership(user=person, agency=agency, capacity="focal_point", from_on=self.day))
        facts = {"agency": agency, "role": Role.SUPPORTING, "through": self.group}
        asked = self.done("assign", action, self.people.coordinator, **facts)
        self.done("accept", asked, person)
        return "found"

    def recode(self) -> str:
        """Give an agency another code, acronym and name."""
        agency = self.rng.choice(self.agencies)
        agency.refresh_from_db()
        code = f"{agency.code.partition('-')[0]}-{self.number}"
        names = {"code": code, "acronym": code, "name": f"Agency {code}"}
        by = {"by": self.people.administrator, "at": self.at, "note": "Renamed."}
        succession.rename(agency, version=agency.version, **names, **by)
        return "recode"

    def merge(self) -> str | None:
        """Merge an agency that was founded into another one."""
        if not self.founded:
            return None
        pair = self.founded.pop(), self.rng.choice(self.agencies)
        agency, into = (Agency.objects.get(pk=one.pk) for one in pair)
        seen = mergers.preview(agency, into, on=self.day).seen
        by = {"by": self.people.administrator, "at": self.at, "note": "Merged."}
        mergers.merge(agency, into, seen=seen, **by)
        return "merge"

    def close_and_open(self) -> str | None:
        """Close an agency that was founded; half an hour later another one is found open again."""
        if not self.founded:
            return None
        agency = Agency.objects.get(pk=self.founded.pop().pk)
        by = {"by": self.people.administrator, "note": "Decided."}
        held = holdings.holdings(agency, on=self.day)
        seen = holdings.fingerprint(held.rows)
        closures.close(agency, seen=seen, at=self.at, **by)
        if self.number % 2:
            self.at += timedelta(minutes=30)
            agency.refresh_from_db()
            succession.reopen(agency, at=self.at, version=agency.version, **by)
        return "close"

    def regroup(self) -> str:
        """Rename the group and an agency, and let a place in the group end."""
        self.revised(self.group, name=f"Group of {self.at:%d %b %H:%M}")
        self.revised(self.rng.choice(self.agencies), name=f"Agency of {self.at:%d %b %H:%M}")
        place = self.rng.choice([*self.group.memberships.order_by("id")])
        self.revised(place, until_on=self.day + timedelta(days=self.number))
        return "regroup"

    def succeed(self) -> str:
        """End the appointment of a coordinator, and appoint another one."""
        for one in Appointment.objects.filter(
            user__name__startswith="Coordinator no", until_on=None
        ):
            self.revised(one, until_on=self.day)
        user = self.joined(f"Coordinator no {self.number}")
        self.made(Appointment(user=user, office="coordinator", from_on=self.day))
        return "succeed"

    def target(self) -> str | None:
        """Give a lead another target date, as far as a quarter of a year is exact."""
        held = self.taken_on()
        if held is None:
            return None
        on = self.day + timedelta(days=self.rng.randint(-60, 60))
        facts = {"target_on": on, "target_precision": self.rng.choice(("day", "month", "quarter"))}
        self.done("set_target", held, self.people.coordinator, target_text="As agreed", **facts)
        return "target"

    def end_something(self) -> str | None:
        """End an assignment, and ask the agency anew."""
        held = self.taken_on()
        if held is None:
            return None
        coordinator = self.people.coordinator
        self.done("end", held, coordinator)
        facts = {"agency": held.agency, "role": held.role}
        self.at += timedelta(minutes=30)
        asked = self.done("assign", held.action, coordinator, **facts)
        self.at += timedelta(minutes=30)
        person = self.users[self.agencies.index(held.agency)]
        self.done("accept", asked, person)
        return "end"

    def taken_on(self) -> Assignment | None:
        """Return something that one of the three agencies has taken on."""
        held = Assignment.objects.filter(acceptance__in=ACTIVE, agency__in=self.agencies)
        rows = [*held.select_related("agency", "action").order_by("id")]
        return self.rng.choice(rows) if rows else None

    def mark(self) -> str:
        """Word a milestone, an area and the framework anew; ask one question more, or less."""
        self.revised(self.milestone, title=f"Reached on {self.at:%d %b}", date_text="June 2026")
        self.revised(self.people.area, title=f"Area of {self.at:%d %b %H:%M}")
        self.revised(self.people.framework, title=f"Framework of {self.at:%d %b %H:%M}")
        last = Question.objects.order_by("-number")[0]
        if last.number > 1 and last.asked:
            self.revised(last, asked=False)
        else:
            facts = {"heading": f"Heading {last.number + 1}", "text": "What else?"}
            self.made(Question(framework=self.people.framework, number=last.number + 1, **facts))
        return "mark"

    def erase(self) -> str | None:
        """Remove the newest evidence that was sent, for legal reasons."""
        sent = SubmissionEvidence.objects.values("evidence")
        old = Evidence.objects.filter(pk__in=sent, erased_at=None).order_by("-id").first()
        if old is None:
            return None
        Evidence.objects.filter(pk=old.pk).update(
            erased_at=self.at, erased_by=self.people.administrator, erased_because="Asked for."
        )
        return "erase"
