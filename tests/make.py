"""Builders: plain typed functions that reach a state by the real workflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agencies import handovers, revisions, succession
from agencies.models import (
    Agency,
    Appointment,
    GroupMembership,
    Handover,
    Membership,
    User,
    WorkingGroup,
)
from recommendations.domain import evidence, updates, workflow
from recommendations.exchange import reference
from recommendations.models import (
    Action,
    Assignment,
    Duty,
    Evidence,
    Framework,
    PriorityArea,
    Question,
    Role,
    Round,
    SubmissionKind,
    Update,
)
from tests.once import once

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
START = date(2020, 1, 1)
PASSWORD = "a-long-password-for-tests"


def later(**delta: float) -> datetime:
    """Return the moment that is this much after NOW."""
    return NOW + timedelta(**delta)


def framework(slug: str = "hld-2013", *, is_default: bool = True) -> Framework:
    """Return a framework with nothing in it."""
    made = Framework(
        slug=slug,
        title=f"Framework {slug}",
        short_title=slug,
        source="Source",
        mandate="Mandate",
        endorsement="Endorsement",
        is_default=is_default,
    )
    revisions.create(made, by=None, at=NOW)
    return made


def area(of: Framework, code: str = "A") -> PriorityArea:
    """Return a priority area."""
    made = PriorityArea(
        framework=of, code=code, title=f"Area {code}", statement="Statement", order=ord(code[0])
    )
    revisions.create(made, by=None, at=NOW)
    return made


def action(under: PriorityArea, code: str = "A1", *, order: int = 1) -> Action:
    """Return an action."""
    made = Action(
        framework=under.framework,
        area=under,
        code=code,
        kind=Action.Kind.SELECT_ACTION,
        official_text=f"Official text of {code}",
        short_title=f"Short title of {code}",
        order=order,
    )
    revisions.create(made, by=None, at=NOW)
    return made


def question(of: Framework, number: int = 1, **more: Any) -> Question:
    """Return a question of the questionnaire."""
    words = {"heading": f"Heading {number}", "text": f"Text of question {number}."}
    made = Question(framework=of, number=number, **(words | more))
    revisions.create(made, by=None, at=NOW)
    return made


def agency(code: str = "ILO", **more: Any) -> Agency:
    """Return an agency."""
    made = Agency(code=code, acronym=code, name=f"Full name of {code}", category="gmg", **more)
    revisions.create(made, by=None, at=NOW)
    return made


def group(
    code: str,
    name: str,
    *,
    kind: str = "task_force",
    parent: WorkingGroup | None = None,
    at: datetime = NOW,
) -> WorkingGroup:
    """Return a group of agencies."""
    made = WorkingGroup(code=code, name=name, kind=kind, parent=parent)
    revisions.create(made, by=None, at=at)
    return made


def place(
    group: WorkingGroup,
    agency: Agency | None,
    role: str,
    *,
    from_on: date | None = None,
    until_on: date | None = None,
    at: datetime = NOW,
) -> GroupMembership:
    """Give an agency a place in a group; without an agency the source lists nobody."""
    made = GroupMembership(
        group=group, agency=agency, role=role, from_on=from_on, until_on=until_on
    )
    revisions.create(made, by=None, at=at)
    return made


def person(name: str, *, of: Agency | None = None, office: str = "", **more: Any) -> User:
    """Return a person named for their role, perhaps of an agency, perhaps in an office."""
    address = name.lower().replace(" ", ".") + "@example.org"
    made = User(email=address, name=name, **more)
    made.set_unusable_password()
    revisions.create(made, by=None, at=NOW)
    if of is not None:
        member(made, of)
    if office:
        revisions.create(Appointment(user=made, office=office, from_on=START), by=None, at=NOW)
    return made


def member(
    user: User,
    of: Agency,
    *,
    from_on: date = START,
    until_on: date | None = None,
    capacity: str = "focal_point",
) -> None:
    """Make a person a focal point of an agency, or what `capacity` says."""
    membership = Membership(
        user=user, agency=of, capacity=capacity, from_on=from_on, until_on=until_on
    )
    revisions.create(membership, by=None, at=NOW)


def clears(agency: Agency, *, by: User) -> None:
    """Let an agency send only what this person, who becomes a clearing officer, has cleared."""
    revisions.revise(
        Agency.objects.get(pk=agency.pk),
        values={"clears_before_sending": True},
        by=None,
        at=NOW,
        note="Agreed.",
        version=Agency.objects.get(pk=agency.pk).version,
    )
    for held in by.memberships.filter(agency=agency, until_on=None):
        ended = {"until_on": START}
        revisions.revise(held, values=ended, by=None, at=NOW, note="Agreed.", version=held.version)
    member(by, agency, from_on=START + timedelta(days=1), capacity="clearing_officer")


def handed_over(
    of: Agency,
    *,
    by: User,
    to: User,
    from_on: date = date(2026, 5, 10),
    until_on: date = date(2026, 5, 12),
) -> Handover:
    """Return a hand-over of an agency between two days."""
    days = {"from_on": from_on, "until_on": until_on}
    return handovers.hand_over(handovers.Charge(of), by=by, to=to, at=NOW, **days)


@dataclass
class Cast:
    """The people and things that most tests need."""

    framework: Framework
    area: PriorityArea
    action: Action
    ilo: Agency
    iom: Agency
    ilo_focal_point: User
    ilo_alternate: User
    iom_focal_point: User
    coordinator: User
    ilo_coordinator: User
    administrator: User
    observer: User
    stranger: User


@once
def cast() -> Cast:
    """Return a framework with one action, two agencies, and a person for every role."""
    home = framework()
    under = area(home)
    ilo, iom = agency("ILO"), agency("IOM")
    return Cast(
        framework=home,
        area=under,
        action=action(under),
        ilo=ilo,
        iom=iom,
        ilo_focal_point=person("ILO focal point", of=ilo),
        ilo_alternate=person("ILO alternate", of=ilo),
        iom_focal_point=person("IOM focal point", of=iom),
        coordinator=person("Coordinator", office="coordinator"),
        ilo_coordinator=person("Coordinator of the ILO", of=ilo, office="coordinator"),
        administrator=person("Administrator", office="administrator"),
        observer=person("Observer", office="observer"),
        stranger=person("Stranger"),
    )


@once
def reference_data() -> reference.Outcome:
    """Load the framework of the seed, with its agencies and groups; return what was loaded."""
    return reference.load(at=NOW)


def do(verb: str, obj: Any, *, by: User, at: datetime = NOW, **facts: Any) -> Any:
    """Perform a verb with the present version of the object."""
    obj.refresh_from_db()
    return workflow.perform(verb, obj, by=by, at=at, version=obj.version, **facts)


def proposed(people: Cast, *, role: str = Role.LEAD, **facts: Any) -> Assignment:
    """Return an assignment that waits for the agency's answer."""
    facts = {"agency": people.ilo, "role": role, **facts}
    action = facts.pop("action", people.action)
    made: Assignment = do("assign", action, by=people.coordinator, **facts)
    return made


