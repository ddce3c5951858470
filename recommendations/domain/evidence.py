"""Evidence: links and files that show what an update claims."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from recommendations.domain.transition import RequirementMissing
from recommendations.domain.updates import claim_to_write, write_author
from recommendations.models import Evidence, Update

LARGEST = 10 * 1024 * 1024
"""Bytes in one file."""
LONGEST_TITLE, LONGEST_URL = 200, 1000
"""Characters."""


@dataclass(frozen=True)
class FileType:
    """A type of file that may be evidence: its ending, its first bytes, its media type."""

    ending: str
    signatures: tuple[bytes, ...]
    media_type: str


ZIP = (b"PK\x03\x04",)
TYPES = {
    kind.ending: kind
    for kind in (
        FileType("pdf", (b"%PDF-",), "application/pdf"),
        FileType(
            "docx",
            ZIP,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        FileType("xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileType(
            "pptx",
            ZIP,
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        FileType("odt", ZIP, "application/vnd.oasis.opendocument.text"),
        FileType("ods", ZIP, "application/vnd.oasis.opendocument.spreadsheet"),
        FileType("png", (b"\x89PNG\r\n\x1a\n",), "image/png"),
        FileType("jpg", (b"\xff\xd8\xff",), "image/jpeg"),
        FileType("jpeg", (b"\xff\xd8\xff",), "image/jpeg"),
        FileType("txt", (), "text/plain"),
        FileType("csv", (), "text/csv"),
    )
}
"""Allowed by ending and by first bytes: no SVG, HTML or XML, which browsers may run."""


def file_type(file: File[Any]) -> FileType:
    """Return the type of a file, or raise RequirementMissing saying which limit it meets."""
    name = file.name or ""
    size = file.size or 0
    if size > LARGEST:
        raise RequirementMissing(
            {
                "file": _("This file is larger than %(limit)d MB. Choose a smaller one.")
                % {"limit": LARGEST // 1024 // 1024}
            }
        )
    if size == 0:
        raise RequirementMissing({"file": _("This file is empty. Choose another.")})
    kind = TYPES.get(name.rsplit(".", 1)[-1].lower())
    if kind is None:
        raise RequirementMissing(
            {
                "file": _("Choose a file of one of these types: %(types)s.")
                % {"types": ", ".join(TYPES)}
            }
        )
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    sound = head.startswith(kind.signatures) if kind.signatures else b"\x00" not in head
    if not sound:
        raise RequirementMissing(
            {
                "file": _("The content of this file is not what its ending .%(ending)s says.")
                % {"ending": kind.ending}
            }
        )
    return kind


def check_length(*, title: str, url: str = "") -> None:
    """Raise RequirementMissing where a title or an address is longer than is kept."""
    too_long = {}
    if len(title.strip()) > LONGEST_TITLE:
        too_long["title"] = _("Shorten the title to %(limit)d characters.") % {
            "limit": LONGEST_TITLE
        }
    if len(url) > LONGEST_URL:
        too_long["url"] = _("Give an address of %(limit)d characters at most.") % {
            "limit": LONGEST_URL
        }
    if too_long:
        raise RequirementMissing(too_long)


def add_link(
    update: Update, *, url: str, title: str, public: bool, by: User, at: datetime
) -> Evidence:
    """Add a link to an update that is being written."""
    check_length(title=title, url=url)
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as error:
        raise RequirementMissing(
            {"url": _("Enter a full web address that begins with https:// or http://.")}
        ) from error
    with transaction.atomic():
        claimed = claim_to_write(update, by=by, at=at)
        write_author(claimed, by=by, at=at)
        return Evidence.objects.create(
            update=claimed,
            kind=Evidence.Kind.LINK,
            url=url,
            title=title.strip() or url[:200],
            public=public,
            added_at=at,
            added_by=by,
        )


def add_file(
    update: Update, *, file: File[Any], title: str, public: bool, by: User, at: datetime
) -> Evidence:
    """Add a file to an update that is being written.

    The name on disk is ours; the bytes are written before the row, so that a crash leaves
    a stray file and never a row without its file.
    """
    check_length(title=title)
    kind = file_type(file)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    original = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1][-200:]
    with transaction.atomic():
        claimed = claim_to_write(update, by=by, at=at)
        write_author(claimed, by=by, at=at)
        stored_as = default_storage.save(f"evidence/{token_hex(16)}.{kind.ending}", file)
        return Evidence.objects.create(
            update=claimed,
            kind=Evidence.Kind.FILE,
            stored_as=stored_as,
            original_name=original,
            media_type=kind.media_type,
            size=file.size or 0,
            sha256=digest.hexdigest(),
            title=title.strip() or original,
            public=public,
            added_at=at,
            added_by=by,
        )


def detach(evidence: Evidence, *, by: User, at: datetime) -> None:
    """Take evidence off an update that is being written; what was sent with it stays."""
    with transaction.atomic():
        claim_to_write(evidence.update, by=by, at=at)
        Evidence.objects.filter(pk=evidence.pk, detached_at__isnull=True).update(
            detached_at=at, detached_by=by
        )
