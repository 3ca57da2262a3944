"""What a scenario may say of vendor financing: a buyer's own building plan, loans, guarantees and backstops by
its vendor."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from .behaviour_rows import OPENING, Fixed
from .schema_base import (
    CALENDAR,
    FIRMS,
    LISTED,
    Day,
    Deal,
    Gigawatt,
    Instrument,
    InstrumentName,
    Name,
    PerYear,
    Roles,
    Share,
    Sides,
    SomeUsd,
    Usd,
    Whole,
    Years,
)


class LoanRank(StrEnum):
    """Where a vendor loan stands when its borrower cannot pay everybody."""

    SENIOR = "senior"
    """With the bonds."""
    TRADE = "trade"
    """With the suppliers' bills, after the bonds."""
    SUBORDINATED = "subordinated"
    """After everybody else."""


INSTALMENTS = Fixed("instalments are reckoned from it")


class BuildPlan(Deal):
    """A provider builds capacity for customers of its own: nobody takes or pays, revenue is what its market brings.

    One GW stands for any unit of capacity: what it costs stands in the provider's supply, what it earns stands here.
    """

    roles: ClassVar[Roles] = {"provider": ("cloud",)}
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    provider: Name
    """The cloud that builds."""
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    """Capacity planned."""
    price_usd_per_gw_year: Usd
    """Revenue of a GW in use."""
    net_margin: Annotated[float, Field(ge=-1, le=1)]
    """Net profit per dollar of that revenue at full use, as the market sees it."""
    demand_gw: Gigawatt
    """Capacity its customers would use at the start."""
    demand_growth_per_year: PerYear
    """Growth of that demand at the start, as a yearly rate."""
    expected_growth_per_year: PerYear | None = None
    """Growth that its price assumes at the start; None: what really comes."""
    growth_slowdown_per_year: Annotated[float, Field(ge=0, le=10)] = 0.35
    """Rate at which that growth decays: growth(t) = growth(0) exp(-slowdown t)."""
    demand_volatility_per_year: Share = 0.05
    """Standard deviation of that demand's growth."""
    years: Years = 10.0
    """Economic life of the capacity."""
    announced: Annotated[Day | None, CALENDAR] = None
    """None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.GUIDANCE
    """How firm the promise is: its kind decides what the public believes at first."""
    delivered_gw: Annotated[Gigawatt, OPENING] = 0.0
    """Part of the capacity in service at the start."""


class VendorLoan(Deal):
    """A committed line from a vendor to a customer: drawn to pay the vendor's bills, repaid in equal parts."""

    roles: ClassVar[Roles] = {"lender": LISTED, "borrower": FIRMS}
    sides: ClassVar[Sides] = ("lender", "borrower")
    puts_in: ClassVar[str] = "lender"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    lender: Name
    """The vendor."""
    borrower: Name
    """The customer."""
    committed_usd: SomeUsd
    """The whole line."""
    financed_share: Share
    """Part of each of the lender's bills that the borrower plans to pay by drawing."""
    general_share: Share = 0.0
    """Part of the line that may be drawn for any purpose, not only for the lender's bills."""
    spread_per_year: Annotated[float, Field(ge=0, le=1)]
    """Interest over the riskless rate, paid monthly."""
    draw_months: Annotated[int, Field(ge=1, le=240), Whole, INSTALMENTS]
    """Months in which it may be drawn: from its announcement, or from the start where it is known before."""
    repayment_months: Annotated[int, Field(ge=1, le=240), Whole, INSTALMENTS]
    """Equal monthly instalments from then on."""
    covenant_spread_per_year: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Nothing can be drawn while the borrower's credit spread is above this."""
    covenant_coverage: Annotated[float, Field(ge=0, le=100)] = 0.0
    """Nothing can be drawn while what a cloud earns outside contracts covers a year's debt service fewer times than
    this."""
    rank: Annotated[LoanRank, Field(strict=False)] = LoanRank.SENIOR
    """Where it stands when the borrower cannot pay everybody."""
    drawn_usd: Annotated[Usd, OPENING] = 0.0
    """Outstanding at the start; part of the committed sum."""
    announced: Annotated[Day | None, CALENDAR] = None
    """None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: its kind decides what the public believes at first."""


