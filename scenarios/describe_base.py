"""What descriptions of a scenario are made of: tables of texts, and money in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; every row is as long as `columns`."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.title!r}: a row of {len(row)} cells for {len(self.columns)} columns")


def bn(usd: float) -> str:
    """USD as billions with three significant digits or more; small sums in plain USD."""
    if usd == 0:
        return "0"
    if abs(usd) < 1e6:
        return f"{usd:,.2f} USD"
    billions = usd / 1e9
    return f"{billions:,.0f}" if abs(billions) >= 1000 else f"{billions:.3g}"
