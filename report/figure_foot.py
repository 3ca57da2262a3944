"""What stands at the foot of every picture: scenario, worlds or seed, period, and the digest of what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from matplotlib.figure import Figure

from ..engine.legible import legible
from ..history.sinks import Tables
from .figure_style import FOOT, FOOT_INCHES, GREY
from .wording import spoken_date

DIGITS = 16
"""Of a digest, as where a run was written to is told."""


def foot_of_run(manifest: Mapping[str, Any], tables: Tables) -> str:
    """The foot of pictures of one run, from its manifest and its tables."""
    dates = list(tables["daily"]["date"]) or list(tables["firms"]["date"])
    said = [f"Scenario {manifest['scenario']}", f"seed {manifest['seed']}"]
    said += [period(dates[0], dates[-1])] if dates else []
    return " · ".join([*said, f"history {str(manifest['digest'])[:DIGITS]}"])


def period(first: date, last: date) -> str:
    """9 Sep 2025 to 12 Sep 2028."""
    return f"{spoken_date(first)} to {spoken_date(last)}"


def signed(figure: Figure, foot: str) -> Figure:
    """The figure with its foot, in a strip below it."""
    if foot:
        below = -0.55 * FOOT_INCHES / figure.get_figheight()
        figure.text(0.01, below, legible(foot), fontsize=9, color=GREY, va="center", gid=FOOT, in_layout=False)
    return figure
