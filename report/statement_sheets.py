"""Income statement, cash flow and balance sheet of a firm and quarter, in the order of a report, with their totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import pandas as pd

from ..ledger.statement_lines import CASH_SECTIONS, REVENUE, Line, Section


class Sheet(StrEnum):
    """The three statements, and what enters none."""

    INCOME = "income statement"
    CASH_FLOW = "cash flow"
    BALANCE = "balance sheet"
    MEMO = "memo"


class Total(StrEnum):
    """Sums of lines."""

    REVENUE = "revenue"
    PROFIT = "profit"
    OPERATING = "cash from operations"
    INVESTING = "cash from investing"
    FINANCING = "cash from financing"
    CHANGE = "change in cash"
    START = "cash at the start"
    END = "cash at the end"
    ASSETS = "all assets"
    CLAIMS = "all claims"


CASH_TOTALS = dict(zip(CASH_SECTIONS, (Total.OPERATING, Total.INVESTING, Total.FINANCING), strict=True))
LINES = (Line.CASH, *(line for line in Line if line is not Line.CASH))
"""The order of lines within a part of a statement."""
SHEET_COLUMNS = ("firm", "quarter", "date", "sheet", "section", "line", "cents", "is_total")
Lines = Mapping[tuple[Section, Line], int]
Quarters = dict[str, dict[int, dict[tuple[Section, Line], int]]]


class Row(NamedTuple):
    """One line or total of a statement."""

    sheet: Sheet
    section: Section
    line: str
    cents: int
    is_total: bool = False


class SideBySide(NamedTuple):
    """One line or total of several firms, or of several quarters of one."""

    line: str
    is_total: bool
    cents: dict[Any, int]
    """By firm or quarter; those that have no such line are missing."""


class Gap(NamedTuple):
    """What does not hold of a firm's quarter, and by how many cents."""

    firm: str
    quarter: int
    identity: str
    cents: int


