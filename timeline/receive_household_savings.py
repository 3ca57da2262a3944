"""Receive household savings: a month's saving is put aside, outside money, split over all holders to the cent."""

from __future__ import annotations

from ..ledger.causes import Cause
from .world import World


def receive_household_savings(world: World) -> None:
    """On the last day of a month savings reach the households' account and every holder's part of it."""
    cast = world.cast
    if not world.clock.is_month_end or cast.households is None:
        return
    total = cast.households.savings_cents_per_month
    if total:
        world.books.journal.post(cast.household_savers, cast.omnibus, total, Cause.SAVING)
        cast.households.holders.pay_saving(total, day=world.clock.day)
