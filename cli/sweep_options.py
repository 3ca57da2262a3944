"""Which sweep a command line means: one by name, a file, or a scenario with axes as `KEY=LOW:HIGH:STEPS`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import DEFAULT_SCENARIO

if TYPE_CHECKING:
    from ..experiments.sweeps.sweep import Sweep

OUTCOMES = ("regime", "turned", "drawdown")
"""What is measured if nobody says."""
LOG, TIMES = "log", "times"
FORM = (
    "KEY=LOW:HIGH:STEPS (KEY=LOW:HIGH with --latin or --sobol), or KEY=VALUE,VALUE; behind either :log for equal "
    "ratios, :times for factors of what the scenario says"
)
Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="an outcome by name or pattern; may be repeated")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which worlds: a sweep by name, a file, or a scenario with axes; and how many."""

    what: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="a sweep by name, a .toml file, or a scenario with --grid, --samples"),
    ] = None
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=LOW:HIGH:STEPS", help="an axis; :log behind it for ratios, :times for factors; may be repeated"
        ),
    ] = None
    latin: Annotated[int | None, typer.Option(min=1, help="points of a Latin hypercube in the grid's ranges")] = None
    sobol: Annotated[int | None, typer.Option(min=1, help="base points of a Sobol design in the grid's ranges")] = None
    samples: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="points, a column for each axis")] = None
    seeds: Annotated[int | None, typer.Option(min=1, help="runs of every point; default: as the sweep says")] = None
    days: Annotated[int | None, typer.Option(help="trading days; default: as the scenario says")] = None
    holders: Annotated[int | None, typer.Option(help="retail holders; default: as the scenario says")] = None
    outcomes: Names = None
    series: Annotated[list[str] | None, typer.Option(metavar="NAME", help="a daily series by name or pattern")] = None

    @property
    def is_nothing(self) -> bool:
        """Whether the command line names no sweep and no part of one."""
        return not any((self.what, self.grid, self.latin, self.sobol, self.samples, self.seeds, self.outcomes))


def asked_sweep(asked: Asked) -> Sweep:
    """The sweep that a command line means.  Raises: BadInput; BadParameter for an axis that cannot be read."""
    from ..experiments.sweeps.named_sweeps import UnknownSweep, named_sweep, resized, sweep_names
    from ..experiments.sweeps.sweep_file import load_sweep
    from ..scenarios.loader import bundled

    what = asked.what or DEFAULT_SCENARIO
    size = {"days": asked.days, "holders": asked.holders, "outcomes": asked.outcomes, "series": asked.series}
    has_design = bool(asked.grid or asked.samples or asked.latin or asked.sobol)
    if what in sweep_names() or (what.endswith(".toml") and not has_design):
        if has_design:
            raise typer.BadParameter(f"{what} has a design of its own: no --grid, --latin, --sobol or --samples")
        sweep = named_sweep(what) if what in sweep_names() else load_sweep(what)
        return resized(sweep, size | {"seeds": asked.seeds}, file=what)
    if not what.endswith(".toml") and what not in bundled():
        raise UnknownSweep(what)
    designs = [(asked.latin, "--latin"), (asked.sobol, "--sobol"), (asked.samples, "--samples")]
    if len(given := [option for value, option in designs if value is not None]) > 1:
        raise typer.BadParameter(f"{given[1]}: came with {given[0]}; allowed: one design")
    design: dict[str, Any] = {"kind": "grid"}
    if asked.latin or asked.sobol:
        design = {"kind": "latin-hypercube" if asked.latin else "sobol", "points": asked.latin or asked.sobol}
    said = size | {"scenario": what, "replications": {"number": asked.seeds or 1}}
    return _sweep_of_options(said, asked.grid or (), design, asked.samples)


def _sweep_of_options(said: dict[str, Any], grid: Sequence[str], design: dict[str, Any], samples: Path | None) -> Sweep:
    """The sweep of what options say; `said` are a sweep's keys, without those that are None."""
    from ..experiments.sweeps.sweep_faults import validated
    from ..experiments.sweeps.sweep_file import with_points

    data = {key: value for key, value in said.items() if value is not None}
    data["outcomes"] = data.get("outcomes") or list(OUTCOMES)
    data["vary"] = {}
    for name, axis in map(_axis, grid):
        if name in data["vary"]:
            raise typer.BadParameter(f"--grid: came {name} twice; allowed: each axis once")
        data["vary"][name] = axis
    data["design"] = design
    if samples is not None:
        data = with_points(data | {"design": {"kind": "list"}}, samples, "--samples")
    return validated(data, "sweep")


def _axis(text: str) -> tuple[str, dict[str, Any]]:
    """The name and the range or values of an axis, and how they are meant.  Raises: BadParameter."""
    key, is_there, rest = text.partition("=")
    ends = rest.split(":")
    axis: dict[str, Any] = {}
    while ends[-1].strip() in (LOG, TIMES):
        axis |= {"scale": LOG} if ends.pop().strip() == LOG else {TIMES: True}
        ends = ends or [""]
    try:
        if not is_there or not key.strip():
            raise ValueError
        if len(ends) == 1:
            return key.strip(), axis | {"values": [_value(part) for part in ends[0].split(",")]}
        low, high, *steps = ends
        axis |= {"low": float(low), "high": float(high)}
        if steps:
            (axis["steps"],) = map(int, steps)
    except ValueError:
        raise typer.BadParameter(f"--grid: came {text!r}; allowed: {FORM}") from None
    return key.strip(), axis


def _value(text: str) -> float | str:
    """A number where it is one."""
    try:
        return float(text)
    except ValueError:
        if not text.strip():
            raise
        return text.strip()
