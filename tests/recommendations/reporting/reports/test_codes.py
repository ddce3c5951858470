"""A report says the code that an agency had at its moment, and is found by that code later."""

from __future__ import annotations

from agencies import succession
from recommendations.reporting.reports import finding
from recommendations.reporting.reports.canonical import canonical
from tests import make
from tests.make import later
from tests.recommendations.reporting import builders
from tests.recommendations.reporting.reports.asking import report


def test_a_report_says_the_code_that_an_agency_had(cast: make.Cast) -> None:
    builders.held(cast.action, cast.ilo)
    about = {"agency": cast.ilo, "as_of": later(days=1)}
    before = [
        canonical(report(name, cast.framework, **about)) for name in ("full", "agency", "late")
    ]
    names = {"code": "BIT", "acronym": "BIT", "name": "Another name"}
    by = {"by": cast.administrator, "note": "Renamed.", "version": cast.ilo.version}
    succession.rename(cast.ilo, at=later(days=2), **names, **by)
    again = [
        canonical(report(name, cast.framework, **about)) for name in ("full", "agency", "late")
    ]
    since = report("agency", cast.framework, agency=cast.ilo, as_of=later(days=3))

    assert again == before
    assert (since.filters, since.address) == (
        (("agency", "BIT"),),
        "http://testserver/f/hld-2013/agencies/BIT/?as_of=2026-05-07T09:30",
    )
    assert finding.about(cast.framework, {"agency": "ilo"}) == {"agency": cast.ilo}
