"""Reference data to load, and a copy of it that a test may change."""

import json
import shutil

import pytest

from recommendations.exchange import reference
from tests import make


@pytest.fixture
def loaded(db):
    """Load the reference data."""
    return make.reference_data()


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the fixtures that a test may change."""
    return shutil.copytree(reference.FOLDER, tmp_path / "fixtures")


@pytest.fixture
def change(folder):
    """Return a function that edits the content of a file in the folder."""

    def edit_file(file, edit):
        path = folder / file
        content = json.loads(path.read_text(encoding="utf-8"))
        edit(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return edit_file
