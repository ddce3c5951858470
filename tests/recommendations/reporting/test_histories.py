"""A history as a table, for files that are sent while they are made."""

from __future__ import annotations

from django.utils import translation

from agencies.access import roles_of
from recommendations.reporting.history import table
from recommendations.reporting.history.narrowing import Narrowed
from recommendations.reporting.history.told import readable
from tests import make


def test_a_file_is_in_the_language_in_which_it_was_asked_for(cast: make.Cast) -> None:
    update = make.sent(make.owed(cast), by=cast.ilo_focal_point, status="in_progress")
    found = readable(roles_of(cast.coordinator, at=make.NOW), "update", update.pk)
    assert found is not None
    with translation.override("fr"):
        lines = table.lines(found.at(make.later(days=1)), Narrowed(verb="submitted"))
    with translation.override("ar"):
        values = [line[5] for line in lines]

    assert "En cours" in values
    assert translation.get_language() == "en"
