"""Outcomes say what the report of a full run says: each is worked out again from the recorded tables."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.experiments.sweeps.outcomes import OUTCOMES, names_of, series_names_of, types_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.history.recorder import observe
from carousel.model import CarouselModel, run
from carousel.narrative.chronicle import Happening
from carousel.report import measures_market as market
from carousel.report import measures_origin as origin
from carousel.report import measures_promises as promised
from carousel.report import measures_turn as turn
from carousel.report.answer import plain
from carousel.report.answer_holding import left_holding, vendor_claims
from carousel.report.answer_text import Context
from carousel.report.store import answer_of
from carousel.scenarios.loader import load

BUNDLED = {
    "ai-2025": ["days=260", "holders=300", "lab.*.revenue_growth_per_year=0", "bond_buyer.*.opening_cash_usd=0"],
    "ai-2025-as-printed": ["days=130", "holders=300"],
    "ai-2025-ticket": ["days=130", "holders=300"],
    "ai-2025-wide-september": ["days=150", "holders=300"],
    "joke": [],
    "vendor-loans": ["days=300", "holders=300"],
    str(Path(__file__).parents[2] / "docs" / "gallery" / "instruments" / "listing.toml"): ["days=45", "holders=300"],
}


@pytest.fixture(scope="module", params=list(BUNDLED))
def told(request):
    """A run of a bundled scenario that was watched, and the same run recorded with its answer."""
    scenario = load(request.param, BUNDLED[request.param])
    model = CarouselModel(scenario, rng=3)
    recorder = observe(model)
    run(model)
    recorder.finish()
    tables = recorder.sink.tables()
    measured = run_world(scenario, 3, names_of(["*"], scenario), series_names_of(["*"], scenario))
    answer = answer_of(model, recorder)
    return SimpleNamespace(
        name=request.param, scenario=scenario, model=model, tables=tables, measures=answer.measures,
        scalars=measured.scalars, tracks=measured.tracks,
    )  # fmt: skip


def of(told, stem):
    """The outcomes of one stem, by what stands behind it."""
    return {name[len(stem) + 1 :]: value for name, value in told.scalars.items() if name.partition(".")[0] == stem}


def is_circle(told):
    return told.name != "joke"


def test_every_outcome_is_measured_under_its_own_name_and_type(told):
    assert set(told.scalars) == set(names_of(["*"], told.scenario))
    for name, kind in types_of(told.scalars).items():
        value = told.scalars[name]
        assert value is None or type(value) is kind, name
        assert not isinstance(value, float) or math.isfinite(value), name


def test_regime_and_falls_are_those_of_the_answer(told):
    if not is_circle(told):
        assert told.scalars["regime"] is None
        return
    for name in ("regime", "drawdown", "delivered_mw", "contracted_mw"):
        assert told.scalars[name] == told.measures[name], name
    assert told.scalars["turned"] == (told.measures["regime"] in ("reversal", "default"))
    relative = told.measures["peak_and_trough_relative"]
    assert told.scalars["drawdown_relative"] == relative["drawdown"]
    assert (told.scalars["peak_day"], told.scalars["trough_day"]) == (relative["peak_day"], relative["trough_day"])
    assert plain(told.scalars["planned_mw"]) == told.measures["planned_mw"]


def test_first_days_and_counts_of_events_are_those_of_the_events_table(told):
    events = told.tables["events"]
    first, times = events.groupby("kind")["day"].min(), events["kind"].value_counts()
    for kind in Happening:
        assert told.scalars[f"first_day.{kind}"] == (int(first[kind]) if kind in first else None)
        assert told.scalars[f"times.{kind}"] == int(times.get(kind, 0))


def test_the_chain_is_that_of_a_run_that_turned(told):
    if not is_circle(told):
        return
    chain = json.loads(told.scalars["chain"])
    assert bool(chain) <= bool(told.scalars["turned"])
    events = told.tables["events"]
    if told.scalars["turned"]:
        wanted = turn.turning_chain(events, 0, events.loc[events["kind"].isin(turn.BREAKS), "day"].max())
        assert [(link["day"], link["kind"], link["times"], link["cents"]) for link in chain] == [
            (link.day, link.kind, link.times, link.cents) for link in wanted
        ]


def test_payer_shares_are_those_of_the_origins_table_under_every_rule(told):
    origins, seen = told.tables["origins"], set()
    for by, stem in (("origin_class", "payer_share"), ("origin", "pocket_share")):
        found = of(told, stem)
        for (rule, flow), rows in origins.groupby(["rule", "flow"]):
            for receiver in ("all", *sorted(set(rows["receiver"]))):
                wanted = origin.origin_shares(
                    origins, flow=flow, rule=rule, receiver=None if receiver == "all" else receiver, by=by
                )
                prefix = f"{rule}.{flow}.{receiver}."
                got = {name[len(prefix) :]: value for name, value in found.items() if name.startswith(prefix)}
                assert {n: v for n, v in got.items() if v} == dict(zip(wanted[by], wanted["share"], strict=True))
                assert math.isclose(sum(got.values()), 1, rel_tol=1e-12)
                seen |= {(stem, prefix + name) for name in got}
        assert all(value is None for name, value in found.items() if (stem, name) not in seen)


def test_recycled_shares_and_receipts_are_those_of_the_origins_table(told):
    origins = told.tables["origins"]
    for label, value in of(told, "recycled_share").items():
        rule, flow, receiver = label.split(".")
        wanted = origin.recycled_share(origins, flow=flow, rule=rule, receiver=None if receiver == "all" else receiver)
        assert value == plain(wanted), label
    now = origin.latest(origins)
    for label, value in of(told, "received").items():
        flow, receiver = label.split(".")
        rows = now[(now["rule"] == "pro-rata") & (now["flow"] == flow)]
        rows = rows if receiver == "all" else rows[rows["receiver"] == receiver]
        assert value == int(rows["cents"].sum()), label


def test_gains_and_the_worst_loser_are_those_of_the_positions_table(told):
    positions = told.tables["positions"]
    table = market.gain_and_loss_per_class(positions).set_index("group")
    for stem, column in (("gain", "gain_cents"), ("holds", "value_cents"), ("net_cash", "net_cash_cents")):
        for group, value in of(told, stem).items():
            assert value == (int(table.loc[group, column]) if group in table.index else 0), (stem, group)
    if not is_circle(told):
        return
    context = Context(tables=told.tables, scenario=told.scenario, rule="pro-rata", planned_mw=None)
    said = next(line for line in left_holding(context).headlines if line.startswith("Who is left holding? "))
    worst = told.scalars["worst_loser"]
    assert ("No class of holders has lost" in said) == (worst == "nobody")
    assert worst == "nobody" or f"? {worst[0].upper()}{worst[1:]} lost $" in said
    held = market.holding_classes(positions, told.tables["firms"])
    assert held <= set(of(told, "gain"))


def test_net_sources_sum_to_what_outside_accounts_have_put_in(told):
    positions, model = told.tables["positions"], told.model
    now = origin.latest(positions).set_index("party")
    for group, value in of(told, "net_source").items():
        journal = model.books.journal
        parties = [journal.names[a] for a in journal.origin_accounts if journal.origin_class(a) == group]
        there = now.loc[now.index.intersection(parties)]
        assert value == int((there["cash_out_cents"] - there["cash_in_cents"]).sum()), group


def test_promises_are_those_of_the_commitments_table(told):
    rows = origin.latest(told.tables["commitments"]).set_index("commitment")
    for stem, column in (("announced", "announced_cents"), ("committed", "committed_cents"), ("paid", "paid_cents")):
        found = of(told, stem)
        assert found == {name: int(rows.loc[name, column]) for name in found}
    assert of(told, "credibility") == {name: float(rows.loc[name, "credibility"]) for name in of(told, "credibility")}
    for claim in vendor_claims(told.tables["loans"], told.model.clock.day):
        if claim["vendor"] in of(told, "owed"):
            assert told.scalars[f"owed.{claim['vendor']}"] == claim["owed_cents"]
    for vendor in told.measures.get("vendor_finance", ()):
        assert told.scalars[f"written_off.{vendor['vendor']}"] <= vendor["lost_cents"]


def test_firms_are_those_of_the_firms_table_on_every_day(told):
    firms = told.tables["firms"]
    columns = {
        "market_value": "valuation_cents", "cash": "cash_cents", "debt": "debt_cents", "spread": "spread_per_year",
        "capacity_mw": "capacity_mw",
    }  # fmt: skip
    for stem, column in columns.items():
        for name, value in of(told, stem).items():
            course = firms.loc[firms["firm"] == name, column].tolist()
            if course:
                assert told.tracks[f"{stem}.{name}"].tolist() == course
                assert value == course[-1]
    spreads, runway = (told.measures.get(name, {}) for name in ("spreads", "runway"))
    assert {n: v for n, v in of(told, "spread_highest").items() if v} == {n: v["highest"] for n, v in spreads.items()}
    assert {n: v for n, v in of(told, "runway_lowest").items() if v} == {n: v["lowest"] for n, v in runway.items()}
    assert of(told, "runway").keys() == {lab.name for lab in told.scenario.lab}
    for name, value in of(told, "runway").items():
        assert value == firms.loc[firms["firm"] == name, "runway_months"].iloc[-1]


def test_the_markets_course_is_that_of_the_daily_table(told):
    if not is_circle(told):
        assert told.scalars["circle_value"] is None
        return
    daily, firms = told.tables["daily"], told.tables["firms"]
    course = market.circle_value(daily, firms)
    assert told.tracks["circle_value"].tolist() == course["circle_cents"].tolist()
    assert told.tracks["relative_value"].tolist() == course["relative"].tolist()
    etf = daily[daily["kind"] == "etf"]
    assert told.tracks["etf_price"].tolist() == etf["price_cents"].tolist()
    for name, value in of(told, "price").items():
        assert told.tracks[f"price.{name}"].tolist() == daily.loc[daily["security"] == name, "price_cents"].tolist()
        assert told.tracks[f"price.{name}"][-1] == value
        values = daily.loc[daily["security"] == name, "market_value_cents"].to_numpy(float)
        assert told.scalars[f"drawdown_of.{name}"] == market.peak_and_trough(np.arange(len(values)), values).drawdown
    households = told.tables["households"]
    assert told.tracks["etf_held"].tolist() == households["etf_shares"].tolist()
    capacity = promised.capacity(told.tables["commitments"])
    assert (told.scalars["contracted_mw"], told.scalars["delivered_mw"]) == capacity


def test_a_series_ends_at_what_the_outcome_of_its_name_says(told):
    for name, course in told.tracks.items():
        value = told.scalars[name]
        assert len(course) == told.model.clock.day + 1, name
        assert value is None or course[-1] == value, name


def test_the_registry_names_every_outcome_once():
    patterns = [outcome.pattern for outcome in OUTCOMES]
    assert len(set(patterns)) == len(patterns)
    assert len({(outcome.stem, "." in outcome.pattern) for outcome in OUTCOMES}) == len(patterns)
    assert all(outcome.unit and outcome.meaning for outcome in OUTCOMES)
