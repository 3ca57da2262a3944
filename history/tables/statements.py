"""Statements of every firm and quarter, and the flow of funds between classes of parties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from ...ledger.causes import Cause
from ...ledger.statement_lines import Line, Section
from ...model import CarouselModel
from ..columns import Cents, Text
from ..kinds import cause_text
from ..table import Rhythm, table_of_rows
from .positions import parties

CHANGE_IN_CASH = "change in cash"


class StatementRow(NamedTuple):
    """Income, cash flow and balance sheet of every firm: the quarter's flows, and how it stands at its end. Income
    sums to the change in retained earnings, operating, investing and financing to the change in cash, assets to
    claims; lines of zero are left out."""

    firm: Annotated[Text, "name of the firm"]
    quarter: Annotated[int, "-", "quarter of 63 trading days; 0 is the opening, the last may be shorter"]
    section: Annotated[Section, "-", "part of the statements"]
    line: Annotated[Line, "-", "line"]
    cents: Annotated[Cents, "income, cash in, assets and claims above 0; costs and cash out below"]


class FundsRow(NamedTuple):
    """Flow of funds: what each class of parties took in and paid out in a quarter. Over all classes each flow sums to
    zero, and over all flows, the change in cash among them, each class; lines of zero are left out."""

    group: Annotated[Text, "class of parties, as in positions; whoever stands outside is one of its own"]
    quarter: Annotated[int, "-", "quarter of 63 trading days; 0 is the opening, the last may be shorter"]
    flow: Annotated[Text, "cause of the payments, as in journal; or the change in cash, a use of funds"]
    cents: Annotated[Cents, "taken in less paid; the change in cash below 0 where cash grows"]


def statements(model: CarouselModel) -> Iterator[StatementRow]:
    """The quarter closed last."""
    for line in model.books.statements.lines:
        yield StatementRow(*line)


def flow_of_funds(model: CarouselModel) -> Iterator[FundsRow]:
    """The quarter closed last, by classes in the order of accounts."""
    closed = model.books.statements
    sums: Counter[tuple[str, str]] = Counter()
    funds, changes = closed.funds.tolist(), closed.change_in_cash.tolist()
    causes = [(int(cause), cause_text(cause)) for cause in Cause]
    for group, account in parties(model):
        for cause, text in causes:
            if cents := funds[account][cause]:
                sums[group, text] += cents
        sums[group, CHANGE_IN_CASH] -= changes[account]
    for (group, flow), cents in sums.items():
        if cents:
            yield FundsRow(group, closed.quarter, flow, cents)


STATEMENTS = table_of_rows(
    "statements", StatementRow, statements, parties=("firm",), rhythm=Rhythm.QUARTERLY, is_digested=False
)
FLOW_OF_FUNDS = table_of_rows("flow_of_funds", FundsRow, flow_of_funds, rhythm=Rhythm.QUARTERLY, is_digested=False)
