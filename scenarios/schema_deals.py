"""What parties of a scenario have promised, lent and owe each other: contracts, supplies, stakes, debts, news."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .behaviour_rows import OPENING, Fixed
from .schema_base import (
    CALENDAR,
    FIRMS,
    LISTED,
    PAYERS,
    Day,
    Deal,
    Gigawatt,
    Instrument,
    InstrumentName,
    Name,
    Role,
    Roles,
    Sides,
    SomeUsd,
    Unit,
    UnitName,
    Usd,
    Whole,
    Years,
)


class ComputeContract(Deal):
    """A lab or a listed firm rents capacity, take-or-pay on what is delivered: from a cloud that builds it, or from a
    lab that has it."""

    roles: ClassVar[Roles] = {"customer": ("lab", *LISTED), "provider": ("cloud", "lab")}
    sides: ClassVar[Sides] = ("customer", "provider")
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    customer: Name
    """Who rents: a lab, which sells what it does with it, or a listed firm, whose earnings have that already."""
    provider: Name
    """The cloud that builds and is paid, or a lab: it lets capacity of before the start, at once."""
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    """Capacity contracted."""
    price_usd_per_gw_year: Usd
    """What a GW in service costs the customer; a file may leave it out where nobody has said it, if another contract
    says its own: then it is the mean of theirs, by capacity."""
    years: Years
    """Term from the start of service."""
    net_margin: Annotated[float, Field(ge=-1, le=1)]
    """Net profit per dollar of contract revenue, as the market sees it at signing."""
    announced: Annotated[Day | None, CALENDAR] = None
    """None: known, and in the price, before the start."""
    known_since: Annotated[Day | None, CALENDAR] = None
    """Day before the start on which it was announced: what it costs to build and who pays it have been thought over
    since; None: from the start on."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
    told_in: UnitName = Unit.DOLLARS
    """Unit in which its announcements tell its size."""
    delivered_gw: Annotated[Gigawatt, OPENING] = 0.0
    """Part of the capacity in service at the start."""
    first_service: Day | None = None
    """No capacity in service before this date."""
    build_gw_per_year: Gigawatt | None = None
    """Building that its provider adds for it; None: it is built within what the provider builds anyway."""


class ChipSupply(Deal):
    """A cloud buys its chips from a chip maker or has them made; everything else for a GW goes to other suppliers."""

    roles: ClassVar[Roles] = {"buyer": ("cloud",), "supplier": ("chip_maker",)}
    sides: ClassVar[Sides] = ("buyer", "supplier")

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    buyer: Name
    """The cloud that buys."""
    supplier: Name | None = None
    """The chip maker that sells; None: chips of the buyer's own design, made at cost by suppliers outside."""
    chips_usd_per_gw: Usd
    """Chips for a GW of capacity."""
    other_usd_per_gw: Usd
    """Everything else for a GW: land, buildings, power, networks."""
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the buyer's capacity that this supplier equips."""


class MilestoneInvestment(Deal):
    """A supplier invests in a lab, a tranche for each GW deployed: the edge that closes the circle."""

    roles: ClassVar[Roles] = {"investor": ("chip_maker", "cloud"), "investee": ("lab",)}
    sides: ClassVar[Sides] = ("investor", "investee")
    puts_in: ClassVar[str] = "investor"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    investor: Name
    """Who pays the tranches."""
    investee: Name
    """The lab that gets them."""
    amount_usd_per_gw: Usd
    """Tranche for each GW deployed."""
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    """Capacity that the whole investment is for."""
    chips_usd_per_gw: Usd = 0.0
    """Chip sales the announcement promises the investor per GW: what its shareholders capitalise."""
    years: Years = 5.0
    """Years over which the promise stretches."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.LETTER_OF_INTENT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
    told_in: UnitName = Unit.GIGAWATTS
    """Unit in which its announcements tell its size."""
    deployed_gw: Annotated[Gigawatt, OPENING] = 0.0
    """Capacity for which tranches are paid already."""
    contract: Name | None = None
    """A compute contract of the lab: its capacity alone counts, and with it the investment ends; none: all of the lab's
    capacity that no other investment of this investor is for."""


class EquityTicket(Deal):
    """A listed firm subscribes new shares of a lab for a fixed sum, at the price of its last round on the closing
    day."""

    roles: ClassVar[Roles] = {"investor": LISTED, "investee": ("lab",)}
    sides: ClassVar[Sides] = ("investor", "investee")
    refers: ClassVar[dict[str, str]] = {"replaces": "milestone"}
    puts_in: ClassVar[str] = "investor"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    investor: Name
    """Who subscribes."""
    investee: Name
    """The lab that issues the shares."""
    amount_usd: SomeUsd
    """Sum subscribed."""
    closes: Day
    """The money falls due at the first month's end on or after this day."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.EQUITY
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
    replaces: Name | None = None
    """A milestone investment between the two that ends with the announcement: of it nothing more will come."""


