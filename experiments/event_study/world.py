"""The world of one announcement: a firm of given size, multiple and volatility among the rest of the technology index,
with the funds, the ETF and the households of the default scenario, and one announcement on the first day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ...engine.calendar import trading_dates
from ...history.kinds import PromiseKind
from ...narrative.valuation import deal_multiple
from ...scenarios.behaviour import Behaviour
from ...scenarios.loader import load
from ...scenarios.schema import Instrument, ListedFirm, NewsItem, Role, Scenario

FIRM = "Announcing firm"
"""The same name in every world: a firm's luck is keyed by its name and the run's seed, never by what it is called."""
PRICE_USD = 100.0
FATIGUE = {"fatigue_memory_days": 126.0, "fatigue_from_others": 0.3}
"""Attention in these worlds. Memory: half a year, so that a quarter's news is tired of for longer than a quarter
(assumed). Weight of other firms' announcements: fitted (docs/events.md)."""
VOLATILITY_MAX = 0.15
"""Most daily volatility that a scenario allows."""
HOLDERS = 500
ETF_PRICE_USD = 1000.0
"""Ten times the default scenario's: so few rows carry all households, and none may hold more than 2^31 shares."""
START = date(2025, 9, 9)
"""Opening date of every world. The calendar decides nothing here, so that a prediction cannot depend on the date."""
MARKET_PRICE_EARNINGS = 30.0
"""Price-earnings of the rest of the index in the default scenario: stands in for a firm without earnings."""
CUSTOMER_COVERAGE = 1.4
"""What a customer can bring up over its whole bill, the lab of the default scenario after it has signed: it stands for
all customers, of whom a list says nothing. Belief goes from what is believed of any contract to what that says."""
CONVERTIBLE_LOSS = 0.28
"""Value lost per dollar of a convertible sold with the announcement: read as a signal, and sold short by who buys it.
4.59 % on average, 2000 to 2008; at an issue of a fifth of the firm (assumed), believed by 82 %.
Source: Duca, Dutordoir, Veld & Verwijmeren (2012), J. Banking & Finance 36(11)."""


@dataclass(frozen=True, slots=True)
class Deal:
    """One announcement, defaults filled in; money in USD, volatility per day, the margin a share of the amount.

    `prior_similar_announcements_90d` are those of the whole market, `prior_same_firm_90d` the firm's own among them;
    `direction` is 1 or -1; a warrant on `warrant_share` new shares per old one, for next to nothing, vests for the
    customer as the deal is honoured; `convertible_usd` are sold with the announcement.
    """

    id: str
    role: Role
    instrument: Instrument
    amount_usd: float
    years: float
    market_cap_usd: float
    price_earnings: float
    net_margin_on_deal: float
    daily_volatility: float
    prior_similar_announcements_90d: int
    prior_same_firm_90d: int = 0
    direction: int = 1
    warrant_share: float = 0.0
    convertible_usd: float = 0.0

    @property
    def profit_usd_per_year(self) -> float:
        """Profit that shareholders see in it, lost by bad news: amount over years times margin, whatever the firm's
        role, less what the holder of a warrant gets of it."""
        return self.direction * self.amount_usd / self.years * self.net_margin_on_deal / (1 + self.warrant_share)

    @property
    def has_customer(self) -> bool:
        """Whether somebody has promised to buy, whose means can be doubted: by good news of a supplier."""
        promises = (Instrument.CONTRACT, Instrument.LETTER_OF_INTENT)
        return self.direction > 0 and self.role is Role.SUPPLIER and self.instrument in promises

    @property
    def given_away_share(self) -> float:
        """Part of the firm of today that the holder of a warrant gets.

        Source: Galai & Schneller (1978), J. Finance 33(5): with new shares for nothing a share is worth 1 / (1 + w).
        """
        return self.warrant_share / (1 + self.warrant_share)


def world(deal: Deal, *, days: int, is_told: bool, behaviour: Mapping[str, float] | None = None) -> Scenario:
    """The scenario of a deal; its silent counterfactual (`is_told` False) lacks the announcement and nothing else.

    Raises: ScenarioError or pydantic's ValidationError if the facts make no scenario.
    """
    base, rules = _surroundings(), _behaviour(tuple(sorted((FATIGUE | dict(behaviour or {})).items())))
    shares = max(1, round(deal.market_cap_usd / PRICE_USD))
    firm = ListedFirm(
        name=FIRM,
        ticker="FIRM",
        shares=shares,
        price_usd=PRICE_USD,
        earnings_usd_per_year=shares * PRICE_USD / deal.price_earnings,
        daily_volatility=min(VOLATILITY_MAX, math.hypot(deal.daily_volatility, rules.market_daily_volatility)),
    )
    return base.model_copy(
        update={
            "days": days,
            "listed_firm": (firm, *base.listed_firm),
            "news": _news(deal, (firm, *base.listed_firm), rules) if is_told else (),
            "behaviour": rules,
        }
    )


def _news(deal: Deal, firms: tuple[ListedFirm, ...], rules: Behaviour) -> tuple[NewsItem, ...]:
    """What is said on the first day: the announcement, and what is given for it, of which there is no story."""
    day = trading_dates(START, 1)[1]
    own = min(deal.prior_same_firm_90d, deal.prior_similar_announcements_90d)
    told = NewsItem(
        announced=day,
        firm=FIRM,
        text=f"announcement {deal.instrument.value} as {deal.role.value}",
        instrument=deal.instrument,
        amount_usd=deal.amount_usd,
        profit_usd_per_year=deal.profit_usd_per_year,
        direction=deal.direction,
        role=deal.role,
        prior_similar_90d=own,
        prior_others_90d=deal.prior_similar_announcements_90d - own,
        payer_coverage=CUSTOMER_COVERAGE if deal.has_customer else None,
    )
    worth = math.fsum(f.price_usd * f.shares for f in firms)
    market = worth / math.fsum(f.earnings_usd_per_year for f in firms)
    multiple = deal_multiple(deal.price_earnings, market, rules.multiple_reversion)
    granted_usd = deal.given_away_share * deal.market_cap_usd
    given = (
        (PromiseKind.WARRANT, deal.instrument, deal.amount_usd, deal.direction * granted_usd),
        (PromiseKind.CONVERTIBLE, Instrument.ORDER, deal.convertible_usd, CONVERTIBLE_LOSS * deal.convertible_usd),
    )
    return told, *(
        NewsItem(
            announced=day, firm=FIRM, text=f"{kind} beside it", instrument=instrument, amount_usd=amount,
            profit_usd_per_year=-lost / multiple, direction=0,
        )
        for kind, instrument, amount, lost in given
        if lost
    )  # fmt: skip


@cache
def _surroundings() -> Scenario:
    """The default scenario without its circle: the rest of the index, the funds, the ETF and the households."""
    default = load("ai-2025")
    assert default.etf is not None
    return Scenario(
        name="announcement",
        title="One announcement by one firm in the rest of the technology index",
        start_date=START,
        days=1,
        holders=HOLDERS,
        listed_firm=default.listed_firm,
        active_fund=default.active_fund,
        etf=default.etf.model_copy(update={"price_usd": ETF_PRICE_USD}),
        households=default.households,
    )


@cache
def _behaviour(changes: tuple[tuple[str, float], ...]) -> Behaviour:
    """The default behavioural parameters but for some, kept within their bounds."""
    fields = Behaviour.model_fields
    bounded = {}
    for name, value in changes:
        limits = {type(m).__name__: m for m in fields[name].metadata}
        bounded[name] = min(max(float(value), limits["Ge"].ge), limits["Le"].le)
    return Behaviour(**bounded)
