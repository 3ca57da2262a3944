"""How every firm stands: cash, income, debt, capacity, runway and value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from ...agents.lab_rules import LabState, runway_months
from ...contracts.capacity import CapacityContract
from ...model import CarouselModel
from ..columns import Texts, cents, integer, number, party, text
from ..days import Days, worth
from ..kinds import FirmKind
from ..looks import prices
from ..table import table_of_columns

LOOKED = ("run_rate_usd_per_year", "debt_cents", "claims_cents", "capacity_mw", "building_mw", "spread_per_year",
          "late_cents")  # fmt: skip
"""What only a firm itself can say of a day; a lab's claims are its bills."""
FirmLook = tuple[float, int, int, int, int, float, int]


class FirmsLook(NamedTuple):
    """Today's firms: listed firms, then labs; and what the rest of their columns is worked out from."""

    firms: list[FirmLook]
    labs: list[LabState]
    base_earnings_usd: np.ndarray
    """Of the listed, float[listed]."""
    earned_usd: list[float]
    """Under each promise, by number."""
    stakes_cents: list[int]
    """Price of each class of shares of the firms whose shares count against their owner's debts."""


def firms(model: CarouselModel) -> FirmsLook:
    """What every firm says of today."""
    contracts, cast = model.contracts, model.cast
    owed, late = contracts.bills.owed_cents, contracts.bills.late_cents
    bonds, looks = contracts.bonds, []
    spreads = bonds.spread_per_year
    for firm in cast.listed:
        name, account = firm.name, firm.account
        debt, (capacity, building) = bonds.debt_cents(name), megawatts(contracts.built_by(name))
        revenue = firm.facts.revenue_usd_per_year * firm.growth_factor()
        looks.append((revenue, debt, firm.claims_cents, capacity, building, spreads.get(name, 0.0), late(account)))
    states = [lab.state() for lab in cast.labs]
    for lab, now in zip(cast.labs, states, strict=True):
        account = lab.account
        looks.append((now.sales_usd_per_year, 0, owed(account), now.rented_mw, now.building_mw, 0.0, late(account)))
    return FirmsLook(
        looks,
        states,
        model.beliefs.base_earnings_usd.copy(),
        [contract.earned_usd_per_year for contract in contracts.promises],
        [firm.price_cents for firm in cast.sight.valued_stakes for _ in firm.classes],
    )


def megawatts(contracts: Iterable[CapacityContract]) -> tuple[int, int]:
    """In service and under construction under some contracts."""
    capacity = building = 0
    for contract in contracts:
        capacity += contract.service_mw
        building += contract.building_mw
    return capacity, building


