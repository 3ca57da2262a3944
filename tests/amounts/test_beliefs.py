"""What everybody believes, by hand: log-odds of promises, what a share is worth to who knows it all, what news does."""

from __future__ import annotations

import math

import pytest
from carousel.agents.lab import AiLab

BN = 10**11
"""Cents of a billion dollars."""
CIRCLE = "lab cloud maker fund contract supply still"
YEAR = 252
was = AiLab.reckon_coverage


def odds(run, day, name="Compute"):
    return run.cell("commitments", "log_odds", commitment=name, day=day)


def logistic(x):
    return 1 / (1 + math.exp(-x))


# --- how far a promise is believed ------------------------------------------------------------------------------------


def test_a_new_promise_is_believed_by_its_kind_and_its_size_over_the_firm_that_must_keep_it(play):
    """Contract 24 of its provider's 100 bn, letter 40 of its investor's 200; plans, lines, guarantees by kind alone."""
    behaviour = "[behaviour]\ncontract_log_odds = 1.1\nletter_of_intent_log_odds = -2.0\nguidance_log_odds = 0.3\n"
    parts = "lab cloud maker fund bond bank contract supply milestone plan line guarantee"
    run = play(parts, days=1, extra=behaviour)
    expected = {
        "Compute": 1.1 - math.log(1.24), "Investment": -2.0 - math.log(1.2), "Plan": 0.3, "Line": 1.1, "Guarantee": 1.1,
    }  # fmt: skip
    assert {name: odds(run, 0, name) for name in expected} == pytest.approx(expected, rel=1e-12)
    for row in run.rows("commitments", day=0):
        assert row["credibility"] == pytest.approx(logistic(row["log_odds"]), rel=1e-12)


def test_half_of_the_doubt_is_the_root_of_the_size(play):
    run = play(CIRCLE, "behaviour.size_doubt=0.5", "behaviour.contract_log_odds=1.1", days=1)
    assert odds(run, 0) == pytest.approx(1.1 - 0.5 * math.log(1.24), rel=1e-12)


@pytest.mark.parametrize(("every", "days"), [(1, range(1, 13)), (6, (1, 6, 12))])
def test_the_public_reckons_a_labs_coverage_on_the_days_that_the_table_says(play, monkeypatch, every, days):
    looked = []
    monkeypatch.setattr(AiLab, "reckon_coverage", lambda lab: looked.append(lab._sight.day) or was(lab))
    play(CIRCLE, f"behaviour.coverage_look_days={every}", days=12)
    assert looked == list(days)


def means_over_bill(cash_bn):
    """A lab that earns 12 bn of which half is left and is worth 100 bn, for 8 years at 10 %; 0.4 GW at 12 bn a GW,
    built within a year from month 4 on and rented for five years. In steps of half a year, each at its middle."""
    middles = [(k + 0.5) / 2 for k in range(16)]
    weights = [math.exp(-0.1 * years) / 2 for years in middles]
    built = [min(0.4, 0.4 * max(0, years - 1 / 3)) if years < 1 / 3 + 5 else 0 for years in middles]
    bill = sum(w * 12 * gw for w, gw in zip(weights, built, strict=True))
    return (cash_bn + 6 * sum(weights) + 0.25 * 100) / bill


@pytest.mark.parametrize("cash_bn", [60, 2])
def test_belief_goes_a_share_of_the_way_to_what_the_payers_means_over_its_bill_say(play, cash_bn):
    """2 x ln(C / C_ref) of log-odds, a twenty-fifth of the way on the first day; a bound for who has plenty."""
    over = (
        "behaviour.coverage_weight=2", "behaviour.coverage_reference=8", "behaviour.contract_log_odds=1.0",
        f"lab.Lab.opening_cash_usd={cash_bn}e9", "behaviour.judgement_error=0",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=1)
    pull = 2 * math.log(means_over_bill(cash_bn) / 8)
    assert odds(run, 1) == pytest.approx(1.0 + 0.04 * pull, abs=1e-3)


@pytest.mark.parametrize(("reference", "pull"), [(0.01, 1.5), (100, -1.5)])
def test_more_than_plenty_is_no_better_and_less_than_little_no_worse(play, reference, pull):
    over = (f"behaviour.coverage_reference={reference}", "behaviour.coverage_weight=1", "behaviour.contract_log_odds=1")
    assert odds(play(CIRCLE, *over, days=1), 1) == pytest.approx(1.0 + 0.04 * pull, rel=1e-12)


