"""Each stylised fact on processes whose answer is known: normal noise, Student's t, GARCH, an AR(1), a planted leverage
effect, and volume tied to volatility; and the bootstrap's bands cover what they should."""

from __future__ import annotations

import math

import numpy as np
import pytest
from carousel.experiments.studies.facts_resampled import stylised_facts_resampled
from carousel.experiments.sweeps.outcomes.stylised_facts import (
    ABS_LAGS,
    DAYS_MIN,
    Fact,
    absolute,
    autocorrelation,
    detrended_log_volume,
    excess_kurtosis,
    hill_index,
    leverage_effect,
    log_returns,
    rank_correlation,
    stylised_facts,
)
from scipy import stats

SEEDS = range(40)
DAYS = 5_040


def over_seeds(statistic, process, seeds=SEEDS):
    """Mean over the seeds and its standard error."""
    values = np.array([statistic(process(np.random.default_rng(seed))) for seed in seeds])
    return values.mean(), values.std(ddof=1) / math.sqrt(len(values))


def normal(rng):
    return 0.01 * rng.standard_normal(DAYS)


def garch(rng, omega=0.05, alpha=0.15, beta=0.80, days=DAYS):
    """GARCH(1,1) with normal innovations and unconditional variance 1."""
    draws = rng.standard_normal(days + 500)
    returns, variance = np.empty(days + 500), 1.0
    for t, draw in enumerate(draws):
        returns[t] = math.sqrt(variance) * draw
        variance = omega + alpha * returns[t] ** 2 + beta * variance
    return returns[500:]


def test_independent_normal_returns_show_none_of_the_facts():
    volumes = [np.exp(normal(np.random.default_rng(seed + 999))) for seed in SEEDS]
    facts = [stylised_facts(normal(np.random.default_rng(s)), volumes[s]) for s in SEEDS]
    for fact in set(Fact) - {Fact.HILL}:
        values = np.array([one[fact] for one in facts])
        assert abs(values.mean()) < 4 * values.std(ddof=1) / math.sqrt(len(values)) + 1 / DAYS, fact
    # the standard error of one series is the one the docstring states
    assert np.std([one[Fact.ACF_1] for one in facts]) == pytest.approx(1 / math.sqrt(DAYS), rel=0.35)
    assert np.std([one[Fact.EXCESS_KURTOSIS] for one in facts]) == pytest.approx(math.sqrt(24 / DAYS), rel=0.35)


def test_autocorrelation_is_that_of_an_ar_1():
    def ar(rng, coefficient=0.3):
        series = rng.standard_normal(DAYS)
        for t in range(1, DAYS):
            series[t] += coefficient * series[t - 1]
        return series

    for lag in (1, 2, 5):
        mean, error = over_seeds(lambda x, lag=lag: autocorrelation(x, lag), ar)
        assert abs(mean - 0.3**lag) < 4 * error


def test_a_garch_process_has_its_known_kurtosis_and_clusters_at_its_known_rate():
    """Kurtosis 3 (1 - p^2) / (1 - p^2 - 2 alpha^2) with p = alpha + beta; squares have rho_k = rho_1 p^(k - 1) with
    rho_1 = alpha (1 - alpha beta - beta^2) / (1 - 2 alpha beta - beta^2). Source: Bollerslev (1986), J. Econometrics
    31; He & Terasvirta (1999), J. Econometrics 92. The eighth moment is finite at these parameters."""
    alpha, beta = 0.08, 0.6
    p = alpha + beta
    process = lambda rng: garch(rng, 1 - p, alpha, beta, 20_000)  # noqa: E731
    mean, error = over_seeds(excess_kurtosis, process, range(12))
    assert abs(mean - (3 * (1 - p * p) / (1 - p * p - 2 * alpha**2) - 3)) < 4 * error
    first = alpha * (1 - alpha * beta - beta**2) / (1 - 2 * alpha * beta - beta**2)
    for lag in (1, 3):
        mean, error = over_seeds(lambda x, lag=lag: autocorrelation(x * x, lag), process, range(12))
        assert abs(mean - first * p ** (lag - 1)) < 4 * error + 0.002


@pytest.mark.parametrize("degrees", [2.5, 3, 4])
def test_the_hill_index_finds_the_tail_of_a_pareto_law_exactly_and_of_students_t_nearly(degrees):
    pareto = lambda rng: rng.pareto(degrees, DAYS) + 1  # noqa: E731
    mean, error = over_seeds(hill_index, pareto)
    assert abs(mean - degrees) < 4 * error + 0.01 * degrees  # 1 / mean is biased by alpha / k = 0.4 %
    assert error * math.sqrt(len(SEEDS)) == pytest.approx(degrees / math.sqrt(0.05 * DAYS), rel=0.4)
    # in the far tail the t law is Pareto; at 5 % its index lies a little below the degrees of freedom
    student = lambda rng: np.abs(rng.standard_t(degrees, 200_000))  # noqa: E731
    mean, _ = over_seeds(lambda x: hill_index(x, 0.001), student, range(10))
    assert mean == pytest.approx(degrees, rel=0.1)
    assert over_seeds(hill_index, student, range(4))[0] < degrees


def test_the_hill_index_is_the_formula():
    sizes = np.arange(1.0, 101.0)
    assert hill_index(sizes) == pytest.approx(1 / np.mean(np.log(np.array([96, 97, 98, 99, 100]) / 95)))


