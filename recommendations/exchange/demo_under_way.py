"""What is under way in the demo: more time asked for, a hand-over, a clearance, what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from agencies import handovers, revisions
from agencies.models import Agency, Membership, Versioned
from recommendations.domain import planning
from recommendations.exchange import demo_texts
from recommendations.exchange.demo_story import Place, Story
from recommendations.exchange.demo_texts import demo
from recommendations.models import Duty, Question, SavedPhrase

ASKS, HANDS_OVER, CLEARS = ("B1", "UNICEF"), "IOM", "WHO"
"""Who asks for more time, whose focal point is away, and who sends only what is cleared."""


def plan_under_way(story: Story) -> None:
    """Plan what a newcomer finds half done, and a question that was asked once only."""
    story.on(395, ask_once, story)
    story.on(250, retire, story)
    story.on(15, plan_next_round, story)
    story.on(9, keep_a_phrase, story)
    story.on(4, begin_clearing, story)
    story.on(2, ask_for_time, story, ASKS)
    story.on(1, hand_over, story, HANDS_OVER)


def ask_once(story: Story, *, at: datetime) -> None:
    """Add a question that the first round asks."""
    made = Question(
        framework=story.framework,
        number=story.framework.questions.count() + 1,
        heading=demo(demo_texts.QUESTION_HEADING),
        text=demo(demo_texts.QUESTION),
    )
    revisions.create(made, by=story.people.administrator, at=at)


def retire(story: Story, *, at: datetime) -> None:
    """Retire that question: coming rounds do not ask it."""
    last = story.framework.questions.order_by("-number")[0]
    revise(story, last, demo_texts.RETIRED, at=at, asked=False)


def plan_next_round(story: Story, *, at: datetime) -> None:
    """Plan the round that comes after the open one."""
    planning.plan_round(
        story.framework,
        values=planning.suggestion(story.framework, today=at.date()),
        by=story.people.coordinator,
        at=at,
    )


def keep_a_phrase(story: Story, *, at: datetime) -> None:
    """Let the coordinator keep a phrase for comments; it makes no event."""
    SavedPhrase.objects.create(user=story.people.coordinator, text=demo(demo_texts.PHRASE))


def begin_clearing(story: Story, *, at: datetime) -> None:
    """Let an agency send only what its alternate, now its clearing officer, has cleared."""
    agency, officer = Agency.objects.get(code=CLEARS), story.people.alternates[CLEARS]
    held = officer.memberships.get(agency=agency)
    today = at.date()
    yesterday = today - timedelta(days=1)
    revise(story, held, demo_texts.CLEARS, at=at, until_on=yesterday)
    made = Membership(
        user=officer, agency=agency, capacity=Membership.Capacity.CLEARING_OFFICER, from_on=today
    )
    revisions.create(made, by=story.people.administrator, at=at)
    revise(story, agency, demo_texts.CLEARS, at=at, clears_before_sending=True)


def ask_for_time(story: Story, place: Place, *, at: datetime) -> None:
    """Let an agency ask for more time in the open round; nobody has answered yet."""
    duty = Duty.objects.get(round=story.rounds[-1], assignment=story.assignments[place])
    by = story.people.focal_points[place[1]]
    reason = demo(demo_texts.MORE_TIME)
    story.do("ask", duty, by=by, at=at, note=reason, until_on=story.day(-16))


def hand_over(story: Story, agency: str, *, at: datetime) -> None:
    """Let a focal point hand over to the alternate, from yesterday on for ten days."""
    handovers.hand_over(
        handovers.Charge(agency=story.agencies[agency]),
        by=story.people.focal_points[agency],
        to=story.people.alternates[agency],
        from_on=at.date(),
        until_on=story.day(-10),
        at=at,
        note=demo(demo_texts.AWAY),
    )


def revise(story: Story, obj: Versioned, why: str, *, at: datetime, **values: object) -> None:
    """Let the administrator change a row, with the reason."""
    obj.refresh_from_db()
    by = story.people.administrator
    revisions.revise(obj, values=values, by=by, at=at, note=demo(why), version=obj.version)
