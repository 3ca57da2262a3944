"""What households own and believe at the opening: their totals, spread over them exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import endowment_kernels as kernels
from .household_rules import EXACT_MAX, INT32_MAX

BLOCKS_MAX = 64


class EndowmentError(ValueError):
    """Totals that cannot be spread over so many holders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endowment:
    """The totals of all households and how they spread.

    Raises: EndowmentError if a number is out of bounds.
    """

    total_cash_cents: int
    total_etf_shares: int
    etf_price_cents: int
    wealth_sigma: float
    """Standard deviation of log wealth."""
    lean_spread: float
    """How far a holder's ETF part may lie from its part of wealth, as a share of it; its cash part lies as far the
    other way."""
    enthusiastic_share: float
    tired_share: float
    blocks: int
    attention_per_day: float
    attention_spread: float
    extrapolation_spread: float
    enthusiasm_tilt: float
    tired_tilt: float

    def __post_init__(self) -> None:
        for name, low, high in (
            ("total_cash_cents", 0, EXACT_MAX),
            ("total_etf_shares", 0, EXACT_MAX),
            ("etf_price_cents", 1, INT32_MAX),
            ("wealth_sigma", 0, 3),
            ("lean_spread", 0, 1),
            ("enthusiastic_share", 0, 1),
            ("tired_share", 0, 1),
            ("blocks", 1, BLOCKS_MAX),
            ("attention_per_day", 0, 1),
            ("attention_spread", 0, 1),
            ("extrapolation_spread", 0, 1),
            ("enthusiasm_tilt", 0, 1),
            ("tired_tilt", 0, 1),
        ):
            require(name, getattr(self, name), low, high)
        caught = self.enthusiastic_share + self.tired_share
        require("enthusiastic_share + tired_share", caught, 0, 1 + 1e-12)


def require(name: str, value: float, low: float, high: float) -> None:
    """Raises: EndowmentError unless the value lies within both bounds."""
    if not low <= value <= high:
        raise EndowmentError(f"{name} is {value!r}; allowed: {low} to {high}")


def endowed_columns(columns: dict[str, np.ndarray], facts: Endowment, seed: int) -> None:
    """Fill the columns of n holders, all 0 before: both totals split exactly by log-normal wealth; every draw is keyed
    by the row. The opening portfolio is taken as wanted: the base share is the actual one, less what the story adds.
    Where the richest draw would hold more shares than fit into 32 bits, the top of the distribution is cut: what it has
    too much is spread over all.

    Raises: EndowmentError if even equal shares do not fit into 32 bits.
    """
    n = len(columns["cash_cents"])
    most_weight = EXACT_MAX
    while not kernels.endow_money(
        tuple(columns[name] for name in ("cash_cents", "etf_shares", "saving_weight")),
        (facts.total_cash_cents, facts.total_etf_shares),
        (float(facts.wealth_sigma), float(facts.lean_spread)),
        most_weight,
        seed,
    ):
        most_weight //= 2
        if not most_weight:
            raise EndowmentError(
                f"{facts.total_etf_shares} ETF shares over {n} holders: more than {INT32_MAX} each; use more holders "
                "or fewer, dearer shares"
            )
    kernels.endow_traits(
        tuple(columns[name] for name in ("state", "block", "extrapolation", "attention")),
        (float(facts.enthusiastic_share), float(facts.tired_share)),
        facts.blocks,
        (float(facts.extrapolation_spread), float(facts.attention_per_day), float(facts.attention_spread)),
        seed,
    )
    kernels.endow_desire(
        tuple(columns[name] for name in ("desired_share", "cash_cents", "etf_shares", "state")),
        facts.etf_price_cents,
        float(facts.enthusiasm_tilt),
        float(facts.tired_tilt),
    )
