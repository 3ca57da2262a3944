"""Every step of many lives of every class of contract is what was recorded: its state, its bills, what is told of it.

`python tests/contracts/test_lives_recorded.py --record` writes the lives anew, after somebody has read what moved in
the first of each class; of the others a digest of every step is kept.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from dataclasses import replace
from datetime import date
from enum import Enum
from itertools import pairwise
from pathlib import Path

import pytest
from carousel.contracts.backstop import Backstop
from carousel.contracts.base import BadTransition
from carousel.contracts.build_plan import BuildPlan
from carousel.contracts.chip_order import ChipOrder
from carousel.contracts.compute import ComputeContract
from carousel.contracts.convertible import Convertible
from carousel.contracts.equity_ticket import EquityTicket
from carousel.contracts.guarantee import Guarantee
from carousel.contracts.lease_vehicle import LeaseVehicle
from carousel.contracts.milestone import MilestoneInvestment
from carousel.contracts.promised import PublicContract
from carousel.contracts.revolving_line import RevolvingLine
from carousel.contracts.vendor_loan import VendorLoan
from carousel.contracts.warrant import Warrant
from carousel.narrative.announcements import Draft, Instrument
from carousel.narrative.credibility import Evidence
from carousel.scenarios import schema_deals
from carousel.tests.contracts.classes import CASES, desk, late, month, pay

RECORD = Path(__file__).with_name("lives.json")
LIVES, STEPS, TOLD = 30, 24, 2
OTHERWISE = {
    ComputeContract: lambda c: replace(c.terms, price_usd_per_mw_year=9_000.03, build_months=5, term_months=9),
    BuildPlan: lambda c: (replace(c.terms, build_months=5), c.plan.model_copy(update={"demand_gw": 1.5})),
    MilestoneInvestment: lambda c: c.terms.model_copy(update={"amount_usd_per_gw": 0.9e9 + 0.03}),
    EquityTicket: lambda c: schema_deals.EquityTicket(
        name="Ticket", investor="Maker", investee="Lab", amount_usd=1.2e6, closes=date(2025, 12, 1)
    ),
    RevolvingLine: lambda c: c.terms.model_copy(update={"limit_usd": 1.2e6, "margin_per_year": 0.02}),
    Warrant: lambda c: c.terms.model_copy(update={"shares": 1_200, "strike_usd": 0.05, "last_price_usd": 80.0}),
    Convertible: lambda c: c.terms.model_copy(update={"amount_usd": 7.5e5, "premium_share": 0.2}),
    LeaseVehicle: lambda c: c.terms.model_copy(update={"spread_per_year": 0.05, "years": 0.25}),
    Backstop: lambda c: c.terms.model_copy(update={"covered_share": 0.5, "expires": date(2026, 8, 3)}),
    VendorLoan: lambda c: c.terms.model_copy(update={"committed_usd": 1.1e6, "spread_per_year": 0.05}),
}
"""What the terms of a class are amended to."""
AGED, LAST = 14, ("payee defaults", "payer defaults", "replaced", "stops")
"""What ends most lives comes late."""


def plain(value):
    """Numbers with ten digits, words, and those inside of lists, tables and records."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if type(value).__module__.startswith("carousel.contracts") and hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return type(value).__name__


def state_of(contract, at):
    """What a contract holds and shows, and what its desk has been told."""
    hidden = ("_notary", "promise", "terms", "_registers", "_issuer")
    held = {name: plain(value) for name, value in vars(contract).items() if name not in hidden}
    shown = {
        name: plain(getattr(contract, name))
        for kind in type(contract).__mro__ for name, one in vars(kind).items() if isinstance(one, property)
    }  # fmt: skip
    if isinstance(contract, PublicContract):
        shown |= {"row": plain(contract.row()), "sales": [plain(tuple(sale)) for sale in contract.planned_sales()]}
        shown["promise"] = plain(contract.promise)
    board = at.chronicle.announcements
    said = [
        [a.firm, a.counterparty, str(a.instrument), a.text, a.announced_cents, a.committed_cents, a.paid_cents,
         a.direction, a.commitment] for a in (board[n] for n in range(len(board)))
    ]  # fmt: skip
    bills = [plain(bill) if isinstance(bill, dict) else plain_bill(bill) for bill in at.bills.due]
    dues = {str(day): [plain_bill(bill) for bill in due] for day, due in at.bills.scheduled.items()}
    events = [[e.day, e.kind.name, e.agent, e.counterparty, e.cents, e.detail] for e in at.chronicle.events]
    registers = at.books.registers
    units = registers.holdings[:, : registers.count].tolist()
    return {
        "units": units,
        "held": held, "shown": shown, "said": said, "bills": bills, "dues": dues, "events": events,
        "changes": [at.changes, at.loan_changes, at.openings, at.bills.version],
    }  # fmt: skip


