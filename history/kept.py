"""What a choice leaves of the history: its tables, their columns and their rows."""

from __future__ import annotations

import numpy as np

from ..model import CarouselModel
from .choice import Choice, ChoiceError, need_known
from .columns import Block, ColumnData, Texts
from .table import Table
from .tables import TABLES
from .tables.households import PANEL


class Kept:
    """The tables that are kept, narrowed to their columns; and which rows of them.

    Raises: ChoiceError for a table, a column or an agent that is none.
    """

    def __init__(self, choice: Choice, model: CarouselModel) -> None:
        self.choice = choice
        self.tables = chosen_tables(choice)
        self._last = model.clock.days
        self._agents = frozenset(choice.agents)
        known = [*model.books.journal.names, *model.books.registers.names]
        known += [] if model.cast.etf is None else [model.cast.etf.name]
        for name in choice.agents:
            need_known("agents", name, known, "the name of a firm, investor, fund, account or security")

    def of(self, table: Table, block: Block) -> Block | None:
        """The columns and rows of a block that are kept; None if none are."""
        if table.name not in self.tables:
            return None
        columns = self.tables[table.name].names
        wanted = self._rows(table, block)
        if wanted is None:
            return {name: block[name] for name in columns}
        if not wanted.any():
            return None
        return {name: picked(block[name], wanted) for name in columns}

    def _rows(self, table: Table, block: Block) -> np.ndarray | None:
        """Which rows are kept, bool[rows]; None for all."""
        choice = self.choice
        if choice.is_whole:
            return None
        days, starts = np.unique(np.asarray(block["day"]), return_inverse=True)
        if table.is_flow:
            last = self._last if choice.last_day is None else choice.last_day
            of_days = (days >= choice.first_day) & (days <= last)
        else:
            of_days = np.array([choice.has_day(day, self._last) for day in days.tolist()], bool)
        wanted: np.ndarray = of_days[starts]
        named = [column.name for column in table.columns if column.is_party]
        if self._agents and named:
            wanted &= np.any([names_one_of(block[name], self._agents) for name in named], axis=0)
        return wanted


def chosen_tables(choice: Choice) -> dict[str, Table]:
    """The tables of a choice by name, each with the columns that are kept.

    Raises: ChoiceError for a table or a column that is none.
    """
    found = {} if choice.keep else {name: table for name, table in TABLES.items() if not table.is_on_request}
    columns: dict[str, list[str]] = {}
    for word in choice.keep:
        table, point, column = word.partition(".")
        need_known("keep", table, list(TABLES), "a table, or a column as table.column")
        if point:
            need_known("keep", word, [f"{table}.{name}" for name in TABLES[table].names], f"a column of {table}")
            columns.setdefault(table, []).append(column)
        found[table] = TABLES[table]
    requested = [name for name, table in TABLES.items() if table.is_on_request]
    for word in choice.also:
        need_known("also", word, requested, ", ".join(requested))
        found[word] = TABLES[word]
    if choice.panel:
        found[PANEL.name] = PANEL
    elif PANEL.name in found:
        raise ChoiceError("panel", choice.panel, "as many households as the panel shall have")
    return {
        name: table.only(columns[name]) if name in columns and name not in choice.keep else table
        for name, table in found.items()
    }


def names_one_of(data: ColumnData, names: frozenset[str]) -> np.ndarray:
    """Which rows of a column of texts hold one of some names, bool[rows]."""
    if isinstance(data, Texts):
        return np.array([name in names for name in data.names], bool)[data.codes]
    return np.array([name in names for name in data], bool)


def picked(data: ColumnData, wanted: np.ndarray) -> ColumnData:
    """Some rows of a column."""
    if isinstance(data, Texts):
        return Texts(np.asarray(data.codes)[wanted], data.names)
    if isinstance(data, np.ndarray):
        return data[wanted]
    return [value for value, is_wanted in zip(data, wanted.tolist(), strict=True) if is_wanted]
