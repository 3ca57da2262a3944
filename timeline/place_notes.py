"""Place: a new series is issued at par; notes under contracts of their own go to the lender that they name."""

from __future__ import annotations

from collections.abc import Mapping

from ..contracts.bond import FACE_CENTS, Bond, BondTerms
from ..contracts.borrowing import Borrowing, NotesOffer
from ..ledger.causes import Cause
from ..ledger.registers import SecurityKind
from ..narrative.chronicle import Happening
from .payments import collect
from .world import World


def place(world: World, terms: BondTerms, allotments: Mapping[int, int], *, lap_step: int = 0) -> Bond | None:
    """Issue a series at par: units against cash, whole units only; private credit calls what it lends. None where
    nobody can pay for one. The security of the terms is given here."""
    journal, registers = world.books.journal, world.books.registers
    for buyer in world.cast.bond_buyers:
        if buyer.is_private_credit and (cents := allotments.get(buyer.account, 0) // FACE_CENTS * FACE_CENTS):
            collect(world, buyer.savers.account, buyer.account, buyer.call_investors(cents), Cause.CAPITAL_CALL)
    bought = {account: min(cents, journal.balance(account)) // FACE_CENTS for account, cents in allotments.items()}
    if not any(bought.values()):
        return None
    security = registers.open_security(terms.name, SecurityKind.BOND)
    bond = world.contracts.bonds.enter(terms.registered(security))
    for account, units in bought.items():
        if units:
            cents = units * FACE_CENTS
            journal.post(account, terms.issuer_account, cents, Cause.BOND_ISSUE, terms.contract, lap_step)
            registers.issue(security, account, units)
    world.contracts.bonds.changed()
    return bond


def place_notes(world: World) -> None:
    """Whatever contracts offer at this month's end is bought by the lender that they name, as far as it has the
    means."""
    for contract in [one for one in world.contracts.promises if isinstance(one, Borrowing)]:
        offer = contract.notes_offered()
        if offer is not None:
            contract.notes_placed(_place_offer(world, contract, offer))


def _place_offer(world: World, contract: Borrowing, offer: NotesOffer) -> Bond | None:
    """One offer."""
    name = f"{contract.name} {offer.coupon_per_year:.2%} issued day {world.clock.day}"
    terms = BondTerms(
        name=name,
        issuer=offer.issuer,
        issuer_account=offer.account,
        coupon_per_year=offer.coupon_per_year,
        maturity_day=offer.maturity_day,
        issue_day=world.clock.day,
        luck=name,
        contract=contract.number,
        is_traded=False,
        behind=offer.behind,
        right=offer.right,
    )
    lender = world.books.journal.account(offer.lender)
    cents = min(offer.cents, _means_cents(world, offer.lender))
    step = world.contracts.lap_step(offer.lender, offer.issuer) if contract.starts_lap else 0
    notes = place(world, terms, {lender: cents}, lap_step=step)
    if notes is not None:
        placed = notes.face_outstanding_cents
        world.chronicle.note(
            Happening.BOND_ISSUED, agent=offer.issuer, counterparty=offer.lender, cents=placed, detail=contract.name
        )
    return notes


def _means_cents(world: World, lender: str) -> int:
    """What a lender can lend: its cash and what it can call, unless its savers wait; of a chip maker cash above its
    buffer."""
    maker = world.cast.chip_maker_by_name.get(lender)
    if maker is not None:
        return max(0, maker.cash_cents - round(100 * maker.facts.cash_buffer_usd))
    buyer = next(buyer for buyer in world.cast.bond_buyers if buyer.name == lender)
    return buyer.means_cents if buyer.facts.lends and not buyer.savers.waiting_cents else 0
