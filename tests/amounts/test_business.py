"""A day's business in cents: opening cash, revenue, shares of it, costs, and a month of building and renting."""

from __future__ import annotations

import itertools
import math

import pytest

YEAR = 252
"""Trading days of a year; a month has 21 of them, a quarter 63."""
BN = 10**11
"""Cents of a billion dollars."""
CIRCLE = "lab cloud maker fund contract supply still"


def test_everybody_opens_with_the_cash_of_the_scenario_from_its_own_past(play):
    run = play("lab cloud maker rest venture bank fund still", "lab.Lab.cash_origin=Earlier rounds", days=1)
    opened = {(e.payer, e.payee): e.cents for e in run.entries("opening")}
    fund = (100 + 200 + 400) * BN  # its shares: 1e9 of each of the three firms; equity share 0.8
    assert opened == {
        ("Earlier rounds", "Lab"): 60 * BN,
        ("Cloud, legacy earnings", "Cloud"): 200 * BN,
        ("Maker, legacy earnings", "Maker"): 50 * BN,
        ("Rest, legacy earnings", "Rest"): 5 * BN,
        ("Bank credit", "Bank"): 10 * BN,
        ("Fund, savers", "Fund"): fund // 4,
    }
    assert {e.day for e in run.entries("opening")} == {0}


def test_funds_share_the_float_by_weight_and_open_with_the_cash_their_equity_share_leaves(play):
    """Weights 1 : 3; equity shares 0.8 and 0.5."""
    run = play("rest fund second_fund still", days=1)
    opened = {e.payee: e.cents for e in run.entries("opening")}
    assert opened["Fund"] == 400 * BN // 4 * 2 // 8
    assert opened["Second fund"] == 400 * BN * 3 // 4
    assert run.column("funds", "equity_cents", day=0) == [100 * BN, 300 * BN]


def test_a_world_of_one_listed_firm_and_one_fund_opens(play):
    """A legal file: the firm's account is the last and nobody has issued it a share."""
    assert play("rest fund still", days=1).column("funds", "equity_cents", day=0)


def test_named_stakes_are_taken_from_the_float_and_from_the_founders(play):
    stakes = """
[[stake]]
owner = "Venture"
firm = "Rest"
shares = 250000000
[[stake]]
owner = "Venture"
firm = "Lab"
shares = 100000000
"""
    run = play("lab rest venture fund still", days=1, extra=stakes)
    worth = {r["party"]: r["market_value_cents"] for r in run.rows("positions", day=0)}
    assert worth["Fund"] == 300 * BN
    assert worth["Venture"] == 100 * BN + 10 * BN
    assert worth["Lab, founders and staff"] == 90 * BN


def test_a_labs_customers_pay_its_run_rate_day_by_day(play):
    """R(t) = R(0) exp(sum of daily growth); growth ln(1 + g) exp(-slowdown t) a year; cents are carried over."""
    growth = ("lab.Lab.revenue_growth_per_year=1.0", "lab.Lab.growth_slowdown_per_year=0.5")
    run = play("lab still", *growth, days=126)
    rate, due, paid = 12e9, 0.0, 0
    for day in range(1, 127):
        rate *= math.exp(math.log(2) * math.exp(-0.5 * day / YEAR) / YEAR)
        due += 100 * rate / YEAR
        paid += run.paid("revenue_ai", payer="AI customers", payee="Lab", day=day)
        assert run.cell("firms", "revenue_run_rate_usd_per_year", day=day) == pytest.approx(rate, rel=1e-12)
        assert abs(paid - due) <= 1


def test_a_labs_revenue_moves_by_its_stated_volatility_and_drifts_nowhere(play):
    """Log changes of a year have the standard deviation of the scenario and a mean of -sigma^2 / 2: to 4 errors."""
    rates = [
        play("lab still", "lab.Lab.revenue_volatility_per_year=0.3", days=21, seed=seed).column(
            "firms", "revenue_run_rate_usd_per_year"
        )
        for seed in range(40)
    ]
    moves = [math.log(b / a) for path in rates for a, b in itertools.pairwise(path)]
    n, sigma = len(moves), 0.3 / math.sqrt(YEAR)
    mean = sum(moves) / n
    deviation = math.sqrt(sum((m - mean) ** 2 for m in moves) / (n - 1))
    assert n == 40 * 21
    assert abs(mean + sigma**2 / 2) < 4 * sigma / math.sqrt(n)
    assert abs(deviation / sigma - 1) < 4 / math.sqrt(2 * n)


