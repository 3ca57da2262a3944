"""The validation card for readers: a table for each kind of band, and a picture of the shares."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ...history.output_file import OutputFile
from ...report.figure_style import GREY, INK, PALETTE, new_figure, percent_axis, save, styled
from ..runner.intervals import exact_bounds
from .bands import FAN, Band, Judged
from .card import RUNS, Card, claims_on
from .checks import Check, ClaimKind, Verdict, Worlds
from .circle_bands import BANDS, YES
from .report import NONE, band_words, counted, digits, inside_words, spoken, table

COLOUR = {
    ClaimKind.PREDICTION: PALETTE[0], ClaimKind.FITTED: PALETTE[1], ClaimKind.IDENTITY: PALETTE[2],
    ClaimKind.REPORTED: GREY,
}  # fmt: skip
TITLES = {
    ClaimKind.PREDICTION: "Predictions", ClaimKind.FITTED: "Fitted or in view",
    ClaimKind.IDENTITY: "Identities and unit tests", ClaimKind.REPORTED: "Reported",
}  # fmt: skip


class Line(NamedTuple):
    """One band of the card: its worlds, and the claim about them, if it is one."""

    band: Band
    worlds: Worlds
    check: Check | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper 95 % bound of the share inside."""
        return exact_bounds(self.worlds.inside, len(self.worlds.said))

    @property
    def share(self) -> float:
        """Of the worlds that say something, how many are inside."""
        return self.worlds.inside / len(self.worlds.said)

    @property
    def accepted(self) -> tuple[float, float] | None:
        """Between which shares the claim holds, where a share decides."""
        band = self.band
        if band.judged is Judged.FAN:
            return FAN[0] / 100, FAN[1] / 100
        if band.judged is Judged.MEDIAN and math.inf in (band.high, -band.low):
            return 0.5, 1.0
        return band.accept if band.judged is Judged.SHARE else None


def lines_of(card: Card) -> Iterator[Line]:
    """The bands that these worlds say anything about, kind by kind."""
    for kind in ClaimKind:
        for band in (*BANDS, RUNS):
            worlds = card.worlds(band)
            if band.kind is kind and worlds.said:
                yield Line(band, worlds, card.check(band))


def must(line: Line) -> str:
    """What must lie where for the claim to hold."""
    if line.band.judged is Judged.MEDIAN:
        return "the median inside"
    return NONE if line.accepted is None else band_words(*line.accepted, "share")


def cells(line: Line) -> tuple[str, ...]:
    """A band as the cells of a row."""
    band, said = line.band, line.worlds.said
    low, middle, high = (digits(float(x)) for x in np.percentile(said, (5, 50, 95)))
    spread = NONE if set(said) <= {-1.0, 0.0, 1.0} else f"{low} / {middle} / {high}"
    verdict = NONE if line.check is None else str(line.check.verdict)
    return (
        f"{band.label} (`{band.key}`)", _inside_at(band), f"{len(said):,}",
        f"{line.worlds.inside:,}", spoken(line.share, "share"), spoken(line.bounds[0], "share"), spread, must(line),
        f"**{verdict}**" if verdict == Verdict.MISSES else verdict,
    )  # fmt: skip


HEAD = (
    "Band", "One world is inside at", "Worlds", "Inside", "Share", "At least", "5 / 50 / 95 % of worlds", "Must",
    "Verdict",
)  # fmt: skip


def page(card: Card, picture: str, raw: str) -> str:
    """The whole page: it shows a picture, and names the file of raw numbers."""
    lines = list(lines_of(card))
    tables = [
        f"## {TITLES[kind]}\n\n{table(HEAD, [cells(line) for line in own])}"
        for kind in ClaimKind
        if (own := [line for line in lines if line.band.kind is kind])
    ]
    about = INTRODUCTION.format(
        worlds=f"{len(card.rows):,}", first=min(card.rows), last=max(card.rows), raw=raw, picture=picture,
        version=card.version, runs=f"{sum(int(row['runs']) for row in card.rows.values()):,}",
        counted=counted(claims_on(card)), machine=card.machine,
    )  # fmt: skip
    return "\n".join([about, *tables])


