"""The market's sentiment: fundamental and trend followers, herding and switching, one row per share and one for the
market.

Source: Franke & Westerhoff (2012), Journal of Economic Dynamics and Control 36(8), 1193-1211: discrete choice approach
with herding, predisposition and misalignment (DCA-HPM). Clustered volatility and fat tails come from the switching.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.chance import Decision, normal_of, stream_key
from ..engine.kernels import njit

FloatArray = np.ndarray

SHARE_FUNDAMENTAL = int(Decision.SHARE_FUNDAMENTAL_NOISE)
SHARE_TREND = int(Decision.SHARE_TREND_NOISE)
MARKET_FUNDAMENTAL = int(Decision.MARKET_FUNDAMENTAL_NOISE)
MARKET_TREND = int(Decision.MARKET_TREND_NOISE)
LOGIT_MAX = 700.0
"""Bound of beta x attractiveness: beyond it the logistic is 0 or 1 in double precision and exp would overflow."""


MU, BETA, PHI, CHI, SIGMA_FUNDAMENTAL, SIGMA_CHARTIST, ALPHA_0, ALPHA_N, ALPHA_P = range(9)
"""Places of the parameters in the tuple that kernels read: a plain tuple is typed far faster than a named one."""


class FwParameters(NamedTuple):
    """Parameters of the DCA-HPM model; log prices, noise and demand in the paper's units."""

    mu: float
    beta: float
    phi: float
    chi: float
    sigma_fundamental: float
    sigma_chartist: float
    alpha_0: float
    alpha_n: float
    alpha_p: float


PUBLISHED = FwParameters(
    mu=0.01,
    beta=1.0,
    phi=0.12,
    chi=1.50,
    sigma_fundamental=0.758,
    sigma_chartist=2.087,
    alpha_0=-0.327,
    alpha_n=1.79,
    alpha_p=18.43,
)
"""Source: Franke & Westerhoff (2012), estimates for DCA-HPM."""


class FwRun(NamedTuple):
    """One run of the baseline: `log_price` and `fundamentalist_share` float[days + 1], from day 0 on."""

    log_price: FloatArray
    fundamentalist_share: FloatArray

    @property
    def returns(self) -> FloatArray:
        """Daily log returns, float[days]."""
        return np.diff(self.log_price)


def fw_parameters(behaviour: object) -> FwParameters:
    """The `fw_*` fields of the behavioural parameter table as one object.

    Raises: AttributeError if one is missing.
    """
    return FwParameters(*(float(getattr(behaviour, f"fw_{name}")) for name in FwParameters._fields))


@njit(cache=True)
def neutral_share(parameters):  # type: ignore[no-untyped-def]
    """Share of fundamentalists at which the switching rests without misalignment: n = logistic(beta a(n)).

    A bounded fixed-point iteration from one half; with strong herding it ends in the basin of one half.
    """
    share = 0.5
    for _ in range(1000):
        index = parameters[ALPHA_0] + parameters[ALPHA_N] * (2.0 * share - 1.0)
        share = logistic(parameters[BETA] * index)
    return share


