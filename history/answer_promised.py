"""Promised, committed, paid: the running account of every announcement, and the market value each dollar made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from . import measures_promises as promises
from .answer_text import ROWS_MAX, AnswerTable, Context, Part, Section
from .wording import NOTHING, cut, dollars, ratio, signed_percent, spoken_date

COLUMNS = (
    "Date",
    "Announcement",
    "Announced",
    "Committed",
    "Paid",
    "Day 0",
    "Abnormal",
    "Value gained",
    "per announced $",
    "per paid $",
)


def promised(context: Context) -> Part:
    """Announced, committed, paid; and the market value each dollar made."""
    table = context.tables["announcements"]
    accounts = promises.announced_committed_paid(table)
    total = promises.circle_promises(table)
    shown = sorted(accounts, key=lambda a: (a[0]["instrument"] not in promises.PROMISES, -a[1].announced_cents))
    shown = sorted(shown[:ROWS_MAX], key=lambda a: (a[0]["day"], a[0]["number"]))
    rows = [*_rows(shown), _total_row(total)]
    note = (
        "Value gained = the firm's return on the day times its market value before; "
        "abnormal = that return less the return of the rest of the index."
    )
    left = len(accounts) - len(shown)
    note += f" {left} smaller announcements are in announcements.parquet." if left > 0 else ""
    section = Section(
        "Promised, committed, paid", (), (AnswerTable("Running accounts", COLUMNS, tuple(rows), 2, note, True),)
    )
    measures = {
        "announced_committed_paid": [
            {"number": facts["number"], "date": facts["date"], "text": facts["text"], **asdict(account)}
            for facts, account in accounts
        ],
        "announced_cents": total.announced_cents,
        "committed_cents": total.committed_cents,
        "paid_cents": total.paid_cents,
        "value_gained_cents": total.value_gained_cents,
        "value_gained_per_announced": total.value_gained_per_announced,
        "value_gained_per_paid": total.value_gained_per_paid,
        "day0_returns": promises.day0_returns(table).to_dict("records"),
    }
    return Part(
        section if accounts else Section("Promised, committed, paid", ("Nothing was announced.",)),
        _promise_headline(total),
        measures,
    )


def _rows(shown: Sequence[tuple[dict[str, Any], promises.Promises]]) -> Iterator[tuple[str, ...]]:
    """One row per announcement; a firm without a share price has no gain."""
    for facts, account in shown:
        is_priced = facts["day0_return"] == facts["day0_return"]
        yield (
            spoken_date(facts["date"]),
            cut(str(facts["text"]), 60),
            dollars(account.announced_cents),
            dollars(account.committed_cents),
            dollars(account.paid_cents),
            signed_percent(facts["day0_return"]),
            signed_percent(facts["day0_abnormal_return"]),
            dollars(facts["value_gained_cents"]),
            ratio(account.value_gained_per_announced) if is_priced else NOTHING,
            ratio(account.value_gained_per_paid) if is_priced else NOTHING,
        )


def _total_row(total: promises.Promises) -> tuple[str, ...]:
    return (
        "",
        "All promises of contracts, orders, investments",
        dollars(total.announced_cents),
        dollars(total.committed_cents),
        dollars(total.paid_cents),
        "",
        "",
        dollars(total.value_gained_cents),
        ratio(total.value_gained_per_announced),
        ratio(total.value_gained_per_paid),
    )


def _promise_headline(total: promises.Promises) -> list[str]:
    if not total.announced_cents:
        return []
    paid = (
        f"{dollars(total.paid_cents)} has been paid under them: "
        f"{ratio(total.value_gained_per_paid)} dollars of market value per dollar paid."
        if total.paid_cents
        else "no cent has been paid under them yet."
    )
    return [
        f"What moved? Promises of {dollars(total.announced_cents)} added {dollars(total.value_gained_cents)} "
        f"of market value on their days ({ratio(total.value_gained_per_announced)} per announced dollar); {paid}"
    ]
