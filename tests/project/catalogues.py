"""The catalogues of the words that reports print: `make translations` renews and compiles them.

Pages are in English; reports are in each language of `outputs.LANGUAGES`. What is said in
the modules below, and the labels of the closed lists, has to stand in every catalogue.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import django
import polib

ROOT = Path(__file__).resolve().parents[2]
REPORTING = ROOT / "recommendations" / "reporting"
SHARED = (
    *("duties", "figures", "gaps", "moments", "moved", "movements", "round_progress"),
    *("sentences", "tally", "targets"),
)
"""Modules of reporting whose words stand in reports as well as on pages."""
ON_PAGES = ("provenance.py", "verify.py", "wanted.py", "finding.py")
"""Modules of reports whose words only pages and the terminal show."""
NAMES = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
"""A function of gettext -> where its context, its text and its plural stand."""

Key = tuple[str | None, str]
"""Context and text."""


def translated() -> list[Path]:
    """Return the catalogues that there are."""
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def modules() -> Iterator[Path]:
    """Yield the modules whose words reports print."""
    for folder in ("reports", "outputs"):
        for path in sorted((REPORTING / folder).rglob("*.py")):
            if path.name not in ON_PAGES:
                yield path
    for name in SHARED:
        yield REPORTING / f"{name}.py"
    yield ROOT / "recommendations" / "models" / "vocabulary.py"


def printed() -> dict[Key, tuple[str | None, set[str]]]:
    """Return the words that reports print: their plural, and the modules that say them."""
    found: dict[Key, tuple[str | None, set[str]]] = {}
    for path in modules():
        for key, plural in said(path):
            found.setdefault(key, (plural, set()))[1].add(str(path.relative_to(ROOT)))
    for label in labels():
        found.setdefault((None, label), (None, set()))
    return found


def said(path: Path) -> Iterator[tuple[Key, str | None]]:
    """Yield the words of a module, and their plurals."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in NAMES and all(isinstance(one, ast.Constant) for one in node.args[:1]):
                told = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                context, text, plural = (at if at is None else told[at] for at in NAMES[name])
                yield (context, str(text)), plural


def labels() -> list[str]:
    """Return the labels of the closed lists that reports print and no module above names."""
    from agencies.models import Agency  # noqa: PLC0415
    from recommendations.models import Action, Duty, Evidence  # noqa: PLC0415

    lists = (Agency.Category, Action.Kind, Duty.Kind, Evidence.Kind)
    return [str(label) for one in lists for label in one.labels]


def renew(path: Path) -> int:
    """Bring a catalogue to the words of today and compile it; return what is not translated."""
    catalogue = polib.pofile(str(path), wrapwidth=98)
    wanted = printed()
    for entry in [*catalogue]:
        if (entry.msgctxt, entry.msgid) not in wanted:
            catalogue.remove(entry)
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    forms = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2][0])
    for (context, text), (plural, _places) in wanted.items():
        if (context, text) not in known:
            entry = polib.POEntry(msgctxt=context, msgid=text)
            if plural:
                entry.msgid_plural = plural
                entry.msgstr_plural = dict.fromkeys(range(forms), "")
            known[context, text] = entry
            catalogue.append(entry)
    for key, entry in known.items():
        entry.occurrences = [(place, "") for place in sorted(wanted.get(key, ("", ()))[1])]
    catalogue.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))
    catalogue.save()
    path.with_suffix(".mo").write_bytes(compiled(path))
    return len(catalogue.untranslated_entries())


def compiled(path: Path) -> bytes:
    """Return a catalogue as programs read it: no machine needs gettext for it."""
    return polib.pofile(str(path)).to_binary()


if __name__ == "__main__":
    django.setup()
    for one in translated():
        print(f"{one.parent.parent.name}: {renew(one)} not translated")
