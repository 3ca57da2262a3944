"""`statements`: income, cash flow, balance sheets, flow of funds and the supervisor's panel of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import console, table_renderable, words
from .options import Quiet, RunFolder
from .statuses import RunFailed

HOLDS = (
    "To the cent, in every quarter: assets = claims, the cash flow ends at the cash held, profit is what is retained, "
    "and the flow of funds sums to zero."
)


def statements(
    run: RunFolder,
    firm: Annotated[
        str | None, typer.Option(help="one firm over its last quarters; default: all firms, one quarter")
    ] = None,
    quarter: Annotated[
        int | None, typer.Option(help="quarter of 63 trading days, 0 is the opening; default: the last")
    ] = None,
    to: Annotated[str, typer.Option(metavar="FORMAT", help="text, csv, latex or parquet")] = "text",
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="run of the twin, whose panel stands beside")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder to write, one that is not there (exports/...)")] = None,
    quiet: Quiet = False,
) -> None:
    """Draw up a run's statements, to the cent: firms, quarters, classes of parties, and what a supervisor asks."""
    from ..history.choice import ChoiceError
    from ..history.open_run import open_one_run
    from ..report.statement_output import Format, write_statements
    from ..report.statement_tables import StatementTables
    from ..report.statement_words import statement_tables

    if to not in list(Format):
        raise ChoiceError("--to", to, ", ".join(Format))
    form = Format(to)
    if form is Format.TEXT and out is not None:
        raise ChoiceError("--out", str(out), "a folder with --to csv, latex or parquet")
    opened, twin = open_one_run(run), None if against is None else open_one_run(against)
    told = StatementTables.of_run(opened, firm, quarter)
    if gaps := told.gaps():
        raise RunFailed("in the statements", f"{gaps[0]} (and {len(gaps) - 1} more): a table is not what was written")
    printer = console()
    if form is Format.TEXT:
        panel = None if twin is None else told.panel_beside(twin)
        for table in statement_tables(told, panel):
            printer.print(table_renderable(table))
    else:
        written = write_statements(told, opened, form, out, twin)
        printer.print(words(f"Written to {written}"), soft_wrap=True)
    if not quiet:
        printer.print(words(HOLDS), soft_wrap=True)
