"""The form of an answer: of those that an address has, the one that is accepted first."""

from __future__ import annotations

JSON, CSV = "application/json", "text/csv"
PROBLEM = "application/problem+json"


def form_of(header: str, offered: tuple[str, ...]) -> str:
    """Return the form that a header Accept likes best, the first without one; "" for none.

    Refusals come as JSON whatever is accepted, so whoever takes those takes JSON.
    """
    if not header.strip():
        return offered[0]
    liked = {form: max(liking(part, form) for part in header.split(",")) for form in offered}
    best = max(offered, key=lambda form: liked[form])
    return best if liked[best] > 0 else ""


def liking(part: str, form: str) -> float:
    """Return how much one part of the header likes a form: from 0 to 1, exact names first."""
    name, *parameters = (one.strip().lower() for one in part.split(";"))
    ranges = {form: 1.0, f"{form.split('/')[0]}/*": 0.999, "*/*": 0.998}
    if form == JSON:
        ranges[PROBLEM] = 0.997
    return ranges.get(name, 0.0) * weight(parameters)


def weight(parameters: list[str]) -> float:
    """Return the weight q of a part of the header; what is no number weighs nothing."""
    for one in parameters:
        key, _equals, value = one.partition("=")
        if key.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
