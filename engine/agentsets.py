"""Sets of agents for a crowd kept in columns: the verbs of Mesa's AgentSet, without one Python object per holder."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, ClassVar, Protocol

import numpy as np
from mesa import Agent

from .kept_agents import GroupBy, KeptAgentSet, check_missing, most, shuffled_order, sorted_order


class Store(Protocol):
    """What a set of rows asks of its store of columns (`engine/columns.py::ColumnStore`)."""

    AGENT: ClassVar[Any]
    model: Any
    n: int
    seed: int
    first_unique_id: Any

    def values(self, name: str, rows: np.ndarray | None) -> np.ndarray | None:
        """Values of a column, by row."""

    def view(self, row: int) -> Any:
        """One row as an agent."""

    def views(self, rows: Iterable[int]) -> Iterator[Any]:
        """Several rows as agents."""

    def write(self, name: str, rows: Any, value: Any) -> None:
        """Set a writable column."""


class ColumnGroups(GroupBy):
    """Groups of rows, whose values are taken from the columns."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """One function over the values of each group.  Raises: AttributeError."""
        return {value: group.agg(attr_name, func) for value, group in self.groups.items()}


class ColumnAgentSet(KeptAgentSet):
    """Rows of one store as an agent set: all rows, or some in a given order."""

    def __init__(self, store: Store, rows: np.ndarray | None = None) -> None:
        """`rows`: row numbers without repetition, in order; None: all."""
        self.store = store
        self._rows = None if rows is None else np.asarray(rows, dtype=np.int64)
        self._member: np.ndarray | None = None
        self.registered = False

    @property
    def random(self) -> Random | None:  # type: ignore[override]
        """The model's generator, there for Mesa's interface; never drawn from here."""
        return None if self.store.model is None else self.store.model.random

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows of the store in their own order."""
        return self._rows is None

    @property
    def rows(self) -> np.ndarray:
        """The row numbers in order, int64."""
        return np.arange(self.store.n) if self._rows is None else self._rows

    def array(self, name: str) -> np.ndarray:
        """A copy of a column for these rows, as an array.  Raises: AttributeError."""
        values = self.store.values(name, self._rows)
        if values is None:
            raise AttributeError(f"{self.store.AGENT.__name__} has no column {name!r}", name=name)
        return np.array(values)

    def __len__(self) -> int:
        return self.store.n if self._rows is None else len(self._rows)

    def __iter__(self) -> Iterator[Agent]:
        return self.store.views(range(self.store.n) if self._rows is None else self._rows.tolist())

    def __contains__(self, agent: Any) -> bool:
        if type(agent) is not self.store.AGENT or agent._store is not self.store:
            return False
        if self._rows is None:
            return True
        if self._member is None:
            self._member = np.zeros(self.store.n, dtype=np.bool_)
            self._member[self._rows] = True
        return bool(self._member[agent._row])

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return list(self.store.views(self.rows[item].tolist()))
        return self.store.view(int(self.rows[item]))

    def copy(self) -> ColumnAgentSet:
        """A set of the same rows that the caller may change."""
        return ColumnAgentSet(self.store, self.rows.copy())

    def __getstate__(self) -> dict[str, Any]:
        return {"store": self.store, "rows": self._rows, "registered": self.registered}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.store, self._rows, self.registered = state["store"], state["rows"], state["registered"]
        self._member = None

    def _take(self, rows: np.ndarray, inplace: bool) -> ColumnAgentSet:
        if not inplace:
            return ColumnAgentSet(self.store, rows)
        self._refuse_if_registered()
        self._rows, self._member = rows, None
        return self

    def _update(self, agents: Iterable[Agent]) -> ColumnAgentSet:
        return self._take(np.fromiter((agent._row for agent in agents), dtype=np.int64), inplace=True)

    def add(self, agent: Agent) -> None:
        """Add a row of the same store at the end.  Raises: TypeError for any other agent."""
        if type(agent) is not self.store.AGENT or agent._store is not self.store:
            raise TypeError(f"{agent!r} is not a row of this store")
        if agent not in self:
            self._take(np.append(self.rows, agent._row), inplace=True)

    def remove(self, agent: Agent) -> None:
        """Take a row out.  Raises: KeyError if it is not there; TypeError on the model's own set."""
        if agent not in self:
            raise KeyError(agent)
        self._take(self.rows[self.rows != agent._row], inplace=True)

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of one attribute per row, or lists of several, as plain Python numbers."""
        if isinstance(attr_names, str):
            values = self.store.values(attr_names, self._rows)
            if values is not None:
                check_missing(handle_missing)
                listed: list[Any] = values.tolist()
                return listed
        return super().get(attr_names, handle_missing, default_value)

    def set(self, attr_name: str, value: Any) -> ColumnAgentSet:
        """Set a writable column of all these rows to one value.  Raises: as ColumnStore.write."""
        self.store.write(attr_name, slice(None) if self._rows is None else self._rows, value)
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """One function, or each of several, over the rows' values: the same results as over a list, sooner."""
        if not callable(func):
            return [self.agg(attribute, f) for f in func]
        values = self.store.values(attribute, self._rows)
        if values is None:
            return super().agg(attribute, func)
        # what np.asarray makes of the list that Mesa would pass
        wide = values.astype(np.int64 if values.dtype.kind in "iu" else np.float64, copy=False)
        if func is sum and wide.dtype.kind == "i":
            return int(wide.sum())
        if func in (min, max) and len(wide):
            return (wide.min() if func is min else wide.max()).item()
        if isinstance(func, np.ufunc) or (getattr(func, "__module__", None) or "").partition(".")[0] == "numpy":
            return func(wide)
        return func(values.tolist())

    def where(self, mask: np.ndarray) -> ColumnAgentSet:
        """The rows for which the mask, bool of shape (len(self),), is true."""
        return ColumnAgentSet(self.store, self.rows[np.asarray(mask, dtype=np.bool_)])

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> ColumnAgentSet:
        """As Mesa's `select`; `where` is the fast way to filter by columns."""
        rows, left = self.rows, most(at_most, len(self))
        if agent_type is not None and not issubclass(self.store.AGENT, agent_type):
            left = 0
        if filter_func is None:
            return self._take(rows[:left].copy(), inplace)
        chosen: list[int] = []
        for agent in self:
            if len(chosen) >= left:
                break
            if filter_func(agent):
                chosen.append(agent._row)
        return self._take(np.array(chosen, dtype=np.int64), inplace)

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> ColumnAgentSet:
        """The rows ordered by a column or a function; highest first unless `ascending`; ties keep their order."""
        values = self.store.values(key, self._rows) if isinstance(key, str) else None
        if values is None:
            by = operator.attrgetter(key) if isinstance(key, str) else key
            agents = sorted(self, key=by, reverse=not ascending)
            return self._take(np.array([agent._row for agent in agents], dtype=np.int64), inplace)
        return self._take(self.rows[sorted_order(values, ascending)], inplace)

    def shuffle(
        self,
        inplace: bool = False,
        *,
        seed: int | None = None,
        rng: np.random.Generator | Random | None = None,
    ) -> ColumnAgentSet:
        """The rows in an order given by keyed draws on (seed, the model's step, row), or drawn from `rng`.

        Without a seed it is the store's.
        """
        day = 0 if self.store.model is None else self.store.model.steps
        order = shuffled_order(self.rows, seed=self.store.seed if seed is None else seed, day=day, rng=rng)
        return self._take(self.rows[order], inplace)

    def groupby(self, by: Any, result_type: str = "agentset") -> GroupBy:
        """Groups by a column or a function, in the order of first appearance; as sets of rows or as lists of views."""
        rows = self.rows
        values = self.store.values(by, self._rows) if isinstance(by, str) else None
        groups: dict[Any, Any] = {}
        if values is None:
            for value, agents in super().groupby(by, "list"):
                groups[value] = ColumnAgentSet(self.store, np.array([agent._row for agent in agents]))
        else:
            distinct, first, member = np.unique(values, return_index=True, return_inverse=True)
            bounds = np.searchsorted(member[order := np.argsort(member, kind="stable")], np.arange(len(distinct) + 1))
            for g in np.argsort(first).tolist():
                groups[distinct[g].item()] = ColumnAgentSet(self.store, rows[order[bounds[g] : bounds[g + 1]]])
        if result_type == "agentset":
            return ColumnGroups(groups)
        return GroupBy({value: group.to_list() for value, group in groups.items()})
