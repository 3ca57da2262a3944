"""What a named study is, and what it leaves behind: a report in words, tables as CSV, measures as JSON, figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ...history.run_directory import RunDirectory
from ...report.figure_style import save
from ...report.number_words import markdown_table, number, plain
from ...report.wording import how_many
from ..runner.runs import FailedRun
from ..sweeps.analysis.tables import SweepTables
from ..validation.checks import Check

TABLE_ROWS_MAX = 40
"""Rows of a table shown in a report; the CSV file has them all."""


@dataclass(slots=True)
class Section:
    """One part of a report: what was asked, what was found, tables and figures by name."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StudyResult:
    """What a study found. Tables are shown where a section names them and written whole as CSV."""

    title: str
    findings: list[str]
    sections: list[Section]
    tables: dict[str, pd.DataFrame]
    measures: dict[str, Any]
    figures: dict[str, Figure]
    captions: dict[str, str]
    checks: list[Check]
    runs: int
    failed: list[FailedRun]


class StudyFailed(RuntimeError):
    """A study that has nothing to report: `stage` says where it broke off, the text why."""

    def __init__(self, stage: str, reason: str) -> None:
        self.stage = stage
        super().__init__(reason)


class NoRuns(StudyFailed):
    """Every run of a study failed."""

    def __init__(self, study: str, failed: Sequence[FailedRun]) -> None:
        self.study, self.failed = study, list(failed)
        first = f"; the first: {failed[0].error} in {failed[0].where}" if failed else ""
        super().__init__("in every run", f"no run of study {study} succeeded, {len(failed)} failed{first}")


def failed_of(tables: SweepTables) -> list[FailedRun]:
    """The runs of a sweep that came to nothing: the world and seed of each, its error, and in which stage."""
    names = ["case", *(axis.name for axis in tables.axes), "seed"]
    return [
        FailedRun({name: row[name] for name in names}, str(row["exception"]), str(row["stage"]))
        for row in tables.failed.to_dict("records")
    ]


def write_study(directory: RunDirectory, result: StudyResult, *, command: str, about: Mapping[str, Any]) -> None:
    """Fill the folder aside; the caller commits it whole or leaves nothing."""
    figures = directory.partial / "figures"
    figures.mkdir()
    for name, figure in result.figures.items():
        save(figure, figures / f"{name}.png")
    for name, table in result.tables.items():
        directory.write_text(f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    directory.write_text("report.md", markdown(result, command=command))
    directory.write_json(
        "study.json",
        plain(
            {
                **about,
                "command": command,
                "title": result.title,
                "findings": result.findings,
                "measures": result.measures,
                "checks": [asdict(check) | {"verdict": check.verdict.value} for check in result.checks],
                "runs": result.runs,
                "failed": [asdict(f) for f in result.failed],
            }
        ),
    )


def markdown(result: StudyResult, *, command: str) -> str:
    """The report: findings, checks, then section by section."""
    lines = [f"# {result.title}", ""]
    lines += [f"- {text}" for text in result.findings]
    lines += ["", f"{how_many(result.runs, 'run')}, {len(result.failed)} failed. To repeat: `{command}`", ""]
    if result.failed:
        lines += ["## Failed runs", "", "They count in no number here.", "", *_failed_table(result.failed), ""]
    if result.checks:
        lines += ["## Checks", "", *markdown_table(_check_table(result.checks)), ""]
    for section in result.sections:
        lines += [f"## {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += [paragraph, ""]
        for name in section.figures:
            lines += [f"![{result.captions[name]}](figures/{name}.png)", "", f"*{result.captions[name]}*", ""]
        for name in section.tables:
            table = result.tables[name]
            lines += markdown_table(table.head(TABLE_ROWS_MAX))
            if len(table) > TABLE_ROWS_MAX:
                lines += ["", f"{len(table) - TABLE_ROWS_MAX:,} more rows in {name}.csv."]
            lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def _check_table(checks: Sequence[Check]) -> pd.DataFrame:
    def band(check: Check) -> str:
        if math.isinf(check.high):
            return f"at least {check.low:g}"
        return f"at most {check.high:g}" if math.isinf(check.low) else f"{check.low:g} to {check.high:g}"

    return pd.DataFrame(
        {
            "claim": [c.claim for c in checks],
            "measured": [
                number(c.measured) + (f" ({number(c.interval[0])} to {number(c.interval[1])})" if c.interval else "")
                for c in checks
            ],
            "band": [band(c) for c in checks],
            "verdict": [str(c.verdict) for c in checks],
            "source": [c.source for c in checks],
        }
    )


def _failed_table(failed: Sequence[FailedRun]) -> list[str]:
    rows = {"case": [], "error": [], "where": []}  # type: dict[str, list[str]]
    for f in failed:
        rows["case"].append(", ".join(f"{k} = {v}" for k, v in f.case.items()))
        rows["error"].append(f.error)
        rows["where"].append(f.where)
    return markdown_table(pd.DataFrame(rows))
