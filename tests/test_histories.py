"""A recorded table of whole-history digests: restructuring moves none of them; whoever changes numbers says so.

A digest is the SHA-256 over every table of a run (history/digest.py). `python tests/test_histories.py` prints what
differs, `python tests/test_histories.py --record` writes the table anew; CHANGELOG.md then says which rows moved and
why.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel
from carousel.scenarios.loader import load
from carousel.scenarios.validated import validated

TABLE = Path(__file__).with_name("histories.json")
NARROW = "X86_V3 X86_V4 AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
"""Names of processor features in NumPy, old and new: what a run may not notice."""


def name_of(run):
    """One line that says which run it is."""
    changes = " ".join([*run["changes"], *(f"{name}={value}" for name, value in run["parameters"].items())])
    return f"{run['scenario']} seed {run['seed']} days {run['days']} holders {run['holders']} {changes}".strip()


def digest_of(run):
    """The digest of one run of the table."""
    data = load(run["scenario"], run["changes"])
    if not run["holders"]:
        data = validated(data.model_dump() | {"households": None, "holders": 0}, data.name)
    model = CarouselModel(data, rng=run["seed"], days=run["days"], holders=run["holders"], **run["parameters"])
    recorder = Recorder(model)
    model.observers.append(recorder)
    while model.running:
        model.step()
    return recorder.finish()


def recorded():
    """All rows of the table."""
    return json.loads(TABLE.read_text()) if TABLE.exists() else []


@pytest.mark.parametrize("run", recorded(), ids=name_of)
def test_a_history_is_what_it_was(run):
    assert digest_of(run) == run["digest"]


def test_every_bundled_scenario_is_in_the_table_with_several_seeds():
    from carousel.scenarios.loader import bundled

    seeds = {name: {run["seed"] for run in recorded() if run["scenario"] == name} for name in bundled()}
    assert all(len(found) >= 2 for found in seeds.values()), seeds


def test_the_table_has_runs_with_and_without_households():
    assert {run["holders"] == 0 for run in recorded()} == {True, False}


def test_a_history_does_not_depend_on_the_processor():
    """NumPy's loops for wide vectors round logarithms differently; nothing in a day may use them."""
    script = f"import runpy; print(runpy.run_path({str(Path(__file__))!r})['digest_of']({recorded()[1]!r}))"
    narrow = os.environ | {"NPY_DISABLE_CPU_FEATURES": NARROW}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], env=narrow, capture_output=True, text=True)
    assert done.stdout.strip() == recorded()[1]["digest"], done.stderr


def planned():
    """The runs of the table: every bundled scenario, seeds, lengths, households or none, booms and breakdowns."""
    bust = {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.1}
    boom = {"monetisation_growth_per_year": 2.5}
    scarce = {"monetisation_growth_per_year": 0.0, "bond_appetite_scale": 0.1, "dry_powder_scale": 0.1}
    stalled = {"monetisation_growth_per_year": -0.4}
    circle = ("ai-2025", "ai-2025-as-printed", "ai-2025-wide-september")
    rows = [(name, seed, 252, 600, {}) for name in circle for seed in (0, 7)]
    rows += [(name, 3, 189, 0, {}) for name in circle]
    rows += [("ai-2025", 1, 1260, 300, given) for given in ({}, bust, boom)]
    rows += [("ai-2025", seed, 1260, 0, scarce) for seed in (2, 5)]
    rows += [("ai-2025-wide-september", 4, 1008, 600, scarce), ("ai-2025-wide-september", 0, 756, 0, boom)]
    rows += [("vendor-loans", 0, 252, 400, {}), ("vendor-loans", 7, 1260, 0, {}), ("vendor-loans", 1, 1260, 400, boom)]
    rows += [("vendor-loans", seed, 1512, 0, stalled) for seed in (0, 2)]
    rows += [("vendor-boom", seed, 1260, 300, {}) for seed in (0, 1)]
    rows += [("vendor-loans", 3, 1260, 400, stalled | {"bond_appetite_scale": 0.2})]
    rows += [("joke", seed, 21, 0, {}) for seed in (0, 7)]
    poor = "chip_maker.*.opening_cash_usd*=0.2"
    rare = [
        ("ai-2025", 6, 1008, 300, bust, ["behaviour.recovery_own_assets=0.5", "behaviour.recovery_claims=0.6"]),
        ("ai-2025", 8, 504, 0, {}, ["chip_maker.*.supply_gw_per_year_max=0.5"]),
        ("ai-2025", 9, 756, 300, boom, ["chip_maker.*.cash_buffer_usd=9e10"]),
        (
            "ai-2025-wide-september",
            5,
            504,
            600,
            {},
            ["venture_investor.*.dry_powder_usd*=0.05", "etf.rebalance_months=1"],
        ),
        (
            "vendor-loans",
            4,
            1260,
            0,
            stalled,
            [poor, "vendor_loan.*.general_share=0.5"],
        ),
        ("joke", 1, 5, 0, {}, ["days=5", "obligation.Chips.due_day=3", "firm.The lab.opening_cash_usd=40"]),
    ]
    rows += [("ai-2025-ticket", seed, 504, 300, {}) for seed in (1, 6)]
    rows += [("ai-2025-deals", seed, 756, 300, {}) for seed in (1, 3)]
    rows += [("ai-2025-wide", 0, 126, 300, {}), ("ai-2025-wide", 7, 126, 0, {})]
    rows += [("ai-2025-wide-deals", 1, 126, 300, {}), ("ai-2025-wide-deals", 3, 126, 0, {})]
    names = ("scenario", "seed", "days", "holders", "parameters", "changes")
    return [dict(zip(names, row, strict=True)) for row in [*((*row, []) for row in rows), *rare]]


def main():
    """Compare, or record."""
    import time

    is_recording = "--record" in sys.argv
    rows = planned() if is_recording else recorded()
    moved = 0
    for run in rows:
        began = time.perf_counter()
        digest = digest_of(run)
        if is_recording:
            run["digest"] = digest
            print(f"{time.perf_counter() - began:6.2f} s {digest[:16]} {name_of(run)}")
        elif digest != run["digest"]:
            moved += 1
            print(f"moved: {name_of(run)}: {run['digest'][:16]} -> {digest[:16]}")
    if is_recording:
        TABLE.write_text(json.dumps(rows, indent=1) + "\n")
    print(f"{len(rows)} histories" + ("" if is_recording else f", {moved} moved"))
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
