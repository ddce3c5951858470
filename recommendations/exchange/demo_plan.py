"""The plan of the demo: who has which action, and how each report goes. Made up throughout.

A report is one letter for what it claims, and a sign for what becomes of it.

    n not started      h on hold                      d discontinued: overtaken by events
    p in progress      i implemented, verified        s discontinued: superseded by B3
    c continuing       u implemented, left open       k discontinued: not pursued
    = nothing new      x implemented, assessed as     0 nothing to report
    - no report          in progress            q answers to the questionnaire

    (none) approved    + returned once, then approved    ? waits for a decision
    ~ still a draft    > returned, sent again, waits     < returned
    ! reopened         w sent and taken back
"""

from __future__ import annotations

from typing import NamedTuple


class Leading(NamedTuple):
    """A lead or co-lead, and its report in each of the three rounds."""

    action: str
    agency: str
    role: str
    reports: tuple[str, ...]
    target: int | None
    """Days from now to the target date; None: no date."""


def leads(action: str, *places: tuple[str, str, int | None]) -> tuple[Leading, ...]:
    """Return the leads of an action: (agency, reports, target); several are co-leads."""
    role = "co_lead" if len(places) > 1 else "lead"
    return tuple(
        Leading(action, agency, role, tuple(reports.split()), target)
        for agency, reports, target in places
    )


LEADING = (
    *leads("A1", ("ILO", "p p+ p?", 200)),
    *leads(
        "A2",
        ("OHCHR", "c c c?", None),
        ("UNESCO", "c c c", None),
        ("IOM", "c c =", None),
        ("UNWOMEN", "c c+ c?", None),
    ),
    *leads(
        "A3",
        ("ILO", "p p p<", 120),
        ("UNICEF", "p x p?", -40),
        ("WHO", "n p p~", 160),
        ("UNAIDS", "p p p?", 160),
        ("UNWOMEN", "n p p?", None),
    ),
    *leads(
        "B1",
        ("UNDESA", "p p p", 300),
        ("IOM", "p p p?", 300),
        ("WORLDBANK", "p p pw", 300),
        ("UNRC", "p p p?", None),
        ("UNFPA", "p p+ p?", 240),
        ("UNICEF", "p = -", 240),
    ),
    *leads("B2", ("WORLDBANK", "p p i", -100), ("UNITAR", "p i+ 0", -100)),
    *leads("B3", ("UNDESA", "p i -", -150), ("UNRC", "p u -", -150)),
    *leads("C2", ("UNDP", "p u =?", -130), ("UNDESA", "p p d", None)),
    *leads(
        "C3",
        ("WORLDBANK", "p+ p p?", 90),
        ("IFAD", "p p p<", 90),
        ("UPU", "n p p?", -20),
        ("ILO", "p p p~", 90),
        ("UNCTAD", "p - p?", None),
    ),
    *leads(
        "D1",
        ("IOM", "p+ p p>", 150),
        ("UNDP", "p p p~", 150),
        ("UNFPA", "p p p?", 150),
        ("UNITAR", "p p p?", None),
    ),
    *leads("D2", ("IOM", "c c c?", None), ("UNDESA", "c c -", None), ("UNRC", "c p p?", None)),
    *leads("E1", ("IOM", "p p p!", 60), ("UNHCR", "p p+ p?", 60), ("IMO", "n p p?", 250)),
    *leads("E2", ("UNEP", "p h h?", 180), ("WMO", "n h p?", 180), ("FAO", "p p -", None)),
    *leads("E3", ("UNHABITAT", "n n p?", -10)),
    *leads("E4", ("UNRC", "p s -", None), ("UNCTAD", "n k 0?", None)),
)

