"""Writes docs/gallery/instruments.md: each scenario of docs/gallery/instruments/, what one sees of its instrument, and
what it moves against the world without it, with the same luck: `python docs/gallery_instruments.py`.

A further one is a file NAME.toml there, NAME being its list, and an entry in docs/gallery/instruments.toml.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from carousel.contracts.guarantee import Guarantee
from carousel.contracts.promised import PublicContract
from carousel.history.kinds import cause_text
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, CONTRACT, PAYEE, PAYER
from carousel.model import CarouselModel
from carousel.scenarios.loader import parse
from carousel.scenarios.schema import Scenario
from carousel.scenarios.validated import validated

GALLERY = Path(__file__).with_name("gallery")
FOLDER, PAGE = GALLERY / "instruments", GALLERY / "instruments.md"
SEED = 0
THROUGH_MARKET = (Cause.TRADE_PAY, Cause.TRADE_RECEIVE)
"""Of these an entry's contract says something else."""
LEAD = """# Every instrument in ten lines

Each file below extends a bundled world by one instrument, and `python run.py simulate FILE` runs it. The tables are
those of short runs without households, seed 0, beside runs of the same luck without the instrument, and a difference
holds what prices made of it on their way; in some a cloud builds in two months instead of twelve, so that something
happens soon. `python docs/gallery_instruments.py` writes this page. All of it holds inside the model: it is no
forecast.
"""


class Shown(NamedTuple):
    """A scenario of the page: its list, how many days it runs, and how to read it."""

    kind: str
    days: int
    reading: str


SHOWN = tuple(Shown(**shown) for shown in tomllib.loads((GALLERY / "instruments.toml").read_text())["shown"])


class Seen(NamedTuple):
    """A run: its model, its contract (none in the world without it), and cents by payer, payee and cause under it."""

    model: CarouselModel
    contract: PublicContract | None
    paid: Counter[tuple[str, str, str]]

    @property
    def has_acted(self) -> bool:
        """Whether something has been paid under it, or called."""
        contract = self.contract
        if isinstance(contract, Guarantee):
            return contract.answered_cents > 0
        return contract is not None and contract.paid_cents > 0


def text_of(shown: Shown) -> str:
    """The file, as it stands."""
    return (FOLDER / f"{shown.kind}.toml").read_text(encoding="utf-8")


def names(shown: Shown) -> list[str]:
    """Its own entries in its list."""
    return [entry["name"] for entry in tomllib.loads(text_of(shown))[shown.kind]]


def worlds(shown: Shown) -> tuple[Scenario, Scenario]:
    """The world with the instrument, and without it."""
    data = parse(text_of(shown)).model_dump() | {"households": None, "holders": 0, "days": shown.days}
    left = [entry for entry in data[shown.kind] if entry["name"] not in names(shown)]
    return validated(data, shown.kind), validated(data | {shown.kind: left}, shown.kind)


def see(shown: Shown, world: Scenario) -> Seen:
    """A run of a world."""
    model = CarouselModel(world, rng=SEED)
    mine = (c for c in model.contracts.promises if c.name in names(shown) and c.label == shown.kind)
    contract, paid = next(mine, None), Counter[tuple[str, str, str]]()
    parties = model.books.journal.names
    while model.running:
        model.step()
        if contract is not None:
            entries = model.books.last.entries
            under = (entries[:, CONTRACT] == contract.number) & ~np.isin(entries[:, CAUSE], THROUGH_MARKET)
            for row in entries[under].tolist():
                paid[parties[row[PAYER]], parties[row[PAYEE]], cause_text(Cause(row[CAUSE]))] += row[CENTS]
    return Seen(model, contract, paid)


def bn(cents: float) -> str:
    """Billions of USD."""
    return f"{cents / 1e11:,.4f}"


def values(model: CarouselModel, party: str) -> tuple[float, float]:
    """What a party is worth, 0 where nobody says, and its cash, in cents."""
    return 100 * model.cast.value_usd(party), model.books.journal.balance(model.books.journal.account(party))


def section(shown: Shown) -> str:
    """One instrument of the page."""
    world, bare = worlds(shown)
    seen, twin = see(shown, world), see(shown, bare)
    contract = seen.contract
    assert contract is not None
    assert seen.has_acted
    row = contract.row()
    lines = [
        f"## `{shown.kind}`",
        f"`docs/gallery/instruments/{shown.kind}.toml`, {shown.days} trading days. {shown.reading}",
        f"```toml\n{text_of(shown)}```",
        "| contract | payer | payee | status | announced, bn USD | committed | paid |\n|---|---|---|---|---|---|---|\n"
        f"| {contract.name} | {contract.payer} | {contract.payee} | {row.status} | {bn(row.announced_cents)} "
        f"| {bn(row.committed_cents)} | {bn(row.paid_cents)} |",
    ]
    if seen.paid:
        table = "| paid under it, bn USD | from | to | for |\n|---|---|---|---|\n"
        table += "\n".join(
            f"| {bn(cents)} | {a} | {b} | {cause} |" for (a, b, cause), cents in sorted(seen.paid.items())
        )
        lines.append(table)
    rows = []
    for party in dict.fromkeys((contract.payer, contract.payee)):
        (value, cash), (value0, cash0) = values(seen.model, party), values(twin.model, party)
        rows.append(f"| {party} | {bn(value - value0)} | {bn(cash - cash0)} |")
    lines.append("| with it less without it, bn USD | value | cash |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(lines)


def page() -> str:
    """The whole page."""
    return "\n\n".join([LEAD.rstrip(), *map(section, SHOWN)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
