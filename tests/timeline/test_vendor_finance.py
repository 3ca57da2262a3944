"""Vendors that lend to their customers: exact books, draws that follow the state, losses provided for in time."""

from __future__ import annotations

import math
from functools import cache

import pytest
from carousel.agents.vendor_credit import decide_draw, decide_line, fear_of_cuts, is_overcommitted
from carousel.contracts.line_choice import LineChoice
from carousel.contracts.line_debt import LineDebt, line_terms
from carousel.contracts.loan_rules import default_probability, expected_loss_cents
from carousel.ledger.audit import AuditError
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, LAP_STEP
from carousel.model import CarouselModel
from carousel.scenarios.behaviour import Behaviour
from carousel.scenarios.loader import load
from hypothesis import given
from hypothesis import strategies as st

SEEDS = (1, 2, 3)
GROWTH = "build_plan.*.demand_growth_per_year"
CENTS_UP_TO = st.integers(0, 10**13)
SHARE = st.floats(0, 1)


@given(CENTS_UP_TO, CENTS_UP_TO, CENTS_UP_TO, SHARE, SHARE, SHARE)
def test_draws_never_exceed_the_line_or_the_bills(bill, undrawn, general, financed, stress, run):
    draw = decide_draw(
        bill_cents=bill,
        undrawn_cents=undrawn,
        general_left_cents=general,
        financed_share=financed,
        stress=stress,
        run_per_month=run,
    )
    assert 0 <= draw.for_bills_cents <= bill
    assert 0 <= draw.ahead_cents <= general
    assert draw.for_bills_cents + draw.ahead_cents <= undrawn


@given(CENTS_UP_TO, SHARE, SHARE)
def test_draws_rise_with_stress_and_are_the_plan_without_it(bill, financed, stress):
    def drawn(at: float) -> int:
        draw = decide_draw(
            bill_cents=bill,
            undrawn_cents=2 * 10**13,
            general_left_cents=bill,
            financed_share=financed,
            stress=at,
            run_per_month=0.5,
        )
        return draw.for_bills_cents + draw.ahead_cents

    assert drawn(0.0) == round(bill * financed)
    assert drawn(0.0) <= drawn(stress) <= drawn(1.0)


@given(CENTS_UP_TO, st.floats(0, 1), st.floats(0.01, 1), st.floats(0, 5))
def test_provisions_lie_between_nothing_and_the_exposure(exposure, spread, loss, years):
    chance = default_probability(spread, 0.004, loss, years)
    assert 0 <= expected_loss_cents(exposure, chance, loss) <= exposure


def test_a_spread_is_hazard_times_loss():
    """At a spread of 6 % net and a loss of 60 % the hazard is a tenth a year."""
    assert default_probability(0.064, 0.004, 0.6, 1.0) == pytest.approx(-math.expm1(-0.1), rel=1e-12)


@given(CENTS_UP_TO, st.integers(1, 240))
def test_instalments_add_up_to_the_principal_each_within_a_cent_of_its_equals(principal, months):
    debt = LineDebt(line_terms(0, months), 0, principal)
    parts = [debt.instalment_cents(21 * month, principal) for month in range(months + 2)]
    assert sum(parts) == principal
    assert parts[0] == parts[-1] == debt.instalment_cents(20, principal) == 0
    assert all(abs(part - principal / months) <= 1 for part in parts[1:-1])


@pytest.mark.parametrize(
    ("belief", "is_late", "spread", "coverage", "choice"),
    [
        (0.5, False, 0.05, None, LineChoice.KEEP),
        (0.5, False, 0.05, 0.5, LineChoice.KEEP),
        (0.3, False, 0.05, None, LineChoice.CUT),
        (0.1, False, 0.05, None, LineChoice.WITHDRAW),
        (0.1, False, 0.05, 0.4, LineChoice.WITHDRAW),
        (0.5, True, 0.05, None, LineChoice.HOLD),
        (0.5, False, 0.35, None, LineChoice.HOLD),
        (0.5, False, 0.05, 0.4, LineChoice.HOLD),
    ],
)
def test_a_lender_keeps_holds_halves_or_withdraws(belief, is_late, spread, coverage, choice):
    terms = load("vendor-loans").vendor_loan[0].model_copy(update={"covenant_coverage": 0.5})
    came = decide_line(
        belief=belief, is_late=is_late, is_short=False, spread_per_year=spread, coverage=coverage, terms=terms,
        rules=Behaviour(),
    )  # fmt: skip
    assert came is choice


@pytest.mark.parametrize(
    ("belief", "is_late", "choice"),
    [(0.5, False, LineChoice.CUT), (0.5, True, LineChoice.HOLD), (0.1, False, LineChoice.WITHDRAW)],
)
def test_a_lender_that_is_short_itself_cuts_what_it_would_keep(belief, is_late, choice):
    terms = load("vendor-loans").vendor_loan[0]
    came = decide_line(
        belief=belief, is_late=is_late, is_short=True, spread_per_year=0.05, coverage=None, terms=terms,
        rules=Behaviour(),
    )  # fmt: skip
    assert came is choice


@given(SHARE, st.floats(0, 10))
def test_fear_rises_with_what_is_taken_back_and_is_no_more_than_one(withheld, fear):
    assert fear_of_cuts(0.0, fear) == 0.0
    assert 0 <= fear_of_cuts(withheld / 2, fear) <= fear_of_cuts(withheld, fear) <= 1
    assert fear_of_cuts(0.25, 2.0) == 0.5


