"""How a world went against the one beside it: what breaks without the circle's deals too is not their doing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ...report.measures_turn import BREAKS, RegimeName, regime_of

Link = Mapping[str, Any]
"""One step of a chain: `day`, `date`, `kind`, `agent`, `counterparty`, `cents`, `times`, `detail`."""
REGIME, TURN_DAY, STRAIN_DAY, LEFT_OUT = "regime_of_circle", "turn_day", "strain_day", "breaks_anyway"
BESIDE = {
    REGIME: ("-", "regime by what the same firm does not go through in the twin too; without a twin, the regime"),
    TURN_DAY: ("days after the start", "calendar days to the first broken promise or default; none: it did not turn"),
    STRAIN_DAY: ("days after the start", "calendar days to the first strain; none: there was none"),
    LEFT_OUT: ("events", "broken promises and defaults that come to the same firm in the twin too"),
}
"""Columns that a world has only beside another, with unit and meaning."""


def links_of(run: Mapping[str, Any]) -> list[Link]:
    """The decisive events of a world, in order."""
    found: list[Link] = json.loads(run["strains"]) if run.get("strains") else []
    return found


def _who(link: Link) -> tuple[str, str, str]:
    return link["kind"], link["agent"], link["counterparty"]


def own_links(run: Mapping[str, Any], twin: Mapping[str, Any] | None) -> list[Link]:
    """What happens to a firm in a world and not to the same firm in its twin; all where there is no twin."""
    seen = {_who(link) for link in links_of(twin)} if twin is not None else set()
    return [link for link in links_of(run) if _who(link) not in seen]


def turn_of(run: Mapping[str, Any], twin: Mapping[str, Any] | None, start: date) -> dict[str, Any]:
    """The columns above of one world; days are calendar days after the start, so that they can be said as dates."""
    own = own_links(run, twin)
    counts = Counter[str]()
    for link in own:
        counts[link["kind"]] += link["times"]
    planned, delivered = run.get("planned_mw"), run.get("delivered_mw")
    share = delivered / planned if planned and delivered is not None else None
    regime = regime_of(counts, share, has_promises=run["regime"] not in (None, RegimeName.NONE.value))
    anyway = sum(link["kind"] in BREAKS for link in links_of(run)) - sum(link["kind"] in BREAKS for link in own)
    return {
        REGIME: regime.name.value,
        TURN_DAY: _first(own, start, BREAKS),
        STRAIN_DAY: _first(own, start, None),
        LEFT_OUT: anyway,
    }


def _first(links: Sequence[Link], start: date, kinds: Sequence[str] | None) -> int | None:
    days = [date.fromisoformat(link["date"]) for link in links if kinds is None or link["kind"] in kinds]
    return (min(days) - start).days if days else None


def chain_to_break(links: Sequence[Link]) -> list[Link]:
    """From the first strain to the last broken promise or default."""
    last = max((link["day"] for link in links if link["kind"] in BREAKS), default=-1)
    return [link for link in links if link["day"] <= last]