class Firms:
    """Some days of all firms, day by day."""

    def __init__(self, days: Days) -> None:
        cast = days.model.cast
        self.days, self.all = days, [*cast.listed, *cast.labs]
        self.names, self.kinds = [firm.name for firm in self.all], [firm.kind for firm in self.all]
        self.counts = np.full(len(days), len(self.all), np.int64)
        self._looks: list[FirmsLook] = days.of(firms)
        looked = chain.from_iterable(look.firms for look in self._looks)
        self._looked = dict(zip(LOOKED, zip(*looked, strict=True), strict=False))

    def every_day(self, values: list[str]) -> Texts:
        """The same texts on each day."""
        return Texts(np.tile(np.arange(len(values)), len(self.days)), values)

    def looked(self, name: str, kind: type = np.int64) -> np.ndarray:
        """One field of the looks."""
        return np.array(self._looked[name], kind)

    def of_labs(self, values: Sequence[list[float]]) -> np.ndarray:
        """Numbers of labs, day by day, with 0 for the listed."""
        whole = np.zeros((len(self.days), len(self.all)))
        whole[:, len(self.all) - len(self.days.model.cast.labs) :] = values
        return whole.ravel()

    def utilisation(self) -> np.ndarray:
        """Of labs."""
        return self.of_labs([[state.utilisation() for state in look.labs] for look in self._looks])

    def runway_months(self) -> np.ndarray:
        """Of labs."""
        cash = self.days.balances[:, [lab.account for lab in self.days.model.cast.labs]].tolist()
        return self.of_labs(
            [
                [
                    runway_months(cents, state.burn_usd_per_month())
                    for cents, state in zip(today, look.labs, strict=True)
                ]
                for today, look in zip(cash, self._looks, strict=True)
            ]
        )

    def earnings_usd_per_year(self) -> np.ndarray:
        """Of the listed, with what promises bring them; 0 of labs."""
        model, earnings = self.days.model, np.zeros((len(self.days), len(self.all)))
        for place, firm in enumerate(model.cast.listed):
            mine = [k for k, c in enumerate(model.contracts.promises) if c.promise.beneficiary == firm.name]
            earnings[:, place] = [look.base_earnings_usd.item(firm.index) for look in self._looks]
            if mine:
                earned = ([look.earned_usd[k] for k in mine if k < len(look.earned_usd)] for look in self._looks)
                earnings[:, place] += list(map(math.fsum, earned))
        return earnings.ravel()

    def debt_like_cents(self) -> np.ndarray:
        """Claims of the listed net of stakes and cash, all since the start; bills of labs."""
        listed, days = self.days.model.cast.listed, self.days
        claims = self.looked("claims_cents").reshape(len(days), -1)
        sold = [held for firm in days.model.cast.sight.valued_stakes for held in firm.classes]
        prices = np.array([look.stakes_cents for look in self._looks], np.int64).reshape(len(days), -1)
        stakes = worth(days.holdings[:, [firm.account for firm in listed]][:, :, sold], prices)
        for place, firm in enumerate(listed):
            cash = days.balances[:, firm.account]
            claims[:, place] = firm.opening.added(claims[:, place], stakes[:, place], cash)
        return claims.ravel()

    def cash_cents(self) -> np.ndarray:
        """On their accounts."""
        return self.days.balances[:, [firm.account for firm in self.all]].ravel()

    def valuation_cents(self) -> np.ndarray:
        """Market values of the listed, marked values of labs."""
        listed = [firm.security for firm in self.days.model.cast.listed]
        values = self.days.prices[:, listed] * self.days.outstanding[:, listed]
        marks = np.array([look.labs_usd for look in self.days.of(prices)]).reshape(len(self.days), -1)
        return np.concatenate([values, np.rint(100 * marks).astype(np.int64)], axis=1).ravel()


FIRMS = table_of_columns(
    "firms",
    (
        party("firm", "name of the firm", lambda f: f.every_day(f.names)),
        text("kind", "what it is", lambda f: f.every_day(f.kinds), values=tuple(FirmKind)),
        cents("cash_cents", "cash on the firm's account", Firms.cash_cents),
        number(
            "revenue_run_rate_usd_per_year", "USD per year", "annualised revenue",
            lambda f: f.looked("run_rate_usd_per_year", float),
        ),
        number(
            "earnings_usd_per_year", "USD per year", "annualised earnings",
            Firms.earnings_usd_per_year,
        ),
        cents("debt_cents", "bonds outstanding at face value", lambda f: f.looked("debt_cents")),
        cents(
            "debt_like_cents", "debt-like claims added since the start, commitments included",
            Firms.debt_like_cents,
        ),
        integer(
            "capacity_mw", "MW", "compute capacity in service (a lab: capacity it rents)",
            lambda f: f.looked("capacity_mw"),
        ),
        integer("building_mw", "MW", "compute capacity under construction", lambda f: f.looked("building_mw")),
        number(
            "utilisation", "share", "revenue over what a lab's capacity could earn; 1 where compute bounds nothing",
            Firms.utilisation,
        ),
        number(
            "runway_months", "months", "months until a lab's cash ends at the present burn, at most 120",
            Firms.runway_months,
        ),
        cents(
            "valuation_cents", "last valuation of an unlisted lab; market value of a listed firm",
            Firms.valuation_cents,
        ),
        number(
            "spread_per_year", "1/year", "required credit spread; 0 without debt",
            lambda f: f.looked("spread_per_year", float),
        ),
        cents("late_cents", "bills overdue", lambda f: f.looked("late_cents")),
    ),
    "one row per firm and day",
    Firms,
    looks=(firms,),
)  # fmt: skip