INTRODUCTION = """\
# Validation card of Carousel {version}

How many of {worlds} worlds lie inside each band that one world can lie in. Written by `python run.py validate --card`
from [{raw}]({raw}), which holds what every world came to; interrupted, the same command goes on.

![Share of worlds inside each band]({picture})

Seeds {first} to {last}, none of which was used to choose a form or a size; {runs} runs of `ai-2025` with 300
households, of up to five years. A world, its twin without deals and what else a band compares share all luck. "At
least" is the exact lower 95 % bound of the share (Clopper & Pearson 1934): were a smaller part of all worlds inside, so
many of these would hardly be. A world that says nothing about a band (a pair in which nothing was built, a lab whose
demand is not bound) is not counted in it. Where the record must lie in the fan of the worlds, a world is inside at or
below the record, and the share must be 5 to 95 %. The same functions judge the claims of
[validation.md](validation.md), on fewer seeds; kinds are told apart as there.

Of the claims, judged on these worlds, hold: {counted}. Machine `{machine}` (the digest of five years of the default at
the first seed).
"""


def draw(card: Card) -> Figure:
    """A row for each band: the share of worlds inside with its bounds, and which share is accepted."""
    lines = list(lines_of(card))
    with styled():
        figure = new_figure(1.8 + 0.36 * len(lines))
        axis = figure.add_subplot()
        for place, line in enumerate(lines):
            colour = COLOUR[line.band.kind]
            if line.accepted is not None:
                low, high = line.accepted
                axis.barh(place, high - low, left=low, height=0.8, color="#ECEFF2", zorder=0)
            axis.plot(line.bounds, (place, place), color=colour, linewidth=3, solid_capstyle="butt", zorder=2)
            axis.plot([line.share], [place], "o", color=colour, markersize=7, zorder=3, clip_on=False)
            words = f"{spoken(line.share, 'share')} of {len(line.worlds.said):,}"
            axis.annotate(
                words, (1.02, place), xycoords=("axes fraction", "data"), va="center", fontsize=10, color=INK,
                annotation_clip=False,
            )  # fmt: skip
        axis.set_yticks(range(len(lines)), [_label(line.band) for line in lines], fontsize=10)
        for tick, line in zip(axis.get_yticklabels(), lines, strict=True):
            tick.set_color(COLOUR[line.band.kind])
        axis.set_ylim(len(lines) - 0.4, -0.6)
        axis.set_xlim(0, 1)
        axis.grid(True, axis="x")
        axis.grid(False, axis="y")
        percent_axis(axis.xaxis)
        for kind, title in TITLES.items():
            if any(line.band.kind is kind for line in lines):
                axis.plot([], [], "o", color=COLOUR[kind], label=title)
        axis.barh([0], [0], color="#ECEFF2", label="accepted")
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", ncols=5)
        figure.suptitle(
            "Share of worlds inside each band, with its exact 95 % bounds\n", x=0.01, ha="left", fontsize=15,
            fontweight="bold",
        )  # fmt: skip
    return figure


def _label(band: Band) -> str:
    """What a band is called in the picture, and where one world is inside."""
    return band.label if band.unit == YES or band is RUNS else f"{band.label}: {_inside_at(band)}"


def _inside_at(band: Band) -> str:
    return "yes" if band.unit == YES else band_words(band.low, band.high, band.unit)


def spoken_lines(card: Card) -> Iterator[str]:
    """What the command line says of a card."""
    yield f"{len(card.rows):,} seeds. These hold: {counted(claims_on(card))}."
    for line in lines_of(card):
        verdict = f", {line.check.verdict}" if line.check else ""
        yield f"  {_label(line.band)}: {inside_words(line.worlds)} ({line.band.kind}{verdict})"


def write_page(card: Card, path: Path) -> Iterator[Path]:
    """The page and its picture, which stands beside it, or in `figures` where there are some.

    Raises: OutputRefused, OSError.
    """
    figures = path.parent / "figures"
    picture = (figures if figures.is_dir() else path.parent) / f"{path.stem}.png"
    with OutputFile(path) as output:
        yield save(draw(card), picture)
        output.write_text(page(card, picture.relative_to(path.parent).as_posix(), path.with_suffix(".csv").name))
    yield path
