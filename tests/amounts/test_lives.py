"""The life of a bill and of a contract, counted: late, missed, renegotiated so many times, cancelled, written off."""

from __future__ import annotations

import pytest

BN = 10**11
"""Cents of a billion dollars."""
POOR = (
    "lab.Lab.opening_cash_usd=0", "lab.Lab.revenue_usd_per_year=0", "contract.Compute.delivered_gw=0.4",
    "cloud.Cloud.build_gw_per_year_max=0",
)  # fmt: skip
"""A lab without a cent that owes 0.4 bn a month: 400 MW at 12 bn a GW and year, in service from the start."""
BILL = 4 * BN // 10
CIRCLE = "lab cloud maker fund contract supply still"
OTHER = """
[[cloud]]
name = "Other cloud"
ticker = "OCL"
opening_cash_usd = 50e9
shares = 1000000000
price_usd = 50.0
earnings_usd_per_year = 1e9
[[supply]]
name = "Other chips"
buyer = "Other cloud"
supplier = "Maker"
chips_usd_per_gw = 30e9
other_usd_per_gw = 20e9
[[contract]]
name = "Other compute"
customer = "Lab"
provider = "Other cloud"
capacity_gw = 0.1
price_usd_per_gw_year = 12e9
years = 5.0
net_margin = 0.1
"""


def changes(run, *kinds, **where):
    return [(e.day, e.kind) for e in run.events(*kinds, **where)]


@pytest.mark.parametrize(("times", "grace"), [(0, 2), (1, 2), (3, 2), (2, 0), (1, 1), (1, 4)])
def test_a_contract_that_is_never_paid_is_renegotiated_so_many_times_and_then_cancelled(play, times, grace):
    """Every renegotiation clears the arrears, so the next comes after grace + 1 more bills; then it is over."""
    step = 21 * (grace + 1)
    over = (f"behaviour.renegotiations_max={times}", f"behaviour.grace_months={grace}")
    run = play(CIRCLE, *POOR, *over, days=step * (times + 1) + 42)
    expected = [(step * (k + 1), "renegotiated") for k in range(times)] + [(step * (times + 1), "cancelled")]
    assert changes(run, "renegotiated", "cancelled", agent="Lab", counterparty="Cloud") == expected
    # no bill after the end; of every bill until then three quarters are lost with it, stretched parts and all
    (written_off,) = [e for e in run.events("default") if e.counterparty == "Cloud"]
    whole = BILL * (grace + 1) * (times + 1)
    assert written_off.day == step * (times + 1)
    assert 0 <= written_off.cents - whole * 3 // 4 < 12 * (times + 1), "less than a cent of every part"
    assert run.cell("firms", "debt_like_cents", firm="Lab", day=step * (times + 1)) == whole - written_off.cents
    assert run.paid("compute_bill") == 0


def test_arrears_that_are_stretched_are_still_owed(play):
    """On day 63 three months are overdue and put off over a year: the lab owes them as before."""
    run = play(CIRCLE, *POOR, days=63)
    assert run.days_of("renegotiated") == [63]
    assert [run.cell("firms", "debt_like_cents", firm="Lab", day=d) for d in (21, 42, 63)] == [BILL, 2 * BILL, 3 * BILL]


def test_a_bill_is_late_once_and_then_missed_each_month_of_grace(play):
    run = play(CIRCLE, *POOR, days=63)
    told = [
        (e.day, e.kind, e.cents) for e in run.events("bill_late", "bill_missed", agent="Lab", detail="compute_bill")
    ]
    assert told == [
        (21, "bill_late", BILL), (42, "bill_missed", BILL), (42, "bill_late", BILL),
        (63, "bill_missed", BILL), (63, "bill_missed", BILL), (63, "bill_late", BILL),
    ]  # fmt: skip
    assert [run.cell("firms", "late_cents", firm="Lab", day=d) for d in (20, 21, 42, 62)] == [
        0,
        BILL,
        2 * BILL,
        2 * BILL,
    ]


