"""Worlds of any size, made from the default scenario: more households, more listed firms, or more contracts.

The sums stay those of the default scenario as far as whole units let them: its passive index is cut into many firms,
its compute contract into many contracts, so that a larger world is the same economy in smaller pieces.
"""

from __future__ import annotations

from carousel.scenarios.loader import load
from carousel.scenarios.overrides import override
from carousel.scenarios.schema import ComputeContract, ListedFirm, Scenario

SMALLEST_CONTRACT_GW = 0.001
"""Capacity is whole megawatts."""
INDEX_CASH_USD, INDEX_REVENUE_USD = 500e9, 2e12
"""Cash and yearly sales of all index firms together, round numbers; costs are as large as sales, so the cash stays."""
SCHEMA_ENTRIES_MAX = 1000
"""Most entries of one list in a scenario file; larger worlds are put together behind the schema's back."""


def grown(*, holders: int = 3000, listed: int = 3, contracts: int = 1, days: int = 1260) -> Scenario:
    """The default scenario with this many households, listed firms and compute contracts.

    Raises: ValueError below 3 listed firms or 1 contract; ScenarioError for sizes that the schema refuses.
    """
    if listed < 3 or contracts < 1:
        raise ValueError(f"listed {listed}, contracts {contracts}; allowed: 3 or more, 1 or more")
    base = override(load("ai-2025"), [f"holders={holders}", f"days={days}"])
    changes: dict[str, object] = {}
    changes["listed_firm"] = _cut_index(base.listed_firm[0], listed - 2)
    if contracts > 1:
        changes["contract"] = _cut_contract(base.contract[0], contracts)
    data = base.model_copy(update=changes)
    if max(listed, contracts) <= SCHEMA_ENTRIES_MAX:
        # as a file would be: every rule of the schema is checked
        return Scenario.model_validate(data.model_dump())
    return data


def without_households(*, days: int = 1260) -> Scenario:
    """The default scenario with firms, funds and investors only."""
    base = override(load("ai-2025"), [f"days={days}"])
    return Scenario.model_validate(base.model_copy(update={"households": None, "holders": 0}).model_dump())


def _cut_index(index: ListedFirm, parts: int) -> tuple[ListedFirm, ...]:
    """The passive index as so many firms of equal size, each with its own cash, customers and running costs.

    The default scenario's index has none of them; real firms do, and their cash is an origin of its own.
    """
    return tuple(
        index.model_copy(
            update={
                "name": f"Index firm {k + 1}",
                "ticker": f"TECH{k + 1}",
                "shares": index.shares // parts,
                "earnings_usd_per_year": index.earnings_usd_per_year / parts,
                "opening_cash_usd": INDEX_CASH_USD / parts,
                "revenue_usd_per_year": INDEX_REVENUE_USD / parts,
                "costs_usd_per_year": INDEX_REVENUE_USD / parts,
            }
        )
        for k in range(parts)
    )


def _cut_contract(contract: ComputeContract, parts: int) -> tuple[ComputeContract, ...]:
    """The compute contract as so many, known before the start, each of a megawatt at least."""
    each = {"capacity_gw": max(SMALLEST_CONTRACT_GW, contract.capacity_gw / parts), "announced": None}
    return tuple(contract.model_copy(update={"name": f"{contract.name} {k + 1}", **each}) for k in range(parts))
