"""Believe: credibility of promises, narrative multiples on the network, moods of the market, and what every fund
makes of it."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ..agents.commitments import Commitment, Status
from ..agents.portfolio import TOLERANCE, NoAnchor, anchor_prices, own_price_elasticities
from ..chance import Decision, normals, slot_of
from ..narrative import credibility, mood, network, valuation
from ..narrative.credibility import Evidence
from .calendar import DAYS_PER_YEAR

if TYPE_CHECKING:
    from ..model import CarouselModel

MARKET_DAILY_VOLATILITY = 0.0105
"""Standard deviation of the index's daily returns: S&P 500 and Nasdaq, 1999-2018, 1.2 and 1.6 % with crises, 0.8 to
1.1 % without."""


@cache
def _baseline_volatility() -> float:
    """Volatility of the published baseline: one long run, the same for every model of a process."""
    return mood.baseline_volatility()


class Beliefs:
    """The state of what is believed: promises, multiples over all firms (the narrative network's nodes), moods over
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
        self.earnings_drift = np.array(
            [math.log1p(firm.facts.earnings_growth_per_year) / DAYS_PER_YEAR for firm in model.listed]
        )
        self.price_earnings = np.array(
            [firm.facts.price_usd * firm.facts.shares / firm.facts.earnings_usd_per_year for firm in model.listed]
        )
        worth = sum(firm.facts.price_usd * firm.facts.shares for firm in model.listed)
        self.market_price_earnings = worth / max(1.0, float(self.base_earnings_usd.sum())) if f else 1.0
        """Market value of all listed firms over their earnings, at the start."""
        self.mood = np.zeros(f + 1)
        self.fundamentalist_share = np.full(f + 1, mood.neutral_share(mood.fw_parameters(rules)))
        volatility = np.array([firm.facts.daily_volatility for firm in model.listed])
        self.mood_scale = (
            mood.volatility_scales(volatility, MARKET_DAILY_VOLATILITY, _baseline_volatility()) if f else np.zeros(1)
        )
        self.parameters = tuple(mood.fw_parameters(rules))
        self.slots = np.array([firm.slot for firm in model.listed] + [slot_of("the market")], dtype=np.int64)
        self.noise = np.zeros((2, f + 1))
        self.private = np.zeros((i, f))
        self.private_slots = np.array(
            [[fund.slot ^ firm.slot for firm in model.listed] for fund in model.funds], dtype=np.int64
        )
        self.private_slots = self.private_slots.reshape(i, f)
        self.disposition = np.array([fund.facts.disposition for fund in model.funds])
        self.sensitivity = np.array([fund.facts.sensitivity for fund in model.funds])
        self.returns = np.zeros(f + 1)
        self._k_arrays: tuple[np.ndarray, ...] = ()
        self.refresh_commitments()
        self._accounts = np.array([firm.account for firm in model.listed], dtype=np.int64)
        self._claims_versions = (-1, -1)
        self._claims_cents = np.zeros(f, np.int64)

    def log_multiple_of(self, name: str) -> float:
        """Narrative log-multiple x of a firm."""
        return float(self.log_multiple[self.node_of[name]])

    def mood_of(self, index: int) -> float:
        """Mood of a listed share: its own part and the market's."""
        return float(self.mood[index] + self.mood[-1]) if len(self.mood) > 1 else 0.0

    def refresh_commitments(self) -> None:
        """Rebuild the arrays behind the valuation rule after a promise changed."""
        alive = [c for c in self.commitments if c.is_alive and c.is_public]
        self._k_arrays = (
            np.array([c.capitalised_usd_per_year for c in alive], dtype=float),
            np.array([self.node_of.get(c.beneficiary, -1) for c in alive], dtype=np.int64),
            np.array([c.log_odds for c in alive], dtype=float),
            np.array([c.delivered_share for c in alive], dtype=float),
        )

    def learn(self, commitment: Commitment, evidence: Evidence, behaviour: object, size: float = 1.0) -> None:
        """Move a commitment's public log-odds by a piece of evidence."""
        commitment.log_odds = credibility.moved(commitment.log_odds, credibility.shift(evidence, behaviour, size))  # type: ignore[arg-type]
        self.refresh_commitments()

    def values(self, model: CarouselModel) -> None:
        """Every fund's value per share of every listed firm, in cents, onto the board (MODEL.md s. 5)."""
        board = model.board
        profit, firm, log_odds, delivered = self._k_arrays
        f = len(board.names)
        valuation.value_per_share_into(
            board.values_cents,
            self.base_earnings_usd,
            profit,
            firm,
            log_odds,
            delivered,
            self.disposition,
            self.price_earnings,
            self.sensitivity,
            self.log_multiple[:f],
            self.mood[:f] + self.mood[f],
            self.private,
            self._debt_like_usd(model),
            board.registers.outstanding[board.securities].astype(float),
        )

    def _debt_like_usd(self, model: CarouselModel) -> np.ndarray:
        """Every firm's debt-like claims added since the start, net of cash: claims change rarely, cash every day."""
        versions = (model.credit.version, model.dues.version)
        if versions != self._claims_versions:
            self._claims_versions = versions
            self._claims_cents = np.array(
                [firm.debt_like_cents + firm.cash_cents for firm in model.listed], dtype=np.int64
            )
        return (self._claims_cents - model.books.journal.balances[self._accounts]) / 100.0


def update_beliefs(model: CarouselModel) -> None:
    """Credibility has moved with the evidence; now multiples spread, moods turn, holders talk, and funds revalue."""
    state, rules, board = model.beliefs, model.behaviour, model.board
    if model.is_month_end:
        rebuild_network(model)
    felt = network.spillover(state.shock, state.weights, rules.multiplier_spillover)
    news = float(np.abs(state.shock).sum())
    state.log_multiple = network.step(
        state.log_multiple, state.weights, rules.multiplier_spread_per_day, rules.multiplier_decay_per_day, felt
    )
    state.shock[:] = 0.0
    if model.holders is not None:
        model.holders_day.tell_story(model, news)
    if not len(board.names):
        return
    _turn_moods(model)
    state.base_earnings_usd *= np.exp(state.earnings_drift)
    state.values(model)


def _turn_moods(model: CarouselModel) -> None:
    """Franke & Westerhoff's switching between fundamental and trend rules, and the funds' private views."""
    state, rules, board = model.beliefs, model.behaviour, model.board
    if not len(board.names):
        return
    f = len(board.names)
    weight = board.fund_float * board.price_cents
    market_return = float((weight * board.log_return).sum() / max(weight.sum(), 1.0))
    state.returns[:f] = board.log_return - market_return
    state.returns[f] = market_return
    mood.draw_noise(model.seed, model.day, state.slots, state.noise[0], state.noise[1])
    mood.mood_step(
        state.mood,
        state.fundamentalist_share,
        state.returns,
        state.mood.copy(),
        state.mood_scale,
        state.noise[0],
        state.noise[1],
        state.parameters,
    )
    draws = normals(model.seed, Decision.FUND_PRIVATE_NOISE, model.day, state.private_slots)
    valuation.private_noise_step(state.private, draws, rules.private_noise_persistence, rules.private_noise_per_day)


def find_anchor(model: CarouselModel, net_bought: np.ndarray) -> None:
    """The prices at which funds as a group would sell just what all others together want to buy: the anchor of today's
    ladders.

    `net_bought` int64 (F,) is the published imbalance of each share, negative where others sell.
    """
    board, rules = model.board, model.behaviour
    if not len(board.fund_accounts):
        return
    elasticities = (rules.micro_elasticity, rules.sector_elasticity, rules.macro_elasticity)
    gap = anchor_prices(
        np.exp(board.fund_benchmark @ np.log(board.values_cents)),
        board.values_cents,
        board.fund_benchmark,
        board.fund_float,
        board.fund_holdings(),
        net_bought,
        board.sector,
        elasticities,
        board.anchor_cents,
        board.wanted_shares,
    )
    if gap > TOLERANCE * 1e3:
        raise NoAnchor(day=model.day, gap=gap)
    own_price_elasticities(board.anchor_cents, board.fund_float, board.sector, elasticities, board.elasticity)


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
    network.spectral_margin(
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
    model.beliefs.refresh_commitments()
