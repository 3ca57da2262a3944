"""Each mechanism of the circle on and off: paired five-year runs that differ by one parameter or one deal alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .circle_horizon import Quarter


class Mechanism(NamedTuple):
    """One row: what is switched off, by which changes, and what is left out of the scenario for it."""

    name: str
    off: tuple[str, ...]
    without: tuple[str, ...] = ()


MECHANISMS = (
    Mechanism("capacity bounds revenue", ("lab.*.yield_usd_per_gw_year*=1000",)),
    Mechanism("realised earnings (memory 6 months, off: 60)", ("behaviour.earnings_memory_months=60",)),
    Mechanism("coverage and its jump at news", ("behaviour.coverage_weight=0",)),
    Mechanism("error of judgement", ("behaviour.judgement_error=0",)),
    Mechanism("spreads strain belief", ("behaviour.strain_weight=0",)),
    Mechanism("the bill of a promise is noticed", ("behaviour.bill_notice_days=1e12",)),
    Mechanism("leases of sites in credit", ("cloud.*.site_lease_usd_per_gw_year=0",)),
    Mechanism("a third of a letter is additional (off: all)", ("behaviour.letter_additional_share=1",)),
    Mechanism(
        "narrative network", ("behaviour.multiplier_spread_per_day=0", "behaviour.multiplier_spillover=0"),
    ),
    Mechanism("endorsement", ("behaviour.endorsement_impulse=0",)),
    Mechanism("switching of demand", ("behaviour.demand_switching=0",)),
    Mechanism("growth is uncertain", ("lab.*.growth_volatility_per_year=0",)),
    Mechanism("bonds thin out (off: stop at the limit)", ("behaviour.bond_thinning_per_year=0.0001",)),
    Mechanism("building follows the price of shares", ("behaviour.build_pace_elasticity=0",)),
    Mechanism("offerings when cash is low", ("behaviour.offering_below_buffer=0",)),
    Mechanism("a revolving line before shares", (), ("revolving_line",)),
    Mechanism(
        "rounds before they must be (off: when cash runs short)",
        ("behaviour.round_price_up=5", "behaviour.round_coverage_below=0"),
    ),
    Mechanism("staged call of the April round", (), ("capital_call",)),
    Mechanism("milestone investment", (), ("milestone",)),
    Mechanism("plans buy the ETF", ("households.plan_usd_per_year=0",)),
    Mechanism(
        "savers move between funds",
        ("behaviour.fund_flow_gain=0", "behaviour.fund_flow_loss=0", "behaviour.bond_flow_gain=0",
         "behaviour.bond_flow_loss=0"),
    ),
    Mechanism(
        "private credit",
        ("bond_buyer.Private credit funds.committed_usd=0", "bond_buyer.Private credit funds.inflow_usd_per_year=0"),
    ),
    Mechanism("gigawatts are as loud as dollars (off: twice)", ("behaviour.attention_to_gigawatts=2",)),
)  # fmt: skip
"""Off means the value at which a mechanism does nothing, or the end of its bounds where there is none."""


class Effect(NamedTuple):
    """What a mechanism adds to one quantity, with the 95 % interval of its mean over paired seeds."""

    mean: float
    low: float
    high: float

    @property
    def is_noise(self) -> bool:
        """Whether the interval does not tell its sign."""
        return self.low <= 0 <= self.high


QUANTITIES = {
    "funding, bn USD": "raised in five years: rounds, tranches, bonds and new shares",
    "built, MW": "capacity in service, mean over five years",
    "revenue, bn USD a year": "of the lab, mean over five years",
    "NVIDIA, %": "market value, mean over five years of its logarithm",
    "Oracle, %": "the same",
    "spread, bp": "of Oracle, mean over five years",
    "NVIDIA in December, %": "market value a quarter after the start",
    "Oracle in December, %": "the same",
}
"""What is compared, and what it means."""


def quantities(run: Mapping[str, Any]) -> np.ndarray:
    """The quantities of one run, float[QUANTITIES]."""
    quarters = [Quarter(*quarter) for quarter in run["quarters"]]
    last, first = quarters[-1], quarters[0]

    def over_time(of: str) -> float:
        return float(np.mean([getattr(quarter, of) for quarter in quarters]))

    nvidia, oracle = (100 * np.log([getattr(q, of) for q in quarters]) for of in ("nvidia_usd", "oracle_usd"))
    return np.array(
        [
            last.raised_usd / 1e9,
            over_time("delivered_mw"), over_time("revenue_usd") / 1e9, nvidia.mean(), oracle.mean(),
            1e4 * over_time("spread"), 100 * math.log(first.nvidia_usd), 100 * math.log(first.oracle_usd),
        ]
    )  # fmt: skip


def effects(on: Sequence[Mapping[str, Any]], off: Sequence[Mapping[str, Any]]) -> list[Effect]:
    """What a mechanism adds, on less off, pair by pair of one seed."""
    return paired(np.array([quantities(a) - quantities(b) for a, b in zip(on, off, strict=True)]))


def paired(gaps: np.ndarray) -> list[Effect]:
    """Means over seeds of differences, float[seeds, quantities], with Student's 95 % interval."""
    from scipy.stats import t

    n = len(gaps)
    half = float(t.ppf(0.975, n - 1)) * gaps.std(axis=0, ddof=1) / math.sqrt(n)
    return [Effect(float(m), float(m - h), float(m + h)) for m, h in zip(gaps.mean(axis=0), half, strict=True)]