def plain_bill(bill):
    return [
        bill.payer, bill.payee, bill.cents, bill.cause.name, bill.rank.name, bill.contract, bill.months_late,
    ]  # fmt: skip


def acts_of(kind, contract, at):
    """What can befall a contract, by name: often a month or a payment, now and then anything else."""
    acts = {"month": lambda: month(contract, at), "pay": lambda: pay(contract, at), "late": lambda: late(contract, at)}
    acts["pay a part"] = lambda: pay(contract, at, cents=12_345)
    acts |= {f"case {n}": (lambda act=act: act(contract)) for n, act in enumerate(CASES[kind].befalls)}
    acts["payee defaults"] = lambda: contract.on_default(contract.payee)
    acts["payer defaults"] = lambda: contract.on_default(contract.payer)
    if isinstance(contract, PublicContract):
        acts |= {
            "announced": lambda: contract.is_public or contract.become_public(0.7),
            "revalue": contract.revalue,
            "learn": lambda: contract.learn(Evidence.DELIVERED, 0.3),
            "replaced": lambda: contract.end_replaced("replaced", 10**7),
            "stops": contract.payer_stops,
        }
    if kind in OTHERWISE:
        acts["amend"] = lambda: contract.amend(amended(contract.promise), OTHERWISE[kind](contract), "amended")
    if kind is Guarantee:
        acts |= {
            "limit": lambda: contract.take_limit(77.01),
            "provide": lambda: contract.provide(0.07, 123_456, can_be_called=True),
            "no issuer": lambda: contract.provide(0.07, 123_456, can_be_called=False),
        }
    if kind is VendorLoan:
        acts["provide"] = lambda: contract.provide(0.09)
    if kind is ChipOrder:
        acts["reprice"] = lambda: contract.reprice(10**8 + 7, 0.25, 20.0)
    return acts


def amended(promise):
    """Three quarters of the money, twice the profit, half of the capacity."""
    return replace(
        promise, announced_cents=promise.announced_cents * 3 // 4, profit_usd_per_year=2 * promise.profit_usd_per_year,
        capacity_mw=promise.capacity_mw // 2,
    )  # fmt: skip


def born(kind, number):
    """A new contract: public from the start, on the calendar, or neither."""
    at = desk()
    contract = CASES[kind].make(at)
    if isinstance(contract, PublicContract):
        if number % 3 == 0:
            contract.known_from_start()
        elif number % 3 == 1 and contract.promise.beneficiary:
            item = at.chronicle.announcements.schedule(
                30, Draft(contract.promise.beneficiary, "Lab", Instrument.CONTRACT, "soon", 10**8, 1, contract.number)
            )
            contract.to_be_announced(item.number)
    return contract, at


def lived(kind, number):
    """One life of chance: birth, and what each act did."""
    luck = random.Random(f"{kind.__name__}-{number}")
    contract, at = born(kind, number)
    yield ["born", state_of(contract, at)]
    acts = acts_of(kind, contract, at)
    for step in range(STEPS):
        possible = [name for name in acts if step >= AGED or name not in LAST]
        name = luck.choice(["month", "month", "pay", *possible])
        try:
            came = acts[name]()
        except BadTransition as refused:
            came = f"refused: {refused}"
        except ValueError as refused:
            came = f"refused: {refused}"
        returned = [plain_bill(bill) for bill in came] if name == "month" and isinstance(came, list) else plain(came)
        yield [name, returned, state_of(contract, at)]


def moved(before, after):
    """The parts of a state that an act has changed."""
    return {part: changes(before[part], value) for part, value in after.items() if value != before[part]}


def changes(before, after):
    if isinstance(after, dict) and isinstance(before, dict):
        return {name: value for name, value in after.items() if before.get(name, "-") != value}
    return after


def recorded(kind):
    """The first lives in words, what moved in each step; of all others a digest of each step."""
    told, digests = [], []
    for number in range(LIVES):
        steps = list(lived(kind, number))
        if number < TOLD:
            told += [json.dumps(steps[0])]
            told += [json.dumps([*b[:-1], moved(a[-1], b[-1])]) for a, b in pairwise(steps)]
        digests.append(" ".join(hashlib.sha256(json.dumps(step).encode()).hexdigest()[:4] for step in steps))
    return {"told": told, "digests": digests}


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_every_step_of_a_life_is_what_was_recorded(kind):
    then, now = json.loads(RECORD.read_text())[kind.__name__], recorded(kind)
    assert now["told"] == then["told"]
    assert now["digests"] == then["digests"]


def main():
    """Record."""
    lives = {kind.__name__: recorded(kind) for kind in CASES}
    if "--record" in sys.argv:
        RECORD.write_text(json.dumps(lives, indent=0) + "\n")
    print({name: len(life["told"]) for name, life in lives.items()})


if __name__ == "__main__":
    main()
