"""Planted faults: the same machine with one thing wrong on purpose, which the checks of behaviour must notice.

A planted fault replaces Python functions of the model for as long as a context lasts and puts them back. Nothing but
validation (and its tests) enters that context: no scenario, parameter or command of a normal run leads here. `map_runs`
carries the name of the fault in force to its worker processes.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

PACKAGE = __name__.partition(".experiments.")[0]
CERTAIN_LOG_ODDS = 100.0
"""Log-odds beyond which no disposition doubts: credibility is 1 to the last bit."""

Make = Callable[[Callable[..., Any]], Callable[..., Any]]


class NoSeam(Exception):
    """A fault whose place in the machine is gone: the machine would be sound, and noticing would prove nothing."""

    def __init__(self, planted: str, seam: str) -> None:
        super().__init__(f"planted fault {planted!r}: the machine has no {seam}")
        self.planted, self.seam = planted, seam


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a fault is planted: a function of a module (or `Class.method` of one), and what stands in for it."""

    module: str
    name: str
    make: Make


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """One way in which the machine can be wrong; `wrong` says in words what is.

    `must_fail` maps a group of checks to the beginnings of those keys of which at least one must miss.
    """

    name: str
    wrong: str
    seams: tuple[Seam, ...]
    must_fail: tuple[tuple[str, tuple[str, ...]], ...]


_in_force: list[str] = []


def in_force() -> str | None:
    """Name of the fault planted in this process; None: the sound machine."""
    return _in_force[-1] if _in_force else None


@contextmanager
def planting(name: str | None) -> Iterator[None]:
    """The machine has the fault of that name until the context ends; None, or the one already in force: no change.

    Raises: KeyError for an unknown name, ValueError inside another fault's context, NoSeam.
    """
    if name is None or name == in_force():
        yield
        return
    planted = fault_of(name)
    if in_force() is not None:
        raise ValueError(f"came planted fault {name!r} inside {in_force()!r}, allowed: one at a time")
    with ExitStack() as stack:
        for seam in planted.seams:
            stack.enter_context(_replaced(planted, seam))
        _in_force.append(name)
        stack.callback(_in_force.pop)
        yield


@contextmanager
def _replaced(planted: PlantedFault, seam: Seam) -> Iterator[None]:
    """One seam replaced, wherever the package has imported it by name, also while the context lasts."""
    owner: Any = importlib.import_module(f"{PACKAGE}.{seam.module}")
    *outer, name = seam.name.split(".")
    for part in outer:
        owner = getattr(owner, part, None)
    original = vars(owner).get(name) if owner is not None else None
    if original is None:
        raise NoSeam(planted.name, f"{seam.module}.{seam.name}")
    wrong = seam.make(original)
    setattr(owner, name, wrong)
    _swap(original, wrong)
    try:
        yield
    finally:
        setattr(owner, name, original)
        _swap(wrong, original)


def _swap(old: Any, new: Any) -> None:
    """Every name of the package's modules that means `old` means `new`."""
    for module_name, module in list(sys.modules.items()):
        if module is not None and (module_name == PACKAGE or module_name.startswith(f"{PACKAGE}.")):
            for name in [name for name, value in vars(module).items() if value is old]:
                setattr(module, name, new)


def _believed_whatever_it_is(original: Callable[..., Any]) -> Callable[..., Any]:
    """Log-odds at the start and after any evidence: certain."""

    def certain(*_: Any, **__: Any) -> float:
        return CERTAIN_LOG_ODDS

    return certain