def test_a_renegotiation_cuts_a_share_of_what_is_not_begun(play):
    """Of 1,000 MW 400 are in service: 35 % of 600 are cut, then of 390; what is committed falls in proportion."""
    run = play(CIRCLE, *POOR, "contract.Compute.capacity_gw=1.0", days=127)
    committed = 60 * BN
    for day, mw in ((63, 790), (126, 654)):
        before = {63: 1000, 126: 790}[day]
        lost = int(committed * (1 - mw / before))
        committed -= lost
        row = run.row("commitments", commitment="Compute", day=day)
        assert (row["contracted_mw"], row["committed_cents"], row["delivered_mw"]) == (mw, committed, 400)
        stretched = 3 * BILL + (0 if day == 63 else 3 * (BILL * 3 // 12))
        headline = run.row("announcements", day=day + 1, firm="Cloud", instrument="contract", direction=-1)
        text = f"Lab and Cloud renegotiate: {before - mw} MW cut, arrears stretched over a year"
        assert (headline["text"], headline["announced_cents"]) == (text, lost + stretched)


def test_relief_that_a_lab_asks_for_is_no_strike_against_it(play):
    """0.1 bn left after the first bill and nobody to fund it: cut on day 21, and again with the next round on day 84.

    One renegotiation is allowed: of the arrears from day 42 on, on day 84; the next ends it.
    """
    over = (
        *POOR[1:], "lab.Lab.opening_cash_usd=0.5e9", "contract.Compute.capacity_gw=1.0",
        "lab.Lab.raise_below_months=12", "behaviour.renegotiations_max=1",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=168)
    assert run.days_of("round_failed") == [21, 84]
    told = changes(run, "renegotiated", "cancelled")
    assert told == [(21, "renegotiated"), (84, "renegotiated"), (84, "renegotiated"), (147, "cancelled")]
    left = [run.cell("commitments", "contracted_mw", commitment="Compute", day=d) for d in (0, 21, 84)]
    first = 1000 - int(0.35 * 600)
    second = first - int(0.35 * (first - 400))
    assert left == [1000, first, second - int(0.35 * (second - 400))]


def test_the_cut_is_the_share_of_the_behaviour_table(play):
    over = ("contract.Compute.capacity_gw=1.0", "behaviour.renegotiation_cut=0.5")
    run = play(CIRCLE, *POOR, *over, days=63)
    assert run.cell("commitments", "contracted_mw", commitment="Compute", day=63) == 700


def test_what_is_cut_is_no_longer_committed_to_its_announcement(play):
    over = ("contract.Compute.announced=2025-09-10", "contract.Compute.capacity_gw=1.0")
    run = play(CIRCLE, *POOR, *over, days=64)
    row = run.row("announcements", firm="Cloud", counterparty="Lab", direction=1)
    assert row["announced_cents"] == 60 * BN
    assert row["committed_cents"] == 60 * BN - int(60 * BN * (1 - 790 / 1000))
    assert row["text"] == "Lab signs for 1 GW from Cloud"


DRAINED = (
    "lab.Lab.opening_cash_usd=0", "lab.Lab.revenue_usd_per_year=5.04e9", "lab.Lab.costs_share_of_revenue=0",
    "contract.Compute.delivered_gw=0.4", "cloud.Cloud.build_gw_per_year_max=0", "behaviour.grace_months=0",
)  # fmt: skip
"""0.42 bn a month, 0.02 a day; bills of 0.4 bn."""
OBLIGATION = """
[[obligation]]
name = "Rent"
payer = "Lab"
payee = "Rest"
amount_usd = 0.37000000007e9
due_day = 20
"""


def test_arrears_are_paid_in_twelve_monthly_parts_to_the_cent(play):
    """0.4 bn earned by day 20 less rent; on day 21 0.05 bn are there for a bill of 0.4: 0.35 bn and 7 cents late."""
    over = [x for x in DRAINED if "revenue_usd" not in x] + ["lab.Lab.revenue_usd_per_year=5.4e9"]
    rent = OBLIGATION.replace("0.37000000007e9", "0.40000000007e9")
    run = play(CIRCLE.replace("fund", "rest fund"), *over, days=294, extra=rent)
    assert run.by_day("obligation") == {20: 40_000_000_007}
    cash = 45 * BN // 100 - 40_000_000_007
    paid = run.by_day("compute_bill")
    assert paid[21] == cash
    late = BILL - cash
    parts = {day: cents - BILL for day, cents in paid.items() if day > 21}
    assert parts == {21 * (i + 2): late * (i + 1) // 12 - late * i // 12 for i in range(12)} | {294: 0}
    assert changes(run, "renegotiated", "cancelled") == [(21, "renegotiated")]
    text = "Lab and Cloud renegotiate: arrears stretched over a year"
    assert run.row("announcements", day=22, text=text)["announced_cents"] == late


def test_a_late_contract_that_catches_up_is_delivering_again(play):
    """1 bn a month; 0.95 bn of rent on day 20 leave 0.05 for a bill of 0.4; the month after everything is paid."""
    over = [x for x in DRAINED if "revenue_usd" not in x and "grace" not in x] + ["lab.Lab.revenue_usd_per_year=12e9"]
    rent = OBLIGATION.replace("0.37000000007e9", "0.95e9")
    run = play(CIRCLE.replace("fund", "rest fund"), *over, days=84, extra=rent)
    assert changes(run, "late", "delivering", agent="Lab") == [(21, "late"), (42, "delivering")]
    late = BILL - (BN - 95 * BN // 100)
    assert [(e.day, e.cents) for e in run.events("bill_late", "bill_missed")] == [(21, late)]
    assert run.by_day("compute_bill") == {21: BILL - late, 42: BILL + late, 63: BILL, 84: BILL}
    row = run.row("announcements", text="Lab does not pay Cloud on time")
    assert (row["day"], row["direction"], row["announced_cents"]) == (22, -1, 24 * BN - (BILL - late))


def test_the_arrears_of_one_contract_are_stretched_and_those_of_another_stay(play):
    """Other compute goes into service a month later: on day 63 it has one month of grace left."""
    over = (*POOR[:3], "cloud.Cloud.build_gw_per_year_max=0")
    late_start = (
        "cloud.Other cloud.build_gw_per_year_max=1.2", "cloud.Other cloud.build_months=1",
        "cloud.Other cloud.chip_lead_months=0",
    )  # fmt: skip
    odds = "[behaviour]\ncontract_log_odds = 6.0\n"
    run = play("lab cloud maker fund contract supply", *over, *late_start, days=105, extra=OTHER + odds)
    small = BN // 10
    renegotiated = [(e.day, e.counterparty) for e in run.events("renegotiated")]
    assert renegotiated == [(63, "Cloud"), (105, "Other cloud")]
    missed = [(e.day, e.cents) for e in run.events("bill_late", "bill_missed", counterparty="Other cloud")]
    assert missed == [(63, small), (84, small), (84, small), (105, small), (105, small), (105, small)]
    after = [(e.day, e.cents) for e in run.events("bill_late", "bill_missed", counterparty="Cloud") if e.day > 63]
    first, second = (3 * (BILL * (i + 1) // 12 - BILL * i // 12) for i in (0, 1))
    assert after == [(84, BILL + first), (105, BILL + first), (105, BILL + second)]


def test_a_lab_that_loses_one_of_two_contracts_is_not_in_default(play):
    """The first is cancelled at once, the second lives: no default of the lab, whose value stays whole."""
    over = (*POOR, "behaviour.renegotiations_max=0", "cloud.Other cloud.build_gw_per_year_max=0")
    run = play("lab cloud maker fund contract supply", *over, days=84, extra=OTHER)
    assert changes(run, "cancelled") == [(63, "cancelled")]
    assert [e.detail for e in run.events("default")] == ["arrears of Compute written off"]


def test_a_lab_that_loses_its_last_contract_is_in_default_and_worth_three_tenths(play):
    over = ("behaviour.renegotiations_max=0", "lab.Lab.revenue_usd_per_year=1e9", "lab.Lab.costs_share_of_revenue=1.0")
    run = play(CIRCLE, *POOR, *over, days=84)
    assert [(e.day, e.cents, e.detail) for e in run.events("default")] == [
        (63, 3 * BILL * 3 // 4, "arrears of Compute written off"),
        (63, 0, "bills written off after the grace period"),
    ]
    values = [run.cell("firms", "valuation_cents", firm="Lab", day=d) for d in (62, 63, 84)]
    assert values == [100 * BN, 30 * BN, 30 * BN]
    row = run.row("announcements", text="Lab defaults")
    assert (row["day"], row["announced_cents"], row["direction"]) == (64, 30 * BN, -1)


def test_a_cancelled_contracts_capacity_is_let_at_a_discount_from_the_day_after(play):
    over = ("behaviour.renegotiations_max=0", "behaviour.relet_discount=0.25")
    run = play(CIRCLE, *POOR, *over, days=84)
    let = run.by_day("revenue_other", payer="other customers", payee="Cloud")
    assert sorted(let) == list(range(64, 85))
    assert sum(let.values()) == round(0.75 * 4.8 * BN * 21 / 252)
    assert run.cell("firms", "capacity_mw", firm="Lab", day=84) == 0


def test_a_cloud_that_pays_late_builds_nothing_that_month(play):
    """100 MW begun on day 21; the coupon of day 21 is not paid: no progress, no bill for it, service put off."""
    over = (
        "cloud.Cloud.opening_cash_usd=0", "cloud.Cloud.revenue_usd_per_year=0", "behaviour.grace_months=24",
        "bond_buyer.Bank.opening_cash_usd=0", "behaviour.atm_share_of_volume=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply bond bank still", *over, days=105)
    owed = [(e.day, e.detail) for e in run.events("bill_late", agent="Cloud")]
    assert [day for day, what in owed if what == "construction"] == [21]
    assert run.events("delivered", "order_placed") == []
