"""What groups and agencies were called before this was recorded comes from their events."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps

from agencies import revisions, succession
from agencies.models import AgencyName, GroupName, GroupTerms
from tests import make
from tests.make import later

MIGRATION = "agencies.migrations.0007_codes_and_groups_then"


def revised(obj: Any, days: int, **values: Any) -> None:
    """Change a row so many days later."""
    obj.refresh_from_db()
    at = later(days=days)
    revisions.revise(obj, values=values, by=None, at=at, note="So.", version=obj.version)


def test_codes_are_recorded_from_the_events(cast: make.Cast) -> None:
    for days, code, acronym in ((1, "BIT", "ILO"), (2, "OIT", "OIT")):
        names = {"code": code, "acronym": acronym, "name": cast.ilo.name}
        cast.ilo.refresh_from_db()
        by = {"by": cast.administrator, "note": "So.", "version": cast.ilo.version}
        succession.rename(cast.ilo, at=later(days=days), **names, **by)
    revised(cast.ilo, 3, name="Another name")
    fields = ("agency__id", "code", "acronym", "name", "recorded_at")
    rows = AgencyName.objects.order_by("agency_id", "recorded_at").values_list(*fields)
    expected = list(rows)
    AgencyName.objects.filter(code="BIT").delete()
    AgencyName.objects.update(code="")

    import_module(MIGRATION).state_codes(apps, None)

    assert list(rows.all()) == expected
    assert [row[1:3] for row in expected if row[0] == cast.ilo.pk] == [
        ("ILO", "ILO"),
        ("BIT", "ILO"),
        ("OIT", "OIT"),
        ("OIT", "OIT"),
    ]


def test_groups_and_places_are_recorded_from_the_events(cast: make.Cast) -> None:
    top = make.group("GMG", "Top", kind="interagency_group")
    group = make.group("WG", "Data", parent=top)
    place = make.place(group, cast.ilo, "lead", from_on=date(2026, 1, 1))
    revised(group, 1, kind="thematic_working_group", parent=None)
    revised(place, 2, until_on=date(2026, 6, 1))
    fields = ("group__code", "name", "kind", "parent__code", "recorded_at")
    names = GroupName.objects.order_by("group_id", "recorded_at").values_list(*fields)
    terms = GroupTerms.objects.order_by("recorded_at").values_list(
        "from_on", "until_on", "recorded_at"
    )
    expected = list(names), list(terms)
    GroupName.objects.all().delete()
    GroupTerms.objects.all().delete()

    import_module(MIGRATION).state_groups(apps, None)

    assert (list(names.all()), list(terms.all())) == expected
    assert expected == (
        [
            ("GMG", "Top", "interagency_group", None, make.NOW),
            ("WG", "Data", "task_force", "GMG", make.NOW),
            ("WG", "Data", "thematic_working_group", None, later(days=1)),
        ],
        [
            (date(2026, 1, 1), None, make.NOW),
            (date(2026, 1, 1), date(2026, 6, 1), later(days=2)),
        ],
    )
