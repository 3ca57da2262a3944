"""What an axis does from end to end is told by pairs of runs with one seed; tables of a report carry their unit."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.experiments.sweeps.analysis.analyse import analyse
from carousel.experiments.sweeps.analysis.ends import ends_of
from carousel.experiments.sweeps.analysis.measured import measured
from carousel.experiments.sweeps.analysis.report import headlines, markdown
from carousel.experiments.sweeps.analysis.response import responses
from carousel.tests.sweeps.hand_made_sweeps import design_of, grid, sweep_of

WORDS = {"outcomes": ["*"], "vary": {"size": {"values": [1.0, 2.0, 4.0]}, "other": {"values": [0.0, 1.0]}}}
GAP_CENTS = 3e11


def noisy(row, rng):
    """Luck a hundred times what the axis does; in one replication it does the contrary."""
    luck, gap = 1e14 + 1e14 * rng.random(), GAP_CENTS * (row["size"] - 1) / 3
    return {"market_value.NVIDIA": luck + gap * (-0.5 if row["replication"] == 5 else 1.0), "turned": 0}


@pytest.fixture
def swept():
    return sweep_of(WORDS, design_of(grid(size=[1.0, 2.0, 4.0], other=[0.0, 1.0])), noisy)


def test_ends_are_compared_seed_by_seed_where_their_intervals_overlap(swept):
    (outcome,) = measured(swept, ["market_value.NVIDIA"])
    ends = ends_of(swept, outcome, swept.axes[0], "base")
    assert ends.difference.value == pytest.approx(GAP_CENTS * (7 - 0.5) / 8)
    assert 0 < ends.difference.low < ends.difference.value < ends.difference.high
    assert (round(ends.same_sign.value * 8), ends.same_sign.of) == (7, 8)
    along = {found.title: found for found in responses(swept, [outcome])}
    told = along["market_value.NVIDIA along size"]
    assert "with the same luck +$2.44 bn (95 % interval +$" in told.sentences[0]
    assert told.sentences[0].endswith("higher in 7 of 8 replications.")
    assert {"market_value.NVIDIA, base: last less first of size"} < {number.of for number in told.numbers}
    assert "no different in 8 replications" in along["market_value.NVIDIA along other"].sentences[0]


def test_a_pair_that_a_failed_run_has_cost_counts_on_neither_side(swept):
    lost = swept.design[(swept.design["size"] == 4.0) & (swept.design["replication"] == 5)]["run"]
    tables = sweep_of(WORDS, swept.design, noisy, failed=lost.tolist())
    (outcome,) = measured(tables, ["market_value.NVIDIA"])
    ends = ends_of(tables, outcome, tables.axes[0], "base")
    assert ends.difference.value == pytest.approx(GAP_CENTS)
    assert ends.same_sign.of == 7


def test_without_common_luck_nothing_is_paired(swept):
    design = swept.design.assign(seed=np.arange(len(swept.design)))
    tables = sweep_of(WORDS, design, noisy)
    (outcome,) = measured(tables, ["market_value.NVIDIA"])
    assert ends_of(tables, outcome, tables.axes[0], "base") is None
    assert "the intervals of the two ends overlap" in responses(tables, [outcome])[0].sentences[0]


def test_a_report_has_money_in_dollars_whole_counts_and_says_how_much_it_leaves_out(swept):
    analysis = analyse(swept)
    names = {name: "x" for found in analysis.findings for name in (*found.tables, *found.pictures)}
    report = markdown(analysis, names, command="-")
    assert "| size 1, other 0 | 8 | $1." in report
    assert "| 1.00 | 0 | 0 | 8 | 0 |" in report  # a map's count of yes and of runs
    assert " world" not in report
    first = headlines(analysis, of_each=1)
    assert first[0].startswith("size 1, other 0: market_value.NVIDIA $1.44 tn on average of 8 runs")
    assert first[0].endswith("(5 more in the report)")
