"""The greatest clearing of dues with seniority in exact fractions of a cent, before anything is rounded.

A party that cannot pay all it owes pays its classes in turn, the class where its means end in proportion. What
everybody pays is found from above: start with all dues paid, let those who cannot pay default, solve the linear
equations that hold as long as nobody crosses a boundary between classes or into default, go toward their solution up
to the first boundary, and so on. Each leg stays above every clearing, so the end is the greatest one; each boundary
is crossed once.

Source: Eisenberg & Noe (2001); Rogers & Veraart (2013) for default costs; Elsinger (2009), OeNB working paper 156, for
seniority.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

ZERO = Fraction(0)
DESCENTS = 20
"""Cheap rounds of lowering means before each solution of the linear equations."""


class NonConvergence(Exception):
    """A bounded computation that did not end within its bound."""

    def __init__(self, *, rounds: int) -> None:
        self.rounds = rounds
        super().__init__(f"came no result, allowed: {rounds} rounds")


@dataclass(slots=True)
class Payer:
    """A party that owes: its cash, its dues by class from the most senior on, and what they add up to."""

    cash: int
    classes: list[list[int]]
    amounts: list[int]
    """Owed in each class."""
    above: list[int]
    """Owed in all classes senior to each, and in all classes at the end."""
    incoming: list[int] = field(default_factory=list)
    means: Fraction | None = None
    """What a defaulter can pay its creditors; None as long as it pays in full."""

    @property
    def owed(self) -> int:
        return self.above[-1]

    def margin(self) -> int:
        """The class where a defaulter's means end; on a boundary the senior one, since means only fall."""
        assert self.means is not None
        level = 0
        while level + 1 < len(self.classes) and self.above[level + 1] < self.means:
            level += 1
        return level


@dataclass(slots=True)
class Network:
    """Dues as (payer, payee, cents, class rank of the payer); payers by their account."""

    ends: list[tuple[int, int]]
    cents: list[int]
    rank: list[int]
    payers: dict[int, Payer]
    alpha: Fraction
    beta: Fraction

    def paid(self, means: dict[int, Fraction], margins: dict[int, int]) -> list[Fraction]:
        """What is paid on each due if defaulters had these means and their margins stayed where they are."""
        amounts = []
        for (payer, _), cents, rank in zip(self.ends, self.cents, self.rank, strict=True):
            if payer not in means or rank < margins[payer]:
                amounts.append(Fraction(cents))
            elif rank > margins[payer] or not cents:
                amounts.append(ZERO)
            else:
                party = self.payers[payer]
                amounts.append((means[payer] - party.above[rank]) * cents / party.amounts[rank])
        return amounts

    def assets(self, account: int, paid: Sequence[Fraction]) -> Fraction:
        """Cash and receipts of a payer."""
        party = self.payers[account]
        return sum((paid[index] for index in party.incoming), Fraction(party.cash))


def clear_exactly(network: Network) -> list[Fraction]:
    """What is paid on each due, in fractions of a cent; sets the means of those who default.

    Raises: NonConvergence.
    """
    payers = network.payers
    rounds = (1 + DESCENTS) * (4 + sum(len(party.classes) + 2 for party in payers.values()))
    falling: set[int] = set()
    descents = DESCENTS
    for _ in range(rounds):
        means = {account: party.means for account, party in payers.items() if party.means is not None}
        margins = {account: payers[account].margin() for account in means}
        paid = network.paid(means, margins)
        assets = {account: network.assets(account, paid) for account in payers}
        new = {a for a, party in payers.items() if a not in means and (a in falling or assets[a] < party.owed)}
        if new:
            for account in new:
                cash = payers[account].cash
                payers[account].means = network.alpha * cash + network.beta * (assets[account] - cash)
            falling = set()
            continue
        if not means:
            return paid
        if descents and _descend(network, assets):
            descents -= 1
            continue
        descents = DESCENTS
        target, settled = _solve(network, means, margins)
        reach, falling = _first_boundary(network, means, margins, target, assets)
        for account, now in means.items():
            payers[account].means = now + reach * (target[account] - now)
        if reach == 1 and settled:
            return network.paid(target, margins)
    raise NonConvergence(rounds=rounds)


