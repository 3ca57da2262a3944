"""Sources and uses of a firm's cash, net: what lenders, customers, owners and vendors gave beyond what they got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from ..history.kinds import FirmKind, cause_text
from ..ledger.causes import Cause
from ..ledger.statement_lines import PAID, RECEIVED, Line

ALL_BUILDERS = "all builders"


class Item(StrEnum):
    """Who gives cash to a firm, and what for it goes."""

    LENDERS = "lenders, less interest and repayment"
    LABS = "labs"
    CLOUDS = "clouds that buy"
    AI_CUSTOMERS = "AI customers"
    SHARES = "new shares, less buybacks"
    OWN = "own business, less its costs"
    VENDORS = "vendors and suppliers, less what they get back"
    DRAWN_DOWN = "cash drawn down"
    CHIPS = "chips"
    CONSTRUCTION = "construction"
    COMPUTE = "compute rented"
    COSTS = "running costs and shares of revenue"
    STAKES = "stakes bought"
    LENT = "lent, less what came back"


USES = (Item.CHIPS, Item.CONSTRUCTION, Item.COMPUTE, Item.COSTS, Item.STAKES, Item.LENT)
ITEM_OF_LINE = {
    Line.AI_CUSTOMERS: Item.AI_CUSTOMERS,
    Line.LABS: Item.LABS,
    Line.CLOUDS: Item.CLOUDS,
    Line.OLD_BUSINESS: Item.OWN,
    Line.REVENUE_SHARE_IN: Item.OWN,
    Line.REVENUE_SHARE_OUT: Item.OWN,
    Line.RUNNING_COSTS: Item.OWN,
    Line.OPERATION: Item.OWN,
    Line.DEFAULT_COST: Item.OWN,
    Line.OBLIGATIONS: Item.OWN,
    Line.INTEREST_IN: Item.OWN,
    Line.GUARANTEES: Item.OWN,
    Line.IDLE: Item.OWN,
    Line.INTEREST_OUT: Item.LENDERS,
    Line.BONDS_ISSUED: Item.LENDERS,
    Line.BONDS_REPAID: Item.LENDERS,
    Line.DRAWN: Item.LENDERS,
    Line.REPAID: Item.LENDERS,
    Line.SHARES_SOLD: Item.SHARES,
    Line.SHARES_BOUGHT: Item.SHARES,
    Line.ROUNDS: Item.SHARES,
    Line.MILESTONES: Item.SHARES,
    Line.CHIPS: Item.CHIPS,
    Line.CONSTRUCTION: Item.CONSTRUCTION,
    Line.COMPUTE: Item.COMPUTE,
    Line.RENT: Item.COMPUTE,
    Line.CHIPS_SOLD: Item.CHIPS,
    Line.STAKES_BOUGHT: Item.STAKES,
    Line.LENT: Item.LENT,
    Line.LENT_BACK: Item.LENT,
}
"""Where each line of a cash flow belongs. Customers outside the circle and costs of a firm's own business are netted:
how much passes through its till says nothing of what it can build with."""
OF_VENDORS = (
    Line.DRAWN, Line.REPAID, Line.BONDS_ISSUED, Line.BONDS_REPAID, Line.INTEREST_OUT, Line.ROUNDS, Line.MILESTONES,
    Line.GUARANTEES, Line.IDLE,
)  # fmt: skip
"""Lines that are a vendor's when another listed firm stands on the other side."""
SPENT_BY_LABS = (Line.RUNNING_COSTS, Line.REVENUE_SHARE_OUT)
"""A lab's business is what it is asked about: its costs are a use."""
LINES_IN = {cause_text(c): line for c, (_, line) in RECEIVED.items()} | {
    cause_text(Cause.REVENUE_OTHER): Line.OLD_BUSINESS
}
LINES_OUT = {cause_text(c): line for c, (_, line) in PAID.items()}


class Paid(NamedTuple):
    """What one account has paid another for one cause, in all."""

    cause: str
    payer: str
    payee: str
    cents: int


def payments_between(journal: pd.DataFrame) -> list[Paid]:
    """The journal summed by cause, payer and payee, without the opening balances; in order of first payment."""
    moved = journal[journal["cause"] != cause_text(Cause.OPENING)]
    sums = moved.groupby(["cause", "payer", "payee"], sort=False, observed=True)["cents"].sum()
    return [Paid(str(cause), str(payer), str(payee), int(c)) for (cause, payer, payee), c in sums.items()]


def sources_and_uses(
    journal: pd.DataFrame, kinds: Mapping[str, str], firms: Iterable[str] | None = None
) -> pd.DataFrame:
    """Sources and uses of every firm's cash over the rows of a journal: firm, item, is_use, cents.

    `kinds` is the kind of each firm by name, as in the table `firms`; `firms` None: all of them. Sources sum to uses;
    a source below zero took more than it gave, `cash drawn down` below zero is cash that was kept. Rows of nothing are
    left out. The builders (who paid for chips or construction) are told together too, under `ALL_BUILDERS`.
    """
    sums: dict[str, Counter[Item]] = {name: Counter() for name in kinds}
    for paid in payments_between(journal):
        for firm, item, cents in _items(paid, kinds):
            sums[firm][item] += cents
    builders = [name for name, items in sums.items() if items[Item.CHIPS] or items[Item.CONSTRUCTION]]
    asked = [name for name in kinds if any(sums[name].values())] if firms is None else list(firms)
    rows = [row for name in asked for row in _told(name, sums[name])]
    if firms is None and builders:
        together: Counter[Item] = Counter()
        for name in builders:
            together.update(sums[name])
        rows += _told(ALL_BUILDERS, together)
    return pd.DataFrame(rows, columns=["firm", "item", "is_use", "cents"])


def _items(paid: Paid, kinds: Mapping[str, str]) -> Iterator[tuple[str, Item, int]]:
    """Both sides of a payment: cents in above zero."""
    if paid.payee in kinds:
        yield paid.payee, _item(LINES_IN[paid.cause], paid.payee, paid.payer, kinds), paid.cents
    if paid.payer in kinds:
        yield paid.payer, _item(LINES_OUT[paid.cause], paid.payer, paid.payee, kinds), -paid.cents


def _item(line: Line, firm: str, other: str, kinds: Mapping[str, str]) -> Item:
    if line in OF_VENDORS and kinds.get(other, FirmKind.LAB) != FirmKind.LAB:
        return Item.VENDORS
    if line in SPENT_BY_LABS and kinds[firm] == FirmKind.LAB:
        return Item.COSTS
    if line is Line.LABS and kinds.get(other) != FirmKind.LAB:
        return Item.CLOUDS
    return ITEM_OF_LINE[line]


def _told(name: str, items: Counter[Item]) -> list[tuple[str, str, bool, int]]:
    """Sources, then uses; what is missing between them is cash drawn down."""
    full = {**items, Item.DRAWN_DOWN: -sum(items.values())}
    return [
        (name, item.value, item in USES, -full[item] if item in USES else full[item]) for item in Item if full.get(item)
    ]
