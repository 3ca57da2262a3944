"""The audit sees every planted leak of one cent or one share on the day it happens, and names it."""

from __future__ import annotations

import pytest
from carousel.ledger.audit import FEW_TRANCHES, FULL_EVERY_DAYS, AuditError, audit
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.journal import CENTS, BadEntry
from carousel.ledger.origins import TracingRule
from carousel.ledger.purses import END, START
from carousel.ledger.registers import SecurityKind
from carousel.ledger.slices import LAPS

RULES = list(TracingRule)
SOURCE, FIRM, CROWD, LAB = range(4)


def books_with_a_day_behind():
    books = Books(RULES)
    journal, registers = books.journal, books.registers
    assert journal.open_outside("savers", OriginClass.HOUSEHOLD_SAVINGS) == SOURCE
    assert [journal.open_inside(name) for name in ("firm", "crowd", "lab")] == [FIRM, CROWD, LAB]
    share = registers.open_security("chips", SecurityKind.SHARE)
    registers.issue(share, FIRM, 100)
    registers.transfer(share, FIRM, CROWD, 40)
    for account in (FIRM, CROWD, LAB):
        journal.post(SOURCE, account, 1_000, Cause.OPENING)
    books.holders_cash = [400, 600]
    books.holders_shares = [15, 25]
    journal.attach_subledger(CROWD, lambda: sum(books.holders_cash))
    registers.attach_subledger(share, CROWD, lambda: sum(books.holders_shares))
    books.close_day(0)
    books.start_day(1)
    journal.post(FIRM, LAB, 10, Cause.MILESTONE, lap_step=1)
    journal.post(LAB, SOURCE, 5, Cause.OPERATION)
    return books


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
    books.holders_cash[1] += 1


def holder_shares_off(books):
    books.holders_shares[0] -= 1


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


def test_without_a_leak_the_same_day_passes():
    books = books_with_a_day_behind()
    day = books.close_day(1)
    assert day.entries[:, CENTS].tolist() == [10, 5]
    assert set(day.slices) == set(RULES)


@pytest.mark.parametrize("leak", [cent_created, share_created, holder_cash_off, origin_cell_off(TracingRule.FIFO)])
def test_a_leak_between_days_is_caught_as_well(leak):
    books = books_with_a_day_behind()
    books.close_day(1)
    audit(books)
    leak(books)
    with pytest.raises(AuditError):
        audit(books)


@pytest.mark.parametrize("rule", RULES)
def test_a_cent_that_changed_its_origin_is_caught_although_every_sum_holds(rule):
    books = books_with_a_day_behind()
    books.journal.open_outside("bank", OriginClass.BANK_CREDIT)
    books.close_day(1)
    tracer = books.tracers[rule]
    tracer._match_journal()
    tracer._purses.kinds[tracer._purses.spans[FIRM, START]] += LAPS
    with pytest.raises(AuditError) as caught:
        audit(books)
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
    """Books whose traced cash lies in more tranches than are looked through every day in queues."""
    books = Books([rule])
    journal = books.journal
    sources = [journal.open_outside(f"savers {k}", OriginClass.LEGACY) for k in range(20)]
    firms = [journal.open_inside(f"firm {k}") for k in range(80)]
    for firm in firms:
        for source in sources:
            journal.post(source, firm, 10, Cause.OPENING)
    books.close_day(0)
    assert books.tracers[rule].n_tranches > FEW_TRANCHES
    return books, firms


def test_by_the_pro_rata_rule_a_planted_cent_is_caught_the_same_day_however_many_parts():
    books, firms = many_parts(TracingRule.PRO_RATA)
    plant(books.tracers[TracingRule.PRO_RATA], firms[3], 1)
    plant(books.tracers[TracingRule.PRO_RATA], firms[5], -1)
    books.start_day(1)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert caught.value.where == "firm 3 (pro-rata)"


@pytest.mark.parametrize("rule", [TracingRule.FIFO, TracingRule.LIFO])
def test_among_many_tranches_a_planted_cent_is_caught_within_a_month_and_by_the_full_audit_at_once(rule):
    books, firms = many_parts(rule)
    plant(books.tracers[rule], firms[3], 1)
    plant(books.tracers[rule], firms[5], -1)
    with pytest.raises(AuditError, match="origins = balance"):
        audit(books)
    with pytest.raises(AuditError) as caught:  # noqa: PT012
        for day in range(1, FULL_EVERY_DAYS + 1):
            books.start_day(day)
            books.journal.post(firms[0], firms[1], 1, Cause.OBLIGATION)
            books.close_day(day)
    assert (caught.value.day, caught.value.where) == (FULL_EVERY_DAYS, f"firm 3 ({rule.value})")


