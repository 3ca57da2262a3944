"""A set of agents that keeps its members alive: Mesa's own sets hold them weakly and would drop views at once.

Where Mesa would draw from `model.random`, it uses keyed chance or a generator that the caller gives.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import numpy as np
from mesa import Agent
from mesa.agent import AgentSet

from .chance import slot_of, uniforms

try:
    from mesa.agentset import GroupBy  # from Mesa 3.5 on
except ImportError:
    from mesa.agent import GroupBy

__all__ = ["GroupBy", "KeptAgentSet", "check_missing", "most", "shuffled_order", "sorted_order"]

# the decision part of a shuffle's key: no clash with the small numbers of chance.Decision
SHUFFLE = slot_of("order of an agent set")


def shuffled_order(slots: np.ndarray, *, seed: int, day: int, rng: np.random.Generator | Random | None) -> np.ndarray:
    """A permutation of range(len(slots)): by keyed draws for (seed, day, slot), or drawn from `rng` if one is given."""
    if isinstance(rng, Random):
        order = list(range(len(slots)))
        rng.shuffle(order)
        return np.array(order, dtype=np.int64)
    if rng is not None:
        return rng.permutation(len(slots))
    return np.argsort(uniforms(seed, SHUFFLE, day, slots.astype(np.int64)), kind="stable")


def sorted_order(values: np.ndarray, ascending: bool) -> np.ndarray:
    """The order that Python's stable `sorted(..., reverse=not ascending)` gives: ties keep their order both ways."""
    if ascending:
        return np.argsort(values, kind="stable")
    return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]


def most(at_most: float, n: int) -> int:
    """How many agents `select(at_most=...)` allows of n: a float up to 1 is a share, rounded down."""
    if isinstance(at_most, float) and at_most <= 1.0:
        return int(n * at_most)
    return n if at_most >= n else int(at_most)


def check_missing(handle_missing: str) -> None:
    """Raises: ValueError if `handle_missing` is neither 'error' nor 'default'."""
    if handle_missing not in ("error", "default"):
        raise ValueError(f"handle_missing is {handle_missing!r}; allowed: 'error' or 'default'")


class KeptAgentSet(AgentSet):
    """An ordered set of agents, views included, that keeps its members alive."""

    def __init__(self, agents: Iterable[Agent], random: Random | None = None) -> None:
        """The agents in the given order; `random` is kept for Mesa's interface and never drawn from."""
        self._kept: dict[Agent, None] = dict.fromkeys(agents)
        self.random = random
        self.registered = False
        """Whether this is the model's own set, whose members only Mesa's registration may change."""

    @classmethod
    def _from_iterable(cls, it: Iterable[Agent]) -> KeptAgentSet:
        return KeptAgentSet(it)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Agent]:
        return iter(list(self._kept))

    def __contains__(self, agent: object) -> bool:
        return agent in self._kept

    def __getitem__(self, item: int | slice) -> Any:
        return self.to_list()[item]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} agents>"

    def to_list(self) -> list[Agent]:
        """All agents in order."""
        return list(self)

    def copy(self) -> KeptAgentSet:
        """A set of the same agents that the caller may change."""
        return KeptAgentSet(self, self.random)

    def __copy__(self) -> KeptAgentSet:
        return self.copy()

    def __getstate__(self) -> dict[str, Any]:
        return {"kept": list(self._kept), "random": self.random, "registered": self.registered}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._kept = dict.fromkeys(state["kept"])
        self.random, self.registered = state["random"], state["registered"]

    def _update(self, agents: Iterable[Agent]) -> KeptAgentSet:
        self._refuse_if_registered()
        self._kept = dict.fromkeys(agents)
        return self

    def _refuse_if_registered(self) -> None:
        if self.registered:
            raise TypeError("this is the model's own set of agents: work on a copy (inplace=False)")

    def add(self, agent: Agent) -> None:
        """Add an agent at the end, unless it is there."""
        self._kept[agent] = None

    def discard(self, agent: Agent) -> None:
        """Take an agent out if it is there."""
        if agent in self:
            self.remove(agent)

    def remove(self, agent: Agent) -> None:
        """Take an agent out.  Raises: KeyError if it is not there."""
        del self._kept[agent]

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of one attribute per agent, or lists of several.  Raises: AttributeError, ValueError, as Mesa's."""
        check_missing(handle_missing)
        if not isinstance(attr_names, str):
            parts = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(row) for row in zip(*parts, strict=True)] if parts else [[] for _ in self]
        if handle_missing == "error":
            return [getattr(agent, attr_names) for agent in self]
        return [getattr(agent, attr_names, default_value) for agent in self]

    def set(self, attr_name: str, value: Any) -> KeptAgentSet:
        """Set an attribute of all agents to one value."""
        for agent in self:
            setattr(agent, attr_name, value)
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """One function, or each of several, over the list of the agents' values."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> KeptAgentSet:
        """Call a method (by name) or a function on every agent in order."""
        self.map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """The results of a method (by name) or a function on every agent in order."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> KeptAgentSet:
        """`shuffle` by keyed chance, then `do`."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> AgentSet:
        """The first `at_most` agents (a number, or a share of all) that pass the filter and are of the type."""
        left = most(at_most, len(self))
        chosen: list[Agent] = []
        for agent in self:
            if len(chosen) >= left:
                break
            if (agent_type is None or isinstance(agent, agent_type)) and (filter_func is None or filter_func(agent)):
                chosen.append(agent)
        return self._update(chosen) if inplace else KeptAgentSet(chosen, self.random)

    def sort(self, key: Any, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """The agents ordered by an attribute or a function; highest first unless `ascending`; ties keep their order."""
        by = operator.attrgetter(key) if isinstance(key, str) else key
        agents = sorted(self, key=by, reverse=not ascending)
        return self._update(agents) if inplace else KeptAgentSet(agents, self.random)

    def shuffle(
        self,
        inplace: bool = False,
        *,
        seed: int = 0,
        rng: np.random.Generator | Random | None = None,
    ) -> AgentSet:
        """The agents in an order given by keyed draws on (seed, the model's step, unique id), or drawn from `rng`."""
        agents = self.to_list()
        slots = np.array([agent.unique_id for agent in agents], dtype=np.int64)
        day = agents[0].model.steps if agents else 0
        mixed = [agents[i] for i in shuffled_order(slots, seed=seed, day=day, rng=rng).tolist()]
        return self._update(mixed) if inplace else KeptAgentSet(mixed, self.random)

    def groupby(self, by: Any, result_type: str = "agentset") -> GroupBy:
        """Groups by an attribute or a function, in the order of first appearance; as sets or as lists."""
        groups: dict[Any, list[Agent]] = {}
        key = operator.attrgetter(by) if isinstance(by, str) else by
        for agent in self:
            groups.setdefault(key(agent), []).append(agent)
        if result_type == "agentset":
            return GroupBy({value: KeptAgentSet(group, self.random) for value, group in groups.items()})
        return GroupBy(groups)
