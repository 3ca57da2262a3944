"""What was promised and lent: the standing of every promise, vendor loan and guarantee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, NamedTuple

from ...agents.credit_standing import own_spread, stress_of
from ...contracts.base import Status
from ...model import CarouselModel
from ...timeline.lend import spread_of
from ..columns import Cents, Megawatts, Text
from ..kinds import LendingKind, PromiseKind
from ..table import Rhythm, table_of_rows


class CommitmentRow(NamedTuple):
    """One row per promise, monthly and on the last day."""

    commitment: Annotated[Text, "name of the promise"]
    kind: Annotated[PromiseKind, "-", "what it promises"]
    payer: Annotated[Text, "who promised to pay"]
    payee: Annotated[Text, "who is to be paid"]
    status: Annotated[Status, "-", "where it stands in its life; when a line is cancelled what was drawn stays due"]
    log_odds: Annotated[float, "log-odds", "public belief that it is honoured"]
    credibility: Annotated[float, "probability", "the same as a probability"]
    announced_cents: Annotated[Cents, "amount announced"]
    committed_cents: Annotated[Cents, "amount made binding"]
    paid_cents: Annotated[Cents, "amount paid"]
    contracted_mw: Annotated[Megawatts, "capacity promised"]
    delivered_mw: Annotated[Megawatts, "capacity in service under it"]


class LoanRow(NamedTuple):
    """Vendor loans and guarantees, monthly and on the last day."""

    loan: Annotated[Text, "name of the loan or guarantee"]
    kind: Annotated[LendingKind, "-", "loan or guarantee"]
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


def commitments(model: CarouselModel) -> Iterator[CommitmentRow]:
    """Every promise, alive or not, in the order of their numbers."""
    for contract in model.contracts.promises:
        row = contract.row()
        kind, status = PromiseKind(contract.label), Status(row[0])
        yield CommitmentRow(contract.name, kind, contract.payer, contract.payee, status, *row[1:])


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
COMMITMENTS = table_of_rows("commitments", CommitmentRow, commitments, parties=PROMISED, rhythm=Rhythm.MONTHLY)
COMMITMENTS_DAILY = replace(
    COMMITMENTS,
    name="commitments_daily",
    meaning="one row per promise and day",
    rhythm=Rhythm.DAILY,
    is_digested=False,
)
LOANS = table_of_rows("loans", LoanRow, loans, parties=LENT, rhythm=Rhythm.MONTHLY, is_optional=True)
LOANS_DAILY = replace(
    LOANS, name="loans_daily", meaning="vendor loans and guarantees, every day", rhythm=Rhythm.DAILY, is_digested=False
)
