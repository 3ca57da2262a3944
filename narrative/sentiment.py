"""The sentiment of every listed share and of the market: the owner of its crowds, their memory and the funds' private
views.

Rules: switching.py and volatility_feedback.py; loops: sentiment_kernels.py.
"""

from __future__ import annotations

import numpy as np

from ..scenarios.behaviour import Behaviour
from . import sentiment_kernels as kernels
from .baseline import baseline_volatility
from .sentiment_kernels import Crowds, Floats, Ints, Rows
from .switching import FwParameters, fw_parameters, neutral_share, volatility_scales
from .volatility_feedback import Feedback, feedback_parameters

PAST_DAYS = 1000
"""Days lived before the opening, so that a run starts on a day like any other and not at a sentiment of exactly zero,
where herding makes everybody a chartist."""


def fresh_crowds(rows: int, fw: FwParameters, noise_today: Floats, memory_days: int) -> Crowds:
    """Crowds at a sentiment of zero and the neutral share, who remember usual days only."""
    return Crowds(
        level=np.zeros(rows),
        fundamentalist_share=np.full(rows, neutral_share(tuple(fw))),
        seen=np.ones((rows, memory_days)),
        last=np.zeros(rows),
        before=np.zeros(rows),
        first_noise=np.zeros(rows),
        second_noise=np.zeros(rows),
        feedback=np.ones(rows),
        noise_today=noise_today.copy(),
    )


def live(seed: int, days: int, rows: Rows, fw: FwParameters, feedback: Feedback) -> tuple[Crowds, Floats]:
    """Crowds that live for themselves over days -`days` to -1, nobody trading, as they are at the end, and every day's
    change of sentiment float[days, R].

    Raises: ValueError if there is not at least one day.
    """
    if days < 1:
        raise ValueError(f"days is {days}, allowed: 1 or more")
    crowds = fresh_crowds(len(rows.slots), fw, rows.usual, feedback.horizons_days[-1])
    path = np.empty((days, len(rows.slots)))
    kernels.live_alone(seed, tuple(rows), tuple(crowds), tuple(fw), tuple(feedback), path)
    return crowds, path


class Sentiment:
    """Sentiment of F listed shares and, in the last of R = F + 1 rows, of the market; private views of I funds.

    Nobody else writes its arrays, which stay the same objects for a run.
    """

    def __init__(
        self, *, seed: int, slots: Ints, daily_volatility: Floats, private_slots: Ints, rules: Behaviour
    ) -> None:
        """At the opening, after a past of its own.

        `slots` int64[R] and `private_slots` int64[I, F] key the draws, `daily_volatility` float[F] is each share's.
        """
        self.seed = seed
        shares = len(slots) - 1
        scale = np.zeros(1)
        if shares:
            scale = volatility_scales(daily_volatility, rules.market_daily_volatility, baseline_volatility())
        self.rows = Rows(slots=slots, usual=scale * baseline_volatility(), scale=scale)
        fw, feedback = fw_parameters(rules), feedback_parameters(rules)
        past, _ = live(seed, PAST_DAYS, self.rows, fw, feedback)
        # sentiment is what the past has made it; feedback begins as on a usual day
        fresh = fresh_crowds(shares + 1, fw, self.rows.usual, feedback.horizons_days[-1])
        self.crowds = fresh._replace(level=past.level, fundamentalist_share=past.fundamentalist_share)
        self.at_start = self.crowds.level.copy()
        self.in_values = np.zeros(shares + 1)
        """Sentiment above the opening's, today's overshoot included: what enters the funds' values, float[R]."""
        self.private = np.zeros(private_slots.shape)
        """Private views of the funds, log points, float[I, F]."""
        self._private_slots = private_slots
        self._pack(fw, feedback, rules)

    def take(self, daily_volatility: Floats, rules: Behaviour) -> None:
        """Shares are otherwise volatile, crowds otherwise minded; what they remember stays."""
        if len(daily_volatility):
            scale = volatility_scales(daily_volatility, rules.market_daily_volatility, baseline_volatility())
            self.rows = self.rows._replace(usual=scale * baseline_volatility(), scale=scale)
        self._pack(fw_parameters(rules), feedback_parameters(rules), rules)

    def _pack(self, fw: FwParameters, feedback: Feedback, rules: Behaviour) -> None:
        """Everything as the kernel takes it."""
        self._packed = (
            tuple(self.rows),
            tuple(self.crowds),
            (self.at_start, self.in_values),
            (self._private_slots, self.private),
            (
                tuple(fw),
                tuple(feedback),
                rules.sentiment_overshoot,
                (rules.private_noise_persistence, rules.private_noise_per_day),
            ),
        )

    @property
    def level(self) -> Floats:
        """Sentiment itself, log points, float[R]."""
        return self.crowds.level

    @property
    def fundamentalist_share(self) -> Floats:
        """Share of each row's crowd that follows value and not the trend, float[R]."""
        return self.crowds.fundamentalist_share

    @property
    def feedback(self) -> Floats:
        """Volatility feedback, 1 on a usual day, float[R]."""
        return self.crowds.feedback

    @property
    def noise_today(self) -> Floats:
        """Standard deviation of today's noise, log points, float[R]."""
        return self.crowds.noise_today

    @property
    def draws(self) -> tuple[Floats, Floats]:
        """Today's draws of both crowds, times the feedback, float[R] each."""
        return self.crowds.first_noise, self.crowds.second_noise

    def of(self, share: int) -> float:
        """Sentiment of a listed share in the funds' values: its own part and the market's, both above the opening's."""
        return float(self.in_values[share] + self.in_values[-1])

    def turn(self, price_cents: Ints, shares: Floats, log_return: Floats, *, day: int) -> None:
        """A day passes: switching between fundamental and trend rules, volatility feedback, and private views, all at
        what the last close has done; `shares` float[F] weigh the market."""
        kernels.turn_after_close((price_cents, shares, log_return), (self.seed, day), *self._packed)
