"""Who made it possible: Shapley values of a game given by the worth of every coalition."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

PLAYERS_MAX = 10

Coalition = frozenset[str]


class IncompleteGame(ValueError):
    """A coalition without a worth, or more players than can be counted through."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came, self.allowed = came, allowed
        super().__init__(f"came {came}, allowed: {allowed}")


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """All subsets, the empty one first, by size. Raises: IncompleteGame for more than ten players."""
    if len(players) > PLAYERS_MAX:
        raise IncompleteGame(came=f"{len(players)} players", allowed=f"at most {PLAYERS_MAX}")
    return [frozenset(c) for size in range(len(players) + 1) for c in combinations(players, size)]


def shapley_values(players: Sequence[str], worth: Mapping[Coalition, float]) -> dict[str, float]:
    """Each player's mean marginal contribution over all orders of arrival; they sum to v(all) - v(nobody).

    phi_p = sum over S without p of |S|! (n - |S| - 1)! / n! x [v(S + p) - v(S)].

    Raises: IncompleteGame if a coalition has no worth or there are more than ten players.
    Source: Shapley (1953), A value for n-person games, Contributions to the Theory of Games II.
    """
    n = len(players)
    everything = coalitions(players)
    missing = [sorted(c) for c in everything if c not in worth]
    if missing:
        raise IncompleteGame(came=f"no worth of {missing[0]}", allowed="the worth of every coalition")
    out = {}
    for player in players:
        parts = []
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            parts += [
                weight * (worth[c | {player}] - worth[c]) for c in everything if len(c) == size and player not in c
            ]
        out[player] = math.fsum(parts)
    return out
