"""The demo: everything a newcomer should meet, built by the rules, marked, and apart."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from agencies import history
from agencies.access import roles_of
from agencies.models import Agency, AgencyName, Event, Handover, User
from recommendations.domain import access, clearing, questionnaires, rollup
from recommendations.domain.reading import saved_phrases
from recommendations.domain.saved import views_of
from recommendations.exchange import demo, demo_people
from recommendations.models import (
    Acceptance,
    AcceptanceAnswer,
    Action,
    Assignment,
    Comment,
    Decision,
    DiscontinuedBecause,
    Draft,
    Duty,
    Evidence,
    Framework,
    ImplementationStatus,
    Question,
    ReviewState,
    Role,
    RollUp,
    Round,
    SavedPhrase,
    Submission,
    SubmissionKind,
    TargetDate,
    TimeRequest,
    Update,
)
from recommendations.reporting.facts import Scope
from recommendations.reporting.moved import Direction
from recommendations.reporting.trend import trend
from tests import make, soundness

ROOT = Path(__file__).resolve().parents[3]
TODAY = make.NOW.date()


@pytest.fixture(scope="module")
def demo_of_module(django_db_setup, django_db_blocker, tmp_path_factory):
    """Build the demo once for all tests that only look at it."""
    media = tmp_path_factory.mktemp("media")
    with (
        override_settings(HLDTRACKER_DEMO=True, MEDIA_ROOT=media),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        demo.build(at=make.NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def built(demo_of_module, db):
    """Return the demo; `db` asks for the test database, and undoes what a test does to it."""


def values(queryset, name):
    """Return the distinct values of a field."""
    return set(queryset.values_list(name, flat=True))


def owed_by_the_ilo():
    """Return the updates that the ILO owes in the open round, by action."""
    updates = Update.objects.with_place().filter(
        duty__round__state=Round.State.OPEN, duty__assignment__agency__code="ILO"
    )
    return {update.duty.assignment.action.code: update for update in updates}


def test_about_200_assignments_over_all_28_agencies_and_16_actions(built):
    assert (
        Assignment.objects.count(),
        Agency.objects.counted().filter(assignments__isnull=False).distinct().count(),
        Action.objects.filter(assignments__isnull=False).distinct().count(),
    ) == (206, 28, 16)


def test_two_rounds_are_closed_one_is_open_and_due_soon_and_one_is_planned(built):
    assert list(Round.objects.order_by("id").values_list("code", "state", "due_on")) == [
        ("2025-H1", "closed", date(2025, 5, 9)),
        ("2025-H2", "closed", date(2025, 11, 5)),
        ("2026-H1", "open", date(2026, 5, 13)),
        ("2026-H2", "planned", date(2026, 11, 13)),
    ]
    assert values(Round.objects, "held") == {False}


def test_what_is_under_way_can_be_seen(built):
    asked = TimeRequest.objects.get(answer=None)
    away = Handover.objects.get()
    open_updates = Update.objects.with_place().filter(duty__round__state=Round.State.OPEN)
    waiting = clearing.to_clear(open_updates.select_related("draft"))

    assert (str(asked.duty), asked.until_on) == ("2026-H1 B1 UNICEF", date(2026, 5, 20))
    assert (str(away.from_user), str(away.to_user)) == ("IOM focal point", "IOM alternate")
    assert away.from_on <= TODAY <= away.until_on
    assert {str(update) for update in open_updates if update.pk in waiting} == {
        "2026-H1 A3 WHO",
        "Questionnaire, WHO, round 2026-H1",
    }
    assert [
        str(one) for one in clearing.officers_of(Agency.objects.get(code="WHO"), day=TODAY)
    ] == ["WHO alternate"]


def test_a_coordinator_has_a_phrase_and_a_view_and_a_question_is_retired(built):
    coordinator = User.objects.get(email="coordinator@demo.example")

    assert [one.text.startswith("Demo: ") for one in saved_phrases(coordinator)] == [True]
    assert [view.name for view in views_of(coordinator.pk)] == ["Actions without a lead"]
    assert list(Question.objects.filter(asked=False).values_list("number", "heading")) == [
        (7, "Demo: Way of working")
    ]
    assert [round.questions.count() for round in Round.objects.order_by("id")] == [7, 6, 6, 0]


def test_every_state_occurs(built):
    reports = Submission.objects.all()

    assert values(Assignment.objects, "acceptance") == set(Acceptance.values)
    assert values(Assignment.objects, "role") == set(Role.values)
    assert values(Assignment.objects, "effective_status") == {"", *ImplementationStatus.values}
    assert values(Update.objects, "review_state") == set(ReviewState.values)
    assert values(Duty.objects, "state") == set(Duty.State.values)
    assert values(reports, "kind") == set(SubmissionKind.values)
    assert values(reports, "discontinued_because") == {"", *DiscontinuedBecause.values}
    assert values(Decision.objects, "verb") == {"approve", "return", "reopen", "retract"}
    assert values(Action.objects, "standing") == set(RollUp.values)
    assert reports.filter(withdrawal__isnull=False).count() == 1
    assert reports.filter(status="on_hold", resume_on__gt=TODAY).exists()


def test_what_is_reported_as_implemented_is_verified_open_or_assessed_differently(built):
    implemented = Assignment.objects.filter(in_force__status="implemented")

    assert set(implemented.values_list("effective_status", "verified")) == {
        ("implemented", True),
        ("implemented", False),
        ("in_progress", True),
    }


def test_where_each_action_stands(built):
    assert dict(Action.objects.values_list("code", "standing")) == {
        "A1": "in_progress",
        "A2": "continuing",
        "A3": "in_progress",
        "B1": "in_progress",
        "B2": "implemented",
        "B3": "reported_implemented",
        "C1": "no_information",
        "C2": "partly_implemented",
        "C3": "in_progress",
        "D1": "in_progress",
        "D2": "in_progress",
        "D3": "no_lead",
        "E1": "in_progress",
        "E2": "on_hold",
        "E3": "not_started",
        "E4": "closed_not_implemented",
    }


def test_actions_moved_up_and_down_since_the_open_round_opened(built):
    shown = trend(Framework.objects.get(), as_of=make.NOW, scope=Scope.PUBLIC)
    codes = {pk: one.code for pk, one in shown.actions.items()}

    assert {way: [codes[one.action_id] for one in moved] for way, moved in shown.groups} == {
        Direction.UP: ["B2", "C2"],
        Direction.DOWN: ["E2"],
    }
    assert [stage.actions.of("in_progress") for stage in shown.stages] == [12, 10, 7]


def test_the_stored_copies_are_what_the_rows_say(built):
    with CaptureQueriesContext(connection) as captured:
        rollup.refresh(list(Action.objects.values_list("id", flat=True)))

    assert [query for query in captured if query["sql"].startswith("UPDATE")] == []


def test_the_ilo_alone_leads_an_action_on_which_nobody_has_begun(built):
    update = owed_by_the_ilo()["C1"]
    leads = Assignment.objects.live().leading().filter(action__code="C1")

    assert list(leads.values_list("agency__code", "role")) == [("ILO", "lead")]
    assert (update.review_state, update.duty.state) == ("draft", "open")
    assert update.duty.due_on > TODAY
    assert not Draft.objects.filter(update=update).exists()
    assert not Submission.objects.filter(update__duty__assignment=leads.get()).exists()


def test_the_ilo_has_a_draft_a_returned_update_and_one_under_review(built):
    owed = owed_by_the_ilo()

    assert {code: update.review_state for code, update in owed.items()} == {
        "A1": "submitted",
        "A3": "returned",
        "C1": "draft",
        "C3": "draft",
    }
    assert values(Draft.objects.filter(update__in=owed.values()), "update") == {owed["C3"].pk}


def test_more_than_20_updates_wait_for_the_coordinator_one_of_them_the_ilos(built):
    coordinator = User.objects.get(email="coordinator@demo.example")
    queue = access.decidable_updates(roles_of(coordinator, at=make.NOW), at=make.NOW)

    assert queue.filter(duty__kind="progress").count() == 24
    assert queue.filter(duty__assignment__agency__code="ILO").count() == 1


def test_a_coordinator_of_an_agency_does_not_decide_on_it(built):
    both = User.objects.get(email="unfpa.coordinator@demo.example")
    queue = access.decidable_updates(roles_of(both, at=make.NOW), at=make.NOW)

    assert queue.filter(duty__kind="progress").count() == 22
    assert not queue.filter(duty__assignment__agency__code="UNFPA").exists()
    assert not queue.filter(duty__agency__code="UNFPA").exists()


def test_the_questionnaire_is_answered_by_some_and_owed_by_every_agency(built):
    owed = Duty.objects.filter(kind="questionnaire")
    states = Update.objects.filter(duty__kind="questionnaire", duty__round__state="open")
    of_the_ilo = states.with_place().get(duty__agency__code="ILO")

    assert owed.count() == 3 * Agency.objects.filter(active=True).count()
    assert Counter(states.values_list("review_state", flat=True)) == {
        "draft": 21,
        "submitted": 4,
        "returned": 1,
        "approved": 3,
    }
    assert Draft.objects.filter(update__in=states).count() == 2
    assert of_the_ilo.review_state == "draft"
    assert questionnaires.last_answers(of_the_ilo) is not None
    assert soundness.problems() == []


def test_some_updates_of_the_open_round_are_overdue(built):
    overdue = Duty.objects.overdue(TODAY).filter(round__state=Round.State.OPEN)

    assert sorted(f"{duty.assignment}" for duty in overdue) == [
        "B3 UN DESA",
        "B3 UN regional commissions",
        "C3 IFAD",
        "D2 UN DESA",
    ]


def test_every_text_says_that_it_is_a_demo(built):
    texts = [
        *(
            text
            for said in Submission.objects.values_list("body", flat=True)
            for text in said.values()
        ),
        *(text for said in Draft.objects.values_list("body", flat=True) for text in said.values()),
        *Submission.objects.values_list("reason", flat=True),
        *Submission.objects.values_list("evidence_waiver", flat=True),
        *Decision.objects.values_list("comment", flat=True),
        *Comment.objects.values_list("text", flat=True),
        *Comment.objects.exclude(suggestion="").values_list("suggestion", flat=True),
        *Evidence.objects.values_list("title", flat=True),
        *AcceptanceAnswer.objects.values_list("reason", flat=True),
        *TimeRequest.objects.values_list("reason", flat=True),
        *Handover.objects.values_list("note", flat=True),
        *SavedPhrase.objects.values_list("text", flat=True),
        *TargetDate.objects.values_list("reason", flat=True),
        *Event.objects.filter(actor__isnull=False).values_list("note", flat=True),
    ]

    assert [text for text in texts if text and not text.startswith("Demo: ")] == []
    assert len({text for text in texts if text}) > 60


def test_everybody_is_a_demo_user_with_an_address_that_can_sign_in(built):
    people = User.objects.all()

    assert (people.count(), people.filter(is_demo=True).count()) == (42, 42)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 42
    assert [p.email for p in people if not p.email.endswith("@demo.example")] == []


def test_the_names_of_everything_are_older_than_all_that_happens(built):
    named = AgencyName.objects.order_by("-recorded_at").first().recorded_at
    happened = Event.objects.filter(note="").order_by("at").first().at

    assert named < happened
    assert Event.objects.order_by("-at").first().at < make.NOW


def test_what_happened_is_written_down_in_the_order_of_time(built):
    moments = list(Event.objects.order_by("id").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert history.broken_links(Event.objects.order_by("object_type", "object_id", "number")) == []


def test_the_file_that_is_evidence_is_there(built):
    file = Evidence.objects.get(kind="file")

    assert (Path(django_settings.MEDIA_ROOT) / file.stored_as).read_bytes().startswith(b"Demo: ")


def test_loading_it_again_changes_nothing(built, capsys):
    before = Event.objects.count()

    call_command("load_demo")

    assert Event.objects.count() == before
    assert capsys.readouterr().out == (
        "The demo is there already. To build it anew: manage.py reset_demo\n"
    )


def test_the_sign_ins_are_printed_one_to_a_line_and_open_the_door(built, client, capsys):
    call_command("demo_accounts")

    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(role, email) for role, email, _password in lines] == [
        ("ILO focal point", "ilo.focal@demo.example"),
        ("ILO alternate", "ilo.alternate@demo.example"),
        ("IOM focal point", "iom.focal@demo.example"),
        ("Coordinator", "coordinator@demo.example"),
        ("Administrator", "administrator@demo.example"),
        ("Observer", "observer@demo.example"),
    ]
    opened = []
    for _role, email, password in lines:
        client.post("/account/sign-in/", {"login": email, "password": password})
        opened.append("_auth_user_id" in client.session)
        client.session.flush()
    assert opened == [True] * 6


@pytest.mark.parametrize(
    "real", ["by a person", "on behalf of a person", "a person who did nothing"]
)
def test_it_is_not_thrown_away_where_somebody_real_was(built, real):
    anybody = User.objects.get(email="coordinator@demo.example")
    with transaction.atomic():
        person = User.objects.create_user("somebody@example.org", "Somebody")
        agency = Agency.objects.get(code="ILO")
        agency.version += 1
        by, on_behalf_of = (person, None) if real == "by a person" else (anybody, person)
        if real != "a person who did nothing":
            history.append(agency, "revised", by=by, on_behalf_of=on_behalf_of, at=make.NOW)
        with pytest.raises(CommandError) as refused:
            call_command("reset_demo")
        transaction.set_rollback(True)

    assert str(refused.value) == (
        "This database holds people who are no demo users, or what they did. "
        "It is no demo, and nothing was removed."
    )


def test_rounds_are_named_for_the_half_year_in_which_they_open():
    assert demo.round_codes(date(2026, 6, 30)) == ["2025-H1", "2025-H2", "2026-H1"]
    assert demo.round_codes(date(2026, 7, 1)) == ["2025-H2", "2026-H1", "2026-H2"]


def test_the_password_differs_between_installations():
    with override_settings(SECRET_KEY="one" * 20):
        one = demo_people.password()
    with override_settings(SECRET_KEY="two" * 20):
        assert demo_people.password() != one
