"""Which regimes five years bring, against the world without the circle, and what a year of dear shares sets going."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...narrative.chronicle import Happening
from ...report.measures_turn import BREAKS, TURNED, RegimeName
from .checks import Check, ClaimKind
from .circle_horizon import BOOM_DAYS, Quarter
from .circle_mechanisms import paired
from .circle_worlds import DEALS, NO_CLAIMS, NO_MOODS

Run = Mapping[str, Any]
SOURCE = "fixed before it was measured"
RESETS = (
    Happening.RESET, Happening.RENEGOTIATED, Happening.CANCELLED, Happening.MILESTONE_CUT,
    Happening.MILESTONE_CANCELLED, Happening.REPLACED,
)  # fmt: skip
"""Events by which a commitment is reset, or a letter cut or replaced."""


class World(NamedTuple):
    """One world of five years: changes, what is left out, how many times as dear shares are in its second year, and
    the scenario it is made of."""

    changes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    boom: float = 1.0
    scenario_name: str = "ai-2025"


SLOW = "lab.*.revenue_growth_per_year=1.0"
WORLDS: dict[str, World] = {
    "circle": World(),
    "slower": World(("lab.*.revenue_growth_per_year=1.5",)),
    "slow": World((SLOW,)),
    "twin": World(without=DEALS),
    "calm": World(NO_MOODS),
    "boom": World(boom=1.5),
    "slow boom": World((SLOW,), boom=1.5),
}
"""The default, customers that grow by 150 and by 100 % in the first year, no deals, no moods; shares half as dear again
for a year."""
FAST = ("cloud.*.build_gw_per_year_max*=1.3", "chip_maker.*.supply_gw_per_year_max*=3")
SLOW_BUILDING = ("cloud.*.build_gw_per_year_max*=0.7", "chip_maker.*.supply_gw_per_year_max*=3")
SHORT: dict[str, World] = {
    "calm twin": World(NO_MOODS, DEALS),
    "no claims": World(NO_CLAIMS),
    "no claims twin": World(NO_CLAIMS, DEALS),
    "fast": World(FAST),
    "slow building": World(SLOW_BUILDING),
    "more chips": World(("supply.*.chips_usd_per_gw*=1.3",)),
    "fewer chips": World(("supply.*.chips_usd_per_gw*=0.7",)),
}
"""Worlds of days to three years: twins of others, faster and slower builders, more and fewer chips for a GW."""


def has_reset(run: Run) -> bool:
    """Whether a commitment was reset, or the letter cut or ended."""
    return any(kind in run["times"] for kind in RESETS)


def share_of_regimes(runs: Sequence[Run]) -> dict[str, int]:
    """How many runs went which way, the best first."""
    found = Counter(run["regime"] for run in runs)
    return {name.value: found[name.value] for name in RegimeName}


def effect_on_value(run: Run, twin: Run) -> float:
    """Log of what clouds, chip makers and the lab are worth, over that of the twin, mean over five years."""
    return float(
        np.mean([math.log(_worth(a) / _worth(b)) for a, b in zip(run["quarters"], twin["quarters"], strict=True)])
    )


def _worth(quarter: Sequence[float]) -> float:
    at = Quarter(*quarter)
    return at.nvidia_usd + at.oracle_usd + at.lab_usd


def growth_of_value(run: Run) -> float:
    """Log growth of the circle's market value from the first quarter to the last."""
    return math.log(_worth(run["quarters"][-1]) / _worth(run["quarters"][0]))


def share_by_moods(runs: Sequence[Run], calm: Sequence[Run]) -> float:
    """Part of the variance of that growth over seeds that is gone where there are no moods."""
    return 1 - float(np.var([growth_of_value(run) for run in calm]) / np.var([growth_of_value(run) for run in runs]))


def regime_checks(runs: Mapping[str, Sequence[Run]]) -> list[Check]:
    """What a turn costs, that promises are reset more often when customers grow slowly, and what moods alone make."""
    own, twin = runs["circle"], runs["twin"]
    turned = [pair for pair in zip(own, twin, strict=False) if pair[0]["regime"] in TURNED]
    whole = [pair for pair in zip(own, twin, strict=False) if pair[0]["regime"] == RegimeName.EXPANSION]
    worse = [float(np.median([effect_on_value(*pair) for pair in pairs])) for pairs in (turned, whole) if pairs]
    counts = share_of_regimes(own)
    return [
        Check("circle.turned_is_worth_less", "Where it turned, the circle adds less to values than where it expanded",
              worse[0] - worse[1] if len(worse) == 2 else math.nan, -math.inf, 0, "log points", SOURCE, None,
              f"medians against the twin over {len(turned)} and {len(whole)} of {len(own)} worlds: "
              + ", ".join(f"{k} {v}" for k, v in counts.items() if v), kind=ClaimKind.PREDICTION),
        *(
            _more(f"resets_{name}", f"More often when customers grow by {100 * growth:.0f} % in the first year",
                  runs[name], own[: len(runs[name])])
            for name, growth in (("slower", 1.5), ("slow", 1.0))
        ),
        Check("circle.moods", "Share of the variance of the circle's growth that moods alone make",
              share_by_moods(own[: len(runs["calm"])], runs["calm"]), -math.inf, 1, "share", "reported, no band", None,
              f"{len(runs['calm'])} seeds; regimes without moods: "
              + ", ".join(f"{k} {v}" for k, v in share_of_regimes(runs["calm"]).items() if v),
              kind=ClaimKind.REPORTED),
        moods_of_twin(twin, runs["calm twin"]),
    ]  # fmt: skip


