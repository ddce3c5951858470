"""Nobody finds in any answer of the API what is another's: text, evidence, reason or name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from agencies import revisions
from agencies.models import Appointment, User
from recommendations.api import urls
from recommendations.api.resources import Resource
from recommendations.api.tables import BY_NAME, BY_NOUN, RESOURCES
from recommendations.domain import logs, workflow
from recommendations.models import Round, Update
from recommendations.notify import positions
from recommendations.reporting.reports.catalogue import OFFERS
from tests import make
from tests.figures import figure
from tests.recommendations.api.conftest import client_of, holder
from tests.recommendations.api.marked import Marked, found_in
from tests.recommendations.api.test_permissions import rows

ANSWERS = figure(small=900, full=20_000)
BOTH = ("ilo", "iom")
SHOWN = {(code, "shown") for code in BOTH}
NAMES = {(code, "offices") for code in BOTH}
SIDES = SHOWN | NAMES | {(code, "sides") for code in BOTH} | {("all", "steering")}
OWN = {code: SHOWN | {(code, "alone"), (code, "sides"), (code, "offices")} for code in BOTH}
MINE = {code: OWN[code] | {(code, "own")} for code in BOTH}
READS: dict[str, set[tuple[str, str]]] = {
    "anonymous": SHOWN,
    "stranger": SHOWN,
    "observer": SHOWN,
    "elsewhere": SHOWN | NAMES,
    "ilo": MINE["ilo"],
    "iom": MINE["iom"],
    "coordinator": SIDES,
    "administrator": SIDES,
    "of_agency": SIDES | OWN["ilo"],
    "bound": OWN["ilo"],
    "program": MINE["iom"],
    "expired": set(),
    "revoked": set(),
}
"""What each actor may find: "bound" is a token for the ILO of a coordinator who is of the ILO,
"program" a token of the focal point of the IOM, as "expired" and "revoked" were."""
VALUES = ("ILO", "IOM", "iom", "A1", "ILO-kept", "IOM-back", "2026-H1", "2027-H1", "hld-2013")
MOMENTS = ("2026-05-04", "2026-06-15", "2026-05-04T09:30", "2099-01-01", "soon")
REPORTS = tuple(offer.name for offer in OFFERS)
STATUSES = ("in_progress", "no_report", "odd")


class Ask(NamedTuple):
    """A request that every actor makes."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    accept: str = "application/json"
    tag: str = ""


def always() -> list[Ask]:
    """Return what shows whole lists, every text that is being written, and what is stale."""
    pages = [f"{one.name}/?limit=200" for one in RESOURCES]
    pages += [f"events/?limit=200&after={after}" for after in (0, 150, 300)]
    pages += [
        f"history/{kind}/{pk}/?limit=200{parts}"
        for kind, model in logs.kinds().items()
        for pk in model._default_manager.values_list("pk", flat=True)
        for parts in (("", "&parts=yes") if issubclass(model, logs.WITH_PARTS) else ("",))
    ]
    updates = Update.objects.filter(draft__isnull=False).values_list("pk", flat=True)
    begun = Round.objects.filter(state="open").values_list("pk", flat=True)
    stale = [f"{urls.V1}updates/{pk}/draft/" for pk in updates]
    return [
        *(Ask("get", f"{urls.V1}{path}") for path in pages),
        *(Ask("get", f"{urls.V1}updates/{pk}/") for pk in updates),
        *(Ask("get", path) for path in stale),
        *(Ask("patch", path, {"body": {"done": "x"}}, tag='"0"') for path in stale),
        Ask("patch", stale[0], {"body": {"done": "x"}}),
        *(Ask("post", f"{urls.V1}rounds/{pk}/open/", {}, tag='"1"') for pk in begun),
    ]


def numbers() -> dict[str, list[int]]:
    """Return the numbers of the rows of each resource, and one that is nobody's."""
    return {one.name: [*rows(one).values_list("pk", flat=True), 10**9] for one in RESOURCES}


