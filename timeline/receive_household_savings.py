"""Receive household savings: a month's saving is put aside, outside money, split over all holders to the cent; plans
take in theirs."""

from __future__ import annotations

from ..ledger.causes import Cause
from .payments import collect
from .world import World


def receive_household_savings(world: World) -> None:
    """On the last day of a month savings reach the households' account and every holder's part of it, and the plans."""
    cast = world.cast
    if not world.clock.is_month_end or cast.households is None:
        return
    if cast.plans is not None:
        plans = cast.plans
        collect(world, plans.savers_account, plans.account, plans.saving_cents_per_month, Cause.SAVING)
    total = cast.households.savings_cents_per_month
    if total:
        world.books.journal.post(cast.household_savers, cast.omnibus, total, Cause.SAVING)
        cast.households.holders.pay_saving(total, day=world.clock.day)
