"""A sweep without a file: a scenario, axes as `KEY=LOW:HIGH:STEPS`, and how points are laid out over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ..experiments.sweeps.sweep import Sweep

OUTCOMES = ("regime", "turned", "drawdown")
"""What is measured if nobody says."""
FORM = "KEY=LOW:HIGH:STEPS (KEY=LOW:HIGH with --latin or --sobol), or KEY=VALUE,VALUE"


def sweep_of_options(said: dict[str, Any], grid: Sequence[str], design: dict[str, Any], samples: Path | None) -> Sweep:
    """The sweep of what options say; `said` are a sweep's keys, without those that are None.

    Raises: BadInput; BadParameter for an axis that cannot be read.
    """
    from ..experiments.sweeps.sweep_faults import validated
    from ..experiments.sweeps.sweep_file import with_points

    data = {key: value for key, value in said.items() if value is not None}
    data["outcomes"] = data.get("outcomes") or list(OUTCOMES)
    data["vary"] = dict(_axis(text) for text in grid)
    data["design"] = design
    if samples is not None:
        data = with_points(data | {"design": {"kind": "list"}}, samples, "--samples")
    return validated(data, "sweep")


def _axis(text: str) -> tuple[str, dict[str, Any]]:
    """The name and the range or values of an axis.  Raises: BadParameter."""
    key, is_there, rest = text.partition("=")
    try:
        if not is_there or not key.strip():
            raise ValueError
        if ":" not in rest:
            return key.strip(), {"values": [_value(part) for part in rest.split(",")]}
        low, high, *steps = rest.split(":")
        axis: dict[str, Any] = {"low": float(low), "high": float(high)}
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
