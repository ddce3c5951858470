"""Handing over on the pages: from My work, and what both sides read meanwhile."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Handover
from tests import make

PAGE = "/account/hand-over/"


def form(cast: make.Cast, **changes) -> dict:
    """Return the form of a hand-over of the ILO, filled in."""
    return {
        "charge": f"agency-{cast.ilo.pk}",
        "to": cast.ilo_alternate.pk,
        "from_on": "2026-05-10",
        "until_on": "2026-05-12",
        "note": "In the field.",
    } | changes


def test_my_work_leads_to_the_page(cast, signed_in):
    page = signed_in(cast.ilo_focal_point).get("/work/").content.decode()

    assert f'href="{PAGE}"' in page


def test_it_is_made_with_one_form(cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).post(PAGE, form(cast), follow=True)
    made = Handover.objects.get()

    assert answer.redirect_chain == [("/work/", 302)]
    assert (made.from_user, made.to_user, made.agency, made.note) == (
        cast.ilo_focal_point,
        cast.ilo_alternate,
        cast.ilo,
        "In the field.",
    )
    assert "ILO alternate acts for you from 10 May 2026 until 12 May 2026." in (
        answer.content.decode()
    )


def test_meanwhile_each_side_reads_who_acts_until_when(cast, signed_in, clock):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    clock.now = datetime(2026, 5, 11, 9, tzinfo=make.NOW.tzinfo)
    said = [
        signed_in(person).get("/work/").content.decode()
        for person in (cast.ilo_focal_point, cast.ilo_alternate, cast.iom_focal_point)
    ]

    assert "ILO alternate acts for you until 12 May 2026." in said[0]
    assert "You act for ILO focal point until 12 May 2026." in said[1]
    assert "until 12 May 2026." not in said[2]


def test_before_and_after_nothing_is_said(cast, signed_in, clock):
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    browser = signed_in(cast.ilo_focal_point)
    before = browser.get("/work/").content.decode()
    clock.now = datetime(2026, 5, 13, 9, tzinfo=make.NOW.tzinfo)
    after = browser.get("/work/").content.decode()

    assert "acts for you" not in before + after


def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(cast, signed_in):
    answer = signed_in(cast.ilo_focal_point).post(PAGE, form(cast, from_on="2026-05-01"))
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "Give a first day that has not passed." in page
    assert "In the field." in page
    assert 'value="2026-05-01"' in page
    assert not Handover.objects.exists()


def test_an_empty_form_says_everything_that_is_missing(cast, signed_in):
    page = signed_in(cast.ilo_coordinator).post(PAGE, {}).content.decode()

    assert "Choose what you hand over." in page


def test_a_person_who_holds_one_thing_is_not_asked_what(cast, signed_in):
    page = signed_in(cast.ilo_focal_point).get(PAGE).content.decode()

    assert f'<input type="hidden" name="charge" value="agency-{cast.ilo.pk}"' in page


def test_a_coordinator_of_an_agency_chooses_what(cast, signed_in):
    page = signed_in(cast.ilo_coordinator).get(PAGE).content.decode()

    assert "As coordinator of all frameworks" in page
    assert page.count('name="charge"') == 2


def test_a_deputy_is_chosen_on_the_same_page(cast, signed_in, clock):
    filled = form(cast, charge="office-all", to=cast.ilo_coordinator.pk)
    signed_in(cast.coordinator).post(PAGE, filled)
    clock.now = datetime(2026, 5, 11, 9, tzinfo=make.NOW.tzinfo)
    page = signed_in(cast.ilo_coordinator).get(reverse("queue")).content.decode()

    assert "You act for Coordinator until 12 May 2026." in page
    assert "as coordinator of all frameworks" in page


def test_who_has_nothing_to_hand_over_is_told(cast, signed_in):
    page = signed_in(cast.observer).get(PAGE).content.decode()

    assert "You have nothing to hand over" in page


def test_the_receiver_ends_it_with_one_button(cast, signed_in):
    made = make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    browser = signed_in(cast.ilo_alternate)
    offered = browser.get(PAGE).content.decode()
    browser.post(reverse("hand-over-end", args=[made.pk]), {"version": 1})

    assert "Take back" in offered
    assert "Take back" not in browser.get(PAGE).content.decode()


def test_a_button_pressed_twice_says_that_it_is_over(cast, signed_in):
    made = make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    browser = signed_in(cast.ilo_focal_point)
    url = reverse("hand-over-end", args=[made.pk])
    browser.post(url, {"version": 1})

    assert "over already" in browser.post(url, {"version": 2}, follow=True).content.decode()


def test_what_was_typed_before_signing_in_again_comes_back(cast):
    browser = Client()
    answer = browser.post(PAGE, form(cast))

    assert answer.headers["Location"] == f"/account/sign-in/?next={PAGE}"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_asks_the_database_as_often_for_one_colleague_as_for_thirty(
    count, cast, signed_in, django_assert_num_queries
):
    for number in range(count):
        make.person(f"ILO colleague {number}", of=cast.ilo)
    make.handed_over(cast.ilo, by=cast.ilo_focal_point, to=cast.ilo_alternate)
    browser = signed_in(cast.ilo_focal_point)

    with django_assert_num_queries(9):
        browser.get(PAGE)
