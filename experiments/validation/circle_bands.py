"""What one world of the circle can lie in: every such band, and what a world came to."""

from __future__ import annotations

import math
from functools import partial

from ...history.kinds import SAVERS, Channel
from ...report.measures_turn import RegimeName
from .bands import FIXED, Band, Judged, Lives
from .checks import ABOVE_NOTHING, BELOW_ALL, ClaimKind
from .circle_horizon import HORIZON_DAYS, YEARS_QUARTER, Close, Quarter
from .circle_regimes import LINKS, LINKS_QUARTER, boom_effects, has_reset
from .circle_worlds import (
    CALL_DAY,
    CHRISTMAS_DAY,
    CONTRACT_DAY,
    DRIFT_DAY,
    FADED_DAY,
    LETTER_DAY,
    MARK_DAY,
    YEAR_END_DAY,
    YEARS_DAYS,
)

LENDERS = (Channel.BOND_FUNDS, Channel.BANKS, Channel.PRIVATE_CREDIT)
INF = math.inf
YES = "yes or no"
"""Unit of what a world does or does not: 1 or 0; of a pair that must tell, 1 or -1."""
SOME = ABOVE_NOTHING, BELOW_ALL


def _close(lives: Lives, name: str, day: int) -> Close:
    return Close(*lives[name]["closes"][day])


def _effect(lives: Lives, day: int, which: str = "") -> float:
    """Oracle's log price beyond that of the twin."""
    return _close(lives, which or "circle", day).oracle_log - _close(lives, f"{which} twin".strip(), day).oracle_log


def calm_effect(lives: Lives) -> float:
    """The circle's effect on Oracle's log price after 100 days, with moods off in both worlds."""
    needed = ("calm", "calm twin")
    there = all(name in lives and lives[name]["days"] >= FADED_DAY for name in needed)
    return _effect(lives, FADED_DAY, "calm") if there else math.nan


def _move(lives: Lives, first: int, last: int, which: str = "") -> float:
    """Oracle's abnormal return from one close to another, in percent."""
    return 100 * math.expm1(_effect(lives, last, which) - _effect(lives, first, which))


def _left(lives: Lives) -> float:
    """The effect after 100 days over that of the first, where there was one."""
    first = _effect(lives, CONTRACT_DAY)
    return _effect(lives, FADED_DAY) / first if first else math.nan


def _call(lives: Lives) -> float:
    """What the lab raised on the day of the call, less whatever else to the end of the year, bn USD."""
    before, then, end = (_close(lives, "circle", d).raised_usd for d in (CALL_DAY - 1, CALL_DAY, YEAR_END_DAY))
    return (2 * (then - before) - end) / 1e9


def _years(lives: Lives, name: str) -> Quarter:
    return Quarter(*lives[name]["quarters"][YEARS_QUARTER])


def _served(lives: Lives) -> float:
    """Revenue over what capacity serves, where demand is above it."""
    third = lives["circle"]["third_year"]
    is_bound = third["demand_usd"] > third["served_usd"]
    return _years(lives, "circle").revenue_usd / third["served_usd"] if is_bound else math.nan


def _gain(lives: Lives, one: str, other: str, of: str) -> float:
    """How much more one world's firm is worth after three years, in percent."""
    return 100 * (getattr(_years(lives, one), of) / getattr(_years(lives, other), of) - 1)


def _built(lives: Lives, of: str) -> float:
    """The same for the fast builder and the slow, where the fast one has delivered."""
    return _gain(lives, "fast", "slow building", of) if _years(lives, "fast").delivered_mw else math.nan


def _saved(lives: Lives) -> float:
    third = lives["circle"]["third_year"]
    return sum(third[channel.value] for channel in SAVERS) if third["is_expansion"] else math.nan


def _lent(lives: Lives) -> float:
    own, twin = (lives[name]["third_year"] for name in ("circle", "twin"))
    return sum(own[channel.value] - twin[channel.value] for channel in LENDERS)


def _more_resets(lives: Lives, slow: str) -> float:
    """1 if customers' slow growth alone brings the reset, -1 if their fast one does, nan if both worlds agree."""
    gap = float(has_reset(lives[slow])) - has_reset(lives["circle"])
    return gap or math.nan


