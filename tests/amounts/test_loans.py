"""A vendor's lines and guarantees in cents: drawn, drawn ahead, held, cut, repaid, provided for, written off."""

from __future__ import annotations

import math

import pytest

BN = 10**11
"""Cents of a billion dollars."""
FLOOR = 0.002
RATE = 0.08
"""Riskless 3.7 % and the line's spread of 4.3 %."""
DRAWN = (
    "vendor_loan.Line.drawn_usd=2.4e9", "vendor_loan.Line.committed_usd=2.4e9", "vendor_loan.Line.draw_months=2",
    "vendor_loan.Line.repayment_months=3",
)  # fmt: skip
LENT = "lab cloud maker fund supply line still"
SALES = "lab cloud maker fund contract supply line still"
"""Chips for 100 MW a month, 3 bn each, from day 84 on: 400 MW in all."""
SALE = 3 * BN


def cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def merton(claims, equity, volatility):
    leverage = claims * math.exp(-0.037 * 5) / (equity + claims)
    width = volatility * math.sqrt(5)
    d1 = (-math.log(leverage) + width**2 / 2) / width
    return -math.log(cdf(d1 - width) + cdf(-d1) / leverage) / 5


def loan(run, day, name="Line"):
    return run.row("loans", loan=name, day=day)


# --- interest and repayment -------------------------------------------------------------------------------------------


def test_interest_is_a_twelfth_of_the_rate_on_what_is_outstanding_each_month(play):
    """2.4 bn, then 1.6 and 0.8: 16 m, 16, 16, then two thirds and a third of it."""
    run = play(LENT, *DRAWN, days=147)
    parts = {21: 1, 42: 1, 63: 1, 84: 2 / 3, 105: 1 / 3}
    expected = {day: round(24 * BN / 10 * part * RATE / 12) for day, part in parts.items()}
    assert run.by_day("vendor_interest", payer="Cloud", payee="Maker", contract="Line") == expected
    assert loan(run, 147)["interest_cents"] == sum(expected.values())


def test_principal_is_repaid_in_equal_parts_after_the_draws_to_the_cent(play):
    """2.4 bn less 10 cents over three months: after one 79,999,999,996.67, after two 159,999,999,993.33, rounded."""
    run = play(LENT, *DRAWN, "vendor_loan.Line.drawn_usd=2.3999999999e9", days=147)
    principal = 239_999_999_990
    parts = [79_999_999_997, 79_999_999_996, 79_999_999_997]
    assert run.by_day("vendor_repayment", payer="Cloud", payee="Maker", contract="Line") == dict(
        zip((63, 84, 105), parts, strict=True)
    )
    left = [loan(run, d)["outstanding_cents"] for d in (0, 42, 63, 84, 105)]
    assert left == [principal, principal, principal - parts[0], parts[2], 0]
    assert run.cell("commitments", "status", commitment="Line", day=105) == "done"


