"""What an announcement's firm did on its first day, raw and against the rest of the market."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from ..model import CarouselModel


class FirstDay(NamedTuple):
    """What an announcement's firm did on its first day; returns are None for a firm without a daily price."""

    value_before_cents: int
    day0_return: float | None
    abnormal_return: float | None


def remember_first_days(model: CarouselModel) -> None:
    """Note the first-day return of every announcement of today, raw and above the rest of the market."""
    board = model.board
    for item in model.released_today:
        firm = model.listed_by_name.get(item.firm)
        if firm is None:
            lab = model.lab_by_name.get(item.firm)
            before = round(100 * lab.value_usd()) if lab is not None else 0
            model.first_day_moves[item.number] = FirstDay(before, None, None)
            continue
        i = firm.index
        values = board.registers.outstanding[board.securities] * board.previous_cents
        moved = board.price_cents / board.previous_cents - 1
        others = np.arange(len(values)) != i
        market = float((values[others] * moved[others]).sum() / max(1.0, values[others].sum()))
        change = float(moved[i])
        model.first_day_moves[item.number] = FirstDay(int(values[i]), change, change - market)
