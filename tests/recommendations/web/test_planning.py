"""A coordinator plans, opens, extends and reopens a round; the list shows the worst first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from recommendations.models import Duty, Round
from tests import make
from tests.recommendations.web.pages import text_of

ROUNDS = "/f/hld-2013/rounds/"
PLAN = {
    "code": "2026-H2",
    "opens_on": "2026-10-01",
    "due_on": "2026-11-30",
    "closes_on": "2026-12-31",
    "with_questionnaire": "on",
    "reminder_days": "−14, −3, 0, 3, 10",
    "reminder_every": "14",
    "reminder_last": "66",
}
LATER = {"due_on": "2026-06-15", "closes_on": "2026-07-15", "reason": "A strike of the post."}


def text(response: Any) -> str:
    """Return a page as text."""
    return response.content.decode()


def version(round: Round) -> dict[str, int]:
    """Return the version of a round as a form carries it."""
    round.refresh_from_db()
    return {"version": round.version}


def test_one_form_and_one_preview_open_a_round(cast, signed_in):
    make.accepted(cast)
    client = signed_in(cast.coordinator)
    assert f'href="{ROUNDS}new/"' in text(client.get(ROUNDS))

    preview = client.post(f"{ROUNDS}new/", PLAN, follow=True)
    planned = Round.objects.get()
    done = client.post(f"{ROUNDS}2026-H2/open/", version(planned), follow=True)

    assert preview.redirect_chain == [(f"{ROUNDS}2026-H2/open/", 302)]
    assert "1 update to 1 agency" in text(preview)
    assert "Not asked for an update" in text(preview)
    assert "Round 2026-H2 is open." in text(done)
    assert (planned.with_supporting, planned.with_questionnaire) == (False, True)


def test_the_form_starts_from_the_last_round_moved_by_the_usual_distance(cast, signed_in):
    make.planned_round(cast.framework, "2026-H1", with_supporting=True)
    form = signed_in(cast.coordinator).get(f"{ROUNDS}new/").context["form"]

    assert [form[name].value() for name in ("code", "opens_on", "with_supporting")] == [
        "2026-H2",
        date(2026, 11, 1),
        True,
    ]


def test_a_round_is_copied_from_its_own_page(cast, signed_in):
    make.planned_round(cast.framework, "2025-T1")
    make.planned_round(cast.framework, "2026-H1")
    client = signed_in(cast.coordinator)

    assert f"{ROUNDS}new/?copy=2025-T1" in text(client.get(f"{ROUNDS}2025-T1/"))
    form = client.get(f"{ROUNDS}new/?copy=2025-T1").context["form"]
    assert form["code"].value() == "2025-T2"
    assert client.get(f"{ROUNDS}new/?copy=nothing").status_code == 404


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"code": "2026-h1"},
            {"code": ["Round 2026-h1 exists already. Choose another code."]},
        ),
        (
            {"due_on": "2026-09-01"},
            {"due_on": ["Give a due date on or after the opening day."]},
        ),
        (
            {"reminder_days": "−14; two weeks"},
            {
                "reminder_days": [
                    "Enter whole days with commas between them, such as −14, −3, 0, 3, 10."
                ]
            },
        ),
        (
            {"reminder_every": "often", "reminder_last": "-1"},
            dict.fromkeys(
                ("reminder_every", "reminder_last"),
                ["Enter a whole number of days from 0 to 365."],
            ),
        ),
        (
            {"closes_on": "soon"},
            {"closes_on": ["Enter the date as year-month-day, such as 2026-11-30."]},
        ),
    ],
)
def test_a_plan_that_cannot_stand_keeps_what_was_typed(typed, errors, cast, signed_in):
    make.planned_round(cast.framework, "2026-H1")

    response = signed_in(cast.coordinator).post(f"{ROUNDS}new/", PLAN | typed)

    assert response.status_code == 400
    assert response.context["form"].errors == errors
    for name, value in (PLAN | typed).items():
        if not name.startswith("with"):
            assert response.context["form"][name].value() == value
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("−14, −3, 0, 3, 10", [-14, -3, 0, 3, 10]),
        ("3,-7", [-7, 3]),
        ("– 7 , ‑2;0", [-7, -2, 0]),
        ("٣، ٧", [3, 7]),
        ("0, 0, +5,", [0, 5]),
        ("", []),
    ],
)
def test_reminders_are_typed_with_commas_and_any_minus_sign(typed, saved, cast, signed_in):
    client = signed_in(cast.coordinator)
    client.post(f"{ROUNDS}new/", PLAN | {"reminder_days": typed})

    assert Round.objects.get().reminder_days == saved


def test_the_form_shows_the_reminders_as_they_are_typed_and_changes_them(cast, signed_in):
    round = make.planned_round(cast.framework, "2026-H2")
    client = signed_in(cast.coordinator)
    shown = text(client.get(f"{ROUNDS}2026-H2/change/"))
    new = {"reminder_days": "-5, 5", "reminder_every": "0", "reminder_last": "5"}
    why = {"reason": "A small round."}
    client.post(f"{ROUNDS}2026-H2/change/", PLAN | new | why | version(round))

    assert 'value="−14, −3, 0, 3, 10"' in shown
    round.refresh_from_db()
    assert (round.reminder_days, round.reminder_every, round.reminder_last) == ([-5, 5], 0, 5)


def test_a_copy_has_the_reminders_of_its_model(cast, signed_in):
    make.planned_round(cast.framework, "2026-H1", reminder_days=[-7, 1], reminder_last=20)
    page = text(signed_in(cast.coordinator).get(f"{ROUNDS}new/?copy=2026-H1"))

    assert 'value="−7, 1"' in page
    assert 'name="reminder_last" value="20"' in page


@pytest.mark.parametrize(
    ("reminders", "said"),
    [
        ({}, "First reminder on 17 May 2026"),
        ({"reminder_days": [-40]}, "First reminder on 4 May 2026"),
        ({"reminder_days": [], "reminder_every": 0}, "Nobody is reminded."),
    ],
)
def test_the_preview_of_opening_says_when_the_first_reminder_goes(reminders, said, cast, signed_in):
    make.accepted(cast)
    make.planned_round(cast.framework, **reminders)
    page = text_of(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/open/"))

    assert said in page


def test_the_preview_names_those_for_whom_nobody_can_act(cast, signed_in):
    make.accepted(cast)
    make.planned_round(cast.framework)
    cast.ilo.memberships.update(until_on=date(2026, 5, 3))

    page = text(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/open/"))

    assert '<strong>Nobody can act for:</strong> <abbr title="Full name of ILO">ILO</abbr>' in page


def test_a_planned_round_changes_its_dates_with_a_reason(cast, signed_in):
    round = make.planned_round(cast.framework, "2026-H2")
    client = signed_in(cast.coordinator)
    seen = version(round)
    form = PLAN | seen

    bare = client.post(f"{ROUNDS}2026-H2/change/", form)
    done = client.post(f"{ROUNDS}2026-H2/change/", form | {"reason": "A conference."})
    stale = client.post(f"{ROUNDS}2026-H2/change/", form | {"reason": "Mine, too."})

    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert done.headers["Location"] == f"{ROUNDS}2026-H2/"
    assert stale.status_code == 409
    assert "Mine, too." in text(stale)
    round.refresh_from_db()
    assert (round.due_on, round.version) == (date(2026, 11, 30), 2)


def test_an_open_round_is_extended_and_no_longer_changed(cast, signed_in):
    round = make.owed(cast).duty.round
    client = signed_in(cast.coordinator)
    assert client.get(f"{ROUNDS}2026-H1/change/").status_code == 409

    done = client.post(f"{ROUNDS}2026-H1/extend/", LATER | version(round), follow=True)

    assert "Round 2026-H1 is extended." in text(done)
    assert Duty.objects.get().due_on == date(2026, 6, 15)


def test_an_extension_that_would_shorten_says_so_and_keeps_the_reason(cast, signed_in):
    round = make.owed(cast).duty.round

    response = signed_in(cast.coordinator).post(
        f"{ROUNDS}2026-H1/extend/", LATER | {"due_on": "2026-05-20"} | version(round)
    )

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "due_on": ["Give 2026-05-31 or later: agencies rely on that date."]
    }
    assert "A strike of the post." in text(response)
    assert Duty.objects.get().due_on == date(2026, 5, 31)


def test_a_closed_round_is_reopened_from_its_page(cast, signed_in):
    round = make.owed(cast).duty.round
    make.do("close", round, by=cast.coordinator)
    client = signed_in(cast.coordinator)
    assert f"{ROUNDS}2026-H1/reopen/" in text(client.get(f"{ROUNDS}2026-H1/"))

    done = client.post(f"{ROUNDS}2026-H1/reopen/", LATER | version(round), follow=True)

    assert "Round 2026-H1 is open again." in text(done)


def standings(client: Any, standing: str) -> list[str]:
    """Return the actions that the round shows in a standing, in order."""
    response = client.get(f"{ROUNDS}2026-H1/?standing={standing}")
    return [row.duty.action_code for row in response.context["listed"].page]


def test_the_round_narrows_to_one_standing_and_shows_the_worst_first(cast, signed_in, clock):
    for order, code in enumerate(("A2", "A3", "A4", "A5"), start=2):
        make.accepted(cast, action=make.action(cast.area, code, order=order))
    make.owed(cast)
    duties = {duty.assignment.action.code: duty for duty in Duty.objects.all()}
    fp = cast.ilo_focal_point
    make.sent(duties["A1"].updates.get(), by=fp)
    returned = make.sent(duties["A2"].updates.get(), by=fp)
    make.do("return", returned, by=cast.coordinator, note="Where?", due_on=date(2026, 7, 1))
    make.do("ask", duties["A3"], by=fp, note="Late.", until_on=date(2026, 6, 9))
    make.do("set_due", duties["A4"], by=cast.coordinator, note="Soon.", due_on=date(2026, 5, 5))
    clock.now = make.later(days=3)
    client = signed_in(cast.coordinator)

    assert standings(client, "") == standings(client, "needs") == ["A4", "A3", "A5"]
    assert standings(client, "all") == ["A4", "A3", "A5", "A1", "A2"]
    assert standings(client, "late") == ["A4"]
    assert standings(client, "missing") == ["A4", "A3", "A5"]
    assert standings(client, "in_review") == ["A1"]
    assert standings(client, "returned") == ["A2"]
    assert standings(client, "asks") == ["A3"]
    assert client.get(f"{ROUNDS}2026-H1/?standing=lost").status_code == 400
    assert client.get(f"{ROUNDS}2026-H1/?standin=late").status_code == 400


def test_a_standing_that_nobody_is_in_says_so(cast, signed_in):
    make.owed(cast)

    page = text(signed_in(cast.coordinator).get(f"{ROUNDS}2026-H1/?standing=late"))

    assert "No duty of this round is in this standing." in page


def test_an_agency_reports_unasked_from_its_work_and_the_thread(cast, signed_in):
    make.open_round(cast)
    assignment = make.accepted(cast, role="supporting")
    client = signed_in(cast.ilo_focal_point)
    page = reverse("assignment-report", args=[assignment.pk])
    assert page in text(client.get("/work/unasked/"))
    assert page in text(client.get("/f/hld-2013/actions/A1/ILO/"))

    form = {"version": assignment.version, "round": Round.objects.get().pk}
    begun = client.post(page, form, follow=True)

    assert "Voluntary, without a due date" in text(begun)
    assert page not in text(client.get("/work/unasked/"))
    again = client.post(page, form)
    assert again.status_code == 409
    assert Duty.objects.count() == 1


def test_a_voluntary_report_needs_no_action_before_it_is_begun(cast, signed_in):
    make.open_round(cast)
    assignment = make.accepted(cast, role="supporting")
    duty = make.do("report", assignment, by=cast.ilo_focal_point, round=Round.objects.get())
    client = signed_in(cast.ilo_focal_point)

    work = client.get("/work/")
    assert (work.context["count"], len(work.context["idle"])) == (0, 1)
    make.drafted(duty.updates.get(), by=cast.ilo_focal_point)
    work = client.get("/work/")
    assert (work.context["count"], len(work.context["idle"])) == (1, 0)


def test_an_agency_cannot_begin_a_report_in_a_round_that_is_not_open(cast, signed_in):
    make.open_round(cast)
    assignment = make.accepted(cast, role="supporting")
    page = reverse("assignment-report", args=[assignment.pk])

    for typed in ("", "x", "999999"):
        response = signed_in(cast.ilo_focal_point).post(
            page, {"version": assignment.version, "round": typed}
        )
        assert response.status_code == 400
        assert "Choose a round that is open." in text(response)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_lists_take_as_many_queries_for_one_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    make.open_round(cast)
    for number in range(count):
        action = make.action(cast.area, f"B{number}", order=number)
        make.accepted(cast, action=action, role="supporting")
    focal_point, coordinator = signed_in(cast.ilo_focal_point), signed_in(cast.coordinator)

    with django_assert_num_queries(6):
        focal_point.get("/work/unasked/")
    with django_assert_num_queries(8):
        coordinator.get(f"{ROUNDS}new/")


def test_an_open_round_changes_its_reminders_from_its_own_page(cast, signed_in):
    round = make.owed(cast).duty.round
    client = signed_in(cast.coordinator)
    new = {"reminder_days": "−2, 5", "reminder_every": "0", "reminder_last": "5"}
    form = new | version(round)

    assert f'href="{ROUNDS}2026-H1/reminders/"' in text(client.get(f"{ROUNDS}2026-H1/"))
    assert 'value="−14, −3, 0, 3, 10"' in text(client.get(f"{ROUNDS}2026-H1/reminders/"))
    bare = client.post(f"{ROUNDS}2026-H1/reminders/", form)
    done = client.post(f"{ROUNDS}2026-H1/reminders/", form | {"reason": "A holiday."}, follow=True)
    stale = client.post(f"{ROUNDS}2026-H1/reminders/", form | {"reason": "Mine, too."})

    assert bare.context["form"].errors == {"reason": ["Give the reason."]}
    assert "The days of reminders are changed." in text(done)
    assert stale.status_code == 409
    assert "Mine, too." in text(stale)
    round.refresh_from_db()
    assert (round.reminder_days, round.reminder_every, round.reminder_last) == ([-2, 5], 0, 5)
