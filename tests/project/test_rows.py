"""Rows: complete migrations, paired who and when, and one writer of every state."""

import ast
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from tests.project.house import ROOT, python_files

OURS = [
    model
    for label in ("agencies", "recommendations")
    for model in apps.get_app_config(label).get_models()
]
# Who may write a state: the workflow and what it calls.
STATES = {"review_state", "acceptance", "state"}
WRITERS = (
    "recommendations/domain/",
    # `restate` copies the state into a row that is never edited, for figures as of a moment.
    "recommendations/models/round.py",
    # The state of a mail or a delivery is no state of the workflow.
    "recommendations/notify/checking.py",
    "recommendations/notify/failures.py",
    "recommendations/notify/sending.py",
    "recommendations/notify/webhooks/calling.py",
)


def test_the_migrations_say_what_the_models_say(db):
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    except (SystemExit, CommandError):
        pytest.fail(said.getvalue())


@pytest.mark.parametrize("label", ["agencies", "recommendations"])
def test_the_migrations_are_one_line(label):
    named = {path.stem for path in (ROOT / label / "migrations").glob("[0-9]*.py")}

    assert sorted(name[:4] for name in named) == [f"{n:04}" for n in range(1, len(named) + 1)]


def fields_of(check):
    """Yield the names of the fields that a condition speaks about."""
    for child in check.children if isinstance(check, models.Q) else []:
        if isinstance(child, tuple):
            yield child[0].split("__")[0]
        else:
            yield from fields_of(child)


def pairs(model):
    """Yield `x_at` and `x_by` of what may not have happened yet.

    Where the moment is always there, an empty `x_by` means the system: an import, a timer.
    """
    fields = {field.name: field for field in model._meta.concrete_fields}
    for name, field in fields.items():
        who = fields.get(name.removesuffix("_at") + "_by")
        if name.endswith("_at") and who is not None and field.null:
            yield name, who.name


PAIRS = [(model, when, who) for model in OURS for when, who in pairs(model)]


@pytest.mark.parametrize(
    ("model", "when", "who"), PAIRS, ids=lambda part: getattr(part, "__name__", part)
)
def test_who_and_when_are_there_together_or_not_at_all(model, when, who):
    checks = [
        set(fields_of(constraint.condition))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]

    assert any({when, who} <= check for check in checks), f"{model.__name__}: {when}, {who}"


def test_every_constraint_and_relation_has_a_name_of_its_own():
    unnamed = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.related_name is None
    ]

    assert unnamed == []


def test_people_and_agencies_are_never_cascaded_away():
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model._meta.app_label == "agencies"
    ]

    assert cascading == []


def states_written(tree):
    """Yield the lines that set a state on an object or in an update of rows."""
    for node in ast.walk(tree):
        targets = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in STATES:
                yield node.lineno
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = {keyword.arg for keyword in node.keywords}
            if called in ("update", "setattr", "update_or_create", "create") and named & STATES:
                yield node.lineno
            if called == "setattr" and any(
                isinstance(argument, ast.Constant) and argument.value in STATES
                for argument in node.args
            ):
                yield node.lineno


def test_only_the_domain_writes_a_state():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        if not str(path.relative_to(ROOT)).startswith(WRITERS)
        for line in states_written(ast.parse(path.read_text()))
    ]

    assert found == []


def test_the_scan_sees_a_state_that_is_written():
    code = "update.review_state = 'approved'\nrows.update(acceptance='accepted')\nround.status = 1"

    assert [*states_written(ast.parse(code))] == [1, 2]
