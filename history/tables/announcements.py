"""Every announcement with its account: what was announced, made binding and paid, and what the firm's value did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, NamedTuple

from ...model import CarouselModel
from ...narrative.announcements import Instrument, Unit
from ...narrative.chronicle import FirstDay
from ..columns import Cents, Text
from ..table import Rhythm, table_of_rows


class AnnouncementRow(NamedTuple):
    """One row per announcement released."""

    number: Annotated[int, "-", "number of the announcement"]
    day: Annotated[int, "trading days since the start", "day of the run; 0 is the opening"]
    date: Annotated[date, "-", "calendar date of that day"]
    firm: Annotated[Text, "listed or private firm it is about"]
    counterparty: Annotated[Text, "the other side"]
    instrument: Annotated[Instrument, "-", "what was announced"]
    text: Annotated[Text, "what was said"]
    direction: Annotated[int, "sign", "+1 good news, -1 bad news, 0 neither"]
    announced_cents: Annotated[Cents, "amount announced"]
    committed_cents: Annotated[Cents, "amount made binding so far"]
    paid_cents: Annotated[Cents, "paid under it so far, in cash or in new shares at their close"]
    market_value_before_cents: Annotated[Cents, "close before times the shares of the day; of a lab as marked then"]
    day0_return: Annotated[float | None, "share", "the firm's return on the day"]
    day0_abnormal_return: Annotated[float | None, "share", "that return less the return of the rest of the index"]
    value_gained_cents: Annotated[int | None, "US cents", "market value gained that day: return times value before"]
    unit: Annotated[Unit, "-", "the unit in which it tells its size"]


def announcements(model: CarouselModel) -> Iterator[AnnouncementRow]:
    """Every announcement that came out, in the order of their numbers."""
    for item in model.chronicle.announcements.announcements:
        if not item.released:
            continue
        first = model.chronicle.first_days.get(item.number, FirstDay(0, None, None))
        change = first.day0_return
        yield AnnouncementRow(
            number=item.number,
            day=item.day,
            date=model.clock.dates[item.day],
            firm=item.firm,
            counterparty=item.counterparty,
            instrument=item.instrument,
            text=item.text,
            direction=item.direction,
            announced_cents=item.announced_cents,
            committed_cents=item.committed_cents,
            paid_cents=item.paid_cents,
            market_value_before_cents=first.value_before_cents,
            day0_return=change,
            day0_abnormal_return=first.abnormal_return,
            value_gained_cents=round(first.value_before_cents * change) if change is not None else None,
            unit=item.unit,
        )


ANNOUNCEMENTS = table_of_rows(
    "announcements",
    AnnouncementRow,
    announcements,
    parties=("firm", "counterparty"),
    stamp=(),
    rhythm=Rhythm.AT_END,
    is_flow=True,
)
