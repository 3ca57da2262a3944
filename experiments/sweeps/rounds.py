"""The design as it grows: new rows stand at its end, in chunks that never change again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from .job import Row
from .sweep_parts import CHUNK, RUN_COLUMNS

if TYPE_CHECKING:
    import pandas as pd


def in_chunks(design: pd.DataFrame | None, new: pd.DataFrame, sizes: Sequence[int]) -> pd.DataFrame:
    """The design with new rows at its end, in chunks of these sizes."""
    import numpy as np
    import pandas as pd

    first = 0 if design is None else int(design[CHUNK].max()) + 1
    chunks = np.repeat(np.arange(len(sizes), dtype=np.int64) + first, sizes)
    numbered = new.assign(**{CHUNK: chunks})
    return numbered if design is None else pd.concat([design, numbered], ignore_index=True)


def plain_design(design: pd.DataFrame) -> pd.DataFrame:
    """The design as who lays it out knows it."""
    return design.drop(columns=CHUNK)


def rows_by_chunk(design: pd.DataFrame, done: Collection[int]) -> dict[int, list[Row]]:
    """The rows of every chunk that is not done, in order."""
    waiting = design[~design[CHUNK].isin(list(done))]
    return {
        int(chunk): [plain_row(row) for row in rows.drop(columns=CHUNK).to_dict("records")]
        for chunk, rows in waiting.groupby(CHUNK, sort=True)
    }


def plain_row(row: dict[str, object]) -> Row:
    """A row of plain Python values, without the axes that are empty there."""
    values = {name: value.item() if hasattr(value, "item") else value for name, value in row.items()}
    return {name: value for name, value in values.items() if value is not None and value == value}


def axis_types(rows: pd.DataFrame) -> dict[str, type]:
    """Type of each axis' values: int, float, str or date."""
    from datetime import date

    from pandas.api.types import is_float_dtype, is_integer_dtype

    types: dict[str, type] = {}
    for name in rows.columns:
        if name in (*RUN_COLUMNS, CHUNK):
            continue
        values = rows[name]
        if is_integer_dtype(values):
            types[name] = int
        elif is_float_dtype(values):
            types[name] = float
        else:
            types[name] = date if all(isinstance(value, date) for value in values) else str
    return types
