"""Default: what cannot be paid is written down, bondholders keep a part, and the firm raises no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.cloud import CloudProvider
from ..agents.lab import AiLab
from ..narrative.announcements import Instrument

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .credit_book import Series
    from .dues import Claim

RECOVERY_OF_FACE = 0.40
"""Share of face value bondholders keep. Source: Moody's long-run average recovery of senior unsecured bonds, about
40 %."""


def declare(model: CarouselModel, account: int, claims: list[Claim]) -> None:
    """A party is in default on these claims: they are written off, its bonds written down, its plans ended."""
    name = model.name_of(account)
    model.dues.claims = [c for c in model.dues.claims if c not in claims]
    cents = sum(c.cents for c in claims)
    model.note("default", agent=name, cents=cents, detail="bills written off after the grace period")
    firm = model.firm_by_account.get(account)
    if not isinstance(firm, CloudProvider | AiLab) or firm.is_defaulted:
        return
    firm.is_defaulted = True
    for series in model.credit.by_issuer.get(name, ()):
        series.face_cents = max(1, int(series.face_cents * RECOVERY_OF_FACE))
    model.credit.changed()
    model.announce_tomorrow(
        firm=name, counterparty="", instrument=Instrument.GUIDANCE, text=f"{name} defaults", cents=cents, direction=-1
    )


def retire_bonds(model: CarouselModel, series: Series) -> None:
    """A series has come due: its units leave the registers, the claims for its face value remain until they are
    paid."""
    registers = model.books.registers
    for buyer in model.bond_buyers:
        units = int(registers.holdings[buyer.account, series.security])
        if units:
            registers.retire(series.security, buyer.account, units)
    model.credit.changed()
