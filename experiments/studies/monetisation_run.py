"""One run of the monetisation study: its regime, its chain of events, what turned when, and the network's margin."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ...engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER
from ...model import CarouselModel
from ...narrative.chronicle import Happening
from ...narrative.network_stability import spectral_margin
from ...report.measures_market import Fall, peak_and_trough
from ...report.measures_promises import planned_mw
from ...report.measures_turn import LEAD_DAYS, TURNED, regime, turning_chain
from ...scenarios.loader import load

HOLDERS = 500
SPREAD_RISE = 1.25
"""A spread has begun to rise when it is a quarter above its median of the first quarter."""
SELLING_SHARE = 0.01
"""Households sell when, over a month, they shed a hundredth of their ETF shares."""
LAGS, WEEK = 20, 5
EVENT_COLUMNS = ["day", "kind", "agent", "counterparty", "cents", "detail"]
FIRSTS = ("down_round", "round_failed", "bond_failed", "build_slowed", "bill_late", "bill_missed", "stake_sold")
"""Events whose first day is kept for each run."""


class Track:
    """Daily series of a run, taken by looking at the model after each day."""

    def __init__(self, model: CarouselModel) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.rows: list[tuple[float, ...]] = []
        self.margins: list[float] = []
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Note the day."""
        self.events += model.chronicle.events
        inside = {f.index for f in (*model.cast.clouds, *model.cast.chip_makers)}
        values = model.prices.market_values_cents().astype(float)
        circle = sum(values[i] for i in inside)
        rest = values.sum() - circle
        labs = sum(100 * lab.value_usd() for lab in model.cast.labs)
        chips = sum(float(f.market_value_cents) for f in model.cast.chip_makers)
        alive = [c for c in model.contracts.promises if c.is_alive and c.is_public]
        promised = sum(max(0, c.committed_cents - c.paid_cents) for c in alive)
        owed = sum(f.debt_cents for f in model.cast.clouds)
        spread = max((model.contracts.bonds.spread_per_year.get(f.name, 0.0) for f in model.cast.clouds), default=0.0)
        held = float(model.cast.holders.total_etf_shares()) if model.cast.holders is not None else 0.0
        self.rows.append(((circle + labs) / rest, chips / rest, circle + labs, float(promised + owed), spread, held))
        if model.clock.day % DAYS_PER_MONTH == 1 or model.clock.day == 0:
            rules = model.scenario_data.behaviour
            margin = spectral_margin(
                model.beliefs.weights, rules.multiplier_spread_per_day, rules.multiplier_decay_per_day
            )
            self.margins.append(margin)


def simulate(
    scenario: str, seed: int, days: int | None, growth: float, committed: float, dry_powder: float
) -> dict[str, Any]:
    """Run once and summarise as plain data.

    `committed` multiplies promised capacity and the planned pace of building alike, so that promised spending per year
    grows with it; `dry_powder` what venture investors have been promised.
    """
    changes = [f"holders={HOLDERS}", f"cloud.*.build_gw_per_year_max*={committed}"]
    data = load(scenario, changes if days is None else [*changes, f"days={days}"])
    model = CarouselModel(
        data, rng=seed, monetisation_growth_per_year=growth, committed_scale=committed, dry_powder_scale=dry_powder
    )
    track = Track(model)
    model.observers.append(track)
    while model.running:
        model.step()
    return {"growth": growth, "committed": committed, "dry_powder": dry_powder, "seed": seed, **_summary(model, track)}


