"""The page of a validation card, and what the command line says of it: how many worlds lie inside each band."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...history.output_file import OutputFile, OutputRefused
from ...report.figure_style import save
from ..runner.runs import Tell, quiet
from .bands import Judged
from .card import Card, claims_on, measured_into
from .card_lines import TITLES, Line, inside_at, label_of, lines_of
from .card_picture import draw
from .checks import ClaimKind, Verdict
from .circle_plan import UNSEEN_SEED, Plan
from .report import NONE, band_words, counted, digits, inside_words, spoken, table


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
        f"{band.label} (`{band.key}`)", inside_at(band), f"{len(said):,}",
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
        worlds=f"{len(card.rows):,}", first=min(card.rows), last=max(card.rows), unseen=UNSEEN_SEED, raw=raw,
        picture=picture, version=card.version, runs=f"{sum(int(row['runs']) for row in card.rows.values()):,}",
        counted=counted(claims_on(card)), machine=card.machine,
    )  # fmt: skip
    return "\n".join([about, *tables])


INTRODUCTION = """\
# Validation card of Carousel {version}

How many of {worlds} worlds lie inside each band that one world can lie in. Written by `python run.py validate --card`
from [{raw}]({raw}), which holds what every world came to; interrupted, the same command goes on.

![Share of worlds inside each band]({picture})

Seeds {first} to {last}: at none was a size fitted, and those from {unseen} on nobody had looked at when the last forms
were chosen; {runs} runs of `ai-2025` with 300 households, of up to five years. A world, its twin without deals and what
else a band compares share all luck. "At least" is the exact lower 95 % bound of the share (Clopper & Pearson 1934):
were a smaller part of all worlds inside, so many of these would hardly be. A world that says nothing about a band (a
pair in which nothing was built, a lab whose demand is not bound) is not counted in it. Where the record must lie in
the fan of the worlds, a world is inside at or below the record, and the share must be 5 to 95 %. The same functions
judge the claims of [validation.md](validation.md), on fewer seeds; kinds are told apart as there.

Of the claims, judged on these worlds, hold: {counted}. Machine `{machine}` (the digest of five years of the default at
the first seed).
"""


def spoken_lines(card: Card) -> Iterator[str]:
    """What the command line says of a card."""
    yield f"{len(card.rows):,} seeds. These hold: {counted(claims_on(card))}."
    for line in lines_of(card):
        verdict = f", {line.check.verdict}" if line.check else ""
        yield f"  {label_of(line.band)}: {inside_words(line.worlds)} ({line.band.kind}{verdict})"


def write_card(path: Path, plan: Plan, *, workers: int | None = None, tell: Tell = quiet) -> tuple[Card, list[Path]]:
    """The card of a plan, or what is missing of it: the page, beside it the raw numbers, and the picture, there or in
    `figures` where there are some. Returns the card and these files.

    Raises: OutputRefused, before anything is run; as `measured_into`.
    """
    if path.suffix != ".md":
        raise OutputRefused(path, "is no name for the page of a card; allowed: one that ends in .md")
    figures, raw = path.parent / "figures", path.with_suffix(".csv")
    picture = (figures if figures.is_dir() else path.parent) / f"{path.stem}.png"
    with OutputFile(path) as output:
        card = measured_into(raw, plan, workers=workers, tell=tell)
        os.replace(save(draw(card), picture.with_name(f".partial-{picture.name}")), picture)
        output.write_text(page(card, picture.relative_to(path.parent).as_posix(), raw.name))
    return card, [path, raw, picture]
