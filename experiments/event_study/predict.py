"""Predict what an announcement does to its firm's share: by running the market with and without it, never by a table.

Central prediction: paired runs at the default parameters. Interval: every effect under drawn parameters, combined with
every day's luck that the share shows in a world without the announcement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from ...engine.chance import slot_of
from ...scenarios.behaviour import Behaviour
from ...scenarios.schema import Instrument, Role
from ..runner.runs import Tell, map_runs, quiet
from .parts import Course, Parts, course, parts_of, quantile_interval
from .world import FIRM, Deal, world

HORIZON_DAYS = 60
"""Trading days after the first over which the reversal is measured."""
PAIRED_RUNS = 6
"""Seeds of the central prediction: a pair's effect varies by about a tenth of a percentage point from seed to seed."""
DRAWN_RUNS = 32
"""Draws of parameters behind the interval."""
LUCK_DAYS = 5
"""Days of each draw's silent world from which luck is read: volatility comes in spells, so many worlds tell more of it
than many days of few."""
NEWS_DAY_LUCK = 1.5
"""Luck of a day with news over that of a day without, as standard deviations: an announcement comes with other news and
is read in many ways. Fitted (docs/events.md). Source of the direction: Beaver (1968), J. Accounting Research 6
(Supplement)."""
NO_STORY = {"announcement_impulse": 0.0, "endorsement_impulse": 0.0}
NO_ENDORSEMENT = {"endorsement_impulse": 0.0}

LOG_ODDS_SPREAD = 0.7
STORY_SPREAD = 0.6
MARGIN_SPREAD = 0.5
REVERSION_SPREAD = 0.15
"""Standard deviations of what is drawn for the interval (assumed): of the instrument's log-odds; of the logs of both
impulses; of the log of the deal's margin; of the reversion of multiples. Every 80 % interval says what these say."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Day-0 abnormal return of one announcement, its 80 % interval, its parts, and what follows.

    `earnings` + `narrative` + `flow` = `abnormal_return`; `endorsement` is a part of `narrative`. `reversal` is the
    abnormal return over the 60 trading days after the first, caused by the announcement (negative: the jump reverses).
    """

    abnormal_return: float
    low: float
    high: float
    earnings: float
    narrative: float
    flow: float
    endorsement: float
    reversal: float


def predict(deal: Deal) -> Prediction:
    """Run the market with and without one announcement; every deal meets the same luck.

    Raises: whatever a run raises.
    """
    central = _central(deal)
    whole, earnings, narrative, flow = central.parts.in_returns()
    endorsed = central.endorsement * (whole / central.parts.total if central.parts.total else 1.0)
    effects, lucks = _effects_under_draws(deal)
    possible = np.expm1(np.add.outer(effects, NEWS_DAY_LUCK * lucks).ravel())
    low, high = quantile_interval(possible)
    return Prediction(whole, low, high, earnings, narrative, flow, endorsed, math.expm1(central.after))


def predict_all(deals: Sequence[Deal], *, workers: int | None = None, tell: Tell = quiet) -> list[object]:
    """A Prediction (or a FailedRun) for every deal, in their order, whatever the number of workers."""
    return map_runs(predict, [{"deal": deal} for deal in deals], workers=workers, tell=tell)


def _run(deal: Deal, run: str, days: int, *, is_told: bool, behaviour: Mapping[str, float] | None = None) -> Course:
    """One run of a deal's world. `run` names the luck: a world and its counterfactual have the same, and so have all
    deals, so that two rows that say the same are predicted alike."""
    seed = slot_of(f"announcement: {run}")
    return course(world(deal, days=days, is_told=is_told, behaviour=behaviour), seed, days)


class _Central(NamedTuple):
    """Means over the paired runs, in log points: parts, the endorsement's share, the days after."""

    parts: Parts
    endorsement: float
    after: float


