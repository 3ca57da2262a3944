"""The world of one announcement: a firm of given size, multiple and volatility among the rest of the technology index,
with the funds, the ETF and the households of the default scenario, and one announcement on the first day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ...engine.calendar import trading_dates
from ...scenarios.behaviour import Behaviour
from ...scenarios.loader import load
from ...scenarios.schema import Instrument, ListedFirm, NewsItem, Role, Scenario

FIRM = "Announcing firm"
"""The same name in every world: a firm's luck is keyed by its name and the run's seed, never by what it is called."""
PRICE_USD = 100.0
HOLDERS = 500
ETF_PRICE_USD = 1000.0
"""Ten times the default scenario's: so few rows carry all households, and none may hold more than 2^31 shares."""
START = date(2025, 9, 9)
"""Opening date of every world. The calendar decides nothing here, so that a prediction cannot depend on the date."""
MARKET_PRICE_EARNINGS = 30.0
"""Price-earnings of the rest of the index in the default scenario: stands in for a firm without earnings."""


@dataclass(frozen=True, slots=True)
class Deal:
    """One announcement, defaults filled in; money in USD, volatility per day, the margin a share of the amount."""

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

    @property
    def profit_usd_per_year(self) -> float:
        """Profit that shareholders see in it: amount over years times margin, whatever the firm's role."""
        return self.amount_usd / self.years * self.net_margin_on_deal


def world(deal: Deal, *, days: int, is_told: bool, behaviour: Mapping[str, float] | None = None) -> Scenario:
    """The scenario of a deal; its silent counterfactual (`is_told` False) lacks the announcement and nothing else.

    Raises: ScenarioError or pydantic's ValidationError if the facts make no scenario.
    """
    base = _surroundings()
    shares = max(1, round(deal.market_cap_usd / PRICE_USD))
    firm = ListedFirm(
        name=FIRM,
        ticker="FIRM",
        shares=shares,
        price_usd=PRICE_USD,
        earnings_usd_per_year=shares * PRICE_USD / deal.price_earnings,
        daily_volatility=deal.daily_volatility,
    )
    news = NewsItem(
        announced=trading_dates(START, 1)[1],
        firm=FIRM,
        text=f"announcement {deal.instrument.value} as {deal.role.value}",
        instrument=deal.instrument,
        amount_usd=deal.amount_usd,
        profit_usd_per_year=deal.profit_usd_per_year,
        role=deal.role,
        prior_similar_90d=deal.prior_similar_announcements_90d,
    )
    return base.model_copy(
        update={
            "days": days,
            "listed_firm": (firm, *base.listed_firm),
            "news": (news,) if is_told else (),
            "behaviour": _behaviour(tuple(sorted((behaviour or {}).items()))),
        }
    )


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
