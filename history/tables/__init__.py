"""What a run leaves behind: every table of the history. The recorder, the files, the digest and the documentation read
`TABLES`; a table's columns and what fills them stand together in the file of its group."""

from __future__ import annotations

from ..columns import Table
from .announcements import ANNOUNCEMENTS
from .contracts import COMMITMENTS, LOANS
from .events import EVENTS
from .firms import FIRMS
from .households import HOLDERS, HOLDERS_ALL, HOUSEHOLDS
from .investors import FUNDS, INVESTORS
from .journal import JOURNAL, TRACED_CLASSES, origin_column
from .market import DAILY
from .origins import ORIGINS
from .positions import POSITIONS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        DAILY,
        FIRMS,
        INVESTORS,
        FUNDS,
        HOUSEHOLDS,
        HOLDERS,
        HOLDERS_ALL,
        JOURNAL,
        ANNOUNCEMENTS,
        COMMITMENTS,
        EVENTS,
        ORIGINS,
        POSITIONS,
        LOANS,
    )
}

__all__ = ["TABLES", "TRACED_CLASSES", "origin_column"]
