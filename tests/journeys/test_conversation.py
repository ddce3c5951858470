"""A reviewer returns an update with a suggested text; the focal point takes it over and sends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import Comment
from tests.journeys.conftest import Visit, World
from tests.journeys.test_main_story import sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUGGESTED = "Two technical seminars were held in May."


def test_a_return_with_a_suggested_text_is_answered_in_three_clicks(
    world: World, visit: Visit
) -> None:
    page, form = visit.page, f"/updates/{world.update.pk}/"
    focal_point, coordinator = (world.addresses[who] for who in ("ILO focal point", "Coordinator"))
    world.sends(world.update, body={"done": "Two technical seminars were held."})

    # C2: the coordinator opens the update, types, and returns it: two clicks and the text.
    visit.go(f"/queue/{world.update.pk}/")
    visit.sign_in(coordinator)
    page.get_by_text("Comment on single fields, or suggest a text").click()
    visit.clicks += 1
    page.get_by_label("On what was done (optional)", exact=True).fill("When was it?")
    page.get_by_label("On what was done: suggested text").fill(SUGGESTED)
    page.get_by_label("Comment to the agency").fill("Say when.")
    soon = timezone.now().date() + timedelta(days=7)
    page.get_by_label("New due date").fill(soon.isoformat())
    visit.press("Return for changes")
    visit.took(2, "C2 return with a comment and a suggested text", target=2)
    sign_out(visit)

    # F4: from the address of the field to the coordinator in three clicks, nothing typed.
    visit.go(f"{form}#id_done")
    visit.sign_in(focal_point)
    assert visit.reads("When was it?")
    visit.press("Use this text")
    assert page.get_by_label("What was done in this round").input_value() == SUGGESTED
    assert page.url.endswith(f"#comment-{Comment.objects.get().pk}")
    visit.press("Check and send")
    assert visit.reads("1 open comment, 1 answered")
    visit.press("Send to the coordinator")
    assert visit.reads("Update sent")
    visit.took(3, "F4 answer a return with the suggested text", target=4)
    sign_out(visit)

    # The coordinator finds the comment answered, closes it, and approves.
    visit.go(f"/queue/{world.update.pk}/")
    visit.sign_in(coordinator)
    assert visit.reads("took the suggested text over")
    visit.press("Close the comment on What was done")
    assert visit.reads("Closed comments (1)")
    visit.clicks = 0
    visit.press("Approve and open next")
    assert visit.clicks == 1
