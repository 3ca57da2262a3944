"""The statements as small tables of finished texts, for the terminal, an answer or a paper."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .answer_text import AnswerTable
from .measures_net_revenue import LENT, OTHER, SHARES, STAKES
from .measures_sources import USES, Item
from .panel import INDICATORS, SHARE, USD, Indicator
from .scale import scale_of
from .statement_sheets import Sheet, SideBySide, side_by_side
from .statement_tables import StatementTables
from .stress import SHOCK
from .wording import NOTHING, dollars, label, percent, ratio, spoken_date

QUARTERS_SHOWN = 5
"""Quarters of one firm beside each other."""


def statement_tables(told: StatementTables, twin_panel: pd.DataFrame | None = None) -> Iterator[AnswerTable]:
    """Every table of a run's statements, in the order of a report; of one firm what tells of it. `twin_panel` is the
    panel beside a twin's."""
    yield from sheet_tables(told)
    if told.firm is None:
        yield matrix_table(told)
    if not told.kinds:
        return
    yield sources_table(told.sources_and_uses)
    if len(told.net_revenue):
        yield net_revenue_table(told.net_revenue)
    if told.firm is not None:
        return
    if len(told.building_by_rule):
        yield rules_table(told.building_by_rule)
    yield cross_table(told.cross_holdings)
    yield debtrank_table(told.debtrank)
    yield losses_table(told.losses)
    yield panel_table(told.panel if twin_panel is None else twin_panel, told.day)


def sheet_tables(told: StatementTables) -> Iterator[AnswerTable]:
    """The three statements of all firms in one quarter, or of one firm over its last quarters."""
    frame, of_one = told.statements, told.firm is not None
    frame = frame[frame["quarter"] <= told.last]
    if of_one:
        shown = sorted(set(frame["quarter"]))[-QUARTERS_SHOWN:]
        frame = frame[frame["quarter"].isin(shown)]
    else:
        frame = frame[frame["quarter"] == told.last]
    by = "quarter" if of_one else "firm"
    keys = list(dict.fromkeys(frame[by]))
    names = [f"Quarter {key}" if key else "Opening" for key in keys] if of_one else keys
    scale = scale_of(frame["cents"])
    when = spoken_date(frame["date"].iloc[-1])
    for sheet, rows in side_by_side(frame, by).items():
        if sheet is not Sheet.MEMO:
            whose = told.firm if of_one else f"quarter {told.last}, to {when}"
            cells = tuple((_line(row), *(scale.say(row.cents.get(key)) for key in keys)) for row in rows)
            yield AnswerTable(f"{label(sheet)}, {whose}, {scale.name}", ("", *names), cells)


def _line(row: SideBySide) -> str:
    return row.line.upper() if row.is_total else label(row.line)


def matrix_table(told: StatementTables) -> AnswerTable:
    """The flow-of-funds matrix: a row a class, a column a heading, everything summing to zero."""
    matrix = told.flow_of_funds.T
    scale = scale_of(matrix.to_numpy().ravel().tolist())
    rows = [
        (label(name), *map(scale.say, cents := row.tolist()), scale.say(sum(cents))) for name, row in matrix.iterrows()
    ]
    sums = matrix.sum(axis=0).tolist()
    rows.append(("Sum", *map(scale.say, sums), scale.say(sum(sums))))
    return AnswerTable(
        f"Flow of funds between classes, quarter {told.last}, {scale.name}",
        ("Class", *map(label, matrix.columns), "Sum"),
        tuple(rows),
        note="Taken in less paid. What a class keeps stands in the change in cash with a minus.",
        has_total=True,
    )


def sources_table(frame: pd.DataFrame) -> AnswerTable:
    """Sources and uses since the start, a column a firm, the builders together last."""
    firms = list(dict.fromkeys(frame["firm"]))
    cells = {(row.firm, row.item): row.cents for row in frame.itertuples()}
    scale = scale_of(frame["cents"])
    rows = [
        (f"{'To' if item in USES else 'From'}: {item}", *(scale.say(cells.get((firm, item))) for firm in firms))
        for item in Item
        if any((firm, item) in cells for firm in firms)
    ]
    return AnswerTable(
        f"Sources and uses of cash since the start, {scale.name}",
        ("", *firms),
        tuple(rows),
        note="Net: own business after its own costs, lenders after interest and repayment. Cash drawn down below zero "
        "is cash that was kept.",
    )


