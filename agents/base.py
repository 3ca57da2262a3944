"""What every named agent is: a Mesa agent with a name, one cash account and a permanent slot for its luck."""

from __future__ import annotations

from typing import ClassVar

import mesa

from ..engine.chance import slot_of
from .sight import Sight


class CarouselAgent(mesa.Agent):
    """A named party. It decides from what it may see; the day's phases move the money it asks for."""

    kind: ClassVar[str] = "party"
    """Its kind in the recorded tables."""

    def __init__(self, model: mesa.Model, sight: Sight, *, name: str, account: int) -> None:
        super().__init__(model)
        self._sight = sight
        self.name = name
        self.account = account
        self.slot = slot_of(name)

    @property
    def cash_cents(self) -> int:
        """Cash on the account, in cents, read from the journal: nobody can assign it."""
        return self._sight.cash_cents(self.account)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"
