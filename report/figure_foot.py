"""What stands at the foot of every picture: scenario, worlds or seed, period, and the digest of what it shows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import Any

from matplotlib.figure import Figure

from ..engine.legible import legible
from ..history.sinks import Tables
from .figure_style import DARK, FOOT, foot_inches
from .wording import spoken_date

CHARACTERS_PER_INCH = 13
"""Of the foot."""
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
    """The figure with its foot, in a strip below it, on as many lines as it is narrow."""
    if foot:
        width = int(CHARACTERS_PER_INCH * figure.get_figwidth())
        lines = textwrap.wrap(legible(foot), width, break_long_words=False, break_on_hyphens=False)
        below = -foot_inches(len(lines)) / 2 / figure.get_figheight()
        figure.text(0.01, below, "\n".join(lines), fontsize=9, color=DARK, va="center", gid=FOOT, in_layout=False)
    return figure
