"""A small fake model and hand-made tables: what the tests of history and report look at instead of a whole market."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from carousel.engine.clock import Clock
from carousel.history.sinks import to_frame
from carousel.history.tables import TABLES
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.flows import Flow
from carousel.ledger.slices import LAPS, Slices

START = date(2025, 9, 9)
NAMES = ["AI customers", "bond savers", "OpenAI", "Oracle", "NVIDIA"]


@dataclass
class FakeDay:
    """Entries of one day and their slices by rule."""

    entries: np.ndarray
    slices: dict[str, Slices]


class FakeModel:
    """Pays a compute bill, a chip bill and a milestone every day: all the recorder may see of a model."""

    def __init__(self, days: int = 10, holders: int = 250, scenario: Any = None) -> None:
        self.clock = Clock(seed=7, start=START, days=days)
        self.scenario_data = scenario
        self.step_hook: Any = lambda model: None
        self.observers: list[Any] = []
        self.events: list[tuple[Any, ...]] = []
        self.cast = SimpleNamespace(holders=None, households=None)
        if holders:
            rows = np.arange(holders, dtype=np.int64)
            self.cast.holders = SimpleNamespace(
                n=holders,
                cash_cents=rows * 100,
                etf_shares=rows.astype(np.int32),
                state=(rows % 3).astype(np.uint8),
            )
        classes = {0: OriginClass.AI_CUSTOMERS, 1: OriginClass.BOND_SAVERS}
        journal = SimpleNamespace(names=NAMES, origin_accounts=[0, 1], origin_class=classes.__getitem__)
        self.books = SimpleNamespace(
            journal=journal,
            registers=SimpleNamespace(names=[]),
            headline_rule="pro-rata",
            last=FakeDay(np.zeros((0, 7), np.int64), {}),
        )
        self.contracts = SimpleNamespace(name_of=["compute", "milestones"].__getitem__)

    @property
    def running(self) -> bool:
        return not self.clock.is_over

    def step(self) -> None:
        self.clock.tick()
        day = self.clock.day
        self.step_hook(self)
        bill, chips, tranche = 1000 + day, 700, 70
        self.books.last = FakeDay(
            entries=np.array(
                [
                    [day, 2, 3, bill, Cause.COMPUTE_BILL, 0, 0],
                    [day, 3, 4, chips, Cause.CHIP_BILL, -1, 0],
                    [day, 4, 2, tranche, Cause.MILESTONE, 1, 1],
                ],
                dtype=np.int64,
            ),
            slices={
                "pro-rata": Slices(
                    ends=np.array([1, 3, 5]),
                    parts=np.array([[0, 0, LAPS + 1, LAPS + 1, LAPS + 2], [bill, chips - 100, 100, tranche - 10, 10]]),
                    n_origins=2,
                )
            },
        )
        self.events = [("bill_late", "OpenAI", "Oracle", 5, "compute_bill")] if day % 4 == 0 else []
        for observe in self.observers:
            observe(self)

    def run(self) -> FakeModel:
        while self.running:
            self.step()
        return self

    def rows(self, table: str) -> Iterable[tuple[Any, ...]]:
        """Today's rows of a table, in the place of the functions that read a whole market."""
        if table == "daily":
            price = 100_00 + self.clock.day
            yield "Oracle", "share", price, 10, 50, price * 50, 1.5, 0.1 * self.clock.day, -0.0, 0.5, None
        if table == "firms":
            yield "OpenAI", "lab", 1, 2.0, 3.0, 4, 5, 6, 7, None, 9, 0.01, 0
        if table == "events":
            yield from self.events
        if table == "announcements":
            said, moved = ("contract", "buys compute, says | so"), (1000_00, 0.3, 0.29, 290_00)
            yield 0, 2, START + timedelta(days=2), "Oracle", "OpenAI", *said, 1, 300_00, 300_00, 20_00, *moved


def frame(table: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows without the date (day first, second in announcements) as a table of the history."""
    schema = TABLES[table].schema()
    names = [n for n in schema.names if n != "date"]
    data = pd.DataFrame(rows, columns=names)
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
            firms.append((day, name, kind, 100_00, 1e9, 1e8, 50_00, 0, 0, 0, None, 0, 0.01 + day / 1e4, 0))
        firms.append((day, "OpenAI", "lab", 100_00, 1e9, 0.0, 0, 0, 500, 0, 12.0 - day / 10, v * 100, None, 0))
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
        ),
        (1, 3, "OpenAI", "", "equity", "OpenAI raises 40", 1, 4_000, 4_000, 4_000, 5_000, None, None, None),
        (2, 40, "Oracle", "OpenAI", "contract", "cut", -1, 20_000, 0, 0, 10_000, -0.2, -0.2, -2_000),
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
    classes = len(TABLES["journal"].columns) - 9
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
def hand_made(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """This file's fake model and tables; while it is in use, every table filled row by row asks the fake model."""
    for name, table in TABLES.items():
        if table.rows is not None:
            monkeypatch.setitem(TABLES, name, replace(table, rows=lambda model, name=name: model.rows(name)))
    return sys.modules[__name__]
