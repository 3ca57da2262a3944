"""By hand: what a cloud must fund half a year ahead, what a board believes of several contracts, what investors bid."""

from __future__ import annotations

import itertools
import math

import pytest

BN = 10**11
"""Cents of a billion dollars."""
UNIT = 100_000
"""Bonds are placed in units of 1,000 dollars."""
BORROWS = ("behaviour.spread_floor_per_year=0", "bond_buyer.Bank.opening_cash_usd=900e9")
CIRCLE = "lab cloud maker fund contract supply bank still"


def logistic(x):
    return 1 / (1 + math.exp(-x))


def issued(run, day=21):
    return run.paid("bond_issue", day=day)


def cash_before(run, day=21, firm="Cloud"):
    """Cash of the cloud before it funded itself that day."""
    return run.cell("firms", "cash_cents", firm=firm, day=day) - issued(run, day)


# --- a cloud's need ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log_odds", [6.0, 0.0])
def test_bills_to_come_are_counted_as_far_as_they_are_believed(play, log_odds):
    """400 MW in service: 2.4 bn of bills in half a year times belief, less 0.504 bn for their operation."""
    over = (
        *BORROWS, "contract.Compute.delivered_gw=0.4", "cloud.Cloud.build_gw_per_year_max=0",
        "cloud.Cloud.opening_cash_usd=1e9", "cloud.Cloud.cash_buffer_usd=9e9",
        f"behaviour.contract_log_odds={log_odds}",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=21)
    cash = BN + 4 * BN // 10 - 84 * BN // 1000
    assert cash_before(run) == cash
    need = 9 * BN - cash - round(BN * (logistic(log_odds) * 2.4 - 0.504))
    assert abs(issued(run) - need) < UNIT