def test_three_dollars_for_ten_are_enough_and_a_cent_less_is_not():
    assert not is_overcommitted(3 * 10**11, 10**12, 0.3)
    assert is_overcommitted(3 * 10**11 - 1, 10**12, 0.3)
    assert is_overcommitted(-1, 0, 0.3)
    assert not is_overcommitted(0, 10**12, 0.0)


# --- whole runs -------------------------------------------------------------------------------------------------------


class Run:
    """A run with its chronicle and the loans' accounts by day."""

    def __init__(self, seed: int, *overrides: str, days: int = 1008) -> None:
        self.model = CarouselModel(load("vendor-loans", overrides), rng=seed, days=days, holders=300)
        self.events, self.entries, self.vendor_cents = [], [], []
        self.provisions = []
        while self.model.running:
            self.model.step()
            self.events += self.model.chronicle.events
            rows = self.model.books.last.entries
            self.entries += rows[(rows[:, CAUSE] >= Cause.VENDOR_LOAN)].tolist()
            self.vendor_cents.append(self.model.cast.chip_makers[0].price_cents)
            self.provisions.append(sum(loan.provision_cents for loan in self.model.contracts.lending.loans))

    def paid(self, cause: Cause) -> int:
        return sum(row[CENTS] for row in self.entries if row[CAUSE] == cause)

    def of(self, kind: str) -> list:
        return [event for event in self.events if event[1] == kind]


@cache
def growing(seed: int) -> Run:
    return Run(seed, f"{GROWTH}=1.5")


@cache
def stalled(seed: int) -> Run:
    return Run(seed, f"{GROWTH}=0.0")


@pytest.mark.parametrize("seed", SEEDS)
def test_with_growing_demand_nothing_is_lost(seed):
    run = growing(seed)
    assert not run.of("loan_written_off")
    assert not run.of("default")
    assert run.paid(Cause.VENDOR_REPAYMENT) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_when_demand_stalls_provisions_and_draws_come_before_the_default(seed):
    run = stalled(seed)
    default = run.of("default")[0][0]
    assert 0 < run.of("loan_drawn")[0][0] < default
    assert any(event[5] == "ahead of need" and event[0] < default for event in run.of("loan_drawn"))
    assert run.provisions[run.of("loan_written_off")[0][0] - 2] > 0
    assert run.vendor_cents[-1] < growing(seed).vendor_cents[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_principal_is_drawn_less_repaid_less_written_off_in_the_journal(seed):
    for run in (growing(seed), stalled(seed)):
        loans = run.model.contracts.lending.loans
        assert sum(loan.drawn_cents for loan in loans) == run.paid(Cause.VENDOR_LOAN)
        assert sum(loan.repaid_cents - loan.set_off_cents for loan in loans) == run.paid(Cause.VENDOR_REPAYMENT)
        held = run.model.books.registers
        assert sum(held.held(x.lender, x.security) for x in loans) == sum(x.outstanding_cents for x in loans)


def sales_cents(run: Run) -> int:
    """What the vendor has received for equipment."""
    origins = run.model.books.flows.origins[run.model.cast.chip_makers[0].account, "revenue from the circle"]
    return int(next(iter(origins.values())).sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_with_growing_demand_the_line_pays_the_planned_part_of_the_bills_and_no_more(seed):
    """Until the draws end: each bill half by the line, none ahead of need, but for rounding to a cent a bill."""
    run = Run(seed, f"{GROWTH}=1.5", days=504)
    assert all(event[5] == "for its bills" for event in run.of("loan_drawn"))
    assert abs(run.paid(Cause.VENDOR_LOAN) - sales_cents(run) / 2) <= len(run.of("loan_drawn"))


def test_every_draw_starts_a_lap_and_comes_back_as_revenue():
    run = growing(1)
    draws = [row for row in run.entries if row[CAUSE] == Cause.VENDOR_LOAN]
    assert draws
    assert all(row[LAP_STEP] == 1 for row in draws)


def test_a_called_guarantee_pays_bondholders():
    run = stalled(1)
    (called,) = run.of("guarantee_called")
    assert run.paid(Cause.GUARANTEE_CALL) == called[4]


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_are_drawn_faster_when_other_lenders_withdraw(seed):
    """The same world and the same luck, with a twentieth of the lenders' money: more of the bills is paid by draws."""

    def drawn_share(scale: float) -> float:
        over = (
            f"{GROWTH}=1.5",
            f"bond_buyer.*.opening_cash_usd*={scale}",
            f"bond_buyer.*.inflow_usd_per_year*={scale}",
        )
        run = Run(seed, *over, days=504)
        flows = run.model.books.flows.cash_in[run.model.cast.chip_makers[0].account]
        assert flows > 0
        return run.paid(Cause.VENDOR_LOAN) / max(1, sum(chip_bills(run)))

    def chip_bills(run: Run) -> list[int]:
        origins = run.model.books.flows.origins[run.model.cast.chip_makers[0].account, "revenue from the circle"]
        return [int(next(iter(origins.values())).sum())]

    assert drawn_share(0.05) > drawn_share(1.0)


@pytest.mark.parametrize("fault", ["drawn_cents", "repaid_cents", "written_off_cents"])
def test_a_loan_that_is_off_by_one_cent_is_caught_at_the_end_of_its_day(fault):
    model = CarouselModel(load("vendor-loans"), rng=1, days=5, holders=300)
    model.step()
    loan = model.contracts.lending.loans[0]
    setattr(loan, fault, getattr(loan, fault) + 1)
    with pytest.raises(AuditError, match="loan") as caught:
        model.step()
    assert caught.value.day == 2
    assert abs(caught.value.gap) == 1
