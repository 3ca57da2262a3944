"""Where each measure of a run begins, ends or is not known, at the value itself and on both sides of it."""

from __future__ import annotations

import dataclasses
import importlib
import math
import pkgutil
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from carousel import report
from carousel.ledger.flows import Flow
from carousel.report import measures_market, measures_promises, measures_turn
from carousel.report import measures_origin as origin
from carousel.report.answer_clearing import has_only_debts, ring_of, settled_by_debt
from carousel.tests.conftest import START, frame, origins

CHIPS = {"flow": Flow.CHIP_REVENUE, "rule": "pro-rata"}


@pytest.mark.parametrize(
    ("circle", "rest", "relative"),
    [
        ([1, 2], [1, 2], [1, 1]),
        ([1, 2], [1, 1], [1, 2]),
        ([1, 2], [2, 0], [1, 2]),
        ([0, 2], [1, 1], [1, 1]),
        ([0.5, 2], [0.5, 0.25], [1, 8]),
        ([], [], []),
    ],
)
def test_the_course_against_the_rest_needs_a_rest_and_a_start(circle, rest, relative):
    assert measures_market.relative_value(np.array(circle, float), np.array(rest, float)).tolist() == relative


@pytest.mark.parametrize(
    ("values", "peak_day", "trough_day"),
    [([0, 0, 4, 2], 12, 13), ([0, 4], 10, 10), ([0, 4, 0, 4], 11, 12), ([4, 4, 2, 2], 10, 12)],
)
def test_who_was_worth_nothing_has_not_fallen(values, peak_day, trough_day):
    fall = measures_market.peak_and_trough(np.arange(10, 10 + len(values)), np.array(values, float))
    assert (fall.peak_day, fall.trough_day) == (peak_day, trough_day)


def test_a_day_without_a_share_is_worth_nothing():
    firms = [(day, "Cloud", "cloud", 0, 0.0, 0.0, 0, 0, 0, 0, 0.0, None, 0, None, 0) for day in (0, 1)]
    shares = [(0, "Cloud", "share", 1, 1, 1, 500, 1.0, 0.0, 0.0, 0.5, None)]
    values = measures_market.circle_value(frame("daily", shares), frame("firms", firms))
    assert values["circle_cents"].tolist() == [500, 0]
    assert (values["labs_cents"].tolist(), values["rest_cents"].tolist()) == ([0, 0], [0, 0])


def test_gains_are_counted_from_the_first_day_and_of_who_came_later_from_nothing():
    rows = [(3, "a", "x", 5, 1, 10), (9, "a", "x", 7, 2, 20), (9, "b", "y", 4, 1, 30)]
    positions = frame("positions", rows)
    late = measures_market.gain_and_loss_per_class(positions).set_index("group").loc["b"].to_dict()
    assert late == {"net_cash_cents": 3, "value_start_cents": 0, "value_cents": 30, "gain_cents": 33}
    days = {day: measures_market.gain_and_loss_per_class(positions, day).attrs["day"] for day in (2, 3, 8, 9, 10)}
    assert days == {2: 3, 3: 3, 8: 3, 9: 9, 10: 9}
    assert not len(measures_market.gain_and_loss_per_class(positions.iloc[:0]))


@pytest.mark.parametrize(("held", "is_holder"), [(0, False), (1, True), (-1, True)])
def test_whoever_held_a_cent_is_a_holder_and_no_firm_is(held, is_holder):
    positions = frame("positions", [(0, "a", "x", 0, 0, held), (0, "b", "Firm", 0, 0, 5)])
    found = measures_market.holding_classes(positions, pd.DataFrame({"firm": ["Firm"]}))
    assert found == ({"a"} if is_holder else set())


@pytest.mark.parametrize(("asset_value", "known"), [(0.0, False), (0.5, True), (1.0, True)])
def test_a_premium_needs_an_asset_value(asset_value, known):
    daily = frame("daily", [(0, "ETF", "etf", 2, 1, 1, 1, 1.0, 0.0, 0.0, 0.5, asset_value)])
    assert bool(measures_market.etf_premium(daily)) == known


def test_a_course_leaves_out_what_is_not_positive_and_keeps_the_order_of_firms():
    rows = [
        (0, "Z", 0.0),
        (1, "Z", 0.5),
        (2, "Z", 0.75),
        (3, "Z", 0.25),
        (4, "Z", 0.375),
        (5, "Z", -1.0),
        (0, "A", 0.5),
    ]
    firms = pd.DataFrame(rows, columns=["day", "firm", "spread_per_year"])
    assert list(measures_market.spreads(firms).items()) == [
        ("Z", {"first": 0.5, "highest": 0.75, "last": 0.375}),
        ("A", {"first": 0.5, "highest": 0.5, "last": 0.5}),
    ]
    labs = firms.rename(columns={"spread_per_year": "runway_months"}).assign(kind="lab")
    assert measures_market.runway(labs)["Z"] == {"first": 0.5, "lowest": 0.25, "last": 0.375}
    assert measures_market.runway(labs.assign(kind="cloud")) == {}


