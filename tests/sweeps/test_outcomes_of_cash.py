"""Where firms' cash came from, worked out again from the journal by plain pandas; value in parts; strains."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from carousel.experiments.sweeps.outcomes import names_of
from carousel.experiments.sweeps.run_world import run_world
from carousel.history.recorder import observe
from carousel.history.tables import TRACED_CLASSES
from carousel.model import CarouselModel, run
from carousel.report.measures_origin import laps, recycled_share
from carousel.scenarios.loader import load

WORLDS = {
    "ai-2025": ["days=180", "holders=300", "contract.*.delivered_gw=2", "cloud.*.build_months=1",
                "cloud.*.chip_lead_months=0", "cloud.*.build_gw_per_year_max=8",
                "chip_maker.*.supply_gw_per_year_max=9"],
    "ai-2025-ticket": ["days=80", "holders=300", "equity_ticket.*.announced=2025-10-01",
                       "equity_ticket.*.closes=2025-11-03"],
}  # fmt: skip


@pytest.fixture(scope="module", params=list(WORLDS))
def told(request):
    """A recorded run and what was measured of the same world."""
    scenario = load(request.param, WORLDS[request.param])
    model = CarouselModel(scenario, rng=3)
    recorder = observe(model)
    run(model)
    recorder.finish()
    names = names_of(["net_by_cause.*", "put_in.*", "firms_*", "value_part.*", "strains", "circle_value"], scenario)
    scalars = run_world(scenario, 3, names).scalars
    return SimpleNamespace(scenario=scenario, tables=recorder.sink.tables(), scalars=scalars, model=model)


def of(told, stem):
    return {name[len(stem) + 1 :]: value for name, value in told.scalars.items() if name.partition(".")[0] == stem}


def test_cash_by_cause_is_that_of_the_journal(told):
    journal = told.tables["journal"]
    taken = journal.groupby(["payee", "cause"])["cents"].sum()
    given = journal.groupby(["payer", "cause"])["cents"].sum()
    for label, value in of(told, "net_by_cause").items():
        key = tuple(label.rsplit(".", 1))
        assert value == int(taken.get(key, 0)) - int(given.get(key, 0)), label


def into_labs(told):
    """Payments into labs, with the number of each in its day."""
    journal, labs = told.tables["journal"], [lab.name for lab in told.scenario.lab]
    return journal[journal["cause"].isin(["round", "milestone"]) & journal["payee"].isin(labs)]


def test_what_each_investor_put_in_is_that_of_the_journal(told):
    wanted = into_labs(told).groupby(["payee", "payer"])["cents"].sum()
    assert {n: v for n, v in of(told, "put_in").items() if v} == {f"{a}.{b}": int(v) for (a, b), v in wanted.items()}


def test_money_of_firms_is_new_or_had_been_round_before_the_payment(told):
    """The lap that the payment itself begins does not count."""
    ventures = {investor.name for investor in told.scenario.venture_investor}
    paid = into_labs(told)
    paid = paid[~paid["payer"].isin(ventures)]
    assert len(paid)
    journal = told.model.books.journal
    class_of = {journal.names[a]: journal.origin_class(a).value for a in journal.origin_accounts}
    parts = told.tables["payment_origins"].merge(paid[["day", "entry", "lap_step"]], on=["day", "entry"])
    parts["new"] = parts["lap"] - parts["lap_step"] == 0
    parts["class"] = parts["origin"].map(class_of)
    for rule in ("pro-rata", "fifo", "lifo"):
        rows = parts[parts["rule"] == rule]
        assert rows["cents"].sum() == paid["cents"].sum()
        new = rows[rows["new"]].groupby("class")["cents"].sum()
        for traced in TRACED_CLASSES:
            assert told.scalars[f"firms_new.{rule}.{traced}"] == int(new.get(traced.value, 0)), (rule, traced)
        assert told.scalars[f"firms_again.{rule}"] == int(rows.loc[~rows["new"], "cents"].sum())


def test_parts_of_value_sum_to_the_circles_value(told):
    parts = of(told, "value_part")
    assert sum(parts.values()) == told.scalars["circle_value"]
    assert parts["labs"] == sum(round(100 * lab.value_usd()) for lab in told.model.cast.labs)
    assert parts["belief"] > 0


def test_strains_are_the_decisive_events_of_the_table(told):
    strains = json.loads(told.scalars["strains"])
    events = told.tables["events"].set_index(["kind", "agent", "counterparty"]).sort_index()
    for link in strains:
        rows = events.loc[[(link["kind"], link["agent"], link["counterparty"])]]
        assert (link["day"], link["times"]) == (int(rows["day"].min()), len(rows))


def test_a_payment_that_closes_the_circle_does_not_count_its_own_lap():
    """All of a milestone investment carries the lap that it begins; a tenth had been round before."""
    rows = [("pro-rata", "OpenAI", flow, "x", "legacy", lap, cents, 5) for flow, lap, cents in (
        ("milestone investments", 1, 90), ("milestone investments", 2, 10), ("spending", 0, 60), ("spending", 1, 40),
    )]  # fmt: skip
    columns = ["rule", "receiver", "flow", "origin", "origin_class", "lap", "cents", "day"]
    origins = pd.DataFrame(rows, columns=columns)
    assert recycled_share(origins, flow="milestone investments", rule="pro-rata") == 0.1
    assert recycled_share(origins, flow="spending", rule="pro-rata") == 0.4
    assert laps(origins, flow="milestone investments", rule="pro-rata")["lap"].tolist() == [0, 1]
