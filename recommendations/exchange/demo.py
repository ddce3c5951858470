"""The demo: built in an empty database of its own, by the rules, at moments of the past year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from recommendations.domain import saved
from recommendations.exchange import demo_people, demo_plan, demo_texts, reference
from recommendations.exchange.demo_story import ROUNDS, Place, Story
from recommendations.exchange.demo_turns import plan_turns
from recommendations.exchange.demo_under_way import plan_under_way
from recommendations.models import Framework, ImplementationStatus, Role

REFERENCE, PEOPLE, PROPOSED, ANSWERED = 430, 429, 425, 415
"""Days before now: the reference data comes first, so that every later figure has its names."""

ANSWERS = {
    "declined": ("decline", demo_texts.DECLINED),
    "withdrawn": ("withdraw", demo_texts.WITHDRAWN),
    "consider": ("consider", ""),
}
RETURNED_DUE = {"ILO": -6, "IFAD": 4}
"""Days before now on which a returned update is due: the ILO has time, IFAD is late."""


class DemoRefused(Exception):
    """The demo cannot be built here; says why, and what to do."""


def refusal() -> str | None:
    """Return why the demo cannot be built in this database, or None."""
    if not settings.HLDTRACKER_DEMO:
        return _("The demo is built only where HLDTRACKER_DEMO=1 is set.")
    if User.objects.filter(is_demo=False).exists():
        return _(
            "This database holds people who are no demo users. Give the demo its own database."
        )
    if Framework.objects.exists():
        return _(
            "This database is not empty. The demo wants one of its own; "
            "a demo that is there is built anew with: manage.py reset_demo"
        )
    return None


def is_loaded() -> bool:
    """Say whether the demo is there already."""
    return settings.HLDTRACKER_DEMO and User.objects.filter(is_demo=True).exists()


def build(*, at: datetime) -> None:
    """Build everything, as if it had been done by people until `at`, or nothing.

    Raises DemoRefused, or FixtureProblem where the reference data cannot be loaded.
    """
    refused = refusal()
    if refused:
        raise DemoRefused(refused)
    with transaction.atomic():
        reference.load(at=at - timedelta(days=REFERENCE))
        framework = Framework.objects.get(is_default=True)
        people = demo_people.enter(framework, at=at - timedelta(days=PEOPLE))
        story = Story(framework, people, now=at.replace(second=0, microsecond=0))
        plan_rounds(story)
        plan_leads(story)
        plan_supporting(story)
        plan_answers(story)
        plan_changes(story)
        plan_turns(story)
        plan_under_way(story)
        story.play()
        address = f"/f/{framework.slug}/actions/?status=no_lead"
        saved.save(people.coordinator, name=_("Actions without a lead"), address=address, at=at)


def plan_rounds(story: Story) -> None:
    """Plan two rounds that are closed now and one that is open."""
    for number, code in enumerate(round_codes(story.day(ROUNDS[-1][0]))):
        opens, _due, closes = ROUNDS[number]
        story.on(opens + 20, story.prepare, number, code)
        story.on(opens, story.open, number)
        if closes > 0:
            story.on(closes, story.close, number)


def round_codes(opening: date) -> list[str]:
    """Return the codes of three rounds, a half-year each; the last one opens on this day."""
    half = opening.year * 2 + (opening.month > 6)
    return [f"{last // 2}-H{last % 2 + 1}" for last in (half - 2, half - 1, half)]


def plan_leads(story: Story) -> None:
    """Plan the leads and co-leads with their reports in three rounds."""
    for seed, lead in enumerate(demo_plan.LEADING):
        place = (lead.action, lead.agency)
        partly = place in demo_plan.PARTLY_LEADING
        story.on(PROPOSED, story.propose, place, lead.role, target=lead.target, exact=seed)
        story.on(
            ANSWERED - seed % 10,
            story.answer,
            "accept_partly" if partly else "accept",
            place,
            text=demo_texts.PARTLY if partly else "",
        )
        for number, report in enumerate(lead.reports):
            plan_report(story, number, place, report, seed + number)


def plan_supporting(story: Story) -> None:
    """Plan the supporting agencies: what they answer, and their report in the second round."""
    seed = 0
    for action, listed in demo_plan.SUPPORTING.items():
        for agency, word in (token.split(":") for token in listed.split()):
            seed += 1
            place = (action, agency)
            proposed = (20 if seed % 2 else 5) if word == "proposed" else PROPOSED - 1
            story.on(proposed, story.propose, place, Role.SUPPORTING)
            if word == "proposed":
                continue
            partly = word == "partly"
            verb, text = ANSWERS.get(word) or (
                ("accept_partly", demo_texts.PARTLY) if partly else ("accept", "")
            )
            story.on(ANSWERED - 1 - seed % 12, story.answer, verb, place, text=text)
            if word not in ANSWERS:
                plan_report(story, 1, place, "p" if partly else word, seed)


def plan_answers(story: Story) -> None:
    """Plan who answers the questionnaire in three rounds."""
    for seed, (agency, reports) in enumerate(demo_plan.ANSWERING.items()):
        place = (demo_plan.QUESTIONNAIRE, agency)
        for number, report in enumerate(reports.split()):
            plan_report(story, number, place, report, seed + number)


def plan_report(story: Story, number: int, place: Place, report: str, seed: int) -> None:
    """Plan one report: written, sent, and what the sign behind its letter says."""
    letter, sign = report[0], report[1:]
    if letter == "-":
        return
    opens = ROUNDS[number][0]
    sent = opens - 3 - seed * 5 % (30 if number < 2 else 17 if sign == "?" else 15)
    if sign in ("<", "!"):
        sent = 16
    story.on(2 if sign == "~" else sent + 1, story.write, number, place, letter, seed)
    if sign == "~":
        return
    story.on(sent, story.send, number, place, seed)
    if sign in ("", "!"):
        story.on(sent - 2, story.approve, number, place, letter, seed)
    if sign in ("+", ">", "<"):
        due = RETURNED_DUE.get(place[1], 0) if sign == "<" else sent - 10
        text = demo_texts.RETURNED
        story.on(sent - 1, story.give_back, "return", number, place, due, text=text)
    if sign in ("+", ">"):
        story.on(sent - 2, story.rewrite, number, place, letter, seed)
        story.on(sent - 3, story.send, number, place, seed)
    if sign == "+":
        story.on(sent - 5, story.approve, number, place, letter, seed)
    if sign == "w":
        story.on(sent - 1, story.take_back, number, place, seed)
    if sign == "!":
        text = demo_texts.REOPENED
        story.on(5, story.give_back, "reopen", number, place, -8, text=text)


def plan_changes(story: Story) -> None:
    """Plan what changes between the rounds: hand-overs, late answers, dates, a release."""
    lead, co_lead = Role.LEAD, Role.CO_LEAD
    # C1 goes from UNDP to the ILO, which has never reported on it since.
    story.on(PROPOSED, story.propose, ("C1", "UNDP"), lead, target=100)
    story.on(ANSWERED, story.answer, "accept", ("C1", "UNDP"))
    plan_report(story, 0, ("C1", "UNDP"), "p", 1)
    story.on(120, story.answer, "end", ("C1", "UNDP"), text=demo_texts.ENDED)
    story.on(118, story.propose, ("C1", "ILO"), lead, target=210)
    story.on(112, story.answer, "accept", ("C1", "ILO"))
    # D3 has nobody who leads it.
    story.on(PROPOSED, story.propose, ("D3", "UNDESA"), lead)
    story.on(ANSWERED, story.answer, "decline", ("D3", "UNDESA"), text=demo_texts.DECLINED)
    story.on(100, story.propose, ("D3", "NGOCM"), co_lead)
    story.on(90, story.answer, "consider", ("D3", "NGOCM"))
    story.on(30, story.propose, ("D3", "UNDP"), co_lead)
    # A co-lead that joined in the open round, and one that left it.
    story.on(12, story.propose, ("B1", "UNHCR"), co_lead, target=300)
    story.on(8, story.answer, "accept", ("B1", "UNHCR"))
    story.on(6, story.answer, "end", ("E2", "FAO"), text=demo_texts.RELEASED)
    # Dates that moved, updates that were asked for earlier, a claim assessed later.
    story.on(200, story.move_target, ("A1", "ILO"), 260)
    story.on(150, story.move_target, ("E1", "UNHCR"), 120)
    for place in (("B3", "UNDESA"), ("B3", "UNRC"), ("D2", "UNDESA")):
        story.on(19, story.bring_forward, place, 3)
    story.on(150, story.assess, ("C2", "UNDP"), ImplementationStatus.IMPLEMENTED)