def test_the_revenue_share_goes_to_its_payee_each_day(play):
    run = play("lab venture still", "lab.Lab.revenue_share=0.2", "lab.Lab.revenue_share_payee=Venture", days=21)
    assert run.paid("revenue_share", payer="Lab", payee="Venture") == round(0.2 * 12 * BN * 21 / YEAR)
    assert len(run.by_day("revenue_share")) == 21


def test_a_revenue_share_without_a_named_payee_goes_nowhere(play):
    assert play("lab still", days=21).paid("revenue_share") == 0


def test_a_labs_running_costs_scale_with_revenue_and_grow_beside_it(play):
    """(share x R + fixed x (1 + g)^t) / 252 a day."""
    over = ("lab.Lab.costs_usd_per_year=5.04e9", "lab.Lab.costs_growth_per_year=0.5")
    run = play("lab still", *over, days=63)
    due = sum((0.5 * 12e9 + 5.04e9 * 1.5 ** (day / YEAR)) / YEAR * 100 for day in range(1, 64))
    assert abs(run.paid("running_costs", payer="Lab", payee="suppliers and staff") - due) <= 1


def test_what_a_listed_firms_old_business_leaves_reaches_its_treasury_day_by_day(play):
    """25.2 bn less 20.16: its own costs are paid before money is traced."""
    over = (
        "listed_firm.Rest.revenue_usd_per_year=25.2e9", "listed_firm.Rest.costs_usd_per_year=20.16e9",
        "listed_firm.Rest.cash_growth_per_year=0.21",
    )  # fmt: skip
    run = play("lab rest fund still", *over, days=63)
    growth = sum(1.21 ** (day / YEAR) for day in range(1, 64)) / YEAR
    assert abs(run.paid("revenue_other", payer="other customers", payee="Rest") - 5.04e11 * growth) <= 1
    assert run.paid("running_costs", payer="Rest") == 0
    rate = run.cell("firms", "revenue_run_rate_usd_per_year", firm="Rest", day=63)
    assert rate == pytest.approx(25.2e9 * 1.21 ** (63 / YEAR), rel=1e-12)


def test_a_listed_firm_whose_old_business_loses_money_pays_what_it_lacks(play):
    over = ("listed_firm.Rest.revenue_usd_per_year=1e9", "listed_firm.Rest.costs_usd_per_year=3.52e9")
    run = play("lab rest fund still", *over, days=21)
    assert run.paid("running_costs", payer="Rest", payee="suppliers and staff") == 21 * 10**9
    assert run.paid("revenue_other", payee="Rest") == 0


def test_earnings_grow_at_the_stated_rate_and_keep_it(play):
    run = play("lab rest fund still", "listed_firm.Rest.earnings_growth_per_year=0.21", days=126)
    for day in (1, 126):
        expected = 20e9 * 1.21 ** (day / YEAR)
        assert run.cell("firms", "earnings_usd_per_year", firm="Rest", day=day) == pytest.approx(expected, rel=1e-12)


def test_a_quarters_surprise_has_half_the_yearly_deviation_and_no_bias(play):
    """Earnings on day 63 over what growth alone gives: log-normal, sigma / 2 a quarter, mean one; to 4 errors."""
    firms = [f"Firm {k}" for k in range(12)]
    listed = "".join(
        f'[[listed_firm]]\nname = "{firm}"\nticker = "{k}"\nshares = 1000000\nprice_usd = 100\n'
        f"earnings_usd_per_year = 4e6\nearnings_volatility_per_year = 0.2\n"
        for k, firm in enumerate(firms)
    )
    surprises = []
    for seed in range(6):
        run = play("lab fund", days=63, seed=seed, extra=listed)
        grown = 4e6 * 1.08 ** (63 / YEAR)
        surprises += [
            math.log(row["earnings_usd_per_year"] / grown) for row in run.rows("firms", day=63) if row["firm"] in firms
        ]
    n, sigma = len(surprises), 0.1
    mean = sum(surprises) / n
    deviation = math.sqrt(sum((s - mean) ** 2 for s in surprises) / (n - 1))
    assert abs(mean + sigma**2 / 2) < 4 * sigma / math.sqrt(n)
    assert abs(deviation / sigma - 1) < 4 / math.sqrt(2 * n)


