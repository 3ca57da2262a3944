"""The autumn of 2025 over 100 seeds beside the record: `python docs/autumn_fan.py measure` runs it into
docs/autumn.json and draws docs/figures/autumn.png; without `measure` it draws from the data that are there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from carousel.engine.calendar import trading_dates
from carousel.experiments.runner.runs import map_runs
from carousel.experiments.validation.circle_fan import DAYS, draw_fan, fan, path
from carousel.report.figure_style import save
from carousel.scenarios.loader import load

DATA, PICTURE = Path(__file__).with_name("autumn.json"), Path(__file__).with_name("figures") / "autumn.png"
SEEDS = range(100, 200)
"""None of the seeds at which forms and sizes were chosen."""


def measure(workers: int | None = None) -> None:
    """Run all seeds and keep the percentiles."""
    paths = map_runs(path, [{"seed": seed} for seed in SEEDS], workers=workers)
    data = {"seeds": [SEEDS[0], SEEDS[-1]], "percentiles": fan(paths)}
    DATA.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def draw() -> None:
    """The picture of the data that are there."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    first, last = data["seeds"]
    dates = trading_dates(load("ai-2025").start_date, DAYS)
    save(draw_fan(data["percentiles"], dates, last - first + 1), PICTURE)


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    draw()
