"""Background jobs in the admin: to look into, never to change, their files never to read."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies import revisions
from agencies.models import Appointment
from recommendations.models import Framework, Job
from tests import make
from tests.administration import address
from tests.agencies.test_admin import words
from tests.recommendations.background.asking import asked


@pytest.fixture
def failed(cast):
    """Return a report that could not be made."""
    job = asked(cast.coordinator, cast.framework)
    ended = {"finished_at": make.NOW, "expires_at": make.NOW, "outcome": "There is no such round."}
    Job.objects.filter(pk=job.pk).update(state="failed", **ended)
    return job


@pytest.fixture
def desk(cast):
    """Return a browser in which the administrator of all frameworks is signed in."""
    client = Client()
    client.force_login(cast.administrator)
    return client


def test_the_front_page_counts_what_failed_and_leads_to_it(desk, failed):
    page = desk.get("/admin/")
    (job,) = desk.get(f"{address(Job, 'changelist')}?state__exact=failed").context["cl"].queryset

    assert "1 report could not be made." in words(page)
    assert job == failed


def test_the_front_page_is_silent_while_nothing_failed(desk, cast):
    asked(cast.coordinator, cast.framework)

    assert "could not be made" not in words(desk.get("/admin/"))


def test_the_list_says_what_for_whom_how_far_and_why_not(desk, failed):
    page = words(desk.get(address(Job, "changelist")))

    for said in ("Full data, JSON", "Coordinator", "Failed", "There is no such round."):
        assert said in page


def test_nothing_of_a_job_is_changed_by_hand(desk, failed):
    assert desk.get(address(failed)).status_code == 200
    assert desk.post(address(failed), {"state": "ready"}).status_code == 403


def test_jobs_of_other_frameworks_are_not_there(failed, cast):
    elsewhere = make.framework("other", is_default=False)
    person = make.person("Other administrator")
    office = Appointment(
        user=person, office="administrator", framework=elsewhere, from_on=make.START
    )
    revisions.create(office, by=None, at=make.NOW)
    client = Client()
    client.force_login(person)

    assert Framework.objects.count() == 2
    assert list(client.get(address(Job, "changelist")).context["cl"].queryset) == []
    assert "could not be made" not in words(client.get("/admin/"))
