"""`simulate`: run worlds of a scenario beside their twins, print the seven answers, write one of them whole."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..history.run_directory import RunDirectory
from .console import answer_renderables, console, words
from .options import Keeping, Many, Output, Ruling, World, grouped
from .progress import announce_compilation, steps
from .questions import ask
from .run_and_write import Made, Task, print_answer, run_and_write, say_written
from .statuses import RunFailed

if TYPE_CHECKING:
    from ..experiments.worlds.comparison import Comparison
    from ..experiments.worlds.pairs import Worlds
    from ..experiments.worlds.written import AnswerOfWorlds


@grouped
def simulate(
    world: World,
    many: Many,
    ruling: Ruling,
    output: Output,
    keeping: Keeping,
    page: Annotated[
        bool | None,
        typer.Option("--page/--no-page", help="write page.html, the run in one file that plays; default: with figures"),
    ] = None,
) -> None:
    """Run worlds of a scenario, each beside the same luck without the circle's deals, say what they have in common,
    and write the one in the middle as a run directory."""
    scenario = world.load()
    ask(scenario)
    beside, alone = many.beside(world, scenario)
    seeds = many.seeds() if beside is not None else many.seeds()[:1]
    task = partial(
        Task,
        scenario=scenario,
        tracing=str(ruling.tracing),
        choice=keeping.choice(),
        with_figures=not output.no_figures,
        quiet=output.quiet,
        with_page=page,
    )
    name = scenario.name if len(seeds) > 1 else f"{scenario.name}-seed{seeds[0]}"
    with RunDirectory.at(output.out, default=name) as directory:
        if beside is None:
            made = run_and_write(directory, task(seed=seeds[0]))
        else:
            made, answer = _beside(directory, task, seeds, beside, many.workers)
    if beside is None:
        print_answer(made.answer, quiet=output.quiet)
        print(f"\n{alone}")
    else:
        _print(answer, quiet=output.quiet)
    say_written(directory, made.digest)


def _beside(
    directory: RunDirectory, task: partial[Task], seeds: Sequence[int], beside: Comparison, workers: int | None
) -> tuple[Made, AnswerOfWorlds]:
    """Worlds beside others, and one of them in the directory.  Raises: RunFailed."""
    from ..experiments.worlds.pairs import Watched, beside_each_other, measured, names_measured
    from ..experiments.worlds.seven_answers import answers
    from ..experiments.worlds.written import AnswerOfWorlds

    scenario = task.keywords["scenario"]
    if len(seeds) > 1:
        worlds = _many(task, seeds, beside, workers)
        seed = worlds.example()
        made = run_and_write(directory, task(seed=seed, tells=False, made_from=_made_from(seeds, beside)))
    else:
        seed, names = seeds[0], names_measured(scenario)
        own = Watched(names)
        made = run_and_write(directory, task(seed=seed, observe=own, made_from=_made_from(seeds, beside)))
        try:
            twin = measured(beside.scenario.model_dump_json(), seed, names)
        except Exception as fault:
            raise RunFailed(f"in the world {beside.words}", f"{type(fault).__name__}: {fault}") from fault
        worlds = beside_each_other(scenario, beside, [seed], [own.result()], [twin])
    answer = AnswerOfWorlds(scenario, beside, worlds, answers(scenario, beside, worlds), seed, made.answer)
    answer.write(directory)
    if task.keywords["with_figures"]:
        from ..experiments.worlds.page import write_report

        command = shlex.join(["python", "run.py", *sys.argv[1:]])
        write_report(directory, answer, command=command, history=made.digest)
    return made, answer


def _made_from(seeds: Sequence[int], beside: Comparison) -> dict[str, object]:
    """What the manifest says of the worlds."""
    return {"worlds": {"seeds": list(seeds), "beside": beside.words}}


def _many(task: partial[Task], seeds: Sequence[int], beside: Comparison, workers: int | None) -> Worlds:
    """Many worlds on all cores.  Raises: RunFailed."""
    from ..experiments.runner.cases import quiet
    from ..experiments.runner.runs import FailedRun
    from ..experiments.worlds.pairs import run_pairs

    errors, scenario = Console(stderr=True), task.keywords["scenario"]
    if task.keywords["quiet"]:
        found = run_pairs(scenario, beside, seeds, workers=workers, tell=quiet)
    else:
        announce_compilation(errors)
        with steps("run", errors) as tell:
            found = run_pairs(scenario, beside, seeds, workers=workers, tell=tell)
    if isinstance(found, FailedRun):
        raise RunFailed(f"in a world of seed {found.case['seed']}", found.error)
    return found


def _print(answer: AnswerOfWorlds, *, quiet: bool) -> None:
    """The seven answers on standard output."""
    printer = console()
    for part in map(words, answer.headlines) if quiet else answer_renderables(answer.title, (), answer.sections):
        printer.print(part)
    if not quiet:
        printer.print(words(f"\n{answer.how_to_read}", style="dim"))
