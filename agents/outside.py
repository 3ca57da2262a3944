"""The outside world: labelled sources and sinks of cash."""

from __future__ import annotations

from .base import CarouselAgent


class OutsideWorld(CarouselAgent):
    """A labelled source and sink of cash outside the model: customers, partners, savers, suppliers and staff."""

    kind = "outside"
