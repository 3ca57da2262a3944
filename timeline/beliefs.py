"""Believe: credibility of promises, narrative multiples on the network, sentiment of the market, and what every fund
makes of it."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ..agents.commitments import BUILDS, Commitment, Status
from ..agents.fund_demand import TOLERANCE, NoAnchor, anchor_on_imbalance
from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import slot_of
from ..narrative import credibility, network, sentiment, valuation, volatility_feedback
from ..narrative.credibility import Evidence

if TYPE_CHECKING:
    from ..model import CarouselModel

MARKET_DAILY_VOLATILITY = 0.0105
"""Standard deviation of the index's daily returns: S&P 500 and Nasdaq, 1999-2018, 1.2 and 1.6 % with crises, 0.8 to
1.1 % without."""


ValuedPromises = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@cache
def _baseline_volatility() -> float:
    """Volatility of the published baseline: one long run, the same for every model of a process."""
    return sentiment.baseline_volatility()


class Beliefs:
    """The state of what is believed: promises, multiples over all firms (the narrative network's nodes), sentiment over
    listed shares."""

    def __init__(self, model: CarouselModel) -> None:
        rules = model.behaviour
        self.commitments: list[Commitment] = []
        self.nodes = [firm.name for firm in model.listed] + [lab.name for lab in model.labs]
        self.node_of = {name: i for i, name in enumerate(self.nodes)}
        n, f, i = len(self.nodes), len(model.listed), len(model.funds)
        self.log_multiple = np.zeros(n)
        self.shock = np.zeros(n)
        """Today's shocks u0, in log points, filled by announcements and surprises."""
        self.weights = np.zeros((n, n))
        self.base_earnings_usd = np.array([firm.facts.earnings_usd_per_year for firm in model.listed])
        self.earnings_growth_per_day = np.array(
            [math.exp(math.log1p(firm.facts.earnings_growth_per_year) / DAYS_PER_YEAR) for firm in model.listed]
        )
        self.price_earnings = np.array(
            [firm.facts.price_usd * firm.facts.shares / firm.facts.earnings_usd_per_year for firm in model.listed]
        )
        worth = sum(firm.facts.price_usd * firm.facts.shares for firm in model.listed)
        self.market_price_earnings = worth / max(1.0, float(self.base_earnings_usd.sum())) if f else 1.0
        """Market value of all listed firms over their earnings, at the start."""
        volatility = np.array([firm.facts.daily_volatility for firm in model.listed])
        self.sentiment_scale = (
            sentiment.volatility_scales(volatility, MARKET_DAILY_VOLATILITY, _baseline_volatility())
            if f
            else np.zeros(1)
        )
        self.parameters = tuple(sentiment.fw_parameters(rules))
        self.slots = np.array([firm.slot for firm in model.listed] + [slot_of("the market")], dtype=np.int64)
        self.usual_noise = self.sentiment_scale * sentiment.baseline_volatility()
        self.sentiment, self.fundamentalist_share, _ = volatility_feedback.live(
            seed=model.seed,
            days=volatility_feedback.PAST_DAYS,
            slots=self.slots,
            usual=self.usual_noise,
            scale=self.sentiment_scale,
            parameters=sentiment.fw_parameters(rules),
            feedback=rules.volatility_feedback,
            losses=rules.volatility_feedback_of_losses,
            common=rules.volatility_feedback_common,
        )
        self.sentiment_at_start = self.sentiment.copy()
        self.sentiment_in_values = np.zeros(f + 1)
        """Sentiment above that of the opening, today's overshoot included: what enters the funds' values."""
        self.seen = np.ones((f + 1, volatility_feedback.MEMORY_DAYS))
        self.volatility_feedback = np.ones(f + 1)
        self.noise_today = self.usual_noise.copy()
        self.noise = np.zeros((2, f + 1))
        self.private = np.zeros((i, f))
        self.private_slots = np.array(
            [[fund.slot ^ firm.slot for firm in model.listed] for fund in model.funds], dtype=np.int64
        )
        self.private_slots = self.private_slots.reshape(i, f)
        self.disposition = np.array([fund.facts.disposition for fund in model.funds])
        self.sensitivity = np.array([fund.facts.sensitivity for fund in model.funds])
        self.returns = np.zeros(f + 1)
        self.returns_before = np.zeros(f + 1)
        self._of_party: dict[str, list[Commitment]] = {}
        self._promises: ValuedPromises | None = None
        self._accounts = np.array([firm.account for firm in model.listed], dtype=np.int64)
        self._claims_versions = (-1, -1, -1)
        self._claims_cents = np.zeros(f, np.int64)

    def log_multiple_of(self, name: str) -> float:
        """Narrative log-multiple x of a firm."""
        return float(self.log_multiple[self.node_of[name]])

    def sentiment_of(self, index: int) -> float:
        """Sentiment of a listed share in the funds' values: its own part and the market's, both above the opening's."""
        return float(self.sentiment_in_values[index] + self.sentiment_in_values[-1]) if len(self.sentiment) > 1 else 0.0

    def add(self, commitment: Commitment) -> None:
        """Enter a promise; its number is its place among all."""
        self.commitments.append(commitment)
        for party in {commitment.payer, commitment.payee}:
            self._of_party.setdefault(party, []).append(commitment)
        self.promises_changed()

    def commitments_of(self, name: str) -> list[Commitment]:
        """All promises a firm is a party to, living or not, by number."""
        return self._of_party.get(name, [])

    def promises_changed(self) -> None:
        """A promise is no longer what it was: the next valuation looks anew."""
        self._promises = None

    def _valued_promises(self) -> ValuedPromises:
        """Profit, firm, log-odds and delivered share of every promise that counts in the valuation rule."""
        if self._promises is None:
            alive = [c for c in self.commitments if c.is_alive and c.is_public]
            self._promises = (
                np.array([c.capitalised_usd_per_year for c in alive], dtype=float),
                np.array([self.node_of.get(c.beneficiary, -1) for c in alive], dtype=np.int64),
                np.array([c.log_odds for c in alive], dtype=float),
                np.array([c.delivered_share for c in alive], dtype=float),
            )
        return self._promises

    def learn(self, commitment: Commitment, evidence: Evidence, behaviour: object, size: float = 1.0) -> None:
        """Move a commitment's public log-odds by a piece of evidence."""
        commitment.log_odds = credibility.moved(commitment.log_odds, credibility.shift(evidence, behaviour, size))  # type: ignore[arg-type]
        self.promises_changed()

    def values(self, model: CarouselModel) -> None:
        """Every fund's value per share of every listed firm, in cents, onto the board (MODEL.md s. 5)."""
        board, books = model.board, model.books
        versions = (model.credit.version, model.dues.version, model.loans.version)
        if versions != self._claims_versions:  # claims change rarely, cash every day
            self._claims_versions = versions
            self._claims_cents = np.array(
                [firm.debt_like_cents + firm.cash_cents for firm in model.listed], dtype=np.int64
            )
        valuation.value_on_the_books(
            board.values_cents,
            self.base_earnings_usd,
            *self._valued_promises(),
            self.disposition,
            self.price_earnings,
            self.sensitivity,
            self.log_multiple,
            self.sentiment_in_values,
            self.private,
            self._claims_cents,
            books.journal.balances,
            self._accounts,
            books.registers.outstanding,
            board.securities,
        )
        valuation.common_value_into(board.common_cents, board.fund_benchmark, board.values_cents)


def update_beliefs(model: CarouselModel) -> None:
    """Credibility has moved with the evidence; now multiples spread, sentiment turn, holders talk, and funds
    revalue."""
    state, rules, board = model.beliefs, model.behaviour, model.board
    if model.is_month_end:
        rebuild_network(model)
    news = network.spread(
        state.log_multiple,
        state.shock,
        state.weights,
        rules.multiplier_spread_per_day,
        rules.multiplier_decay_per_day,
        rules.multiplier_spillover,
    )
    if model.holders is not None:
        model.holders_day.tell_story(model, news)
    if not len(board.names):
        return
    _turn_sentiment(model)
    state.base_earnings_usd *= state.earnings_growth_per_day
    state.values(model)


def _turn_sentiment(model: CarouselModel) -> None:
    """Switching between fundamental and trend rules, volatility feedback at what prices have done, and funds' private
    views."""
    state, rules, board = model.beliefs, model.behaviour, model.board
    volatility_feedback.turn_after_close(
        board.price_cents,
        board.fund_float,
        board.log_return,
        rules.sentiment_overshoot,
        state.sentiment_at_start,
        state.sentiment_in_values,
        model.seed,
        model.day,
        state.slots,
        state.sentiment,
        state.fundamentalist_share,
        state.seen,
        state.returns_before,
        state.returns,
        state.usual_noise,
        state.sentiment_scale,
        state.parameters,
        rules.volatility_feedback,
        rules.volatility_feedback_of_losses,
        rules.volatility_feedback_common,
        state.noise[0],
        state.noise[1],
        state.volatility_feedback,
        state.noise_today,
    )
    valuation.private_views(
        model.seed,
        model.day,
        state.private_slots,
        state.noise_today,
        state.usual_noise,
        state.private,
        rules.private_noise_persistence,
        rules.private_noise_per_day,
    )


def find_anchor(model: CarouselModel, sent: np.ndarray) -> None:
    """The prices at which funds as a group would sell just what all others together want to buy: the anchor of today's
    ladders.

    `sent` int64 (k, 4), rows of `SentOrder`, are the orders of all others: funds read the imbalance of each share, as
    exchanges publish it before the close.
    """
    board, rules, registers = model.board, model.behaviour, model.books.registers
    if not len(board.fund_accounts):
        return
    gap = anchor_on_imbalance(
        board.common_cents,
        board.values_cents,
        board.fund_benchmark,
        board.fund_float,
        registers.holdings,
        board.fund_accounts,
        board.securities,
        sent,
        board.sector,
        (rules.micro_elasticity, rules.sector_elasticity, rules.macro_elasticity),
        board.anchor_cents,
        board.wanted_shares,
        board.elasticity,
        board.indicative_cents,
    )
    if gap > TOLERANCE * 1e3:
        raise NoAnchor(day=model.day, gap=gap)


def rebuild_network(model: CarouselModel) -> None:
    """W from who buys from, owns, lends to and is indexed with whom, at today's contracts, stakes, debts and
    weights."""
    state, board = model.beliefs, model.board
    node, n = state.node_of, len(state.nodes)
    if n == 0:
        return
    sales: list[network.Link] = []
    revenue = {firm.name: max(1.0, firm.facts.revenue_usd_per_year) for firm in model.listed}
    planned: dict[tuple[str, str], float] = {}
    for c in state.commitments:
        if not c.is_alive or not c.is_public or c.kind == "guidance" or c.payer not in node or c.payee not in node:
            continue
        chance = credibility.credibility(c.log_odds, 0.0)
        if c.kind == "compute":
            planned[c.payee, c.payer] = planned.get((c.payee, c.payer), 0.0) + chance * model.yearly_bill_usd(c)
        if c.kind in BUILDS:
            for supply in model.supplies_of(c.payee):
                chips = chance * supply.chips_usd_per_gw * supply.share * model.build_gw_per_year(c)
                key = (supply.supplier, c.payee)
                planned[key] = planned.get(key, 0.0) + chips
        elif c.kind == "milestone":
            key = (c.payee, c.payer)
            yearly = chance * c.announced_cents / 100 / max(1.0, model.milestone_years(c))
            lab = model.lab_by_name[c.payee]
            planned[key] = planned.get(key, 0.0) + min(yearly, lab.run_rate_usd_per_year)
            revenue.setdefault(c.payee, max(1.0, lab.run_rate_usd_per_year))
    for (receiver, source), amount in planned.items():
        whole = revenue.get(receiver, amount) + amount
        sales.append(network.Link(node[receiver], node[source], amount, whole))
    stakes, loans = model.ownership_links(node)
    values = board.market_values_cents().astype(float)
    index = np.zeros(n)
    if values.sum() > 0:
        index[: len(values)] = values / values.sum()
    state.weights = network.build_weights(n, sales=sales, stakes=stakes, loans=loans, index_weights=index)
    network.check_stable(
        state.weights, model.behaviour.multiplier_spread_per_day, model.behaviour.multiplier_decay_per_day
    )


def set_status(
    model: CarouselModel,
    commitment: Commitment,
    status: Status,
    *,
    text: str = "",
    direction: int = 0,
    cents: int | None = None,
) -> None:
    """Move a commitment along its life; every transition is an announcement for tomorrow and an event of today."""
    if commitment.status == status and status is not Status.RENEGOTIATED:
        return
    commitment.move(status)
    model.note(str(status), agent=commitment.payer, counterparty=commitment.payee, detail=text or commitment.name)
    if commitment.beneficiary:
        remaining = (commitment.announced_cents - commitment.paid_cents) if direction else 0
        model.announce_tomorrow(
            firm=commitment.beneficiary,
            counterparty=commitment.payer if commitment.payer != commitment.beneficiary else commitment.payee,
            instrument=commitment.instrument,
            text=text or f"{commitment.name}: {status.value}",
            cents=max(0, remaining) if cents is None else cents,
            direction=direction,
            commitment=commitment.number,
        )
    model.beliefs.promises_changed()
