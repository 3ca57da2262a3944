"""`sweep`: run many worlds from a file or from options, into a folder that can be resumed and added to."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from .console import words
from .options import DEFAULT_SCENARIO, grouped
from .statuses import FAILED, Interrupted, RunFailed
from .sweep_options import sweep_of_options
from .sweep_progress import sweep_progress

if TYPE_CHECKING:
    from ..experiments.sweeps.driver import SweepResult
    from ..experiments.sweeps.sweep import Sweep

Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="an outcome by name or pattern; may be repeated")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which worlds: a file, or a scenario with options."""

    what: Annotated[
        str, typer.Argument(metavar="FILE.toml", help="a sweep file, or a scenario with the options below")
    ] = DEFAULT_SCENARIO
    grid: Annotated[
        list[str] | None, typer.Option(metavar="KEY=LOW:HIGH:STEPS", help="an axis of a grid; may be repeated")
    ] = None
    latin: Annotated[int | None, typer.Option(min=1, help="points of a Latin hypercube in the grid's ranges")] = None
    sobol: Annotated[int | None, typer.Option(min=1, help="base points of a Sobol design in the grid's ranges")] = None
    samples: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="points, a column for each axis")] = None
    seeds: Annotated[int | None, typer.Option(min=1, help="runs of every point")] = None
    days: Annotated[int | None, typer.Option(help="trading days; default: as the scenario says")] = None
    holders: Annotated[int | None, typer.Option(help="retail holders; default: as the scenario says")] = None
    outcomes: Names = None
    series: Annotated[list[str] | None, typer.Option(metavar="NAME", help="a daily series by name or pattern")] = None


@dataclass(frozen=True, slots=True)
class Work:
    """Where to, and by whom."""

    out: Annotated[Path | None, typer.Option(metavar="DIR", help="its folder; default: runs/sweep-NAME")] = None
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS", help="a running dask scheduler")] = None
    gather: Annotated[bool, typer.Option("--gather", help="the cluster shares no folder: results travel")] = False
    check: Annotated[bool, typer.Option("--check", help="make every world once, say how many runs, run none")] = False
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="do chunks with a failed run again")] = False


@grouped
def sweep(asked: Asked, work: Work) -> None:
    """Run a sweep into a folder, or what is missing of it: the same command again resumes it."""
    errors = Console(stderr=True)
    chosen = _sweep_of(asked)
    folder = work.out or Path("runs") / f"sweep-{Path(asked.what).stem}"
    errors.print(words(size_of(chosen)), soft_wrap=True)
    if work.check:
        from ..experiments.sweeps.checked import check_sweep

        check_sweep(chosen)
        print("every world can be made")
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with sweep_progress(errors) as tell:
        result = _run(chosen, folder, work, tell)
    _conclude(result, folder)


def _run(chosen: Sweep, folder: Path, work: Work, tell: Any) -> SweepResult:
    """The sweep, run.  Raises: Interrupted, BadInput."""
    from ..experiments.sweeps.crew import Hands
    from ..experiments.sweeps.driver import run_sweep

    last: list[Any] = []

    def told(now: Any) -> None:
        last[:] = [now]
        tell(now)

    hands = Hands(workers=work.workers, cluster=work.cluster, gather=work.gather)
    try:
        return run_sweep(chosen, folder, hands=hands, tell=told, retry_failed=work.retry_failed)
    except KeyboardInterrupt:
        done = f"{last[0].done} of {last[0].runs} runs are" if last else "nothing is"
        raise Interrupted(f"{done} done in {folder}; the same command again goes on") from None


def _sweep_of(asked: Asked) -> Sweep:
    """The sweep of the file, or of the options.  Raises: BadInput."""
    if asked.what.endswith(".toml") and not (asked.grid or asked.samples):
        from ..experiments.sweeps.sweep_file import load_sweep

        return load_sweep(asked.what)
    said = {
        "scenario": asked.what,
        "days": asked.days,
        "holders": asked.holders,
        "outcomes": asked.outcomes,
        "series": asked.series,
        "replications": {"number": asked.seeds or 1},
    }
    design: dict[str, Any] = {"kind": "grid"}
    if asked.latin or asked.sobol:
        kind = "latin-hypercube" if asked.latin else "sobol"
        design = {"kind": kind, "points": asked.latin or asked.sobol}
    return sweep_of_options(said, asked.grid or (), design, asked.samples)


def size_of(chosen: Sweep) -> str:
    """How many runs a sweep has, and why so many."""
    from ..experiments.sweeps.sweep import DesignKind
    from ..experiments.sweeps.sweep_counts import points_of, replications_of, runs_of

    told = [(points_of(chosen), "point"), (len(chosen.cases), "case"), (replications_of(chosen), "seed")]
    product = " x ".join(f"{n:,} {name}{'s' if n != 1 else ''}" for n, name in told)
    more = " in the first round" if chosen.replications.until or chosen.design.kind is DesignKind.BOUNDARY else ""
    return f"{product} = {runs_of(chosen):,} runs{more}"


def _conclude(result: SweepResult, folder: Path) -> None:
    """Say what became of it.  Raises: RunFailed if it was stopped; Exit if a run failed."""
    now = result.progress
    if result.why is not None:
        raise RunFailed("early", f"after {now.done} of {now.runs}: the first failures are all alike: {result.why}")
    Console(soft_wrap=True).print(words(f"{now.runs} runs in {folder}/runs, of which {now.failed} failed"))
    if now.failed:
        print("failed runs have a status, an exception and a command of their own; --retry-failed does them again")
        raise typer.Exit(FAILED)
