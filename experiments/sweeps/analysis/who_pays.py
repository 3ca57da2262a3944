"""Whose money a flow was: every payer's share by receiver and tracing rule, point by point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ....ledger.flows import Flow
from ....ledger.origins import TracingRule
from ....report.wording import how_many, inside
from .figure_payers import Payers, draw_payers
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import groups, mean_of, name_of_groups
from .intervals import Interval
from .measured import Measured
from .said import Unit, Words
from .tables import SweepTables

METHOD = "who pays"
STEM = "payer_share."
DEFINITION = (
    "part of the flow that came from this class of outside money, mean over the runs in which something flowed; 95 % "
    "bootstrap interval, replications (and points where they were drawn) redrawn whole"
)


class Column(NamedTuple):
    """One column of payer shares: rule, flow, receiver, class of payers."""

    column: str
    rule: str
    flow: str
    receiver: str
    payer: str


def who_pays(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """A finding for every flow to every receiver."""
    del outcomes
    columns = [found for name in tables.outcomes if (found := column_of(name)) is not None]
    if not columns:
        return [LeftOut(METHOD, "all", "no payer shares were measured (payer_share.*)")]
    flows = dict.fromkeys((c.flow, c.receiver) for c in columns)
    return [_one(tables, [c for c in columns if (c.flow, c.receiver) == flow]) for flow in flows]


def column_of(name: str) -> Column | None:
    """The parts of payer_share.RULE.FLOW.RECEIVER.CLASS; a receiver's name may hold dots."""
    if not name.startswith(STEM):
        return None
    parts = name.removeprefix(STEM).split(".")
    if len(parts) < 4 or parts[0] not in set(TracingRule) or parts[1] not in set(Flow):
        return None
    return Column(name, parts[0], parts[1], ".".join(parts[2:-1]), parts[-1])


def _one(tables: SweepTables, columns: Sequence[Column]) -> Result:
    flow, receiver = columns[0].flow, columns[0].receiver
    about = f"{flow.replace('_', ' ')}, {'all receivers' if receiver == 'all' else receiver}"
    drawn, rows, numbers, sentences = [], [], [], []
    for group in groups(tables):
        for rule in dict.fromkeys(c.rule for c in columns):
            found = []
            for column in (c for c in columns if c.rule == rule):
                values = pd.to_numeric(tables.good[column.column], errors="coerce").to_numpy(float, na_value=np.nan)
                share = mean_of(tables, Measured(Words(column.column, Unit.SHARE.value, ""), values), group.rows)
                if share.of:
                    found.append((column.payer, share))
            if not found:
                continue
            name = f"{about}, {group.name}, {rule}"
            rows += [(group.name, rule, payer, *share) for payer, share in found]
            numbers += [Number.from_interval(f"{name}: {payer}", s, "share", DEFINITION) for payer, s in found]
            drawn.append(Payers(group.name, rule, dict(found)))
            sentences.append(_sentence(group.name, rule, dict(found), int(group.rows.sum())))
    if not rows:
        return LeftOut(METHOD, about, "nothing flowed in any run")
    name = f"payers-{flow}-{receiver}"
    table = pd.DataFrame(
        rows, columns=[name_of_groups(tables), "rule", "payer", "share", "low", "high", "redrawn_units"]
    )
    title = f"Whose money: {about}"
    caption = f"{title}. Shares of classes of outside money by tracing rule, with 95 % intervals."
    picture = Picture(lambda: draw_payers(drawn, title=title), caption)
    return Finding(METHOD, title, tuple(sentences), tuple(numbers), {name: table}, {name: picture})


def _sentence(name: str, rule: str, shares: dict[str, Interval], runs: int) -> str:
    payer, share = max(shares.items(), key=lambda item: item[1].value)
    sure = f" (95 % interval {share.low:.0%} to {share.high:.0%})" if np.isfinite(share.low) else ""
    return (
        f"{name}, traced {rule}: the largest part, {share.value:.0%}{sure}, was {inside(payer)}, "
        f"mean of {how_many(runs, 'run')}."
    )
