"""Planted faults are there while their context lasts, in worker processes too, and the right checks notice them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from carousel.contracts import register
from carousel.experiments.runner.cluster import kept_processes
from carousel.experiments.runner.runs import FailedRun, map_runs, quiet
from carousel.experiments.validation import mechanism_checks, planted_faults
from carousel.experiments.validation.checks import Check, ClaimKind, Verdict
from carousel.experiments.validation.groups import GROUPS, Group
from carousel.experiments.validation.planted_faults import NoSeam, PlantedFault, Seam, in_force, planting
from carousel.experiments.validation.run import noticed, run_group, run_planted, validate
from carousel.experiments.validation.verdict import inexcusable
from carousel.market import auction
from carousel.market.auction import run_auction
from carousel.market.orders import OrderBook, Side
from carousel.narrative import credibility
from carousel.narrative.announcements import Instrument
from carousel.scenarios.behaviour import Behaviour
from carousel.timeline import publish, trade_etf

ROOT = Path(planted_faults.__file__).parents[2]
SOUND = {
    "run_auction": auction.run_auction,
    "start_log_odds": credibility.start_log_odds,
    "moved": credibility.moved,
    "lap_step": register.Contracts.lap_step,
}


def machine():
    """The functions that planted faults replace, wherever the model reads them."""
    return {
        "run_auction": auction.run_auction,
        "start_log_odds": credibility.start_log_odds,
        "moved": credibility.moved,
        "lap_step": register.Contracts.lap_step,
    }


def who(x: int) -> tuple[int, str | None]:
    """The case, and the fault planted in this process."""
    return x, in_force()


@pytest.mark.parametrize("planted", planted_faults.PLANTED_FAULTS, ids=lambda p: p.name)
def test_a_planted_fault_replaces_what_it_says_and_puts_it_back(planted):
    with planting(planted.name):
        assert in_force() == planted.name
        for seam in planted.seams:
            module = sys.modules[f"carousel.{seam.module}"]
            owner, _, name = seam.name.rpartition(".")
            assert getattr(getattr(module, owner) if owner else module, name).__module__ == planted_faults.__name__
    assert in_force() is None
    assert machine() == SOUND


def test_names_imported_elsewhere_are_replaced_and_put_back_as_well():
    with planting("no-price-limits"):
        assert trade_etf.run_auction is auction.run_auction is not SOUND["run_auction"]
    with planting("full-credibility"):
        assert publish.start_log_odds is credibility.start_log_odds is not SOUND["start_log_odds"]
    assert trade_etf.run_auction is SOUND["run_auction"]
    assert publish.start_log_odds is SOUND["start_log_odds"]


def test_a_module_that_is_imported_while_a_fault_is_planted_is_sound_afterwards(monkeypatch):
    late = ModuleType("carousel.made_late")
    monkeypatch.setitem(sys.modules, late.__name__, late)
    with planting("no-price-limits"):
        late.run_auction = auction.run_auction
    assert late.run_auction is SOUND["run_auction"]


def test_the_machine_is_sound_again_after_an_exception():
    with pytest.raises(ZeroDivisionError), planting("no-price-limits"):
        raise ZeroDivisionError
    assert in_force() is None
    assert machine() == SOUND


def test_one_fault_at_a_time():
    with planting("no-laps"):
        with planting("no-laps"):
            assert in_force() == "no-laps"
        assert in_force() == "no-laps"
        with pytest.raises(ValueError, match="one at a time"), planting("no-price-limits"):
            pass
        assert machine()["run_auction"] is SOUND["run_auction"]


def test_an_unknown_fault_is_refused():
    with pytest.raises(KeyError, match="no-laps"), planting("evil"):
        pass


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes_have_the_fault_that_is_planted_here_and_only_then(workers):
    cases = [{"x": 1}, {"x": 2}]
    with kept_processes():
        with planting("no-laps"):
            assert map_runs(who, cases, workers=workers) == [(1, "no-laps"), (2, "no-laps")]
        assert map_runs(who, cases, workers=workers) == [(1, None), (2, None)]


def test_a_seam_that_is_gone_is_an_error_and_no_sound_run(monkeypatch):
    gone = PlantedFault("gone", "nothing", (Seam("market.auction", "no_such_function", lambda f: f),), ())
    monkeypatch.setattr(planted_faults, "PLANTED_FAULTS", (*planted_faults.PLANTED_FAULTS, gone))
    with pytest.raises(NoSeam) as stopped, planting("gone"):
        pass
    assert (stopped.value.planted, stopped.value.seam) == ("gone", "market.auction.no_such_function")
    assert in_force() is None


def test_without_price_limits_an_order_trades_beyond_its_limit_but_not_beyond_its_cash():
    book = OrderBook(0)
    book.add(1, Side.BUY, 100, 90)
    book.add(2, Side.SELL, 50, 110)
    assert run_auction(book, None, 100, 0).volume == 0
    with planting("no-price-limits"):
        result = auction.run_auction(book, None, 100, 0)
    assert (result.price_cents, result.volume, result.fills.tolist()) == (100, 50, [50, 50])
    book.add(3, Side.SELL, 500, 110)
    with planting("no-price-limits"):
        result = auction.run_auction(book, None, 100, 0)
    assert result.fills[0] * result.price_cents <= book.buy_cents


def test_with_full_credibility_a_letter_of_intent_is_as_good_as_a_contract():
    rules = Behaviour()
    with planting("full-credibility"):
        odds = {kind: credibility.start_log_odds(kind, rules) for kind in Instrument}
        later = credibility.moved(0.0, -3.0, 8.0)
    assert {credibility.credibility(each, -5.0) for each in (*odds.values(), later)} == {1.0}


@pytest.fixture(scope="module")
def sound():
    return run_group(group_of("mechanism"), quick=True, workers=1, tell=quiet)


def group_of(name):
    return next(group for group in GROUPS if group.name == name)


def test_the_sound_mechanism_holds(sound):
    assert [check.key for check in sound.checks if check.verdict is not Verdict.HOLDS] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [("no-price-limits", "mechanism.auction.beyond_limit"), ("no-laps", "mechanism.loop.origin_gap")],
)
def test_the_mechanism_s_checks_notice_the_planted_fault(sound, name, key):
    planted = planted_faults.fault_of(name)
    keys = dict(planted.must_fail)["mechanism"]
    result = run_planted(planted, group_of("mechanism"), keys, [c.key for c in sound.checks], workers=1, tell=quiet)
    assert key in result.failed
    assert noticed(result).verdict is Verdict.HOLDS


def numbered(key, measured):
    return Check(key, "the auction runs soundly", measured, 1.0, 1.0, "-", "this test", kind=ClaimKind.IDENTITY)


@pytest.fixture
def fake(monkeypatch):
    """A group of checks that says what it is told to."""

    def says(checks):
        made = ModuleType("carousel.experiments.fake_checks")
        made.checks = lambda *, quick, workers, tell: checks(quick)
        monkeypatch.setitem(sys.modules, made.__name__, made)
        return (Group("fake", "fake_checks", "Fake", "Made for this test."),)

    return says


def blind(monkeypatch, keys=("fake.",)):
    seam = Seam("market.auction", "run_auction", lambda f: lambda *a: f(*a))
    planted = PlantedFault("blind", "nobody looks", (seam,), (("fake", keys),))
    monkeypatch.setattr(planted_faults, "PLANTED_FAULTS", (planted,))
    return (planted,)


def test_a_planted_fault_that_passes_everything_fails_the_validation(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 1.0)])
    found = validate(groups, quick=True, workers=1, faults=blind(monkeypatch))
    assert found.results[-1].checks[0].verdict is Verdict.MISSES
    assert inexcusable(found) == ["the planted fault blind passes everything (group fake)"]


def test_a_check_that_the_sound_machine_misses_as_well_notices_nothing(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 2.0), numbered("fake.b", 1.0)])
    found = validate(groups, quick=True, workers=1, faults=blind(monkeypatch))
    assert found.planted[0].passed_soundly == ("fake.b",)
    assert found.planted[0].failed == ()


def test_only_the_named_checks_count(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 1.0 if in_force() is None else 2.0), numbered("fake.b", 1.0)])
    assert validate(groups, quick=True, workers=1, faults=blind(monkeypatch)).planted[0].failed == ("fake.a",)
    named = validate(groups, quick=True, workers=1, faults=blind(monkeypatch, ("fake.b",)))
    assert inexcusable(named) != []


def test_a_planted_fault_that_breaks_off_is_not_noticed(fake, monkeypatch):
    """A crash would hide that the checks see nothing."""
    groups = fake(lambda quick: [numbered("fake.a", 1.0)] if in_force() is None else 1 / 0)
    found = validate(groups, quick=True, workers=1, faults=blind(monkeypatch))
    assert found.planted[0].fault == "ZeroDivisionError: division by zero"
    assert np.isnan(found.results[-1].checks[0].measured)
    assert len(inexcusable(found)) == 1


def test_in_a_full_validation_a_planted_fault_is_compared_with_the_sound_machine_at_the_same_size(fake, monkeypatch):
    """At the quick size the sound machine misses, too: the fault has not been noticed."""
    sizes = []

    def says(quick):
        sizes.append(quick)
        return [numbered("fake.a", 2.0 if quick else 1.0)]

    found = validate(fake(says), quick=False, workers=1, faults=blind(monkeypatch))
    assert sizes == [False, True, True]
    assert found.planted[0].failed == ()


def test_every_planted_fault_has_a_group_that_must_notice_it():
    names = {group.name for group in GROUPS}
    for planted in planted_faults.PLANTED_FAULTS:
        assert {group for group, _ in planted.must_fail} & names


def mentions(source):
    """Whether a source text names the planted faults' module or context."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    for node in nodes:
        if isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.name.split(".")[-1] for alias in node.names}
            names |= {(getattr(node, "module", None) or "").rpartition(".")[2]}
    return bool(names & {"planted_faults", "planting"})


def test_only_validation_and_the_runs_it_starts_know_the_planted_faults():
    elsewhere = {".venv", ".venv-newer", "tests", "build"}
    parts = [p for p in ROOT.rglob("*.py") if not elsewhere & set(p.relative_to(ROOT).parts)]
    assert len(parts) > 80
    assert {str(p.relative_to(ROOT)) for p in parts if mentions(p.read_text())} == {
        "experiments/runner/cases.py",
        "experiments/runner/processes.py",
        "experiments/runner/runs.py",
        "experiments/sweeps/attempt.py",
        "experiments/sweeps/begin.py",
        "experiments/validation/results.py",
        "experiments/validation/run.py",
    }


def test_a_module_that_knows_the_planted_faults_is_seen():
    assert mentions("from carousel.experiments.validation.planted_faults import planting\n")
    assert mentions("from . import planted_faults\n")
    assert not mentions("from .runs import map_runs\n")


def test_a_run_that_fails_with_a_planted_fault_is_a_failed_run():
    with planting("no-laps"):
        (failed,) = map_runs(mechanism_checks.random_book, [{"numbers": 1}], workers=1)
    assert isinstance(failed, FailedRun)
