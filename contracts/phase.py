"""A phase of building: some MW that are paid month by month, get their chips, and go into service together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Phase:
    """One month's start of building: some MW that go into service together."""

    megawatts: int
    start_month: int
    order_month: int
    service_month: int
    months_paid: int = 0
    construction_cents_billed: int = 0
    chips_cents_billed: int = 0
    chips_delivered_mw: int = 0
    is_ordered: bool = False
    chips_buyer: int = -1
    """Number of the contract under which somebody else buys a part of its chips; -1: nobody does."""
    chips_payer: int = -1
    """The account of who does."""
    others_share: float = 0.0
    """That part."""

    def leave_chips(self, contract: int, payer: int, share: float) -> None:
        """Somebody else buys a part of its chips."""
        self.chips_buyer, self.chips_payer, self.others_share = contract, payer, share

    def others_part(self, cents: int) -> int:
        """Of a sum for chips, what is not its builder's."""
        return int(cents * self.others_share)

    @property
    def has_chips(self) -> bool:
        """Whether all its chips are delivered."""
        return self.chips_delivered_mw >= self.megawatts

    @property
    def months(self) -> int:
        """Months of building as planned today."""
        return max(1, self.service_month - self.start_month)

    @property
    def awaits_chips(self) -> bool:
        """Whether its chips are ordered and not all delivered: a purchase that cannot be cancelled."""
        return self.is_ordered and not self.has_chips

    def pay_a_month(self, total_cents: int) -> int:
        """A month's part of its cost without chips, in cents: equal parts over the months of building as planned
        today, exact to the cent."""
        self.months_paid += 1
        due = max(total_cents * min(self.months_paid, self.months) // self.months, self.construction_cents_billed)
        part, self.construction_cents_billed = due - self.construction_cents_billed, due
        return part

    def order(self) -> None:
        """Its chips are ordered: from here the purchase cannot be cancelled."""
        self.is_ordered = True

    @property
    def cost_cents(self) -> int:
        """What it has cost so far: building and chips, as invoiced."""
        return self.construction_cents_billed + self.chips_cents_billed

    def equip(self, chips_mw: int) -> None:
        """Chips for so many more MW arrive."""
        self.chips_delivered_mw += chips_mw

    def invoice(self, chips_cents: int) -> None:
        """Chips that have arrived are invoiced."""
        self.chips_cents_billed += chips_cents

    def delay(self) -> None:
        """It goes into service a month later than planned."""
        self.service_month += 1
