"""What `diff`, `explain`, `cite` and the fork say is what the tables say."""

from __future__ import annotations

import copy
import re

import numpy as np
import pyarrow as pa
import pytest
from carousel.history.kinds import cause_text
from carousel.history.open_run import NotARun, Run, UnreadableTable
from carousel.ledger.causes import Cause
from carousel.narrative.chronicle import Happening
from carousel.report.citation import bibtex, of_program, tex
from carousel.report.differences import differences
from carousel.report.explanation import explained
from carousel.report.figure_fork import draw_fork, fork
from carousel.report.figure_style import styled
from carousel.report.payment_words import FOR, event_words
from carousel.report.run_tables import tables_of
from carousel.report.whole_run import run
from carousel.report.wording import dollars, signed_percent
from carousel.scenarios.branches import Fork
from carousel.scenarios.loader import load
from pyarrow.dataset import dataset

DAYS, DAY = 16, 9


@pytest.fixture(scope="module")
def base():
    return run(load("ai-2025", [f"days={DAYS}", "holders=250"]), seed=2)


@pytest.fixture(scope="module")
def branched(base):
    scenario = load("ai-2025", [f"days={DAYS}", "holders=250"])
    turn = Fork(day=DAY, set=["lab.*.revenue_growth_per_year=0"], announce="OpenAI: users leave")
    return run(turn.of(scenario), seed=2)


def text(sections):
    return "\n".join([line for s in sections for line in (s.title, *s.sentences)])


def changed(of, frames=(), **said):
    """The same run with a manifest that says something else, or other tables of some names."""
    tables = {name: lambda name=name: of.table(name) for name in of}
    for name, frame in dict(frames).items():
        tables[name] = lambda frame=frame: dataset(pa.Table.from_pandas(frame, preserve_index=False))
    return Run(of.manifest | said, of.answer, tables)


def test_a_run_differs_from_itself_nowhere(base):
    said = text(differences(base, base))
    assert "The same scenario, seed and versions." in said
    assert "Nowhere: both have the history" in said


def test_a_branch_differs_from_its_day_on_and_by_its_change(base, branched):
    said = text(differences(base, branched))
    assert f"Days 0 to {DAY - 1} are the same. The first day that differs is day {DAY} (22 Sep 2025)." in said
    assert re.search(r"only B has \[\[on\]\] .*set\.lab\.\*\.revenue_growth_per_year = 0", said)
    assert f"Day {DAY}, only in B: OpenAI: users leave." in said
    (events,) = [s for s in differences(base, branched) if s.title.startswith("Events")]
    assert events.sentences == (f"Day {DAY}, only in B: changed by the scenario: lab.*.revenue_growth_per_year = 0.",)
    for title in (f"Paid on day {DAY}", f"Paid from day {DAY} to day {DAYS}"):
        (paid,) = [s for s in differences(base, branched) if s.title == title]
        assert any(line.startswith("AI customers paid OpenAI") for line in paid.sentences)
    mirrored = text(differences(branched, base))
    assert re.search(r"only A has \[\[on\]\]", mirrored)
    assert f"Day {DAY}, only in A: OpenAI: users leave." in mirrored


@pytest.mark.parametrize(
    ("payer", "why"),
    [
        ("Thrive", f"Thrive puts no money in from day {DAYS} on in A either: that it stops takes nothing away."),
        ("AI customers", "most of it for AI services, out of what it has or has promised: who stops puts no"),
        ("customers of NVIDIA", ""),
    ],
)
def test_a_stop_that_moves_nothing_says_so_and_why(base, payer, why):
    said = base.manifest["scenario_text"]
    stopped = Fork(day=DAYS, stop=[payer]).of(load("ai-2025", [f"days={DAYS}", "holders=250"]))
    events = base["events"].copy()
    events.loc[events.index[-1], "detail"] = f"changed by the scenario: {payer} stops"
    other = changed(base, {"events": events}, digest="other", scenario_text=stopped.model_dump_json())
    (parts,) = [s.sentences for s in differences(base, other) if s.title == "Where they part"]
    assert parts[:2] == (
        "Payments and prices of all days are the same; what else differs is told below.",
        f"What is changed in only one of them has moved no payment and no price up to day {DAYS}, where both end.",
    )
    assert len(parts) == 2 + bool(why)
    assert why in parts[-1]
    same = changed(base, {"events": events}, digest="other", scenario_text=said)
    (parts,) = [s.sentences for s in differences(base, same) if s.title == "Where they part"]
    assert len(parts) == 1


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"seed": 3}, "seed: 2 in A, 3 in B."),
        ({"tracing": "fifo"}, "tracing: pro-rata in A, fifo in B."),
        ({"versions": {"numpy": "0"}}, "versions: numpy"),
        ({"chain": ["a"], "digest": "b"}, "The first day that differs is day 0"),
    ],
)
def test_what_a_run_was_made_from_is_compared(base, said, says):
    assert says in text(differences(base, changed(base, **said)))


