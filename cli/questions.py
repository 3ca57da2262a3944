"""Questions about a scenario, on standard error: what it says is taken as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from .console import words

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario


def ask(scenario: Scenario) -> None:
    """One line for each thing that looks like a slip."""
    from ..scenarios.questions import questions

    errors = Console(stderr=True, soft_wrap=True)
    for line in questions(scenario):
        errors.print(words(f"question: {line}"))
