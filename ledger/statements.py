"""Statements: income, cash flow and balance sheet of every firm and quarter, and the flow of funds, to the cent.

What happened (payments, bills, losses) and how things stand (cash, bills that wait, assets, debts) are told by
different records; that they meet, assets = claims, is an identity of the audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .causes import Cause
from .statement_lines import CASH_SECTIONS, CHARGED, EARNED, PAID, RECEIVED, Line, Section

Gap = tuple[str, str, int]
Lines = Counter[tuple[Section, Line]]
BALANCED = "assets = claims"
CASH_EXPLAINED = "cash flows = change in cash"
FUNDS = "sources - uses of funds = change in cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCause:
    """Cents of one account by cause since the start, int64[causes] each."""

    received: np.ndarray
    paid: np.ndarray
    earned: np.ndarray
    """Billed to others."""
    charged: np.ndarray
    """Billed by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What changed without a payment since the start, in cents."""

    chips_written_off: int = 0
    sites_written_off: int = 0
    lost: int = 0
    """Bills and loans that will not be paid to it, building that it has given up."""
    forgiven: int = 0
    """Bills, loans and face of bonds that it need not pay."""
    provided: int = 0
    """Provisions as they stand."""
    set_off_for_own_shares: int = 0
    """Its shares that were paid by setting off debts."""
    set_off_for_stakes: int = 0
    """The same of shares that it subscribed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A firm at the end of a day. `flows` are sums since the start, `assets` and `debts` stand now."""

    name: str
    flows: Lines
    assets: Mapping[Line, int]
    debts: Mapping[Line, int]
    paid_in: int
    """Cents that shareholders have put in since the start, less what they took out."""

    @property
    def worth(self) -> int:
        """Assets less debts."""
        return sum(self.assets.values()) - sum(self.debts.values())

    def total(self, *sections: Section) -> int:
        """Sum of the flows of some sections since the start."""
        return sum(cents for (section, _), cents in self.flows.items() if section in sections)


class StatementLine(NamedTuple):
    """One line of a quarter."""

    firm: str
    quarter: int
    section: Section
    line: Line
    cents: int


def flows_of(sums: ByCause, sold_to_others: int, losses: Losses, stakes_cents: int) -> Lines:
    """Lines of income and cash flow since the start; cents in are above zero, cents out below.

    Bought stakes count at today's price: what they gained is their value less what was paid for them.
    """
    lines: Lines = Counter()
    other, ai = int(sums.received[Cause.REVENUE_OTHER]), int(sums.received[Cause.REVENUE_AI])
    for section in (Section.INCOME, Section.OPERATING):
        lines[section, Line.OTHER_CUSTOMERS] = sold_to_others
        lines[section, Line.OLD_BUSINESS] = other - sold_to_others
    lines[Section.INCOME, Line.AI_CUSTOMERS] = ai
    for cause, line in EARNED.items():
        lines[Section.INCOME, line] += int(sums.earned[cause])
    for cause, line in CHARGED.items():
        lines[Section.INCOME, line] -= int(sums.charged[cause])
    for cause, where in RECEIVED.items():
        lines[where] += int(sums.received[cause])
    for cause, where in PAID.items():
        lines[where] -= int(sums.paid[cause])
    lines[Section.INCOME, Line.DEFAULT_COST] = -int(sums.paid[Cause.DEFAULT_COST])
    lines[Section.INCOME, Line.CHIP_DEPRECIATION] = -losses.chips_written_off
    lines[Section.INCOME, Line.SITE_DEPRECIATION] = -losses.sites_written_off
    lines[Section.INCOME, Line.PROVISIONS] = -losses.provided
    lines[Section.INCOME, Line.WRITE_OFFS] = -losses.lost
    lines[Section.INCOME, Line.FORGIVEN] = losses.forgiven
    bought = int(sums.paid[Cause.MILESTONE] + sums.paid[Cause.ROUND]) + losses.set_off_for_stakes
    lines[Section.INCOME, Line.STAKES_GAIN] = stakes_cents - bought
    return lines


def paid_in_of(sums: ByCause, losses: Losses) -> int:
    """What shareholders have put in since the start, less buybacks."""
    raised = sum(sums.received[c] for c in (Cause.ROUND, Cause.MILESTONE, Cause.LISTING, Cause.TRADE_RECEIVE))
    return int(raised - sums.paid[Cause.TRADE_PAY]) + losses.set_off_for_own_shares


class Statements:
    """The statements of the quarter closed last. The opening's are the balance sheets alone: what a firm is worth
    then is its paid-in capital."""

    def __init__(self) -> None:
        self.quarter = -1
        """0 is the opening; a run that ends within a quarter closes it early."""
        self.lines: list[StatementLine] = []
        self.funds: np.ndarray = np.zeros((0, 1 + max(Cause)), np.int64)
        """Cash in less cash out of the quarter by account and cause, int64[accounts, causes]."""
        self.change_in_cash: np.ndarray = np.zeros(0, np.int64)
        """Of every account over the quarter, int64[accounts]."""
        self._opening: dict[str, Standing] = {}
        self._last: dict[str, Standing] = {}
        self._net, self._balances = self.funds, self.change_in_cash
        self._gaps: list[Gap] = []

    def close(self, quarter: int, firms: Sequence[Standing], tax_share: float) -> None:
        """Draw up the statements of every firm at the end of a quarter."""
        if quarter == 0:
            self._opening = {firm.name: firm for firm in firms}
        self.quarter, self.lines, self._gaps = quarter, [], []
        for firm in firms:
            opening = self._opening.setdefault(firm.name, firm)
            last = self._last.get(firm.name, opening)
            self.lines += [
                StatementLine(firm.name, quarter, *line) for line in _drawn_up(firm, last, opening, tax_share)
            ]
            self._gaps += [gap for gap in _gaps_of(firm, opening) if gap[2]]
        self._last = {firm.name: firm for firm in firms}

    def close_funds(self, net_by_cause: np.ndarray, balances: np.ndarray) -> None:
        """The quarter's flow of funds from sums since the start, int64[accounts, causes], and balances."""
        missing = len(balances) - len(self._balances)
        self.funds = net_by_cause - np.pad(self._net, ((0, missing), (0, 0)))
        self.change_in_cash = balances - np.pad(self._balances, (0, missing))
        self._net, self._balances = net_by_cause, balances

    def gaps(self, names: Sequence[str]) -> Iterator[Gap]:
        """What does not hold of the quarter closed last; `names` are those of the accounts."""
        yield from self._gaps
        off = self.funds.sum(axis=1) - self.change_in_cash
        for account in off.nonzero()[0].tolist():
            yield FUNDS, names[account], int(off[account])


