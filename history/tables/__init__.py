"""What a run leaves behind: every table of the history. The recorder, the files, the digest and the documentation read
`TABLES`; a table's columns and what fills them stand together in the file of its group."""

from __future__ import annotations

from ..table import Table
from .announcements import ANNOUNCEMENTS
from .books import BONDS, CASH, ETF, HOLDINGS, REGISTERS
from .contracts import COMMITMENTS, COMMITMENTS_DAILY, LOANS, LOANS_DAILY
from .events import EVENTS
from .firms import FIRMS
from .households import HOLDERS, HOLDERS_CHANGED, HOUSEHOLD_DECILES, HOUSEHOLDS, PANEL
from .investors import FUNDS, INVESTORS
from .journal import JOURNAL, PAYMENT_ORIGINS, TRACED_CLASSES, origin_column
from .market import DAILY, FILLS
from .origins import ORIGINS
from .payers import PAYERS
from .positions import POSITIONS
from .statements import FLOW_OF_FUNDS, STATEMENTS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DAILY,
        FIRMS,
        INVESTORS,
        FUNDS,
        HOUSEHOLDS,
        HOUSEHOLD_DECILES,
        HOLDERS,
        PANEL,
        HOLDERS_CHANGED,
        JOURNAL,
        PAYMENT_ORIGINS,
        FILLS,
        ANNOUNCEMENTS,
        COMMITMENTS,
        COMMITMENTS_DAILY,
        EVENTS,
        ORIGINS,
        POSITIONS,
        PAYERS,
        LOANS,
        LOANS_DAILY,
        CASH,
        HOLDINGS,
        REGISTERS,
        BONDS,
        ETF,
        STATEMENTS,
        FLOW_OF_FUNDS,
    )
}

ANSWERING = tuple(
    table.name for table in TABLES.values() if table.is_digested or table.name in (
        STATEMENTS.name, HOLDINGS.name, REGISTERS.name, BONDS.name, CASH.name,
        COMMITMENTS_DAILY.name, LOANS_DAILY.name,
    )
)  # fmt: skip
"""Tables that the answer reads, by name."""

__all__ = ["ANSWERING", "TABLES", "TRACED_CLASSES", "origin_column"]
