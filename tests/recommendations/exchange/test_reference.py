"""The reference data in the database: complete, repeatable, and never over a person's edit."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import history, revisions
from agencies.models import Agency, Event, GroupMembership, WorkingGroup
from recommendations.exchange import reference
from recommendations.models import (
    Action,
    Footnote,
    Framework,
    KeyElement,
    Milestone,
    Passage,
    PriorityArea,
    Question,
)
from tests import make

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


def administrator_edits(obj, **values):
    """Change a row as the admin does."""
    obj.refresh_from_db()
    by = make.person("Administrator", office="administrator")
    revisions.revise(
        obj, values=values, by=by, at=make.later(hours=1), note="Corrected", version=obj.version
    )


def test_everything_of_the_framework_is_there(loaded):
    models = (
        Framework,
        PriorityArea,
        Action,
        KeyElement,
        Milestone,
        Question,
        Passage,
        Footnote,
        Agency,
        WorkingGroup,
        GroupMembership,
    )

    assert {model.__name__: model.objects.count() for model in models} == {
        "Framework": 1,
        "PriorityArea": 5,
        "Action": 16,
        "KeyElement": 8,
        "Milestone": 39,
        "Question": 6,
        "Passage": 87,
        "Footnote": 32,
        "Agency": 29,
        "WorkingGroup": 8,
        "GroupMembership": 37,
    }
    assert len(loaded.added) == 149


def test_28_agencies_are_counted_and_the_special_representative_is_not(loaded):
    assert Agency.objects.counted().count() == 28
    assert list(Agency.objects.filter(counted=False).values_list("code", flat=True)) == ["SRSG"]


@pytest.mark.parametrize("model", [PriorityArea, Action, KeyElement, Milestone, Question])
def test_everything_points_to_its_passage(loaded, model):
    assert list(model.objects.filter(passage=None)) == []


def test_an_action_is_its_passage_to_the_letter(loaded):
    actions = Action.objects.select_related("passage")

    assert [action.official_text for action in actions.order_by("id")] == [
        action.passage.text for action in actions.order_by("id")
    ]
    assert actions.get(code="A1").passage.number == 65


def test_a_footnote_stands_at_the_passage_with_its_mark(loaded):
    assert Footnote.objects.get(number=24).passage.number == 50


def test_a_milestone_keeps_its_date_as_written_and_is_sorted_by_the_first_day(loaded):
    milestones = Milestone.objects.filter(code__in=("icpd", "hlcp-mandate", "hld-2013"))

    assert list(milestones.order_by("order").values_list("date_text", "sort_on")) == [
        ("1994", make.date(1994, 1, 1)),
        ("April 2012", make.date(2012, 4, 1)),
        ("3–4 October 2013", make.date(2013, 10, 3)),
    ]


def test_groups_have_parents_predecessors_and_the_roles_of_their_agencies(loaded):
    rights = WorkingGroup.objects.get(code="GMG-HUMAN-RIGHTS-GENDER")
    roles = rights.memberships.order_by("agency__code").values_list("agency__code", "role")

    assert (rights.parent.code, rights.parent.predecessor.code, rights.source) == (
        "GMG",
        "GENEVA-MIGRATION-GROUP",
        "passage 50, footnote 26",
    )
    assert list(roles) == [("OHCHR", "co_lead"), ("UNICEF", "co_lead"), ("UNWOMEN", "co_lead")]
    assert rights.parent.memberships.filter(role="member").count() == 16


def test_a_place_that_the_source_gives_to_nobody_names_nobody(loaded):
    nobody = GroupMembership.objects.filter(agency=None).order_by("id")

    assert list(nobody.values_list("group__code", "role", "from_on")) == [
        ("GMG", "chair", None),
        ("GMG", "troika", None),
        ("APRCM-TWG", "member", None),
    ]


def test_the_first_framework_becomes_the_default_one_and_a_later_one_does_not(
    loaded, folder, change
):
    change("framework.json", lambda content: content.update(slug="other"))
    change("passages.json", lambda content: content.update(framework="other"))

    reference.load(at=make.NOW, folder=folder)

    assert list(Framework.objects.order_by("id").values_list("slug", "is_default")) == [
        ("hld-2013", True),
        ("other", False),
    ]


def test_the_moment_of_loading_is_the_moment_from_which_figures_have_names(loaded):
    assert set(Event.objects.values_list("at", "actor", "note")) == {
        (make.NOW, None, "Reference data")
    }
    assert Agency.objects.get(code="ILO").names.get().recorded_at == make.NOW


def test_loading_again_writes_nothing(loaded):
    with CaptureQueriesContext(connection) as captured:
        outcome = reference.load(at=make.later(days=1))

    statements = [query["sql"] for query in captured]
    assert [sql for sql in statements if sql.startswith(WRITES)] == []
    assert len(statements) == 15
    assert outcome.lines() == ["Reference data: 0 added, 0 revised, 149 unchanged."]


def test_the_edit_of_an_administrator_stays_and_is_named(loaded):
    action = Action.objects.get(code="A1")
    administrator_edits(action, short_title="Ratify the conventions")

    outcome = reference.load(at=make.later(days=1))

    action.refresh_from_db()
    assert action.short_title == "Ratify the conventions"
    assert outcome.lines() == [
        "Reference data: 0 added, 0 revised, 148 unchanged.",
        "Left alone, because they were edited here: action hld-2013/A1.",
    ]


def test_the_edit_stays_even_when_the_fixture_changed_as_well(loaded, folder, change):
    agency = Agency.objects.get(code="UNEP")
    administrator_edits(agency, acronym="UN Environment")
    change("agencies.json", lambda content: content["agencies"][21].update(acronym="UNE"))

    outcome = reference.load(at=make.later(days=1), folder=folder)

    agency.refresh_from_db()
    assert (agency.acronym, outcome.edited, outcome.revised) == (
        "UN Environment",
        ["agency UNEP"],
        [],
    )


def test_an_edit_that_was_taken_back_is_an_edit_no_more(loaded):
    action = Action.objects.get(code="A1")
    official = action.short_title
    administrator_edits(action, short_title="Ratify the conventions")
    revisions.revise(
        action,
        values={"short_title": official},
        by=None,
        at=make.later(hours=2),
        note="Taken back",
        version=action.version,
    )

    assert reference.load(at=make.later(days=1)).edited == []


def test_a_changed_fixture_revises_what_nobody_edited(loaded, folder, change):
    change("agencies.json", lambda content: content["agencies"][21].update(acronym="UNE"))

    outcome = reference.load(at=make.later(days=1), folder=folder)

    agency = Agency.objects.get(code="UNEP")
    assert outcome.lines() == [
        "Reference data: 0 added, 1 revised, 148 unchanged.",
        "Revised: agency UNEP.",
    ]
    assert list(agency.names.order_by("id").values_list("acronym", flat=True)) == ["UNEP", "UNE"]
    assert [event.verb for event in history.of(agency)] == ["created", "revised"]
    assert reference.load(at=make.later(days=2), folder=folder).unchanged == 149


def test_what_the_fixture_no_longer_has_stays_and_is_named(loaded, folder, change):
    change("framework.json", lambda content: content["questions"].pop())

    outcome = reference.load(at=make.later(days=1), folder=folder)

    assert Question.objects.count() == 6
    assert outcome.lines() == [
        "Reference data: 0 added, 0 revised, 148 unchanged.",
        "Left alone, because the reference data no longer has them: question hld-2013/6.",
    ]


def test_what_was_renamed_is_not_made_a_second_time(loaded):
    PriorityArea.objects.filter(code="B").update(code="BB")

    outcome = reference.load(at=make.later(days=1))

    assert PriorityArea.objects.count() == 5
    assert Action.objects.count() == 16
    assert outcome.edited == [
        "area hld-2013/B",
        "action hld-2013/B1",
        "action hld-2013/B2",
        "action hld-2013/B3",
    ]


def test_a_row_that_a_person_entered_first_is_theirs(db):
    make.agency("ILO")

    outcome = reference.load(at=make.later(days=1))

    assert Agency.objects.get(code="ILO").name == "Full name of ILO"
    assert (outcome.edited, len(outcome.added)) == (["agency ILO"], 148)


def counters():
    """Return both counters of each framework, by its address."""
    rows = Framework.objects.order_by("slug")
    return {slug: (all_, public) for slug, all_, public in rows.values_list(*COUNTED)}


COUNTED = ("slug", "counter", "public_counter")


def changed_before(obj, **values):
    """Let a row be as an earlier version of the reference data had it."""
    kind = next(kind for kind, known in reference.KINDS.items() if isinstance(obj, known.model))
    key = obj.code if kind == "agency" else f"hld-2013/{getattr(obj, 'code', obj.pk)}"
    if kind == "question":
        key = f"hld-2013/{obj.number}"
    type(obj).objects.filter(pk=obj.pk).update(**values)
    row = next(row for row in reference.fixtures.read(reference.FOLDER)[0] if row.key == key)
    names = row.values
    held = {name: reference.value_of(type(obj).objects.get(pk=obj.pk), name) for name in names}
    reference.Loaded.objects.filter(kind=kind, key=key).update(
        content_hash=reference.content_hash(held)
    )


def test_a_load_raises_the_counters_of_the_frameworks_that_it_changed(loaded):
    make.framework("another", is_default=False)
    first, after = counters(), []
    for change in (
        lambda: None,
        lambda: changed_before(Action.objects.get(code="A1"), short_title="Before"),
        lambda: changed_before(Question.objects.get(number=1), heading="Before"),
        lambda: changed_before(Agency.objects.get(code="ILO"), name="Before"),
    ):
        change()
        reference.load(at=make.later(days=1))
        after.append(counters())

    assert first == {"another": (0, 0), "hld-2013": (1, 1)}
    assert after == [
        {"another": (0, 0), "hld-2013": (1, 1)},
        {"another": (0, 0), "hld-2013": (2, 2)},
        {"another": (0, 0), "hld-2013": (3, 2)},
        {"another": (1, 1), "hld-2013": (4, 3)},
    ]


def test_the_command_says_what_it_did(capsys):
    call_command("load_reference")

    assert capsys.readouterr().out == ("Reference data: 149 added, 0 revised, 0 unchanged.\n")


def test_the_command_ends_in_words_where_it_refuses(loaded):
    Passage.objects.filter(number=65).update(text="Changed")

    with pytest.raises(CommandError, match=r"^passages\.json, passage 65: differs from what"):
        call_command("load_reference")
