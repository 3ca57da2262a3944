"""Private rounds in cents: what a lab asks, at which price, who pays when and with whose money, and what happens when
nobody does."""

from __future__ import annotations

import itertools
import math

import pytest
from carousel.scenarios.errors import ScenarioError

BN = 10**11
"""Cents of a billion dollars."""
BURNING = ("lab.Lab.costs_usd_per_year=12e9", "lab.Lab.opening_cash_usd=3e9", "lab.Lab.raise_below_months=12")
"""Revenue 12 bn a year, costs 6 + 12: half a billion a month is burnt; after the first month 2.5 bn are left."""
WANTED = 65 * BN // 10
"""18 months of that burn, less what is in hand."""
PRICE = 10_000
"""100 bn for a billion shares, in cents."""


def lab_rounds(run):
    return {e.day: e.cents for e in run.events("round_closed", "down_round")}


def test_a_lab_asks_for_its_months_of_burn_less_its_cash_at_its_marked_value(play):
    run = play("lab venture still", *BURNING, days=22)
    assert lab_rounds(run) == {21: WANTED}
    assert run.by_day("capital_call", payer="Venture, partners", payee="Venture") == {21: WANTED}
    assert run.by_day("round", payer="Venture", payee="Lab") == {21: WANTED}
    assert run.cell("investors", "dry_powder_cents", investor="Venture", day=21) == 50 * BN - WANTED
    assert run.cell("firms", "cash_cents", firm="Lab", day=21) == 25 * BN // 10 + WANTED


def test_the_sum_of_a_round_is_committed_to_its_announcement_and_paid_under_it(play):
    run = play("lab venture still", *BURNING, days=22)
    row = run.row("announcements", firm="Lab")
    assert (row["day"], row["instrument"], row["direction"]) == (22, "equity", 1)
    assert (row["announced_cents"], row["committed_cents"], row["paid_cents"]) == (WANTED, WANTED, WANTED)
    assert row["text"] == "Lab raises 6.5 bn USD (flat round)"


def test_a_round_sells_whole_shares_at_its_price(play):
    """100.03 a share: what is left below one share is not paid."""
    run = play("lab venture still", *BURNING, "lab.Lab.valuation_usd=100.03e9", days=21)
    assert run.paid("round") == WANTED // 10_003 * 10_003
    assert run.paid("capital_call") == WANTED
    stake = run.cell("positions", "market_value_cents", party="Venture", day=21)
    shares = WANTED // 10_003
    assert stake == round(10_003 * BN / 100 * shares / (10**9 + shares))


def test_an_investor_pays_with_its_own_cash_before_it_calls_its_partners(play):
    run = play("lab venture still", *BURNING, "venture_investor.Venture.opening_cash_usd=2e9", days=21)
    assert run.paid("capital_call") == WANTED - 2 * BN
    assert run.paid("round") == WANTED