def accepted(people: Cast, **facts: Any) -> Assignment:
    """Return an assignment that its agency has accepted."""
    by = facts.pop("by", people.ilo_focal_point)
    made: Assignment = do("accept", proposed(people, **facts), by=by)
    return made


def merged_away(people: Cast, action: Action) -> Assignment:
    """Return what an agency had taken on that is part of the IOM by now, not taken over yet."""
    gone = agency("GONE")
    by = person("GONE focal point", of=gone)
    facts = {"agency": gone, "action": action, "role": Role.SUPPORTING}
    ended: Assignment = do(
        "end", accepted(people, by=by, **facts), by=people.coordinator, note="Merged."
    )
    succession.end(
        gone, into=people.iom, by=people.administrator, at=NOW, note="Merged.", version=1
    )
    return Assignment.objects.select_related("agency__merged_into").get(pk=ended.pk)


def planned_round(of: Framework, code: str = "2026-H1", **more: Any) -> Round:
    """Return a round that is planned."""
    made = Round(
        framework=of,
        code=code,
        opens_on=date(2026, 5, 1),
        due_on=date(2026, 5, 31),
        closes_on=date(2026, 6, 30),
        **more,
    )
    revisions.create(made, by=None, at=NOW)
    return made


def open_round(people: Cast, code: str = "2026-H1", **more: Any) -> Round:
    """Return a round that is open."""
    made: Round = do("open", planned_round(people.framework, code, **more), by=people.coordinator)
    return made


def owed(people: Cast, **facts: Any) -> Update:
    """Return the update that an agency owes in an open round."""
    code = facts.pop("code", "2026-H1")
    assignment = accepted(people, **facts)
    return update_in(open_round(people, code), assignment)


def update_in(round: Round, assignment: Assignment) -> Update:
    """Return the first update of an assignment in a round."""
    duty = Duty.objects.get(round=round, assignment=assignment)
    return Update.objects.with_place().filter(duty=duty).order_by("id")[0]


def answers_in(round: Round, agency: Agency) -> Update:
    """Return the first update of the questionnaire of an agency in a round."""
    return Update.objects.with_place().get(duty=Duty.objects.get(round=round, agency=agency))


ANSWERS = {"kind": SubmissionKind.REPORT, "status": "", "body": {"q1": "Two seminars."}}
REPORT = {"kind": SubmissionKind.REPORT, "status": "in_progress", "body": {"done": "Two seminars."}}


def content_of(update: Update) -> dict[str, Any]:
    """Return what an update may say: a report, or the answer to a question."""
    return {**(ANSWERS if update.duty.kind == Duty.Kind.QUESTIONNAIRE else REPORT)}


def drafted(update: Update, *, by: User, at: datetime = NOW, **content: Any) -> Update:
    """Save a draft and return the update."""
    draft = getattr(Update.objects.get(pk=update.pk), "draft", None)
    updates.save_draft(
        update,
        content=content_of(update) | content,
        by=by,
        at=at,
        version=draft.version if draft else 0,
    )
    return update


def sent(update: Update, *, by: User, at: datetime = NOW, **content: Any) -> Update:
    """Save a draft and send it."""
    drafted(update, by=by, at=at, **content)
    update = Update.objects.with_place().get(pk=update.pk)
    made: Update = do("submit", update, by=by, at=at, draft_version=update.draft.version)
    return made


def approved(update: Update, *, by: User, at: datetime = NOW, claim: str = "agree") -> Update:
    """Approve a submitted update."""
    made: Update = do("approve", update, by=by, at=at, claim=claim)
    return made


def linked(update: Update, *, by: User, at: datetime = NOW, public: bool = True) -> Evidence:
    """Add a link as evidence to an update that is being written."""
    return evidence.add_link(
        update, url="https://example.org/report", title="Report", public=public, by=by, at=at
    )
