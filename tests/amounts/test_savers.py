"""By hand: plans that buy the ETF, savers who move money between funds, private credit that calls what it lends."""

from __future__ import annotations

import math

import pytest

BN = 10**11
"""Cents of a billion dollars."""
UNIT = 100_000
"""Bonds are placed in units of 1,000 dollars."""
SAVERS = "Bond savers"
NEEDY = (
    "cloud.Cloud.opening_cash_usd=1e9", "cloud.Cloud.costs_usd_per_year=2.52e9", "cloud.Cloud.cash_buffer_usd=1e9",
    "behaviour.spread_floor_per_year=0",
)  # fmt: skip
"""A cloud that lacks 1.47 bn for its first half-year (tests/amounts/test_bonds.py)."""
NEED = 147 * BN // 100
PRIVATE = """
[[bond_buyer]]
name = "Private"
kind = "private_credit"
opening_cash_usd = 0.0
committed_usd = 1e9
inflow_usd_per_year = 1.2e9
savers = "Private investors"
concentration_limit = 1.0
premium_per_year = 0.02
"""


# --- plans ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plans(play):
    over = "households.plan_usd_per_year=1.2e9", "households.plan_etf_value_usd=5e9"
    return play("maker rest fund second_fund etf still", *over, days=84, holders=200)


