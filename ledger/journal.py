"""The double-entry journal: the only place where cash moves, one payer, one payee and one cause at a time.

Accounts inside the model never go negative. Accounts of the outside world are labelled sources and sinks: they pay
without limit and their negative balance is what they have put in, net. All balances sum to zero at every moment.
"""

from __future__ import annotations

import operator
import struct
from typing import NoReturn, SupportsIndex

import numpy as np

from .causes import Cause, OriginClass
from .journal_kernels import day_totals
from .units import CENTS_LIMIT

IntArray = np.ndarray

DAY, PAYER, PAYEE, CENTS, CAUSE, CONTRACT, LAP_STEP = range(7)
"""Columns of an entry."""
WIDTH = 7
_ROW = struct.Struct("=7q")
_ROW_BYTES = _ROW.size
_pack = _ROW.pack_into


class JournalError(Exception):
    """A payment the journal refused; nothing was written."""


class InsufficientFunds(JournalError):
    """An account was asked to pay more than it holds."""

    def __init__(self, *, day: int, account: str, cents: int, balance_cents: int, cause: Cause) -> None:
        self.day = day
        self.account = account
        self.cents = cents
        self.balance_cents = balance_cents
        self.cause = cause
        super().__init__(
            f"day {day}: {account} was to pay {cents} cents ({cause.name}), allowed: its {balance_cents} cents"
        )


class BadEntry(JournalError):
    """A payment that is none: no such account, to oneself, not a positive whole number of cents, or on a closed day."""

    def __init__(self, *, day: int, came: object, allowed: str) -> None:
        self.day = day
        self.came = came
        self.allowed = allowed
        super().__init__(f"day {day}: came {came!r}, allowed: {allowed}")


