"""Private rounds: a lab asks for money at a price, investors bid, and the price steps down while the book is short."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..ledger.units import CENTS_LIMIT, split


class RoundStatus(StrEnum):
    """How a round ended, against the last round's price."""

    UP = "up"
    FLAT = "flat"
    DOWN = "down"
    FAILED = "failed"


class RoundError(ValueError):
    """An ask or a bid that is none."""

    def __init__(self, *, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


def _check_cents(name: str, cents: int) -> None:
    if isinstance(cents, bool) or not isinstance(cents, int) or not 0 < cents < CENTS_LIMIT:
        raise RoundError(came=f"{name} = {cents!r}", allowed="a whole number of cents, 1 to 2**53 - 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAsk:
    """What a lab asks for: an amount at a price, which may fall by `step` up to `steps_max` times.

    `min_placement` is the least share of the amount at which it closes at all. Raises: RoundError.
    """

    wanted_cents: int
    price_cents_per_share: int
    step: float
    steps_max: int
    min_placement: float

    def __post_init__(self) -> None:
        _check_cents("wanted_cents", self.wanted_cents)
        _check_cents("price_cents_per_share", self.price_cents_per_share)
        if not 0 <= self.step < 1 or self.steps_max < 0 or not 0 < self.min_placement <= 1:
            came = (self.step, self.steps_max, self.min_placement)
            raise RoundError(came=came, allowed="step in [0, 1), steps_max >= 0, min_placement in (0, 1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBid:
    """An investor (account) offers this much, at this price per share at most. Raises: RoundError."""

    investor: int
    cents: int
    price_cents_max: int

    def __post_init__(self) -> None:
        _check_cents("cents", self.cents)
        _check_cents("price_cents_max", self.price_cents_max)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """Status, price per share, and (investor, cents) of everybody who takes part; of a failed one the status only."""

    status: RoundStatus
    price_cents: int
    allotments: tuple[tuple[int, int], ...]

    @property
    def placed_cents(self) -> int:
        """Money raised."""
        return sum(cents for _, cents in self.allotments)


def price_steps(ask: RoundAsk) -> list[int]:
    """The prices a lab would take, falling: P, P (1 - step), P (1 - step)^2, ... in whole cents, at least one."""
    prices = (math.floor(ask.price_cents_per_share * (1 - ask.step) ** k) for k in range(ask.steps_max + 1))
    return list(dict.fromkeys(max(1, price) for price in prices))


def run_round(ask: RoundAsk, bids: Sequence[RoundBid], *, last_price_cents: int | None = None) -> RoundResult:
    """Hold a round. It closes at the highest price with a full book, oversubscription cut in proportion to the bids.

    If no step fills the book, it closes at the price with the largest book (of equals the highest), unless even that is
    less than `min_placement` of the ask: then it fails. The status compares with `last_price_cents`, or with the ask.
    """
    best_price, best_book = 0, 0
    for price in price_steps(ask):
        book = sum(bid.cents for bid in bids if bid.price_cents_max >= price)
        if book > best_book:
            best_price, best_book = price, book
        if book >= ask.wanted_cents:
            break
    if best_book < max(1, ask.min_placement * ask.wanted_cents):
        return RoundResult(RoundStatus.FAILED, 0, ())
    last = ask.price_cents_per_share if last_price_cents is None else last_price_cents
    status = RoundStatus.UP if best_price > last else RoundStatus.DOWN if best_price < last else RoundStatus.FLAT
    taking: dict[int, int] = {}
    for bid in bids:
        if bid.price_cents_max >= best_price:
            taking[bid.investor] = taking.get(bid.investor, 0) + bid.cents
    parts = split(min(ask.wanted_cents, best_book), list(taking.values()))
    allotments = tuple((investor, cents) for investor, cents in zip(taking, parts, strict=True) if cents)
    return RoundResult(status, best_price, allotments)
