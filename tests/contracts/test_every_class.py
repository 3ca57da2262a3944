"""What holds of every class of contract; a class that has no case in classes.py fails here."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import carousel.contracts
import pytest
from carousel.contracts.base import ENDED, LIFE, BadTransition, Contract, Status
from carousel.contracts.bills import NO_CONTRACT
from carousel.contracts.bond import Bond
from carousel.contracts.capital_call import CapitalCall
from carousel.contracts.chip_order import ChipOrder
from carousel.contracts.promise import Row
from carousel.contracts.promised import PublicContract
from carousel.contracts.purchases import Purchases
from carousel.contracts.vendor_loan import VendorLoan
from carousel.history.tables.contracts import CommitmentRow
from hypothesis import given, settings
from hypothesis import strategies as st

from .classes import CASES, UNBILLED, late, made, month, pay

FOLDER = Path(inspect.getfile(carousel.contracts)).parent
NAMED_BEFORE_THE_ROW = 4
"""Name, kind, payer and payee of a contract's line in the table."""
every_class = pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)


def family(kind=Contract):
    """All classes below one in contracts/, however deep."""
    for module in pkgutil.iter_modules([str(FOLDER)]):
        importlib.import_module(f"carousel.contracts.{module.name}")
    below = [child for child in kind.__subclasses__() if child.__module__.startswith("carousel.contracts")]
    return {kind, *(one for child in below for one in family(child))}


FAMILY = sorted(family(), key=lambda kind: kind.__name__)


def is_final(kind):
    return getattr(kind, "__final__", False) and "__final__" in vars(kind)


def test_every_final_class_has_its_case():
    assert {kind for kind in FAMILY if is_final(kind)} == set(CASES)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_a_class_is_final_with_a_label_or_below_it_are_others(kind):
    has_children = any(kind in other.__bases__ for other in FAMILY)
    assert is_final(kind) != has_children
    assert is_final(kind) == ("label" in vars(kind))


def test_a_new_class_without_a_case_is_seen():
    class Planted(Contract):
        __module__ = "carousel.contracts.planted"
        label = "planted"

    assert family() - set(FAMILY) == {Planted}


def test_no_two_classes_share_a_label():
    assert len({kind.label for kind in CASES}) == len(CASES)


def life(kind, steps):
    """A life of chance: yields (status before, contract, the month's bills or None, status after) for every step."""
    case = CASES[kind]
    contract, at = made(case)
    public = isinstance(contract, PublicContract)
    acts = [
        lambda: month(contract, at),
        lambda: pay(contract, at),
        lambda: late(contract, at),
        lambda: contract.on_default(contract.payee),
        *((lambda: contract.end_replaced("replaced", 1), contract.revalue) if public else ()),
        *((lambda act=act: act(contract)) for act in case.befalls),
    ]
    for step in steps:
        before, bills = contract.status, None
        act = acts[step % len(acts)]
        try:
            came = act()
            bills = came if act is acts[0] else None
        except BadTransition as refused:
            legal = contract.status is not refused.came or refused.asked in LIFE[refused.came]
            if legal:
                raise
        yield before, contract, bills, contract.status


LIVES = st.lists(st.integers(0, 999), min_size=1, max_size=40)


@every_class
@settings(deadline=None, max_examples=60)
@given(steps=LIVES)
def test_whatever_befalls_it_its_life_goes_only_where_it_leads(kind, steps):
    for before, _, _, after in life(kind, steps):
        assert after is before or after in LIFE[before]


@every_class
@settings(deadline=None, max_examples=60)
@given(steps=LIVES)
def test_its_bills_are_whole_cents_of_its_own_and_nothing_is_due_after_its_end(kind, steps):
    """A loan is the exception that it says it is: with the line what is drawn does not end."""
    for before, contract, bills, _ in life(kind, steps):
        number = contract.number if isinstance(contract, PublicContract) else NO_CONTRACT
        assert all(type(bill.cents) is int and bill.cents >= 0 for bill in bills or ())
        assert {bill.contract for bill in bills or ()} <= {number}
        if before in ENDED and bills:
            assert kind is VendorLoan
            assert contract.drawn_cents > contract.repaid_cents + contract.written_off_cents


@every_class
def test_what_it_asks_for_adds_up_to_the_cent(kind):
    contract, at = made(CASES[kind])
    parts, whole = CASES[kind].parts(contract, at)
    assert sum(parts) == whole
    assert all(type(cents) is int and cents >= 0 for cents in parts)
    assert bool(parts) != (kind in UNBILLED)


ENDS = [(kind, end) for kind, case in CASES.items() for end in case.ends]


@pytest.mark.parametrize(("kind", "end"), ENDS, ids=[f"{kind.__name__}-{n}" for n, (kind, _) in enumerate(ENDS)])
def test_it_ends_and_nothing_follows(kind, end):
    contract, at = made(CASES[kind])
    end(contract, at)
    assert contract.status in ENDED
    assert not contract.is_alive
    if not isinstance(contract, VendorLoan) or contract.status is Status.DONE:
        assert [bill for _ in range(24) for bill in month(contract, at)] == []


@every_class
def test_it_has_an_end(kind):
    assert CASES[kind].ends or kind.ends_in_default


@every_class
@pytest.mark.parametrize("side", ["payer", "payee"])
def test_a_default_voids_it_exactly_if_its_class_says_so(kind, side):
    """A call is void when the lab fails; investors in a round are no firms, and do not default. A failed maker's estate
    delivers what is on order; a customer that fails buys no more, and whoever sold to it goes on."""
    contract, at = made(CASES[kind])
    before = contract.status
    contract.on_default(getattr(contract, side))
    voids = kind.ends_in_default and (kind, side) not in ((CapitalCall, "payer"), (ChipOrder, "payee"))
    ends = voids or (kind, side) == (Purchases, "payer")
    assert contract.status is (Status.CANCELLED if ends else before)
    if voids and kind is not VendorLoan:
        assert [bill for _ in range(24) for bill in month(contract, at)] == []


@every_class
def test_its_line_has_the_width_of_the_table(kind):
    contract, _ = made(CASES[kind])
    if not isinstance(contract, PublicContract):
        assert kind in (Bond, CapitalCall), "bonds and calls stand in tables of their own"
        return
    assert len(contract.row()) + NAMED_BEFORE_THE_ROW == len(CommitmentRow._fields)
    assert CommitmentRow._fields[NAMED_BEFORE_THE_ROW:] == Row._fields


def test_where_a_contract_stands_is_written_by_its_birth_and_its_next_step_alone():
    writers = set()
    for path in FOLDER.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                writers |= {function.name for node in ast.walk(function) if writes_status(node)}
    assert writers == {"__init__", "_step"}


def writes_status(node):
    return isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store)
