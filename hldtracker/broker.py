"""The broker in files, for a site without Redis: a message is there as a whole, or not at all."""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem


class Channel(filesystem.Channel):
    """Kombu's own, but for how its files are written.

    There another program can meet a file that has its name and no content yet. A worker ends over
    that, and its message is lost; until it runs again seconds pass.
    """

    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        """Put a message on a queue."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        os.replace(self._written(payload), Path(self.data_folder_out, name))

    def _queue_bind(self, exchange: str, *bound: Any) -> None:
        """Note that a queue takes what an exchange gets."""
        file = self.control_folder / f"{exchange}.exchange"
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            empty = self._written([])
            with suppress(FileExistsError):
                os.link(empty, file)
            empty.unlink()
        super()._queue_bind(exchange, *bound)

    def _written(self, content: Any) -> Path:
        """Return a file with this content, under a name that nobody looks for."""
        file = Path(self.data_folder_out, f".{uuid.uuid4()}.part")
        file.write_text(json.dumps(content))
        return file


class Transport(filesystem.Transport):
    """Kombu's own, with our channel."""

    Channel = Channel


def install() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
