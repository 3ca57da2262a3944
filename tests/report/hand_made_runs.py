"""Small histories written by hand: a vendor that lends to its customer, and a busy circle with much to draw."""

from __future__ import annotations

import pandas as pd
from carousel.history.tables import TRACED_CLASSES
from carousel.ledger.flows import Flow
from carousel.tests.conftest import all_tables, frame, origins

VENDOR, OPERATOR = "Northlight Systems", "Polar Fibre"


def loan_rows(day, *, outstanding, provisioned):
    line = (VENDOR, OPERATOR, 1_000_00, outstanding, 50_00, 0, 0, outstanding, provisioned, 0, 0.09, 0.0)
    guarantee = (VENDOR, OPERATOR, 300_00, 0, 0, 0, 0, 0, 20_00, 0, 0.09, 0.0)
    return [(day, "a line", "loan", *line), (day, "a guarantee", "guarantee", *guarantee)]


def vendor_tables():
    """A vendor with 250 drawn of a line of 1,000, a guarantee of 300, one provision as bad news, nothing announced."""
    found = all_tables()
    firms = [
        (day, name, kind, 100_00, 1e9, 1e8, 0, 0, 0, 0, 0.0, None, 0, 0.01, 0)
        for day in (0, 21, 42, 63)
        for name, kind in ((OPERATOR, "cloud"), (VENDOR, "chip_maker"))
    ]
    daily = [
        (day, name, "share", 100, 5, 10, value, 100.0, 0.0, 0.0, 0.5, None)
        for day, value in ((0, 9_000_00), (21, 9_500_00), (42, 8_000_00), (63, 7_000_00))
        for name in (OPERATOR, VENDOR)
    ]
    promised = [
        (63, "a plan", "build_plan", OPERATOR, OPERATOR, "delivering", 0.0, 0.5, 900_00, 900_00, 0, 1000, 400),
        (63, "a line", "vendor_loan", VENDOR, OPERATOR, "delivering", 0.0, 0.5, 1_000_00, 1_000_00, 250_00, 0, 0),
        (63, "a guarantee", "guarantee", VENDOR, OPERATOR, "binding", 1.4, 0.8, 300_00, 0, 0, 0, 0),
    ]
    positions = [
        (day, group, party, cash_in, 0, held)
        for day, cash_in, held in ((0, 0, 500_00), (63, 40_00, 350_00))
        for group, party in (("households", "households"), ("chip makers", VENDOR), ("clouds", OPERATOR))
        for held in ((held if group == "households" else 0),)
    ]
    bad = (
        0,
        40,
        VENDOR,
        "",
        "guidance",
        "provides 60 for losses",
        -1,
        60_00,
        0,
        0,
        9_000_00,
        -0.1,
        -0.1,
        -900_00,
        "dollars",
    )
    rows = [
        ("pro-rata", who, flow, "other customers", "other customers", lap, cents)
        for who, flow, lap, cents in (
            (VENDOR, Flow.CHIP_REVENUE, 0, 300_00),
            (OPERATOR, Flow.VENDOR_LOANS, 1, 250_00),
            (OPERATOR, Flow.BUILDING, 0, 400_00),
        )
    ]
    paid = [
        (5, "chip_bill", OPERATOR, VENDOR, "", 300_00, 0, 0),
        (5, "vendor_loan", VENDOR, OPERATOR, "a line", 250_00, 1, 250_00),
    ]
    classes = len(TRACED_CLASSES)
    return found | {
        "firms": frame("firms", firms),
        "daily": frame("daily", daily),
        "commitments": frame("commitments", promised),
        "positions": frame("positions", positions),
        "announcements": frame("announcements", [bad]),
        "events": frame("events", []),
        "origins": origins(rows, day=63),
        "journal": frame("journal", [(*row, *([0] * classes)) for row in paid]),
        "loans": frame(
            "loans",
            [
                *loan_rows(0, outstanding=0, provisioned=0),
                *loan_rows(63, outstanding=250_00, provisioned=60_00),
            ],
        ),
    }


def words(length):
    """A text of that many characters."""
    return ("word " * length)[: length - 1] + "s"


def account(n, sign):
    """Announced, committed and paid; of bad news nothing is bound or paid."""
    return ((n % 5 + 1) * 9_000 * abs(sign), 3_000 * n * (sign >= 0), 400 * n * (sign >= 0))


def gain(steps):
    """Day-0 return, abnormal return and value gained of an announcement."""
    return (0.02 * steps, 0.015 * steps, 200 * steps)


