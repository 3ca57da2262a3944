"""How the cost of a day grows with the world: households, listed firms, contracts; nothing may be worse than linear.

`python benchmarks/growth.py --json FILE --figure FILE.svg`: a table with the slopes on standard output.
"""

from __future__ import annotations

import cProfile
import math
import os
import pstats
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from carousel.benchmarks import measure
from carousel.benchmarks.worlds import grown
from carousel.model import CarouselModel

DAYS = 63
"""A quarter: every monthly and quarterly duty falls due in it."""
WARM_DAYS = 2
AXES: dict[str, tuple[int, ...]] = {
    "holders": (1_000, 10_000, 100_000, 1_000_000, 10_000_000),
    "listed": (3, 10, 30, 100, 300),
    "contracts": (10, 100, 1_000, 10_000),
}
QUICK_AXES: dict[str, tuple[int, ...]] = {"holders": (300, 600), "listed": (3, 5), "contracts": (2, 4)}
NAMES = {"holders": "households", "listed": "listed firms", "contracts": "compute contracts"}
FLAT = 0.02
"""A share of the day below which a part that grows cannot be told from the day's other cost."""


@dataclass(frozen=True, slots=True)
class Point:
    """One size of one axis: least seconds of processor time for a day over the rounds, and for building the model."""

    axis: str
    size: int
    seconds_per_day: float
    seconds_to_build: float


def model_of(axis: str, size: int, days: int) -> CarouselModel:
    """A model of one size, before its first day."""
    return CarouselModel(grown(**{axis: size}, days=days), rng=0)


def _keep(made: list[CarouselModel], build: Callable[[], CarouselModel]) -> None:
    made.append(build())


def _step(model: CarouselModel, days: int) -> None:
    for _ in range(days):
        model.step()


def measure_point(axis: str, size: int, *, days: int, rounds: int) -> Point:
    """Least time of a day over rounds of `days` days each, every round in a fresh model."""
    runs, builds = [], []
    for _ in range(rounds):
        made: list[CarouselModel] = []
        build = partial(model_of, axis, size, WARM_DAYS + days)
        builds.append(measure.processor_seconds(partial(_keep, made, build)))
        model = made.pop()
        _step(model, WARM_DAYS)
        runs.append(measure.processor_seconds(partial(_step, model, days)) / days)
        del model
    measure.tell(f"{size:,} {NAMES[axis]}: {1e3 * min(runs):.3f} ms a day, load {os.getloadavg()[0]:.1f}")
    return Point(axis, size, min(runs), min(builds))


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Least-squares slope of log seconds on log size."""
    x, y = [math.log(s) for s in sizes], [math.log(t) for t in seconds]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)


def slopes(points: Sequence[Point], of: str = "seconds_per_day") -> dict[str, float | None]:
    """Slope over all sizes, between the two largest, and of what the growth adds: None where it adds nothing.

    The added cost is what is above the smallest size's: a hidden square shows in it, however large the fixed part.
    """
    sizes, seconds = [p.size for p in points], [float(getattr(p, of)) for p in points]
    added = [(s, t - seconds[0]) for s, t in zip(sizes[1:], seconds[1:], strict=True) if t > seconds[0] * (1 + FLAT)]
    return {
        "all": slope(sizes, seconds),
        "last": slope(sizes[-2:], seconds[-2:]),
        "added": slope(*zip(*added[-2:], strict=True)) if len(added) > 1 else None,
    }


def profile(axis: str, size: int, days: int, lines: int = 18) -> None:
    """Print where a day of the largest world goes."""
    model = model_of(axis, size, WARM_DAYS + days)
    for _ in range(WARM_DAYS):
        model.step()
    with cProfile.Profile() as profiler:
        for _ in range(days):
            model.step()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(lines)


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    json: Annotated[Path | None, typer.Option(help="write the figures here")] = None,
    figure: Annotated[Path | None, typer.Option(help="draw the figure here (.svg or .png)")] = None,
    axis: Annotated[list[str] | None, typer.Option(help="holders, listed or contracts; default: all")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="rounds; the least counts")] = 2,
    days: Annotated[int, typer.Option(min=1, help="days of a round")] = DAYS,
    quick: Annotated[bool, typer.Option("--quick", help="tiny sizes: does it run?")] = False,
    profiled: Annotated[bool, typer.Option("--profile", help="show where the largest day goes instead")] = False,
) -> None:
    """Time a day as the world grows."""
    axes = QUICK_AXES if quick else AXES
    if unknown := set(axis or ()) - set(axes):
        raise typer.BadParameter(f"came {sorted(unknown)}; allowed: {', '.join(axes)}", param_hint="--axis")
    chosen = {name: sizes for name, sizes in axes.items() if not axis or name in axis}
    if profiled:
        for name, sizes in chosen.items():
            profile(name, sizes[-1], days)
        return
    about = measure.environment()
    points = [
        measure_point(name, size, days=2 if quick else days, rounds=1 if quick else rounds)
        for name, sizes in chosen.items()
        for size in sizes
    ]
    fitted = {name: slopes([p for p in points if p.axis == name]) for name in chosen}
    built = {name: slopes([p for p in points if p.axis == name], "seconds_to_build") for name in chosen}
    _print(points, fitted, built)
    measure.write_json(
        json,
        {
            "environment": about,
            "days": days,
            "rounds": rounds,
            "points": [asdict(point) for point in points],
            "slopes": fitted,
            "slopes_of_building": built,
        },
    )
    if figure is not None:
        from carousel.benchmarks.growth_figure import draw

        draw(points, fitted, figure)


def _print(points: Sequence[Point], fitted: dict[str, dict[str, float | None]], built: dict[str, dict]) -> None:
    rows = [
        (NAMES[p.axis], f"{p.size:,}", f"{1e3 * p.seconds_per_day:.3f}", f"{p.seconds_to_build:.2f}") for p in points
    ]
    measure.print_table("A day as the world grows", ("What grows", "Size", "ms a day", "Build, s"), rows)
    lines: list[Sequence[str]] = []
    for name, slopes_of in fitted.items():
        shown = ["-" if v is None else f"{v:.2f}" for v in (*slopes_of.values(), built[name]["last"])]
        verdict = "yes" if max(v for v in slopes_of.values() if v is not None) <= 1.1 else "NO"
        lines.append((NAMES[name], *shown, verdict))
    columns = ("What grows", "Slope, all sizes", "Two largest", "Added cost", "Building", "Linear or better (1.1)")
    measure.print_table("Slopes, log-log", columns, lines)


if __name__ == "__main__":
    app()
