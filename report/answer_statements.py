"""Statements at the end of the answer: one small table each; `statements RUN` draws up the rest."""

from __future__ import annotations

import pandas as pd

from ..history.sinks import Tables
from .answer_text import Context, Part, Section
from .statement_sheets import Sheet
from .statement_tables import StatementTables
from .statement_words import (
    cross_table,
    debtrank_table,
    net_revenue_table,
    panel_table,
    rules_table,
    sheet_tables,
    sources_table,
)
from .wording import label

BY_DAY = ("holdings", "daily", "bonds", "registers", "loans_daily")
"""Tables of which the answer's panel needs its two days alone."""


def statements_part(context: Context) -> Part | None:
    """Balance sheets, net sources and uses, revenue net of own funding, value net of cross-holdings, DebtRank and the
    panel; None where no firm has statements."""
    if not len(context.tables["statements"]) or not len(context.tables["holdings"]):
        return None
    told = StatementTables(_on_two_days(context.tables))
    balance = [table for table in sheet_tables(told) if table.title.startswith(label(Sheet.BALANCE))]
    net = [net_revenue_table(told.net_revenue)] if len(told.net_revenue) else []
    rules = [rules_table(told.building_by_rule)] if len(told.building_by_rule) else []
    tables = (
        *balance, sources_table(told.sources_and_uses), *rules, *net, cross_table(told.cross_holdings),
        debtrank_table(told.debtrank), panel_table(told.panel, told.day),
    )  # fmt: skip
    section = Section("Statements", ("`python run.py statements RUN` has all of them, every quarter.",), tables)
    revenue = told.net_revenue.drop(columns=["quarter", "date"]).groupby("firm", sort=False).sum().reset_index()
    now = told.panel.iloc[-1].drop(["day", "date"])
    measures = {
        "sources_and_uses": told.sources_and_uses.to_dict("records"),
        "building_by_rule": told.building_by_rule.to_dict("records"),
        "net_revenue": revenue.to_dict("records"),
        "cross_holdings": told.cross_holdings.to_dict("records"),
        "debtrank": told.debtrank.to_dict("records"),
        "panel": now.to_dict(),
    }
    return Part(section, measures=measures)


def _on_two_days(tables: Tables) -> Tables:
    """The tables, those that stand daily narrowed to the first day and the last."""
    days = tables["firms"]["day"]
    kept = [days.min(), days.max()]

    def narrowed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["day"].isin(kept)]

    return {**tables, **{name: narrowed(tables[name]) for name in BY_DAY}}