def test_plans_take_in_a_twelfth_of_a_year_each_month(plans):
    assert plans.by_day("saving", payee="savings plans") == dict.fromkeys((21, 42, 63, 84), BN // 10)
    assert plans.row("payers", channel="pension and savings plans", day=0)["market_value_cents"] == 5 * BN


def test_plans_buy_every_day_for_an_equal_part_of_what_is_left_whatever_the_mood(plans):
    """Up to half a percent of a part stays, the room of the limit, and less than a share."""
    paid = plans.by_day("trade_pay", payer="savings plans")
    assert list(paid) == list(range(22, 85))
    for day in range(22, 85):
        part = (plans.cash_cents("savings plans", day - 1)) / (21 - (day - 1) % 21)
        price = plans.cell("daily", "price_cents", day=day, security="ETF")
        assert part - 0.0061 * part - price < paid[day] <= part


def test_plans_never_sell_and_hold_what_they_have_bought(plans):
    assert plans.paid("trade_receive", payee="savings plans") == 0
    bought = sum(
        cents // plans.cell("daily", "price_cents", day=day, security="ETF")
        for day, cents in plans.by_day("trade_pay", payer="savings plans").items()
    )
    price = plans.cell("daily", "price_cents", day=84, security="ETF")
    row = plans.row("payers", channel="pension and savings plans", day=84)
    assert row["market_value_cents"] == (50_000_000 + bought) * price
    assert row["put_in_cents"] == 4 * BN // 10
    assert row["taken_out_cents"] == row["returned_cents"] == 0
    assert row["cash_cents"] == row["put_in_cents"] - row["invested_cents"]


def test_plans_that_take_in_nothing_leave_nothing_behind(play):
    run = play("maker rest fund etf still", days=21, holders=200)
    assert run.entries(payee="savings plans") == []


def test_households_put_in_what_they_pay_for_the_etf(plans):
    row = plans.row("payers", channel="households", day=84)
    assert row["put_in_cents"] == plans.paid("trade_pay", payer="households")
    assert row["taken_out_cents"] == plans.paid("trade_receive", payee="households")
    assert row["cash_cents"] == plans.cash_cents("households", 84)


# --- funds of shares and of bonds -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def autumn(worlds):
    """Half a year of ai-2025 in which savers answer a month's return at once and ten times as strongly."""
    over = ("behaviour.flow_memory_months=1", "behaviour.fund_flow_gain=10", "behaviour.bond_flow_loss=9")
    return worlds.bundled("ai-2025", *over, days=84, holders=300)


def units_held(run, account, day):
    return {row["security"]: row["units"] for row in run.rows("holdings", account=account, day=day)}


def moved(run, fund, day):
    """Net money of savers into a fund on a day, as the journal has it."""
    return run.paid("fund_flow", payee=fund, day=day) - run.paid("fund_flow", payer=fund, day=day)


@pytest.mark.parametrize("day", [42, 63, 84])
def test_savers_of_a_fund_answer_its_months_return_beyond_that_of_all_shares(autumn, day):
    """flow = assets x open share x (10 x+ or .5 x-) / 12, x twelve times the month's log return beyond the index."""
    firms = ("Oracle", "NVIDIA", "Rest of the technology index")
    price = {(d, f): autumn.cell("daily", "price_cents", day=d, security=f) for d in (day - 21, day) for f in firms}
    exist = {row["security"]: row["outstanding"] for row in autumn.rows("registers", day=day - 21)}

    def log_return(units):
        worth = [sum(units.get(f, 0) * price[d, f] for f in firms) for d in (day - 21, day)]
        return math.log(worth[1] / worth[0])

    seen = 0
    for fund in ("Deep value fund", "Core fund", "Thematic AI fund"):
        excess = 12 * (log_return(units_held(autumn, fund, day - 21)) - log_return(exist))
        before = autumn.cash_cents(fund, day) - moved(autumn, fund, day)
        now = autumn.cell("funds", "equity_cents", fund=fund, day=day)
        flow = round((before + now) * 0.4 * (10 if excess > 0 else 0.5) * excess / 12)
        assert moved(autumn, fund, day) == flow != 0
        seen += flow > 0
    assert autumn.paid("fund_flow", payee="Pension fund") == autumn.paid("fund_flow", payer="Endowment") == 0


def coupon(name, coupon_per_year, day):
    """Of the month that ends on a day, in cents: what all coupons since the issue come to, less those before."""
    months = (day - int(name.partition("day ")[2] or 0)) // 21
    return round(UNIT * coupon_per_year * months / 12) - round(UNIT * coupon_per_year * (months - 1) / 12)


@pytest.mark.parametrize("day", [42, 63, 84])
def test_savers_of_a_bond_fund_answer_its_months_return_with_coupons_beyond_the_riskless_rate(autumn, day):
    """flow = assets x (.25 x+ or 9 x-) / 12, x twelve times the month's log return beyond 3.7 % / 12."""
    fund = "Investment-grade bond funds"
    bonds = {d: {row["bond"]: row for row in autumn.rows("bonds", day=d)} for d in (day - 21, day)}
    units = {name: n for name, n in units_held(autumn, fund, day - 21).items() if name in bonds[day]}
    start = sum(n * bonds[day - 21][name]["price_cents"] for name, n in units.items())
    end = sum(n * bonds[day][name]["price_cents"] for name, n in units.items())
    coupons = sum(n * coupon(name, bonds[day][name]["coupon_per_year"], day) for name, n in units.items())
    excess = 12 * (math.log((end + coupons) / start) - 0.037 / 12)
    held = sum(n * bonds[day][name]["price_cents"] for name, n in units_held(autumn, fund, day).items())
    assets = held + autumn.cash_cents(fund, day) - moved(autumn, fund, day)
    assert moved(autumn, fund, day) == round(assets * (0.25 if excess > 0 else 9) * excess / 12) != 0
    assert autumn.paid("fund_flow", payee="Insurers and pension funds") == 0


def test_every_cent_of_savers_is_of_their_own_class_of_origin(autumn):
    came = [row for row in autumn.rows("journal", cause="fund_flow") if row["payer"].endswith("fund, savers")]
    assert came
    assert all(row["from_fund_savers_cents"] == row["cents"] for row in came)


def test_channels_add_up_to_their_accounts(autumn):
    row = autumn.row("payers", channel="active funds", day=84)
    funds = {r["fund"] for r in autumn.rows("funds", day=84)}
    assert row["put_in_cents"] == sum(e.cents for e in autumn.entries("fund_flow") if e.payee in funds)
    assert row["taken_out_cents"] == sum(e.cents for e in autumn.entries("fund_flow") if e.payer in funds)
    assert row["cash_cents"] == sum(r["cash_cents"] for r in autumn.rows("funds", day=84))
    assert row["market_value_cents"] == sum(r["equity_cents"] for r in autumn.rows("funds", day=84))


FALL = """
[[on]]
day = 22
set = { "behaviour.spread_floor_per_year" = 0.04 }
"""


@pytest.fixture(scope="module")
def run_on_a_fund(play):
    """Bonds lose a sixth in a month; savers ask back more than the fund has in cash, of which a bank has enough."""
    over = (
        "bond_buyer.Bond fund.opening_cash_usd=1e9", "bond_buyer.Bond fund.open_end_share=1.0",
        "bond_buyer.Bank.opening_cash_usd=7e9", "behaviour.flow_memory_months=1", "behaviour.bond_flow_loss=2",
    )  # fmt: skip
    return play("lab cloud maker fund bond bank savers still", *over, days=126, extra=FALL)


def test_a_fund_pays_back_its_cash_first_and_the_rest_as_it_sells(run_on_a_fund):
    """8 bn of bonds lie with the two in proportion to means, 1 : 7, so a million units in the fund."""
    run = run_on_a_fund
    paid = run.by_day("fund_flow", payer="Bond fund", payee=SAVERS)
    assert 42 in paid
    first = run.cash_cents("Bond fund", 42) - sum(run.by_day("coupon", payee="Bond fund", day=42).values())
    assert first >= 0
    assert sum(paid.values()) == run.row("payers", channel="bond funds", day=126)["taken_out_cents"]


def test_a_fund_is_never_overdrawn(run_on_a_fund):
    assert all(run_on_a_fund.cash_cents("Bond fund", day) >= 0 for day in range(127))


# --- private credit ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def private(play):
    over = (*NEEDY, "bond_buyer.Bank.opening_cash_usd=0.6e9", "bond_buyer.Bank.premium_per_year=0.011")
    return play("lab cloud maker fund bank still", *over, days=63, extra=PRIVATE)


def test_private_credit_calls_what_it_lends_to_the_cent(private):
    """The bank has 0.6 bn and asks less; 0.87 bn are called from 1 bn of promises."""
    assert private.by_day("bond_issue", payer="Bank")[21] == 6 * BN // 10
    assert private.by_day("bond_issue", payer="Private")[21] == NEED - 6 * BN // 10
    assert private.by_day("capital_call", payer="Private investors", payee="Private")[21] == NEED - 6 * BN // 10


def test_what_private_credit_may_still_call_is_what_was_promised_less_what_was_called(private):
    promised = {0: BN, 21: BN + BN // 10, 42: BN + 2 * BN // 10, 63: BN + 3 * BN // 10}
    for day, cents in promised.items():
        called = sum(e.cents for e in private.entries("capital_call", payee="Private") if e.day <= day)
        assert private.cell("investors", "dry_powder_cents", investor="Private", day=day) == cents - called


def test_private_credit_lends_what_it_earns_before_it_calls_and_gives_back_the_rest(private):
    coupons = private.by_day("coupon", payee="Private")
    lent = private.by_day("bond_issue", payer="Private")
    called = private.by_day("capital_call", payee="Private")
    back = private.by_day("fund_flow", payer="Private", payee="Private investors")
    assert list(coupons) == [42, 63]
    for day in (21, 42, 63):
        earned, new = coupons.get(day, 0), lent.get(day, 0)
        assert called.get(day, 0) == max(0, new - earned)
        assert back.get(day, 0) == max(0, earned - new)
    row = private.row("payers", channel="private credit", day=63)
    assert row["put_in_cents"] == sum(called.values())
    assert row["taken_out_cents"] == sum(back.values())
    assert row["cash_cents"] == 0


def test_private_credit_holds_what_it_has_lent_and_never_trades(private):
    assert private.entries("trade_pay", payer="Private") == private.entries("trade_receive", payee="Private") == []


def test_called_money_is_of_private_credit(private):
    rows = private.rows("journal", cause="capital_call", payee="Private")
    assert rows
    assert all(row["from_private_credit_cents"] == row["cents"] for row in rows)
