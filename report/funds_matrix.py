"""The flow-of-funds matrix of a quarter: what each class took in and paid out, by heading; everything sums to zero."""

from __future__ import annotations

import pandas as pd

from ..history.kinds import cause_text
from ..history.tables.statements import CHANGE_IN_CASH
from ..ledger.statement_lines import FUNDS

HEADING_OF = {cause_text(cause): heading.value for cause, heading in FUNDS.items()}
MATRIX_ORDER = (*dict.fromkeys(HEADING_OF.values()), CHANGE_IN_CASH)


def flow_matrix(table: pd.DataFrame, quarter: int | None = None) -> pd.DataFrame:
    """Cents taken in less paid by heading (rows) and class of parties (columns) in a quarter; None: in all of them.

    `table` is the history's `flow_of_funds`. Each row sums to zero over the classes, but for the change in cash, which
    is below zero where cash grows and sums to zero as well; each class sums to zero over the rows. Payments to and from
    the clearing house are one heading.
    """
    rows = table if quarter is None else table[table["quarter"] == quarter]
    headings = rows["flow"].map({**HEADING_OF, CHANGE_IN_CASH: CHANGE_IN_CASH})
    cells = rows.assign(flow=headings).groupby(["flow", "group"], sort=False)["cents"].sum()
    matrix = cells.unstack("group", fill_value=0)
    classes = list(dict.fromkeys(rows["group"]))
    return matrix.reindex(index=[name for name in MATRIX_ORDER if name in matrix.index], columns=classes)


def matrix_gaps(table: pd.DataFrame) -> list[tuple[int, str, int]]:
    """Quarter, heading or class, and cents of every sum of the matrices that is not zero. Empty for any run as it was
    written."""
    gaps = []
    for quarter in sorted(set(table["quarter"])):
        matrix = flow_matrix(table, quarter)
        for sums in (matrix.sum(axis=1), matrix.sum(axis=0)):
            gaps += [(int(quarter), str(name), int(cents)) for name, cents in sums.items() if cents]
    return gaps
