"""What is believed: narrative multiples on the network of firms, sentiment over shares, and the funds' values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..engine.chance import slot_of
from ..engine.finite import FiniteGuard
from ..scenarios.behaviour import Behaviour
from ..scenarios.schema import ActiveFund, Listing
from . import attention, network, network_kernels, network_stability
from .announcements import Announcement
from .credibility import credibility, start_log_odds
from .fund_values import Coming, Fund, Listed, growth_per_day, values_at_opening
from .sentiment import Sentiment
from .valuation import deal_multiple
from .valuation_kernels import Floats, Ints, Promises


class Heard(NamedTuple):
    """How news reaches the public: shares of holders who tell the story and who are tired of it, similar news still in
    mind."""

    enthusiastic_share: float
    tired_share: float
    similar: float


class Sale(NamedTuple):
    """Income per year that one firm is believed to bring another: profit to a listed firm, cash to a lab."""

    receiver: str
    source: str
    usd_per_year: float


class Beliefs:
    """The state of what is believed. The firms of the narrative network are the listed ones, then the labs."""

    def __init__(
        self, listed: Sequence[Listed], labs: Sequence[str], funds: Sequence[Fund], benchmark: Floats, *,
        rules: Behaviour, seed: int, coming: Sequence[Coming] = (),
    ) -> None:  # fmt: skip
        """`benchmark` float[funds] are the funds' parts of the institutions' float; `coming` are those labs, the first
        of `labs`, that may be listed: F counts them."""
        self._rules = rules
        self._facts = {firm.name: firm.facts for firm in listed}
        self.row_of = {firm.name: row for row, firm in enumerate(listed)}
        """Row of a listed firm on the board: labs have none, no fund puts a number on them."""
        self.nodes = [firm.name for firm in listed] + list(labs)
        self.node_of = {name: i for i, name in enumerate(self.nodes)}
        n, f, i = len(self.nodes), len(listed) + len(coming), len(funds)
        rows: list[Listed | Coming] = [*listed, *coming]
        self._coming_volatility = [lab.daily_volatility for lab in coming]
        self.log_multiple = np.zeros(n)
        self.shock = np.zeros(n)
        """Today's shocks u0, in log points, filled by announcements and surprises."""
        self.weights = np.zeros((n, n))
        earnings = np.array([firm.facts.earnings_usd_per_year for firm in listed], dtype=float)
        worth = math.fsum(firm.facts.price_usd * firm.facts.shares for firm in listed)
        self.market_price_earnings = worth / max(1.0, float(earnings.sum())) if listed else 1.0
        """Market value of all listed firms over their earnings, at the start."""
        self.values_of_funds = values_at_opening(listed, funds, benchmark, coming)
        self.sentiment = Sentiment(
            seed=seed,
            slots=np.array([firm.slot for firm in rows] + [slot_of("the market")], dtype=np.int64),
            daily_volatility=self._daily_volatility([firm.facts for firm in listed]),
            private_slots=np.array(
                [[fund.slot ^ firm.slot for firm in rows] for fund in funds], dtype=np.int64
            ).reshape(i, f),
            rules=rules,
        )
        self.guard = FiniteGuard(
            {
                "narrative log-multiples": self.log_multiple,
                "earnings": self.base_earnings_usd,
                "sentiment": self.sentiment.level,
                "sentiment in values": self.sentiment.in_values,
                "private views": self.sentiment.private,
            }
        )
        """Looks at the end of every day whether beliefs are finite."""
        self._promises_seen = -1
        self._claims_seen = (-1, -1, -1)

    def take(self, listed: Sequence[Listing], funds: Sequence[ActiveFund], rules: Behaviour) -> None:
        """Facts of firms and funds and the habits of all change."""
        self._rules = rules
        self._facts = {firm.name: firm for firm in listed}
        self.values_of_funds.take(growth_per_day(listed, len(self._coming_volatility)), funds)
        self.sentiment.take(self._daily_volatility(listed), rules)

    def _daily_volatility(self, listed: Sequence[Listing]) -> Floats:
        """Of every row of the board, float[F]."""
        return np.array([firm.daily_volatility for firm in listed] + self._coming_volatility)

    @property
    def base_earnings_usd(self) -> Floats:
        """Earnings of the listed firms without their promises, USD a year, float[F]."""
        return self.values_of_funds.base_earnings_usd

    @property
    def price_earnings(self) -> Floats:
        """Multiples of the listed firms' earnings, float[F]."""
        return self.values_of_funds.price_earnings

    def log_multiple_of(self, name: str) -> float:
        """Narrative log-multiple x of a firm."""
        return float(self.log_multiple[self.node_of[name]])

    def in_own_earnings(self, firm: str, profit_usd_per_year: float) -> float:
        """A deal's profit as earnings of its firm: what the multiple of deals makes of it, over the firm's own."""
        if firm not in self.row_of:
            return profit_usd_per_year
        own = float(self.price_earnings[self.row_of[firm]])
        multiple = deal_multiple(own, self.market_price_earnings, self._rules.multiple_reversion)
        return profit_usd_per_year * multiple / own

    def take_out_of_base(self, firm: str, usd_per_year: float) -> None:
        """What a promise known before the start is believed to earn is in the price already: V stays P."""
        row = self.row_of.get(firm)
        if row is not None:
            self.values_of_funds.take_out_of_earnings(row, usd_per_year)

    def scale_earnings(self, row: int, factor: float) -> float:
        """A report or a default: one firm's base earnings times `factor`; returns them, in USD a year."""
        self.values_of_funds.scale_earnings(row, factor)
        return float(self.base_earnings_usd[row])

    def surprise(self, firm: str, surprise: float) -> None:
        """A reported surprise (a share of what was expected) shocks its firm's multiple."""
        rules = self._rules
        self.shock[self.node_of[firm]] += attention.surprise_shock(surprise, rules.surprise_impulse, rules.surprise_max)

    def hear(self, item: Announcement, heard: Heard, value_usd: Mapping[str, float]) -> None:
        """Add an announcement's shocks to its firm and to who is endorsed by it, of which `value_usd` is the worth, by
        name: concave in size, louder while fewer have heard the story, and where little is known (docs/odd.md)."""
        if item.direction == 0:
            return
        rules = self._rules
        # good news surprises those who have not caught the story; bad news surprises the enthusiastic as well
        enthusiastic = heard.enthusiastic_share if item.direction > 0 else 0.0
        attentive = attention.attention(enthusiastic, heard.tired_share, heard.similar)
        attentive *= attention.loudness_of_unit(item.unit, rules.attention_to_gigawatts, rules.attention_to_chips)
        weight = 1.0 if item.direction > 0 else rules.bad_news_weight
        firms = [(item.firm, weight * rules.announcement_impulse, rules.announced_size_max)]
        if item.endorsed:
            believed = self._endorsement_credibility(item, value_usd[item.endorsed])
            firms.append((item.endorsed, weight * rules.endorsement_impulse * believed, rules.endorsed_share_max))
        for firm, impulse, size_max in firms:
            if firm in self.node_of:
                self._shock(item, firm, (attentive, impulse, size_max), value_usd[firm])

    def _endorsement_credibility(self, item: Announcement, value_usd: float) -> float:
        """How far a subscription is believed, for the part of it that vouches: its size against its receiver, up to
        the bound beyond which more money vouches no louder."""
        size = item.announced_cents / 100 / max(1.0, value_usd)
        log_odds = start_log_odds(item.instrument, self._rules, min(self._rules.endorsed_share_max, size))
        return credibility(log_odds, 0.0)

    def _shock(self, item: Announcement, firm: str, loudness: tuple[float, float, float], value_usd: float) -> None:
        """One announcement's shock on one firm; `loudness` is attention, impulse and the largest size that counts."""
        attentive, impulse, size_max = loudness
        facts = self._facts.get(firm)
        self.shock[self.node_of[firm]] += attention.announcement_shock(
            direction=item.direction,
            amount_usd=item.announced_cents / 100,
            market_value_usd=max(1.0, value_usd),
            attention=attentive,
            impulse=impulse,
            concavity=self._rules.announcement_concavity,
            size_max=size_max,
            uncertainty=attention.uncertainty(
                None if facts is None else facts.daily_volatility, self._rules.typical_daily_volatility
            ),
        )

    def spread_news(self) -> float:
        """Today's shocks spread over the network; returns how much news there was."""
        rules = self._rules
        return network_kernels.spread(
            self.log_multiple,
            self.shock,
            self.weights,
            rules.multiplier_spread_per_day,
            rules.multiplier_decay_per_day,
            rules.multiplier_spillover,
        )

    def needs_promises(self, changes: int) -> bool:
        """Whether promises have changed (their count of changes) since the last valuation."""
        is_new, self._promises_seen = changes != self._promises_seen, changes
        return is_new

    def needs_claims(self, versions: tuple[int, int, int]) -> bool:
        """Whether bonds, bills or loans have changed (their counts of changes) since the last valuation."""
        is_new, self._claims_seen = versions != self._claims_seen, versions
        return is_new

    def see_lab(self, row: int, value_usd: float) -> None:
        """What a lab's shares of the class by which funds value it are worth today without its story."""
        self.values_of_funds.see_lab(row, value_usd)

    def set_promises(self, promises: Promises) -> None:
        """The promises that count in values from now on."""
        self.values_of_funds.set_promises(promises)

    def set_claims(self, claims_cents: Sequence[int]) -> None:
        """Claims on each listed firm before its cash, from now on."""
        self.values_of_funds.set_claims(claims_cents)

    def see_bills(self, bills_cents: Sequence[int]) -> None:
        """What owners see today of each listed firm's bills to come."""
        self.values_of_funds.see_bills(bills_cents)

    def value(self, out: tuple[Floats, Floats], books: tuple[Ints, Ints]) -> None:
        """Every fund's value per share of every listed firm, and the mean of them, in cents, into `out` (see
        `FundValues.revalue`)."""
        self.values_of_funds.revalue(out, self.log_multiple, self.sentiment, books)

    def without_moods(self, values_cents: Ints, balances_cents: Ints) -> Floats:
        """Market values of the listed firms, int64[F], without the sentiment in them, float[F] (see `FundValues`)."""
        return self.values_of_funds.without_moods(values_cents, self.sentiment, balances_cents)

    def rebuild_network(
        self, sales: Iterable[Sale], income_usd: Mapping[str, float], ties: tuple[list[network.Link],
        list[network.Link]], market_values: Floats,
    ) -> None:  # fmt: skip
        """W from who buys from, owns, lends to and is indexed with whom.

        `income_usd` a year is each firm's own, `ties` are stakes and loans, `market_values` float[F] index weights.
        """
        n = len(self.nodes)
        if n == 0:
            return
        planned: dict[tuple[str, str], float] = {}
        for sale in sales:
            key = (sale.receiver, sale.source)
            planned[key] = planned.get(key, 0.0) + sale.usd_per_year
        links = [
            network.Link(
                self.node_of[receiver], self.node_of[source], amount, income_usd.get(receiver, amount) + amount
            )
            for (receiver, source), amount in planned.items()
        ]
        index = np.zeros(n)
        if market_values.sum() > 0:
            index[: len(market_values)] = market_values / market_values.sum()
        stakes, loans = ties
        rules = self._rules
        self.weights = network_stability.carried(
            network.build_weights(n, sales=links, stakes=stakes, loans=loans, index_weights=index),
            rules.multiplier_spread_per_day,
            rules.multiplier_return_max * rules.multiplier_decay_per_day,
        )