def test_a_late_customers_bills_are_not_counted(play):
    """The lab pays nothing: the bill of 0.4 bn is late, and none of the next is expected."""
    over = (
        *BORROWS, "contract.Compute.delivered_gw=0.4", "cloud.Cloud.build_gw_per_year_max=0",
        "cloud.Cloud.opening_cash_usd=1e9", "cloud.Cloud.cash_buffer_usd=9e9", "lab.Lab.opening_cash_usd=0",
        "lab.Lab.revenue_usd_per_year=0",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=21)
    need = 9 * BN - (BN - 84 * BN // 1000) + 504 * BN // 1000
    assert abs(issued(run) - need) < UNIT


@pytest.mark.parametrize(
    ("months", "construction", "chips"), [(4, 2 * 3 / 4, 3), (7, 2 * 6 / 7, 3), (8, 2 * 6 / 8, 0), (12, 2 * 6 / 12, 0)]
)
def test_building_is_funded_half_a_year_ahead(play, months, construction, chips):
    """100 MW begun on day 21 and one part of it paid; chips count when they are due by month 1 + 6."""
    over = (
        *BORROWS, f"cloud.Cloud.build_months={months}", "cloud.Cloud.opening_cash_usd=1e9",
        "contract.Compute.capacity_gw=0.1",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=21)
    cash = BN - 2 * BN // months
    assert cash_before(run) == cash
    need = (construction + chips) * BN - cash
    assert abs(issued(run) - max(0, need)) < UNIT


def test_planned_draws_lower_the_need(play):
    """Half of the chips of 3 bn by the line; of a line of 1 bn no more than that."""
    for committed, drawn in ((12, 1.5), (1, 1.0)):
        over = (
            *BORROWS, "cloud.Cloud.opening_cash_usd=1e9", "contract.Compute.capacity_gw=0.1",
            f"vendor_loan.Line.committed_usd={committed}e9",
        )  # fmt: skip
        run = play(CIRCLE.replace("supply", "supply line"), *over, days=21)
        need = (1.5 + 3 - drawn) * BN - cash_before(run)
        assert abs(issued(run) - need) < UNIT


def test_a_held_line_is_no_funding(play):
    """Held from day 21 on; on day 42 the plan counts on nothing from it: two phases of 100 MW, one month on."""
    over = (
        *BORROWS, "cloud.Cloud.opening_cash_usd=1e9", "contract.Compute.capacity_gw=0.2",
        "vendor_loan.Line.covenant_spread_per_year=0.0000001", "cloud.Cloud.debt_like_usd=100e9",
        "cloud.Cloud.spread_limit_per_year=1.0",
    )  # fmt: skip
    run = play(CIRCLE.replace("supply", "supply line"), *over, days=42)
    assert run.days_of("line_held") == [21]
    coupon = run.paid("coupon", day=42) // (issued(run) // UNIT)
    ahead = round(issued(run) * 6 * coupon / UNIT)
    need = (2 * 2 / 4 + 3 + 2 * 3 / 4 + 3) * BN - cash_before(run, 42) + ahead
    # coupons are known to half a cent a unit and month
    assert abs(issued(run, 42) - need) < UNIT + 3 * issued(run) // UNIT + 1


def test_customers_of_its_own_and_bills_overdue_are_counted(play):
    """300 MW used: 0.756 bn in half a year; 500 MW operated: 0.63 bn."""
    over = (
        *BORROWS,
        "cloud.Cloud.build_gw_per_year_max=0",
        "cloud.Cloud.opening_cash_usd=1e9",
        "cloud.Cloud.cash_buffer_usd=9e9",
    )
    run = play("lab cloud maker fund supply plan bank still", *over, days=21)
    cash = BN + 126 * BN // 1000 - 105 * BN // 1000
    assert abs(issued(run) - (9 * BN - cash - (756 - 630) * BN // 1000)) < UNIT


# --- several contracts, several investors -----------------------------------------------------------------------------


@pytest.mark.parametrize(("log_odds", "kind"), [(-0.5, "milestone_paid"), (-0.6, "milestone_cut")])
def test_a_board_weighs_the_contracts_it_serves_by_capacity(play, log_odds, kind):
    """1 GW, and 0.1 GW promised for ten times its provider's worth, believed at a twelfth of the odds or so.

    The plain mean of both would halve the first tranche, the large contract alone would pay the second.
    """
    other = """
[[contract]]
name = "Other compute"
customer = "Lab"
provider = "Cloud"
capacity_gw = 0.1
price_usd_per_gw_year = 10e12
years = 1.0
net_margin = 0.0
[behaviour]
size_doubt = 1.0
"""
    evidence = ("paid_on_time", "delivered", "late", "missed", "renegotiated", "surprise", "coverage")
    over = (
        "cloud.Cloud.build_gw_per_year_max=13.2", "cloud.Cloud.build_months=1", "contract.Compute.capacity_gw=1.0",
        "contract.Compute.price_usd_per_gw_year=0", f"behaviour.contract_log_odds={log_odds}",
        "milestone.Investment.capacity_gw=1.0", "lab.Lab.opening_cash_usd=9000e9",
        *(f"behaviour.evidence_{name}=0" for name in evidence), "behaviour.coverage_weight=0",
        "behaviour.strain_weight=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone", *over, days=42, extra=other)
    large, small = logistic(log_odds), logistic(log_odds - math.log(11))
    beliefs = {r["commitment"]: r["credibility"] for r in run.rows("commitments", day=42)}
    assert (beliefs["Compute"], beliefs["Other compute"]) == pytest.approx((large, small), rel=1e-9)
    assert ((large + 0.1 * small) / 1.1 >= 1 / 3) == (kind == "milestone_paid")
    assert (large + small) / 2 < 1 / 3 < large
    assert [e.kind for e in run.events("milestone_paid", "milestone_cut")] == [kind]


ROUNDS = ("lab.Lab.costs_usd_per_year=12e9", "lab.Lab.opening_cash_usd=3e9", "lab.Lab.raise_below_months=12")


def test_investors_pay_less_when_the_labs_contracts_are_believed_less(play):
    """They bring 35 % of 14 bn all the same, at the first step down that is within what they pay: the lab's value times
    c + (1 - c) x 0.3 over the same at signing. A lab whose means are a part of its bill is believed less."""
    over = (
        *ROUNDS, "behaviour.contract_log_odds=0", "behaviour.coverage_weight=0.3", "behaviour.venture_optimism=0",
        "venture_investor.Venture.dry_powder_usd=14e9",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply venture still", *over, days=21)
    belief = run.cell("commitments", "credibility", commitment="Compute", day=21)
    assert belief < 0.45
    worth = (belief + (1 - belief) * 0.3) / 0.65
    (event,) = run.events("down_round")
    assert event.cents == pytest.approx(14 * BN * 0.35, rel=1e-6)
    steps = next(k for k in range(11) if 0.9**k <= worth)
    assert event.detail.endswith(f"price {0.9**steps - 1:+.0%}")


def test_investors_bid_more_when_the_lab_grows_faster_than_its_price_assumed(play):
    """appetite x exp(2 x gap), the gap 0.35 x ln 1.5 from the first quarter on: a round in month 4 instead of 1."""
    over = (
        "lab.Lab.costs_usd_per_year=24e9", "lab.Lab.opening_cash_usd=8e9", "lab.Lab.raise_below_months=5.4",
        "lab.Lab.revenue_growth_per_year=0.5", "lab.Lab.expected_growth_per_year=0",
        "lab.Lab.growth_slowdown_per_year=0", "lab.Lab.costs_share_of_revenue=0.0",
        "venture_investor.Venture.dry_powder_usd=13e9",
    )  # fmt: skip
    run = play("lab venture still", *over, days=84)
    gap = 0.35 * math.log(1.5)
    (event,) = run.events("round_closed", "round_failed")
    assert (event.day, event.kind) == (84, "round_closed")
    assert event.cents == pytest.approx(0.35 * math.exp(2 * gap) * 13 * BN, rel=1e-9)


# --- orders, lives and memories ---------------------------------------------------------------------------------------


def test_every_supplier_has_its_own_open_orders(play):
    """100 MW ordered on day 63: 75 MW of the first, 25 of the second."""
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
    run = play("lab cloud maker fund contract", "contract.Compute.capacity_gw=0.1", days=84, extra=both)
    orders = {
        day: {r["payee"]: r["committed_cents"] for r in run.rows("commitments", day=day, kind="order")}
        for day in (42, 63, 84)
    }
    first, second = 30 * BN * 75 // 1000, 36 * BN * 25 // 1000
    assert orders == {42: {}, 63: {"Maker": first, "Other maker": second}, 84: {"Maker": 0, "Other maker": 0}}
    placed = {e.counterparty: e.cents for e in run.events("order_placed")}
    assert placed == {"Maker": first, "Other maker": second}


def fair_profit(run, firm, day, multiple):
    """Profit behind the funds' value of a firm beyond its earnings, in dollars a year."""
    row = run.row("daily", security=firm, day=day)
    debt = run.cell("firms", "debt_like_cents", firm=firm, day=day - 1)
    shares = run.cell("daily", "shares_outstanding", security=firm, day=day - 1)
    earnings = run.cell("firms", "earnings_usd_per_year", firm=firm, day=day)
    story = math.exp(row["narrative_log_multiple"] + row["sentiment"])
    return (row["fair_value_cents"] * shares + debt) / 100 / (multiple * story) - earnings


def test_a_milestones_profit_fades_with_its_last_two_fifths(play):
    """4 GW x 30 bn x 60 % / 5 years; delivered 1, 2, 3 GW: 3/4, 2/4, 1/4 left, of 0.4: 1, 1, 0.625. What is sold is
    earned: a sixth of a month's 12 x 18 bn enters, and from then on takes the place of all that was promised."""
    over = (
        "cloud.Cloud.build_gw_per_year_max=12", "cloud.Cloud.build_months=1", "contract.Compute.capacity_gw=4",
        "contract.Compute.price_usd_per_gw_year=0", "milestone.Investment.chips_usd_per_gw=30e9",
        "milestone.Investment.amount_usd_per_gw=0", "milestone.Investment.capacity_gw=4",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone still", *over, days=85)
    paid = sorted(run.by_day("chip_bill"))
    sold = {day: sum(each < day for each in paid) for day in (22, 43, 64, 85)}
    for day, delivered in ((22, 0), (43, 1), (64, 2), (85, 3)):
        life = min(1.0, (1 - delivered / 4) / 0.4)
        retired = 0.0
        for _ in range(sold[day]):
            retired += (14.4e9 - retired) / 6  # sales of a month are above all that was promised
        # a cent a share is 0.5 m dollars of profit
        expected = (14.4e9 - retired) * logistic(6.0) * life
        assert fair_profit(run, "Maker", day, 20) == pytest.approx(expected, abs=1e6)


def test_a_lines_profit_fades_with_its_last_two_fifths(play):
    """60 % x 3 bn x 3/4 over a year; 1.5 of 3 bn drawn on day 84: half is left, of 0.4: still whole; then nothing.
    Sales of 3 bn in that month are above what was promised: a sixth of it is retired."""
    over = ("contract.Compute.capacity_gw=0.2", "vendor_loan.Line.committed_usd=3e9")
    run = play("lab cloud maker fund contract supply line still", *over, days=127)
    profit = logistic(6.0) * 0.6 * 3e9 * 0.75
    drawn = {d: run.cell("loans", "drawn_cents", loan="Line", day=d) for d in (63, 84, 105)}
    assert drawn == {63: 0, 84: 15 * BN // 10, 105: 3 * BN}
    # lives are looked at before the month's bills are drawn for: what day 84 drew counts from day 105 on
    for day, life, kept in ((64, 1.0, 1.0), (106, min(1.0, 0.5 / 0.4), (5 / 6) ** 2), (127, 0.0, 0.0)):
        assert fair_profit(run, "Maker", day, 20) == pytest.approx(profit * life * kept, abs=1e6)


def test_households_remember_returns_by_the_quarter(play):
    """Each older quarter weighs 0.56; they begin with the cap-weighted growth of earnings."""
    run = play("maker rest fund second_fund etf", "listed_firm.Rest.earnings_growth_per_year=0.2", days=21, holders=60)
    past = (200 * math.log(1.08) + 400 * math.log(1.2)) / 600
    keep = 0.56 ** (1 / 63)
    prices = run.column("daily", "price_cents", security="ETF")
    remembered = run.column("households", "extrapolated_return")
    assert remembered[0] == pytest.approx(past, rel=1e-12)
    for day in range(1, 22):
        past = keep * past + (1 - keep) * 252 * math.log(prices[day] / prices[day - 1])
        assert remembered[day] == pytest.approx(past, rel=1e-9, abs=1e-12)


def test_households_shares_and_cash_move_by_what_they_trade_and_save(play):
    run = play("maker rest fund second_fund etf", days=42, holders=60)
    rows = run.rows("households")
    prices = run.column("daily", "price_cents", security="ETF")
    traded = 0
    for before, now in itertools.pairwise(rows):
        net = now["bought_shares"] - now["sold_shares"]
        assert now["etf_shares"] - before["etf_shares"] == net
        saving = run.paid("saving", day=now["day"])
        assert now["cash_cents"] - before["cash_cents"] == saving - net * prices[now["day"]]
        assert now["susceptible"] + now["enthusiastic"] + now["tired"] == 60
        traded += now["bought_shares"] + now["sold_shares"]
    assert traded
