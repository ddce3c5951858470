"""Programs that a test starts meet it in its database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings


def address_of_database(connection: Any) -> str:
    """Return the DATABASE_URL of the database that a test works in."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(known['NAME']).relative_to(settings.BASE_DIR)}"
    place = f"{known['USER']}@{known['HOST']}:{known['PORT'] or 5432}"
    return f"postgres://{place}/{known['NAME']}"
