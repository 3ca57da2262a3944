"""Everything that the tables of a sweep allow to be said: each method where it applies, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .discovery import cart, prim
from .fans import fans
from .finding import Finding, LeftOut, Result
from .measured import DEFAULT_MAX, Measured, chosen_columns, measured
from .paired import paired
from .phase_map import phase_maps
from .points import points
from .response import responses
from .sensitivity import morris, sobol
from .shapley import shapley
from .tables import SweepTables
from .who_pays import who_pays

Method = Callable[[SweepTables, Sequence[Measured]], list[Result]]
METHODS: tuple[Method, ...] = (
    paired,
    points,
    phase_maps,
    responses,
    sobol,
    morris,
    shapley,
    prim,
    cart,
    who_pays,
    fans,
)
"""In the order of the report: what a sweep compares comes first."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found, and what was left out and why."""

    tables: SweepTables
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]


def analyse(tables: SweepTables, patterns: Sequence[str] = ()) -> Analysis:
    """Every method on the outcomes that patterns name; without any, on the first dozen columns.

    Raises: NoSuchOutcome.
    """
    if tables.good.empty:
        return Analysis(tables, (), (LeftOut("all methods", "all", "no run came to something"),))
    columns, more = chosen_columns(tables, patterns)
    outcomes = measured(tables, columns)
    results = [result for method in METHODS for result in method(tables, outcomes)]
    left = [result for result in results if isinstance(result, LeftOut)]
    if more:
        reason = f"the first {DEFAULT_MAX} are analysed; --outcome NAME takes others: {', '.join(more[:4])} ..."
        left.append(LeftOut("all methods", f"{len(more):,} more outcome{'s' * (len(more) > 1)}", reason))
    return Analysis(tables, tuple(r for r in results if isinstance(r, Finding)), tuple(left))