def test_investors_share_a_round_in_proportion_to_their_bids(play):
    """Each bids 35 % of its means: 50 and 25 bn."""
    other = """
[[venture_investor]]
name = "Other venture"
dry_powder_usd = 25e9
partners = "Other venture, partners"
disposition = 5.0
"""
    run = play("lab venture", *BURNING, days=21, extra=other + PARTS_STILL)
    first, second = (run.paid("round", payer=name) for name in ("Venture", "Other venture"))
    assert abs(first - WANTED * 2 // 3) < PRICE
    assert abs(second - WANTED // 3) < PRICE


PARTS_STILL = "[behaviour]\nannouncement_impulse = 0.0\n"


@pytest.mark.parametrize(("months", "asks"), [(5.0, False), (5.001, True)])
def test_a_lab_asks_below_its_threshold_only(play, months, asks):
    """After a month its 2.5 bn last for 5 months."""
    run = play("lab venture still", *BURNING[:2], f"lab.Lab.raise_below_months={months}", days=21)
    assert bool(lab_rounds(run)) == asks


def test_a_round_is_half_placed_or_it_fails(play):
    """Wanted 6.5 bn; 35 % of 9.29 bn of powder are just more than half of it, of 9.28 just less."""
    closed = play("lab venture still", *BURNING, "venture_investor.Venture.dry_powder_usd=9.29e9", days=21)
    assert lab_rounds(closed) == {21: int(929 * BN // 100 * 0.35)}
    failed = play("lab venture still", *BURNING, "venture_investor.Venture.dry_powder_usd=9.28e9", days=21)
    assert [(e.day, e.cents, e.detail) for e in failed.events("round_failed")] == [(21, WANTED, "runway 5.0 months")]
    assert failed.paid("round") == failed.paid("capital_call") == 0


def test_after_a_failed_round_a_lab_asks_a_quarter_later_for_six_tenths_and_then_for_less(play):
    """6 bn at the start; months 1, 4, 7, 10: 9 bn less 5.5, 4.0, 2.5, 1.0, times 1, 0.6, 0.36, 0.216."""
    over = (*BURNING, "lab.Lab.opening_cash_usd=6e9", "venture_investor.Venture.dry_powder_usd=0.1e9")
    run = play("lab venture still", *over, days=231)
    asked = [(e.day, e.cents) for e in run.events("round_failed")]
    assert asked == [(21, 35 * BN // 10), (84, 3 * BN), (147, 234 * BN // 100), (210, 1728 * BN // 1000)]
    texts = [(r["day"], r["announced_cents"], r["direction"]) for r in run.rows("announcements", firm="Lab")]
    assert texts == [(day + 1, cents, -1) for day, cents in asked]


def test_a_lab_never_asks_for_less_than_a_tenth_and_after_a_round_for_all_of_it_again(play):
    """Asking shares 1, .6, .36, .216, .1296, .1, .1: costs are high and the cash is kept whole by a long runway."""
    over = (
        "lab.Lab.costs_usd_per_year=12.6e9", "lab.Lab.opening_cash_usd=100e9", "lab.Lab.raise_below_months=120",
        "lab.Lab.costs_share_of_revenue=0.2", "lab.Lab.raise_months=120", "lab.Lab.revenue_usd_per_year=12e9",
        "lab.Lab.valuation_usd=100e9", "venture_investor.Venture.dry_powder_usd=0.01e9",
        "lab.Lab.costs_usd_per_year=21.6e9",
    )  # fmt: skip
    run = play("lab venture still", *over, days=21 + 63 * 6)
    burn = (0.2 * 12 + 21.6 - 12) / 12
    expected = []
    for k in range(7):
        month = 1 + 3 * k
        share = max(0.1, 0.6**k)
        expected.append((120 * burn - (100 - burn * month)) * share)
    assert [e.cents / BN for e in run.events("round_failed")] == pytest.approx(expected, abs=1e-10)


def test_a_failed_round_with_half_the_threshold_left_cuts_what_is_not_being_built(play):
    """Runway 4.2 of 12 months: 35 % of the 300 MW not begun are cut, and their part of the promise."""
    run = play(
        "lab cloud maker fund contract supply venture still", *BURNING,
        "venture_investor.Venture.dry_powder_usd=0", days=22,
    )  # fmt: skip
    cut = int(0.35 * 300)
    row = run.row("commitments", commitment="Compute", day=21)
    whole = 24 * BN
    lost = int(whole * (1 - (400 - cut) / 400))
    assert (row["contracted_mw"], row["committed_cents"], row["status"]) == (400 - cut, whole - lost, "renegotiated")
    headline = run.row("announcements", text=f"Lab and Cloud renegotiate: {cut} MW cut")
    assert (headline["announced_cents"], headline["direction"]) == (lost, -1)
    assert run.events("round_failed")[0].cents == round((0.6 * 18 - 2.5) * BN)


def test_a_failed_round_with_more_than_half_the_threshold_left_cuts_nothing(play):
    run = play(
        "lab cloud maker fund contract supply venture still", *BURNING, "lab.Lab.opening_cash_usd=6e9",
        "venture_investor.Venture.dry_powder_usd=0", days=22,
    )  # fmt: skip
    assert run.days_of("round_failed") == [21]
    assert run.events("renegotiated") == []


def test_relief_is_asked_of_the_largest_contract(play):
    other = """
[[contract]]
name = "Small compute"
customer = "Lab"
provider = "Cloud"
capacity_gw = 0.2
price_usd_per_gw_year = 12e9
years = 5.0
net_margin = 0.1
"""
    over = (*BURNING, "venture_investor.Venture.dry_powder_usd=0", "cloud.Cloud.build_gw_per_year_max=0")
    run = play("lab cloud maker fund contract supply venture", *over, days=21, extra=other)
    left = {row["commitment"]: row["contracted_mw"] for row in run.rows("commitments", day=21)}
    assert left == {"Compute": 400 - 140, "Small compute": 200}


def test_relief_that_would_cut_nothing_is_not_agreed(play):
    """35 % of a contract of 1 MW are no MW: nobody renegotiates, and nothing is announced."""
    over = (
        *BURNING, "venture_investor.Venture.dry_powder_usd=0", "cloud.Cloud.build_gw_per_year_max=0",
        "contract.Compute.capacity_gw=0.001",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply venture", *over, days=22)
    assert run.days_of("round_failed") == [21]
    assert run.events("renegotiated") == []
    assert [row for row in run.rows("announcements") if "renegotiate" in row["text"]] == []


def test_a_rising_market_lets_a_lab_ask_a_step_above_its_value(play):
    """exp(0.25 x trend / 0.25), at most exp(0.25); trend: log return of the listed AI firms since the start."""
    steps, wanted = [], 68 * BN // 10  # in month 2: 9 bn less 3.2 + 2 x 0.5
    for growth in (2.0, 20.0):
        over = (
            *BURNING[:1], "lab.Lab.opening_cash_usd=3.2e9", "lab.Lab.raise_below_months=5",
            f"chip_maker.Maker.earnings_growth_per_year={growth}", "chip_maker.Maker.daily_volatility=0.002",
        )  # fmt: skip
        run = play("lab maker fund second_fund venture", *over, days=42)
        values = run.column("daily", "market_value_cents", security="Maker")
        trend = math.log(values[42] / values[0])
        step = 0.25 * max(0.0, min(1.0, trend / 0.25))
        steps.append(step)
        price = round(PRICE * math.exp(step))
        (event,) = run.events("round_closed")
        assert (event.cents, event.detail) == (wanted, f"wanted 6.8 bn, price {price / PRICE - 1:+.0%}")
        paid = run.paid("round")
        assert paid == wanted // price * price
    assert 0 < steps[0] < steps[1] == 0.25


def test_a_round_that_nobody_takes_at_the_ask_steps_down(play):
    """Bids near half of the value (disposition -5: exp(-0.75)); steps of 40 %: the third price is 36 %."""
    over = (*BURNING, "venture_investor.Venture.disposition=-5", "behaviour.round_price_step=0.4")
    run = play("lab venture still", *over, days=22)
    (event,) = run.events("down_round")
    assert (event.cents, event.detail) == (WANTED, "wanted 6.5 bn, price -64%")
    assert run.row("announcements", firm="Lab")["direction"] == -1
    # each share costs 36 dollars: the investor holds what it paid / 36, of a lab marked at its value
    shares = run.paid("round") // 3_600
    assert run.cell("positions", "market_value_cents", party="Venture", day=21) == round(
        100 * BN * shares / (10**9 + shares)
    )


# --- promises of partners ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("appetite", "month_bn"), [(0.8, 0.8), (1.0, 1.0), (2.0, 1.5)])
def test_partners_promise_a_twelfth_of_a_year_times_appetite_at_most_half_more(play, appetite, month_bn):
    over = (
        "venture_investor.Venture.dry_powder_inflow_usd_per_year=12e9", f"venture_investor.Venture.appetite={appetite}",
    )  # fmt: skip
    run = play("lab venture still", *over, days=252)
    powder = run.column("investors", "dry_powder_cents", investor="Venture")
    gained = {day: powder[day] - powder[day - 1] for day in range(1, 253) if powder[day] != powder[day - 1]}
    assert gained == dict.fromkeys(range(21, 253, 21), round(month_bn * BN))


def test_partners_follow_the_half_year_trend_of_listed_ai_shares(play):
    """appetite x exp(trend), the trend over the last 126 days once there are so many."""
    over = (
        "venture_investor.Venture.dry_powder_inflow_usd_per_year=12e9", "venture_investor.Venture.appetite=0.7",
        "chip_maker.Maker.earnings_growth_per_year=0.5",
    )  # fmt: skip
    run = play("lab maker fund second_fund venture", *over, days=189)
    powder = run.column("investors", "dry_powder_cents", investor="Venture")
    values = run.column("daily", "market_value_cents", security="Maker")
    for day in range(21, 190, 21):
        trend = math.log(values[day] / values[max(0, day - 126)])
        assert powder[day] - powder[day - 1] == pytest.approx(BN * min(1.5, 0.7 * math.exp(trend)), abs=1.0)


def test_a_markup_makes_an_investor_bolder(play):
    """appetite x exp(0.5 x log mark-up of its last round): here of -64 %."""
    over = (
        *BURNING, "venture_investor.Venture.disposition=-5", "behaviour.round_price_step=0.4",
        "venture_investor.Venture.dry_powder_inflow_usd_per_year=12e9",
    )  # fmt: skip
    run = play("lab venture still", *over, days=42)
    powder = run.column("investors", "dry_powder_cents", investor="Venture")
    assert powder[42] - powder[41] == round(BN * math.exp(0.5 * math.log(0.36)))


# --- calls that cannot be paid at once --------------------------------------------------------------------------------

STAKE = """
[[stake]]
owner = "Venture"
firm = "Rest"
shares = 100000000
"""
ILLIQUID = (*BURNING, "venture_investor.Venture.dry_powder_usd=0")
PARTS = "lab rest fund second_fund venture"


def test_an_investor_bids_on_a_quarter_of_the_stakes_it_would_sell(play):
    """100 m shares at 400 dollars: 35 % of 10 bn."""
    run = play(PARTS + " still", *ILLIQUID, days=21, extra=STAKE)
    assert lab_rounds(run) == {21: 35 * BN // 10}
    keeps = play(PARTS + " still", *ILLIQUID, "venture_investor.Venture.sells_stakes=false", days=21, extra=STAKE)
    assert lab_rounds(keeps) == {}


def test_an_investor_in_need_sells_a_tenth_of_the_usual_volume_a_day(play):
    """The usual volume: 0.4 % of the shares at the start, then a twentieth of each day's more."""
    run = play(PARTS, *ILLIQUID, days=60, extra=STAKE)
    usual, caps = 0.004 * 10**9, {}
    for day, volume in enumerate(run.column("daily", "volume_shares", security="Rest")):
        if day:
            caps[day] = int(0.1 * usual)
            usual += 0.05 * (volume - usual)
    sold = {e.day: e.cents for e in run.events("stake_sold", agent="Venture", counterparty="Rest")}
    prices = run.column("daily", "price_cents", security="Rest")
    shares = {day: cents // prices[day] for day, cents in sold.items()}
    assert min(sold) == 22
    assert all(count <= caps[day] for day, count in shares.items())
    assert sum(count == caps[day] for day, count in shares.items()) > 20
    assert all(sold[day] == shares[day] * prices[day] for day in sold)
    assert run.paid("trade_receive", payee="Venture") == sum(sold.values())


def test_each_month_end_what_was_raised_goes_to_the_lab_and_what_is_left_after_three_months_is_lost(play):
    run = play(PARTS, *ILLIQUID, days=84, extra=STAKE)
    promised = lab_rounds(run)[21]
    paid = run.by_day("round")
    price = run.cell("daily", "price_cents", security="Rest", day=21)
    assert promised == int(10**8 * price // 4 * 0.35)
    assert set(paid) <= {42, 63, 84}
    (missed,) = run.events("capital_call_missed")
    assert (missed.day, missed.agent, missed.counterparty) == (84, "Venture", "Lab")
    assert missed.cents == promised - sum(paid.values())
    assert [e.cents for e in run.events("capital_called")] == list(paid.values())


def test_an_investor_sells_no_more_than_it_owes(play):
    """4 bn in hand, 4.05 promised: 50 of its 4,000 m dollars of stakes are for sale."""
    over = (
        *ILLIQUID, "venture_investor.Venture.opening_cash_usd=4e9", "behaviour.venture_bid_share=0.81",
    )  # fmt: skip
    run = play(PARTS, *over, days=42, extra=STAKE.replace("100000000", "10000000"))
    allotted = lab_rounds(run)[21]
    price_21 = run.cell("daily", "price_cents", security="Rest", day=21)
    target = allotted - run.paid("round", day=21)
    assert 0 < target < 6 * BN // 100
    first = run.events("stake_sold")[0]
    price_22 = run.cell("daily", "price_cents", security="Rest", day=22)
    assert first.cents // price_22 == math.ceil(10**7 * (target / (10**7 * price_21)))
    # and on the second day only for what the first day's price left open
    assert run.paid("trade_receive", payee="Venture") - target < 3 * price_22
    assert run.paid("round") == allotted // PRICE * PRICE


def test_pledged_money_is_not_bid_twice(play):
    """Two labs of the same needs and one investor: what one round has taken the other's bid goes without."""
    second = """
[[lab]]
name = "Second lab"
opening_cash_usd = 3e9
shares = 1000000000
valuation_usd = 100e9
revenue_usd_per_year = 12e9
revenue_growth_per_year = 0.0
revenue_volatility_per_year = 0.0
costs_share_of_revenue = 0.5
costs_usd_per_year = 12e9
raise_below_months = 12.0
"""
    over = (*BURNING, "venture_investor.Venture.dry_powder_usd=0", "behaviour.venture_bid_share=0.4")
    run = play(PARTS, *over, days=21, extra=second + STAKE)
    # 40 % of 10 bn for the first; the same for the second, less what the first has been promised: nothing
    price = run.cell("daily", "price_cents", security="Rest", day=21)
    assert list(lab_rounds(run).values()) == [int(10**8 * price // 4 * 0.4)]
    assert len(run.events("round_failed")) == 1


def test_rounds_close_at_month_ends_only(play):
    run = play("lab venture still", *BURNING, "lab.Lab.raise_months=12.5", days=126)
    assert all(day % 21 == 0 for day in lab_rounds(run))
    pairs = itertools.pairwise(sorted(lab_rounds(run)))
    assert all(later - earlier >= 63 for earlier, later in pairs)
    assert len(lab_rounds(run)) >= 2


STAGED = """
[[capital_call]]
name = "Second closing"
investor = "Venture"
investee = "Lab"
amount_usd = 4e9
valuation_usd = 80e9
due = 2025-09-24
"""


def test_a_staged_round_is_paid_on_its_day_at_its_own_price(play):
    """24 September is day 11: no month's end. 4 bn at 80 USD a share, while the last round paid 100."""
    run = play("lab venture still", days=22, extra=STAGED)
    assert run.by_day("round", payer="Venture", payee="Lab") == {11: 4 * BN}
    assert run.by_day("capital_call", payer="Venture, partners", payee="Venture") == {11: 4 * BN}
    shares, price = 4 * BN // 8_000, 10_000
    stake = run.cell("positions", "market_value_cents", party="Venture", day=21)
    assert stake == pytest.approx(shares * price * 10**9 / (10**9 + shares), rel=1e-6)


def test_money_that_is_still_to_come_is_not_asked_for_twice(play):
    """2.5 bn in hand after a month and 4 to come are 13 months of the burn: no round; with 3 to come there is one."""
    due = "capital_call.Second closing.due=2026-06-01"
    assert not lab_rounds(play("lab venture still", *BURNING, due, days=22, extra=STAGED))
    less = (due, "capital_call.Second closing.amount_usd=3e9")
    run = play("lab venture still", *BURNING, *less, days=22, extra=STAGED)
    assert lab_rounds(run) == {21: WANTED - 3 * BN}


def test_what_of_a_staged_round_has_not_come_by_its_deadline_is_lost(play):
    """Partners have 1 bn of the 4; the rest is asked for at each month's end of the patience, then no more."""
    over = ("venture_investor.Venture.dry_powder_usd=1e9", "behaviour.call_patience_months=2")
    run = play("lab venture still", *over, days=85, extra=STAGED)
    assert run.by_day("round", payer="Venture", payee="Lab") == {11: 1 * BN}
    assert [(e.day, e.cents) for e in run.events("capital_call_missed")] == [(42, 3 * BN)]


def test_a_staged_round_before_the_start_is_refused(play):
    with pytest.raises(ScenarioError, match="a date from the start"):
        play("lab venture still", "capital_call.Second closing.due=2025-01-01", days=2, extra=STAGED)


# --- rounds before they must be ---------------------------------------------------------------------------------------

EARLY = (
    "lab.Lab.costs_usd_per_year=12e9", "lab.Lab.opening_cash_usd=9e9", "lab.Lab.raise_below_months=12",
    "behaviour.round_value_share=0.08",
)  # fmt: skip
"""Half a billion a month is burnt: after the first month 8.5 bn last for 17 months, longer than 12 and not for 30."""


def test_a_lab_with_money_for_more_than_its_threshold_raises_early_only_while_its_price_is_up(play):
    """8 % of 100 bn, more than what 18 months of burn lack; its price is up by nothing."""
    asked = play("lab venture still", *EARLY, "behaviour.round_price_up=0", days=22)
    assert lab_rounds(asked) == {21: 8 * BN}
    assert lab_rounds(play("lab venture still", *EARLY, "behaviour.round_price_up=0.01", days=22)) == {}


def test_a_lab_that_has_money_for_longer_than_after_a_round_that_it_must_make_sells_at_no_price(play):
    """15.5 bn after the first month last for 31 months."""
    rich = (*EARLY, "behaviour.round_price_up=0", "lab.Lab.opening_cash_usd=16e9")
    assert lab_rounds(play("lab venture still", *rich, days=22)) == {}


def test_a_lab_raises_early_while_its_bill_is_unfunded_and_no_money_is_uncalled(play):
    """It has signed for far more than it can bring up; a call of a billion that is open holds it back."""
    call = """
[[capital_call]]
name = "Rest of a round"
investor = "Venture"
investee = "Lab"
amount_usd = 1e9
valuation_usd = 100e9
due = 2025-12-01
"""
    signed = (*EARLY, "behaviour.round_price_up=5", "behaviour.round_coverage_below=100")
    parts = "lab cloud maker rest fund second_fund supply contract venture still"
    assert list(lab_rounds(play(parts, *signed, days=22))) == [21]
    assert lab_rounds(play(parts, *signed[:-1], "behaviour.round_coverage_below=0", days=22)) == {}
    assert lab_rounds(play(parts, *signed, extra=call, days=22)) == {}
