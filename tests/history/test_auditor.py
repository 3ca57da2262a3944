"""A second auditor, which knows nothing of Carousel, works a run's files out again and sees each of many faults."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from carousel.history.choice import Choice
from carousel.history.recorder import observe
from carousel.history.sinks import ParquetSink
from carousel.model import CarouselModel, run
from carousel.scenarios.loader import parse
from carousel.tests import auditor

DAYS, HOLDERS = 45, 40


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """What the auditor reads of a small run with loans, bonds, funds and everybody."""
    return written(CarouselModel("vendor-loans", rng=3, days=DAYS, holders=HOLDERS), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def with_news(tmp_path_factory):
    """What the auditor reads of some days with announcements."""
    return written(CarouselModel("ai-2025", rng=3, days=12, holders=250), tmp_path_factory.mktemp("news"))


@pytest.fixture(scope="module")
def with_listing(tmp_path_factory):
    """What the auditor reads of a lab's listing and of the days after it."""
    listing = parse('extends = "ai-2025"\n[[listing]]\nname = "Listing"\nlab = "OpenAI"\nlock_up_months = 1\n')
    model = CarouselModel(listing, rng=1, days=DAYS, holders=300)
    return written(model, tmp_path_factory.mktemp("listing"))


def written(model, folder):
    """The tables of a run to its end."""
    recorder = observe(model, ParquetSink(folder), Choice(also=("holders_changed", "fills")))
    run(model)
    recorder.finish()
    return auditor.read(folder)


def cent(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """One more."""
    table.loc[row, column] += 1
    return table


def sign(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """The other sign."""
    table.loc[row, column] *= -1
    return table


def swap(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """Somebody else."""
    others = sorted(set(table[column]) - {table.loc[row, column]})
    table.loc[row, column] = others[rng.integers(len(others))]
    return table


def shift(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """A day later."""
    table.loc[row, column] += 1 if column == "day" else pd.Timedelta(days=1)
    return table


def delete(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """One row less."""
    return table.drop(index=row).reset_index(drop=True)


def double(table: pd.DataFrame, column: str, row: int, rng: np.random.Generator) -> pd.DataFrame:
    """A row twice."""
    return pd.concat([table.iloc[: row + 1], table.iloc[row:]], ignore_index=True)


Fault = Callable[[pd.DataFrame, str, int, np.random.Generator], pd.DataFrame]
FAULTS: dict[Fault, dict[str, str]] = {
    cent: {
        "journal": "cents recycled_cents from_bank_credit_cents entry", "payment_origins": "cents lap", "cash": "cents",
        "firms": "cash_cents debt_cents", "investors": "cash_cents holdings_cents", "funds": "cash_cents equity_cents",
        "etf": "price_cents basket_cents trust_cash_cents participant_cash_cents participant_shares_cents "
        "shares_outstanding participant_etf_shares",
        "daily": "price_cents shares_outstanding market_value_cents volume_shares",
        "registers": "outstanding issued retired", "holdings": "units", "bonds": "units face_cents price_cents",
        "loans_daily": "drawn_cents outstanding_cents",
        "households": "cash_cents etf_shares bought_shares sold_shares", "household_deciles": "cash_cents tired",
        "holders_changed": "cash_cents", "holders": "etf_shares", "positions": "cash_in_cents cash_out_cents",
        "origins": "cents lap", "statements": "cents", "flow_of_funds": "cents",
        "fills": "paid_cents received_cents bought_shares sold_shares",
    },
    sign: {"journal": "cents", "holdings": "units", "payment_origins": "cents"},
    swap: {
        "journal": "payer payee", "payment_origins": "origin rule", "holdings": "account security", "cash": "account",
        "bonds": "issuer", "origins": "receiver origin rule", "fills": "class security",
        "flow_of_funds": "group flow", "statements": "firm section",
    },
    shift: {"journal": "day", "holdings": "day", "daily": "date", "payment_origins": "day"},
    delete: {"journal": "", "payment_origins": "", "cash": "", "holdings": "", "registers": "", "origins": "",
        "statements": "", "flow_of_funds": "", "fills": "",
    },
    double: {"journal": "", "holdings": "", "origins": "", "fills": "", "flow_of_funds": ""},
}  # fmt: skip
NOT_OF = {
    ("investors", "holdings_cents"): ("kind", "venture"), ("daily", "volume_shares"): ("kind", "etf"),
    ("loans_daily", "outstanding_cents"): ("kind", "guarantee"), ("cash", ""): ("cents", 0),
    ("registers", ""): ("outstanding", 0),
}  # fmt: skip
"""Rows that say the same with such a fault in them, or whose number no other file tells to a cent."""
PLANTED = [
    (fault, table, column)
    for fault, places in FAULTS.items()
    for table, columns in places.items()
    for column in columns.split() or [""]
]


def test_a_run_as_it_is_passes(tables):
    assert list(auditor.audit(tables)) == []


def test_fifty_faults_and_more_are_planted():
    assert len(set(PLANTED)) == len(PLANTED) >= 50


@pytest.mark.parametrize(("fault", "table", "column"), PLANTED, ids=lambda said: getattr(said, "__name__", said))
def test_a_planted_fault_is_seen(tables, fault, table, column):
    rng = np.random.default_rng([DAYS, PLANTED.index((fault, table, column))])
    rows = tables[table].index
    if (table, column) in NOT_OF:
        name, value = NOT_OF[table, column]
        rows = rows[tables[table][name] != value]
    wrong = fault(tables[table].copy(), column, int(rng.choice(rows)), rng)
    assert next(auditor.audit(tables | {table: wrong}), None)


@pytest.mark.parametrize("column", ["market_value_before_cents", "day0_return", "value_gained_cents", "date"])
def test_a_fault_in_an_announcement_is_seen(with_news, column):
    assert list(auditor.audit(with_news)) == []
    wrong = with_news["announcements"].copy()
    wrong.loc[0, column] += {"day0_return": 1e-6, "date": pd.Timedelta(days=1)}.get(column, 2)
    assert next(auditor.audit(with_news | {"announcements": wrong}), None)


def test_a_listing_holds_and_a_fault_in_what_was_paid_for_it_is_seen(with_listing):
    assert list(auditor.audit(with_listing)) == []
    journal = with_listing["journal"].copy()
    row = journal.index[journal["cause"] == "listing"][0]
    journal.loc[row, "cents"] += 1
    assert next(auditor.audit(with_listing | {"journal": journal}), None)


def test_the_auditor_imports_nothing_of_carousel():
    whole = [Path(auditor.__file__).with_name(name) for name in ("auditor.py", "auditor_sums.py")]
    nodes = [node for file in whole for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    assert not [name for name in modules if not name or name.startswith("carousel")]
