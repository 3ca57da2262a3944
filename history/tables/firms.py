"""How every firm stands: cash, income, debt, capacity, runway and value."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np

from ...contracts.capacity import CapacityContract
from ...model import CarouselModel
from ..columns import Texts, cents, integer, number, party, text
from ..days import Days
from ..kinds import FirmKind
from ..looks import prices
from ..table import table_of_columns

LOOKED = (
    "run_rate_usd_per_year", "debt_cents", "debt_like_cents", "capacity_mw", "building_mw", "utilisation",
    "runway_months", "spread_per_year", "late_cents",
)  # fmt: skip
"""What only the firm itself can say of a day: a plain tuple of these for each."""
FirmLook = tuple[float, int, int, int, int, float, float, float, int]


class FirmsLook(NamedTuple):
    """Today's firms: listed firms, then labs; and the earnings of the listed, float[listed]."""

    firms: list[FirmLook]
    earnings_usd_per_year: np.ndarray


def firms(model: CarouselModel) -> FirmsLook:
    """What every firm says of today."""
    contracts, cast = model.contracts, model.cast
    bills, spreads = contracts.bills, contracts.bonds.spread_per_year
    looks: list[FirmLook] = []
    for firm in cast.listed:
        capacity, building = megawatts(contracts.built_by(firm.name))
        looks.append((
            firm.facts.revenue_usd_per_year * firm.growth_factor(), firm.debt_cents, firm.debt_like_cents,
            capacity, building, 0.0, 0.0, spreads.get(firm.name, 0.0), bills.late_cents(firm.account),
        ))  # fmt: skip
    for lab in cast.labs:
        capacity, building = megawatts(contracts.rented_by(lab.name))
        owed, late = bills.owed_cents(lab.account), bills.late_cents(lab.account)
        used, runway = lab.utilisation(), lab.runway_months()
        looks.append((lab.sales_usd_per_year, 0, owed, capacity, building, used, runway, 0.0, late))
    earnings = model.beliefs.base_earnings_usd.copy()
    for firm in cast.listed:
        earnings[firm.index] += contracts.realised_usd_per_year(firm.name)
    return FirmsLook(looks, earnings)


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
        looks: list[FirmsLook] = days.of(firms)
        looked = chain.from_iterable(look.firms for look in looks)
        self._looked = dict(zip(LOOKED, zip(*looked, strict=True), strict=False))
        self._earnings = np.zeros((len(days), len(self.all)))
        self._earnings[:, : len(cast.listed)] = [
            look.earnings_usd_per_year[[f.index for f in cast.listed]] for look in looks
        ]

    def every_day(self, values: list[str]) -> Texts:
        """The same texts on each day."""
        return Texts(np.tile(np.arange(len(values)), len(self.days)), values)

    def looked(self, name: str, kind: type = np.int64) -> np.ndarray:
        """One field of the looks."""
        return np.array(self._looked[name], kind)

    def earnings_usd_per_year(self) -> np.ndarray:
        """Of the listed; 0 of labs."""
        return self._earnings.ravel()

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
        text("kind", "lab, cloud, chip_maker or listed", lambda f: f.every_day(f.kinds), values=tuple(FirmKind)),
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
            lambda f: f.looked("debt_like_cents"),
        ),
        integer(
            "capacity_mw", "MW", "compute capacity in service (a lab: capacity it rents)",
            lambda f: f.looked("capacity_mw"),
        ),
        integer("building_mw", "MW", "compute capacity under construction", lambda f: f.looked("building_mw")),
        number(
            "utilisation", "share", "revenue over what a lab's capacity could earn; 1 where compute bounds nothing",
            lambda f: f.looked("utilisation", float),
        ),
        number(
            "runway_months", "months", "months until a lab's cash ends at the present burn, at most 120",
            lambda f: f.looked("runway_months", float),
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
