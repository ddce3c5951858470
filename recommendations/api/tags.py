"""The tags of answers: strong from the versions of rows, weak from the counters of frameworks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from agencies.access import Roles
from recommendations.api.problems import Refused
from recommendations.api.reader import Reader
from recommendations.api.resources import Resource
from recommendations.domain import access

OURS = re.compile(r'(?:W/)?"(\d{1,9})(?:-(\d{1,9}))?"')
"""A tag of a row; a proxy that compresses answers weakens it."""
TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
"""A tag of anything, as RFC 9110 has it."""


def counted_tag(reader: Reader, *of: str, public: bool) -> str:
    """Return the weak tag of an answer that changes with the counters alone.

    It holds who may read what, the language, the release and the day, because what is overdue
    changes with the clock. Of a framework in which the reader has no part it holds the public
    counter, which must not move with what is held. It is signed, so that nobody counts the
    changes behind it (docs/decisions/0018).
    """
    roles = reader.roles
    counters = sorted(
        (pk, one.counter if has_part(roles, pk, public=public) else one.public_counter)
        for pk, one in reader.frameworks.items()
    )
    held = [
        sorted(map(str, one))
        for one in (roles.agencies, roles.coordinates, roles.administers, roles.observes)
    ]
    said = [counters, held, settings.RELEASE, translation.get_language(), reader.at.date(), of]
    digest = salted_hmac("recommendations.api.tags", repr(said), algorithm="sha256").hexdigest()
    return f'W/"{digest[:32]}"'


def has_part(roles: Roles, framework_id: int, *, public: bool) -> bool:
    """Say whether what is not public in a framework may show in a list for a person.

    Agencies report in any of them. An observer is shown rounds, which are not public.
    """
    oversees = access.sees_inside(roles, framework_id)
    return bool(roles.agencies) or oversees or (not public and roles.is_observer(framework_id))


def list_tag(resource: Resource, reader: Reader, address: str, kind: str) -> str:
    """Return the tag of a list, or "" where no counter tells whether it changed.

    What is not public is told to people with a part in it: others get no tag that moves.
    """
    if not resource.counted or not (resource.public or reader.sees_inside):
        return ""
    return counted_tag(reader, resource.name, address, kind, public=resource.public)


def tag_of(content: bytes) -> str:
    """Return the weak tag of an answer whose version nothing else tells: a hash of what it says."""
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def is_known(tag: str, header: str) -> bool:
    """Say whether one of the tags of If-None-Match is this one; weak or strong is the same."""
    return bool(tag) and (header.strip() == "*" or bare(tag) in map(bare, split(header)))


def split(header: str) -> Iterable[str]:
    """Return the tags in a header."""
    return TAG.findall(header)


def bare(tag: str) -> str:
    """Return a tag without the mark of a weak one."""
    return tag.strip().removeprefix("W/")


def versions_in(text: str, name: str = "If-Match") -> tuple[int, int | None]:
    """Return the versions that a tag names: of the row, and of its draft, if it does.

    Raises Refused without a tag (HTTP 428), and for what is none, or several, or * (HTTP 400):
    nobody overwrites what they have not read. A tag that is none of ours matches nothing.
    """
    tag = text.strip()
    if not tag:
        words = _("Give the ETag that you read, in %(name)s.")
        raise Refused("version-needed", words % {"name": name})
    if not TAG.fullmatch(tag):
        words = _('Give the one ETag that you read, in its quotation marks, such as "7-3".')
        if tag == "*":
            words = _("“*” would overwrite what you have not read. Give the ETag that you read.")
        raise Refused("unusable-value", words, fields={name: words})
    match = OURS.fullmatch(tag)
    if match is None:
        return -1, -1
    version, draft = match.groups()
    return int(version), None if draft is None else int(draft)
