"""What demo people write: short, neutral, marked. None of it happened."""

from __future__ import annotations

DONE = {
    "A1": (
        "a checklist of the core instruments was shared with country offices.",
        "two technical seminars on ratification were held with ministries of labour.",
        "legal advice on the effect of the instruments was given on request.",
    ),
    "A2": (
        "a media guide on migration was tested with two newsrooms.",
        "school material against xenophobia was prepared for review.",
        "a short public campaign was run with local partners.",
    ),
    "A3": (
        "a note on portable social security benefits was circulated.",
        "access of migrants to basic services was mapped in three places.",
        "training for front-line staff of social services was given.",
    ),
    "B1": (
        "a common set of migration questions was proposed for household surveys.",
        "national statistical offices compared their definitions in a workshop.",
        "existing tables were brought into one format and published.",
    ),
    "B2": (
        "a short method for impact assessment was agreed with partners.",
        "two earlier projects were evaluated with the shared method.",
        "lessons from evaluations were collected in one paper.",
    ),
    "B3": (
        "a network of research institutes in the South met for the first time.",
        "small grants for studies on South–South migration were prepared.",
        "course material on migration research was opened to all.",
    ),
    "C1": (
        "ministries compared their migration and employment policies at a round table.",
        "a guide to the recognition of qualifications was drafted.",
        "gaps between sector policies were listed for two pilot plans.",
    ),
    "C2": (
        "a joint note on migration in the post-2015 agenda was drafted.",
        "possible indicators were discussed with the drafting teams.",
        "a side event on migration as an enabler of development was held.",
    ),
    "C3": (
        "the costs of sending money were compared along ten corridors.",
        "a paper on fair recruitment costs was discussed with employers.",
        "rural post offices were included in a pilot on remittances.",
    ),
    "D1": (
        "a workplan for joint activities in the field was agreed.",
        "country teams were asked what support of the group they need.",
        "the terms of reference of the working groups were updated.",
    ),
    "D2": (
        "background notes for two round tables of the Forum were contributed.",
        "a regional consultative meeting was supported with expertise.",
        "the follow-up to earlier Forum outcomes was summarized.",
    ),
    "D3": (
        "views of civil society on a permanent forum were collected.",
        "existing forums were compared in a short table.",
        "an options paper was started.",
    ),
    "E1": (
        "contact points for migrants caught in crises were listed.",
        "a simulation exercise on assisted return was held.",
        "guidance for consulates on stranded migrants was tested.",
    ),
    "E2": (
        "a reading list on migration and climate change was published.",
        "climate services and migration experts met for one day.",
        "case studies on environmental change were selected.",
    ),
    "E3": (
        "city networks were asked about the needs of urban migrants.",
        "a profile of migrants in cities was outlined.",
        "municipal staff exchanged experience in a webinar.",
    ),
    "E4": (
        "regional mobility agreements were reviewed.",
        "figures on South–South movements were brought together.",
        "regional partners discussed free movement protocols.",
    ),
}

CHALLENGES = (
    "staff time was short in this period.",
    "figures from partners arrived late.",
    "",
    "funding for the second part is not secured yet.",
    "definitions differ between partners and slow the work.",
    "",
)

NEXT_STEPS = (
    "a follow-up meeting with partners in the next quarter.",
    "publication of the results on the agency’s pages.",
    "translation of the material into two languages.",
    "a short review of what was reached.",
)

ANSWERS = (
    ("seminars with ministries and a report on each.", "country offices took part in joint work."),
    ("background notes for two round tables.", "a speaker and two papers for the Forum."),
    ("a checklist that other offices now use.", "cities that share what they learned.", ""),
    ("figures from partners arrive late.", "", "few staff for many requests."),
    ("little is known of short stays.", "rural places are hardly covered.", ""),
    ("name one lead for each area.", "agree on a few shared figures."),
)
"""Answers to the six questions; an empty one was not answered."""

NO_CHANGE = "the position that was reported last round still stands."
NOTHING = "no activity fell into this period."
ON_HOLD = "waiting for a decision on funding."
WAIVER = "the result is an internal agreement that is not published."
RETURNED = "say how many people or places this reached, and by when the next step is due."
FIELD_COMMENT = "a figure would help readers here."
SUGGESTION = "four workshops were held, with 120 people from nine countries."
REOPENED = "the evidence no longer opens. Give another source."
RETRACTED = "the text that was corrected named a person. It is out of the public view."
CORRECTED = "what the last text said, with the number of places put right."
ASSESSED = "the material is ready, but it is not in use yet."
PARTLY = "taken on as far as the mandate reaches."
DECLINED = "outside the mandate of this agency."
WITHDRAWN = "assigned twice by mistake."
ENDED = "handed over to the ILO, which leads on qualifications."
RELEASED = "the work continues in another programme."
EARLIER = "needed for the briefing of the principals."
LATER_TARGET = "the partners asked for more time."
QUESTION_HEADING = "Way of working"
QUESTION = "which way of working together helped most?"
RETIRED = "the answers said what the other questions say."
PHRASE = "thank you. Please say how many people this reached, and where."
CLEARS = "the deputy director clears what is sent from now on."
MORE_TIME = "figures from two country offices come after the due date."
AWAY = "on mission."
"""What each letter and sign of the plan says; "Demo: " stands before all of them."""


def demo(text: str) -> str:
    """Return a text that says of itself that it is made up; nothing stays nothing."""
    return f"Demo: {text}" if text else ""


def body(action: str, seed: int) -> dict[str, str]:
    """Return the three texts of a report on an action; the seed varies them."""
    return {
        "done": demo(DONE[action][seed % len(DONE[action])]),
        "challenges": demo(CHALLENGES[seed % len(CHALLENGES)]),
        "next_steps": demo(NEXT_STEPS[seed % len(NEXT_STEPS)]),
    }


def answers(seed: int) -> dict[str, str]:
    """Return the answers to the questionnaire; the seed varies them."""
    return {
        f"q{number}": demo(said[seed % len(said)]) for number, said in enumerate(ANSWERS, start=1)
    }
