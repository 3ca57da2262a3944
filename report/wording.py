"""How numbers and names are said in the answer: dollars with their size, shares in percent, labels as words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..history.kinds import Group, PromiseKind
from ..ledger.causes import OriginClass

NOTHING = "–"
SAID = {
    str(OriginClass.LEGACY): "money from before the start",
    str(OriginClass.LIMITED_PARTNERS): "venture investors' partners",
    str(OriginClass.OTHER_CUSTOMERS): "the firms' other customers",
}
"""Classes whose short name a newspaper reader would not understand."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What the parts of a circle are called: who sells to those who build, who builds, and what is sold."""

    sellers: str
    builders: str
    goods: str
    one_good: str

    def role(self, group: object) -> str:
        """A class of holders as this circle calls it."""
        return label({Group.CHIP_MAKERS.value: self.sellers, Group.CLOUDS.value: self.builders}.get(str(group), group))


CHIPS = Cast("chip makers", "clouds", "chips", "chip")
EQUIPMENT = Cast("equipment vendors", "network operators", "equipment", "equipment")


def cast_of(kinds: Iterable[object]) -> Cast:
    """The cast by the kinds of its commitments: who builds for customers of its own and for no lab buys equipment."""
    seen = {str(kind) for kind in kinds}
    return EQUIPMENT if PromiseKind.BUILD_PLAN in seen and PromiseKind.COMPUTE not in seen else CHIPS


def how_many(number: int, what: str, several: str | None = None) -> str:
    """1 run, 2 runs; of a word whose plural has more than an s, that plural is said."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def dollars(cents: float | None) -> str:
    """Cents as dollars: three significant digits from a million on ($4.46 tn, $12.3 bn), every dollar below."""
    if cents is None or math.isnan(cents):
        return NOTHING
    usd = abs(cents) / 100
    sign = "-" if cents < 0 else ""
    for size, name in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        scaled = float(f"{usd / size:.3g}")
        if scaled >= 1:
            return f"{sign}${_digits(scaled)}{name}"
    if not usd:
        return "$0"
    return f"{sign}${usd:,.0f}" if usd >= 100 or usd.is_integer() else f"{sign}${usd:.2f}"


def _digits(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share in percent; what is not known is a dash."""
    return NOTHING if share is None or math.isnan(share) else f"{share * 100:.{digits}f} %"


def signed_percent(share: float | None, digits: int = 1) -> str:
    """A return in percent with its sign; what rounds to nothing has none."""
    if share is None or math.isnan(share):
        return NOTHING
    number = f"{share * 100:+.{digits}f}"
    return f"{number if float(number) else number[1:]} %"


def ratio(value: float | None) -> str:
    """Dollars per dollar."""
    return NOTHING if value is None or math.isnan(value) else f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def spoken_date(day: date) -> str:
    """10 Sep 2025."""
    return f"{day.day} {day:%b %Y}"


def label(name: object) -> str:
    """A code as words: bond_savers becomes "Bond savers"."""
    words = SAID.get(str(name), str(name)).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def inside(name: object) -> str:
    """A label in the middle of a sentence: "bond savers", but "AI customers"."""
    words = label(name)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def listed(names: list[str]) -> str:
    """A, B and C."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "nobody"


def cut(text: str, width: int) -> str:
    """A text shortened at a word's end."""
    if len(text) <= width:
        return text
    return text[: width - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
