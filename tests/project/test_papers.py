"""The papers of the house: locks without addresses, files without machine paths."""

import re

import pytest

from tests.project.house import ROOT, tracked_files

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Folders of people and of machines, and addresses of package indexes.
PLACES = r"(?:root|work/main|home/\w+|Users/\w+|opt/\w+)"
MACHINE = re.compile(rf"(?<![\w./-])/{PLACES}(?=[/\s\"'`:,)]|$)")
LINK = re.compile(r"\]\(([^()\s]+)\)")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|--index-url|--extra-index-url|--find-links")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_no_address_and_a_hash_for_every_package(lock):
    text = lock.read_text()
    pins = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]

    assert "://" not in text
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_dev_lock_holds_everything_that_runs():
    base, dev = (
        set(re.findall(r"(?m)^\S+==\S+", (ROOT / "requirements" / name).read_text()))
        for name in ("base.txt", "dev.txt")
    )

    assert base - dev == set()


@pytest.mark.parametrize("name", ["base.in", "dev.in"])
def test_every_dependency_has_its_reason(name):
    wanted = [
        line
        for line in (ROOT / "requirements" / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]

    assert [line for line in wanted if "# " not in line] == []


def test_no_file_knows_the_machine_it_was_written_on():
    here = ROOT / "tests" / "project" / "test_papers.py"
    found = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path != here
        for match in [*MACHINE.finditer(path.read_text(errors="replace"))]
    }

    assert found == set()


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_link_between_papers_leads_to_a_file(page):
    links = LINK.findall(page.read_text())
    near = [link for link in links if not re.match(r"[a-z]+:|#", link)]

    assert [link for link in near if not (page.parent / link.partition("#")[0]).exists()] == []


def test_no_file_names_a_package_index():
    here = ROOT / "tests" / "project" / "test_papers.py"
    found = {
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path != here and REGISTRY.search(path.read_text(errors="replace"))
    }

    assert found == set()


def test_no_work_is_left_in_comments():
    word = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = {
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix in (".py", ".html", ".css", ".js", ".sh", ".toml")
        and word.search(path.read_text(errors="replace"))
    }

    assert found == set()
