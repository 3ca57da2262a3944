"""The desk of all active funds: the prices at which they would absorb what others send, and their ladders of orders."""

from __future__ import annotations

import numpy as np

from ..ledger.books import Books
from ..market.ladder_desk import LadderDesk
from ..market.ladders import rung_factors
from ..market.price_board import Board
from ..market.session import SessionOrders
from ..scenarios.behaviour import Behaviour
from .fund_demand_kernels import TOLERANCE, anchor_on_imbalance

GAP_MAX = 1e3 * TOLERANCE
"""Largest log gap of demand with which a search may end."""


class NoAnchor(ArithmeticError):
    """The funds' common estimate of today's prices did not settle."""

    def __init__(self, *, day: int, gap: float) -> None:
        self.day, self.gap = day, gap
        super().__init__(f"day {day}: funds' anchor prices did not settle, largest log gap of demand {gap:.3g}")


class FundDesk:
    """Turns the funds' values on the board into the day's anchor prices and orders."""

    def __init__(self, books: Books, rules: Behaviour) -> None:
        self._books = books
        self.take(rules)

    def take(self, rules: Behaviour) -> None:
        """How funds answer prices and write their orders."""
        self._elasticities = rules.micro_elasticity, rules.sector_elasticity, rules.macro_elasticity
        self._ladders = LadderDesk(
            self._books, rung_factors(rules.ladder_rungs, rules.ladder_step, rules.ladder_growth)
        )

    def anchor(self, board: Board, sent: np.ndarray, day: int) -> None:
        """Write onto the board the prices at which funds as a group would sell just what all others together want to
        buy, the shares they want there, and how demand answers each price: the anchor of today's ladders.

        `sent` int64 (k, 4), rows of `SentOrder`, are the orders of all others: funds read the imbalance of each share,
        as exchanges publish it before the close. Without funds the board stays as it is.

        Raises: NoAnchor.
        """
        if not len(board.fund_accounts):
            return
        gap = anchor_on_imbalance(
            board.common_cents, (board.values_cents, board.fund_benchmark), (board.fund_float, board.sector),
            (board.registers.holdings, board.fund_accounts, board.securities), sent, self._elasticities,
            (board.anchor_cents, board.wanted_shares, board.elasticity, board.indicative_cents),
        )  # fmt: skip
        if not gap <= GAP_MAX:
            raise NoAnchor(day=day, gap=gap)

    def session(self, board: Board, sent: np.ndarray) -> SessionOrders:
        """The closing session's orders: every fund's ladders and what others have sent."""
        return self._ladders.session(board, sent)
