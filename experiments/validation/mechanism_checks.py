"""Does the machine itself do what its arithmetic says: the loop's shares, the origin of its cash, a credit spread, and
auctions that respect their orders."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np

from ...engine.chance import Decision, uniforms
from ...ledger.causes import Cause
from ...ledger.journal import CAUSE, CENTS, PAYEE
from ...ledger.origins import TracingRule
from ...market import auction
from ...market.credit import required_spread
from ...market.orders import OrderBook
from ..runner.runs import Tell, quiet
from .checks import Check, ClaimKind

LOOP_FILE = Path(__file__).with_name("constant-cost-loop.toml")
UNIT = ClaimKind.IDENTITY
"""Arithmetic, and parts tested alone."""
BOOKS, QUICK_BOOKS = 2000, 300
LOOP_SOURCE = "closed form 1 / (1 - g), g = 10 of 50 bn USD per GW (NVIDIA, Barclays, CNBC, Sep 2025)"
AUCTION_SOURCE = "call auction rule, Euronext Harmonised Rulebook I, 4401/3"


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about the mechanism itself; a second's work on one core, whatever `workers` says."""
    tell(0, 2)
    found = [*loop_checks(), merton_check()]
    tell(1, 2)
    found += auction_checks(QUICK_BOOKS if quick else BOOKS)
    tell(2, 2)
    return found


def loop_checks() -> list[Check]:
    """A circle with constant unit costs, run by the whole model."""
    paid, received = _loop_run()
    gain = Fraction(paid[Cause.MILESTONE], paid[Cause.CHIP_BILL] + paid[Cause.CONSTRUCTION])
    fresh, recycled = paid[Cause.ROUND], paid[Cause.MILESTONE]
    gaps = [abs(int(laps[1:].sum()) - recycled) + abs(int(laps[0]) - fresh) for laps in received.values()]
    exact = "exact: no chance is involved"
    return [
        Check(
            "mechanism.loop.external_share",
            "At constant costs four fifths of the money for every GW come from outside the loop",
            float(1 - gain), 0.80, 0.80, "share", LOOP_SOURCE, note=exact, kind=UNIT,
        ),
        Check(
            "mechanism.loop.multiplier",
            "A dollar from outside buys 1.25 dollars of data centre",
            float(1 / (1 - gain)) if gain < 1 else math.inf, 1.25, 1.25, "x", LOOP_SOURCE, note=exact, kind=UNIT,
        ),
        Check(
            "mechanism.loop.origin_gap",
            "The lab's recycled cash is to the cent what the chip maker handed back, under all three tracing rules",
            float(max(gaps)), 0.0, 0.0, "cents", "identity of books and tracing", note=exact, kind=UNIT,
        ),
    ]  # fmt: skip


def _loop_run() -> tuple[dict[Cause, int], dict[TracingRule, np.ndarray]]:
    """Cents paid by cause, and what the lab received by lap under each tracing rule."""
    from ...model import CarouselModel

    model = CarouselModel(str(LOOP_FILE), rng=0)
    paid = dict.fromkeys(Cause, 0)
    received = {rule: np.zeros(8, np.int64) for rule in TracingRule}
    while model.running:
        model.step()
        entries = model.books.last.entries
        for row in entries.tolist():
            paid[Cause(row[CAUSE])] += row[CENTS]
        to_lab = entries[:, PAYEE] == model.cast.labs[0].account
        for rule, slices in model.books.last.slices.items():
            received[rule] += np.asarray(slices.dense()[to_lab].sum(axis=(0, 1)))
    return paid, received


def merton_check() -> Check:
    """A published credit spread."""
    return Check(
        "mechanism.merton_spread",
        "A firm half in debt, assets at 30 % volatility, pays 148 bp over five years",
        1e4 * required_spread(0.5, 0.30, 5.0), 147.5, 148.5, "bp", "Merton (1974), J. Finance 29(2), eq. 14",
        kind=UNIT,
    )  # fmt: skip


def auction_checks(books: int) -> list[Check]:
    """Random order books through the auction that the market uses."""
    beyond, improvable, gap = 0, 0, 0
    for number in range(books):
        book, reference, start = random_book(number)
        result = auction.run_auction(book, None, reference, start)
        better = book.sides * (book.limits - result.price_cents) >= 0
        beyond += int(((result.fills > 0) & ~better).sum())
        bought, sold = (int(result.fills[book.sides == side].sum()) for side in (1, -1))
        gap += abs(bought - sold) + abs(bought - result.volume)
        prices = np.unique(np.concatenate([book.limits, book.limits + 1, book.limits - 1]))
        improvable += max(_executable(book, int(p)) for p in prices) > result.volume
    of = f"{books:,} random order books"
    return [
        Check(
            "mechanism.auction.beyond_limit", "No order trades beyond its limit",
            float(beyond), 0.0, 0.0, "orders", AUCTION_SOURCE, note=of, kind=UNIT,
        ),
        Check(
            "mechanism.auction.not_best", "At no other price would more shares change hands",
            float(improvable), 0.0, 0.0, "books", AUCTION_SOURCE, note=of, kind=UNIT,
        ),
        Check(
            "mechanism.auction.unequal", "As many shares are bought as sold",
            float(gap), 0.0, 0.0, "shares", AUCTION_SOURCE, note=of, kind=UNIT,
        ),
    ]  # fmt: skip


def random_book(number: int) -> tuple[OrderBook, int, int]:
    """The keyed random book of a number, with its reference price and rounding start."""
    draws = uniforms(number, Decision.AUCTION_ROUNDING, 0, np.arange(160))
    size = 2 + int(48 * draws[0])
    limits = 90 + (21 * draws[1 : size + 1]).astype(np.int64)
    quantities = 1 + (500 * draws[52 : size + 52]).astype(np.int64)
    signed = np.where(draws[104 : size + 104] < 0.5, quantities, -quantities)
    book = OrderBook(0, capacity=size)
    book.add_many(np.arange(size, dtype=np.int64), limits, signed)
    return book, 90 + int(21 * draws[158]), int(2**62 * draws[159])


def _executable(book: OrderBook, price: int) -> int:
    """Shares that would change hands at a price."""
    buys, sells = book.sides > 0, book.sides < 0
    demand = int(book.quantities[buys & (book.limits >= price)].sum())
    supply = int(book.quantities[sells & (book.limits <= price)].sum())
    return min(demand, supply)
