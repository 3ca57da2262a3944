"""Numbers as an answer says them, each remembered with its meaning, its unit and the columns it is worked out from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ...report.answer import plain
from ...report.wording import dollars, percent, ratio, spoken_date
from ...scenarios.schema import Scenario
from .pairs import Middle, Worlds

CENTS, SHARE, RATIO, DAYS, COUNT = "US cents", "share", "dollars per dollar", "days after the start", "worlds"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the answer: what it is, the columns of `worlds.parquet` that are added (with a minus: taken away) and
    those whose sum it is divided by, whether it is the difference to the world beside, and how it is said."""

    meaning: str
    unit: str
    added: tuple[str, ...]
    over: tuple[str, ...]
    is_effect: bool
    middle: Middle
    text: str

    def to_json(self) -> dict[str, Any]:
        """The same as data."""
        low, median, high = plain([self.middle.low, self.middle.median, self.middle.high])
        return {
            "meaning": self.meaning, "unit": self.unit, "text": self.text, "low": low, "median": median, "high": high,
            "sum_of": list(self.added), "over": list(self.over), "is_difference": self.is_effect,
        }  # fmt: skip


class Said:
    """Says numbers of worlds, and remembers what it has said."""

    def __init__(self, scenario: Scenario, worlds: Worlds) -> None:
        self.scenario, self.worlds = scenario, worlds
        self.numbers: list[Number] = []

    def middle(self, added: Sequence[str], over: Sequence[str] = (), *, is_effect: bool = False) -> Middle:
        """Of every world the sum of columns, over the sum of others, or its difference to the world beside."""
        values = self.worlds.sums(added)
        if is_effect:
            values = [own - twin for own, twin in zip(values, self.worlds.sums(added, are_twins=True), strict=True)]
        if over:
            below = self.worlds.sums(over)
            values = [value / by if by else math.nan for value, by in zip(values, below, strict=True)]
        return Middle.of(values)

    def _say(
        self, meaning: str, unit: str, text: str, middle: Middle, columns: tuple[Sequence[str], Sequence[str], bool]
    ) -> str:
        added, over, is_effect = columns
        self.numbers.append(Number(meaning, unit, tuple(added), tuple(over), is_effect, middle, text))
        return text

    def money(self, meaning: str, *added: str, is_effect: bool = False) -> str:
        """A sum of money."""
        middle = self.middle(added, is_effect=is_effect)
        return self._say(meaning, CENTS, money(middle), middle, (added, (), is_effect))

    def share(self, meaning: str, added: Sequence[str], over: Sequence[str], digits: int = 0) -> str:
        """A part of something."""
        middle = self.middle(added, over)
        return self._say(meaning, SHARE, share(middle, digits), middle, (added, over, False))

    def median_share(self, meaning: str, column: str) -> str:
        """A column that is a share itself."""
        middle = self.middle([column])
        return self._say(meaning, SHARE, share(middle), middle, ((column,), (), False))

    def per_dollar(self, meaning: str, added: Sequence[str], over: Sequence[str], *, is_effect: bool) -> str:
        """Dollars per dollar."""
        middle = self.middle(added, over, is_effect=is_effect)
        return self._say(meaning, RATIO, _ranged(middle, ratio), middle, (added, over, is_effect))

    def day(self, meaning: str, column: str) -> str:
        """A date."""
        middle = self.middle([column])
        start = self.scenario.start_date

        def spoken(days: float) -> str:
            return spoken_date(start + timedelta(days=round(days)))

        return self._say(meaning, DAYS, _ranged(middle, spoken), middle, ((column,), (), False))

    def count(self, meaning: str, number: int, column: str) -> str:
        """A count of worlds, of all."""
        text = f"{number} of {len(self.worlds.seeds)}"
        return self._say(meaning, COUNT, text, Middle(number, number, number), ((column,), (), False))


def money(middle: Middle) -> str:
    """A median of cents with its range, its unit said once if it can be; one sum where all worlds agree."""
    median, low, high = (dollars(cents) for cents in middle)
    if low == high:
        return median
    units = {text.lstrip("-$").partition(" ")[2] for text in (median, low, high)}
    if len(units) == 1 and units != {""}:
        low, high = (text.partition(" ")[0].replace("$", "") for text in (low, high))
    return f"{median} ({low} to {high})"


def share(middle: Middle, digits: int = 0) -> str:
    """A median share with its range."""
    median, low, high = (percent(value, digits) for value in middle)
    return low if low == high else f"{median} ({low.removesuffix(' %')} to {high.removesuffix(' %')})"


def _ranged(middle: Middle, said: Any) -> str:
    median, low, high = map(said, middle)
    return str(median) if low == high else f"{median} ({low} to {high})"
