"""Who paid: whose money each followed flow was, and how often it had been round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from ...ledger.causes import OriginClass
from ...ledger.flows import Flow
from ...ledger.origins import TracingRule
from ...model import CarouselModel
from ..columns import Cents, Text
from ..table import Rhythm, table_of_rows


class OriginRow(NamedTuple):
    """Who paid: cumulative receipts by origin and lap."""

    rule: Annotated[TracingRule, "-", "tracing rule"]
    receiver: Annotated[Text, "who received (for spending: who spent)"]
    flow: Annotated[Flow, "-", "which of its money"]
    origin: Annotated[Text, "outside account the cash first came from"]
    origin_class: Annotated[OriginClass, "-", "class of that account"]
    lap: Annotated[int, "laps", "how often it had been recycled; 7 means 7 or more"]
    cents: Annotated[Cents, "cumulative amount"]


def origins(model: CarouselModel) -> Iterator[OriginRow]:
    """Every followed flow so far, by origin and lap, where there is a cent."""
    journal = model.books.journal
    sources = journal.origin_accounts
    for (account, flow), by_rule in model.books.flows.origins.items():
        for rule, cells in by_rule.items():
            for origin, lap in zip(*(at.tolist() for at in np.nonzero(cells)), strict=True):
                yield OriginRow(
                    rule=rule,
                    receiver=journal.names[account],
                    flow=flow,
                    origin=journal.names[sources[origin]],
                    origin_class=journal.origin_class(sources[origin]),
                    lap=lap,
                    cents=int(cells[origin, lap]),
                )


ORIGINS = table_of_rows("origins", OriginRow, origins, parties=("receiver",), rhythm=Rhythm.MONTHLY)
