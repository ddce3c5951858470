"""Modules that can be read at one sitting, and functions that fit on a page."""

import ast

import pytest

from tests.project.house import ROOT, python_files

MODULE_LINES = 300
FUNCTION_LINES = 40
# What is longer, and why it stays so.
LONGER_MODULES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}


def lengths(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_module_is_longer_than_a_sitting():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text().splitlines())) > MODULE_LINES
    }

    assert {name: long[name] for name in long if name not in LONGER_MODULES} == {}
    assert set(LONGER_MODULES) <= set(long)


def test_no_function_is_longer_than_a_page():
    long = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in python_files()
        for name, lines in lengths(path)
        if lines > FUNCTION_LINES
    }

    assert {name: long[name] for name in long if name not in LONGER_FUNCTIONS} == {}
    assert set(LONGER_FUNCTIONS) <= set(long)


@pytest.mark.parametrize("word", ["item", "record", "data", "manager", "helper", "utils"])
def test_nothing_is_named_by_a_word_that_says_nothing(word):
    named = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name.lower() == word
    }
    files = {str(path.relative_to(ROOT)) for path in python_files() if path.stem == word}

    assert named | files == set()