def asked(rng: Random, route: URLPattern, known: dict[str, list[int]]) -> Ask:
    """Return a request to a route, sound or not."""
    path, of = str(route.pattern), str(route.pattern).removeprefix(urls.V1).partition("/")[0]
    if "<key:kind>" in path:
        kind = rng.choice([*logs.kinds()])
        of = next((name for name in known if kind_of(BY_NAME[name]) == kind), "updates")
        path = path.replace("<key:kind>", kind)
    if "<int:key>" in path:
        path = path.replace("<int:key>", str(rng.choice(known[of])))
    name = str(route.name).removeprefix("api-")
    codes = VALUES if name in BY_NAME or name.removesuffix("-detail") in BY_NAME else REPORTS
    path = path.replace("<key:key>", rng.choice(codes))
    verb = path.rstrip("/").rsplit("/", 1)[-1]
    if name == "transitions":
        row = rng.choice(workflow.TABLE)
        pk = rng.choice(known[BY_NOUN[row.noun].name])
        one = {"noun": row.noun, "id": pk, "verb": row.verb, "tag": rng.choice(TAGS)}
        return Ask("post", path, {"transitions": [one]})
    if name == "updates-draft":
        method = rng.choice(("get", "patch", "delete"))
        return Ask(method, path, {"body": {"done": "x"}}, tag=rng.choice(TAGS))
    if name == "updates-evidence":
        return Ask("post", path, {"url": rng.choice(("https://example.org/", "no"))})
    if name == "reports" and rng.random() < 0.5:
        order = {"report": rng.choice(REPORTS), "format": "json", "agency": rng.choice(VALUES)}
        return Ask("post", path, order)
    if verb in VERBS:
        return Ask("post", path, body_of(rng), tag=rng.choice(TAGS))
    query = query_of(rng, BY_NAME.get(name.removesuffix("-detail")), name)
    accept = rng.choice(("application/json", "text/csv", "*/*"))
    method = rng.choices(("get", "head", "delete", "options"), (90, 4, 3, 3))[0]
    return Ask(method, f"{path}?{urlencode(query)}", accept=accept)


def happened(rng: Random) -> dict[str, str]:
    """Return parameters that narrow what happened, or none."""
    days = ("2026-05-04", "2026-06-15", "soon")
    given = {
        "person": str(rng.randint(1, 12)),
        "verb": rng.choice(("submitted", "returned", "published", "odd")),
        "from": rng.choice(days),
        "until": rng.choice(days),
    }
    return {name: given[name] for name in rng.sample(sorted(given), rng.choice((0, 0, 1, 2)))}


VERBS = {row.verb for row in workflow.TABLE}
TAGS = ("", '"0"', '"1"', '"2"', '"3"', '"2-1"', '"1-1"', '"1-2"')
FACTS = {
    "note": "Because.",
    "due_on": "2026-07-01",
    "claim": "agree",
    "comment": 1,
    "assignment": 3,
    "on_behalf_of": 2,
    "round": "2027-H1",
    "odd": 1,
}


def body_of(rng: Random) -> dict[str, Any]:
    """Return some facts, or none."""
    return {name: FACTS[name] for name in rng.sample(sorted(FACTS), rng.choice((0, 1, 1, 2)))}


def kind_of(resource: Resource) -> str:
    """Return the kind of the objects of a resource."""
    return str(rows(resource).model._meta.model_name)