def rules_table(frame: pd.DataFrame) -> AnswerTable:
    """Whose money was built with, by the three rules of tracing."""
    rules = list(frame.columns[1:])
    rows = tuple((label(row[0]), *(percent(share, 1) for share in row[1:])) for row in frame.itertuples(index=False))
    return AnswerTable("Whose money was built with, by rule of tracing", ("Class", *rules), rows)


def net_revenue_table(frame: pd.DataFrame) -> AnswerTable:
    """Reported sales and sales net of own funding, since the start."""
    columns = ["sales_cents", STAKES, LENT, OTHER, SHARES, "net_cents"]
    sums = frame.groupby("firm", sort=False)[columns].sum()
    scale = scale_of(sums["sales_cents"])
    rows = tuple((str(firm), *map(scale.say, row.tolist())) for firm, row in sums.iterrows())
    return AnswerTable(
        f"Revenue net of own funding since the start, {scale.name}",
        ("Firm", "Billed to customers", "Stakes bought in them", "Lent to them", "Guarantees, idle capacity",
         "Own shares given", "Net"),
        rows,
        note="Customers, and who buys from them (ASC 606-10-32-25); all funding is taken off, however it is booked.",
    )  # fmt: skip


def cross_table(frame: pd.DataFrame) -> AnswerTable:
    """Market value gross and net of cross-holdings."""
    scale = scale_of(frame["gross_cents"])
    rows = [(row[0], *map(scale.say, row[1:])) for row in frame.itertuples(index=False)]
    rows.append(("All", *(scale.say(int(frame[name].sum())) for name in frame.columns[1:])))
    return AnswerTable(
        f"Market value gross and net of cross-holdings, {scale.name}",
        ("Firm", "Gross", "Held by firms", "Net", "Its stakes in firms", "Without them"),
        tuple(rows),
        has_total=True,
    )


def debtrank_table(frame: pd.DataFrame) -> AnswerTable:
    """What holders lose when one party fails."""
    rows = tuple(
        (row.party, dollars(row.wealth_cents), percent(row.debtrank, 2), dollars(row.lost_cents),
         percent(row.debtrank_with_contracts, 2), dollars(row.lost_with_contracts_cents))
        for row in frame.itertuples()
    )  # fmt: skip
    return AnswerTable(
        "If it failed (DebtRank)",
        ("Who", "Worth", "Share of all wealth lost", "Lost", "The same, contracts unpaid too", "Lost then"),
        rows,
    )


def losses_table(frame: pd.DataFrame) -> AnswerTable:
    """Loss by holder under the stated shock."""
    scale = scale_of(frame["cents"])
    rows = tuple((row.party, label(row.group), scale.say(row.cents)) for row in frame.itertuples())
    return AnswerTable(f"Loss by holder, {scale.name}", ("Holder", "Class", "Loss"), rows, 2, note=f"If {SHOCK}.")


def panel_table(frame: pd.DataFrame, day: int) -> AnswerTable:
    """The panel on one day, with the day before the first trade, and beside the twin if it has one."""
    first, now = frame.iloc[0], frame[frame["day"] == day].iloc[-1]
    has_twin = "recycling_ratio_twin" in frame
    columns = ["Indicator", "At the start", spoken_date(now["date"]), *(["Twin"] if has_twin else [])]
    rows = []
    for each in INDICATORS:
        cells = [first[each.name], now[each.name], *([now[f"{each.name}_twin"]] if has_twin else [])]
        rows.append((label(each.name.removesuffix("_cents")), *(_said(each, cell) for cell in cells)))
    return AnswerTable("The supervisor's panel", tuple(columns), tuple(rows))


def _said(indicator: Indicator, value: object) -> str:
    if value is None or value == "" or value != value:
        return NOTHING
    if isinstance(value, str):
        return value
    number = float(str(value))
    if indicator.unit == USD:
        return dollars(number)
    return percent(number, 1) if indicator.unit == SHARE else ratio(number)
