"""What the columns of kinds hold: the texts that tell rows of a table apart, by name instead of as strings."""

from __future__ import annotations

from enum import StrEnum

from ..ledger.causes import Cause


class FirmKind(StrEnum):
    """`kind` of firms."""

    LAB = "lab"
    CLOUD = "cloud"
    CHIP_MAKER = "chip_maker"
    LISTED = "listed"


class ListingKind(StrEnum):
    """`kind` of daily."""

    SHARE = "share"
    ETF = "etf"


class LendingKind(StrEnum):
    """`kind` of loans."""

    LOAN = "loan"
    GUARANTEE = "guarantee"


class PromiseKind(StrEnum):
    """`kind` of commitments."""

    COMPUTE = "compute"
    MILESTONE = "milestone"
    ORDER = "order"
    GUIDANCE = "guidance"
    BUILD_PLAN = "build_plan"
    VENDOR_LOAN = "vendor_loan"
    GUARANTEE = "guarantee"
    EQUITY_TICKET = "equity_ticket"
    REVOLVING_LINE = "revolving_line"
    WARRANT = "warrant"
    LISTING = "listing"
    BACKSTOP = "backstop"
    PURCHASES = "purchases"
    CONVERTIBLE = "convertible"
    LEASE_VEHICLE = "lease_vehicle"


class Group(StrEnum):
    """`group` of positions: classes of parties. Whoever stands outside of them is a group of its own, by name."""

    CLEARING_HOUSE = "clearing house"
    LABS = "labs"
    FOUNDERS = "labs' founders and staff"
    CLOUDS = "clouds"
    CHIP_MAKERS = "chip makers"
    OTHER_LISTED = "other listed firms"
    FIRMS = "firms"
    VENTURE = "venture investors and their partners"
    BANKS = "banks and their credit"
    BOND_FUNDS = "bond funds and their savers"
    PRIVATE_CREDIT = "private credit and its investors"
    FUNDS = "active funds and their savers"
    HOUSEHOLDS = "households"
    PLANS = "pension and savings plans"
    MARKET_MAKERS = "market makers"


class Channel(StrEnum):
    """`channel` of payers: through whom money of the world outside reaches shares, bonds and rounds."""

    HOUSEHOLDS = "households"
    PLANS = "pension and savings plans"
    FUNDS = "active funds"
    BOND_FUNDS = "bond funds"
    BANKS = "banks"
    PRIVATE_CREDIT = "private credit"
    VENTURE = "venture investors"


SAVERS = (Channel.HOUSEHOLDS, Channel.PLANS, Channel.FUNDS, Channel.BOND_FUNDS)
"""Channels of those who save, and do not know what for."""

CIRCLE_LISTED = (FirmKind.CLOUD, FirmKind.CHIP_MAKER)
"""Listed firms of the circle."""


def cause_text(cause: Cause) -> str:
    """`cause` of journal."""
    return cause.name.lower()
