"""What was promised and lent: the standing of every promise, vendor loan and guarantee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Annotated, NamedTuple

import numpy as np

from ...agents.credit_standing import own_spread, stress_of
from ...contracts.base import Status
from ...contracts.promise import Row
from ...model import CarouselModel
from ...timeline.lend import spread_of
from ..columns import Cents, Column, ColumnData, ColumnType, Megawatts, Text, Texts, columns_of
from ..days import Days, within
from ..kinds import LendingKind, PromiseKind
from ..table import Rhythm, table_of_columns, table_of_rows


class CommitmentRow(NamedTuple):
    """One row per promise."""

    commitment: Annotated[Text, "name of the promise"]
    kind: Annotated[PromiseKind, "-", "what it promises"]
    payer: Annotated[Text, "who promised to pay"]
    payee: Annotated[Text, "who is to be paid"]
    status: Annotated[Status, "-", "where it stands in its life; when a line is cancelled what was drawn stays due"]
    log_odds: Annotated[float, "log-odds", "public belief that it is honoured"]
    credibility: Annotated[float, "probability", "the same as a probability"]
    announced_cents: Annotated[Cents, "amount announced"]
    committed_cents: Annotated[Cents, "amount made binding"]
    paid_cents: Annotated[Cents, "amount paid, in cash or in new shares at their close"]
    contracted_mw: Annotated[Megawatts, "capacity promised"]
    delivered_mw: Annotated[Megawatts, "capacity in service under it"]


class LoanRow(NamedTuple):
    """Vendor loans and guarantees."""

    loan: Annotated[Text, "name of the loan or guarantee"]
    kind: Annotated[LendingKind, "-", "what it is"]
    lender: Annotated[Text, "vendor that lends or guarantees"]
    borrower: Annotated[Text, "customer that draws, or issuer whose bonds are guaranteed"]
    committed_cents: Annotated[Cents, "line that may be drawn in all; limit of a guarantee"]
    drawn_cents: Annotated[Cents, "drawn since the line was opened; called of a guarantee"]
    drawn_ahead_cents: Annotated[Cents, "part drawn ahead of need, for none of the lender's bills"]
    repaid_cents: Annotated[Cents, "principal repaid; paid on a called guarantee"]
    interest_cents: Annotated[Cents, "interest paid since the start"]
    outstanding_cents: Annotated[Cents, "principal owed: drawn - repaid - written off"]
    provisioned_cents: Annotated[Cents, "losses the lender expects and has provided for"]
    lost_cents: Annotated[Cents, "principal written off; paid on a called guarantee"]
    spread_per_year: Annotated[float, "1/year", "the borrower's credit spread by itself"]
    stress: Annotated[float, "share", "part of the borrower's last funding need that no other lender placed"]


def standing(model: CarouselModel) -> list[Row]:
    """Where every promise stands today, alive or not, in the order of their numbers."""
    return [contract.row() for contract in model.contracts.promises]


class Promises:
    """Some days of all promises made so far."""

    def __init__(self, days: Days, taken: np.ndarray) -> None:
        """`taken` bool[days]: which of them."""
        looks = [look if is_taken else () for look, is_taken in zip(days.of(standing), taken.tolist(), strict=True)]
        self.counts = np.array([len(look) for look in looks], np.int64)
        self._number = within(self.counts)
        self._contracts = days.model.contracts.promises
        rows: Iterable[Row] = chain.from_iterable(looks)
        self._looked = dict(zip(Row._fields, zip(*rows, strict=True), strict=False))

    def named(self, name: str) -> Texts:
        """What never changes of a promise: its name, its kind, its parties."""
        texts = [getattr(contract, name) for contract in self._contracts]
        return Texts(self._number, texts)

    def looked(self, column: Column) -> ColumnData:
        """What changes: one field of the rows."""
        values = self._looked[column.name]
        if column.type is ColumnType.TEXT:
            return Texts(np.array([STATUSES.index(status) for status in values]), STATUSES)
        return np.array(values, float if column.type is ColumnType.NUMBER else np.int64)


STATUSES = tuple(Status)
NAMED = {"commitment": "name", "kind": "label", "payer": "payer", "payee": "payee"}
"""Columns that hold what never changes of a promise, and where it stands there."""


def _filled(column: Column) -> Column:
    """A column of promises with what fills it."""
    if column.name in NAMED:
        name = NAMED[column.name]
        return replace(column, fill=lambda promises: promises.named(name), is_party=column.name in PROMISED)
    return replace(column, fill=lambda promises: promises.looked(column))


def loans(model: CarouselModel) -> Iterator[LoanRow]:
    """Every vendor loan, then every guarantee."""
    for loan in model.contracts.lending.loans:
        yield LoanRow(
            loan=loan.name,
            kind=LendingKind.LOAN,
            lender=loan.payer,
            borrower=loan.payee,
            committed_cents=loan.line_cents,
            drawn_cents=loan.drawn_cents,
            drawn_ahead_cents=loan.drawn_ahead_cents,
            repaid_cents=loan.repaid_cents,
            interest_cents=loan.interest_cents,
            outstanding_cents=loan.outstanding_cents,
            provisioned_cents=loan.provision_cents,
            lost_cents=loan.written_off_cents,
            spread_per_year=spread_of(model, loan.payee),
            stress=stress_of(model.cast.firm_by_account.get(loan.borrower)),
        )
    for given in model.contracts.lending.guarantees:
        issuer = model.cast.listed_by_name[given.payee]
        yield LoanRow(
            loan=given.name,
            kind=LendingKind.GUARANTEE,
            lender=given.payer,
            borrower=issuer.name,
            committed_cents=given.limit_cents,
            drawn_cents=given.called_cents,
            drawn_ahead_cents=0,
            repaid_cents=given.answered_cents,
            interest_cents=0,
            outstanding_cents=given.called_cents - given.answered_cents,
            provisioned_cents=given.provision_cents,
            lost_cents=given.answered_cents,
            spread_per_year=own_spread(issuer, model.cast.sight),
            stress=stress_of(issuer),
        )


PROMISED, LENT = ("payer", "payee"), ("lender", "borrower")
COMMITMENTS = table_of_columns(
    "commitments",
    map(_filled, columns_of(CommitmentRow)),
    CommitmentRow.__doc__ or "",
    lambda days: Promises(days, days.are_monthly),
    looks=(standing,),
    rhythm=Rhythm.MONTHLY,
)
COMMITMENTS_DAILY = replace(
    COMMITMENTS,
    name="commitments_daily",
    source=lambda days: Promises(days, np.ones(len(days), bool)),
    meaning="one row per promise",
    rhythm=Rhythm.DAILY,
    is_digested=False,
)
LOANS = table_of_rows("loans", LoanRow, loans, parties=LENT, rhythm=Rhythm.MONTHLY, is_optional=True)
LOANS_DAILY = replace(LOANS, name="loans_daily", rhythm=Rhythm.DAILY, is_digested=False)
