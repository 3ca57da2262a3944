"""Debts that cannot be paid, in cents: who gets what, what a default costs, what creditors keep and guarantors pay."""

from __future__ import annotations

import pytest

BN = 10**11
"""Cents of a billion dollars."""
YEAR = 252


def debts(cash, owed, due=1):
    """Plain firms with their cash in dollars, and (payer, payee, dollars) due on a day."""
    firms = "".join(f'[[firm]]\nname = "{name}"\nopening_cash_usd = {usd}\n' for name, usd in cash.items())
    dues = "".join(
        f'[[obligation]]\nname = "Debt {k}"\npayer = "{a}"\npayee = "{b}"\namount_usd = {usd}\ndue_day = {due}\n'
        for k, (a, b, usd) in enumerate(owed)
    )
    return firms + dues


def costs(own, claims):
    return f"[behaviour]\nrecovery_own_assets = {own}\nrecovery_claims = {claims}\n"


def by_payer(run, cause):
    paid = {}
    for entry in run.entries(cause):
        paid[entry.payer] = paid.get(entry.payer, 0) + entry.cents
    return paid


def test_a_default_costs_the_defaulter_a_share_of_its_cash_and_of_what_it_receives(play):
    """Rogers & Veraart (2013): 1 -> 2 (8), 2 -> 3 (6), 3 -> out (4), cash 5, 0, 1; both halves: 2.5, 1.25, 1.125."""
    world = debts({"One": 5000, "Two": 0, "Three": 1000, "Out": 0}, [
        ("One", "Two", 8000), ("Two", "Three", 6000), ("Three", "Out", 4000),
    ])  # fmt: skip
    run = play("", days=1, extra=world + costs(0.5, 0.5))
    assert by_payer(run, "obligation") == {"One": 2500_00, "Two": 1250_00, "Three": 1125_00}
    assert by_payer(run, "default_cost") == {"One": 2500_00, "Two": 1250_00, "Three": 1125_00}
    assert {e.payee for e in run.entries("default_cost")} == {"suppliers and staff"}
    late = {e.agent: e.cents for e in run.events("bill_late")}
    assert late == {"One": 5500_00, "Two": 4750_00, "Three": 2875_00}


@pytest.mark.parametrize(
    ("own", "claims", "two_pays"), [(1, 1, 5500), (0.8, 1, 5400), (1, 0.6, 3500), (0.8, 0.6, 3400)]
)
def test_own_cash_and_claims_have_costs_of_their_own(play, own, claims, two_pays):
    """Two has 500 and is owed 5000 by one who can pay; it owes 9000: own x 500 + claims x 5000."""
    world = debts({"One": 6000, "Two": 500, "Three": 0}, [("One", "Two", 5000), ("Two", "Three", 9000)])
    run = play("", days=1, extra=world + costs(own, claims))
    assert by_payer(run, "obligation") == {"One": 5000_00, "Two": two_pays * 100}
    lost = 5500 - two_pays
    assert by_payer(run, "default_cost") == ({"Two": lost * 100} if lost else {})


def test_who_can_pay_has_no_costs(play):
    world = debts({"One": 100, "Two": 0}, [("One", "Two", 100)])
    run = play("", days=1, extra=world + costs(0.5, 0.5))
    assert run.paid("obligation") == 100_00
    assert run.paid("default_cost") == 0


def test_costs_of_a_default_can_topple_the_next(play):
    """Without costs Two gets 90 and can pay 80; at half of the claims it gets 45."""
    world = debts({"One": 90, "Two": 0, "Three": 0}, [("One", "Two", 100), ("Two", "Three", 80)])
    whole = play("", days=1, extra=world)
    halved = play("", days=1, extra=world + costs(0.5, 1.0))
    assert by_payer(whole, "obligation") == {"One": 90_00, "Two": 80_00}
    assert by_payer(halved, "obligation") == {"One": 45_00, "Two": 45_00}
    assert by_payer(halved, "default_cost") == {"One": 45_00}


def test_creditors_of_one_rank_share_in_proportion_to_the_cent(play):
    """10.00 for debts of 20, 10 and 7: 5.41, 2.70, 1.89 (largest remainder)."""
    world = debts({"One": 10, "A": 0, "B": 0, "C": 0}, [("One", "A", 20), ("One", "B", 10), ("One", "C", 7)])
    run = play("", days=1, extra=world)
    assert {e.payee: e.cents for e in run.entries("obligation")} == {"A": 541, "B": 270, "C": 189}


def test_what_goes_round_is_set_off_without_cash(play):
    world = debts({"A": 0, "B": 0, "C": 5}, [("A", "B", 100), ("B", "C", 100), ("C", "A", 105)])
    run = play("", days=1, extra=world)
    assert [run.cash_cents(name, 1) for name in "ABC"] == [5_00, 0, 0]
    assert run.events("bill_late") == []
    nobody = play("", days=1, extra=debts({"A": 0, "B": 0}, [("A", "B", 100), ("B", "A", 100)]))
    assert nobody.journal == []
    assert nobody.chronicle == []


