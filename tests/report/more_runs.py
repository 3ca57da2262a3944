"""More small histories written by hand, each a variation that pushes one bound of what the report shows."""

from __future__ import annotations

import pandas as pd
from carousel.history.tables import TRACED_CLASSES
from carousel.report.measures_turn import DECISIVE, DEFAULTS
from carousel.tests.conftest import all_tables, frame
from carousel.tests.report.hand_made_runs import OPERATOR, VENDOR, busy_tables, loan_rows, vendor_tables, words


def empty_tables():
    """Nothing has happened to nobody."""
    return {name: frame(name, []) for name in all_tables()}


def with_cents(tables, cause, times):
    """All payments with that cause so many times as large."""
    journal = tables["journal"].copy()
    journal.loc[journal["cause"] == cause, "cents"] *= times
    return tables | {"journal": journal}


def thin_tables():
    """One payment beside which all others are thin."""
    return with_cents(busy_tables(), "bond_issue", 10_000)


def generous_tables():
    """What comes back is by far the widest band: it bends at the edge of the drawing."""
    return with_cents(busy_tables(), "milestone", 50)


def lending_tables():
    """The same of loans that a vendor gives its customers."""
    return with_cents(vendor_tables(), "vendor_loan", 50)


def crowded_tables():
    """Every kind of firm has four outside sources and four uses, more than fit at their full distance."""
    tables = busy_tables()
    firms, zeros = ("OpenAI", "Oracle", "NVIDIA"), [0] * len(TRACED_CLASSES)
    uses = ("construction", "operation", "revenue_share", "coupon")
    sources = ("revenue_ai", "round", "bond_issue", "vendor_loan")
    paid = [(6, cause, name, "Somebody", "", 90 + 40 * n, 0, 0) for name in firms for n, cause in enumerate(uses)]
    paid += [(6, cause, "Somebody", name, "", 80 + 30 * n, 0, 0) for name in firms for n, cause in enumerate(sources)]
    return tables | {"journal": pd.concat([tables["journal"], frame("journal", [(*row, *zeros) for row in paid])])}


def indebted_tables():
    """Ten lines promised and none drawn, nothing sold, and a customer whose name is just too long for its box."""
    tables = vendor_tables()
    found = {name: table.replace(OPERATOR, OPERATOR + "s") if len(table) else table for name, table in tables.items()}
    promised = [
        (63, words(30 + n), "vendor_loan", VENDOR, OPERATOR, "delivering", 0.0, 0.05 * n, 10_000 + 700 * n, 0, 0, 0, 0)
        for n in range(10)
    ]
    journal = found["journal"]
    return found | {
        "commitments": pd.concat([found["commitments"].iloc[:1], frame("commitments", promised)]),
        "journal": journal[journal["cause"] != "chip_bill"],
        "loans": frame("loans", loan_rows(63, outstanding=0, provisioned=0)),
    }


def unpaid_tables():
    """Twice as many announcements as are listed, and no cent paid under any."""
    tables = busy_tables()
    said = tables["announcements"]
    again = said.assign(number=said["number"] + 100, day=said["day"] + 1)
    return tables | {"announcements": pd.concat([said, again]).assign(paid_cents=0)}


def strained_tables():
    """Every kind of event that can turn a circle but a default, every other one twice."""
    kinds = [kind for kind in DECISIVE if kind not in DEFAULTS]
    events = [
        (20 + n, str(kind), f"firm {n}", "Oracle" if n % 2 else "", 50 * n + again, "in_words")
        for n, kind in enumerate(kinds)
        for again in range(n % 2 + 1)
    ]
    return busy_tables() | {"events": frame("events", events)}


def ruined_tables():
    """More defaults than a table has rows, and what led to them."""
    events = [(22 + n, "default", f"firm {n}", "", 100 * n, "owes") for n in range(16)]
    events += [(21, "bill_late", "OpenAI", "Oracle", 7, "late"), (21, "round_failed", "OpenAI", "", 8, "failed")]
    return busy_tables() | {"events": frame("events", events)}


def unheld_tables():
    """A market whose holders nobody has written down."""
    return busy_tables() | {"positions": frame("positions", [])}


def unpriced_tables():
    """Holders without a market."""
    return busy_tables() | {name: frame(name, []) for name in ("daily", "firms")}


HISTORIES = {
    "small": all_tables, "busy": busy_tables, "vendor": vendor_tables, "thin": thin_tables, "empty": empty_tables,
    "generous": generous_tables, "lending": lending_tables, "crowded": crowded_tables, "indebted": indebted_tables,
    "unpaid": unpaid_tables, "strained": strained_tables, "ruined": ruined_tables, "unheld": unheld_tables,
    "unpriced": unpriced_tables,
}  # fmt: skip
DRAWN = [
    "small", "busy", "vendor", "thin", "empty", "generous", "lending", "crowded", "indebted", "unpaid", "unheld",
    "unpriced",
]  # fmt: skip
"""Histories whose figures are not all those of another."""
