"""Sweeps from Python: `sweep(design)` runs what a file, a `Sweep` or a table of points asks for: a table of runs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .checked import check_sweep
from .crew import Hands
from .driver import run_sweep
from .status import State
from .store import read_runs
from .sweep import Sweep
from .sweep_file import load_sweep

if TYPE_CHECKING:
    import pandas as pd


class SweepStopped(Exception):
    """A sweep whose first failures were all alike; `folder` holds what was done, None if nothing is kept."""

    def __init__(self, why: str, folder: Path | None) -> None:
        super().__init__(f"stopped, its first failures are all alike: {why}")
        self.folder = folder


def sweep(
    design: Sweep | Path | str | pd.DataFrame,
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    retry_failed: bool = False,
    **said: object,
) -> pd.DataFrame:
    """Run a sweep and return its runs, one row each, in the order of the design: by point, case and replication.

    `design` is a `Sweep`, the path of its file, or a table with one column for each axis and one row for each point;
    with a table, what else a sweep file says is given by name: `sweep(points, scenario="ai-2025", days=252,
    outcomes=["regime"], replications={"number": 2})`. `out` keeps the folder, which can be resumed. For SALib:
    `sweep(...).groupby("point")["drawdown"].mean().to_numpy()` is in the order of the points. A failed run is a row
    without numbers.

    Raises: BadInput; SweepStopped.
    """
    asked = _asked(design, said)
    check_sweep(asked)
    with tempfile.TemporaryDirectory(prefix="carousel-sweep-") as aside:
        folder = Path(out) if out is not None else Path(aside) / "sweep"
        hands = Hands(workers=workers, cluster=cluster, gather=cluster is not None and out is None)
        result = run_sweep(asked, folder, hands=hands, retry_failed=retry_failed)
        if result.progress.state is State.STOPPED:
            raise SweepStopped(result.why or "", None if out is None else folder)
        return read_runs(folder).sort_values(["point", "case", "replication"], kind="stable", ignore_index=True)


def _asked(design: Sweep | Path | str | pd.DataFrame, said: dict[str, object]) -> Sweep:
    """The sweep that is meant.  Raises: SweepError; TypeError for what only a table leaves to say."""
    if isinstance(design, Sweep | Path | str):
        if said:
            raise TypeError(f"{', '.join(said)}: said in the sweep itself, not beside it")
        return design if isinstance(design, Sweep) else load_sweep(design)
    from .sweep_faults import validated

    vary = {str(name): {"values": design[name].tolist()} for name in design.columns}
    return validated({**said, "vary": vary, "design": {"kind": "list"}}, "sweep")
