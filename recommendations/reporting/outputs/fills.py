"""How statuses look in files: the fills, textures and edges of the style sheet, in light.

tests/project/test_palette.py keeps them equal to the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

PANEL = "#ffffff"
TEXT = "#14181f"
MUTED = "#4a5160"
EDGE = "#6b7280"
HAIR = "#d5dae1"
SHADE = "#f4f6f8"
WARNED = "#ffe3cc"


@dataclass(frozen=True)
class Fill:
    """A fill, the ink that is read on it, its texture in a colour of its own, and its edge."""

    fill: str
    ink: str
    texture: str = ""
    line: str = PANEL
    edge: str = EDGE
    dash: str = ""
    thick: bool = False


DISCONTINUED = Fill("#e6e9ee", TEXT, "counter-stripes", "#bcc3cd")
NO_REPORT = Fill(PANEL, MUTED, dash="dashed")
FILLS = {
    "implemented": Fill("#0b4f6c", "#ffffff"),
    "reported_implemented": Fill(PANEL, TEXT, edge="#0b4f6c", thick=True),
    "partly_implemented": Fill(PANEL, TEXT, "band", "#0b4f6c"),
    "continuing": Fill("#8fae7f", "#0b1015", "lines", "#789968"),
    "in_progress": Fill("#4d95ba", "#0b1015"),
    "on_hold": Fill("#f0b357", "#0b1015", "stripes", "#d3913a"),
    "not_started": Fill("#d5e5ec", "#0b1015"),
    "discontinued": DISCONTINUED,
    "closed_not_implemented": DISCONTINUED,
    "no_report": NO_REPORT,
    "no_information": NO_REPORT,
    "no_lead": Fill(PANEL, TEXT, "dots", "#c4cad3", dash="dotted"),
}
"""The value of a RollUp or a Shown -> its look."""
MARKS = {"overdue": Fill("#fde4e1", "#8c1d18"), "count": Fill("#d9ecf9", "#083f66")}
"""What is no status and has a look all the same: days past a date, and a mere number."""
PLAIN = Fill("#e6e9ee", TEXT)
"""The look of a part of a bar that is no status."""
