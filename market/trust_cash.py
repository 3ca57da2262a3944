"""An identity of the fund's trust: its cash is what creations, redemptions and swaps of its basket have left there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..ledger.books import Books
from .trust_kernels import cash_after

IntArray = np.ndarray
IDENTITY = "cash of the trust = what its units and swaps have brought"


class TrustCash:
    """The trust's cash in a second reckoning, which knows the registers and the closing prices, but no payment.

    `fund` are the fund's shares (their number and how many make a unit), `securities` int64[F] its constituents,
    `prices` gives their closing prices of the day, int64[F]. What the trust has at first counts as right.
    """

    def __init__(
        self, books: Books, trust: int, fund: tuple[int, int], securities: IntArray, prices: Callable[[], IntArray]
    ) -> None:
        self.books = books
        self.trust = trust
        self.fund = fund
        self.securities = securities
        self.prices = prices
        units = books.registers.outstanding.item(fund[0]) // fund[1]
        self._state = np.array([books.journal.balance(trust), units], np.int64)
        self._seen = books.registers.count
        self._basket = books.registers.holdings[trust, securities] // max(1, units)

    def gaps(self) -> Iterator[tuple[str, str, int]]:
        """The identity at the end of a day; asked once a day, before the registers forget the day's movements."""
        books, registers = self.books, self.books.registers
        held = registers.holdings[self.trust].take(self.securities)
        movements, self._seen = registers.movements[self._seen :], 0
        due = cash_after(movements, self.fund, held, self.prices(), self._basket, self._state)
        if gap := books.journal.balance(self.trust) - due:
            yield IDENTITY, books.journal.names[self.trust], gap
