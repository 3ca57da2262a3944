"""The double-entry journal: the only place where cash moves, one payer, one payee and one cause at a time.

Accounts inside the model never go negative. Accounts of the outside world are labelled sources and sinks: they pay
without limit and their negative balance is what they have put in, net. All balances sum to zero at every moment.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, SupportsIndex

import numpy as np

from .causes import Cause, OriginClass
from .posting import COVERED, OUT_OF_RANGE, SHORT, day_totals, post_from_one, post_to_one
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
    """An account was asked to pay more than it holds and may still borrow."""

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


@dataclass(slots=True)
class CreditLine:
    """How much a borrower may owe a lender, and owes."""

    lender: int
    limit_cents: int
    drawn_cents: int = 0


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
        self.subledgers: dict[int, Callable[[], int]] = {}
        self.credit_lines: dict[int, CreditLine] = {}
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

    def attach_subledger(self, account: int, total: Callable[[], int]) -> None:
        """Declares that the owners behind an omnibus account hold `total()` cents in all; audited every day."""
        self._known(account)
        self.subledgers[account] = total

    # --- credit -------------------------------------------------------------------------------------------------------

    def open_credit_line(self, borrower: int, lender: int, limit_cents: int) -> None:
        """Lets a borrower draw on a lender, by an entry of its own, whenever a payment exceeds its balance.

        Called again for the same borrower and lender it changes the limit. Raises: BadEntry.
        """
        self._known(borrower)
        self._known(lender)
        line = self.credit_lines.get(borrower)
        drawn = 0 if line is None else line.drawn_cents
        if borrower == lender or self.is_outside(borrower) or not drawn <= limit_cents < CENTS_LIMIT:
            raise BadEntry(
                day=self.day, came=(borrower, lender, limit_cents), allowed="inside borrower, limit >= drawn"
            )
        if line is not None and drawn and line.lender != lender:
            raise BadEntry(day=self.day, came=lender, allowed="the same lender while credit is drawn")
        self.credit_lines[borrower] = CreditLine(lender, int(limit_cents), drawn)

    def drawn_cents(self, borrower: int) -> int:
        """What a borrower owes on its credit line."""
        line = self.credit_lines.get(borrower)
        return 0 if line is None else line.drawn_cents

    def available_cents(self, account: int) -> int:
        """What an inside account can pay at most: balance and undrawn credit."""
        line = self.credit_lines.get(account)
        return self.balance(account) + (0 if line is None else line.limit_cents - line.drawn_cents)

    def repay_credit(self, borrower: int, cents: int) -> None:
        """Pays back drawn credit out of the borrower's own balance. Raises: BadEntry, InsufficientFunds."""
        line = self.credit_lines.get(borrower)
        if line is None or not 0 < cents <= line.drawn_cents:
            raise BadEntry(day=self.day, came=cents, allowed=f"1 to the drawn {self.drawn_cents(borrower)} cents")
        if cents > self.balance(borrower):
            self._short(borrower, cents, Cause.CREDIT_REPAY)
        self.post(borrower, line.lender, cents, Cause.CREDIT_REPAY)
        line.drawn_cents -= int(cents)

    def _cover(self, payer: int, cents: int, cause: Cause, contract: int) -> None:
        """Draws the shortfall of a payment on the payer's credit line, or refuses the payment."""
        line = self.credit_lines.get(payer)
        shortfall = cents - self.balance(payer)
        if line is None or shortfall > line.limit_cents - line.drawn_cents:
            self._short(payer, cents, cause)
        self.post(line.lender, payer, shortfall, Cause.CREDIT_DRAW, contract)
        line.drawn_cents += shortfall

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
        if self.count >= self.room:
            self._grow(2)
        if left < 0:
            if self.origin_of[payer] < 0:
                self._cover(payer, cents, cause, contract)
                left = 0
            elif left <= -CENTS_LIMIT:
                self._refuse((payer, payee, cents), "balances above -2**53 cents")
        row = self.count
        if row >= self.room:
            self._grow(1)
        _pack(self._bytes, row * _ROW_BYTES, self.day, payer, payee, cents, cause, contract, lap_step)
        self.count = row + 1
        cells[payer] = left
        cells[payee] += cents

    def post_to(self, payee: int, payers: IntArray, cents: IntArray, cause: Cause, contract: int = -1) -> None:
        """Moves cents from each payer to one payee, all or nothing; zeros are skipped. Arrays are int64.

        Raises: InsufficientFunds, BadEntry; nothing is written then.
        """
        payers, cents = self._batch(payers, cents, payee, cause)
        status, at, count = post_to_one(
            self.balances, self.origin_of, self.n_accounts, self.buffer, self.count, self.day, payee, payers, cents,
            int(cause), contract,
        )  # fmt: skip
        self._finish(status, at, count, payers, cents, np.full_like(payers, payee), cause, contract)

    def post_from(self, payer: int, payees: IntArray, cents: IntArray, cause: Cause, contract: int = -1) -> None:
        """Moves cents from one payer to each payee, all or nothing; zeros are skipped. Arrays are int64.

        Raises: InsufficientFunds, BadEntry; nothing is written then.
        """
        payees, cents = self._batch(payees, cents, payer, cause)
        status, at, count = post_from_one(
            self.balances, self.origin_of, self.n_accounts, self.buffer, self.count, self.day, payer, payees, cents,
            int(cause), contract,
        )  # fmt: skip
        self._finish(status, at, count, np.full_like(payees, payer), cents, payees, cause, contract)

    def _batch(self, others: IntArray, cents: IntArray, account: int, cause: Cause) -> tuple[IntArray, IntArray]:
        others, cents = np.asarray(others), np.asarray(cents)
        whole = others.dtype.kind == cents.dtype.kind == "i" and others.ndim == 1 and others.shape == cents.shape
        if not whole and (others.size or cents.size):
            self._refuse((others.dtype, others.shape, cents.dtype, cents.shape), "two int64 arrays of one length")
        if type(cause) is not Cause:
            self._refuse(cause, "a Cause")
        self._known(account)
        self.make_room(len(others))
        return np.ascontiguousarray(others, np.int64), np.ascontiguousarray(cents, np.int64)

    def _finish(
        self, status: int, at: int, count: int, payers: IntArray, cents: IntArray, payees: IntArray,
        cause: Cause, contract: int,
    ) -> None:  # fmt: skip
        """Keeps a batch that went through; draws on credit lines where that lets it go through; else refuses it."""
        if status == COVERED:
            self.count = count
            return
        if status == OUT_OF_RANGE:
            came = (int(payers[at]), int(payees[at]), int(cents[at]))
            self._refuse(came, "two different known accounts, cents >= 0, balances below 2**53")
        assert status == SHORT
        payer = int(payers[at])
        if not self.credit_lines:
            self._short(payer, int(cents[at]), cause)
        before = self.balances.copy(), self.count, [line.drawn_cents for line in self.credit_lines.values()]
        try:
            for one_payer, one_payee, amount in zip(payers, payees, cents, strict=True):
                if amount:
                    self.post(int(one_payer), int(one_payee), int(amount), cause, contract)
        except JournalError:
            self.balances[:] = before[0]
            self.count = before[1]
            for line, drawn in zip(self.credit_lines.values(), before[2], strict=True):
                line.drawn_cents = drawn
            raise

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
