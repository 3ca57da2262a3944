"""The households' trading day by itself, as the model runs it: story, orders, auction, fills, settlement, audit.

The rest of the market stands still: share prices follow a given path, and the ETF's participant quotes around it. So
other ways to compute the same day (plain Mesa agents, plain NumPy) can be held against it, to the last cent.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from carousel.engine.chance import Decision, normal, slot_of, whole
from carousel.market.etf import nav_cents
from carousel.market.session import SentOrder
from carousel.model import CarouselModel
from carousel.narrative.contagion import StoryParameters
from carousel.scenarios.loader import load
from carousel.scenarios.validated import validated
from carousel.timeline.trade_etf import auction_etf

DAILY_VOLATILITY = 0.015
"""Of the path that all share prices follow here."""
NEWS_EVERY_DAYS = 5
PATH = slot_of("path of the benchmark's share prices")


@dataclass(frozen=True, slots=True)
class Quotes:
    """What a day brings from outside: the ETF's reference price, the participant's quotes, luck of rounding, news."""

    day: int
    share_prices_cents: np.ndarray
    reference_cents: int
    bid_cents: int
    ask_cents: int
    start: int
    news: float


@dataclass(slots=True)
class Opening:
    """Everything a twin of the day begins with; columns are copies."""

    columns: dict[str, np.ndarray]
    seed: int
    n: int
    story: StoryParameters
    mixing: np.ndarray
    demand: Any
    daily_memory: float
    normal_return_per_year: float
    etf_price_cents: int
    participant_cash_cents: int
    participant_shares: int


def _no_orders(*_: object) -> list[SentOrder]:
    """Nobody but households and the participant trades the fund here."""
    return []


class OurDay:
    """The trading day in Carousel: the model's own phases on its own books, journal and audit included."""

    def __init__(self, n: int, *, seed: int = 0, threads: int = 1) -> None:
        # without bonds: whoever holds them is billed at the month's end, and here nobody settles
        world = validated(load("ai-2025").model_dump() | {"bond": ()}, "ai-2025")
        self.model = CarouselModel(world, rng=seed, holders=n, **with_threads(threads))
        model = self.model
        assert model.cast.households is not None
        assert model.cast.etf is not None
        assert model.cast.participant is not None
        self.etf, self.participant, self.households = model.cast.etf, model.cast.participant, model.cast.households
        self.holders = self.households.holders
        self._log_path = 0.0
        self._opening_prices = model.prices.price_cents.copy()
        self.prices: list[int] = []

    def opening(self) -> Opening:
        """The state before the first day, for a twin.  Raises: ValueError later than that."""
        model, day = self.model, self.households
        if self.prices:
            raise ValueError("a twin begins with the opening: ask before the first day")
        return Opening(
            columns={name: array.copy() for name, array in self.holders.arrays().items()},
            seed=model.clock.seed,
            n=self.holders.n,
            story=StoryParameters(*day.parameters),
            mixing=day.mixing.copy(),
            demand=day.demand,
            daily_memory=day.daily_memory,
            normal_return_per_year=day.normal_return_per_year,
            etf_price_cents=model.prices.etf_price_cents,
            participant_cash_cents=self.participant.cash_cents,
            participant_shares=int(model.books.registers.holdings[self.participant.account, self.etf.security]),
        )

    def quotes(self, day: int) -> Quotes:
        """The quotes of a day; days are asked for in order."""
        model, etf = self.model, self.etf
        self._log_path += DAILY_VOLATILITY * normal(model.clock.seed, Decision.MARKET_FUNDAMENTAL_NOISE, day, PATH)
        prices = np.maximum(1, np.rint(self._opening_prices * math.exp(self._log_path))).astype(np.int64)
        unit = etf.facts.creation_unit_shares
        units = int(model.books.registers.outstanding[etf.security]) // unit
        fair = nav_cents(etf.basket, prices, unit, model.books.journal.balance(etf.account), units)
        bid, ask = self.participant.quotes_cents(fair)
        start = int(whole(model.clock.seed, int(Decision.AUCTION_ROUNDING), day, slot_of(etf.name)))
        news = 1.0 if day % NEWS_EVERY_DAYS == 0 else 0.0
        return Quotes(day, prices, max(1, round(fair)), bid, ask, start, news)

    def trade(self, quotes: Quotes) -> None:
        """One trading day of all households."""
        model = self.model
        while model.clock.day < quotes.day:
            model.clock.tick()
        model.books.journal.start_day(quotes.day)
        households, board = self.households, model.prices
        households.tell_story(quotes.day, quotes.news)
        board.indicative_cents[:] = quotes.share_prices_cents
        auction_etf(model, _no_orders)
        households.remember(math.log(board.etf_price_cents / board.etf_previous_cents))
        model.books.close_day(quotes.day)
        self.prices.append(board.etf_price_cents)

    def state(self) -> dict[str, Any]:
        """What must be the same in every twin: holders' columns, the participant's cash and shares, all prices."""
        holders, model = self.holders, self.model
        return {
            "cash_cents": holders.cash_cents,
            "etf_shares": holders.etf_shares,
            "state": holders.state,
            "order_shares": holders.order_shares,
            "order_limit_cents": holders.order_limit_cents,
            "participant_cash_cents": self.participant.cash_cents,
            "participant_shares": int(model.books.registers.holdings[self.participant.account, self.etf.security]),
            "prices": self.prices,
        }


def with_threads(threads: int) -> dict[str, Any]:
    """The model's keyword for so many threads; nothing where it knows none and one thread is asked for.

    Raises: ValueError for more threads than the model knows how to use.
    """
    if "threads" in inspect.signature(CarouselModel.__init__).parameters:
        return {"threads": threads}
    if threads != 1:
        raise ValueError(f"{threads} threads; allowed: 1, as this model computes in one")
    return {}


def differences(ours: dict[str, Any], twin: dict[str, Any]) -> list[str]:
    """Names of the parts of two states that are not equal, to the last bit."""
    return [name for name in ours if not np.array_equal(np.asarray(ours[name]), np.asarray(twin[name]))]
