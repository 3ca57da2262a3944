"""What a scenario may say: the cast, their balance sheets, contracts and stakes between them, and what is announced.

Every field carries its unit in its name; money is US dollars here and integer cents from the first line of the model.
Numbers may be written as `{ value = 1.0, source = "..." }`; the loader keeps the sources beside the key path.
"""

from __future__ import annotations

from itertools import chain

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from . import checks, dated
from .schema_base import Instrument, Part, Role
from .schema_dated import DatedChange, Stop
from .schema_deals import (
    Bond,
    CapitalCall,
    ChipSupply,
    ComputeContract,
    MilestoneInvestment,
    NewsItem,
    Obligation,
    Stake,
)
from .schema_firms import AiLab, ChipMaker, CloudProvider, Firm, ListedFirm, Listing
from .schema_holders import (
    ActiveFund,
    BondBuyer,
    BondBuyerKind,
    Etf,
    Households,
    SocialGraphKind,
    VentureInvestor,
)
from .schema_vendor import BuildPlan, Customer, Guarantee, VendorLoan
from .schema_world import KINDS, World

__all__ = [
    "KINDS",
    "ActiveFund",
    "AiLab",
    "Bond",
    "BondBuyer",
    "BondBuyerKind",
    "BuildPlan",
    "CapitalCall",
    "ChipMaker",
    "ChipSupply",
    "CloudProvider",
    "ComputeContract",
    "Customer",
    "DatedChange",
    "Etf",
    "Firm",
    "Guarantee",
    "Households",
    "Instrument",
    "ListedFirm",
    "Listing",
    "MilestoneInvestment",
    "NewsItem",
    "Obligation",
    "Part",
    "Role",
    "Scenario",
    "SocialGraphKind",
    "Stake",
    "Stop",
    "VendorLoan",
    "VentureInvestor",
]


class Scenario(World):
    """One world at its start: who is there, what they own and owe, what is about to be announced; its parts fit."""

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        for fault in chain(checks.faults(self), dated.faults(self) if self.on or self.stop else ()):
            context = {
                "key_path": fault.key_path,
                "came": fault.came,
                "allowed": fault.allowed,
                "nearest": fault.nearest,
                "scenario": self,
            }
            raise PydanticCustomError("scenario_rule", "{key_path}: came {came}; allowed: {allowed}", context)
        return self
