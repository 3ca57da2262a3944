"""`diff`: two runs beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .sections import print_sections


def diff(
    one: Annotated[Path, typer.Argument(metavar="A", help="folder of a run")],
    other: Annotated[Path, typer.Argument(metavar="B", help="folder of another")],
) -> None:
    """Say what two runs were made from, the first day that differs, and in what they differ most."""
    from ..history.open_run import open_one_run
    from ..report.differences import differences

    print_sections(differences(open_one_run(one), open_one_run(other)))
