"""Hand-made tables, which the tests of the report look at instead of a whole market; and commands in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from carousel.cli import endings
from carousel.history.sinks import to_frame
from carousel.history.tables import TABLES, TRACED_CLASSES
from carousel.ledger.flows import Flow
from hypothesis import settings

settings.register_profile("carousel", deadline=None)
settings.load_profile("carousel")
"""No example is judged by the clock: another process may have had the processor."""

ONCE = (
    "agents/test_household.py", "amounts/", "experiments/test_monetisation.py", "history/test_auditor.py",
    "history/test_tables_agree.py", "market/", "narrative/", "published/", "report/test_golden_rows.py",
    "scenarios/test_extremes.py", "sweeps/test_outcomes.py", "timeline/test_books_every_day.py",
    "timeline/test_commitments_life.py", "timeline/test_events.py", "timeline/test_hidden_cents.py",
    "timeline/test_vendor_finance.py",
)  # fmt: skip
"""Rules of the model, and of tables that are made of its histories: every Python must come to the recorded digests
(test_histories.py, test_lives_recorded.py, test_answers_recorded.py), and so to the same rules."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what no Python makes otherwise."""
    tests = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(tests) and item.path.relative_to(tests).as_posix().startswith(ONCE):
            item.add_marker("once")


START = date(2025, 9, 9)


