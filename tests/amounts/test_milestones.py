"""An investment by milestones in cents: a tranche for each GW deployed, paid, halved, put off or given up."""

from __future__ import annotations

import pytest

BN = 10**11
"""Cents of a billion dollars."""
CIRCLE = "lab cloud maker fund contract supply milestone still"
FAST = (
    "cloud.Cloud.build_gw_per_year_max=12", "cloud.Cloud.build_months=1", "cloud.Cloud.chip_lead_months=1",
    "contract.Compute.capacity_gw=2.5", "contract.Compute.price_usd_per_gw_year=0",
    "milestone.Investment.capacity_gw=2.5",
)  # fmt: skip
"""A GW a month, begun on day 21 and in service on day 42: 1 GW then, 2 on day 63, 2.5 on day 84."""
TRANCHES = {42: 10 * BN, 63: 10 * BN, 84: 5 * BN}


def test_a_tranche_is_paid_for_each_gw_and_the_last_for_what_is_left(play):
    run = play(CIRCLE, *FAST, days=126)
    assert run.by_day("milestone", payer="Maker", payee="Lab", contract="Investment") == TRANCHES
    assert {e.day: e.cents for e in run.events("milestone_paid", agent="Maker", counterparty="Lab")} == TRANCHES
    row = run.row("commitments", commitment="Investment", day=84)
    assert (row["status"], row["delivered_mw"], row["contracted_mw"]) == ("done", 2500, 2500)
    assert row["announced_cents"] == row["committed_cents"] == row["paid_cents"] == 25 * BN
    stakes = [run.cell("commitments", "committed_cents", commitment="Investment", day=d) for d in (21, 42, 63)]
    assert stakes == [0, 10 * BN, 20 * BN]


def test_a_tranche_buys_whole_shares_at_the_price_of_the_last_round(play):
    """100.07 dollars a share: 99,930,048 of them for 10 bn."""
    run = play(CIRCLE, *FAST, "lab.Lab.valuation_usd=100.07e9", days=42)
    assert run.paid("milestone") == 10 * BN // 10_007 * 10_007 == 99_930_048 * 10_007


def test_what_is_paid_is_committed_and_paid_under_its_announcement(play):
    run = play(CIRCLE, *FAST, "milestone.Investment.announced=2025-09-15", days=126)
    row = run.row("announcements", firm="Maker", counterparty="Lab", instrument="letter_of_intent", direction=1)
    assert row["text"] == "Maker to invest up to 25 bn USD in Lab"
    assert (row["announced_cents"], row["committed_cents"], row["paid_cents"]) == (25 * BN, 25 * BN, 25 * BN)


def test_capacity_deployed_before_the_start_counts_toward_the_next_gw_only(play):
    """1.5 GW were there: the second tranche after half a GW more, 100 MW a month; the first was paid long ago."""
    over = (*FAST[1:], "milestone.Investment.deployed_gw=1.5")
    run = play(CIRCLE, *over, days=168)
    delivered = {e.day: e.detail for e in run.events("delivered")}
    assert list(delivered)[4] == 126
    assert run.by_day("milestone") == {126: 10 * BN}


def test_only_the_suppliers_part_of_the_capacity_counts_for_it(play):
    """A supplier of three quarters reaches its first GW with the second GW of the cloud."""
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
    odds = "[behaviour]\ncontract_log_odds = 6.0\nsize_doubt = 0.0\n"
    run = play("lab cloud maker fund contract milestone", *FAST, days=105, extra=both + odds)
    assert list(run.by_day("milestone")) == [63]
    assert run.cell("commitments", "delivered_mw", commitment="Investment", day=84) == 1875


@pytest.mark.parametrize(
    ("log_odds", "kind", "first"),
    [
        (-0.69, "milestone_paid", 10 * BN), (-0.70, "milestone_cut", 5 * BN), (-1.94, "milestone_cut", 5 * BN),
        (-1.95, "milestone_cancelled", 0),
    ],
)  # fmt: skip
def test_a_board_pays_from_a_third_on_halves_above_an_eighth_and_walks_away_below(play, log_odds, kind, first):
    """1/3 are log-odds of -0.6931, 1/8 of -1.9459: of the contract that the investment serves, not of its own."""
    run = play(CIRCLE, *FAST, f"behaviour.contract_log_odds={log_odds}", days=43)
    (event,) = run.events("milestone_paid", "milestone_cut", "milestone_cancelled", "milestone_waits")
    assert (event.day, event.kind) == (42, kind)
    assert event.cents == (first or 10 * BN)
    assert run.paid("milestone") == first
    status = run.cell("commitments", "status", commitment="Investment", day=42)
    assert status == ("delivering" if first else "cancelled")