def sheets(lines: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table `statements` as statements: firm, quarter, date, sheet, section, line, cents,
    is_total.

    Each sheet in the order of a report, totals behind what they sum. The opening (quarter 0) has a balance sheet alone;
    where the quarter before is not among the rows, cash at the start and the end are left out.
    """
    by_firm, dates = _by_firm(lines), dict(zip(lines["quarter"], lines["date"], strict=True))
    rows = [
        (firm, quarter, dates[quarter], *row)
        for firm, quarters in by_firm.items()
        for quarter, told in quarters.items()
        for row in _rows(told, quarters.get(quarter - 1), is_opening=quarter == 0)
    ]
    return pd.DataFrame(rows, columns=list(SHEET_COLUMNS))


def sheet_gaps(lines: pd.DataFrame) -> list[Gap]:
    """What must hold to the cent and does not: assets are claims, the cash flow ends at the cash of the balance sheet,
    profit is what retained earnings changed by. Empty for any run as it was written."""
    return [
        Gap(firm, quarter, identity, cents)
        for firm, quarters in _by_firm(lines).items()
        for quarter, told in quarters.items()
        for identity, cents in _gaps(told, quarters.get(quarter - 1))
        if cents
    ]


def _by_firm(lines: pd.DataFrame) -> Quarters:
    """The lines of each firm and quarter, in the order in which they come. A firm that lived through a quarter has one,
    though nothing in it may differ from zero."""
    found: Quarters = defaultdict(lambda: {quarter: {} for quarter in sorted(set(lines["quarter"]))})
    columns = ("firm", "quarter", "section", "line", "cents")
    for firm, quarter, section, line, cents in zip(*(lines[name].tolist() for name in columns), strict=True):
        found[firm][quarter][Section(section), Line(line)] = cents
    return dict(found)


def _sum(told: Lines, *sections: Section) -> int:
    return sum(cents for (section, _), cents in told.items() if section in sections)


def _cash(told: Lines) -> int:
    return told.get((Section.ASSETS, Line.CASH), 0)


def _rows(told: Lines, before: Lines | None, *, is_opening: bool) -> Iterator[Row]:
    if not is_opening:
        yield from _income(told)
        yield from _cash_flow(told, before)
    for section, total in ((Section.ASSETS, Total.ASSETS), (Section.CLAIMS, Total.CLAIMS)):
        yield from _of(Sheet.BALANCE, told, section)
        yield Row(Sheet.BALANCE, section, total, _sum(told, section), is_total=True)
    yield from _of(Sheet.MEMO, told, Section.MEMO)


def _of(sheet: Sheet, told: Lines, section: Section) -> list[Row]:
    """Lines of a section in their order."""
    return [Row(sheet, section, line, told[section, line]) for line in LINES if (section, line) in told]


def _income(told: Lines) -> Iterator[Row]:
    rows = _of(Sheet.INCOME, told, Section.INCOME)
    revenue = [row for row in rows if row.line in REVENUE]
    yield from revenue
    yield Row(Sheet.INCOME, Section.INCOME, Total.REVENUE, sum(row.cents for row in revenue), is_total=True)
    yield from (row for row in rows if row not in revenue)
    yield Row(Sheet.INCOME, Section.INCOME, Total.PROFIT, _sum(told, Section.INCOME), is_total=True)


def _cash_flow(told: Lines, before: Lines | None) -> Iterator[Row]:
    for section, total in CASH_TOTALS.items():
        yield from _of(Sheet.CASH_FLOW, told, section)
        yield Row(Sheet.CASH_FLOW, section, total, _sum(told, section), is_total=True)
    change = _sum(told, *CASH_SECTIONS)
    yield Row(Sheet.CASH_FLOW, Section.FINANCING, Total.CHANGE, change, is_total=True)
    if before is not None:
        yield Row(Sheet.CASH_FLOW, Section.FINANCING, Total.START, _cash(before), is_total=True)
        yield Row(Sheet.CASH_FLOW, Section.FINANCING, Total.END, _cash(before) + change, is_total=True)


def _gaps(told: Lines, before: Lines | None) -> Iterator[tuple[str, int]]:
    yield "assets = claims", _sum(told, Section.ASSETS) - _sum(told, Section.CLAIMS)
    if before is None:
        return
    yield "cash flow = change in cash", _cash(before) + _sum(told, *CASH_SECTIONS) - _cash(told)
    retained = told.get((Section.CLAIMS, Line.RETAINED), 0) - before.get((Section.CLAIMS, Line.RETAINED), 0)
    yield "profit = change in retained earnings", _sum(told, Section.INCOME) - retained


def of_firm(frame: pd.DataFrame, firm: str | None, quarter: int | None) -> pd.DataFrame:
    """Rows of one firm, of one quarter, or of both; None: all."""
    chosen = frame if firm is None else frame[frame["firm"] == firm]
    return (chosen if quarter is None else chosen[chosen["quarter"] == quarter]).reset_index(drop=True)


def side_by_side(frame: pd.DataFrame, by: str) -> dict[Sheet, list[SideBySide]]:
    """Each sheet with a column a firm or a quarter (`by`): all lines that any of them has, in the order of a report."""
    found: dict[Sheet, dict[tuple[str, str], SideBySide]] = {sheet: {} for sheet in Sheet}
    columns = (by, "sheet", "section", "line", "cents", "is_total")
    for key, sheet, section, line, cents, is_total in zip(*(frame[name].tolist() for name in columns), strict=True):
        row = found[Sheet(sheet)].setdefault((section, line), SideBySide(line, is_total, {}))
        row.cents[key] = cents
    return {
        sheet: [rows[key] for key in sorted(rows, key=lambda key: _place(*key))]
        for sheet, rows in found.items()
        if rows
    }


def _place(section: str, line: str) -> tuple[int, int, int]:
    """Where a line stands: sections one behind the other, their sums behind their lines, revenue before costs."""
    at = list(Section).index(Section(section))
    if line in list(Total):
        return at, 1 if line == Total.REVENUE else 3, list(Total).index(Total(line))
    return at, 0 if line in REVENUE else 2, LINES.index(Line(line))
