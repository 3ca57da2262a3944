"""A crowd as columns: one array per attribute, and a Mesa agent as a view on one row.

The one module that touches private names of Mesa (`Model._all_agents`, `Model._agents_by_type`, `Agent._ids`), tested
on every supported version.
"""

from __future__ import annotations

import difflib
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import numpy as np
from mesa import Agent, Model

from .agentsets import ColumnAgentSet
from .kept_agents import KeptAgentSet
from .union_agents import UnionAgentSet

__all__ = [
    "Column",
    "ColumnAgentSet",
    "ColumnError",
    "ColumnStore",
    "KeptAgentSet",
    "RowAgent",
    "UnionAgentSet",
    "install_columns",
]


class ColumnError(ValueError):
    """A value that a column may not hold."""

    def __init__(self, column: str, value: object, low: float, high: float) -> None:
        super().__init__(f"{column} is {value!r}; allowed: {low} to {high}")
        self.column, self.value, self.low, self.high = column, value, low, high


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds: its NumPy type, its closed bounds, and whether a view may write it."""

    dtype: type[np.generic]
    low: float
    high: float
    writable: bool = False


class ColumnStore:
    """All rows of one kind of agent; a subclass names its columns in `COLUMNS` and annotates them as arrays.

    Each column is an array attribute of shape (n,). Kernels write the arrays; views write only writable columns, within
    their bounds.
    """

    COLUMNS: ClassVar[Mapping[str, Column]] = {}
    AGENT: ClassVar[type[RowAgent]]

    def __init__(self, columns: Mapping[str, np.ndarray], *, seed: int = 0) -> None:
        """Take the arrays over, without a copy where their type already fits.

        Raises: ValueError if a column is missing, unknown or of another length; ColumnError for a value out of bounds.
        """
        if set(columns) != set(self.COLUMNS):
            wrong = sorted(set(columns) ^ set(self.COLUMNS))
            raise ValueError(f"{type(self).__name__}: columns missing or unknown: {wrong}")
        self.n = len(next(iter(columns.values())))
        self.seed = seed
        self.model: Model | None = None
        self.first_unique_id = 0
        for name, column in self.COLUMNS.items():
            given = np.asarray(columns[name])
            if given.shape != (self.n,):
                raise ValueError(f"{type(self).__name__}.{name} has shape {given.shape}; allowed: {(self.n,)}")
            for value in (given.min(), given.max()) if self.n else ():
                if not column.low <= value <= column.high:
                    raise ColumnError(name, value.item(), column.low, column.high)
            setattr(self, name, np.ascontiguousarray(given, dtype=column.dtype))

    def __len__(self) -> int:
        return self.n

    def arrays(self) -> dict[str, np.ndarray]:
        """The columns themselves by name, in the declared order: what a checkpoint keeps and the constructor takes."""
        return {name: getattr(self, name) for name in self.COLUMNS}

    def values(self, name: str, rows: np.ndarray | None) -> np.ndarray | None:
        """The values of a column, or of `unique_id`, for the rows (None: all); None if there is no such column."""
        if name == "unique_id":
            model_of(self)
            return self.first_unique_id + (np.arange(self.n) if rows is None else rows)
        if name not in self.COLUMNS:
            return None
        array: np.ndarray = getattr(self, name)
        return array if rows is None else array[rows]

    def write(self, name: str, rows: Any, value: Any) -> None:
        """Write one value to a writable column at a row, at rows, or at a slice.

        Raises: AttributeError for an unknown or a read-only name; ColumnError for a value out of bounds; TypeError for
        a value of the wrong kind.
        """
        column = self.COLUMNS.get(name)
        if column is None:
            near = difflib.get_close_matches(name, self.COLUMNS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise AttributeError(f"{self.AGENT.__name__} has no attribute {name!r} to write{hint}", name=name)
        if not column.writable:
            raise AttributeError(f"{self.AGENT.__name__}.{name} is moved by the market and the ledger only", name=name)
        whole = np.issubdtype(column.dtype, np.integer)
        plain = operator.index(value) if whole else float(value)
        if not column.low <= plain <= column.high:
            raise ColumnError(name, value, column.low, column.high)
        getattr(self, name)[rows] = plain

    def view(self, row: int) -> RowAgent:
        """The agent of one row, counted from 0.  Raises: IndexError."""
        if not 0 <= row < self.n:
            raise IndexError(f"row {row}; allowed: 0 to {self.n - 1}")
        return next(self.views((row,)))

    def views(self, rows: Iterable[int]) -> Iterator[RowAgent]:
        """The agents of the rows, made one after the other as they are asked for."""
        kind, new = self.AGENT, object.__new__
        for row in rows:
            agent: RowAgent = new(kind)
            _set_store(agent, self)
            _set_row(agent, row)
            yield agent


def view_of(store: ColumnStore, row: int) -> RowAgent:
    """The view of a row of a store that may still be unpickling: no check of the row."""
    return next(store.views((row,)))


def model_of(store: ColumnStore) -> Model:
    """The model a store is installed in.  Raises: RuntimeError if it is in none."""
    if store.model is None:
        raise RuntimeError(f"{type(store).__name__} is not installed in a model yet: see install_columns")
    return store.model


def _reader(name: str) -> Callable[[RowAgent], int | float]:
    column = operator.attrgetter(name)

    def read(agent: RowAgent) -> int | float:
        value: int | float = column(agent._store).item(agent._row)
        return value

    return read


class RowAgent(Agent):
    """A Mesa agent that is a view on one row: it owns nothing and equals every other view on its row.

    Declare as `class Holder(RowAgent, store=Holders)`; every column becomes a property that gives plain Python numbers.
    """

    __slots__ = ("_row", "_store")
    _row: int
    _store: ColumnStore

    def __init_subclass__(cls, *, store: type[ColumnStore] | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if store is not None:
            store.AGENT = cls
            for name in store.COLUMNS:
                setattr(cls, name, property(_reader(name)))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"{type(self).__name__} is a view on a row: take it from its store or agent set")

    @property
    def model(self) -> Model:
        """The model its store is installed in."""
        return model_of(self._store)

    @property
    def unique_id(self) -> int:
        """Its id in the model: the first id of the store's block plus the row."""
        model_of(self._store)
        return self._store.first_unique_id + self._row

    @property
    def pos(self) -> None:
        """Rows live in no space."""
        return None

    @property
    def row(self) -> int:
        """Its row in the store, counted from 0: also its slot in keyed draws."""
        return self._row

    def __setattr__(self, name: str, value: Any) -> None:
        self._store.write(name, self._row, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted", name=name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowAgent) and other._store is self._store and other._row == self._row

    def __hash__(self) -> int:
        # the row alone: known while a pickle is still being read, and the same in every process, unlike an address
        return hash(self._row)

    def __reduce__(self) -> tuple[Any, ...]:
        return view_of, (self._store, self._row)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} row {self._row}>"

    def remove(self) -> None:
        """Refused: a row leaves only with its money and shares.  Raises: TypeError."""
        raise TypeError(f"{type(self).__name__} cannot be removed: its cash and shares would vanish with it")


