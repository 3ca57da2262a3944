"""Chip supplies: which chip maker equips which cloud, at which cost, and what the rest of a GW costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ledger.causes import Cause
from ..scenarios.schema import ChipSupply


def chip_cost_cents(supply: ChipSupply, megawatts: int) -> int:
    """Cost of a supplier's chips for so many MW."""
    return round(supply.chips_usd_per_gw * supply.share * megawatts / 10)


def other_cost_cents(supply: ChipSupply, megawatts: int) -> int:
    """Cost of everything but the chips, for the part of so many MW that a supplier equips."""
    return round(supply.other_usd_per_gw * supply.share * megawatts / 10)


def bought(supplies: Iterable[ChipSupply]) -> Iterator[tuple[str, ChipSupply]]:
    """Supplies of chip makers, each with its maker's name: chips of a cloud's own design are nobody's sale."""
    return ((supply.supplier, supply) for supply in supplies if supply.supplier is not None)


def chip_cause(supply: ChipSupply) -> Cause:
    """What a bill for chips is: a chip maker's sale, or a part of building where they are of the buyer's own design."""
    return Cause.CONSTRUCTION if supply.supplier is None else Cause.CHIP_BILL


class Supplies:
    """Who equips whom, in the order of the scenario."""

    def __init__(self, supplies: Iterable[ChipSupply]) -> None:
        self._of: dict[str, tuple[ChipSupply, ...]] = {}
        for supply in supplies:
            self._of[supply.buyer] = (*self._of.get(supply.buyer, ()), supply)

    def of(self, buyer: str) -> tuple[ChipSupply, ...]:
        """Who equips a cloud's capacity, at which cost."""
        return self._of.get(buyer, ())

    def suppliers(self) -> Iterable[tuple[str, set[str]]]:
        """Every buyer with its suppliers."""
        for buyer, supplies in self._of.items():
            yield buyer, {maker for maker, _ in bought(supplies)}
