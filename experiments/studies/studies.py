"""The named studies: what each answers, and its sweep with the analysis. `python run.py study NAME --out DIR`."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from ...scenarios.errors import BadInput

if TYPE_CHECKING:
    from .swept import Swept


@dataclass(frozen=True, slots=True)
class Study:
    """One named study. `module` has it as `STUDY`, and is imported when it is run."""

    name: str
    answers: str
    module: str

    @property
    def swept(self) -> Swept:
        """The study itself."""
        found: Swept = import_module(f".{self.module}", __package__).STUDY
        return found


class UnknownStudy(BadInput):
    """A study that does not exist: what came, what there is, the nearest name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name, self.known = name, known
        near = get_close_matches(name, known, n=1, cutoff=0.4)
        guess = f"; did you mean {near[0]}?" if near else ""
        super().__init__(f"study {name!r}: unknown; allowed: {', '.join(known)}{guess}")


STUDIES = (
    Study(
        "flow-multiplier",
        "How far does a dollar that flows into one share, a sector or the market move its value?",
        "flow_multiplier",
    ),
    Study(
        "monetisation",
        "When does the circle run backwards, and what turns first?",
        "monetisation",
    ),
    Study(
        "shapley",
        "Who made it possible: what each class of payers adds to compute built and to peak market value",
        "shapley",
    ),
    Study(
        "stylised-facts",
        "Do simulated daily returns look like real ones: tails, clustering, leverage, volume?",
        "facts_report",
    ),
)
"""All studies, in the order in which they are listed."""


def find(name: str) -> Study:
    """The study of that name. Raises: UnknownStudy."""
    for study in STUDIES:
        if study.name == name:
            return study
    raise UnknownStudy(name, tuple(s.name for s in STUDIES))
