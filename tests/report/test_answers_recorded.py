"""What every answer says is what was recorded: its page, its data and which of its tables have a total.

`python tests/report/test_answers_recorded.py --record` writes the answers anew, after somebody has read them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from carousel.report.answer import assemble
from carousel.scenarios.loader import load
from carousel.tests.report.more_runs import HISTORIES
from carousel.tests.report.test_answer_clearing import answered as settled
from carousel.tests.report.test_answer_clearing import debts_only

RECORD = Path(__file__).with_name("answers.json")
LENDING = ("vendor", "lending", "indebted")
DEBTS = {
    "ring": load("joke"),
    "days": debts_only(
        [("A", "B", 100.0, 1), ("B", "C", 60.0, 1), ("C", "A", 30.0, 5), ("A", "C", 50.0, 5), ("V", "A", 20.0, 6)],
        cash={"A": 70.0, "V": 5.0}, investors=("V",),
    ),
    "many": debts_only([(f"F{n}", f"F{n + 1}", 10.0 + n, n) for n in range(1, 20)], cash={"F1": 25.0}, days=21),
}  # fmt: skip
"""Scenarios of debts alone: one that cancels out, one that is paid in part, one with more than is shown."""
PLANNED_MW = {"small": 1000.0, "busy": 1001.0, "ruined": 0.0}


def rounded(value):
    """Nested data with twelve digits of each number."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.12g}") if isinstance(value, float) else value


def answered(name):
    """The answer of one of the histories, a line or a measure each."""
    if name in DEBTS:
        _, answer = settled(DEBTS[name])
    else:
        scenario = load("vendor-loans" if name in LENDING else "ai-2025")
        answer = assemble(HISTORIES[name](), scenario, seed=3, tracing="pro-rata", planned_mw=PLANNED_MW.get(name))
    measures = answer.to_json()["measures"]
    return {
        "page": [line for line in answer.to_markdown().split("\n") if line],
        "totals": [t.title for section in answer.sections for t in section.tables if t.has_total],
        "measures": {key: json.dumps(rounded(value), ensure_ascii=False) for key, value in measures.items()},
    }


@pytest.mark.parametrize("name", [*HISTORIES, *DEBTS])
def test_every_answer_says_what_was_recorded(name):
    recorded, said = json.loads(RECORD.read_text())[name], answered(name)
    assert said["page"] == recorded["page"]
    assert said["totals"] == recorded["totals"]
    assert said["measures"] == recorded["measures"]


def main():
    """Record."""
    answers = {name: answered(name) for name in (*HISTORIES, *DEBTS)}
    if "--record" in sys.argv:
        RECORD.write_text(json.dumps(answers, indent=0, ensure_ascii=False) + "\n")
    print(sum(len(answer["page"]) for answer in answers.values()), "lines said")


if __name__ == "__main__":
    main()
