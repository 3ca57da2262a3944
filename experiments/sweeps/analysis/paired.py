"""What one change does: every run against the one with the same luck in which only the change is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ....report.wording import how_many
from .figure_bars import Bar, draw_bars
from .finding import Finding, LeftOut, Number, Picture, Result
from .groups import Group, groups, is_sampled, name_of_groups
from .intervals import Interval, mean_over, mean_over_both, wilson
from .measured import Measured
from .tables import SweepTables

METHOD = "paired differences"
DEFINITION = (
    "mean over pairs of runs with the same seed at the same point, the case less the compared one; 95 % bootstrap "
    "interval, replications redrawn whole"
)
COLUMNS = (
    "pairs", "difference", "low", "high", "same_sign", "sign_share", "sign_low", "sign_high", "variance_ratio"
)  # fmt: skip


class Difference(NamedTuple):
    """A case less the compared one, over common luck."""

    name: str
    pairs: int
    mean: Interval
    same_sign: Interval
    """Share of pairs whose difference has the mean's sign."""
    variance_ratio: float
    """Variance of the paired difference over that of as many independent runs."""
    lost: int
    """Pairs that a failed or missing run has cost."""


def paired(tables: SweepTables, outcomes: Sequence[Measured]) -> list[Result]:
    """One finding for every outcome that differs; what stands in the way is said once."""
    base = tables.asked.compare_with
    if base is None:
        return [LeftOut(METHOD, "all", "the sweep compares with no case (replications.compare_with)")]
    if base not in tables.cases or len(tables.cases) < 2:
        return [LeftOut(METHOD, "all", f"the design has no case {base!r} beside another")]
    seeds = tables.design.groupby(["point", "replication"])["seed"].nunique()
    if (seeds > 1).any():
        return [LeftOut(METHOD, "all", "cases have different seeds, so that nothing is paired (replications.luck)")]
    return [_one(tables, outcome, base) for outcome in outcomes]


def differences(tables: SweepTables, outcome: Measured, base: str) -> list[Difference]:
    """Every other case less the one of the same point in the compared case."""
    runs = tables.good[["case", "point", "replication"]].assign(value=outcome.values)
    key = ["point", "replication"]
    before = runs[runs["case"].eq(base)].set_index(key)["value"]
    found = []
    for group in groups(tables):
        if group.case == base:
            continue
        asked = tables.design["case"].eq(group.case)
        if group.point is not None:
            asked &= tables.design["point"].eq(group.point)
        found.append(_difference(tables, group, runs[group.rows].set_index(key)["value"], before, int(asked.sum())))
    return found


def _difference(tables: SweepTables, group: Group, mine: pd.Series, before: pd.Series, asked: int) -> Difference:
    both = pd.DataFrame({"mine": mine, "before": before.reindex(mine.index)}).dropna()
    gap = (both["mine"] - both["before"]).to_numpy(dtype=float)
    points, luck = (both.index.get_level_values(k).to_numpy() for k in ("point", "replication"))
    mean = mean_over_both(gap, points, luck) if is_sampled(tables) and group.point is None else mean_over(gap, luck)
    alike = wilson(int((np.sign(gap) == np.sign(mean.value)).sum()), len(gap))
    apart = both["mine"].var(ddof=1) + both["before"].var(ddof=1) if len(gap) > 1 else float("nan")
    ratio = float(np.var(gap, ddof=1) / apart) if apart > 0 else float("nan")
    return Difference(group.name, len(gap), mean, alike, ratio, asked - len(gap))


def _one(tables: SweepTables, outcome: Measured, base: str) -> Result:
    words = outcome.words
    found = [d for d in differences(tables, outcome, base) if d.pairs]
    if not found:
        return LeftOut(METHOD, words.name, f"no pair of runs with and without the change has ended (against {base})")
    rows = [
        (d.name, d.pairs, *d.mean[:3], round(d.same_sign.value * d.pairs), *d.same_sign[:3], d.variance_ratio)
        for d in found
    ]
    bars = [Bar(d.name, d.mean.value, d.mean.low, d.mean.high, _agreeing(d)) for d in found]
    name = f"paired-{words.name}"
    numbers = [
        number
        for d in found
        for number in (
            Number.from_interval(f"{words.name}, {d.name} less {base}", d.mean, words.unit, DEFINITION),
            Number.from_interval(
                f"{words.name}, {d.name} less {base}: share of pairs with the mean's sign", d.same_sign, "share",
                "pairs whose difference has the sign of the mean difference; Wilson's 95 % interval",
            ),
        )
    ]  # fmt: skip
    title = f"{words.name} against «{base}», same luck"
    caption = f"{title}: mean differences with 95 % intervals; beside them, pairs with that sign. {words.meaning}"
    picture = Picture(lambda: draw_bars(words, bars, title=title, is_difference=True), caption.strip())
    return Finding(
        METHOD,
        title,
        tuple(sentence(outcome, d, base) for d in found),
        tuple(numbers),
        {name: pd.DataFrame(rows, columns=[name_of_groups(tables), *COLUMNS])},
        {} if all(map(_is_nothing, found)) else {name: picture},
        words,
        ("difference", "low", "high"),
    )


def _is_nothing(d: Difference) -> bool:
    """Whether no pair differs."""
    return d.mean.value == 0 and not (d.mean.high > d.mean.low)


def _agreeing(d: Difference) -> str:
    agree = round(d.same_sign.value * d.pairs)
    return f"{agree} of {d.pairs}" if d.mean.value else f"same in {agree} of {d.pairs}"


def sentence(outcome: Measured, d: Difference, base: str) -> str:
    """What may be quoted: how often it went which way, by how much, and what pairing was worth."""
    words, mean = outcome.words, d.mean
    missing = how_many(d.lost, "pair is", "pairs are")
    lost = f" {missing} missing: a run failed or has not ended, or says nothing." if d.lost else ""
    who = f"{d.name} against «{base}», same luck: {words.name}"
    if _is_nothing(d):
        return f"{who} is the same in each of {how_many(d.pairs, 'pair')}.{lost}"
    if mean.value == 0:
        return f"{who} is on average the same over {how_many(d.pairs, 'pair')}, though pairs differ.{lost}"
    agree = round(d.same_sign.value * d.pairs)
    pairs = f"{agree} of {how_many(d.pairs, 'pair')}"
    way = "higher" if mean.value > 0 else "lower"
    if outcome.is_share:
        way = "yes in the first alone" if mean.value > 0 else "yes in the second alone"
    size = f"on average {words.say_difference(mean.value)} {'more' if mean.value > 0 else 'less'}"
    if not np.isfinite(mean.low):
        return f"{who} is {way} in {pairs}, {size}; too few pairs for an interval.{lost}"
    ends = " to ".join(f"{'-' if end < 0 else '+'}{words.say_difference(end)}" for end in (mean.low, mean.high))
    doubt = " The interval holds zero: chance alone may have done this." if mean.low <= 0 <= mean.high else ""
    saved = (
        f" Pairing left {d.variance_ratio:.2g} of the variance that independent runs would have."
        if np.isfinite(d.variance_ratio)
        else ""
    )
    return f"{who} is {way} in {pairs}, {size} (95 % interval {ends}).{doubt}{saved}{lost}"
