"""Who pays in: what savers, partners and banks have put in and taken out through each channel, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model import CarouselModel
from ...scenarios.schema_holders import BondBuyerKind
from ..columns import Texts, cents, text
from ..days import Days, padded
from ..kinds import Channel
from ..table import Rhythm, table_of_columns
from .positions import cash_flows

LENDERS = {
    BondBuyerKind.BANK: Channel.BANKS,
    BondBuyerKind.BOND_FUND: Channel.BOND_FUNDS,
    BondBuyerKind.PRIVATE_CREDIT: Channel.PRIVATE_CREDIT,
}


class Accounts(NamedTuple):
    """The accounts of a channel: of those whose money it is, and of whoever invests it for them."""

    savers: list[int]
    investors: list[int]


def channels(model: CarouselModel) -> dict[Channel, Accounts]:
    """Every channel of a world, in the order of `Channel`."""
    cast = model.cast
    pairs = [(Channel.HOUSEHOLDS, cast.household_savers, cast.omnibus)] if cast.omnibus >= 0 else []
    pairs += [(Channel.HOUSEHOLDS, cast.household_savers, account) for account in cast.small_shareholders.values()]
    if cast.plans is not None:
        pairs.append((Channel.PLANS, cast.plans.savers_account, cast.plans.account))
    pairs += [(Channel.FUNDS, fund.savers.account, fund.account) for fund in cast.funds]
    pairs += [(LENDERS[buyer.facts.kind], buyer.savers.account, buyer.account) for buyer in cast.bond_buyers]
    pairs += [(Channel.VENTURE, x.partners_account, x.account) for x in cast.venture_investors]
    found: dict[Channel, Accounts] = {}
    for channel in Channel:
        own = [pair[1:] for pair in pairs if pair[0] is channel]
        if own:
            found[channel] = Accounts(list(dict.fromkeys(s for s, _ in own)), [account for _, account in own])
    return found


def net_cash(model: CarouselModel) -> dict[Channel, int]:
    """Cents that have been put in through each channel by now, less what has been taken out."""
    flows, net = model.books.flows, dict[Channel, int]()
    for channel, accounts in channels(model).items():
        own = accounts.investors if channel is Channel.HOUSEHOLDS else accounts.savers
        known = [account for account in own if account < len(flows.cash_in)]
        net[channel] = int(flows.cash_out[known].sum() - flows.cash_in[known].sum())
        if channel is Channel.HOUSEHOLDS:
            net[channel] += int(flows.cash_out[accounts.savers].sum())
    return net


class Payers:
    """The months' ends among some days: a row a channel."""

    def __init__(self, days: Days) -> None:
        model, monthly = days.model, np.flatnonzero(days.are_monthly)
        by_channel = channels(model)
        names, accounts = list(by_channel), list(by_channel.values())
        savers, investors = [a.savers for a in accounts], [a.investors for a in accounts]
        taken = [days.of(cash_flows)[day] for day in monthly]
        received, spent = (padded([look[side] for look in taken], (days.accounts,)) for side in (0, 1))
        put_in, taken_out = _sums(spent, savers), _sums(received, savers)
        invested, returned = _sums(spent, investors) - taken_out, _sums(received, investors) - put_in
        if Channel.HOUSEHOLDS in by_channel:
            at = names.index(Channel.HOUSEHOLDS)
            put_in[:, at], taken_out[:, at] = invested[:, at], returned[:, at]
        self.counts = np.where(days.are_monthly, len(names), 0)
        self.channel = Texts(np.tile(np.arange(len(names)), len(monthly)), [name.value for name in names])
        self.put_in_cents, self.taken_out_cents = put_in.ravel(), taken_out.ravel()
        self.invested_cents, self.returned_cents = invested.ravel(), returned.ravel()
        self.cash_cents = _sums(days.balances[monthly], investors).ravel()
        self.value_cents = _sums(days.worth(monthly), investors).ravel()


def _sums(table: np.ndarray, groups: Sequence[list[int]]) -> np.ndarray:
    """Columns of int64[days, accounts] added up by group, int64[days, groups]."""
    found = np.zeros((len(table), len(groups)), np.int64)
    for place, accounts in enumerate(groups):
        found[:, place] = table[:, accounts].sum(axis=1)
    return found


PAYERS = table_of_columns(
    "payers",
    (
        text("channel", "through whom money of the world outside comes", lambda p: p.channel,
             values=tuple(channel.value for channel in Channel)),
        cents("put_in_cents", "what those behind it have put in since the start: savers, partners, banks; households, "
              "who are their own savers, what they paid for the ETF and in a listing", lambda p: p.put_in_cents),
        cents("taken_out_cents", "what they have got back; households what they got for the ETF",
              lambda p: p.taken_out_cents),
        cents("invested_cents", "what it has paid for shares, bonds and stakes", lambda p: p.invested_cents),
        cents("returned_cents", "what it has received for them: sales, coupons, faces, shares of revenue",
              lambda p: p.returned_cents),
        cents("cash_cents", "its cash", lambda p: p.cash_cents),
        cents("market_value_cents", "what it holds, at market or last mark", lambda p: p.value_cents),
    ),
    "who pays in: every channel of outside money at the start, monthly and on the last day; opening cash is no payment",
    Payers,
    looks=(cash_flows,),
    rhythm=Rhythm.MONTHLY,
)  # fmt: skip
