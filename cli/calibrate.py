"""`calibrate`: parameters under which simulated moments come nearest to the user's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..report.wording import how_many
from .console import console, plain_table, words


def calibrate(
    file: Annotated[Path, typer.Argument(help="a .toml file of target moments and parameters with bounds")],
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None,
    generations: Annotated[int, typer.Option(min=1, max=1000, help="generations of the search")] = 20,
    out: Annotated[Path | None, typer.Option(help="write the result here as JSON")] = None,
) -> None:
    """Find the parameters whose simulated moments come nearest to yours, with J and standard errors."""
    from ..experiments.runner.cluster import kept_processes
    from ..experiments.sweeps.calibration import calibrate as calibrated
    from ..experiments.sweeps.calibration_file import read_calibration, runner_of
    from ..report.number_words import number, plain

    asked = read_calibration(file)
    with kept_processes():
        found = calibrated(runner_of(asked, workers=workers), asked.parameters, asked.moments, generations=generations)
    rows = [(name, number(value), number(found.standard_errors[name])) for name, value in found.values.items()]
    console().print(plain_table("Parameters", ("Name", "Value", "Standard error"), rows))
    pairs = zip(asked.moments.names, asked.moments.targets, found.simulated, strict=True)
    moments = [(name, number(float(target)), number(float(simulated))) for name, target, simulated in pairs]
    console().print(plain_table("Moments", ("Name", "Target", "Simulated"), moments))
    sure = f"p = {number(found.p_value)}" if found.degrees else "as many parameters as moments: it cannot fail"
    console().print(
        words(
            f"J = {number(found.j)} with {how_many(found.degrees, 'degree')} of freedom, {sure}; "
            f"{how_many(found.points, 'point')}."
        )
    )
    if found.at_bounds:
        console().print(words(f"At a bound, so that standard errors mean little: {', '.join(found.at_bounds)}"))
    if out is not None:
        told = {
            "values": found.values, "standard_errors": found.standard_errors, "moments": asked.moments.names,
            "targets": list(asked.moments.targets), "simulated": list(found.simulated), "J": found.j,
            "degrees": found.degrees, "p_value": found.p_value, "points": found.points, "at_bounds": found.at_bounds,
        }  # fmt: skip
        out.write_text(json.dumps(plain(told), indent=2) + "\n", encoding="utf-8")
