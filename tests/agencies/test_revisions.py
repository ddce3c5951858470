"""Edits by hand: with a reason, on the newest version, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from agencies import history, revisions
from agencies.models import Agency, AgencyName, Event, Membership
from recommendations.models import Action, ActionWording, AreaWording, Assignment, Duty, RoundTerms
from tests import make


def revise(obj: Any, version: int, note: str = "As adopted.", **values: Any) -> list[str]:
    """Revise a row as the administrator does."""
    return revisions.revise(
        obj, values=values, by=None, at=make.later(hours=1), note=note, version=version
    )


def test_a_creation_is_the_first_event_and_states_every_field_once(cast: make.Cast) -> None:
    event = history.of(cast.ilo).get()

    assert (event.number, event.verb, cast.ilo.version) == (1, "created", 1)
    assert AgencyName.objects.filter(agency=cast.ilo).count() == 1


def test_a_revision_says_what_it_changed_and_raises_the_version(cast: make.Cast) -> None:
    assert revise(cast.ilo, 1, name="Another name", acronym="ILO") == ["name"]
    assert (cast.ilo.version, cast.ilo.name) == (2, "Another name")
    assert history.of(cast.ilo).count() == 2


def test_a_revision_that_changes_nothing_leaves_no_trace(cast: make.Cast) -> None:
    assert revise(cast.ilo, 1, acronym="ILO") == []
    cast.ilo.refresh_from_db()
    assert (cast.ilo.version, history.of(cast.ilo).count()) == (1, 1)


@pytest.mark.parametrize("note", ["", " \n"])
def test_a_revision_without_a_reason_is_refused(cast: make.Cast, note: str) -> None:
    with pytest.raises(revisions.ReasonNeeded) as raised:
        revise(cast.ilo, 1, note, name="Another name")
    assert str(raised.value) == "Say why. The reason is kept in the history."
    cast.ilo.refresh_from_db()
    assert (cast.ilo.version, cast.ilo.name) == (1, "Full name of ILO")


def test_the_second_of_two_revisions_of_one_version_gets_both_texts(cast: make.Cast) -> None:
    seen_by_both = Agency.objects.get(pk=cast.ilo.pk)
    revise(cast.ilo, 1, name="From the first")

    with pytest.raises(revisions.Conflict) as raised:
        revise(seen_by_both, 1, name="From the second")

    assert raised.value.current.name == "From the first"
    assert raised.value.attempted == {"name": "From the second"}
    assert history.of(cast.ilo).count() == 2


def test_what_cannot_stand_is_refused_whole(cast: make.Cast) -> None:
    with pytest.raises(ValidationError):
        revise(cast.ilo, 1, name="Another name", acronym="x" * 41)
    cast.ilo.refresh_from_db()
    assert (cast.ilo.version, cast.ilo.name) == (1, "Full name of ILO")


def test_a_person_who_cannot_stand_is_not_created(cast: make.Cast) -> None:
    events = Event.objects.count()
    backwards = Membership(
        user=cast.stranger, agency=cast.ilo, from_on=make.START, until_on=make.START.replace(2019)
    )
    with pytest.raises(ValidationError):
        revisions.create(backwards, by=None, at=make.NOW)
    assert (Membership.objects.filter(user=cast.stranger).count(), Event.objects.count()) == (
        0,
        events,
    )


def test_what_figures_print_is_stated_anew_when_it_changes(cast: make.Cast) -> None:
    revise(cast.ilo, 1, name="Another name")
    revise(cast.action, 1, official_text="Another wording")
    revise(cast.area, 1, title="Another title")
    revise(cast.ilo, 2, aliases="Another name for it")

    names = AgencyName.objects.filter(agency=cast.ilo).order_by("id")
    wordings = ActionWording.objects.order_by("id")
    titles = AreaWording.objects.order_by("id")
    assert [row.name for row in names] == ["Full name of ILO", "Another name"]
    assert [row.recorded_at for row in names] == [make.NOW, make.later(hours=1)]
    assert [row.official_text for row in wordings] == ["Official text of A1", "Another wording"]
    assert [row.title for row in titles] == ["Area A", "Another title"]


def test_the_dates_of_a_round_are_stated_anew_when_they_change(cast: make.Cast) -> None:
    round = make.open_round(cast)
    due_on = round.due_on.replace(day=20)
    revise(round, 2, due_on=due_on)

    terms = RoundTerms.objects.order_by("id").values_list("state", "due_on")
    assert [due for _, due in terms] == [round.due_on.replace(day=31)] * 2 + [due_on]
    assert [state for state, _ in terms] == ["planned", "open", "open"]


def test_no_revision_reaches_a_state_or_what_the_rules_write(cast: make.Cast) -> None:
    update = make.owed(cast)
    assignment, duty = Assignment.objects.get(), Duty.objects.get()
    barred = {
        update: {"review_state": "approved"},
        assignment: {"acceptance": "ended", "role": "co_lead", "target_text": "Soon"},
        duty: {"state": "met", "due_on": None},
        duty.round: {"state": "closed"},
        Action.objects.get(): {"standing": "implemented"},
        cast.ilo: {"version": 7},
        cast.stranger: {"password": "", "is_demo": True},
    }
    for obj, values in barred.items():
        for name, value in values.items():
            with pytest.raises(ValueError, match=f"not edited by hand: {name}"):
                revisions.revise(
                    obj,
                    values={name: value},
                    by=None,
                    at=make.NOW,
                    note="As adopted.",
                    version=obj.version,
                )


FIXED = {
    "ilo": {"code": "ILO-2", "category": "contributor", "counted": False},
    "area": {"framework": None, "code": "B", "order": 9},
    "action": {"framework": None, "area": None, "code": "A9", "kind": "select_issue", "order": 9},
}
"""What figures of every earlier moment count by."""


@pytest.mark.parametrize(
    ("who", "name", "value"),
    [(who, name, value) for who, values in FIXED.items() for name, value in values.items()],
)
def test_what_earlier_figures_count_by_is_never_revised(
    cast: make.Cast, who: str, name: str, value: Any
) -> None:
    obj = getattr(cast, who)
    before = getattr(obj, name)

    with pytest.raises(ValidationError, match="This stays as it was entered"):
        revise(obj, 1, **{name: value})

    obj.refresh_from_db()
    assert (obj.version, getattr(obj, name)) == (1, before)


def test_the_admin_shows_what_is_fixed_and_offers_no_control_for_it(cast: make.Cast) -> None:
    for who, values in FIXED.items():
        obj = getattr(cast, who)
        desk = site._registry[type(obj)]
        shown = desk.get_readonly_fields(RequestFactory().get("/"), obj)
        assert (who, set(values) - set(shown)) == (who, set())
