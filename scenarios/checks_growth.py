"""Whether a run's money fits into the books: what firms earn and pay, and what investors bring, added up to its end."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .checks_names import kind_of
from .checks_sizes import CAPACITY_MAX_GW, GROWN_VALUE_MAX_USD, LUCK, MONEY_MAX_USD, TRADING_DAYS
from .errors import Fault
from .schema_firms import AiLab
from .schema_world import World

PARTS = 20
"""A run is looked at in so many parts."""


def grown(
    start: float, growth_per_year: float, years: float, *, slowdown_per_year: float = 0.0, deviation: float = 0.0
) -> float:
    """The most that a sum is likely to grow to within so many years, `LUCK` standard deviations above the trend.

    Log growth at time t is ln(1 + g) exp(-slowdown t): its sum is what a slowing growth comes to. `deviation` is the
    standard deviation of the logarithm of the sum after those years.
    """
    trend = math.log1p(growth_per_year)
    slowing = -math.expm1(-slowdown_per_year * years) / slowdown_per_year if slowdown_per_year > 1e-9 else years
    return start * math.exp(max(0.0, trend * slowing) + LUCK * deviation)


def growth_deviation(growth_volatility_per_year: float, slowdown_per_year: float, years: float) -> float:
    """Standard deviation of the log size after some years where growth m follows dm = -k m dt + volatility e^-kt dz.

    The variance is (volatility / k)^2 [(1 - e^-2kt) / 2k - 2 e^-kt (1 - e^-kt) / k + t e^-2kt]; volatility^2 t^3 / 3
    without slowing.
    """
    k = slowdown_per_year
    if k * years < 1e-3:
        return growth_volatility_per_year * math.sqrt(years**3 / 3)
    left = math.exp(-k * years)
    variance = (1 - left**2) / (2 * k) - 2 * left * (1 - left) / k + years * left**2
    return growth_volatility_per_year / k * math.sqrt(max(0.0, variance))


def _sold(lab: AiLab, years: float) -> float:
    """The most that a lab is likely to sell in all, USD: every part of the run at its end."""
    total = 0.0
    for k in range(1, PARTS + 1):
        t = years * k / PARTS
        deviation = math.hypot(
            lab.revenue_volatility_per_year * math.sqrt(t),
            growth_deviation(lab.growth_volatility_per_year, lab.growth_slowdown_per_year, t),
        )
        total += grown(
            lab.revenue_usd_per_year,
            lab.revenue_growth_per_year,
            t,
            slowdown_per_year=lab.growth_slowdown_per_year,
            deviation=deviation,
        )
    return total * years / PARTS


def promised_gw(s: World, provider: str) -> float:
    """Capacity that a provider has promised to others and means to build for itself."""
    for_others = math.fsum(x.capacity_gw for x in s.contract if x.provider == provider)
    return for_others + math.fsum(x.capacity_gw for x in s.build_plan if x.provider == provider)


def money(s: World) -> Iterator[Fault]:
    """Every kind of outside money, all that comes or goes in the run, stays below what cents are counted to."""
    years = s.days / TRADING_DAYS
    for path, total, what in (*_earned(s, years), *_brought(s, years)):
        if total > MONEY_MAX_USD:
            came = f"up to {total:.3g} USD of {what} in {s.days} days"
            yield Fault(path, came, f"at most {MONEY_MAX_USD:g} USD: less growth, smaller sums or fewer days")


def _earned(s: World, years: float) -> Iterator[tuple[str, float, str]]:
    """(key path, USD in the whole run, what it is) of firms' revenue and costs."""
    for firm in s.listed:
        path = f"{kind_of(s, firm.name)}.{firm.name}"
        for field, usd in (("revenue", firm.revenue_usd_per_year), ("costs", firm.costs_usd_per_year)):
            yield f"{path}.{field}_usd_per_year", years * grown(usd, firm.cash_growth_per_year, years), field
    for lab in s.lab:
        sold = _sold(lab, years)
        fixed = grown(lab.costs_usd_per_year, lab.costs_growth_per_year, years)
        path = f"lab.{lab.name}"
        yield f"{path}.revenue_growth_per_year", sold, "revenue"
        yield f"{path}.costs_share_of_revenue", lab.costs_share_of_revenue * sold, "costs"
        yield f"{path}.costs_growth_per_year", years * fixed, "costs"
    for plan in s.build_plan:
        yearly = plan.capacity_gw * plan.price_usd_per_gw_year
        yield f"build_plan.{plan.name}.price_usd_per_gw_year", years * yearly, "revenue"
    for customer in s.customer:
        for field, usd in (("purchases", customer.purchases_usd_per_year), ("revenue", customer.revenue_usd_per_year)):
            total = years * grown(usd, customer.growth_per_year, years)
            yield f"customer.{customer.name}.{field}_usd_per_year", total, field
    for cloud in s.cloud:
        yearly = promised_gw(s, cloud.name) * cloud.operating_cost_usd_per_gw_year
        yield f"cloud.{cloud.name}.operating_cost_usd_per_gw_year", years * yearly, "operation"


def _brought(s: World, years: float) -> Iterator[tuple[str, float, str]]:
    """(key path, USD in the whole run, what it is) of what investors and savers bring."""
    for venture in s.venture_investor:
        total = venture.opening_cash_usd + venture.dry_powder_usd + years * venture.dry_powder_inflow_usd_per_year
        yield f"venture_investor.{venture.name}.dry_powder_inflow_usd_per_year", total, "promises"
    for lender in s.bond_buyer:
        total = lender.opening_cash_usd + lender.committed_usd + years * lender.inflow_usd_per_year
        yield f"bond_buyer.{lender.name}.inflow_usd_per_year", total, "savings and credit"
    if s.households is not None:
        total = s.households.cash_usd + years * s.households.saving_usd_per_year
        yield "households.saving_usd_per_year", total, "savings"
        yield "households.plan_usd_per_year", years * s.households.plan_usd_per_year, "savings in plans"


def sizes(s: World) -> Iterator[Fault]:
    """Market values and demand that grow for the whole run stay numbers that can be traded and built for."""
    years = s.days / TRADING_DAYS
    for firm in s.listed:
        worth = grown(firm.shares * firm.price_usd, firm.earnings_growth_per_year, years)
        if worth > GROWN_VALUE_MAX_USD:
            came = f"{firm.earnings_growth_per_year:g}, which makes a market value of {worth:.3g} USD in {s.days} days"
            path = f"{kind_of(s, firm.name)}.{firm.name}.earnings_growth_per_year"
            yield Fault(path, came, f"a growth that leads to at most {GROWN_VALUE_MAX_USD:g} USD")
    for plan in s.build_plan:
        demand = grown(
            plan.demand_gw,
            plan.demand_growth_per_year,
            years,
            slowdown_per_year=plan.growth_slowdown_per_year,
            deviation=plan.demand_volatility_per_year * math.sqrt(years),
        )
        if demand > CAPACITY_MAX_GW:
            came = f"{plan.demand_growth_per_year:g}, which makes a demand of {demand:.3g} GW in {s.days} days"
            path = f"build_plan.{plan.name}.demand_growth_per_year"
            yield Fault(path, came, f"a growth that leads to at most {CAPACITY_MAX_GW:g} GW")
