"""Bond buyers ask, offer and bid by their formulas, and give way only where they hold too much."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.agents.bond_buyer import (
    ask_limit_cents,
    asked_spread_per_year,
    bid_limit_cents,
    bid_units,
    is_over_limit,
    offered_units,
    room_to_lend_cents,
)
from carousel.agents.bond_buyer_kernels import buyers_orders, own_prices, worth_of_bonds
from carousel.agents.bond_desk import BondDesk, SeriesOnSale
from carousel.market.credit import bond_price_cents
from carousel.market.orders import OrderError
from carousel.scenarios.behaviour import Behaviour

SECURITY = 1
SERIES = (SECURITY, 99, 0.05, 252, 100_000)
NOTHING_SEEN = (0.0, 0.0)
"""Optimism and opinion of buyers who all see the same."""
HABITS = (0.002, 0.03, 0.05, 0.5, 0.25)
"""Quote margin, forced discount, shares offered, offered beyond the limit, bid for."""


def buyers(*limits, premium=0.0, disposition=0.0):
    n = len(limits)
    facts = np.array([(disposition, premium, limit) for limit in limits])
    return np.arange(n), np.arange(n) + 7, facts


def test_a_buyer_asks_the_fair_spread_as_it_sees_it_and_its_premium():
    assert asked_spread_per_year(0.01, 2.0, 1.0, 0.003, 0.15, 0.10) == pytest.approx(
        0.01 * 1.2 * math.exp(-0.15) + 0.003
    )
    assert asked_spread_per_year(0.01, 0.0, 0.0, -0.02, 0.15, 0.10) == 0.0


def test_room_is_the_limit_less_what_is_held_and_never_more_than_the_cash():
    assert room_to_lend_cents(0.2, 10_000, 50, 1_000) == 150
    assert room_to_lend_cents(0.2, 100, 50, 1_000) == 100
    assert room_to_lend_cents(0.2, 10_000, 250, 1_000) == 0
    assert (is_over_limit(0.2, 200, 1_000), is_over_limit(0.2, 201, 1_000)) == (False, True)


def test_offers_stand_above_and_bids_below_the_own_price():
    assert (ask_limit_cents(100_000, 0.002), bid_limit_cents(100_000, 0.002)) == (100_200, 99_800)
    assert bid_limit_cents(1, 0.5) == 1


def test_a_day_brings_a_part_of_a_holding_and_of_the_room():
    assert (offered_units(59, 0.05), offered_units(19, 0.05)) == (2, 1)
    assert (bid_units(1_000, 0.25, 100), bid_units(1_000, 0.25, 251)) == (2, 0)


def test_holdings_are_worth_their_marks():
    holdings = np.array([[0, 3, 2], [1, 0, 5]])
    in_all, of_issuer = worth_of_bonds(holdings, np.array([1, 0]), (np.array([0, 10, 100]), np.array([0, 10, 0])))
    assert (in_all.tolist(), of_issuer.tolist()) == ([500, 230], [0, 30])


def test_an_own_price_earns_what_its_buyer_asks():
    prices = own_prices(1, buyers(0.1, premium=0.01), SERIES, (0.02, 0.04), NOTHING_SEEN)
    assert prices.tolist() == [bond_price_cents(0.05, 0.03, 0.04, 252, 100_000)]
    same_day = own_prices(1, buyers(0.1), (SECURITY, 99, 0.05, 0, 100_000), (0.02, 0.04), NOTHING_SEEN)
    assert same_day.tolist() == [bond_price_cents(0.05, 0.02, 0.04, 1, 100_000)]


def test_every_buyer_has_an_opinion_of_its_own_and_of_each_series_another():
    wide = own_prices(1, buyers(0.1, 0.1), SERIES, (0.02, 0.04), (0.0, 0.5))
    other = own_prices(1, buyers(0.1, 0.1), (SECURITY, 98, *SERIES[2:]), (0.02, 0.04), (0.0, 0.5))
    assert len({*wide.tolist(), *other.tolist()}) == 4


def test_a_yield_beyond_bonds_is_refused():
    with pytest.raises(ValueError, match="required yield"):
        own_prices(1, buyers(0.1), SERIES, (200.0, 0.04), NOTHING_SEEN)


def test_a_buyer_within_its_limit_offers_a_part_and_bids_with_its_room():
    holdings, balances = np.array([[0, 60]]), np.array([40_000_000])
    marks = (np.array([0, 100_000]), np.array([0, 100_000]))
    owners, limits, units = buyers_orders(
        np.array([50_000]), buyers(0.5), (balances, holdings), marks, SECURITY, HABITS
    )
    room = int(0.5 * 46_000_000) - 6_000_000
    assert owners.tolist() == [0, 0]
    assert limits.tolist() == [50_100, 49_900]
    assert units.tolist() == [-3, room // 4 // 50_000]


def test_a_buyer_beyond_its_limit_sells_half_below_its_price_and_bids_nothing():
    holdings, balances = np.array([[0, 60]]), np.array([1_000_000])
    marks = (np.array([0, 100_000]), np.array([0, 100_000]))
    owners, limits, units = buyers_orders(
        np.array([50_000]), buyers(0.5), (balances, holdings), marks, SECURITY, HABITS
    )
    assert (owners.tolist(), limits.tolist(), units.tolist()) == ([0], [48_500], [-30])


def test_a_buyer_without_units_only_bids():
    holdings, balances = np.array([[0, 0]]), np.array([1_000_000])
    marks = (np.array([0, 100_000]), np.array([0, 100_000]))
    owners, limits, units = buyers_orders(
        np.array([50_000]), buyers(0.5), (balances, holdings), marks, SECURITY, HABITS
    )
    assert (owners.tolist(), limits.tolist(), units.tolist()) == ([0], [49_900], [2])


def desk(limit=0.5, cash=40_000_000, units=60):
    """The desk of one buyer, account 0, and its books."""
    facts = SimpleNamespace(disposition=0.0, premium_per_year=0.01, concentration_limit=limit)
    buyer = SimpleNamespace(account=0, slot=7, facts=facts, trades=True, savers=SimpleNamespace(waiting_cents=0))
    ledger = SimpleNamespace(balances=np.array([cash])), SimpleNamespace(holdings=np.array([[0, units]]))
    books = SimpleNamespace(journal=ledger[0], registers=ledger[1])
    return BondDesk([buyer], Behaviour(bond_buyer_opinion=0.0), seed=3), books


MARKS = (np.array([0, 100_000]), np.array([0, 100_000]))


def test_the_desk_writes_the_orders_of_a_session():
    of_one, books = desk()
    table, ends = of_one.orders(books, SeriesOnSale(*SERIES), 0.02, MARKS, day=5)
    price = bond_price_cents(0.05, 0.03, 0.037, 252, 100_000)
    room = (int(0.5 * 46_000_000) - 6_000_000) // 4
    assert ends.tolist() == [2]
    assert table.tolist() == [[0, 0], [-1, 1], [3, room // price], [int(price * 1.002), int(price * 0.998)]]


def test_an_order_that_is_none_is_refused_with_its_owner():
    of_one, books = desk(units=2**58)
    with pytest.raises(OrderError) as refused:
        of_one.orders(books, SeriesOnSale(*SERIES), 0.02, (np.zeros(2, np.int64), np.zeros(2, np.int64)), day=5)
    assert refused.value.security == SECURITY
    assert refused.value.came[0] == 0