def _descend(network: Network, assets: Mapping[int, Fraction]) -> bool:
    """Lowers the means of defaulters to what they now receive, rounded up so that they stay above every clearing.

    Crosses many boundaries at little cost before equations are solved. Returns whether anything fell by a cent or more.
    """
    fell = False
    for account, party in network.payers.items():
        if party.means is not None:
            means = network.alpha * party.cash + network.beta * (assets[account] - party.cash)
            if (ceiling := means.__ceil__()) < party.means:
                party.means = Fraction(ceiling)
                fell = True
    return fell


def _first_boundary(
    network: Network,
    means: dict[int, Fraction],
    margins: dict[int, int],
    target: dict[int, Fraction],
    assets: dict[int, Fraction],
) -> tuple[Fraction, set[int]]:
    """How far toward the target (0 to 1) nobody crosses a boundary, and which payers default just beyond."""
    reach = Fraction(1)
    for account, now in means.items():
        lowest = network.payers[account].above[margins[account]]
        if margins[account] and target[account] < lowest:
            reach = min(reach, (now - lowest) / (now - target[account]))
    paid = network.paid(target, margins)
    crossing: dict[int, Fraction] = {}
    for account, party in network.payers.items():
        if account not in means and (then := network.assets(account, paid)) < party.owed:
            crossing[account] = (assets[account] - party.owed) / (assets[account] - then)
            reach = min(reach, crossing[account])
    return reach, {account for account, at in crossing.items() if at == reach}


def _solve(network: Network, means: dict[int, Fraction], margins: dict[int, int]) -> tuple[dict[int, Fraction], bool]:
    """Means of all defaulters that fit together at the present margins, and whether they are a full solution.

    Parties that pay only each other have no solution while money still leaks out through a senior class: the last of
    them then aims at the boundary of its class.
    """
    constant = {account: network.alpha * network.payers[account].cash for account in means}
    weight: dict[int, dict[int, Fraction]] = {account: {} for account in means}
    for (payer, payee), cents, rank in zip(network.ends, network.cents, network.rank, strict=True):
        if payee not in means or not cents:
            continue
        if payer not in means or rank < margins[payer]:
            constant[payee] += network.beta * cents
        elif rank == margins[payer]:
            party = network.payers[payer]
            part = network.beta * cents / party.amounts[rank]
            weight[payee][payer] = weight[payee].get(payer, ZERO) + part
            constant[payee] -= part * party.above[rank]
    order, free = _eliminate(constant, weight)
    solution: dict[int, Fraction] = {}
    settled = True
    for account in reversed(order):
        value = constant[account] + sum((part * solution[j] for j, part in weight[account].items()), ZERO)
        if account in free:
            settled = settled and value == 0
            value = means[account] if value == 0 else Fraction(network.payers[account].above[margins[account]])
        solution[account] = value
    return solution, settled


def _eliminate(constant: dict[int, Fraction], weight: dict[int, dict[int, Fraction]]) -> tuple[list[int], set[int]]:
    """Rewrites x_i = constant_i + sum_j weight_ij x_j so that each x_i depends on later ones in the returned order
    only.

    Also returns those whose own equation leaves them free. Sparse: the party fewest others depend on goes first.
    """
    readers: dict[int, set[int]] = {account: set() for account in weight}
    for reader, row in weight.items():
        for account in row:
            readers[account].add(reader)
    order: list[int] = []
    free: set[int] = set()
    waiting = set(weight)
    while waiting:
        pivot = min(waiting, key=lambda account: (len(readers[account]) * len(weight[account]), account))
        waiting.remove(pivot)
        order.append(pivot)
        own = 1 - weight[pivot].pop(pivot, ZERO)
        readers[pivot].discard(pivot)
        if own == 0:
            free.add(pivot)
        elif own != 1:
            constant[pivot] /= own
            weight[pivot] = {account: part / own for account, part in weight[pivot].items()}
        for account in weight[pivot]:
            readers[account].discard(pivot)
        for reader in readers[pivot]:
            row = weight[reader]
            factor = row.pop(pivot)
            constant[reader] += factor * constant[pivot]
            for account, part in weight[pivot].items():
                row[account] = row.get(account, ZERO) + factor * part
                readers[account].add(reader)
    return order, free
