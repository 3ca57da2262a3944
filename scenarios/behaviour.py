"""The behavioural parameters: one table of name, unit, bounds, default, meaning and source, the same for all firms.

The command line (`--set behaviour.NAME=VALUE`), sweeps, sliders and docs/odd.md all read this table and nothing else.
Its rows stand in the `behaviour_*.py` beside it, by what they are about.
"""

from __future__ import annotations

from typing import Any

from .behaviour_beliefs import BeliefRules
from .behaviour_deals import DealRules
from .behaviour_decisions import DecisionRules
from .behaviour_funding import FundingRules
from .behaviour_funds import FundRules
from .behaviour_households import HouseholdRules
from .behaviour_promises import PromiseRules
from .behaviour_savers import SaverRules
from .behaviour_trading import TradingRules


# pydantic lists the fields of the last base first
class Behaviour(
    TradingRules,
    PromiseRules,
    DecisionRules,
    DealRules,
    FundingRules,
    FundRules,
    SaverRules,
    HouseholdRules,
    BeliefRules,
):
    """How everybody believes, trades and funds. Facts of single firms and deals live with the firms and deals."""


def parameter_table() -> list[dict[str, Any]]:
    """Every behavioural parameter as a row: name, unit, low, high, default, meaning, source."""
    rows = []
    for name, field in Behaviour.model_fields.items():
        bounds = {type(m).__name__: m for m in field.metadata}
        extra = field.json_schema_extra
        assert isinstance(extra, dict)
        rows.append(
            {
                "name": name,
                "unit": extra["unit"],
                "low": bounds["Ge"].ge,
                "high": bounds["Le"].le,
                "default": field.default,
                "meaning": field.description,
                "source": extra["source"],
            }
        )
    return rows
