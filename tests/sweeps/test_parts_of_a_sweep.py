"""What a sweep is led by: chunks, failures alike, trails of who died, the kept text."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest
from carousel.experiments.runner.alone import Lost, call_alone
from carousel.experiments.runner.crumbs import Crumbs
from carousel.experiments.runner.limits import RunLimits
from carousel.experiments.sweeps.chunks import chunk_sizes
from carousel.experiments.sweeps.extension import refuse_other_changes
from carousel.experiments.sweeps.failures import AlikeFailures
from carousel.experiments.sweeps.preflight import differences
from carousel.experiments.sweeps.status import Meter, Status
from carousel.experiments.sweeps.sweep_faults import validated
from carousel.experiments.sweeps.sweep_text import read_sweep, text_of
from carousel.experiments.sweeps.worker import Failure
from carousel.scenarios.errors import BadInput
from carousel.tests.sweeps import poison
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(1, 5000), st.none() | st.floats(1e-4, 1e4), st.integers(1, 64))
def test_chunks_hold_every_run_once_and_at_most_fifty(runs, seconds, workers):
    sizes = chunk_sizes(runs, seconds, workers)
    assert sum(sizes) == runs
    assert min(sizes) >= 1
    assert max(sizes) <= 50
    assert sizes == sorted(sizes, reverse=True)


def test_the_first_estimate_counts_what_goes_before_the_first_run_and_later_ones_the_rate():
    meter = Meter(60)
    assert meter.seconds_left(None) is None
    assert meter.seconds_left(0.1) == pytest.approx(6.0)
    assert 6.0 < meter.seconds_left(0.1, before=100.0) <= 106.0
    meter.knows(60, 60, 0)
    assert meter.seconds_left(0.1, before=100.0) == 0.0
    meter.knows(60, 0, 0)
    meter.take(30, 0)
    assert meter.seconds_left(0.1, before=100.0) < 50.0


def test_a_chunk_is_two_seconds_of_work_and_the_last_ones_are_shorter():
    sizes = chunk_sizes(1000, 0.05, 2)
    assert sizes[0] == 40
    assert sizes[-1] <= 4
    assert chunk_sizes(3, 60.0, 2) == [1, 1, 1]
    assert chunk_sizes(3, None, 2) == [1, 1, 1]


def failure(text, status=Status.FAILED):
    return Failure(0, status, text)


def test_failures_are_alike_whatever_numbers_they_name():
    alike = AlikeFailures(3)
    assert not alike.take([failure("ValueError: on day 3"), failure("ValueError: on day 14")])
    assert alike.take([failure("ValueError: on day 200")])
    assert alike.example == "ValueError: on day 3"


def test_one_failure_of_another_kind_lets_a_sweep_go_on():
    alike = AlikeFailures(3)
    assert not alike.take([failure("a"), failure("b")])
    assert not alike.take([failure("a")] * 50)
    assert not AlikeFailures(2).take([failure("a"), failure("a", Status.KILLED)])


def dies(number: int) -> int:
    """Ends its process, if the number is odd."""
    if number % 2:
        os._exit(3)
    return number


@pytest.mark.slow
def test_who_was_under_way_is_suspected_and_who_dies_alone_is_lost(tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"suspects": [2], "hung": {"5": "f, line 1"}, "now": 3}))
    with Crumbs(tmp_path, "c") as crumbs:
        assert crumbs.suspects == {2, 3}
        found = [crumbs.call(n, dies, (n,), RunLimits()) for n in (2, 3, 4, 5)]
    assert found == [2, Lost(how="exit status 3"), 4, Lost(where="f, line 1")]
    assert list(tmp_path.iterdir()) == []


def test_a_trail_without_sense_suspects_nobody(tmp_path):
    (tmp_path / "c.json").write_text("[")
    assert Crumbs(tmp_path, "c").suspects == set()


def test_a_process_of_a_run_alone_ends_without_a_word(capfd):
    assert call_alone(divmod, (7, 2), RunLimits()) == (3, 1)
    assert capfd.readouterr().err == ""


def test_what_hangs_alone_says_where():
    assert call_alone(poison.sleeps, (60,), RunLimits(seconds=0.5)).where.startswith("sleeps, line ")


SAID = {
    "question": 'Why "now"?',
    "outcomes": ["regime", "drawdown"],
    "replications": {"number": 3, "compare_with": "a b"},
    "case": [
        {"name": "a b"},
        {
            "name": "later",
            "set": {"milestone.NVIDIA-OpenAI investment.announced": date(2026, 3, 23)},
            "on": [{"date": date(2026, 6, 1), "set": {"lab.*.revenue_share": 0.5}}],
        },
    ],
    "vary": {"committed_scale": {"low": 0.5, "high": 2.0, "steps": 3}},
}


def test_the_kept_text_says_all_of_a_sweep():
    sweep = validated(SAID, "sweep")
    assert read_sweep(text_of(sweep), "kept") == sweep


def test_points_of_a_list_stand_in_the_kept_text():
    said = {"outcomes": ["regime"], "design": {"kind": "list"}, "vary": {"committed_scale": {"values": [0.5, 2.0]}}}
    sweep = validated(said, "sweep")
    assert read_sweep(text_of(sweep), "kept").vary["committed_scale"].values == (0.5, 2.0)


@pytest.mark.parametrize("more", [{"replications": {"number": 9}}, {"limits": {"seconds_per_run": 9.0}}])
def test_more_seeds_and_other_limits_are_the_same_sweep(more):
    refuse_other_changes(poison.asked(5), poison.asked(5, **more), "s")
    with pytest.raises(BadInput, match="days"):
        refuse_other_changes(poison.asked(5), poison.asked(5, **more, days=99), "s")


def test_a_difference_names_both_sides():
    assert differences({"numpy": "1"}, {"numpy": "2"}) == ("numpy is 1, not 2",)
    assert differences({"a": "1"}, {"a": "1"}) == ()
