"""Several agencies at once, from an action or the matrix: shown first, then done row by row."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.models import Assignment
from tests import make
from tests.recommendations.domain.test_groups import group, placed
from tests.recommendations.web.pages import text_of

ASSIGN = "/f/hld-2013/actions/A1/assign/"
MANY = "/f/hld-2013/assign/"


def confirming(*pairs: tuple[Any, Any], **typed: Any) -> dict[str, Any]:
    """Return the form that confirms these agencies on these actions."""
    keys = [f"{action.pk}.{agency.pk}" for action, agency in pairs]
    versions = {f"version-{action.pk}": action.version for action, _agency in pairs}
    return {"row": keys, "pair": keys, **versions, **typed}


def asked() -> list[tuple[str, str, str]]:
    """Return who is asked for what."""
    rows = Assignment.objects.order_by("id")
    return [(row.action.code, str(row.agency), row.role) for row in rows]


def test_two_agencies_are_shown_before_they_are_asked(cast, signed_in):
    typed = {"version": 1, "agency": [cast.ilo.pk, cast.iom.pk], "role": "co_lead"}
    page = signed_in(cast.coordinator).post(ASSIGN, typed)

    assert page.status_code == 200
    assert [(pair.key, pair.role) for pair in page.context["pairs"]] == [
        (f"{cast.action.pk}.{cast.ilo.pk}", "co_lead"),
        (f"{cast.action.pk}.{cast.iom.pk}", "co_lead"),
    ]
    assert asked() == []


def test_those_that_are_ticked_are_asked_in_their_roles(cast, signed_in):
    form = confirming((cast.action, cast.ilo), (cast.action, cast.iom), role="supporting")
    form[f"role-{cast.action.pk}.{cast.ilo.pk}"] = "lead"
    answer = signed_in(cast.coordinator).post(MANY, form)

    assert answer.headers["Location"] == "/f/hld-2013/actions/A1/"
    assert asked() == [("A1", "ILO", "lead"), ("A1", "IOM", "supporting")]


def test_who_is_not_ticked_is_not_asked(cast, signed_in):
    form = confirming((cast.action, cast.ilo), (cast.action, cast.iom), role="co_lead")
    signed_in(cast.coordinator).post(MANY, form | {"pair": form["pair"][:1]})

    assert asked() == [("A1", "ILO", "co_lead")]


def test_two_leads_the_first_is_asked_and_the_second_told_why_not(cast, signed_in):
    form = confirming((cast.action, cast.ilo), (cast.action, cast.iom), role="lead")
    answer = signed_in(cast.coordinator).post(MANY, form)

    assert answer.status_code == 200
    assert "A1 · IOM: A1 is asked of ILO. It has one lead, or several" in text_of(answer)
    assert asked() == [("A1", "ILO", "lead")]


def test_where_nothing_could_be_done_the_answer_says_so(cast, signed_in):
    make.proposed(cast, role="supporting")
    answer = signed_in(cast.coordinator).post(
        MANY, confirming((cast.action, cast.ilo), role="lead")
    )

    assert answer.status_code == 409
    assert "ILO already has A1 as Supporting" in text_of(answer)
    assert "Nothing was changed." in text_of(answer)


def test_what_is_missing_is_said_and_the_rest_is_kept(cast, signed_in):
    form = confirming((cast.action, cast.ilo), (cast.action, cast.iom), target_text="mid-2027")
    form[f"role-{cast.action.pk}.{cast.ilo.pk}"] = "co_lead"
    answer = signed_in(cast.coordinator).post(MANY, form | {"pair": form["pair"][:1] * 0})

    assert answer.status_code == 400
    assert "Choose an agency." in text_of(answer)
    assert answer.context["form"]["target_text"].value() == "mid-2027"
    assert [(pair.ticked, pair.role) for pair in answer.context["pairs"]] == [
        (False, "co_lead"),
        (False, ""),
    ]


def test_a_group_is_shown_as_it_is_led_today_and_then_asked(cast, signed_in):
    of = group()
    placed(of, cast.ilo)
    placed(of, cast.iom, "co_lead")
    browser = signed_in(cast.coordinator)
    page = browser.post(ASSIGN, {"version": 1, "group": of.pk})

    assert [pair.role for pair in page.context["pairs"]] == ["co_lead", "co_lead"]
    assert "Through “Group on data”, as it is led today." in text_of(page)
    form = confirming((cast.action, cast.ilo), (cast.action, cast.iom))
    for key in form["row"]:
        form |= {f"role-{key}": "co_lead", f"through-{key}": of.pk}
    browser.post(MANY, form)

    assert [(str(row.agency), row.through) for row in Assignment.objects.order_by("id")] == [
        ("ILO", of),
        ("IOM", of),
    ]


def test_a_group_that_nobody_leads_says_so_at_its_field(cast, signed_in):
    answer = signed_in(cast.coordinator).post(ASSIGN, {"version": 1, "group": group().pk})

    assert answer.status_code == 400
    assert answer.context["form"].errors["group"] == [
        "No agency is listed as lead or co-lead of “Group on data”."
    ]


def test_a_blank_cell_opens_the_form_with_its_agency(cast, signed_in):
    page = signed_in(cast.coordinator).get(f"{ASSIGN}?agency=IOM&role=supporting")

    assert page.context["form"]["agency"].value() == [cast.iom.pk]
    assert page.context["form"]["role"].value() == "supporting"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("action=A1&agency=IOM", [("A1", "IOM", True)]),
        ("agency=IOM", [("A1", "IOM", False), ("A2", "IOM", False)]),
        ("action=A2", [("A2", "ILO", False), ("A2", "IOM", False)]),
    ],
)
def test_rows_and_columns_of_the_matrix_choose(cast, signed_in, query, rows):
    make.action(cast.area, "A2", order=2)
    page = signed_in(cast.coordinator).get(f"{MANY}?{query}")

    found = [(str(p.action.code), str(p.agency), p.ticked) for p in page.context["pairs"]]
    assert found == rows


def test_who_is_there_already_has_no_box(cast, signed_in):
    make.proposed(cast)
    page = signed_in(cast.coordinator).get(f"{MANY}?action=A1")

    assert page.context["to_ask"] == 1
    assert f'value="{cast.action.pk}.{cast.ilo.pk}"' not in page.content.decode()


def test_nothing_chosen_leads_back_to_the_matrix(cast, signed_in):
    answer = signed_in(cast.coordinator).get(MANY)

    assert answer.headers["Location"] == "/f/hld-2013/matrix/"


@pytest.mark.parametrize("query", ["?action=Z9", "?agency=NOBODY&action=A1"])
def test_a_code_that_is_none_is_not_found(cast, signed_in, query):
    assert signed_in(cast.coordinator).get(MANY + query).status_code == 404


@pytest.mark.parametrize("row", ["", "x", "1", "1.", "9.9", f"{'9' * 30}.1"])
def test_a_row_that_is_none_is_not_found(cast, signed_in, row):
    assert signed_in(cast.coordinator).post(MANY, {"row": row, "pair": row}).status_code == 404


def test_only_those_who_may_assign_see_a_way_to_it_in_the_matrix(cast, signed_in):
    inside = signed_in(cast.coordinator).get("/f/hld-2013/matrix/").content.decode()
    outside = signed_in(cast.iom_focal_point).get("/f/hld-2013/matrix/").content.decode()

    assert ("/assign/" in inside, 'name="agency"' in inside) == (True, True)
    assert ("/assign/" in outside, 'name="agency"' in outside) == (False, False)


def test_a_past_matrix_assigns_nothing(cast, signed_in):
    page = signed_in(cast.coordinator).get("/f/hld-2013/matrix/?as_of=2026-05-04T09:30")

    assert "/assign/" not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_takes_the_same_queries_for_any_number(
    cast, signed_in, django_assert_num_queries, count
):
    for number in range(2, count + 1):
        make.action(cast.area, f"A{number}", order=number)
    browser = signed_in(cast.coordinator)

    with django_assert_num_queries(9):
        browser.get(f"{MANY}?agency=IOM")
