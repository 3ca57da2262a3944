"""Numbers and tables in a report: three figures that count, a row of Markdown for each row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .markdown import markdown_text


def number(value: float) -> str:
    """A number with three figures that count; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if abs(value) >= 1e-4 else f"{value:.2g}"


def markdown_table(table: pd.DataFrame) -> list[str]:
    """The lines of a table in Markdown."""

    def row(cells: Sequence[object]) -> str:
        return "| " + " | ".join(_cell(c) for c in cells) + " |"

    heads = [str(c) if "." in str(c) else str(c).replace("_", " ") for c in table.columns]
    return [row(heads), "|" + "---|" * len(heads), *(row(r) for r in table.itertuples(index=False))]


def _cell(value: object) -> str:
    text = number(value) if isinstance(value, float) else f"{value:,}" if type(value) is int else str(value)
    return markdown_text(text)


def plain(value: Any) -> Any:
    """What JSON can hold: numbers that are none become null."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | int | bool) or value is None:
        return value
    return str(value)
