"""`sweep`: run many worlds from a file or from options, into a folder that can be resumed and added to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from ..report.wording import how_many
from .console import console, plain_table, words
from .interrupts import heed_termination
from .options import DEFAULT_SCENARIO, grouped
from .statuses import FAILED, Interrupted, RunFailed
from .sweep_options import Asked, asked_sweep
from .sweep_progress import sweep_progress

if TYPE_CHECKING:
    from ..experiments.sweeps.crew import Hands
    from ..experiments.sweeps.driver import SweepResult
    from ..experiments.sweeps.sweep import Sweep


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
    """Run a sweep into a folder, or what is missing of it: the same command again resumes it. Without a name, the
    sweeps that come with Carousel are listed."""
    from ..experiments.sweeps.checked import check_sweep
    from ..experiments.sweeps.crew import Hands
    from ..experiments.sweeps.folder import refuse_foreign

    if asked.is_nothing:
        _list()
        return
    errors = Console(stderr=True)
    chosen = asked_sweep(asked)
    folder = work.out or Path("runs") / f"sweep-{Path(asked.what or DEFAULT_SCENARIO).stem}"
    hands = Hands(workers=work.workers, cluster=work.cluster, gather=work.gather)
    check_sweep(chosen, file=_said_by(asked))
    refuse_foreign(folder.absolute())
    errors.print(words(size_of(chosen)), soft_wrap=True)
    if work.check:
        print("every world can be made")
        return
    heed_termination()
    with sweep_progress(errors) as tell:
        result = _run(chosen, folder, hands, tell, retry_failed=work.retry_failed)
    _conclude(result, folder)


def _said_by(asked: Asked) -> str:
    """What errors call the sweep: its file, if it has one."""
    is_file = asked.what is not None and asked.what.endswith(".toml") and not asked.grid
    return str(asked.what) if is_file else "sweep"


def _run(chosen: Sweep, folder: Path, hands: Hands, tell: Any, *, retry_failed: bool) -> SweepResult:
    """The sweep, run.  Raises: Interrupted, BadInput."""
    from ..experiments.sweeps.driver import run_sweep
    from ..experiments.sweeps.status import State

    last: list[Any] = []

    def told(now: Any) -> None:
        last[:] = [now]
        tell(now)

    try:
        return run_sweep(chosen, folder, hands=hands, tell=told, retry_failed=retry_failed)
    except KeyboardInterrupt:
        if last and last[0].state == State.DONE:
            raise Interrupted(f"all {how_many(last[0].runs, 'run')} were done by then, in {folder}") from None
        done = f"{last[0].done:,} of {how_many(last[0].runs, 'run')} are" if last else "nothing is"
        raise Interrupted(f"{done} done in {folder}; the same command again goes on") from None


def _list() -> None:
    """The sweeps that come with Carousel: what each asks, and how many runs that takes."""
    from ..experiments.sweeps.named_sweeps import named_sweep, sweep_names
    from ..experiments.sweeps.sweep_counts import runs_of

    found = {name: named_sweep(name) for name in sweep_names()}
    rows = [
        (name, sweep.question, f"{runs_of(sweep):,}{'+' if _has_rounds(sweep) else ''}")
        for name, sweep in found.items()
    ]
    console().print(plain_table("Sweeps", ("Name", "What it asks", "Runs"), rows, text_columns=2))
    console().print(words("`sweep NAME` runs one, `analyse DIR` says what it found; +: more where it is not sure."))


def _has_rounds(sweep: Sweep) -> bool:
    """Whether what comes of the first runs may ask for more."""
    from ..experiments.sweeps.sweep import DesignKind

    return sweep.replications.until is not None or sweep.design.kind is DesignKind.BOUNDARY


def size_of(chosen: Sweep) -> str:
    """How many runs a sweep has, and why so many."""
    from ..experiments.sweeps.sweep_counts import points_of, replications_of, runs_of

    told = [(points_of(chosen), "point"), (len(chosen.cases), "case"), (replications_of(chosen), "seed")]
    product = " x ".join(how_many(n, name) for n, name in told)
    more = " in the first round" if _has_rounds(chosen) else ""
    return f"{product} = {how_many(runs_of(chosen), 'run')}{more}"


def _conclude(result: SweepResult, folder: Path) -> None:
    """Say what became of it.  Raises: RunFailed if it was stopped; Exit if a run failed."""
    now = result.progress
    if result.why is not None:
        raise RunFailed("early", f"after {now.done} of {now.runs}: the first failures are all alike: {result.why}")
    Console(soft_wrap=True).print(words(f"{how_many(now.runs, 'run')} in {folder}/runs, of which {now.failed} failed"))
    if now.failed:
        print("failed runs have a status, an exception and a command of their own; --retry-failed does them again")
        raise typer.Exit(FAILED)
