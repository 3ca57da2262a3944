"""What every listed share and the ETF cost, how many were on offer, what lifted the price, and who traded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...ledger.causes import Cause
from ...ledger.journal import CAUSE, CENTS, CONTRACT, PAYEE, PAYER
from ...model import CarouselModel
from ..columns import Texts, cents, integer, number, party, text
from ..days import Days
from ..kinds import ListingKind
from ..table import table_of_columns
from .households import crowd
from .journal import payments
from .positions import parties


class MarketLook(NamedTuple):
    """What a day's trading has left on the board and in beliefs."""

    volume_shares: np.ndarray
    fund_values_cents: np.ndarray
    sent: np.ndarray
    log_multiple: np.ndarray
    sentiment: np.ndarray
    market_sentiment: float
    fundamentalist_share: np.ndarray
    etf: tuple[int, int, float]
    """Shares traded, shares that households and plans wished to buy less to sell, net asset value in cents."""


def market(model: CarouselModel) -> MarketLook:
    """Today's board and beliefs."""
    board, sentiment = model.prices, model.beliefs.sentiment
    households, plans = model.cast.households, model.cast.plans
    return MarketLook(
        board.volume_shares.copy(),
        board.values_cents.copy(),
        board.sent,
        model.beliefs.log_multiple.copy(),
        sentiment.in_values.copy(),
        float(sentiment.level[-1]),
        sentiment.fundamentalist_share.copy(),
        (
            board.etf_volume_shares,
            (households.imbalance_shares if households is not None else 0)
            + (plans.wished_shares if plans is not None else 0),
            board.net_asset_value_cents,
        ),
    )


class Trading:
    """Some days of all listed shares, then of the ETF: arrays (days, securities)."""

    def __init__(self, days: Days) -> None:
        cast, looks = days.model.cast, days.of(market)
        self.days, self._looks = days, looks
        self._shares, self._etf = days.model.prices.securities, cast.etf
        self.names = days.model.prices.names + ([cast.etf.name] if cast.etf is not None else [])
        self.counts = np.full(len(days), len(self.names), np.int64)
        self.securities = np.append(self._shares, [] if cast.etf is None else [cast.etf.security]).astype(np.int64)

    def every_day(self, values: Sequence[str]) -> Texts:
        """The same texts on each day."""
        return Texts(np.tile(np.arange(len(values)), len(self.days)), values)

    def both(self, shares: np.ndarray, etf: object) -> np.ndarray:
        """Of shares (days, shares) and of the ETF (days or one number), as one column."""
        if self._etf is None:
            return shares.ravel()
        of_etf = np.broadcast_to(np.asarray(etf, shares.dtype), (len(self.days),))
        return np.concatenate([shares, of_etf[:, None]], axis=1).ravel()

    def looked(self, name: str) -> np.ndarray:
        """One field of the looks, day by day."""
        return np.array([getattr(look, name) for look in self._looks])

    @cached_property
    def etf(self) -> np.ndarray:
        """Volume, imbalance and net asset value of the ETF, float (days, 3)."""
        return self.looked("etf")

    def price_cents(self) -> np.ndarray:
        """Closing prices."""
        return self.days.prices[:, self.securities].ravel()

    def shares_outstanding(self) -> np.ndarray:
        """Shares that exist."""
        return self.days.outstanding[:, self.securities].ravel()

    def imbalance_shares(self) -> np.ndarray:
        """Orders to buy less orders to sell that others than the funds' ladders and the participant have sent."""
        net = np.zeros((len(self.days), len(self._shares)), np.int64)
        day = np.repeat(np.arange(len(self.days)), [len(look.sent) for look in self._looks])
        sent = np.concatenate([look.sent for look in self._looks])
        np.add.at(net, (day, sent[:, 0]), sent[:, 2])
        return self.both(net, self.etf[:, 1])

    def fair_value_cents(self) -> np.ndarray:
        """Mean of the funds' values, by what they hold; the ETF's net asset value."""
        values, funds = self.looked("fund_values_cents"), self.days.model.prices.fund_accounts
        held = self.days.holdings[:, funds][:, :, self._shares]
        # one fund behind the other in memory: added up as a share's own column is
        weighted = np.ascontiguousarray((values * held).transpose(0, 2, 1)).sum(axis=-1)
        return self.both(np.rint(weighted / np.maximum(1, held.sum(axis=1))), np.rint(self.etf[:, 2]))

    def log_multiple(self) -> np.ndarray:
        """Narrative multipliers."""
        nodes = [self.days.model.beliefs.node_of[name] for name in self.days.model.prices.names]
        return self.both(self.looked("log_multiple")[:, nodes], 0.0)

    def sentiment(self) -> np.ndarray:
        """A share's own sentiment and the market's."""
        level = self.looked("sentiment")
        return self.both(level[:, :-1] + level[:, -1:], self.looked("market_sentiment"))

    def trend_share(self) -> np.ndarray:
        """What is not on the fundamental rule."""
        share = 1 - self.looked("fundamentalist_share")
        return self.both(share[:, :-1], share[:, -1])

    def kinds(self) -> Sequence[str]:
        """Of each security."""
        return [ListingKind.SHARE] * len(self._shares) + [ListingKind.ETF] * (self._etf is not None)


