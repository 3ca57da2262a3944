"""Paths of a world: what its promises, its labs and its market value come to at the end of every month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from ...engine.calendar import DAYS_PER_MONTH
from ...history.kinds import PromiseKind
from ...ledger.causes import Cause
from ...model import CarouselModel

START = "path."
"""With this begin the names of a world's paths, one list each: `path.date` says of which days."""
DATE, VALUE, ANNOUNCED, COMMITTED, PAID, REVENUE, BILL = (
    "date", "circle_value", "announced", "committed", "paid", "revenue.", "bill.",
)  # fmt: skip


class Paths:
    """An observer that notes cents at the opening, every month's end and on the last day.

    `circle_value`: market value of clouds, chip makers and labs. `announced`, `committed`, `paid`: sums over all
    promises but lines that a bank holds ready. `revenue.LAB`, `bill.LAB`: what customers have paid a lab, and it for
    compute, since the start.
    """

    def __init__(self, model: CarouselModel) -> None:
        self._noted: dict[str, list[Any]] = defaultdict(list)
        self(model)

    def __call__(self, model: CarouselModel) -> None:
        """Note the day that has just ended, if a month ends with it."""
        if model.clock.day % DAYS_PER_MONTH and not model.clock.is_over:
            return
        for name, value in self._today(model).items():
            self._noted[name].append(value)

    def columns(self) -> dict[str, list[Any]]:
        """The paths by name of their column."""
        return {f"{START}{name}": values for name, values in self._noted.items()}

    @staticmethod
    def _today(model: CarouselModel) -> dict[str, Any]:
        promises = [p.row() for p in model.contracts.promises if p.label != PromiseKind.REVOLVING_LINE]
        board, flows = model.prices, model.books.flows
        rows = [firm.index for firm in model.cast.circle]
        listed = (board.price_cents * board.registers.outstanding[board.securities])[rows]
        found = {
            DATE: model.clock.date.isoformat(),
            VALUE: int(listed.sum()) + sum(round(100 * lab.value_usd()) for lab in model.cast.labs),
            ANNOUNCED: sum(row.announced_cents for row in promises),
            COMMITTED: sum(row.committed_cents for row in promises),
            PAID: sum(row.paid_cents for row in promises),
        }
        for lab in model.cast.labs:
            has_moved = lab.account < len(flows.taken_by_cause)
            found[f"{REVENUE}{lab.name}"] = int(flows.taken_by_cause[lab.account, Cause.REVENUE_AI]) if has_moved else 0
            found[f"{BILL}{lab.name}"] = int(flows.given_by_cause[lab.account, Cause.COMPUTE_BILL]) if has_moved else 0
        return found


def dates_of(runs: Sequence[Mapping[str, Any]]) -> list[date]:
    """The days of the paths of some worlds, which are those of the first; none where no paths were taken."""
    return [date.fromisoformat(day) for day in runs[0].get(START + DATE, ())]


def path(runs: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    """One path of every world that has it, float[worlds, days]."""
    return np.array([run[START + name] for run in runs if START + name in run], dtype=float)


def per_quarter(cumulated: np.ndarray) -> np.ndarray:
    """What was added in each quarter, float[worlds, quarters], from sums at every month's end."""
    return np.diff(cumulated[:, quarter_ends(cumulated.shape[1])], axis=1)


def quarter_ends(months: int) -> list[int]:
    """Places of the opening and of every quarter's end among those of the months; a last quarter may be shorter."""
    ends = list(range(0, months, 3))
    return ends if ends[-1] == months - 1 else [*ends, months - 1]