def busy_tables():
    """Two clouds, nine firms that are marked, more promises, sources and uses than any figure shows one by one."""
    found = all_tables()
    worth = {"Oracle": (100, 200, 150, 90), "CoreWeave": (50, 60, 20, 40), "NVIDIA": (400, 400, 300, 280)}
    worth |= {"Rest": (1000, 1100, 900, 1000)}
    kinds = {"Oracle": "cloud", "CoreWeave": "cloud", "NVIDIA": "chip_maker", "Rest": "listed"}
    days = (0, 21, 42, 63)
    daily = [
        (day, name, "share", 100, 5, 10, values[n] * 100, 100.0, 0.05 * n - 0.01 * len(name), 0.0, 0.5, None)
        for name, values in worth.items()
        for n, day in enumerate(days)
    ]
    listed = (100_00, 1e9, 1e8, 0, 0, 0, 0, 0.0, None, 0, 0.01, 0)
    firms = [(day, name, kinds[name], *listed) for day in days for name in worth]
    firms += [
        (day, lab, "lab", 100_00, 1e9, 0.0, 0, 0, 500, 0, 1.0, 12.0, size * (1 + n) * 100, None, 0)
        for n, day in enumerate(days)
        for lab, size in (("OpenAI", 50), ("Anthropic", 30))
    ]
    said = [
        (1, "Oracle", "OpenAI", "contract", "OpenAI buys compute for years to come, much more than was ever built", 1),
        (2, "NVIDIA", "Oracle", "order", "Oracle orders chips", 1),
        (2, "NVIDIA", "OpenAI", "letter_of_intent", "NVIDIA will invest", 1),
        (3, "OpenAI", "", "equity", "OpenAI raises 40", 1),
        (9, "CoreWeave", "Anthropic", "contract", "Anthropic buys compute", 1),
        (20, "Oracle", "", "guidance", "Oracle expects more", 1),
        (30, "NVIDIA", "", "guidance", "NVIDIA reports", 0),
        (31, "Oracle", "", "guidance", "Oracle reports", 0),
        (40, "Oracle", "OpenAI", "contract", words(90), -1),
        (40, "Oracle", "OpenAI", "contract", words(91), -1),
        (41, "Anthropic", "", "equity", "Anthropic raises 10", 1),
        (50, "CoreWeave", "Anthropic", "contract", words(60), 1),
        (50, "CoreWeave", "Anthropic", "contract", words(61), 1),
        (51, "Rest", "", "guidance", "not of the circle", 1),
    ]
    announced = [
        (n, *told, *account(n, told[-1]), 10_000, *gain(told[-1] * (n + 1)), "dollars") for n, told in enumerate(said)
    ]
    paid = [
        ("compute_bill", "OpenAI", "Oracle", 600, 0),
        ("compute_bill", "Anthropic", "CoreWeave", 200, 0),
        ("chip_bill", "Oracle", "NVIDIA", 500, 0),
        ("chip_bill", "CoreWeave", "NVIDIA", 90, 0),
        ("construction", "Oracle", "suppliers and staff", 150, 0),
        ("milestone", "NVIDIA", "OpenAI", 120, 1),
        ("revenue_ai", "AI customers", "OpenAI", 300, 0),
        ("revenue_ai", "AI customers", "Anthropic", 210, 0),
        ("round", "SoftBank", "OpenAI", 280, 0),
        ("bond_issue", "Fund", "Oracle", 333, 0),
        ("vendor_loan", "NVIDIA", "CoreWeave", 70, 1),
        ("vendor_interest", "CoreWeave", "NVIDIA", 7, 0),
        ("vendor_repayment", "CoreWeave", "NVIDIA", 11, 0),
        ("running_costs", "OpenAI", "suppliers and staff", 130, 0),
        ("running_costs", "Oracle", "suppliers and staff", 999, 0),
        ("operation", "Oracle", "suppliers and staff", 44, 0),
        ("revenue_share", "OpenAI", "Microsoft", 55, 0),
        ("coupon", "Oracle", "Fund", 33, 0),
        ("maturity", "Oracle", "Fund", 22, 0),
    ]
    who, last = ("compute", "OpenAI", "Oracle", "announced"), (0, 0, 0, 0)
    classes = len(TRACED_CLASSES)
    cells = [
        (rule, who, flow, origin, kind, lap, cents * (2 if rule == "fifo" and lap else 1))
        for rule in ("pro-rata", "fifo", "lifo")
        for who, flow, base in (
            ("NVIDIA", Flow.CHIP_REVENUE, 590),
            ("Oracle", Flow.COMPUTE_REVENUE, 600),
            ("CoreWeave", Flow.COMPUTE_REVENUE, 200),
            ("OpenAI", Flow.LAB_SPENDING, 790),
        )
        for origin, kind, lap, cents in (
            ("AI customers", "AI customers", 0, base // 2),
            ("Bond savers", "bond savers", 0, base // 3),
            ("AI customers", "AI customers", 1, base // 6),
        )
    ]
    groups = ("households", "active funds and their savers", "bond funds and their savers")
    positions = [
        (day, group, f"of {group}", 10 * n * day, 7 * day, 500_00 + 30_00 * n - (n - 1) * day * 100)
        for day in (0, 21, 63)
        for n, group in enumerate(groups)
    ]
    promised = [
        (day, f"promise {n} of a name that is far longer than fits", *who, 0.1 * n, 0.05 * n + day / 200, 30_000, *last)
        for day in (21, 42, 63)
        for n in range(10)
    ]
    events = [
        (
            22 + n,
            "bill_late" if n % 2 else "default",
            f"firm {n}",
            "Oracle" if n % 3 else "",
            100 * n,
            words(48 + n % 5),
        )
        for n in range(18)
    ]
    return found | {
        "daily": frame("daily", daily),
        "firms": frame("firms", firms),
        "announcements": frame("announcements", announced),
        "commitments": frame("commitments", promised),
        "events": frame("events", events),
        "positions": frame("positions", positions),
        "journal": frame("journal", [(5, c, a, b, "", cents, s, 0, *([0] * classes)) for c, a, b, cents, s in paid]),
        "origins": pd.concat([origins([(*c[:-1], c[-1] // 2) for c in cells[::2]], day=42), origins(cells, day=63)]),
    }
