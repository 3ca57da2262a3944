"""Believe: credibility of promises, narrative multiples on the network, sentiment of the market, and what every fund
makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..agents.commitments import BUILDS, Commitment, Status
from ..engine.calendar import DAYS_PER_YEAR
from ..engine.chance import slot_of
from ..narrative import credibility, network, network_kernels, network_stability
from ..narrative.credibility import Evidence
from ..narrative.fund_values import FundValues
from ..narrative.sentiment import Sentiment
from ..narrative.valuation_kernels import Firms, Investors, Promises

if TYPE_CHECKING:
    from ..model import CarouselModel


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
        earnings = np.array([firm.facts.earnings_usd_per_year for firm in model.listed], dtype=float)
        worth = sum(firm.facts.price_usd * firm.facts.shares for firm in model.listed)
        self.market_price_earnings = worth / max(1.0, float(earnings.sum())) if f else 1.0
        """Market value of all listed firms over their earnings, at the start."""
        self.values_of_funds = _fund_values(model, earnings)
        self.sentiment = Sentiment(
            seed=model.seed,
            slots=np.array([firm.slot for firm in model.listed] + [slot_of("the market")], dtype=np.int64),
            daily_volatility=np.array([firm.facts.daily_volatility for firm in model.listed]),
            private_slots=np.array(
                [[fund.slot ^ firm.slot for firm in model.listed] for fund in model.funds], dtype=np.int64
            ).reshape(i, f),
            rules=rules,
        )
        self._of_party: dict[str, list[Commitment]] = {}
        self._promises_changed = True
        self._claims_versions = (-1, -1, -1)

    @property
    def base_earnings_usd(self) -> np.ndarray:
        """Earnings of the listed firms without their promises, USD a year, float[F]."""
        return self.values_of_funds.base_earnings_usd

    @property
    def price_earnings(self) -> np.ndarray:
        """Multiples of the listed firms' earnings, float[F]."""
        return self.values_of_funds.price_earnings

    def log_multiple_of(self, name: str) -> float:
        """Narrative log-multiple x of a firm."""
        return float(self.log_multiple[self.node_of[name]])

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
        self._promises_changed = True

    def _valued_promises(self) -> Promises:
        """Every promise that counts in the valuation rule."""
        alive = [c for c in self.commitments if c.is_alive and c.is_public]
        return Promises(
            profit_usd_per_year=np.array([c.capitalised_usd_per_year for c in alive], dtype=float),
            firm=np.array([self._listed_row(c.beneficiary) for c in alive], dtype=np.int64),
            log_odds=np.array([c.log_odds for c in alive], dtype=float),
            delivered_share=np.array([c.delivered_share for c in alive], dtype=float),
        )

    def _listed_row(self, name: str) -> int:
        """Row of a listed firm on the board; -1 for anybody else, whose value no fund puts a number on."""
        node = self.node_of.get(name, -1)
        return node if node < len(self.base_earnings_usd) else -1

    def learn(self, commitment: Commitment, evidence: Evidence, behaviour: object, size: float = 1.0) -> None:
        """Move a commitment's public log-odds by a piece of evidence."""
        commitment.log_odds = credibility.moved(commitment.log_odds, credibility.shift(evidence, behaviour, size))  # type: ignore[arg-type]
        self.promises_changed()

    def values(self, model: CarouselModel) -> None:
        """Every fund's value per share of every listed firm, in cents, onto the board (MODEL.md s. 5)."""
        board, books = model.board, model.books
        if self._promises_changed:
            self.values_of_funds.set_promises(self._valued_promises())
            self._promises_changed = False
        versions = (model.credit.version, model.dues.version, model.loans.version)
        if versions != self._claims_versions:  # claims change rarely, cash every day
            self._claims_versions = versions
            self.values_of_funds.set_claims([firm.debt_like_cents + firm.cash_cents for firm in model.listed])
        self.values_of_funds.revalue(
            (board.values_cents, board.common_cents),
            self.log_multiple,
            self.sentiment,
            (books.journal.balances, books.registers.outstanding),
        )


def _fund_values(model: CarouselModel, earnings: np.ndarray) -> FundValues:
    """The funds' valuation at the opening, before anything is promised or owed."""
    listed, funds = model.listed, [fund.facts for fund in model.funds]
    growth = [math.exp(math.log1p(firm.facts.earnings_growth_per_year) / DAYS_PER_YEAR) for firm in listed]
    price_earnings = [firm.facts.price_usd * firm.facts.shares / firm.facts.earnings_usd_per_year for firm in listed]
    return FundValues(
        firms=Firms(
            earnings_usd_per_year=earnings,
            price_earnings=np.array(price_earnings),
            accounts=np.array([firm.account for firm in listed], dtype=np.int64),
            securities=model.board.securities,
            claims_cents=np.zeros(len(listed), np.int64),
        ),
        earnings_growth_per_day=np.array(growth),
        investors=Investors(
            disposition=np.array([fund.disposition for fund in funds]),
            sensitivity=np.array([fund.sensitivity for fund in funds]),
            benchmark=model.board.fund_benchmark,
        ),
    )


def update_beliefs(model: CarouselModel) -> None:
    """Credibility has moved with the evidence; now multiples spread, sentiment turns, holders talk, and funds
    revalue."""
    state, rules, board = model.beliefs, model.behaviour, model.board
    if model.is_month_end:
        rebuild_network(model)
    news = network_kernels.spread(
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
    state.sentiment.turn(board.price_cents, board.fund_float, board.log_return, day=model.day)
    state.values_of_funds.grow()
    state.values(model)


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
    state.weights = network_stability.carried(
        network.build_weights(n, sales=sales, stakes=stakes, loans=loans, index_weights=index),
        model.behaviour.multiplier_spread_per_day,
        model.behaviour.multiplier_decay_per_day,
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
