"""What each entry of the reference data holds: its names, and the type of each value.

A name that is missing, or one that is not known here, is refused: a slip of the pen would
otherwise be lost without a word.
"""

TEXT, NUMBER, LIST, FLAG = str, int, list, bool
MAYBE_TEXT, MAYBE_NUMBER = (str, type(None)), (int, type(None))

AGENCY = {
    "code": TEXT,
    "acronym": TEXT,
    "name": TEXT,
    "aliases": LIST,
    "category": TEXT,
    "counted": FLAG,
    "order": NUMBER,
}
GROUP = {
    "code": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "parent": MAYBE_TEXT,
    "predecessor": MAYBE_TEXT,
    "since": MAYBE_TEXT,
    "until": MAYBE_TEXT,
    "note": MAYBE_TEXT,
    "passage": MAYBE_NUMBER,
    "footnote": MAYBE_NUMBER,
    "memberships": LIST,
}
MEMBERSHIP = {"agency": MAYBE_TEXT, "role": TEXT, "since": MAYBE_TEXT, "until": MAYBE_TEXT}
FRAMEWORK = {
    "slug": TEXT,
    "title": TEXT,
    "short_title": TEXT,
    "source": TEXT,
    "mandate": TEXT,
    "endorsement": TEXT,
    "endorsed_on": MAYBE_TEXT,
    "areas": LIST,
    "key_elements": LIST,
    "milestones": LIST,
    "questions": LIST,
}
PASSAGE = {
    "number": NUMBER,
    "section": TEXT,
    "subsection": MAYBE_TEXT,
    "kind": TEXT,
    "marker": MAYBE_TEXT,
    "text": TEXT,
}
FOOTNOTE = {"number": NUMBER, "text": TEXT, "passage": NUMBER, "offset": NUMBER}
AREA = {
    "code": TEXT,
    "title": TEXT,
    "statement": TEXT,
    "order": NUMBER,
    "passage": NUMBER,
    "actions": LIST,
}
ACTION = {
    "code": TEXT,
    "kind": TEXT,
    "official_text": TEXT,
    "short_title": TEXT,
    "order": NUMBER,
    "passage": NUMBER,
}
KEY_ELEMENT = {"code": TEXT, "text": TEXT, "order": NUMBER, "passage": NUMBER}
MILESTONE = {
    "code": TEXT,
    "year": NUMBER,
    "on": TEXT,
    "until": MAYBE_TEXT,
    "precision": TEXT,
    "date_text": TEXT,
    "title": TEXT,
    "text": TEXT,
    "quoted": FLAG,
    "passage": NUMBER,
    "footnote": MAYBE_NUMBER,
    "order": NUMBER,
}
QUESTION = {"number": NUMBER, "key": TEXT, "heading": TEXT, "text": TEXT, "passage": NUMBER}

SOURCE = {"framework": TEXT, "passages": LIST, "footnotes": LIST}
AGENCIES = {"footnote": NUMBER, "agencies": LIST}
GROUPS = {"groups": LIST}
