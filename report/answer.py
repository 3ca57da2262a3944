"""The answer of a run: who paid, what was promised and paid, who is left holding, and did it turn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..history.sinks import Tables
from . import measures_market as market
from .answer_holding import left_holding
from .answer_promised import promised
from .answer_statements import statements_part
from .answer_text import Context, Section
from .answer_turn import did_it_turn
from .answer_vendor import sold_on_credit
from .answer_who_paid import who_paid
from .markdown import markdown_text
from .measures_promises import listed_moves_only

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run says: headline sentences, sections with tables, and every measure as plain data."""

    title: str
    headlines: tuple[str, ...]
    sections: tuple[Section, ...]
    measures: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The answer as data that JSON can hold: what is not known is null."""
        return {
            "title": self.title,
            "headlines": list(self.headlines),
            "measures": plain(self.measures),
        }

    def to_markdown(self) -> str:
        """The answer as a Markdown page."""
        parts = [f"# {markdown_text(self.title)}", *(f"**{markdown_text(line)}**" for line in self.headlines)]
        for section in self.sections:
            parts.append(section.to_markdown())
        return "\n\n".join(parts) + "\n"


def assemble(tables: Tables, scenario: Scenario, *, seed: int, tracing: str, planned_mw: float | None = None) -> Answer:
    """The answer of a finished run from its tables.

    `planned_mw` is the capacity that should be in service on the last day; None leaves that part of the regime out.
    """
    announced = listed_moves_only(tables["announcements"], tables["daily"])
    tables = {**tables, "announcements": announced}
    context = Context(tables=tables, scenario=scenario, rule=str(tracing), planned_mw=planned_mw)
    credit, statements = sold_on_credit(context), statements_part(context)
    parts = [
        who_paid(context),
        *([credit] if credit else []),
        promised(context),
        left_holding(context),
        did_it_turn(context),
        *([statements] if statements else []),
    ]
    days = int(tables["firms"]["day"].max()) if len(tables["firms"]) else 0
    return Answer(
        title=f"{scenario.title} (seed {seed}, {days} trading days)",
        headlines=tuple(line for part in parts for line in part.headlines),
        sections=tuple(part.section for part in parts),
        measures={
            "scenario": scenario.name,
            "seed": seed,
            "days": days,
            "tracing": str(tracing),
            **{k: v for part in parts for k, v in part.measures.items()},
            "etf_premium": market.etf_premium(tables["daily"]),
            "spreads": market.spreads(tables["firms"]),
            "runway": market.runway(tables["firms"]),
        },
    )


def plain(value: Any) -> Any:
    """Nested data with Python's own numbers and texts; not-a-number and infinity become null."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Iterable):
        return [plain(v) for v in value]
    raise TypeError(f"the answer holds {type(value).__name__}, which JSON does not")
