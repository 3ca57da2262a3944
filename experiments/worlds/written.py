"""What many worlds leave behind: the answers as Markdown and JSON, and a table with one row a world and its twin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ...history.run_directory import RunDirectory
from ...report.answer import plain
from ...report.answer_text import Section
from ...report.markdown import markdown_text
from ...scenarios.schema import Scenario
from .pairs import HIGH, LOW, Middle, Worlds


def write_worlds(directory: RunDirectory, scenario: Scenario, worlds: Worlds, sections: Sequence[Section]) -> None:
    """`answer.md`, `answer.json` and `worlds.parquet`; the directory commits them."""
    title = f"{scenario.title}: {len(worlds.seeds)} worlds, each beside its twin without deals"
    page = [f"# {markdown_text(title)}", *(section.to_markdown() for section in sections)]
    directory.write_text("answer.md", "\n\n".join(page) + "\n")
    directory.write_json("answer.json", as_data(title, scenario, worlds, sections))
    pq.write_table(table_of(worlds), directory.partial / "worlds.parquet")


def as_data(title: str, scenario: Scenario, worlds: Worlds, sections: Sequence[Section]) -> dict[str, Any]:
    """The answers, and of every outcome that is a number the middle of the worlds and of their effect."""
    names = [name for name in worlds.own[0] if not math.isnan(worlds.middle(name).median)]
    return {
        "title": title,
        "scenario": scenario.name,
        "seeds": list(worlds.seeds),
        "example_seed": worlds.example(),
        "percentiles": [LOW, 50, HIGH],
        "answers": {section.title: list(section.sentences) for section in sections},
        "outcomes": {name: {"world": _as_data(worlds.middle(name)), "effect": _as_data(worlds.effect(name))}
                     for name in names},
        "regimes": [str(run["regime"]) for run in worlds.own],
    }  # fmt: skip


def _as_data(middle: Middle) -> Any:
    return plain([middle.low, middle.median, middle.high])


def table_of(worlds: Worlds) -> pa.Table:
    """A row for every world and its twin: seed, whether deals are in it, every outcome; empty where it has none."""
    rows = [
        {"seed": seed, "has_deals": has_deals, **run}
        for seed, *pair in zip(worlds.seeds, worlds.own, worlds.twins, strict=True)
        for has_deals, run in zip((True, False), pair, strict=True)
    ]
    return pa.table({name: [row.get(name) for row in rows] for name in rows[0]})