def test_a_longer_run_goes_on(base):
    shorter = changed(base, chain=base.manifest["chain"][:-2], digest="other", days=DAYS - 2)
    assert f"the same to day {DAYS - 2}, and A goes on to day {DAYS}" in text(differences(base, shorter))


def test_values_that_are_the_same_in_words_are_not_told_apart(base):
    firms = base["firms"]
    links = base.manifest["chain"][:-1]
    of_a_cent, of_a_half = (firms.assign(valuation_cents=firms["valuation_cents"] + by) for by in (1, 10**13))
    for other, is_told in ((of_a_cent, False), (of_a_half, True)):
        parted = changed(base, {"firms": other}, chain=[*links, "other"], digest="other")
        assert any(s.title.startswith("Worth on") for s in differences(base, parted)) == is_told


def test_a_cent_in_any_table_is_found_where_it_stands(base):
    rng = np.random.default_rng(1)
    frames = {name: base[name] for name in base if len(base[name])}
    same = changed(base, frames)
    planted = 0
    for name, frame in frames.items():
        cents = [c for c in frame if c.endswith("cents") and frame[c].dtype == "int64"]
        if not cents:
            continue
        column, row = str(rng.choice(cents)), int(rng.integers(len(frame)))
        was, day = frame.loc[row, [column, "day"]]
        other = frame.copy()
        other.loc[row, column] += 1
        said = differences(same, changed(same, {name: other}))
        ((line, why),) = [s.sentences for s in said if s.title.startswith("Tables")]
        assert line.startswith(f"{name}: ")
        assert f"day {day}" in line
        assert f": {column} {was} in A, {was + 1} in B." in line
        assert "a table is not what was written" in why
        planted += 1
    assert planted > 15


def test_a_manifest_without_days_is_refused(base):
    bare = Run({key: value for key, value in base.manifest.items() if key != "days"}, base.answer, {})
    with pytest.raises(NotARun, match="says nothing of days"):
        differences(base, bare)


def test_a_day_without_its_date_is_told_without_it(base):
    frames = {name: base[name] for name in ("daily", "firms", "journal")}
    undated = {name: frame.assign(date=frame["date"].where(frame["day"] != 1, None)) for name, frame in frames.items()}
    assert text(explained(changed(base, undated), 1, 1)).startswith("Day 1 of ai-2025, seed 2")


def test_what_parts_without_a_payment_is_told(base):
    investors = base["investors"]
    without = investors.assign(dry_powder_cents=investors["dry_powder_cents"].where(investors["day"] < DAY, 0))
    events = base["events"].iloc[:-1]
    said = text(differences(base, changed(base, {"investors": without, "events": events}, digest="other")))
    assert re.search(rf"investors: day {DAY}, investor \S+, kind venture: dry_powder_cents \d+ in A, 0 in B; ", said)
    assert f"events: {len(events) + 1} rows in A, {len(events)} in B" in said
    assert re.search(r"Events that only one of them has\nDay \d+, only in A: ", said)
    assert "a table is not what was written" not in said


def test_a_longer_run_with_another_row_before_is_told(base):
    firms = base["firms"].query(f"day <= {DAYS - 2}").reset_index(drop=True)
    firms.loc[3, "cash_cents"] -= 1
    shorter = changed(base, {"firms": firms}, chain=base.manifest["chain"][:-2], digest="other", days=DAYS - 2)
    assert "firms: day 0" in text(differences(base, shorter))


@pytest.mark.parametrize(
    ("frames", "said", "says"),
    [
        (
            {"etf": lambda f: f.drop(columns="basket_cents")},
            {"kept": {"keep": ["etf.etf"]}},
            "etf: only A has basket_cents.",
        ),
        ({"cash": lambda f: f.iloc[:-1]}, {}, "they part at day 16"),
        ({}, {"kept": {"first_day": 1}}, "Not the same rows were kept"),
        ({"funds": lambda f: f.assign(fund=f["fund"].where(f["day"] > 0, "X"))}, {}, "in A, 'X' in B; 8 of 136 rows"),
    ],
)
def test_tables_that_are_not_alike_are_told_apart(base, frames, said, says):
    frames = {name: change(base[name]) for name, change in frames.items()}
    assert says in text(differences(base, changed(base, frames, **said)))


