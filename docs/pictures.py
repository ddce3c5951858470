"""Take the pictures of the handbook from the running demo: `make pictures URL=http://…`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent / "pictures"
PICTURES = {
    "overview": ("/", 1280),
    "matrix": ("/matrix/", 1280),
    "action": ("/actions/A1/", 360),
}


def main(base: str) -> None:
    """Open each page as the public sees it, and save what is in the window."""
    FOLDER.mkdir(exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, width) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(base.rstrip("/") + path)
            page.screenshot(path=FOLDER / f"{name}.png", full_page=name == "matrix")
            print(f"docs/pictures/{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
