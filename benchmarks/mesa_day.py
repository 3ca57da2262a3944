"""The same trading day with ordinary Mesa agents: Python attributes, one method call per agent and phase.

Written as Mesa's documentation advises and not slower than it must be: no shuffling, attributes looked up once, orders
gathered in a list so that only those who trade are asked again. The rules, the keyed draws and hence the states are
those of the columns. `Household` asks for its draws one by one, as an agent does that knows only itself;
`HouseholdDrawnAhead` finds them in lists that the model has filled in one compiled call: the fastest we could write.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np
from carousel.benchmarks.trading_day import Opening, Quotes
from carousel.engine.calendar import DAYS_PER_YEAR
from carousel.engine.chance import Decision, uniforms, whole
from carousel.tests.oracles import auction
from carousel.tests.oracles.trading_day import participant_orders

INT32_MAX = 2**31 - 1
MASK = 2**64 - 1
STORY, ATTENTION = int(Decision.HOLDER_STORY), int(Decision.HOLDER_ATTENTION)


def mix(z: int) -> int:
    """One round of SplitMix64 on a Python integer."""
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def draw(seed: int, decision: int, day: int, slot: int) -> float:
    """One keyed draw from [0, 1): the same as in the columns' kernels."""
    return (whole(seed, decision, day, slot) >> 10) * 2.0**-53


