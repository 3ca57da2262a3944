"""Switching a class of payers off stops its money and nothing else; shares come from whole games only."""

from __future__ import annotations

import pandas as pd
import pytest
from carousel.experiments.studies.shapley import STUDY
from carousel.experiments.sweeps.analysis.asked import asked_of
from carousel.experiments.sweeps.analysis.coalitions import coalitions
from carousel.experiments.sweeps.analysis.finding import LeftOut
from carousel.experiments.sweeps.analysis.measured import measured
from carousel.experiments.sweeps.analysis.shapley import games, players_of, shapley, shares
from carousel.experiments.sweeps.analysis.tables import SweepTables
from carousel.experiments.sweeps.changes import world_of
from carousel.experiments.sweeps.design_table import first_round
from carousel.experiments.sweeps.errors import SweepError
from carousel.experiments.sweeps.named_sweeps import named_sweep, resized
from carousel.experiments.sweeps.sweep_file import parse_sweep
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYER
from carousel.model import CarouselModel
from carousel.scenarios.loader import load

SWEEP = resized(named_sweep("shapley"), {"days": 45, "holders": 240}, file="shapley")
SWITCHES = {"vary": {name: {"without": {}} for name in ("a", "b", "c")}}


def world_without(*off: str):
    return world_of(SWEEP, SWEEP.cases[0], {name: "without" if name in off else "with" for name in SWEEP.vary})


def paid_by_outside(*off: str) -> dict[str, int]:
    """Cents that entered after the opening, by outside account."""
    model = CarouselModel(world_without(*off), rng=4)
    paid: dict[str, int] = {}
    while model.running:
        model.step()
        for row in model.books.last.entries:
            if row[CAUSE] != Cause.OPENING and model.books.journal.is_outside(int(row[PAYER])):
                name = model.books.journal.names[int(row[PAYER])]
                paid[name] = paid.get(name, 0) + int(row[CENTS])
    return paid


def test_each_switch_stops_its_own_payers():
    everybody = paid_by_outside()
    assert paid_by_outside("AI customers")["AI customers"] < 0.002 * everybody["AI customers"]
    assert "Household savings" in everybody
    assert "Household savings" not in paid_by_outside("household savings")
    no_bonds = paid_by_outside("bond savers")
    assert not any(name.startswith("Bond savers") for name in no_bonds)
    assert no_bonds["Bank credit"] == everybody["Bank credit"]


def test_switches_name_every_payer_of_the_scenario():
    plain, nobody = load("ai-2025"), world_without(*SWEEP.vary)
    assert world_without().model_dump(exclude={"sources"}) == load("ai-2025", ["days=45", "holders=240"]).model_dump(
        exclude={"sources"}
    )
    assert {buyer.inflow_usd_per_year for buyer in nobody.bond_buyer} == {0.0}
    for before, after in zip((*plain.cloud, *plain.chip_maker), (*nobody.cloud, *nobody.chip_maker), strict=True):
        assert after.costs_usd_per_year == before.revenue_usd_per_year
    assert nobody.milestone == ()


def test_a_quick_study_has_bond_savers_and_banks_as_one_class():
    quick = STUDY.sweep(quick=True)
    both = quick.vary["bond savers and banks"].without
    assert len(quick.vary) == 6
    assert len(both.set) == 10
    assert quick.replications.number == 2


def planted(seeds=(0, 1), lost=()):
    """A sweep of three switches whose worth is known."""
    rows = [
        {"run": run, "point": run // len(seeds), "case": "base", "replication": seed, "seed": seed, "status": "ok"}
        | {p: "with" if p in members else "without" for p in "abc"}
        | {"built_mw_most": float("nan") if run in lost else 10.0 * len(members) ** 2 + seed}
        for run, (members, seed) in enumerate((c, s) for c in coalitions("abc") for s in seeds)
    ]
    runs = pd.DataFrame(rows)
    return SweepTables(asked_of(SWITCHES), runs.drop(columns=["built_mw_most", "status"]), runs)


def test_shares_with_nobodys_part_sum_to_the_whole():
    tables = planted()
    assert players_of(tables) == ["a", "b", "c"]
    worths = games(["a", "b", "c"], tables.good, tables.good["built_mw_most"].to_numpy())
    table = shares(["a", "b", "c"], worths)
    own = table[table["class"] != "whole"]
    assert own["share"].sum() == pytest.approx(1.0, abs=1e-12)
    assert own["added_share"].sum() == pytest.approx(1.0, abs=1e-12)


def test_what_all_add_is_told_with_its_interval_and_a_seed_with_a_lost_run_counts_in_nothing():
    tables = planted(lost=(5,))
    (found,) = shapley(tables, measured(tables, ["built_mw_most"]))
    assert found.sentences[0].startswith("built_mw_most: 0% of 90.0 MW is there without any")
    assert "a 33.3 %, b" in found.sentences[0]
    assert "(1 seed, too few for intervals)" in found.sentences[0]
    assert [number.value for number in found.numbers] == pytest.approx([1 / 3] * 3)


def test_other_sweeps_are_left_out_with_the_reason():
    tables = planted()
    other = SweepTables(asked_of({"vary": {"a": {"values": ["with"]}}}), tables.design, tables.runs)
    (left,) = shapley(other, measured(other, ["built_mw_most"]))
    assert isinstance(left, LeftOut)
    assert "no axis is a switch" in left.reason


def test_a_grid_of_switches_has_every_subset_once():
    rows = first_round(SWEEP)
    assert len(rows.groupby(list(SWEEP.vary)).size()) == 2**7
    assert set(rows.groupby("point").size()) == {5}
    assert set(rows["AI customers"]) == {"with", "without"}


@pytest.mark.parametrize(
    "said",
    ["without = {}\nlow = 0\nhigh = 1", "without = {}\ntimes = true", 'without = {}\nvalues = ["off"]'],
)
def test_a_switch_has_no_range_no_factor_and_no_other_values(said):
    with pytest.raises(SweepError, match="without"):
        parse_sweep(f'outcomes = ["turned"]\n[vary.banks]\n{said}')
