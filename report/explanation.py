"""What happened on a day of a run, to whom and why, in plain words: no more than its tables hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ..engine.legible import legible
from ..history.columns import MISSING_INTEGER
from ..history.kinds import ListingKind, cause_text
from ..history.open_run import Run
from ..history.sinks import Tables
from ..history.tables import TRACED_CLASSES, origin_column
from ..ledger.causes import Cause
from ..narrative.chronicle import Happening
from .answer_text import Section
from .payment_words import FOR_TEXT, event_words, payment_words
from .run_tables import tables_of
from .wording import cut, dollars, inside, label, listed, percent, signed_percent, spoken_date

SHOWN_MAX = 10
"""Lines of one kind that are told."""
MOVED_MAX = 6
NEWS_MAX = 3
NEWS = (Happening.REPORT, Happening.ROUND_CLOSED, Happening.DOWN_ROUND, Happening.ROUND_FAILED, Happening.DEFAULT)
TOLD_SHARE = 0.002
"""Least return of a share, and least part of a return, that is told."""


def explained(run: Run, first: int, last: int) -> list[Section]:
    """What was announced, what happened, who paid whom and what moved, from one day to another."""
    tables = tables_of(run)
    found = (
        ("What was announced", list(_announced(tables, first, last))),
        ("What happened", list(_happened(tables, first, last))),
        ("Who paid whom", list(_paid(tables, first, last))),
        ("What moved", list(_moved(tables, first, last))),
        ("Who traded", list(_traded(tables, first, last))),
    )
    sections = [Section(title, tuple(lines)) for title, lines in found if lines]
    head = Section(
        _title(run, tables, first, last), () if sections else ("The tables of this run tell nothing of it.",)
    )
    return [head, *sections]


def _title(run: Run, tables: Tables, first: int, last: int) -> str:
    """Which days of which run."""
    of = f"{run.manifest.get('scenario')}, seed {run.manifest.get('seed')}"
    dates = {name: _date(tables, day) for name, day in (("first", first), ("last", last))}
    if first == last:
        return legible(f"Day {first}{dates['first']} of {of}")
    return legible(f"Day {first}{dates['first']} to day {last}{dates['last']} of {of}")


def _date(tables: Tables, day: int) -> str:
    for name in ("daily", "firms", "journal"):
        rows = tables[name][tables[name]["day"] == day].dropna(subset="date")
        if len(rows):
            return f", {spoken_date(rows['date'].iloc[0])},"
    return ""


def _within(rows: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    return rows[(rows["day"] >= first) & (rows["day"] <= last)]


def _when(day: int, first: int, last: int) -> str:
    """The day in front of a line, where there are several."""
    return f"Day {day}: " if first != last else ""


def _announced(tables: Tables, first: int, last: int) -> Iterator[str]:
    """Each announcement with its sum and what the market made of it."""
    rows = _within(tables["announcements"], first, last)
    shares = set(tables["daily"]["security"])
    for item in rows.sort_values(["day", "number"]).itertuples():
        sums = [f"{dollars(item.announced_cents)} announced" if item.announced_cents else ""]
        sums += [f"{dollars(item.committed_cents)} binding by the end of the run" if item.committed_cents else ""]
        sums += [f"{dollars(item.paid_cents)} paid by then" if item.paid_cents else ""]
        moved = ""
        if item.firm in shares and not _missing(item.day0_return) and not _missing(item.value_gained_cents):
            alone = f", {signed_percent(item.day0_abnormal_return)} beyond the rest of the index"
            beyond = "" if _missing(item.day0_abnormal_return) else alone
            gained = f"{dollars(item.value_gained_cents)}{beyond}"
            moved = f" {item.firm} moved by {signed_percent(item.day0_return)} that day ({gained})."
        said = f"; {listed([s for s in sums if s])}" if any(sums) else ""
        kind = label(item.instrument).lower()
        yield legible(f"{_when(item.day, first, last)}{item.firm}: «{item.text}» ({kind}{said}).{moved}")


def _happened(tables: Tables, first: int, last: int) -> Iterator[str]:
    """Events in their order; what is announced stands above."""
    rows = _within(tables["events"], first, last)
    rows = rows[rows["kind"] != Happening.ANNOUNCED]
    for row in rows.head(2 * SHOWN_MAX).itertuples():
        said = event_words(row.kind, row.agent, row.counterparty, row.cents, row.detail)
        yield f"{_when(row.day, first, last)}{said[:1].upper()}{said[1:]}."
    if len(rows) > 2 * SHOWN_MAX:
        yield f"... and {len(rows) - 2 * SHOWN_MAX} events more."


def _paid(tables: Tables, first: int, last: int) -> Iterator[str]:
    """The largest sums by payer, payee and cause, and where their money had come from."""
    rows = _within(tables["journal"], first, last)
    market = [cause_text(c) for c in (Cause.OPENING, Cause.TRADE_PAY, Cause.TRADE_RECEIVE)]
    rows = rows[~rows["cause"].isin(market)]
    numbers = ["cents", *(c for c in rows.columns if c == "recycled_cents" or c.startswith("from_"))]
    sums = rows.groupby(["payer", "payee", "cause"], as_index=False)[numbers].sum()
    sums = sums.sort_values("cents", ascending=False, kind="stable")
    for row in sums.head(SHOWN_MAX).to_dict("records"):
        yield f"{payment_words(row['payer'], row['payee'], row['cents'], row['cause'])}{_origin(row)}."
    if len(sums) > SHOWN_MAX:
        rest = sums.iloc[SHOWN_MAX:]
        yield f"... and {len(rest)} smaller ones, {dollars(float(rest['cents'].sum()))} in all."


def _origin(row: dict[str, Any]) -> str:
    """Whose money a payment carried: the largest class, and how much had been round before."""
    classes = {origin: row.get(origin_column(origin), 0) for origin in TRACED_CLASSES}
    total = sum(classes.values())
    if not total or row["cause"] not in FOR_TEXT:
        return ""
    origin, most = max(classes.items(), key=lambda each: each[1])
    round_before = row.get("recycled_cents", 0)
    again = f", {percent(round_before / row['cents'])} had been round before" if round_before else ""
    return f" (its money: {percent(most / total)} {inside(origin)}{again})"


def _moved(tables: Tables, first: int, last: int) -> Iterator[str]:
    """The shares whose price moved most, with what the tables know of the reasons."""
    daily = tables["daily"]
    start, end = (daily[daily["day"] == day].set_index("security") for day in (first - 1, last))
    names = [name for name in end.index if name in start.index and start.at[name, "price_cents"] > 0]
    returns = {name: end.at[name, "price_cents"] / start.at[name, "price_cents"] - 1 for name in names}
    order = sorted((n for n in names if abs(returns[n]) >= TOLD_SHARE), key=lambda n: -abs(returns[n]))
    orders = _within(daily, first, last).groupby("security")["order_imbalance_shares"].sum()
    for name in order[:MOVED_MAX]:
        gained = float(end.at[name, "market_value_cents"] - start.at[name, "market_value_cents"])
        whys = [
            *_news(tables, name, first, last),
            *_reasons(start.loc[name], end.loc[name]),
            *_orders(float(orders.get(name, 0)), end.loc[name]),
        ]
        move = signed_percent(returns[name])
        logs = signed_percent(math.log1p(returns[name])) if returns[name] > -1 else move
        in_logs = f", in log points {logs}" if logs != move else ""
        yield legible(f"{name} {move} ({dollars(gained)}{in_logs}): {'; '.join(whys)}.")
    yield from _labs(tables, first, last)
    if order:
        yield (
            "Parts of a move are in log points, which add up: those in brackets to the funds' value, this and the "
            "price against it to the move; what is below 0.2 % is not told."
        )


def _news(tables: Tables, name: str, first: int, last: int) -> Iterator[str]:
    """What was said and reported of a firm in these days, cut short."""
    said, events = (_within(tables[table], first, last) for table in ("announcements", "events"))
    texts = said.loc[said["firm"] == name, "text"].to_list()
    own = events[(events["agent"] == name) & events["kind"].isin(NEWS)]
    texts += [f"{label(kind).lower()}, {detail}" for kind, detail in zip(own["kind"], own["detail"], strict=True)]
    yield from (f"«{cut(text, 70)}»" for text in texts[:NEWS_MAX])


def _reasons(before: pd.Series, after: pd.Series) -> Iterator[str]:
    """A return in parts, in log points: story, sentiment, all else in the funds' value, and the price's way to it."""
    if before["kind"] == ListingKind.ETF:
        fair = _log(after["net_asset_value_cents"], before["net_asset_value_cents"])
        price = _log(after["price_cents"], before["price_cents"])
        yield f"what it holds {signed_percent(fair)}"
        if abs(price - fair) >= TOLD_SHARE:
            yield f"its price against what it holds {signed_percent(price - fair)}"
        return
    fair = _log(after["fair_value_cents"], before["fair_value_cents"])
    price = _log(after["price_cents"], before["price_cents"])
    story = float(after["narrative_log_multiple"] - before["narrative_log_multiple"])
    mood = float(after["sentiment"] - before["sentiment"])
    parts = (
        ("the story of it", story),
        ("trend and sentiment", mood),
        ("earnings, promises, own views and claims on it", fair - story - mood),
    )
    told = [f"{said} {signed_percent(part)}" for said, part in parts if abs(part) >= TOLD_SHARE]
    beside = f" (in it: {listed(told)})" if told else ""
    yield f"the funds' value of it {signed_percent(fair)}{beside}"
    if abs(price - fair) >= TOLD_SHARE:
        yield f"its price against that value {signed_percent(price - fair)}"


def _orders(imbalance: float, after: pd.Series) -> Iterator[str]:
    """Who pushed: orders of all but the funds and the participant."""
    if imbalance:
        side = "buy" if imbalance > 0 else "sell"
        cents = abs(imbalance) * float(after["price_cents"])
        other = "sell" if imbalance > 0 else "buy"
        yield f"others than the funds wished to {side} {dollars(cents)} more than to {other}"


def _log(after: float, before: float) -> float:
    return math.log(after / before) if after > 0 and before > 0 else 0.0


def _labs(tables: Tables, first: int, last: int) -> Iterator[str]:
    """Firms without a price, by what they are marked at."""
    firms, daily = tables["firms"], tables["daily"]
    had_price = daily[(daily["day"] == first - 1) & (daily["price_cents"] > 0)]
    listed_firms = set(had_price["security"])
    start, end = (firms[firms["day"] == day].set_index("firm")["valuation_cents"] for day in (first - 1, last))
    for name in end.index:
        if name in listed_firms or name not in start.index or not start[name]:
            continue
        change = float(end[name]) / float(start[name]) - 1
        if abs(change) >= TOLD_SHARE:
            gained = dollars(float(end[name] - start[name]))
            why = "; ".join(_news(tables, name, first, last))
            why = f": {why}" if why else ""
            yield legible(f"{name}, which is not listed, is marked {signed_percent(change)} ({gained}){why}.")


def _traded(tables: Tables, first: int, last: int) -> Iterator[str]:
    """The largest buyers and sellers, with the security each traded most, then what they did on balance."""
    rows = _within(tables["journal"], first, last)
    sides = []
    for cause, column, verb in ((Cause.TRADE_PAY, "payer", "bought"), (Cause.TRADE_RECEIVE, "payee", "sold")):
        own = rows[rows["cause"] == cause_text(cause)]
        by_security = own.groupby([column, "contract"])["cents"].sum().rename_axis(["name", "security"])
        sums = by_security.groupby(level="name").sum().sort_values(ascending=False, kind="stable")
        sides.append(sums)
        if len(sums):
            told = [_trader(name, float(cents), by_security[name]) for name, cents in sums.head(3).items()]
            yield legible(f"Those who {verb} most: {listed(told)}; all together {dollars(float(sums.sum()))}.")
    balance = sides[0].sub(sides[1], fill_value=0)
    for sign, verb, other in ((1, "bought", "sold"), (-1, "sold", "bought")):
        sums = (sign * balance[sign * balance > 0]).sort_values(ascending=False, kind="stable")
        if len(sums):
            told = [f"{cut(str(name), 60)} {dollars(float(cents))}" for name, cents in sums.head(3).items()]
            yield legible(f"Those who {verb} most beyond what they {other}: {listed(told)}.")
    if any(map(len, sides)):
        days = " and days" if first != last else ""
        yield f"What was bought and sold is added up over all securities{days}: who buys one may sell another."


def _trader(name: object, cents: float, by_security: pd.Series) -> str:
    """Who traded for how much, and what for most of it."""
    most = by_security.sort_values(ascending=False, kind="stable")
    of = f" ({dollars(float(most.iloc[0]))} of it {most.index[0]})" if len(most) > 1 else f" ({most.index[0]})"
    return f"{cut(str(name), 60)} {dollars(cents)}{of}"


def _missing(value: object) -> bool:
    """Whether a number is not there."""
    return value is None or value is pd.NA or value == MISSING_INTEGER or value != value
