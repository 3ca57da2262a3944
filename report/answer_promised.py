"""Promised, committed, paid: the running account of every announcement, and the market value each dollar made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from . import measures_promises as promises
from .answer_text import ROWS_MAX, AnswerTable, Context, Part, Section
from .wording import NOTHING, cut, dollars, listed, percent, ratio, signed_percent, spoken_date

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
    good = [a for a in shown if not _is_bad_news_only(*a)]
    note = (
        "Value gained = the firm's return on the day times its market value before; "
        "abnormal = that return less the return of the rest of the index."
    )
    left = len(accounts) - len(shown)
    note += f" {left} smaller announcements are in announcements.parquet." if left > 0 else ""
    tables = []
    if good:
        rows = (*_rows(good), _total_row(total))
        tables.append(AnswerTable("Running accounts", COLUMNS, rows, 2, note, True))
    standing = promises.standing_promises(context.tables["commitments"])
    if standing:
        tables.append(_standing_table(standing))
    if bad := [facts for facts, account in shown if _is_bad_news_only(facts, account)]:
        tables.append(_bad_news_table(bad, "" if good else note))
    section = Section("Promised, committed, paid", () if tables else ("Nothing was announced.",), tuple(tables))
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
        **({"standing_promises": [asdict(promise) for promise in standing]} if standing else {}),
    }
    return Part(section, [*_promise_headline(total), *_standing_headline(standing)], measures)


def _is_bad_news_only(facts: dict[str, Any], account: promises.Promises) -> bool:
    """Whether a sum was taken back or lost, and nothing bound or paid by it: a down round is bad news, and paid."""
    return facts["direction"] < 0 and not (account.committed_cents or account.paid_cents)


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


def _standing_table(standing: Sequence[promises.StandingPromise]) -> AnswerTable:
    """Loans and guarantees that were promised before the start: no day of theirs moved a share."""
    rows = [
        (p.name, p.payer, p.payee, dollars(p.promised_cents), dollars(p.paid_cents), percent(p.credibility))
        for p in standing
    ]
    rows.append(
        (
            "All",
            "",
            "",
            dollars(sum(p.promised_cents for p in standing)),
            dollars(sum(p.paid_cents for p in standing)),
            "",
        )
    )
    columns = ("Loan or guarantee", "Who promised", "To whom", "Promised", "Drawn or paid", "Believed at the end")
    note = "Lines may be drawn up to the promised sum; a guarantee is paid when the bonds it covers are not."
    return AnswerTable("Promised before the start", columns, tuple(rows), 3, note, True)


def _bad_news_table(bad: Sequence[dict[str, Any]], note: str) -> AnswerTable:
    """What was taken back, provided for or failed, and what the shares did on the day."""
    rows = tuple(
        (
            spoken_date(facts["date"]),
            cut(str(facts["text"]), 90),
            dollars(facts["announced_cents"]),
            signed_percent(facts["day0_return"]),
            signed_percent(facts["day0_abnormal_return"]),
            dollars(facts["value_gained_cents"]),
        )
        for facts in bad
    )
    columns = ("Date", "Bad news", "Sum", "Day 0", "Abnormal", "Value gained")
    return AnswerTable("Taken back, provided for, failed", columns, rows, 2, note)


def _standing_headline(standing: Sequence[promises.StandingPromise]) -> list[str]:
    if not standing:
        return []
    sums = {kind: sum(p.promised_cents for p in standing if p.kind == kind) for kind in promises.STANDING}
    lent, answered = promises.STANDING
    parts = [f"loans of {dollars(sums[lent])}"] if sums[lent] else []
    parts += [f"guarantees of up to {dollars(sums[answered])}"] if sums[answered] else []
    paid = sum(p.paid_cents for p in standing)
    return [
        f"What was promised? {listed(sorted({p.payer for p in standing}))} had promised its customers "
        f"{listed(parts)} before the start; {dollars(paid) if paid else 'no cent'} of it has been paid out."
    ]


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
