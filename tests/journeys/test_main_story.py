"""A focal point logs progress, a coordinator returns and then approves it, the public sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import Visit, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_progress_is_logged_returned_answered_approved_and_public(
    world: World, visit: Visit
) -> None:
    page, slug = visit.page, world.framework.slug
    focal_point, coordinator = (world.addresses[who] for who in ("ILO focal point", "Coordinator"))
    overview = f"/f/{slug}/"

    # Nobody has reported: the public sees that.
    visit.go(overview)
    assert visit.reads("1 without a report")

    # The focal point follows a link to the form, signs in, and lands on the form.
    visit.go(f"/updates/{world.update.pk}/")
    visit.sign_in(focal_point)
    assert page.url.endswith(f"/updates/{world.update.pk}/")
    visit.pick("In progress")
    page.get_by_label("What was done in this round").fill("Two technical seminars were held.")
    visit.press("Check and send")
    assert visit.reads("Two technical seminars were held.")
    visit.press("Send to the coordinator")
    assert visit.reads("Update sent")
    visit.took(3, "F1 log progress from the reminder", target=3)
    sign_out(visit)

    # Nothing is public before a decision.
    visit.go(f"/f/{slug}/actions/A1/ILO/")
    assert not visit.reads("Two technical seminars")

    # The coordinator returns it with a comment on a new due date.
    visit.go("/queue/")
    visit.sign_in(coordinator)
    page.get_by_role("link", name="A1").first.click()
    page.get_by_label("Comment to the agency").fill("Say how many countries took part.")
    soon = timezone.now().date() + timedelta(days=7)
    page.get_by_label("New due date").fill(soon.isoformat())
    visit.press("Return for changes")
    sign_out(visit)

    # The focal point finds it first in their work, with the comment in full.
    visit.go("/work/")
    visit.sign_in(focal_point)
    assert visit.reads("Say how many countries took part.")
    page.get_by_role("link", name="A1").first.click()
    assert visit.reads("Say how many countries took part.")
    page.get_by_label("What was done in this round").fill(
        "Two technical seminars were held, with nine countries."
    )
    visit.press("Check and send")
    visit.press("Send to the coordinator")
    sign_out(visit)

    # The coordinator approves it.
    visit.go("/queue/")
    visit.sign_in(coordinator)
    page.get_by_role("link", name="A1").first.click()
    assert visit.reads("with nine countries")
    visit.press("Approve and open next")
    sign_out(visit)

    # The public overview shows the new status, and the text is on the page of the assignment.
    visit.go(overview)
    assert visit.reads("1 in progress")
    assert not visit.reads("1 without a report")
    visit.go(f"/f/{slug}/actions/A1/ILO/")
    assert visit.reads("Two technical seminars were held, with nine countries.")
    assert page.context.cookies() == []


def sign_out(visit: Visit) -> None:
    """Leave, and forget everything that the browser kept."""
    visit.press("Sign out", role="link")
    visit.press("Sign out")
    visit.page.context.clear_cookies()