def test_bonds_are_paid_before_bills(play):
    """5 bn in hand; a coupon of 0.6 bn (an eightieth a month of 48 bn) is paid in full; 20 bn of bills get the rest."""
    bill = """
[[obligation]]
name = "Bill"
payer = "Cloud"
payee = "Maker"
amount_usd = 20e9
due_day = 21
"""
    over = (
        "cloud.Cloud.opening_cash_usd=5e9", "bond.Cloud bond.face_usd=48e9", "bond.Cloud bond.coupon_per_year=0.15",
    )  # fmt: skip
    run = play("lab cloud maker fund bond bank still", *over, days=21, extra=bill)
    assert run.paid("coupon") == 6 * BN // 10
    assert run.paid("obligation") == 44 * BN // 10


# --- a listed firm in default -----------------------------------------------------------------------------------------

BROKE = (
    "cloud.Cloud.opening_cash_usd=0", "bond_buyer.Bank.opening_cash_usd=1e9",
    "bond_buyer.Bank.concentration_limit=0.01", "behaviour.atm_share_of_volume=0",
)  # fmt: skip
"""A cloud that cannot pay its first coupon, to whom nobody lends: in default on day 63, after two months of grace."""
CREDIT = "lab cloud maker fund bond bank still"


def test_an_unpaid_coupon_is_a_default_after_its_months_of_grace_and_bonds_fall_to_two_fifths(play):
    """8 m units of 1,000 dollars are worth 400 each to their holders; the coupons overdue are lost."""
    run = play(CREDIT, *BROKE, days=64)
    (default,) = run.events("default")
    coupon = 8_000_000 * 500
    assert (default.day, default.agent, default.cents) == (63, "Cloud", 3 * coupon)
    debt = [run.cell("firms", "debt_cents", firm="Cloud", day=d) for d in (62, 63)]
    assert debt == [8 * BN, 32 * BN // 10]
    row = run.row("announcements", text="Cloud defaults")
    assert (row["day"], row["direction"]) == (64, -1)
    assert row["announced_cents"] == run.cell("daily", "market_value_cents", security="Cloud", day=63)


def test_a_default_costs_a_fifth_of_earning_power(play):
    run = play(CREDIT, *BROKE, days=63)
    before, after = (run.cell("firms", "earnings_usd_per_year", firm="Cloud", day=d) for d in (62, 63))
    assert after == pytest.approx(before * 1.08 ** (1 / YEAR) * 0.8, rel=1e-12)


def test_after_a_default_coupons_are_due_on_what_is_left_of_the_face(play):
    """200 cents a unit of 400 dollars at 6 %; paid from what the business earns from then on: 0.2 bn a month."""
    over = (
        *BROKE,
        "cloud.Cloud.revenue_usd_per_year=0.6e9",
        "cloud.Cloud.opening_cash_usd=0",
        "bond.Cloud bond.face_usd=24e9",
    )
    run = play(CREDIT, *over, days=105)
    assert run.days_of("default") == [63]
    assert run.cell("firms", "debt_cents", firm="Cloud", day=63) == 96 * BN // 10
    assert run.by_day("coupon", day=84) == {84: 24_000_000 * 200}


def test_a_bond_that_matures_unpaid_leaves_two_fifths_due_a_year_after_the_default(play):
    """8 bn due on day 42, default on day 84; then 3.2 bn are due on day 84 + 252, and paid if the cash is there."""
    over = (
        *BROKE[1:], "cloud.Cloud.opening_cash_usd=0.2e9", "bond.Cloud bond.maturity=2025-10-20",
        "cloud.Cloud.revenue_usd_per_year=3e9",
    )  # fmt: skip
    run = play(CREDIT, *over, days=84 + 252)
    coupon = 8_000_000 * 500
    # coupons and face are of one rank: 1 to 200; all that is earned goes to them until the default
    cash = {42: 2 * BN // 10 + 2 * BN // 4 - coupon, 63: BN // 4, 84: BN // 4}
    paid = run.by_day("maturity")
    assert {day: paid[day] for day in cash} == pytest.approx({day: c * 200 / 201 for day, c in cash.items()}, abs=1)
    assert [(e.day, e.agent) for e in run.events("default")] == [(84, "Cloud")]
    left = 8 * BN - sum(paid[day] for day in cash)
    assert paid[84 + 252] == int(left * 0.4)
    assert set(paid) == {42, 63, 84, 84 + 252}


MATURED = (*BROKE[1:], "cloud.Cloud.opening_cash_usd=0.2e9", "bond.Cloud bond.maturity=2025-10-20")
"""Its bonds fall due on day 42; nothing is earned; in default on day 84."""


def test_what_is_kept_of_an_unpaid_face_has_its_months_of_grace(play):
    """Two fifths of what is unpaid are late on day 336, and missed twice before anything more is lost."""
    run = play(CREDIT, *MATURED, days=378)
    kept = int((8 * BN - run.paid("maturity")) * 0.4)
    told = [(e.day, e.kind, e.cents) for e in run.events("bill_late", "bill_missed") if e.day > 84]
    assert told == [(336, "bill_late", kept), (357, "bill_missed", kept), (378, "bill_missed", kept)]
    assert run.days_of("written_off") == [378]


def test_a_default_on_a_matured_bond_is_told_with_what_its_holders_lose(play):
    """Three fifths of the face that is unpaid, and the coupon of day 42."""
    run = play(CREDIT, *MATURED, days=84)
    (default,) = run.events("default")
    unpaid = 8 * BN - run.paid("maturity")
    coupon = 2 * 8_000_000 * 500 - run.paid("coupon")
    assert default.cents == unpaid - int(unpaid * 0.4) + coupon


def test_a_default_on_a_matured_bond_is_no_gift_to_the_shareholders(play):
    """Nothing was paid on day 84: what the firm's shares answer for is what it was on day 83."""
    run = play(CREDIT, *MATURED, days=84)
    before, after = (run.cell("firms", "debt_like_cents", firm="Cloud", day=d) for d in (83, 84))
    assert run.entries(day=84, payer="Cloud") == []
    assert after == before


def test_what_is_not_paid_of_what_was_kept_of_a_face_is_lost(play):
    run = play(CREDIT, *MATURED, days=378)
    kept = int((8 * BN - run.paid("maturity")) * 0.4)
    assert [(e.day, e.cents) for e in run.events("written_off")] == [(378, kept)]


def test_what_becomes_of_an_unpaid_face_moves_nothing_between_creditors_and_shareholders(play):
    """Kept and due later, late, missed, lost: the firm answers for the whole of it from day 83 to the end."""
    run = play(CREDIT, *MATURED, days=378)
    for day in (84, 200, 335, 336, 377, 378):
        paid = sum(e.cents for e in run.entries(payer="Cloud") if 83 < e.day <= day)
        assert paid == 0
        assert run.cell("firms", "debt_like_cents", firm="Cloud", day=day) == run.cell(
            "firms", "debt_like_cents", firm="Cloud", day=83
        )


def test_coupons_lost_after_the_default_are_no_gift_to_the_shareholders(play):
    """Of 400 dollars a unit 2 are due a month: three months of 16 m are written off on day 126."""
    run = play(CREDIT, *BROKE, days=126)
    (lost,) = run.events("written_off")
    assert (lost.day, lost.cents) == (126, 3 * 8_000_000 * 200)
    owed = [run.cell("firms", "debt_like_cents", firm="Cloud", day=d) for d in (125, 126)]
    assert owed[1] == owed[0] + 8_000_000 * 200


def test_a_debt_known_at_the_start_is_in_the_opening_price(play):
    """2 bn due on day 30, out of 200 of cash: it is owed, then paid, and nothing is new to shareholders."""
    debt = debts({}, [("Cloud", "Maker", 2_000_000_000)], due=30)
    run = play("cloud maker fund still", "cloud.Cloud.earnings_usd_per_year=5e9", days=31, extra=debt)
    assert run.by_day("obligation") == {30: 2 * BN}
    assert [run.cell("firms", "debt_like_cents", firm="Cloud", day=d) for d in (0, 29, 30, 31)] == [0, 0, 0, 0]


def test_a_default_ends_what_the_firm_has_said_of_its_earnings(play):
    """A billion a year that it announced is in nobody's value any more, and everybody knows."""
    said = """
[[news]]
firm = "Cloud"
announced = 2025-09-10
amount_usd = 20e9
text = "Cloud will earn more"
instrument = "guidance"
profit_usd_per_year = 1e9
"""
    run = play(CREDIT, *BROKE, days=64, extra=said)
    assert run.cell("commitments", "status", commitment="Cloud will earn more", day=63) == "cancelled"
    row = run.row("announcements", text="Cloud defaults: Cloud will earn more is void")
    assert (row["day"], row["announced_cents"], row["direction"]) == (64, 20 * BN, -1)


def test_a_guarantor_pays_what_bondholders_lose_up_to_its_limit(play):
    """60 % of 8 bn of face and three coupons of 0.04 bn are lost: 4.92 bn; the limit is 2 bn, due a month later."""
    run = play(CREDIT + " guarantee", *BROKE, days=84)
    (called,) = run.events("guarantee_called")
    assert (called.day, called.agent, called.counterparty, called.cents) == (63, "Maker", "Cloud", 2 * BN)
    assert run.by_day("guarantee_call", payer="Maker", payee="Bank", contract="Guarantee") == {84: 2 * BN}
    row = run.row("loans", loan="Guarantee", day=84)
    assert (row["committed_cents"], row["drawn_cents"], row["repaid_cents"]) == (2 * BN, 2 * BN, 2 * BN)
    assert (row["outstanding_cents"], row["provisioned_cents"], row["lost_cents"]) == (0, 0, 2 * BN)
    assert run.cell("commitments", "status", commitment="Guarantee", day=63) == "delivering"
    assert run.cell("commitments", "status", commitment="Guarantee", day=84) == "done"
    headline = run.row("announcements", day=64, firm="Maker")
    assert (headline["announced_cents"], headline["direction"]) == (2 * BN, -1)


def test_a_guarantee_beyond_the_loss_pays_the_loss(play):
    run = play(CREDIT + " guarantee", *BROKE, "guarantee.Guarantee.limit_usd=9e9", days=84)
    lost = 48 * BN // 10 + 3 * 8_000_000 * 500
    assert run.by_day("guarantee_call") == {84: lost}


def test_several_guarantors_answer_in_turn(play):
    """2 bn by the first, the rest of 4.92 by the second."""
    second = """
[[guarantee]]
name = "Second guarantee"
guarantor = "Rest"
issuer = "Cloud"
limit_usd = 7e9
"""
    run = play(CREDIT.replace("fund", "rest fund") + " guarantee", *BROKE, days=84, extra=second)
    lost = 48 * BN // 10 + 3 * 8_000_000 * 500
    assert {e.payer: e.cents for e in run.entries("guarantee_call")} == {"Maker": 2 * BN, "Rest": lost - 2 * BN}


def test_a_guarantee_is_shared_by_the_bondholders_in_proportion_to_their_losses(play):
    """The second holds three quarters of the units, but for what the two have traded by then."""
    over = (
        *BROKE, "bond_buyer.Bond fund.opening_cash_usd=3e9", "bond_buyer.Bond fund.concentration_limit=0.01",
    )  # fmt: skip
    run = play(CREDIT + " savers guarantee", *over, days=84)
    received = {e.payee: e.cents for e in run.entries("guarantee_call")}
    assert sum(received.values()) == 2 * BN
    worth = {r["investor"]: r["holdings_cents"] for r in run.rows("investors", day=63)}
    expected = 2 * BN * worth["Bond fund"] / (worth["Bond fund"] + worth["Bank"])
    assert received["Bond fund"] == pytest.approx(expected, rel=1e-6)


def test_a_defaulted_lab_pays_running_costs_from_what_it_has_and_owes_no_more(play):
    """Costs of 24 bn on a revenue of 12: in default after grace it spends what it earns, to the cent."""
    over = ("lab.Lab.opening_cash_usd=0", "lab.Lab.costs_usd_per_year=18e9")
    run = play("lab still", *over, days=84)
    (default,) = run.events("default")
    assert default.day == 63
    assert run.paid("running_costs") == run.paid("revenue_ai")
    assert [run.cell("firms", "late_cents", firm="Lab", day=d) for d in (42, 63, 84)][1:] == [0, 0]
    value = [run.cell("firms", "valuation_cents", firm="Lab", day=d) for d in (62, 63)]
    assert value[1] == pytest.approx(0.3 * value[0], rel=1e-12)


def test_a_default_voids_what_others_promised_the_defaulter(play):
    """The milestone investment and the contract end; a defaulted lab raises no more."""
    over = (
        "lab.Lab.opening_cash_usd=0", "lab.Lab.costs_usd_per_year=18e9", "lab.Lab.raise_below_months=0",
        "cloud.Cloud.build_gw_per_year_max=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply milestone venture still", *over, days=64)
    assert [(e.day, e.agent, e.counterparty, e.detail) for e in run.events("cancelled")] == [
        (63, "Lab", "Cloud", "Lab defaults: Compute is void"),
        (63, "Maker", "Lab", "Lab defaults: Investment is void"),
    ]
    sums = sorted(r["announced_cents"] for r in run.rows("announcements", day=64) if "void" in r["text"])
    assert sums == [24 * BN, 40 * BN]


def test_a_cloud_in_default_finishes_only_what_has_its_chips(play):
    """100 MW a month begun from day 21; coupons unpaid from day 21: at the default nothing has chips."""
    run = play(CREDIT + " contract supply", *BROKE, days=126)
    assert run.days_of("default", agent="Cloud")[0] == 63
    assert run.events("delivered") == []
    assert run.cell("firms", "building_mw", firm="Cloud", day=126) == 0
    assert run.paid("operation") == 0
