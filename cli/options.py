"""Options that belong together, as one object: a command names the groups it takes, typer sees every option."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from ..scenarios.errors import BadInput

if TYPE_CHECKING:
    from ..experiments.worlds.comparison import Comparison
    from ..history.choice import Choice
    from ..scenarios.schema import Scenario

DEFAULT_SCENARIO = "ai-2025"
WORLDS = 20
"""How many worlds are run if nothing is said."""
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="change a value, e.g. lab.OpenAI.revenue_share=0.1"),
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="write no figures")]
Quiet = Annotated[bool, typer.Option("--quiet", help="print the headlines only")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")]
ScenarioName = Annotated[str, typer.Argument(help="a bundled scenario or a .toml file")]


class Tracing(StrEnum):
    """The rule by which a payment carries the payer's money."""

    PRO_RATA = "pro-rata"
    FIFO = "fifo"
    LIFO = "lifo"


@dataclass(frozen=True, slots=True)
class World:
    """Which world: a scenario, its size, what is changed in it."""

    scenario: ScenarioName = DEFAULT_SCENARIO
    days: Annotated[int | None, typer.Option(help="trading days; default: as the scenario says")] = None
    holders: Annotated[
        int | None, typer.Option(help="retail holders, 229 or more in ai-2025; default: as the scenario says")
    ] = None
    changes: Changes = None

    def with_changes(self, changes: Sequence[str]) -> World:
        """The same with more changes."""
        return replace(self, changes=[*(self.changes or []), *changes])

    def load(self) -> Scenario:
        """The scenario with its size and its changes.  Raises: ScenarioError."""
        sizes = [f"{key}={n}" for key, n in (("days", self.days), ("holders", self.holders)) if n is not None]
        return changed_scenario(self.scenario, [*sizes, *(self.changes or [])])


@dataclass(frozen=True, slots=True)
class Many:
    """How many worlds, whose luck, and what they are put beside."""

    many: Annotated[int | None, typer.Option("--worlds", min=1, max=10_000, help="how many worlds; default: 20")] = None
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**63 - 1, help="one world, of this seed; with --worlds the first of them")
    ] = None
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCENARIO|KEY=VALUE", help="what each is put beside; default: itself without the circle's deals"
        ),
    ] = None
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="worker processes; default: one a core")] = None

    def seeds(self) -> range:
        """The seeds that are run.  Raises: BadInput if the last is none."""
        first = self.seed or 0
        many = self.many or (WORLDS if self.seed is None else 1)
        if first + many > 2**63:
            raise BadInput(f"--seed: came {first} for {many} worlds; allowed: up to {2**63 - many}")
        return range(first, first + many)

    def beside(self, world: World, scenario: Scenario) -> tuple[Comparison | None, str]:
        """What the worlds of a scenario are put beside; where it is nothing, why.

        Raises: ScenarioError; BadInput for scenario and changes at once, or for two scenarios.
        """
        from ..experiments.worlds.comparison import with_another, with_twin
        from ..report.answer_clearing import has_only_debts

        if has_only_debts(scenario):
            return None, "There is no chance in it, and no market: one world, without others beside it."
        if not self.against:
            nothing = "Nothing is promised in it: there is no circle to take away, and one world is run alone."
            return with_twin(scenario), nothing
        named = [word for word in self.against if "=" not in word]
        if named and len(self.against) > 1:
            raise BadInput(f"--against: came {' and '.join(self.against)}; allowed: one scenario, or changes KEY=VALUE")
        other = replace(world, scenario=named[0], changes=None) if named else world.with_changes(self.against)
        return with_another(other.load(), self.against), ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """By which rule money is traced."""

    tracing: Annotated[Tracing, typer.Option(help="tracing rule of the headline tables")] = Tracing.PRO_RATA


@dataclass(frozen=True, slots=True)
class Output:
    """What is written and told."""

    out: Annotated[Path | None, typer.Option(help="run directory; default: runs/SCENARIO")] = None
    no_figures: NoFigures = False
    quiet: Quiet = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What is written and told of a run that was made from another."""

    out: Annotated[Path | None, typer.Option(help="run directory; default: a new one beside RUN")] = None
    no_figures: NoFigures = False
    quiet: Quiet = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept of the history."""

    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="TABLE[.COLUMN]", help="keep this table or column only; may be repeated"),
    ] = None
    also: Annotated[list[str] | None, typer.Option(metavar="TABLE", help="keep this too: fills, holders_changed")] = (
        None
    )
    agent: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="of tables that name somebody, only this one's rows")
    ] = None
    days_kept: Annotated[str, typer.Option("--keep-days", metavar="FIRST:LAST", help="days to keep")] = ":"
    every: Annotated[int, typer.Option("--keep-every", help="keep how things stand every so many days")] = 1
    panel: Annotated[int, typer.Option(help="households in a panel of your own")] = 0

    def choice(self) -> Choice:
        """The same as a choice.  Raises: ChoiceError."""
        from ..history.choice import Choice, days_of
        from ..history.kept import chosen_tables

        first, last = days_of(self.days_kept)
        choice = Choice(
            keep=tuple(self.keep or ()),
            also=tuple(self.also or ()),
            agents=tuple(self.agent or ()),
            first_day=first,
            last_day=last,
            every_days=self.every,
            panel=self.panel,
        )
        if choice != Choice():
            chosen_tables(choice)
        return choice


def grouped(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the fields of its groups as options of its own, behind what it takes besides."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}
    own = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name])
        for name, each in inspect.signature(command).parameters.items()
        if name not in groups
    ]
    options = own + [
        inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hint)
        for group in groups.values()
        for f, hint in zip(fields(group), get_type_hints(group, include_extras=True).values(), strict=True)
    ]

    def with_options(**values: Any) -> Any:
        taken = {name: group(**{f.name: values[f.name] for f in fields(group)}) for name, group in groups.items()}
        return command(**{each.name: values[each.name] for each in own}, **taken)

    with_options.__name__, with_options.__doc__ = command.__name__, command.__doc__
    with_options.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    return with_options


def changed_scenario(scenario: str, changes: Sequence[str]) -> Scenario:
    """A scenario with changes applied: key paths, or names of the headline parameters.

    Raises: ScenarioError.
    """
    from ..scenarios.loader import load
    from ..scenarios.parameters import PARAMETERS, apply_parameters

    names = {p.name for p in PARAMETERS}
    headline = [c for c in changes if c.partition("=")[0].strip() in names]
    data = load(scenario, [c for c in changes if c not in headline])
    values = {c.partition("=")[0].strip(): _number(c.partition("=")[2]) for c in headline}
    return apply_parameters(data, values)


def _number(text: str) -> Any:
    """A number where it is one; what is none is left for the parameter table to refuse."""
    try:
        return float(text)
    except ValueError:
        return text
