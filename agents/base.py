"""What every named agent is: a Mesa agent with a name, one cash account and a permanent slot for its luck."""

from __future__ import annotations

from typing import Any, ClassVar

import mesa

from ..engine.chance import slot_of


class CarouselAgent(mesa.Agent):
    """A named party. It decides from what it may see; the model moves the money it asks for."""

    kind: ClassVar[str] = "party"

    def __init__(self, model: Any, *, name: str, account: int) -> None:
        super().__init__(model)
        self.name = name
        self.account = account
        self.slot = slot_of(name)

    @property
    def cash_cents(self) -> int:
        """Cash on the account, in cents, read from the journal: nobody can assign it."""
        return int(self.model.books.journal.balance(self.account))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"


class OutsideWorld(CarouselAgent):
    """A labelled source and sink of cash outside the model: customers, partners, savers, suppliers and staff."""

    kind = "outside"
