"""What daily returns look like beyond their moments: tails, losses that make days wilder, volume that comes with moves.

Each is null for a series of less than a year, or one that does not vary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from . import of_market, stylised_facts
from .outcome import Needs, Outcome, Value, Values
from .seen import Seen
from .tracks import Track

RETURNS = frozenset({Track.PRICES, Track.OUTSTANDING, Track.ETF_PRICE})
VOLUMES = RETURNS | {Track.VOLUME, Track.ETF_VOLUME}
Measure = Callable[[Seen, str, np.ndarray], float]


def _every(measure: Measure, seen: Seen) -> Values:
    """The measure of every traded series; None where it has none."""
    found: dict[str, Value] = {}
    for name, returns in of_market.returns(seen).items():
        try:
            found[name] = measure(seen, name, stylised_facts.checked(returns))
        except ValueError:
            found[name] = None
    return found


def volumes(seen: Seen) -> Mapping[str, np.ndarray]:
    """Shares traded on every day, float (days,) each; of the index, value traded over market value at the last close's
    shares."""
    traded = seen.daily(Track.VOLUME)[1:].astype(float)
    prices, shares = seen.daily(Track.PRICES)[1:].astype(float), seen.daily(Track.OUTSTANDING)[:-1].astype(float)
    found = {of_market.INDEX: (prices * traded).sum(axis=1) / (prices * shares).sum(axis=1)}
    if seen.model.cast.etf is not None:
        found[seen.model.cast.etf.name] = seen.daily(Track.ETF_VOLUME)[1:].astype(float)
    return found | dict(zip(seen.listed, traded.T, strict=True))


def _with_volume(seen: Seen, name: str, returns: np.ndarray) -> float:
    logs = stylised_facts.log_volume(returns, seen.once("volumes", volumes)[name])
    return stylised_facts.rank_correlation(stylised_facts.absolute(returns), logs)


def _of_returns(pattern: str, meaning: str, measure: Measure, tracks: frozenset[Track] = RETURNS) -> Outcome:
    return Outcome(
        pattern=f"{pattern}.SHARE", unit="-", meaning=f"{meaning}, of the index, the ETF or a share",
        labels=of_market.traded, needs=Needs.DAILY, tracks=tracks, measure=partial(_every, measure),
    )  # fmt: skip


OUTCOMES = (
    _of_returns(
        "hill", "Hill tail index of absolute returns, largest 5 %",
        lambda _seen, _name, returns: stylised_facts.hill_index(stylised_facts.absolute(returns)),
    ),
    _of_returns(
        "leverage", "mean correlation of a return with the absolute returns of the next 10 days",
        lambda _seen, _name, returns: stylised_facts.leverage_effect(returns),
    ),
    _of_returns(
        "volume_correlation", "rank correlation of absolute returns with log volume less its trend", _with_volume,
        VOLUMES,
    ),
)  # fmt: skip
