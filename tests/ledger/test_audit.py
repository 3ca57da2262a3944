"""The audit sees every planted leak of one cent or one share on the day it happens, and names it."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.ledger import audit_kernels
from carousel.ledger.audit import REGISTER_IDENTITIES, AuditError
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import CENTS
from carousel.ledger.origins import TracingRule
from carousel.ledger.owner_kernels import keyed_change
from carousel.ledger.owners import OWNERS_IDENTITY, OwnersBehind
from carousel.ledger.purse_kernels import END, START
from carousel.ledger.registers import SecurityKind
from carousel.ledger.slices import LAPS
from hypothesis import given, settings
from hypothesis import strategies as st

RULES = list(TracingRule)
SOURCE, FIRM, CROWD, LAB, HOUSE = range(5)
PRICE = 7
PRICED, MOVED = REGISTER_IDENTITIES[audit_kernels.PRICED], REGISTER_IDENTITIES[audit_kernels.MOVED]


def books_with_a_day_behind():
    books = Books(RULES)
    journal, registers = books.journal, books.registers
    assert journal.open_outside("savers", OriginClass.HOUSEHOLD_SAVINGS) == SOURCE
    names = ("firm", "crowd", "lab", "clearing house")
    assert [journal.open_inside(name) for name in names] == [FIRM, CROWD, LAB, HOUSE]
    journal.declare_clearing_house(HOUSE)
    share = registers.open_security("chips", SecurityKind.SHARE)
    registers.issue(share, FIRM, 100)
    registers.transfer(share, FIRM, CROWD, 40)
    for account in (FIRM, CROWD, LAB):
        journal.post(SOURCE, account, 1_000, Cause.OPENING)
    cash, shares = np.array([400, 600]), np.array([15, 25], np.int32)
    books.owners.append(OwnersBehind(CROWD, share, cash, shares, np.zeros(1, np.int64)))
    books.close_day(0)
    books.start_day(1)
    journal.post(FIRM, LAB, 10, Cause.MILESTONE, lap_step=1)
    journal.post(LAB, SOURCE, 5, Cause.OPERATION)
    return books


def buy(books, buyer, seller, units, cents):
    """A trade between two accounts, paid through the clearing house, delivered at once."""
    books.journal.post(buyer, HOUSE, cents, Cause.TRADE_PAY, 0)
    books.journal.post(HOUSE, seller, cents, Cause.TRADE_RECEIVE, 0)
    books.registers.holdings[buyer, 0] += units
    books.registers.holdings[seller, 0] -= units


def next_day(books):
    """A day on which nothing happens is audited like any other."""
    books.start_day(books.journal.day + 1)
    return books.close_day(books.journal.day)


def cent_created(books):
    books.journal.balances[FIRM] += 1


def cent_destroyed(books):
    books.journal.balances[LAB] -= 1


def cent_moved_past_the_journal(books):
    books.journal.balances[FIRM] += 1
    books.journal.balances[LAB] -= 1


def cent_taken_from_outside_past_the_journal(books):
    books.journal.balances[FIRM] += 1
    books.journal.balances[SOURCE] -= 1


def entry_changed_by_a_cent(books):
    books.journal.buffer[0, CENTS] += 1


def inflow_misstated(books):
    books.journal.inflow_cents += 1


def holder_cash_off(books):
    books.owners[0].cash_cents[1] += 1


def holder_shares_off(books):
    books.owners[0].shares[0] -= 1


def cent_moved_between_owners(books):
    books.owners[0].cash_cents[:] += (-1, 1)


def share_moved_between_owners(books):
    books.owners[0].shares[:] += (1, -1)


def share_moved_past_the_registers(books):
    books.registers.holdings[FIRM, 0] -= 1
    books.registers.holdings[LAB, 0] += 1


def share_swapped_for_its_price_past_the_kernels(books):
    """A share goes from one owner to the other, its price comes back, and nobody was told."""
    books.owners[0].shares[:] += (1, -1)
    books.owners[0].cash_cents[:] += (-PRICE, PRICE)


def share_delivered_unpaid(books):
    buy(books, LAB, FIRM, 3, 3 * PRICE)
    books.registers.holdings[LAB, 0] += 1
    books.registers.holdings[FIRM, 0] -= 1


def share_paid_not_delivered(books):
    buy(books, LAB, FIRM, 3, 4 * PRICE)
    books.registers.holdings[FIRM, 0] -= 1
    books.registers.holdings[HOUSE, 0] += 1


def trade_a_cent_too_dear(books):
    buy(books, LAB, FIRM, 3, 3 * PRICE + 1)


def cent_left_on_the_clearing_house(books):
    books.journal.post(LAB, HOUSE, 2 * PRICE, Cause.TRADE_PAY, 0)
    books.journal.post(HOUSE, FIRM, 2 * PRICE - 1, Cause.TRADE_RECEIVE, 0)
    books.registers.holdings[LAB, 0] += 2
    books.registers.holdings[FIRM, 0] -= 2


def share_created(books):
    books.registers.holdings[LAB, 0] += 1


def share_destroyed(books):
    books.registers.holdings[FIRM, 0] -= 1


def share_created_and_outstanding_too(books):
    books.registers.holdings[LAB, 0] += 1
    books.registers.outstanding[0] += 1


def share_lent_from_nowhere(books):
    books.registers.holdings[LAB, 0] -= 1
    books.registers.holdings[FIRM, 0] += 1


def plant(tracer, account, change):
    """Changes some traced cents of an account past the tracer."""
    purses = tracer._purses
    purses.amounts[purses.spans[account, START]] += change


def origin_cell_off(rule):
    return lambda books: plant(books.tracers[rule], FIRM, 1)


def origin_cells_swapped(rule):
    def swap(books):
        for account, change in ((FIRM, 1), (CROWD, -1)):
            plant(books.tracers[rule], account, change)

    return swap


def tranche_dropped(rule):
    def drop(books):
        books.tracers[rule]._purses.spans[CROWD, END] -= 1

    return drop


def tranche_shown_twice(rule):
    def show(books):
        spans = books.tracers[rule]._purses.spans
        spans[LAB] = spans[CROWD]

    return show


LEAKS = [
    (cent_created, "balance = sum of entries", "firm"),
    (cent_destroyed, "balance = sum of entries", "lab"),
    (cent_moved_past_the_journal, "balance = sum of entries", "firm"),
    (cent_taken_from_outside_past_the_journal, "balance = sum of entries", "savers"),
    (entry_changed_by_a_cent, "balance = sum of entries", "firm"),
    (inflow_misstated, "inside cash = opening + inflow - outflow", "all accounts"),
    (holder_cash_off, "sub-ledger = omnibus balance", "crowd"),
    (holder_shares_off, "sub-ledger = omnibus holding", "chips"),
    (share_moved_past_the_registers, MOVED, "chips"),
    (share_delivered_unpaid, PRICED, "chips"),
    (share_paid_not_delivered, PRICED, "chips"),
    (trade_a_cent_too_dear, PRICED, "chips"),
    (cent_left_on_the_clearing_house, "clearing house empty at the end of a day", "clearing house"),
    (share_created, "units held = units outstanding", "chips"),
    (share_destroyed, "units held = units outstanding", "chips"),
    (share_created_and_outstanding_too, "outstanding = issued - retired", "chips"),
    (share_lent_from_nowhere, "units held >= 0", "chips"),
    *((origin_cell_off(rule), "origins = balance", f"firm ({rule.value})") for rule in RULES),
    *((origin_cells_swapped(rule), "origins = balance", f"firm ({rule.value})") for rule in RULES),
]


@pytest.mark.parametrize(("leak", "identity", "where"), LEAKS)
def test_a_planted_leak_of_one_is_caught_on_its_day_and_named(leak, identity, where):
    books = books_with_a_day_behind()
    leak(books)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    error = caught.value
    assert (error.identity, error.day, error.where, abs(error.gap)) == (identity, 1, where, 1)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("fault", "where", "gap"), [(tranche_dropped, "crowd", 1000), (tranche_shown_twice, "lab", 5)])
def test_a_purse_that_misses_a_tranche_or_shows_anothers_is_caught_the_same_day(rule, fault, where, gap):
    books = books_with_a_day_behind()
    books.close_day(1)
    fault(rule)(books)
    books.start_day(2)
    with pytest.raises(AuditError) as caught:
        books.close_day(2)
    error = caught.value
    assert (error.identity, error.where, error.gap) == ("origins = balance", f"{where} ({rule.value})", gap)


def test_a_lost_entry_is_caught_with_all_its_cents():
    books = books_with_a_day_behind()
    books.journal.count -= 1
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.where, caught.value.gap) == ("savers", 5)


@pytest.mark.parametrize(
    "move", [cent_moved_between_owners, share_moved_between_owners, share_swapped_for_its_price_past_the_kernels]
)
def test_a_silent_move_between_two_owners_is_caught_although_all_sums_hold(move):
    books = books_with_a_day_behind()
    move(books)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where) == (OWNERS_IDENTITY, "crowd")
    assert caught.value.gap != 0


def test_what_owners_are_paid_and_trade_is_told_to_the_seal():
    books = books_with_a_day_behind()
    owners = books.owners[0]
    buy(books, CROWD, FIRM, 2, 2 * PRICE)
    owners.cash_cents[1] -= 2 * PRICE
    owners.shares[1] += 2
    owners.seal[0] += keyed_change(1, -2 * PRICE, 2)
    books.close_day(1)
    assert books.registers.held(CROWD, 0) == 42


@settings(deadline=None)  # the first example may compile
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 2**50))
def test_no_two_owners_count_alike(first, second, cents):
    moved = keyed_change(first, cents, 0) + keyed_change(second, -cents, 0)
    assert (moved % 2**64 == 0) == (first == second)
    assert keyed_change(first, cents, 0) != keyed_change(first, 0, cents)


def test_trades_at_two_prices_a_day_are_caught_at_the_second():
    books = books_with_a_day_behind()
    buy(books, LAB, FIRM, 3, 3 * PRICE)
    books.journal.post(CROWD, HOUSE, 2 * PRICE + 2, Cause.TRADE_PAY, 0)
    books.journal.post(HOUSE, SOURCE, 2 * PRICE + 2, Cause.TRADE_RECEIVE, 0)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.gap) == (PRICED, 2 * PRICE + 2)


def test_movements_and_paid_trades_explain_all_holdings():
    books = books_with_a_day_behind()
    registers = books.registers
    bond = registers.open_security("bond", SecurityKind.BOND)
    registers.issue(bond, LAB, 6)
    registers.retire(bond, LAB, 1)
    registers.transfer_many(FIRM, LAB, np.array([0, bond]), np.array([5, 0]))
    assert registers.movements.tolist() == [[bond, -1, LAB, 6], [bond, LAB, -1, 1], [0, FIRM, LAB, 5]]
    buy(books, LAB, FIRM, 3, 3 * PRICE)
    books.close_day(1)
    assert registers.replayed.tolist() == registers.holdings.tolist()
    assert registers.held(LAB, 0) == 8
    assert len(registers.movements) == 0
    next_day(books)


def test_without_a_leak_the_same_day_passes():
    books = books_with_a_day_behind()
    day = books.close_day(1)
    assert day.entries[:, CENTS].tolist() == [10, 5]
    assert set(day.slices) == set(RULES)


@pytest.mark.parametrize("leak", [cent_created, share_created, holder_cash_off, origin_cell_off(TracingRule.FIFO)])
def test_a_leak_between_days_is_caught_as_well(leak):
    books = books_with_a_day_behind()
    books.close_day(1)
    leak(books)
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert caught.value.day == 2


@pytest.mark.parametrize("rule", RULES)
def test_a_cent_that_changed_its_origin_is_caught_although_every_sum_holds(rule):
    books = books_with_a_day_behind()
    books.journal.open_outside("bank", OriginClass.BANK_CREDIT)
    books.close_day(1)
    tracer = books.tracers[rule]
    tracer._match_journal()
    tracer._purses.kinds[tracer._purses.spans[FIRM, START]] += LAPS
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert caught.value.identity == "origin inside = entered - left"


def test_an_inside_account_below_zero_is_caught_even_where_entries_say_so():
    books = books_with_a_day_behind()
    books.journal.buffer[0, CENTS] += 5_000
    books.journal.balances[FIRM] -= 5_000
    books.journal.balances[LAB] += 5_000
    books.tracers.clear()
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where) == ("inside balance >= 0", "firm")


def test_slices_that_miss_an_entry_by_a_cent_are_caught():
    books = books_with_a_day_behind()
    tracer = books.tracers[TracingRule.PRO_RATA]
    true_apply = tracer.apply

    def short_by_a_cent(entries):
        slices = true_apply(entries)
        slices.cents[0] -= 1
        return slices

    tracer.apply = short_by_a_cent
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where) == ("origin slices = cents of the entry", "entry 0 (pro-rata)")


def many_parts(rule):
    """Books whose traced cash lies in many tranches."""
    books = Books([rule])
    journal = books.journal
    sources = [journal.open_outside(f"savers {k}", OriginClass.LEGACY) for k in range(20)]
    firms = [journal.open_inside(f"firm {k}") for k in range(80)]
    for firm in firms:
        for source in sources:
            journal.post(source, firm, 10, Cause.OPENING)
    books.close_day(0)
    assert books.tracers[rule].n_tranches == 1600
    return books, firms


@pytest.mark.parametrize("rule", RULES)
def test_among_many_tranches_a_planted_cent_is_caught_the_same_day(rule):
    books, firms = many_parts(rule)
    plant(books.tracers[rule], firms[3], 1)
    plant(books.tracers[rule], firms[5], -1)
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert (caught.value.day, caught.value.where) == (1, f"firm 3 ({rule.value})")


@pytest.mark.parametrize("rule", RULES)
def test_among_many_tranches_a_cent_that_changed_its_origin_is_caught_the_same_day(rule):
    books, firms = many_parts(rule)
    purses = books.tracers[rule]._purses
    start = purses.spans[firms[3], START]
    purses.amounts[start : start + 2] += (1, -1)
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert (caught.value.identity, caught.value.gap) == ("origin inside = entered - left", -1)
    assert caught.value.where == f"savers 0 ({rule.value})"


@pytest.mark.parametrize("rule", RULES)
def test_a_tranche_below_zero_is_caught_although_its_account_adds_up(rule):
    books, firms = many_parts(rule)
    purses = books.tracers[rule]._purses
    start = purses.spans[firms[3], START]
    purses.amounts[start : start + 2] += (11, -11)
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert (caught.value.identity, caught.value.gap) == ("origins = balance", -1)


@pytest.mark.parametrize("rule", RULES)
def test_among_many_parts_cash_the_tracer_lost_is_caught_the_same_day(rule):
    books, firms = many_parts(rule)
    tracer = books.tracers[rule]
    true_apply = tracer.apply
    tracer.apply = lambda entries: true_apply(entries[:-1])
    books.start_day(1)
    books.journal.post(firms[0], firms[1], 1, Cause.OBLIGATION)
    books.journal.post(firms[2], firms[1], 3, Cause.OBLIGATION)
    true_check = tracer.count_and_check  # which would see the short slices first
    tracer.count_and_check = lambda entries, slices: true_check(entries[:-1], slices)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where) == ("origins = balance", f"firm 1 ({rule.value})")


def test_identities_the_model_adds_are_audited():
    books = books_with_a_day_behind()
    gaps = {"chips": 0}
    books.extra_identities.append(lambda: [("trust = units x basket", name, gap) for name, gap in gaps.items()])
    books.close_day(1)
    gaps["chips"] = -1
    with pytest.raises(AuditError) as caught:
        next_day(books)
    assert (caught.value.identity, caught.value.gap) == ("trust = units x basket", -1)


def test_books_with_open_entries_are_not_saved_and_another_day_is_not_closed():
    books = books_with_a_day_behind()
    for early in (books.export_state, lambda: books.close_day(2)):
        with pytest.raises(ValueError, match="allowed"):
            early()
