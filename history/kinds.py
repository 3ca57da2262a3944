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


CIRCLE_LISTED = (FirmKind.CLOUD, FirmKind.CHIP_MAKER)
"""Listed firms of the circle."""


def cause_text(cause: Cause) -> str:
    """`cause` of journal."""
    return cause.name.lower()
