"""Sweeps from Python: a table of points in, a table of runs in the same order out."""

from __future__ import annotations

import pandas as pd
import pytest
from carousel.experiments.sweeps import api


def test_runs_come_back_in_the_order_of_the_points():
    points = pd.DataFrame({"monetisation_growth_per_year": [1.5, 0.5, 1.0]})
    said = {"scenario": "ai-2025", "days": 2, "holders": 300, "outcomes": ["drawdown"], "replications": {"number": 2}}
    runs = api.sweep(points, workers=1, **said)
    assert runs["monetisation_growth_per_year"].tolist() == [1.5, 1.5, 0.5, 0.5, 1.0, 1.0]
    assert len(runs.groupby("point")["drawdown"].mean().to_numpy()) == 3


def test_what_a_file_says_is_not_said_beside_it():
    with pytest.raises(TypeError, match="days: said in the sweep itself"):
        api.sweep("sweep.toml", days=3)
