"""Bonds in cents: coupons, maturities, issues and inflows; what they are worth, and every spread that is asked."""

from __future__ import annotations

import bisect
import math

import pytest

BN = 10**11
"""Cents of a billion dollars."""
FLOOR = 0.002
RISKLESS = 0.037
YEARS = 5.0
CREDIT = "lab cloud maker fund bond bank still"
MONTH = "behaviour.variance_memory_per_day=0.97"
"""A memory of a month: what a test can see of swings within one."""
SECOND_GUARANTEE = """
[[guarantee]]
name = "Second guarantee"
guarantor = "Rest"
issuer = "Cloud"
limit_usd = 7e9
"""


def cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def merton(claims, equity, volatility, years=YEARS, riskless=RISKLESS):
    """Merton (1974), eq. 14: s = -(1/T) ln[N(d2) + N(-d1) / L], L the discounted claims over assets."""
    leverage = claims * math.exp(-riskless * years) / (equity + claims)
    width = volatility * math.sqrt(years)
    d1 = (-math.log(leverage) + width**2 / 2) / width
    return -math.log(cdf(d1 - width) + cdf(-d1) / leverage) / years


def price(face, coupon, bond_yield, days_left):
    """Every coupon and the face, each discounted for its own months at a yield compounded monthly."""
    discount = 1 + bond_yield / 12
    dates = [days_left - 21 * k for k in range(-(-days_left // 21))]
    return face * (sum(coupon / 12 * discount ** (-d / 21) for d in dates) + discount ** (-days_left / 21))


def day_reached(run, iso):
    """First day of a run on or after a date."""
    dates = [str(row["date"]) for row in run.rows("firms", firm="Cloud")]
    return bisect.bisect_left(dates, iso)


# --- payments ---------------------------------------------------------------------------------------------------------


def test_a_coupon_is_a_twelfth_of_the_yearly_one_on_every_unit_each_month(play):
    """8 m units of 1,000 dollars at 6.13 %: 510.83 cents a unit and month; 1,021.67 after two, 1,532.5 after three,
    2,043.33 after four."""
    run = play(CREDIT, "bond.Cloud bond.coupon_per_year=0.0613", days=84)
    paid = run.by_day("coupon", payer="Cloud", payee="Bank")
    assert paid == {21: 8_000_000 * 511, 42: 8_000_000 * 511, 63: 8_000_000 * 510, 84: 8_000_000 * 511}


def test_bonds_of_the_start_are_held_in_proportion_to_means_and_pay_whom_they_belong_to(play):
    """10 : 30 billion, so 2 and 6 m units; 500 cents a unit and month."""
    run = play(CREDIT + " savers", days=21)
    held = {row["investor"]: row["holdings_cents"] for row in run.rows("investors", day=0)}
    assert held["Bond fund"] == 3 * held["Bank"] > 0
    assert run.paid("coupon") == 8_000_000 * 500


def test_lenders_without_means_hold_the_bonds_of_the_start_in_equal_parts(play):
    empty = [f"bond_buyer.{name}.opening_cash_usd=0" for name in ("Bank", "Bond fund")]
    run = play(CREDIT + " savers", *empty, days=1)
    held = {row["investor"]: row["holdings_cents"] for row in run.rows("investors", day=0)}
    assert held["Bond fund"] == held["Bank"] > 0


def test_face_and_last_coupon_are_paid_at_the_month_end_after_maturity_and_nothing_later(play):
    run = play(CREDIT, "bond.Cloud bond.maturity=2025-10-20", days=84)
    assert 21 < day_reached(run, "2025-10-20") < 42
    assert run.by_day("maturity", payer="Cloud", payee="Bank") == {42: 8 * BN}
    assert run.by_day("coupon") == {21: 8_000_000 * 500, 42: 8_000_000 * 500}
    assert [run.cell("firms", "debt_cents", firm="Cloud", day=d) for d in (41, 42)] == [8 * BN, 0]
    assert run.cell("investors", "holdings_cents", investor="Bank", day=42) == 0


def test_twelve_months_of_inflow_are_a_year_of_it(play):
    run = play("lab bank savers still", "bond_buyer.Bank.inflow_usd_per_year=1.2e9", days=252)
    assert run.by_day("bond_inflow", payer="Bank credit", payee="Bank") == dict.fromkeys(range(21, 253, 21), BN // 10)
    assert run.paid("bond_inflow") == 12 * BN // 10


# --- issues -----------------------------------------------------------------------------------------------------------

NEEDY = (
    "cloud.Cloud.opening_cash_usd=1e9", "cloud.Cloud.costs_usd_per_year=2.52e9", "cloud.Cloud.cash_buffer_usd=1e9",
    "behaviour.spread_floor_per_year=0", "bond_buyer.Bank.premium_per_year=0.011",
)  # fmt: skip
"""A cloud that will have spent 0.21 bn in its first month, and 1.26 bn more in the half-year that it plans for."""
NEED = 147 * BN // 100
"""0.79 bn in hand; 1 bn to keep, 1.26 bn to spend."""


def test_a_cloud_borrows_what_it_will_lack_in_half_a_year(play):
    """Half of what the bank may lend is offered at its own premium over a spread of nothing: 1.1 %."""
    run = play("lab cloud maker fund bank still", *NEEDY, days=42)
    assert run.by_day("bond_issue", payer="Bank", payee="Cloud")[21] == NEED
    assert run.events("bond_issued", day=21)[0].cents == NEED
    assert run.cell("firms", "debt_cents", firm="Cloud", day=21) == NEED
    coupon = round(100_000 * (RISKLESS + 0.011) / 12)
    assert run.by_day("coupon", payer="Cloud", payee="Bank") == {42: NEED // 100_000 * coupon}
    assert run.events("share_issue", "bond_failed", "build_slowed") == []


def test_what_is_borrowed_next_covers_the_new_coupons_as_well(play):
    """Month 2 spends 0.21 bn and pays a coupon; six coupons more are ahead on the first issue."""
    run = play("lab cloud maker fund bank still", *NEEDY, days=42)
    coupon = RISKLESS + 0.011
    spent = 21 * BN // 100 + run.paid("coupon", day=42)
    ahead = round(NEED * coupon * 6 / 12)
    # units of 1,000 dollars; what is below one is not placed
    assert run.by_day("bond_issue")[42] == (spent + ahead) // 100_000 * 100_000


def test_the_second_half_of_a_lenders_room_costs_a_quarter_of_a_percent_more(play):
    """The bank may lend 2 bn: 1 bn at 1.1 %, then the whole issue at 1.35 %."""
    run = play("lab cloud maker fund bank still", *NEEDY, "bond_buyer.Bank.opening_cash_usd=2e9", days=42)
    assert run.by_day("bond_issue")[21] == NEED
    assert run.by_day("coupon") == {42: NEED // 100_000 * round(100_000 * (RISKLESS + 0.0135) / 12)}


def test_the_cheapest_lender_lends_first_and_all_get_the_last_ones_spread(play):
    """The fund asks 0.7 %: half its room of 2 bn at that, then its other half at 0.95 %, still below the bank's 1.1."""
    over = ("bond_buyer.Bond fund.premium_per_year=0.007", "bond_buyer.Bond fund.opening_cash_usd=2e9")
    run = play("lab cloud maker fund bank savers still", *NEEDY, *over, days=42)
    assert {(e.payer, e.cents) for e in run.entries("bond_issue", day=21)} == {("Bond fund", NEED)}
    assert run.by_day("coupon") == {42: NEED // 100_000 * round(100_000 * (RISKLESS + 0.0095) / 12)}


def test_a_lender_keeps_to_its_limit_in_one_issuer_and_the_rest_is_sold_in_shares(play):
    """A tenth of 10 bn; 0.47 bn are missing: a failed issue, and shares for it at the market."""
    run = play("lab cloud maker fund bank still", *NEEDY, "bond_buyer.Bank.concentration_limit=0.1", days=42)
    assert run.by_day("bond_issue")[21] == BN
    assert [e.cents for e in run.events("bond_failed", day=21)] == [NEED - BN]
    assert [e.cents for e in run.events("share_issue", day=21)] == [NEED - BN]
    assert run.events("build_slowed", day=21) == []


def test_an_issue_that_is_nine_tenths_placed_has_not_failed(play):
    """0.92 of what was wanted: no failure, but shares for the rest, which is above a hundredth."""
    limit = 0.92 * NEED / (10 * BN)
    run = play("lab cloud maker fund bank still", *NEEDY, f"bond_buyer.Bank.concentration_limit={limit}", days=21)
    placed = int(limit * 10 * BN) // 100_000 * 100_000
    assert run.paid("bond_issue") == placed
    assert run.events("bond_failed") == []
    assert [e.cents for e in run.events("share_issue")] == [NEED - placed]


@pytest.mark.parametrize(("placed", "fails"), [(NEED // 2, False), (NEED // 2 - 100_000, True)])
def test_an_issue_fails_below_its_share_and_not_at_it(play, placed, fails):
    """Half of it is enough here, and the bank has just that, or a unit less."""
    over = (f"bond_buyer.Bank.opening_cash_usd={placed / 100}", "behaviour.bond_issue_success_share=0.5")
    run = play("lab cloud maker fund bank still", *NEEDY, *over, days=21)
    assert run.paid("bond_issue") == placed
    assert [e.cents for e in run.events("bond_failed")] == [NEED - placed] * fails


@pytest.mark.parametrize(("short", "sells"), [(0.4e-6, False), (1e-5, True)])
def test_what_whole_bonds_leave_over_sells_no_shares(play, short, sells):
    """Less than a bond of 1,000 USD is missing, or more."""
    limit = (1 - short) * NEED / (10 * BN)
    run = play("lab cloud maker fund bank still", *NEEDY, f"bond_buyer.Bank.concentration_limit={limit}", days=21)
    assert run.paid("bond_issue") < NEED
    assert len(run.events("share_issue")) == sells
    assert run.events("bond_failed", "build_slowed") == []


def test_a_new_bond_matures_after_seven_years_of_trading_days(play):
    """Its price on the day of the next mark: 7 x 252 - 21 days left at the spread of that day."""
    run = play("lab cloud maker fund bank still", *NEEDY, "behaviour.spread_floor_per_year=0.004", days=42)
    (first, second) = (run.paid("bond_issue", day=d) // 100_000 for d in (21, 42))
    text = run.events("bond_issued", day=21)[0].detail
    coupon_cents = run.paid("coupon", day=42) // first
    spread = run.cell("firms", "spread_per_year", firm="Cloud", day=42)
    assert text.startswith("spread 1")
    held = run.cell("investors", "holdings_cents", investor="Bank", day=42)
    worth = price(100_000, coupon_cents * 12 / 100_000, RISKLESS + spread, 7 * 252 - 21)
    # the coupon is known to half a cent a month, 0.5 x 84 months, and the second issue is at par
    assert held - second * 100_000 == pytest.approx(first * worth, abs=first * 42)


def test_maturities_within_half_a_year_are_funded_ahead(play):
    """8 bn fall due in four months and six coupons come; 200 bn in hand is enough, 8 bn is not."""
    over = (
        "bond.Cloud bond.maturity=2026-01-20",
        "cloud.Cloud.opening_cash_usd=8e9",
        "bond_buyer.Bank.opening_cash_usd=60e9",
    )
    run = play(CREDIT, *over, days=21)
    coupon = 8_000_000 * 500
    cash = 8 * BN - coupon
    assert run.paid("bond_issue") == 8 * BN + round(8 * BN * 0.06 / 2) - cash
    assert play(CREDIT, over[0], over[2], days=21).paid("bond_issue") == 0


def test_maturities_beyond_half_a_year_are_not(play):
    over = ("bond.Cloud bond.maturity=2026-06-20", "cloud.Cloud.opening_cash_usd=8e9")
    assert play(CREDIT, *over, days=21).paid("bond_issue") == 0


# --- what they are worth ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coupon", [0.0, 0.06, 0.12])
def test_bonds_are_marked_to_market_each_month(play, coupon):
    """Units x the present value of what is to come, at the spread of the day, with real days to maturity."""
    over = ("bond.Cloud bond.maturity=2026-08-20", f"bond.Cloud bond.coupon_per_year={coupon}")
    run = play(CREDIT, *over, days=252)
    matures = day_reached(run, "2026-08-20")
    assert 200 < matures < 252
    for day in (0, 21, 105, 189):
        spread = run.cell("firms", "spread_per_year", firm="Cloud", day=day)
        worth = round(price(100_000, coupon, RISKLESS + spread, matures - day))
        assert run.cell("investors", "holdings_cents", investor="Bank", day=day) == 8_000_000 * worth
        assert worth != 100_000


def test_a_bond_that_pays_its_yield_is_worth_its_face_on_coupon_days(play):
    spread = play(CREDIT, days=1).cell("firms", "spread_per_year", firm="Cloud", day=0)
    coupon = RISKLESS + spread
    run = play(CREDIT, f"bond.Cloud bond.coupon_per_year={coupon!r}", days=1)
    held = run.cell("investors", "holdings_cents", investor="Bank", day=0)
    assert held == pytest.approx(8 * BN, rel=0.003)
    assert abs(price(100_000, coupon, coupon, 21 * 60) - 100_000) < 1e-6


# --- spreads ----------------------------------------------------------------------------------------------------------


def market_value(run, firm, day):
    return run.cell("daily", "market_value_cents", security=firm, day=day) if day else None


def test_the_spread_of_the_opening_is_mertons_with_debt_and_leases_as_claims(play):
    """Equity 100 bn, claims 60 bn of bonds and 15 of leases, asset volatility 25 %, five years."""
    over = ("bond.Cloud bond.face_usd=60e9", "cloud.Cloud.debt_like_usd=15e9")
    run = play(CREDIT, *over, days=1)
    expected = FLOOR + merton(75, 100, 0.25)
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(expected, rel=1e-9)
    assert expected > 1.5 * FLOOR


NO_MOODS = (
    "behaviour.fw_sigma_fundamental=0", "behaviour.fw_sigma_chartist=0", "behaviour.private_noise_per_day=0",
)  # fmt: skip
"""Lenders see no sentiment; here nobody else does."""


def steady_cents(run, firm, days, at_start=100 * BN):
    """What lenders remember of a firm's value: month by month a sixth of half a year."""
    mean = at_start
    for day in range(21, days + 1, 21):
        mean += (run.cell("daily", "market_value_cents", security=firm, day=day) - mean) / 6
    return mean


def test_chips_ordered_and_not_delivered_count_as_debt(play):
    """3 bn ordered in month 3, for 100 MW; a share of commitments counts, here all and then two fifths. Of what is
    built for a customer two fifths are lost as far as it is not believed."""
    over = ("bond.Cloud bond.face_usd=60e9", "supply.Chips.chips_usd_per_gw=300e9", "contract.Compute.capacity_gw=0.1")
    for share in (1.0, 0.4):
        over = (*over, *NO_MOODS, f"behaviour.commitments_as_debt={share}")
        run = play(CREDIT + " contract supply", *over, days=63, extra="")
        assert run.days_of("order_placed") == [63]
        doubt = 1 - run.cell("commitments", "credibility", commitment="Compute", day=63)
        lost = 0.4 * doubt * run.paid("construction")
        assert lost > 0
        expected = FLOOR + merton(60 * BN + share * 30 * BN, steady_cents(run, "Cloud", 63) - lost, 0.25)
        assert run.cell("firms", "spread_per_year", firm="Cloud", day=63) == pytest.approx(expected, rel=1e-9)


def test_drawn_vendor_loans_count_as_debt(play):
    over = ("bond.Cloud bond.face_usd=60e9", "vendor_loan.Line.drawn_usd=10e9")
    run = play(CREDIT + " supply line", *over, days=1)
    expected = FLOOR + merton(70, 100, 0.25)
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(expected, rel=1e-9)


def test_without_claims_the_spread_is_the_floor(play):
    run = play("lab cloud maker fund bank still", "behaviour.spread_floor_per_year=0.0063", *NEEDY[:2], days=21)
    # the first issue of a firm without debts: what was asked is within the opinions of one lender, 10 % a deviation
    basis_points = float(run.events("bond_issued")[0].detail.split()[1])
    assert 63 * 0.6 < basis_points < 63 * 1.4


def test_a_lender_asks_a_tenth_more_or_less_by_its_opinion_and_less_by_its_disposition(play):
    """log(asked / fair) over seeds: mean -0.15 x disposition, deviation about 0.10; to 4 standard errors."""
    over = (
        "behaviour.spread_floor_per_year=0.05", "cloud.Cloud.opening_cash_usd=1e9",
        "cloud.Cloud.costs_usd_per_year=2e9", "cloud.Cloud.spread_limit_per_year=1.0",
        "bond_buyer.Bank.disposition=2.0",
    )  # fmt: skip
    asked = []
    for seed in range(48):
        run = play("lab cloud maker fund bank still", *over, days=21, seed=seed)
        asked.append(float(run.events("bond_issued")[0].detail.split()[1]) / 500)
    n, mean = len(asked), sum(asked) / len(asked)
    deviation = math.sqrt(sum((x - mean) ** 2 for x in asked) / (n - 1))
    usual = math.exp(-0.3)
    assert abs(mean / usual - 1) < 4 * 0.1 / math.sqrt(n)
    assert abs(deviation / usual / 0.1 - 1) < 4 / math.sqrt(2 * n)


def test_without_a_stated_one_the_asset_volatility_is_the_shares_times_equity_over_assets(play):
    """2 % a day: 0.02 sqrt(252) x 100 / 160 at the opening."""
    parts = "lab maker rest fund bank still"
    bond = """
[[bond]]
name = "Rest bond"
issuer = "Rest"
face_usd = 100e9
coupon_per_year = 0.05
maturity = 2030-09-09
"""
    run = play(parts, "listed_firm.Rest.daily_volatility=0.02", days=1, extra=bond)
    volatility = 0.02 * math.sqrt(252) * 400 / 500
    expected = FLOOR + merton(100, 400, volatility)
    assert run.cell("firms", "spread_per_year", firm="Rest", day=0) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("daily", [0.02, 0.001])
def test_a_share_that_has_become_wilder_makes_its_bonds_dearer_and_a_calm_one_does_not(play, daily):
    """The larger of the opening's asset volatility and today's: exponentially weighted, decay 0.97, jumps cut at 3."""
    bond = """
[[bond]]
name = "Wild bond"
issuer = "Wild"
face_usd = 60e9
coupon_per_year = 0.05
maturity = 2030-09-09
[[cloud]]
name = "Wild"
ticker = "WLD"
opening_cash_usd = 20e9
shares = 1000000000
price_usd = 100.0
earnings_usd_per_year = 5e9
cash_growth_per_year = 0.0
earnings_growth_per_year = 0.5
"""
    run = play("lab fund second_fund bank", MONTH, days=21, extra=bond + f"daily_volatility = {daily}\n")
    prices = run.column("daily", "price_cents", security="Wild")
    variance = daily**2
    for before, after in zip([10_000, *prices[1:]], prices[1:], strict=False):
        variance += 0.03 * (min(math.log(after / before) ** 2, 9 * variance) - variance)
    value, felt = (run.cell("daily", what, security="Wild", day=21) for what in ("market_value_cents", "sentiment"))
    equity = 100 * BN + (value * math.exp(-felt) - 100 * BN) / 6  # lenders look at half a year, without moods
    at_start = daily * math.sqrt(252) * 100 / 160
    now = math.sqrt(252 * variance) * equity / (equity + 60 * BN)
    assert (now > at_start) == (daily == 0.001)
    expected = FLOOR + merton(60 * BN, equity, max(now, at_start))
    assert run.cell("firms", "spread_per_year", firm="Wild", day=21) == pytest.approx(expected, rel=1e-6)


def test_who_pays_late_is_asked_for_a_triple_c_and_a_defaulter_for_a_d(play):
    """Damodaran, Jan 2024: coverage below one 8.51 %, default 20 %. A cloud without cash owes coupons from day 21."""
    over = ("cloud.Cloud.opening_cash_usd=0", "bond_buyer.Bank.opening_cash_usd=0", "behaviour.atm_share_of_volume=0")
    run = play(CREDIT, *over, days=84)
    assert run.days_of("bill_late", detail="coupon")[0] == 21
    assert run.days_of("default") == [63]
    spreads = {day: run.cell("firms", "spread_per_year", firm="Cloud", day=day) for day in (21, 42, 63, 84)}
    assert spreads == {21: 0.0851, 42: 0.0851, 63: 0.2, 84: 0.2}


@pytest.mark.parametrize("demand_gw", [0.9, 0.42, 0.38, 0.35, 0.3, 0.1])
def test_a_builder_for_its_own_customers_is_rated_by_what_it_is_expected_to_earn_over_its_interest(play, demand_gw):
    """500 MW cost 1.26 bn to operate; used MW earn 5.04 bn a GW; interest is 6 % on 5 bn: 0.3 bn a year.

    Damodaran: 8.5 AAA 0.59 %, 2.5 BBB 1.47, 2.0 BB 2.21, 1.5 B 3.61, 0.2 CCC 8.51, less D 20.
    """
    over = (
        "bond.Cloud bond.face_usd=5e9", f"build_plan.Plan.demand_gw={demand_gw}", "behaviour.spread_floor_per_year=0",
        "cloud.Cloud.asset_volatility_per_year=0.05", "build_plan.Plan.delivered_gw=0.5",
    )  # fmt: skip
    run = play(CREDIT + " supply plan", *over, days=1)
    coverage = (min(0.5, demand_gw) * 5.04 - 0.5 * 2.52) / 0.3
    ratings = {8.5: 0.0059, 6.5: 0.0070, 4.25: 0.0107, 2.5: 0.0147, 2.0: 0.0221, 1.5: 0.0361, 0.2: 0.0851, -9: 0.2}
    expected = next(s for least, s in ratings.items() if coverage >= least)
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(expected, rel=1e-9)


def test_a_builder_is_rated_by_what_it_has_begun_as_well_and_by_what_that_will_cost(play):
    """500 MW in service, 100 begun on day 21, 600 wanted: 3.024 bn less 1.26 and 0.252, over 0.3: 5.04, an A.

    Without what is begun it would be 4.2, a triple B; without what it costs 5.88, still an A; as a gain 6.72.
    """
    over = (
        "bond.Cloud bond.face_usd=5e9", "build_plan.Plan.demand_gw=0.6", "cloud.Cloud.asset_volatility_per_year=0.05",
        "behaviour.spread_floor_per_year=0",
    )  # fmt: skip
    run = play(CREDIT + " supply plan", *over, days=21)
    assert [e.detail for e in run.events("build_started")] == ["100 MW"]
    spreads = [run.cell("firms", "spread_per_year", firm="Cloud", day=d) for d in (0, 21)]
    assert spreads == [0.0147, 0.0107]


def test_the_interest_on_vendor_loans_lowers_a_builders_rating(play):
    """Earned 0.756 bn; coupons 0.3 bn, and 10 bn of loans at 8 %: coverage 0.69, a triple C and not a triple B."""
    over = (
        "bond.Cloud bond.face_usd=5e9", "build_plan.Plan.demand_gw=0.4", "cloud.Cloud.asset_volatility_per_year=0.05",
        "vendor_loan.Line.drawn_usd=10e9",
    )  # fmt: skip
    assert (0.4 * 5.04 - 1.26) / 0.3 > 2.5
    assert 0.2 < (0.4 * 5.04 - 1.26) / 1.1 < 1.5
    run = play(CREDIT + " supply plan line", *over, days=1)
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == 0.0851


def test_a_guarantee_lowers_the_spread_for_the_part_it_covers(play):
    """2 of 8 bn at the guarantor's own spread (no claims: the floor), the rest at the issuer's."""
    over = ("bond.Cloud bond.face_usd=8e9", "cloud.Cloud.debt_like_usd=60e9")
    run = play(CREDIT + " guarantee", *over, days=1)
    own = FLOOR + merton(68, 100, 0.25)
    assert run.cell("loans", "spread_per_year", loan="Guarantee", day=0) == pytest.approx(own, rel=1e-9)
    expected = 0.25 * FLOOR + 0.75 * own
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(expected, rel=1e-9)


def test_guarantees_cover_no_more_than_all_and_a_weaker_guarantor_is_no_help(play):
    """2 bn by the maker at its own spread; then 6 of the 7 bn by Rest, whose own spread is higher: the issuer's."""
    over = (
        "cloud.Cloud.debt_like_usd=160e9", "chip_maker.Maker.debt_like_usd=100e9",
        "listed_firm.Rest.debt_like_usd=400e9", "listed_firm.Rest.daily_volatility=0.06",
    )  # fmt: skip
    parts = CREDIT.replace("fund", "rest fund")
    run = play(parts + " guarantee", *over, days=1, extra=SECOND_GUARANTEE)
    own = FLOOR + merton(168, 100, 0.25)
    maker = FLOOR + merton(100, 200, 0.015 * math.sqrt(252) * 200 / 300)
    rest = FLOOR + merton(400, 400, 0.06 * math.sqrt(252) / 2)
    assert maker < own < rest
    expected = 0.25 * maker + 0.75 * own
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(expected, rel=1e-9)


def test_a_stronger_second_guarantor_covers_what_the_first_leaves(play):
    parts = CREDIT.replace("fund", "rest fund")
    run = play(parts + " guarantee", "cloud.Cloud.debt_like_usd=60e9", days=1, extra=SECOND_GUARANTEE)
    assert run.cell("firms", "spread_per_year", firm="Cloud", day=0) == pytest.approx(FLOOR, rel=1e-9)