class Journal:
    """Accounts, their balances and the entries of the open day.

    `balances` (int64 cents) and `origin_of` (int64: number of the origin of an outside account, -1 inside) are at
    least `n_accounts` long and are re-allocated when accounts are opened: read the attribute anew. `buffer[:count]`
    (int64, one row per entry) holds the open day; it grows beyond `room` entries, which is 0 on a closed day.
    `opening_cents`, `inflow_cents` and `outflow_cents` are what the outside world paid in at the start, paid in since,
    and took out, over all closed days.
    """

    def __init__(self, day: int = 0) -> None:
        self.day = day
        self.n_accounts = 0
        self.names: list[str] = []
        self.balances: IntArray = np.zeros(64, np.int64)
        self.origin_of: IntArray = np.full(64, -1, np.int64)
        self.buffer: IntArray = np.zeros((256, WIDTH), np.int64)
        self.count = 0
        self.open = True
        self.opening_cents = 0
        self.inflow_cents = 0
        self.outflow_cents = 0
        self.clearing_houses: list[int] = []
        self._account_of: dict[str, int] = {}
        self._origins: list[int] = []
        self._classes: list[OriginClass] = []
        self._view_arrays()

    # --- accounts -----------------------------------------------------------------------------------------------------

    def open_inside(self, name: str) -> int:
        """Opens an account of the model's world with nothing in it; returns its number. Raises: BadEntry on a known
        name.
        """
        return self._open_account(name)

    def open_outside(self, name: str, origin_class: OriginClass) -> int:
        """Opens a source and sink of the outside world; returns its number. Raises: BadEntry on a known name."""
        account = self._open_account(name)
        self.origin_of[account] = len(self._origins)
        self._origins.append(account)
        self._classes.append(OriginClass(origin_class))
        return account

    def _open_account(self, name: str) -> int:
        if name in self._account_of:
            raise BadEntry(day=self.day, came=name, allowed="a name no other account has")
        account = self.n_accounts
        if account == len(self.balances):
            self.balances = np.concatenate([self.balances, np.zeros(account, np.int64)])
            self.origin_of = np.concatenate([self.origin_of, np.full(account, -1, np.int64)])
            self._view_arrays()
        self.names.append(name)
        self._account_of[name] = account
        self.n_accounts = account + 1
        return account

    def _view_arrays(self) -> None:
        # Python reads and writes single cents through a view three times faster than through the array itself.
        self._cells = memoryview(self.balances.data)
        self._bytes = memoryview(self.buffer.data).cast("B")
        self.room = len(self.buffer)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name not in ("_cells", "_bytes")}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._view_arrays()

    def account(self, name: str) -> int:
        """The number of a named account. Raises: KeyError."""
        return self._account_of[name]

    def is_outside(self, account: int) -> bool:
        """Whether an account belongs to the outside world."""
        return bool(self.origin_of[account] >= 0)

    @property
    def origin_accounts(self) -> list[int]:
        """All outside accounts in the order of opening: the position is the number of the origin."""
        return list(self._origins)

    @property
    def packed_accounts(self) -> tuple[IntArray, IntArray, int]:
        """Balances, origins and the number of accounts: what the kernels take, anew for every call."""
        return self.balances, self.origin_of, self.n_accounts

    @property
    def n_origins(self) -> int:
        """How many outside accounts there are."""
        return len(self._origins)

    def origin_class(self, account: int) -> OriginClass:
        """The class of outside money of an outside account. Raises: BadEntry for an inside account."""
        if not 0 <= account < self.n_accounts or self.origin_of[account] < 0:
            raise BadEntry(day=self.day, came=account, allowed="an outside account")
        return self._classes[int(self.origin_of[account])]

    def balance(self, account: int) -> int:
        """Cents on an account, as a plain integer."""
        return self._cells[account]

    def declare_clearing_house(self, account: int) -> None:
        """Says that whatever an account takes in it pays out on the same day; audited every day."""
        self._known(account)
        self.clearing_houses.append(account)

    # --- the day ------------------------------------------------------------------------------------------------------

    def start_day(self, day: int) -> None:
        """Dates the entries to come. Raises: BadEntry if the last day's entries were not closed or the day is not
        later.
        """
        if self.count:
            raise BadEntry(day=self.day, came=day, allowed="a new day only after close_day()")
        if day < self.day or (day == self.day and not self.open):
            raise BadEntry(day=self.day, came=day, allowed=f"a day after {self.day}")
        self.day = int(day)
        self.open = True
        self.room = len(self.buffer)

    def close_day(self) -> IntArray:
        """The day's entries (int64[n, WIDTH], a copy); the buffer is then empty and closed until `start_day`."""
        entries = self.buffer[: self.count].copy()
        opening, inflow, outflow = day_totals(entries, self.origin_of)
        self.opening_cents += opening
        self.inflow_cents += inflow
        self.outflow_cents += outflow
        self.count = 0
        self._shut()
        return entries

    def _shut(self) -> None:
        """No payment fits until the next `start_day`."""
        self.open = False
        self.room = 0

    def filled_to(self, rows: int) -> None:
        """Compiled settlement has written entries into the page: so many stand there now."""
        self.count = rows

    def make_room(self, rows: int) -> None:
        """Lets that many more entries fit into the buffer. Raises: BadEntry on a closed day."""
        if self.count + rows > self.room:
            self._grow(rows)

    def _grow(self, rows: int) -> None:
        if not self.open:
            raise BadEntry(day=self.day, came="a payment on a closed day", allowed="payments after start_day()")
        while len(self.buffer) < self.count + rows:
            self.buffer = np.concatenate([self.buffer, np.zeros_like(self.buffer)])
        self._view_arrays()

    # --- payments -----------------------------------------------------------------------------------------------------

    def post(self, payer: int, payee: int, cents: int, cause: Cause, contract: int = -1, lap_step: int = 0) -> None:
        """Moves cents from payer to payee for a cause.

        `contract` is the number of the contract paid under, -1 for none; `lap_step` is 1 where a supplier hands
        money back upstream (a milestone investment), else 0.

        Raises: InsufficientFunds, BadEntry; nothing is written then.
        """
        cells, accounts = self._cells, self.n_accounts
        if (
            type(cents) is not int
            or type(cause) is not Cause
            or type(contract) is not int
            or type(lap_step) is not int
            or not 0 < cents < CENTS_LIMIT
            or payer == payee
            or not 0 <= payer < accounts
            or not 0 <= payee < accounts
            or not 0 <= lap_step < 256
        ):
            cents, contract, lap_step = self._whole_numbers(payer, payee, cents, cause, contract, lap_step)
        try:
            left = cells[payer] - cents
            if cells[payee] + cents >= CENTS_LIMIT:
                self._refuse((payer, payee, cents), "balances below 2**53 cents")
        except TypeError:
            self._refuse((payer, payee), "whole numbers of accounts")
        row = self.count
        if row >= self.room:
            self._grow(1)
        if left < 0:
            if self.origin_of[payer] < 0:
                self._short(payer, cents, cause)
            elif left <= -CENTS_LIMIT:
                self._refuse((payer, payee, cents), "balances above -2**53 cents")
        _pack(self._bytes, row * _ROW_BYTES, self.day, payer, payee, cents, cause, contract, lap_step)
        self.count = row + 1
        cells[payer] = left
        cells[payee] += cents

    # --- refusals -----------------------------------------------------------------------------------------------------

    def _whole_numbers(
        self,
        payer: int,
        payee: int,
        cents: SupportsIndex,
        cause: Cause,
        contract: SupportsIndex,
        lap_step: SupportsIndex,
    ) -> tuple[int, int, int]:
        """Accepts NumPy's whole numbers as well; names what is wrong with anything else."""
        came = (payer, payee, cents, cause, contract, lap_step)
        if type(cause) is not Cause:
            self._refuse(came, "a Cause")
        try:
            operator.index(payer), operator.index(payee)
            whole_cents, whole_contract, whole_step = (operator.index(each) for each in (cents, contract, lap_step))
        except TypeError:
            self._refuse(came, "whole numbers")
        if isinstance(cents, bool) or not 0 < whole_cents < CENTS_LIMIT:
            self._refuse(came, "more than 0 and less than 2**53 cents")
        if payer == payee or not 0 <= payer < self.n_accounts or not 0 <= payee < self.n_accounts:
            self._refuse(came, f"two different accounts of 0 to {self.n_accounts - 1}")
        if not 0 <= whole_step < 256:
            self._refuse(came, "a lap step of 0 to 255")
        return whole_cents, whole_contract, whole_step

    def _known(self, account: int) -> None:
        if not 0 <= account < self.n_accounts:
            self._refuse(account, f"an account of 0 to {self.n_accounts - 1}")

    def _refuse(self, came: object, allowed: str) -> NoReturn:
        raise BadEntry(day=self.day, came=came, allowed=allowed)

    def _short(self, payer: int, cents: int, cause: Cause) -> NoReturn:
        raise InsufficientFunds(
            day=self.day, account=self.names[payer], cents=cents, balance_cents=self.balance(payer), cause=cause
        )