def frame(table: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows without the date (day first, second in announcements) as a table of the history."""
    schema = TABLES[table].schema()
    beside = [c.name for c in TABLES[table].columns if not c.is_digested]
    names = [n for n in schema.names if n != "date" and n not in beside]
    data = pd.DataFrame(rows, columns=names).assign(**dict.fromkeys(beside, 0))
    if "date" in schema.names:
        data.insert(schema.names.index("date"), "date", [START + timedelta(days=int(d)) for d in data["day"]])
    return data if rows else to_frame(schema.empty_table())


def origins(cells: list[tuple[Any, ...]], day: int = 21) -> pd.DataFrame:
    """Rows (rule, receiver, flow, origin, class, lap, cents) of one day."""
    return frame("origins", [(day, *c) for c in cells])


def two_pockets(rule: str, customers: int, savers: int, recycled: int) -> list[tuple[Any, ...]]:
    """NVIDIA's chip revenue from two pockets, some of the savers' money recycled."""
    return [
        (rule, "NVIDIA", Flow.CHIP_REVENUE, "AI customers", "AI customers", 0, customers),
        (rule, "NVIDIA", Flow.CHIP_REVENUE, "Bond savers, high yield", "bond savers", 0, savers - recycled),
        (rule, "NVIDIA", Flow.CHIP_REVENUE, "Bond savers, high yield", "bond savers", 1, recycled),
    ]


def all_tables() -> dict[str, pd.DataFrame]:
    """A whole small history: a rise, a contract, a fall with a renegotiation, and who gained."""
    days = [0, 21, 42, 63]
    oracle, nvidia, rest, lab = [100, 200, 150, 90], [400, 400, 300, 280], [1000, 1000, 1000, 1000], [50, 100, 100, 60]
    daily, firms = [], []
    for day, o, n, r, v in zip(days, oracle, nvidia, rest, lab, strict=True):
        for name, value in (("Oracle", o), ("NVIDIA", n), ("Rest", r)):
            daily.append((day, name, "share", value * 10, 5, 10, value * 100, value * 10.0, 0.1, 0.0, 0.5, None))
        daily.append((day, "ETF", "etf", 101_00, 5, 10, 1010_00, 100.0, 0.0, 0.0, 0.5, 100_00.0))
        for name, kind in (("Oracle", "cloud"), ("NVIDIA", "chip_maker"), ("Rest", "listed")):
            firms.append((day, name, kind, 100_00, 1e9, 1e8, 50_00, 0, 0, 0, 0.0, None, 0, 0.01 + day / 1e4, 0))
        firms.append((day, "OpenAI", "lab", 100_00, 1e9, 0.0, 0, 0, 500, 0, 1.0, 12.0 - day / 10, v * 100, None, 0))
    positions = []
    for day, cash, held in ((0, 0, 500), (21, 40, 800), (63, 60, 350)):
        positions += [
            (day, "households", "households", 0, cash, held),
            (day, "households", "household savings", 0, 0, 0),
            (day, "clouds", "Oracle", cash, 10 if day else 0, 0),
            (day, "suppliers", "suppliers and staff", 10 if day else 0, 0, 0),
        ]
    announced = [
        (
            0,
            1,
            "Oracle",
            "OpenAI",
            "contract",
            "OpenAI buys compute | 300",
            1,
            30_000,
            30_000,
            600,
            10_000,
            0.36,
            0.35,
            24_300,
            "dollars",
        ),
        (1, 3, "OpenAI", "", "equity", "OpenAI raises 40", 1, 4_000, 4_000, 4_000, 5_000, None, None, None, "dollars"),
        (2, 40, "Oracle", "OpenAI", "contract", "cut", -1, 20_000, 0, 0, 10_000, -0.2, -0.2, -2_000, "dollars"),
    ]
    events = [
        (22, "round_failed", "OpenAI", "", 7_000, "runway 5 months"),
        (30, "bill_late", "OpenAI", "Oracle", 300, "compute_bill"),
        (40, "bill_late", "OpenAI", "Oracle", 200, "compute_bill"),
        (45, "renegotiated", "OpenAI", "Oracle", 0, "cut by a third"),
        (50, "delivered", "Oracle", "OpenAI", 0, "100 MW"),
    ]
    commitments = [
        (63, "compute", "compute", "OpenAI", "Oracle", "renegotiated", 0.4, 0.6, 30_000, 20_000, 600, 4500, 500),
        (63, "milestones", "milestone", "NVIDIA", "OpenAI", "announced", -2.0, 0.1, 10_000, 0, 0, 10_000, 0),
    ]
    flows = [
        (lambda r: [*two_pockets(*r)])(r)
        for r in (("pro-rata", 600, 400, 100), ("fifo", 700, 300, 50), ("lifo", 500, 500, 200))
    ]
    paid = [
        (5, "chip_bill", "Oracle", "NVIDIA", "", 35_00, 0, 0),
        (5, "construction", "Oracle", "suppliers and staff", "", 15_00, 0, 0),
        (6, "milestone", "NVIDIA", "OpenAI", "milestones", 10_00, 1, 10_00),
        (30, "compute_bill", "OpenAI", "Oracle", "compute", 6_00, 0, 0),
    ]
    classes = len(TRACED_CLASSES)
    tables = {name: frame(name, []) for name in TABLES}
    return tables | {
        "daily": frame("daily", daily),
        "firms": frame("firms", firms),
        "positions": frame("positions", positions),
        "announcements": frame("announcements", announced),
        "events": frame("events", events),
        "commitments": frame("commitments", commitments),
        "origins": origins([row for rows in flows for row in rows], day=63),
        "journal": frame("journal", [(*row, *([0] * classes)) for row in paid]),
    }


@pytest.fixture
def hand_made() -> ModuleType:
    """This file's hand-made tables."""
    return sys.modules[__name__]


Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """`python run.py ARGUMENTS` from its first line to its exit status, without the two seconds of a new process.

    What a process of its own is for (a closed output, a missing package, a signal) needs one.
    """

    def run(*arguments: str, cwd: Path | None = None, **variables: str) -> CompletedProcess[str]:
        with monkeypatch.context() as process:
            process.setattr(sys, "argv", ["run.py", *arguments])
            for name in ("stdout", "stderr"):
                process.setattr(sys, name, getattr(sys, name))
            for name, value in ({"COLUMNS": "200", "NO_COLOR": "1", "MPLBACKEND": "agg"} | variables).items():
                process.setenv(name, value)
            if cwd is not None:
                process.chdir(cwd)
            capfd.readouterr()
            with pytest.raises(SystemExit) as end:
                endings.main()
            sys.stderr.flush()
        return CompletedProcess(arguments, int(end.value.code or 0), *capfd.readouterr())

    return run