def _summary(model: CarouselModel, track: Track) -> dict[str, Any]:
    series = np.array(track.rows)
    relative, chips, value, commitments, spread, held = series.T
    days = np.arange(len(series))
    fall = peak_and_trough(days, relative)
    events = pd.DataFrame(track.events, columns=EVENT_COLUMNS)
    events["date"] = [_date(model, int(d)) for d in events["day"]]
    planned = planned_mw(model.scenario_data, model.clock.date)
    delivered = sum(cloud.delivered_mw for cloud in model.cast.clouds)
    verdict = regime(events, fall.drawdown, delivered / planned if planned else None)
    has_turned = verdict.name in TURNED
    firsts = events.groupby("kind")["day"].min()
    margins = np.array(track.margins)
    before = margins[: max(1, fall.peak_day // DAYS_PER_MONTH + 1)]
    return {
        "regime": verdict.name.value,
        "turned": has_turned,
        "drawdown": fall.drawdown,
        "peak_day": fall.peak_day,
        "trough_day": fall.trough_day,
        "delivered_mw": delivered,
        "margin_at_start": float(margins[0]),
        "margin_at_peak": float(before[-1]),
        "margin_smallest": float(margins.min()),
        **{f"first_{kind}": int(firsts.get(kind, -1)) for kind in FIRSTS},
        "first_spread_rise": _first(spread > SPREAD_RISE * np.median(spread[1 : DAYS_PER_QUARTER + 1])),
        "first_selling": _first(_selling(held)),
        **_turns(relative, chips, value, commitments, spread),
        "chain": _chain(events, fall) if has_turned else [],
        "lagged": _lagged(spread, chips) if has_turned else [],
        "weekly": series[::WEEK][:, [4, 1, 2, 3]].T.tolist(),
    }


def _date(model: CarouselModel, day: int) -> date:
    return model.clock.dates[day]


def _first(is_so: np.ndarray) -> int:
    """The first day on which something is so; -1 for never."""
    return int(np.argmax(is_so)) if is_so.any() else -1


def _selling(held: np.ndarray) -> np.ndarray:
    """Days on which households hold a hundredth less of the ETF than a month before."""
    past = np.concatenate([np.full(DAYS_PER_MONTH, held[0]), held[:-DAYS_PER_MONTH]])
    return held < (1 - SELLING_SHARE) * past


def _smooth(series: np.ndarray) -> np.ndarray:
    """Mean of the last 21 days, of fewer at the start."""
    sums = np.cumsum(np.concatenate([[0.0], series]))
    ends = np.arange(1, len(series) + 1)
    starts = np.maximum(0, ends - DAYS_PER_MONTH)
    return (sums[ends] - sums[starts]) / (ends - starts)


def _turns(
    relative: np.ndarray, chips: np.ndarray, value: np.ndarray, commitments: np.ndarray, spread: np.ndarray
) -> dict[str, int]:
    """The day each series turned: where its deepest fall (a spread: its largest relative rise) began.

    Monthly means of spread and chip share are compared, so that one day's jump is no turn.
    """
    days = np.arange(len(relative))
    floor = max(1e-6, float(spread[spread > 0].min(initial=1.0)))
    return {
        "spread_turn_day": peak_and_trough(days, 1 / np.maximum(_smooth(spread), floor)).peak_day,
        "chip_turn_day": peak_and_trough(days, _smooth(chips)).peak_day,
        "equity_peak_day": int(np.argmax(value)),
        "commitments_peak_day": int(np.argmax(commitments)),
    }


def _chain(events: pd.DataFrame, fall: Fall) -> list[dict[str, Any]]:
    """The decisive events from a quarter before the peak to the trough, or to a default after it."""
    defaults = events.loc[events["kind"] == Happening.DEFAULT, "day"]
    last = max([fall.trough_day, *(int(d) for d in defaults)])
    return [
        {
            "day": link.day,
            "date": link.date.isoformat(),
            "kind": link.kind,
            "agent": link.agent,
            "counterparty": link.counterparty,
            "largest_usd": link.cents / 100,
            "times": link.times,
            "detail": link.detail,
        }
        for link in turning_chain(events, max(0, fall.peak_day - LEAD_DAYS), last)
    ]


def _lagged(spread: np.ndarray, chips: np.ndarray) -> list[float]:
    """Correlation of weekly changes: the spread's with the chip share's fall `lag` days later, lag from -20 to 20."""
    a = np.diff(np.log(np.maximum(spread[1:], 1e-5)))
    b = -np.diff(np.log(chips[1:]))
    a, b = np.convolve(a, np.ones(WEEK), "valid"), np.convolve(b, np.ones(WEEK), "valid")
    out = []
    for lag in range(-LAGS, LAGS + 1):
        x, y = (a[: len(a) - lag], b[lag:]) if lag >= 0 else (a[-lag:], b[:lag])
        spread_x, spread_y = x.std(), y.std()
        is_flat = spread_x == 0 or spread_y == 0
        out.append(0.0 if is_flat else float(((x - x.mean()) * (y - y.mean())).mean() / (spread_x * spread_y)))
    return out
