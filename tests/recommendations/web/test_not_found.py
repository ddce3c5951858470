"""The page for an address at which a visitor finds nothing."""

from __future__ import annotations

import pytest

from tests import make

DOOR = "/account/sign-in/"


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/f/hld-2013/gaps/", f"{DOOR}?next=%2Ff%2Fhld-2013%2Fgaps%2F"),
        (
            "/f/hld-2013/rounds/?a=1&b=2",
            f"{DOOR}?next=%2Ff%2Fhld-2013%2Frounds%2F%3Fa%3D1%26b%3D2",
        ),
        ("/nowhere/", f"{DOOR}?next=%2Fnowhere%2F"),
    ],
)
def test_whoever_is_signed_out_is_offered_the_door_whatever_the_address(path, door, cast, client):
    make.planned_round(cast.framework)

    response = client.get(path)

    assert response.status_code == 404
    assert f'<a href="{door}">Sign in</a>' in response.content.decode()


def test_after_signing_in_one_is_back_on_the_page(cast, client):
    cast.coordinator.set_password("a long pass phrase")
    cast.coordinator.save()
    door = f"{DOOR}?next=%2Ff%2Fhld-2013%2Fgaps%2F"
    form = {"login": cast.coordinator.email, "password": "a long pass phrase"}

    field = client.get(door).content.decode()
    response = client.post(DOOR, form | {"next": "/f/hld-2013/gaps/"})

    assert '<input type="hidden" name="next" value="/f/hld-2013/gaps/">' in field
    assert response.headers["Location"] == "/f/hld-2013/gaps/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\\\evil.example/", "javascript:alert(1)"],
)
def test_the_door_leads_back_to_this_site_only(elsewhere, cast, client):
    cast.coordinator.set_password("a long pass phrase")
    cast.coordinator.save()
    form = {"login": cast.coordinator.email, "password": "a long pass phrase"}

    response = client.post(DOOR, form | {"next": elsewhere})

    assert (response.status_code, response.headers["Location"]) == (302, "/work/start/")


def test_an_address_that_looks_like_another_site_leads_to_no_other_site(cast, client):
    offered = client.get("//evil.example/rounds/").content.decode()

    assert f'<a href="{DOOR}?next=%2F%2Fevil.example%2Frounds%2F">' not in offered


def test_whoever_is_signed_in_is_not(cast, signed_in):
    response = signed_in(cast.ilo_focal_point).get("/f/hld-2013/gaps/")

    assert response.status_code == 404
    assert "you come back here" not in response.content.decode()
