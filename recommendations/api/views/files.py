"""Files that are handed out: as attachments, and nothing in them may run here."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

SANDBOX = "default-src 'none'; sandbox"
"""A file is somebody else's: a browser may show it, but nothing in it may run."""


def attached(file: Any, *, name: str, media_type: str, tag: str) -> HttpResponseBase:
    """Return a file as an attachment; one that is open is sent in pieces and closed."""
    answer: HttpResponseBase
    if isinstance(file, bytes):
        answer = HttpResponse(file, content_type=media_type)
    else:
        answer = FileResponse(file, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    if tag:
        answer["ETag"] = tag
    return answer