def test_a_report_says_its_surprise_and_makes_a_headline_from_two_percent_on(play):
    """The chronicle has every report; an announcement without a sum follows the day after from 2 % on."""
    seen = set()
    for seed in range(12):
        over = ("listed_firm.Rest.earnings_volatility_per_year=0.04", "days=66")
        run = play("lab rest fund still", *over, seed=seed)
        (event,) = run.events("report", agent="Rest")
        surprise = run.cell("firms", "earnings_usd_per_year", firm="Rest", day=63) / (20e9 * 1.08 ** (63 / YEAR)) - 1
        assert event.day == 63
        assert event.detail == f"earnings {surprise:+.1%} against expectation"
        headlines = [(r["day"], r["announced_cents"], r["direction"]) for r in run.rows("announcements", firm="Rest")]
        assert headlines == ([(64, 0, 0)] if abs(surprise) >= 0.02 else [])
        seen.add(bool(headlines))
    assert seen == {True, False}


def test_a_report_exactly_as_surprising_as_a_headline_must_be_is_one(play):
    """Nothing is uncertain, nothing surprises, and that is news here: one headline a quarter, with no sum."""
    run = play("lab rest fund still", "behaviour.newsworthy_surprise=0", days=126)
    assert [event.detail for event in run.events("report", agent="Rest")] == ["earnings +0.0% against expectation"] * 2
    headlines = [(r["day"], r["announced_cents"], r["direction"]) for r in run.rows("announcements", firm="Rest")]
    assert headlines == [(64, 0, 0)]


# --- building ---------------------------------------------------------------------------------------------------------


def test_a_cloud_starts_a_twelfth_of_its_yearly_rate_each_month(play):
    """1.2 GW a year are 100 MW a month; 250 MW are begun in 100, 100 and 50."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.25", days=126)
    started = {e.day: e.detail for e in run.events("build_started", agent="Cloud", counterparty="Lab")}
    assert started == {21: "100 MW", 42: "100 MW", 63: "50 MW"}
    assert [run.cell("firms", "building_mw", firm="Cloud", day=d) for d in (20, 21, 42, 63)] == [0, 100, 200, 250]


def test_what_a_month_leaves_of_a_fraction_of_a_megawatt_is_not_lost(play):
    """1.15 GW a year are 95.83 MW a month: 95, 96, 96, 96 begun in four months."""
    run = play(CIRCLE, "cloud.Cloud.build_gw_per_year_max=1.15", days=84)
    assert [e.detail for e in run.events("build_started")] == ["95 MW", "96 MW", "96 MW", "96 MW"]


def test_two_contracts_share_a_months_building_by_what_remains(play):
    other = """
