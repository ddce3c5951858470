"""Who gets what at every address: one literal table, and a walk that finds what it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import tokens
from agencies.models import Handover, Token, User
from recommendations.domain import saved
from recommendations.models import (
    Action,
    Assignment,
    Comment,
    Delivery,
    Duty,
    Job,
    Round,
    SavedPhrase,
    Update,
    Webhook,
)
from recommendations.notify import calendar, new_address, unsubscribe
from recommendations.notify.notices import CHOICES
from recommendations.web import urls
from tests import make
from tests.recommendations.background.asking import asked as asked_for
from tests.recommendations.notify.telling import told
from tests.recommendations.notify.webhooks.hooks import allowed

ACTORS = (
    "anonymous",
    "stranger",
    "focal point",
    "other focal point",
    "coordinator",
    "own coordinator",
    "administrator",
    "observer",
)
"""Everything asked for is the ILO's; "other" is of another agency, "own" is of the ILO."""

EVERYBODY = (200,) * 8
NOT_ALLOWED = (405,) * 8
# anonymous, stranger, focal point, other focal point, coordinator, own coordinator,
# administrator, observer
READ = {"GET": EVERYBODY, "POST": NOT_ALLOWED}
TABLE: dict[str, dict[str, tuple[int, ...]]] = {
    # reading
    "overview": READ,
    "overview-svg": READ,
    "overview-csv": READ,
    "trend": READ,
    "trend-svg": READ,
    "trend-csv": READ,
    "area-detail": READ,
    "area-svg": READ,
    "area-csv": READ,
    "action-list": READ,
    "action-detail": READ,
    "action-svg": READ,
    "action-csv": READ,
    "thread": READ,
    "agency-list": READ,
    "agency-detail": READ,
    "agency-svg": READ,
    "agency-csv": READ,
    "matrix": READ,
    "matrix-csv": READ,
    "matrix-svg": READ,
    "about": READ,
    "source": READ,
    "gaps": {"GET": (404, 404, 404, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "report-now": {"GET": (404, 404, 200, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "reports": {"GET": (404, 404, 200, 200, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "report-ask": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 302, 302, 302, 404)},
    "report-check": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 302, 302, 302, 302, 404)},
    "report-file": {"GET": (404, 404, 404, 404, 200, 404, 404, 404), "POST": NOT_ALLOWED},
    "open-data": READ,
    "code-book": READ,
    "download-chosen": {"GET": (302,) * 8, "POST": NOT_ALLOWED},
    "download": READ,
    "feed": READ,
    "gaps-csv": {"GET": (404, 404, 404, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "groups": READ,
    "answers": READ,
    "history": {"GET": (302, 404, 200, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "history-export": {"GET": (302, 404, 200, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "short": {"GET": (302,) * 8, "POST": (302,) * 8},
    # working
    "home": {"GET": (302,) * 8, "POST": NOT_ALLOWED},
    "work": {"GET": (302, 200, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "views": {"GET": (302, 200, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "address": {
        "GET": (302, 200, 200, 200, 200, 200, 200, 200),
        # nobody in the cast has a password, so what they type is the wrong one
        "POST": (302, 400, 400, 400, 400, 400, 400, 400),
    },
    "address-confirm": {"GET": EVERYBODY, "POST": (302,) * 8},
    "view-save": {
        "GET": (302, 200, 200, 200, 200, 200, 200, 200),
        "POST": (302, 302, 302, 302, 302, 302, 302, 302),
    },
    "view-edit": {
        "GET": (302, 404, 200, 404, 404, 404, 404, 404),
        "POST": (302, 404, 302, 404, 404, 404, 404, 404),
    },
    "view-delete": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 404, 404, 404, 404)},
    "inbox": {"GET": (302, 200, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "inbox-change": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 404, 404, 404, 404)},
    "notices": {
        "GET": (302, 200, 200, 200, 200, 200, 200, 200),
        "POST": (302, 302, 302, 302, 302, 302, 302, 302),
    },
    "calendar-key": {"GET": NOT_ALLOWED, "POST": (302,) * 8},
    "webhooks": {"GET": (302, 404, 200, 200, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "webhook-new": {
        "GET": (302, 404, 200, 200, 200, 200, 200, 404),
        "POST": (302, 404, 200, 400, 400, 200, 400, 404),
    },
    "webhook": {
        "GET": (302, 404, 200, 404, 404, 200, 404, 404),
        "POST": (302, 404, 302, 404, 404, 302, 404, 404),
    },
    # opened by their address, whoever has it
    "unsubscribe": {"GET": EVERYBODY, "POST": EVERYBODY},
    "calendar": READ,
    "tokens": {
        "GET": (302, 200, 200, 200, 200, 200, 200, 200),
        # nobody in the cast has a password, so what they type is the wrong one
        "POST": (302, 400, 400, 400, 400, 400, 400, 400),
    },
    "token-revoke": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 404, 404, 404, 404)},
    "hand-over": {
        "GET": (302, 200, 200, 200, 200, 200, 200, 200),
        "POST": (302, 400, 302, 400, 400, 302, 400, 400),
    },
    "hand-over-end": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 404, 404, 302, 404)},
    "leaves": {
        "GET": (302, 403, 403, 403, 403, 403, 200, 403),
        "POST": (302, 403, 403, 403, 403, 403, 302, 403),
    },
    "queue": {"GET": (302, 403, 403, 403, 200, 200, 200, 403), "POST": NOT_ALLOWED},
    "review": {
        "GET": (302, 404, 403, 404, 200, 200, 200, 404),
        "POST": (302, 404, 403, 404, 302, 403, 403, 404),
    },
    "nothing-new": {
        "GET": (302, 403, 403, 403, 200, 200, 200, 403),
        "POST": (302, 403, 403, 403, 200, 200, 200, 403),
    },
    "comment": {
        "GET": (302, 404, 200, 404, 200, 200, 200, 404),
        "POST": (302, 404, 302, 404, 302, 302, 403, 404),
    },
    "phrase-list": {
        "GET": (302, 403, 403, 403, 200, 200, 403, 403),
        "POST": (302, 403, 403, 403, 302, 302, 403, 403),
    },
    "phrase": {
        "GET": (302, 403, 403, 403, 200, 404, 403, 403),
        "POST": (302, 403, 403, 403, 302, 404, 403, 403),
    },
    "update": {
        "GET": (302, 404, 200, 404, 200, 200, 200, 404),
        "POST": (302, 404, 302, 404, 403, 302, 403, 404),
    },
    "update-check": {"GET": (302, 404, 200, 404, 403, 200, 403, 404), "POST": NOT_ALLOWED},
    "update-send": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 403, 302, 403, 404)},
    "update-clear": {"GET": NOT_ALLOWED, "POST": (302, 404, 403, 404, 403, 302, 403, 404)},
    "update-enter": {
        "GET": (302, 404, 403, 404, 200, 403, 200, 404),
        "POST": (302, 404, 403, 404, 302, 403, 302, 404),
    },
    "update-sent": {"GET": (302, 404, 200, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "update-withdraw": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 403, 302, 403, 404)},
    "update-reopen": {"GET": NOT_ALLOWED, "POST": (302, 404, 403, 404, 302, 403, 403, 404)},
    "update-retract": {"GET": NOT_ALLOWED, "POST": (302, 404, 403, 404, 302, 403, 403, 404)},
    "update-correct": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 403, 302, 403, 404)},
    "draft-delete": {
        "GET": (302, 404, 200, 404, 403, 200, 403, 404),
        "POST": (302, 404, 302, 404, 403, 302, 403, 404),
    },
    "evidence-add": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 403, 302, 403, 404)},
    "evidence": {"GET": (404, 404, 302, 404, 404, 302, 404, 404), "POST": NOT_ALLOWED},
    "evidence-detach": {"GET": NOT_ALLOWED, "POST": (302, 404, 302, 404, 404, 302, 404, 404)},
    "round-list": {"GET": (404, 404, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "round-detail": {"GET": (404, 404, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "round-open": {
        "GET": (302, 404, 404, 404, 200, 200, 200, 404),
        "POST": (302, 404, 404, 404, 302, 302, 302, 404),
    },
    "round-close": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-hold": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-release": {
        "GET": (302, 404, 404, 404, 200, 200, 200, 404),
        "POST": (302, 404, 404, 404, 302, 302, 302, 404),
    },
    "round-checks": {"GET": (404, 404, 404, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "round-review-times": {"GET": (404, 404, 404, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "round-review-times-csv": {
        "GET": (404, 404, 404, 404, 200, 200, 200, 404),
        "POST": NOT_ALLOWED,
    },
    "round-review-times-svg": {
        "GET": (404, 404, 404, 404, 200, 200, 200, 404),
        "POST": NOT_ALLOWED,
    },
    "round-new": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-change": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-reminders": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-extend": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-reopen": {
        "GET": (302, 404, 403, 403, 200, 200, 200, 403),
        "POST": (302, 404, 403, 403, 302, 302, 302, 403),
    },
    "round-chase": {
        "GET": (302, 404, 403, 403, 200, 200, 403, 403),
        "POST": (302, 404, 403, 403, 302, 302, 403, 403),
    },
    "duty-notices": {"GET": (302, 404, 403, 404, 200, 200, 200, 404), "POST": NOT_ALLOWED},
    "time-ask": {
        "GET": (302, 404, 200, 404, 403, 200, 403, 404),
        "POST": (302, 404, 302, 404, 403, 302, 403, 404),
    },
    "time-answer": {
        "GET": (302, 404, 403, 404, 200, 403, 200, 404),
        "POST": (302, 404, 403, 404, 302, 403, 302, 404),
    },
    "duty-waive": {
        "GET": (302, 404, 403, 404, 200, 403, 200, 404),
        "POST": (302, 404, 403, 404, 302, 403, 302, 404),
    },
    "unasked": {"GET": (302, 200, 200, 200, 200, 200, 200, 200), "POST": NOT_ALLOWED},
    "assignment-report": {
        "GET": (302, 403, 200, 403, 403, 200, 403, 403),
        "POST": (302, 403, 302, 403, 403, 302, 403, 403),
    },
    "duty-due": {
        "GET": (302, 404, 403, 404, 200, 403, 200, 404),
        "POST": (302, 404, 403, 404, 302, 403, 302, 404),
    },
    "assign": {
        "GET": (302, 403, 403, 403, 200, 200, 200, 403),
        "POST": (302, 403, 403, 403, 302, 302, 302, 403),
    },
    "offers": {
        "GET": (302, 404, 404, 404, 200, 200, 200, 404),
        "POST": (302, 404, 404, 404, 400, 400, 400, 404),
    },
    "assign-many": {
        "GET": (302, 403, 403, 403, 200, 200, 200, 403),
        "POST": (302, 403, 403, 403, 302, 302, 302, 403),
    },
    "respond": {
        "GET": (302, 404, 200, 404, 200, 200, 200, 404),
        "POST": (302, 404, 302, 404, 302, 302, 302, 404),
    },
    "assignment-verb": {
        "GET": (302, 403, 200, 403, 200, 200, 200, 403),
        "POST": (302, 403, 302, 403, 302, 302, 302, 403),
    },
}


@dataclass
class World:
    """One update of the ILO in every state that a page asks for."""

    cast: make.Cast
    written: Update
    sent: Update
    approved: Update
    asked: Assignment
    active: Assignment
    evidence: int
    view: int
    planned: Round
    held: Round
    open: Round
    unassigned: Action
    handover: Handover
    uncleared: Update
    unwritten: Update
    comment: Comment
    phrase: SavedPhrase
    closed: Round
    asking: Duty
    unasked: Assignment
    line: Delivery
    calendar: str
    report: Job
    webhook: Webhook

    def person(self, actor: str) -> Any:
        """Return the person who is meant by a name of the table."""
        cast = self.cast
        return {
            "anonymous": AnonymousUser(),
            "stranger": cast.stranger,
            "focal point": cast.ilo_focal_point,
            "other focal point": cast.iom_focal_point,
            "coordinator": cast.coordinator,
            "own coordinator": cast.ilo_coordinator,
            "administrator": cast.administrator,
            "observer": cast.observer,
        }[actor]


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Build the world once, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(make.NOW, tick=False):
            built = build()
        yield built
        default_storage.delete(built.report.stored_as)
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    """Return the world of the module; `db` undoes what a test does to it."""
    return world_of_module


def build() -> World:
    """Return a framework in which every page has something to show."""
    cast = make.cast()
    more = [make.action(cast.area, f"A{number}", order=number) for number in range(2, 6)]
    closed = make.do("close", make.open_round(cast, "2025-H2"), by=cast.coordinator)
    assignments = [make.accepted(cast, action=action) for action in (cast.action, *more[:2])]
    asked = make.proposed(cast, action=more[2])
    late = make.accepted(cast, action=make.action(cast.area, "A8", order=8))
    opened = make.open_round(cast)
    written, sent, approved = (make.update_in(opened, each) for each in assignments)
    fp, coordinator = cast.ilo_focal_point, cast.coordinator
    make.drafted(written, by=fp)
    evidence = make.linked(written, by=fp)
    make.sent(sent, by=fp)
    make.approved(make.sent(approved, by=fp), by=coordinator)
    held = make.planned_round(cast.framework, "2028-H1")
    make.do("hold", held, by=coordinator, note="Before the summit.")
    asking = make.update_in(opened, late).duty
    make.do("ask", asking, by=fp, note="A holiday.", until_on=date(2026, 6, 10))
    last = make.action(cast.area, "A9", order=9)
    unasked = make.accepted(cast, action=last, role="supporting")
    return World(
        cast,
        written,
        sent,
        approved,
        asked,
        assignments[0],
        evidence.pk,
        saved.save(fp, name="Mine", address="/f/hld-2013/actions/", at=make.NOW).pk,
        make.planned_round(cast.framework, "2026-H2"),
        held,
        opened,
        more[3],
        handover=make.handed_over(cast.ilo, by=fp, to=cast.ilo_alternate),
        uncleared=uncleared(cast),
        unwritten=make.owed(cast, action=make.action(cast.area, "A6", order=6), code="2027-H1"),
        comment=commented(sent, by=coordinator),
        phrase=SavedPhrase.objects.create(user=coordinator, text="Please give a figure."),
        closed=closed,
        asking=asking,
        unasked=unasked,
        line=told(fp, written),
        calendar=calendar.give_key(fp),
        report=made_for(coordinator, cast),
        webhook=allowed(cast, cast.ilo),
    )


def made_for(user: User, cast: make.Cast) -> Job:
    """Return a report that was made for a person, with its file."""
    job = asked_for(user, cast.framework)
    stored_as = default_storage.save("jobs/for-a-test", ContentFile(b"figures"))
    ended = {"finished_at": make.NOW, "expires_at": make.NOW}
    Job.objects.filter(pk=job.pk).update(state="ready", stored_as=stored_as, **ended)
    return Job.objects.get(pk=job.pk)


def token_of(user: User) -> str:
    """Return what a link carries that confirms a new address."""
    facts = {"address": "new@example.org", "state": new_address.state_of(user)}
    return new_address.token(user, facts, at=timezone.now())


def token_for(user: User) -> Token:
    """Return a token of a person."""
    given = {"name": "Script", "scopes": ["read"], "agency": None}
    at = timezone.now()
    return tokens.issue(user, at=at, expires_at=at + timedelta(days=30), **given)[0]


def uncleared(cast: make.Cast) -> Update:
    """Return a draft that waits for a clearance by the coordinator who is of the agency as well."""
    agency, action = make.agency("UNHCR"), make.action(cast.area, "A7", order=7)
    make.member(cast.ilo_focal_point, agency)
    make.clears(agency, by=cast.ilo_coordinator)
    update = make.owed(cast, agency=agency, action=action, code="2027-H2")
    return make.drafted(update, by=cast.ilo_focal_point)


def commented(update: Update, *, by: User) -> Comment:
    """Return a comment on an update that waits for a decision."""
    make.do("comment", update, by=by, note="Since when?")
    return Comment.objects.get()


Kwargs = Callable[[World], dict[str, Any]]
F = {"framework": "hld-2013"}
PLACES: dict[str, Kwargs] = {
    "area-detail": lambda w: {**F, "area": "A"},
    "area-svg": lambda w: {**F, "area": "A"},
    "area-csv": lambda w: {**F, "area": "A"},
    "action-detail": lambda w: {**F, "action": "A1"},
    "action-svg": lambda w: {**F, "action": "A1"},
    "action-csv": lambda w: {**F, "action": "A1"},
    "thread": lambda w: {**F, "action": "A1", "agency": "ILO"},
    "agency-detail": lambda w: {**F, "agency": "ILO"},
    "agency-svg": lambda w: {**F, "agency": "ILO"},
    "agency-csv": lambda w: {**F, "agency": "ILO"},
    "report-now": lambda w: {**F, "report": "agency", "format": "csv"},
    "report-file": lambda w: {**F, "pk": w.report.pk},
    "download": lambda w: {**F, "report": "full", "format": "csv"},
    "history": lambda w: {"kind": "update", "pk": w.approved.pk},
    "history-export": lambda w: {"kind": "update", "pk": w.approved.pk},
    "short": lambda w: {"rest": "actions/"},
    "home": lambda w: {},
    "work": lambda w: {},
    "views": lambda w: {},
    "address": lambda w: {},
    "address-confirm": lambda w: {"token": token_of(w.cast.ilo_alternate)},
    "view-save": lambda w: {},
    "view-edit": lambda w: {"pk": w.view},
    "view-delete": lambda w: {"pk": w.view},
    "inbox": lambda w: {},
    "inbox-change": lambda w: {},
    "notices": lambda w: {},
    "calendar-key": lambda w: {},
    "webhooks": lambda w: {},
    "webhook-new": lambda w: {},
    "webhook": lambda w: {"pk": w.webhook.pk},
    "unsubscribe": lambda w: {
        "token": unsubscribe.address_of(w.person("focal point"), "").split("/")[3]
    },
    "calendar": lambda w: {"key": w.calendar},
    "tokens": lambda w: {},
    "token-revoke": lambda w: {"pk": token_for(w.cast.ilo_focal_point).pk},
    "hand-over": lambda w: {},
    "hand-over-end": lambda w: {"pk": w.handover.pk},
    "leaves": lambda w: {"pk": w.cast.ilo_alternate.pk},
    "queue": lambda w: {},
    "review": lambda w: {"pk": w.sent.pk},
    "nothing-new": lambda w: {},
    "comment": lambda w: {"pk": w.comment.pk},
    "phrase-list": lambda w: {},
    "phrase": lambda w: {"pk": w.phrase.pk},
    "update": lambda w: {"pk": w.written.pk},
    "update-check": lambda w: {"pk": w.written.pk},
    "update-send": lambda w: {"pk": w.written.pk},
    "update-clear": lambda w: {"pk": w.uncleared.pk},
    "update-enter": lambda w: {"pk": w.unwritten.pk},
    "update-sent": lambda w: {"pk": w.sent.pk},
    "update-withdraw": lambda w: {"pk": w.sent.pk},
    "update-reopen": lambda w: {"pk": w.approved.pk},
    "update-retract": lambda w: {"pk": w.approved.pk},
    "update-correct": lambda w: {"pk": w.approved.pk},
    "draft-delete": lambda w: {"pk": w.written.pk},
    "evidence-add": lambda w: {"pk": w.written.pk},
    "evidence": lambda w: {"pk": w.evidence},
    "evidence-detach": lambda w: {"pk": w.evidence},
    "round-detail": lambda w: {**F, "code": w.open.code},
    "round-open": lambda w: {**F, "code": w.planned.code},
    "round-close": lambda w: {**F, "code": w.open.code},
    "round-hold": lambda w: {**F, "code": w.open.code},
    "round-release": lambda w: {**F, "code": w.held.code},
    "round-checks": lambda w: {**F, "code": w.open.code},
    "round-review-times": lambda w: {**F, "code": w.open.code},
    "round-review-times-csv": lambda w: {**F, "code": w.open.code},
    "round-review-times-svg": lambda w: {**F, "code": w.open.code},
    "round-change": lambda w: {**F, "code": w.planned.code},
    "round-chase": lambda w: {**F, "code": w.open.code},
    "round-reminders": lambda w: {**F, "code": w.open.code},
    "round-extend": lambda w: {**F, "code": w.open.code},
    "round-reopen": lambda w: {**F, "code": w.closed.code},
    "time-ask": lambda w: {"pk": w.written.duty_id},
    "time-answer": lambda w: {"pk": w.asking.pk},
    "duty-waive": lambda w: {"pk": w.written.duty_id},
    "unasked": lambda w: {},
    "assignment-report": lambda w: {"pk": w.unasked.pk},
    "duty-notices": lambda w: {"pk": w.written.duty_id},
    "duty-due": lambda w: {"pk": w.written.duty_id},
    "assign": lambda w: {**F, "action": w.unassigned.code},
    "respond": lambda w: {"pk": w.asked.pk},
    "assignment-verb": lambda w: {"pk": w.active.pk, "verb": "set_target"},
}
"""Where a route needs more than the framework."""
CHOSEN = {
    "assign-many": "?action=A5",
    "download-chosen": "?report=full&format=csv",
    "report-now": "?agency=ILO",
    "download": "?as_of=2026-05-04T09:30",
}
"""What an address must choose, so that its page has something to show."""


SETTLED = make.later(minutes=5)
"""The figures of what was just built can no longer change."""


def version(row: Any) -> int:
    """Return the version of a row as it is now."""
    row.refresh_from_db()
    return int(row.version)


def draft_version(update: Update) -> int:
    """Return the version of an update's draft."""
    return Update.objects.get(pk=update.pk).draft.version


DATES = {"opens_on": "2026-05-01", "due_on": "2030-06-15", "closes_on": "2030-07-15"}
PLAN = {**DATES, "reminder_days": "-3", "reminder_every": "0", "reminder_last": "66"}
FORMS: dict[str, Kwargs] = {
    "address": lambda w: {"address": "new@example.org", "password": "not-the-password"},
    "view-save": lambda w: {"name": "Another view", "address": "/queue/"},
    "view-edit": lambda w: {"name": "Another name"},
    "inbox-change": lambda w: {"line": w.line.pk, "do": "done"},
    "notices": lambda w: {
        "time_zone": "UTC",
        "digest_at": "07:00",
        "digest_weekday": "0",
        **{f"how_{one.kind}": one.how for one in CHOICES},
    },
    "webhook-new": lambda w: {
        "owner": f"{w.cast.framework.pk}-{w.cast.ilo.pk}",
        "address": "https://hooks.example.org/other",
    },
    "webhook": lambda w: {"version": version(w.webhook), "do": "off", "reason": "It moves."},
    "leaves": lambda w: {
        "version": version(w.cast.ilo_alternate),
        "last_day": "2026-05-04",
        "reason": "Retires.",
    },
    "hand-over": lambda w: {
        "charge": f"agency-{w.cast.ilo.pk}",
        "to": w.cast.ilo_alternate.pk,
        "from_on": "2026-05-20",
        "until_on": "2026-05-25",
    },
    "hand-over-end": lambda w: {"version": version(w.handover)},
    "review": lambda w: {"version": version(w.sent), "decision": "approve", "claim": "agree"},
    "nothing-new": lambda w: {
        "update": w.sent.pk,
        f"version_{w.sent.pk}": version(w.sent),
    },
    "comment": lambda w: {"version": version(w.sent), "text": "Since May."},
    "phrase-list": lambda w: {"text": "Thank you."},
    "phrase": lambda w: {"text": "Thank you."},
    "update": lambda w: {"draft_version": draft_version(w.written), "done": "Three seminars."},
    "update-send": lambda w: {
        "version": version(w.written),
        "draft_version": draft_version(w.written),
    },
    "update-clear": lambda w: {
        "version": version(w.uncleared),
        "draft_version": draft_version(w.uncleared),
    },
    "update-enter": lambda w: {
        "version": version(w.unwritten),
        "on_behalf_of": w.cast.ilo_focal_point.pk,
        "kind": "nothing_to_report",
    },
    "update-withdraw": lambda w: {"version": version(w.sent)},
    "update-reopen": lambda w: {
        "version": version(w.approved),
        "comment": "Say how many.",
        "due_on": "2026-06-10",
    },
    "update-retract": lambda w: {
        "version": version(w.approved),
        "comment": "It names a person.",
        "due_on": "2026-06-10",
    },
    "update-correct": lambda w: {"version": version(w.approved)},
    "draft-delete": lambda w: {"draft_version": draft_version(w.written)},
    "evidence-add": lambda w: {
        "draft_version": draft_version(w.written),
        "link_url": "https://example.org/list",
    },
    "report-ask": lambda w: {
        "report": "agency",
        "agency": "ILO",
        "format": "pdf",
        "language": "en",
    },
    "report-check": lambda w: {"file": ContentFile(b"No report.", name="report.pdf")},
    "round-open": lambda w: {"version": version(w.planned)},
    "round-close": lambda w: {"version": version(w.open)},
    "round-hold": lambda w: {"version": version(w.open), "reason": "Before the summit."},
    "round-release": lambda w: {"version": version(w.held)},
    "round-chase": lambda w: {"duty": w.written.duty_id, "send": "yes"},
    "round-new": lambda w: {"code": "2029-H1", **PLAN},
    "round-change": lambda w: {
        "version": version(w.planned),
        **PLAN,
        "reason": "A conference.",
    },
    "round-reminders": lambda w: {
        "version": version(w.open),
        "reminder_days": "0, 5",
        "reminder_every": "7",
        "reminder_last": "30",
        "reason": "A holiday.",
    },
    "round-extend": lambda w: {"version": version(w.open), **DATES, "reason": "A strike."},
    "round-reopen": lambda w: {"version": version(w.closed), **DATES, "reason": "A strike."},
    "time-ask": lambda w: {
        "version": version(w.written.duty),
        "until_on": "2026-06-10",
        "reason": "A holiday.",
    },
    "time-answer": lambda w: {"version": version(w.asking), "answer": "grant"},
    "duty-waive": lambda w: {"version": version(w.written.duty), "reason": "It has ended."},
    "assignment-report": lambda w: {"version": version(w.unasked), "round": w.open.pk},
    "duty-due": lambda w: {
        "version": version(Duty.objects.get(pk=w.written.duty_id)),
        "due_on": date(2026, 6, 10).isoformat(),
        "reason": "A holiday.",
    },
    "assign": lambda w: {"version": version(w.unassigned), "agency": w.cast.iom.pk, "role": "lead"},
    "assign-many": lambda w: {
        f"version-{w.unassigned.pk}": version(w.unassigned),
        "row": f"{w.unassigned.pk}.{w.cast.iom.pk}",
        "pair": f"{w.unassigned.pk}.{w.cast.iom.pk}",
        "role": "lead",
    },
    "respond": lambda w: {
        "version": version(w.asked),
        "answer": "accept",
        "on_behalf_of": w.cast.ilo_focal_point.pk,
    },
    "assignment-verb": lambda w: {"version": version(w.active), "target_on": "2027-01-31"},
}
"""A form that is complete, for the routes that take one."""


def named() -> set[str]:
    """Return the names of all routes."""
    return {pattern.name or "" for pattern in urls.urlpatterns}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert named() == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_everybody_gets_what_the_table_says(name: str, world: World, clock: Any) -> None:
    clock.now = SETTLED
    url = reverse(name, kwargs=PLACES.get(name, lambda w: dict(F))(world)) + CHOSEN.get(name, "")
    answers = {
        method: tuple(asked(method, url, name, actor, world) for actor in ACTORS)
        for method in ("GET", "POST")
    }

    assert answers == TABLE[name]


def asked(method: str, url: str, name: str, actor: str, world: World) -> int:
    """Return the answer that a person gets; what it changed is rolled back."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if actor != "anonymous":
            client.force_login(world.person(actor))
        form = FORMS.get(name, lambda w: {})(world) if method == "POST" else None
        answer = getattr(client, method.lower())(url, form)
        if answer.streaming:
            list(answer.streaming_content)
        transaction.set_rollback(True)
    return int(answer.status_code)


OUTSIDE = ("stranger", "other focal point", "observer")
OWN = {
    "report-check",
    "tokens",
    "webhook-new",
    "view-save",
    "hand-over",
    "notices",
    "unsubscribe",
    "address",
    "address-confirm",
}
"""Forms of everybody who is signed in, or has the address, about nothing but what is theirs."""


@pytest.mark.parametrize("name", sorted(set(TABLE) - OWN))
@pytest.mark.parametrize("complete", [True, False], ids=["complete", "empty and stale"])
def test_the_refusal_of_a_form_tells_nothing_of_the_inside(
    name: str, complete: bool, world: World
) -> None:
    """Whoever may not gets one plain page, whatever they post and whatever the state is."""
    url = reverse(name, kwargs=PLACES.get(name, lambda w: dict(F))(world)) + CHOSEN.get(name, "")
    form = FORMS.get(name, lambda w: {})(world) if complete else {}
    for actor in OUTSIDE:
        client = Client()
        client.force_login(world.person(actor))
        answer = client.post(url, form)

        assert answer.status_code in (302, 403, 404, 405)
        if answer.status_code == 403:
            assert plain_refusal(answer) == ("Not permitted", [])


def plain_refusal(answer: Any) -> tuple[str, list[str]]:
    """Return the heading of a refusal and the figures in what it says."""
    said = answer.content.decode().split("<h1>", 1)[1].split("</main>", 1)[0]
    words = re.sub(r"<[^>]*>", " ", said)
    return str(answer.context["heading"]), re.findall(r"\d+", words)


@pytest.mark.parametrize("verb", ["withdraw", "end", "set_target", "assess"])
def test_an_outsider_learns_nothing_from_a_change_that_is_not_possible(
    verb: str, world: World
) -> None:
    client = Client()
    client.force_login(world.cast.stranger)
    url = reverse("assignment-verb", args=[world.active.pk, verb])

    assert [client.get(url).status_code, client.post(url).status_code] == [403, 403]
    assert plain_refusal(client.post(url)) == ("Not permitted", [])


@pytest.mark.parametrize(
    "path",
    ["areas/A%00/", "actions/A1%00/", "actions/A1/ILO%00/", "agencies/ILO%00/", "rounds/%00/"],
)
def test_an_address_that_no_database_takes_is_not_found(path: str, world: World) -> None:
    client = Client()
    client.force_login(world.cast.coordinator)

    assert client.get(f"/f/hld-2013/{path}").status_code == 404


def test_nobody_is_told_that_a_private_thing_exists(world: World) -> None:
    client = Client()
    client.force_login(world.cast.stranger)
    for name in ("update", "review", "update-check", "draft-delete", "duty-due", "respond"):
        there = client.get(reverse(name, kwargs=PLACES[name](world)))
        nowhere = client.get(reverse(name, kwargs={"pk": 10**15}))

        assert (there.status_code, nowhere.status_code) == (404, 404)
