"""The lines of a validation card: a band, its worlds, their share inside, and the claim about them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ..runner.intervals import exact_bounds
from .bands import FAN, Band, Judged
from .card import RUNS, Card
from .checks import Check, ClaimKind, Worlds
from .circle_bands import BANDS, YES
from .report import band_words

TITLES = {
    ClaimKind.PREDICTION: "Predictions", ClaimKind.FITTED: "Fitted or in view",
    ClaimKind.IDENTITY: "Identities and unit tests", ClaimKind.REPORTED: "Reported",
}  # fmt: skip


class Line(NamedTuple):
    """One band of the card: its worlds, and the claim about them, if it is one."""

    band: Band
    worlds: Worlds
    check: Check | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper 95 % bound of the share inside."""
        return exact_bounds(self.worlds.inside, len(self.worlds.said))

    @property
    def share(self) -> float:
        """Of the worlds that say something, how many are inside."""
        return self.worlds.inside / len(self.worlds.said)

    @property
    def accepted(self) -> tuple[float, float] | None:
        """Between which shares the claim holds, where a share decides."""
        band = self.band
        if band.judged is Judged.FAN:
            return FAN[0] / 100, FAN[1] / 100
        if band.judged is Judged.MEDIAN and math.inf in (band.high, -band.low):
            return 0.5, 1.0
        return band.accept if band.judged is Judged.SHARE else None


def lines_of(card: Card) -> Iterator[Line]:
    """The bands that these worlds say anything about, kind by kind."""
    for kind in ClaimKind:
        for band in (*BANDS, RUNS):
            worlds = card.worlds(band)
            if band.kind is kind and worlds.said:
                yield Line(band, worlds, card.check(band))


def label_of(band: Band) -> str:
    """What a band is called in the picture, and where one world is inside."""
    return band.label if band.unit == YES or band is RUNS else f"{band.label}: {inside_at(band)}"


def inside_at(band: Band) -> str:
    """Where one world is inside, in words."""
    return "yes" if band.unit == YES else band_words(band.low, band.high, band.unit)
