"""What becomes of approved reports in the demo: corrected and retracted, in closed rounds too."""

from __future__ import annotations

from datetime import datetime

from recommendations.domain import updates
from recommendations.exchange import demo_texts
from recommendations.exchange.demo_story import Place, Story
from recommendations.exchange.demo_texts import demo


def plan_turns(story: Story) -> None:
    """Plan a correction that was approved, after which the old text was retracted, and one that
    its agency is writing.
    """
    approved, begun = ("D2", "UNDESA"), ("A2", "UNESCO")
    story.on(140, correct, story, 1, approved)
    story.on(139, story.send, 1, approved, 0)
    story.on(137, story.approve, 1, approved, "c", 0)
    story.on(136, retract_corrected, story, 1, approved)
    story.on(4, correct, story, 2, begun)


def correct(story: Story, number: int, place: Place, *, at: datetime) -> None:
    """Begin the correction of a report and save its draft."""
    by = story.writer(place[1])
    correction = story.do("correct", story.updates[number, place], by=by, at=at)
    content = updates.starting_content(correction)
    content["body"] = {**content["body"], "done": demo(demo_texts.CORRECTED)}
    updates.save_draft(correction, content=content, by=by, at=at, version=0)
    story.updates[number, place] = correction


def retract_corrected(story: Story, number: int, place: Place, *, at: datetime) -> None:
    """Take the text that was corrected out of the public view; the correction stays in force."""
    corrected = story.updates[number, place].corrects
    note = demo(demo_texts.RETRACTED)
    story.do("retract", corrected, by=story.people.coordinator, at=at, note=note)
