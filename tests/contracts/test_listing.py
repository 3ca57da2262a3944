"""The listing of a lab: amounts by hand, who pays, what trades, who may sell, and that nothing moves before."""

from __future__ import annotations

import pytest
from carousel.agents.lab_shares import LabShares
from carousel.contracts.flotation import offer_of
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, CONTRACT, PAYEE, PAYER
from carousel.model import CarouselModel
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse
from carousel.scenarios.overrides import override

LISTING = """extends = "ai-2025"
[[listing]]
name = "OpenAI listing"
lab = "OpenAI"
"""
MONTHS_END, LOCK_UP = 21, 126


def told(*changes, text=LISTING, days=LOCK_UP + 3 * MONTHS_END, watch=lambda model: None):
    """A run with its events, the payments of its listing, and what `watch` saw each day."""
    model = CarouselModel(override(parse(text), changes), rng=1, days=days, holders=300)
    events, paid, seen = [], [], []
    while model.running:
        model.step()
        events += model.chronicle.events
        entries = model.books.last.entries
        paid += [(model.clock.day, *map(int, row)) for row in entries[entries[:, CAUSE] == Cause.LISTING]]
        seen.append(watch(model))
    return model, events, paid, seen


def look(model):
    """Of a day: the lab's shares by class, what funds hold, its price, its cash, prices of the others."""
    lab, registers, sight = model.cast.labs[0], model.books.registers, model.cast.sight
    softbank = model.cast.investor("SoftBank")
    return {
        "private": registers.outstanding.item(lab.security),
        "public": registers.outstanding.item(lab.public) if lab.public >= 0 else 0,
        "funds": sum(registers.held(fund.account, lab.public) for fund in model.cast.funds) if lab.public >= 0 else 0,
        "etf": registers.held(model.cast.etf.account, lab.public) if lab.public >= 0 else 0,
        "price": lab.price_cents,
        "board": model.prices.price_cents.tolist(),
        "common": model.prices.common_cents.tolist(),
        "cash": lab.cash_cents,
        "volume": int(model.prices.volume_shares[-1]),
        "free": softbank.sellable_cents() - sight.listed_value_cents(softbank.account),
    }  # fmt: skip


@pytest.fixture(scope="module")
def default():
    return told(watch=look)


@pytest.fixture(scope="module")
def without():
    return told(text='extends = "ai-2025"\n', watch=look, days=MONTHS_END)


def test_a_tenth_at_an_offer_price_that_leaves_a_fifth_to_its_buyers():
    """100 shares worth 1,100 with the proceeds of 25 new ones of 125: at 8 they bring 200, and 1,100 + 200 are
    1.3 times 8 a share: p = 1,100 / (100 x 1.3 + 25 x .3) = 8 exactly."""
    assert offer_of(1_100.0, 100, 0.2, 0.3) == (25, 8)
    assert (1_100 + 25 * 8) / 125 == 1.3 * 8


def test_an_offer_price_is_rounded_down_to_whole_cents():
    assert offer_of(1_099.0, 100, 0.2, 0.3) == (25, 7)
    assert offer_of(1_000.0, 100, 0.2, 0.0) == (25, 10)


def test_the_default_thresholds_list_the_lab(default):
    model, events, _, _ = default
    (listed,) = [event for event in events if event.kind == "listed"]
    assert listed.day % MONTHS_END == 0
    assert listed.agent == "OpenAI"
    assert model.cast.labs[0].is_listed