# slot descriptors: the way past __setattr__, and the fast one
_set_store = RowAgent.__dict__["_store"].__set__
_set_row = RowAgent.__dict__["_row"].__set__


class CountersByModel(WeakKeyDictionary[Model, Iterator[int]]):
    """Next id of an agent by model, from 1, for as long as the model lives."""

    def __getitem__(self, model: Model) -> Iterator[int]:
        if model not in self:
            self[model] = itertools.count(1)
        return super().__getitem__(model)


def forget_models() -> None:
    """Mesa 3.3 counts ids in a table of the class `Agent`, which keeps every model there has ever been: a weak one
    in its place, with what it holds."""
    counters = getattr(Agent, "_ids", None)
    if counters is not None and not isinstance(counters, CountersByModel):
        Agent._ids = CountersByModel(counters)


forget_models()


def reserve_ids(model: Model, n: int) -> int:
    """Reserve n consecutive unique ids of a model; the first of them is returned.

    Mesa 3.3 counts in `Agent._ids`, a class-level dictionary by model; from 3.5 on the model counts itself.
    """
    if hasattr(model, "agent_id_counter"):
        first = int(model.agent_id_counter)
        model.agent_id_counter = first + n
        return first
    first = int(next(Agent._ids[model]))
    Agent._ids[model] = itertools.count(first + n)
    return first


def install_columns(model: Model, column_set: ColumnAgentSet) -> UnionAgentSet:
    """Make all rows agents of the model: `model.agents` becomes the union of ordinary agents and rows.

    `model.agents_by_type[kind]` is the column set itself. Ordinary agents made before or after are included; they come
    first in the union.

    Raises: ValueError if the set is not a whole store, the store is already in a model, or the model has this kind.
    """
    store = column_set.store
    if not column_set.is_whole:
        raise ValueError("only the set of all rows of a store can be installed")
    if store.model is not None:
        raise ValueError(f"this {type(store).__name__} is already installed in a model")
    if store.AGENT in model._agents_by_type:
        raise ValueError(f"the model already has agents of the kind {store.AGENT.__name__}")
    store.first_unique_id = reserve_ids(model, store.n)
    store.model = model
    column_set.registered = True
    union = model._all_agents
    if not isinstance(union, UnionAgentSet):
        union = UnionAgentSet(list(union), [], random=model.random)
        union.registered = True
        model._all_agents = union
    union.columns.append(column_set)
    model._agents_by_type[store.AGENT] = column_set
    return union
