"""What a scenario may say: the cast, their balance sheets, contracts and stakes between them, and what is announced.

Every field carries its unit in its name; money is US dollars here and integer cents from the first line of the model.
Numbers may be written as `{ value = 1.0, source = "..." }`; the loader keeps the sources beside the key path.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from . import checks
from .behaviour import Behaviour, whole

T = TypeVar("T")
YEARS = (1900, 2200)


def _calendar_day(value: Any) -> Any:
    """An ISO text becomes its date; a moment with a clock time is no day; far centuries are refused."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("calendar_day", "a date such as 2025-09-10") from None
    if isinstance(value, datetime) or (isinstance(value, date) and not YEARS[0] <= value.year <= YEARS[1]):
        raise PydanticCustomError("calendar_day", "a date without clock time, from 1900 to 2200")
    return value


Day = Annotated[date, BeforeValidator(_calendar_day)]
Whole = BeforeValidator(whole)
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w(&][\w &'(),/+:-]*$")]
"""Name of a party or deal: no dots, stars or equals signs, because key paths are built from names."""
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w(&][\w .&'(),/+:-]*$")]
"""Label of an origin of money, a ticker: a name that may hold dots."""
Usd = Annotated[float, Field(ge=0, le=5e13)]
Count = Annotated[int, Field(ge=1, le=10**13), Whole]
Share = Annotated[float, Field(ge=0, le=1)]
PerYear = Annotated[float, Field(ge=-1, le=20)]
Gigawatt = Annotated[float, Field(ge=0, le=1000)]
Entries = Annotated[tuple[T, ...], Field(strict=False, max_length=1000)]


class Part(BaseModel):
    """Base of all parts of a scenario: frozen, nothing unknown, no text or truth value where a number belongs."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class Instrument(StrEnum):
    """The kind of promise behind an announcement: with role and size the only thing deals may differ in."""

    CONTRACT = "contract"
    LETTER_OF_INTENT = "letter_of_intent"
    ORDER = "order"
    GUIDANCE = "guidance"
    EQUITY = "equity"


InstrumentName = Annotated[Instrument, Field(strict=False)]


class Role(StrEnum):
    """What an announcement brings its firm: sales, somebody's equity, or a stake in somebody."""

    SUPPLIER = "supplier"
    INVESTEE = "investee"
    INVESTOR = "investor"


class Firm(Part):
    """What every firm has."""

    name: Name
    opening_cash_usd: Usd = 0.0
    cash_origin: Label | None = None
    """Label of the origin of the opening cash; default: 'NAME, legacy earnings'."""


class Listing(Firm):
    """A firm whose shares trade in the closing auction."""

    ticker: Label
    shares: Count
    price_usd: Annotated[float, Field(ge=0.01, le=1e7)]
    earnings_usd_per_year: Annotated[float, Field(gt=0, le=5e13)]
    earnings_growth_per_year: PerYear = 0.08
    earnings_volatility_per_year: Share = 0.05
    daily_volatility: Annotated[float, Field(gt=0, le=0.5)] = 0.015
    revenue_usd_per_year: Usd = 0.0
    """Sales to customers outside the circle, paid in cash day by day."""
    costs_usd_per_year: Usd = 0.0
    """Running costs, taxes and ordinary capital expenditure outside the circle, paid in cash day by day."""
    cash_growth_per_year: PerYear = 0.08
    """Growth of that revenue and those costs."""
    cash_buffer_usd: Usd = 0.0
    """Cash it does not touch for buybacks, milestones and building."""
    debt_like_usd: Usd = 0.0
    """Debt-like claims already in the price at the start (leases, commitments), beside the listed bonds."""
    sector: Label = "technology"
    """Institutions shift between sectors less easily than between the shares of one."""


class ListedFirm(Listing):
    """A passive listed firm: its earnings grow, it makes the index and the ETF realistic."""


class AiLab(Firm):
    """A private lab: sells to AI customers, buys compute under take-or-pay contracts, raises private rounds."""

    shares: Count
    valuation_usd: Annotated[float, Field(gt=0, le=5e13)]
    revenue_usd_per_year: Usd
    """Annualised revenue at the start."""
    revenue_growth_per_year: PerYear
    """Growth of the run-rate at the start, as a yearly rate (1.0 doubles it in a year)."""
    expected_growth_per_year: PerYear | None = None
    """Growth that its price and its contracts assume at the start; None: what really comes."""
    growth_slowdown_per_year: Annotated[float, Field(ge=0, le=10)] = 0.35
    """Rate at which that growth decays: growth(t) = growth(0) exp(-slowdown t)."""
    revenue_volatility_per_year: Share = 0.10
    costs_share_of_revenue: Annotated[float, Field(ge=0, le=10)]
    """Running costs that scale with revenue, revenue shares excluded."""
    costs_usd_per_year: Usd = 0.0
    """Running costs that do not scale with revenue."""
    costs_growth_per_year: PerYear = 0.0
    revenue_share: Share = 0.0
    """Share of revenue paid to `revenue_share_payee`."""
    revenue_share_payee: Name | None = None
    raise_below_months: Annotated[float, Field(ge=0, le=120)] = 12.0
    raise_months: Annotated[float, Field(gt=0, le=120)] = 18.0


class CloudProvider(Listing):
    """A listed cloud provider: builds capacity for labs, funds it from cash flow, bonds, then shares."""

    build_gw_per_year_max: Gigawatt = 0.0
    build_months: Annotated[int, Field(ge=1, le=60), Whole] = 12
    """Months from the start of a building phase to capacity in service."""
    chip_lead_months: Annotated[int, Field(ge=0, le=60), Whole] = 6
    """Months before service at which the chips are ordered; an order cannot be cancelled."""
    operating_cost_usd_per_gw_year: Usd = 0.0
    """Power and operation of delivered capacity."""
    spread_limit_per_year: Annotated[float, Field(gt=0, le=1)] = 0.03
    """Above this spread the provider sells shares at the market instead of bonds."""
    asset_volatility_per_year: Annotated[float, Field(gt=0, le=3)] | None = None
    """Default: from the share's daily volatility and leverage."""


class ChipMaker(Listing):
    """A listed chip maker: sells chips at a margin with limited supply, invests in its customers' customers."""

    net_margin: Share
    """Net profit per dollar of additional chip sales."""
    supply_gw_per_year_max: Gigawatt = 1000.0
    """Chips the maker can deliver to the circle in a year, in GW of capacity."""
    supply_growth_per_year: PerYear = 0.0
    buyback_share_of_earnings: Share = 0.0


class VentureInvestor(Part):
    """Bids in private rounds; calls capital from its partners; sells listed stakes to raise cash."""

    name: Name
    opening_cash_usd: Usd = 0.0
    cash_origin: Label | None = None
    dry_powder_usd: Usd
    """What its limited partners (or its parent) have promised and not yet paid."""
    dry_powder_inflow_usd_per_year: Usd = 0.0
    """New promises won per year at neutral appetite."""
    partners: Label
    """Label of the origin of called capital, for example 'SoftBank, limited partners'."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0
    appetite: Annotated[float, Field(ge=0, le=10)] = 1.0
    sells_stakes: bool = True


class BondBuyerKind(StrEnum):
    """Whose money a bond buyer lends."""

    BANK = "bank"
    BOND_FUND = "bond_fund"


class BondBuyer(Part):
    """Bids spread and amount in new issues; trades outstanding bonds."""

    name: Name
    kind: Annotated[BondBuyerKind, Field(strict=False)]
    opening_cash_usd: Usd
    inflow_usd_per_year: Usd = 0.0
    """New savings or new credit per year."""
    savers: Label
    """Label of the origin of its money."""
    premium_per_year: Annotated[float, Field(ge=-0.05, le=0.5)] = 0.0
    concentration_limit: Annotated[float, Field(gt=0, le=1)] = 0.15
    """Largest share of its assets in one issuer."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0


class ActiveFund(Part):
    """An institution with a price-elastic portfolio."""

    name: Name
    weight: Annotated[float, Field(gt=0, le=1e6)]
    """Its part of all shares that nobody named holds, relative to the other funds."""
    equity_share: Annotated[float, Field(gt=0, lt=1)] = 0.90
    """Share of wealth in equities at the start: its cash follows from it."""
    savers: Label
    """Label of the origin of its cash."""
    disposition: Annotated[float, Field(ge=-5, le=5)] = 0.0
    sensitivity: Annotated[float, Field(ge=0, le=3)] = 1.0
    """s: how far it lets the narrative multiple into its value."""


class Etf(Part):
    """The exchange-traded fund on all listed firms at cap weights, and its authorized participant."""

    name: Name
    price_usd: Annotated[float, Field(ge=0.01, le=1e6)]
    creation_unit_shares: Annotated[int, Field(ge=1, le=10**7), Whole]
    participant: Name
    participant_cash_usd: Usd
    participant_origin: Label = "market makers' capital"
    participant_inventory_share: Share = 0.01
    """ETF shares the participant holds at the start, as a share of those outstanding."""
    creation_cost: Annotated[float, Field(ge=0, le=0.1)] = 0.0005
    """Cost of creation or redemption, as a share of value: the arbitrage band."""
    rebalance_months: Annotated[int, Field(ge=1, le=60), Whole] = 3


class Households(Part):
    """All retail holders together; `holders` of the scenario says how many rows carry them."""

    etf_value_usd: Usd
    cash_usd: Usd
    saving_usd_per_year: Usd = 0.0
    savers: Label = "household savings"
    wealth_sigma: Annotated[float, Field(ge=0, le=3)] = 1.0
    """Log-normal dispersion of wealth over holders."""
    enthusiastic_share: Share = 0.05
    tired_share: Share = 0.0
    blocks: Annotated[int, Field(ge=1, le=64), Whole] = 8
    """Mixing blocks of the social graph."""
    block_affinity: Share = 0.7
    """Share of contacts inside the own block."""


class ComputeContract(Part):
    """A lab rents capacity from a cloud, take-or-pay on what is delivered."""

    name: Name
    customer: Name
    provider: Name
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    price_usd_per_gw_year: Usd
    years: Annotated[float, Field(gt=0, le=50)]
    net_margin: Annotated[float, Field(ge=-1, le=1)]
    """Net profit per dollar of contract revenue, as the market sees it at signing."""
    announced: Day | None = None
    """None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    delivered_gw: Gigawatt = 0.0
    first_service: Day | None = None
    """No capacity in service before this date."""


class ChipSupply(Part):
    """A cloud buys its chips from a chip maker; everything else for a GW goes to other suppliers."""

    name: Name
    buyer: Name
    supplier: Name
    chips_usd_per_gw: Usd
    other_usd_per_gw: Usd
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the buyer's capacity that this supplier equips."""


class MilestoneInvestment(Part):
    """A supplier invests in a lab, a tranche for each GW deployed: the edge that closes the circle."""

    name: Name
    investor: Name
    investee: Name
    amount_usd_per_gw: Usd
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    chips_usd_per_gw: Usd = 0.0
    """Chip sales the announcement promises the investor per GW: what its shareholders capitalise."""
    years: Annotated[float, Field(gt=0, le=50)] = 5.0
    announced: Day | None = None
    instrument: InstrumentName = Instrument.LETTER_OF_INTENT
    deployed_gw: Gigawatt = 0.0


class Stake(Part):
    """Shares of a firm held by a named investor or firm at the start."""

    owner: Name
    firm: Name
    shares: Annotated[int, Field(gt=0, le=10**13), Whole]


class Bond(Part):
    """A bond outstanding at the start, held by the bond buyers in proportion to their means."""

    name: Name
    issuer: Name
    face_usd: Annotated[float, Field(gt=0, le=1e13)]
    coupon_per_year: Annotated[float, Field(ge=0, le=1)]
    maturity: Day


class Obligation(Part):
    """A plain debt between two parties, due on one day of the run: one line of a clearing."""

    name: Name
    payer: Name
    payee: Name
    amount_usd: Annotated[float, Field(gt=0, le=1e13)]
    due_day: Annotated[int, Field(ge=1, le=5040), Whole] = 1


class NewsItem(Part):
    """A scheduled announcement about a firm that is no contract or investment here: guidance, for example."""

    name: Name | None = None
    """For key paths; without one, the item is addressed by its number, from 1."""
    announced: Day
    firm: Name
    text: Annotated[str, Field(min_length=1, max_length=400)]
    instrument: InstrumentName = Instrument.GUIDANCE
    amount_usd: Usd = 0.0
    profit_usd_per_year: Annotated[float, Field(ge=-1e13, le=1e13)] = 0.0
    direction: Annotated[int, Field(ge=-1, le=1), Whole] = 1
    counterparty: Name | None = None
    role: Annotated[Role | None, Field(strict=False)] = None
    """What the firm gets; the receiver of equity is endorsed by who gives it."""
    prior_similar_90d: Annotated[int, Field(ge=0, le=10**6), Whole] = 0
    """Similar announcements of the firm in the 90 days before."""


class Scenario(Part):
    """One world at its start: who is there, what they own and owe, what is about to be announced."""

    name: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=4000)] = ""
    start_date: Day
    days: Annotated[int, Field(ge=1, le=5040), Whole] = 756
    holders: Annotated[int, Field(ge=0, le=10**8), Whole] = 10_000
    firm: Entries[Firm] = ()
    """Plain parties that only owe and are owed."""
    lab: Entries[AiLab] = ()
    cloud: Entries[CloudProvider] = ()
    chip_maker: Entries[ChipMaker] = ()
    listed_firm: Entries[ListedFirm] = ()
    venture_investor: Entries[VentureInvestor] = ()
    bond_buyer: Entries[BondBuyer] = ()
    active_fund: Entries[ActiveFund] = ()
    etf: Etf | None = None
    households: Households | None = None
    contract: Entries[ComputeContract] = ()
    supply: Entries[ChipSupply] = ()
    milestone: Entries[MilestoneInvestment] = ()
    stake: Entries[Stake] = ()
    bond: Entries[Bond] = ()
    obligation: Entries[Obligation] = ()
    news: Entries[NewsItem] = ()
    behaviour: Behaviour = Behaviour()
    sources: dict[str, str] = Field(default_factory=dict)
    """Key path -> source, filled by the loader."""

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        for fault in checks.faults(self):
            context = {
                "key_path": fault.key_path,
                "came": fault.came,
                "allowed": fault.allowed,
                "nearest": fault.nearest,
            }
            raise PydanticCustomError("scenario_rule", "{key_path}: came {came}; allowed: {allowed}", context)
        return self

    @property
    def listed(self) -> tuple[Listing, ...]:
        """All firms whose shares trade: clouds, chip makers, passive firms, in the order of the file."""
        return (*self.cloud, *self.chip_maker, *self.listed_firm)

    @property
    def firms(self) -> tuple[Firm, ...]:
        """All firms: plain ones, labs, then the listed ones."""
        return (*self.firm, *self.lab, *self.listed)


KINDS: dict[str, type[Part]] = {
    "firm": Firm,
    "lab": AiLab,
    "cloud": CloudProvider,
    "chip_maker": ChipMaker,
    "listed_firm": ListedFirm,
    "venture_investor": VentureInvestor,
    "bond_buyer": BondBuyer,
    "active_fund": ActiveFund,
    "contract": ComputeContract,
    "supply": ChipSupply,
    "milestone": MilestoneInvestment,
    "stake": Stake,
    "bond": Bond,
    "obligation": Obligation,
    "news": NewsItem,
}
"""The lists of a scenario and what their entries are."""