def moods_of_twin(twin: Sequence[Run], calm: Sequence[Run]) -> Check:
    """In how many worlds without deals moods change the regime, a default or a broken promise."""
    pairs = [pair for pair in zip(twin, calm, strict=False) if pair[0]["days"] == pair[1]["days"]]
    moved = [{k for k in {*a["times"], *b["times"]} if a["times"].get(k) != b["times"].get(k)} for a, b in pairs]
    changed = sum(a["regime"] != b["regime"] or bool(found & {*BREAKS})
                  for (a, b), found in zip(pairs, moved, strict=True))  # fmt: skip
    others = ", ".join(f"{kind} in {sum(kind in found for found in moved)}" for kind in sorted(set().union(*moved)))
    return Check("circle.moods_of_twin", "Worlds without deals in which moods change a regime, default or promise",
                 float(changed) if pairs else math.nan, 0, 0, "worlds", SOURCE, None,
                 f"{len(pairs)} pairs; what they change: {others or 'nothing'}", kind=ClaimKind.IDENTITY)  # fmt: skip


def _more(key: str, claim: str, slow: Sequence[Run], usual: Sequence[Run]) -> Check:
    """How many more of the worlds are reset, pair by pair of one seed, with the interval of the mean difference."""
    gaps = np.array([[float(has_reset(a)) - has_reset(b)] for a, b in zip(slow, usual, strict=True)])
    found = paired(gaps)[0]
    note = f"{sum(map(has_reset, slow))} of {len(slow)} worlds, by default {sum(map(has_reset, usual))}; paired"
    return Check(f"circle.{key}", claim, found.mean, 1 / len(gaps), 1.0, "share more", SOURCE, found[1:], note,
                 kind=ClaimKind.FITTED)  # fmt: skip


LINKS = {
    "raised_usd": ("money raised", 1e9, "bn USD"),
    "delivered_mw": ("capacity in service", 1.0, "MW"),
    "revenue_usd": ("revenue of the lab", 1e9, "bn USD a year"),
}
"""Links of the chain from share prices to revenue; each is looked at a year after the boom has ended."""
LINKS_QUARTER = (BOOM_DAYS[0] + 2 * 252) // 63 - 1


def boom_effects(boom: Sequence[Run], plain: Sequence[Run], quarter: int) -> np.ndarray:
    """What dear shares changed by the end of a quarter: float[seeds, links and log values of NVIDIA and Oracle]."""
    rows = []
    for a, b in zip(boom, plain, strict=True):
        one, other = Quarter(*a["quarters"][quarter]), Quarter(*b["quarters"][quarter])
        links = [(getattr(one, of) - getattr(other, of)) / size for of, (_, size, _) in LINKS.items()]
        rows.append(
            [*links, *(100 * math.log(getattr(one, of) / getattr(other, of)) for of in ("nvidia_usd", "oracle_usd"))]
        )
    return np.array(rows)


def boom_checks(runs: Mapping[str, Sequence[Run]]) -> list[Check]:
    """Shares half as dear again for a year: funding, building and revenue rise, and prices come back. All of it was in
    view when builders were given a pace that follows their value."""
    boom = runs["boom"]
    plain, n = runs["circle"][: len(boom)], f"{len(boom)} pairs"
    then, last = paired(boom_effects(boom, plain, LINKS_QUARTER)), paired(boom_effects(boom, plain, -1))
    found = [
        Check(
            f"circle.boom.{of.removesuffix('_usd')}",
            f"Shares half as dear again for a year: a year later more {words} than without", effect.low, 1e-6,
            math.inf, f"{unit}, lower end", SOURCE, effect[1:], f"mean {effect.mean:+.3g}; {n}",
            kind=ClaimKind.FITTED,
        )
        for (of, (words, _, unit)), effect in zip(LINKS.items(), then, strict=False)
    ]  # fmt: skip
    return [
        *found,
        *(
            Check(f"circle.boom.back_{name.lower()}", f"{name} is back within the run: its value against that without",
                  effect.mean, -5, 5, "percent", SOURCE, effect[1:], f"{n}, at the end of five years",
                  kind=ClaimKind.FITTED)
            for name, effect in zip(("NVIDIA", "Oracle"), last[-2:], strict=True)
        ),
    ]  # fmt: skip
