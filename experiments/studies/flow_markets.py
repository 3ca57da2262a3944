"""Markets for the study of flows: sixty shares in six sectors, or a bundled scenario with an outside investor."""

from __future__ import annotations

from typing import Any

from ...scenarios.loader import load
from ...scenarios.schema import Scenario
from ...scenarios.validated import validated

OUTSIDER = "Outside investor"
OUTSIDER_STAKE = 0.03
"""Part of every listed firm that the outside investor holds in both runs of a pair, so that it can also sell."""
HOLDERS = 500
SECTORS, SHARES_PER_SECTOR = 6, 10
LARGEST_USD = 700e9
"""Largest share of a sector; the next ones fall with the root of their rank, so no share is above a fifth of its
sector, and the whole is as large as the index of ai-2025: households and funds hold the same parts."""
PRICE_USD = 100.0
MANY_SECTORS = "many-sectors"


def with_outsider(data: dict[str, Any], name: str) -> Scenario:
    """A scenario with an investor who does nothing by itself and holds a part of every listed firm."""
    listed = [*data["cloud"], *data["chip_maker"], *data["listed_firm"]]
    stakes = [{"owner": OUTSIDER, "firm": f["name"], "shares": int(f["shares"] * OUTSIDER_STAKE)} for f in listed]
    taken = {(s["owner"], s["firm"]) for s in data["stake"]}
    outsider = {
        "name": OUTSIDER,
        "dry_powder_usd": 0.0,
        "partners": "Savers outside the model",
        "appetite": 0.0,
        "sells_stakes": False,
    }
    return validated(
        data
        | {
            "venture_investor": [*data["venture_investor"], outsider],
            "stake": [*data["stake"], *(s for s in stakes if (s["owner"], s["firm"]) not in taken)],
        },
        name,
    )


def bundled_market(name: str, days: int) -> Scenario:
    """A bundled scenario with the outside investor."""
    return with_outsider(load(name, [f"days={days}", f"holders={HOLDERS}"]).model_dump(), name)


def many_sectors_market(days: int) -> Scenario:
    """Sixty passive firms in six sectors with the funds, households and ETF of ai-2025; no circle, so no other news."""
    like = load("ai-2025", [f"days={days}", f"holders={HOLDERS}"]).model_dump()
    firms = [
        {
            "name": f"Sector {s + 1} share {r + 1}",
            "ticker": f"S{s + 1}R{r + 1}",
            "sector": f"sector {s + 1}",
            "shares": round(LARGEST_USD / PRICE_USD / (r + 1) ** 0.5),
            "price_usd": PRICE_USD,
            "earnings_usd_per_year": LARGEST_USD / (r + 1) ** 0.5 / 25.0,
            "earnings_volatility_per_year": 0.05,
            "daily_volatility": 0.018,
        }
        for s in range(SECTORS)
        for r in range(SHARES_PER_SECTOR)
    ]
    kept = ("start_date", "days", "holders", "active_fund", "etf", "households", "behaviour")
    data = {key: like[key] for key in kept}
    empty: dict[str, list[Any]] = {"cloud": [], "chip_maker": [], "venture_investor": [], "stake": []}
    about = {"name": MANY_SECTORS, "title": "Sixty shares in six sectors", "description": "Generated for a study."}
    return with_outsider(data | empty | about | {"listed_firm": firms}, MANY_SECTORS)


def market(name: str, days: int) -> Scenario:
    """The generated market or a bundled one, by name."""
    return many_sectors_market(days) if name == MANY_SECTORS else bundled_market(name, days)