def test_a_builders_earnings_over_its_debt_service_move_belief_in_its_plan_and_its_line(play):
    """300 MW used earn 1.512 bn less 1.26; coupons 0.06 x 0.4 bn, and 10 bn of loans at 8 %: 0.252 / 0.824."""
    over = (
        "bond.Cloud bond.face_usd=0.4e9", "vendor_loan.Line.drawn_usd=10e9", "behaviour.evidence_coverage=0.05",
        "cloud.Cloud.build_gw_per_year_max=0", "vendor_loan.Line.draw_months=24",
    )  # fmt: skip
    run = play("lab cloud maker fund bond bank supply plan line still", *over, days=21)
    moved = 0.05 * math.log((0.3 * 5.04 - 0.5 * 2.52) / (0.06 * 0.4 + 0.8))
    assert odds(run, 21, "Plan") == pytest.approx(6 + moved, rel=1e-9)
    assert odds(run, 21, "Line") == pytest.approx(6 + moved, rel=1e-9)


def test_earnings_over_debt_service_say_nothing_of_who_builds_for_nobody_of_its_own(play):
    over = ("bond.Cloud bond.face_usd=0.4e9", "vendor_loan.Line.drawn_usd=10e9", "behaviour.evidence_coverage=0.05")
    run = play("lab cloud maker fund bond bank supply line still", *over, "vendor_loan.Line.draw_months=24", days=21)
    assert odds(run, 21, "Line") == 6


