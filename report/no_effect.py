"""Two runs of the same payments and prices, one of which was changed on a day: that nothing moved, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..history.sinks import Tables
from ..scenarios.dated import CUSTOMERS_OF
from .payment_words import FOR_TEXT, summed
from .wording import dollars


def why_nothing_moved(
    alone: Sequence[tuple[str, Mapping[str, Any]]], tables: Mapping[str, Tables], last: int
) -> Iterator[str]:
    """A sentence that nothing moved, and one for each payer who stops in only one of two runs.

    `alone` are dated changes that only one has: whose (A or B) and the entry; `tables` are those of A and of B.
    """
    if not alone:
        return
    yield f"What is changed in only one of them has moved no payment and no price up to day {last}, where both end."
    for who, entry in alone:
        payer, day = entry.get("payer"), entry.get("day")
        if isinstance(payer, str) and isinstance(day, int) and not payer.startswith(CUSTOMERS_OF):
            yield _of_stop("A" if who == "B" else "B", payer, day, tables)


def _of_stop(other: str, payer: str, day: int, tables: Mapping[str, Tables]) -> str:
    """Why it takes nothing away that a payer stops: it paid nothing anyway, or what it has promised and holds."""
    journal = tables[other]["journal"]
    paid = summed(journal[(journal["payer"] == payer) & (journal["day"] >= day)])
    if not len(paid):
        return f"{payer} puts no money in from day {day} on in {other} either: that it stops takes nothing away."
    by_cause = paid.groupby(level="cause").sum().sort_values(ascending=False, kind="stable")
    most = str(by_cause.index[0])
    return (
        f"{payer} pays {dollars(float(by_cause.sum()))} from day {day} on in both, most of it "
        f"{FOR_TEXT.get(most, most.replace('_', ' '))}, out of what it has or has promised: who stops puts no new "
        "money in, and by then nothing that is paid has hung on it."
    )
