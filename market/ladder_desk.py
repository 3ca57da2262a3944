"""The ladder desk: opens the day's closing session with every fund's ladders and the orders that others have sent."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..ledger.books import Books
from .ladder_kernels import session_table
from .orders import FAULTS, OrderError
from .session import SessionOrders

Ints = np.ndarray
Floats = np.ndarray


class FundBoard(Protocol):
    """What the desk reads of the day: prices around which funds want which shares (I funds, F shares)."""

    @property
    def securities(self) -> Ints:
        """Number of each share, int64[F]."""

    @property
    def fund_accounts(self) -> Ints:
        """Account of each fund, int64[I]."""

    @property
    def anchor_cents(self) -> Floats:
        """Price at which `wanted_shares` are wanted, float[F]."""

    @property
    def wanted_shares(self) -> Floats:
        """float[I, F]."""

    @property
    def elasticity(self) -> Floats:
        """Minus the log slope of demand in the own price, float[F]."""


class LadderDesk:
    """All funds' ladders of a day, in one call; `factors` are the rungs, as from `rung_factors`."""

    def __init__(self, books: Books, factors: Floats) -> None:
        self.books = books
        self.factors = factors

    def session(self, board: FundBoard, sent: Ints) -> SessionOrders:
        """The orders of all shares of the board, in its order; `sent` int64[k, 4] as from `sent_table`.

        Raises: OrderError for the first order that is none.
        """
        journal, registers = self.books.journal, self.books.registers
        table, ends, (fault, share, *came) = session_table(
            (board.anchor_cents, board.wanted_shares, board.elasticity), (journal.balances, registers.holdings),
            (board.fund_accounts, board.securities), self.factors, sent,
        )  # fmt: skip
        if fault:
            raise OrderError(security=board.securities.item(share), came=tuple(came), allowed=FAULTS[fault])
        return SessionOrders(table, ends)