def _without_limits(original: Callable[..., Any]) -> Callable[..., Any]:
    """An auction of shares or bonds in which every order is a market order, within what its owner has set aside."""

    def run(book: Any, crowd: Any, reference_cents: int, start: int) -> Any:
        if crowd is not None or not book.n:
            return original(book, crowd, reference_cents, start)
        from ...market.orders import OrderBook

        buys = book.sides > 0
        highest = max(int(book.limits.max()), reference_cents)
        affordable = book.quantities * np.minimum(book.limits, reference_cents) // reference_cents
        signed = np.where(buys, affordable, -book.quantities)
        kept = signed != 0
        stripped = OrderBook(book.security, capacity=book.n)
        limits = np.where(buys, np.int64(highest), np.int64(1))
        stripped.add_many(book.owners[kept], limits[kept], signed[kept])
        result = original(stripped, None, reference_cents, start)
        fills = np.zeros(book.n, np.int64)
        fills[kept] = result.fills
        return type(result)(
            result.price_cents,
            result.volume,
            fills,
            result.crowd_margin,
            result.crowd_bought_shares,
            result.crowd_sold_shares,
            result.start,
        )

    return run


def _session_without_limits(original: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a session that clears the books of all shares in one pass."""

    def hold(books: Any, house: int, securities: Any, orders: Any, reference_cents: Any, roundings: Any) -> Any:
        table, ends = orders
        stripped = table.copy()
        first = 0
        for last, reference in zip(ends.tolist(), reference_cents.tolist(), strict=True):
            _, sides, quantities, limits = stripped[:, first:last]
            buys = sides > 0
            quantities[:] = np.where(buys, quantities * np.minimum(limits, reference) // reference, quantities)
            limits[:] = np.where(buys, max(int(limits.max(initial=0)), reference), 1)
            first = last
        return original(books, house, securities, type(orders)(stripped, ends), reference_cents, roundings)

    return hold


def _in_another_order(original: Callable[..., Any]) -> Callable[..., Any]:
    """Daily returns of every series drawn without replacement: the same returns on other days."""

    def returns(*arguments: Any, **named: Any) -> Any:
        found = original(*arguments, **named)
        return {
            name: series[np.argsort(_draws(len(series), number, len(series)))]
            for number, (name, series) in enumerate(found.items())
        }

    return returns


def _draws(seed: int, number: int, size: int) -> np.ndarray:
    """Keyed uniform draws, float[size]."""
    from ...engine.chance import Decision, uniforms

    return uniforms(seed, Decision.AUCTION_ROUNDING, -1 - number, np.arange(size))


def _no_lap(original: Callable[..., Any]) -> Callable[..., Any]:
    """Money that comes back counts as fresh."""

    def none(*_: Any, **__: Any) -> int:
        return 0

    return none


PLANTED_FAULTS: tuple[PlantedFault, ...] = (
    PlantedFault(
        "shuffled-returns",
        "simulated returns come in another order",
        (Seam("experiments.sweeps.outcomes.of_market", "returns", _in_another_order),),
        (("facts", ("facts.index.abs_acf", "facts.index.leverage", "facts.shares.abs_acf", "facts.shares.leverage")),),
    ),
    PlantedFault(
        "full-credibility",
        "every promise is believed fully, contract or letter of intent, whatever happens",
        (
            Seam("narrative.credibility", "start_log_odds", _believed_whatever_it_is),
            Seam("narrative.credibility", "moved", _believed_whatever_it_is),
        ),
        (("events", ("events.oracle.", "events.nvidia.", "events.kinds.")),),
    ),
    PlantedFault(
        "no-price-limits",
        "every order for shares or bonds is a market order: it trades beyond its limit",
        (
            Seam("market.auction", "run_auction", _without_limits),
            Seam("market.session", "hold_session", _session_without_limits),
        ),
        (("mechanism", ("mechanism.auction.",)), ("impact", ("impact.",))),
    ),
    PlantedFault(
        "no-laps",
        "origin tracing forgets that money has been round the circle",
        (Seam("contracts.register", "Contracts.lap_step", _no_lap),),
        (("mechanism", ("mechanism.loop.",)),),
    ),
)


def fault_of(name: str) -> PlantedFault:
    """The planted fault of a name. Raises: KeyError."""
    for planted in PLANTED_FAULTS:
        if planted.name == name:
            return planted
    raise KeyError(f"no planted fault {name!r}; there are {', '.join(p.name for p in PLANTED_FAULTS)}")
