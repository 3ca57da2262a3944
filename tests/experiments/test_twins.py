"""Wrong twins are wrong while their context lasts, in worker processes too, and the right checks catch them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from carousel.experiments.runner.runs import FailedRun, map_runs, quiet
from carousel.experiments.validation import mechanism_checks, twins, validation
from carousel.experiments.validation.checks import Check, Verdict
from carousel.experiments.validation.twins import NoSeam, Seam, Twin, disguised, in_force
from carousel.experiments.validation.validation import Group, run_group, run_twin, twin_check, validate
from carousel.market import auction
from carousel.market.auction import run_auction
from carousel.market.orders import OrderBook, Side
from carousel.narrative import credibility
from carousel.narrative.announcements import Instrument
from carousel.scenarios.behaviour import Behaviour
from carousel.timeline import lookups, promises, trading

ROOT = Path(twins.__file__).parents[2]
HONEST = {
    "run_auction": auction.run_auction,
    "start_log_odds": credibility.start_log_odds,
    "moved": credibility.moved,
    "lap_step": lookups.Lookups.lap_step,
}


def machine():
    """The functions that twins replace, wherever the model reads them."""
    return {
        "run_auction": auction.run_auction,
        "start_log_odds": credibility.start_log_odds,
        "moved": credibility.moved,
        "lap_step": lookups.Lookups.lap_step,
    }


def who(x: int) -> tuple[int, str | None]:
    """The case, and the twin that this process is."""
    return x, in_force()


@pytest.mark.parametrize("twin", twins.TWINS, ids=lambda t: t.name)
def test_a_twin_replaces_what_it_says_and_puts_it_back(twin):
    with disguised(twin.name):
        assert in_force() == twin.name
        for seam in twin.seams:
            module = sys.modules[f"carousel.{seam.module}"]
            owner, _, name = seam.name.rpartition(".")
            assert getattr(getattr(module, owner) if owner else module, name).__module__ == twins.__name__
    assert in_force() is None
    assert machine() == HONEST


def test_names_imported_elsewhere_are_replaced_and_put_back_as_well():
    with disguised("no-price-limits"):
        assert trading.run_auction is auction.run_auction is not HONEST["run_auction"]
    with disguised("full-credibility"):
        assert promises.start_log_odds is credibility.start_log_odds is not HONEST["start_log_odds"]
    assert trading.run_auction is HONEST["run_auction"]
    assert promises.start_log_odds is HONEST["start_log_odds"]


def test_a_module_that_is_imported_while_a_twin_is_in_force_is_honest_afterwards(monkeypatch):
    late = ModuleType("carousel.made_late")
    monkeypatch.setitem(sys.modules, late.__name__, late)
    with disguised("no-price-limits"):
        late.run_auction = auction.run_auction
    assert late.run_auction is HONEST["run_auction"]


def test_the_machine_is_honest_again_after_an_exception():
    with pytest.raises(ZeroDivisionError), disguised("no-price-limits"):
        raise ZeroDivisionError
    assert in_force() is None
    assert machine() == HONEST


def test_one_twin_at_a_time():
    with disguised("no-laps"):
        with disguised("no-laps"):
            assert in_force() == "no-laps"
        assert in_force() == "no-laps"
        with pytest.raises(ValueError, match="one at a time"), disguised("no-price-limits"):
            pass
        assert machine()["run_auction"] is HONEST["run_auction"]


def test_an_unknown_twin_is_refused():
    with pytest.raises(KeyError, match="no-laps"), disguised("evil"):
        pass


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes_are_the_twin_that_is_in_force_here_and_only_then(workers):
    cases = [{"x": 1}, {"x": 2}]
    with disguised("no-laps"):
        assert map_runs(who, cases, workers=workers) == [(1, "no-laps"), (2, "no-laps")]
    assert map_runs(who, cases, workers=workers) == [(1, None), (2, None)]


def test_a_seam_that_is_gone_is_an_error_and_no_honest_run(monkeypatch):
    gone = Twin("gone", "nothing", (Seam("market.auction", "no_such_function", lambda f: f),), ())
    monkeypatch.setattr(twins, "TWINS", (*twins.TWINS, gone))
    with pytest.raises(NoSeam) as stopped, disguised("gone"):
        pass
    assert (stopped.value.twin, stopped.value.seam) == ("gone", "market.auction.no_such_function")
    assert in_force() is None


def test_without_price_limits_an_order_trades_beyond_its_limit_but_not_beyond_its_cash():
    book = OrderBook(0)
    book.add(1, Side.BUY, 100, 90)
    book.add(2, Side.SELL, 50, 110)
    assert run_auction(book, None, 100, 0).volume == 0
    with disguised("no-price-limits"):
        result = auction.run_auction(book, None, 100, 0)
    assert (result.price_cents, result.volume, result.fills.tolist()) == (100, 50, [50, 50])
    book.add(3, Side.SELL, 500, 110)
    with disguised("no-price-limits"):
        result = auction.run_auction(book, None, 100, 0)
    assert result.fills[0] * result.price_cents <= book.reserved_cash(1)


def test_with_full_credibility_a_letter_of_intent_is_as_good_as_a_contract():
    rules = Behaviour()
    with disguised("full-credibility"):
        odds = {kind: credibility.start_log_odds(kind, rules) for kind in Instrument}
        later = credibility.moved(0.0, -3.0)
    assert {credibility.credibility(each, -5.0) for each in (*odds.values(), later)} == {1.0}


@pytest.fixture(scope="module")
def honest():
    return run_group(group_of("mechanism"), quick=True, workers=1, tell=quiet)


def group_of(name):
    return next(group for group in validation.GROUPS if group.name == name)


def test_the_honest_mechanism_holds(honest):
    assert [check.key for check in honest.checks if check.verdict is not Verdict.HOLDS] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [("no-price-limits", "mechanism.auction.beyond_limit"), ("no-laps", "mechanism.loop.origin_gap")],
)
def test_the_mechanism_s_checks_notice_the_twin(honest, name, key):
    twin = twins.twin_of(name)
    keys = dict(twin.must_fail)["mechanism"]
    result = run_twin(twin, group_of("mechanism"), keys, [c.key for c in honest.checks], workers=1, tell=quiet)
    assert key in result.failed
    assert twin_check(result).verdict is Verdict.HOLDS


def numbered(key, measured):
    return Check(key, "the auction runs honestly", measured, 1.0, 1.0, "-", "this test")


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
    twin = Twin("blind", "nobody looks", (seam,), (("fake", keys),))
    monkeypatch.setattr(twins, "TWINS", (twin,))
    return (twin,)


def test_a_twin_that_passes_everything_fails_the_validation(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 1.0)])
    found = validate(groups, quick=True, workers=1, all_twins=blind(monkeypatch))
    assert found.results[-1].checks[0].verdict is Verdict.MISSES
    assert validation.faults(found) == ["the wrong twin blind passes everything (group fake)"]


def test_a_check_that_the_honest_machine_misses_as_well_notices_nothing(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 2.0), numbered("fake.b", 1.0)])
    found = validate(groups, quick=True, workers=1, all_twins=blind(monkeypatch))
    assert found.twins[0].passed_honestly == ("fake.b",)
    assert found.twins[0].failed == ()


def test_only_the_named_checks_count(fake, monkeypatch):
    groups = fake(lambda quick: [numbered("fake.a", 1.0 if in_force() is None else 2.0), numbered("fake.b", 1.0)])
    assert validate(groups, quick=True, workers=1, all_twins=blind(monkeypatch)).twins[0].failed == ("fake.a",)
    named = validate(groups, quick=True, workers=1, all_twins=blind(monkeypatch, ("fake.b",)))
    assert validation.faults(named) != []


def test_a_twin_that_breaks_off_is_not_caught(fake, monkeypatch):
    """A crash would hide that the checks see nothing."""
    groups = fake(lambda quick: [numbered("fake.a", 1.0)] if in_force() is None else 1 / 0)
    found = validate(groups, quick=True, workers=1, all_twins=blind(monkeypatch))
    assert found.twins[0].fault == "ZeroDivisionError: division by zero"
    assert np.isnan(found.results[-1].checks[0].measured)
    assert len(validation.faults(found)) == 1


def test_in_a_full_validation_a_twin_is_compared_with_the_honest_machine_at_the_same_size(fake, monkeypatch):
    """At the quick size the honest machine misses, too: the twin has not been caught."""
    sizes = []

    def says(quick):
        sizes.append(quick)
        return [numbered("fake.a", 2.0 if quick else 1.0)]

    found = validate(fake(says), quick=False, workers=1, all_twins=blind(monkeypatch))
    assert sizes == [False, True, True]
    assert found.twins[0].failed == ()


def test_every_twin_has_a_group_that_must_notice_it():
    names = {group.name for group in validation.GROUPS}
    for twin in twins.TWINS:
        assert {group for group, _ in twin.must_fail} & names


def mentions(source):
    """Whether a source text names the twins' module or context."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    for node in nodes:
        if isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.name.split(".")[-1] for alias in node.names}
    return bool(names & {"twins", "disguised"})


def test_only_validation_and_the_runs_it_starts_know_the_twins():
    elsewhere = {".venv", ".venv-newer", "tests", "build"}
    parts = [p for p in ROOT.rglob("*.py") if not elsewhere & set(p.relative_to(ROOT).parts)]
    assert len(parts) > 80
    assert {str(p.relative_to(ROOT)) for p in parts if mentions(p.read_text())} == {
        "experiments/runner/runs.py",
        "experiments/validation/twins.py",
        "experiments/validation/validation.py",
    }


def test_a_module_that_knows_the_twins_is_seen():
    assert mentions("from carousel.experiments.validation.twins import disguised\n")
    assert mentions("from . import twins\n")
    assert not mentions("from .runs import map_runs\n")


def test_a_run_that_fails_in_a_twin_is_a_failed_run():
    with disguised("no-laps"):
        (failed,) = map_runs(mechanism_checks.random_book, [{"numbers": 1}], workers=1)
    assert isinstance(failed, FailedRun)
