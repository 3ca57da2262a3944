"""A calibration as a small TOML file: a scenario, its size, parameters with bounds, target moments; and its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...scenarios.errors import BadInput, shown
from ...scenarios.faults import in_words, key_path
from ...scenarios.input_file import NotReadable, bytes_of, decode, plain_toml
from ...scenarios.limits import FILE_BYTES_MAX
from ...scenarios.loader import load
from ...scenarios.parameters import PARAMETERS, apply_parameters
from ...scenarios.schema import Scenario
from ..runner.runs import FailedRun, Tell, map_runs, quiet
from .calibration import Moments, Parameter
from .outcomes.registry import names_of

SEEDS = 8


class BadCalibration(BadInput):
    """A file that says no calibration."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Moment(_Part):
    outcome: str
    target: Annotated[float, Field(allow_inf_nan=False)]
    standard_error: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class _Bounds(_Part):
    low: Annotated[float, Field(allow_inf_nan=False)]
    high: Annotated[float, Field(allow_inf_nan=False)]
    log: bool = False


class _File(_Part):
    scenario: str
    days: Annotated[int, Field(ge=1)] | None = None
    holders: Annotated[int, Field(ge=1)] | None = None
    seeds: Annotated[int, Field(ge=2, le=100_000)] = SEEDS
    covariance: tuple[tuple[float, ...], ...] = ()
    moment: Annotated[dict[str, _Moment], Field(min_length=1)]
    parameter: Annotated[dict[str, _Bounds], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a file asks for."""

    scenario: Scenario
    seeds: int
    outcomes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    moments: Moments


def read_calibration(path: Path) -> Calibration:
    """The calibration of a file.  Raises: BadCalibration, ScenarioError, UnknownOutcome."""
    file = str(path)
    try:
        data = plain_toml(decode(bytes_of(path, FILE_BYTES_MAX), file=file), file=file)
        said = _File.model_validate(data)
    except NotReadable as fault:
        raise BadCalibration(f"{path}: file: came {fault}; allowed: the path of a .toml file") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = key_path(first["loc"], data) or "file"
        is_missing = first["type"] == "missing"
        came, allowed = ("nothing", "a value") if is_missing else (shown(first["input"]), in_words(first))
        raise BadCalibration(f"{path}: {where}: came {came}; allowed: {allowed}") from None
    sizes = [f"{key}={n}" for key, n in (("days", said.days), ("holders", said.holders)) if n is not None]
    scenario = load(said.scenario, sizes)
    for moment in said.moment.values():
        names_of([moment.outcome], scenario)
    return Calibration(
        scenario,
        said.seeds,
        tuple(moment.outcome for moment in said.moment.values()),
        tuple(_parameter(path, name, bounds) for name, bounds in said.parameter.items()),
        Moments(
            tuple(said.moment), np.array([moment.target for moment in said.moment.values()]), _covariance(path, said)
        ),
    )


def _parameter(path: Path, name: str, bounds: _Bounds) -> Parameter:
    if name not in {p.name for p in PARAMETERS}:
        known = ", ".join(p.name for p in PARAMETERS)
        raise BadCalibration(f"{path}: parameter.{name}: came {name!r}; allowed: {known}")
    if not bounds.low < bounds.high or (bounds.log and bounds.low <= 0):
        raise BadCalibration(f"{path}: parameter.{name}: came {bounds.low:g} to {bounds.high:g}; allowed: low < high"
                             + (", both above 0" if bounds.log else ""))  # fmt: skip
    return Parameter(name, bounds.low, bounds.high, bounds.log)


def _covariance(path: Path, said: _File) -> np.ndarray:
    errors = [moment.standard_error for moment in said.moment.values()]
    if not said.covariance:
        known = np.array([e for e in errors if e is not None])
        if len(known) < len(errors):
            raise BadCalibration(f"{path}: moment: came no standard_error; allowed: one a moment, or a covariance")
        return np.diag(known**2)
    many = len(errors)
    if {len(said.covariance), *map(len, said.covariance)} != {many}:
        raise BadCalibration(f"{path}: covariance: came other lengths; allowed: {many} rows of {many} numbers")
    found = np.array(said.covariance)
    if not np.allclose(found, found.T) or np.linalg.eigvalsh(found).min() <= 0:
        raise BadCalibration(f"{path}: covariance: came no positive definite matrix; allowed: one")
    return found


def runs_of(
    asked: Calibration, points: Sequence[Mapping[str, float]], *, workers: int | None = None, tell: Tell = quiet
) -> np.ndarray:
    """float[points, seeds, moments]: outcomes of every run; not a number for a run that failed or has none."""
    jobs = [
        {"scenario": asked.scenario, "point": dict(point), "seed": seed, "outcomes": asked.outcomes}
        for point in points
        for seed in range(asked.seeds)
    ]
    results = map_runs(_outcomes_of, jobs, workers=workers, tell=tell)
    nothing = [float("nan")] * len(asked.outcomes)
    rows = [nothing if isinstance(result, FailedRun) else result for result in results]
    return np.array(rows, dtype=float).reshape(len(points), asked.seeds, len(asked.outcomes))


def runner_of(asked: Calibration, *, workers: int | None = None) -> Any:
    """The same with a calibration's points still to be said."""
    return partial(runs_of, asked, workers=workers)


def _outcomes_of(scenario: Scenario, point: Mapping[str, float], seed: int, outcomes: Sequence[str]) -> list[float]:
    from .run_world import run_world

    found = run_world(apply_parameters(scenario, point), seed, outcomes).scalars
    return [float("nan") if found[name] is None else float(found[name] or 0) for name in outcomes]