def test_the_proceeds_are_what_funds_etf_and_households_pay_share_by_share(default):
    model, events, paid, seen = default
    (listed,) = [event for event in events if event.kind == "listed"]
    lab, cast = model.cast.labs[0], model.cast
    assert {row[0] for row in paid} == {listed.day}
    assert {row[1 + PAYEE] for row in paid} == {lab.account}
    payers = {row[1 + PAYER] for row in paid}
    funds = {fund.account for fund in cast.funds}
    assert payers == funds | {cast.participant.account, cast.small_shareholders["OpenAI"]}
    assert sum(row[1 + CENTS] for row in paid) == listed.cents
    number = next(c.number for c in model.contracts.promises if c.label == "listing")
    assert {row[1 + CONTRACT] for row in paid} == {number}
    before, after = seen[listed.day - 2], seen[listed.day - 1]
    assert before["public"] == 0
    assert after["public"] * seen[listed.day - 1]["price"] == listed.cents
    assert all(row[1 + CENTS] % after["price"] == 0 for row in paid)
    assert after["private"] == before["private"], "nobody who had shares has sold one"
    assert after["public"] / (after["public"] + after["private"]) <= 0.1


def test_the_offer_price_is_that_of_the_funds_values_of_the_day(default):
    """By hand: V = mean of the funds' values x shares; p = V / (N 1.188 + n .188), n = N .1 / .9."""
    _, events, _, seen = default
    day = next(event.day for event in events if event.kind == "listed")
    now, shares = seen[day - 1], seen[day - 1]["private"]
    new = int(shares * 0.1 / (1 - 0.1))
    assert now["price"] == int(now["common"][-1] * shares / (shares * 1.188 + new * 0.188))


def test_its_row_of_the_account_of_promises_is_paid_when_it_is_announced(default):
    model, events, _, _ = default
    cents = next(event.cents for event in events if event.kind == "listed")
    (row,) = [contract.row() for contract in model.contracts.promises if contract.label == "listing"]
    assert (row.announced_cents, row.committed_cents, row.paid_cents, row.status) == (cents, cents, cents, "done")


def test_the_first_close_is_above_the_offer_price_as_its_buyers_were_left(default):
    """Up to the news and the moods of a night: within eight per cent of the 18.8 that were left to them."""
    _, events, _, seen = default
    day = next(event.day for event in events if event.kind == "listed")
    assert abs(seen[day]["board"][-1] / seen[day - 1]["board"][-1] - 1.188) < 0.08


def test_it_is_in_the_index_and_trades_with_the_others(default):
    _, events, _, seen = default
    day = next(event.day for event in events if event.kind == "listed")
    assert max(row["etf"] for row in seen[:day]) == 0
    assert seen[day + 2]["etf"] > 0
    assert min(row["volume"] for row in seen[day : day + 20]) > 0


def test_nothing_of_it_is_felt_before_it_comes(default, without):
    """Every price, every value and the lab's cash are those of the world without the plan, to the last digit."""
    _, events, _, seen = default
    day = next(event.day for event in events if event.kind == "listed")
    for mine, other in zip(seen[: day - 1], without[3][: day - 1], strict=False):
        assert mine["board"][:-1] == other["board"]
        assert mine["common"][:-1] == other["common"]
        assert mine["cash"] == other["cash"]


def test_shares_from_before_are_no_means_until_the_lock_up_is_over(default):
    model, events, _, seen = default
    day = next(event.day for event in events if event.kind == "listed")
    over = next(event.day for event in events if event.kind == "done" and "locked up" in event.detail)
    assert over == day + LOCK_UP
    assert [row["free"] for row in seen[: over - 1]] == [0] * (over - 1)
    softbank = model.cast.investor("SoftBank")
    held = model.books.registers.held(softbank.account, model.cast.labs[0].security)
    sight = model.cast.sight
    assert softbank.sellable_cents() - sight.listed_value_cents(softbank.account) == (
        held * model.cast.labs[0].price_cents
    )
    assert held > 0


def test_an_investor_in_need_sells_shares_from_before_once_they_are_unlocked(default):
    """What it sells becomes a share that trades, in its hands first; the number of all shares stays."""
    model = default[0]
    lab, softbank, registers = model.cast.labs[0], model.cast.investor("SoftBank"), model.books.registers
    (order,) = [order for order in [*_in_need(softbank, model)] if order.share == lab.index]
    assert 0 < -order.signed_shares <= registers.held(softbank.account, lab.security)


