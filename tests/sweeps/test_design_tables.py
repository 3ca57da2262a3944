"""Which runs a sweep lays out: the same from the same tables, appended and never renumbered."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from carousel.experiments import named
from carousel.experiments.sweeps import (
    check_worlds,
    first_points,
    first_round,
    load_sweep,
    next_round,
    parse_sweep,
    problem_of,
    world_of,
)
from carousel.experiments.sweeps.designs import levels
from carousel.experiments.sweeps.errors import SweepError
from carousel.experiments.sweeps.sweep_parts import Axis, DesignKind
from carousel.scenarios.loader import load

CASES = Path(__file__).parent / "cases"
DOCS = Path(__file__).parents[2] / "docs"
NAMED = Path(named.__file__).parent
GRID = """
scenario = "ai-2025"
days = 10
holders = 300
outcomes = ["turned"]
[replications]
number = {seeds}
[design]
kind = "grid"
[vary.committed_scale]
low = 1.0
high = 2.0
steps = {steps}
"""


def ended(design: pd.DataFrame, outcome: str, value) -> pd.DataFrame:
    """A table of runs that ended, in another order."""
    return pd.DataFrame({"run": design["run"], outcome: [value(row) for row in design.itertuples()]})[::-1]


@pytest.mark.parametrize("path", sorted([*CASES.glob("*.toml"), *NAMED.glob("*.toml")]), ids=lambda p: p.stem)
def test_every_example_can_be_laid_out_and_its_worlds_made(path):
    sweep = load_sweep(path)
    check_worlds(sweep, file=path.name)
    design = first_round(sweep)
    assert (design["run"] == np.arange(len(design))).all()
    assert not design.duplicated(["point", "case", "replication"]).any()


def test_common_luck_is_the_same_seeds_at_every_point_and_independent_luck_never():
    text = GRID.format(seeds=3, steps=4)
    common = first_round(parse_sweep(text))
    assert set(map(tuple, common.groupby("point")["seed"].apply(list))) == {(0, 1, 2)}
    own = first_round(parse_sweep(text.replace("number", 'luck = "independent"\nnumber')))
    assert own["seed"].is_unique


@pytest.mark.parametrize(("seeds", "steps"), [(3, 2), (2, 3), (4, 3)])
def test_more_points_or_replications_are_appended_and_nothing_is_renumbered(seeds, steps):
    before = first_round(parse_sweep(GRID.format(seeds=2, steps=2)))
    sweep = parse_sweep(GRID.format(seeds=seeds, steps=steps))
    added = next_round(sweep, before, ended(before, "turned", lambda row: 0.0))
    assert added["run"].tolist() == list(range(len(before), len(before) + len(added)))
    both = pd.concat([before, added])
    fresh = first_round(sweep)
    keys = ["committed_scale", "replication", "seed"]
    assert sorted(both[keys].itertuples(index=False)) == sorted(fresh[keys].itertuples(index=False))
    assert next_round(sweep, both, ended(both, "turned", lambda row: 0.0)) is None


DRAWN = """
outcomes = ["turned"]
[design]
kind = "{kind}"
{size} = {points}
[vary.committed_scale]
low = 0.5
high = 2.0
[vary.dry_powder_scale]
low = 0.1
high = 3.0
scale = "log"
"""


def test_sobol_points_that_were_run_are_the_first_of_more_sobol_points():
    before = first_round(parse_sweep(DRAWN.format(kind="sobol", size="points", points=16)))
    more = parse_sweep(DRAWN.format(kind="sobol", size="points", points=64))
    added = next_round(more, before, ended(before, "turned", lambda row: 0.0))
    axes = list(more.vary)
    assert pd.concat([before, added])[axes].reset_index(drop=True).equals(first_points(more)[axes])


def test_a_latin_hypercube_is_not_extended():
    before = first_round(parse_sweep(DRAWN.format(kind="latin-hypercube", size="points", points=10)))
    more = parse_sweep(DRAWN.format(kind="latin-hypercube", size="points", points=20))
    with pytest.raises(SweepError, match="10 that were laid out"):
        next_round(more, before, ended(before, "turned", lambda row: 0.0))


@pytest.mark.parametrize(
    ("axis", "key_path", "nearest"),
    [
        ("comitted_scale", "vary.comitted_scale", "committed_scale"),
        ("lab.OpenAI.revenue_growth", "vary.lab.OpenAI.revenue_growth", "lab.OpenAI.revenue_growth_per_year"),
        ("labs.OpenAI.revenue_share", "vary.labs.OpenAI.revenue_share", "lab.*.revenue_share"),
        ("lab.OpenAl.revenue_share", "vary.lab.OpenAl.revenue_share", "lab.OpenAI"),
    ],
)
def test_an_axis_that_is_neither_path_nor_parameter_names_the_nearest(axis, key_path, nearest):
    with pytest.raises(SweepError) as caught:
        check_worlds(parse_sweep(f'outcomes = ["turned"]\n[vary."{axis}"]\nvalues = [1.0]'), file="bad.toml")
    assert (caught.value.file, caught.value.key_path, caught.value.nearest[0]) == ("bad.toml", key_path, nearest)


def test_an_axis_moves_all_paths_that_share_it():
    paths = '["lab.*.opening_cash_usd", "bond_buyer.*.inflow_usd_per_year"]'
    text = f'outcomes = ["turned"]\n[vary.size]\ntimes = true\npaths = {paths}\nvalues = [0.5, 2.0]'
    sweep, plain = parse_sweep(text), load("ai-2025")
    world = world_of(sweep, sweep.cases[0], {"size": 0.5})
    assert [lab.opening_cash_usd for lab in world.lab] == [lab.opening_cash_usd / 2 for lab in plain.lab]
    assert [b.inflow_usd_per_year for b in world.bond_buyer] == [b.inflow_usd_per_year / 2 for b in plain.bond_buyer]


def test_a_sweep_that_is_sure_stops_and_one_that_is_not_goes_on():
    sweep = load_sweep(CASES / "boundary-until-sure.toml")
    first = first_round(sweep)
    assert set(first.groupby("point").size()) == {8}
    more = next_round(sweep, first, ended(first, "turned", lambda row: float(row.seed % 2)))
    assert set(more.groupby("point").size()) == {8}
    assert len(more) == len(first)
    assert (more["seed"] >= 8).all()


def test_the_boundary_search_ends_on_the_line_whatever_the_order_of_results():
    sweep = load_sweep(CASES / "boundary-until-sure.toml")
    sweep = sweep.model_copy(
        update={"replications": sweep.replications.model_copy(update={"until": None, "number": 1})}
    )

    def side(row):
        return float(row.monetisation_growth_per_year < 0.6 * row.committed_scale - 0.3)

    design = first_round(sweep)
    while (added := next_round(sweep, design, ended(design, "turned", side))) is not None:
        shuffled = ended(design, "turned", side).sample(frac=1, random_state=1)
        assert next_round(sweep, design, shuffled).equals(added)
        design = pd.concat([design, added], ignore_index=True)
    assert 25 < design["point"].nunique() <= 0.3 * 33 * 33


def test_sobol_and_morris_points_are_in_the_order_that_salib_expects():
    sweep = load_sweep(CASES / "sobol-of-payers.toml")
    points = first_points(sweep)
    assert len(points) == sweep.design.points * (len(sweep.vary) + 2)
    assert problem_of(sweep)["num_vars"] == len(sweep.vary) == points.shape[1]


def test_a_world_is_its_scenario_then_the_case_then_the_axes():
    sweep = load_sweep(NAMED / "letter-halved.toml")
    by_name = {case.name: world_of(sweep, case, {}) for case in sweep.cases}
    plain = load("ai-2025", ["days=504", "holders=500"])
    assert by_name["as announced"].milestone == plain.milestone
    assert by_name["half from the start"].milestone[0].capacity_gw == 5.0
    assert by_name["never"].milestone == ()
    assert by_name["announced half a year later"].milestone[0].announced == date(2026, 3, 23)
    cut = by_name["cut on 1 Jun 2026"]
    assert cut.milestone == plain.milestone
    assert [(c.date, dict(c.set)) for c in cut.on] == [
        (date(2026, 6, 1), {"milestone.NVIDIA-OpenAI investment.capacity_gw": 5.0})
    ]
    assert cut.news[-1].text == "NVIDIA halves its letter of intent"
    assert cut.news[-1].announced == date(2026, 6, 1)


def test_who_stops_paying_stops_on_the_first_day_or_on_the_points():
    sweep = load_sweep(NAMED / "which-payer-breaks-it.toml")
    banks = next(case for case in sweep.cases if case.name == "banks")
    assert [(s.payer, s.day, s.date) for s in world_of(sweep, banks, {}).stop] == [("Banks", 1, None)]
    later = world_of(sweep, banks, {"day": date(2026, 9, 9)})
    assert [(s.payer, s.day, s.date) for s in later.stop] == [("Banks", None, date(2026, 9, 9))]


def test_what_leads_nowhere_is_refused_by_its_name():
    sweep = parse_sweep(GRID.format(seeds=1, steps=2))
    with pytest.raises(SweepError, match="no such axis"):
        world_of(sweep, sweep.cases[0], {"comitted_scale": 1.0})
    bad = sweep.cases[0].model_copy(update={"set": {"lab.OpenAI.revenue_shar": 0.1}})
    with pytest.raises(SweepError, match="revenue_share"):
        world_of(sweep, bad, {})


@pytest.mark.parametrize(
    ("low", "high", "scale", "expected"),
    [
        (0.1, 10.0, "log", [0.1, 1.0, 10.0]),
        (1e-9, 1e9, "log", [1e-9, 1.0, 1e9]),
        (0.1, 0.5, "linear", [0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.0, 0.7, "linear", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
    ],
)
def test_values_of_a_grid_are_the_numbers_that_are_meant(low, high, scale, expected):
    assert levels(Axis(low=low, high=high, scale=scale), len(expected)) == expected


def test_the_file_that_the_guide_shows_is_the_grid_that_it_says():
    shown = re.search(r"```toml\n(# powder.toml\n.*?)```", (DOCS / "sweeps.md").read_text(), re.DOTALL)
    laid = first_points(parse_sweep(shown.group(1)))
    assert len(laid) == 9
    assert laid["dry_powder_scale"].unique().tolist() == [0.1, 1.0, 10.0]
    for kind in DesignKind:
        assert f'`"{kind}"`' in (DOCS / "sweeps.md").read_text()