DAILY = table_of_columns(
    "daily",
    (
        party("security", "name of the firm whose share it is, or of the ETF", lambda t: t.every_day(t.names)),
        text("kind", "what is listed", lambda t: t.every_day(t.kinds()), values=tuple(ListingKind)),
        cents(
            "price_cents", "closing price; 0 of a lab before its listing, its offer price on that day",
            Trading.price_cents,
        ),
        integer(
            "volume_shares", "shares", "shares traded in the closing auction",
            lambda t: t.both(t.looked("volume_shares"), t.etf[:, 0]),
        ),
        integer("shares_outstanding", "shares", "shares outstanding after the close", Trading.shares_outstanding),
        cents(
            "market_value_cents", "price times shares outstanding", lambda t: t.price_cents() * t.shares_outstanding()
        ),
        number("fair_value_cents", "US cents per share", "the funds' mean value per share", Trading.fair_value_cents),
        number("narrative_log_multiple", "log points", "narrative multiplier x of the firm", Trading.log_multiple),
        number("sentiment", "log points", "trend-and-sentiment part of the funds' value", Trading.sentiment),
        number("trend_share", "share", "share of funds' weight on the trend rule", Trading.trend_share),
        number(
            "net_asset_value_cents", "US cents per share", "net asset value of one ETF share; 0 for a share",
            lambda t: t.both(np.zeros((len(t.days), len(t.names) - (t.kinds()[-1] == ListingKind.ETF))),
                             np.rint(t.etf[:, 2])),
        ),
        integer(
            "order_imbalance_shares", "shares",
            "orders to buy less orders to sell of all but the funds' ladders and the participant's quotes: what the "
            "exchange publishes before the close",
            Trading.imbalance_shares, is_digested=False,
        ),
    ),
    "one row per listed security and day",
    Trading,
    looks=(market,),
)  # fmt: skip


CROWD_SIDES = ("bought_shares", "sold_shares")


class Fills:
    """Who bought and sold how much in the closing auctions, by class: read from the payments of each trade."""

    def __init__(self, days: Days) -> None:
        model, looks = days.model, days.of(payments)
        trading = Trading(days)
        classes = [group for group, _ in parties(model)]
        self.classes = sorted(set(classes))
        place = np.array([self.classes.index(group) for group in classes])
        row_of = np.full(days.securities, -1, np.int64)
        row_of[trading.securities] = np.arange(len(trading.names))
        self.names = trading.names
        shape = (len(days), len(self.names), len(self.classes))
        self._traded = np.zeros((2, *shape), np.int64)
        for day, look in enumerate(looks):
            for side, cause, who in ((0, Cause.TRADE_PAY, PAYER), (1, Cause.TRADE_RECEIVE, PAYEE)):
                of_trade = look.entries[look.entries[:, CAUSE] == cause]
                of_trade = of_trade[row_of[of_trade[:, CONTRACT]] >= 0]
                at = row_of[of_trade[:, CONTRACT]], place[of_trade[:, who]]
                np.add.at(self._traded[side, day], at, of_trade[:, CENTS])
        self._prices = days.prices[:, trading.securities]
        if model.cast.households is not None:
            # what households sell to each other stays behind their common account: no payment tells of it
            bought, sold = (np.array([getattr(look, name) for look in days.of(crowd)]) for name in CROWD_SIDES)
            of_crowd = place[model.cast.omnibus]
            self._traded[:, :, -1, of_crowd] = np.stack([bought, sold]) * self._prices[:, -1]
        self._at = np.nonzero(self._traded.any(axis=0))
        self.counts = np.bincount(self._at[0], minlength=len(days))

    def security(self) -> Texts:
        """What was traded."""
        return Texts(self._at[1], self.names)

    def traders(self) -> Texts:
        """The class of who traded."""
        return Texts(self._at[2], self.classes)

    def cents(self, side: int) -> np.ndarray:
        """Paid (0) or received (1) for it."""
        return self._traded[side][self._at]

    def shares(self, side: int) -> np.ndarray:
        """Bought (0) or sold (1): all trade at the one price of the day."""
        return self.cents(side) // self._prices[self._at[:2]]


FILLS = table_of_columns(
    "fills",
    (
        party("security", "name of the firm whose share it is, or of the ETF", Fills.security),
        text("class", "class of those who traded, as `group` of positions", Fills.traders),
        integer("bought_shares", "shares", "bought in the closing auction", lambda f: f.shares(0)),
        integer("sold_shares", "shares", "sold in the closing auction", lambda f: f.shares(1)),
        cents("paid_cents", "paid for what was bought", lambda f: f.cents(0)),
        cents("received_cents", "received for what was sold", lambda f: f.cents(1)),
    ),
    "one row per security, class of traders and day on which they traded",
    Fills,
    looks=(market, payments, crowd),
    is_flow=True,
    is_digested=False,
    is_on_request=True,
)