class Customer(Deal):
    """An unlisted customer of a vendor: a plain firm that buys month by month out of what its business brings and what
    the vendor lends it, until it fails. Its purchases are not in the vendor's `revenue_usd_per_year`; what the vendor
    earns on them at the start is in its earnings."""

    fixed = Fixed("what it buys is agreed at the start")
    roles: ClassVar[Roles] = {"buyer": ("firm",), "supplier": ("chip_maker",)}
    sides: ClassVar[Sides] = ("buyer", "supplier")
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    buyer: Name
    """The customer."""
    supplier: Name
    """The vendor."""
    purchases_usd_per_year: SomeUsd
    """What it buys at the start, as far as its cash and the vendor's line pay for it."""
    revenue_usd_per_year: Usd = 0.0
    """What its business brings it in cash, before it buys and serves its debts."""
    growth_per_year: PerYear = 0.0
    """Growth of both."""
    hazard_per_year: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Its hazard of failing at the start: the probability of failing in a year is 1 - exp(-hazard)."""
    hazard_elasticity: Annotated[float, Field(ge=0, le=5)] = 1.0
    """By how many per cent the hazard rises when lenders ask one per cent more of listed issuers than at the start; 0:
    never."""


class Guarantee(Deal):
    """A vendor answers for a customer's bonds: what bondholders lose in a default is called up to the limit."""

    roles: ClassVar[Roles] = {"guarantor": LISTED, "issuer": LISTED}
    sides: ClassVar[Sides] = ("guarantor", "issuer")
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    guarantor: Name
    """Who answers."""
    issuer: Name
    """Whose bonds are answered for."""
    limit_usd: SomeUsd
    """Most that can be called."""


class Backstop(Deal):
    """A chip maker pays a cloud for capacity that stands idle, up to a limit in all: what re-letting at a discount
    loses, and what no customer of the cloud's own uses."""

    roles: ClassVar[Roles] = {"backer": ("chip_maker",), "cloud": ("cloud",)}
    sides: ClassVar[Sides] = ("backer", "cloud")
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    backer: Name
    """Who pays."""
    cloud: Name
    """Whose capacity it is."""
    limit_usd: SomeUsd
    """Most that is paid in all."""
    covered_share: Share = 1.0
    """Part that is paid of the revenue that idle capacity lacks."""
    expires: Day
    """From this day on nothing falls due."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""


class LeaseVehicle(Deal):
    """A vehicle buys chips for whatever a cloud begins to build, with the money of one lender, and lets them to it:
    level rents, notes that the rents pay back, and a price at the end for which the cloud takes the chips over."""

    roles: ClassVar[Roles] = {"vehicle": ("firm",), "lessee": ("cloud",), "lender": ("bond_buyer",)}
    sides: ClassVar[Sides] = ("lessee", "vehicle")
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    vehicle: Name
    """A plain firm that owns the chips and owes the notes."""
    lessee: Name
    """The cloud in whose halls they run, and that pays the rent, whatever its customers do."""
    lender: Name
    """Who buys the notes: private credit, for example."""
    limit_usd: SomeUsd
    """Most that is spent on chips in all."""
    chips_share: Share = 1.0
    """Part of the chips of each phase that the vehicle buys."""
    spread_per_year: Annotated[float, Field(ge=0, le=1)]
    """Coupon of its notes over the riskless rate."""
    margin_per_year: Annotated[float, Field(ge=0, le=0.5)] = 0.0025
    """By what the rate implicit in the rent is above that coupon: what the vehicle itself lives on."""
    years: Years = 5.0
    """Years of rent for each delivery."""
    residual_share: Share = 0.1
    """Part of their cost that the chips are worth at the end, and at which the cloud takes them over."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
