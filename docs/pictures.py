"""Take pictures of the running demo: `make pictures URL=http://…`.

The README's three, pages of the round report and the mails go to docs/pictures. Every page of
daily work goes to var/pictures or to the folder named second, in a wide and a narrow window: to be
looked at, not kept. The demo runs in this tree: which page shows something, and the demo's
password, are read from its database.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone, translation
from mail_pictures import take_mails
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
README = (("overview", "/", 1280), ("matrix", "/matrix/", 1280), ("action", "/actions/A1/", 360))
WIDTHS = (1280, 360)
LOOKS = ("", "dark", "rtl")
COORDINATOR, ADMINISTRATOR, ILO, IOM, UNDP = (
    f"{mailbox}@demo.example"
    for mailbox in ("coordinator", "administrator", "ilo.focal", "iom.focal", "undp.focal")
)


class Shot(NamedTuple):
    """One page: who sees it, where, and of which object; no object where `of` is nothing."""

    name: str
    who: str
    path: str
    of: str = ""
    where: dict[str, Any] | None = None
    looks: tuple[str, ...] = ("",)


DUE = {"duty__round__state": "open", "duty__kind": "progress"}
ASKED = {"duty__round__state": "open", "duty__kind": "questionnaire"}
ILOS = {**DUE, "duty__assignment__agency__code": "ILO"}
IOMS = {**DUE, "duty__assignment__agency__code": "IOM"}
SENT, APPROVED = {"review_state": "submitted"}, {"review_state": "approved"}
OWED = {"state": "open", "round__state": "open", "kind": "progress"}
OPEN, CLOSED, PLANNED = ({"state": state} for state in ("open", "closed", "planned"))
UPDATE, DUTY, ROUND, AGENCY, ASSIGNMENT = (
    *(f"recommendations.{name}" for name in ("Update", "Duty", "Round")),
    "agencies.Agency",
    "recommendations.Assignment",
)
SHOTS = (
    Shot("work", ILO, "/work/"),
    Shot("inbox", ILO, "/inbox/"),
    Shot("notices", ILO, "/account/notices/"),
    Shot("form", ILO, "/updates/{0.pk}/", UPDATE, {**ILOS, "review_state": "returned"}, LOOKS),
    Shot("check", ILO, "/updates/{0.pk}/check/", UPDATE, {**ILOS, "draft__isnull": False}),
    Shot("questionnaire", ILO, "/updates/{0.pk}/", UPDATE, {**ASKED, "duty__agency__code": "ILO"}),
    Shot("comment", ILO, "/comments/{0.pk}/", "recommendations.Comment",
         {"submission__update__duty__assignment__agency__code": "ILO", "closed_at": None}),
    Shot("thread", ILO, "/actions/A3/ILO/"),
    Shot("unasked", ILO, "/work/unasked/"),
    Shot("time-ask", ILO, "/duties/{0.pk}/ask/", DUTY,
         {**OWED, "assignment__agency__code": "ILO", "updates__review_state": "draft",
          "time_requests": None}),
    Shot("respond", UNDP, "/assignments/{0.pk}/respond/", ASSIGNMENT,
         {"agency__code": "UNDP", "acceptance": "proposed"}),
    Shot("approved", IOM, "/updates/{0.pk}/", UPDATE, {**IOMS, **APPROVED}),
    Shot("hand-over", ILO, "/account/hand-over/"),
    Shot("queue", COORDINATOR, "/queue/"),
    Shot("review", COORDINATOR, "/queue/{0.pk}/", UPDATE,
         {**DUE, **SENT, "submissions__number": 2}, LOOKS),
    Shot("review-answers", COORDINATOR, "/queue/{0.pk}/", UPDATE, {**ASKED, **SENT}),
    Shot("nothing-new", COORDINATOR, "/queue/nothing-new/"),
    Shot("phrases", COORDINATOR, "/account/phrases/"),
    Shot("after-approval", COORDINATOR, "/updates/{0.pk}/", UPDATE, {**DUE, **APPROVED}),
    Shot("enter", COORDINATOR, "/updates/{0.pk}/enter/", UPDATE,
         {**DUE, "review_state": "draft", "draft": None}),
    Shot("enter-answer", COORDINATOR, "/assignments/{0.pk}/respond/", ASSIGNMENT,
         {"acceptance": "proposed"}),
    Shot("time-answer", COORDINATOR, "/duties/{0.pk}/time/", DUTY,
         {**OWED, "time_requests__isnull": False, "time_requests__answer": None}),
    Shot("duty-due", COORDINATOR, "/duties/{0.pk}/due/", DUTY, OWED),
    Shot("duty-waive", COORDINATOR, "/duties/{0.pk}/waive/", DUTY, OWED),
    Shot("round-list", COORDINATOR, "/rounds/"),
    Shot("round-new", COORDINATOR, "/rounds/new/"),
    Shot("round", COORDINATOR, "/rounds/{0.code}/", ROUND, OPEN),
    Shot("round-open", COORDINATOR, "/rounds/{0.code}/open/", ROUND, PLANNED),
    Shot("round-change", COORDINATOR, "/rounds/{0.code}/change/", ROUND, PLANNED),
    Shot("round-extend", COORDINATOR, "/rounds/{0.code}/extend/", ROUND, OPEN),
    Shot("round-hold", COORDINATOR, "/rounds/{0.code}/hold/", ROUND, OPEN),
    Shot("round-checks", COORDINATOR, "/rounds/{0.code}/checks/", ROUND, OPEN),
    Shot("round-close", COORDINATOR, "/rounds/{0.code}/close/", ROUND, OPEN),
    Shot("round-reopen", COORDINATOR, "/rounds/{0.code}/reopen/", ROUND, CLOSED),
    Shot("assign", COORDINATOR, "/f/{0.slug}/actions/D3/assign/", "recommendations.Framework"),
    Shot("assign-several", COORDINATOR, "/f/{0.slug}/assign/?action=D3&agency=IOM&agency=WHO",
         "recommendations.Framework"),
    Shot("offers", COORDINATOR, "/f/{0.slug}/offers/", "recommendations.Framework"),
    Shot("gaps", COORDINATOR, "/gaps/"),
    Shot("matrix-inside", COORDINATOR, "/matrix/"),
    Shot("matrix-late", COORDINATOR, "/matrix/?show=late"),
    Shot("matrix-changed", COORDINATOR, "/matrix/?show=changed", looks=LOOKS),
    Shot("trend", COORDINATOR, "/trend/", looks=LOOKS),
    Shot("groups", COORDINATOR, "/groups/"),
    Shot("answers", COORDINATOR, "/answers/"),
    Shot("agency", COORDINATOR, "/agencies/ILO/"),
    Shot("history", COORDINATOR, "/history/update/{0.pk}/", UPDATE,
         {**DUE, "review_state": "returned"}),
    Shot("views", COORDINATOR, "/account/views/"),
    Shot("leaves", ADMINISTRATOR, "/people/{0.pk}/leaves/", "agencies.User", {"email": ILO}),
    Shot("merge", ADMINISTRATOR, "/admin/agencies/agency/{0.pk}/merge/?into=1", AGENCY,
         {"code": "UNRC"}),
    Shot("agency-admin", ADMINISTRATOR, "/admin/agencies/agency/{0.pk}/change/", AGENCY,
         {"code": "UNRC"}),
)  # fmt: skip


def address(shot: Shot) -> str | None:
    """Return where a page is; None where the demo has nothing that it would show."""
    if not shot.of:
        return shot.path
    found = apps.get_model(shot.of)._default_manager.filter(**shot.where or {}).order_by("pk")
    first = found.first()
    return shot.path.format(first) if first else None


def password() -> str:
    """Return the password of the demo people, as `make up` prints it."""
    told = io.StringIO()
    call_command("demo_accounts", stdout=told)
    return told.getvalue().split()[-1]


def opened(browser: Browser, base: str, width: int, look: str = "", who: str = "") -> Page:
    """Return a window of a width and a look, with somebody signed in."""
    scheme = "dark" if look == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    if who:
        page.goto(f"{base}/account/sign-in/")
        page.get_by_label("E-mail address").fill(who)
        page.get_by_label("Password", exact=True).fill(password())
        page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def take_readmes(browser: Browser, base: str) -> Iterator[str]:
    """Take the pictures of the README as the public sees them: what is in the window."""
    for name, path, width in README:
        page = opened(browser, base, width)
        page.goto(base + path)
        page.screenshot(path=ROOT / "docs/pictures" / f"{name}.png", full_page=name == "matrix")
        yield f"docs/pictures/{name}.png"


def take_all(browser: Browser, base: str, folder: Path) -> Iterator[str]:
    """Take every page of daily work, whole; say where one is wider than its window."""
    folder.mkdir(parents=True, exist_ok=True)
    where = {shot.name: address(shot) for shot in SHOTS}
    for look, width, who in sorted({(k, w, s.who) for s in SHOTS for k in s.looks for w in WIDTHS}):
        page = opened(browser, base, width, look, who)
        for shot in SHOTS:
            if shot.who != who or look not in shot.looks:
                continue
            name = "-".join(part for part in (shot.name, str(width), look) if part)
            path = where[shot.name]
            told = look_at(page, base + path, look, folder / name) if path else "nothing to show"
            yield f"{name}: {told}"
        page.close()


def look_at(page: Page, url: str, look: str, file: Path) -> str:
    """Save the whole page; return its address and what is wrong with it at first sight."""
    answer = page.goto(url)
    if look == "rtl":
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.screenshot(path=f"{file}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return f"{answer.status if answer else 0} {url}{f' {wide} px too wide' if wide > 0 else ''}"


def print_report() -> Iterator[str]:
    """Print the two pages of the round report, and the first of the Arabic one."""
    from recommendations.models import Round  # noqa: PLC0415
    from recommendations.reporting.facts import Scope  # noqa: PLC0415
    from recommendations.reporting.moments import newest_settled  # noqa: PLC0415
    from recommendations.reporting.outputs import pdf  # noqa: PLC0415
    from recommendations.reporting.reports.asked import Asked  # noqa: PLC0415
    from recommendations.reporting.reports.catalogue import make  # noqa: PLC0415

    round = Round.objects.filter(**OPEN, framework__is_default=True).earliest("id")
    now = timezone.now()
    asked = Asked(
        framework=round.framework,
        as_of=newest_settled(now),
        now=now,
        scope=Scope.INSIDE,
        language="en",
        round=round,
    )
    for language, name, count in (("en", "report", 2), ("ar", "report-arabic", 1)):
        report = make("round", replace(asked, language=language))
        with translation.override(language):
            pages = pdf.pages(report, resolution=96)
        for number, page in enumerate(pages[:count], start=1):
            path = ROOT / "docs/pictures" / f"{name}-{number}.png"
            path.write_bytes(page)
            yield f"docs/pictures/{path.name}"


def main(base: str, folder: Path) -> None:
    """Take the pictures; the windows are Chromium's."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        mails = take_mails(browser, ROOT / "docs/pictures")
        shots = (mails, take_readmes(browser, base), take_all(browser, base, folder))
        for told in chain(print_report(), *shots):
            print(told, flush=True)
        browser.close()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hldtracker.settings")
    # The browser's loop runs in this thread; Django would refuse to ask the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2] if sys.argv[2:] else ROOT / "var/pictures"))
