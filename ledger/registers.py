"""The registers of securities: who holds how many whole shares, fund shares or bonds, and how many exist.

The number outstanding changes only by issue and retirement, both kept cumulatively, so that the audit can compare what
exists with what was issued and with what is held.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn

import numpy as np

from ..engine.kernels import njit

IntArray = np.ndarray
UNITS_LIMIT = 2**53
ACCOUNTS_LIMIT = 2**17
"""More accounts than any cast has: a wild account number must not allocate the machine's memory."""


class SecurityKind(IntEnum):
    """What a security is. Numbers are part of the format of a run."""

    SHARE = 0
    ETF = 1
    BOND = 2
    PRIVATE = 3
    LOAN = 4
    """Principal outstanding in cents: what a lender holds."""


class RegisterError(Exception):
    """A movement of securities that was refused; nothing was written."""


class InsufficientShares(RegisterError):
    """A holder was asked to deliver more units than it holds."""

    def __init__(self, *, security: str, account: int, units: int, held: int) -> None:
        self.security = security
        self.account = account
        self.units = units
        self.held = held
        super().__init__(f"{security}: account {account} was to deliver {units} units, allowed: the {held} it holds")


class BadTransfer(RegisterError):
    """A movement that is none: no such security or account, no positive whole number, or units that do not balance."""

    def __init__(self, *, security: object, came: object, allowed: str) -> None:
        self.security = security
        self.came = came
        self.allowed = allowed
        super().__init__(f"{security}: came {came!r}, allowed: {allowed}")


_MOVED = -1


@njit(cache=True)
def _hand_over(holdings, giver, taker, securities, units):  # type: ignore[no-untyped-def]
    """Moves units of several securities from one row of holdings to another; or writes nothing and returns the first
    position that is short, or (from -2 on, downwards) that is none."""
    for k in range(securities.size):
        if not (0 <= securities[k] < holdings.shape[1] and 0 <= units[k] < UNITS_LIMIT):
            return -2 - k
        if holdings[giver, securities[k]] < units[k]:
            return k
    for k in range(securities.size):
        holdings[giver, securities[k]] -= units[k]
        holdings[taker, securities[k]] += units[k]
        if holdings[giver, securities[k]] < 0:  # the same security twice
            for done in range(k + 1):
                holdings[giver, securities[done]] += units[done]
                holdings[taker, securities[done]] -= units[done]
            return k
    return _MOVED


