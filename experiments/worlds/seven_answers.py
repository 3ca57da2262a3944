"""What many worlds and their twins say, in seven answers: chance is a count of worlds, effect a paired difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ...report.answer_text import Section
from ...scenarios.schema import Scenario
from .answers_effect import left_holding, what_moved
from .answers_money import who_built, who_paid, who_put_up
from .answers_turn import did_it_turn, made_possible
from .comparison import Comparison
from .pairs import Worlds
from .said import Number, Said


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """A question with its answer and every number in it."""

    section: Section
    numbers: tuple[Number, ...]


def answers(scenario: Scenario, beside: Comparison, worlds: Worlds) -> list[OneAnswer]:
    """All seven, in the order in which people ask; what a scenario has not is left out."""
    return list(_answers(scenario, beside, worlds))


def _answers(scenario: Scenario, beside: Comparison, worlds: Worlds) -> Iterator[OneAnswer]:
    def asked(answer: Callable[[Said], Section | None]) -> Iterator[OneAnswer]:
        said = Said(scenario, worlds)
        section = answer(said)
        if section is not None:
            yield OneAnswer(section, tuple(said.numbers))

    yield from asked(who_put_up)
    yield from asked(who_built)
    for lab in scenario.lab:
        yield from asked(partial(who_paid, lab=lab.name))
    yield from asked(lambda said: what_moved(said, beside))
    yield from asked(lambda said: left_holding(said, beside))
    yield from asked(lambda said: did_it_turn(said, beside))
    yield from asked(lambda _: made_possible())