def _drawn_up(
    firm: Standing, last: Standing, opening: Standing, tax_share: float
) -> Iterator[tuple[Section, Line, int]]:
    """Its lines that are not zero: flows of the quarter, then how it stands, then what it has not paid."""
    profit, on_paper = firm.total(Section.INCOME) - last.total(Section.INCOME), 0
    for (section, line), cents in firm.flows.items():
        if change := cents - last.flows[section, line]:
            yield section, line, change
            on_paper += change if line is Line.STAKES_GAIN else 0
    for section, standing in ((Section.ASSETS, firm.assets), (Section.CLAIMS, _claims(firm, opening))):
        for line, cents in standing.items():
            if cents:
                yield section, line, cents
    if tax := round(tax_share * max(0, profit - on_paper)):
        yield Section.MEMO, Line.TAX, tax


def _claims(firm: Standing, opening: Standing) -> dict[Line, int]:
    """Debts, and what belongs to shareholders: what they have put in, the opening's worth included, and what is
    retained of profits."""
    paid_in = opening.worth + firm.paid_in - opening.paid_in
    retained = firm.total(Section.INCOME) - opening.total(Section.INCOME)
    return {**firm.debts, Line.PAID_IN: paid_in, Line.RETAINED: retained}


def _gaps_of(firm: Standing, opening: Standing) -> Iterable[Gap]:
    """Assets less claims; cash flows since the opening less the change in cash."""
    yield BALANCED, firm.name, sum(firm.assets.values()) - sum(_claims(firm, opening).values())
    explained = firm.total(*CASH_SECTIONS) - opening.total(*CASH_SECTIONS)
    yield CASH_EXPLAINED, firm.name, explained - firm.assets[Line.CASH] + opening.assets[Line.CASH]
