"""`cite`: how to cite a run."""

from __future__ import annotations

from .options import RunFolder


def cite(run: RunFolder) -> None:
    """Print a run as BibTeX: program, version, scenario, seed and the digest of its history."""
    from ..history.open_run import open_run
    from ..report.citation import bibtex

    print(bibtex(open_run(run).manifest), end="")
