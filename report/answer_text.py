"""The form of an answer: sections of sentences and tables, which Markdown and the terminal both print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .markdown import markdown_line, markdown_text
from .wording import Cast, cast_of

if TYPE_CHECKING:
    from ..history.sinks import Tables
    from ..scenarios.schema import Scenario

ROWS_MAX = 14
"""Longest table that is printed; the files hold all."""


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """A small table of finished texts; the first `text_columns` columns are words, the others numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1
    note: str = ""
    has_total: bool = False
    """Whether the last row is the total of the others."""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.title!r}: a row has {len(row)} cells; allowed: {len(self.columns)}")

    def to_markdown(self) -> str:
        """The table in GitHub's Markdown."""
        rule = ["---" if i < self.text_columns else "---:" for i in range(len(self.columns))]
        lines = [self.columns, rule, *self.rows]
        body = "\n".join("| " + " | ".join(markdown_text(c) for c in line) + " |" for line in lines)
        parts = [f"**{markdown_text(self.title)}**", body]
        parts += [f"*{markdown_text(self.note)}*"] if self.note else []
        return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[AnswerTable, ...] = ()

    def to_markdown(self) -> str:
        """The section as Markdown."""
        sentences = (markdown_line(sentence) for sentence in self.sentences)
        return "\n\n".join([f"## {markdown_text(self.title)}", *sentences, *(t.to_markdown() for t in self.tables)])


@dataclass(frozen=True, slots=True)
class Part:
    """A section, what of it belongs into the headline, and its measures."""

    section: Section
    headlines: Sequence[str] = ()
    measures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What all sections read."""

    tables: Tables
    scenario: Scenario
    rule: str
    planned_mw: float | None = None

    @property
    def cast(self) -> Cast:
        """What this run's circle calls its parts."""
        return cast_of(self.tables["commitments"]["kind"])
