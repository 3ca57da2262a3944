"""Who is left holding: cash and gains of every class, at the peak of market value and at the end."""

from __future__ import annotations

from typing import Any

from . import measures_market as market
from .answer_text import AnswerTable, Context, Part, Section
from .wording import NOTHING, dollars, inside, label, spoken_date


def left_holding(context: Context) -> Part:
    """Cash and gains per class, at the peak and at the end."""
    positions = context.tables["positions"]
    values = market.circle_value(context.tables["daily"], context.tables["firms"])
    if not len(positions) or not len(values):
        return Part(Section("Who is left holding?", ("Nobody holds anything.",)))
    peak_day = int(values["day"][int(values["circle_cents"].argmax())])
    dates = dict(zip(positions["day"], positions["date"], strict=True))
    ever = market.holding_classes(positions, context.tables["firms"])
    tables, measures = [], {}
    moments = {
        "peak": market.gain_and_loss_per_class(positions, peak_day),
        "end": market.gain_and_loss_per_class(positions),
    }
    for name, table in moments.items():
        measures[name] = {"day": table.attrs["day"], "classes": table.to_dict("records")}
        title = {"peak": "At the peak of market value", "end": "At the end"}[name]
        tables.append(_holding_table(f"{title}, {spoken_date(dates[table.attrs['day']])}", table, ever))
    note = (
        "Net cash: what the class took out less what it put in since the start; over all classes it sums to zero. "
        "A firm's cash and stakes are its shareholders', so only holders have a gain or loss."
    )
    section = Section("Who is left holding?", (note,), tuple(tables))
    return Part(section, _holding_headline(moments["end"], ever), {"gain_and_loss_per_class": measures})


def _holding_table(title: str, table: Any, ever: set[str]) -> AnswerTable:
    rows = [
        (
            label(row.group),
            dollars(row.net_cash_cents),
            dollars(row.value_start_cents) if row.group in ever else NOTHING,
            dollars(row.value_cents) if row.group in ever else NOTHING,
            dollars(row.gain_cents) if row.group in ever else NOTHING,
        )
        for row in sorted(table.itertuples(), key=lambda r: (r.group not in ever, -r.gain_cents))
        if row.net_cash_cents or row.value_cents or row.value_start_cents
    ]
    held = table[table["group"].isin(ever)]
    total = (
        "All",
        *(
            dollars(int(t))
            for t in (
                table["net_cash_cents"].sum(),
                held["value_start_cents"].sum(),
                held["value_cents"].sum(),
                held["gain_cents"].sum(),
            )
        ),
    )
    columns = ("Class", "Net cash", "Held at the start", "Holds now", "Gain or loss")
    return AnswerTable(title, columns, (*rows, total), has_total=True)


def _holding_headline(table: Any, ever: set[str]) -> list[str]:
    held = table[table["group"].isin(ever)].sort_values("gain_cents", kind="stable")
    if not len(held):
        return []
    worst, best = held.iloc[0], held.iloc[-1]
    if worst["gain_cents"] >= 0:
        return [
            f"Who is left holding? No class of holders has lost so far; "
            f"{inside(best['group'])} gained most, {dollars(int(best['gain_cents']))}."
        ]
    if best["gain_cents"] <= 0:
        return [
            f"Who is left holding? {label(worst['group'])} lost {dollars(-int(worst['gain_cents']))}; "
            "no class of holders has gained."
        ]
    return [
        f"Who is left holding? {label(worst['group'])} lost {dollars(-int(worst['gain_cents']))}; "
        f"{inside(best['group'])} came out best with {dollars(int(best['gain_cents']))}."
    ]