@pytest.mark.parametrize(
    ("share", "kind", "paid"), [(0.0, "milestone_paid", 10 * BN), (0.75, "milestone_cut", 25 * BN // 10)]
)
def test_how_much_a_doubting_board_cuts_is_a_row_of_the_table(play, share, kind, paid):
    over = ("behaviour.contract_log_odds=-0.70", f"behaviour.cut_share={share}")
    run = play(CIRCLE, *FAST, *over, days=43)
    assert [e.day for e in run.events(kind)] == [42]
    assert run.paid("milestone") == paid


def test_an_investment_that_is_given_up_is_bad_news_of_what_was_still_to_come(play):
    run = play(CIRCLE, *FAST, "behaviour.contract_log_odds=-1.95", days=43)
    row = run.row("announcements", text="Maker ends its investments in Lab")
    assert (row["day"], row["announced_cents"], row["direction"]) == (43, 25 * BN, -1)


@pytest.mark.parametrize(
    ("buffer_bn", "log_odds", "paid"), [(40, 6, 10), (40.001, 6, 0), (44, -0.70, 5), (45.001, -0.70, 0)]
)
def test_a_board_waits_while_cash_above_its_buffer_is_short_of_the_tranche(play, buffer_bn, log_odds, paid):
    """50 bn of cash, chips given away."""
    over = (
        f"chip_maker.Maker.cash_buffer_usd={buffer_bn}e9", "supply.Chips.chips_usd_per_gw=0",
        f"behaviour.contract_log_odds={log_odds}",
    )  # fmt: skip
    run = play(CIRCLE, *FAST, *over, days=42)
    assert run.paid("milestone") == paid * BN
    waits = [(e.day, e.agent, e.counterparty, e.cents) for e in run.events("milestone_waits")]
    assert waits == ([] if paid else [(42, "Maker", "Lab", 10 * BN)])


def test_a_tranche_that_had_to_wait_is_paid_when_the_cash_is_there(play):
    """8 bn above the buffer, 1 bn more a month: paid on day 63, the next one on day 84 if there is as much again."""
    over = (
        "chip_maker.Maker.cash_buffer_usd=42e9", "supply.Chips.chips_usd_per_gw=0",
        "chip_maker.Maker.revenue_usd_per_year=12e9",
    )  # fmt: skip
    run = play(CIRCLE, *FAST, *over, days=84)
    # 8 + 2 = 10 on day 42, exactly
    assert run.by_day("milestone") == {42: 10 * BN}
    assert run.days_of("milestone_waits") == [63, 84]


def test_a_tranche_starts_a_lap_where_the_lab_pays_who_pays_the_investor(play):
    assert {e.lap_step for e in play(CIRCLE, *FAST, days=42).entries("milestone")} == {1}
    inside = {e.cause for e in play(CIRCLE, *FAST, days=63).journal if e.lap_step}
    assert inside == {"milestone"}


def test_a_tranche_of_an_investor_outside_the_circle_starts_none(play):
    """The provider of the contract invests; the lab's payments to it are its own sale: a lap as well. Not so Other."""
    other = """
[[milestone]]
name = "Other investment"
investor = "Other cloud"
investee = "Lab"
amount_usd_per_gw = 1e9
capacity_gw = 2.5
[[cloud]]
name = "Other cloud"
ticker = "OCL"
opening_cash_usd = 50e9
shares = 1000000000
price_usd = 10.0
earnings_usd_per_year = 1e9
[[contract]]
name = "Other compute"
customer = "Second lab"
provider = "Other cloud"
capacity_gw = 1.0
price_usd_per_gw_year = 0
years = 5.0
net_margin = 0.1
[[lab]]
name = "Second lab"
shares = 1000000000
valuation_usd = 10e9
revenue_usd_per_year = 1e9
revenue_growth_per_year = 0.0
costs_share_of_revenue = 0.0
[[supply]]
name = "Other chips"
buyer = "Other cloud"
supplier = "Maker"
chips_usd_per_gw = 30e9
other_usd_per_gw = 20e9
[[milestone]]
name = "Cloud investment"
investor = "Cloud"
investee = "Lab"
amount_usd_per_gw = 2e9
capacity_gw = 2.5
[behaviour]
contract_log_odds = 6.0
size_doubt = 0.0
"""
    run = play("lab cloud maker fund contract supply", *FAST[:5], days=42, extra=other)
    assert {(e.payer, e.cents, e.lap_step) for e in run.entries("milestone")} == {("Cloud", 2 * BN, 1)}
    delivered = {r["commitment"]: r["delivered_mw"] for r in run.rows("commitments", day=42, kind="milestone")}
    assert delivered == {"Other investment": 0, "Cloud investment": 1000}
