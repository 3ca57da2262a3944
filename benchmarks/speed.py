"""How fast a day of all households is: against the memory itself, plain Mesa agents and plain NumPy, in one process.

`python benchmarks/speed.py --json FILE` prints a table with the goals; exit status 1 only if two ways to compute the
same day, or two settings of the same run, do not end with the same bits. Times decide nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from carousel.benchmarks import measure, probes
from carousel.benchmarks.floor import DESIGN_BYTES, Floor
from carousel.benchmarks.mesa_day import HouseholdDrawnAhead, PlainMesaDay
from carousel.benchmarks.trading_day import OurDay, Quotes, differences
from carousel.benchmarks.worlds import grown, without_households
from carousel.model import CarouselModel, run
from carousel.tests.oracles.trading_day import NumpyDay

FIVE_YEARS = 1260
SMALL = 3_000
DAYS_PER_ROUND = {10_000: 10, 100_000: 3, 1_000_000: 3, 10_000_000: 2}


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure of the issue: its key, what it says, the goal, and whether more is better."""

    key: str
    says: str
    goal: float
    at_least: bool

    def is_reached(self, value: float) -> bool:
        """Whether a measured value reaches it."""
        return value >= self.goal if self.at_least else value <= self.goal


GOALS = (
    Goal("mesa_over_ours_1e5", "plain Mesa agents' day over ours, 10^5 households", 150, True),
    Goal("mesa_drawn_ahead_over_ours_1e5", "the same, the day's draws made for all agents in one call", 150, True),
    Goal("ours_over_floor_1e6", "our day over touching each holder's bytes once, 10^6", 6, False),
    Goal("ours_over_floor_56_bytes_1e6", "the same with the 56 bytes of the design's prototype", 6, False),
    Goal("bytes_per_holder_1e6", "bytes per holder, peak over a run without households, 10^6", 45, False),
    Goal("cost_per_holder_1e7_over_1e6", "cost per holder at 10^7 over that at 10^6", 1.5, False),
    Goal("five_years_3000_holders_s", "five years (1,260 days), 3,000 households, whole cast, s", 0.6, False),
    Goal("two_workers_over_one", "runs per second of two worker processes over one", 1.7, True),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many holders each variant has, and how long the other probes are."""

    ours: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    mesa: tuple[int, ...] = (10_000, 100_000)
    numpy: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    floor: tuple[int, ...] = (1_000_000,)
    memory: int = 1_000_000
    exact: tuple[int, int] = (1_000_000, FIVE_YEARS)
    digest: tuple[int, int] = (50_000, 64)
    small: int = SMALL
    days: int = FIVE_YEARS
    runs: int = 24
    run_days: int = 756


QUICK = Sizes((400, 800), (400,), (400, 800), (800,), 2_000, (800, 25), (400, 5), 400, 5, 2, 3)


class Twin(Protocol):
    """One way to compute the trading day."""

    def trade(self, quotes: Quotes) -> None:
        """One day."""

    def state(self) -> dict[str, Any]:
        """What must be equal."""


class Population:
    """One size: our day, its twins, and the quotes that all of them trade at."""

    def __init__(self, n: int, sizes: Sizes, rounds: int) -> None:
        measure.tell(f"{n:,} households are endowed")
        ours = OurDay(n)
        self.n = n
        self.days = DAYS_PER_ROUND.get(n, 2)
        self.quotes = [ours.quotes(day) for day in range(1, 1 + self.days * (rounds + 1))]
        self.twins: dict[str, Twin] = {"ours": ours}
        opening = ours.opening()
        if n in sizes.mesa:
            self.twins["mesa"] = PlainMesaDay(opening)
            self.twins["mesa_drawn_ahead"] = PlainMesaDay(ours.opening(), HouseholdDrawnAhead)
        if n in sizes.numpy:
            self.twins["numpy"] = NumpyDay(ours.opening())
        self.floors = {}
        if n in sizes.floor:
            self.floors = {"floor": Floor(opening.columns.values()), "floor_56_bytes": Floor.of_bytes(n)}
        self._next = dict.fromkeys(self.twins, 0)
        # compiled and in the caches before anything counts; every twin goes through these days
        for name in self.twins:
            self.measure_days(name)
        for name in self.floors:
            self.measure_floor(name)

    def measure_days(self, name: str) -> float:
        """Seconds of processor time a day, over the days of a round."""
        first = self._next[name]
        self._next[name] = first + self.days
        trade, quotes = self.twins[name].trade, self.quotes[first : first + self.days]
        return measure.processor_seconds(lambda: [trade(each) for each in quotes]) / self.days

    def measure_floor(self, name: str) -> float:
        """Seconds of processor time to touch everything once, over as many times as a round has days."""
        touch = self.floors[name].day
        return measure.processor_seconds(lambda: [touch() for _ in range(self.days)]) / self.days

    def variants(self) -> dict[str, Callable[[], float]]:
        """What a round measures, by name."""
        days: dict[str, Callable[[], float]] = {
            f"{name}_{self.n}": partial(self.measure_days, name) for name in self.twins
        }
        floors: dict[str, Callable[[], float]] = {
            f"{name}_{self.n}": partial(self.measure_floor, name) for name in self.floors
        }
        return floors | days

    def unequal(self) -> list[str]:
        """Twins that have not ended with our state, with the parts that differ."""
        ours = self.twins["ours"].state()
        found = {name: differences(ours, twin.state()) for name, twin in self.twins.items() if name != "ours"}
        return [f"{name} at {self.n}: {', '.join(parts)}" for name, parts in found.items() if parts]


def whole_run(holders: int, days: int) -> float:
    """Seconds of processor time of a whole run of the default scenario, its building left out."""
    world = grown_default(holders, days)
    model = CarouselModel(world, rng=0)
    return measure.processor_seconds(lambda: run(model))


def grown_default(holders: int, days: int) -> Any:
    """The default scenario itself, with so many households (0: none)."""
    from carousel.scenarios.loader import load
    from carousel.scenarios.overrides import override

    if not holders:
        return without_households(days=days)
    return override(load("ai-2025"), [f"holders={holders}", f"days={days}"])


def exact_days(holders: int, days: int) -> int:
    """Days of a whole run on which cash and shares were exact: the audit of every day, and sums by NumPy beside it.

    Raises: AuditError on the first day that is not.
    """
    model = CarouselModel(grown(holders=holders, days=days), rng=0)
    held, exact = model.cast.holders, 0
    assert held is not None
    assert model.cast.etf is not None
    registers, journal = model.books.registers, model.books.journal
    while model.running:
        model.step()
        shares = int(registers.holdings[model.cast.omnibus, model.cast.etf.security])
        sums = (int(held.cash_cents.sum()), int(held.etf_shares.sum(dtype="int64")))
        exact += bool(sums == (journal.balance(model.cast.omnibus), shares) and held.cash_cents.min() >= 0)
        if model.clock.day % 252 == 0:
            measure.tell(f"{holders:,} households, day {model.clock.day}: {exact} days exact")
    return exact


def _times(sizes: Sizes, rounds: int) -> tuple[dict[str, list[float]], list[str]]:
    """All variants in turn; then the twins that are not equal to ours."""
    populations = [Population(n, sizes, rounds) for n in sizes.ours]
    variants: dict[str, Callable[[], float]] = {}
    for population in populations:
        variants |= population.variants()
    for name, holders in (("five_years_3000_holders", sizes.small), ("five_years_no_holders", 0)):
        whole_run(holders, 30)
        variants[name] = partial(whole_run, holders, sizes.days)
    seconds = measure.in_turn(variants, rounds)
    return seconds, [line for population in populations for line in population.unequal()]


def _ratios(best: dict[str, float], sizes: Sizes) -> dict[str, float]:
    """The figures of the issue that follow from the times; sizes of a quick run stand for those in the names."""
    middle = sizes.mesa[-1]
    last = sizes.floor[0]
    figures = {
        "mesa_over_ours_1e5": best[f"mesa_{middle}"] / best[f"ours_{middle}"],
        "mesa_drawn_ahead_over_ours_1e5": best[f"mesa_drawn_ahead_{middle}"] / best[f"ours_{middle}"],
        "numpy_over_ours_1e6": best[f"numpy_{last}"] / best[f"ours_{last}"],
        "ours_over_floor_1e6": best[f"ours_{last}"] / best[f"floor_{last}"],
        "ours_over_floor_56_bytes_1e6": best[f"ours_{last}"] / best[f"floor_56_bytes_{last}"],
        "ns_per_holder_1e6": 1e9 * best[f"ours_{last}"] / last,
        "five_years_3000_holders_s": best["five_years_3000_holders"],
        "five_years_no_holders_s": best["five_years_no_holders"],
    }
    if len(sizes.ours) > 3:
        largest = sizes.ours[3]
        figures["cost_per_holder_1e7_over_1e6"] = best[f"ours_{largest}"] / largest / (best[f"ours_{last}"] / last)
    return figures


def _two_over_one(sizes: Sizes, rounds: int) -> dict[str, float]:
    """Best throughput of one and of two worker processes, in turn."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(min(rounds, 3)):
        for workers, seen in rates.items():
            seen.append(probes.runs_per_second(workers, sizes.runs, holders=sizes.small, days=sizes.run_days))
            measure.tell(f"{workers} worker(s): {seen[-1]:.2f} runs a second, load {os.getloadavg()[0]:.1f}")
    one, two = max(rates[1]), max(rates[2])
    return {"two_workers_over_one": two / one, "runs_per_second_1": one, "runs_per_second_2": two}


def measured(sizes: Sizes, rounds: int) -> dict[str, Any]:
    """All figures, and what was not equal under `unequal`."""
    results: dict[str, Any] = {"environment": measure.environment(), "rounds": rounds}
    seconds, unequal = _times(sizes, rounds)
    best = {name: min(times) for name, times in seconds.items()}
    results |= _ratios(best, sizes)
    results["bytes_of_columns"] = Floor(OurDay(max(300, sizes.small)).opening().columns.values()).bytes_per_holder
    results["bytes_per_holder_1e6"] = probes.bytes_per_holder(sizes.memory)
    results |= _two_over_one(sizes, rounds)
    measure.tell("digests with one and two threads, recorded and not")
    same, what = probes.digests_equal_by_threads(*sizes.digest)
    results["digest_equal_threads"], results["digest_threads_compared"] = same, what
    recorded, watched = (probes.state_of(*sizes.digest, recorded=flag) for flag in (True, False))
    results["digest_equal_recording"] = recorded == watched
    results["exact_days_1e6"] = exact_days(*sizes.exact)
    results["days_checked_1e6"] = sizes.exact[1]
    results["twins_equal"] = not unequal
    results["unequal"] = unequal
    results["seconds"] = best
    results["seconds_by_round"] = seconds
    results["environment"]["load_at_end"] = round(os.getloadavg()[0], 2)
    return results


def is_equal(results: dict[str, Any]) -> bool:
    """Whether everything that must be equal is."""
    names = ("twins_equal", "digest_equal_threads", "digest_equal_recording")
    return all(results[name] for name in names) and results["exact_days_1e6"] == results["days_checked_1e6"]


def print_results(results: dict[str, Any]) -> None:
    """The tables on standard output."""
    about = results["environment"]
    print(f"{about['processor']}, {about['cores']} cores, Python {about['python']}, Mesa {about['mesa']}, ", end="")
    print(f"NumPy {about['numpy']}, numba {about['numba']}; load {about['load_at_start']} to {about['load_at_end']}")
    rows: list[Sequence[str]] = []
    for name, least in results["seconds"].items():
        kind, _, size = name.rpartition("_")
        is_day = size.isdigit()
        each = f"{1e9 * least / int(size):.1f}" if is_day else ""
        shown = (kind, f"{int(size):,}") if is_day else (name, "")
        rows.append((*shown, f"{1e3 * least:.3f}", each, f"{1e3 * max(results['seconds_by_round'][name]):.3f}"))
    columns = ("Variant", "Households", "least, ms", "ns a household", "most, ms")
    measure.print_table("Processor time of a trading day; of a whole run", columns, rows)
    goals: list[Sequence[str]] = []
    for goal in GOALS:
        if goal.key in results:
            sign, value = ("≥" if goal.at_least else "≤"), results[goal.key]
            verdict = "reached" if goal.is_reached(value) else "NOT reached"
            goals.append((goal.key, goal.says, f"{value:.3g}", f"{sign} {goal.goal:g}", verdict))
    measure.print_table("Goals", ("Key", "What", "Measured", "Goal", ""), goals, text_columns=2)
    found = [
        ("kernels, plain NumPy and plain Mesa agents end with the same bits", results["twins_equal"]),
        (
            f"one and two threads give one digest ({results['digest_threads_compared']})",
            results["digest_equal_threads"],
        ),
        ("recording changes nothing", results["digest_equal_recording"]),
        (f"days with exact cash and shares of {results['days_checked_1e6']}", results["exact_days_1e6"]),
    ]
    measure.print_table("Equality", ("What", "Found"), [(says, str(value)) for says, value in found])
    for line in results["unequal"]:
        print(f"NOT EQUAL: {line}")
    print(f"Bytes of a holder's columns: {results['bytes_of_columns']}; the design's prototype: {DESIGN_BYTES}.")


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    json: Annotated[Path | None, typer.Option(help="write all figures here")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="rounds; the least time counts")] = 7,
    large: Annotated[bool, typer.Option("--large", help="10^7 households as well (2 GB)")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="tiny sizes: does it run, is it equal?")] = False,
) -> None:
    """Measure the trading day and check that every way to compute it ends the same."""
    sizes = QUICK if quick else Sizes()
    if large and not quick:
        sizes = Sizes(ours=(*sizes.ours, 10_000_000))
    results = measured(sizes, 1 if quick else rounds)
    print_results(results)
    measure.write_json(json, results)
    raise typer.Exit(0 if is_equal(results) else 1)


if __name__ == "__main__":
    app()
