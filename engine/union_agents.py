"""Ordinary agents and crowds kept in columns as one set: what `model.agents` is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

from mesa import Agent
from mesa.agent import AgentSet

from .agentsets import ColumnAgentSet
from .kept_agents import KeptAgentSet, most


class UnionAgentSet(KeptAgentSet):
    """Ordinary agents in their order, then the rows of every column set: what `model.agents` is."""

    def __init__(
        self, agents: Iterable[Agent], columns: Iterable[ColumnAgentSet], random: Random | None = None
    ) -> None:
        """The ordinary agents are kept alive by the set, as Mesa's model keeps its own."""
        super().__init__(agents, random)
        self.columns = list(columns)

    def __len__(self) -> int:
        return len(self._kept) + sum(map(len, self.columns))

    def __iter__(self) -> Iterator[Agent]:
        yield from list(self._kept)
        for rows in self.columns:
            yield from rows

    def __contains__(self, agent: object) -> bool:
        return any(agent in rows for rows in self.columns) or agent in self._kept

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [self[i] for i in range(*item.indices(len(self)))]
        place = item + len(self) if item < 0 else item
        if not 0 <= place < len(self):
            raise IndexError(f"agent {item} of {len(self)}")
        if place < len(self._kept):
            return next(itertools.islice(self._kept, place, None))
        place -= len(self._kept)
        for rows in self.columns:
            if place < len(rows):
                return rows[place]
            place -= len(rows)
        raise IndexError(f"agent {item} of {len(self)}")

    def __getstate__(self) -> dict[str, Any]:
        return super().__getstate__() | {"columns": self.columns}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.columns = state["columns"]

    def copy(self) -> UnionAgentSet:
        """A union of the same agents that the caller may change."""
        return UnionAgentSet(self._kept, [rows.copy() for rows in self.columns], self.random)

    def _update(self, agents: Iterable[Agent]) -> KeptAgentSet:
        super()._update(agents)
        self.columns = []  # the views are now kept one by one, in their new order
        return self

    def add(self, agent: Agent) -> None:
        """Add an agent at the end of the ordinary ones, unless it is there."""
        if agent not in self:
            self._kept[agent] = None

    def remove(self, agent: Agent) -> None:
        """Take an agent out.  Raises: KeyError if it is not there; TypeError for a row of the model's own set."""
        for rows in self.columns:
            if agent in rows:
                return rows.remove(agent)
        return super().remove(agent)

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of one attribute per agent, or lists of several: ordinary agents first, then the rows."""
        values = KeptAgentSet(self._kept).get(attr_names, handle_missing, default_value)
        for rows in self.columns:
            values += rows.get(attr_names, handle_missing, default_value)
        return values

    def set(self, attr_name: str, value: Any) -> UnionAgentSet:
        """Set an attribute of all agents to one value."""
        for part in (*self._kept_parts(), *self.columns):
            part.set(attr_name, value)
        return self

    def _kept_parts(self) -> tuple[KeptAgentSet, ...]:
        return (KeptAgentSet(self._kept, self.random),) if self._kept else ()

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> AgentSet:
        """As Mesa's `select`; the rows stay columns."""
        left = most(at_most, len(self))
        ordinary = KeptAgentSet(self._kept).select(filter_func, left, agent_type=agent_type)
        left -= len(ordinary)
        chosen = []
        for rows in self.columns:
            part = rows.select(filter_func, left, agent_type=agent_type)
            left -= len(part)
            if len(part):
                chosen.append(part)
        if not inplace:
            return UnionAgentSet(ordinary, chosen, self.random)
        self._update(ordinary)
        self.columns = chosen
        return self
