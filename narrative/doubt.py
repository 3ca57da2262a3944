"""Doubt: the public's log-odds follow what the payer can bring up against its whole bill, and what lenders ask.

l* = l_0 + E + b clip(ln(C / C_ref) + e) - g clip(ln(s / s_0)), and every day l moves the share k of the way to l*. On a
day with news the coverage C is reckoned anew and l jumps by b d ln C: who signs or pays moves every promise of his.
"""

from __future__ import annotations

import math
from typing import Protocol


class DoubtParameters(Protocol):
    """The behavioural parameters read here (scenarios/behaviour.py has them all)."""

    @property
    def coverage_weight(self) -> float: ...
    @property
    def coverage_reference(self) -> float: ...
    @property
    def coverage_log_max(self) -> float: ...
    @property
    def strain_weight(self) -> float: ...
    @property
    def strain_log_max(self) -> float: ...
    @property
    def reflection_per_day(self) -> float: ...


def clipped(x: float, bound: float) -> float:
    """x within +-bound."""
    return min(max(x, -bound), bound)


def coverage_pull(coverage: float, judgement: float, rules: DoubtParameters) -> float:
    """Log-odds for means over the whole bill: b clip(ln(C / C_ref) + e), with the public's error of judgement e."""
    seen = math.log(coverage / rules.coverage_reference) if coverage > 0 else -math.inf
    return rules.coverage_weight * clipped(seen + judgement, rules.coverage_log_max)


def strain_pull(spread_per_year: float, at_start_per_year: float, rules: DoubtParameters) -> float:
    """Log-odds for what lenders ask of who has to deliver: -g clip(ln(s / s_0)).

    Source of the direction: Brunnermeier & Oehmke (2013), Handbook of the Economics of Finance 2B: funding doubts feed
    on themselves; bounded here, for without a bound they run away.
    """
    if spread_per_year <= 0 or at_start_per_year <= 0:
        return 0.0
    return -rules.strain_weight * clipped(math.log(spread_per_year / at_start_per_year), rules.strain_log_max)


def next_log_odds(log_odds: float, target: float, rules: DoubtParameters) -> float:
    """A day's reflection: l + k (l* - l)."""
    return log_odds + rules.reflection_per_day * (target - log_odds)
