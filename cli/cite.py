"""`cite`: how to cite a run, or a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..report.wording import how_many


def cite(run: Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run, or of a finished sweep")]) -> None:
    """Print a run, or a sweep, as BibTeX: program, version, scenario, seed and the digest of what came of it."""
    from ..history.open_run import is_sweep, open_run
    from ..report.citation import bibtex

    print(_entry_of_sweep(run) if is_sweep(run) else bibtex(open_run(run).manifest), end="")


def _entry_of_sweep(folder: Path) -> str:
    """Raises: FolderRefused for a sweep that is not finished."""
    from ..experiments.sweeps.folder import FolderRefused, kept_design, kept_manifest, kept_sweep
    from ..experiments.sweeps.status import Status
    from ..experiments.sweeps.store import read_runs, table_digest
    from ..report.citation import bibtex_of_sweep

    sweep, manifest, asked = kept_sweep(folder), kept_manifest(folder), len(kept_design(folder))
    try:
        ended = read_runs(folder, ["status"])["status"]
    except FileNotFoundError:
        ended = ()
    if len(ended) < asked:
        raise FolderRefused(
            folder, f"this sweep is not finished: {len(ended):,} of {how_many(asked, 'run')}; allowed: one that is"
        )
    failed = sum(ended != Status.OK)
    of = f" of {sweep.scenario}" if sweep.scenario else ""
    what = f"sweep{of}, {how_many(asked, 'run')}" + (f", {failed:,} of them failed" if failed else "")
    return bibtex_of_sweep(manifest, what, table_digest(folder))
