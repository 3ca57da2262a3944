"""Sections of sentences on standard output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .console import console, words

if TYPE_CHECKING:
    from ..report.answer_text import Section


def print_sections(sections: Iterable[Section]) -> None:
    """A title and a line for each sentence, an empty line between sections."""
    printer = console()
    for number, section in enumerate(sections):
        if number:
            printer.print()
        printer.print(words(section.title, style="bold"))
        for sentence in section.sentences:
            printer.print(words(sentence), soft_wrap=True)
