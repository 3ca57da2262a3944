"""Whether beliefs come to rest: no story feeds itself, no crowd swings for ever, no promise is worth more than all."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .checks_growth import grown, promised_gw
from .checks_names import kind_of
from .checks_sizes import (
    CROWD_VOLATILITY_PER_DAY,
    ETF_PRICE_MAX_USD,
    PRICE_MAX_USD,
    PROMISED_VALUE_MAX_USD,
    TRADING_DAYS,
    VIEW_MAX,
)
from .errors import Fault
from .schema_firms import Listing
from .schema_world import World

FOLLOWED_MAX = 0.5
"""Part of a move that trend followers may add to it at once: with all of it a move would never end."""
PULL_MAX = 1.0
"""Part of its misalignment that a share may lose a day: with more it would swing from side to side."""
NOISE_MAX = 0.5
"""Standard deviation of a day's change of sentiment, in log points."""


def stories(s: World) -> Iterator[Fault]:
    """A story decays faster than it comes back through the index.

    Members of the index reach each other with their index weights, whose spectral radius is (F - 1) / F at most,
    whatever prices do.
    """
    rules, firms = s.behaviour, len(s.listed)
    radius = (firms - 1) / firms if firms else 0.0
    if radius and rules.multiplier_spread_per_day * radius >= rules.multiplier_decay_per_day:
        came = (
            f"{rules.multiplier_decay_per_day:g} with a spread of {rules.multiplier_spread_per_day:g} "
            f"among {firms} listed firms"
        )
        allowed = f"more than {rules.multiplier_spread_per_day * radius:.4g}, or a story feeds itself through the index"
        yield Fault("behaviour.multiplier_decay_per_day", came, allowed)


def crowds(s: World) -> Iterator[Fault]:
    """Sentiment comes back to values: followed, pulled and shaken within bounds at the wildest share's scale."""
    rules = s.behaviour
    if not s.listed:
        return
    wildest = max(s.listed, key=lambda firm: firm.daily_volatility)
    scale = wildest.daily_volatility / CROWD_VOLATILITY_PER_DAY
    path = f"{kind_of(s, wildest.name)}.{wildest.name}.daily_volatility"
    followed = rules.fw_mu * rules.fw_chi * (1 + 2 * rules.sentiment_overshoot)
    if followed > FOLLOWED_MAX:
        came = f"{rules.fw_chi:g} with behaviour.fw_mu {rules.fw_mu:g}: {followed:.3g} of a move is followed at once"
        yield Fault("behaviour.fw_chi", came, f"at most {FOLLOWED_MAX:g} of it")
    pull = rules.fw_mu * rules.fw_phi * scale**2
    if pull > PULL_MAX:
        came = f"{rules.fw_phi:g} with {path} {wildest.daily_volatility:g}: a pull of {pull:.3g} a day"
        yield Fault("behaviour.fw_phi", came, f"a pull fw_mu fw_phi (volatility / 1 %)^2 of at most {PULL_MAX:g}")
    noise = rules.fw_mu * scale * max(rules.fw_sigma_fundamental, rules.fw_sigma_chartist)
    if noise > NOISE_MAX:
        came = f"{wildest.daily_volatility:g}, which makes {noise:.3g} log points of sentiment a day"
        yield Fault(path, came, f"at most {NOISE_MAX:g}: less volatility, fw_mu or fw_sigma")


def views(s: World) -> Iterator[Fault]:
    """Funds disagree within bounds: the spread of their private views in the long run."""
    rules = s.behaviour
    spread = rules.private_noise_per_day / math.sqrt(1 - rules.private_noise_persistence**2)
    if spread > VIEW_MAX:
        came = f"{rules.private_noise_per_day:g} a day that persist by {rules.private_noise_persistence:g}"
        allowed = f"a long-run spread of at most {VIEW_MAX:g} log points, not {spread:.3g}"
        yield Fault("behaviour.private_noise_per_day", came, allowed)


def promised(s: World) -> Iterator[Fault]:
    """What promises add to a firm's value, if everybody believed them, stays within reason."""
    for path, _, profit, value in _promises(s):
        if value > PROMISED_VALUE_MAX_USD:
            came = f"a profit of {profit:.3g} USD a year, worth {value:.3g} USD at its multiple"
            yield Fault(path, came, f"at most {PROMISED_VALUE_MAX_USD:g} USD of value in one promise")


