"""Which picture goes with which answer, wide for a page and narrow for a phone, each with its foot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from matplotlib.figure import Figure

from ...report.figure_foot import DIGITS, period, signed
from ...report.figure_style import Form, picture
from ...report.wording import how_many
from ...scenarios.schema import Scenario
from .figure_form import Size
from .figure_holders import holding, turned
from .figure_money import built, put_up
from .figure_paths import lab_fan, promised_fan, value_fan
from .pairs import Worlds
from .paths import dates_of


class Picture(NamedTuple):
    """A picture of many worlds: its name as a file, the beginning of the question that it belongs to, what it shows in
    words, and what draws it in a size."""

    name: str
    question: str
    words: str
    draw: Callable[[Size], Figure | None]


def pictures_of(scenario: Scenario, worlds: Worlds, beside: str) -> list[Picture]:
    """Every picture in the order of the answers; `beside` says in words what the worlds are put beside.

    One draws nothing where nothing of its kind has happened.
    """
    found = [
        Picture("who-put-up", "Who put up", "Whose money firms put into labs, by class and rule of tracing.",
                lambda size: put_up(worlds, size)),
        Picture("who-built", "Who built", "Sources and uses of the builders' money, net.",
                lambda size: built(scenario, worlds, size)),
    ]  # fmt: skip
    dates = dates_of(worlds.own)
    if dates:
        found += [_of_lab(worlds, lab.name, number) for number, lab in enumerate(scenario.lab, start=1)]
        found += [
            Picture("market-value", "What moved", f"Market value of the circle, and {beside}, over time.",
                    lambda size: value_fan(worlds, beside, size)),
            Picture("promised", "What moved", "Promised, binding and paid, over time.",
                    lambda size: promised_fan(worlds, size)),
        ]  # fmt: skip
    found.append(
        Picture("left-holding", "Who is left", "Cash and paper of each class beyond the same luck otherwise.",
                lambda size: holding(worlds, beside, size))
    )  # fmt: skip
    if dates:
        found.append(
            Picture("turned", "Did it turn", "In how many worlds it turned, and when strain and breaks came first.",
                    lambda size: turned(worlds, dates[0], dates[-1], size))
        )  # fmt: skip
    return found


def _of_lab(worlds: Worlds, lab: str, number: int) -> Picture:
    words = f"What customers pay {lab} in each quarter, and what it pays for compute."
    return Picture(f"lab-{number}", f"Who paid {lab}?", words, lambda size: lab_fan(worlds, lab, size))


class Drawing(NamedTuple):
    """A picture as it was drawn: wide as PNG and SVG, narrow as SVG."""

    picture: Picture
    png: bytes
    wide: bytes
    narrow: bytes


def drawings_of(pictures: Iterable[Picture], foot: str) -> list[Drawing]:
    """Every picture that has something to draw, with its foot."""
    found = []
    for one in pictures:
        wide, narrow = (drawn(one, size, foot) for size in Size)
        if wide is not None and narrow is not None:
            with Size.WIDE.styled():
                png, svg = picture(wide), picture(wide, Form.SVG)
            with Size.NARROW.styled():
                found.append(Drawing(one, png, svg, picture(narrow, Form.SVG)))
    return found


def drawn(one: Picture, size: Size, foot: str) -> Figure | None:
    """A picture with its foot; None where there is nothing to draw."""
    with size.styled():
        figure = one.draw(size)
        return signed(figure, foot) if figure is not None else None


def foot_of_worlds(scenario: Scenario, worlds: Worlds) -> str:
    """The foot of pictures of many worlds: scenario, worlds and seeds, period, digest of their table."""
    seeds, dates = worlds.seeds, dates_of(worlds.own)
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    said = [f"Scenario {scenario.name}", f"{how_many(len(seeds), 'world')}, {which}"]
    said += [period(dates[0], dates[-1])] if dates else []
    return " · ".join([*said, f"worlds {digest_of(worlds)[:DIGITS]}"])


def digest_of(worlds: Worlds) -> str:
    """SHA-256 over everything that is known of the worlds and of those beside them: 64 hex digits."""
    known = json.dumps([worlds.seeds, worlds.own, worlds.twins], sort_keys=True, default=str)
    return hashlib.sha256(known.encode()).hexdigest()
