"""Whether the books of the circle are closed, and whether turnover that pays only its own costs moves any number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...ledger.statement_lines import Section
from ...scenarios.loader import load
from ...scenarios.schema import Scenario
from ..runner.runs import FailedRun, map_runs
from .bands import FIXED
from .checks import Check, ClaimKind

SCENARIOS = ("ai-2025", "ai-2025-wide-september", "vendor-loans")
SCALES = (0.2, 2.0)
QUICK_DAYS, DAYS, SEEDS = 126, 756, 3
ROUNDING = 1e-9
"""Part of a number within which it has not moved: revenue less costs is not the same to its last bit."""
STAYS = "Turnover of the old businesses times .2 and times 2, at equal surplus: numbers of the answer that move"
CLOSES = "At each quarter's end every firm's assets are its claims: largest gap"


def book_checks(*, quick: bool, workers: int | None) -> list[Check]:
    """The claims, from the default alone when quick, else from all scenarios with firms of their own."""
    names, seeds, days = (SCENARIOS[:1], 1, QUICK_DAYS) if quick else (SCENARIOS, SEEDS, DAYS)
    cases = [{"scenario_name": name, "seed": 100 + k, "days": days} for name in names for k in range(seeds)]
    return claims_of(map_runs(books_of, cases, workers=workers), f"{', '.join(names)}, {days} days")


def claims_of(found: Sequence[Any], of: str) -> list[Check]:
    """What these runs say; one that failed says nothing, and its claim misses."""
    failed = [run for run in found if isinstance(run, FailedRun)]
    why = f"; {len(failed)} runs failed: {failed[0].error}" if failed else ""

    def check(key: str, claim: str, measured: float, unit: str, note: str) -> Check:
        return Check(
            f"circle.{key}", claim, math.nan if failed else measured, 0, 0, unit, FIXED, note=f"{note}; {of}{why}",
            kind=ClaimKind.IDENTITY,
        )  # fmt: skip

    runs: list[Mapping[str, float]] = [run for run in found if not isinstance(run, FailedRun)]
    compared, quarters = (sum(int(run[of_what]) for run in runs) for of_what in ("compared", "statements"))
    return [
        check("turnover", STAYS, sum(run["moved"] for run in runs), "numbers", f"{compared:,} compared"),
        check("balance", CLOSES, max((run["gap"] for run in runs), default=math.nan), "cents",
              f"{quarters:,} statements"),
    ]  # fmt: skip


def books_of(scenario_name: str, seed: int, days: int) -> dict[str, float]:
    """One world three times, its turnover apart: numbers of the answer that are compared and that move, statements
    and their largest gap in cents."""
    from ...report.whole_run import run

    scenario = load(scenario_name, [f"days={days}", "holders=300"])
    plain = run(scenario, seed=seed)
    own = dict(leaves(plain.answer))
    moved = 0
    for scale in SCALES:
        other = dict(leaves(run(with_turnover(scenario, scale), seed=seed).answer))
        moved += sum(is_moved(own.get(place), other.get(place)) for place in {*own, *other})
    gaps = gaps_of(plain)
    return {"compared": len(SCALES) * len(own), "moved": moved, "statements": len(gaps), "gap": max(gaps)}


def with_turnover(scenario: Scenario, scale: float) -> Scenario:
    """Old businesses of listed firms with so many times the revenue, at least their surplus, and costs that leave the
    same surplus."""
    from ...scenarios.overrides import override

    changes = []
    for kind in ("cloud", "chip_maker", "listed_firm"):
        for firm in getattr(scenario, kind):
            surplus = firm.revenue_usd_per_year - firm.costs_usd_per_year
            revenue = max(scale * firm.revenue_usd_per_year, surplus)
            path = f"{kind}.{firm.name}"
            changes += [f"{path}.revenue_usd_per_year={revenue}", f"{path}.costs_usd_per_year={revenue - surplus}"]
    return override(scenario, changes)


def leaves(answer: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number, text and truth value of an answer, by its place."""
    if isinstance(answer, Mapping):
        rows: Iterable[tuple[Any, Any]] = answer.items()
    elif isinstance(answer, list | tuple):
        rows = enumerate(answer)
    else:
        yield path, answer
        return
    for name, value in rows:
        yield from leaves(value, f"{path}.{name}")


def is_moved(one: Any, other: Any) -> bool:
    """Whether two values differ, numbers by more than rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return not math.isclose(one, other, rel_tol=ROUNDING)
    return bool(one != other)


def gaps_of(found: Any) -> list[float]:
    """Assets less claims of every firm and quarter, without sign, in cents."""
    lines = found["statements"]
    signed = lines["cents"].where(lines["section"] == Section.ASSETS, -lines["cents"])
    stocks = lines["section"].isin([Section.ASSETS, Section.CLAIMS])
    sums = signed[stocks].groupby([lines["firm"][stocks], lines["quarter"][stocks]]).sum()
    return [float(abs(cents)) for cents in sums]