def test_one_cent_is_a_flow_and_none_is_not():
    cells = [
        ("pro-rata", receiver, Flow.CHIP_REVENUE, name, name, lap, cents)
        for receiver, name, lap, cents in (("Few", "a", 0, 1), ("None", "b", 2, 0), ("Most", "c", 1, 2))
    ]
    table = origins(cells)
    assert origin.receivers(table, Flow.CHIP_REVENUE) == ["Most", "Few"]
    assert origin.origin_shares(table, **CHIPS)["origin_class"].tolist() == ["c", "a"]
    assert origin.laps(table, **CHIPS)["lap"].tolist() == [0, 1]
    assert origin.recycled_share(table, **CHIPS) == 2 / 3
    assert [len(origin.latest(table, day)) for day in (20, 21, 22, None)] == [0, 3, 3, 3]


@pytest.mark.parametrize(
    ("chips", "other", "back", "gain", "multiplier"),
    [
        (1, 0, 0, 0.0, 1.0),
        (0.5, 0, 0.25, 0.5, 2.0),
        (1, 1, 1, 0.5, 2.0),
        (1, 0, 1, 1.0, math.inf),
        (1, 0, 3, 3.0, math.inf),
        (1, 3, 3.75, 0.9375, 16.0),
    ],
)
def test_a_loop_may_cost_nothing_else_and_return_nothing_or_everything(chips, other, back, gain, multiplier):
    loop = origin.loop_arithmetic(chips_usd=chips, other_usd=other, recycled_usd=back)
    assert (loop.gain, loop.external_share, loop.multiplier) == (gain, 1 - gain, multiplier)


@pytest.mark.parametrize(("chips", "other", "back"), [(0, 1, 1), (-1, 1, 1), (1, -0.5, 1), (1, 1, -0.5)])
def test_a_loop_of_negative_sums_is_none(chips, other, back):
    with pytest.raises(ValueError, match="chips > 0"):
        origin.loop_arithmetic(chips_usd=chips, other_usd=other, recycled_usd=back)


def test_only_money_on_its_way_round_comes_back_and_what_was_not_built_cost_nothing():
    rows = [("chip_bill", 100, 0), ("milestone", 30, 0), ("milestone", 20, 1), ("vendor_loan", 5, 2), ("round", 9, 1)]
    journal = pd.DataFrame(rows, columns=["cause", "cents", "lap_step"])
    loop = origin.loop_arithmetic_paid(journal)
    assert (loop.chips_usd, loop.other_usd, loop.recycled_usd) == (1.0, 0.0, 0.25)
    assert origin.loop_arithmetic_paid(journal.iloc[1:]) is None


