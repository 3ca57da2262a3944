"""Switching a class of payers off stops its money and nothing else; shares come from whole games only."""

from __future__ import annotations

import pandas as pd
import pytest
from carousel.experiments.studies.coalitions import coalitions
from carousel.experiments.studies.shapley import OUTCOMES, SWITCHES, shares, simulate, without
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYER
from carousel.model import CarouselModel
from carousel.scenarios.loader import load


def paid_by_outside(off: set[str], days: int = 45) -> dict[str, int]:
    """Cents that entered after the opening, by outside account."""
    scenario = without(load("ai-2025", [f"days={days}", "holders=240"]), frozenset(off), SWITCHES)
    model = CarouselModel(scenario, rng=4)
    paid: dict[str, int] = {}
    while model.running:
        model.step()
        for row in model.books.last.entries:
            if row[CAUSE] != Cause.OPENING and model.books.journal.is_outside(int(row[PAYER])):
                name = model.books.journal.names[int(row[PAYER])]
                paid[name] = paid.get(name, 0) + int(row[CENTS])
    return paid


def test_each_switch_stops_its_own_payers():
    everybody = paid_by_outside(set())
    assert paid_by_outside({"AI customers"})["AI customers"] < 0.002 * everybody["AI customers"]
    assert "Household savings" in everybody
    assert "Household savings" not in paid_by_outside({"household savings"})
    no_bonds = paid_by_outside({"bond savers"})
    assert not any(name.startswith("Bond savers") for name in no_bonds)
    assert no_bonds["Bank credit"] == everybody["Bank credit"]


def test_without_lenders_less_is_built_and_with_nobody_the_circle_still_ends_its_run():
    nobody = simulate([], 1, True)
    everybody = simulate(
        [*[n for n in SWITCHES if n not in ("bond savers", "bank credit")], "bond savers and banks"], 1, True
    )
    assert nobody["compute_mw"] < everybody["compute_mw"]
    assert nobody["peak_value_usd"] < everybody["peak_value_usd"]


def test_shares_with_nobodys_part_sum_to_the_whole():
    players = ["a", "b", "c"]
    rows = [
        {
            "present": ", ".join(sorted(c)),
            "seed": seed,
            "compute_mw": 10.0 * len(c) ** 2 + seed,
            "peak_value_usd": 5.0 + len(c),
        }
        for seed in (0, 1)
        for c in coalitions(players)
    ]
    table = shares(players, pd.DataFrame(rows))
    for outcome in OUTCOMES:
        own = table[(table["outcome"] == outcome) & (table["class"] != "whole")]
        assert own["share"].sum() == pytest.approx(1.0, abs=1e-12)
        assert own["added_share"].sum() == pytest.approx(1.0, abs=1e-12)
