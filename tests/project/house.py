"""Where the files of the house are."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hldtracker", "agencies", "recommendations")


def python_files() -> Iterator[Path]:
    """Yield the modules of the application, without migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates() -> list[Path]:
    """Return every template."""
    return sorted((ROOT / "templates").rglob("*.html"))


def stylesheets() -> list[Path]:
    """Return every stylesheet of our own."""
    return sorted((ROOT / "hldtracker" / "static").rglob("*.css"))


def tracked_files() -> list[Path]:
    """Return the text files that git keeps, or every file outside folders that runs leave."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        skipped = {".git", ".venv", "var", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if not skipped & set(path.parts)]
    else:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in found if path.is_file() and b"\0" not in path.read_bytes()[:1024]]
