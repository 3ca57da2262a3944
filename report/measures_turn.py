"""Did it turn: the regime of a run by a stated rule on what its books show, and the decisive events in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from ..narrative.chronicle import Happening

STALL_DELIVERED_SHARE = 0.5
DEFAULTS = (Happening.DEFAULT,)
BROKEN_PROMISES = (Happening.RENEGOTIATED, Happening.CANCELLED, Happening.MILESTONE_CANCELLED, Happening.BILL_MISSED)
STRAINS = (
    Happening.DOUBTED,
    Happening.BILL_LATE,
    Happening.LATE,
    Happening.DELIVERY_LATE,
    Happening.BUILD_SLOWED,
    Happening.ROUND_FAILED,
    Happening.DOWN_ROUND,
    Happening.BOND_FAILED,
    Happening.CAPITAL_CALL_MISSED,
    Happening.MILESTONE_CUT,
    Happening.MILESTONE_WAITS,
    Happening.REPLACED,
    Happening.CUT_ASKED,
    Happening.RESET,
    Happening.LINE_CUT,
    Happening.LINE_HELD,
    Happening.LINE_NOT_HONOURED,
    Happening.GUARANTEE_CALLED,
    Happening.LOAN_WRITTEN_OFF,
    Happening.PROVISION,
)
DECISIVE = (*DEFAULTS, *BROKEN_PROMISES, *STRAINS)
"""Kinds of events that can turn the circle, the gravest first."""
BREAKS = (*DEFAULTS, *BROKEN_PROMISES)
"""Kinds of events that make a reversal; a chain goes from the first strain to the last of them."""
STALLS = (
    Happening.BUILD_SLOWED,
    Happening.ROUND_FAILED,
    Happening.MILESTONE_CUT,
    Happening.MILESTONE_WAITS,
    Happening.REPLACED,
    Happening.RESET,
)
"""Strains that hold the circle up: a bond issue that fails may be made good by shares, a late bill a month later."""
KIND_WORDS = {
    Happening.DEFAULT: ("default", "defaults"),
    Happening.RENEGOTIATED: ("renegotiation", "renegotiations"),
    Happening.CANCELLED: ("cancellation", "cancellations"),
    Happening.MILESTONE_CANCELLED: ("milestone investment ended", "milestone investments ended"),
    Happening.BILL_MISSED: ("bill missed", "bills missed"),
    Happening.BUILD_SLOWED: ("slowed build", "slowed builds"),
    Happening.ROUND_FAILED: ("failed round", "failed rounds"),
    Happening.MILESTONE_CUT: ("milestone cut", "milestones cut"),
    Happening.MILESTONE_WAITS: ("milestone put off", "milestones put off"),
    Happening.REPLACED: ("promise replaced by a smaller one", "promises replaced by smaller ones"),
    Happening.RESET: ("promise cut by agreement", "promises cut by agreement"),
}


class RegimeName(StrEnum):
    """How a run went."""

    NONE = "none"
    EXPANSION = "expansion"
    STALL = "stall"
    REVERSAL = "reversal"
    DEFAULT = "default"


TURNED = (RegimeName.REVERSAL, RegimeName.DEFAULT)
"""Regimes of a circle that has turned."""


@dataclass(frozen=True, slots=True)
class Regime:
    """The regime of a run and what decided it, in words."""

    name: RegimeName
    reasons: tuple[str, ...]


def regime(events: pd.DataFrame, delivered_share: float | None, *, has_promises: bool) -> Regime:
    """The regime of a run from its table of events: `regime_of` how often each kind happened."""
    return regime_of(events["kind"].value_counts().to_dict(), delivered_share, has_promises=has_promises)


def regime_of(counts: Mapping[str, int], delivered_share: float | None, *, has_promises: bool) -> Regime:
    """The regime of a run in which each kind of event happened so often, by the first of these rules that holds.

    1. none: nobody promised anything, so nothing could turn.
    2. default: somebody defaulted.
    3. reversal: a promise was broken (renegotiated for want of money, cancelled, or a bill missed for a second month).
    4. stall: a build was slowed, a round failed, a milestone was cut or put off, a promise replaced by a smaller one or
       cut by agreement (a reset: its payer is neither late nor out of money); or less than half of the capacity planned
       for the last day is in service (`delivered_share`, None when nothing was planned yet).
    5. expansion: nothing of all that.

    Contracts and payments alone decide: share prices move by moods as well, in a world without any deal too. Most long
    contracts are renegotiated without distress (Roberts & Sufi 2009, JFE 93(2)), so what both agree upon breaks none.
    """

    def told(kinds: tuple[Happening, ...]) -> list[str]:
        return [f"{int(counts[k])} {KIND_WORDS[k][int(counts[k] > 1)]}" for k in kinds if k in counts]

    if not has_promises:
        return Regime(RegimeName.NONE, ("nobody has promised anything",))
    broken, strains = told(BROKEN_PROMISES), told(STALLS)
    if defaults := told(DEFAULTS):
        return Regime(RegimeName.DEFAULT, (*defaults, *broken))
    short = (
        [f"{delivered_share * 100:.0f} % of the capacity planned by now is in service"]
        if delivered_share is not None and delivered_share < STALL_DELIVERED_SHARE
        else []
    )
    if broken:
        return Regime(RegimeName.REVERSAL, (*broken, *strains, *short))
    if strains or short:
        return Regime(RegimeName.STALL, (*strains, *short))
    return Regime(RegimeName.EXPANSION, ("no default, no broken promise, no failed funding",))


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One step of a turn: the first event of its kind between two parties, how often it came, its largest amount."""

    day: int
    date: date
    kind: str
    agent: str
    counterparty: str
    cents: int
    times: int
    detail: str


def turning_chain(events: pd.DataFrame, first_day: int, last_day: int) -> list[ChainLink]:
    """The decisive events between two days, in order: each kind once, with number and largest amount."""
    window = events[(events["day"] >= first_day) & (events["day"] <= last_day) & events["kind"].isin(DECISIVE)]
    rows = window.sort_values("day", kind="stable").itertuples(index=False)
    return chain_of(
        ChainLink(
            int(row.day),
            row.date,
            row.kind,
            row.agent,
            row.counterparty,
            0 if row.cents is None or row.cents != row.cents else int(row.cents),
            1,
            row.detail,
        )
        for row in rows
    )


def chain_of(links: Iterable[ChainLink]) -> list[ChainLink]:
    """Single events in order of day as a chain: each kind between two parties once, where it came first.

    Amounts are not added: the same overdue bill or the same gap is noted again month after month.
    """
    found: dict[tuple[str, str, str], ChainLink] = {}
    for link in links:
        key = (link.kind, link.agent, link.counterparty)
        old = found.get(key)
        found[key] = (
            replace(old, cents=max(old.cents, link.cents), times=old.times + link.times) if old is not None else link
        )
    return list(found.values())