def test_a_table_that_only_one_has_is_told(base):
    tables = {name: lambda name=name: base.table(name) for name in base if name != "events"}
    other = Run(base.manifest | {"kept": {}}, base.answer, tables)
    same = changed(base, kept={})
    assert "events: only A has rows of it." in text(differences(same, other))


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("journal", lambda f: f.drop(columns="payer"), "it has no payer"),
        ("events", lambda f: f.assign(day=f["day"].astype(str)), "day is large_string, not int64"),
        ("firms", lambda f: f.rename(columns={"firm": "fund"}), "it has no firm"),
        ("daily", lambda f: f.assign(price_cents="?"), "price_cents is"),
    ],
)
def test_a_table_that_is_not_what_was_written_is_refused(base, table, change, why):
    damaged = changed(base, {table: change(base[table])})
    parted = changed(damaged, chain=["other"], digest="other")
    for told, runs in ((explained, (damaged, 1, 1)), (differences, (base, damaged)), (differences, (base, parted))):
        with pytest.raises(UnreadableTable, match=f"{table} cannot be read .*{why}"):
            told(*runs)


def test_a_journal_that_is_gone_is_no_day_without_payments(base):
    gone = Run(
        base.manifest, base.answer, {name: lambda name=name: base.table(name) for name in base if name != "journal"}
    )
    with pytest.raises(UnreadableTable, match=r"journal cannot be read .it is gone"):
        explained(gone, 1, 1)


@pytest.mark.parametrize("kept", [{"keep": ["journal.cents", "daily"]}, {"keep": [], "first_day": 5}])
def test_what_was_not_kept_is_not_told_as_what_did_not_happen(base, kept):
    few = {"journal": base["journal"][["day", "date", "cents"]]} if kept["keep"] else {}
    partial = changed(base, few, kept=kept, chain=["other"], digest="other")
    said = text(differences(base, partial))
    first = "kept: keep = nothing in A, journal.cents, daily in B." if few else "kept: first_day = 0 in A, 5 in B."
    assert first in said
    assert "only in" not in said
    assert "in A only" not in said
    if few:
        assert "Who paid whom" not in text(explained(partial, 1, 1))


def test_who_traded_is_told_gross_and_on_balance(base):
    (traded,) = [s.sentences for s in explained(base, 1, 1) if s.title == "Who traded"]
    rows = base["journal"].query("day == 1")
    paid, got = (
        rows[rows["cause"] == cause_text(cause)].groupby([column, "contract"])["cents"].sum()
        for cause, column in ((Cause.TRADE_PAY, "payer"), (Cause.TRADE_RECEIVE, "payee"))
    )
    for line, own in zip(traded, (paid, got), strict=False):
        sums = own.groupby(level=0).sum().sort_values(ascending=False)
        assert f"most: {sums.index[0]} {dollars(sums.iloc[0])} (" in line
        assert line.endswith(f"; all together {dollars(own.sum())}.")
        most = own[sums.index[0]].sort_values(ascending=False)
        told = most.index[0] if len(most) == 1 else f"{dollars(most.iloc[0])} of it {most.index[0]}"
        assert f"{sums.index[0]} {dollars(sums.iloc[0])} ({told})" in line
    net = paid.groupby(level=0).sum().sub(got.groupby(level=0).sum(), fill_value=0).sort_values()
    assert f"bought most beyond what they sold: {net.index[-1]} {dollars(net.iloc[-1])}" in traded[2]
    assert f"sold most beyond what they bought: {net.index[0]} {dollars(-net.iloc[0])}" in traded[3]
    assert traded[4].endswith("added up over all securities: who buys one may sell another.")
    assert next(s.sentences[-1] for s in explained(base, 1, 2) if s.title == "Who traded") != traded[4]


def test_a_day_is_told_as_its_tables_have_it(base):
    said = text(explained(base, 1, 1))
    assert said.startswith("Day 1, 10 Sep 2025, of ai-2025, seed 2")
    assert "Oracle: «OpenAI signs for 4.5 GW from Oracle» (contract; $300 bn announced" in said
    (item,) = base["announcements"].query("day == 1").itertuples()
    assert (
        f". Oracle moved by {signed_percent(item.day0_return)} that day ({dollars(item.value_gained_cents)}, " in said
    )
    journal = base["journal"]
    paid = journal[(journal["day"] == 1) & (journal["cause"] == cause_text(Cause.REVENUE_AI))]
    assert len(paid) == 1
    assert re.search(r"AI customers paid OpenAI \$[\d.]+ m for AI services \(its money: 100 % AI customers\)", said)
    daily = base["daily"]
    oracle = daily[daily["security"] == "Oracle"]["price_cents"].to_list()
    assert f"Oracle {oracle[1] / oracle[0] - 1:+.1%}".replace("%", " %") in said


