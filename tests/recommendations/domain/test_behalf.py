"""What a coordinator enters on behalf of a named person: who may, for whom, and what it says."""

from __future__ import annotations

import pytest

from agencies import history
from agencies.access import NotPermitted, NotVisible, roles_of
from agencies.models import Event
from agencies.revisions import Conflict
from recommendations.domain import access, behalf, workflow
from recommendations.domain.transition import NotAllowedNow, RequirementMissing
from recommendations.models import Assignment, Draft, Update
from tests import make

REASON = "Told by telephone."
ANSWERS = {
    "accept": "accepted",
    "accept_partly": "partially_accepted",
    "consider": "under_consideration",
    "decline": "declined",
}


def answer(cast: make.Cast, verb: str = "accept", **more) -> Assignment:
    """Return a proposed assignment that is answered for the ILO focal point."""
    facts = {"by": cast.coordinator, "on_behalf_of": cast.ilo_focal_point, "note": REASON}
    return make.do(verb, make.proposed(cast), **(facts | more))


def enter(cast: make.Cast, update: Update, **more) -> Update:
    """Send a text on behalf of the ILO focal point."""
    facts = {
        "by": cast.coordinator,
        "on_behalf_of": cast.ilo_focal_point,
        "content": make.REPORT,
    }
    return make.do("submit", update, **(facts | more))


@pytest.mark.parametrize("verb", ANSWERS)
def test_an_answer_names_who_entered_it_and_for_whom(verb, cast):
    made = answer(cast, verb)
    said = made.answers.order_by("-id")[0]
    event = history.of(made).last()

    assert made.acceptance == ANSWERS[verb]
    assert (said.recorded_by, said.on_behalf_of) == (cast.coordinator, cast.ilo_focal_point)
    assert (event.actor, event.on_behalf_of) == (cast.coordinator, cast.ilo_focal_point)


def test_a_text_names_who_entered_it_and_for_whom(cast):
    update = enter(cast, make.owed(cast))
    sent, event = update.submissions.get(), history.of(update).last()

    assert update.review_state == "submitted"
    assert sent.body == make.REPORT["body"]
    assert (sent.submitted_by, sent.on_behalf_of) == (cast.coordinator, cast.ilo_focal_point)
    assert (event.actor, event.on_behalf_of) == (cast.coordinator, cast.ilo_focal_point)
    assert not Draft.objects.exists()


def test_in_ones_own_name_nobody_is_named(cast):
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)

    assert update.submissions.get().on_behalf_of is None
    assert not Event.objects.filter(on_behalf_of__isnull=False).exists()


def test_whoever_entered_it_never_decides_on_it(cast):
    update = enter(cast, make.owed(cast))
    roles = roles_of(cast.coordinator, at=make.NOW)

    with pytest.raises(NotPermitted):
        make.do("approve", update, by=cast.coordinator, claim="agree")
    assert not access.decidable_updates(roles, at=make.NOW).exists()


def test_nor_on_what_the_agency_made_of_it(cast):
    update = enter(cast, make.owed(cast))
    make.do("withdraw", update, by=cast.ilo_focal_point)
    draft = Draft.objects.get(update=update)
    make.do("submit", update, by=cast.ilo_focal_point, draft_version=draft.version)

    with pytest.raises(NotPermitted):
        make.do("approve", update, by=cast.coordinator, claim="agree")


def test_another_coordinator_decides_on_it(cast):
    update = enter(cast, make.owed(cast))
    second = make.person("Second coordinator", office="coordinator")

    assert make.approved(update, by=second).review_state == "approved"