class Registers:
    """Holdings of every account in every security.

    `holdings` is int64[accounts, securities], `outstanding`, `issued` and `retired` are int64[securities]. They are
    re-allocated when securities or accounts are added: read the attribute anew. Accounts are the journal's numbers.
    """

    def __init__(self, n_accounts: int = 0) -> None:
        self.names: list[str] = []
        self.kinds: list[SecurityKind] = []
        self.holdings: IntArray = np.zeros((max(n_accounts, 1), 0), np.int64)
        self.outstanding: IntArray = np.zeros(0, np.int64)
        self.issued: IntArray = np.zeros(0, np.int64)
        self.retired: IntArray = np.zeros(0, np.int64)
        self.subledgers: dict[tuple[int, int], Callable[[], int]] = {}

    @property
    def n_securities(self) -> int:
        """How many securities have been opened."""
        return len(self.names)

    def open_security(self, name: str, kind: SecurityKind) -> int:
        """Opens a register with nothing outstanding; returns its number. Raises: BadTransfer on a known name."""
        if name in self.names:
            raise BadTransfer(security=name, came=name, allowed="a name no other security has")
        self.kinds.append(SecurityKind(kind))
        self.names.append(name)
        self.holdings = np.ascontiguousarray(np.pad(self.holdings, ((0, 0), (0, 1))))
        self.outstanding, self.issued, self.retired = (
            np.append(column, np.int64(0)) for column in (self.outstanding, self.issued, self.retired)
        )
        return len(self.names) - 1

    def ensure_account(self, account: int) -> None:
        """Makes room for an account. Raises: BadTransfer if its number is negative or absurd."""
        if not 0 <= account < ACCOUNTS_LIMIT:
            raise BadTransfer(security="registers", came=account, allowed=f"an account of 0 to {ACCOUNTS_LIMIT - 1}")
        rows = len(self.holdings)
        if account >= rows:
            self.holdings = np.pad(self.holdings, ((0, max(2 * rows, account + 1) - rows), (0, 0)))

    def held(self, account: int, security: int) -> int:
        """Units an account holds, as a plain integer."""
        return int(self.holdings[account, security]) if account < len(self.holdings) else 0

    def issue(self, security: int, holder: int, units: int) -> None:
        """Creates units in a holder's hands. Raises: BadTransfer."""
        units = self._checked(security, holder, units)
        if self.outstanding[security] + units >= UNITS_LIMIT:
            self._refuse(security, units, "fewer than 2**53 units outstanding")
        self.holdings[holder, security] += units
        self.outstanding[security] += units
        self.issued[security] += units

    def retire(self, security: int, holder: int, units: int) -> None:
        """Takes units out of a holder's hands and out of the world. Raises: BadTransfer, InsufficientShares."""
        units = self._checked(security, holder, units)
        self._deliverable(security, holder, units)
        self.holdings[holder, security] -= units
        self.outstanding[security] -= units
        self.retired[security] += units

    def transfer(self, security: int, seller: int, buyer: int, units: int) -> None:
        """Moves units from seller to buyer. Raises: BadTransfer, InsufficientShares."""
        units = self._checked(security, seller, units)
        self._checked(security, buyer, units)
        if seller == buyer:
            self._refuse(security, (seller, buyer), "two different accounts")
        self._deliverable(security, seller, units)
        self.holdings[seller, security] -= units
        self.holdings[buyer, security] += units

    def transfer_many(self, giver: int, taker: int, securities: IntArray, units: IntArray) -> None:
        """Moves units (int64 >= 0) of each security (int64) from giver to taker, all or nothing.

        Raises: BadTransfer for unknown securities, negative units or one account only, InsufficientShares.
        """
        if giver == taker or not len(securities) == len(units):
            raise BadTransfer(security="registers", came=(giver, taker, len(units)), allowed="two accounts, one length")
        self.ensure_account(max(giver, taker))
        self.ensure_account(min(giver, taker))
        at = _hand_over(self.holdings, giver, taker, securities, units)
        if at >= 0:
            self._short(int(securities[at]), giver, int(units[at]))
        if at != _MOVED:
            security = int(securities[-2 - at])
            self._known(security)
            self._refuse(security, int(units[-2 - at]), "a whole number of units from 0 to 2**53 - 1")

    def attach_subledger(self, security: int, account: int, total: Callable[[], int]) -> None:
        """Declares that the owners behind an omnibus account hold `total()` units in all; audited every day."""
        self._known(security)
        self.ensure_account(account)
        self.subledgers[security, account] = total

    def _known(self, security: int) -> None:
        if not 0 <= security < len(self.names):
            raise BadTransfer(security=security, came=security, allowed=f"a security of 0 to {len(self.names) - 1}")

    def _checked(self, security: int, account: int, units: int) -> int:
        self._known(security)
        self.ensure_account(account)
        if isinstance(units, bool) or int(units) != units or not 0 < units < UNITS_LIMIT:
            self._refuse(security, units, "a positive whole number of units below 2**53")
        return int(units)

    def _deliverable(self, security: int, account: int, units: int) -> None:
        if units > self.holdings[account, security]:
            self._short(security, account, units)

    def _refuse(self, security: int, came: object, allowed: str) -> NoReturn:
        raise BadTransfer(security=self.names[security], came=came, allowed=allowed)

    def _short(self, security: int, account: int, units: int) -> NoReturn:
        held = self.held(account, security)
        raise InsufficientShares(security=self.names[security], account=account, units=units, held=held)


@njit(cache=True)
def units_held(holdings, accounts, securities):  # type: ignore[no-untyped-def]
    """Units that each account (int64[I]) holds of each security (int64[F]), int64[I, F]."""
    out = np.empty((accounts.size, securities.size), np.int64)
    for i in range(accounts.size):
        for f in range(securities.size):
            out[i, f] = holdings[accounts[i], securities[f]]
    return out
