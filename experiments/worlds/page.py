"""`report.html`: the whole answer of many worlds on one page that needs nothing else: seven answers with their tables
and pictures, what each number means, one world in full, and how to make it again."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from ...engine.legible import legible
from ...history.run_directory import RunDirectory
from ...report.answer_text import AnswerTable
from .pictures import Drawing, digest_of, drawings_of, foot_of_worlds, pictures_of
from .said import Number
from .written import AnswerOfWorlds

TEMPLATE = "report.html"


class Shown(NamedTuple):
    """A picture on the page: its words for who does not see it, and its two forms as addresses that hold them."""

    words: str
    wide: str
    narrow: str


class Piece(NamedTuple):
    """A piece of a sentence: a text, its meaning if it is a number that has one, and whether it is a command."""

    text: str
    meaning: str = ""
    is_code: bool = False


class Asked(NamedTuple):
    """One question on the page."""

    question: str
    sentences: list[list[Piece]]
    pictures: list[Shown]
    tables: Sequence[AnswerTable]
    numbers: list[Number]


def write_report(directory: RunDirectory, answer: AnswerOfWorlds, *, command: str, history: str) -> None:
    """`report.html`, and its pictures in `figures`; the directory commits them."""
    drawings = drawings_of(
        pictures_of(answer.scenario, answer.worlds, answer.beside.words), foot_of_worlds(answer.scenario, answer.worlds)
    )
    folder = directory.partial / "figures"
    folder.mkdir(exist_ok=True)
    for one in drawings:
        (folder / f"worlds-{one.picture.name}.png").write_bytes(one.png)
        (folder / f"worlds-{one.picture.name}.svg").write_bytes(one.wide)
    directory.write_text("report.html", page(answer, drawings, command=command, history=history))


def page(answer: AnswerOfWorlds, drawings: Sequence[Drawing], *, command: str, history: str) -> str:
    """The whole page; `command` makes it again, `history` is the digest of the world that is shown in full."""
    asked = [
        Asked(
            legible(one.section.title),
            [pieces(legible(sentence), one.numbers) for sentence in one.section.sentences],
            [_shown(drawing) for drawing in drawings if one.section.title.startswith(drawing.picture.question)],
            one.section.tables,
            [*_once(one.numbers)],
        )
        for one in answer.answers
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["legible"] = legible
    environment.filters["in_two"] = in_two
    text = resources.files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(text).render(
        title=answer.title,
        how_to_read=answer.how_to_read,
        asked=asked,
        example_title=answer.example.title,
        example=answer.example.sections,
        command=command,
        foot=foot_of_worlds(answer.scenario, answer.worlds),
        digest=digest_of(answer.worlds),
        history=history,
    )


def in_two(cell: str) -> tuple[str, ...]:
    """A number and its range, between which a line may break and within which not."""
    number, bracket, between = legible(cell).partition(" (")
    return (number, f"({between}") if bracket else (number,)


def _shown(drawing: Drawing) -> Shown:
    return Shown(legible(drawing.picture.words), _address(drawing.wide), _address(drawing.narrow))


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def pieces(sentence: str, numbers: Sequence[Number]) -> list[Piece]:
    """A sentence in pieces; numbers that are said alike and mean different things have no meaning there."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for number in numbers:
        meanings[legible(number.text)].add(legible(f"{number.meaning}, {number.unit}"))
    alone = {text: found.pop() for text, found in meanings.items() if len(found) == 1 and re.search(r"\d", text)}
    either = "|".join(re.escape(text) for text in sorted(alone, key=len, reverse=True)) or "(?!)"
    parts = re.split(rf"(`[^`]+`)|(?<![\w.,$-])({either})(?![\w]|[.,]\d)", sentence)
    found = []
    for place, part in enumerate(parts):
        if part:
            is_code = place % 3 == 1
            found.append(
                Piece(part.strip("`") if is_code else part, alone.get(part, "") if place % 3 == 2 else "", is_code)
            )
    return found


def _once(numbers: Iterable[Number]) -> Iterator[Number]:
    """Each number once, in the order in which it was said."""
    yield from {(number.text, number.meaning): number for number in numbers}.values()
