"""How far a promise is believed: public log-odds of being honoured, moved by evidence, read through a disposition."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Protocol

from .announcements import Instrument
from .logistic import logistic


class Evidence(StrEnum):
    """What happened to a promise or to its payer."""

    PAID_ON_TIME = "paid_on_time"
    DELIVERED = "delivered"
    LATE = "late"
    MISSED = "missed"
    RENEGOTIATED = "renegotiated"
    SURPRISE = "surprise"
    COVERAGE = "coverage"


class CredibilityParameters(Protocol):
    """The behavioural parameters read here (scenarios/behaviour.py has them all)."""

    @property
    def contract_log_odds(self) -> float: ...
    @property
    def order_log_odds(self) -> float: ...
    @property
    def letter_of_intent_log_odds(self) -> float: ...
    @property
    def guidance_log_odds(self) -> float: ...
    @property
    def size_doubt(self) -> float: ...
    @property
    def evidence_paid_on_time(self) -> float: ...
    @property
    def evidence_delivered(self) -> float: ...
    @property
    def evidence_late(self) -> float: ...
    @property
    def evidence_missed(self) -> float: ...
    @property
    def evidence_renegotiated(self) -> float: ...
    @property
    def evidence_surprise(self) -> float: ...
    @property
    def evidence_coverage(self) -> float: ...
    @property
    def solvency_log_min(self) -> float: ...
    @property
    def solvency_log_max(self) -> float: ...
    @property
    def log_odds_max(self) -> float: ...


def credibility(log_odds: float, disposition: float) -> float:
    """Probability an investor gives to a promise: c = 1 / (1 + exp(-(l + b)))."""
    return float(logistic(log_odds + disposition))


def start_log_odds(instrument: Instrument, behaviour: CredibilityParameters, size: float = 0.0) -> float:
    """Public log-odds on the day of the announcement: by kind of instrument, less log(1 + size).

    `size` is the announced sum over the market value of the firm that has to make it true: what a firm is worth today
    is the evidence that it can deliver, and a promise several times as large has that evidence behind a part of it
    only. With c = logistic(l) the believed sum c x size rises with size and levels off: no announcement is believed
    without limit. A subscription for equity binds like a contract and starts like one.

    Raises: ValueError if `size` is negative or no number.
    Source: Flyvbjerg (2014), Project Management Journal 45(2): the larger the project, the more of it comes late, dear
    and short of its promise; the form (odds divided by 1 + size) is assumed.
    """
    if not size >= 0:
        raise ValueError(f"size is {size}, allowed: 0 or more")
    start = {
        Instrument.CONTRACT: behaviour.contract_log_odds,
        Instrument.EQUITY: behaviour.contract_log_odds,
        Instrument.ORDER: behaviour.order_log_odds,
        Instrument.LETTER_OF_INTENT: behaviour.letter_of_intent_log_odds,
        Instrument.GUIDANCE: behaviour.guidance_log_odds,
    }[Instrument(instrument)]
    return moved(start, -behaviour.size_doubt * math.log1p(size), behaviour.log_odds_max)


def shift(evidence: Evidence, behaviour: CredibilityParameters, size: float = 1.0) -> float:
    """Increment of log-odds from one piece of evidence.

    `size` is the number of events (or a part of one); for SURPRISE the payer's signed earnings surprise as a share
    (0.1 is 10 %); for COVERAGE a builder's earnings over its debt service, judged by its `solvency`.

    Raises: ValueError if `size` is not finite, or negative where it counts events or months.
    """
    if math.isnan(size) or (math.isinf(size) and evidence is not Evidence.COVERAGE):
        raise ValueError(f"size of {evidence.value} evidence is {size}, allowed: a finite number")
    if size < 0 and evidence is not Evidence.SURPRISE:
        raise ValueError(f"size of {evidence.value} evidence is {size}, allowed: 0 or more")
    if evidence is Evidence.COVERAGE:
        return behaviour.evidence_coverage * solvency(size, behaviour)
    weight = {
        Evidence.PAID_ON_TIME: behaviour.evidence_paid_on_time,
        Evidence.DELIVERED: behaviour.evidence_delivered,
        Evidence.LATE: behaviour.evidence_late,
        Evidence.MISSED: behaviour.evidence_missed,
        Evidence.RENEGOTIATED: behaviour.evidence_renegotiated,
        Evidence.SURPRISE: behaviour.evidence_surprise,
    }[evidence]
    return weight * size


def solvency(ratio: float, behaviour: CredibilityParameters) -> float:
    """How good a payer's coverage is: its log within bounds; a ratio of zero or less is as bad as it gets."""
    low, high = behaviour.solvency_log_min, behaviour.solvency_log_max
    return min(max(math.log(ratio), low), high) if ratio > 0 else low


def moved(log_odds: float, increment: float, bound: float) -> float:
    """Log-odds after an increment, kept within +-`bound`, so that evidence can always move them back."""
    return min(max(log_odds + increment, -bound), bound)
