"""Who hears of what: one's own objects, and of others only what the public can see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

import pytest

from agencies.models import Agency, Event
from recommendations.domain.kinds import INSIDE, KINDS, PUBLIC, Kind
from recommendations.domain.publication import SEEN
from recommendations.domain.workflow import TABLE
from recommendations.models import Assignment, Round, Update, Webhook, WebhookCall
from recommendations.notify.webhooks import calling
from tests import make
from tests.make import later
from tests.recommendations.notify.webhooks.hooks import allowed, deliver

DUE = date(2026, 7, 1)
PUBLIC_PAGE = "http://testserver/f/hld-2013/actions/{}/ILO/"
pytestmark = pytest.mark.usefixtures("db")


def bodies_of(webhook: Webhook) -> list[str]:
    """Return what every call of a webhook says now, whatever became of it."""
    calls = list(webhook.calls.select_related("event__place").order_by("event__place__position"))
    fresh = Webhook.objects.select_related("framework", "agency").get(pk=webhook.pk)
    bodies = [calling.body_for(call, fresh) for call in calls]
    return [body for body in bodies if body is not None]


def said(webhook: Webhook) -> list[tuple[str, list[str]]]:
    """Return the kind of each call and the actions that it is about."""
    found = []
    for body in bodies_of(webhook):
        content = json.loads(body)
        places = content["data"].get("places") or [content["data"]]
        found.append((content["type"], [place.get("action", "") for place in places]))
    return found


def tell() -> None:
    """Write the calls of everything; they wait, for nothing answers."""
    deliver(at=later(days=20))


class Story:
    """The ILO takes two actions on and reports; one round is held and released."""

    def __init__(self, cast: make.Cast) -> None:
        self.cast = cast
        second = make.action(cast.area, "A2", order=2)
        self.held = [
            make.do(
                "assign",
                action,
                by=cast.coordinator,
                at=later(days=1),
                agency=cast.ilo,
                role="lead",
            )
            for action in (cast.action, second)
        ]
        for assignment in self.held:
            make.do("accept", assignment, by=cast.ilo_focal_point, at=later(days=1))

    def open(self) -> Round:
        """Open the round."""
        planned = make.planned_round(self.cast.framework)
        opened: Round = make.do("open", planned, by=self.cast.coordinator, at=later(days=2))
        return opened

    def write(self, update: Update, *, day: float) -> None:
        """Send and approve an update."""
        make.sent(update, by=self.cast.ilo_focal_point, at=later(days=day))
        make.do("approve", update, by=self.cast.coordinator, at=later(days=day), claim="agree")


def owners(cast: make.Cast) -> dict[str, Webhook]:
    """Return a webhook of each: the agency whose matter it is, another, the secretariat."""
    return {
        "own": allowed(cast, cast.ilo),
        "other": allowed(cast, cast.iom),
        "secretariat": allowed(cast, None),
    }


def test_another_agency_hears_only_what_the_public_can_see(cast: make.Cast) -> None:
    webhooks = owners(cast)
    story = Story(cast)
    opened = story.open()
    first, second = (make.update_in(opened, one) for one in story.held)
    fp, by = cast.ilo_focal_point, cast.coordinator
    make.sent(first, by=fp, at=later(days=3))
    make.do("comment", first, by=by, at=later(days=3), note="Since when?")
    make.do("return", first, by=by, at=later(days=4), note="How many?", due_on=DUE)
    story.write(first, day=5)
    make.do("hold", opened, by=by, at=later(days=6), note="Before the summit.")
    story.write(second, day=7)
    make.do("assess", story.held[1], by=by, at=later(days=8), status="on_hold", note="It rests.")
    make.do("set_target", story.held[0], by=fp, at=later(days=9), target_on=DUE)
    make.do("release", opened, by=by, at=later(days=10))
    make.do("assess", story.held[1], by=by, at=later(days=11), status="continuing", note="Goes on.")
    make.do("retract", first, by=by, at=later(days=12), note="It names a person.", due_on=DUE)
    make.do("end", story.held[1], by=by, at=later(days=13), note="Done elsewhere.")
    tell()

    assert said(webhooks["other"]) == [
        ("public.taken_on", ["A1"]),
        ("public.taken_on", ["A2"]),
        ("round.opened", [""]),
        ("public.target_date_changed", ["A1"]),
        ("public.taken_out", ["A1"]),
        ("public.left", ["A2"]),
    ]


def test_a_release_tells_what_it_published_and_nothing_told_of_it_before(cast: make.Cast) -> None:
    webhooks = owners(cast)
    story = Story(cast)
    opened = story.open()
    first, second = (make.update_in(opened, one) for one in story.held)
    story.write(first, day=3)
    make.do("hold", opened, by=cast.coordinator, at=later(days=4), note="Before the summit.")
    story.write(second, day=5)
    make.do(
        "assess", story.held[1], by=cast.coordinator, at=later(days=6), status="on_hold", note="So."
    )
    tell()
    before = said(webhooks["other"])
    make.do("release", opened, by=cast.coordinator, at=later(days=20))
    make.do(
        "assess",
        story.held[1],
        by=cast.coordinator,
        at=later(days=21),
        status="continuing",
        note="So.",
    )
    deliver(at=later(days=22))

    assert before[-3:] == [
        ("round.opened", [""]),
        ("public.published", ["A1"]),
        ("public.assessed", ["A1"]),
    ]
    assert said(webhooks["other"])[len(before) :] == [
        ("public.published", ["A2"]),
        ("public.assessed", ["A2"]),
    ]
    (published,) = [
        json.loads(body)
        for body in bodies_of(webhooks["other"])
        if '"action":"A2"' in body and "public.published" in body
    ]
    event = Event.objects.get(verb="released")
    assert published["data"] == {
        "event": event.pk,
        "position": event.place.position,
        "framework": "hld-2013",
        "places": [{"agency": "ILO", "action": "A2", "address": PUBLIC_PAGE.format("A2")}],
    }


def test_an_agency_hears_all_of_its_own_and_the_secretariat_all_of_everybody(
    cast: make.Cast,
) -> None:
    webhooks = owners(cast)
    story = Story(cast)
    opened = story.open()
    update = make.update_in(opened, Assignment.objects.get(action__code="A1"))
    make.sent(update, by=cast.ilo_focal_point, at=later(days=3))
    make.do("return", update, by=cast.coordinator, at=later(days=4), note="How many?", due_on=DUE)
    tell()

    heard = [kind for kind, _where in said(webhooks["own"])]
    assert sorted(set(heard)) == [
        "assignment.accepted",
        "assignment.proposed",
        "duty.due_date_changed",
        "duty.owed",
        "round.opened",
        "update.returned",
        "update.submitted",
    ]
    assert said(webhooks["secretariat"]) == said(webhooks["own"])


def test_no_text_and_no_name_of_a_person_leaves(cast: make.Cast) -> None:
    webhooks = owners(cast)
    story = Story(cast)
    opened = story.open()
    update = make.update_in(opened, story.held[0])
    make.sent(update, by=cast.ilo_focal_point, at=later(days=3), body={"done": "CANARY text"})
    make.do("return", update, by=cast.coordinator, at=later(days=4), note="CANARY note", due_on=DUE)
    make.do(
        "set_target",
        story.held[0],
        by=cast.ilo_focal_point,
        at=later(days=5),
        target_text="CANARY date",
    )
    tell()

    people = ("focal point", "Coordinator", "example.org", "CANARY", "Official text", "Short title")
    bodies = [body for webhook in webhooks.values() for body in bodies_of(webhook)]
    assert len(bodies) > 20
    assert [word for word in people for body in bodies if word in body] == []


def test_another_framework_is_not_heard_of(cast: make.Cast) -> None:
    other = make.framework("next-set", is_default=False)
    webhook = allowed(cast, None, framework=other)
    Story(cast)
    tell()

    assert said(webhook) == []


def test_what_was_retracted_before_the_call_left_is_not_told_any_more(cast: make.Cast) -> None:
    webhook = allowed(cast, cast.iom, events=["public.published"])
    story = Story(cast)
    update = make.update_in(story.open(), story.held[0])
    story.write(update, day=3)
    deliver(at=later(days=4))
    assert said(webhook) == [("public.published", ["A1"])]
    make.do("retract", update, by=cast.coordinator, at=later(days=4), note="A name.", due_on=DUE)
    deliver(at=later(days=5))

    call = WebhookCall.objects.get()
    assert (call.state, call.answer) == ("suppressed", "Its owner may not know it any more.")


def test_a_late_reader_tells_nobody_what_was_hidden_when_it_happened(cast: make.Cast) -> None:
    webhooks = owners(cast)
    story = Story(cast)
    opened, fp, by = story.open(), cast.ilo_focal_point, cast.coordinator
    make.do("hold", opened, by=by, at=later(days=3), note="Before the summit.")
    story.write(make.update_in(opened, story.held[0]), day=4)
    make.do("assess", story.held[0], by=by, at=later(days=5), status="on_hold", note="So.")
    make.do("release", opened, by=by, at=later(days=6))
    third = make.action(cast.area, "A3", order=3)
    asked = make.do("assign", third, by=by, at=later(days=7), agency=cast.ilo, role="lead")
    make.do("set_target", asked, by=fp, at=later(days=8), target_on=DUE)
    make.do("accept", asked, by=fp, at=later(days=9))
    tell()

    assert said(webhooks["other"])[-3:] == [
        ("round.opened", [""]),
        ("public.published", ["A1"]),
        ("public.taken_on", ["A3"]),
    ]


def test_the_number_of_a_hidden_event_is_told_to_nobody_else(cast: make.Cast) -> None:
    webhooks = owners(cast)
    Story(cast)
    tell()

    others = [json.loads(body)["data"] for body in bodies_of(webhooks["other"])]
    assert {frozenset(one) for one in others} == {
        frozenset(("event", "position", "framework", "places"))
    }


def test_the_questionnaire_of_another_agency_is_not_heard_of(cast: make.Cast) -> None:
    make.question(cast.framework)
    webhooks, story = owners(cast), Story(cast)
    opened = story.open()
    answers = make.answers_in(opened, cast.ilo)
    make.sent(answers, by=cast.ilo_focal_point, at=later(days=3))
    make.do("approve", answers, by=cast.coordinator, at=later(days=4), claim="agree")
    tell()

    assert ("update.approved", [""]) in said(webhooks["own"])
    assert {kind for kind, _where in said(webhooks["other"])} == {
        "public.taken_on",
        "round.opened",
        "duty.owed",
    }


def happened(kinds: Iterable[Kind]) -> set[tuple[str, str]]:
    """Return the events that some kinds stand for."""
    return {event for kind in kinds for event in kind.events}


LEFT_OUT = {
    ("action", "taken_over"),  # the event is of the assignment that is made
    ("action", "proposed"),
    ("assignment", "offered"),
    ("update", "cleared"),
    ("update", "comment_closed"),
    ("update", "suggestion_taken"),
    ("update", "correction_begun"),
}
"""Events that no call tells: they are of a draft, or another event stands for them."""


def test_every_event_of_the_workflow_has_a_kind_or_is_left_out_on_purpose() -> None:
    events = {(row.noun, row.event) for row in TABLE}

    assert events - happened(KINDS) == LEFT_OUT


def test_every_verb_that_the_public_sees_has_a_public_kind() -> None:
    seen = {(row.noun, row.event) for row in TABLE if (row.noun, row.verb) in SEEN}
    known = {("assignment" if noun == "action" else noun, event) for noun, event in seen}
    heard_by_all = {
        event for event, kind in INSIDE.items() if event[0] == "round" and not kind.secretariat
    }

    assert known - heard_by_all == set(PUBLIC)
    assert set(PUBLIC) <= set(INSIDE)


def test_an_agency_that_takes_over_is_heard_of_by_all(cast: make.Cast) -> None:
    webhooks = owners(cast)
    gone = make.merged_away(cast, cast.action)
    make.do(
        "take_over",
        cast.action,
        by=cast.administrator,
        at=later(days=1),
        assignment=gone,
        note="Merged.",
    )
    tell()

    assert ("public.taken_on", ["A1"]) in said(webhooks["own"])
    assert ("assignment.taken_over", ["A1"]) in said(webhooks["other"])
    assert Agency.objects.get(code="GONE").active is False
