"""Rounding payments that must fit together: fractional flows become whole cents, and still nobody pays what it has not
got.

Every flow is rounded up or down, never further, and what enters each party still equals what leaves it. That this is
always possible is the integral flow theorem. Source: Ford & Fulkerson (1962), Flows in Networks, ch. 1; the pushing
around cycles is the constructive proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

WORLD = None
"""The end of a flow where nothing has to balance."""


@dataclass(slots=True)
class Flow:
    """An amount in cents from one party to another; `prefer` it where rounding has a choice."""

    tail: int | None
    head: int | None
    amount: Fraction
    prefer: bool = True

    @property
    def part(self) -> Fraction:
        """What it has beyond whole cents."""
        return self.amount - self.amount.__floor__()


def round_flows(flows: list[Flow]) -> None:
    """Rounds all flows in place. At every party but WORLD, inflow less outflow must be whole before, and is unchanged
    after.

    Where parties owe only to outsiders this is the method of largest remainder, ties to the flow listed first.
    """
    _round_outward(flows)
    ragged = {index for index, flow in enumerate(flows) if flow.part}
    while ragged:
        cycle = _find_cycle(flows, ragged)
        direction = 1 if sum(sign for index, sign in cycle if flows[index].prefer) >= 0 else -1
        step = min(1 - flows[index].part if sign * direction > 0 else flows[index].part for index, sign in cycle)
        for index, sign in cycle:
            flows[index].amount += sign * direction * step
            if not flows[index].part:
                ragged.discard(index)


def _round_outward(flows: list[Flow]) -> None:
    """Settles each party's flows to the world among themselves, largest remainder first; one may stay ragged."""
    outward: dict[int | None, list[int]] = {}
    for index, flow in enumerate(flows):
        if flow.head is WORLD and flow.part:
            outward.setdefault(flow.tail, []).append(index)
    for group in outward.values():
        while len(group) > 1:
            group.sort(key=lambda index: (-flows[index].part, index))
            high, low = flows[group[0]], flows[group[-1]]
            step = min(1 - high.part, low.part)
            high.amount += step
            low.amount -= step
            group[:] = [index for index in group if flows[index].part]


def _find_cycle(flows: list[Flow], ragged: set[int]) -> list[tuple[int, int]]:
    """A closed walk along ragged flows, as (flow, +1 along it or -1 against it), no party twice."""
    at_node: dict[int | None, list[int]] = {}
    for index in sorted(ragged):
        at_node.setdefault(flows[index].tail, []).append(index)
        at_node.setdefault(flows[index].head, []).append(index)
    node = flows[min(ragged)].tail
    walk: list[tuple[int, int]] = []
    seen: dict[int | None, int] = {}
    while node not in seen:
        seen[node] = len(walk)
        came_by = walk[-1][0] if walk else -1
        # A party with one ragged flow alone would not balance, so there is always a way on.
        index = next(index for index in at_node[node] if index != came_by)
        forward = flows[index].tail == node
        walk.append((index, 1 if forward else -1))
        node = flows[index].head if forward else flows[index].tail
    return walk[seen[node] :]
