"""Every bundled scenario: assets are claims and the flow of funds sums to zero, to the cent, in every quarter; and
turnover of an old business that leaves the same surplus moves no number of the statements."""

from __future__ import annotations

import functools

import carousel
import pandas as pd
import pytest
from carousel.engine.calendar import DAYS_PER_QUARTER
from carousel.history.tables.statements import FundsRow, StatementRow, flow_of_funds, statements
from carousel.report.funds_matrix import flow_matrix, matrix_gaps
from carousel.report.statement_sheets import Total, sheet_gaps, sheets
from carousel.report.statement_tables import StatementTables
from carousel.scenarios.loader import bundled

SHORT_DAYS = 130
SEEDS = range(20)


def drawn_up(scenario, seed, days=None):
    """Both tables of a world, quarter by quarter, as they are recorded."""
    size = {} if scenario == "joke" else {"holders": 300}
    world = carousel.CarouselModel(scenario, rng=seed, **size, **({} if days is None else {"days": days}))
    lines, funds = [], []

    def look(model):
        clock = model.clock
        if clock.day % DAYS_PER_QUARTER == 0 or clock.is_over:
            lines.extend((str(clock.date), *row) for row in statements(model))
            funds.extend(flow_of_funds(model))

    look(world)
    world.observers.append(look)
    while world.running:
        world.step()
    return (
        pd.DataFrame(lines, columns=["date", *StatementRow._fields]),
        pd.DataFrame(funds, columns=list(FundsRow._fields)),
    )


def hold(scenario, seed, days=None):
    """That all that must sum to zero does; how many quarters of firms there were. Where debts are settled on the first
    day only the opening has lines."""
    lines, funds = drawn_up(scenario, seed, days)
    assert sheet_gaps(lines) == []
    assert matrix_gaps(funds) == []
    told = sheets(lines)
    totals = told[told["is_total"]].set_index(["firm", "quarter", "line"])["cents"]
    totals = totals.unstack("line").reindex(columns=[str(name) for name in Total])
    assert (totals["all assets"] == totals["all claims"]).all()
    later = totals.loc[totals.index.get_level_values("quarter") > 0]
    assert (later["cash at the end"] - later["cash at the start"] == later["change in cash"]).all()
    quarters = sorted(set(lines["quarter"]))
    assert quarters == list(range(len(quarters)))
    for quarter in sorted(set(funds["quarter"])):
        matrix = flow_matrix(funds, quarter)
        assert not matrix.sum(axis=0).any()
        assert not matrix.sum(axis=1).any()
    return len(totals)


@pytest.mark.parametrize("scenario", bundled())
def test_every_bundled_scenario_balances_to_the_cent_in_its_first_quarters(scenario):
    assert hold(scenario, 1, None if scenario in ("joke", "vendor-boom") else SHORT_DAYS) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", bundled())
def test_every_bundled_scenario_balances_to_the_cent_in_every_quarter_of_twenty_worlds(scenario, seed):
    assert hold(scenario, seed) > 0


FIRMS = {"cloud.Oracle": (57.4e9, 54.1e9), "chip_maker.NVIDIA": (158.2e9, 71.2e9)}
"""Turnover and costs of the old businesses of `ai-2025`. NVIDIA keeps more than a fifth of its turnover."""
NAMED = ("statements", "flow_of_funds", "sources_and_uses", "building_by_rule", "net_revenue", "cross_holdings",
         "debtrank", "losses", "panel")  # fmt: skip


@functools.cache
def told(factor):
    """A short world with so much turnover, at equal surplus."""
    changes = []
    for firm, (revenue, costs) in FIRMS.items():
        size = round(max(revenue * factor, revenue - costs))
        changes += [f"{firm}.revenue_usd_per_year={size}", f"{firm}.costs_usd_per_year={size - round(revenue - costs)}"]
    world = carousel.load("ai-2025", changes)
    return StatementTables.of_run(carousel.run(world, seed=5, days=SHORT_DAYS, holders=300))


@pytest.mark.parametrize("factor", [0.2, 2])
@pytest.mark.parametrize("name", NAMED)
def test_turnover_at_equal_surplus_moves_no_number_of_the_statements(factor, name):
    pd.testing.assert_frame_equal(told(1).frames()[name], told(factor).frames()[name])
