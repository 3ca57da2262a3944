"""A world at its start: everybody, what they own and owe, what is about to be announced. Each field is valid alone."""

from __future__ import annotations

from typing import Annotated, get_args, get_origin

from pydantic import Field

from .behaviour import Behaviour
from .behaviour_rows import Fixed
from .schema_base import Day, Deal, Entries, Name, Part, Whole
from .schema_dated import DatedChange, Stop
from .schema_deals import (
    Bond,
    CapitalCall,
    ChipSupply,
    ComputeContract,
    EquityTicket,
    MilestoneInvestment,
    NewsItem,
    Obligation,
    RevolvingLine,
    Stake,
)
from .schema_firms import AiLab, ChipMaker, CloudProvider, Firm, ListedFirm, Listing
from .schema_holders import ActiveFund, BondBuyer, Etf, Households, VentureInvestor
from .schema_options import Convertible, Flotation, Warrant
from .schema_vendor import Backstop, BuildPlan, Customer, Guarantee, LeaseVehicle, VendorLoan

RUN = Fixed("it says what the whole run is")


class World(Part):
    """Who is there, what they own and owe, what is about to be announced; what fits together is a `Scenario`."""

    name: Name
    """Short name of the scenario: run directories are called after it."""
    title: Annotated[str, Field(min_length=1, max_length=200), RUN]
    """One line that says what it is."""
    description: Annotated[str, Field(max_length=4000), RUN] = ""
    """A few sentences for whoever reads it."""
    start_date: Annotated[Day, RUN]
    """The day before the first trading day, from Monday to Friday; balance sheets are of this day."""
    days: Annotated[int, Field(ge=1, le=5040), Whole, RUN] = 756
    """Trading days to run; 252 are a year."""
    holders: Annotated[int, Field(ge=0, le=10**8), Whole, RUN] = 10_000
    """Rows that carry the households; 0 where there are none. Each one's ETF shares must fit in 32 bits: 229 at least
    in ai-2025, 20 in vendor-loans; an error says how many."""
    firm: Entries[Firm] = ()
    """Plain parties that only owe and are owed."""
    lab: Entries[AiLab] = ()
    """Private AI labs."""
    cloud: Entries[CloudProvider] = ()
    """Listed cloud providers."""
    chip_maker: Entries[ChipMaker] = ()
    """Listed chip makers."""
    listed_firm: Entries[ListedFirm] = ()
    """Passive listed firms."""
    venture_investor: Entries[VentureInvestor] = ()
    """Investors in private rounds."""
    bond_buyer: Entries[BondBuyer] = ()
    """Lenders."""
    active_fund: Entries[ActiveFund] = ()
    """Institutions that hold shares."""
    etf: Etf | None = None
    """The fund on all listed firms, and its participant."""
    households: Households | None = None
    """Retail holders."""
    contract: Entries[ComputeContract] = ()
    """Compute that labs rent from clouds."""
    supply: Entries[ChipSupply] = ()
    """Chips that clouds buy."""
    milestone: Entries[MilestoneInvestment] = ()
    """Investments in labs, a tranche per GW deployed."""
    equity_ticket: Entries[EquityTicket] = ()
    """Shares of labs that listed firms subscribe for a fixed sum."""
    warrant: Entries[Warrant] = ()
    """Rights of labs to chip makers' own new shares, vesting with chips deployed and with the share's price."""
    convertible: Entries[Convertible] = ()
    """Notes of listed firms that may become shares."""
    listing: Entries[Flotation] = ()
    """Labs that sell shares to everybody once size and market allow."""
    revolving_line: Entries[RevolvingLine] = ()
    """Lines that clouds may draw when bonds do not bring what they need."""
    capital_call: Entries[CapitalCall] = ()
    """What investors have still to pay of private rounds of before the start."""
    stake: Entries[Stake] = ()
    """Shares in named hands at the start."""
    bond: Entries[Bond] = ()
    """Bonds outstanding at the start."""
    obligation: Entries[Obligation] = ()
    """Plain debts that fall due on a day."""
    build_plan: Entries[BuildPlan] = ()
    """Capacity that providers build for customers of their own."""
    vendor_loan: Entries[VendorLoan] = ()
    """Lines from vendors to their customers."""
    customer: Entries[Customer] = ()
    """Unlisted customers of vendors."""
    guarantee: Entries[Guarantee] = ()
    """Bonds that vendors answer for."""
    backstop: Entries[Backstop] = ()
    """Idle capacity that chip makers pay for."""
    lease_vehicle: Entries[LeaseVehicle] = ()
    """Chips that vehicles buy with lenders' money and let to clouds."""
    news: Entries[NewsItem] = ()
    """Announcements on the calendar."""
    on: Entries[DatedChange] = ()
    """What changes on a day of the run."""
    stop: Entries[Stop] = ()
    """Who puts no new money in from a day of the run on."""
    behaviour: Behaviour = Behaviour()
    """How everybody believes, trades and funds."""
    sources: dict[str, str] = Field(default_factory=dict)
    """Key path -> source, filled by the loader."""

    @property
    def listed(self) -> tuple[Listing, ...]:
        """All firms whose shares trade: clouds, chip makers, passive firms, in the order of the file."""
        return (*self.cloud, *self.chip_maker, *self.listed_firm)

    @property
    def firms(self) -> tuple[Firm, ...]:
        """All firms: plain ones, labs, then the listed ones."""
        return (*self.firm, *self.lab, *self.listed)


def entry_types() -> dict[str, type[Part]]:
    """The lists of a scenario, and what their entries are."""
    found = {}
    for name, field in World.model_fields.items():
        entry = next(iter(get_args(field.annotation)), None)
        if isinstance(entry, type) and issubclass(entry, Part) and get_origin(field.annotation) is tuple:
            found[name] = entry
    return found


KINDS = entry_types()
DEALS = {name: entry for name, entry in KINDS.items() if issubclass(entry, Deal)}
"""Those whose entries are deals between named parties."""
