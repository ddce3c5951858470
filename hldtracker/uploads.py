"""What an upload may cost: no file is written beyond the size that is refused anyway."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler

from recommendations.domain.evidence import LARGEST


class LimitedUploadHandler(FileUploadHandler):
    """Lets a file through until it is too large, and swallows the rest of it.

    The form still gets the file, cut just above the limit, so that it says which limit was
    met, and everything else that was typed stays.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on, unless the file is too large already."""
        return raw_data if start <= LARGEST else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""
