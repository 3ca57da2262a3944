"""Does the circle carry what its story says: worlds with it and without it, against the record of autumn 2025."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...history.kinds import Channel
from ..runner.runs import Tell, quiet
from .bands import RECORD, Judged, Lives, check_of
from .checks import Check, ClaimKind
from .circle_bands import AUTUMN_BANDS, BANDS, FIVE_YEARS_BANDS, calm_effect, values_of
from .circle_books import book_checks
from .circle_horizon import HORIZON_DAYS
from .circle_plan import FULL, QUICK, failures_of, run_plan, seeds_of
from .circle_regimes import boom_checks, regime_checks


def seeds(quick: bool) -> Sequence[int]:
    """Seeds of the runs behind these checks."""
    return seeds_of(QUICK if quick else FULL)


def checks(*, quick: bool = False, workers: int | None = None, tell: Tell = quiet) -> list[Check]:
    """The claims about the circle: its autumn, three years, and but for a quick validation the regimes of five."""
    plan = QUICK if quick else FULL
    lives = run_plan(plan, seeds_of(plan), workers=workers, tell=tell)
    if failed := failures_of(lives):
        why = f"{len(failed)} runs failed: {failed[0].error}"
        return [Check("circle.runs", "All worlds run", math.nan, 0, 0, "runs", RECORD, None, why,
                      kind=ClaimKind.IDENTITY)]  # fmt: skip
    return [*claims_of(lives), *book_checks(quick=quick, workers=workers)]


def claims_of(lives: Sequence[Lives]) -> list[Check]:
    """What these worlds say, the first of them the longest."""
    rows = [values_of(worlds) for worlds in lives]
    has_five_years = lives[0]["circle"]["days"] >= HORIZON_DAYS
    judged = [
        check_of(band, [row[band.key] for row in rows])
        for band in BANDS
        if band.judged is not Judged.NOT and (has_five_years or band not in FIVE_YEARS_BANDS)
    ]
    judged.insert(len(AUTUMN_BANDS), width_check(lives))
    found = [replace(c, note=f"{c.note}; {by_channel(lives)}") if c.key == "circle.savers_pay" else c for c in judged]
    if not has_five_years:
        return found
    runs = {name: [worlds[name] for worlds in lives if name in worlds] for name in lives[0]}
    return [*found, *regime_checks(runs), *boom_checks(runs)]


def width_check(lives: Sequence[Lives]) -> Check:
    """How wide the effect is without moods."""
    calm = np.array([calm_effect(worlds) for worlds in lives])
    low, middle, high = np.percentile(calm[np.isfinite(calm)], [5, 50, 95])
    return Check(
        "circle.width", "With moods off in both worlds that effect is wide, 5 to 95 % of seeds", high - low, 0.2,
        math.inf, "log points", RECORD, None, f"{low:.3f} to {high:.3f}, median {middle:.3f}", kind=ClaimKind.FITTED,
    )  # fmt: skip


def by_channel(lives: Sequence[Lives]) -> str:
    """What each channel of outside money has put in after three years, in expansions, and beyond the twin."""
    pairs = [
        (worlds["circle"]["third_year"], worlds["twin"]["third_year"])
        for worlds in lives
        if worlds["circle"]["third_year"]
    ]
    grows = [own for own, _ in pairs if own["is_expansion"]] or [own for own, _ in pairs]

    def words(channel: Channel) -> str:
        mine, more = [own[channel.value] for own in grows], [a[channel.value] - b[channel.value] for a, b in pairs]
        return f"{channel.value} {np.median(mine):+.1f} ({np.median(more):+.1f})"

    return f"{len(grows)} of {len(pairs)} worlds; by channel, and beyond the twin: {', '.join(map(words, Channel))}"
