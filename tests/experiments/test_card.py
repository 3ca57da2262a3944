"""The validation card: a world outside its band counts as outside, bounds are the published ones, rows do not mix."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from carousel import docs
from carousel.cli.app import app
from carousel.experiments.runner.cases import FailedRun
from carousel.experiments.runner.intervals import exact_bounds
from carousel.experiments.validation import card as cards
from carousel.experiments.validation import card_page
from carousel.experiments.validation.bands import Judged, check_of
from carousel.experiments.validation.card import Card, NoCard, measured_into, read_card, row_of, text_of
from carousel.experiments.validation.card_lines import lines_of
from carousel.experiments.validation.card_page import page, write_card
from carousel.experiments.validation.checks import ABOVE_NOTHING, ClaimKind, Worlds
from carousel.experiments.validation.circle_bands import BANDS, values_of
from carousel.experiments.validation.circle_books import claims_of as book_claims_of
from carousel.experiments.validation.circle_checks import claims_of
from carousel.experiments.validation.circle_horizon import Close, Quarter, course_of
from carousel.experiments.validation.circle_plan import CARD, FIRST_SEED, FULL, QUICK, Part, days_of, seeds_of
from carousel.experiments.validation.circle_regimes import SHORT, WORLDS
from carousel.experiments.validation.circle_worlds import LETTER_DAY, READ_DAYS
from carousel.experiments.validation.fixed_rows import ROWS
from carousel.experiments.validation.turn_checks import wilson
from carousel.history.kinds import Channel
from typer.testing import CliRunner

BAND = {band.key: band for band in BANDS}
PLAIN = Quarter(0, 0, 0, 100.0, 40e9, 4e12, 1e12, 0.5e12, 0.01)
PLAINS = [list(PLAIN)] * 19
PLAN = (Part(("circle", "twin"), 3, LETTER_DAY),)


def course(kinds=(), regime="expansion", closes=None, days=1260, **quarter):
    """A made-up course: Oracle stands at log price 5 and the lab has raised nothing until the call."""
    plain = {day: Close(5.0, 0.005, 14e9, 450e9, 22.5e9 if day >= 76 else 0.0) for day in READ_DAYS}
    return {
        "days": days, "regime": regime, "times": dict.fromkeys(kinds, 1),
        "quarters": [list(PLAIN._replace(**quarter))] * 20,
        "closes": {day: list(plain[day]._replace(**(closes or {}).get(day, {}))) for day in READ_DAYS},
        "third_year": {"served_usd": 40e9, "demand_usd": 50e9, "is_expansion": 1.0, **dict.fromkeys(Channel, 1.0)},
    }  # fmt: skip


def worlds(**others):
    """All worlds of a seed: alike but for the regime of the twin, and what is said."""
    return dict.fromkeys(WORLDS | SHORT, course()) | {"twin": course(regime="none")} | others


def inside(key, **others):
    """Whether the worlds of a seed are inside a band; None if they say nothing."""
    band, value = BAND[key], values_of(worlds(**others))[key]
    return None if math.isnan(value) else bool(Worlds((value,), band.low, band.high).inside)


@pytest.mark.parametrize(
    ("successes", "n", "exact", "score"),
    [
        (81, 263, (0.2527, 0.3676), (0.2553, 0.3662)), (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1684), (0.0, 0.1611)), (1, 29, (0.0009, 0.1776), (0.0061, 0.1718)),
    ],
)  # fmt: skip
def test_bounds_of_a_share_are_those_that_newcombe_prints(successes, n, exact, score):
    """Newcombe (1998), Statistics in Medicine 17, table I: methods 5 (Clopper & Pearson) and 3 (Wilson)."""
    assert exact_bounds(successes, n, confidence=0.975) == pytest.approx(exact, abs=6e-5)
    assert wilson(successes, n) == pytest.approx(score, abs=6e-5)


def test_where_all_worlds_are_inside_the_lower_bound_is_the_root_of_one_in_twenty():
    assert exact_bounds(1000, 1000) == pytest.approx((0.05 ** (1 / 1000), 1))
    assert exact_bounds(0, 1000) == pytest.approx((0, 1 - 0.05 ** (1 / 1000)))


def test_a_world_on_the_edge_is_inside_and_one_that_says_nothing_is_not_counted():
    found = Worlds((2.0, 9.0, 9.001, 1.999, math.nan), 2, 9)
    assert (found.inside, len(found.said)) == (2, 4)
    assert Worlds((0.0, 1e-9), ABOVE_NOTHING, math.inf).inside == 1


def after(day, **close):
    """Closes that differ from a day on."""
    return {d: close for d in READ_DAYS if d >= day}


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("letter", {"circle": course(closes=after(9, oracle_log=5.05))}, {"circle": course()}),
        ("letter", {"circle": course(closes=after(9, oracle_log=5.02))},
         {"circle": course(closes=after(9, oracle_log=5.1))}),
        ("letter_alone", {}, {"no claims": course(closes=after(9, oracle_log=5.02))}),
        ("drift", {"circle": course(closes=after(61, oracle_log=4.9))}, {"circle": course(closes={61: {}})}),
        ("fades", {"circle": course(closes=after(1, oracle_log=5.3) | {100: {"oracle_log": 5.1}})},
         {"circle": course(closes=after(1, oracle_log=5.3))}),
        ("spread", {}, {"circle": course(closes=after(77, spread=0.0152))}),
        ("spread_up", {"circle": course(closes=after(77, spread=0.0051))}, {}),
        ("revenue", {}, {"circle": course(closes=after(77, revenue_usd=20.1e9))}),
        ("mark", {}, {"circle": course(closes=after(25, lab_usd=501e9))}),
        ("raised", {}, {"circle": course(closes=after(79, raised_usd=23.5e9))}),
        ("raised", {}, {"circle": course(closes=after(25, raised_usd=22.5e9))}),
        ("compute_earns", {"twin": course(revenue_usd=14e9)}, {}),
        ("capacity_bound", {}, {"circle": course(revenue_usd=35e9)}),
        ("sells_faster", {"fast": course(nvidia_usd=4.1e12)}, {"fast": course(nvidia_usd=3.9e12)}),
        ("sells_more", {"more chips": course(nvidia_usd=4.1e12)}, {}),
        ("builds_more", {}, {"fast": course(oracle_usd=0.98e12)}),
        ("regime_of_twin", {}, {"twin": course(regime="stall")}),
        ("resets", {"circle": course(["renegotiated"])}, {}),
        ("resets_slow_pairs", {"slow": course(["milestone_cut"])}, {"circle": course(["cancelled"])}),
        ("regime_stall", {"circle": course(regime="stall")}, {}),
        ("same_without_moods", {}, {"calm": course(regime="stall")}),
        ("boom.raised", {"boom": course(rounds_usd=1e9)}, {}),
        ("boom.back_oracle", {}, {"boom": course(oracle_usd=1.06e12)}),
    ],
)  # fmt: skip
def test_a_planted_fault_leaves_the_band_that_a_sound_world_is_in(key, good, bad):
    assert inside(key, **good) is True
    assert inside(key, **bad) is False


def test_worlds_that_were_not_run_so_far_say_nothing():
    assert inside("resets", circle=course(days=756)) is None
    assert inside("sells_faster", fast=course(delivered_mw=0.0)) is None
    assert inside("resets_slow_pairs") is None
    assert all(math.isnan(value) for value in values_of({}).values())


def test_claims_are_judged_by_median_by_share_and_by_fan():
    letter = check_of(BAND["letter"], [1.0, 2.5, 3.0, math.nan])
    assert (letter.measured, letter.verdict, letter.kind) == (2.5, "holds", ClaimKind.FITTED)
    assert check_of(BAND["letter"], [1.0, 1.5, 3.0]).verdict == "misses"
    assert check_of(BAND["sells_more"], [1.0] * 9 + [0.0]).measured == 0.9
    assert check_of(BAND["sells_more"], [1.0] * 8 + [0.0, -1.0]).verdict == "misses"
    assert check_of(BAND["spread"], [100.0, 150.0, 160.0]).verdict == "holds"
    assert check_of(BAND["spread"], [100.0, 120.0, 140.0]).measured == pytest.approx(151 - 138)
    assert [check_of(BAND["resets"], values).verdict for values in ([0, 0], [0, 1], [1, 1])] == [
        "misses", "holds", "misses",
    ]  # fmt: skip


def test_a_short_course_is_the_beginning_of_a_longer_one():
    short, longer = (course_of([], FIRST_SEED, days=days) for days in (9, 26))
    assert short["closes"] == {day: close for day, close in longer["closes"].items() if day <= 9}
    assert set(longer["closes"]) == {1, 8, 9, 25}


def test_a_longer_part_of_a_plan_serves_the_claims_of_a_shorter_one():
    assert days_of(QUICK, FIRST_SEED)["circle"] == 756
    assert days_of(QUICK, FIRST_SEED + 199) == {"circle": 100, "twin": 100}
    for plan in (FULL, QUICK, CARD):
        assert {name for seed in seeds_of(plan) for name in days_of(plan, seed)} <= set(WORLDS | SHORT)
        longest = days_of(plan, FIRST_SEED)
        assert all(days_of(plan, seed).get(name, 0) <= longest[name] for seed in seeds_of(plan) for name in longest)
    needed = {name for band in BANDS for name in band.needs}
    assert needed <= set(days_of(CARD, FIRST_SEED))
    assert all(days_of(CARD, FIRST_SEED)[name] >= band.days for band in BANDS for name in band.needs)


@pytest.fixture
def machine(monkeypatch):
    """A machine that says which seeds it has run, and fails or is interrupted where it is told to."""

    class Machine:
        digest, stop_at, fails = "aa", None, ()

        def __init__(self):
            self.ran = []

        def run(self, plan, seeds, **_):
            if self.stop_at in seeds:
                raise KeyboardInterrupt
            self.ran += seeds
            failed = FailedRun({}, "ValueError: planted", "here")
            return [{"circle": failed if seed in self.fails else course(), "twin": course()} for seed in seeds]

    found = Machine()
    monkeypatch.setattr(cards, "new_card", lambda: Card(found.digest, "1.2", {}))
    monkeypatch.setattr(cards, "run_plan", found.run)
    monkeypatch.setattr(cards, "BLOCK", 1)
    return found


def test_an_interrupted_card_goes_on_and_ends_as_one_that_was_not(machine, tmp_path):
    whole = measured_into(tmp_path / "whole.csv", PLAN)
    machine.ran, machine.stop_at = [], 102
    with pytest.raises(KeyboardInterrupt):
        measured_into(tmp_path / "card.csv", PLAN)
    assert not (tmp_path / "card.csv").exists()
    machine.stop_at = None
    assert text_of(measured_into(tmp_path / "card.csv", PLAN)) == text_of(whole)
    assert machine.ran == [100, 101, 102]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card.csv", "whole.csv"]
    measured_into(tmp_path / "card.csv", PLAN)
    assert machine.ran == [100, 101, 102]


def test_rows_of_another_machine_and_of_a_shorter_plan_are_measured_anew(machine, tmp_path):
    measured_into(tmp_path / "card.csv", PLAN)
    machine.digest = "bb"
    assert measured_into(tmp_path / "card.csv", PLAN).machine == "bb"
    assert len(machine.ran) == 6
    measured_into(tmp_path / "card.csv", (Part(("circle", "twin"), 3, 100),))
    assert len(machine.ran) == 9


def test_a_failed_run_is_counted_says_nothing_and_is_tried_again(machine, tmp_path):
    machine.fails = (101,)
    found = measured_into(tmp_path / "card.csv", PLAN)
    assert [row["failed"] for row in found.rows.values()] == [0, 1, 0]
    assert math.isnan(found.rows[101]["letter"])
    line = next(line for line in lines_of(found) if line.band is cards.RUNS)
    assert (line.worlds.inside, len(line.worlds.said)) == (2, 3)
    machine.fails = ()
    assert measured_into(tmp_path / "card.csv", PLAN).rows[101]["failed"] == 0
    assert machine.ran == [100, 101, 102, 101]
    machine.fails = (100,)


def test_a_card_of_which_every_run_fails_stops_at_once(machine, tmp_path, monkeypatch):
    failed = FailedRun({}, "ValueError: planted", "here")
    monkeypatch.setattr(cards, "run_plan", lambda *_, **__: [{"circle": failed, "twin": failed}])
    with pytest.raises(RuntimeError, match=r"seeds 100 to 100 failed: ValueError: planted \(here\)"):
        measured_into(tmp_path / "card.csv", PLAN)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_card_is_refused_and_never_mixed_in(machine, tmp_path):
    path = tmp_path / "card.csv"
    sound = text_of(measured_into(path, PLAN))
    for text in ("", "a,b\n", sound.replace("letter", "later"), sound + "1,2\n", sound.replace("\n100,", "\nx,")):
        path.write_text(text)
        with pytest.raises(NoCard, match=r"card\.csv.*allowed"):
            read_card(path)
        assert text_of(measured_into(path, PLAN)) == sound


def test_the_page_and_the_picture_have_a_row_for_each_band(tmp_path, monkeypatch):
    plain, moved = worlds(slow=course(["cancelled"])), worlds(circle=course(closes=after(1, oracle_log=5.3)))
    rows = {seed: row_of(seed, {"circle": 1}, plain) for seed in (100, 101)}
    rows[102] = row_of(102, {"circle": 1}, moved | {"no claims": course()})
    card = Card("aa", "1.2", rows)
    monkeypatch.setattr(card_page, "measured_into", lambda *_, **__: card)
    assert [path.name for path in write_card(tmp_path / "card.md", PLAN)[1]] == ["card.md", "card.csv", "card.png"]
    text = (tmp_path / "card.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "(`drift`)" in line)
    assert "| −20 to −6 % | 3 | 0 | 0 % | 0 % |" in line
    assert line.endswith("| the median inside | **misses** |")
    assert all(f"(`{line.band.key}`)" in text for line in lines_of(card))
    assert {band.key for band in BANDS if band.judged is not Judged.NOT} <= {line.band.key for line in lines_of(card)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--accept"], "came with --accept"), (["--group", "circle"], "came with --group"),
        (["--quick", "--out", "card.md"], "came with --quick and --out"), (["--out", "card.csv"], "ends in .md"),
        (["--out", "nowhere/card.md"], "nowhere"),
    ],
)  # fmt: skip
def test_what_a_card_cannot_be_asked_for_is_refused_before_the_work(options, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cards, "run_plan", lambda *_, **__: pytest.fail("it ran"))
    ended = CliRunner().invoke(app, ["validate", "--card", *options])
    assert ended.exit_code != 0
    assert said in ended.output + str(ended.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_page_of_the_card_is_what_its_raw_numbers_say():
    """After a change that moves them: `python run.py validate --card`."""
    folder = Path(docs.__path__[0])
    if not (folder / "card.csv").exists():
        pytest.skip("no card has been made of this version yet")
    card = read_card(folder / "card.csv")
    assert (folder / "card.md").read_text(encoding="utf-8") == page(card, "figures/card.png", "card.csv")
    assert text_of(replace(card)) == (folder / "card.csv").read_text(encoding="utf-8")


def test_every_row_that_was_fixed_is_judged_by_claims_that_are_made():
    """On worlds that are made up: what they come to does not matter."""
    lives = [worlds(circle=course()) for _ in range(3)]
    for seed, world in enumerate(lives):
        world["circle"]["quarters"] = [*PLAINS, list(PLAIN._replace(nvidia_usd=(4 + seed) * 1e12))]
    made = {check.key for check in (*claims_of(lives), *book_claims_of([], ""))}
    named = [key for row in ROWS for key in row.claims]
    assert set(named) <= made
    assert len(set(named)) == len(named)
    assert [row.name for row in ROWS if not row.claims] == ["dead parameters (x .5 and x 2 change no digest)"]
