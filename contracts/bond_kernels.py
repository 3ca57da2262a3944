"""Loops over holders of bonds: what their holdings are worth."""

from __future__ import annotations

import numpy as np

from ..engine.kernels import njit

Ints = np.ndarray


@njit(cache=True)
def worth_of_bonds(holdings: Ints, accounts: Ints, marks: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Cents that each account's (int64[n]) holdings are worth: all bonds, and the issuer's alone, int64[n] each."""
    prices, prices_of_issuer = marks
    in_all = np.zeros(accounts.size, np.int64)
    of_issuer = np.zeros(accounts.size, np.int64)
    for n in range(accounts.size):
        for security in range(prices.size):
            units = holdings[accounts[n], security]
            in_all[n] += units * prices[security]
            of_issuer[n] += units * prices_of_issuer[security]
    return in_all, of_issuer
