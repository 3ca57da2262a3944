"""Everything about a run's statements as frames: on demand, from the run's own tables."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from ..history.choice import ChoiceError
from ..history.open_run import Run
from ..history.sinks import Tables
from ..ledger.flows import Flow
from ..scenarios.errors import nearest_names
from .debtrank import ranked
from .exposures import exposures, group_of, own_wealth
from .funds_matrix import flow_matrix, matrix_gaps
from .measures_cross_holdings import cross_holdings, values_of
from .measures_net_revenue import net_revenue
from .measures_origin import origin_shares_by_rule
from .measures_sources import sources_and_uses
from .panel import INDICATORS, beside_twin, panel
from .run_tables import tables_of
from .statement_sheets import of_firm, sheet_gaps, sheets
from .stress import losses

WHOLE = "one that kept all tables, rows and days"


def need_whole(run: Run, what: str) -> None:
    """Raises: ChoiceError for a sweep, and for a run that kept only a part."""
    if "scenario_text" not in run.manifest:
        raise ChoiceError(what, "a sweep", "one run")
    kept = run.manifest.get("kept") or {}
    if kept.get("keep") or kept.get("agents") or kept.get("first_day") or kept.get("last_day") is not None:
        raise ChoiceError(what, "a run that kept only a part", WHOLE)
    if kept.get("every_days", 1) != 1:
        raise ChoiceError(what, "a run that kept only a part", WHOLE)


class StatementTables:
    """The frames of one history, each made when it is first asked for. `firm` and `quarter` narrow the statements.

    Raises: ChoiceError for a firm or a quarter that is none.
    """

    @classmethod
    def of_run(cls, run: Run, firm: str | None = None, quarter: int | None = None) -> StatementTables:
        """The same of a run.  Raises: ChoiceError, also for a sweep and for a run that kept only a part."""
        need_whole(run, "statements")
        return cls(tables_of(run), firm, quarter)

    def __init__(self, tables: Tables, firm: str | None = None, quarter: int | None = None) -> None:
        self.tables = tables
        self._lines = self.tables["statements"]
        firms, quarters = list(dict.fromkeys(self._lines["firm"])), sorted(set(self._lines["quarter"].tolist()))
        if not firms:
            raise ChoiceError("statements", "a run without firms", "one with firms")
        if firm is not None and firm not in firms:
            raise ChoiceError("firm", firm, ", ".join(firms), nearest_names(firm, firms))
        if quarter is not None and quarter not in quarters:
            raise ChoiceError("quarter", quarter, f"{quarters[0]} to {quarters[-1]}")
        self.firm, self.quarter = firm, quarter
        self.last = quarters[-1] if quarter is None else quarter
        """The quarter that is told where one has to be."""
        days = dict(zip(self._lines["quarter"], self._lines["day"], strict=True))
        self.day = int(days[self.last])
        """Its last day."""
        self.kinds = dict(zip(self.tables["firms"]["firm"], self.tables["firms"]["kind"], strict=True))
        """Kinds of firms with shares or investors, by name; where debts alone are settled there are none."""

    @cached_property
    def statements(self) -> pd.DataFrame:
        """Income statement, cash flow and balance sheet: `statement_sheets.SHEET_COLUMNS`."""
        return of_firm(sheets(self._lines), self.firm, self.quarter)

    @cached_property
    def flow_of_funds(self) -> pd.DataFrame:
        """The matrix of the quarter: headings by classes, in cents."""
        return flow_matrix(self.tables["flow_of_funds"], self.last)

    @cached_property
    def sources_and_uses(self) -> pd.DataFrame:
        """Of every firm, from the start to the quarter's end."""
        journal = self.tables["journal"]
        asked = None if self.firm is None else [self.firm]
        return sources_and_uses(journal[journal["day"] <= self.day], self.kinds, asked)

    @cached_property
    def building_by_rule(self) -> pd.DataFrame:
        """Whose money paid for what was built, to the quarter's end, by each tracing rule: origin_class, then a share
        a rule."""
        return origin_shares_by_rule(self.tables["origins"], flow=Flow.BUILDING, day=self.day)

    @cached_property
    def net_revenue(self) -> pd.DataFrame:
        """By firm and quarter, to the quarter's end."""
        names = ("statements", "journal", "commitments")
        lines, journal, commitments = (self.tables[name] for name in names)
        found = net_revenue(lines, journal, commitments, self.kinds)
        return of_firm(found[found["quarter"] <= self.last], self.firm, None)

    @cached_property
    def exposures(self) -> pd.DataFrame:
        """Claims of parties on each other at the quarter's end."""
        return exposures(self.tables, self.day)

    @cached_property
    def cross_holdings(self) -> pd.DataFrame:
        """Market value gross and net at the quarter's end."""
        return cross_holdings(self.exposures, values_of(self.tables["firms"], self.day))

    @cached_property
    def debtrank(self) -> pd.DataFrame:
        """What is lost when one party fails at the quarter's end."""
        return ranked(self.exposures, own_wealth(self.tables, self.day))

    @cached_property
    def losses(self) -> pd.DataFrame:
        """Loss by holder under the stated shock at the quarter's end: group, party, cents."""
        lost = losses(self.tables, self.day)
        lost["cents"] = lost["cents"].round().astype("int64")
        groups = group_of(self.tables["positions"])
        lost.insert(1, "group", lost["party"].map(lambda name: groups.get(name, name)))
        return lost.sort_values("cents", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def panel(self) -> pd.DataFrame:
        """The supervisor's panel, daily."""
        return panel(self.tables)

    def panel_beside(self, twin: Run | None) -> pd.DataFrame:
        """The panel, beside that of the twin if there is one.  Raises: ChoiceError."""
        return self.panel if twin is None else beside_twin(self.panel, StatementTables.of_run(twin).panel)

    def gaps(self) -> list[str]:
        """What must sum to zero and does not, in words; empty for any run as it was written."""
        told = [
            f"{g.firm}, quarter {g.quarter}: {g.identity} is off by {g.cents} cents" for g in sheet_gaps(self._lines)
        ]
        matrix = matrix_gaps(self.tables["flow_of_funds"])
        return told + [f"flow of funds, quarter {q}: {name} sums to {cents} cents" for q, name, cents in matrix]

    def frames(self, twin: Run | None = None) -> dict[str, pd.DataFrame]:
        """Every frame by name; debts alone have statements and flow of funds."""
        found = {"statements": self.statements, "flow_of_funds": self.flow_of_funds.reset_index()}
        if self.kinds:
            found |= {
                "sources_and_uses": self.sources_and_uses,
                "building_by_rule": self.building_by_rule,
                "net_revenue": self.net_revenue,
                "cross_holdings": self.cross_holdings,
                "exposures": self.exposures,
                "debtrank": self.debtrank,
                "losses": self.losses,
                "panel": self.panel_beside(twin),
                "panel_columns": pd.DataFrame([each._asdict() for each in INDICATORS]),
            }
        return found