def test_an_unpaid_instalment_is_not_due_twice(play):
    """A borrower without cash: 0.8 bn fall due on day 63; on day 84 another 0.8, on day 105 the last."""
    over = (*DRAWN, "cloud.Cloud.opening_cash_usd=0", "behaviour.atm_share_of_volume=0", "behaviour.grace_months=24")
    run = play(LENT, *over, days=147)
    late = [(e.day, e.cents) for e in run.events("bill_late", detail="vendor_repayment")]
    assert late == [(63, 8 * BN // 10), (84, 8 * BN // 10), (105, 8 * BN // 10)]


# --- draws ------------------------------------------------------------------------------------------------------------


def test_the_planned_part_of_each_bill_is_drawn_and_comes_straight_back(play):
    run = play(SALES, days=147)
    assert run.by_day("vendor_loan", payer="Maker", payee="Cloud", contract="Line") == dict.fromkeys(
        (84, 105, 126, 147), SALE // 2
    )
    assert [e.cents for e in run.entries("chip_bill", day=84, contract="Compute")] == [SALE // 2, SALE // 2]
    assert {e.lap_step for e in run.entries("vendor_loan")} == {1}
    told = [(e.day, e.agent, e.counterparty, e.cents, e.detail) for e in run.events("loan_drawn")]
    assert told == [(d, "Cloud", "Maker", SALE // 2, "for its bills") for d in (84, 105, 126, 147)]
    row = loan(run, 105)
    assert (row["drawn_cents"], row["outstanding_cents"], row["drawn_ahead_cents"]) == (SALE, SALE, 0)
    assert run.cell("commitments", "paid_cents", commitment="Line", day=105) == SALE
    assert run.by_day("vendor_interest")[105] == round(SALE / 2 * RATE / 12)
    # the maker pays what its chips cost on both parts of the bill
    assert run.paid("running_costs", payer="Maker", day=84) == round(SALE / 2 * 0.4) * 2


def test_no_more_is_drawn_than_the_line_has(play):
    run = play(SALES, "vendor_loan.Line.committed_usd=4e9", days=147)
    assert run.by_day("vendor_loan") == {84: SALE // 2, 105: SALE // 2, 126: BN}


def test_a_lender_without_the_cash_lends_what_it_has_again_and_again(play):
    """1 bn goes out, pays the bill and is there again at once: the lender's cash is no limit to its line."""
    over = ("chip_maker.Maker.opening_cash_usd=1e9", "chip_maker.Maker.net_margin=1.0")
    run = play(SALES, *over, days=84)
    assert [e.cents for e in run.entries("vendor_loan")] == [BN, BN // 2]
    assert run.events("line_not_honoured") == []


def test_a_lender_without_a_cent_does_not_honour_its_line(play):
    run = play(SALES, "chip_maker.Maker.opening_cash_usd=0", days=84)
    assert run.paid("vendor_loan") == 0
    assert [(e.day, e.agent, e.counterparty, e.cents) for e in run.events("line_not_honoured")] == [
        (84, "Maker", "Cloud", SALE // 2)
    ]
    assert run.paid("chip_bill") == SALE


@pytest.mark.parametrize(("months", "drawn"), [(4, 0), (5, SALE // 2)])
def test_nothing_is_drawn_from_the_end_of_its_months_on(play, months, drawn):
    """The first bill comes in month 4: too late for a line of four months."""
    run = play(SALES, f"vendor_loan.Line.draw_months={months}", days=105)
    assert run.paid("vendor_loan") == drawn


NEEDY = ("cloud.Cloud.cash_buffer_usd=400e9", "behaviour.atm_share_of_volume=0", "cloud.Cloud.build_gw_per_year_max=0")
"""A cloud that wants 200 bn more than it has: nobody lends, so its stress is one from the first month on."""


def test_when_nobody_else_lends_half_of_what_is_for_any_purpose_is_drawn_each_month(play):
    """A quarter of 12 bn may be drawn ahead: 1.5 bn, then half of the other half, and so on, from month 2."""
    run = play(LENT, *NEEDY, days=84)
    assert run.by_day("vendor_loan") == {42: 15 * BN // 10, 63: 75 * BN // 100, 84: 375 * BN // 1000}
    assert {e.detail for e in run.events("loan_drawn")} == {"ahead of need"}
    row = loan(run, 84)
    assert row["drawn_ahead_cents"] == row["drawn_cents"] == run.paid("vendor_loan")
    assert row["stress"] == 1.0


def test_the_run_on_a_line_is_as_fast_as_the_behaviour_table_says(play):
    run = play(LENT, *NEEDY, "behaviour.line_run_per_month=0.2", days=42)
    assert run.by_day("vendor_loan") == {42: 6 * BN // 10}


def test_a_borrower_that_nobody_else_lends_to_draws_for_the_whole_bill(play):
    """f + (1 - f) x stress of it; ahead of need 1.5 and 0.75 bn are drawn in months 2 and 3, then 0.375 beside it."""
    over = (*NEEDY[:2], "cloud.Cloud.build_gw_per_year_max=1.2", "contract.Compute.capacity_gw=0.1")
    run = play(SALES, *over, "chip_maker.Maker.supply_gw_per_year_max=12", days=84)
    drawn = {(e.day, e.detail): e.cents for e in run.events("loan_drawn")}
    assert run.cell("loans", "stress", loan="Line", day=63) == 1.0
    assert drawn[84, "for its bills"] == SALE
    assert drawn[84, "ahead of need"] == 375 * BN // 1000


def test_stress_is_the_part_of_the_last_need_that_nobody_placed(play):
    """Need 200 bn, 40 bn of it placed: stress 0.8."""
    over = (*NEEDY, "bond_buyer.Bank.opening_cash_usd=40e9")
    run = play(LENT, *NEEDY, days=21)
    assert run.cell("loans", "stress", loan="Line", day=21) == 1.0
    run = play("lab cloud maker fund supply line bank still", *over, days=42)
    placed = run.paid("bond_issue", day=21)
    stress = 1 - placed / (200 * BN)
    assert placed == 40 * BN
    assert run.cell("loans", "stress", loan="Line", day=21) == pytest.approx(stress, rel=1e-12)
    assert run.by_day("vendor_loan")[42] == round(3 * BN * 0.5 * stress)


def test_debt_service_and_planned_draws_are_part_of_what_a_cloud_must_fund(play):
    """10 bn drawn at 8 %; 24 instalments from month 13 on, none within half a year; then from month 3 on."""
    over = (
        "vendor_loan.Line.committed_usd=40e9", "vendor_loan.Line.drawn_usd=10e9", "cloud.Cloud.opening_cash_usd=0.5e9",
        "cloud.Cloud.build_gw_per_year_max=0",
    )  # fmt: skip
    run = play("lab cloud maker fund supply line bank still", *over, days=21)
    interest = round(10 * BN * RATE / 12)
    cash = 5 * BN // 10 - interest
    assert run.paid("vendor_interest") == interest
    assert round(10 * BN * RATE / 2) < cash
    assert run.paid("bond_issue") == 0
    # with draws over in month 2, five of the instalments are within half a year
    soon = (*over, "vendor_loan.Line.draw_months=2")
    run = play("lab cloud maker fund supply line bank still", *soon, days=21)
    due = round(10 * BN * 5 / 24)
    assert run.paid("bond_issue") == (round(10 * BN * RATE / 2) + due - cash) // 100_000 * 100_000


# --- the lender looks at its line -------------------------------------------------------------------------------------


def test_a_line_is_held_while_the_borrowers_spread_is_above_the_covenant(play):
    """0.2 % is above 0.1: noted once, at the first month's end; nothing is drawn for any bill."""
    run = play(SALES, "vendor_loan.Line.covenant_spread_per_year=0.001", days=105)
    assert [(e.day, e.agent, e.counterparty, e.cents) for e in run.events("line_held")] == [
        (21, "Maker", "Cloud", 12 * BN)
    ]
    assert run.paid("vendor_loan") == 0
    assert run.paid("chip_bill") == 2 * SALE


def test_a_line_is_held_while_earnings_cover_too_little_of_the_debt_service(play):
    """The cloud's business earns something and it owes interest on 2.4 bn: beyond a hundred times that nobody lends."""
    over = ("vendor_loan.Line.drawn_usd=2.4e9", "vendor_loan.Line.covenant_coverage=100")
    run = play(SALES, *over, days=105)
    assert [(e.day, e.agent, e.counterparty) for e in run.events("line_held")] == [(21, "Maker", "Cloud")]
    assert run.paid("vendor_loan") == 0
    assert play(SALES, over[0], days=105).paid("vendor_loan") > 0


def test_a_line_announced_later_is_drawn_from_then_on_and_its_months_count_from_there(play):
    """Announced in the fifth month for two months: of the chips of months 4 to 6 it pays half of the fifth month's.
    Known before the start, its two months are over before the first chips come."""
    two, late = "vendor_loan.Line.draw_months=2", "vendor_loan.Line.announced=2026-01-20"
    assert play(SALES, two, days=127).by_day("vendor_loan", payer="Maker") == {}
    assert play(SALES, two, late, days=127).by_day("vendor_loan", payer="Maker") == {105: SALE // 2}


@pytest.mark.parametrize(
    ("log_odds", "cuts", "left"),
    [(-0.69, {}, 12), (-0.70, {63: 6, 126: 3}, 3), (-1.94, {63: 6, 126: 3}, 3), (-1.95, {21: 12}, 0)],
)
def test_a_line_is_halved_each_quarter_below_a_third_and_withdrawn_below_an_eighth(play, log_odds, cuts, left):
    run = play(LENT, f"behaviour.contract_log_odds={log_odds}", "cloud.Cloud.build_gw_per_year_max=0", days=127)
    assert {e.day: e.cents for e in run.events("line_cut", agent="Maker", counterparty="Cloud")} == {
        day: bn * BN for day, bn in cuts.items()
    }
    row = loan(run, 127)
    assert row["committed_cents"] == left * BN
    status = {12: "binding", 3: "renegotiated", 0: "cancelled"}[left]
    assert run.cell("commitments", "status", commitment="Line", day=127) == status
    headlines = {r["day"]: r["announced_cents"] for r in run.rows("announcements", firm="Maker", direction=-1)}
    assert headlines == {day + 1: bn * BN for day, bn in cuts.items()}


def test_a_line_is_cut_by_the_share_that_the_table_says_and_told_so(play):
    over = ("behaviour.contract_log_odds=-0.70", "behaviour.cut_share=0.25", "cloud.Cloud.build_gw_per_year_max=0")
    run = play(LENT, *over, days=64)
    assert [(e.day, e.cents, e.detail) for e in run.events("line_cut")] == [(63, 3 * BN, "cut")]
    assert run.row("announcements", text="Maker cuts its line to Cloud")["announced_cents"] == 3 * BN


def test_of_a_line_of_an_odd_number_of_cents_the_larger_half_stays(play):
    over = ("vendor_loan.Line.committed_usd=12000000000.01", "cloud.Cloud.build_gw_per_year_max=0")
    run = play(LENT, "behaviour.contract_log_odds=-0.70", *over, days=63)
    assert [(e.day, e.cents) for e in run.events("line_cut")] == [(63, 6 * BN)]
    assert loan(run, 63)["committed_cents"] == 6 * BN + 1


def test_what_is_drawn_of_a_withdrawn_line_stays_due_as_agreed(play):
    """2.4 of 12 bn are drawn; 9.6 are withdrawn on day 21; interest and three instalments come all the same."""
    over = ("vendor_loan.Line.committed_usd=12e9", "behaviour.contract_log_odds=-1.95")
    run = play(LENT, *DRAWN, *over, days=127)
    (cut,) = run.events("line_cut")
    assert (cut.day, cut.cents, cut.detail) == (21, 96 * BN // 10, "withdrawn")
    assert run.cell("commitments", "status", commitment="Line", day=21) == "cancelled"
    headline = run.row("announcements", day=22, firm="Maker")
    assert headline["text"] == "Maker withdraws its line to Cloud; 2.40 bn USD drawn stay due"
    assert headline["announced_cents"] == 96 * BN // 10
    assert run.paid("vendor_loan") == 0
    part = 8 * BN // 10
    assert run.by_day("vendor_repayment") == {63: part, 84: part, 105: part}
    owed = {21: 3 * part, 42: 3 * part, 63: 3 * part, 84: 2 * part, 105: part}
    assert run.by_day("vendor_interest") == {day: round(cents * RATE / 12) for day, cents in owed.items()}
    assert [loan(run, d)["outstanding_cents"] for d in (21, 63, 105, 126)] == [3 * part, 2 * part, 0, 0]
    assert {loan(run, d)["committed_cents"] for d in (21, 126)} == {3 * part}


def test_a_line_is_held_when_its_borrower_pays_anybody_late(play):
    bill = """
[[obligation]]
name = "Bill"
payer = "Cloud"
payee = "Maker"
amount_usd = 900e9
due_day = 21
"""
    over = (
        "cloud.Cloud.build_gw_per_year_max=0",
        "behaviour.atm_share_of_volume=0",
        "vendor_loan.Line.financed_share=0",
    )
    run = play(LENT, *over, days=22, extra=bill)
    assert run.days_of("bill_late") == [21]
    assert run.days_of("line_held") == [21]


# --- provisions and losses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "loss"), [("senior", 0.6), ("trade", 0.75), ("subordinated", 0.75)])
def test_a_lender_provides_for_the_loss_it_expects(play, rank, loss):
    """Exposure x (1 - exp(-(s - floor) T / LGD)) x LGD; T the life that is left, at most five years."""
    debts = ("cloud.Cloud.debt_like_usd=150e9", f"vendor_loan.Line.rank={rank}", "vendor_loan.Line.drawn_usd=9e9")
    for draw_months, years in ((12, 3.0), (60, 5.0)):
        run = play(LENT, *debts, f"vendor_loan.Line.draw_months={draw_months}", days=1)
        spread = FLOOR + merton(159, 100, 0.25)
        chance = 1 - math.exp(-(spread - FLOOR) * years / loss)
        row = loan(run, 0)
        assert row["spread_per_year"] == pytest.approx(spread, rel=1e-9)
        assert row["provisioned_cents"] == pytest.approx(9 * BN * chance * loss, rel=1e-8)


def test_the_life_that_is_left_shortens_by_the_month(play):
    debts = ("cloud.Cloud.debt_like_usd=150e9", "vendor_loan.Line.drawn_usd=9e9", "vendor_loan.Line.draw_months=6",
             "cloud.Cloud.build_gw_per_year_max=0")  # fmt: skip
    run = play(LENT, *debts, days=63)
    for day in (21, 63):
        row = loan(run, day)
        years = (6 + 24 - day // 21) / 12
        chance = 1 - math.exp(-(row["spread_per_year"] - FLOOR) * years / 0.6)
        assert row["provisioned_cents"] == pytest.approx(9 * BN * chance * 0.6, rel=1e-8)


def test_a_guarantor_provides_for_the_call_it_expects(play):
    """min(limit, 60 % of the bonds) x the chance of a default in five years."""
    for limit_bn, covered in ((2, 2.0), (9, 0.6 * 8)):
        over = ("cloud.Cloud.debt_like_usd=150e9", f"guarantee.Guarantee.limit_usd={limit_bn}e9")
        run = play("lab cloud maker fund bond bank guarantee still", *over, days=1)
        spread = FLOOR + merton(158, 100, 0.25)
        chance = 1 - math.exp(-(spread - FLOOR) * 5 / 0.6)
        row = loan(run, 0, "Guarantee")
        assert row["spread_per_year"] == pytest.approx(spread, rel=1e-9)
        assert row["provisioned_cents"] == pytest.approx(covered * BN * chance, rel=1e-8)


BROKE = (
    "cloud.Cloud.opening_cash_usd=0", "behaviour.atm_share_of_volume=0", "vendor_loan.Line.drawn_usd=9e9",
    "vendor_loan.Line.general_share=0", "cloud.Cloud.build_gw_per_year_max=0",
)  # fmt: skip
"""Interest unpaid from day 21: in default on day 63."""


@pytest.mark.parametrize(("rank", "kept"), [("senior", 0.4), ("trade", 0.25), ("subordinated", 0.25)])
def test_in_a_default_a_lender_keeps_the_recovery_of_its_rank_due_in_a_year(play, rank, kept):
    run = play(LENT, *BROKE, f"vendor_loan.Line.rank={rank}", days=64)
    assert run.days_of("default") == [63]
    (lost,) = run.events("loan_written_off")
    assert (lost.day, lost.agent, lost.counterparty) == (63, "Maker", "Cloud")
    assert lost.cents == 9 * BN - int(9 * BN * kept)
    row = loan(run, 63)
    assert (row["lost_cents"], row["outstanding_cents"]) == (lost.cents, int(9 * BN * kept))
    assert (row["provisioned_cents"], row["committed_cents"]) == (0, 9 * BN)
    interest = 3 * round(9 * BN * RATE / 12)
    assert run.events("default")[0].cents == interest + lost.cents


def test_what_junior_claims_recover_is_kept_by_trade_creditors_and_moves_nothing_of_senior_lenders(play):
    kept = {}
    for rank in ("senior", "trade"):
        for share in (0.125, 0.5):
            over = (f"vendor_loan.Line.rank={rank}", f"behaviour.recovery_of_junior_claims={share}")
            kept[rank, share] = loan(play(LENT, *BROKE, *over, days=63), 63)["outstanding_cents"]
    assert (kept["trade", 0.125], kept["trade", 0.5]) == (9 * BN // 8, 9 * BN // 2)
    assert kept["senior", 0.125] == kept["senior", 0.5] == int(9 * BN * 0.4)


@pytest.mark.parametrize("least", [0.05, 0.0851])
def test_who_pays_late_is_asked_for_the_spread_of_the_late(play, least):
    """Late from day 21; debts are small, so Merton asks for less."""
    over = ("vendor_loan.Line.drawn_usd=1e8", f"behaviour.late_spread_per_year={least}")
    run = play(LENT, *BROKE, *over, days=22)
    assert [loan(run, day)["spread_per_year"] < 0.03 for day in (0, 22)] == [True, False]
    assert loan(run, 22)["spread_per_year"] == least


def test_what_is_not_paid_of_the_recovery_is_lost_as_well(play):
    """3.6 bn due on day 63 + 252 = 315; nothing comes; after its grace, on day 357, it is written off."""
    run = play(LENT, *BROKE, days=357)
    assert [(e.day, e.cents) for e in run.events("loan_written_off")] == [(63, 54 * BN // 10), (357, 36 * BN // 10)]
    assert [(e.day, e.cents) for e in run.events("written_off")] == [(357, 36 * BN // 10)]
    assert loan(run, 357)["outstanding_cents"] == 0


def test_a_loss_after_the_default_is_no_gift_to_the_borrowers_shareholders(play):
    """3.6 bn are late on day 315, so they are owed; lost on day 357, they are no gain of the shareholders."""
    run = play(LENT, *BROKE, days=357)
    owed, lost = (run.cell("firms", "debt_like_cents", firm="Cloud", day=d) for d in (356, 357))
    assert run.entries(day=357, payer="Cloud") == []
    assert lost == owed


def test_a_charge_of_two_percent_of_earnings_is_news(play):
    """The provision jumps when the borrower pays late: at 8.51 % on 9 bn, 4.5 years: above 0.2 bn."""
    run = play(LENT, *BROKE, days=43)
    before, after = (loan(run, d)["provisioned_cents"] for d in (0, 21))
    assert after == pytest.approx(9 * BN * (1 - math.exp(-(0.0851 - FLOOR) * 35 / 12 / 0.6)) * 0.6, rel=1e-8)
    (event,) = run.events("provision", day=21)
    assert (event.agent, event.cents) == ("Maker", after - before)
    headline = run.row("announcements", day=22, firm="Maker")
    assert (headline["announced_cents"], headline["direction"]) == (after - before, -1)
    assert run.events("provision", day=42) == []


# --- borrowers that are not listed ------------------------------------------------------------------------------------


def line_to(borrower, **facts):
    """A vendor's line to somebody else than the cloud."""
    terms = {"spread_per_year": 0.04, "draw_months": 12, "repayment_months": 12} | facts
    numbers = "".join(f"{key} = {value}\n" for key, value in terms.items())
    return f'[[vendor_loan]]\nname = "{borrower} line"\nlender = "Maker"\nborrower = "{borrower}"\n{numbers}'


def test_a_labs_spread_as_a_borrower_is_rated_by_income_and_cash_over_what_it_must_pay(play):
    """Twice (revenue after its share + cash) over (costs + bills): here 2 (12 + cash) / 24."""
    lent = line_to("Lab", committed_usd=1e9, financed_share=0.5)
    for cash, spread in ((90, 0.0059), (6.5, 0.0361), (1, 0.0851), (13, 0.0221), (20, 0.0147)):
        over = (f"lab.Lab.opening_cash_usd={cash}e9", "lab.Lab.costs_usd_per_year=18e9")
        run = play("lab maker fund", *over, days=1, extra=lent)
        coverage = 2 * (12 + cash) / 24
        ratings = {8.5: 0.0059, 6.5: 0.0070, 4.25: 0.0107, 2.5: 0.0147, 2.0: 0.0221, 1.5: 0.0361, 0.2: 0.0851, -9: 0.2}
        assert next(s for least, s in ratings.items() if coverage >= least) == spread
        assert loan(run, 0, "Lab line")["spread_per_year"] == spread


def test_a_plain_firms_spread_as_a_borrower_is_rated_by_cash_over_what_it_owes(play):
    """Twice the cash over principal and bills: 2 x 6 / 5."""
    shop = '[[firm]]\nname = "Shop"\nopening_cash_usd = 6e9\n'
    lent = shop + line_to("Shop", committed_usd=5e9, drawn_usd=5e9, financed_share=0.5)
    run = play("lab maker fund", days=21, extra=lent)
    assert loan(run, 0, "Shop line")["spread_per_year"] == 0.0221
    assert run.by_day("vendor_interest", payer="Shop") == {21: round(5 * BN * 0.077 / 12)}


def test_a_lab_that_asks_for_less_after_a_failed_round_draws_its_line(play):
    """Stress 1 - 0.6 after one failure: 40 % of half of what may be drawn for any purpose."""
    lent = line_to("Lab", committed_usd=1e9, financed_share=0.0, general_share=1.0)
    over = ("lab.Lab.costs_usd_per_year=12e9", "lab.Lab.opening_cash_usd=3e9", "lab.Lab.raise_below_months=12")
    run = play("lab maker fund", *over, days=42, extra=lent)
    assert run.days_of("round_failed") == [21]
    assert run.by_day("vendor_loan", payee="Lab") == {42: round(BN * 0.5 * (1 - 0.6))}
    assert loan(run, 42, "Lab line")["stress"] == pytest.approx(0.4)