SUPPORTING = {
    "A1": "OHCHR:c UNHCR:c UNICEF:p UNWOMEN:p UNODC:p SRHRM:c NGOCM:p UNRC:n UNESCO:p IOM:c "
    "IMO:declined UNAIDS:proposed UNFPA:-",
    "A2": "ILO:p UNHCR:c UNICEF:p UNDP:p UNFPA:p UNAIDS:i SRHRM:c NGOCM:c UNRC:-",
    "A3": "IOM:p UNHCR:p OHCHR:p UNFPA:p UNDP:n WORLDBANK:p FAO:partly UNHABITAT:p NGOCM:p "
    "SRHRM:declined",
    "B1": "ILO:p OHCHR:n UNESCO:p UNODC:p UNWOMEN:p WHO:i FAO:- UNHABITAT:n UNAIDS:p",
    "B2": "ILO:p IOM:p UNDP:u UNICEF:i UNFPA:- UNWOMEN:n IFAD:p UNDESA:p UNRC:proposed",
    "B3": "ILO:p IOM:p UNDP:p UNESCO:p UNITAR:i UNICEF:- UNCTAD:partly WORLDBANK:p UNHABITAT:n",
    "C1": "IOM:p UNESCO:p UNFPA:p UNICEF:p WHO:n UNWOMEN:p UNDESA:p UNRC:- WIPO:declined "
    "UNAIDS:consider UNCTAD:p",
    "C2": "IOM:i ILO:i UNFPA:u UNICEF:p UNESCO:p WHO:p UNWOMEN:p OHCHR:p UNHABITAT:p UNEP:n "
    "FAO:p IFAD:- UNRC:p NGOCM:c",
    "C3": "IOM:p FAO:n UNDP:p UNDESA:p UNRC:p UNWOMEN:partly ICAO:withdrawn",
    "D1": "ILO:p UNICEF:p UNHCR:p OHCHR:p UNODC:n UNESCO:p WHO:- WORLDBANK:p UNWOMEN:p UNRC:i",
    "D2": "ILO:c UNDP:c UNFPA:p UNHCR:p OHCHR:c UNESCO:p UNITAR:p WORLDBANK:p UNWOMEN:p NGOCM:c "
    "SRSG:c SRHRM:-",
    "D3": "IOM:h OHCHR:n UNFPA:n SRHRM:p SRSG:p UNESCO:declined",
    "E1": "OHCHR:p ILO:p UNICEF:p UNODC:p ICAO:p WHO:p UNFPA:n SRHRM:p NGOCM:p UNDP:-",
    "E2": "IOM:p UNHCR:p UNDP:p UNESCO:p UNFPA:n UNHABITAT:p IFAD:partly UNRC:p WHO:- "
    "UNITAR:withdrawn",
    "E3": "IOM:p WHO:p UNICEF:p UNESCO:i UNFPA:n UNHCR:p UNDESA:k ILO:- UNEP:consider",
    "E4": "ILO:p IOM:p UNDP:p UNDESA:n UNWOMEN:p ICAO:declined WORLDBANK:p UNITAR:p WIPO:proposed",
}
"""Supporting agencies: their report in the second round, or what they answered instead."""

QUESTIONNAIRE = "questionnaire"
"""What stands in place of an action where an agency answers the questionnaire."""

ANSWERING = {
    "ILO": "q q+ -",
    "IOM": "q q q",
    "OHCHR": "q q q",
    "UNHCR": "q+ q q?",
    "UNICEF": "q q q?",
    "UNDP": "q 0 q~",
    "UNDESA": "q q -",
    "UNESCO": "q - q<",
    "UNFPA": "- q q?",
    "WHO": "0 q q~",
    "WORLDBANK": "q q -",
    "UNITAR": "q q 0",
    "SRSG": "q q q?",
}
"""Agencies that answer the questionnaire, in each round; the others have not."""

PARTLY_LEADING = {("C3", "UPU"), ("E1", "IMO")}
"""Leads that took their action on in part."""

THROUGH = {
    ("D1", "UNDP"): "GMG-MAINSTREAMING",
    ("B1", "UNDESA"): "GMG-DATA-RESEARCH",
    ("B1", "IOM"): "GMG-DATA-RESEARCH",
    ("A2", "OHCHR"): "GMG-HUMAN-RIGHTS-GENDER",
    ("A2", "UNWOMEN"): "GMG-HUMAN-RIGHTS-GENDER",
    ("D1", "UNITAR"): "GMG-CAPACITY-DEVELOPMENT",
    ("A3", "ILO"): "GMG-DECENT-WORK",
}
"""Assignments that a working group passed on to those who lead it."""

ALTERNATES = ("ILO", "IOM", "UNDESA", "UNDP", "UNHCR", "UNICEF", "WHO", "OHCHR")
"""The agencies that have an alternate beside the focal point."""