def _central(deal: Deal) -> _Central:
    """The paired runs at the default parameters."""
    found = []
    for number in range(PAIRED_RUNS):
        luck = f"pair {number}"
        told = _run(deal, luck, HORIZON_DAYS + 1, is_told=True)
        silent = _run(deal, luck, HORIZON_DAYS + 1, is_told=False)
        plain = _run(deal, luck, 1, is_told=True, behaviour=NO_STORY)
        # a world in which nothing is announced has no story to switch off
        parts = parts_of(told, silent, plain, silent, FIRM, 1)
        endorsement = 0.0
        if deal.role is Role.INVESTEE:
            unendorsed = _run(deal, luck, 1, is_told=True, behaviour=NO_ENDORSEMENT)
            endorsement = told.move(FIRM, 0, 1, beyond_others=True)[1]
            endorsement -= unendorsed.move(FIRM, 0, 1, beyond_others=True)[1]
        after = [c.move(FIRM, 1, HORIZON_DAYS + 1, beyond_others=True)[0] for c in (told, silent)]
        found.append((parts.earnings, parts.narrative, parts.flow, endorsement, after[0] - after[1]))
    mean = [float(x) for x in np.mean(found, axis=0)]
    return _Central(Parts(*mean[:3]), mean[3], mean[4])


def _effects_under_draws(deal: Deal) -> tuple[np.ndarray, np.ndarray]:
    """Log effect of the announcement on its first day under each draw of parameters, float[DRAWN_RUNS], and the silent
    worlds' daily returns beyond the others', float[DRAWN_RUNS x LUCK_DAYS]."""
    effects, lucks = [], []
    for number, drawn in enumerate(_draws()):
        luck = f"draw {number}"
        changed, behaviour = _under(deal, drawn)
        told = _run(changed, luck, 1, is_told=True, behaviour=behaviour)
        silent = _run(changed, luck, LUCK_DAYS, is_told=False)
        quiet_days = [silent.move(FIRM, day, day + 1, beyond_others=True)[0] for day in range(LUCK_DAYS)]
        effects.append(told.move(FIRM, 0, 1, beyond_others=True)[0] - quiet_days[0])
        lucks += quiet_days
    return np.array(effects), np.array(lucks)


@cache
def _draws() -> tuple[tuple[float, ...], ...]:
    """Standard normal numbers for what is drawn, evenly spread over their quantiles: the same design for every deal.

    Source: Sobol (1967); Joe & Kuo (2008) directions, by scipy.
    """
    from scipy.stats import norm, qmc

    points = qmc.Sobol(5, scramble=False).fast_forward(1).random(DRAWN_RUNS)
    return tuple(tuple(float(x) for x in row) for row in norm.ppf(points))


def _under(deal: Deal, drawn: tuple[float, ...]) -> tuple[Deal, dict[str, float]]:
    """The deal and the behaviour under one draw."""
    odds, attention, endorsement, margin, reversion = drawn
    default = Behaviour()
    name = {
        Instrument.CONTRACT: "contract_log_odds",
        Instrument.EQUITY: "contract_log_odds",
        Instrument.LETTER_OF_INTENT: "letter_of_intent_log_odds",
        Instrument.GUIDANCE: "guidance_log_odds",
        Instrument.ORDER: "order_log_odds",
    }[deal.instrument]
    behaviour = {
        name: getattr(default, name) + LOG_ODDS_SPREAD * odds,
        "announcement_impulse": default.announcement_impulse * math.exp(STORY_SPREAD * attention),
        "endorsement_impulse": default.endorsement_impulse * math.exp(STORY_SPREAD * endorsement),
        "multiple_reversion": default.multiple_reversion + REVERSION_SPREAD * reversion,
    }
    changed = min(1.0, max(-1.0, deal.net_margin_on_deal * math.exp(MARGIN_SPREAD * margin)))
    return replace(deal, net_margin_on_deal=changed), behaviour
