"""What a scenario may say of shares to come: warrants that vest, notes that convert, the listing of a lab."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from .behaviour_rows import Fixed
from .schema_base import (
    CALENDAR,
    LISTED,
    Day,
    Deal,
    Instrument,
    InstrumentName,
    Label,
    Name,
    Roles,
    Share,
    Sides,
    SomeUsd,
    Unit,
    UnitName,
    Usd,
    Whole,
    Years,
)

PriceUsd = Annotated[float, Field(ge=0.01, le=1e9)]


class Warrant(Deal):
    """A chip maker grants a lab the right to new shares of its own at a strike, in equal tranches: each vests when so
    much of the lab's capacity runs on its chips and its share has closed as high as the tranche asks."""

    roles: ClassVar[Roles] = {"grantor": ("chip_maker",), "holder": ("lab",)}
    sides: ClassVar[Sides] = ("grantor", "holder")
    hands_over: ClassVar[str] = "grantor"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    grantor: Name
    """Who issues the shares."""
    holder: Name
    """The lab that may buy them."""
    shares: Annotated[int, Field(ge=1, le=10**12), Whole]
    """All shares that it is for."""
    strike_usd: PriceUsd = 0.01
    """Price at which the lab buys a share."""
    tranches: Annotated[int, Field(ge=1, le=100), Whole, Fixed("tranches that have vested are counted by it")]
    """Equal parts in which it vests."""
    capacity_gw: Annotated[float, Field(gt=0, le=1000)]
    """Capacity of the lab with the grantor's chips at which the last tranche vests; the first ones at equal parts."""
    first_price_usd: PriceUsd
    """Closing price that the first tranche asks for."""
    last_price_usd: PriceUsd
    """Closing price that the last tranche asks for; those between lie on a line."""
    expires: Day
    """What has not vested by then is void."""
    chips_usd_per_gw: Usd = 0.0
    """Chip sales the announcement promises the grantor per GW: what its shareholders capitalise."""
    years: Years = 5.0
    """Years over which those sales stretch."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""
    told_in: UnitName = Unit.GIGAWATTS
    """Unit in which its announcements tell its size."""


class Convertible(Deal):
    """A listed firm issues notes that their holder may exchange for new shares at a price set when they are announced:
    it does at maturity if those are worth more, and before it when the issuer calls because its share is dear."""

    roles: ClassVar[Roles] = {"issuer": LISTED, "holder": ("bond_buyer", "chip_maker")}
    sides: ClassVar[Sides] = ("issuer", "holder")
    puts_in: ClassVar[str] = "holder"
    hands_over: ClassVar[str] = "issuer"
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    issuer: Name
    """Who owes, and issues the shares."""
    holder: Name
    """Who buys the notes, as far as it has the means on the closing day."""
    amount_usd: SomeUsd
    """Face value."""
    coupon_per_year: Share
    """Coupon, as a share of face value, paid monthly."""
    premium_share: Annotated[float, Field(ge=0, le=5)] = 0.3
    """Conversion price over the last close before the announcement, less 1."""
    called_above_share: Annotated[float, Field(ge=0, le=10)] = 0.3
    """Share price over the conversion price, less 1, from which on the issuer calls at a month's end."""
    years: Years = 5.0
    """Years from closing to maturity."""
    closes: Day
    """The notes are placed at the first month's end on or after this day."""
    announced: Annotated[Day | None, CALENDAR] = None
    """Day of the announcement, that of a contract perhaps; None: known, and in the price, before the start."""
    instrument: InstrumentName = Instrument.CONTRACT
    """How firm the promise is: what the public believes of it at first, not what falls due and when."""


ON_BOARD = Fixed("its row on the price board is made at the start")


class Flotation(Deal):
    """A lab is listed once its size and the market allow: at a month's end it sells new shares at an offer price to the
    ETF, households and active funds, and from the next day on they trade in the closing auction. Shares from before
    are locked up for a while. Later it sells new shares in the auction, instead of private rounds."""

    roles: ClassVar[Roles] = {"lab": ("lab",)}
    is_promise: ClassVar[bool] = True

    name: Name
    """Its name, by which other parts of the file and key paths call it."""
    lab: Name
    """Who is listed."""
    value_min_usd: SomeUsd = 1e11
    """Size: the least that funds must value it at. Default: the order of the largest listings at their offer price, 104
    bn in 2012 (Facebook) and 168 bn in 2014 (Alibaba), by their prospectuses; larger firms go public more often:
    Pagano, Panetta & Zingales (1998), Journal of Finance 53(1)."""
    market_up_share: Annotated[float, Field(ge=-1, le=10)] = 0.1
    """Market: the half-year return of listed AI shares from which on the window is open; so it is when the lab's own
    price is up by `behaviour.round_price_up` since its last round. Default assumed; firms list after rises of their
    industry's and the market's value: Pagano, Panetta & Zingales (1998), Lowry (2003), J. Financial Economics 67(1)."""
    offer_share: Annotated[float, Field(ge=0.001, le=0.5)] = 0.1
    """New shares sold, of all shares after the sale. Default assumed: large firms sell less than the fifth or
    quarter that is usual."""
    underpricing_share: Annotated[float, Field(ge=0, le=2)] = 0.188
    """First-day return that the offer price leaves to its buyers. Default: mean of US listings from 1980 to 2001,
    Ritter & Welch (2002), Journal of Finance 57(4)."""
    household_share: Share = 0.25
    """Part of the offer kept for households, who take as much of it as there are holders who are not tired of the
    story. Default: institutions get about three quarters, Aggarwal, Prabhala & Puri (2002), J. of Finance 57(3)."""
    lock_up_months: Annotated[int, Field(ge=0, le=60), Whole] = 6
    """Months of 21 trading days in which shares from before cannot be sold. Default: 180 days, Field & Hanka (2001),
    Journal of Finance 56(2)."""
    daily_volatility: Annotated[float, Field(ge=1e-4, le=0.15), ON_BOARD] = 0.03
    """Standard deviation of the share's daily return. Default assumed: between a chip maker's and a young firm's."""
    sector: Annotated[Label, ON_BOARD] = "technology"
    """Sector of the share: that of some listed firm."""
