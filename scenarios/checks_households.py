"""Whether all households fit: someone to carry them, holdings in 32 bits, a social graph in memory."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator

from .checks_sizes import CONTACTS_MAX, HOLDING_HEADROOM, HOLDING_MAX, SHARE_ROUNDING
from .errors import Fault
from .schema_holders import SocialGraphKind
from .schema_world import World


def largest_holding(etf_shares: float, holders: int, wealth_sigma: float) -> float:
    """ETF shares of the richest of `holders` holders with log-normal wealth, at its typical size."""
    if holders < 1:
        return math.inf
    typical_top = math.exp(wealth_sigma * math.sqrt(2 * math.log(holders)) - wealth_sigma**2 / 2)
    return min(etf_shares, etf_shares / holders * max(1.0, typical_top))


def households(s: World) -> Iterator[Fault]:
    """Households have somebody to carry them, an ETF to hold, and holdings that fit."""
    if s.households is None:
        return
    if s.holders < 1:
        yield Fault("holders", str(s.holders), "at least 1, because households are in the scenario")
        return
    if s.etf is None:
        yield Fault("etf", "nothing", "an etf for the households to hold")
        return
    if s.households.enthusiastic_share + s.households.tired_share > 1 + SHARE_ROUNDING:
        came = f"{s.households.enthusiastic_share} enthusiastic and {s.households.tired_share} tired"
        yield Fault("households.tired_share", came, "shares that add up to at most 1")
    yield from _social_graph(s)
    room = HOLDING_MAX / HOLDING_HEADROOM
    etf_shares = s.households.etf_value_usd / s.etf.price_usd
    wealth_sigma = s.households.wealth_sigma
    if largest_holding(etf_shares, s.holders, wealth_sigma) > room:
        enough = _least(lambda n: largest_holding(etf_shares, n, wealth_sigma) <= room)
        came = f"{s.holders} for {etf_shares:.6g} ETF shares: the largest holder's shares would not fit in 32 bits"
        allowed = f"at least {enough} holders" if enough else "a higher etf.price_usd or a smaller etf_value_usd"
        yield Fault("holders", came, allowed)


def _social_graph(s: World) -> Iterator[Fault]:
    """Drawn links: a ring needs as many links on both sides and enough holders, and all of them need memory."""
    house = s.households
    if house is None or house.social_graph is SocialGraphKind.BLOCKS:
        return
    degree, came = house.mean_degree, f"{house.mean_degree} for {s.holders} holders"
    if degree >= s.holders:
        yield Fault("households.mean_degree", came, "fewer contacts than holders")
    elif house.social_graph is SocialGraphKind.SMALL_WORLD and degree % 2:
        yield Fault("households.mean_degree", str(degree), "an even number in a small world")
    if degree * s.holders > CONTACTS_MAX:
        most = CONTACTS_MAX // s.holders
        allowed = f"at most {most} for so many holders" if most >= 2 else f"at most {CONTACTS_MAX // 2} holders"
        yield Fault("households.mean_degree", came, f'{allowed}, or social_graph = "blocks"')


def _least(fits: Callable[[int], bool]) -> int | None:
    """The least number of holders that fits, of those a scenario may have: by steps of a tenth, then exactly."""
    too_few, n = 0, 1
    while n <= 10**8:
        if fits(n):
            return bisect_left(range(n + 1), True, lo=too_few + 1, key=fits)
        too_few, n = n, n + max(1, n // 10)
    return None
