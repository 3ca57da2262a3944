"""The answer for a terminal: the sections and tables of the Markdown as rich renderables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ..engine.legible import legible

if TYPE_CHECKING:
    from ..report.answer_text import AnswerTable, Section


PIPE_WIDTH = 150
"""Columns of output that goes to no terminal."""


def words(text: str, style: str = "") -> Text:
    """A text as it is: no markup, and no escape that a terminal would obey."""
    return Text(legible(text), style=style)


def console() -> Console:
    """Standard output: as wide as the terminal, or wide enough for the tables when it is a file or a pipe."""
    output = Console()
    return output if output.is_terminal else Console(width=PIPE_WIDTH)


def answer_renderables(title: str, headlines: Iterable[str], sections: Iterable[Section]) -> Iterator[RenderableType]:
    """Everything of an answer, in order: title, headlines, sections."""
    yield Rule(words(title, style="bold"))
    is_note = False
    for line in headlines:
        is_note = True
        question, mark, rest = line.partition("? ")
        yield Text.assemble((legible(question + mark), "bold"), legible(rest))
    for section in sections:
        yield from section_renderables(section, style="dim" if is_note else "")


def section_renderables(section: Section, style: str = "dim") -> Iterator[RenderableType]:
    """One question with its answer; `style` is that of its sentences."""
    yield Text("")
    yield Rule(words(section.title, style="bold"), align="left", style="dim")
    for sentence in section.sentences:
        yield words(sentence, style=style)
    for table in section.tables:
        yield table_renderable(table)


def table_renderable(table: AnswerTable) -> Table:
    """One table: words left, numbers right, the total set apart."""
    drawn = plain_table(table.title, table.columns, (), text_columns=table.text_columns, note=table.note)
    for i, row in enumerate(table.rows):
        is_last = i == len(table.rows) - 1
        if table.has_total and is_last:
            drawn.add_section()
        drawn.add_row(*(words(cell) for cell in row), style="bold" if table.has_total and is_last else "")
    return drawn


def plain_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, text_columns: int = 1, note: str = ""
) -> Table:
    """A titled table of texts; markup in the texts means nothing."""
    drawn = Table(
        title=words(title, style="bold"),
        title_justify="left",
        caption=words(note, style="dim") if note else None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_header=any(columns),
        pad_edge=False,
    )
    for i, column in enumerate(columns):
        drawn.add_column(words(column), justify="left" if i < text_columns else "right", overflow="fold")
    for row in rows:
        drawn.add_row(*(words(cell) for cell in row))
    return drawn
