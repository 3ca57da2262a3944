"""How commands show where long work is: on standard error, in place at a terminal, in a few plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..engine.kernel_cache import has_kernels

if TYPE_CHECKING:
    from ..model import CarouselModel

COMPILE_SECONDS = 60
"""About how long the first compilation of all kernels takes on one core."""
PROGRESS_SECONDS = 10
"""How often long work says where it is when nobody sits at a terminal."""


def announce_compilation(errors: Console) -> None:
    """Says why nothing moves for a while, if no compiled kernel is cached yet."""
    if not has_kernels(Path(__file__).parents[1]):
        errors.print(Text(f"compiling the market's kernels, once: about {COMPILE_SECONDS} s"))


@contextmanager
def progress_of_days(model: CarouselModel, errors: Console, *, quiet: bool) -> Iterator[Any]:
    """Shows day x of n, the date and the time left; plain lines, ten of them, when nobody sits at a terminal."""
    if quiet:
        yield lambda: None
    elif errors.is_terminal:
        columns = (TextColumn("day {task.completed} of {task.total}"), BarColumn(), TextColumn("{task.fields[date]}"))
        with Progress(*columns, TimeRemainingColumn(), console=errors, transient=True) as bar:
            task = bar.add_task("run", total=model.clock.days, date=str(model.clock.date))
            yield lambda: bar.update(task, completed=model.clock.day, date=str(model.clock.date))
    else:
        began = time.monotonic()
        every = max(1, model.clock.days // 10)

        def tell() -> None:
            if model.clock.day % every == 0 or model.clock.day == model.clock.days:
                left = (time.monotonic() - began) / model.clock.day * (model.clock.days - model.clock.day)
                errors.print(
                    Text(f"day {model.clock.day} of {model.clock.days}, {model.clock.date}, {left:.0f} s left")
                )

        yield tell


def tell_line(line_of: Any) -> Any:
    """Shows where long work is: one line that changes at a terminal, else one line every ten seconds or new step."""
    errors = Console(stderr=True)
    last: list[Any] = [0.0, None]

    def tell(progress: Any) -> None:
        now, is_new = time.monotonic(), progress.step != last[1]
        if errors.is_terminal:
            errors.print(Text(line_of(progress)), end="\r", overflow="ellipsis", no_wrap=True)
        elif is_new or now - last[0] > PROGRESS_SECONDS:
            errors.print(Text(line_of(progress)), soft_wrap=True)
            last[:] = now, progress.step

    return tell


def tell_rows(errors: Console) -> Any:
    """Tells on standard error how many rows are done and how long the rest will take, about every ten seconds."""
    began = time.monotonic()
    last = [began]

    def tell(done: int, of: int) -> None:
        now = time.monotonic()
        if done == of or now - last[0] >= (1.0 if errors.is_terminal else 10.0):
            last[0] = now
            left = (now - began) / done * (of - done)
            errors.print(Text(f"{done:,} of {of:,} rows, {left:.0f} s left"))

    return tell


@contextmanager
def steps(what: str, errors: Console) -> Iterator[Any]:
    """Shows done of all and the time left; plain lines, about ten of them, when nobody sits at a terminal."""
    if errors.is_terminal:
        columns = (TextColumn(what + " {task.completed} of {task.total}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=errors, transient=True) as bar:
            task = bar.add_task("run", total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)
        return
    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        if done in (1, of) or done % max(1, of // 10) == 0:
            left = (time.monotonic() - began) / done * (of - done)
            errors.print(Text(f"{what} {done} of {of}, {left:.0f} s left"))

    yield tell
