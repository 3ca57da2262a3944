"""What the recorder copies at the end of a day: the books, and what everything costs. It looks and never touches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..model import CarouselModel


class BooksLook(NamedTuple):
    """Cash and securities of everybody: int64[accounts], int64[accounts, securities] and int64[securities]."""

    balances: np.ndarray
    holdings: np.ndarray
    outstanding: np.ndarray
    issued: np.ndarray
    retired: np.ndarray


class PricesLook(NamedTuple):
    """Closing prices: of shares in the board's order, of bonds by security, of the ETF; and each lab's marked value."""

    shares_cents: np.ndarray
    bonds_cents: np.ndarray
    etf_cents: int
    labs_usd: list[float]


def books(model: CarouselModel) -> BooksLook:
    """Today's cash and securities."""
    journal, registers = model.books.journal, model.books.registers
    n = journal.n_accounts
    return BooksLook(
        journal.balances[:n].copy(),
        registers.holdings[:n].copy(),
        registers.outstanding.copy(),
        registers.issued.copy(),
        registers.retired.copy(),
    )


def prices(model: CarouselModel) -> PricesLook:
    """Today's prices."""
    board = model.prices
    bonds = model.contracts.bonds.prices("")[0]
    labs = [lab.value_usd() for lab in model.cast.labs]
    return PricesLook(board.price_cents.copy(), bonds.copy(), board.etf_price_cents, labs)
