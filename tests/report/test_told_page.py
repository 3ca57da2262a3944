"""The page of a boom and two reversals tells what its runs' own tables say, word by word."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import carousel
import pytest

DOCS = Path(carousel.__file__).parent / "docs"


def maker():
    """The script that writes the page."""
    spec = importlib.util.spec_from_file_location("told_page", DOCS / "told_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", [pytest.param(n, marks=[pytest.mark.slow] if n else []) for n in range(3)])
def test_a_story_is_that_of_its_run(number):
    made = maker()
    told = "\n".join(made.story(made.TOLD[number]))
    assert told in (DOCS / "told.md").read_text()
