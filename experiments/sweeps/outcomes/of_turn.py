"""Did it turn: the regime, deepest falls, first days of events, turning days, and the margin of the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

import numpy as np

from ....engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER
from ....narrative.chronicle import Event, Happening
from ....report.measures_turn import BREAKS, DECISIVE, TURNED, ChainLink, chain_of
from ....scenarios.schema import Scenario
from .of_firms import VALUE_TRACKS, listed
from .outcome import Kind, Needs, Outcome, Value, Values, alone, single
from .seen import Seen
from .tracks import Track

REGIME_TRACKS = VALUE_TRACKS | {Track.EVENTS}
SPREAD_RISE = 1.25
"""A spread has begun to rise when it is a quarter above its median of the first quarter."""
SELLING_SHARE = 0.01
"""Households sell when, over a month, they shed a hundredth of their ETF shares."""
SPREAD_RISES, ETF_SOLD = "spread_rises", "households_sell"
"""First days that no event tells."""


def kinds(_: Scenario) -> Sequence[str]:
    """Kinds of events."""
    return [kind.value for kind in Happening]


def _first_days(seen: Seen) -> Values:
    first: dict[str, Value] = {}
    for event in seen.events:
        first.setdefault(event.kind.value, event.day)
    return first


def first_day(is_so: np.ndarray) -> int | None:
    """The first day on which something is so; None for never."""
    return int(np.argmax(is_so)) if is_so.any() else None


def largest_spread(seen: Seen) -> np.ndarray:
    """Largest required spread of all clouds, 1/year, float (days,)."""
    rows = [cloud.index for cloud in seen.model.cast.clouds]
    spreads = seen.daily(Track.SPREADS)
    return np.asarray(spreads[:, rows].max(axis=1)) if rows else np.zeros(len(spreads))


def _spread_rises(seen: Seen) -> int | None:
    spread = largest_spread(seen)
    usual = spread[1 : DAYS_PER_QUARTER + 1]
    return first_day(spread > SPREAD_RISE * np.median(usual)) if len(usual) else None


def _households_sell(seen: Seen) -> int | None:
    """The first day on which they hold a hundredth less of the ETF than a month before."""
    held = seen.daily(Track.ETF_HELD).astype(float)
    past = np.concatenate([np.full(DAYS_PER_MONTH, held[0]), held])[: len(held)]
    return first_day(held < (1 - SELLING_SHARE) * past)


def smooth(series: np.ndarray) -> np.ndarray:
    """Mean of the last 21 days, of fewer at the start."""
    sums = np.cumsum(np.concatenate([[0.0], series]))
    ends = np.arange(1, len(series) + 1)
    starts = np.maximum(0, ends - DAYS_PER_MONTH)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))


def chips_over_rest(seen: Seen) -> np.ndarray:
    """Market value of chip makers over that of the rest of the index, float (days,); 0 without a rest."""
    values = seen.listed_values
    circle = {firm.index for firm in seen.model.cast.circle}
    rest = values[:, [i for i in range(values.shape[1]) if i not in circle]].sum(axis=1).astype(float)
    chips = values[:, [firm.index for firm in seen.model.cast.chip_makers]].sum(axis=1).astype(float)
    return np.divide(chips, rest, out=np.zeros(len(values)), where=rest > 0)


def commitments_cents(seen: Seen) -> np.ndarray:
    """Promised and not yet paid, with the debt of clouds, int64 (days,)."""
    rows = [cloud.index for cloud in seen.model.cast.clouds]
    debts = seen.daily(Track.DEBTS).reshape(len(seen.daily(Track.PROMISED)), -1)
    return np.asarray(seen.daily(Track.PROMISED) + debts[:, rows].sum(axis=1)).astype(np.int64)


def _spread_turns(seen: Seen) -> int:
    """Where the largest relative rise of the spread began; monthly means, so that one day's jump is no turn."""
    spread = largest_spread(seen)
    floor = max(1e-6, float(spread[spread > 0].min(initial=1.0)))
    return seen.fall_of(1 / np.maximum(smooth(spread), floor)).peak_day


def _turning_days(seen: Seen) -> Values:
    return {
        "spread": _spread_turns(seen),
        "chips": seen.fall_of(smooth(chips_over_rest(seen))).peak_day,
        "equity": int(np.argmax(seen.circle_cents)),
        "commitments": int(np.argmax(commitments_cents(seen))),
    }


