"""Who is left holding: what every account took in, paid out and still has, by the group it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...model import CarouselModel
from ...scenarios.schema_holders import BondBuyerKind
from ..columns import Texts, cents, party, text
from ..days import Days, padded
from ..kinds import FirmKind, Group
from ..table import Rhythm, table_of_columns

GROUPS: dict[str, Group] = {FirmKind.CLOUD: Group.CLOUDS, FirmKind.CHIP_MAKER: Group.CHIP_MAKERS}
"""Groups of listed firms of the circle."""
LENDERS = {
    BondBuyerKind.BANK: Group.BANKS,
    BondBuyerKind.BOND_FUND: Group.BOND_FUNDS,
    BondBuyerKind.PRIVATE_CREDIT: Group.PRIVATE_CREDIT,
}
"""Groups of bond buyers."""


def cash_flows(model: CarouselModel) -> tuple[np.ndarray, np.ndarray]:
    """Cash in and out of every account since the start, int64[accounts]."""
    flows = model.books.flows
    return flows.cash_in.copy(), flows.cash_out.copy()


class Positions:
    """The months' ends among some days: every account that ever moved cash or holds something; an outside account's
    holdings are nobody's."""

    def __init__(self, days: Days) -> None:
        model, monthly, accounts = days.model, np.flatnonzero(days.are_monthly), days.accounts
        journal = model.books.journal
        taken = [days.of(cash_flows)[day] for day in monthly]
        cash_in, cash_out = (padded([look[side] for look in taken], (accounts,)) for side in (0, 1))
        is_holder = np.array([not journal.is_outside(account) for account in range(accounts)])
        if model.cast.etf is not None:
            is_holder[model.cast.etf.account] = False
        value = np.where(is_holder, days.worth(monthly), 0)
        at = day, account = np.nonzero((cash_in != 0) | (cash_out != 0) | (value != 0))
        self.counts = np.bincount(monthly[day], minlength=len(days)) if len(monthly) else np.zeros(len(days), np.int64)
        self.party = Texts(account, journal.names)
        self.group = Texts(account, [group for group, _ in parties(model)])
        self.cash_in_cents, self.cash_out_cents, self.value_cents = cash_in[at], cash_out[at], value[at]


def parties(model: CarouselModel) -> Iterator[tuple[str, int]]:
    """Every account with the group it belongs to, for the question who is left holding."""
    named: dict[int, str] = {model.cast.clearing_house: Group.CLEARING_HOUSE}
    for lab in model.cast.labs:
        named[lab.account] = Group.LABS
        named[model.cast.founders[lab.name]] = Group.FOUNDERS
    for firm in model.cast.listed:
        named[firm.account] = GROUPS.get(firm.kind, Group.OTHER_LISTED)
    for plain in model.cast.plain_firms:
        named[plain.account] = Group.FIRMS
    for investor in model.cast.venture_investors:
        named[investor.account] = named[investor.partners_account] = Group.VENTURE
    for buyer in model.cast.bond_buyers:
        named[buyer.account] = named[buyer.savers.account] = LENDERS[buyer.facts.kind]
    for fund in model.cast.funds:
        named[fund.account] = named[model.cast.outside[fund.facts.savers]] = Group.FUNDS
    named.update(dict.fromkeys(model.cast.small_shareholders.values(), Group.HOUSEHOLDS))
    if model.cast.omnibus >= 0:
        named[model.cast.omnibus] = named[model.cast.household_savers] = Group.HOUSEHOLDS
    if model.cast.plans is not None:
        named[model.cast.plans.account] = named[model.cast.plans.savers_account] = Group.PLANS
    if model.cast.participant is not None:
        named[model.cast.participant.account] = Group.MARKET_MAKERS
    for account, name in enumerate(model.books.journal.names):
        yield named.get(account, name), account


POSITIONS = table_of_columns(
    "positions",
    (
        text("group", "class of parties; savers belong to the class they save through", lambda p: p.group),
        party("party", "name of the account", lambda p: p.party),
        cents("cash_in_cents", "cash received since the start, opening cash not counted", lambda p: p.cash_in_cents),
        cents("cash_out_cents", "cash paid since the start", lambda p: p.cash_out_cents),
        cents("market_value_cents", "securities held, at market or last mark", lambda p: p.value_cents),
    ),
    "who is left holding: every account",
    Positions,
    looks=(cash_flows,),
    rhythm=Rhythm.MONTHLY,
)
