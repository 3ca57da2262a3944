"""The registers of securities: who holds how many whole shares, fund shares or bonds, and how many exist.

The number outstanding changes only by issue and retirement, both kept cumulatively, so that the audit can compare what
exists with what was issued and with what is held. Units change hands by a movement, which is noted, or in an auction,
where the journal's entries say what was paid for them; so the audit can follow every unit.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn

import numpy as np

from .register_kernels import MOVED, UNITS_LIMIT, hand_over, note_movements
from .register_kernels import units_held as units_held

IntArray = np.ndarray
SECURITY, GIVER, TAKER, UNITS = range(4)
"""Columns of a movement; units that are created have no giver, units taken out of the world no taker."""
WIDTH = 4
NOBODY = -1
_ROW = struct.Struct("=4q")
_pack: Callable[..., None] = _ROW.pack_into
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


class Registers:
    """Holdings of every account in every security.

    `holdings` is int64[accounts, securities], `outstanding`, `issued` and `retired` are int64[securities]. They are
    re-allocated when securities or accounts are added: read the attribute anew. Accounts are the journal's numbers.

    `buffer[:count]` (int64, one row per movement) are the open day's movements. `replayed`, shaped as `holdings`, is a
    second register that knows the closed days' movements and paid trades and nothing else.
    """

    def __init__(self, n_accounts: int = 0) -> None:
        self.names: list[str] = []
        self.kinds: list[SecurityKind] = []
        self.holdings: IntArray = np.zeros((max(n_accounts, 1), 0), np.int64)
        self.outstanding: IntArray = np.zeros(0, np.int64)
        self.issued: IntArray = np.zeros(0, np.int64)
        self.retired: IntArray = np.zeros(0, np.int64)
        self.replayed: IntArray = self.holdings.copy()
        self.buffer: IntArray = np.zeros((64, WIDTH), np.int64)
        self.count = 0

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
        self.holdings, self.replayed = (
            np.ascontiguousarray(np.hstack([held, np.zeros((len(held), 1), np.int64)]))
            for held in (self.holdings, self.replayed)
        )
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
            more = max(2 * rows, account + 1) - rows
            self.holdings, self.replayed = (
                np.pad(held, ((0, more), (0, 0))) for held in (self.holdings, self.replayed)
            )

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
        self._note(security, NOBODY, holder, units)

    def retire(self, security: int, holder: int, units: int) -> None:
        """Takes units out of a holder's hands and out of the world. Raises: BadTransfer, InsufficientShares."""
        units = self._checked(security, holder, units)
        self._deliverable(security, holder, units)
        self.holdings[holder, security] -= units
        self.outstanding[security] -= units
        self.retired[security] += units
        self._note(security, holder, NOBODY, units)

    def transfer(self, security: int, seller: int, buyer: int, units: int) -> None:
        """Moves units from seller to buyer. Raises: BadTransfer, InsufficientShares."""
        units = self._checked(security, seller, units)
        self._checked(security, buyer, units)
        if seller == buyer:
            self._refuse(security, (seller, buyer), "two different accounts")
        self._deliverable(security, seller, units)
        self.holdings[seller, security] -= units
        self.holdings[buyer, security] += units
        self._note(security, seller, buyer, units)

    def transfer_many(self, giver: int, taker: int, securities: IntArray, units: IntArray) -> None:
        """Moves units (int64 >= 0) of each security (int64) from giver to taker, all or nothing.

        Raises: BadTransfer for unknown securities, negative units or one account only, InsufficientShares.
        """
        if giver == taker or not len(securities) == len(units):
            raise BadTransfer(security="registers", came=(giver, taker, len(units)), allowed="two accounts, one length")
        self.ensure_account(max(giver, taker))
        self.ensure_account(min(giver, taker))
        at = hand_over(self.holdings, giver, taker, securities, units)
        if at >= 0:
            self._short(int(securities[at]), giver, int(units[at]))
        if at != MOVED:
            security = int(securities[-2 - at])
            self._known(security)
            self._refuse(security, int(units[-2 - at]), "a whole number of units from 0 to 2**53 - 1")
        self._make_room(len(units))
        self.count = note_movements(self.buffer, self.count, giver, taker, securities, units)

    @property
    def movements(self) -> IntArray:
        """Movements since the last day was closed, int64[n, 4], in order."""
        return self.buffer[: self.count]

    @property
    def packed_arrays(self) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """Holdings, the second register, outstanding, issued and retired: what the audit compares."""
        return self.holdings, self.replayed, self.outstanding, self.issued, self.retired

    def close_day(self) -> None:
        """Forget the movements of a day that has been audited."""
        self.count = 0

    def _note(self, security: int, giver: int, taker: int, units: int) -> None:
        self._make_room(1)
        _pack(self.buffer, self.count * _ROW.size, security, giver, taker, units)
        self.count += 1

    def _make_room(self, movements: int) -> None:
        while len(self.buffer) < self.count + movements:
            self.buffer = np.concatenate([self.buffer, np.zeros_like(self.buffer)])

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
