"""The validation card: what each of a thousand worlds came to, band by band, kept seed by seed as it is measured."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...history.output_file import OutputFile
from ...report.store import versions
from ...scenarios.errors import BadInput
from ..runner.cluster import kept_processes
from ..runner.runs import FailedRun, Tell, quiet
from ..sweeps.run_world import run_world
from .bands import Band, Judged, check_of
from .checks import Check, ClaimKind, Worlds
from .circle_bands import BANDS, values_of
from .circle_horizon import HORIZON_DAYS
from .circle_plan import FIRST_SEED, Plan, days_of, failures_of, run_plan, seeds_of
from .circle_worlds import world

BLOCK = 10
"""Seeds measured together; what is kept grows by so many."""
DIGITS = 6
COLUMNS = ("seed", "runs", "days", "failed", *(band.key for band in BANDS))
Row = Mapping[str, float]
"""What one seed came to: runs, their trading days in all, how many failed, and every band's value."""
RUNS = Band("runs", "All its worlds run, every day audited", "", lambda _: math.nan, 0, 0, "runs failed",
            ClaimKind.IDENTITY, Judged.NOT)  # fmt: skip


class NoCard(BadInput):
    """A file that is no card."""


@dataclass(frozen=True, slots=True)
class Card:
    """Rows by seed, and the machine that made them by its fingerprint and version: of others no row is mixed in."""

    machine: str
    version: str
    rows: Mapping[int, Row]

    def worlds(self, band: Band) -> Worlds:
        """What all worlds came to in a band."""
        column = "failed" if band is RUNS else band.key
        return Worlds(tuple(row[column] for row in self.rows.values()), band.low, band.high)

    def check(self, band: Band) -> Check | None:
        """The claim about these worlds, where the band is one."""
        worlds = self.worlds(band)
        return check_of(band, worlds.values) if band.judged is not Judged.NOT and worlds.said else None


def new_card() -> Card:
    """No rows yet; the fingerprint is that of five years of the default at the first seed: equal as long as every
    payment and price there is."""
    return Card(run_world(world((), days=HORIZON_DAYS), FIRST_SEED).digest[:16], versions()["carousel"], {})


def row_of(seed: int, days: Mapping[str, int], lives: Mapping[str, object]) -> dict[str, float]:
    """What the worlds of a seed came to; one that failed says nothing, and is counted."""
    sound = {name: run for name, run in lives.items() if isinstance(run, dict)}
    return {
        "seed": seed, "runs": len(lives), "days": sum(days.values()), "failed": len(lives) - len(sound),
        **values_of(sound),
    }  # fmt: skip


def is_whole(row: Row, days: Mapping[str, int]) -> bool:
    """Whether a row has all worlds that are wanted, for as long, and none of them failed."""
    return row["days"] >= sum(days.values()) and not row["failed"]


def measured(plan: Plan, *, workers: int | None = None, tell: Tell = quiet) -> Card:
    """A card that nobody keeps."""
    seeds = seeds_of(plan)
    lives = run_plan(plan, seeds, workers=workers, tell=tell)
    rows = {seed: row_of(seed, days_of(plan, seed), own) for seed, own in zip(seeds, lives, strict=True)}
    return Card("", "", rows)


@kept_processes()
def measured_into(raw: Path, plan: Plan, *, workers: int | None = None, tell: Tell = quiet) -> Card:
    """The card in a file of raw numbers, or what is missing of it: interrupted, the same call goes on.

    Rows of the same machine that stand in the file, or beside it from a call that was interrupted, are kept; rows of
    another machine are measured anew.

    Raises: OutputRefused, before anything is run; RuntimeError if all runs of a seed failed.
    """
    kept = raw.with_suffix(".kept")
    with OutputFile(raw) as output:
        card = new_card()
        for there in (raw, kept):
            card = _joined(card, there)
        rows = {seed: row for seed, row in card.rows.items() if is_whole(row, days_of(plan, seed))}
        wanted = [seed for seed in seeds_of(plan) if seed not in rows]
        for start in range(0, len(wanted), BLOCK):
            block = wanted[start : start + BLOCK]
            lives = run_plan(plan, block, workers=workers)
            if (failed := failures_of(lives)) and len(failed) == sum(map(len, lives)):
                raise RuntimeError(f"all runs of seeds {block[0]} to {block[-1]} failed: {_said(failed[0])}")
            rows |= {s: row_of(s, days_of(plan, s), own) for s, own in zip(block, lives, strict=True)}
            _replace(kept, text_of(replace(card, rows=rows)))
            tell(start + len(block), len(wanted))
        card = replace(card, rows={seed: rows[seed] for seed in seeds_of(plan)})
        output.write_text(text_of(card))
        kept.unlink(missing_ok=True)
    return card


def _said(run: FailedRun) -> str:
    return f"{run.error} ({run.where})"


def _joined(card: Card, path: Path) -> Card:
    """With the rows of a file, if they are of the same machine."""
    try:
        found = read_card(path)
    except (FileNotFoundError, NoCard):
        return card
    return replace(card, rows={**card.rows, **found.rows}) if found.machine == card.machine else card


def _replace(path: Path, text: str) -> None:
    """Write beside, then rename."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def text_of(card: Card) -> str:
    """The raw numbers: a line on the machine, then a row for each seed; empty where a world says nothing."""
    lines = [f"# machine {card.machine} of carousel {card.version}", ",".join(COLUMNS)]
    lines += [",".join(_number(row[column]) for column in COLUMNS) for _, row in sorted(card.rows.items())]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.{DIGITS}g}"


def read_card(path: Path) -> Card:
    """The card in a file.  Raises: FileNotFoundError; NoCard."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    head = lines[0].split() if lines else []
    if head[:2] != ["#", "machine"] or len(head) != 6 or lines[1:2] != [",".join(COLUMNS)]:
        raise NoCard(f"{path}: came {lines[0][:40] if lines else 'nothing'!r}; allowed: a card of this version's bands")
    rows: dict[int, Row] = {}
    for line, cells in enumerate(csv.reader(lines[2:]), 3):
        try:
            values = [float(cell) if cell else math.nan for cell in cells]
            row = dict(zip(COLUMNS, values, strict=True))
            rows[int(row["seed"])] = row
        except ValueError:
            raise NoCard(
                f"{path}, line {line}: came {','.join(cells)[:40]!r}; allowed: {len(COLUMNS)} numbers"
            ) from None
    return Card(head[2], head[5], rows)


def claims_on(card: Card) -> Sequence[Check]:
    """The claims that these worlds say anything about."""
    return [check for band in BANDS if (check := card.check(band)) is not None]