class Household(mesa.Agent):
    """One household as an ordinary agent."""

    def __init__(self, model: PlainMesaDay, slot: int, row: dict[str, Any]) -> None:
        super().__init__(model)
        self.slot = slot
        self.cash_cents: int = row["cash_cents"]
        self.etf_shares: int = row["etf_shares"]
        self.story: int = row["state"]
        self.block: int = row["block"]
        self.desired_share: float = row["desired_share"]
        self.extrapolation: float = row["extrapolation"]
        self.attention: float = row["attention"]
        self.order_shares = 0
        self.order_limit_cents = 0

    def hear_story(self) -> None:
        """Catch the story, lose it, or recover from it."""
        model = self.model
        if draw(model.seed_of_draws, STORY, model.today, self.slot) < model.leave[self.block][self.story]:
            self.turn()

    def turn(self) -> None:
        """Go on to the next state of the story."""
        counts = self.model.counts[self.block]
        counts[self.story] -= 1
        self.story = (self.story + 1) % 3
        counts[self.story] += 1

    def decide(self) -> None:
        """Look at the account on some days."""
        model = self.model
        self.order_shares = self.order_limit_cents = 0
        if draw(model.seed_of_draws, ATTENTION, model.today, self.slot) < self.attention:
            self.order()

    def order(self) -> None:
        """Order a part of the gap to the desired share of wealth."""
        model = self.model
        demand, reference, cash, shares = model.demand, model.reference_cents, self.cash_cents, self.etf_shares
        bits = mix(model.limit_key ^ mix(self.slot))
        premium = int(demand.limit_tolerance * reference * ((bits >> 11) * 2.0**-53))
        desired = self.desired_share + model.tilts[self.story] + self.extrapolation * model.pull
        held = shares * reference
        gap = min(max(desired, 0.0), 1.0) * float(cash + held) - float(held)
        wanted = math.floor(demand.trade_gap_share * gap / reference + (mix(bits) >> 11) * 2.0**-53)
        if wanted > 0:
            limit = reference + premium
            wanted = min(wanted, cash // limit, INT32_MAX - shares)
        else:
            limit = reference - premium
            wanted = max(wanted, -shares)
        if wanted:
            self.order_shares, self.order_limit_cents = wanted, limit
            model.ordering.append(self)

    def settle(self, shares: int, price_cents: int) -> None:
        """Take what was bought (+) or give what was sold (-), and pay or be paid."""
        self.etf_shares += shares
        self.cash_cents -= shares * price_cents


class HouseholdDrawnAhead(Household):
    """The same household where the model has drawn for everybody beforehand."""

    def hear_story(self) -> None:
        """Catch the story, lose it, or recover from it."""
        model = self.model
        if model.story_draws[self.slot] < model.leave[self.block][self.story]:
            self.turn()

    def decide(self) -> None:
        """Look at the account on some days."""
        self.order_shares = self.order_limit_cents = 0
        if self.model.attention_draws[self.slot] < self.attention:
            self.order()


class PlainMesaDay(mesa.Model):
    """A twin of the trading day from an opening."""

    def __init__(self, opening: Opening, kind: type[Household] = Household) -> None:
        super().__init__(rng=0)
        self.seed_of_draws = opening.seed
        self.today = 0
        self.opening = opening
        self.demand = opening.demand
        self.price = opening.etf_price_cents
        self.past = opening.normal_return_per_year
        self.cash, self.shares = opening.participant_cash_cents, opening.participant_shares
        self.prices: list[int] = []
        self.ordering: list[Household] = []
        tilt = opening.demand.enthusiasm_tilt
        self.tilts = (tilt * 0.0, tilt * 1.0, tilt * -0.5)
        self.counts = [[0, 0, 0] for _ in range(len(opening.mixing))]
        lists = {name: array.tolist() for name, array in opening.columns.items()}
        for slot in range(opening.n):
            kind(self, slot, {name: values[slot] for name, values in lists.items()})
            self.counts[lists["block"][slot]][lists["state"][slot]] += 1
        self.all_cash, self.all_shares = sum(lists["cash_cents"]), sum(lists["etf_shares"])
        self._draws_ahead = issubclass(kind, HouseholdDrawnAhead)
        self._slots = np.arange(opening.n)

    def trade(self, quotes: Quotes) -> None:
        """One trading day."""
        opening = self.opening
        excess = self.past - opening.normal_return_per_year
        self.leave = self._leave(quotes.news, excess)
        self.today = quotes.day
        if self._draws_ahead:
            self.story_draws = self._draws(STORY)
            self.attention_draws = self._draws(ATTENTION)
        self.agents.do("hear_story")
        self.reference_cents = quotes.reference_cents
        self.pull = self.demand.extrapolation_sensitivity * excess
        self.limit_key = mix(mix(mix(opening.seed) ^ int(Decision.HOLDER_LIMIT)) ^ quotes.day)
        self.ordering.clear()
        self.agents.do("decide")
        self._auction(quotes)
        self._audit()

    def _draws(self, decision: int) -> list[float]:
        draws: list[float] = uniforms(self.opening.seed, decision, self.today, self._slots).tolist()
        return draws

    def _leave(self, news: float, excess: float) -> list[list[float]]:
        """Chance of leaving each state, by block, from the day's opening counts."""
        par, counts = self.opening.story, self.counts
        shares = [c[1] / sum(c) if sum(c) else 0.0 for c in counts]
        outside = par.news_catch * max(news, 0.0) + par.return_catch * max(excess, 0.0)
        lose = -math.expm1(-(par.loss_per_day + par.loss_return * max(-excess, 0.0)))
        recover = -math.expm1(-par.recover_per_day)
        leave = []
        for row in self.opening.mixing.tolist():
            pressure = 0.0
            for weight, share in zip(row, shares, strict=True):
                pressure += weight * share
            leave.append([-math.expm1(-(par.catch_per_day * pressure + outside)), lose, recover])
        return leave

    def _auction(self, quotes: Quotes) -> None:
        book = participant_orders(self.cash, self.shares, quotes)
        crowd = [(1 if a.order_shares > 0 else -1, abs(a.order_shares), a.order_limit_cents) for a in self.ordering]
        orders = [*book, *crowd]
        price, volume = auction.clear(orders, quotes.reference_cents)
        fills = auction.fill(orders, price, volume, quotes.start)
        for (side, _, _), shares in zip(book, fills, strict=False):
            self.cash -= side * shares * price
            self.shares += side * shares
            self.all_cash += side * shares * price
            self.all_shares -= side * shares
        for agent, (side, _, _), shares in zip(self.ordering, crowd, fills[len(book) :], strict=True):
            if shares:
                agent.settle(side * shares, price)
        previous, self.price = self.price, price if volume else self.price
        keep = self.opening.daily_memory
        self.past = keep * self.past + (1 - keep) * math.log(self.price / previous) * DAYS_PER_YEAR
        self.prices.append(self.price)

    def _audit(self) -> None:
        """All cash and shares are where they were, or with the participant.  Raises: AssertionError."""
        assert self.agents.agg("cash_cents", sum) == self.all_cash
        assert self.agents.agg("etf_shares", sum) == self.all_shares

    def state(self) -> dict[str, Any]:
        """What must equal the columns'."""
        names = {"cash_cents": "cash_cents", "etf_shares": "etf_shares", "state": "story"}
        orders = {"order_shares": "order_shares", "order_limit_cents": "order_limit_cents"}
        return {name: self.agents.get(attribute) for name, attribute in (names | orders).items()} | {
            "participant_cash_cents": self.cash,
            "participant_shares": self.shares,
            "prices": self.prices,
        }
