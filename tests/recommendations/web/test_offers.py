"""The page of offers: check boxes, reasons, what became of each."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.models import Assignment
from tests import make
from tests.recommendations.domain.test_groups import group, placed
from tests.recommendations.web.pages import text_of

PAGE = "/f/hld-2013/offers/"


@pytest.fixture
def changed(cast: make.Cast) -> Assignment:
    """Return the assignment of the ILO through a group that the IOM leads instead."""
    of = group()
    placed(of, cast.iom)
    return make.accepted(cast, through=of)


def filled(page: Any, *keys: str, **typed: Any) -> dict[str, Any]:
    """Return what the form of the page sends with these rows ticked."""
    form: dict[str, Any] = {"offer": [*keys]}
    for offer, _ticked, reason in page.context["rows"]:
        form |= {f"version-{offer.key}": offer.about.version, f"reason-{offer.key}": reason}
        form |= {f"name-{offer.key}": str(offer)}
    return form | typed


def test_the_offers_stand_with_their_reasons_and_are_done_when_ticked(cast, signed_in, changed):
    browser = signed_in(cast.coordinator)
    page = browser.get(PAGE)
    assert "End: ILO on A1" in text_of(page)
    assert "Ask: IOM to take on A1" in text_of(page)
    assert [reason for *_, reason in page.context["rows"]] == [
        "No longer leads “Group on data”.",
        "Leads “Group on data” now.",
    ]
    assert [ticked for _, ticked, _ in page.context["rows"]] == [False, False]

    keys = [offer.key for offer, *_ in page.context["rows"]]
    answer = browser.post(PAGE, filled(page, *keys))

    assert answer.headers["Location"] == PAGE
    assert list(Assignment.objects.order_by("id").values_list("acceptance", flat=True)) == [
        "ended",
        "proposed",
    ]
    assert "Every assignment through a group is as the group is led" in text_of(browser.get(PAGE))


def test_nothing_ticked_changes_nothing_and_says_so(cast, signed_in, changed):
    browser = signed_in(cast.coordinator)
    answer = browser.post(PAGE, filled(browser.get(PAGE)))

    assert answer.status_code == 400
    assert "Tick what is to be done." in text_of(answer)
    assert Assignment.objects.get().acceptance == "accepted"


def test_a_reason_is_needed_and_what_was_typed_stays(cast, signed_in, changed):
    browser = signed_in(cast.coordinator)
    key = f"{cast.action.pk}.{cast.ilo.pk}"
    answer = browser.post(PAGE, filled(browser.get(PAGE), key, **{f"reason-{key}": " "}))

    assert answer.status_code == 400
    assert "Give the reason of each." in text_of(answer)
    assert [(o.key, ticked) for o, ticked, _ in answer.context["rows"]][0] == (key, True)
    assert Assignment.objects.get().acceptance == "accepted"


def test_what_is_not_offered_any_more_is_said_and_changes_nothing(cast, signed_in, changed):
    browser = signed_in(cast.coordinator)
    key = f"{cast.action.pk}.{cast.ilo.pk}"
    form = filled(browser.get(PAGE), key)
    make.do("end", changed, by=cast.coordinator, note="Handed over.")
    answer = browser.post(PAGE, form)

    assert answer.status_code == 409
    assert "A1 · ILO: It is not offered any more." in text_of(answer)
    assert Assignment.objects.count() == 1


def test_the_gap_list_and_my_work_lead_to_them(cast, signed_in, changed):
    browser = signed_in(cast.coordinator)

    for page in ("/f/hld-2013/gaps/", "/work/"):
        assert f'href="{PAGE}">2 offers: the leads of a group changed</a>' in (
            browser.get(page).content.decode()
        )
    past = browser.get("/f/hld-2013/gaps/?as_of=2026-05-04T09:30").content.decode()
    assert PAGE not in past
    assert PAGE not in signed_in(cast.ilo_focal_point).get("/work/").content.decode()


def test_the_page_takes_few_queries(cast, signed_in, changed, django_assert_num_queries):
    browser = signed_in(cast.coordinator)

    with django_assert_num_queries(8):
        browser.get(PAGE)
