"""How every firm stands: cash, income, debt, capacity, runway and value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from ...model import CarouselModel
from ..columns import Cents, Megawatts, Text, table_of_rows


class FirmRow(NamedTuple):
    """One row per firm and day."""

    firm: Annotated[Text, "name of the firm"]
    kind: Annotated[Text, "lab, cloud, chip_maker, listed or firm"]
    cash_cents: Annotated[Cents, "cash on the firm's account"]
    revenue_run_rate_usd_per_year: Annotated[float, "USD per year", "annualised revenue"]
    earnings_usd_per_year: Annotated[float, "USD per year", "annualised earnings"]
    debt_cents: Annotated[Cents, "bonds outstanding at face value"]
    debt_like_cents: Annotated[Cents, "debt-like claims added since the start, commitments included"]
    capacity_mw: Annotated[Megawatts, "compute capacity in service (a lab: capacity it rents)"]
    building_mw: Annotated[Megawatts, "compute capacity under construction"]
    runway_months: Annotated[float, "months", "months until a lab's cash ends at the present burn, at most 120"]
    valuation_cents: Annotated[Cents, "last valuation of an unlisted lab; market value of a listed firm"]
    spread_per_year: Annotated[float, "1/year", "required credit spread; 0 without debt"]
    late_cents: Annotated[Cents, "bills overdue"]


def firms(model: CarouselModel) -> Iterator[FirmRow]:
    """Listed firms, then labs."""
    for firm in model.cast.listed:
        yield FirmRow(
            firm=firm.name,
            kind=firm.kind,
            cash_cents=firm.cash_cents,
            revenue_run_rate_usd_per_year=firm.facts.revenue_usd_per_year * firm.growth_factor(),
            earnings_usd_per_year=float(model.beliefs.base_earnings_usd[firm.index]),
            debt_cents=firm.debt_cents,
            debt_like_cents=firm.debt_like_cents,
            capacity_mw=getattr(firm, "delivered_mw", 0),
            building_mw=getattr(firm, "building_mw", 0),
            runway_months=0.0,
            valuation_cents=firm.market_value_cents,
            spread_per_year=model.contracts.bonds.spread_per_year.get(firm.name, 0.0),
            late_cents=model.contracts.bills.late_cents(firm.account),
        )
    for lab in model.cast.labs:
        rented = model.contracts.rented_by(lab.name)
        yield FirmRow(
            firm=lab.name,
            kind=lab.kind,
            cash_cents=lab.cash_cents,
            revenue_run_rate_usd_per_year=lab.run_rate_usd_per_year.now,
            earnings_usd_per_year=0.0,
            debt_cents=0,
            debt_like_cents=model.contracts.bills.owed_cents(lab.account),
            capacity_mw=sum(contract.service_mw for contract in rented),
            building_mw=sum(contract.building_mw for contract in rented),
            runway_months=lab.runway_months(),
            valuation_cents=round(100 * lab.value_usd()),
            spread_per_year=0.0,
            late_cents=model.contracts.bills.late_cents(lab.account),
        )


FIRMS = table_of_rows("firms", FirmRow, firms)