def test_losses_that_make_days_wilder_give_a_negative_leverage_effect_and_gains_a_positive_one():
    def planted(rng, sign):
        returns, level = np.empty(DAYS), 0.0
        for t, draw in enumerate(rng.standard_normal(DAYS)):
            returns[t] = math.exp(level) * draw
            level = 0.9 * level + sign * 0.05 * draw
        return returns

    for sign in (-1, 1):
        mean, error = over_seeds(leverage_effect, lambda rng, sign=sign: planted(rng, sign), range(15))
        assert sign * mean > 4 * error
    mean, error = over_seeds(leverage_effect, garch, range(15))
    assert abs(mean) < 4 * error


def test_volume_that_follows_volatility_correlates_whatever_its_trend():
    rng = np.random.default_rng(5)
    level = np.exp(np.repeat(rng.standard_normal(DAYS // 20), 20) * 0.5)
    returns = level * rng.standard_normal(DAYS)
    time = np.linspace(0, 3, DAYS)
    plain, trended = stylised_facts(returns, level), stylised_facts(returns, level * np.exp(time - 0.3 * time**2))
    assert 0.3 < plain[Fact.VOLUME] < 0.6
    assert trended[Fact.VOLUME] == pytest.approx(plain[Fact.VOLUME], abs=0.01)


def test_rank_correlation_agrees_with_scipy_and_leaves_out_unknown_days():
    rng = np.random.default_rng(2)
    x = rng.standard_normal(400)
    y = x + rng.standard_normal(400)
    expected = stats.spearmanr(x, y).statistic
    assert rank_correlation(x, y) == pytest.approx(expected, abs=1e-12)
    assert rank_correlation(np.append(x, 9.0), np.append(y, math.nan)) == pytest.approx(expected, abs=1e-12)


def test_days_without_trade_are_left_out_of_volume():
    volume = np.exp(np.linspace(0, 1, 400))
    volume[[3, 70]] = 0.0
    logs = detrended_log_volume(volume)
    assert np.isnan(logs[[3, 70]]).all()
    assert np.nanmax(np.abs(logs)) < 1e-9


def test_shuffled_days_lose_clustering_and_keep_tails():
    """The planted fault: the same returns in another order."""
    rng = np.random.default_rng(1)
    returns = garch(rng)
    facts, shuffled = stylised_facts(returns), stylised_facts(rng.permutation(returns))
    for fact in (Fact.EXCESS_KURTOSIS, Fact.HILL):
        assert shuffled[fact] == pytest.approx(facts[fact], rel=1e-9)
    for fact in (Fact.ABS_ACF_1, Fact.ABS_ACF_5):
        assert abs(shuffled[fact]) < 4 / math.sqrt(DAYS) < facts[fact]


@pytest.mark.slow
def test_the_bands_of_the_bootstrap_cover_the_true_autocorrelation_as_often_as_they_say():
    """Nominal 90 % of 40 AR(1) series: 36, less three standard errors of 1.9 each."""
    covered = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        series = rng.standard_normal(1_500)
        for t in range(1, series.size):
            series[t] += 0.2 * series[t - 1]
        band = stylised_facts_resampled(series, seed=seed, resamples=100)[Fact.ACF_1]
        covered += band.low <= 0.2 <= band.high
    assert covered >= 30


def test_resampling_keeps_slow_clustering_between_blocks():
    """Blocks of blocks: the bands lie around the estimate and are not pulled to zero at 50 days."""
    level = np.exp(0.5 * np.repeat(np.random.default_rng(3).standard_normal(50), 100))
    returns = level * np.random.default_rng(4).standard_normal(level.size)
    found = stylised_facts_resampled(returns, level, seed=1, resamples=100)
    for fact in (*ABS_LAGS, Fact.VOLUME):
        assert found[fact].low < found[fact].value < found[fact].high, fact
    assert found == stylised_facts_resampled(returns, level, seed=1, resamples=100)
    assert found[Fact.ABS_ACF_1].value == stylised_facts(returns)[Fact.ABS_ACF_1]


def test_what_cannot_be_measured_is_refused():
    good = normal(np.random.default_rng(0))
    with pytest.raises(ValueError, match=f"allowed: one series of {DAYS_MIN} days"):
        stylised_facts(good[: DAYS_MIN - 1])
    with pytest.raises(ValueError, match="1 returns are not finite"):
        stylised_facts(np.append(good, math.nan))
    with pytest.raises(ValueError, match="all returns are the same"):
        stylised_facts(np.zeros(DAYS))
    with pytest.raises(ValueError, match="volume of shape"):
        stylised_facts(good, np.ones(3))
    with pytest.raises(ValueError, match="0 days with volume"):
        stylised_facts(good, np.zeros(DAYS))
    with pytest.raises(ValueError, match=r"smallest price 0\.0"):
        log_returns(np.array([1.0, 0.0]))


def test_no_fact_is_invented_where_volume_is_unknown():
    facts = stylised_facts(normal(np.random.default_rng(0)))
    assert math.isnan(facts[Fact.VOLUME])
    assert all(math.isfinite(value) for fact, value in facts.items() if fact is not Fact.VOLUME)


def test_returns_are_log_changes_and_absolute_returns_are_taken_from_the_mean():
    assert log_returns(np.array([1.0, math.e, 1.0])) == pytest.approx([1.0, -1.0])
    assert absolute(np.array([1.0, 3.0])) == pytest.approx([1.0, 1.0])