def test_where_nothing_is_traced_nothing_is_said_to_come_back(base):
    paid = base["journal"]
    half = paid.assign(recycled_cents=paid["cents"] // 2)
    assert ", 50 % had been round before)" in text(explained(changed(base, {"journal": half}), 1, 1))
    untraced = paid.drop(columns=["recycled_cents", "from_bank_credit_cents"])
    assert "had been round before" not in text(explained(changed(base, {"journal": untraced}), 1, 1))


def test_a_story_and_the_orders_of_others_are_those_of_the_tables(base):
    stories = base["daily"].pivot(index="day", columns="security", values="narrative_log_multiple").diff()
    orders = base["daily"].pivot(index="day", columns="security", values="order_imbalance_shares")
    told = 0
    for day in range(2, DAYS + 1):
        for line in (line for s in explained(base, day, day) if s.title == "What moved" for line in s.sentences):
            if "the funds' value of it" not in line:
                continue
            name = line.split(" +")[0].split(" -")[0]
            if said := re.search(r"the story of it (\S+ %)", line):
                assert said[1] == signed_percent(stories.at[day, name])
                told += 1
            way = np.sign(orders.at[day, name])
            assert ("wished to buy" in line, "wished to sell" in line) == (way > 0, way < 0)
    assert told


def test_parts_of_a_move_add_up(base):
    for line in (s for section in explained(base, 1, DAYS) for s in section.sentences):
        if "the funds' value of it" not in line:
            continue
        parts = {m[0]: float(m[1]) for m in re.findall(r"([a-z ,']+) ([+-][\d.]+) %", line)}
        in_it = dict(re.findall(r"(the story of it|trend and sentiment|claims on it) ([+-][\d.]+) %", line))
        of_value = sum(map(float, in_it.values()))
        whole = next(value for words, value in parts.items() if "funds' value" in words)
        assert of_value == pytest.approx(whole, abs=0.8), line


def test_several_days_say_the_day_of_each_line(base):
    said = explained(base, 1, DAYS)
    lines = next(s for s in said if s.title == "What was announced").sentences
    assert len(lines) == len(base["announcements"])
    assert all(line.startswith("Day ") for line in lines)


def test_every_cause_and_every_happening_has_words():
    assert set(FOR) == set(Cause)
    for kind in Happening:
        assert event_words(kind, "A", "B", 500, "why") == event_words(str(kind), "A", "B", 500, "why")


def test_the_fork_has_one_past_and_two_futures(base, branched):
    with styled():
        drawn = fork(tables_of(base), tables_of(branched), DAY)
    axes = [each for each in drawn.axes if each.lines]
    assert axes[0].get_title(loc="left").startswith("OpenAI: ")
    past, was, now = axes[0].lines[:3]
    assert len(past.get_ydata()) == DAY
    assert was.get_ydata()[0] == now.get_ydata()[0] == past.get_ydata()[-1]
    assert was.get_ydata()[-1] != now.get_ydata()[-1]


def test_the_fork_is_drawn_into_a_folder_that_is_not_there_yet(base, branched, tmp_path):
    drawn = draw_fork(base, tables_of(branched), DAY, tmp_path / "some" / "where")
    assert drawn.parent == tmp_path / "some" / "where"
    assert drawn.stat().st_size > 10_000


def test_a_run_without_tables_gives_a_figure_and_words_that_say_so(base):
    bare = Run(base.manifest | {"kept": {"keep": ["etf"]}}, base.answer, {})
    with styled():
        assert fork(tables_of(bare), tables_of(bare), DAY).axes[0].texts
    assert "tell nothing" in text(explained(bare, 3, 3))


def test_a_run_is_cited_with_version_and_digest(base):
    entry = bibtex(base.manifest | {"commit": "abc"})
    assert base.manifest["digest"] in entry
    assert "commit abc" in entry
    assert of_program()["title"] in entry
    assert f"version = {{{base.manifest['versions']['carousel']}}}" in entry
    assert entry.count("{") == entry.count("}")
    turned = bibtex(base.manifest | {"branched_from": {"digest": "d1", "day": 9, "date": "2025-09-22"}})
    assert "16 trading days, another turn from day 9 (2025-09-22)}}," in turned
    assert "; another turn from day 9 (2025-09-22) of history d1" in turned
    longer = bibtex(base.manifest | {"extended_from": {"digest": "d2", "days": 12}})
    assert "16 trading days, run on from day 12}}," in longer
    assert "; run on from day 12 of history d2" in longer
    hostile = copy.deepcopy(base.manifest) | {"scenario": "a}b\\c%\nd"}
    assert r"a\}b\textbackslash{}c\% d" in bibtex(hostile)
    with pytest.raises(NotARun, match="digest"):
        bibtex({key: value for key, value in base.manifest.items() if key != "digest"})


def test_tex_sees_no_command():
    assert tex("50 % & $ #_{}~^\\") == (r"50 \% \& \$ \#\_\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}")
