"""The report of a sweep: what was asked, how many runs, the findings in sentences; then tables, pictures, numbers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from ....history.run_directory import RunDirectory
from ....report.figure_style import save, styled
from ....report.markdown import markdown_line, markdown_text
from ....report.number_words import markdown_table, plain
from ....report.wording import how_many
from .analyse import Analysis
from .finding import Finding
from .said import Unit
from .tables import SweepTables

CENTS = "Money in report.json and in tables/ is in US cents."
ROWS_MAX, NAME_MAX, FIRST_MAX = 24, 80, 12


def write_report(directory: RunDirectory, analysis: Analysis, *, command: str, about: Mapping[str, Any]) -> None:
    """Fill the folder aside; the caller commits it whole or leaves nothing."""
    names = _file_names(analysis)
    for finding in analysis.findings:
        for name, table in finding.tables.items():
            directory.write_text(f"tables/{names[name]}.csv", table.to_csv(index=False, lineterminator="\n"))
        for name, picture in finding.pictures.items():
            path = directory.partial / "figures" / f"{names[name]}.png"
            path.parent.mkdir(exist_ok=True)
            with styled():
                save(picture.draw(), path)
    directory.write_text("report.md", markdown(analysis, names, command=command))
    directory.write_json("report.json", plain({**about, "command": command, **as_json(analysis)}))


def counts(tables: SweepTables) -> str:
    """How many runs, failed and missing, in one line."""
    ended, failed = len(tables.runs), len(tables.failed)
    line = f"{ended:,} of {how_many(len(tables.design), 'run has', 'runs have')} ended, "
    line += f"{failed:,} of them failed and count in no number."
    missing = how_many(tables.missing, "run is", "runs are")
    return line + (f" The sweep is not finished: {missing} missing." if tables.missing else "")


def headlines(analysis: Analysis, *, of_each: int) -> list[str]:
    """The first sentences of the report: of findings with something to be seen first, in the order of the report."""
    ordered = sorted(analysis.findings, key=lambda finding: not finding.pictures)
    return [sentence for finding in ordered for sentence in _first(finding, of_each)][:FIRST_MAX]


def _first(finding: Finding, most: int) -> list[str]:
    """The first sentences of a finding; the last of them says how many more there are."""
    shown, more = list(finding.sentences[:most]), len(finding.sentences) - most
    if more > 0 and shown:
        shown[-1] += f" ({more:,} more in the report)"
    return shown


def as_json(analysis: Analysis) -> dict[str, Any]:
    """Every number with its interval, unit and definition."""
    tables = analysis.tables
    return {
        "question": tables.asked.question,
        "runs": len(tables.runs),
        "failed": len(tables.failed),
        "missing": tables.missing,
        "is_finished": not tables.missing,
        "findings": [
            {
                "method": finding.method,
                "title": finding.title,
                "sentences": list(finding.sentences),
                "numbers": [number._asdict() for number in finding.numbers],
            }
            for finding in analysis.findings
        ],
        "left_out": [left._asdict() for left in analysis.left_out],
    }


def markdown(analysis: Analysis, names: Mapping[str, str], *, command: str) -> str:
    """The report as text."""
    tables = analysis.tables
    first = headlines(analysis, of_each=4)
    lines = [f"# {markdown_text(tables.asked.question or 'A sweep')}", "", counts(tables), ""]
    lines += [f"- {markdown_line(sentence)}" for sentence in first]
    lines += [
        "",
        f"To repeat: `{command}`. Every number with its definition: report.json. {CENTS}",
        "",
    ]
    for method, findings in groupby(analysis.findings, key=lambda finding: finding.method):
        lines += [f"## {method[0].upper() + method[1:]}", ""]
        for finding in findings:
            lines += _section(finding, names)
    if len(tables.failed):
        shown = tables.failed.reindex(columns=["run", "case", "seed", "status", "stage", "exception", "command"])
        lines += ["## Failed runs", "", *markdown_table(shown.head(ROWS_MAX).astype(object).fillna("–")), ""]
    if analysis.left_out:
        lines += ["## Left out", ""]
        lines += [f"- {markdown_line(f'{left.method}, {left.outcome}: {left.reason}.')}" for left in analysis.left_out]
    return "\n".join(lines).rstrip() + "\n"


def _section(finding: Finding, names: Mapping[str, str]) -> list[str]:
    lines = [f"### {markdown_text(finding.title)}", ""]
    lines += [f"- {markdown_line(sentence)}" for sentence in finding.sentences]
    lines.append("")
    for name, picture in finding.pictures.items():
        caption = markdown_text(picture.caption)
        lines += [f"![{caption}](figures/{names[name]}.png)", "", f"*{caption}*", ""]
    for name, table in finding.tables.items():
        lines += markdown_table(_said(finding, table.head(ROWS_MAX)))
        if len(table) > ROWS_MAX:
            lines += ["", f"{len(table) - ROWS_MAX:,} more rows in tables/{names[name]}.csv."]
        lines.append("")
    definitions = dict.fromkeys(number.definition for number in finding.numbers)
    return [*lines, *(f"*{markdown_text(d[0].upper() + d[1:])}.*" for d in definitions), ""]


def _said(finding: Finding, table: pd.DataFrame) -> pd.DataFrame:
    """A table whose money is in dollars, as sentences say it; files keep cents."""
    if finding.words is None or finding.words.kind is not Unit.CENTS:
        return table
    say = finding.words.say
    names = [name for name in finding.amounts if name in table]
    return table.assign(**{name: [f"{'-' * bool(v < 0)}{say(abs(v))}" for v in table[name]] for name in names})


def _file_names(analysis: Analysis) -> dict[str, str]:
    """A file name for every table and picture: plain letters, not too long, no two alike."""
    found: dict[str, str] = {}
    wanted = [name for f in analysis.findings for name in (*f.tables, *f.pictures)]
    for name in dict.fromkeys(wanted):
        stem = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.")
        if len(stem) > NAME_MAX or stem.casefold() in (n.casefold() for n in found.values()):
            stem = f"{stem[: NAME_MAX - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        found[name] = stem
    return found
