"""In which order cleared dues can be paid, so that cash goes from hand to hand and nobody pays before it has been paid.

Cash is paid gross as far as it goes, because a payment that is made carries its origin and one that is set off does
not. What is left in the end is a circle of debts that cancel: it is set off, and no cash is needed for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .dues import Settlement
from .exact_clearing import NonConvergence


@dataclass(slots=True)
class PaymentPlan:
    """Payments in order and set-offs, both as (index of the due, cents)."""

    payments: list[tuple[int, int]] = field(default_factory=list)
    set_off: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PaidInTurn:
    """What one till of cash paid round a ring: `whole_laps` in which everybody pays the whole till, then the rest.

    `rest` are the payments after those laps as (payer, cents) in order, `unpaid_cents` what stays owed in the end.
    """

    parties: int
    till_cents: int
    whole_laps: int
    rest: tuple[tuple[int, int], ...]
    unpaid_cents: int

    @property
    def payments(self) -> int:
        """How many payments are made."""
        return self.parties * self.whole_laps + len(self.rest)

    @property
    def laps(self) -> int:
        """How many laps are begun."""
        return -(-self.payments // self.parties)

    @property
    def paid_cents(self) -> int:
        """How much is paid in all."""
        return self.parties * self.whole_laps * self.till_cents + sum(amount for _, amount in self.rest)


def plan_payments(settlements: Sequence[Settlement], cash: Mapping[int, int], *, laps_max: int = 12) -> PaymentPlan:
    """Orders the paid part of settlements so that every payment is covered by its payer's cash at that moment.

    `cash` is the cents each payer has before. Dues are paid whole where cash allows; when nobody can pay a whole
    due, all pay what they have, in parts, in up to `laps_max` rounds. Circles among what is then left are set off
    and the rest is paid from those upstream on. Payments and set-off of a due sum to its `paid_cents`.

    Raises: ValueError if the settlements ask more of a payer than its cash and receipts.
    """
    plan = PaymentPlan()
    till = {each.due.payer: int(cash.get(each.due.payer, 0)) for each in settlements}
    left = [each.paid_cents for each in settlements]
    _check_means(settlements, till)
    for _ in range(laps_max):
        _pay_round(plan, settlements, till, left, whole=True)
        if not any(left) or not _pay_round(plan, settlements, till, left, whole=False):
            break
    if any(left):
        _pay_round(plan, settlements, till, left, whole=True)
        _set_off_circles(plan, settlements, left)
        _pay_round(plan, settlements, till, left, whole=True)
    if any(left):
        raise NonConvergence(rounds=laps_max)
    return plan


def _check_means(settlements: Sequence[Settlement], till: Mapping[int, int]) -> None:
    means = dict(till)
    for each in settlements:
        means[each.due.payer] -= each.paid_cents
        if each.due.payee in means:
            means[each.due.payee] += each.paid_cents
    for account, rest in means.items():
        if rest < 0:
            raise ValueError(f"came payments {-rest} cents beyond the means of account {account}, allowed: none")


def _pay_round(
    plan: PaymentPlan, settlements: Sequence[Settlement], till: dict[int, int], left: list[int], *, whole: bool
) -> bool:
    """Pays dues wholly (until none can be) or in part (each once). Returns whether anything was paid."""
    any_paid = False
    again = True
    while again:
        again = False
        for index, each in enumerate(settlements):
            payer, payee = each.due.payer, each.due.payee
            amount = left[index] if whole else min(left[index], till[payer])
            if not 0 < amount <= till[payer]:
                continue
            till[payer] -= amount
            if payee in till:
                till[payee] += amount
            left[index] -= amount
            plan.payments.append((index, amount))
            any_paid = True
            again = whole
    return any_paid


def _set_off_circles(plan: PaymentPlan, settlements: Sequence[Settlement], left: list[int]) -> None:
    """Takes every circle of unpaid amounts out of `left`; each removal ends at least one due."""
    cancelled: dict[int, int] = {}
    while circle := _find_circle(settlements, left):
        amount = min(left[index] for index in circle)
        for index in circle:
            left[index] -= amount
            cancelled[index] = cancelled.get(index, 0) + amount
    plan.set_off.extend(sorted(cancelled.items()))


def _find_circle(settlements: Sequence[Settlement], left: Sequence[int]) -> list[int]:
    """Unpaid dues that lead from an account back to itself, or nothing."""
    owing: dict[int, list[int]] = {}
    for index, each in enumerate(settlements):
        if left[index]:
            owing.setdefault(each.due.payer, []).append(index)
    done: set[int] = set()
    for start in owing:
        path: list[int] = []
        trail = [start]
        on_trail = {start}
        while trail:
            ways = owing.get(trail[-1], [])
            way = next((index for index in ways if settlements[index].due.payee not in done), None)
            if way is None:
                account = trail.pop()
                on_trail.remove(account)
                done.add(account)
                if path:
                    path.pop()
                continue
            payee = settlements[way].due.payee
            path.append(way)
            if payee in on_trail:
                return path[trail.index(payee) :]
            trail.append(payee)
            on_trail.add(payee)
    return []


def pay_in_turn(ring_cents: Sequence[int], till_cents: int) -> PaidInTurn:
    """Lets the first of a ring, each owing the next one, start with a till and everyone pay on what it has, in turn.

    With three parties owing 100 each and 1 in the till, the same money goes round 100 times. As long as everybody owes
    more than the till a lap takes the whole till from each debt, so those laps are divided out, not counted; the lap
    after them ends at the smallest debt.

    Raises: ValueError on fewer than two parties or negative amounts.
    """
    n = len(ring_cents)
    if n < 2 or till_cents < 0 or any(amount < 0 for amount in ring_cents):
        raise ValueError(
            f"came {list(ring_cents)!r} and {till_cents!r}, allowed: two or more debts and a till, all >= 0"
        )
    whole_laps = min(ring_cents) // till_cents if till_cents else 0
    left = [int(amount) - whole_laps * till_cents for amount in ring_cents]
    purse = [int(till_cents)] + [0] * (n - 1)
    rest: list[tuple[int, int]] = []
    at = 0
    while (amount := min(purse[at], left[at])) > 0:
        purse[at] -= amount
        left[at] -= amount
        rest.append((at, amount))
        at = (at + 1) % n
        purse[at] += amount
    return PaidInTurn(n, int(till_cents), whole_laps, tuple(rest), sum(left))
