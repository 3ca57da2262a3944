"""A run as it shows itself in a notebook: its headlines, its figures, its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ..history import open_run as opened
from ..history.choice import Choice, ChoiceError
from ..history.datasets import to_frame
from ..history.dictionary import meaning_of
from ..history.tables import TABLES
from ..scenarios.errors import nearest_names
from ..scenarios.schema import Scenario
from .answer_clearing import has_only_debts
from .figure_foot import foot_of_run
from .figure_style import picture, save, styled
from .figures import every_figure
from .statement_tables import StatementTables


class Picture:
    """A figure that a notebook shows; `figure` is that of matplotlib."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def save(self, path: Path | str) -> Path:
        """Write it, as the picture that the name ends in; returns the path."""
        with styled():
            return save(self.figure, Path(path))

    def _repr_png_(self) -> bytes:
        with styled():
            return picture(self.figure)


class Figures:
    """The figures of a run by name, drawn when they are asked for: `run.fig.money_flow()`."""

    def __init__(self, drawn: Mapping[str, Callable[[], Figure]]) -> None:
        self._drawn = dict(drawn)

    def __getattr__(self, name: str) -> Callable[[], Picture]:
        if name.startswith("_") or name not in self._drawn:
            near = nearest_names(name, self.__dict__.get("_drawn", ()))
            nearest = f"; nearest: {', '.join(near)}" if near else ""
            raise AttributeError(f"no figure {name!r}; allowed: {', '.join(self.__dir__())}{nearest}")
        return lambda: _drawn_now(self._drawn[name])

    def __dir__(self) -> list[str]:
        return sorted(self.__dict__.get("_drawn", ()))


def _drawn_now(draw: Callable[[], Figure]) -> Picture:
    with styled():
        return Picture(draw())


class ShownRun(opened.Run):
    """A run with its figures and statements, that shows itself in a notebook. The tables from which its statements are
    drawn up are `run["statements"]` and `run["flow_of_funds"]`, a panel of households is `run["panel"]`."""

    def statements(self, firm: str | None = None, quarter: int | None = None) -> pd.DataFrame:
        """Income statement, cash flow and balance sheet of every firm and quarter, or of one: firm, quarter, date,
        sheet, section, line, cents, is_total; income, cash in, assets and claims above zero.

        Raises: ChoiceError for a firm or quarter that is none, a sweep, or a run that kept only a part.
        """
        return StatementTables.of_run(self, firm, quarter).statements

    def flow_of_funds(self, quarter: int | None = None) -> pd.DataFrame:
        """What each class of parties (columns) took in less what it paid by heading (rows) in a quarter (None: the
        last), in cents. Every row and every column sums to zero.

        Raises: ChoiceError as `statements`.
        """
        return StatementTables.of_run(self, quarter=quarter).flow_of_funds

    def panel(self, against: opened.Run | None = None) -> pd.DataFrame:
        """The supervisor's panel, a row a day; units and definitions in `report.panel.INDICATORS`. `against` is the run
        of the twin, whose columns and the differences then stand beside.

        Raises: ChoiceError for a sweep, a run of debts alone, or one that kept only a part.
        """
        told = StatementTables.of_run(self)
        if not told.kinds:
            raise ChoiceError("panel", "a run of debts alone", "one with days and prices")
        return told.panel_beside(against)

    @property
    def fig(self) -> Figures:
        """Its figures.  Raises: ChoiceError for what has none: a sweep, debts alone, a run that kept only a part."""
        if "scenario_text" not in self.manifest:
            raise ChoiceError("fig", "a sweep", "one run")
        if has_only_debts(Scenario.model_validate_json(self.manifest["scenario_text"])):
            raise ChoiceError("fig", "a run of debts alone", "one with days and prices")
        kept = Choice(**self.manifest.get("kept", {}))
        if not kept.is_whole:
            raise ChoiceError("fig", "a run that kept only a part", "one that kept all tables, rows and days")
        tables = self._whole()
        foot = foot_of_run(self.manifest, tables)
        return Figures(every_figure(tables, rule=self.manifest["tracing"], foot=foot))

    def _whole(self) -> dict[str, pd.DataFrame]:
        """All tables; those that the run has no row of are empty."""
        return {n: self[n] if n in self else to_frame(table.schema().empty_table()) for n, table in TABLES.items()}

    def _repr_html_(self) -> str:
        of = {key: self.manifest[key] for key in ("scenario", "seed", "days", "digest") if key in self.manifest}
        title = self.answer.get("title") or ", ".join(f"{key} {value}" for key, value in of.items()) or "A sweep"
        parts = [f"<h3>{escape(title)}</h3>"]
        for line in self.answer.get("headlines", ()):
            question, mark, rest = line.partition("? ")
            parts.append(f"<p><b>{escape(question + mark)}</b>{escape(rest)}</p>")
        rows = [(name, f"{self.table(name).count_rows():,}", meaning_of(self.table(name).schema)) for name in self]
        lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        parts.append(f"<table><tr><th>Table</th><th>Rows</th><th>What it holds</th></tr>{lines}</table>")
        return "".join(parts)


def open_run(path: Path | str) -> ShownRun:
    """The run in a run folder, or the tables of a sweep folder; no table is read before it is asked for.

    Raises: NotARun.
    """
    run = opened.open_run(path)
    return ShownRun(run.manifest, run.answer, run.openers, run.folder)