@njit(cache=True, inline="always")
def logistic(index):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-index)), safe for any finite index."""
    return 1.0 / (1.0 + math.exp(-min(max(index, -LOGIT_MAX), LOGIT_MAX)))


@njit(cache=True)
def draw_noise(seed, day, slots, fundamental_noise, trend_noise):  # type: ignore[no-untyped-def]
    """Standard normal draws of a day, written in place: rows 0 to F-1 keyed by the shares' slots, row F the market's.

    `slots` int64[F + 1], `fundamental_noise` and `trend_noise` float[F + 1].
    """
    market = slots.size - 1
    fundamental_key = stream_key(seed, SHARE_FUNDAMENTAL, day)
    trend_key = stream_key(seed, SHARE_TREND, day)
    for f in range(market):
        fundamental_noise[f] = normal_of(fundamental_key, slots[f])
        trend_noise[f] = normal_of(trend_key, slots[f])
    fundamental_noise[market] = normal_of(stream_key(seed, MARKET_FUNDAMENTAL, day), slots[market])
    trend_noise[market] = normal_of(stream_key(seed, MARKET_TREND, day), slots[market])


@njit(cache=True)
def sentiment_step(  # type: ignore[no-untyped-def]
    sentiment, fundamentalist_share, previous_return, misalignment, scale, fundamental_noise, trend_noise, parameters
):
    """One day of every row's sentiment and switching, in place (`sentiment`, `fundamentalist_share`), no allocation.

    With n = today's share of fundamentalists, e the sentiment, r the last log return, z the misalignment (log price
    less log value; a caller without prices passes the sentiment), s the row's scale:

      e' = e - mu n phi s^2 e + mu (1 - n) chi r + mu s (n sigma_f eps_1 + (1 - n) sigma_c eps_2)
      a  = alpha_0 + alpha_n (2 n - 1) + alpha_p z^2,   n' = 1 / (1 + exp(-beta a))

    A row of scale 1 is the published process. A row with more noise is pulled back faster, by s^2, so that its
    misalignment spreads as far as the published one and not s times as far: single shares are noisier than the
    market, not more mispriced (Samuelson's dictum; Jung & Shiller 2005, Economic Inquiry 43(2)). All arrays float[F
    + 1] (the market is the last row), log points.
    Source: Franke & Westerhoff (2012), price impact, demand, discrete choice and attractiveness equations.
    """
    for f in range(sentiment.size):
        fundamental = fundamentalist_share[f]
        trend = 1.0 - fundamental
        noise = fundamental * parameters[SIGMA_FUNDAMENTAL] * fundamental_noise[f]
        noise += trend * parameters[SIGMA_CHARTIST] * trend_noise[f]
        pull = fundamental * parameters[PHI] * scale[f] * scale[f] * sentiment[f]
        demand = trend * parameters[CHI] * previous_return[f] - pull
        gap = misalignment[f]
        index = parameters[ALPHA_0] + parameters[ALPHA_N] * (fundamental - trend) + parameters[ALPHA_P] * gap * gap
        sentiment[f] += parameters[MU] * (demand + scale[f] * noise)
        fundamentalist_share[f] = logistic(parameters[BETA] * index)


@njit(cache=True)
def _simulate(days, seed, parameters, log_price, fundamentalist_share):  # type: ignore[no-untyped-def]
    """The published recursion on one row, fundamental value 0, filling both arrays of length days + 1."""
    sentiment = np.zeros(1)
    share = np.full(1, neutral_share(parameters))
    last = np.zeros(1)
    one = np.ones(1)
    fundamental_noise = np.empty(1)
    trend_noise = np.empty(1)
    slots = np.zeros(1, dtype=np.int64)
    log_price[0] = sentiment[0]
    fundamentalist_share[0] = share[0]
    for day in range(days):
        draw_noise(seed, day, slots, fundamental_noise, trend_noise)
        before = sentiment[0]
        sentiment_step(sentiment, share, last, sentiment, one, fundamental_noise, trend_noise, parameters)
        last[0] = sentiment[0] - before
        log_price[day + 1] = sentiment[0]
        fundamentalist_share[day + 1] = share[0]


def simulate_fw(days: int, seed: int, parameters: FwParameters = PUBLISHED) -> FwRun:
    """The stand-alone baseline of the paper: log price against a fundamental value of 0, one noise pair per day.

    Raises: ValueError if `days` is below 1.
    """
    if days < 1:
        raise ValueError(f"days is {days}, allowed: 1 or more")
    log_price = np.empty(days + 1)
    share = np.empty(days + 1)
    _simulate(days, seed, parameters, log_price, share)
    return FwRun(log_price, share)


def baseline_volatility(parameters: FwParameters = PUBLISHED, *, days: int = 200_000, seed: int = 0) -> float:
    """Standard deviation of the baseline's daily log returns, from one long keyed run (a tenth of it discarded)."""
    return float(simulate_fw(days + days // 10, seed, parameters).returns[days // 10 :].std())


def volatility_scales(
    daily_volatility: FloatArray, market_daily_volatility: float, baseline: float | None = None
) -> FloatArray:
    """Scales float[F + 1] for `sentiment_step`: each share's own part of its volatility, then the market's, over
    `baseline`.

    A share's total sentiment is its own row plus the market's row, so its own part is sqrt(total^2 - market^2); a share
    calmer than the market keeps a tenth of its volatility as its own part. `baseline` defaults to the published
    parameters' volatility, so that the `fw_sigma_*` parameters keep their effect.

    Raises: ValueError if a volatility is negative or the baseline is not above zero.
    """
    total = np.asarray(daily_volatility, dtype=np.float64)
    unit = baseline_volatility() if baseline is None else baseline
    if not (unit > 0 and market_daily_volatility >= 0 and (total >= 0).all()):
        raise ValueError(
            f"volatilities {total} and {market_daily_volatility} over {unit}, allowed: 0 or more, over above 0"
        )
    own = np.sqrt(np.maximum(total**2 - market_daily_volatility**2, (0.1 * total) ** 2))
    return np.append(own, market_daily_volatility) / unit
