"""Payments outside the clearing: what can be paid is paid at once, the rest falls due."""

from __future__ import annotations

from ..contracts.bills import Bill
from ..ledger.causes import Cause
from .world import World


def pay_or_owe(world: World, payer: int, payee: int, cents: int, cause: Cause) -> None:
    """Pay what the payer has; the rest falls due at the next settlement, unless the payer has defaulted."""
    if cents <= 0:
        return
    paid = min(cents, max(0, world.books.journal.balance(payer)))
    if paid:
        world.contracts.bills.paid_at_once(payer, payee, paid, cause)
        world.books.journal.post(payer, payee, paid, cause)
    if cents > paid and payer not in world.contracts.in_default:
        world.contracts.bills.add(Bill(payer, payee, cents - paid, cause))


def collect(world: World, source: int, receiver: int, cents: int, cause: Cause) -> None:
    """Money from the outside world."""
    if cents > 0:
        world.books.journal.post(source, receiver, cents, cause)
