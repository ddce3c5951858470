"""Clearance before sending: who gives it, for which text, and what cannot go without it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agencies import history
from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import Agency, User
from agencies.revisions import Conflict
from recommendations.domain import access, clearing, evidence, workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Clearance, Draft, Update
from tests import make


@pytest.fixture
def written(cast: make.Cast) -> Update:
    """Return an update of the ILO, which sends after clearance by its alternate."""
    make.clears(cast.ilo, by=cast.ilo_alternate)
    return make.drafted(make.owed(cast), by=cast.ilo_focal_point)


def draft_of(update: Update) -> Draft:
    return Draft.objects.get(update=update)


def clear(update: Update, by: User, **more):
    more = {"draft_version": draft_of(update).version, **more}
    return make.do("clear", update, by=by, **more)


def submit(update: Update, by: User):
    return make.do("submit", update, by=by, draft_version=draft_of(update).version)


def test_what_is_cleared_is_sent_and_says_who_cleared_it_when(written, cast):
    clear(written, cast.ilo_alternate, at=make.later(minutes=5))
    submit(written, cast.ilo_focal_point)
    sent = written.submissions.get()

    assert (sent.cleared_by, sent.cleared_at) == (cast.ilo_alternate, make.later(minutes=5))


def test_a_clearance_is_one_event_and_changes_no_state(written, cast):
    before = written.review_state
    clear(written, cast.ilo_alternate)
    event = history.of(written).last()

    assert (event.verb, event.actor) == ("cleared", cast.ilo_alternate)
    assert Update.objects.get(pk=written.pk).review_state == before


def test_without_a_clearance_nothing_is_sent_and_it_says_who_can_clear(written, cast):
    with pytest.raises(RequirementMissing) as raised:
        submit(written, cast.ilo_focal_point)

    assert raised.value.problems == {
        "clearance": "ILO sends an update after clearance. Who can clear it: ILO alternate."
    }
    assert not written.submissions.exists()


def test_where_nobody_can_clear_the_administrator_is_named(written, cast):
    cast.ilo_alternate.memberships.update(until_on=make.START + timedelta(days=1))

    with pytest.raises(RequirementMissing, match="Ask an administrator to enter a clearing off"):
        submit(written, cast.ilo_focal_point)


def test_a_text_that_is_saved_again_needs_a_new_clearance(written, cast):
    clear(written, cast.ilo_alternate)
    make.drafted(written, by=cast.ilo_focal_point, body={"done": "Three seminars."})

    with pytest.raises(RequirementMissing, match="changed after ILO alternate cleared it"):
        submit(written, cast.ilo_focal_point)
    clear(written, cast.ilo_alternate)
    submit(written, cast.ilo_focal_point)

    assert Clearance.objects.count() == 2


@pytest.mark.parametrize("change", ["added", "taken off"])
def test_evidence_that_changes_afterwards_needs_a_new_clearance(change, written, cast):
    shown = make.linked(written, by=cast.ilo_focal_point)
    clear(written, cast.ilo_alternate)
    after = make.later(minutes=1)
    if change == "added":
        make.linked(written, by=cast.ilo_focal_point, at=after)
    else:
        evidence.detach(shown, by=cast.ilo_focal_point, at=after)

    with pytest.raises(RequirementMissing, match="changed after ILO alternate cleared it"):
        submit(written, cast.ilo_focal_point)
    clear(written, cast.ilo_alternate, at=make.later(minutes=2))
    submit(written, cast.ilo_focal_point)
    assert written.submissions.get().cleared_at == make.later(minutes=2)


def test_what_was_taken_back_needs_a_new_clearance(written, cast):
    clear(written, cast.ilo_alternate)
    submit(written, cast.ilo_focal_point)
    make.do("withdraw", written, by=cast.ilo_focal_point)

    with pytest.raises(RequirementMissing, match="clear"):
        submit(written, cast.ilo_focal_point)


def test_the_officer_clears_the_text_that_they_read(written, cast):
    seen = draft_of(written).version
    make.drafted(written, by=cast.ilo_focal_point, body={"done": "Three seminars."})

    with pytest.raises(Conflict):
        clear(written, cast.ilo_alternate, draft_version=seen)
    assert not Clearance.objects.exists()


def test_a_second_clearance_of_the_same_text_is_refused(written, cast):
    clear(written, cast.ilo_alternate)

    with pytest.raises(NotAllowedNow, match="cleared already, by ILO alternate"):
        clear(written, cast.ilo_alternate)


def test_nothing_is_cleared_before_it_is_written(cast):
    make.clears(cast.ilo, by=cast.ilo_alternate)

    with pytest.raises(RequirementMissing, match="no text to clear"):
        make.do("clear", make.owed(cast), by=cast.ilo_alternate, draft_version=0)


def test_an_agency_without_clearance_refuses_it_in_words(cast):
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)

    with pytest.raises(NotAllowedNow, match="ILO sends its updates without clearance"):
        clear(update, cast.ilo_focal_point)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("ilo_focal_point", NotPermitted),
        ("ilo_coordinator", NotPermitted),
        ("coordinator", NotPermitted),
        ("administrator", NotPermitted),
        ("iom_focal_point", NotVisible),
        ("observer", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_nobody_but_an_officer_of_the_agency_clears(who, error, written, cast):
    with pytest.raises(error):
        clear(written, getattr(cast, who))
    offered = workflow.available(written, roles_of(getattr(cast, who), at=make.NOW), at=make.NOW)
    assert "clear" not in offered


def test_an_officer_of_another_agency_does_not_clear(written, cast):
    make.member(cast.iom_focal_point, cast.ilo)
    make.clears(cast.iom, by=cast.iom_focal_point)

    with pytest.raises(NotPermitted, match="Only a clearing officer of the agency"):
        clear(written, cast.iom_focal_point)


def test_an_officer_who_wrote_some_of_it_may_clear_it(written, cast):
    make.drafted(written, by=cast.ilo_alternate)
    clear(written, cast.ilo_alternate)
    submit(written, cast.ilo_alternate)

    assert written.submissions.get().submitted_by == cast.ilo_alternate


def test_nobody_writes_clears_and_sends_alone(cast):
    make.clears(cast.ilo, by=cast.ilo_alternate)
    update = make.drafted(make.owed(cast), by=cast.ilo_alternate)
    clear(update, cast.ilo_alternate)

    with pytest.raises(RequirementMissing, match="Another person of the agency sends it"):
        submit(update, cast.ilo_alternate)
    submit(update, cast.ilo_focal_point)
    assert update.submissions.get().cleared_by == cast.ilo_alternate


def test_whoever_cleared_never_decides_on_it(written, cast):
    clear(written, cast.ilo_alternate)
    submit(written, cast.ilo_focal_point)
    written.submissions.update(cleared_by=cast.coordinator)
    roles = roles_of(cast.coordinator, at=make.NOW)

    assert not access.may(roles, "approve", Update.objects.get(pk=written.pk), at=make.NOW)
    assert not access.decidable_updates(roles, at=make.NOW).exists()


def test_the_list_of_what_waits_is_what_could_not_be_sent(written, cast):
    def waits() -> set[int]:
        return clearing.to_clear(Update.objects.with_place().select_related("draft"))

    before = waits()
    clear(written, cast.ilo_alternate)
    cleared = waits()
    make.linked(written, by=cast.ilo_focal_point, at=make.later(minutes=1))

    assert (before, cleared, waits()) == ({written.pk}, set(), {written.pk})


def test_where_no_agency_wants_clearance_the_list_asks_nothing(cast, django_assert_num_queries):
    make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    found = list(Update.objects.with_place().select_related("draft"))

    with django_assert_num_queries(0):
        assert clearing.to_clear(found) == set()


def test_an_agency_that_stops_wanting_it_sends_without(written, cast):
    Agency.objects.filter(pk=cast.ilo.pk).update(clears_before_sending=False)
    submit(written, cast.ilo_focal_point)

    assert written.submissions.get().cleared_by is None