def _margins(seen: Seen) -> Values:
    margins = seen.monthly(Track.MARGIN)
    at_peak = margins[: max(1, seen.relative_fall.peak_day // DAYS_PER_MONTH + 1)][-1]
    return {"start": float(margins[0]), "peak": float(at_peak), "smallest": float(margins.min())}


def _falls(seen: Seen) -> Values:
    columns = seen.listed_values.T.astype(float)
    return {name: seen.fall_of(column).drawdown for name, column in zip(seen.listed, columns, strict=True)}


def _link(seen: Seen, event: Event) -> ChainLink:
    day, kind, agent, counterparty, cents, detail = event
    return ChainLink(day, seen.model.clock.dates[day], kind.value, agent, counterparty, cents, 1, detail)


def _chain(seen: Seen) -> str:
    """The decisive events up to the last broken promise or default of a run that turned."""
    last = max((event.day for event in seen.events if event.kind in BREAKS), default=-1)
    decisive = [event for event in seen.events if event.day <= last and event.kind in DECISIVE]
    links = chain_of(_link(seen, event) for event in decisive) if seen.regime.name in TURNED else []
    return _as_json(links)


def _strains(seen: Seen) -> str:
    """The decisive events of a run, whether it turned or not."""
    links = chain_of(_link(seen, event) for event in seen.events if event.kind in DECISIVE)
    return _as_json(links)


def _as_json(links: Iterable[ChainLink]) -> str:
    return json.dumps([{**asdict(link), "date": link.date.isoformat()} for link in links], ensure_ascii=False)


def _if_market(measure: Callable[[Seen], Value]) -> Callable[[Seen], Values]:
    """Measured where something has a market value."""
    return single(lambda seen: measure(seen) if seen.has_market else None)


def _daily(
    pattern: str, unit: str, meaning: str, measure: Callable[[Seen], Value], tracks: frozenset[Track], kind: Kind
) -> Outcome:
    return Outcome(
        pattern=pattern, unit=unit, meaning=meaning, labels=alone, kind=kind, needs=Needs.DAILY,
        measure=_if_market(measure), tracks=tracks,
    )  # fmt: skip


OUTCOMES = (
    _daily(
        "regime", "-", "expansion, stall, reversal or default, by the rule of the answer; none without promises",
        lambda seen: seen.regime.name.value, REGIME_TRACKS, Kind.TEXT,
    ),
    _daily(
        "turned", "0 or 1", "1 if the regime is reversal or default",
        lambda seen: int(seen.regime.name in TURNED), REGIME_TRACKS, Kind.WHOLE,
    ),
    _daily(
        "drawdown", "share", "deepest fall of the circle's market value, labs included",
        lambda seen: seen.fall.drawdown, VALUE_TRACKS, Kind.NUMBER,
    ),
    _daily(
        "drawdown_relative", "share", "the same, of its value against the rest of the index",
        lambda seen: seen.relative_fall.drawdown, VALUE_TRACKS, Kind.NUMBER,
    ),
    Outcome(
        pattern="drawdown_of.FIRM", unit="share", meaning="deepest fall of a listed firm's market value", labels=listed,
        needs=Needs.DAILY, tracks=VALUE_TRACKS, measure=_falls,
    ),
    _daily(
        "peak_day", "trading day", "where the circle's deepest fall against the rest began",
        lambda seen: seen.relative_fall.peak_day, VALUE_TRACKS, Kind.WHOLE,
    ),
    _daily(
        "trough_day", "trading day", "where it ended",
        lambda seen: seen.relative_fall.trough_day, VALUE_TRACKS, Kind.WHOLE,
    ),
    Outcome(
        pattern="first_day.EVENT", unit="trading day", meaning="first day of a kind of event; null for never",
        labels=kinds, kind=Kind.WHOLE, needs=Needs.DAILY, tracks=frozenset({Track.EVENTS}), measure=_first_days,
    ),
    Outcome(
        pattern="times.EVENT", unit="events", meaning="how often a kind of event happened", labels=kinds,
        kind=Kind.WHOLE, needs=Needs.DAILY, tracks=frozenset({Track.EVENTS}), measure=lambda seen: dict(seen.times),
        absent=0,
    ),
    Outcome(
        pattern="first_day_of.SIGN", unit="trading day",
        meaning="spread_rises: the clouds' largest spread is a quarter above its median of the first quarter; "
        "households_sell: they hold a hundredth less of the ETF than a month before; null for never",
        labels=lambda _: (SPREAD_RISES, ETF_SOLD), kind=Kind.WHOLE, needs=Needs.DAILY,
        tracks=frozenset({Track.SPREADS, Track.ETF_HELD}),
        measure=lambda seen: {SPREAD_RISES: _spread_rises(seen), ETF_SOLD: _households_sell(seen)},
    ),
    Outcome(
        pattern="turning_day.SERIES", unit="trading day",
        meaning="where the deepest fall of the chip makers' share (of the spread: its largest relative rise) began, by "
        "monthly means; peak of equity, and of commitments with the clouds' debt",
        labels=lambda _: ("spread", "chips", "equity", "commitments"), kind=Kind.WHOLE, needs=Needs.DAILY,
        tracks=VALUE_TRACKS | {Track.SPREADS, Track.PROMISED, Track.DEBTS},
        measure=lambda seen: _turning_days(seen) if seen.has_market else {},
    ),
    Outcome(
        pattern="margin.MOMENT", unit="1/day",
        meaning="spectral margin of the narrative network: at the start, at the circle's peak against the rest, at its "
        "smallest",
        labels=lambda _: ("start", "peak", "smallest"), needs=Needs.DAILY, tracks=VALUE_TRACKS | {Track.MARGIN},
        measure=_margins,
    ),
    _daily(
        "chain", "JSON", "the decisive events of a run that turned, in order; an empty list of another",
        _chain, REGIME_TRACKS, Kind.TEXT,
    ),
    _daily(
        "strains", "JSON", "the decisive events of a run, whether it turned or not: each kind between two parties "
        "once, where it came first, with how often and its largest amount",
        _strains, REGIME_TRACKS, Kind.TEXT,
    ),
)  # fmt: skip
