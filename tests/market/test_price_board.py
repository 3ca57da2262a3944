"""The board shows the last closes, and remembers volumes and swings by its formulas."""

import math

import numpy as np
import pytest
from carousel.ledger.registers import Registers, SecurityKind
from carousel.market.price_board import Board, Listing, Memory
from carousel.market.price_memory import next_usual_volume, next_variance

MEMORY = Memory(
    opening_turnover_per_day=0.004, volume_weight=0.05, variance_weight=0.97, jump_limit=3.0, steady_days=21
)
FUNDS = [(1, 3.0), (2, 1.0)]


@pytest.fixture
def board():
    """Shares B (software) and A (chips); fund 1 holds 300 and 30, fund 2 holds 100 and 10, account 0 the rest."""
    registers = Registers(3)
    listings = []
    for name, sector, price, volatility in (("B", "software", 5_000, 0.02), ("A", "chips", 100, 0.03)):
        security = registers.open_security(name, SecurityKind.SHARE)
        listings.append(Listing(name, 70 + security, security, price, sector, volatility))
        for account, shares in ((0, 600), (1, 300), (2, 100)):
            registers.issue(security, account, shares // (10 if name == "A" else 1))
    return Board.open(listings, registers, FUNDS, MEMORY)


def test_an_opening_board_shows_what_the_scenario_says(board):
    assert (board.names, board.slots.tolist(), board.securities.tolist()) == (["B", "A"], [70, 71], [0, 1])
    assert (
        board.price_cents.tolist() == board.previous_cents.tolist() == board.indicative_cents.tolist() == [5_000, 100]
    )
    assert board.mean_volume_shares.tolist() == [4.0, 0.4]
    assert board.variance_per_day.tolist() == pytest.approx([0.0004, 0.0009])
    assert board.sector.tolist() == [1, 0]  # by name: chips, software
    assert board.fund_benchmark.tolist() == [0.75, 0.25]
    assert board.fund_float.tolist() == [400.0, 40.0]
    assert board.wanted_shares.tolist() == [[300.0, 30.0], [100.0, 10.0]]
    assert board.values_cents.tolist() == [[5_000.0, 100.0]] * 2
    assert board.anchor_cents.tolist() == board.common_cents.tolist() == [5_000.0, 100.0]


def test_a_board_without_funds_opens():
    registers = Registers(1)
    security = registers.open_security("A", SecurityKind.SHARE)
    registers.issue(security, 0, 500)
    board = Board.open([Listing("A", 1, security, 100, "chips", 0.01)], registers, [], MEMORY)
    assert (board.fund_benchmark.tolist(), board.fund_float.tolist(), board.values_cents.shape) == ([], [0.0], (0, 1))


def test_holdings_are_valued_at_the_last_close(board):
    assert board.holdings_value_cents(1) == 300 * 5_000 + 30 * 100
    assert board.market_values_cents().tolist() == [1_000 * 5_000, 100 * 100]


def test_a_close_moves_prices_returns_variances_and_usual_volumes(board):
    board.close(np.array([5_100, 50]), np.array([14, 0]))
    assert (board.price_cents.tolist(), board.previous_cents.tolist()) == ([5_100, 50], [5_000, 100])
    assert board.volume_shares.tolist() == [14, 0]
    calm, jump = math.log(5_100 / 5_000), math.log(50 / 100)
    assert board.log_return.tolist() == [calm, jump]
    assert board.mean_volume_shares.tolist() == pytest.approx([4.0 + 0.05 * 10.0, 0.4 - 0.05 * 0.4])
    assert board.variance_per_day.tolist() == pytest.approx(
        [0.97 * 0.0004 + 0.03 * calm**2, 0.0009 + 0.03 * 8 * 0.0009]
    )


def test_the_usual_volume_moves_a_part_of_the_way():
    assert next_usual_volume(100.0, 300.0, 0.05) == 110.0
    assert next_usual_volume(100.0, 300.0, 0.0) == 100.0


@pytest.mark.parametrize(
    ("log_return", "expected"), [(0.0, 0.00097), (0.05, 0.00097 + 0.03 * 0.0025), (-0.2, 0.00097 + 0.03 * 0.009)]
)
def test_a_day_counts_in_the_variance_up_to_its_jump_limit(log_return, expected):
    assert next_variance(0.001, log_return, 0.97, 3.0) == pytest.approx(expected, rel=1e-12)
