"""Fundamental and trend followers, herding and switching between them: the rules of one share's or the market's
sentiment.

Source: Franke & Westerhoff (2012), Journal of Economic Dynamics and Control 36(8), 1193-1211: discrete choice approach
with herding, predisposition and misalignment (DCA-HPM). Clustered volatility and fat tails come from the switching.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.kernels import njit
from ..scenarios.behaviour_funds import FundRules
from .logistic import logistic

Floats = np.ndarray

OWN_SHARE_MIN = 0.1
"""Least part of a share's volatility that is its own and not the market's: keeps the root real, and binds only for a
share hardly wilder than the market."""
NEUTRAL_STEPS = 1000
"""Steps of the fixed-point iteration to the neutral share: far more than it needs."""

MU, BETA, PHI, CHI, SIGMA_FUNDAMENTAL, SIGMA_CHARTIST, ALPHA_0, ALPHA_N, ALPHA_P = range(9)
"""Places of the parameters in the tuple that rules read: a plain tuple is typed far faster than a named one."""


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


def fw_parameters(rules: FundRules) -> FwParameters:
    """The `fw_*` rows of the behaviour table as one object."""
    return FwParameters(
        mu=rules.fw_mu,
        beta=rules.fw_beta,
        phi=rules.fw_phi,
        chi=rules.fw_chi,
        sigma_fundamental=rules.fw_sigma_fundamental,
        sigma_chartist=rules.fw_sigma_chartist,
        alpha_0=rules.fw_alpha_0,
        alpha_n=rules.fw_alpha_n,
        alpha_p=rules.fw_alpha_p,
    )


@njit(cache=True)
def mixed_noise(share: float, first: float, second: float, fw: tuple[float, ...]) -> float:
    """Noise of both crowds' demand: n sigma_f eps_1 + (1 - n) sigma_c eps_2, with n the share of fundamentalists."""
    return share * fw[SIGMA_FUNDAMENTAL] * first + (1.0 - share) * fw[SIGMA_CHARTIST] * second


@njit(cache=True)
def next_sentiment(
    sentiment: float, share: float, last_return: float, scale: float, noise: float, fw: tuple[float, ...]
) -> float:
    """Tomorrow's sentiment in log points: e' = e + mu [(1 - n) chi r - n phi s^2 e + s noise].

    n is the share of fundamentalists, r the last log return, s the scale: 1 is the published process. A row with more
    noise is pulled back faster, by s^2, so that its misalignment spreads as far as the published one and not s times as
    far: single shares are noisier than the market, not more mispriced (Samuelson's dictum; Jung & Shiller 2005,
    Economic Inquiry 43(2)).
    Source: Franke & Westerhoff (2012), price impact and demand.
    """
    demand = (1.0 - share) * fw[CHI] * last_return - share * fw[PHI] * scale * scale * sentiment
    return sentiment + fw[MU] * (demand + scale * noise)


@njit(cache=True)
def next_share(share: float, misalignment: float, fw: tuple[float, ...]) -> float:
    """Tomorrow's share of fundamentalists: n' = logistic(beta a), a = alpha_0 + alpha_n (2 n - 1) + alpha_p z^2.

    z is the misalignment, log price less log value; where there is no price, the sentiment.
    Source: Franke & Westerhoff (2012), discrete choice and attractiveness.
    """
    herding = fw[ALPHA_N] * (share - (1.0 - share))
    return logistic(fw[BETA] * (fw[ALPHA_0] + herding + fw[ALPHA_P] * misalignment * misalignment))


@njit(cache=True)
def neutral_share(fw: tuple[float, ...]) -> float:
    """Share of fundamentalists at which the switching rests without misalignment: n = logistic(beta a(n)).

    A bounded fixed-point iteration from one half; with strong herding it ends in the basin of one half.
    """
    share = 0.5
    for _ in range(NEUTRAL_STEPS):
        share = next_share(share, 0.0, fw)
    return share


def volatility_scales(daily_volatility: Floats, market_daily_volatility: float, baseline: float) -> Floats:
    """Scales float[F + 1]: each share's own part of its daily volatility, then the market's, over `baseline`.

    A share's total sentiment is its own row plus the market's row, so its own part is sqrt(total^2 - market^2); a share
    calmer than the market keeps `OWN_SHARE_MIN` of its volatility as its own part. With the published parameters'
    volatility as the baseline the `fw_sigma_*` parameters keep their effect.

    Raises: ValueError if a volatility is negative or the baseline is not above zero.
    """
    total = np.asarray(daily_volatility, dtype=np.float64)
    if not (baseline > 0 and market_daily_volatility >= 0 and (total >= 0).all()):
        raise ValueError(
            f"volatilities {total} and {market_daily_volatility} over {baseline}, allowed: 0 or more, over above 0"
        )
    own = np.sqrt(np.maximum(total**2 - market_daily_volatility**2, (OWN_SHARE_MIN * total) ** 2))
    return np.append(own, market_daily_volatility) / baseline