def test_opening_cash_is_no_flow_and_quarters_come_in_order():
    rows = [("opening", "Z", 1, 100), ("round", "Z", 9, 3), ("round", "A", 9, 4), ("round", "Z", 0, 5)]
    journal = pd.DataFrame(rows, columns=["cause", "payer", "month", "cents"]).assign(payee="B")
    journal["date"] = [date(2025 + month // 12, month % 12 + 1, 1) for month in journal["month"]]
    positions = pd.DataFrame({"party": ["A"], "group": ["class of A"]})
    found = [tuple(row) for row in origin.flow_of_funds(journal, positions).itertuples(index=False)]
    assert found == [("2025Q1", "Z", "B", 5), ("2025Q4", "Z", "B", 3), ("2025Q4", "class of A", "B", 4)]
    assert list(origin.flow_of_funds(journal.iloc[:1], positions)) == ["quarter", "from_group", "to_group", "cents"]


@pytest.mark.parametrize(
    ("day", "first_service", "delivered_gw", "planned"),
    [
        (date(2024, 12, 1), None, 0.0, None),
        (date(2025, 1, 1), None, 0.0, None),
        (date(2025, 1, 31), None, 0.0, None),
        (date(2025, 3, 2), None, 0.0, None),
        (date(2025, 3, 3), None, 0.0, 50.0),
        (date(2025, 4, 2), None, 0.0, 50.0),
        (date(2025, 4, 3), None, 0.0, 100.0),
        (date(2025, 3, 3), date(2025, 3, 3), 0.0, 50.0),
        (date(2025, 3, 3), date(2025, 3, 4), 0.0, None),
        (date(2025, 3, 3), date(2025, 3, 4), 0.25, 250.0),
        (date(2025, 3, 3), None, 0.25, 300.0),
        (date(2035, 1, 1), None, 0.25, 1000.0),
    ],
)
def test_a_month_is_planned_to_be_in_service_when_it_could_have_been_built(day, first_service, delivered_gw, planned):
    """A cloud that builds 1.2 GW a year for two contracts of 1 GW, in two months each; one contract is looked at."""
    contract = {"provider": "Cloud", "capacity_gw": 1.0, "announced": None, "first_service": first_service}
    ours = SimpleNamespace(**contract | {"delivered_gw": delivered_gw})
    never = SimpleNamespace(**contract | {"delivered_gw": 0.0, "first_service": date.max})
    cloud = SimpleNamespace(name="Cloud", build_months=2, build_gw_per_year_max=1.2)
    idle = SimpleNamespace(name="Idle", build_months=2, build_gw_per_year_max=1.2)
    scenario = SimpleNamespace(cloud=[idle, cloud], contract=[ours, never], start_date=date(2025, 1, 1))
    assert measures_promises.planned_mw(scenario, day) == (None if planned is None else pytest.approx(planned))


def test_a_contract_that_is_announced_later_is_planned_from_then():
    contract = SimpleNamespace(
        provider="Cloud", capacity_gw=1.0, announced=date(2025, 6, 1), first_service=None, delivered_gw=0.0
    )
    cloud = SimpleNamespace(name="Cloud", build_months=1, build_gw_per_year_max=1.2)
    scenario = SimpleNamespace(cloud=[cloud], contract=[contract], start_date=date(2025, 1, 1))
    days = (date(2025, 5, 31), date(2025, 7, 1), date(2025, 7, 2), date(2025, 8, 1))
    found = [measures_promises.planned_mw(scenario, day) for day in days]
    assert found == [None, None, pytest.approx(100.0), pytest.approx(200.0)]


def test_the_latest_day_alone_says_what_stands_and_what_is_built():
    row = ("delivering", 0.0, 0.5, 900, 800, 70, 1000, 400)
    rows = [(day, f"{kind} {day}", kind, "A", "B", *row) for day in (1, 2) for kind in ("guarantee", "build_plan")]
    table = frame("commitments", rows)
    (promise,) = measures_promises.standing_promises(table)
    assert (promise.name, promise.promised_cents, promise.paid_cents) == ("guarantee 2", 900, 70)
    assert measures_promises.capacity(table) == (1000, 400)


@pytest.mark.parametrize(("times", "words"), [(1, "1 cancellation"), (2, "2 cancellations")])
def test_events_of_a_kind_are_counted_in_words(times, words):
    assert measures_turn.regime_of({"cancelled": times}, None, has_promises=True).reasons == (words,)


def test_the_chain_begins_and_ends_on_the_days_of_its_window():
    events = frame("events", [(day, "default", f"firm {day}", "", None, "") for day in range(1, 6)])
    assert [(link.day, link.cents, link.times) for link in measures_turn.turning_chain(events, 2, 4)] == [
        (2, 0, 1), (3, 0, 1), (4, 0, 1),
    ]  # fmt: skip
    many = [(1, "provision", "V", "", cents, "") for cents in (5, 9, 7)]
    (link,) = measures_turn.turning_chain(frame("events", many), 0, 1)
    assert (link.cents, link.times, link.date) == (9, 3, date.fromordinal(START.toordinal() + 1))


def debt(payer, payee):
    return SimpleNamespace(payer=payer, payee=payee, amount_usd=1.0)


def test_what_nobody_settled_pays_no_debt():
    debts = [debt("A", "B"), debt("A", "B"), debt("B", "A")]
    assert settled_by_debt(debts, {}) == [0, 0, 0]
    assert settled_by_debt(debts, {("A", "B"): 150}) == [100, 50, 0]
    assert settled_by_debt(debts, {("A", "B"): 900}) == [100, 100, 0]


@pytest.mark.parametrize(
    ("pairs", "ring"),
    [
        ("", None), ("AB", None), ("AB BA", "AB"), ("AB BC", None), ("AB AC", None), ("AB CA BC", "ABC"),
        ("AB BA CD DC", None), ("AB AB BA", None), ("AB BC CB", None),
    ],
)  # fmt: skip
def test_debts_are_a_ring_if_each_pays_the_next_and_the_last_the_first(pairs, ring):
    found = ring_of([debt(*pair) for pair in pairs.split()])
    assert (found and "".join(one.payer for one in found)) == ring


@pytest.mark.parametrize("part", ["lab", "listed", "households", None])
def test_debts_are_alone_without_labs_shares_and_households(part):
    scenario = SimpleNamespace(obligation=[1], lab=[], listed=[], households=None)
    if part:
        setattr(scenario, part, [1])
    assert has_only_debts(scenario) == (part is None)
    scenario.obligation = []
    assert not has_only_debts(scenario)


def test_what_is_measured_cannot_be_changed():
    modules = [importlib.import_module(f"{report.__name__}.{m.name}") for m in pkgutil.iter_modules(report.__path__)]
    kept = {
        kind
        for module in modules
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.__name__
    }
    changeable = {kind.__name__ for kind in kept if not kind.__dataclass_params__.frozen}
    open_to_names = {kind.__name__ for kind in kept if "__slots__" not in vars(kind)}
    assert changeable == open_to_names == {"Node"}
