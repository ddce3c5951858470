"""An agency that ended: gone from every list and denominator since, in those of before it stays."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from agencies import succession
from agencies.models import Agency, AgencyName
from recommendations.domain import closures, mergers
from recommendations.domain.holdings import fingerprint, holdings
from recommendations.models import Assignment, Role
from recommendations.reporting.facts import Scope
from recommendations.reporting.lists import action_list, agency_list
from recommendations.reporting.matrix import matrix
from recommendations.reporting.overview import overview
from recommendations.reporting.public_history import public_history
from tests import make, soundness
from tests.make import later
from tests.recommendations.reporting import builders

pytestmark = pytest.mark.django_db

BEFORE, ENDED, AFTER = later(days=2), later(days=3), later(days=4)


@pytest.fixture
def taking_part(cast: make.Cast) -> make.Cast:
    """Return the cast; the ILO leads, the SRSG contributes, the IOM has nothing."""
    builders.held(cast.action, cast.ilo, at=later(days=1))
    builders.held(cast.action, make.agency("SRSG", counted=False), Role.SUPPORTING)
    return cast


def close(cast: make.Cast) -> None:
    """Close the ILO."""
    seen = fingerprint(holdings(cast.ilo, on=ENDED.date()).rows)
    closures.close(cast.ilo, seen=seen, by=cast.administrator, at=ENDED, note="By the board.")


def merge(cast: make.Cast) -> None:
    """Merge the ILO into the IOM."""
    seen = mergers.preview(cast.ilo, cast.iom, on=ENDED.date()).seen
    facts = {"by": cast.administrator, "at": ENDED, "note": "By the board."}
    mergers.merge(cast.ilo, cast.iom, seen=seen, **facts)


def told(cast: make.Cast, at: datetime, scope: Scope) -> dict[str, Any]:
    """Return which agencies each figure of a moment knows, and of how many it speaks."""
    of = {"as_of": at, "scope": scope}
    listed, over = agency_list(cast.framework, **of), overview(cast.framework, **of)
    return {
        "list": [line.acronym for line in listed.lines],
        "matrix": [row.agency for row in matrix(cast.framework, **of).rows],
        "filter": [one.acronym for one in action_list(cast.framework, **of).agencies],
        "of": {(listed.active, listed.counted), (over.agencies, over.counted)},
    }


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize(("end", "left"), [(close, 0), (merge, 1)])
def test_an_agency_that_ended_stands_in_the_lists_of_before_and_in_none_since(
    end: Any, left: int, scope: Scope, taking_part: make.Cast
) -> None:
    everybody = ["ILO", "IOM", "SRSG"]
    then = {"list": everybody, "matrix": everybody, "filter": everybody, "of": {(1, 2)}}
    assert told(taking_part, AFTER, scope) == then
    end(taking_part)

    since = ["IOM", "SRSG"]
    assert told(taking_part, BEFORE, scope) == then
    assert told(taking_part, AFTER, scope) == told(taking_part, ENDED, scope)
    assert told(taking_part, AFTER, scope) == {
        "list": since,
        "matrix": since,
        "filter": since,
        "of": {(left, 1)},
    }
    assert [*soundness.wrong_latest()] == []


def test_one_that_ended_and_holds_something_all_the_same_stays_in_sight(
    taking_part: make.Cast,
) -> None:
    ilo = taking_part.ilo
    by = {"by": taking_part.administrator, "note": "By the board.", "version": ilo.version}
    succession.end(ilo, at=ENDED, **by)

    assert told(taking_part, AFTER, Scope.INSIDE)["list"] == ["ILO", "IOM", "SRSG"]
    assert told(taking_part, AFTER, Scope.INSIDE)["of"] == {(1, 2)}
    builders.answered(Assignment.objects.get(agency=ilo), "ended", at=AFTER)
    assert told(taking_part, AFTER, Scope.INSIDE)["list"] == ["IOM", "SRSG"]


def test_an_agency_that_opens_again_is_back_from_then_on(taking_part: make.Cast) -> None:
    close(taking_part)
    ilo = Agency.objects.get(code="ILO")
    back = later(days=5)
    succession.reopen(
        ilo, by=taking_part.administrator, at=back, note="Founded anew.", version=ilo.version
    )

    lists = [told(taking_part, at, Scope.PUBLIC)["list"] for at in (BEFORE, AFTER, back)]
    assert lists == [["ILO", "IOM", "SRSG"], ["IOM", "SRSG"], ["ILO", "IOM", "SRSG"]]


def test_an_end_is_no_change_of_words_in_the_public_history(taking_part: make.Cast) -> None:
    before = len(public_history(taking_part.iom, as_of=AFTER))
    iom = taking_part.iom
    succession.end(iom, by=taking_part.administrator, at=ENDED, note="Ended.", version=iom.version)

    assert len(public_history(iom, as_of=AFTER)) == before


def test_what_ended_before_this_was_recorded_is_recorded_from_the_events(
    taking_part: make.Cast,
) -> None:
    close(taking_part)
    iom, ilo = taking_part.iom, Agency.objects.get(code="ILO")
    by = {"by": taking_part.administrator, "note": "Renamed."}
    for agency in (iom, ilo):
        names = {"code": agency.code, "acronym": f"{agency.code}-2", "name": agency.name}
        succession.rename(agency, at=later(days=5), version=agency.version, **names, **by)
    expected = stated()
    AgencyName.objects.filter(recorded_at=ENDED).delete()
    AgencyName.objects.update(active=True)

    import_module("agencies.migrations.0005_agency_active_then").state_activity(apps, None)

    assert stated() == expected
    assert [said for said in expected if said[0] == "ILO"] == [
        ("ILO", "ILO", True, make.NOW),
        ("ILO", "ILO", False, ENDED),
        ("ILO", "ILO-2", False, later(days=5)),
    ]


def stated() -> list[tuple[str, str, bool, datetime]]:
    """Return what each agency was called and whether it was active, from when on."""
    rows = AgencyName.objects.order_by("agency__code", "recorded_at")
    return [*rows.values_list("agency__code", "acronym", "active", "recorded_at")]
