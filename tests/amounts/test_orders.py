"""What firms, investors and the ETF bring to the closing auction, counted: buybacks, share issues, baskets, flows."""

from __future__ import annotations

import pytest

BN = 10**11
"""Cents of a billion dollars."""
MARKET = "lab maker rest fund second_fund"
HOUSEHOLDS = "maker rest fund second_fund etf"


def close(run, security):
    """Closing prices and shares outstanding by day."""
    return run.column("daily", "price_cents", security=security), run.column(
        "daily", "shares_outstanding", security=security
    )


def test_buyers_pay_and_sellers_receive_the_price_times_the_volume_of_each_share(play):
    run = play(MARKET, days=42)
    traded = 0
    for row in run.rows("daily", kind="share"):
        value = row["price_cents"] * row["volume_shares"]
        paid = run.paid("trade_pay", day=row["day"], contract=row["security"], payee="clearing house")
        received = run.paid("trade_receive", day=row["day"], contract=row["security"], payer="clearing house")
        assert paid == received == value
        traded += value > 0
    assert traded > 40
    assert all(r["market_value_cents"] == r["price_cents"] * r["shares_outstanding"] for r in run.rows("daily"))


# --- buybacks ---------------------------------------------------------------------------------------------------------

BUYS = "chip_maker.Maker.buyback_share_of_earnings=0.6"