def test_every_bill_paid_on_time_every_order_and_every_delivery_is_evidence(play):
    """Orders on days 63, 84; service on 105; bills of 100 MW on 126 and 147, tranches none."""
    over = (
        "behaviour.contract_log_odds=1.0", "behaviour.letter_of_intent_log_odds=-1.0",
        "contract.Compute.capacity_gw=0.2", "behaviour.evidence_paid_on_time=0.03", "behaviour.evidence_delivered=0.05",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone still", *over, days=147)
    assert odds(run, 84) == pytest.approx(1.0, abs=1e-12)
    assert odds(run, 105) == pytest.approx(1.05, rel=1e-12)
    assert odds(run, 147) == pytest.approx(1.0 + 2 * 0.05 + 2 * 0.03, rel=1e-12)
    assert odds(run, 147, "Investment") == pytest.approx(-1.0 + 2 * 0.03 + 2 * 0.05, rel=1e-12)


def test_interest_paid_in_full_is_evidence_for_a_line(play):
    over = ("vendor_loan.Line.drawn_usd=2e9", "behaviour.evidence_paid_on_time=0.03", "behaviour.contract_log_odds=1.0")
    run = play("lab cloud maker fund supply line still", *over, days=63)
    assert odds(run, 63, "Line") == pytest.approx(1.09, rel=1e-12)


LATE = (
    "lab.Lab.revenue_usd_per_year=1.2e9", "lab.Lab.costs_share_of_revenue=0", "lab.Lab.opening_cash_usd=0",
    "contract.Compute.delivered_gw=0.4", "cloud.Cloud.build_gw_per_year_max=0", "behaviour.contract_log_odds=1.0",
)  # fmt: skip
"""0.1 bn a month for bills of 0.4: three quarters of the first are late."""


def test_a_late_bill_counts_by_the_part_that_is_missing_and_a_missed_one_more(play):
    """Day 21: 3/4 late. Day 42: 0.3 and 0.4 bn share 0.1 in proportion, so 6/7 of each are missing."""
    over = (*LATE, "behaviour.evidence_late=-0.3", "behaviour.evidence_missed=-0.9")
    run = play("lab cloud maker fund contract supply milestone still", *over, days=42)
    assert odds(run, 21) == pytest.approx(1 - 0.3 * 0.75, rel=1e-9)
    assert odds(run, 42) == pytest.approx(1 - 0.3 * 0.75 - (0.3 + 0.9) * 6 / 7, rel=1e-9)
    # the bill has a contract of its own: no other promise is touched
    assert odds(run, 42, "Investment") == 6.0


def test_a_late_bill_without_a_contract_touches_every_promise_of_its_payer(play):
    """Costs of 1 bn a year beside a revenue of 12 and costs of 12: a twelfth of the month's 1/12 bn is short."""
    over = (
        "lab.Lab.opening_cash_usd=0", "lab.Lab.costs_share_of_revenue=1.25", "behaviour.contract_log_odds=1.0",
        "behaviour.evidence_late=-0.3", "cloud.Cloud.build_gw_per_year_max=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone still", *over, days=21)
    assert [e.detail for e in run.events("bill_late")] == ["running_costs"]
    # what was not paid day by day is due at the month's end, when nothing is left
    assert odds(run, 21) == pytest.approx(0.7, rel=1e-9)
    assert odds(run, 21, "Investment") == pytest.approx(5.7, rel=1e-9)


def test_a_renegotiation_is_evidence_once(play):
    over = (*LATE, "behaviour.evidence_renegotiated=-0.6", "behaviour.grace_months=0")
    assert odds(play(CIRCLE, *over, days=21), 21) == pytest.approx(0.4, rel=1e-12)


def test_a_failed_round_is_bad_for_every_promise_of_the_lab(play):
    over = (
        "lab.Lab.costs_usd_per_year=12e9", "lab.Lab.opening_cash_usd=6e9", "lab.Lab.raise_below_months=12",
        "venture_investor.Venture.dry_powder_usd=0", "behaviour.evidence_late=-0.3", "behaviour.contract_log_odds=1.0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone venture still", *over, days=21)
    assert run.days_of("round_failed") == [21]
    assert (odds(run, 21), odds(run, 21, "Investment")) == pytest.approx((0.7, 5.7), rel=1e-12)


def test_slower_building_is_half_a_late_delivery_and_scarce_chips_a_quarter(play):
    over = ("cloud.Cloud.cash_buffer_usd=900e9", "behaviour.evidence_late=-0.3", "behaviour.contract_log_odds=1.0")
    run = play(CIRCLE, *over, days=42)
    assert odds(run, 42) == pytest.approx(1 - 2 * 0.15, rel=1e-12)
    over = ("chip_maker.Maker.supply_gw_per_year_max=0.72", *over[1:], "contract.Compute.capacity_gw=0.1")
    run = play(CIRCLE, *over, days=105)
    assert run.days_of("delivery_late") == [84]
    assert odds(run, 105) == pytest.approx(1 - 0.3 / 4, rel=1e-12)


def test_a_halved_tranche_is_a_renegotiation_and_a_paid_one_a_bill_paid(play):
    fast = (
        "cloud.Cloud.build_gw_per_year_max=12", "cloud.Cloud.build_months=1", "contract.Compute.capacity_gw=1",
        "contract.Compute.price_usd_per_gw_year=0", "behaviour.letter_of_intent_log_odds=-1.0",
        "behaviour.evidence_renegotiated=-0.6", "behaviour.evidence_paid_on_time=0.03",
    )  # fmt: skip
    parts = "lab cloud maker fund contract supply milestone still"
    # the order of day 21 or 42 has been a sign of good faith by then
    assert odds(play(parts, *fast, days=42), 42, "Investment") == pytest.approx(-1 + 2 * 0.03, rel=1e-9)
    cut = play(parts, *fast, "behaviour.contract_log_odds=-1", days=42)
    assert odds(cut, 42, "Investment") == pytest.approx(-1 + 0.03 - 0.6, rel=1e-9)


# --- growth that is learnt --------------------------------------------------------------------------------------------


def test_a_labs_quarter_moves_belief_by_its_surprise_and_expected_growth_by_a_share_of_what_was_seen(play):
    """Growth of 100 % where none was expected, no slowdown: surprise 2^(1/4) - 1, gap 0.35 x ln 2, and its multiple."""
    over = (
        "lab.Lab.revenue_growth_per_year=1.0", "lab.Lab.expected_growth_per_year=0.0",
        "lab.Lab.growth_slowdown_per_year=0", "behaviour.evidence_surprise=1.0", "behaviour.contract_log_odds=1.0",
        "behaviour.growth_learning_per_quarter=0.35", "behaviour.multiple_per_growth=0.8",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=126)
    surprise = 2**0.25 - 1
    assert odds(run, 63) == pytest.approx(1 + surprise, rel=1e-9)
    assert run.events("report", agent="Lab", day=63)[0].detail == f"revenue {surprise:+.1%} against expectation"
    gap = 0.35 * math.log(2)
    value = 100 * BN * 2**0.25 * math.exp(0.8 * gap)
    assert run.cell("firms", "valuation_cents", firm="Lab", day=63) == pytest.approx(value, rel=1e-9)
    assert run.cell("firms", "valuation_cents", firm="Lab", day=62) == pytest.approx(
        100 * BN * 2 ** (62 / 252), rel=1e-9
    )
    # the next quarter is expected with that gap, and the gap closes by a share of what is left
    second = 2**0.25 / math.exp(gap / 4) - 1
    assert odds(run, 126) == pytest.approx(1 + surprise + second, rel=1e-9)
    gap += 0.35 * (math.log(2) - gap)
    value = 100 * BN * 2**0.5 * math.exp(0.8 * gap)
    assert run.cell("firms", "valuation_cents", firm="Lab", day=126) == pytest.approx(value, rel=1e-9)


def test_growth_that_slows_is_compared_with_what_was_expected_in_mid_quarter(play):
    """Expected and real growth ln 2 exp(-0.5 t) day by day; real ln 3: the gap against the middle of the quarter. What
    prices knew of the slowing costs a part of the multiple."""
    over = (
        "lab.Lab.revenue_growth_per_year=2.0", "lab.Lab.expected_growth_per_year=1.0",
        "lab.Lab.growth_slowdown_per_year=0.5", "behaviour.multiple_per_growth=1.0",
    )  # fmt: skip
    run = play("lab still", *over, days=63)
    weight = sum(math.exp(-0.5 * day / YEAR) for day in range(1, 64)) / YEAR
    seen = math.log(3) * weight * 4
    gap = 0.35 * (seen - math.log(2) * math.exp(-0.5 * (63 - 31) / YEAR))
    slowed = math.log(2) * (1 - math.exp(-0.5 * 63 / YEAR))
    value = 100 * BN * 3**weight * math.exp(gap - slowed)
    assert run.cell("firms", "valuation_cents", firm="Lab", day=63) == pytest.approx(value, rel=1e-9)


def test_demand_for_a_plan_is_learnt_the_same_way(play):
    over = (
        "build_plan.Plan.demand_growth_per_year=1.0", "build_plan.Plan.expected_growth_per_year=0.0",
        "build_plan.Plan.growth_slowdown_per_year=0", "behaviour.evidence_surprise=1.0",
        "behaviour.guidance_log_odds=1.0", "cloud.Cloud.build_gw_per_year_max=0", "vendor_loan.Line.drawn_usd=1e9",
        "behaviour.contract_log_odds=0.5",
    )  # fmt: skip
    run = play("lab cloud maker fund supply plan line still", *over, days=64)
    surprise = 2**0.25 - 1
    assert odds(run, 63, "Plan") == pytest.approx(1 + surprise, rel=1e-9)
    assert odds(run, 63, "Line") == pytest.approx(0.5 + surprise, rel=1e-9)
    (event,) = run.events(
        "report", agent="Cloud", detail=f"demand for its capacity {surprise:+.1%} against expectation"
    )
    assert event.day == 63
    headline = run.row("announcements", day=64, firm="Cloud")
    assert (headline["announced_cents"], headline["direction"]) == (0, 0)


# --- what a share is worth --------------------------------------------------------------------------------------------


def fair(run, firm, day):
    """Cents a share at the funds' mean value of a day, and everything recorded that goes into it."""
    row = run.row("daily", security=firm, day=day)
    before = run.row("firms", firm=firm, day=day - 1)
    shares = run.cell("daily", "shares_outstanding", security=firm, day=day - 1)
    earnings = run.cell("firms", "earnings_usd_per_year", firm=firm, day=day)
    story = math.exp(row["narrative_log_multiple"] + row["sentiment"])
    return row["fair_value_cents"], earnings, story, before["debt_like_cents"] / 100, shares


def value(profits, multiple, inputs):
    """[(E + sum of believed profits) M x story - D] / shares, in cents."""
    _, earnings, story, debt, shares = inputs
    return 100 * ((earnings + profits) * multiple * story - debt) / shares


DEAL = 1 / (0.5 / 20 + 0.5 / 20)
"""Multiple of a deal where the firm's own is the market's: 100 / 5 and 200 / 10."""


def test_a_firm_without_promises_is_worth_its_earnings_times_its_multiple_and_its_new_cash(play):
    run = play("lab maker rest fund still", "chip_maker.Maker.revenue_usd_per_year=25.2e9", days=5)
    assert run.cell("firms", "debt_like_cents", firm="Maker", day=4) == -4 * BN // 10
    inputs = fair(run, "Maker", 5)
    assert inputs[0] == pytest.approx(value(0, 20, inputs), abs=1)


def test_a_contract_known_before_the_start_leaves_the_value_where_it_was(play):
    """Its believed profit, 0.48 bn x 0.9975, is no base earning; together they are worth the price."""
    run = play(CIRCLE, days=2)
    believed = logistic(6.0) * 0.48e9
    assert run.cell("firms", "earnings_usd_per_year", firm="Cloud", day=0) == pytest.approx(5e9 - believed, rel=1e-12)
    inputs = fair(run, "Cloud", 2)
    assert inputs[0] == pytest.approx(value(believed, 20, inputs), abs=1)
    growth = 1.08 ** (2 / YEAR)
    assert inputs[1] == pytest.approx((5e9 - believed) * growth, rel=1e-12)


def test_a_promise_counts_from_the_day_it_is_announced(play):
    run = play(CIRCLE, "contract.Compute.announced=2025-09-15", days=6)
    assert run.row("announcements", firm="Cloud")["day"] == 4
    for day, profit in ((3, 0.0), (4, logistic(6.0) * 0.48e9)):
        inputs = fair(run, "Cloud", day)
        assert inputs[0] == pytest.approx(value(profit, 20, inputs), abs=1)


def test_a_deal_is_worth_a_multiple_between_the_firms_own_and_the_markets(play):
    """Cloud at 100, the market at 700 / 31: a profit of 0.48 bn at 1 / (0.5 / 100 + 0.5 x 31 / 700)."""
    over = (
        "cloud.Cloud.earnings_usd_per_year=1e9",
        "contract.Compute.announced=2025-09-15",
        "cloud.Cloud.daily_volatility=0.02",
    )
    run = play("lab cloud maker rest fund contract supply still", *over, days=6)
    market = (100 + 200 + 400) / (1 + 10 + 20)
    deal = 1 / (0.5 / 100 + 0.5 / market)
    inputs = fair(run, "Cloud", 5)
    assert inputs[0] == pytest.approx(value(logistic(6.0) * 0.48e9 * deal / 100, 100, inputs), abs=1)


def test_a_milestone_investment_is_worth_the_chip_sales_it_promises(play):
    """30 bn a GW x 4 GW x 60 % over 5 years: 14.4 bn a year."""
    over = ("milestone.Investment.announced=2025-09-15", "milestone.Investment.chips_usd_per_gw=30e9")
    run = play("lab cloud maker fund contract supply milestone still", *over, days=6)
    inputs = fair(run, "Maker", 5)
    assert inputs[0] == pytest.approx(value(logistic(6.0) * 14.4e9, 20, inputs), abs=2)


def test_a_line_is_worth_the_sales_it_pays_for(play):
    """60 % margin x (12 - 3 drawn) bn x (1 - a quarter for any purpose), over a year."""
    over = ("vendor_loan.Line.drawn_usd=3e9", "behaviour.contract_log_odds=0.5")
    run = play("lab cloud maker fund supply line still", *over, days=2)
    believed = logistic(0.5) * 0.6 * 9e9 * 0.75
    assert run.cell("firms", "earnings_usd_per_year", firm="Maker", day=0) == pytest.approx(10e9 - believed, rel=1e-12)


def test_a_plan_is_worth_its_margin_less_what_is_expected_to_stand_idle(play):
    """1 GW x 20 %, less 200 MW idle of 500: a fifth and another fifth of 5.04 bn; what is delivered is no belief."""
    run = play("lab cloud maker fund supply plan still", "behaviour.guidance_log_odds=0.5", days=2)
    profit = (1.0 * 0.2 - 0.2) * 5.04e9
    assert profit == 0
    assert run.cell("firms", "earnings_usd_per_year", firm="Cloud", day=0) == pytest.approx(5e9, rel=1e-12)
    run = play(
        "lab cloud maker fund supply plan still",
        "behaviour.guidance_log_odds=0.5",
        "build_plan.Plan.demand_gw=0.45",
        days=2,
    )
    believed = 0.5 * logistic(0.5) * (0.2 - 0.05) * 5.04e9  # the delivered half is earned
    assert run.cell("firms", "earnings_usd_per_year", firm="Cloud", day=0) == pytest.approx(5e9 - believed, rel=1e-12)


def test_a_contracts_profit_fades_over_its_last_two_years(play):
    """A term of one year, begun: months left / 24 from the first month's end on; delivered, so earned in full: 12 bn a
    GW less 9.8 of operation and 1 of what is written off, untaxed."""
    over = (
        "contract.Compute.delivered_gw=0.4", "contract.Compute.years=1.0", "cloud.Cloud.build_gw_per_year_max=0",
        "supply.Chips.chips_usd_per_gw=0", "supply.Chips.other_usd_per_gw=17e9", "behaviour.tax_share=0",
        "cloud.Cloud.operating_cost_usd_per_gw_year=9.8e9",
    )  # fmt: skip
    run = play(CIRCLE, *over, days=64)
    for day, life in ((2, 1.0), (22, 11 / 24), (43, 10 / 24), (64, 9 / 24)):
        inputs = fair(run, "Cloud", day)
        assert inputs[1] == pytest.approx(4.52e9 * 1.08 ** (day / YEAR) + 0.48e9, rel=1e-9)
        assert inputs[0] == pytest.approx(value(0.48e9 * (life - 1), 20, inputs), abs=2)


def test_open_chip_orders_are_worth_their_margin_once(play):
    """3 bn ordered on day 63, not covered by a letter: 60 % of it, believed as an order is, in the maker's value."""
    run = play(CIRCLE, "contract.Compute.capacity_gw=0.1", "behaviour.order_log_odds=1.5", days=65)
    (row,) = run.rows("commitments", day=63, kind="order")
    assert (row["payer"], row["payee"], row["committed_cents"]) == ("Cloud", "Maker", 3 * BN)
    inputs = fair(run, "Maker", 64)
    assert inputs[0] == pytest.approx(value(logistic(1.5) * 0.6 * 3e9 / 20, 20, inputs), abs=2)


def test_what_is_ordered_owed_and_borrowed_is_debt_like_and_stakes_and_cash_are_not(play):
    """Claims added since the start: bonds, orders, loans, less cash; a stake in a lab at its last round's price."""
    over = ("contract.Compute.capacity_gw=0.1", "cloud.Cloud.revenue_usd_per_year=2.52e9")
    run = play(CIRCLE, *over, days=84)
    d = {day: run.cell("firms", "debt_like_cents", firm="Cloud", day=day) for day in (20, 21, 62, 63, 84)}
    cash = {day: run.cell("firms", "cash_cents", firm="Cloud", day=day) - 200 * BN for day in d}
    ordered = {20: 0, 21: 0, 62: 0, 63: 3 * BN, 84: 0}
    assert d == {day: ordered[day] - cash[day] for day in d}


def test_a_stake_bought_by_a_tranche_is_an_asset_of_its_investor(play):
    fast = (
        "cloud.Cloud.build_gw_per_year_max=12", "cloud.Cloud.build_months=1", "contract.Compute.capacity_gw=1",
        "contract.Compute.price_usd_per_gw_year=0", "supply.Chips.chips_usd_per_gw=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone still", *fast, days=42)
    assert run.paid("milestone") == 10 * BN
    assert run.cell("firms", "cash_cents", firm="Maker", day=42) == 40 * BN
    assert run.cell("firms", "debt_like_cents", firm="Maker", day=42) == 0


def test_loans_are_debt_of_the_borrower_and_assets_of_the_lender_less_provisions(play):
    """Day 84: 1.5 bn drawn and 1.5 bn of cash for 3 bn of chips that cost the maker 1.2."""
    run = play("lab cloud maker fund contract supply line still", "contract.Compute.capacity_gw=0.1", days=84)
    row = run.row("loans", loan="Line", day=84)
    start = run.row("loans", loan="Line", day=0)
    for firm, position in (("Cloud", 15 * BN // 10), ("Maker", row["provisioned_cents"] - 15 * BN // 10)):
        opening = {"Cloud": 200 * BN, "Maker": 50 * BN}[firm]
        cash = run.cell("firms", "cash_cents", firm=firm, day=84) - opening
        expected = position - cash - (start["provisioned_cents"] if firm == "Maker" else 0)
        assert run.cell("firms", "debt_like_cents", firm=firm, day=84) == expected


# --- news -------------------------------------------------------------------------------------------------------------

ALONE = (
    "behaviour.multiplier_spread_per_day=0", "behaviour.multiplier_spillover=0", "behaviour.announcement_impulse=0.05",
    "contract.Compute.announced=2025-09-15",
)  # fmt: skip


def story(run, firm, day):
    return run.cell("daily", "narrative_log_multiple", security=firm, day=day)


def test_an_announcement_shocks_its_firm_by_the_root_of_its_size(play):
    """0.05 x sqrt(24 / value) x sqrt(daily volatility 1.5 % / 2.2 %); then it decays by 2 % a day."""
    run = play(CIRCLE, *ALONE, days=6)
    size = 24 * BN / run.cell("daily", "market_value_cents", security="Cloud", day=3)
    shock = 0.05 * math.sqrt(size) * math.sqrt(0.015 / 0.022)
    told = [story(run, "Cloud", day) for day in (3, 4, 5, 6)]
    assert told == pytest.approx([0, shock, 0.98 * shock, 0.98**2 * shock], rel=1e-9)


def test_a_supplier_hears_of_its_customers_news_by_what_it_sells_to_it(play):
    """15 % spill over at once, by the profit of the believed chips of a year (0.4 GW x 30 bn x 60 %) over its earnings
    with them, and by the customer's weight in the index."""
    over = (*ALONE, "behaviour.multiplier_spillover=0.15")
    run = play(CIRCLE, *over, days=4)
    chips = logistic(6.0) * 12 * 0.6
    earnings = run.cell("firms", "earnings_usd_per_year", firm="Maker", day=3) / 1e9
    values = [run.cell("daily", "market_value_cents", security=name, day=3) for name in ("Cloud", "Maker")]
    weight = chips / (earnings + chips) + values[0] / sum(values)
    alone = story(play(CIRCLE, *ALONE, days=4), "Cloud", 4)
    assert story(run, "Maker", 4) == pytest.approx(0.15 * weight * alone, rel=1e-3)
    assert story(run, "Cloud", 4) == pytest.approx(alone, rel=1e-6)


def test_size_counts_with_its_exponent_and_no_firm_is_smaller_than_its_announcement(play):
    over = (*ALONE, "behaviour.announcement_concavity=1.0")
    first = play(CIRCLE, *over, days=4)
    size = 24 * BN / first.cell("daily", "market_value_cents", security="Cloud", day=3)
    root = play(CIRCLE, *ALONE, days=4)
    assert story(first, "Cloud", 4) / story(root, "Cloud", 4) == pytest.approx(math.sqrt(size), rel=1e-9)
    huge = play(CIRCLE, *over, "contract.Compute.price_usd_per_gw_year=1000e9", days=4)
    assert story(huge, "Cloud", 4) / story(first, "Cloud", 4) == pytest.approx(1 / size, rel=1e-9)


def news(day, direction=1, amount=24, firm="Cloud", more=""):
    return (
        f'[[news]]\nannounced = 2025-09-{9 + day:02d}\nfirm = "{firm}"\ntext = "News {day}"\n'
        f"amount_usd = {amount}e9\ndirection = {direction}\n{more}"
    )


def test_news_name_the_other_side_where_there_is_one(play):
    told = news(1, more='counterparty = "Maker"\n') + news(3)
    run = play("lab cloud maker fund supply still", *ALONE[:3], days=4, extra=told)
    assert [r["counterparty"] for r in run.rows("announcements", firm="Cloud")] == ["Maker", ""]


def test_bad_news_weighs_more_and_a_second_of_a_kind_less(play):
    """2.25 times; the second heard by 1 / (1 + exp(-2 / 63)) of those who heard the first. No news moves nothing."""
    parts = "lab cloud maker fund supply still"
    over = (*ALONE[:3], "behaviour.multiplier_decay_per_day=0.0001")
    good = play(parts, *over, days=4, extra=news(1))
    bad = play(parts, *over, days=4, extra=news(1, direction=-1))
    none = play(parts, *over, days=4, extra=news(1, direction=0))
    twice = play(parts, *over, days=4, extra=news(1) + news(3))
    first = story(good, "Cloud", 1)
    assert story(bad, "Cloud", 1) == pytest.approx(-2.25 * first, rel=1e-9)
    assert story(none, "Cloud", 1) == 0
    second = story(twice, "Cloud", 3) - story(good, "Cloud", 3)
    assert second / first == pytest.approx(1 / (1 + math.exp(-2 / 63)), rel=1e-3)


def test_an_endorsed_lab_gains_by_the_believed_root_of_the_stake(play):
    """1.2 x logistic(-2.2 - ln(1 + s)) x sqrt(s), s at most a fifth: 4 GW x 10 bn are 40 % of the lab's 100 bn."""
    over = (
        *ALONE[:2], "behaviour.endorsement_impulse=1.2", "behaviour.size_doubt=1.0",
        "behaviour.letter_of_intent_log_odds=-1.0", "milestone.Investment.announced=2025-09-10",
    )  # fmt: skip
    for amount, size in ((10e9, 0.2), (2e9, 0.08)):
        run = play(
            "lab cloud maker fund contract supply milestone still",
            *over,
            f"milestone.Investment.amount_usd_per_gw={amount}",
            days=1,
        )
        shock = 1.2 * logistic(-1.0 - math.log(1 + size)) * math.sqrt(size)
        moved = math.log(run.cell("firms", "valuation_cents", firm="Lab", day=1) / (100 * BN))
        assert moved == pytest.approx(shock, rel=1e-6)


def test_the_enthusiastic_hear_bad_news_and_no_good_news_and_the_tired_neither(play):
    """About 30 % tell the story, 20 % are tired of it: good news is heard by the others, bad by all but the tired."""
    over = (
        *ALONE[:3], "households.enthusiastic_share=0.3", "households.tired_share=0.2",
        "behaviour.story_catch_per_day=0", "behaviour.story_loss_per_day=0", "behaviour.story_recover_per_day=0",
    )  # fmt: skip
    parts = "lab cloud maker fund second_fund supply etf still"
    good = play(parts, *over, days=1, holders=1000, extra=news(1))
    bad = play(parts, *over, days=1, holders=1000, extra=news(1, direction=-1))
    silent = play("lab cloud maker fund supply still", *over[:3], days=1, extra=news(1))
    whole = story(silent, "Cloud", 1)
    row = good.row("households", day=0)
    susceptible, tired = row["susceptible"] / 1000, row["tired"] / 1000
    assert 0.4 < susceptible < 0.6
    assert story(good, "Cloud", 1) == pytest.approx(susceptible * whole, rel=1e-9)
    assert story(bad, "Cloud", 1) == pytest.approx(-(1 - tired) * 2.25 * whole, rel=1e-9)


def test_a_quarters_surprise_shocks_the_story_by_half_of_it(play):
    """Demand of a plan 2^(1/4) - 1 above what was expected, impulse 0.5, the day after the quarter."""
    over = (
        *ALONE[:2], "build_plan.Plan.demand_growth_per_year=1.0", "build_plan.Plan.expected_growth_per_year=0.0",
        "build_plan.Plan.growth_slowdown_per_year=0", "cloud.Cloud.build_gw_per_year_max=0",
        "behaviour.surprise_impulse=0.5", "behaviour.multiplier_decay_per_day=0.0001",
    )  # fmt: skip
    run = play("lab cloud maker fund supply plan still", *over, days=64)
    assert story(run, "Cloud", 63) == 0
    assert story(run, "Cloud", 64) == pytest.approx(0.5 * (2**0.25 - 1), rel=1e-3)


def test_news_with_a_profit_is_believed_as_guidance_and_worth_what_it_says(play):
    over = ("behaviour.guidance_log_odds=0.5", "behaviour.size_doubt=1.0")
    extra = news(1, amount=20, more="profit_usd_per_year = 1e9\n")
    run = play("lab cloud maker fund supply still", *over, days=2, extra=extra)
    believed = logistic(0.5 - math.log(1.2)) * 1e9
    inputs = fair(run, "Cloud", 2)
    assert inputs[0] == pytest.approx(value(believed, 20, inputs), abs=2)


def test_the_expected_part_of_a_promise_is_no_news(play):
    """Nine similar ones in the 90 days before: 1 / (1 + 9 x (1 - exp(-62/63)) / (62/63)) of the profit is new."""
    extra = news(1, amount=20, more="profit_usd_per_year = 1e9\nprior_similar_90d = 9\n")
    run = play("lab cloud maker fund supply still", "behaviour.guidance_log_odds=0.5", days=2, extra=extra)
    ratio = 62 / 63
    new = 1 / (1 + 9 * (1 - math.exp(-ratio)) / ratio)
    inputs = fair(run, "Cloud", 2)
    assert inputs[0] == pytest.approx(value(logistic(0.5) * new * 1e9, 20, inputs), abs=2)


def test_others_announcements_tire_the_market_by_their_weight(play):
    """Nine of other firms weigh as .3 x 9 of its own, where they weigh at all."""
    extra = news(1, amount=20, more="profit_usd_per_year = 1e9\nprior_others_90d = 9\n")
    over = ("behaviour.guidance_log_odds=0.5", "behaviour.fatigue_from_others=0.3")
    run = play("lab cloud maker fund supply still", *over, days=2, extra=extra)
    ratio = 62 / 63
    new = 1 / (1 + 0.3 * 9 * (1 - math.exp(-ratio)) / ratio)
    inputs = fair(run, "Cloud", 2)
    assert inputs[0] == pytest.approx(value(logistic(0.5) * new * 1e9, 20, inputs), abs=2)


def test_the_first_day_of_an_announcement_is_measured_against_the_rest_of_the_market(play):
    run = play("lab cloud maker rest fund second_fund contract supply", "contract.Compute.announced=2025-09-15", days=6)
    row = run.row("announcements", firm="Cloud")
    day = row["day"]
    names = ("Cloud", "Maker", "Rest")
    before = {n: run.row("daily", security=n, day=day - 1) for n in names}
    moved = {n: run.cell("daily", "price_cents", security=n, day=day) / before[n]["price_cents"] - 1 for n in names}
    rest = sum(before[n]["market_value_cents"] * moved[n] for n in names[1:])
    market = rest / sum(before[n]["market_value_cents"] for n in names[1:])
    assert row["market_value_before_cents"] == before["Cloud"]["market_value_cents"]
    assert row["day0_return"] == pytest.approx(moved["Cloud"], rel=1e-12)
    assert row["day0_abnormal_return"] == pytest.approx(moved["Cloud"] - market, rel=1e-9)
    assert row["value_gained_cents"] == round(before["Cloud"]["market_value_cents"] * moved["Cloud"])


def test_the_value_of_a_lab_before_its_news_is_that_of_the_evening_before(play):
    """100 bn, whatever the news makes of it."""
    run = play("lab maker fund still", "behaviour.announcement_impulse=0.5", days=1, extra=news(1, firm="Lab"))
    assert run.cell("firms", "valuation_cents", firm="Lab", day=1) > 101 * BN
    assert run.row("announcements", firm="Lab")["market_value_before_cents"] == 100 * BN


def test_a_lab_has_a_value_before_its_news_where_nothing_is_listed_too(play):
    run = play("lab still", days=1, extra=news(1, firm="Lab"))
    assert run.row("announcements", firm="Lab")["market_value_before_cents"] == 100 * BN
