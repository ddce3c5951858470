"""The journeys of a round, from the address in the mail to done, with their clicks counted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agencies.models import Agency, Handover
from recommendations.models import Assignment, Round, Update
from tests import make
from tests.journeys.conftest import Visit, World
from tests.journeys.test_main_story import sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEMINARS = {"done": "Two technical seminars were held."}


def days_from_now(days: int) -> str:
    """Return a day as the fields for days take it."""
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def heading(page: Page) -> str:
    """Return what the page is called."""
    return page.locator("h1").inner_text()


def state_of(update: Update) -> str:
    """Return where an update is in its review."""
    return Update.objects.get(pk=update.pk).review_state


def test_f2_nothing_new_takes_one_sentence(world: World, visit: Visit) -> None:
    world.approves(world.sends(world.update, body=SEMINARS))
    update = make.update_in(world.opens("2026-H2"), world.assignment)

    visit.go(f"/updates/{update.pk}/")
    visit.sign_in(world.focal_point.email)
    visit.pick("Nothing new since the last round")
    visit.page.get_by_label("What was done in this round").fill("The seminars go on.")
    visit.press("Check and send")
    visit.press("Send to the coordinator")

    assert heading(visit.page) == "Update sent"
    sent = update.submissions.get()
    assert (sent.kind, sent.status) == ("no_change", "in_progress")
    visit.took(3, "F2 nothing new", target=4)


def test_f3_signing_in_lands_on_what_is_due(world: World, visit: Visit) -> None:
    visit.go("/account/sign-in/")
    visit.sign_in(world.focal_point.email)

    assert visit.page.url == f"{visit.base}/work/"
    questionnaire, update = visit.page.locator(".tasks li").all_inner_texts()
    assert questionnaire.startswith("Questionnaire, ILO, round 2026-H1")
    assert update.startswith("A1 ")
    assert "Due 31 May 2026" in update
    visit.took(0, "F3 see what is due", target=0)


def test_f5_a_duty_is_handed_over_to_one_of_two_alternates(world: World, visit: Visit) -> None:
    alternate = make.person("ILO alternate", of=world.ilo)
    make.person("ILO second alternate", of=world.ilo)

    visit.go("/account/hand-over/")
    visit.sign_in(world.focal_point.email)
    visit.choose("Who acts for you", alternate.pk)
    visit.page.get_by_label("First day").fill(days_from_now(7))
    visit.page.get_by_label("Last day").fill(days_from_now(14))
    visit.press("Hand over")

    assert visit.reads("ILO alternate acts for you from")
    made = Handover.objects.get()
    assert (made.agency, made.to_user) == (world.ilo, alternate)
    assert made.until_on.isoformat() == days_from_now(14)
    visit.took(3, "F5 hand over", target=3)


def test_f8_what_was_just_sent_is_taken_back(world: World, visit: Visit) -> None:
    make.drafted(world.update, by=world.focal_point, at=timezone.now(), body=SEMINARS)
    visit.go(f"/updates/{world.update.pk}/")
    visit.sign_in(world.focal_point.email)
    visit.press("Check and send")
    visit.press("Send to the coordinator")
    assert heading(visit.page) == "Update sent"
    visit.clicks = 0

    visit.press("See what was sent", role="link")
    visit.press("Withdraw")

    assert visit.reads("Withdrawn. The text is your draft again.")
    assert visit.page.get_by_label("What was done in this round").input_value() == SEMINARS["done"]
    assert state_of(world.update) == "draft"
    visit.took(2, "F8 take back something just sent", target=2)


def test_c1_the_queue_is_emptied_with_one_click_an_update(world: World, visit: Visit) -> None:
    others = [make.update_in(world.round, world.takes_on(code)) for code in ("A2", "A3")]
    waiting = [world.sends(update) for update in (world.update, *others)]

    visit.go(f"/queue/{waiting[0].pk}/")
    visit.sign_in(world.coordinator.email)
    for update in waiting:
        assert visit.page.url == f"{visit.base}/queue/{update.pk}/"
        visit.press("Approve and open next")
        assert state_of(update) == "approved"
        visit.took(1, "C1 empty the queue, an update", target=1)

    assert visit.page.url == f"{visit.base}/queue/"
    assert visit.reads("Nothing waits for your decision.")


def test_c3_an_action_is_assigned_to_several_agencies(
    world: World, visit: Visit, settings: Any
) -> None:
    """Each agency is chosen by a tick; the clicks around the ticks do not grow with them."""
    # Each agency is asked on its own, by the same verb, in the thread of the server.
    settings.ZEAL_ALLOWLIST = [{"model": "*", "field": "*"}]
    agencies = Agency.objects.filter(code__in=["IOM", "UNHCR", "UNICEF"])
    action = f"/f/{world.framework.slug}/actions/A2/"

    visit.go(f"/account/sign-in/?next={action}")
    visit.sign_in(world.coordinator.email)
    visit.press("Assign A2", role="link")
    for agency in agencies:
        visit.page.get_by_label(f"{agency.acronym} – {agency.name}", exact=True).check()
    visit.pick("Co-lead")
    visit.press("Assign")
    assert heading(visit.page) == "Assign several"
    visit.press("Assign")

    assert visit.page.url == visit.base + action
    assert visit.reads("3 assignments are proposed")
    proposed = Assignment.objects.filter(action__code="A2", acceptance="proposed", role="co_lead")
    assert {one.agency for one in proposed} == set(agencies)
    visit.took(4, "C3 assign n agencies, beside a tick for each", target=4)


@pytest.mark.parametrize(
    ("begins", "first", "journey", "clicks"),
    [
        ("new/", (), "C4 plan a round and open it", 2),
        ("2026-H1/", ("Plan another one like it",), "C4 the same, from the last round", 3),
    ],
    ids=["from its form", "from the last round"],
)
def test_c4_a_round_is_opened_by_one_form_and_one_preview(
    world: World, visit: Visit, begins: str, first: tuple[str, ...], journey: str, clicks: int
) -> None:
    """The budget counts pages, one form and one preview: a click leaves each of them."""
    visit.go(f"/account/sign-in/?next=/f/{world.framework.slug}/rounds/{begins}")
    visit.sign_in(world.coordinator.email)
    for name in first:
        visit.press(name, role="link")
    assert heading(visit.page) == "Plan a round"
    code = visit.page.get_by_label("Code").input_value()
    visit.press("Plan the round and see its preview")
    assert visit.reads("1 update to 1 agency")
    visit.press("Open the round")

    opened = Round.objects.get(code=code)
    assert (opened.state, opened.duties.filter(assignment=world.assignment).count()) == ("open", 1)
    visit.took(clicks, journey, target=2 + len(first))


def test_c7_a_wrong_approval_is_reopened_and_the_public_keeps_the_text_until_the_next(
    world: World, visit: Visit
) -> None:
    public = f"/f/{world.framework.slug}/actions/A1/ILO/"
    world.approves(world.sends(world.update, body=SEMINARS))

    visit.go(f"/updates/{world.update.pk}/")
    visit.sign_in(world.coordinator.email)
    visit.page.get_by_label("What the agency has to change").fill("It was one seminar.")
    visit.page.get_by_label("New due date").fill(days_from_now(7))
    visit.press("Reopen for the agency")
    assert visit.reads("Reopened. The approved text stays in force until the next.")
    assert state_of(world.update) == "returned"
    visit.took(1, "C7 reopen with a reason", target=3)
    sign_out(visit)

    visit.go(public)
    assert visit.reads("Two technical seminars were held.")
    assert not visit.reads("It was one seminar.")
    world.sends(world.update, body={"done": "One technical seminar was held."})
    visit.go(public)
    assert visit.reads("Two technical seminars were held.")
    assert not visit.reads("One technical seminar was held.")
    world.approves(world.update)
    visit.go(public)
    assert visit.reads("One technical seminar was held.")


def test_the_questionnaire_is_answered_with_last_rounds_answers(world: World, visit: Visit) -> None:
    """It has no budget of its own: that of logging progress from the reminder is taken."""
    before = make.answers_in(world.opens("2026-H2", with_questionnaire=True), world.ilo)
    answers = {"q1": "Two seminars.", "q4": "Few came."}
    world.approves(world.sends(before, body=answers))
    update = make.answers_in(world.opens("2027-H1", with_questionnaire=True), world.ilo)

    visit.go(f"/updates/{update.pk}/")
    visit.sign_in(world.focal_point.email)
    visit.press("Take over all answers of the last round")
    visit.press("Check and send")
    assert visit.reads("Two seminars.")
    visit.press("Send to the coordinator")

    assert state_of(update) == "submitted"
    sent = update.submissions.get()
    assert {name: text for name, text in sent.body.items() if text} == answers
    visit.took(3, "F1 the questionnaire, with last round's answers", target=3)


def test_c5_the_late_are_chased_with_the_mail_read_first(world: World, visit: Visit) -> None:
    visit.go("/account/sign-in/")
    visit.sign_in(world.coordinator.email)
    visit.go("/f/hld-2013/rounds/2026-H1/")
    visit.page.get_by_role("link", name=re.compile("^Late ")).click()
    visit.page.get_by_label("Remind of ILO A1").check()
    visit.clicks += 2
    visit.press("Remind of those ticked")
    assert visit.reads("Overdue by")
    visit.press("Send to 1 person")

    assert visit.reads("A reminder of 1 update is on its way.")
    assert visit.reads("Last reminded by a coordinator:")
    visit.took(4, "C5 chase the late", target=4)
