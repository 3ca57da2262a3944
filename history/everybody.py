"""The full table of all households, from the rows that changed: who is not named on a day is as before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

HOLDER = "holder"


def everybody(changed: pd.DataFrame, days: Iterable[int] | None = None) -> pd.DataFrame:
    """Every household on every kept day, or on some of the days that are kept, from the table `holders_changed`:
    columns day, holder and those of the table, ordered by day and row.

    Raises: KeyError for a day that is not kept.
    """
    wanted = None if days is None else {int(day) for day in days}
    frames = []
    for day, columns in by_day(changed):
        if wanted is None or day in wanted:
            frames.append(pd.DataFrame({"day": day, **{name: column.copy() for name, column in columns.items()}}))
    if wanted is not None and (missing := wanted - {frame["day"].iloc[0] for frame in frames}):
        raise KeyError(f"days not kept: {sorted(missing)}")
    return pd.concat(frames, ignore_index=True) if frames else changed.iloc[:0]


def by_day(changed: pd.DataFrame) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Kept day after kept day with everybody's columns, in arrays that the next day overwrites."""
    names = [name for name in changed.columns if name not in ("day", HOLDER)]
    day, row = changed["day"].to_numpy(), changed[HOLDER].to_numpy()
    given = {name: changed[name].to_numpy() for name in names}
    starts = np.flatnonzero(np.diff(day, prepend=-1))
    now: dict[str, np.ndarray] = {}
    for start, end in pairwise([*starts, len(day)]):
        rows = row[start:end]
        if not now:
            now = {HOLDER: rows.copy()} | {name: column[start:end].copy() for name, column in given.items()}
        for name in names:
            now[name][rows] = given[name][start:end]
        yield int(day[start]), now
