"""Writes docs/told.md: a boom and two reversals told from their own events, by `python docs/told_page.py`.

Nothing is scripted: the runs differ by their seed alone, and every date and sum is read from their tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from carousel.narrative.chronicle import Happening
from carousel.report.whole_run import run
from carousel.report.wording import dollars, percent, spoken_date

PAGE = Path(__file__).with_name("told.md")
DAYS, HOLDERS = 1260, 300


class Told(NamedTuple):
    """One run: its seed, what it is called, and what to watch for."""

    seed: int
    title: str
    lead: str


TOLD = (
    Told(63, "A boom: the promise comes round and is paid",
         "The lab pays the cloud with investors' money, the cloud buys chips with lenders' money, the chip maker gives "
         "some of it back to the lab, and this time customers arrive before the money ends."),
    Told(97, "A reversal that begins in the chip maker's board room",
         "The letter of intent binds nobody. Belief in what the lab has signed is low when the first tranche comes up, "
         "so the chip maker walks away, and investors, too, bring money only at ever lower prices."),
    Told(2, "A reversal that begins with the investors",
         "The lab's bill is unfunded, so it asks for money before it must, and gets it at less than half its price. "
         "Seven months later a round fails, and on that day the chip maker's board ends its letter."),
)  # fmt: skip
FIRSTS = {
    Happening.BOND_ISSUED: "{agent} borrows for the first time since the start, {sum} of bonds: {detail}.",
    Happening.SHARE_ISSUE: "{agent} cannot place all its bonds and puts {sum} of new shares on sale ({detail}).",
    Happening.DELIVERED: "The first capacity goes into service: {detail} for {whom}.",
    Happening.MILESTONE_PAID: "{agent} pays {whom} its first tranche, {sum}: money for chips comes "
    "back to who pays for them.",
    Happening.ROUND_CLOSED: "{agent} closes its first private round since the start ({detail}).",
}
"""What is told when it first happens."""
TURNS = {
    Happening.DOUBTED: "Doubt: {detail}, too little for boards to pay in full.",
    Happening.MILESTONE_CUT: "{agent}'s board halves a tranche for {whom}: {sum}.",
    Happening.MILESTONE_CANCELLED: "{agent} ends its investment in {whom}.",
    Happening.ROUND_FAILED: "{agent} asks private investors for money and the round fails: {detail}.",
    Happening.DOWN_ROUND: "{agent} raises {sum} at a lower price than before ({detail}).",
    Happening.RENEGOTIATED: "The contract between {agent} and {whom} is cut: {detail}.",
    Happening.BILL_LATE: "{agent} is late with a bill to {whom}, {sum}.",
    Happening.BILL_MISSED: "{agent} misses a bill to {whom} for a second month, {sum}.",
    Happening.BUILD_SLOWED: "{agent} slows its building for want of {sum}: {detail}.",
    Happening.CAPITAL_CALL_MISSED: "{agent} does not pay {sum} that it had promised {whom}.",
    Happening.DEFAULT: "{agent} defaults: {detail}.",
}
"""What is told each time."""
REPEATED = {
    Happening.DOUBTED,
    Happening.ROUND_FAILED,
    Happening.DOWN_ROUND,
    Happening.BILL_LATE,
    Happening.BILL_MISSED,
    Happening.MILESTONE_CUT,
    Happening.DEFAULT,
}
"""Of these between the same two parties the first is told, and how often they come."""


def story(told: Told) -> Iterator[str]:
    """One run: its headlines, then its events in order, each with where the circle stood that day."""
    ran = run("ai-2025", seed=told.seed, days=DAYS, holders=HOLDERS)
    tables = {name: ran[name] for name in ("events", "firms", "daily", "commitments_daily")}
    yield from (f"## {told.title}", "", told.lead, "")
    entries = _told(tables["events"])
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        day = int(entry.rows[0].day)
        is_evening = following is None or int(following.rows[0].day) > day
        yield f"- {_sentence(entry)}{_standing(tables, day) if is_evening else ''}"
    yield ""
    for line in ran.answer["headlines"]:
        yield f"> {line}\n>"
    yield f"> Seed {told.seed}, {DAYS} trading days."
    yield ""


class Entry(NamedTuple):
    """Events of a kind between two parties: the first is told, with how many there are."""

    kind: Happening
    agent: str
    whom: str
    rows: list[Any]


def _told(events: pd.DataFrame) -> list[Entry]:
    """Announcements, firsts, and every strain or break, by the day of the first."""
    found: list[Entry] = []
    for row in events.sort_values("day", kind="stable").itertuples(index=False):
        kind = Happening(row.kind)
        is_told = kind in TURNS and "suppliers" not in row.counterparty
        same = [entry for entry in found if entry[:3] == (kind, row.agent, row.counterparty)]
        if same and kind in REPEATED:
            same[0].rows.append(row)
        elif is_told or (kind in FIRSTS and not same) or (kind is Happening.ANNOUNCED and row.cents):
            found.append(Entry(kind, row.agent, row.counterparty, [row]))
    return found


def _sentence(entry: Entry) -> str:
    """What happened, with its day; of several the first, how many, and the last day."""
    kind, agent, whom, rows = entry
    first, last = rows[0], rows[-1]
    words = "{agent}: {detail} ({sum})." if kind is Happening.ANNOUNCED else (FIRSTS | TURNS)[kind]
    detail = str(first.detail).replace("_", " ")
    said = words.format(agent=agent, whom=whom, sum=dollars(first.cents or 0), detail=detail)
    more = f" It happens {len(rows)} times until {spoken_date(last.date)}." if last.day > first.day else ""
    return f"**{spoken_date(first.date)}.** {said}{more}"


def _standing(tables: dict[str, pd.DataFrame], day: int) -> str:
    """Where the circle stood on the evening of a day: what the lab earns, what lenders ask, what is believed."""

    def on(table: str, column: str, name: str) -> Any:
        rows = tables[table]
        return rows[(rows["day"] == day) & (rows[column] == name)].iloc[0]

    lab, cloud = on("firms", "firm", "OpenAI"), on("firms", "firm", "Oracle")
    contract = on("commitments_daily", "commitment", "OpenAI-Oracle compute")
    oracle, nvidia = (on("daily", "security", name).price_cents / 100 for name in ("Oracle", "NVIDIA"))
    return (
        f" *OpenAI earns {dollars(100 * lab.revenue_run_rate_usd_per_year)} a year and has {dollars(lab.cash_cents)}; "
        f"{cloud.capacity_mw:,.0f} MW stand; belief in the contract {percent(contract.credibility)}; "
        f"Oracle {oracle:,.0f}, NVIDIA {nvidia:,.0f} USD; Oracle's spread {1e4 * cloud.spread_per_year:.0f} bp.*"
    )


def page() -> str:
    """The whole page."""
    lines = [
        "# A boom and two reversals",
        "",
        "Written by `python docs/told_page.py` from the runs' own tables. The three worlds are the same (`ai-2025`,",
        f"five years, {HOLDERS} households) and differ by their seed alone: nobody scripts the turn. Each is told from",
        "its first strain. In italics: where the circle stood that evening.",
        "",
    ]
    for told in TOLD:
        lines += story(told)
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
