"""Carousel beside its peers: PAMS (artificial markets) and sfctools (balance sheets), in a virtual environment of their
own.

`python benchmarks/peers.py --json FILE`. The peers are never dependencies of Carousel.
"""

from __future__ import annotations

import json as text
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from carousel.benchmarks import measure
from carousel.benchmarks.trading_day import OurDay
from carousel.engine.chance import normals, whole
from carousel.ledger.books import Books
from carousel.ledger.causes import Cause, OriginClass
from carousel.ledger.registers import SecurityKind
from carousel.market.auction import run_auction
from carousel.market.orders import OrderBook, Side
from carousel.market.settlement import Executed, settle_auction

PROGRAMS = Path(__file__).with_name("peer_programs.py")
REFERENCE_CENTS = 30_000
FEWEST_HOUSEHOLDS = 300
"""Below, one household's share of the default scenario's ETF does not fit into its column."""


def installed(folder: Path, python: str) -> Path:
    """The Python of an environment with both peers; made at the first call.  Raises: RuntimeError."""
    peer = folder / "bin" / "python"
    if not (folder / ".installed").exists():
        measure.tell(f"installing PAMS and sfctools into {folder}")
        for command in (
            [python, "-m", "venv", str(folder)],
            [str(peer), "-m", "pip", "install", "-q", "pams", "sfctools"],
        ):
            if subprocess.run(command, capture_output=True, check=False).returncode:
                raise RuntimeError(f"not installed with {python}; name another with --python")
        (folder / ".installed").touch()
    return peer


