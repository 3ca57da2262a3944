"""What everybody owes this month, and how much of it is paid: clearing in whole cents with classes of seniority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .causes import Cause
from .exact_clearing import Network, Payer, clear_exactly
from .units import CENTS_LIMIT
from .whole_cents import WORLD, Flow, round_flows


@dataclass(frozen=True, slots=True)
class Due:
    """An amount one account must pay another today. Seniority 0 is paid first.

    Raises: ValueError for a due to oneself or an amount that is not 0 to 2**53 cents.
    """

    payer: int
    payee: int
    cents: int
    seniority: int
    contract: int
    cause: Cause

    def __post_init__(self) -> None:
        if self.payer == self.payee:
            raise ValueError(f"came a due of account {self.payer} to itself, allowed: two different accounts")
        if not 0 <= self.cents < CENTS_LIMIT or int(self.cents) != self.cents:
            raise ValueError(f"came {self.cents!r} cents, allowed: a whole number of 0 or more below 2**53")


@dataclass(frozen=True, slots=True)
class Settlement:
    """How much of a due is paid, and how much is not."""

    due: Due
    paid_cents: int
    shortfall_cents: int


def clear_dues(dues: Sequence[Due], cash: Mapping[int, int], alpha: float = 1.0, beta: float = 1.0) -> list[Settlement]:
    """The greatest clearing of dues in whole cents; settlements come in the order of the dues.

    `cash` is what each payer can spend, in cents; one not named has none. Accounts that owe nothing only receive.
    Whoever can pay all it owes does. Whoever cannot pays all its means (after default costs: `alpha` of its cash,
    `beta` of its receipts), class by class, within the last class in proportion. The exact fractional clearing is
    rounded to whole cents, each due up or down (largest remainder for a defaulter that owes to outsiders only), so
    that every payer's payments still equal its means exactly.

    Raises: ValueError for negative cash or parts outside 0 to 1, NonConvergence.
    Source: Eisenberg & Noe (2001), Rogers & Veraart (2013); see exact_clearing.py and whole_cents.py.
    """
    if not (0 <= alpha <= 1 and 0 <= beta <= 1):
        raise ValueError(f"came alpha {alpha!r} and beta {beta!r}, allowed: 0 to 1")
    payers = _payers(dues, cash)
    if all(party.cash + sum(dues[k].cents for k in party.incoming) >= party.owed for party in payers.values()):
        return [Settlement(due, due.cents, 0) for due in dues]
    network = Network(
        ends=[(due.payer, due.payee) for due in dues],
        cents=[due.cents for due in dues],
        rank=_ranks(dues, payers),
        payers=payers,
        alpha=Fraction(str(float(alpha))),
        beta=Fraction(str(float(beta))),
    )
    exact = clear_exactly(network)
    return [Settlement(due, whole, due.cents - whole) for due, whole in zip(dues, _whole(network, exact), strict=True)]


def default_losses(settlements: Sequence[Settlement], cash: Mapping[int, int]) -> dict[int, int]:
    """Cents lost to default costs by each payer that did not pay in full: cash and receipts less what it paid."""
    defaulters = {each.due.payer for each in settlements if each.shortfall_cents}
    losses = {payer: int(cash.get(payer, 0)) for payer in sorted(defaulters)}
    for each in settlements:
        if each.due.payer in losses:
            losses[each.due.payer] -= each.paid_cents
        if each.due.payee in losses:
            losses[each.due.payee] += each.paid_cents
    return losses


def _payers(dues: Sequence[Due], cash: Mapping[int, int]) -> dict[int, Payer]:
    by_class: dict[int, dict[int, list[int]]] = {}
    for index, due in enumerate(dues):
        by_class.setdefault(due.payer, {}).setdefault(due.seniority, []).append(index)
    payers: dict[int, Payer] = {}
    for account, ranked in by_class.items():
        own = int(cash.get(account, 0))
        if own < 0:
            raise ValueError(f"came {own} cents of account {account}, allowed: 0 or more")
        classes = [ranked[seniority] for seniority in sorted(ranked)]
        amounts = [sum(dues[index].cents for index in group) for group in classes]
        above = [sum(amounts[:rank]) for rank in range(len(amounts) + 1)]
        payers[account] = Payer(own, classes, amounts, above)
    for index, due in enumerate(dues):
        if due.payee in payers:
            payers[due.payee].incoming.append(index)
    return payers


def _ranks(dues: Sequence[Due], payers: Mapping[int, Payer]) -> list[int]:
    ranks = [0] * len(dues)
    for party in payers.values():
        for rank, group in enumerate(party.classes):
            for index in group:
                ranks[index] = rank
    return ranks


def _whole(network: Network, exact: Sequence[Fraction]) -> list[int]:
    """The exact payments in whole cents, such that each defaulter pays its means and nobody else falls short by
    rounding.
    """
    flows = [Flow(payer, payee, amount) for (payer, payee), amount in zip(network.ends, exact, strict=True)]
    balanced: set[int] = set()
    for account, party in network.payers.items():
        assets = network.assets(account, exact)
        if party.means is not None:
            balanced.add(account)
            flows.append(Flow(account, WORLD, assets - party.means, prefer=False))
        elif party.cash + sum(exact[index].__floor__() for index in party.incoming) < party.owed:
            balanced.add(account)
            flows.append(Flow(account, WORLD, assets - party.owed, prefer=False))
    for flow in flows:
        flow.tail = flow.tail if flow.tail in balanced else WORLD
        flow.head = flow.head if flow.head in balanced else WORLD
    round_flows(flows)
    return [int(flow.amount) for flow in flows[: len(exact)]]
