"""Worlds with the circle and without it, with the same luck, and the days on which they are read."""

from __future__ import annotations

from functools import lru_cache

from ...scenarios.loader import load
from ...scenarios.schema import Scenario
from ...scenarios.schema_world import DEALS as KINDS_OF_DEALS
from ...scenarios.validated import validated

CONTRACT_DAY, LETTER_DAY, MARK_DAY, CALL_DAY, CHRISTMAS_DAY, YEAR_END_DAY = 1, 9, 25, 76, 77, 79
"""Trading days of 10 and 22 September, 14 October, 26, 29 and 31 December 2025 in `ai-2025`."""
DRIFT_DAY, FADED_DAY = CONTRACT_DAY + 60, 100
READ_DAYS = frozenset(
    (CONTRACT_DAY, LETTER_DAY - 1, LETTER_DAY, MARK_DAY, DRIFT_DAY, CALL_DAY - 1, CALL_DAY, CHRISTMAS_DAY,
     YEAR_END_DAY, FADED_DAY)
)  # fmt: skip
"""Days of autumn whose close is written down."""
AUTUMN_DAYS, YEARS_DAYS = FADED_DAY, 756
DEALS = tuple(kind for kind, deal in KINDS_OF_DEALS.items() if deal.is_promise)
"""Lists of a scenario that are promises: without all of them there is no circle."""
NO_MOODS = (
    "behaviour.fw_sigma_fundamental=0", "behaviour.fw_sigma_chartist=0", "behaviour.private_noise_per_day=0",
    "behaviour.volatility_feedback=0",
)  # fmt: skip
NO_CLAIMS = ("behaviour.coverage_weight=0", "behaviour.strain_weight=0")
"""News of one promise says nothing of another, and spreads nothing of belief."""


@lru_cache(maxsize=64)
def world(
    changes: tuple[str, ...], *, days: int, without: tuple[str, ...] = (), scenario_name: str = "ai-2025"
) -> Scenario:
    """A scenario with changes, and without some parts: without all `DEALS` it is the twin.

    Made once a process: a scenario is frozen, and short runs would take a third of their time to read it.
    """
    scenario = load(scenario_name, [f"days={days}", "holders=300", *changes])
    return validated(scenario.model_dump() | dict.fromkeys(without, ()), "twin") if without else scenario