def query_of(rng: Random, resource: Resource | None, name: str) -> dict[str, str]:
    """Return parameters: filters, order, page and fields of a list; a moment of figures."""
    query: dict[str, str] = {}
    if resource is not None and not name.endswith("-detail"):
        for one in rng.sample(resource.filters, min(len(resource.filters), rng.choice((0, 1, 2)))):
            words = [str(word) for word in one.choices.values] if one.choices else []
            query[one.name] = rng.choice([*(words or [*VALUES, *MOMENTS]), "1", "true"])
        query["ordering"] = rng.choice(("", "-")) + rng.choice([*resource.orderings, "body"])
        query["limit"] = rng.choice(("1", "7", "200"))
    elif name.startswith("figures"):
        query["as_of"] = rng.choice(("", *MOMENTS))
        narrowed = rng.choice(("round", "status", "agency", "heading"))
        query[narrowed] = rng.choice((*VALUES, *STATUSES, "1"))
    elif name == "reports-detail":
        query["format"] = rng.choice(("json", "csv"))
        query |= {one: rng.choice(VALUES) for one in ("agency", "round") if rng.random() < 0.6}
    elif name == "events":
        query["after"] = str(rng.randint(0, 400))
        query["object_type"] = rng.choice(("", "update", "duty", "assignment", "round", "user"))
        query |= happened(rng)
    elif name == "history-detail":
        query |= happened(rng) | {"as_of": rng.choice(("", "", *MOMENTS))}
        query |= {"parts": "yes"} if rng.random() < 0.5 else {}
    if resource is not None and rng.random() < 0.3:
        query["fields"] = rng.choice([*(one.name for one in resource.described), "secret"])
    if rng.random() < 0.1:
        query[rng.choice(("lang", "draft", "after"))] = rng.choice(("fr", "ar", "zq"))
    return query


def answered(client: Client, ask: Ask) -> tuple[int, bytes]:
    """Return the status of an answer and all that it says; what it changed is undone."""
    more: dict[str, Any] = {"headers": {"Accept": ask.accept}}
    if ask.tag:
        more["headers"]["If-Match"] = ask.tag
    if ask.body is not None:
        more |= {"data": ask.body, "content_type": "application/json"}
    with transaction.atomic():
        answer = getattr(client, ask.method)(f"/{ask.path}", **more)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, repr(answer.headers).encode() + content


def people_of(world: Marked) -> dict[str, User]:
    """Return the people who ask, by what they are."""
    cast = world.cast
    elsewhere = make.person("Coordinator elsewhere")
    office = Appointment(
        user=elsewhere, office="coordinator", framework=world.elsewhere, from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)
    return {
        "stranger": cast.stranger,
        "observer": cast.observer,
        "elsewhere": elsewhere,
        "ilo": cast.ilo_focal_point,
        "iom": cast.iom_focal_point,
        "coordinator": cast.coordinator,
        "administrator": cast.administrator,
        "of_agency": cast.ilo_coordinator,
    }


@pytest.mark.drill
def test_nobody_finds_what_is_anothers(
    db: None, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path
    rng = Random(6)  # noqa: S311 - a repeatable walk, no secret
    with time_machine.travel(make.NOW, tick=False):
        world = Marked()
        positions.number_events(at=make.NOW, everything=True)
    routes, known = list(urls.routes), numbers()
    asks = [
        *always(),
        *(asked(rng, routes[one % len(routes)], known) for one in range(ANSWERS // len(READS))),
    ]
    counted: Counter[int] = Counter()
    found: dict[str, set[tuple[str, str]]] = {actor: set() for actor in READS}
    astray: list[Any] = []
    with time_machine.travel(make.later(hours=1), tick=False):
        clients = {actor: client_of(person) for actor, person in people_of(world).items()}
        clients["anonymous"] = client_of()
        clients["bound"] = holder(world.cast.ilo_coordinator, agency=world.cast.ilo)
        for actor, name in (("program", "valid"), ("expired", "expired"), ("revoked", "revoked")):
            secret = world.tokens[f"{name} of iom"]
            clients[actor] = client_of(Authorization=f"Bearer {secret}")
        for ask in asks:
            for actor, client in clients.items():
                status, content = answered(client, ask)
                counted[status] += 1
                markers = found_in(content)
                found[actor] |= markers
                told = [one for one in world.secrets if one.encode() in content]
                if told or not markers <= READS[actor]:
                    astray.append((actor, ask, markers - READS[actor], told))
    with capsys.disabled():
        print(f"\n{counted.total()} answers {dict(sorted(counted.items()))}, {len(astray)} astray")

    assert astray == []
    assert found == READS
    assert counted.keys() >= {200, 400, 401, 403, 404, 405, 409, 412, 428}
    assert counted.total() >= ANSWERS
    assert not any(status >= 500 for status in counted)