def _in_need(investor, model):
    investor.sale_target_cents = 10**12
    orders = investor.decide_stake_sales([*model.cast.listed, *model.cast.board_labs])
    investor.sale_target_cents = 0
    return orders


def test_a_listed_lab_that_needs_money_sells_shares_in_the_auction_and_holds_no_round():
    poor = ("lab.OpenAI.costs_usd_per_year*=8", "behaviour.round_placement_min=0.01")
    _model, events, _, seen = told(*poor, days=400, watch=look)
    day = next(event.day for event in events if event.kind == "listed")
    later = {event.kind for event in events if event.day > day and event.agent == "OpenAI"}
    assert "share_issue" in later
    assert not {"round_closed", "down_round", "round_failed"} & later
    assert seen[-1]["public"] > seen[day]["public"]


def test_without_savings_households_buy_nothing():
    model, _, paid, _ = told("households.saving_usd_per_year=0", days=MONTHS_END)
    assert model.cast.labs[0].is_listed
    assert model.cast.small_shareholders["OpenAI"] not in {row[1 + PAYER] for row in paid}


def test_without_an_etf_and_households_funds_buy_all_of_it():
    alone = parse(LISTING).model_copy(update={"etf": None, "households": None, "days": MONTHS_END, "holders": 0})
    model = CarouselModel(alone, rng=1)
    while model.running:
        model.step()
    lab, registers = model.cast.labs[0], model.books.registers
    held = sum(registers.held(fund.account, lab.public) for fund in model.cast.funds)
    assert (
        held
        == registers.outstanding.item(lab.public)
        == lab.shares_outstanding - registers.outstanding.item(lab.security)
    )
    assert held > 0


@pytest.mark.parametrize(
    "closed", ["listing.OpenAI listing.value_min_usd=5e12", "listing.OpenAI listing.market_up_share=9"]
)
def test_a_closed_window_lists_nobody(closed):
    model, _, paid, _ = told(closed, "behaviour.round_price_up=5", days=3 * MONTHS_END)
    assert paid == []
    assert not model.cast.labs[0].is_listed


def test_funds_without_cash_buy_nothing_and_no_lab_is_listed():
    poor = ("active_fund.*.equity_share=0.9999", "behaviour.round_placement_min=1")
    _, events, paid, _ = told(*poor, days=MONTHS_END)
    assert paid == []
    failed = [event for event in events if event.kind == "round_failed"]
    assert len(failed) == 1
    assert failed[0].detail.startswith("no listing: ")


def test_a_listed_lab_that_defaults_ends_its_lock_up_and_trades_on():
    ruin = ("lab.OpenAI.costs_usd_per_year*=60", "behaviour.offering_discount_max=0", "behaviour.atm_share_of_volume=0")
    model, events, _, _ = told(*ruin, days=500)
    default = next(event.day for event in events if event.kind == "default")
    contract = next(c for c in model.contracts.promises if c.label == "listing")
    assert model.cast.labs[0].is_listed
    assert not contract.is_alive
    assert default > contract.public_day
    assert model.prices.volume_shares[-1] > 0


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("listing.OpenAI listing.sector=fishing", "sector"),
        ("listing.OpenAI listing.lab=Oracle", "lab"),
        ("listing.OpenAI listing.offer_share=0.9", "offer_share"),
        ("listing.OpenAI listing.lock_up_months=-1", "lock_up_months"),
    ],
)
def test_what_no_listing_can_be_is_refused(change, where):
    with pytest.raises(ScenarioError, match=where):
        override(parse(LISTING), [change])


def test_a_lab_is_listed_once():
    with pytest.raises(ScenarioError, match="one listing of each lab"):
        parse(LISTING + '[[listing]]\nname = "Again"\nlab = "OpenAI"\n')


def test_a_lab_is_an_issuer():
    assert {"decide_listing", "decide_share_sale", "seen_by_owners"} <= set(vars(LabShares))