def test_among_many_cells_a_planted_cent_is_caught_on_the_day_its_owner_pays():
    books, firms = many_parts(TracingRule.PRO_RATA)
    plant(books.tracers[TracingRule.PRO_RATA], firms[3], 1)
    books.start_day(1)
    books.journal.post(firms[3], firms[1], 1, Cause.OBLIGATION)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where, caught.value.gap) == (
        "origins = balance", "firm 3 (pro-rata)", -1
    )  # fmt: skip


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
    tracer.count_and_check = lambda entries, slices, in_full: true_check(entries[:-1], slices, in_full)
    with pytest.raises(AuditError) as caught:
        books.close_day(1)
    assert (caught.value.identity, caught.value.where) == ("origins = balance", f"firm 1 ({rule.value})")


@pytest.mark.parametrize("rule", RULES)
def test_running_sums_are_the_sums_of_all_parts_before_and_after_a_saved_state(rule):
    books, firms = many_parts(rule)
    tracer = books.tracers[rule]
    books.start_day(1)
    for k in range(40):
        books.journal.post(firms[k], firms[k + 1], 15 + k, Cause.OBLIGATION)
        books.journal.post(firms[k + 1], k % 2, 3 + k, Cause.RUNNING_COSTS)
    books.close_day(1)
    held = [int(tracer.composition(firm).sum()) for firm in firms]
    found = sum(tracer.composition(firm).sum(axis=1) for firm in firms)
    assert tracer._held[firms].tolist() == held
    assert tracer._found.tolist() == found.tolist() == tracer.inside.tolist()
    assert tracer.n_tranches == tracer._purses.counts().sum()
    before = tracer._held.tolist(), tracer._found.tolist()
    tracer.import_state(tracer.export_state())
    assert (tracer._held.tolist(), tracer._found.tolist()) == before


def test_identities_the_model_adds_are_audited():
    books = books_with_a_day_behind()
    gaps = {"chips": 0}
    books.extra_identities.append(lambda: [("trust = units x basket", name, gap) for name, gap in gaps.items()])
    books.close_day(1)
    gaps["chips"] = -1
    with pytest.raises(AuditError) as caught:
        audit(books)
    assert (caught.value.identity, caught.value.gap) == ("trust = units x basket", -1)


def test_books_with_open_entries_are_not_audited_and_not_saved():
    books = books_with_a_day_behind()
    for early in (lambda: audit(books), books.export_state, lambda: books.close_day(2)):
        with pytest.raises(ValueError, match="allowed"):
            early()


def test_saved_books_go_on_in_new_ones_as_if_never_stopped():
    def later(books):
        books.start_day(2)
        books.journal.post(LAB, FIRM, 700, Cause.CHIP_BILL)
        books.journal.post(LAB, CROWD, 305, Cause.COUPON)
        books.registers.transfer(0, FIRM, LAB, 3)
        books.holders_cash = [705, 600]
        return books.close_day(2)

    old = books_with_a_day_behind()
    old.journal.open_outside("bank", OriginClass.BANK_CREDIT)
    old.close_day(1)
    new = Books(RULES)
    new.import_state(old.export_state())
    with pytest.raises(BadEntry):
        new.journal.post(LAB, FIRM, 1, Cause.CHIP_BILL)
    first, second = later(old), later(new)
    assert first.entries.tolist() == second.entries.tolist()
    assert all((first.slices[rule].dense() == second.slices[rule].dense()).all() for rule in RULES)
    one, other = old.export_state(), new.export_state()
    assert one.keys() == other.keys()
    assert all(one[key].tolist() == other[key].tolist() for key in one)


def test_a_state_of_other_accounts_is_refused():
    old = books_with_a_day_behind()
    old.close_day(1)
    new = Books(RULES)
    new.journal.open_inside("somebody else")
    with pytest.raises(ValueError, match="other accounts"):
        new.import_state(old.export_state())
