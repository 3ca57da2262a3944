"""Known parameters are found again, with errors as large as they say; a wrong model is refused by J."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from carousel.cli.endings import run_command
from carousel.experiments.sweeps.calibration import Moments, NotIdentified, Parameter, calibrate
from carousel.experiments.sweeps.calibration_file import BadCalibration, read_calibration, runs_of

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "calibration.md"
PAIR = (Parameter("mean", -2.0, 3.0), Parameter("spread", 0.2, 5.0, is_log=True))
NAMES = ("mean", "variance", "mean size", "kurtosis")


def moments_of(draws):
    """float[..., 4] of float[..., n]."""
    size = np.abs(draws).mean(axis=-1)
    centred = draws - draws.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1)
    return np.stack([draws.mean(axis=-1), variance, size, (centred**4).mean(axis=-1) / variance**2], axis=-1)


def normal_runs(points, seeds=40, n=400):
    luck = np.random.default_rng(11).normal(size=(seeds, n))
    return np.array([moments_of(point["mean"] + point["spread"] * luck) for point in points])


def observed(rng, n=400, wild=False):
    """Moments of one sample of a known world, and how unsure they are by many others."""

    def draw(count):
        return rng.laplace(size=(count, n)) if wild else 0.5 + 1.5 * rng.normal(size=(count, n))

    return Moments(NAMES, moments_of(draw(1))[0], np.cov(moments_of(draw(2000)), rowvar=False))


@pytest.mark.slow
def test_planted_parameters_are_found_within_their_standard_errors_and_j_accepts_them():
    rng, near, rejected = np.random.default_rng(5), 0, 0
    for _ in range(40):
        found = calibrate(normal_runs, PAIR, observed(rng), generations=6)
        gaps = [found.values["mean"] - 0.5, found.values["spread"] - 1.5]
        near += sum(abs(g) < 1.96 * e for g, e in zip(gaps, found.standard_errors.values(), strict=True))
        rejected += found.p_value < 0.05
        assert found.degrees == 2
    assert near >= 68  # of 80 at 95 %: fewer happens once in 10,000
    assert rejected <= 7


@pytest.mark.slow
def test_targets_of_another_world_are_rejected_by_j():
    found = calibrate(normal_runs, PAIR, observed(np.random.default_rng(6), n=4000, wild=True), generations=6)
    assert found.p_value < 1e-3


def test_the_standard_errors_of_a_linear_model_are_those_of_least_squares():
    slopes, targets = np.array([[2.0, 0.0], [0.0, 4.0], [1.0, 1.0]]), np.array([1.0, 2.0, 1.1])
    variance = np.diag([0.04, 0.09, 0.01])
    pair = (Parameter("a", -3, 3), Parameter("b", -3, 3))

    def runs(points):
        means = np.array([slopes @ [p["a"], p["b"]] for p in points])
        return np.repeat(means[:, None, :], 2, axis=1)

    found = calibrate(runs, pair, Moments(("x", "y", "z"), targets, variance))
    exact = np.linalg.inv(slopes.T @ np.linalg.inv(variance) @ slopes)
    assert list(found.values.values()) == pytest.approx(exact @ slopes.T @ np.linalg.inv(variance) @ targets, abs=1e-3)
    assert list(found.standard_errors.values()) == pytest.approx(np.sqrt(np.diag(exact)), rel=1e-6)


def test_a_point_at_which_a_run_fails_is_not_chosen():
    def runs(points):
        found = normal_runs(points)
        found[[p["mean"] > 0.4 for p in points]] = np.nan
        return found

    found = calibrate(runs, PAIR, observed(np.random.default_rng(7)), generations=6)
    assert found.values["mean"] <= 0.4


def test_what_cannot_be_told_apart_is_refused():
    moments = observed(np.random.default_rng(8))
    with pytest.raises(NotIdentified, match="came 1 moments for 2 parameters"):
        calibrate(normal_runs, PAIR, Moments(("mean",), moments.targets[:1], moments.covariance[:1, :1]))
    with pytest.raises(NotIdentified, match="do not tell the parameters apart"):
        calibrate(normal_runs, (*PAIR, Parameter("idle", 0, 1)), moments, generations=3)
    with pytest.raises(NotIdentified, match="every point had a run that failed"):
        calibrate(lambda points: np.full((len(points), 2, 4), np.nan), PAIR, moments, generations=2)


SMALL = """
scenario = "ai-2025"
days = 60
holders = 300
seeds = 2
[moment.spending]
outcome = "received.spending.all"
target = {spending}
standard_error = 1e9
[moment.value]
outcome = "market_value.OpenAI"
target = {value}
standard_error = 1e12
[parameter.monetisation_growth_per_year]
low = 0.0
high = 3.0
"""


@pytest.mark.slow
def test_a_growth_planted_in_the_market_is_found_again(tmp_path, capsys):
    path = tmp_path / "small.toml"
    path.write_text(SMALL.format(spending=1, value=1))
    (truth,) = runs_of(read_calibration(path), [{"monetisation_growth_per_year": 1.2}], workers=1).mean(axis=1)
    path.write_text(SMALL.format(spending=truth[0], value=truth[1]))
    out = tmp_path / "found.json"
    assert run_command(["calibrate", str(path), "--workers", "1", "--generations", "3", "--out", str(out)]) == 0
    assert "with 1 degree of freedom" in capsys.readouterr().out
    found = json.loads(out.read_text())
    assert found["values"]["monetisation_growth_per_year"] == pytest.approx(1.2, abs=0.02)
    assert found["p_value"] > 0.5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("standard_error = 0", "moment.spending.standard_error: came 0; allowed: greater than 0"),
        ("", "moment: came no standard_error; allowed: one a moment, or a covariance"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path, words, said):
    path = tmp_path / "bad.toml"
    path.write_text(SMALL.format(spending=1, value=1).replace("standard_error = 1e9", words))
    with pytest.raises(BadCalibration) as fault:
        read_calibration(path)
    assert said in str(fault.value)


@pytest.mark.parametrize("package", ["optuna", "pyabc"])
def test_a_recipe_of_the_guide_runs_where_its_package_is_installed(package, tmp_path, monkeypatch):
    pytest.importorskip(package)
    (recipe,) = [
        b for b in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL) if f"import {package}" in b
    ]
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(recipe, f"{package} recipe", "exec"), names)
    assert names["best"] == pytest.approx(1.5, abs=0.4)