def prices(s: World) -> Iterator[Fault]:
    """The dearest that shares may become, with earnings grown and every promise believed, can still be traded."""
    years = s.days / TRADING_DAYS
    worth = {x.name: grown(x.shares * x.price_usd, x.earnings_growth_per_year, years) for x in s.listed}
    for _, name, _, value in _promises(s):
        worth[name] += value
    for firm in s.listed:
        price = worth[firm.name] / firm.shares
        if price > PRICE_MAX_USD:
            came = f"{firm.price_usd:g}, which growth and promises may make {price:.3g}"
            path = f"{kind_of(s, firm.name)}.{firm.name}.price_usd"
            yield Fault(path, came, f"a price that stays below {PRICE_MAX_USD:g} USD: more shares, or less growth")
    if s.etf is not None:
        start = math.fsum(x.shares * x.price_usd for x in s.listed)
        price = s.etf.price_usd * math.fsum(worth.values()) / start
        if price > ETF_PRICE_MAX_USD:
            came = f"{s.etf.price_usd:g}, which growth and promises may make {price:.3g}"
            yield Fault("etf.price_usd", came, f"a price that stays below {ETF_PRICE_MAX_USD:g} USD")


def _promises(s: World) -> Iterator[tuple[str, str, float, float]]:
    """(key path, listed firm, profit in USD a year, the value it adds to the firm at most) of every promise."""
    market_value = math.fsum(x.shares * x.price_usd for x in s.listed)
    market = market_value / max(1.0, math.fsum(x.earnings_usd_per_year for x in s.listed))
    known = {firm.name: firm for firm in s.listed}
    for path, name, profit in _profits(s, known):
        if name in known:
            firm = known[name]
            multiple = max(market, firm.shares * firm.price_usd / firm.earnings_usd_per_year)
            yield path, name, profit, abs(profit) * multiple


def _profits(s: World, known: dict[str, Listing]) -> Iterator[tuple[str, str, float]]:
    """(key path, who earns it, USD per year) of every promise, at its full size."""
    for contract in s.contract:
        yearly = contract.capacity_gw * contract.price_usd_per_gw_year
        path = f"contract.{contract.name}"
        yield f"{path}.price_usd_per_gw_year", contract.provider, yearly * contract.net_margin
    for plan in s.build_plan:
        yearly = plan.capacity_gw * plan.price_usd_per_gw_year
        yield f"build_plan.{plan.name}.price_usd_per_gw_year", plan.provider, yearly * max(1.0, abs(plan.net_margin))
    for milestone in s.milestone:
        margin = getattr(known.get(milestone.investor), "net_margin", 0.0)
        yearly = milestone.chips_usd_per_gw * milestone.capacity_gw / milestone.years
        yield f"milestone.{milestone.name}.chips_usd_per_gw", milestone.investor, yearly * margin
    for loan in s.vendor_loan:
        margin = getattr(known.get(loan.lender), "net_margin", 0.0)
        yearly = loan.committed_usd / (loan.draw_months / 12)
        yield f"vendor_loan.{loan.name}.committed_usd", loan.lender, yearly * margin
    for index, news in enumerate(s.news, 1):
        yield f"news.{news.name or index}.profit_usd_per_year", news.firm, news.profit_usd_per_year


def announced(s: World) -> Iterator[Fault]:
    """The whole sum of a deal is one that can be counted in cents."""
    sums = [
        (f"contract.{x.name}.price_usd_per_gw_year", x.capacity_gw * x.price_usd_per_gw_year * x.years)
        for x in s.contract
    ]
    sums += [
        (f"build_plan.{x.name}.price_usd_per_gw_year", x.capacity_gw * x.price_usd_per_gw_year * x.years)
        for x in s.build_plan
    ]
    sums += [(f"milestone.{x.name}.amount_usd_per_gw", x.capacity_gw * x.amount_usd_per_gw) for x in s.milestone]
    for supply in s.supply:
        whole = promised_gw(s, supply.buyer) * supply.share
        sums.append((f"supply.{supply.name}.chips_usd_per_gw", whole * supply.chips_usd_per_gw))
        sums.append((f"supply.{supply.name}.other_usd_per_gw", whole * supply.other_usd_per_gw))
    for path, usd in sums:
        if usd > PROMISED_VALUE_MAX_USD:
            yield Fault(path, f"{usd:.3g} USD in all", f"at most {PROMISED_VALUE_MAX_USD:g} USD in one deal")