def test_an_administrator_enters_as_well(cast):
    assert answer(cast, by=cast.administrator).acceptance == "accepted"


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("ilo_coordinator", NotPermitted),
        ("ilo_alternate", NotPermitted),
        ("iom_focal_point", NotVisible),
        ("observer", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_nobody_else_does(who, error, cast):
    with pytest.raises(error):
        answer(cast, by=getattr(cast, who))


def test_a_coordinator_of_the_agency_is_told_to_use_their_own_name(cast):
    with pytest.raises(NotPermitted, match="You belong to this agency: do it in your own name."):
        answer(cast, by=cast.ilo_coordinator)


@pytest.mark.parametrize("named", ["iom_focal_point", "stranger", "observer"])
def test_the_person_named_belongs_to_the_agency(named, cast):
    with pytest.raises(RequirementMissing) as raised:
        answer(cast, on_behalf_of=getattr(cast, named))

    assert list(raised.value.problems) == ["on_behalf_of"]
    assert Assignment.objects.get().acceptance == "proposed"


def test_nobody_names_themselves(cast):
    with pytest.raises(RequirementMissing, match="Name a person of the agency, not yourself"):
        answer(cast, on_behalf_of=cast.coordinator)


def test_a_member_of_yesterday_is_not_named(cast):
    cast.ilo_focal_point.memberships.update(until_on=make.START)

    with pytest.raises(RequirementMissing, match="not focal point or alternate of this agency"):
        answer(cast)


@pytest.mark.parametrize("verb", ["withdraw", "set_target"])
def test_what_is_done_in_ones_own_name_is_not_entered_on_behalf(verb, cast):
    with pytest.raises(NotPermitted, match="in one's own name"):
        answer(cast, verb)


def test_the_wrong_state_is_said_before_all_this(cast):
    made = answer(cast)

    with pytest.raises(NotAllowedNow):
        make.do("accept", made, by=cast.ilo_coordinator, on_behalf_of=cast.stranger)


def test_a_stale_page_is_said_before_who_is_named(cast):
    asked = make.proposed(cast)

    with pytest.raises(Conflict):
        workflow.perform(
            "accept",
            asked,
            by=cast.coordinator,
            at=make.NOW,
            version=0,
            on_behalf_of=cast.stranger,
        )


def test_a_text_that_the_agency_has_begun_is_not_replaced(cast):
    update = make.drafted(make.owed(cast), by=cast.ilo_focal_point)

    with pytest.raises(NotAllowedNow, match="The agency has begun a text of its own"):
        enter(cast, update)
    assert Draft.objects.get().body == make.REPORT["body"]


def test_evidence_that_the_agency_has_not_sent_stays_private(cast):
    update = make.owed(cast)
    make.linked(update, by=cast.ilo_focal_point)

    with pytest.raises(NotAllowedNow, match="The agency has begun a text of its own"):
        enter(cast, update)


def test_what_came_back_is_answered_on_behalf_with_the_evidence_that_was_sent(cast):
    update = make.owed(cast)
    make.linked(update, by=cast.ilo_focal_point)
    make.sent(update, by=cast.ilo_focal_point)
    due = make.later(days=9).date()
    make.do("return", update, by=cast.coordinator, note="When?", due_on=due)
    enter(cast, update)

    assert [sent.evidence.count() for sent in update.submissions.order_by("number")] == [1, 1]


def test_what_the_form_lacks_is_said_and_nobody_becomes_an_author(cast):
    update = make.owed(cast)

    with pytest.raises(RequirementMissing) as raised:
        enter(cast, update, content={"kind": "report"})
    assert set(raised.value.problems) == {"status", "done"}
    assert not update.authors.exists()


def test_clearance_is_not_gone_round(cast):
    make.clears(cast.ilo, by=cast.ilo_alternate)

    with pytest.raises(NotAllowedNow, match="ILO sends only what its clearing officer cleared"):
        enter(cast, make.owed(cast))


def test_the_agency_may_take_it_back_and_write_on(cast):
    update = enter(cast, make.owed(cast))
    make.do("withdraw", update, by=cast.ilo_focal_point)

    assert Draft.objects.get(update=update).body == make.REPORT["body"]


def test_it_is_said_in_words(cast):
    entered = enter(cast, make.owed(cast)).submissions.get()
    assert entered.sender == "Coordinator on behalf of ILO focal point"
    entered.on_behalf_of = None
    assert entered.sender == "Coordinator"


def test_who_can_be_named_are_focal_points_and_alternates_of_today(cast):
    cast.ilo_alternate.memberships.update(capacity="clearing_officer")

    found = behalf.people_of(cast.ilo.pk, day=make.NOW.date())
    assert [str(person) for person in found] == ["Coordinator of the ILO", "ILO focal point"]