def peer_run(python: Path, *arguments: object) -> dict[str, Any]:
    """One program of a peer in a fresh process.  Raises: RuntimeError with its last line."""
    done = subprocess.run(
        [str(python), str(PROGRAMS), *map(str, arguments)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "MPLBACKEND": "agg"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{arguments}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    found: dict[str, Any] = text.loads(done.stdout.strip().splitlines()[-1])
    return found


class Institutions:
    """Fundamental and noise traders, each an account of the books: one limit order a day in one closing auction."""

    def __init__(self, n: int) -> None:
        self.books = Books()
        journal, registers = self.books.journal, self.books.registers
        journal.start_day(0)
        self.share = registers.open_security("share", SecurityKind.SHARE)
        source = journal.open_outside("savers", OriginClass.HOUSEHOLD_SAVINGS)
        self.house = journal.open_inside("house")
        self.traders = [journal.open_inside(f"trader {k}") for k in range(n)]
        for account in self.traders:
            journal.post(source, account, 100 * 10_000_000, Cause.OPENING)
            registers.issue(self.share, account, 1_000)
        self.books.close_day(0)
        self.price, self.day, self.orders = REFERENCE_CENTS, 0, 0

    def step(self) -> None:
        """One day: expectations, orders, auction, settlement, tracing, audit."""
        self.day += 1
        self.books.start_day(self.day)
        draws = normals(0, 32, self.day, np.arange(len(self.traders)))  # type: ignore[arg-type]
        expected = self.price * np.exp(0.5 * (np.log(REFERENCE_CENTS / self.price) + 0.001 * draws))
        book = OrderBook(self.share)
        for account, limit in zip(self.traders, np.rint(expected).astype(np.int64).tolist(), strict=True):
            if limit != self.price:
                book.add(account, Side.BUY if limit > self.price else Side.SELL, 1, limit)
        self.orders += book.n
        result = run_auction(book, None, self.price, whole(0, 20, self.day, 1))
        if result.volume:
            executed = Executed(book.owners, book.sides, result.fills)
            settle_auction(self.books, self.share, self.house, executed, result.price_cents)
            self.price = result.price_cents
        self.books.close_day(self.day)


def _each(act: Callable[[Any], None], over: Iterable[Any]) -> None:
    for one in over:
        act(one)


def our_traders(n: int, days: int) -> dict[str, float]:
    """The same traders in our auction: orders and agent-steps."""
    market = Institutions(n)
    market.step()
    market.orders = 0
    seconds = measure.processor_seconds(partial(_each, lambda _: market.step(), range(days)))
    return {"seconds": seconds, "orders": market.orders, "agent_steps": n * days}


def our_households(n: int, days: int) -> dict[str, float]:
    """The households' trading day for as many agents."""
    ours = OurDay(n)
    quotes = [ours.quotes(day) for day in range(1, days + 2)]
    ours.trade(quotes[0])
    seconds = measure.processor_seconds(partial(_each, ours.trade, quotes[1:]))
    return {"seconds": seconds, "agent_steps": n * days}


def our_transfers(accounts: int, transfers: int, days: int) -> dict[str, float]:
    """Our journal with audit and origins: so many transfers a day, each day closed, traced and audited."""
    books = Books()
    books.journal.start_day(0)
    source = books.journal.open_outside("savers", OriginClass.HOUSEHOLD_SAVINGS)
    people = [books.journal.open_inside(f"person {k}") for k in range(accounts)]
    for person in people:
        books.journal.post(source, person, 10**8, Cause.OPENING)
    books.close_day(0)

    def one_day(day: int) -> None:
        books.start_day(day)
        post = books.journal.post
        for k in range(transfers // days):
            payer, payee = people[k % accounts], people[(k * 7 + 1) % accounts]
            if payer != payee:
                post(payer, payee, 100, Cause.OBLIGATION)
        books.close_day(day)

    one_day(1)
    seconds = measure.processor_seconds(partial(_each, one_day, range(2, days + 2)))
    return {"seconds": seconds, "transfers": transfers}


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def compared(peer: Path, sizes: tuple[int, ...], steps: int, transfers: int, rounds: int) -> list[dict[str, Any]]:
    """Every program at every size, in turn; the least time of the rounds counts."""
    programs: dict[tuple[str, int], Any] = {}
    for n in sizes:
        programs["PAMS", n] = partial(peer_run, peer, "pams", n, steps)
        programs["our auction", n] = partial(our_traders, n, steps)
        if n >= FEWEST_HOUSEHOLDS:
            programs["our households", n] = partial(our_households, n, steps)
    programs["sfctools", 100] = partial(peer_run, peer, "sfctools", 100, transfers)
    programs["our journal", 100] = partial(our_transfers, 100, 10 * transfers, 10)
    best: dict[tuple[str, int], dict[str, Any]] = {}
    for _ in range(rounds):
        for key, act in programs.items():
            found = act()
            measure.tell(f"{key[0]}, {key[1]}: {found['seconds']:.3f} s, load {os.getloadavg()[0]:.1f}")
            if key not in best or found["seconds"] < best[key]["seconds"]:
                best[key] = found
    return [{"program": name, "agents": n, **found} for (name, n), found in best.items()]


@app.command()
def main(
    json: Annotated[Path | None, typer.Option(help="write the figures here")] = None,
    folder: Annotated[
        Path | None, typer.Option("--venv", help="the peers' environment; default: a temporary one")
    ] = None,
    python: Annotated[str, typer.Option(help="the Python that makes it")] = sys.executable,
    rounds: Annotated[int, typer.Option(min=1)] = 2,
    quick: Annotated[bool, typer.Option("--quick", help="tiny sizes")] = False,
) -> None:
    """Measure orders, agent-steps and transfers per second."""
    about = measure.environment()
    with tempfile.TemporaryDirectory() as aside:
        try:
            peer = installed(folder or Path(aside) / "peers", python)
            sizes, steps, transfers = ((100,), 3, 100) if quick else ((100, 1_000, 5_000), 5, 5_000)
            found = compared(peer, sizes, steps, transfers, 1 if quick else rounds)
        except RuntimeError as fault:
            print(f"error: {fault}", file=sys.stderr)
            raise typer.Exit(1) from None
    rows = [
        (r["program"], f"{r['agents']:,}", *(f"{r[k] / r['seconds']:,.0f}" if k in r else "-" for k in RATES))
        for r in found
    ]
    measure.print_table("Peers, per second of processor time", ("Program", "Agents", *RATES.values()), rows)
    about["load_at_end"] = round(os.getloadavg()[0], 2)
    measure.write_json(json, {"environment": about, "results": found})


RATES = {"orders": "Orders", "agent_steps": "Agent-steps", "transfers": "Transfers"}

if __name__ == "__main__":
    app()
