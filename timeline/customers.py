"""Unlisted customers: a month of their business, their failures, and what they buy with their own and lent money."""

from __future__ import annotations

from ..contracts.loan_rules import affordable_cents
from ..contracts.purchases import Purchases
from ..ledger.causes import Cause
from .defaults import declare
from .payments import collect
from .world import World


def serve_customers(world: World) -> None:
    """A month of all unlisted customers; one that has failed earns only as long as it owes something."""
    bills, asked = world.contracts.bills, world.contracts.bonds.asked_ratio()
    for buying in list(world.contracts.kind(Purchases)):
        if buying.is_alive or bills.owed_cents(buying.buyer):
            collect(world, world.cast.other_customers, buying.buyer, buying.revenue_cents(), Cause.REVENUE_OTHER)
        if buying.is_alive and buying.fails(asked):
            declare(world, buying.buyer, bills.of_payer(buying.buyer))
        elif buying.is_alive:
            _buy(world, buying)


def _buy(world: World, buying: Purchases) -> None:
    """What it wants, as far as its cash beyond what is due and its vendor's line pay for it."""
    account, lending = buying.buyer, world.contracts.lending
    wanted = buying.wanted_cents()
    lent = lending.planned_draws_cents(account, {buying.payee: wanted})
    due = sum(bill.cents for bill in world.contracts.bills.of_payer(account)) + lending.service_cents(account, 1)
    buying.buy(affordable_cents(wanted, lent, max(0, world.books.journal.balance(account) - due)))