[[contract]]
name = "More compute"
customer = "Lab"
provider = "Cloud"
capacity_gw = 1.2
price_usd_per_gw_year = 12e9
years = 5.0
net_margin = 0.1
"""
    run = play("lab cloud maker fund contract supply", days=42, extra=other)
    assert [e.detail for e in run.events("build_started", day=21)] == ["25 MW", "75 MW"]


def test_construction_is_paid_in_equal_parts_over_the_months_of_a_phase(play):
    """100 MW at 20 bn a GW are 2 bn, over the four months from start to service; three thirds of a cent stay whole."""
    over = ("contract.Compute.capacity_gw=0.1", "supply.Chips.other_usd_per_gw=20.0000000003e9", "days=147")
    run = play(CIRCLE, *over)
    total = round(20.0000000003e9 * 100 / 10)
    parts = [total * (k + 1) // 4 - total * k // 4 for k in range(4)]
    paid = run.by_day("construction", payer="Cloud", payee="suppliers and staff", contract="Compute")
    assert paid == dict(zip((21, 42, 63, 84), parts, strict=True))
    assert total == 2 * BN + 3


def test_chips_are_ordered_ahead_and_paid_the_month_before_service(play):
    """Service in month 1 + 4, order in month 3 (lead of two), delivery and bill in month 4."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.1", days=147)
    (order,) = run.events("order_placed")
    assert (order.day, order.agent, order.counterparty, order.cents) == (63, "Cloud", "Maker", 3 * BN)
    assert run.by_day("chip_bill", payer="Cloud", payee="Maker", contract="Compute") == {84: 3 * BN}
    assert [(e.day, e.detail) for e in run.events("delivered")] == [(105, "100 MW in service")]


def test_a_chip_maker_pays_what_its_chips_cost_when_it_is_paid(play):
    """1 - net margin of 60 % of each bill."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.1", days=105)
    assert run.by_day("running_costs", payer="Maker", payee="suppliers and staff") == {84: round(3 * BN * 0.4)}


def test_two_suppliers_are_paid_their_shares_of_a_gw(play):
    """Three quarters of the capacity by the first, at 30 bn a GW; a quarter by the second, at 36 bn."""
    both = """
[[supply]]
name = "Chips"
buyer = "Cloud"
supplier = "Maker"
chips_usd_per_gw = 30e9
other_usd_per_gw = 20e9
share = 0.75
[[chip_maker]]
name = "Other maker"
ticker = "OTH"
shares = 1000000000
price_usd = 10.0
earnings_usd_per_year = 1e9
net_margin = 0.5
[[supply]]
name = "Other chips"
buyer = "Cloud"
supplier = "Other maker"
chips_usd_per_gw = 36e9
other_usd_per_gw = 12e9
share = 0.25
"""
    run = play("lab cloud maker fund contract", "contract.Compute.capacity_gw=0.1", days=105, extra=both)
    assert run.paid("chip_bill", payee="Maker") == round(30 * BN * 0.1 * 0.75)
    assert run.paid("chip_bill", payee="Other maker") == round(36 * BN * 0.1 * 0.25)
    assert run.paid("construction") == round((20 * 0.75 + 12 * 0.25) * BN * 0.1)
    assert run.paid("running_costs", payer="Other maker") == round(0.5 * 36 * BN * 0.1 * 0.25)


def test_scarce_chips_come_in_parts_and_put_the_service_off(play):
    """0.72 GW a year are 60 MW a month: 60 of 100 MW in month 4, 40 in month 5, service a month late, nothing lost."""
    over = ("contract.Compute.capacity_gw=0.1", "chip_maker.Maker.supply_gw_per_year_max=0.72", "days=147")
    run = play(CIRCLE, *over)
    assert run.by_day("chip_bill") == {84: 30 * BN * 60 // 1000, 105: 30 * BN * 40 // 1000}
    assert [(e.day, e.detail, e.counterparty) for e in run.events("delivery_late")] == [(84, "40 MW", "Maker")]
    assert run.days_of("delivered") == [126]
    assert run.paid("construction") == 2 * BN


def test_a_makers_supply_grows_at_its_rate(play):
    """60 x 3^t MW a month; less than a MW that is left of a month is there the month after: 87 MW in month 4."""
    over = (
        "contract.Compute.capacity_gw=0.1", "chip_maker.Maker.supply_gw_per_year_max=0.72",
        "chip_maker.Maker.supply_growth_per_year=2.0",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=84)
    left = 0.0
    for month in range(1, 5):
        left = left % 1.0 + 60 * 3 ** (month / 12)
    assert int(left) == 87
    assert run.by_day("chip_bill") == {84: 30 * BN * 87 // 1000}


def test_operation_is_paid_day_by_day_for_what_is_in_service(play):
    """100 MW at 2.52 bn a GW and year are 1 m a day, from the day after service."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.1", days=126)
    assert run.by_day("operation", payer="Cloud", payee="suppliers and staff") == dict.fromkeys(range(106, 127), 10**8)