def test_a_chip_maker_buys_back_its_share_of_earnings_a_day_at_two_percent_above_at_most(play):
    """60 % of 10 bn over 252 days; the number of shares is what that buys at 1.02 of the last price and a cent."""
    run = play(MARKET, BUYS, days=42)
    prices, shares = close(run, "Maker")
    budget, days = round(6 * BN / 252), 0
    for day in range(1, 43):
        limit = int(prices[day - 1] * 1.02) + 1
        bought = shares[day - 1] - shares[day]
        if prices[day] == limit:  # it shares what is offered at its limit with others
            assert bought <= budget // limit
        else:
            assert bought == (budget // limit if prices[day] < limit else 0)
        assert run.paid("trade_pay", day=day, payer="Maker", contract="Maker") == bought * prices[day]
        days += bought > 0
    assert 30 < days < 42


def test_the_budget_follows_reported_earnings(play):
    """From the day after the quarter's report on: 10 bn x 1.5^(1/4), in every world where the price allows both."""
    for seed in range(9):
        run = play(MARKET, BUYS, "chip_maker.Maker.earnings_growth_per_year=0.5", days=64, seed=seed)
        prices, shares = close(run, "Maker")
        limits = {day: int(prices[day - 1] * 1.02) + 1 for day in (63, 64)}
        if all(prices[day] <= limits[day] for day in limits):
            break
    for day, earnings in ((63, 10 * BN), (64, 10 * BN * 1.5**0.25)):
        assert shares[day - 1] - shares[day] == round(0.6 * earnings / 252) // limits[day]


def test_buybacks_stop_at_the_cash_buffer(play):
    """50 bn in hand: all but a cent of it is buffer, or all but half of a day's budget."""
    none = play(MARKET, BUYS, "chip_maker.Maker.cash_buffer_usd=49.9999999999e9", days=5)
    assert none.paid("trade_pay", payer="Maker") == 0
    half = 3 * BN // 252
    some = play(MARKET, BUYS, f"chip_maker.Maker.cash_buffer_usd={50e9 - half / 100}", days=1)
    prices, shares = close(some, "Maker")
    assert shares[0] - shares[1] == half // (int(prices[0] * 1.02) + 1)


# --- shares at the market ---------------------------------------------------------------------------------------------

SELLS = (
    "cloud.Cloud.opening_cash_usd=10e9", "cloud.Cloud.spread_limit_per_year=0.001",
    "behaviour.bond_thinning_per_year=0.0001", "behaviour.offering_below_buffer=0",
)  # fmt: skip
"""No bond is sold above a spread of 0.11 %, and none is asked below 0.4: shares instead, by the day."""
CLOUDS = "lab cloud maker fund second_fund"


def test_a_programme_is_what_is_missing_and_at_most_a_fiftieth_of_the_firm(play):
    small = play(CLOUDS, *SELLS, "cloud.Cloud.cash_buffer_usd=10.5e9", days=21)
    assert [(e.day, e.cents) for e in small.events("share_issue")] == [(21, BN // 2)]
    large = play(CLOUDS, *SELLS, "cloud.Cloud.cash_buffer_usd=30e9", days=21)
    value = large.cell("daily", "market_value_cents", security="Cloud", day=21)
    assert [e.cents for e in large.events("share_issue")] == [value // 50]


@pytest.mark.parametrize(("kept", "at_once"), [(0.3, False), (0.4, True)])
def test_a_cloud_with_little_cash_left_offers_all_at_once_at_a_discount(play, kept, at_once):
    """10 bn of cash against a buffer of 30: below `kept` of it the day after the plan sells a fiftieth, or nothing."""
    over = ("cloud.Cloud.cash_buffer_usd=30e9", f"behaviour.offering_below_buffer={kept}")
    for discount in (0.5, 0.0):
        run = play(CLOUDS, *SELLS, *over, f"behaviour.offering_discount_max={discount}", days=22)
        (prices, shares), (programme,) = close(run, "Cloud"), run.events("share_issue")
        is_taken = prices[22] >= int(prices[21] * (1 - discount))
        assert is_taken or discount == 0
        assert (shares[22] - shares[21] == programme.cents // prices[21]) == (at_once and is_taken)


@pytest.mark.parametrize(("buffer_bn", "part"), [(10.02, 0.1), (30, 0.1), (30, 0.25)])
def test_shares_are_sold_as_a_part_of_the_usual_volume_until_the_programme_is_done(play, buffer_bn, part):
    """Each day min(part x usual volume, what is left / last price), 3 % below it at worst; what is sold is off it."""
    over = (f"cloud.Cloud.cash_buffer_usd={buffer_bn}e9", f"behaviour.atm_share_of_volume={part}")
    run = play(CLOUDS, *SELLS, *over, days=41)
    prices, shares = close(run, "Cloud")
    volumes = run.column("daily", "volume_shares", security="Cloud")
    (programme,) = run.events("share_issue")
    usual, left, sold_in_all = 0.004 * 10**9, 0, 0
    for day in range(1, 42):
        offered = min(int(usual * part), left // prices[day - 1])
        sold = shares[day] - shares[day - 1]
        assert sold == (offered if prices[day] >= int(prices[day - 1] * 0.97) else 0)
        assert run.paid("trade_receive", day=day, payee="Cloud") == sold * prices[day]
        left = max(0, left - sold * prices[day])
        sold_in_all += sold * prices[day]
        usual += 0.05 * (volumes[day] - usual)
        if day == 21:
            left = programme.cents
    assert sold_in_all > 0
    assert (left < prices[-1]) == (buffer_bn < 11)


def starts(run):
    return [int(e.detail.split()[0]) for e in run.events("build_started")]


def test_a_cloud_that_is_not_funded_builds_a_quarter_less_each_month_and_then_nothing(play):
    """A need no programme covers: 75, 50, 25 % of plan, then none; 100 MW a month are 100, 75, 50, 25."""
    over = ("cloud.Cloud.cash_buffer_usd=900e9", "contract.Compute.capacity_gw=4", "behaviour.atm_share_of_volume=0")
    run = play("lab cloud maker fund contract supply still", *over, days=147)
    assert [(e.day, e.detail) for e in run.events("build_slowed")] == [
        (21, "pace 75% of plan"), (42, "pace 50% of plan"), (63, "pace 25% of plan"), (84, "pace 0% of plan"),
    ]  # fmt: skip
    assert starts(run) == [100, 75, 50, 25]
    headlines = [(r["day"], r["direction"]) for r in run.rows("announcements", text="Cloud slows its building")]
    assert headlines == [(22, -1), (43, -1), (64, -1), (85, -1)]


def test_a_cloud_that_is_funded_again_builds_a_tenth_more_each_month(play):
    """Short of 14 bn in month 1 and a tenth of the need in month 2, then in funds: 75 %, 50, 60, 70, ... of plan.

    The bank has 10 bn and 10 more each month; the buffer is what the cloud wants.
    """
    over = (
        "cloud.Cloud.opening_cash_usd=300e9", "cloud.Cloud.cash_buffer_usd=324e9", "contract.Compute.capacity_gw=9",
        "bond_buyer.Bank.inflow_usd_per_year=120e9", "bond_buyer.Bank.opening_cash_usd=0",
        "supply.Chips.chips_usd_per_gw=0", "supply.Chips.other_usd_per_gw=0", "behaviour.atm_share_of_volume=0",
        "cloud.Cloud.spread_limit_per_year=1.0", "behaviour.riskless_rate_per_year=0",
        "behaviour.spread_floor_per_year=0", "behaviour.build_pace_elasticity=0",
    )  # fmt: skip
    run = play("lab cloud maker fund contract supply bank still", *over, days=273)
    slowed = [(e.day, e.detail, e.cents) for e in run.events("build_slowed")]
    placed = run.by_day("bond_issue")
    assert placed[21] == 10 * BN
    assert placed[42] == (10 * BN + run.paid("coupon", day=42)) // 100_000 * 100_000
    assert slowed[0][:2] == (21, "pace 75% of plan")
    pace, carried, expected = 1.0, 0.0, []
    for month in range(1, 14):
        carried += 100 * pace
        expected.append(int(carried))
        carried -= int(carried)
        pace = max(0.0, pace - 0.25) if 21 * month in {s[0] for s in slowed} else min(1.0, pace + 0.1)
    assert starts(run) == expected
    assert len(slowed) <= 2


# --- the ETF ----------------------------------------------------------------------------------------------------------


def basket_at_start(firms, price, unit):
    total = sum(shares * cents for shares, cents in firms)
    return [price * unit * shares // total for shares, _ in firms]


@pytest.mark.parametrize("months", [1, 2, 3])
def test_the_basket_follows_capitalisation_on_schedule_for_a_little_cash(play, months):
    """New basket: floor(worth of the old x N / sum N P); the participant pays the difference in worth, times units."""
    over = (f"etf.rebalance_months={months}", "chip_maker.Maker.buyback_share_of_earnings=1.0")
    run = play(HOUSEHOLDS, *over, days=140, holders=60)
    scheduled = [day for day in range(21, 141, 21) if day // 21 % months == 0]
    done = run.events("etf_rebalanced")
    assert len(done) == len(scheduled)
    firms = ("Maker", "Rest")
    basket = basket_at_start([(10**9, 20_000), (10**9, 40_000)], 10_000, 50_000)
    moved = 0
    for due, event in zip(scheduled, done, strict=True):
        assert due <= event.day < due + 21
        prices = [run.cell("daily", "price_cents", security=f, day=event.day) for f in firms]
        shares = [run.cell("daily", "shares_outstanding", security=f, day=event.day) for f in firms]
        etf = [run.cell("daily", "shares_outstanding", security="ETF", day=d) for d in (event.day - 1, event.day)]
        worth = sum(b * p for b, p in zip(basket, prices, strict=True))
        total = sum(n * p for n, p in zip(shares, prices, strict=True))
        new = [worth * n // total for n in shares]
        deltas = [a - b for a, b in zip(new, basket, strict=True)]
        cash = [-sum(d * p for d, p in zip(deltas, prices, strict=True)) * (units // 50_000) for units in etf]
        assert event.cents in cash
        assert run.paid("etf_cash", day=event.day, payer="Participant", payee="ETF") >= event.cents
        basket = new
        moved += any(deltas)
    assert moved


def test_the_net_asset_value_is_the_basket_and_the_trusts_cash_over_a_unit(play):
    run = play(HOUSEHOLDS, "etf.rebalance_months=1", days=30, holders=60)
    basket = basket_at_start([(10**9, 20_000), (10**9, 40_000)], 10_000, 50_000)
    for day in (1, 7, 20):
        prices = [run.cell("daily", "price_cents", security=f, day=day) for f in ("Maker", "Rest")]
        worth = sum(b * p for b, p in zip(basket, prices, strict=True))
        nav = run.cell("daily", "net_asset_value_cents", security="ETF", day=day)
        assert nav == round(worth / 50_000)


def test_the_etf_opens_with_whole_units_for_the_households_and_the_participants_inventory(play):
    """60 bn at 100 dollars over 1 - 1 %: 606,060,606 shares, in whole units of 50,000; households have 600 m."""
    run = play(HOUSEHOLDS, days=1, holders=60)
    units = round(60e9 / 100 / 0.99 / 50_000)
    assert run.cell("daily", "shares_outstanding", security="ETF", day=0) == units * 50_000
    assert run.cell("households", "etf_shares", day=0) == 600_000_000
    worth = {r["party"]: r["market_value_cents"] for r in run.rows("positions", day=0)}
    assert worth["Participant"] == (units * 50_000 - 600_000_000) * 10_000
    assert worth["households"] == 60 * BN
    basket = basket_at_start([(10**9, 20_000), (10**9, 40_000)], 10_000, 50_000)
    held = sum(b * units * p for b, p in zip(basket, (20_000, 40_000), strict=True))
    assert sum(run.column("funds", "equity_cents", day=0)) == 600 * BN - held


def test_a_creation_or_redemption_moves_the_trusts_cash_in_proportion(play):
    """After a rebalancing the trust has some cash: a unit created pays its part, rounded up; redeemed it gets it."""
    over = (
        "etf.rebalance_months=1",
        "households.saving_usd_per_year=240e9",
        "chip_maker.Maker.buyback_share_of_earnings=1.0",
    )
    run = play(HOUSEHOLDS, *over, days=126, holders=60)
    etf = run.column("daily", "shares_outstanding", security="ETF")
    cash, checked = 0, 0
    rebalanced = {e.day: e.cents for e in run.events("etf_rebalanced")}
    for day in range(1, 127):
        paid = run.paid("etf_cash", day=day, payee="ETF")
        handed_out = run.paid("etf_cash", day=day, payer="ETF")
        change = (etf[day] - etf[day - 1]) // 50_000
        if day not in rebalanced and cash and change:
            units = etf[day - 1] // 50_000
            if change > 0:
                assert (paid, handed_out) == (-(-cash * change // units), 0)
            else:
                assert (paid, handed_out) == (0, cash * -change // units)
            checked += 1
        cash += paid - handed_out
    assert checked


def test_the_participant_hedges_within_its_cash(play):
    """It has nothing but what it sells ETF shares for: all its buying orders of a day together cost at most that."""
    over = ("etf.participant_cash_usd=0", "households.saving_usd_per_year=240e9", "etf.rebalance_months=60")
    run = play(HOUSEHOLDS, *over, days=50, holders=60)
    cash, used = 0, []
    for day in range(1, 51):
        sold_etf = run.paid("trade_receive", day=day, payee="Participant", contract="ETF")
        bought_etf = run.paid("trade_pay", day=day, payer="Participant", contract="ETF")
        hedges = [run.paid("trade_pay", day=day, payer="Participant", contract=firm) for firm in ("Maker", "Rest")]
        budget = cash + sold_etf - bought_etf
        assert sum(hedges) <= budget
        used.append(sum(hedges) / max(1, budget))
        cash = run.cash_cents("Participant", day)
    # orders at 3 % above the indicative price tie up all of it
    assert max(used) > 0.95


# --- flows from outside -----------------------------------------------------------------------------------------------


def test_money_from_outside_arrives_with_its_order_and_buys_at_the_close(play):
    """Shares for the sum at the last price; cash for a price a quarter and a cent above it."""
    run = play(MARKET + " venture", days=8, flows=[(5, "Venture", "Rest", 2 * BN)])
    prices, _ = close(run, "Rest")
    shares = 2 * BN // prices[4]
    limit = int(prices[4] * 1.25) + 1
    assert run.by_day("fund_flow", payer="Venture, partners", payee="Venture") == {5: shares * limit}
    assert run.by_day("trade_pay", payer="Venture") == {5: shares * prices[5]}


def test_who_leaves_sells_at_most_what_it_holds(play):
    stake = '[[stake]]\nowner = "Venture"\nfirm = "Rest"\nshares = 1000000\n'
    for wanted, least in ((-10 * BN, 10**6), (-BN // 100, None)):
        run = play(MARKET + " venture", days=5, extra=stake, flows=[(3, "Venture", "Rest", wanted)])
        prices, _ = close(run, "Rest")
        sold = least or -wanted // prices[2]
        assert run.by_day("trade_receive", payee="Venture") == {3: sold * prices[3]}
        assert run.paid("fund_flow") == 0
