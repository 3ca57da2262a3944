"""What happened besides payments, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from ...model import CarouselModel
from ...narrative.chronicle import Happening
from ..columns import Cents, Text
from ..table import table_of_rows


class EventRow(NamedTuple):
    """What happened besides payments: rounds, issues, bills missed, promises broken."""

    kind: Annotated[Happening, "-", "what happened"]
    agent: Annotated[Text, "to whom"]
    counterparty: Annotated[Text, "with whom"]
    cents: Annotated[Cents, "how much; 0 when no amount belongs to it"]
    detail: Annotated[Text, "in words"]


def events(model: CarouselModel) -> Iterator[EventRow]:
    """Today's events."""
    for _, kind, agent, counterparty, cents, detail in model.chronicle.events:
        yield EventRow(kind=kind, agent=agent, counterparty=counterparty, cents=cents, detail=detail)


EVENTS = table_of_rows("events", EventRow, events, parties=("agent", "counterparty"), is_flow=True)
