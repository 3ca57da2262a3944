"""Every payment, with the origin of its cents under all tracing rules."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...ledger.causes import Cause, OriginClass
from ...ledger.day_entries import DayEntries
from ...ledger.journal import CAUSE, CENTS, CONTRACT, LAP_STEP, PAYEE, PAYER, WIDTH
from ...ledger.origins import TracingRule
from ...ledger.slices import LAP_BITS, LAPS_MAX, Slices
from ...model import CarouselModel
from ..columns import Column, Texts, cents, integer, party, small, text
from ..days import Days
from ..kinds import cause_text
from ..table import table_of_columns

TRACED_CLASSES = tuple(c for c in OriginClass if c is not OriginClass.SUPPLIERS)
"""Classes outside money can come from; suppliers and staff only receive."""
SECURITY_CAUSES = (Cause.TRADE_PAY, Cause.TRADE_RECEIVE, Cause.ETF_CASH)
"""Entries whose contract number is the number of a security: market/ writes them."""
CAUSE_NAMES = [cause_text(Cause(n)) if n in set(Cause) else "" for n in range(1 + max(Cause))]
"""Text of each cause by its number."""


def payments(model: CarouselModel) -> DayEntries:
    """The day that has been closed: its entries, which nobody writes any more, and their slices without spare room."""
    day = model.books.last
    slices = {
        rule: Slices(s.ends, s.parts[:, : s.ends.item(-1)].copy(), s.n_origins) if len(s.ends) else s
        for rule, s in day.slices.items()
    }
    return DayEntries(day.day, day.entries, slices)


def within(counts: np.ndarray) -> np.ndarray:
    """0, 1, ... anew for each of some groups of so many rows, int64[rows]."""
    ends = np.cumsum(counts)
    numbers: np.ndarray = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
    return numbers


class Parts:
    """Parts of the entries of some days by one origin and lap, under one rule or several: slices one behind the other.

    `entry` int64[parts] is the number of the entry on its day, `groups` int64[slices] how many parts each slices have.
    """

    def __init__(self, slices: list[Slices]) -> None:
        entries = np.array([len(s.ends) for s in slices], np.int64)
        ends = np.concatenate([s.ends for s in slices]) if slices else np.zeros(0, np.int64)
        of_entry = np.diff(ends, prepend=0)
        starts = np.cumsum(entries) - entries
        starts = starts[entries > 0]
        of_entry[starts] = ends[starts]
        self.of_entry = of_entry
        """Parts of each entry, int64[entries]."""
        self.entry = np.repeat(within(entries), of_entry)
        self.groups = np.array([s.ends[-1] if len(s.ends) else 0 for s in slices], np.int64)
        self.cells, self.cents = np.concatenate([s.parts for s in slices] or [np.zeros((2, 0), np.int64)], axis=1)


class Payments:
    """Some days' entries as the columns of the journal, under the run's tracing rule."""

    def __init__(self, days: Days) -> None:
        self.model, looks = days.model, days.of(payments)
        self._looks = looks
        self.counts = np.array([len(look.entries) for look in looks], np.int64)
        self.entries = np.concatenate([look.entries for look in looks] or [np.zeros((0, WIDTH), np.int64)])

    @cached_property
    def _parts(self) -> Parts:
        rule = self.model.books.headline_rule
        return Parts([look.slices[rule] for look in self._looks if len(look.entries)])

    @cached_property
    def _owners(self) -> np.ndarray:
        """Row of the entry each part belongs to."""
        return np.repeat(np.arange(len(self.entries)), self._parts.of_entry)

    def recycled_cents(self) -> np.ndarray:
        """Part of each entry that has been round."""
        parts, recycled = self._parts, np.zeros(len(self.entries), np.int64)
        np.add.at(recycled, self._owners, np.where(parts.cells & LAPS_MAX, parts.cents, 0))
        return recycled

    @cached_property
    def cents_by_class(self) -> np.ndarray:
        """int64 (entries, traced classes + 1); the last column is what came from no traced class."""
        journal, width = self.model.books.journal, len(TRACED_CLASSES) + 1
        places = np.array([PLACE[journal.origin_class(account)] for account in journal.origin_accounts])
        by_class = np.zeros(len(self.entries) * width, np.int64)
        np.add.at(by_class, self._owners * width + places[self._parts.cells >> LAP_BITS], self._parts.cents)
        return by_class.reshape(-1, width)

    def parties(self, side: int) -> Texts:
        """Names of one side of every entry."""
        return Texts(self.entries[:, side], self.model.books.journal.names)

    def causes(self) -> Texts:
        """Why each moved."""
        return Texts(self.entries[:, CAUSE], CAUSE_NAMES)

    def contracts(self) -> Texts:
        """Name of each entry's contract; a trade's is the security that changed hands."""
        contracts, number = self.model.contracts, self.entries[:, CONTRACT]
        n = len(contracts.promises)
        is_trade = np.isin(self.entries[:, CAUSE], SECURITY_CAUSES)
        codes = np.where(number < 0, 0, number + np.where(is_trade, 1 + n, 1))
        return Texts(codes, ["", *map(contracts.name_of, range(n)), *self.model.books.registers.names])


PLACE = {c: TRACED_CLASSES.index(c) if c in TRACED_CLASSES else len(TRACED_CLASSES) for c in OriginClass}


def origin_column(origin_class: OriginClass) -> str:
    """Name of the journal column that holds the cents of one origin class."""
    return f"from_{str(origin_class).lower().replace('-', '_').replace(' ', '_')}_cents"


def _from_class(place: int, origin_class: OriginClass) -> Column:
    """The column of one origin class."""
    name, meaning = origin_column(origin_class), f"part that came from: {origin_class}"
    return cents(name, meaning, lambda paid: paid.cents_by_class[:, place])


JOURNAL = table_of_columns(
    "journal",
    (
        text("cause", "why the cash moved", Payments.causes, values=tuple(name for name in CAUSE_NAMES if name)),
        party("payer", "account paid from", lambda paid: paid.parties(PAYER)),
        party("payee", "account paid to", lambda paid: paid.parties(PAYEE)),
        text("contract", "contract it was paid under; for a trade, the security", Payments.contracts),
        cents("cents", "amount", lambda paid: paid.entries[:, CENTS]),
        integer("lap_step", "laps", "1 when the payment closes a circle", lambda paid: paid.entries[:, LAP_STEP]),
        cents(
            "recycled_cents",
            "part of the amount that has been round the circle at least once, after this payment",
            Payments.recycled_cents,
        ),
        *(_from_class(place, origin_class) for place, origin_class in enumerate(TRACED_CLASSES)),
        small("entry", "-", "number of the payment on its day, from 0", lambda p: within(p.counts), is_digested=False),
    ),
    "every cash payment, with its origin under the run's tracing rule",
    Payments,
    looks=(payments,),
    is_flow=True,
)


class Split:
    """Some days' entries by origin and lap, under every tracing rule: rule after rule on each day."""

    def __init__(self, days: Days) -> None:
        looks = days.of(payments)
        self.model = days.model
        self.rules = list(days.model.books.tracers)
        self.parts = Parts([look.slices[rule] for look in looks for rule in self.rules if len(look.entries)])
        has_entries = np.array([len(look.entries) > 0 for look in looks], bool)
        self.counts = np.zeros(len(looks), np.int64)
        self.counts[has_entries] = self.parts.groups.reshape(-1, len(self.rules)).sum(axis=1)

    def rule(self) -> Texts:
        """By which rule."""
        slices = len(self.parts.groups)
        return Texts(np.repeat(np.arange(slices) % len(self.rules), self.parts.groups), [r.value for r in self.rules])

    def origin(self) -> Texts:
        """Outside account."""
        journal = self.model.books.journal
        return Texts(self.parts.cells >> LAP_BITS, [journal.names[account] for account in journal.origin_accounts])


PAYMENT_ORIGINS = table_of_columns(
    "payment_origins",
    (
        small("entry", "-", "number of the payment on its day, as in journal", lambda s: s.parts.entry),
        text("rule", "tracing rule", Split.rule, values=tuple(rule.value for rule in TracingRule)),
        text("origin", "outside account the cents first came from", Split.origin),
        small("lap", "laps", f"how often they had been recycled; {LAPS_MAX} means {LAPS_MAX} or more",
               lambda s: s.parts.cells & LAPS_MAX),
        cents("cents", "part of the payment", lambda s: s.parts.cents),
    ),
    "every payment by origin and lap, under all three tracing rules",
    Split,
    looks=(payments,),
    stamp=("day",),
    is_flow=True,
    is_digested=False,
)  # fmt: skip
