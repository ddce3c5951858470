"""Renaming, closing and merging an agency at the administrator's desk: shown first, then done."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from agencies import revisions
from agencies.models import Agency, Appointment, Membership
from recommendations.models import Assignment, Framework
from tests import make
from tests.administration import REASON, act, form_of, typed_into


def page(agency: Agency, name: str) -> str:
    """Return the address of a page of an agency."""
    return f"/admin/agencies/agency/{agency.pk}/{name}/"


def signed_in(user: Any) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(cast: make.Cast) -> Client:
    """Return a browser in which the administrator of all frameworks is signed in."""
    return signed_in(cast.administrator)


def confirmed(desk: Client, url: str, **typed: Any) -> Any:
    """Open a page, give the reason, and confirm it."""
    form = typed_into(form_of(desk.get(url)), **typed)
    with zeal_ignore():  # each row is asked for and changed on its own
        return desk.post(url, form)


def test_an_agency_is_renamed_and_its_old_address_leads_on(cast, desk):
    answer = confirmed(desk, page(cast.ilo, "rename"), code="WLO", acronym="WLO", name="New name")

    cast.ilo.refresh_from_db()
    assert answer.status_code == 302
    assert (cast.ilo.code, cast.ilo.acronym, cast.ilo.name) == ("WLO", "WLO", "New name")
    moved = Client().get("/f/hld-2013/agencies/ILO/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/f/hld-2013/agencies/WLO/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "IOM"}, "An agency had this code, and its addresses. Choose another."),
        ({"version": "99", "name": "New name"}, "Something changed while you had this page open."),
        ({}, "Nothing is different from what is saved."),
        ({"code": "a b"}, "Use letters without accents"),
    ],
)
def test_a_rename_that_cannot_stand_changes_nothing(cast, desk, typed, said):
    answer = confirmed(desk, page(cast.ilo, "rename"), **typed)

    cast.ilo.refresh_from_db()
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert (cast.ilo.code, cast.ilo.version) == ("ILO", 1)


@pytest.mark.parametrize("name", ["close", "merge"])
def test_the_page_of_an_end_says_that_what_is_in_review_can_still_be_approved(cast, desk, name):
    make.sent(make.owed(cast), by=cast.ilo_focal_point)
    shown = desk.get(page(cast.ilo, name), {"into": cast.iom.pk}).content.decode()

    assert "In review: it can still be approved, so that it stands in the history." in shown


def test_the_page_of_a_closing_names_what_ends_and_then_ends_it(cast, desk):
    make.drafted(make.owed(cast), by=cast.ilo_focal_point)
    shown = desk.get(page(cast.ilo, "close")).content.decode()
    before = Framework.objects.get().counter
    answer = confirmed(desk, page(cast.ilo, "close"))

    assert "A draft: kept, and not sent." in shown
    assert "ILO focal point" in shown
    assert answer.status_code == 302
    assert Assignment.objects.get().acceptance == "ended"
    assert Assignment.objects.get().answers.latest("id").reason == REASON
    assert Framework.objects.get().counter > before
    page_of_it = Client().get("/f/hld-2013/agencies/ILO/").content.decode()
    assert "It takes on nothing any more; what it reported stays." in page_of_it


def test_a_merger_is_chosen_shown_and_done_and_the_address_leads_on(cast, desk):
    make.owed(cast)
    url = f"{page(cast.ilo, 'merge')}?into={cast.iom.pk}"
    shown = desk.get(url)
    alternate = cast.ilo_alternate.memberships.get()
    chosen = [str(cast.ilo_focal_point.memberships.get().pk)]
    form = typed_into(form_of(shown)) | {"joining": chosen}
    with zeal_ignore():
        answer = desk.post(url, form)

    assert "Passes on, taken on; due again in an open round." in shown.content.decode()
    assert str(alternate.pk) in form_of(shown)["joining"]
    assert answer.status_code == 302
    assert [str(row.agency) for row in Assignment.objects.order_by("id")] == ["ILO", "IOM"]
    joined = Membership.objects.filter(agency=cast.iom, from_on=timezone.now().date())
    assert [row.user for row in joined] == [cast.ilo_focal_point]
    moved = Client().get("/f/hld-2013/agencies/ILO/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/f/hld-2013/agencies/IOM/")
    assert Client().get("/f/hld-2013/agencies/ILO/?as_of=2026-05-04T09:31").status_code == 200


def test_what_changed_since_the_preview_stops_a_merger(cast, desk):
    assignment = make.accepted(cast)
    url = f"{page(cast.ilo, 'merge')}?into={cast.iom.pk}"
    form = typed_into(form_of(desk.get(url)))
    make.do("set_target", assignment, by=cast.coordinator, target_text="mid-2027")
    answer = desk.post(url, form)

    assert answer.status_code == 400
    assert "Something changed while you had this page open." in answer.content.decode()
    assert Agency.objects.get(pk=cast.ilo.pk).active


def test_an_agency_is_not_offered_to_itself_nor_a_closed_one(cast, desk):
    Agency.objects.filter(pk=cast.iom.pk).update(active=False)

    for into in (cast.ilo, cast.iom):
        answer = desk.get(f"{page(cast.ilo, 'merge')}?into={into.pk}")
        assert answer.status_code == 400


def test_a_closed_agency_opens_again_and_a_merged_one_does_not(cast, desk):
    confirmed(desk, page(cast.iom, "close"))
    cast.iom.refresh_from_db()
    act(desk, "reopen", cast.iom)
    cast.iom.refresh_from_db()
    assert cast.iom.active
    confirmed(desk, f"{page(cast.ilo, 'merge')}?into={cast.iom.pk}")
    cast.ilo.refresh_from_db()

    answer = act(desk, "reopen", cast.ilo)

    assert "This agency is part of another one for good." in answer.content.decode()
    assert not Agency.objects.get(pk=cast.ilo.pk).active


@pytest.mark.parametrize("name", ["rename", "close", "merge"])
def test_only_an_administrator_of_all_frameworks_comes_to_these_pages(cast, name):
    of_one = make.person("Administrator of one framework")
    office = Appointment(
        user=of_one, office="administrator", framework=cast.framework, from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)
    answers = {
        who: signed_in(person).get(page(cast.ilo, name)).status_code
        for who, person in {"one": of_one, "coordinator": cast.coordinator}.items()
    }

    assert answers == {"one": 403, "coordinator": 403}
    assert Client().get(page(cast.ilo, name)).status_code == 302


def test_the_row_of_an_agency_leads_to_its_pages(cast, desk):
    shown = desk.get(f"/admin/agencies/agency/{cast.ilo.pk}/change/").content.decode()

    for name in ("rename", "close", "merge"):
        assert page(cast.ilo, name) in shown
    assert 'name="active"' not in shown
