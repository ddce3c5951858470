"""Doing a verb of the table of transitions: permitted, at the version seen, with its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from agencies.access import NotPermitted, Roles
from agencies.fixed import Fixed
from agencies.models import Token, User, Versioned
from agencies.revisions import Conflict
from recommendations.api import bodies, contents, names
from recommendations.api.columns import Kind
from recommendations.api.facts import ON_BEHALF_OF, Fact, taken_by
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader, ScopeMissing
from recommendations.api.resources import Resource
from recommendations.api.rows import STATEMENTS, one_row
from recommendations.api.tables import BY_NOUN
from recommendations.domain import access, behalf, conversation, updates, workflow
from recommendations.domain.transition import RequirementMissing

WITH: dict[str, tuple[str, ...]] = {
    "action": ("framework",),
    "assignment": ("action__framework", "agency"),
    "round": ("framework",),
    "duty": ("round__framework", "agency", "assignment__agency", "assignment__action"),
    "update": ("duty__round", "duty__assignment"),
}
"""What the rules look at, by noun: loaded with the object."""


@dataclass(frozen=True)
class Done:
    """What a verb changed or made: the row as its author sees it now, and its tag."""

    resource: Resource
    key: int | str
    row: dict[str, Any] | None
    tag: str
    made: bool


def object_of(noun: str, pk: int, reader: Reader) -> Any:
    """Return an object that exists for a reader, or Http404."""
    for found in loaded(noun, reader.roles).rows(pk=pk):
        return found
    raise Http404


@lru_cache(maxsize=STATEMENTS)
def loaded(noun: str, roles: Roles) -> Fixed:
    """Return the query of an object that exists for whoever has these roles."""
    rows = BY_NOUN[noun].rows(roles).select_related(*WITH[noun])
    return Fixed(lambda pk: rows.filter(pk=pk)[:1], pk=int)


def do(
    verb: str,
    obj: Versioned,
    given: Mapping[str, Any],
    *,
    reader: Reader,
    versions: tuple[int, int | None],
) -> Done:
    """Do a verb with what the body gives, at the versions that were seen.

    Raises what the domain raises; a stale version with what is current (HTTP 412).
    """
    noun = access.noun_of(obj)
    facts = taken_by(noun, verb)
    bodies.refuse_unknown(given, [fact.name for fact in facts])
    on_behalf = given.get(ON_BEHALF_OF.name) is not None
    refuse_if_not_permitted(verb, obj, reader, on_behalf=on_behalf)
    read = facts_in(obj, facts, given, reader)
    note = read.pop("note") or ""
    person = named(obj, read.pop(ON_BEHALF_OF.name, None), reader)
    read = about_draft(verb, obj, read, versions, on_behalf=on_behalf)
    try:
        changed = workflow.perform(
            verb,
            obj,
            by=reader.user,
            at=reader.at,
            version=versions[0],
            note=note,
            on_behalf_of=person,
            roles=reader.roles,
            **read,
        )
    except Conflict as stale:
        raise stale_now(obj, reader) from stale
    except RequirementMissing as missing:
        found = names.named(missing.problems, noun, verb, own=not on_behalf)
        raise RequirementMissing(found) from missing
    return done(changed, reader, made=changed != obj)


def facts_in(
    obj: Any, facts: Sequence[Fact], given: Mapping[str, Any], reader: Reader
) -> dict[str, Any]:
    """Return what a body says about each fact, and the rows that it names. Raises Refused."""
    read = {fact.name: bodies.read(fact, given.get(fact.name)) for fact in facts}
    for fact in facts:
        value = read[fact.name]
        if value is not None and fact.found is not None:
            read[fact.name] = fact.found(reader, obj, value)
        elif value is not None and fact.kind is Kind.OBJECT and fact.name != "content":
            bodies.refuse_unknown(value, conversation.sayable(obj)[fact.name])
            read[fact.name] = bodies.texts(fact.name, value)
    return read


def refuse_if_not_permitted(
    verb: str, obj: Versioned, reader: Reader, *, on_behalf: bool = False
) -> None:
    """Raise NotPermitted, or ScopeMissing where the person may and the token does not reach.

    Asked first, so that whoever may not learns nothing of the state.
    """

    def may(roles: Any) -> bool:
        if on_behalf:
            return behalf.may(roles, verb, obj)
        return access.may(roles, verb, obj, at=reader.at)

    who = access.WHO[access.noun_of(obj), verb]
    if on_behalf and not may(reader.roles):
        raise NotPermitted(
            _("Only a coordinator or administrator enters something on behalf of an agency.")
        )
    refuse_unless(may, str(who.words), SCOPE[who], reader)


def refuse_unless(may: Callable[[Any], bool], who: str, scope: str, reader: Reader) -> None:
    """Raise NotPermitted, or ScopeMissing where the person may and the token does not reach."""
    if may(reader.acting):
        return
    if reader.token is not None and may(reader.roles):
        words = _("The token needs the scope “%(scope)s” for this.")
        raise ScopeMissing(words % {"scope": scope}, scope)
    raise NotPermitted(_("Only %(who)s can do this.") % {"who": who})


SCOPE: dict[access.Who, str] = {
    access.Who.AGENCY: Token.Scope.REPORT,
    access.Who.CLEARING_OFFICER: Token.Scope.REPORT,
    access.Who.AGENCY_OR_STEERING: Token.Scope.REPORT,
    access.Who.AGENCY_OR_REVIEWER: Token.Scope.REPORT,
    access.Who.STEERING: Token.Scope.REVIEW,
    access.Who.STEERING_OTHERS: Token.Scope.REVIEW,
    access.Who.REVIEWER: Token.Scope.REVIEW,
    access.Who.ADMINISTRATION: Token.Scope.ADMIN,
}
"""The scope that a token needs for what these people may do."""


def named(obj: Versioned, pk: int | None, reader: Reader) -> User | None:
    """Return the person of the agency for whom something is entered.

    Somebody of another agency is refused in the words for somebody who does not exist, with
    those who can be named: the page offers the same people to the same reader.
    """
    if pk is None:
        return None
    people = behalf.people_of(access.agency_of(obj), day=reader.at.date())
    found = people.filter(pk=pk).first()
    if found is None:
        words = _("Name a focal point or alternate of this agency.")
        there = [{"id": one.pk, "name": one.name} for one in people]
        raise Refused("requirement-missing", words, fields={ON_BEHALF_OF.name: words}, people=there)
    return found


def about_draft(
    verb: str,
    obj: Any,
    read: dict[str, Any],
    versions: tuple[int, int | None],
    *,
    on_behalf: bool,
) -> dict[str, Any]:
    """Complete what a verb needs of the unsent text: its version, and its content."""
    if "draft_version" in read and read["draft_version"] is None:
        read["draft_version"] = versions[1]
    given = read.get("content")
    if verb == "submit" and given is not None and not on_behalf:
        raise Refused(
            "unusable-value",
            _("Write your own text with PATCH …/draft/, and send that."),
            fields={"content": _("Only what is entered on behalf of somebody carries it.")},
        )
    if "content" in read:
        content = contents.patched if verb == "take_suggestion" else contents.content_in
        try:
            read["content"] = content(obj, given or {})
        except Refused as refused:
            raise contents.within_it(refused) from refused
    return read


def done(changed: Versioned, reader: Reader, *, made: bool) -> Done:
    """Return what a change made of an object, as its author sees it."""
    return shown(BY_NOUN[access.noun_of(changed)], changed, reader, made=made)


def shown(resource: Resource, changed: Versioned, reader: Reader, *, made: bool) -> Done:
    """Return a row of a resource as the reader sees it now."""
    key = getattr(changed, resource.key)
    found = one_row(resource, reader, key, resource.described)
    row, version = found if found is not None else (None, "")
    return Done(resource, key, row, f'"{version}"' if version else "", made)


def stale_now(obj: Versioned, reader: Reader) -> Refused:
    """Return the refusal of a stale version, with the row and the tag as they are now."""
    return stale_row(BY_NOUN[access.noun_of(obj)], obj, reader)


def stale_row(resource: Resource, obj: Versioned, reader: Reader) -> Refused:
    """Return the same of a row of any resource."""
    now = shown(resource, obj, reader, made=False)
    words = _("Somebody changed it since you read it. “current” is what it is now.")
    return Refused("stale", words, headers={"ETag": now.tag}, tag=now.tag, current=now.row)


def read_draft(update: Any, *, reader: Reader) -> Done:
    """Return the text that saving starts from, with the tag that it needs.

    The tag is read first: of a text that is saved between the two it is stale, and saving says so.
    """
    if not access.sees_text(reader.roles, update):
        who = access.WHO["update", "edit"].words
        raise NotPermitted(_("Only %(who)s can read it.") % {"who": who})
    now = done(update, reader, made=False)
    return replace(now, row=contents.told(update))


def save_draft(
    update: Any, given: Mapping[str, Any], *, reader: Reader, versions: tuple[int, int | None]
) -> Done:
    """Save the unsent text of an update with these fields changed."""
    refuse_if_not_permitted("edit", update, reader)
    content = contents.patched(update, given)
    try:
        refuse_other_update(update, reader, versions)
        updates.save_draft(
            update, content=content, by=reader.user, at=reader.at, version=versions[1] or 0
        )
    except Conflict as stale:
        raise stale_now(update, reader) from stale
    return done(update, reader, made=False)


def delete_draft(update: Any, *, reader: Reader, versions: tuple[int, int | None]) -> Done:
    """Throw the unsent text of an update away."""
    refuse_if_not_permitted("edit", update, reader)
    try:
        refuse_other_update(update, reader, versions)
        updates.delete_draft(update, by=reader.user, at=reader.at, version=versions[1] or 0)
    except Conflict as stale:
        raise stale_now(update, reader) from stale
    return done(update, reader, made=False)


def refuse_other_update(update: Any, reader: Reader, versions: tuple[int, int | None]) -> None:
    """Raise what saving would raise, then Conflict where another version was seen."""
    updates.check_writable(update, reader.roles, at=reader.at)
    if update.version != versions[0]:
        raise Conflict(update, {})