def test_compute_is_billed_by_the_month_from_the_first_whole_month_in_service(play):
    """100 MW at 12 bn a GW and year: 100 m a month; in service on day 105, billed from day 126 on."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.1", days=189)
    assert run.by_day("compute_bill", payer="Lab", payee="Cloud", contract="Compute") == dict.fromkeys(
        (126, 147, 168, 189), 12 * BN // 120
    )
    row = run.row("commitments", commitment="Compute", day=189)
    assert (row["paid_cents"], row["delivered_mw"], row["status"]) == (4 * 12 * BN // 120, 100, "delivering")


def test_a_contract_ends_with_its_term_and_its_capacity_is_let_at_a_discount(play):
    """Half a year from the first service, 5 bills in all (the month of the end has none); then 60 % of the price."""
    over = ("contract.Compute.capacity_gw=0.1", "contract.Compute.years=0.5", "days=273")
    run = play(CIRCLE, *over)
    assert sorted(run.by_day("compute_bill")) == [126, 147, 168, 189, 210]
    assert run.days_of("done") == [231]
    let = run.by_day("revenue_other", payer="other customers", payee="Cloud")
    assert sorted(let) == list(range(232, 274))
    assert sum(let.values()) == round(0.6 * 1.2 * BN * 42 / YEAR)
    assert run.paid("operation") == (273 - 105) * 10**8


def test_a_builders_own_customers_pay_for_what_they_use(play):
    """300 of 500 MW are wanted, at 5.04 bn a GW and year: 6 m a day; all 500 MW are operated."""
    run = play("lab cloud maker fund supply plan still", "cloud.Cloud.build_gw_per_year_max=0", days=21)
    assert run.by_day("revenue_other", payer="other customers", payee="Cloud") == dict.fromkeys(range(1, 22), 6 * 10**8)
    assert run.by_day("operation") == dict.fromkeys(range(1, 22), 5 * 10**8)


def test_own_demand_grows_and_is_served_up_to_what_is_in_service(play):
    """Demand 300 x 3^t, slowing by nothing: above 500 MW from t = ln(5/3) / ln 3 on; then all 500 are paid."""
    over = (
        "build_plan.Plan.demand_growth_per_year=2.0", "build_plan.Plan.growth_slowdown_per_year=0",
        "cloud.Cloud.build_gw_per_year_max=0",
    )  # fmt: skip
    run = play("lab cloud maker fund supply plan still", *over, days=126)
    used = [min(500, 300 * 3 ** (day / YEAR)) for day in range(1, 127)]
    assert used[-1] == 500 > used[0]
    assert abs(run.paid("revenue_other", payee="Cloud") - sum(used) * 5.04e9 / 1000 / YEAR * 100) <= 1


def test_a_builder_plans_for_the_demand_it_expects_when_what_it_starts_is_in_service(play):
    """Demand grows by 1.331 a year, expected so: in four months 450 x 1.331^(1/3) = 495 MW, with 400 built: 95 more."""
    over = (
        "build_plan.Plan.demand_gw=0.45", "build_plan.Plan.demand_growth_per_year=0.331",
        "build_plan.Plan.growth_slowdown_per_year=0", "build_plan.Plan.delivered_gw=0.4",
        "cloud.Cloud.build_gw_per_year_max=12",
    )  # fmt: skip
    run = play("lab cloud maker fund supply plan still", *over, days=21)
    wanted = math.ceil(450 * 1.331 ** (21 / YEAR) * 1.331 ** (4 / 12))
    assert [e.detail for e in run.events("build_started")] == [f"{wanted - 400} MW"]


def test_the_saving_of_households_arrives_monthly(play):
    """2.4 bn a year: 200 m a month."""
    run = play("rest fund etf still", days=63, holders=50)
    assert run.by_day("saving", payer="Household savings", payee="households") == dict.fromkeys((21, 42, 63), BN // 5)
    assert run.by_day("opening", payer="Household savings", payee="households") == {0: 12 * BN}
