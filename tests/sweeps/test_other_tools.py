"""Carousel under Mesa's, SALib's and ema-workbench's own machinery, by the blocks of its guide."""

from __future__ import annotations

import re
from pathlib import Path

import mesa
import numpy as np
import pytest
from carousel.experiments.runner.cluster import kept_processes
from carousel.experiments.sweeps.mesa_model import MeasuredModel, measured
from carousel.experiments.sweeps.run_world import run_world
from carousel.scenarios.loader import load

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "other-tools.md"
SMALL = {"days": 3, "holders": 300}
ASKED = ("regime", "payer_share.pro-rata.spending.*", "drawdown")


def done(heading, folder, monkeypatch):
    """The names that a section's blocks have made, run in this folder with its files beside them."""
    section = GUIDE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    for kind, block in re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL):
        if kind == "toml":
            Path(block.split()[1]).write_text(block)
        else:
            exec(compile(block, heading, "exec"), names)
    return names


def test_mesas_batch_run_tells_regimes_and_payers_of_three_worlds(tmp_path, monkeypatch):
    rows = done("Mesa", tmp_path, monkeypatch)["rows"]
    assert len({row["seed"] for row in rows}) == 3
    assert len({tuple(share for name, share in row.items() if name.startswith("payer_share.")) for row in rows}) == 3
    for row in rows:
        shares = [share for name, share in row.items() if name.startswith("payer_share.pro-rata.spending.OpenAI.")]
        assert sum(shares) == pytest.approx(1.0)
        assert row["regime"] in {"expansion", "stall", "reversal", "default"}


@pytest.mark.filterwarnings("ignore:The `iterations` keyword argument is deprecated:DeprecationWarning")
def test_two_processes_tell_the_same_outcomes_of_a_seed_as_a_sweep_does():
    parameters = SMALL | {"scenario": "ai-2025", "outcomes": [ASKED], "tracing": "pro-rata"}
    rows = mesa.batch_run(
        MeasuredModel, parameters, iterations=3, number_processes=2, max_steps=100, display_progress=False
    )
    assert len({row["seed"] for row in rows}) == 3
    scenario = load("ai-2025", [f"{key}={value}" for key, value in SMALL.items()])
    for row in rows:
        names = [name for name in row if name.startswith(("regime", "payer_share.", "drawdown"))]
        assert {name: row[name] for name in names} == dict(run_world(scenario, row["seed"], names).scalars)


def test_outcomes_are_nothing_until_the_last_day():
    model = MeasuredModel("ai-2025", rng=1, outcomes="drawdown", **SMALL)
    model.step()
    assert model.outcome("drawdown") is None
    assert model.datacollector.model_vars["drawdown"] == [None]
    while model.running:
        model.step()
    column = model.datacollector.model_vars["drawdown"]
    assert column[:-1] == [None] * (len(column) - 1)
    assert (
        column[-1] == model.outcome("drawdown") == measured("ai-2025", rng=1, outcomes="drawdown", **SMALL)["drawdown"]
    )


def test_salib_analyses_a_sweep_of_its_own_points_or_of_the_sweeps(tmp_path, monkeypatch):
    pytest.importorskip("SALib", reason="an extra")
    with kept_processes():
        names = done("SALib", tmp_path, monkeypatch)
    assert len(names["means"]) == 4 * (2 + 2)
    assert np.isfinite(names["indices"]["ST"]).all()
    assert list(names["effects"]["names"]) == ["dry_powder_scale", "monetisation_growth_per_year"]
    assert np.allclose(names["runs"][names["problem"]["names"]], names["places"])


def test_ema_workbench_runs_its_experiments_with_carousel(tmp_path, monkeypatch):
    pytest.importorskip("ema_workbench", reason="an extra")
    names = done("ema-workbench", tmp_path, monkeypatch)
    experiments, outcomes = names["experiments"], names["outcomes"]
    again = names["world"](
        rng=7, **{k: float(experiments[k].iloc[2]) for k in ("dry_powder_scale", "contract_log_odds")}
    )
    assert {name: values[2] for name, values in outcomes.items()} == again
    assert len(set(outcomes["circle_value"])) == 4
