"""Write docs/openapi.json, the description of the API; a test compares it with the code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the file."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

    import django  # noqa: PLC0415 - the settings come first

    django.setup()
    from recommendations.api.schema.document import document, written  # noqa: PLC0415

    (ROOT / "docs" / "openapi.json").write_text(written(document()))


if __name__ == "__main__":
    main()
