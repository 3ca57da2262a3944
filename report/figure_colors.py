"""Who has which colour, in every picture: classes of outside money with those through whom it comes, and firms by kind.

A class keeps its colour wherever it is drawn. Colours of one set stay apart for colour-blind readers, as a test
measures in the simulation of Machado, Oliveira & Fernandes (2009).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from ..history.kinds import FirmKind, Group
from ..ledger.causes import OriginClass
from .figure_style import GREY, PALETTE

INDIGO, OLIVE, MAROON, SILVER, CREAM = "#332288", "#999933", "#72190E", "#C4C4C4", "#E8E8B8"
"""Tol (2021), Colour schemes, muted and incandescent; two pale ones for whom hardly any picture shows."""
OF_CLASS: dict[str, str] = {
    OriginClass.AI_CUSTOMERS: PALETTE[0],
    OriginClass.OTHER_CUSTOMERS: PALETTE[1],
    OriginClass.LIMITED_PARTNERS: PALETTE[2],
    OriginClass.BOND_SAVERS: PALETTE[3],
    OriginClass.BANK_CREDIT: PALETTE[4],
    OriginClass.PRIVATE_CREDIT: PALETTE[5],
    OriginClass.HOUSEHOLD_SAVINGS: PALETTE[6],
    OriginClass.PENSION_SAVINGS: PALETTE[7],
    OriginClass.FUND_SAVERS: PALETTE[8],
    OriginClass.LEGACY: PALETTE[9],
    OriginClass.MARKET_MAKERS: SILVER,
    OriginClass.SUPPLIERS: CREAM,
}
"""Classes of outside money."""
OF_KIND: dict[str, str] = {FirmKind.LAB: INDIGO, FirmKind.CLOUD: OLIVE, FirmKind.CHIP_MAKER: MAROON}
"""Firms of the circle by kind."""
OF_GROUP: dict[str, str] = {
    Group.VENTURE: OF_CLASS[OriginClass.LIMITED_PARTNERS],
    Group.BANKS: OF_CLASS[OriginClass.BANK_CREDIT],
    Group.BOND_FUNDS: OF_CLASS[OriginClass.BOND_SAVERS],
    Group.PRIVATE_CREDIT: OF_CLASS[OriginClass.PRIVATE_CREDIT],
    Group.FUNDS: OF_CLASS[OriginClass.FUND_SAVERS],
    Group.HOUSEHOLDS: OF_CLASS[OriginClass.HOUSEHOLD_SAVINGS],
    Group.PLANS: OF_CLASS[OriginClass.PENSION_SAVINGS],
    Group.MARKET_MAKERS: OF_CLASS[OriginClass.MARKET_MAKERS],
    Group.FOUNDERS: INDIGO,
    Group.LABS: INDIGO,
    Group.CLOUDS: OLIVE,
    Group.CHIP_MAKERS: MAROON,
}
"""Classes of holders: the colour of those whose money they hold."""
DASHES: tuple[str | tuple[float, tuple[float, ...]], ...] = (
    "-", (0, (6, 1.5)), (0, (2, 1)), (0, (8, 1.5, 1.5, 1.5)), (0, (1, 1.8)),
)  # fmt: skip


def color_of_class(name: object) -> str:
    """The colour of a class of outside money or of holders; grey for another."""
    return OF_CLASS.get(str(name)) or OF_GROUP.get(str(name)) or GREY


def look_of_firms(kinds: Iterable[tuple[str, str]]) -> dict[str, dict[str, object]]:
    """Colour and dashes of each firm's line, by (name, kind): colour tells the kind, dashes tell its firms apart."""
    nth: dict[str, count[int]] = {}
    looks: dict[str, dict[str, object]] = {}
    for name, kind in kinds:
        place = next(nth.setdefault(kind, count()))
        looks[name] = {"color": OF_KIND.get(kind, GREY), "linestyle": DASHES[place % len(DASHES)]}
    return looks
