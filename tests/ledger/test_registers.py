"""Shares exist by issue only, move whole, and nobody delivers what it does not hold."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger.registers import (
    BadTransfer,
    InsufficientShares,
    RegisterError,
    Registers,
    SecurityKind,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def register(units=100):
    registers = Registers()
    registers.open_security("index fund", SecurityKind.ETF)
    share = registers.open_security("chips", SecurityKind.SHARE)
    registers.issue(share, 0, units)
    return registers, share


def test_what_is_issued_less_what_is_retired_is_outstanding():
    registers, share = register()
    registers.transfer(share, 0, 7, 30)
    registers.retire(share, 7, 10)
    assert (registers.held(0, share), registers.held(7, share)) == (70, 20)
    assert registers.outstanding.tolist() == [0, 90]
    assert (registers.issued - registers.retired).tolist() == registers.holdings.sum(axis=0).tolist() == [0, 90]


def test_nobody_delivers_more_than_it_holds_and_the_error_names_the_holding():
    registers, share = register()
    for movement in (
        lambda: registers.transfer(share, 0, 1, 101),
        lambda: registers.retire(share, 0, 101),
    ):
        with pytest.raises(InsufficientShares) as caught:
            movement()
        error = caught.value
        assert (error.security, error.account, error.units, error.held) == ("chips", 0, 101, 100)
    assert registers.holdings[:2, share].tolist() == [100, 0]


@pytest.mark.parametrize(
    "movement",
    [
        lambda r: r.transfer(1, 0, 0, 5),
        lambda r: r.transfer(1, 0, 1, 0),
        lambda r: r.transfer(1, 0, 1, 1.5),
        lambda r: r.transfer(2, 0, 1, 5),
        lambda r: r.transfer(-1, 0, 1, 5),
        lambda r: r.transfer(1, -1, 1, 5),
        lambda r: r.transfer(1, 0, 2**17, 5),
        lambda r: r.issue(1, 0, -5),
        lambda r: r.issue(1, 0, True),
        lambda r: r.issue(1, 0, 2**53 - 100),
        lambda r: r.retire(1, 0, 0),
        lambda r: r.open_security("chips", SecurityKind.SHARE),
    ],
)
def test_what_is_no_movement_is_refused_and_nothing_moves(movement):
    registers, _ = register()
    with pytest.raises(BadTransfer):
        movement(registers)
    assert registers.holdings[0].tolist() == [0, 100]
    assert registers.holdings.sum() == 100


def test_the_most_units_and_the_last_account_move_and_one_more_does_not():
    registers, share = register()
    most, last = 2**53 - 1, 2**17 - 1
    registers.issue(share, 0, most - 100)
    registers.transfer(share, 0, last, most)
    registers.transfer_many(last, 0, np.array([0, share]), np.array([0, most]))
    for receiver, units in ((last, most + 1), (last + 1, 1)):
        with pytest.raises(BadTransfer):
            registers.transfer(share, 0, receiver, units)
    with pytest.raises(BadTransfer):
        registers.transfer_many(0, last, np.array([share]), np.array([most + 1]))
    registers.retire(share, 0, most)
    assert registers.outstanding.tolist() == [0, 0]


actions = st.tuples(
    st.sampled_from(["issue", "retire", "transfer"]), st.integers(0, 40), st.integers(0, 40), st.integers(1, 150)
)


@settings(deadline=None)  # the first example may compile
@given(st.lists(actions, max_size=30))
def test_shares_held_are_shares_outstanding_after_any_history(history):
    registers, share = register()
    for kind, first, second, units in history:
        try:
            if kind == "transfer":
                registers.transfer(share, first, second, units)
            else:
                getattr(registers, kind)(share, first, units)
        except RegisterError:
            continue
    assert registers.holdings.min() >= 0
    assert registers.holdings[:, share].sum() == registers.outstanding[share]
    assert registers.outstanding[share] == registers.issued[share] - registers.retired[share]


def test_a_basket_moves_whole_or_not_at_all_and_the_error_names_what_is_short():
    registers, share = register()
    registers.issue(0, 0, 40)
    registers.transfer_many(0, 3, np.array([0, share]), np.array([40, 25]))
    assert registers.holdings[3].tolist() == [40, 25]
    with pytest.raises(InsufficientShares) as caught:
        registers.transfer_many(3, 0, np.array([0, share]), np.array([40, 26]))
    assert (caught.value.security, caught.value.units, caught.value.held) == ("chips", 26, 25)
    assert registers.holdings[3].tolist() == [40, 25]


def test_a_basket_with_a_share_twice_is_not_delivered_from_one_holding():
    registers, share = register()
    with pytest.raises(InsufficientShares):
        registers.transfer_many(0, 3, np.array([share, share]), np.array([60, 60]))
    assert registers.holdings[:, share].tolist()[0] == 100
    assert int(registers.holdings[:, share].sum()) == 100


@pytest.mark.parametrize(
    ("giver", "taker", "securities", "units"),
    [(0, 0, [1], [1]), (0, 3, [1], [-1]), (0, 3, [2], [1]), (0, 3, [-1], [1]), (0, 3, [1, 1], [1]), (-1, 3, [1], [1])],
)
def test_a_basket_that_is_none_is_refused(giver, taker, securities, units):
    registers, share = register()
    with pytest.raises(BadTransfer):
        registers.transfer_many(giver, taker, np.array(securities), np.array(units))
    assert registers.held(0, share) == 100
