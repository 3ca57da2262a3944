"""Small whole runs that several tests look at, and an auditor who reads the books from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from carousel.model import CarouselModel
from carousel.scenarios.loader import load
from carousel.tests.oracles.traced_cash import composition

HOLDERS = 240
"""About the fewest rows that carry the households of ai-2025."""
STRESS = {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.1}
PLENTY = {"monetisation_growth_per_year": 2.5, "dry_powder_scale": 2.0}
STRESS_SEEDS = (1, 2, 3)
ROUND_PAID = ("capital_call.*.amount_usd=1", "capital_call.*.due=2100-01-01")
"""Nothing more is to come of the lab's last round."""


@dataclass
class Told:
    """What a run told its readers: events, announcements (day, text), and every move of a commitment."""

    model: CarouselModel
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def days_of(self, *kinds: str) -> list[int]:
        return [event[0] for event in self.events if event[1] in kinds]

    def first(self, *kinds: str) -> int:
        return min(self.days_of(*kinds), default=10**9)


def tell(model: CarouselModel) -> Told:
    """Step a model to its end and keep the chronicle."""
    told = Told(model)
    while model.running:
        model.step()
        told.events += model.chronicle.events
    return told


def small(
    scenario: str = "ai-2025",
    *,
    seed: int = 1,
    days: int = 30,
    overrides: Sequence[str] = (),
    **parameters: float,
) -> CarouselModel:
    """A model of a bundled scenario with few holders and few days."""
    return CarouselModel(load(scenario, overrides), rng=seed, days=days, holders=HOLDERS, **parameters)


def price_path(model: CarouselModel) -> np.ndarray:
    """Closing prices in cents, int64[days + 1, shares]; row 0 is the opening."""
    rows = [model.prices.price_cents.copy()]
    while model.running:
        model.step()
        rows.append(model.prices.price_cents.copy())
    return np.array(rows)


class Outsider:
    """An auditor who trusts no total: adds up a run's entries and holdings again in plain Python."""

    def __init__(self, model: CarouselModel) -> None:
        self.balances: dict[int, int] = {}
        self.bond_units = sum(self._units(model))
        self._entries(model)

    def _units(self, model: CarouselModel) -> Iterator[int]:
        holdings = model.books.registers.holdings
        for series in model.contracts.bonds.series:
            yield sum(int(holdings[buyer.account, series.terms.security]) for buyer in model.cast.bond_buyers)

    def _entries(self, model: CarouselModel) -> None:
        for _, payer, payee, cents, *_ in model.books.last.entries.tolist():
            self.balances[payer] = self.balances.get(payer, 0) - cents
            self.balances[payee] = self.balances.get(payee, 0) + cents

    def __call__(self, model: CarouselModel) -> None:
        """An observer: add the day's entries."""
        self._entries(model)

    def gaps(self, model: CarouselModel) -> list[str]:
        """Names of the identities that do not hold tonight."""
        journal, registers, found = model.books.journal, model.books.registers, []
        balances = [int(b) for b in journal.balances[: journal.n_accounts]]
        if sum(balances) != 0:
            found.append("all cash sums to zero")
        if any(b != self.balances.get(account, 0) for account, b in enumerate(balances)):
            found.append("a balance is the sum of its entries")
        if any(b < 0 for account, b in enumerate(balances) if not journal.is_outside(account)):
            found.append("nobody inside is overdrawn")
        if model.cast.holders is not None:
            if sum(model.cast.holders.cash_cents.tolist()) != balances[model.cast.omnibus]:
                found.append("households' cash is their omnibus account")
            held = registers.held(model.cast.omnibus, model.cast.etf.security)
            if sum(model.cast.holders.etf_shares.tolist()) != held:
                found.append("households' ETF shares are their omnibus holding")
        found += self._register_gaps(model)
        for rule, tracer in model.books.tracers.items():
            for account, balance in enumerate(balances):
                inside = not journal.is_outside(account)
                cells = composition(tracer, account)
                if int(cells.sum()) != (balance if inside else 0) or int(cells.min(initial=0)) < 0:
                    found.append(f"origins of cash sum to the cash ({rule.value})")
                    break
        return found

    def _register_gaps(self, model: CarouselModel) -> Iterator[str]:
        registers = model.books.registers
        rows = [[int(x) for x in row] for row in registers.holdings.tolist()]
        columns = list(zip(*rows, strict=True))
        if [sum(column) for column in columns] != registers.outstanding.tolist():
            yield "shares held are shares outstanding"
        if any(units < 0 for row in rows for units in row):
            yield "nobody holds less than nothing"
        if sum(self._units(model)) != sum(
            int(registers.outstanding[s.terms.security]) for s in model.contracts.bonds.series
        ):
            yield "bonds held by lenders are bonds outstanding"
        if model.cast.etf is not None:
            units, rest = divmod(
                int(registers.outstanding[model.cast.etf.security]), model.cast.etf.facts.creation_unit_shares
            )
            basket = [int(registers.held(model.cast.etf.account, s)) for s in model.prices.securities.tolist()]
            if rest or basket != [units * int(b) for b in model.cast.etf.basket]:
                yield "the ETF holds its basket"


@dataclass(frozen=True)
class Bench:
    """The helpers above, for tests that import nothing from here."""

    HOLDERS = HOLDERS
    STRESS = STRESS
    PLENTY = PLENTY
    STRESS_SEEDS = STRESS_SEEDS
    ROUND_PAID = ROUND_PAID
    Outsider = Outsider
    tell = staticmethod(tell)
    small = staticmethod(small)
    price_path = staticmethod(price_path)


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def stressed() -> dict[int, Told]:
    """No growth and little dry powder, long enough that the compute contract has failed: one run per seed."""
    return {seed: tell(small(seed=seed, days=588, overrides=ROUND_PAID, **STRESS)) for seed in STRESS_SEEDS}
