"""What the market is worth from day to day, and the moments of its returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ....scenarios.schema import Scenario
from . import moments
from .of_firms import VALUE_TRACKS, listed
from .of_turn import chips_over_rest, commitments_cents, largest_spread
from .outcome import Kind, Needs, Outcome, Values, alone, single
from .seen import Seen
from .tracks import NOTE, Track

INDEX = "index"
ABS_LAGS = (1, 5, 20, 50)


def traded(scenario: Scenario) -> Sequence[str]:
    """The index, the ETF, then every listed share."""
    etf = [scenario.etf.name] if scenario.etf is not None else []
    return [INDEX, *etf, *listed(scenario)] if scenario.listed else []


def returns(seen: Seen) -> Mapping[str, np.ndarray]:
    """Daily log returns, float (days,) each; the index is weighted by market value at the last close."""
    if not seen.listed or len(seen.daily(Track.PRICES)) < 2:
        return {}
    prices, shares = seen.daily(Track.PRICES).astype(float), seen.daily(Track.OUTSTANDING)[:-1].astype(float)
    index = np.log((prices[1:] * shares).sum(axis=1) / (prices[:-1] * shares).sum(axis=1))
    found = {INDEX: index}
    if seen.model.cast.etf is not None:
        found[seen.model.cast.etf.name] = np.diff(np.log(seen.daily(Track.ETF_PRICE).astype(float)))
    return found | dict(zip(seen.listed, np.diff(np.log(prices), axis=0).T, strict=True))


def _moment(of: Callable[[np.ndarray], np.ndarray]) -> Callable[[Seen], Values]:
    """A moment of every traded series; null where a series does not vary."""

    def measure(seen: Seen) -> Values:
        series = returns(seen)
        if not series:
            return {}
        values = of(np.array(list(series.values())))
        return {name: v if np.isfinite(v) else None for name, v in zip(series, values.tolist(), strict=True)}

    return measure


def _returns_outcome(pattern: str, unit: str, meaning: str, of: Callable[[np.ndarray], np.ndarray]) -> Outcome:
    return Outcome(
        pattern=f"{pattern}.SHARE", unit=unit, meaning=f"{meaning}, of the index, the ETF or a share", labels=traded,
        needs=Needs.DAILY, measure=_moment(of), tracks=frozenset({Track.PRICES, Track.OUTSTANDING, Track.ETF_PRICE}),
    )  # fmt: skip


def _abs_acf(lag: int) -> Outcome:
    return _returns_outcome(
        f"abs_autocorrelation_{lag}", "-", f"autocorrelation of absolute returns, {lag} trading days",
        lambda series: moments.autocorrelation(moments.absolute(series), lag),
    )  # fmt: skip


def _course(
    pattern: str,
    unit: str,
    meaning: str,
    of: Callable[[Seen], np.ndarray],
    tracks: frozenset[Track],
    kind: Kind = Kind.NUMBER,
) -> Outcome:
    """A number of the whole market with a course; at the end, its last value."""

    def last(seen: Seen) -> float | int | None:
        return of(seen)[-1].item() if seen.has_market else None

    return Outcome(
        pattern=pattern, unit=unit, meaning=meaning, labels=alone, kind=kind, needs=Needs.DAILY, tracks=tracks,
        measure=single(last), series=lambda seen: {"": of(seen)}, series_tracks=tracks,
    )  # fmt: skip


def _noted(pattern: str, unit: str, meaning: str, track: Track, kind: Kind) -> Outcome:
    """One number that a track holds for every day."""
    return Outcome(
        pattern=pattern, unit=unit, meaning=meaning, labels=alone, kind=kind,
        measure=single(lambda seen: NOTE[track](seen.model)), series=lambda seen: {"": seen.daily(track)},
        series_tracks=frozenset({track}),
    )  # fmt: skip


OUTCOMES = (
    _course(
        "circle_value", "US cents", "market value of clouds, chip makers and labs",
        lambda seen: seen.circle_cents.astype(np.int64), VALUE_TRACKS, Kind.WHOLE,
    ),
    Outcome(
        pattern="circle_value_highest", unit="US cents", meaning="highest market value of clouds, chip makers and labs",
        labels=alone, kind=Kind.WHOLE, needs=Needs.DAILY, tracks=VALUE_TRACKS,
        measure=single(lambda seen: int(seen.circle_cents.max()) if seen.has_market else None),
    ),
    _course(
        "relative_value", "times the start", "the circle's value over the rest of the index",
        lambda seen: seen.relative, VALUE_TRACKS,
    ),
    _course(
        "chips_over_rest", "ratio", "market value of chip makers over the rest of the index", chips_over_rest,
        VALUE_TRACKS,
    ),
    _course(
        "commitments", "US cents", "promised in public and not yet paid, with the debt of clouds", commitments_cents,
        frozenset({Track.PROMISED, Track.DEBTS}), Kind.WHOLE,
    ),
    _course(
        "spread_of_clouds", "1/year", "largest required spread of all clouds", largest_spread,
        frozenset({Track.SPREADS}),
    ),
    _noted("etf_price", "US cents", "price of the ETF", Track.ETF_PRICE, Kind.WHOLE),
    _noted("etf_held", "shares", "ETF shares of all households", Track.ETF_HELD, Kind.WHOLE),
    _noted(
        "enthusiastic", "share", "households who tell the story", Track.ENTHUSIASTIC, Kind.NUMBER
    ),
    _returns_outcome("volatility", "1/day", "standard deviation of daily log returns", moments.volatility),
    _returns_outcome("skewness", "-", "skewness of daily log returns", moments.skewness),
    _returns_outcome("excess_kurtosis", "-", "excess kurtosis of daily log returns", moments.excess_kurtosis),
    _returns_outcome(
        "autocorrelation_1", "-", "autocorrelation of returns, 1 trading day",
        lambda series: moments.autocorrelation(series, 1),
    ),
    *(_abs_acf(lag) for lag in ABS_LAGS),
)  # fmt: skip
