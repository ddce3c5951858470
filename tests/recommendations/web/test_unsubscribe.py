"""One click in a mail program switches off what only informs; duties stay; a look does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from recommendations.models import NoticeChoice
from recommendations.notify.deliveries import Wishes
from recommendations.notify.notices import CHOICES
from recommendations.notify.unsubscribe import SALT, address_of, person_of
from tests.recommendations.web.pages import text_of

BASE = "https://tracker.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_of(user: Any) -> str:
    """Return the path of a person's address."""
    address = address_of(user, BASE)
    assert address.startswith(f"{BASE}/account/unsubscribe/")
    return address.removeprefix(BASE)


def test_a_mail_program_switches_off_without_a_session_or_a_token(cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path_of(cast.ilo_focal_point), ONE_CLICK)

    assert answer.status_code == 200
    person = cast.ilo_focal_point.pk
    wishes = Wishes([person])
    assert {one.kind for one in CHOICES if wishes.how(person, one) == "off"} == {
        one.kind for one in CHOICES if not one.duty
    }
    assert NoticeChoice.objects.exclude(user=person).count() == 0


def test_a_scanner_that_opens_every_link_switches_nothing_off(cast):
    client = Client(enforce_csrf_checks=True)
    path = path_of(cast.ilo_focal_point)
    page = client.get(path)

    assert client.head(path).status_code == 200
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert "<button" in page.content.decode()
    assert NoticeChoice.objects.count() == 0


def test_the_answer_says_what_still_comes_and_where_to_change_it(cast, client):
    said = text_of(client.post(path_of(cast.ilo_focal_point)))

    assert "An update is returned, with comments" in said
    assert "An update is approved" not in said
    assert "An agency sends an update" not in said
    assert reverse("notices") in client.post(path_of(cast.ilo_focal_point)).content.decode()


def test_twice_is_as_good_as_once_and_what_was_chosen_for_duties_stays(cast, client):
    person = cast.ilo_focal_point
    NoticeChoice.objects.create(user=person, kind="returned", how="weekly")
    NoticeChoice.objects.create(user=person, kind="approved", how="daily")
    for _time in range(2):
        assert client.post(path_of(person)).status_code == 200
    wishes = {one.kind: one.how for one in NoticeChoice.objects.all()}

    assert (wishes.pop("returned"), wishes["approved"]) == ("weekly", "off")
    assert set(wishes.values()) == {"off"}


@pytest.mark.parametrize("odd", ["x", "WzEsImRpZ2VzdCJd:odd", "a:b:c"])
def test_an_address_that_we_did_not_sign_is_not_found(odd, cast, client):
    for method in (client.get, client.post):
        assert method(f"/account/unsubscribe/{odd}/").status_code == 404
    assert NoticeChoice.objects.count() == 0


def test_only_our_own_kind_of_signature_opens_it(cast):
    person = cast.ilo_focal_point
    assert person_of(signing.dumps([person.pk, "digest"], salt=SALT)) == person
    for token in (
        signing.dumps([person.pk, "digest"], salt="another"),
        signing.dumps([person.pk, "duties"], salt=SALT),
        signing.dumps(person.pk, salt=SALT),
        signing.dumps([10**9, "digest"], salt=SALT),
        signing.dumps({"a": 1, "b": 2}, salt=SALT),
        signing.dumps([["x"], "digest"], salt=SALT),
    ):
        assert person_of(token) is None


def test_other_forms_still_need_their_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ilo_focal_point)

    assert client.post(reverse("notices"), {}).status_code == 403
    assert client.post(reverse("inbox-change"), {}).status_code == 403
