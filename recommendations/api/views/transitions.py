"""Many transitions in one request: each as if it came alone, answered row by row."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agencies.history import canonical, sha256
from recommendations.api import repeats, writing
from recommendations.api.asked import single, unknown, wrong
from recommendations.api.bodies import body_of, read, refuse_missing, refuse_unknown
from recommendations.api.columns import Kind
from recommendations.api.facts import Fact, words
from recommendations.api.problems import problem_of
from recommendations.api.repeats import Asking
from recommendations.api.tables import BY_NOUN
from recommendations.api.tags import versions_in
from recommendations.api.views.writing import Writing, hash_of
from recommendations.domain import workflow

MOST = 100
VERBS: dict[str, list[str]] = {
    noun: [row.verb for row in workflow.TABLE if row.noun == noun] for noun in BY_NOUN
}
"""The verbs of each kind of object."""
Nouns = words("Nouns", [(noun, f"of {BY_NOUN[noun].name}/") for noun in VERBS])
Verbs = words(
    "Verbs",
    [
        (verb, f"to: {', '.join(noun for noun, verbs in VERBS.items() if verb in verbs)}")
        for verb in sorted({row.verb for row in workflow.TABLE})
    ],
)
SENT = (
    Fact("noun", "kind of the object", Kind.WORD, Nouns),
    Fact("id", "number of the object", Kind.INTEGER),
    Fact("verb", "what is done to it", Kind.WORD, Verbs),
)
"""By what a row is known again."""
ROW = (
    *SENT,
    Fact("tag", "the ETag of the object, as you read it"),
    Fact("facts", "what the body of the verb would hold", Kind.OBJECT),
)


class Transitions(Writing):
    """A list of transitions. One that is refused hinders no other."""

    cost = 20

    def post(self, request: Request) -> HttpResponse:
        """Do them in their order, and answer for each."""
        single(request.query_params, ())
        given = body_of(request)
        refuse_unknown(given, ("transitions",))
        rows = given.get("transitions")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
            message = _("Give a list of 1 to %(most)d transitions.") % {"most": MOST}
            raise wrong("transitions", message)

        key = repeats.key_in(request.headers.get(repeats.HEADER, ""))
        if not key:
            return self.answered({"results": [self.one(row) for row in rows]})
        keys = [f"{key} {place}" for place in range(len(rows))]

        def work() -> HttpResponse:
            found = [self.one(row, once) for row, once in zip(rows, keys, strict=True)]
            return self.answered({"results": found})

        asking = Asking(self.reader.owner, key, hash_of(request))
        return repeats.once(asking, work, together=False)

    def one(self, given: Any, key: str = "") -> dict[str, Any]:
        """Do one of them, once for its key, and return what became of it, beside what it was."""
        sent = given if isinstance(given, dict) else {}
        named = {fact.name: sent.get(fact.name) for fact in SENT}
        try:
            if not key:
                return named | self.do(given)
            asking = Asking(self.reader.owner, key, sha256(canonical({"row": given})))
            answer = repeats.once(asking, lambda: self.answered(self.do(given)))
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return named | {"status": problem["status"], "problem": problem}
        return named | dict(json.loads(answer.content))

    def do(self, given: Any) -> dict[str, Any]:
        """Do one of them, and return what it left. Raises what refuses it."""
        if not isinstance(given, dict):
            raise wrong("transitions", _("Each of them is an object."))
        refuse_unknown(given, [fact.name for fact in ROW])
        refuse_missing(given, SENT)
        row = {fact.name: read(fact, given.get(fact.name)) for fact in ROW}
        noun, verb = row["noun"], row["verb"]
        if verb not in VERBS[noun]:
            raise unknown("verb", verb, VERBS[noun])
        obj = writing.object_of(noun, row["id"], self.reader)
        versions = versions_in(row["tag"] or "", "tag")
        done = writing.do(verb, obj, row["facts"] or {}, reader=self.reader, versions=versions)
        return {
            "status": 201 if done.made else 200,
            "resource": done.resource.name,
            "tag": done.tag,
            "row": done.row,
        }