def _is(lives: Lives, regime: RegimeName) -> float:
    return float(lives["circle"]["regime"] == regime)


def _boom(lives: Lives, quarter: int, place: int) -> float:
    return float(boom_effects([lives["boom"]], [lives["circle"]], quarter)[0][place])


F, UNIT = ClaimKind.FITTED, ClaimKind.IDENTITY
"""None of these bands is a prediction: forms or sizes were chosen by whoever knew what they came to."""
AUTUMN_BANDS = (
    Band("fades", "Circle's effect on Oracle, 100th day over first", "The circle's effect on Oracle's log price after "
         "100 days, over that of the first", _left, -INF, 0.5,
         "of the first day's", F),
    Band("letter", "Oracle on 22 September 2025", "NVIDIA's letter moves Oracle on 22 September 2025 (record: 5.7)",
         lambda w: _move(w, LETTER_DAY - 1, LETTER_DAY), 2, 9, "percent", F),
    Band("letter_alone", "Oracle on 22 September, no claims, no spreads in belief", "With neither claims nor spreads "
         "in belief it does not",
         lambda w: _move(w, LETTER_DAY - 1, LETTER_DAY, "no claims"), -1, 1, "percent", UNIT,
         needs=("no claims", "no claims twin"), days=LETTER_DAY),
    Band("drift", "Oracle in the 60 days after its jump", "Oracle over the 60 days after its jump (mean of 14 jumps "
         "above 8 % in the record: -12.8)", lambda w: _move(w, CONTRACT_DAY, DRIFT_DAY), -20, -6, "percent", F),
    Band("spread", "Oracle's spread, 29 December 2025", "Oracle's spread on 29 December 2025: the fan holds 151 bp",
         lambda w: 1e4 * _close(w, "circle", CHRISTMAS_DAY).spread, -INF, 151, "bp", F, Judged.FAN,
         needs=("circle",)),
    Band("spread_up", "Rise of Oracle's spread, 10 September to 29 December 2025", "It is above that of September",
         lambda w: 1e4 * (_close(w, "circle", CHRISTMAS_DAY).spread - _close(w, "circle", CONTRACT_DAY).spread),
         ABOVE_NOTHING, INF, "bp", F, Judged.SHARE, (0.7, 1.0), ("circle",)),
    Band("revenue", "OpenAI's revenue a year, end of 2025", "OpenAI's annualised revenue at the end of 2025: the fan "
         "holds 20 bn", lambda w: _close(w, "circle", CHRISTMAS_DAY).revenue_usd / 1e9, -INF, 20, "bn USD", F,
         Judged.FAN, needs=("circle",)),
    Band("mark", "OpenAI's value, 14 October 2025", "OpenAI's value in October 2025: the fan holds 500 bn as a mark",
         lambda w: _close(w, "circle", MARK_DAY).lab_usd / 1e9, -INF, 500, "bn USD", F, Judged.FAN,
         needs=("circle",)),
    Band("raised", "OpenAI's call of 26 December 2025, and nothing else", "OpenAI raises its staged 22.5 bn on 26 "
         "December 2025, and nothing else to the end of the year", _call, 22.5, 22.5, "bn USD", F, Judged.SHARE,
         (0.9, 1.0), ("circle",)),
)  # fmt: skip
YEARS_BANDS = (
    Band("compute_earns", "Lab's revenue beyond the twin's, year 3", "By year 3 the lab earns more with the circle's "
         "compute than without",
         lambda w: (_years(w, "circle").revenue_usd - _years(w, "twin").revenue_usd) / 1e9, ABOVE_NOTHING, INF,
         "bn USD a year", F, days=YEARS_DAYS),
    Band("capacity_bound", "Lab's revenue over capacity x yield, where bound", "Where demand is above what capacity "
         "serves it earns capacity x yield", _served, 0.9, 1.1, "of it", UNIT, needs=("circle",),
         days=YEARS_DAYS),
    Band("sells_faster", "NVIDIA where customers build faster, +30 % against -30 %", "The chip maker is worth more "
         "when its customers build faster: +30 against -30 %", lambda w: _built(w, "nvidia_usd"), ABOVE_NOTHING, INF,
         "percent", F, Judged.SHARE, (0.9, 1.0), ("fast", "slow building"), YEARS_DAYS),
    Band("sells_more", "NVIDIA where a GW takes more chips, +30 % against -30 %", "and when a GW takes more chips: +30 "
         "against -30 %", lambda w: _gain(w, "more chips", "fewer chips", "nvidia_usd"), ABOVE_NOTHING, INF,
         "percent", F, Judged.SHARE, (0.9, 1.0), ("more chips", "fewer chips"), YEARS_DAYS),
    Band("builds_more", "Oracle where it builds faster, +30 % against -30 %", "Oracle is not worth less for building "
         "faster", lambda w: _built(w, "oracle_usd"), -1, INF, "percent", F, needs=("fast", "slow building"),
         days=YEARS_DAYS),
    Band("savers_pay", "Savers' net cash in, in expansions", "In expansions households and savers put in more cash "
         "than they take out", _saved, ABOVE_NOTHING, INF, "bn USD", F, needs=("circle",), days=YEARS_DAYS),
    Band("lenders_pay", "Lenders' net cash in, beyond the twin's", "With the circle those behind lenders put in more "
         "than without", _lent, ABOVE_NOTHING, INF, "bn USD", F, days=YEARS_DAYS),
)  # fmt: skip
FIVE_YEARS_BANDS = (
    Band("regime_of_twin", "A world without deals has no regime", "A world without the circle's deals has no regime",
         lambda w: float(w["twin"]["regime"] == RegimeName.NONE), 1, 1, YES, UNIT, Judged.SHARE, (1.0, 1.0),
         ("twin",), HORIZON_DAYS, FIXED),
    Band("resets", "A promise is reset or the letter cut within five years", "Commitments are reset or the letter is "
         "cut in some worlds within five years, not in all", lambda w: float(has_reset(w["circle"])), 1, 1, YES, F,
         Judged.SHARE, SOME, ("circle",), HORIZON_DAYS, FIXED),
    *(
        Band(f"resets_{world}_pairs", f"Where only one is reset: it is that growing by {growth} %", "", of, 1, 1,
             YES, F, Judged.NOT, None, ("circle", world), HORIZON_DAYS, FIXED)
        for world, growth, of in (("slower", 150, partial(_more_resets, slow="slower")),
                                  ("slow", 100, partial(_more_resets, slow="slow")))
    ),
    *(
        Band(f"regime_{regime.value}", f"The circle's regime is {regime.value}", "",
             partial(_is, regime=regime), 1, 1, YES, ClaimKind.REPORTED,
             Judged.NOT, None, ("circle",), HORIZON_DAYS, FIXED)
        for regime in RegimeName if regime is not RegimeName.NONE
    ),
    Band("same_without_moods", "Its regime is the same without moods", "",
         lambda w: float(w["circle"]["regime"] == w["calm"]["regime"]), 1, 1, YES, ClaimKind.REPORTED, Judged.NOT,
         None, ("circle", "calm"), HORIZON_DAYS, FIXED),
    *(
        Band(f"boom.{of.removesuffix('_usd')}", f"A year of dear shares: more {words}", "",
             partial(_boom, quarter=LINKS_QUARTER, place=place), ABOVE_NOTHING, INF, unit, F, Judged.NOT, None,
             ("circle", "boom"), HORIZON_DAYS, FIXED)
        for place, (of, (words, _, unit)) in enumerate(LINKS.items())
    ),
    *(
        Band(f"boom.back_{firm.lower()}", f"{firm} is back after a year of dear shares", "",
             partial(_boom, quarter=-1, place=place), -5, 5, "percent", F, Judged.NOT, None, ("circle", "boom"),
             HORIZON_DAYS, FIXED)
        for place, firm in ((len(LINKS), "NVIDIA"), (len(LINKS) + 1, "Oracle"))
    ),
)  # fmt: skip
BANDS = (*AUTUMN_BANDS, *YEARS_BANDS, *FIVE_YEARS_BANDS)
"""Fixed before they were measured; those without a claim of their own belong to one that other numbers judge."""


def values_of(lives: Lives) -> dict[str, float]:
    """What the worlds of one seed came to, band by band."""
    return {band.key: band.value(lives) for band in BANDS}
