"""The admin of frameworks and rounds: wording, dates, transitions, and what is only read."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from agencies import history, revisions
from agencies.forms import RevisionForm
from agencies.models import Appointment, Event
from recommendations.models import (
    Action,
    Assessment,
    Assignment,
    Decision,
    Delivery,
    Duty,
    Framework,
    Job,
    KeyElement,
    Message,
    Milestone,
    Passage,
    PriorityArea,
    Question,
    Round,
    Submission,
    Untold,
    Update,
    Webhook,
    WebhookCall,
)
from recommendations.notify.webhooks import telling
from tests import make
from tests.administration import (
    REASON,
    act,
    add,
    address,
    change,
    choose,
    form_of,
    opened,
    typed_into,
)
from tests.project.test_templates import Inline
from tests.recommendations.background.asking import asked

CANARY = "Nobody but the agency reads this sentence"
DATES = {"opens_on": "2026-07-01", "due_on": "2026-07-31", "closes_on": "2026-08-31"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(cast):
    """Return a browser in which the administrator of all frameworks is signed in."""
    return signed_in(cast.administrator)


@pytest.fixture
def in_may():
    """Stop the clock an hour after the builders: days that they plan with have not passed."""
    with time_machine.travel(make.later(hours=1), tick=False):
        yield


@pytest.fixture
def next_set(db):
    """Return a second framework, with an area and an action."""
    framework = make.framework("next-set", is_default=False)
    return make.action(make.area(framework, "X"), "X1").framework


@pytest.fixture
def limited(cast, next_set):
    """Return a browser of somebody who administers the second framework only."""
    user = make.person("Administrator of the next set")
    office = Appointment(user=user, office="administrator", framework=next_set, from_on=make.START)
    revisions.create(office, by=None, at=make.NOW)
    return signed_in(user)


def newest(obj):
    event = history.of(obj).last()
    return (event.verb, event.actor, event.note)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def refusals(answer):
    return {outcome.name: outcome.refusal for outcome in answer.context["refused"]}


# --- wording ----------------------------------------------------------------------------------


def test_a_new_wording_keeps_the_old_one_and_makes_the_pages_anew(cast, desk):
    before = Framework.objects.get(pk=cast.framework.pk).counter
    change(desk, cast.action, official_text="A corrected text")

    assert newest(cast.action) == ("revised", cast.administrator, REASON)
    assert [row.official_text for row in cast.action.wordings.order_by("id")] == [
        "Official text of A1",
        "A corrected text",
    ]
    assert Framework.objects.get(pk=cast.framework.pk).counter == before + 1


def test_a_save_that_changes_nothing_moves_no_counter(cast, desk):
    make.planned_round(cast.framework)
    counters = Framework.objects.values_list("counter", "public_counter")
    before = counters.get(pk=cast.framework.pk)
    for row in (cast.action, cast.ilo, cast.area, cast.framework):
        change(desk, row)

    assert counters.get(pk=cast.framework.pk) == before


def test_only_an_edit_that_the_public_reads_moves_the_public_counter(cast, desk):
    planned = make.planned_round(cast.framework)
    before = Framework.objects.get(pk=cast.framework.pk).public_counter
    change(desk, planned, due_on="2026-06-01")
    unseen = Framework.objects.get(pk=cast.framework.pk).public_counter
    change(desk, cast.action, official_text="A corrected text")
    change(desk, cast.ilo, name="A corrected name")

    assert unseen == before
    assert Framework.objects.get(pk=cast.framework.pk).public_counter == before + 2


def test_a_new_action_belongs_to_the_framework_of_its_area(cast, desk):
    typed = {"code": "A2", "kind": "select_action", "official_text": "Text", "order": 2}
    add(desk, Action, **typed, area=cast.area.pk, short_title="Short")

    made = Action.objects.get(code="A2")
    assert (made.framework, made.standing) == (cast.framework, "no_lead")
    assert newest(made) == ("created", cast.administrator, REASON)


def test_a_code_is_taken_within_its_framework_only(cast, desk, next_set):
    typed = {"title": "Title", "statement": "Statement", "order": 1}
    taken = add(desk, PriorityArea, **typed, code="a", framework=cast.framework.pk)
    add(desk, PriorityArea, **typed, code="A", framework=next_set.pk)

    assert "This code is taken. Choose another one." in words(taken)
    assert PriorityArea.objects.filter(code="A").count() == 2


def test_a_passage_is_one_of_the_same_framework(cast, desk, next_set):
    foreign = Passage.objects.create(
        framework=next_set, number=1, section="Section", kind="paragraph", text="Text"
    )
    answer = change(desk, cast.action, passage=foreign.pk)

    cast.action.refresh_from_db()
    assert (answer.status_code, cast.action.passage) == (200, None)


def test_where_an_action_stands_is_not_edited(cast, desk):
    form = typed_into(opened(desk, cast.action), short_title="Renamed", standing="implemented")
    desk.post(address(cast.action), form)

    cast.action.refresh_from_db()
    assert (cast.action.short_title, cast.action.standing) == ("Renamed", "no_lead")


def test_one_framework_is_the_default(cast, desk, next_set):
    answer = change(desk, next_set, is_default="on")

    assert "Another framework is the default." in words(answer)


# --- rounds -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_may")
def test_a_round_is_planned_with_its_dates_in_order(cast, desk):
    wrong = DATES | {"due_on": "2026-06-01"}
    refused = add(desk, Round, framework=cast.framework.pk, code="2026-H2", **wrong)
    add(desk, Round, framework=cast.framework.pk, code="2026-H2", **DATES)

    assert "Give a due date on or after the opening day." in words(refused)
    made = Round.objects.get(code="2026-H2")
    assert (made.state, made.terms.count()) == ("planned", 1)
    assert newest(made) == ("created", cast.administrator, REASON)


@pytest.mark.usefixtures("in_may")
def test_a_round_is_refused_for_what_the_page_that_plans_one_refuses(cast, desk):
    """By the same function: also a code that leads elsewhere, and a due date that has passed."""
    past = {"opens_on": "2020-01-01", "due_on": "2020-02-01", "closes_on": "2020-03-01"}
    taken = add(desk, Round, framework=cast.framework.pk, code="New", **DATES)
    late = add(desk, Round, framework=cast.framework.pk, code="2026-H2", **past)
    planned = make.planned_round(cast.framework)
    changed = change(desk, planned, **past)

    assert errors(taken) == {"code": ["Choose another code: the address “New” is taken."]}
    assert errors(late) == {"due_on": ["Give a due date that has not passed."]}
    assert errors(changed) == errors(late)
    planned.refresh_from_db()
    assert (Round.objects.get().pk, planned.version) == (planned.pk, 1)


def errors(answer):
    """Return what the form on a page says against what was typed."""
    return dict(answer.context["adminform"].form.errors)


@pytest.mark.usefixtures("in_may")
def test_the_state_of_a_round_is_not_posted(cast, desk):
    planned = make.planned_round(cast.framework)
    form = typed_into(opened(desk, planned), due_on="2026-06-01", state="open")
    desk.post(address(planned), form)
    add(desk, Round, framework=cast.framework.pk, code="2026-H2", **DATES, state="closed")

    planned.refresh_from_db()
    assert (str(planned.due_on), planned.state) == ("2026-06-01", "planned")
    assert Round.objects.get(code="2026-H2").state == "planned"


def test_a_round_that_opened_keeps_its_dates(cast, desk):
    planned = make.planned_round(cast.framework)
    stale = opened(desk, planned)
    make.do("open", planned, by=cast.coordinator)

    late = desk.post(address(planned), typed_into(stale, due_on="2026-06-01"))
    again = desk.post(address(planned), typed_into(form_of(late)))

    planned.refresh_from_db()
    assert (late.status_code, str(planned.due_on)) == (409, "2026-05-31")
    assert form_of(late)["due_on"] == ["2026-06-01"]
    assert "This round is no longer planned." in words(again)
    assert "reason" not in opened(desk, planned)


def test_a_round_opens_and_closes_by_the_workflow(cast, desk):
    assignment = make.accepted(cast)
    planned = make.planned_round(cast.framework)
    asked = choose(desk, "open", planned)
    answer = act(desk, "open", planned)

    planned.refresh_from_db()
    assert "1 assignment will owe an update." in words(asked)
    assert (answer.status_code, planned.state) == (302, "open")
    assert newest(planned) == ("opened", cast.administrator, REASON)
    assert planned.duties.get().assignment == assignment

    asked = choose(desk, "close", planned)
    act(desk, "close", planned)
    planned.refresh_from_db()
    assert "Without any report: 1." in words(asked)
    assert (planned.state, newest(planned)) == ("closed", ("closed", cast.administrator, REASON))


LATER = {"due_on": "2030-06-30", "closes_on": "2030-07-31"}


def test_many_rounds_are_extended_and_their_open_duties_with_them(cast, desk):
    make.accepted(cast)
    first, second = (make.open_round(cast, code) for code in ("2026-H1", "2026-H2"))
    planned = make.planned_round(cast.framework, "2027-H1")
    asked = choose(desk, "extend", first)
    answer = act(desk, "extend", first, second, planned, **LATER)

    assert "1 open duty moves where it is due earlier." in words(asked)
    assert answer.context["done"] == ["2026-H1", "2026-H2"]
    assert [*refusals(answer)] == ["2027-H1"]
    assert {str(day) for day in Duty.objects.values_list("due_on", flat=True)} == {"2030-06-30"}
    assert newest(first) == newest(second) == ("extended", cast.administrator, REASON)


def test_a_round_is_not_shortened_and_its_dates_are_asked_for(cast, desk):
    running = make.open_round(cast)
    shorter = act(desk, "extend", running, due_on="2026-05-30", closes_on="2026-06-30")
    missing = act(desk, "extend", running, due_on="2030-01-01")

    assert [*refusals(shorter)] == ["2026-H1"]
    assert "agencies rely on that date" in refusals(shorter)["2026-H1"]
    assert (missing.status_code, history.of(running).last().verb) == (400, "opened")


def test_closed_rounds_are_reopened(cast, desk):
    rounds = [make.open_round(cast, code) for code in ("2026-H1", "2026-H2")]
    for closed in rounds:
        make.do("close", closed, by=cast.coordinator)
    act(desk, "reopen", *rounds, **LATER)

    assert {newest(one) for one in rounds} == {("reopened", cast.administrator, REASON)}
    assert set(Round.objects.values_list("state", flat=True)) == {"open"}


def test_rounds_are_held_and_released(cast, desk):
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    running, other = update.duty.round, make.planned_round(cast.framework, "2026-H2")
    nothing_held = choose(desk, "release", running)
    act(desk, "hold", running, other)
    held = set(Round.objects.values_list("held", flat=True))
    nothing_waits = choose(desk, "release", running)
    make.approved(update, by=cast.coordinator)
    waiting = choose(desk, "release", running)
    act(desk, "release", running, other)

    assert "Nothing is held." in words(nothing_held)
    assert "no text becomes public now" in words(nothing_waits)
    assert "1 approved text becomes public." in words(waiting)
    assert (held, set(Round.objects.values_list("held", flat=True))) == ({True}, {False})
    assert newest(other) == ("released", cast.administrator, REASON)
    assert update.submissions.get().publication.recorded_by == cast.administrator


@pytest.mark.usefixtures("in_may")
def test_the_form_of_a_round_asks_what_the_page_that_plans_one_asks(cast, desk):
    asked = {"with_supporting": "on", "with_questionnaire": None}
    add(desk, Round, framework=cast.framework.pk, code="2026-H2", **DATES, **asked)
    made = Round.objects.get(code="2026-H2")
    change(desk, made, with_questionnaire="on", with_supporting=None)
    changed = Round.objects.get(code="2026-H2")

    assert (made.with_supporting, made.with_questionnaire) == (True, False)
    assert (changed.with_supporting, changed.with_questionnaire) == (False, True)


@pytest.mark.usefixtures("in_may")
def test_the_form_of_a_round_takes_its_reminders_with_commas(cast, desk):
    typed = {"reminder_days": "−7, 1", "reminder_every": "10", "reminder_last": "40"}
    add(desk, Round, framework=cast.framework.pk, code="2026-H2", **DATES, **typed)
    made = Round.objects.get(code="2026-H2")
    shown = desk.get(f"/admin/recommendations/round/{made.pk}/change/").content.decode()
    change(desk, made, reminder_days="often")
    change(desk, made, reminder_days="-3, 2")
    changed = Round.objects.get(code="2026-H2")

    assert (made.reminder_days, made.reminder_every, made.reminder_last) == ([-7, 1], 10, 40)
    assert 'value="−7, 1"' in shown
    assert (changed.reminder_days, changed.version) == ([-3, 2], 2)


def test_an_action_needs_a_reason_even_where_the_workflow_does_not(cast, desk):
    planned = make.planned_round(cast.framework)
    answer = act(desk, "open", planned, reason="")

    planned.refresh_from_db()
    assert (answer.status_code, planned.state) == (400, "planned")


def test_rounds_in_another_state_are_refused_each_with_what_is_possible(cast, desk):
    running = make.open_round(cast)
    planned = make.planned_round(cast.framework, "2026-H2")
    answer = act(desk, "open", running, planned)

    planned.refresh_from_db()
    assert (answer.context["done"], planned.state) == (["2026-H2"], "open")
    assert refusals(answer) == {
        "2026-H1": "Not possible now: the state is “Open”. "
        "Possible now: Close the round (a coordinator or administrator); "
        "Extend the round (a coordinator or administrator); "
        "Hold publication (a coordinator or administrator)."
    }


@pytest.mark.usefixtures("in_may")
def test_a_round_that_changed_since_it_was_chosen_is_refused(cast, desk):
    planned = make.planned_round(cast.framework)
    form = form_of(choose(desk, "open", planned))
    change(desk, planned, due_on="2026-06-01")
    answer = desk.post(address(planned, "changelist"), typed_into(form))

    planned.refresh_from_db()
    assert planned.state == "planned"
    assert refusals(answer)["2026-H1"].startswith("Somebody else changed it")


def test_a_row_that_left_the_filtered_list_is_still_answered_for(cast, desk):
    planned = make.planned_round(cast.framework)
    filtered = f"{address(planned, 'changelist')}?state__exact=planned"
    chosen = {"action": "open", "_selected_action": [planned.pk], "index": "0"}
    form = form_of(desk.post(filtered, chosen))
    make.do("open", planned, by=cast.coordinator)
    answer = desk.post(filtered, typed_into(form))

    assert refusals(answer)["2026-H1"].startswith("Not possible now")


# --- assignments and duties -------------------------------------------------------------------


def test_assignments_are_withdrawn_and_ended(cast, desk):
    other = make.action(cast.area, "A2", order=2)
    waiting = make.proposed(cast)
    taken_on = make.accepted(cast, action=other)

    act(desk, "withdraw", waiting)
    act(desk, "end", taken_on)

    waiting.refresh_from_db()
    taken_on.refresh_from_db()
    assert (waiting.acceptance, taken_on.acceptance) == ("withdrawn", "ended")
    assert newest(waiting) == ("withdrawn", cast.administrator, REASON)
    assert newest(taken_on) == ("ended", cast.administrator, REASON)
    assert waiting.answers.last().reason == REASON


def test_many_assignments_at_once_each_on_its_own(cast, desk):
    rows = [
        make.accepted(cast, action=make.action(cast.area, f"A{number}", order=number))
        for number in range(2, 6)
    ]
    waiting = make.proposed(cast)
    answer = act(desk, "end", waiting, *rows)

    assert answer.context["done"] == [f"A{number} ILO" for number in range(2, 6)]
    assert [*refusals(answer)] == ["A1 ILO"]
    assert set(Assignment.objects.values_list("acceptance", flat=True)) == {"ended", "proposed"}
    assert len({newest(row) for row in rows}) == 1


def test_due_dates_are_set_for_many_with_a_reason(cast, desk):
    make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    make.owed(cast)
    duties = [*Duty.objects.order_by("id")]
    day = timezone.now().date() + timedelta(days=20)
    act(desk, "set_due", *duties, due_on=day.isoformat())

    assert set(Duty.objects.values_list("due_on", flat=True)) == {day}
    assert {newest(duty) for duty in duties} == {("due_date_changed", cast.administrator, REASON)}
    assert duties[0].due_dates.order_by("id").last().reason == REASON


def test_many_duties_are_waived_each_on_its_own(cast, desk):
    make.accepted(cast, action=make.action(cast.area, "A2", order=2))
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point)
    make.approved(update, by=cast.coordinator)
    other = Duty.objects.exclude(pk=update.duty_id).get()
    asked = choose(desk, "waive", other)
    answer = act(desk, "waive", *Duty.objects.order_by("id"))

    assert "Counts as waived, not as missing." in words(asked)
    assert answer.context["done"] == ["2026-H1 A2 ILO"]
    assert [*refusals(answer)] == ["2026-H1 A1 ILO"]
    other.refresh_from_db()
    assert (other.state, other.waived_because) == ("waived", REASON)
    assert newest(other) == ("waived", cast.administrator, REASON)


def test_a_due_date_that_has_passed_is_refused_and_one_that_is_missing_is_asked_for(cast, desk):
    duty = make.owed(cast).duty
    passed = act(desk, "set_due", duty, due_on="2020-01-01")
    missing = act(desk, "set_due", duty)

    assert [*refusals(passed).values()] == ["Give a due date that has not passed."]
    assert missing.status_code == 400
    assert history.of(duty).count() == 1


def test_posting_a_state_to_what_is_only_read_changes_nothing(cast, desk):
    update = make.owed(cast)
    duty, assignment = update.duty, update.duty.assignment
    posted = {"version": 1, "reason": REASON, "name": "x"}

    for row in (update, duty, assignment):
        answer = desk.post(
            address(row),
            posted | {"state": "met", "review_state": "approved", "acceptance": "declined"},
        )
        assert answer.status_code == 403
        version = row.version
        row.refresh_from_db()
        assert row.version == version


def test_an_administrator_decides_on_no_update(desk):
    for model in (Update, Submission, Decision, Assessment):
        page = admin.site._registry[model]
        assert tuple(page.actions) == ()


# --- what is not for administrators -----------------------------------------------------------


@pytest.fixture
def reported(cast):
    """Return updates in every state whose drafts and withdrawn texts carry a canary."""
    secret = {"status": "in_progress", "body": {"done": CANARY}}
    drafted, taken_back, approved = (
        make.accepted(cast, action=make.action(cast.area, f"A{number}", order=number))
        for number in (2, 3, 4)
    )
    round = make.open_round(cast)
    focal_point = cast.ilo_focal_point
    first = make.drafted(make.update_in(round, drafted), by=focal_point, **secret)
    second = make.sent(make.update_in(round, taken_back), by=focal_point, **secret)
    make.do("withdraw", second, by=focal_point)
    third = make.sent(make.update_in(round, approved), by=focal_point)
    make.approved(third, by=cast.coordinator)
    return [first, second, third]


def test_of_a_draft_only_that_there_is_one_and_since_when(reported, desk):
    answer = desk.get(address(Update, "changelist"))
    rows = {row.pk: row for row in answer.context["cl"].result_list}

    assert [bool(rows[update.pk].begun) for update in reported] == [True, True, False]
    assert "Withdrawn by the agency" in words(desk.get(address(Submission, "changelist")))


PAGES = [page.model for page in admin.site._registry.values()]


def pages_of(desk, model):
    """Yield every page about a kind of rows: list, rows, histories, the form of a new one."""
    yield desk.get(address(model, "changelist"))
    for row in model.objects.all()[:5]:
        yield desk.get(address(row))
        if hasattr(row, "version"):
            yield desk.get(address(row, "history"))
    if issubclass(admin.site._registry[model].form, RevisionForm):
        yield desk.get(address(model, "add"))


def test_no_page_shows_the_text_of_a_draft_nor_anything_inline(reported, desk):
    for answer in [
        desk.get("/admin/"),
        *(page for model in PAGES for page in pages_of(desk, model)),
    ]:
        text = answer.content.decode()
        parser = Inline()
        parser.feed(text)
        assert (answer.status_code, parser.found, CANARY in text) == (200, [], False)


def test_the_pages_of_an_action_hold_nothing_inline(cast, desk):
    running = make.open_round(cast)
    for answer in (choose(desk, "close", running), act(desk, "open", running)):
        parser = Inline()
        parser.feed(answer.content.decode())
        assert (answer.status_code, parser.found) == (200, [])


# --- an administrator of one framework --------------------------------------------------------


def test_each_list_holds_the_rows_of_their_framework_only(cast, reported, limited, next_set):
    shown = {}
    for model in PAGES:
        page = admin.site._registry[model]
        if page.framework_path:
            rows = limited.get(address(model, "changelist")).context["cl"].queryset
            shown[model] = {page.framework_of(row) for row in rows}

    assert {model: found - {next_set.pk} for model, found in shown.items()} == {
        model: set() for model in shown
    }
    assert {Framework, PriorityArea, Action, Event} <= {
        model for model, found in shown.items() if found
    }


def test_a_row_of_another_framework_does_not_exist_for_them(cast, reported, limited):
    rows = [
        cast.framework,
        cast.area,
        cast.action,
        Round.objects.get(),
        Assignment.objects.first(),
        Duty.objects.first(),
        *reported[:1],
        Submission.objects.first(),
        Decision.objects.first(),
        Assessment.objects.first(),
    ]
    for row in rows:
        posted = limited.post(address(row), {"version": 1, "reason": REASON, "title": "x"})
        assert (limited.get(address(row)).status_code, posted.status_code) == (404, 404)


def test_a_foreign_framework_in_the_form_fails_as_an_unknown_one(cast, limited):
    foreign = add(limited, Round, framework=cast.framework.pk, code="2026-H2", **DATES)
    unknown = add(limited, Round, framework=999_999, code="2026-H2", **DATES)
    area = add(
        limited,
        Action,
        area=cast.area.pk,
        code="A9",
        kind="select_action",
        official_text="Text",
        short_title="Short",
        order=9,
    )

    assert foreign.context["adminform"].form.errors == unknown.context["adminform"].form.errors
    assert (foreign.status_code, area.status_code) == (200, 200)
    assert (Round.objects.count(), Action.objects.filter(code="A9").count()) == (0, 0)


def test_actions_do_not_reach_rows_of_another_framework(cast, limited, next_set):
    foreign = make.planned_round(cast.framework)
    own = make.planned_round(next_set, "2026-H2")
    chosen = {
        "action": "open",
        "_selected_action": [foreign.pk, own.pk],
        f"version-{foreign.pk}": 1,
        f"version-{own.pk}": 1,
        "confirmed": "yes",
        "reason": REASON,
    }
    answer = limited.post(address(own, "changelist"), chosen)

    foreign.refresh_from_db()
    assert (answer.context["done"], foreign.state) == (["2026-H2"], "planned")
    assert refusals(answer) == {f"Number {foreign.pk}": "There is no such row for you."}


def test_they_edit_the_wording_of_their_own_and_enter_no_framework(limited, next_set):
    own = Action.objects.get(framework=next_set)
    change(limited, own, short_title="Renamed")

    own.refresh_from_db()
    assert own.short_title == "Renamed"
    assert limited.get(address(Framework, "add")).status_code == 403


# --- size -------------------------------------------------------------------------------------


def grown(count, cast):
    """Make actions, each with all that hangs on it, until there are this many."""
    for number in range(Action.objects.count(), count + 1):
        area = make.area(cast.framework, f"X{number}")
        assignment = make.accepted(cast, action=make.action(area, f"X{number}", order=number))
        round = make.open_round(cast, f"R{number}")
        sent = make.sent(make.update_in(round, assignment), by=cast.ilo_focal_point)
        make.approved(sent, by=cast.coordinator)
        make.do("close", round, by=cast.coordinator)
        element = {"framework": cast.framework, "text": "Text", "order": number}
        question = {"framework": cast.framework, "heading": "Heading", "text": "Text"}
        for row in (
            KeyElement(code=f"e{number}", **element),
            Milestone(
                code=f"m{number}", date_text="2013", sort_on=make.START, title="Title", **element
            ),
            Question(number=number, **question),
            Framework(
                slug=f"f{number}",
                title="T",
                short_title="T",
                source="S",
                mandate="M",
                endorsement="E",
            ),
        ):
            revisions.create(row, by=None, at=make.NOW)
        mailed(number, cast)
        hooked(number, cast)
        job = asked(cast.coordinator, cast.framework)
        ended = {"finished_at": make.NOW, "expires_at": make.NOW, "outcome": "No such round."}
        Job.objects.filter(pk=job.pk).update(state="failed", **ended)


def hooked(number, cast):
    """Make a webhook with a call."""
    webhook = Webhook.objects.create(
        framework=cast.framework,
        agency=cast.ilo,
        address=f"https://hooks.example.org/{number}",
        registered_at=make.NOW,
    )
    telling.ping(webhook, at=make.NOW)


def mailed(number, cast):
    """Make a mail that tells one thing."""
    moments = {"made_at": make.NOW, "user": cast.ilo_focal_point}
    mail = Message.objects.create(
        kind="digest", message_id=f"<{number}>", due_at=make.NOW, **moments
    )
    Delivery.objects.create(
        cause=f"summary:{number}",
        kind="summary",
        channel="mail",
        framework=cast.framework,
        ready_at=make.NOW,
        message=mail,
        **moments,
    )
    event = Event.objects.filter(untold=None).order_by("id")[0]
    Untold.objects.create(event=event, failed_at=make.NOW, because="KeyError")


LISTS = {
    Framework: 6,
    PriorityArea: 7,
    Action: 7,
    KeyElement: 7,
    Milestone: 7,
    Question: 7,
    Round: 6,
    Assignment: 6,
    Duty: 7,
    Update: 7,
    Submission: 6,
    Decision: 6,
    Assessment: 6,
    Message: 6,
    Delivery: 6,
    Untold: 6,
    Webhook: 7,
    WebhookCall: 6,
    Job: 6,
}


def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    cast, desk, django_assert_num_queries
):
    for count in (1, 3, 30):
        grown(count, cast)
        for model, queries in LISTS.items():
            with django_assert_num_queries(queries):
                answer = desk.get(address(model, "changelist"))
            assert len(answer.context["cl"].result_list) >= count


def test_every_list_of_this_application_is_counted():
    ours = {model for model in PAGES if model._meta.app_label == "recommendations"}

    assert set(LISTS) == ours


def test_the_admin_writes_no_log_of_its_own(cast, desk):
    change(desk, cast.action, short_title="Renamed")
    act(desk, "open", make.planned_round(cast.framework))

    assert LogEntry.objects.count() == 0


def test_the_front_page_warns_where_nobody_may_decide(cast, desk):
    make.proposed(cast)
    Appointment.objects.filter(user=cast.coordinator).update(until_on=make.START)

    assert [
        (framework.slug, [agency.code for agency in agencies])
        for framework, agencies in desk.get("/admin/").context["undecided"]
    ] == [("hld-2013", ["ILO"])]
