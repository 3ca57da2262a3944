"""The chartist-fundamentalist baseline of Franke & Westerhoff (2012), JEDC 36(8): discrete choice, herding,
predisposition, misalignment (DCA-HPM).

Three kinds of evidence: a published trajectory of an independent implementation; a slow oracle written from the paper's
equations; and the stylized facts the model was estimated on, to standard errors over stated seeds.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.engine.chance import Decision, normal
from carousel.narrative.baseline import baseline_volatility, simulate_fw
from carousel.narrative.switching import (
    PUBLISHED,
    fw_parameters,
    mixed_noise,
    neutral_share,
    next_sentiment,
    next_share,
)
from carousel.scenarios.behaviour import Behaviour

SEEDS = range(16)
DAYS = 6_000

# Draws (fundamentalist, chartist) and prices of SABCEMM's DCA-HPM reference run, which takes the draws as noise without
# the sigmas, starts at a log price and fundamental value of 1 and compares to 1e-6 (the draws are printed to 5 digits).
# Source: github.com/SABCEMM/SABCEMM, test/FullSimulationTest (BSD-3-Clause; Trimborn, Otte, Cramer, Beikirch, Pabich &
# Frank 2020, Computational Economics 55).
REFERENCE_DRAWS = [
    (0.71644, 0.81998),
    (0.3054, -1.7705),
    (1.0924, 0.21398),
    (-1.5359, 0.42999),
    (1.2741, 0.37233),
    (1.3091, 0.82096),
    (-0.50282, -0.91001),
    (0.18428, 0.29615),
    (-1.3247, 1.1064),
    (-0.34661, 0.98025),
    (0.65055, 0.71614),
    (1.5398, 0.06624),
    (-1.4455, 0.14455),
    (1.6998, -0.51321),
]
REFERENCE_PRICES = [
    1.0076821,
    0.99873766244077222,
    1.0038712901973033,
    1.0023845549373125,
    1.0084223734716686,
    1.0178367487490301,
    1.0097274104261111,
    1.012356809228816,
    1.0185164796299515,
    1.0257380384558286,
    1.0328499162209757,
    1.0365188463195745,
    1.0348176014973671,
    1.0341193348398188,
]


def test_the_recursion_follows_the_published_run_of_an_independent_implementation():
    fw = tuple(PUBLISHED._replace(sigma_fundamental=1.0, sigma_chartist=1.0))
    sentiment, share, last = 0.0, 0.5, 0.0
    for (fundamental, trend), price in zip(REFERENCE_DRAWS, REFERENCE_PRICES, strict=True):
        before, noise = sentiment, mixed_noise(share, fundamental, trend, fw)
        sentiment, share = next_sentiment(before, share, last, 1.0, noise, fw), next_share(share, before, fw)
        last = sentiment - before
        assert 1.0 + sentiment == pytest.approx(price, abs=1e-6)


def test_the_parameters_are_the_published_estimates():
    assert fw_parameters(Behaviour()) == PUBLISHED
    assert tuple(PUBLISHED) == (0.01, 1.0, 0.12, 1.50, 0.758, 2.087, -0.327, 1.79, 18.43)


def oracle(days: int, seed: int) -> tuple[list[float], list[float]]:
    """Log prices and fundamentalist shares written line by line from the paper, one Python float at a time."""
    par = PUBLISHED
    price, before = [0.0], 0.0
    share = [neutral_share(tuple(par))]
    for t in range(days):
        p, n_f = price[-1], share[-1]
        n_c = 1 - n_f
        noise_f = par.sigma_fundamental * normal(seed, int(Decision.MARKET_FUNDAMENTAL_NOISE), t, 0)
        noise_c = par.sigma_chartist * normal(seed, int(Decision.MARKET_TREND_NOISE), t, 0)
        demand_f = par.phi * (0.0 - p) + noise_f
        demand_c = par.chi * (p - before) + noise_c
        attractiveness = par.alpha_n * (n_f - n_c) + par.alpha_0 + par.alpha_p * (p - 0.0) ** 2
        before = p
        price.append(p + par.mu * (n_f * demand_f + n_c * demand_c))
        share.append(1 / (1 + math.exp(-par.beta * attractiveness)))
    return price, share


def test_the_baseline_equals_a_slow_oracle_written_from_the_equations():
    run = simulate_fw(400, 7)
    price, share = oracle(400, 7)
    assert np.allclose(run.log_price, price, rtol=0, atol=1e-12)
    assert np.allclose(run.fundamentalist_share, share, rtol=0, atol=1e-12)


def autocorrelation(series: np.ndarray, lag: int) -> float:
    """Sample autocorrelation of one series at one lag."""
    centred = series - series.mean()
    return float((centred[:-lag] * centred[lag:]).sum() / (centred**2).sum())


def excess_kurtosis(series: np.ndarray) -> float:
    """Sample kurtosis less that of a normal distribution."""
    centred = series - series.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2 - 3.0)


def over_seeds(statistic, parameters=PUBLISHED) -> tuple[float, float]:
    """Mean and standard error of a statistic of daily returns over the stated seeds."""
    values = np.array([statistic(simulate_fw(DAYS, seed, parameters).returns) for seed in SEEDS])
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def test_switching_makes_fat_tails():
    mean, error = over_seeds(excess_kurtosis)
    assert mean > 4 * error


def test_without_switching_tails_are_normal():
    """Counterfactual: with equal weights for ever the same noise gives normal returns."""
    mean, error = over_seeds(excess_kurtosis, PUBLISHED._replace(alpha_0=0.0, alpha_n=0.0, alpha_p=0.0))
    assert abs(mean) < 4 * error


@pytest.mark.parametrize("lag", [1, 5, 10, 25, 50])
def test_volatility_clusters_over_weeks(lag):
    mean, error = over_seeds(lambda returns: autocorrelation(np.abs(returns), lag))
    assert mean > 4 * error


@pytest.mark.parametrize("lag", [1, 5, 10, 25, 50])
def test_without_switching_volatility_does_not_cluster(lag):
    still = PUBLISHED._replace(alpha_0=0.0, alpha_n=0.0, alpha_p=0.0)
    mean, error = over_seeds(lambda returns: autocorrelation(np.abs(returns), lag), still)
    assert abs(mean) < 4 * error


def test_returns_themselves_are_hardly_predictable():
    """The trend rule alone can put at most mu chi = 0.015 of a return into the next one."""
    mean, error = over_seeds(lambda returns: autocorrelation(returns, 1))
    assert abs(mean) < PUBLISHED.mu * PUBLISHED.chi + 4 * error


def test_the_daily_volatility_lies_between_those_of_the_two_pure_crowds():
    calm, wild = PUBLISHED.mu * PUBLISHED.sigma_fundamental, PUBLISHED.mu * PUBLISHED.sigma_chartist
    assert calm < baseline_volatility() < wild
