"""Every payment, with the origin of its cents under all tracing rules."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...ledger.causes import Cause, OriginClass
from ...ledger.journal import CAUSE, CENTS, CONTRACT, LAP_STEP, PAYEE, PAYER, WIDTH
from ...ledger.origins import TracingRule
from ...ledger.slices import LAPS_MAX
from ...model import CarouselModel
from ..columns import Column, Texts, cents, integer, party, small, text
from ..days import Days, within
from ..kinds import cause_text
from ..table import table_of_columns
from .journal_kernels import add_by_class, fill_split

TRACED_CLASSES = tuple(c for c in OriginClass if c is not OriginClass.SUPPLIERS)
"""Classes outside money can come from; suppliers and staff only receive."""
SECURITY_CAUSES = (Cause.TRADE_PAY, Cause.TRADE_RECEIVE, Cause.ETF_CASH)
"""Entries whose contract number is the number of a security: market/ writes them."""
CAUSE_NAMES = [cause_text(Cause(n)) if n in set(Cause) else "" for n in range(1 + max(Cause))]
"""Text of each cause by its number."""


class Paid(NamedTuple):
    """A day that has been closed: its entries int64[n, 7], which nobody writes any more, and their slices under all
    tracing rules, rule after rule: ends of each, and parts int64[2, parts] of all without spare room."""

    entries: np.ndarray
    ends: list[np.ndarray]
    used: list[int]
    """Parts under each rule."""
    parts: np.ndarray


NOTHING = Paid(np.zeros((0, WIDTH), np.int64), [], [], np.zeros((2, 0), np.int64))


def payments(model: CarouselModel) -> Paid:
    """The day closed last."""
    day = model.books.last
    if not len(day.entries):
        return NOTHING
    ends, used, parts = [], [], []
    for end, part, _ in day.slices.values():
        ends.append(end)
        used.append(count := end.item(-1))
        parts.append(part[:, :count])
    return Paid(day.entries, ends, used, np.concatenate(parts, axis=1))


class Parts:
    """Parts of the entries of some days by one origin and lap: slices one behind the other, rule after rule on each
    day, as `journal_kernels` takes them; `groups` int64[slices] is how many parts each slices have."""

    def __init__(self, days: Days) -> None:
        looks = [look for look in days.of(payments) if look.ends]
        slices = [ends for look in looks for ends in look.ends]
        self.entries = np.array([len(ends) for ends in slices], np.int64)
        self.ends = np.concatenate(slices or [np.zeros(0, np.int64)])
        self.groups = np.array([used for look in looks for used in look.used], np.int64)
        self.cells, self.cents = np.concatenate([look.parts for look in looks] or [NOTHING.parts], axis=1)


class Payments:
    """Some days' entries as the columns of the journal, under the run's tracing rule."""

    def __init__(self, days: Days) -> None:
        self.model, self._days, looks = days.model, days, days.of(payments)
        self.counts = np.array([len(look.entries) for look in looks], np.int64)
        self.entries = np.concatenate([look.entries.T for look in looks] or [np.zeros((WIDTH, 0), np.int64)], axis=1)
        """int64[fields, entries]: by columns."""

    @cached_property
    def _totals(self) -> tuple[np.ndarray, np.ndarray]:
        """Cents of each entry by traced class, int64[traced classes + 1, entries], where the last is what came from no
        traced class; and the part that has been round, int64[entries]."""
        books, parts = self.model.books, self._days.made(Parts)
        rules = list(books.tracers)
        places = np.array([PLACE[books.journal.origin_class(a)] for a in books.journal.origin_accounts], np.int64)
        entries = self.entries.shape[1]
        totals = np.zeros((len(TRACED_CLASSES) + 1, entries), np.int64), np.zeros(entries, np.int64)
        which = rules.index(books.headline_rule), len(rules)
        add_by_class(parts.ends, parts.entries, (parts.cells, parts.cents), places, which, totals)
        return totals

    def recycled_cents(self) -> np.ndarray:
        """Part of each entry that has been round."""
        return self._totals[1]

    def cents_from(self, place: int) -> np.ndarray:
        """Part of each entry that came from a traced class."""
        return self._totals[0][place]

    def parties(self, side: int) -> Texts:
        """Names of one side of every entry."""
        return Texts(self.entries[side], self.model.books.journal.names)

    def causes(self) -> Texts:
        """Why each moved."""
        return Texts(self.entries[CAUSE], CAUSE_NAMES)

    def contracts(self) -> Texts:
        """Name of each entry's contract; a trade's is the security that changed hands."""
        contracts, number = self.model.contracts, self.entries[CONTRACT]
        n = len(contracts.promises)
        is_trade = np.isin(self.entries[CAUSE], SECURITY_CAUSES)
        codes = np.where(number < 0, 0, number + np.where(is_trade, 1 + n, 1))
        return Texts(codes, ["", *map(contracts.name_of, range(n)), *self.model.books.registers.names])


PLACE = {c: TRACED_CLASSES.index(c) if c in TRACED_CLASSES else len(TRACED_CLASSES) for c in OriginClass}


def origin_column(origin_class: OriginClass) -> str:
    """Name of the journal column that holds the cents of one origin class."""
    return f"from_{str(origin_class).lower().replace('-', '_').replace(' ', '_')}_cents"


def _from_class(place: int, origin_class: OriginClass) -> Column:
    """The column of one origin class."""
    name, meaning = origin_column(origin_class), f"part that came from: {origin_class}"
    return cents(name, meaning, lambda paid: paid.cents_from(place))


JOURNAL = table_of_columns(
    "journal",
    (
        text("cause", "why the cash moved", Payments.causes, values=tuple(name for name in CAUSE_NAMES if name)),
        party("payer", "account paid from", lambda paid: paid.parties(PAYER)),
        party("payee", "account paid to", lambda paid: paid.parties(PAYEE)),
        text("contract", "contract it was paid under; for a trade, the security", Payments.contracts),
        cents("cents", "amount", lambda paid: paid.entries[CENTS]),
        integer("lap_step", "laps", "1 when the payment closes a circle", lambda paid: paid.entries[LAP_STEP]),
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
        self.parts = days.made(Parts)
        self.counts = np.array([look.parts.shape[1] for look in looks], np.int64)
        room = len(self.parts.cents)
        self.entry, self._origin, self.lap = columns = tuple(np.empty(room, np.int32) for _ in range(3))
        fill_split(self.parts.ends, self.parts.entries, self.parts.cells, columns)

    def rule(self) -> Texts:
        """By which rule."""
        rules = np.arange(len(self.parts.groups), dtype=np.int32) % len(self.rules)
        return Texts(np.repeat(rules, self.parts.groups), [rule.value for rule in self.rules])

    def origin(self) -> Texts:
        """Outside account."""
        journal = self.model.books.journal
        return Texts(self._origin, [journal.names[account] for account in journal.origin_accounts])


PAYMENT_ORIGINS = table_of_columns(
    "payment_origins",
    (
        small("entry", "-", "number of the payment on its day, as in journal", lambda s: s.entry),
        text("rule", "tracing rule", Split.rule, values=tuple(rule.value for rule in TracingRule)),
        text("origin", "outside account the cents first came from", Split.origin),
        small("lap", "laps", f"how often they had been recycled; {LAPS_MAX} means {LAPS_MAX} or more",
               lambda s: s.lap),
        cents("cents", "part of the payment", lambda s: s.parts.cents),
    ),
    "every payment by origin and lap, under all three tracing rules",
    Split,
    looks=(payments,),
    stamp=("day",),
    is_flow=True,
    is_digested=False,
)  # fmt: skip
