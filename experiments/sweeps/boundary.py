"""Where an outcome crosses a level: only cells whose corners disagree are split, down to the finest grid.

Of a cell that is split, the middles of edges and faces are measured only where their own corners disagree. Once all
lines are followed, places are measured whose side is in doubt because shares are of few runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .boundary_doubt import doubtful

Node = tuple[int, ...]
"""Place on the finest grid, one number for each axis."""
UNKNOWN = -1


class Map:
    """What is known of the finest grid: sides that were measured, and sides that follow from agreeing neighbours."""

    def __init__(self, start: Sequence[int], finest: Sequence[int]) -> None:
        self.finest = tuple(finest)
        self.stride = tuple((f - 1) // (s - 1) for s, f in zip(start, finest, strict=True))
        self.side = np.full(self.finest, UNKNOWN, np.int8)
        self.measured = np.zeros(self.finest, bool)

    def enter(self, values: Mapping[Node, float], level: float) -> None:
        """Write down on which side of the level each measured value lies."""
        for node, value in values.items():
            self.measured[node] = True
            self.side[node] = value >= level if value == value else UNKNOWN

    def cells(self) -> Iterator[tuple[Node, Node]]:
        """(corner, strides) of the first grid's cells."""
        yield from self._cells((0,) * len(self.finest), tuple(f - 1 for f in self.finest), self.stride)

    def children(self, corner: Node, stride: Node) -> Iterator[tuple[Node, Node]]:
        """(corner, strides) of the halves of a cell."""
        yield from self._cells(corner, stride, _halved(stride))

    def _cells(self, corner: Node, size: Node, stride: Node) -> Iterator[tuple[Node, Node]]:
        starts = (range(c, c + length, step) for c, length, step in zip(corner, size, stride, strict=True))
        for inner in itertools.product(*starts):
            yield inner, stride

    def within(self, corner: Node, stride: Node) -> np.ndarray:
        """Sides in a cell, its border included; a view."""
        return self.side[tuple(slice(c, c + s + 1) for c, s in zip(corner, stride, strict=True))]

    def middles(self, corner: Node, stride: Node) -> Iterator[tuple[Node, list[Node]]]:
        """(place, corners that it lies between) of the places at which a cell is cut, edges before faces."""
        places = itertools.product(
            *[range(0, length + 1, half) for length, half in zip(stride, _halved(stride), strict=True)]
        )

        def cut(place: Node) -> list[bool]:
            return [0 < at < length for at, length in zip(place, stride, strict=True)]

        for place in sorted(places, key=lambda p: sum(cut(p))):
            ends = [(0, n) if inner else (at,) for at, n, inner in zip(place, stride, cut(place), strict=True)]
            around = [tuple(c + e for c, e in zip(corner, end, strict=True)) for end in itertools.product(*ends)]
            yield tuple(c + at for c, at in zip(corner, place, strict=True)), around


def next_points(
    values: Mapping[Node, float], *, start: Sequence[int], finest: Sequence[int], level: float, runs: float = np.inf
) -> list[Node]:
    """Places of the finest grid to be measured next, in their order; none when the line is found well enough.

    `values` are shares (or means) of all measured places, which include the first grid's, not numbers where every run
    failed; `runs` is how many runs a share is of, infinitely many of a value without luck. Depends on the values
    alone, not on the order in which they came.
    """
    seen = Map(start, finest)
    seen.enter(values, level)
    wanted: set[Node] = set()
    for corner, stride in seen.cells():
        _walk(seen, corner, stride, wanted)
    if wanted:
        return sorted(wanted)
    return doubtful(values, seen.finest, level, runs)


def sides(values: Mapping[Node, float], *, start: Sequence[int], finest: Sequence[int], level: float) -> np.ndarray:
    """bool of the finest grid's shape: where the outcome lies at the level or above, as far as measured places tell."""
    seen = Map(start, finest)
    seen.enter(values, level)
    for corner, stride in seen.cells():
        _walk(seen, corner, stride, set())
    for corner, stride in seen.cells():
        _fill(seen, corner, stride)
    return seen.side > 0


def _walk(seen: Map, corner: Node, stride: Node, wanted: set[Node]) -> None:
    """Split a cell as long as its sides disagree; places that cannot be told without being measured are wanted."""
    if max(stride) == 1 or not _disagree(seen.within(corner, stride)):
        return
    lacking = False
    for place, around in seen.middles(corner, stride):
        if seen.side[place] != UNKNOWN or seen.measured[place]:
            continue
        found = {int(seen.side[node]) for node in around}
        if len(found) > 1 or UNKNOWN in found:
            wanted.add(place)
            lacking = True
        else:
            seen.side[place] = found.pop()
    if not lacking:
        for inner, half in seen.children(corner, stride):
            _walk(seen, inner, half, wanted)


def _fill(seen: Map, corner: Node, stride: Node) -> None:
    """Give every place that is unknown the side of the cell it lies in; of a cell undecided, the side of the most."""
    inside = seen.within(corner, stride)
    if max(stride) > 1 and _disagree(inside):
        for inner, half in seen.children(corner, stride):
            _fill(seen, inner, half)
    known = inside[inside != UNKNOWN]
    if len(known):
        inside[inside == UNKNOWN] = known.mean() >= 0.5


def _disagree(inside: np.ndarray) -> bool:
    known = inside[inside != UNKNOWN]
    return len(known) > 0 and bool(known.min() != known.max())


def _halved(stride: Node) -> Node:
    return tuple(max(1, n // 2) for n in stride)
