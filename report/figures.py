"""Every figure of a run, drawn into a folder: as PNG, and as SVG that scales."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from ..history.sinks import Tables
from .figure_flow import money_flow
from .figure_foot import signed
from .figure_gains import gain_and_loss
from .figure_market import market_values
from .figure_origins import origin_shares
from .figure_promises import credibility_and_multipliers, promised_and_paid
from .figure_style import Form, save, styled
from .measures_promises import listed_moves_only


def draw_all(tables: Tables, folder: Path, *, rule: str, foot: str = "") -> list[Path]:
    """Draw every figure into a folder (made if needed), each with its foot; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in every_figure(tables, rule=rule, foot=foot).items():
        with styled():
            figure = draw()
            written += [save(figure, folder / f"{name}.{form}") for form in Form]
    return written


def every_figure(tables: Tables, *, rule: str, foot: str = "") -> dict[str, Callable[[], Figure]]:
    """Name -> what draws it and signs it with its foot, to be called inside `styled()`."""
    announced = listed_moves_only(tables["announcements"], tables["daily"])
    tables = {**tables, "announcements": announced}
    drawn: dict[str, Callable[[], Figure]] = {
        "market_values": lambda: market_values(tables),
        "money_flow": lambda: money_flow(tables),
        "origin_shares": lambda: origin_shares(tables, rule),
        "promised_and_paid": lambda: promised_and_paid(tables),
        "credibility_and_multipliers": lambda: credibility_and_multipliers(tables),
        "gain_and_loss": lambda: gain_and_loss(tables),
    }
    return {name: partial(_signed, draw, foot) for name, draw in drawn.items()}


def _signed(draw: Callable[[], Figure], foot: str) -> Figure:
    return signed(draw(), foot)
