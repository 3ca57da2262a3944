"""What a contract says, in typed terms; times are whole numbers of its axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .axes import RUN_DAYS, Axis
from .cycles import Cycle
from .words import Base, ContractType, EventType, Exposure, FeeBasis, Penalty, Performance, Prepayment, Role


@dataclass(frozen=True, slots=True)
class Cyclic:
    """When something happens again and again: from an anchor (None: a cycle after the initial exchange), in a cycle
    (None: once)."""

    anchor: int | None = None
    cycle: Cycle | None = None

    @property
    def is_given(self) -> bool:
        """Whether it happens at all."""
        return self.anchor is not None or self.cycle is not None


NEVER = Cyclic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """How a rate follows the market: observed x multiplier + spread, within bounds for the rate and for its change."""

    market: str = ""
    multiplier: float = 1.0
    spread: float = 0.0
    cap: float = float("inf")
    floor: float = float("-inf")
    rise_most: float = float("inf")
    fall_most: float = float("-inf")
    """At or below 0."""
    next_rate: float | None = None
    """What the next reset fixes, if that is known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How an index scales what is paid."""

    market: str = ""
    scales_interest: bool = False
    scales_notional: bool = False
    index_at_deal: float = 1.0
    interest_multiplier: float = 1.0
    notional_multiplier: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What is paid for the contract itself."""

    rate: float = 0.0
    basis: FeeBasis = FeeBasis.ABSOLUTE
    accrued: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """What may be paid back early, and what that costs."""

    effect: Prepayment = Prepayment.NONE
    market: str = ""
    """What says how much of the principal is prepaid on a date of option."""
    penalty: Penalty = Penalty.NONE
    penalty_rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a guarantee answers for: contracts by name, or in full."""

    names: tuple[str, ...] = ()
    contracts: tuple[Terms, ...] = ()
    markets: tuple[tuple[str, str], ...] = ()
    """Contracts, and what says their market value."""
    share: float = 1.0
    exposure: Exposure = Exposure.NOTIONAL
    event: Performance = Performance.DEFAULT
    """What a covered contract must come to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract by the standard's terms; None where they are silent."""

    kind: ContractType
    name: str = ""
    role: Role = Role.RPA
    axis: Axis = RUN_DAYS
    status_time: int = 0
    """What happened by then is in the terms."""
    initial_exchange: int | None = None
    maturity: int | None = None
    amortization_end: int | None = None
    """Until when an annuity is laid out, where it has no maturity."""
    purchase: int | None = None
    purchase_price: float = 0.0
    termination: int | None = None
    termination_price: float = 0.0
    capitalization_end: int | None = None
    """Until then interest is added to what is owed."""
    notional: float | None = None
    rate_per_year: float | None = None
    accrued: float | None = None
    discount: float = 0.0
    """Premium (above 0) or discount at the initial exchange."""
    payment: float | None = None
    """Next redemption: principal alone where that is linear, interest included in an annuity."""
    base: Base = Base.NOTIONAL
    base_amount: float | None = None
    interest: Cyclic = NEVER
    redemption: Cyclic = NEVER
    base_fixing: Cyclic = NEVER
    rate_reset: Cyclic = NEVER
    scaling_index: Cyclic = NEVER
    fee_payment: Cyclic = NEVER
    option: Cyclic = NEVER
    dividend: Cyclic = NEVER
    reset: Reset = Reset()
    scaling: Scaling = Scaling()
    fee: Fee = Fee()
    early: Early = Early()
    cover: Cover = Cover()
    next_dividend: float | None = None
    dividend_market: str = ""
    notice: Cycle | None = None
    """From a call to its settlement."""
    settlement_period: Cycle | None = None
    """From the exercise of a guarantee to its settlement."""

    @property
    def sign(self) -> int:
        """+1 if the books are those of who has the claim, -1 of who owes."""
        return self.role.sign

    def anchor_of(self, what: Cyclic) -> int | None:
        """When something happens first; None if it never does."""
        if what.anchor is not None or what.cycle is None:
            return what.anchor
        start = self.purchase if self.initial_exchange is None else self.initial_exchange
        return None if start is None else self.axis.later(start, what.cycle, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that no schedule knows: a call, a prepayment, a draw, a credit event of a contract."""

    time: int
    kind: EventType
    value: float = 0.0
    contract: str = ""
    performance: Performance | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """What is observed: series of (time, value) by name, each in the order of time, and events."""

    series: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    events: tuple[Seen, ...] = ()

    def at(self, name: str, time: int) -> float:
        """The last value seen by a time; before the first the first.

        Raises: KeyError if nothing of that name has ever been seen.
        """
        points = self.series[name]
        seen = [value for when, value in points if when <= time]
        return seen[-1] if seen else points[0][1]


NOTHING_SEEN = Market()
