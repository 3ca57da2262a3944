"""What many worlds leave behind: the answers as Markdown and JSON, and a table with one row a world and its twin."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ...history.run_directory import RunDirectory
from ...report.answer import Answer, plain
from ...report.answer_text import Section
from ...report.markdown import markdown_line, markdown_text
from ...report.wording import how_many
from ...scenarios.schema import Scenario
from ..sweeps.outcomes.registry import UnknownOutcome, outcome_of
from .comparison import Comparison
from .pairs import HIGH, LOW, Middle, Worlds
from .paths import START
from .seven_answers import OneAnswer
from .turns import BESIDE, REGIME


@dataclass(frozen=True, slots=True)
class AnswerOfWorlds:
    """The seven answers of some worlds, and what the tables of one of them say besides."""

    scenario: Scenario
    beside: Comparison
    worlds: Worlds
    answers: Sequence[OneAnswer]
    example_seed: int
    example: Answer

    @property
    def title(self) -> str:
        """Of the whole answer."""
        many = how_many(len(self.worlds.seeds), "world")
        which = many if len(self.worlds.seeds) > 1 else f"{many}, of seed {self.example_seed}: one draw"
        each = "each" if len(self.worlds.seeds) > 1 else "it"
        return f"{self.scenario.title}: {which}, {each} beside the same luck {self.beside.words}"

    @property
    def how_to_read(self) -> str:
        """What the numbers are."""
        if len(self.worlds.seeds) == 1:
            return (
                f"One draw of chance: what is said of effect is this world less the same luck {self.beside.words}; "
                "what is luck and what is not, many worlds say (--worlds)."
            )
        return (
            f"Numbers are medians of the worlds, with {LOW} to {HIGH} % of them in brackets (medians of parts need not "
            f"sum to the median of the whole); what is said of effect is the difference of each world to the same luck "
            f"{self.beside.words}."
        )

    @property
    def sections(self) -> list[Section]:
        """The questions with their answers."""
        return [answer.section for answer in self.answers]

    @property
    def headlines(self) -> tuple[str, ...]:
        """Every answer in one paragraph."""
        return tuple(f"{section.title} {' '.join(section.sentences)}" for section in self.sections)

    def to_markdown(self) -> str:
        """The seven answers, then the tables of the example."""
        parts = [f"# {markdown_text(self.title)}", markdown_line(self.how_to_read)]
        parts += [section.to_markdown() for section in self.sections]
        parts += [f"# {markdown_text(f'One world in full: {self.example.title}')}"]
        parts += [section.to_markdown() for section in self.example.sections]
        return "\n\n".join(parts) + "\n"

    def to_json(self) -> dict[str, Any]:
        """The answers, and of every outcome that is a number the middle of the worlds and of their effect."""
        worlds = self.worlds
        names = [name for name in worlds.own[0] if not math.isnan(worlds.middle(name).median)]
        return {
            "title": self.title,
            "how_to_read": self.how_to_read,
            "headlines": list(self.headlines),
            "scenario": self.scenario.name,
            "beside": self.beside.words,
            "seeds": list(worlds.seeds),
            "example_seed": self.example_seed,
            "percentiles": [LOW, 50, HIGH],
            "answers": [_answer_as_data(answer) for answer in self.answers],
            "outcomes": {name: _outcome_as_data(name, worlds) for name in names},
            "regimes": [str(run[REGIME]) for run in worlds.own],
            "measures": plain(self.example.measures),
        }

    def tables(self) -> dict[str, pa.Table]:
        """A table with a row for every world and the one beside it, and one with a row for every month of each."""
        return {"worlds": table_of(self.worlds)} | paths_of(self.worlds)

    def write(self, directory: RunDirectory) -> None:
        """`answer.md`, `answer.json`, `worlds.parquet`, `paths.parquet`, over the answer of the run that lies there."""
        directory.write_text("answer.md", self.to_markdown())
        directory.write_json("answer.json", self.to_json())
        for name, table in self.tables().items():
            pq.write_table(table, directory.partial / f"{name}.parquet")


def _answer_as_data(answer: OneAnswer) -> dict[str, Any]:
    section = answer.section
    tables = [{"title": t.title, "columns": list(t.columns), "rows": [list(row) for row in t.rows], "note": t.note}
              for t in section.tables]  # fmt: skip
    numbers = [number.to_json() for number in answer.numbers]
    return {"question": section.title, "sentences": list(section.sentences), "numbers": numbers, "tables": tables}


def _outcome_as_data(name: str, worlds: Worlds) -> dict[str, Any]:
    return {**_definition(name), "world": _as_data(worlds.middle(name)), "effect": _as_data(worlds.effect(name))}


def _definition(name: str) -> dict[str, str]:
    """Unit and meaning of an outcome."""
    if name in BESIDE:
        return dict(zip(("unit", "meaning"), BESIDE[name], strict=True))
    try:
        outcome = outcome_of(name)
    except UnknownOutcome:
        outcome = outcome_of(name.removesuffix("_mean"))
        return {"unit": outcome.unit, "meaning": f"mean over all days: {outcome.meaning}"}
    return {"unit": outcome.unit, "meaning": outcome.meaning}


def _as_data(middle: Middle) -> Any:
    return plain([middle.low, middle.median, middle.high])


def table_of(worlds: Worlds) -> pa.Table:
    """A row for every world and the one beside it: seed, which of both, every outcome; empty where it has none."""
    rows = [{**key, **run} for key, run in _each(worlds)]
    names = [name for name in rows[0] if not name.startswith(START)]
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    return pa.table({name: _typed(column) for name, column in columns.items()})


def paths_of(worlds: Worlds) -> dict[str, pa.Table]:
    """A row for every noted day of every world and the one beside it: seed, which of both, date, every path in cents;
    none where no paths were taken."""
    rows = [
        {**key, **dict(zip((name.removeprefix(START) for name in names), day, strict=True))}
        for key, run in _each(worlds)
        if (names := [name for name in run if name.startswith(START)])
        for day in zip(*(run[name] for name in names), strict=True)
    ]
    columns = dict.fromkeys(name for row in rows for name in row)
    found = {name: pa.array([row.get(name) for row in rows]) for name in columns}
    return {"paths": pa.table(found)} if rows else {}


def _each(worlds: Worlds) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Every run, with what tells it apart."""
    for seed, *pair in zip(worlds.seeds, worlds.own, worlds.twins, strict=True):
        for is_beside, run in zip((False, True), pair, strict=True):
            yield {"seed": seed, "is_beside": is_beside}, run


def _typed(column: pa.Array) -> pa.Array:
    """A column that no world has anything in holds numbers all the same."""
    return column.cast(pa.float64()) if pa.types.is_null(column.type) else column
