"""The ETF follows its basket within the cost of creation, in whole units; no fund ever owes money or shares."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.history.recorder import Recorder
from carousel.history.sinks import MemorySink

DAYS = 126


@pytest.fixture(scope="module", params=["ai-2025", "ai-2025-wide-september"])
def days(request, bench):
    """Per day: ETF price and recorded net asset value, units outstanding, and the lowest cash and holding of a fund."""
    model = bench.small(request.param, seed=2, days=DAYS)
    registers, journal = model.books.registers, model.books.journal
    sink, rows = MemorySink(), []
    recorder = Recorder(model, sink)
    model.observers.append(recorder)
    while model.running:
        model.step()
        rows.append(
            (
                int(registers.outstanding[model.cast.etf.security]),
                min(journal.balance(fund.account) for fund in model.cast.funds),
                int(registers.holdings[[fund.account for fund in model.cast.funds]].min()),
                journal.balance(model.cast.clearing_house),
                int(registers.holdings[model.cast.participant.account].min()),
            )
        )
    recorder.finish()
    daily = dict(sink.tables())["daily"]
    traded = daily[(daily["kind"] == "etf") & (daily["day"] > 0)]
    recorded = traded[["price_cents", "net_asset_value_cents"]].to_numpy()
    return model, np.hstack([recorded, rows])


def test_no_fund_ever_owes_money_or_shares(days):
    _, rows = days
    assert (rows[:, 3] >= 0).all()
    assert (rows[:, 4] >= 0).all()
    assert (rows[:, 6] >= 0).all()


def test_the_clearing_house_ends_every_day_with_nothing(days):
    _, rows = days
    assert (rows[:, 5] == 0).all()


def test_the_premium_of_the_etf_is_within_the_cost_of_creation_on_most_days(days):
    """The band is the cost, and one tick; net asset values are recorded in whole cents, half a cent off at most."""
    model, rows = days
    premium = rows[:, 0] / rows[:, 1] - 1
    band = model.cast.etf.facts.creation_cost + 1.5 / rows[:, 1]
    assert (np.abs(premium) <= band).mean() > 0.5
    assert premium.std() > 0


def test_the_recorded_net_asset_value_is_the_basket_at_closing_prices(days):
    model, rows = days
    unit = model.cast.etf.facts.creation_unit_shares
    units = int(model.books.registers.outstanding[model.cast.etf.security]) // unit
    basket_cents = sum(int(b) * int(p) for b, p in zip(model.cast.etf.basket, model.prices.price_cents, strict=True))
    cash_cents = model.books.journal.balance(model.cast.etf.account)
    assert rows[-1, 1] == round((basket_cents + cash_cents / units) / unit)


def test_etf_shares_are_created_and_redeemed_in_whole_units(days):
    model, rows = days
    changes = np.diff(rows[:, 2])
    assert (changes % model.cast.etf.facts.creation_unit_shares == 0).all()
    assert (changes > 0).any()
    assert (changes < 0).any()


def test_creation_and_redemption_leave_no_retail_holder_behind(days):
    """Households, savings plans and the participant hold all ETF shares between them."""
    model, _ = days
    registers, security = model.books.registers, model.cast.etf.security
    holders = model.cast.omnibus, model.cast.plans.account, model.cast.participant.account
    held = sum(registers.held(account, security) for account in holders)
    assert held == registers.outstanding[security]
    assert registers.held(model.cast.omnibus, security) == int(model.cast.holders.etf_shares.astype(np.int64).sum())


def test_a_wider_cost_of_creation_lets_the_price_stray_further(bench):
    """Same seed, same luck: ten times the cost."""
    strays = []
    for overrides in ((), ("etf.creation_cost=0.005",)):
        model = bench.small(seed=2, days=60, overrides=overrides)
        premium = []
        while model.running:
            model.step()
            premium.append(model.prices.etf_price_cents / model.prices.net_asset_value_cents - 1)
        strays.append(np.abs(premium).mean())
    assert strays[1] > 2 * strays[0]