class RevolvingLine(Deal):
    """A lender stands ready to lend a cloud money at a margin agreed beforehand, as often as it is repaid."""

    roles: ClassVar[Roles] = {"lender": ("bond_buyer",), "borrower": ("cloud",)}
    sides: ClassVar[Sides] = ("lender", "borrower")
    puts_in: ClassVar[str] = "lender"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    lender: Name
    """Who lends."""
    borrower: Name
    """The cloud that may draw when bonds do not bring what it needs."""
    limit_usd: SomeUsd
    """Most that can be drawn at a time."""
    margin_per_year: Annotated[float, Field(ge=0, le=0.5)] = 0.0125
    """Interest over the riskless rate."""
    note_months: Annotated[int, Field(ge=1, le=120), Whole] = 12
    """Months after which a draw is repaid, perhaps by another."""
    covenant_spread_per_year: Annotated[float, Field(gt=0, le=1)] = 0.08
    """Spread of the borrower above which nothing can be drawn."""


class CapitalCall(Deal):
    """What an investor has still to pay of a private round of before the start: shares at that round's price."""

    fixed = CALENDAR
    roles: ClassVar[Roles] = {"investor": ("venture_investor",), "investee": ("lab",)}
    sides: ClassVar[Sides] = ("investor", "investee")

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    investor: Name
    """Who pays: from cash, then from partners, then by selling listed stakes."""
    investee: Name
    """The lab that issues the shares."""
    amount_usd: SomeUsd
    """How much is still to come."""
    valuation_usd: Annotated[float, Field(gt=0, le=5e13)]
    """Value of all the lab's shares of the start at the round's price."""
    due: Day
    """The day on which it is called; what has not come `call_patience_months` later is lost."""


class Stake(Deal):
    """Shares of a firm held by a named investor or firm at the start."""

    fixed = OPENING
    roles: ClassVar[Roles] = {"owner": PAYERS, "firm": ("lab", *LISTED)}
    sides: ClassVar[Sides] = ("owner", "firm")

    owner: Name
    """Who holds the shares."""
    firm: Name
    """Whose shares they are."""
    shares: Annotated[int, Field(gt=0, le=10**13), Whole]
    """How many."""


class Bond(Deal):
    """A bond outstanding at the start, held by the bond buyers in proportion to their means."""

    fixed = Fixed("what has been issued keeps its terms")
    roles: ClassVar[Roles] = {"issuer": LISTED}

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    issuer: Name
    """The listed firm that owes."""
    face_usd: SomeUsd
    """Face value of the series."""
    coupon_per_year: Annotated[float, Field(ge=0, le=1)]
    """Coupon, as a share of face value."""
    maturity: Day
    """Day on which the face value is due."""


class Obligation(Deal):
    """A plain debt between two parties, due on one day of the run: one line of a clearing."""

    fixed = CALENDAR
    roles: ClassVar[Roles] = {"payer": PAYERS, "payee": PAYERS}
    sides: ClassVar[Sides] = ("payer", "payee")

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    payer: Name
    """Who owes."""
    payee: Name
    """Who is owed."""
    amount_usd: SomeUsd
    """How much."""
    due_day: Annotated[int, Field(ge=1, le=5040), Whole] = 1
    """Trading day of the run on which it is due."""


class Statement(Deal):
    """What is said about a firm that is no contract or investment here."""

    fixed = CALENDAR
    roles: ClassVar[Roles] = {"firm": FIRMS}

    firm: Name
    """The firm it is about."""
    text: Annotated[str, Field(min_length=1, max_length=400)]
    """What is announced, in words."""
    instrument: InstrumentName = Instrument.GUIDANCE
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
    told_in: UnitName = Unit.DOLLARS
    """Unit in which it tells its size."""
    amount_usd: Usd = 0.0
    """Amount announced."""
    profit_usd_per_year: Annotated[float, Field(ge=-1e13, le=1e13)] = 0.0
    """Yearly profit it promises the firm, if it comes true."""
    direction: Annotated[int, Field(ge=-1, le=1), Whole] = 1
    """1 good news, -1 bad news, 0 neither."""
    counterparty: Name | None = None
    """The other side, where there is one."""
    role: Annotated[Role | None, Field(strict=False)] = None
    """What the firm gets; the receiver of equity is endorsed by who gives it."""
    prior_similar_90d: Annotated[int, Field(ge=0, le=10**6), Whole] = 0
    """Similar announcements of the firm in the 90 days before."""
    prior_others_90d: Annotated[int, Field(ge=0, le=10**6), Whole] = 0
    """Similar announcements of other firms in the 90 days before."""
    payer_coverage: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """What the payer can bring up over its whole bill, where it is no agent: belief goes where that says."""


class NewsItem(Statement):
    """A scheduled announcement about a firm that is no contract or investment here: guidance, for example."""

    name: Name | None = None
    """For key paths; without one, the item is addressed by its number, from 1."""
    announced: Day
    """Day of the announcement."""
