"""Every payment with the origin of its cents: the one table that is filled column by column, from the day's entries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...ledger.causes import Cause, OriginClass
from ...ledger.journal import CAUSE, CENTS, CONTRACT, LAP_STEP, PAYEE, PAYER
from ...model import CarouselModel
from ..columns import Column, ColumnData, ColumnType, table_of_columns
from ..kinds import cause_text

TRACED_CLASSES = tuple(c for c in OriginClass if c is not OriginClass.SUPPLIERS)
"""Classes outside money can come from; suppliers and staff only receive."""
SECURITY_CAUSES = (Cause.TRADE_PAY, Cause.TRADE_RECEIVE, Cause.ETF_CASH)
"""Entries whose contract number is the number of a security: market/ writes them."""
CAUSE_NAMES = {int(cause): cause_text(cause) for cause in Cause}


class Payments:
    """A closed day's entries as the columns of the journal, under the run's tracing rule."""

    def __init__(self, model: CarouselModel) -> None:
        self.model = model
        self.entries = model.books.last.entries
        self.names = model.books.journal.names
        parts = model.books.last.slices[model.books.headline_rule]
        owners, cents = parts.entries(), parts.cents
        self.recycled_cents = np.zeros(len(self.entries), np.int64)
        np.add.at(self.recycled_cents, owners, np.where(parts.laps() > 0, cents, 0))
        width = len(TRACED_CLASSES) + 1
        by_class = np.zeros(len(self.entries) * width, np.int64)
        np.add.at(by_class, owners * width + self._places(parts.n_origins)[parts.origins()], cents)
        self.cents_by_class = by_class.reshape(-1, width)
        """int64 (entries, traced classes + 1); the last column is what came from no traced class."""

    def parties(self, side: int) -> list[str]:
        """Names of one side of every entry."""
        return [self.names[account] for account in self.entries[:, side].tolist()]

    def contracts(self) -> list[str]:
        """Name of each entry's contract; a trade's is the security that changed hands."""
        securities, contract_name = self.model.books.registers.names, self.model.contracts.name_of
        return [
            "" if number < 0 else securities[number] if cause in SECURITY_CAUSES else contract_name(number)
            for cause, number in self.entries[:, [CAUSE, CONTRACT]].tolist()
        ]

    def _places(self, origins: int) -> np.ndarray:
        """Origin -> its class's place among the traced classes, int64."""
        journal = self.model.books.journal
        return np.array([PLACE[journal.origin_class(account)] for account in journal.origin_accounts[:origins]])


PLACE = {c: TRACED_CLASSES.index(c) if c in TRACED_CLASSES else len(TRACED_CLASSES) for c in OriginClass}


def origin_column(origin_class: OriginClass) -> str:
    """Name of the journal column that holds the cents of one origin class."""
    return f"from_{str(origin_class).lower().replace('-', '_').replace(' ', '_')}_cents"


def _text(name: str, meaning: str, fill: Callable[[Payments], ColumnData]) -> Column:
    return Column(name, ColumnType.TEXT, "-", meaning, fill)


def _integer(name: str, unit: str, meaning: str, fill: Callable[[Payments], ColumnData]) -> Column:
    return Column(name, ColumnType.INTEGER, unit, meaning, fill)


def _from_class(place: int, origin_class: OriginClass) -> Column:
    """The column of one origin class."""
    name, meaning = origin_column(origin_class), f"part that came from: {origin_class}"
    return _integer(name, "US cents", meaning, lambda paid: paid.cents_by_class[:, place])


def payments(model: CarouselModel) -> Payments | None:
    """Today's payments; None on a day without any."""
    return Payments(model) if len(model.books.last.entries) else None


JOURNAL = table_of_columns(
    "journal",
    (
        _text("cause", "why the cash moved", lambda paid: [CAUSE_NAMES[c] for c in paid.entries[:, CAUSE].tolist()]),
        _text("payer", "account paid from", lambda paid: paid.parties(PAYER)),
        _text("payee", "account paid to", lambda paid: paid.parties(PAYEE)),
        _text("contract", "contract it was paid under; for a trade, the security", Payments.contracts),
        _integer("cents", "US cents", "amount", lambda paid: paid.entries[:, CENTS]),
        _integer("lap_step", "laps", "1 when the payment closes a circle", lambda paid: paid.entries[:, LAP_STEP]),
        _integer(
            "recycled_cents",
            "US cents",
            "part of the amount that has been round the circle at least once, after this payment",
            lambda paid: paid.recycled_cents,
        ),
        *(_from_class(place, origin_class) for place, origin_class in enumerate(TRACED_CLASSES)),
    ),
    "every cash payment, with its origin under the run's tracing rule",
)
