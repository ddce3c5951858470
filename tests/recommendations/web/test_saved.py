"""Saved views: kept under a name, found again, renamed, deleted; each person's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from recommendations.domain import saved
from recommendations.models import SavedView
from recommendations.web.saved import NoView, view_of
from tests import make
from tests.recommendations.web.pages import is_plain, links_of, text_of, writer

LIST, SAVE = "/account/views/", "/account/views/save/"
ACTIONS = "/f/hld-2013/actions/"
FILTERED = f"{ACTIONS}?status=no_lead&q=rights"


def views(user: Any) -> list[tuple[str, str]]:
    """Return what a person has saved."""
    return list(saved.views_of(user.pk).values_list("name", "address"))


def test_a_page_with_its_filters_is_saved_and_found_again(cast: make.Cast, signed_in: Any) -> None:
    client = signed_in(cast.ilo_focal_point)
    page = client.get(FILTERED)
    assert f'name="address" value="{ACTIONS}?status=no_lead&amp;q=rights"' in page.content.decode()
    answer = client.post(SAVE, {"name": "  No  lead ", "address": FILTERED})

    assert (answer.status_code, answer.url) == (302, FILTERED)
    assert views(cast.ilo_focal_point) == [("No lead", FILTERED)]
    assert "Saved as “No lead”." in text_of(client.get(FILTERED))
    for url in (LIST, "/work/"):
        assert FILTERED in links_of(client.get(url))


@pytest.mark.parametrize(
    "address",
    [
        "/f/hld-2013/",
        "/f/hld-2013/areas/A/",
        "/f/hld-2013/actions/A1/",
        "/f/hld-2013/agencies/?sort=-leads",
        "/f/hld-2013/agencies/ILO/",
        "/f/hld-2013/matrix/?show=claims",
        "/f/hld-2013/trend/",
        "/f/hld-2013/groups/?sort=status",
        "/f/hld-2013/gaps/?sort=leads&order=agency",
        "/queue/?sent=first&sort=agency",
        FILTERED,
    ],
)
def test_every_list_offers_to_be_saved_and_can_be(
    address: str, cast: make.Cast, signed_in: Any
) -> None:
    client = signed_in(cast.coordinator)

    assert "Save this view" in text_of(client.get(address))
    assert client.post(SAVE, {"name": "One", "address": address}).status_code == 302
    assert views(cast.coordinator) == [("One", address)]
    assert address in links_of(client.get("/queue/"))


def test_rounds_and_histories_can_be_saved(cast: make.Cast, signed_in: Any) -> None:
    make.owed(cast)
    client = signed_in(cast.coordinator)
    for address in (
        "/f/hld-2013/rounds/2026-H1/",
        "/f/hld-2013/rounds/2026-H1/review-times/?days=waiting",
        f"/history/action/{cast.action.pk}/?parts=yes&verb=accepted",
    ):
        assert "Save this view" in text_of(client.get(address))
        assert view_of(address) == address


def test_nobody_who_is_not_signed_in_is_offered_to_save(cast: make.Cast, client: Client) -> None:
    answer = client.get(FILTERED)

    assert is_plain(answer)
    assert "Save this view" not in text_of(answer)


def test_only_filters_are_kept_in_a_view() -> None:
    address = f"{ACTIONS}?status=no_lead&after=A1&lang=en&utm_source=x&next=//evil.example"

    assert view_of(address) == f"{ACTIONS}?status=no_lead"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/f/hld-2013/actions/",
        "//evil.example/f/hld-2013/actions/",
        "///evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http://[",
        "f/hld-2013/actions/",
        "/account/sign-out/",
        "/admin/",
        "/updates/1/",
        "/nowhere/",
    ],
)
def test_what_is_no_list_of_this_site_is_refused(
    address: str, cast: make.Cast, signed_in: Any
) -> None:
    with pytest.raises(NoView):
        view_of(address)
    answer = signed_in(cast.coordinator).post(SAVE, {"name": "Typed name", "address": address})

    assert answer.status_code == 400
    assert "Only a list of this site can be saved" in text_of(answer)
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_asks_for_one_and_keeps_the_filters(
    cast: make.Cast, signed_in: Any
) -> None:
    for name in ("", "   ", "x" * 81):
        answer = signed_in(cast.coordinator).post(SAVE, {"name": name, "address": FILTERED})

        assert answer.status_code == 400
        assert "Enter a name" in text_of(answer)
        assert FILTERED in links_of(answer)
    assert not SavedView.objects.exists()


def test_a_name_that_is_taken_is_asked_about_and_nothing_is_lost(
    cast: make.Cast, signed_in: Any
) -> None:
    client, other = signed_in(cast.coordinator), "/queue/?sent=first"
    client.post(SAVE, {"name": "Mine", "address": other})
    asked = client.post(SAVE, {"name": "Mine", "address": FILTERED})

    assert asked.status_code == 409
    assert "You have a saved view called “Mine” already." in text_of(asked)
    assert 'name="name" value="Mine"' in asked.content.decode()
    assert {other, FILTERED} <= set(links_of(asked))
    assert views(cast.coordinator) == [("Mine", other)]

    form = {"name": "Mine", "address": FILTERED, "replacing": other}
    assert client.post(SAVE, form).status_code == 409
    assert client.post(SAVE, {**form, "replace": "yes"}).status_code == 302
    assert views(cast.coordinator) == [("Mine", FILTERED)]


def test_a_view_that_changed_meanwhile_is_not_replaced_unseen(
    cast: make.Cast, signed_in: Any
) -> None:
    client = signed_in(cast.coordinator)
    client.post(SAVE, {"name": "Mine", "address": "/queue/?sent=again"})
    form = {"name": "Mine", "address": FILTERED, "replacing": "/queue/", "replace": "yes"}

    assert client.post(SAVE, form).status_code == 409
    assert views(cast.coordinator) == [("Mine", "/queue/?sent=again")]


def test_a_view_is_renamed_and_deleted(cast: make.Cast, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    for name in ("One", "Two"):
        client.post(SAVE, {"name": name, "address": FILTERED})
    one = SavedView.objects.get(name="One")
    taken = client.post(f"{LIST}{one.pk}/", {"name": "Two"})

    assert taken.status_code == 409
    assert "“Two” already. Enter another name." in text_of(taken)
    assert client.post(f"{LIST}{one.pk}/", {"name": ""}).status_code == 400
    assert client.post(f"{LIST}{one.pk}/", {"name": "Three"}).status_code == 302
    assert [name for name, _address in views(cast.coordinator)] == ["Three", "Two"]
    assert client.post(f"{LIST}{one.pk}/delete/").status_code == 302
    assert [name for name, _address in views(cast.coordinator)] == ["Two"]


def test_what_others_saved_does_not_exist(cast: make.Cast, signed_in: Any) -> None:
    made = saved.save(cast.coordinator, name="Mine", address=FILTERED, at=make.NOW)
    client = signed_in(cast.administrator)

    assert "Mine" not in text_of(client.get(LIST))
    assert client.post(f"{LIST}{made.pk}/", {"name": "Yours"}).status_code == 404
    assert client.post(f"{LIST}{made.pk}/delete/").status_code == 404
    assert client.post(SAVE, {"name": "Mine", "address": "/queue/"}).status_code == 302
    assert views(cast.coordinator) == [("Mine", FILTERED)]


def test_a_name_typed_when_the_session_had_ended_is_there_after_signing_in(
    cast: make.Cast, signed_in: Any, client: Client
) -> None:
    form = {"name": "Mine", "address": FILTERED, **writer(cast.coordinator)}
    answer = client.post(SAVE, form)
    client.force_login(cast.coordinator)
    page = client.get(SAVE)

    assert answer.url == f"/account/sign-in/?next={SAVE}"
    assert 'value="Mine"' in page.content.decode()
    assert FILTERED in links_of(page)


def test_a_person_has_a_hundred_views_at_most(cast: make.Cast, signed_in: Any) -> None:
    for number in range(saved.MOST):
        saved.save(cast.coordinator, name=f"View {number}", address="/queue/", at=make.NOW)
    answer = signed_in(cast.coordinator).post(SAVE, {"name": "One more", "address": FILTERED})

    assert answer.status_code == 400
    assert "You have 100 saved views." in text_of(answer)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_takes_few_queries(
    count: int, cast: make.Cast, signed_in: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        saved.save(cast.coordinator, name=f"View {number}", address="/queue/", at=make.NOW)
    client = signed_in(cast.coordinator)
    with django_assert_num_queries(6):
        client.get(LIST)
