"""How a command ends: every ending is an exit status and at most one line on standard error."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

import typer

from ..engine.environment import VariableRefused, refuse_what_numba_cannot_take
from ..engine.row_ranges import threads_wanted
from ..scenarios.errors import BadInput, one_line
from .app import app
from .interrupts import heed_interrupts, leave_quietly
from .statuses import BAD_INPUT, FAILED, INTERRUPTED, OK, Interrupted, RunFailed
from .streams import speak_to_anybody
from .usage import usage_fault

ClickError: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""The base of typer's usage errors, wherever the installed typer has its click."""
NO_COMMAND = ("--help", "-h", "--version")
"""Options that stand without a command."""


def main() -> None:
    """Entry point: without a command, `simulate` is meant."""
    heed_interrupts()
    speak_to_anybody()
    os.environ["MPLBACKEND"] = "agg"  # pictures go to files; a name that matplotlib does not know would end its import
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in NO_COMMAND):
        arguments = ["simulate", *arguments]
    status = run_command(arguments)
    try:
        sys.stdout.flush()
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that nobody tries again
        status = status or _fail(f"error: the output cannot be written: {fault.strerror}", FAILED)
    leave_quietly()
    sys.exit(status)


def run_command(arguments: list[str]) -> int:
    """Run one command and turn every ending into an exit status.

    Nothing but bad input may look like bad input: only typer's, the scenario's, the environment's and the outputs' own
    errors do.
    """
    try:
        threads_wanted()
        refuse_what_numba_cannot_take()
        result = typer.main.get_command(app).main(args=arguments, prog_name="run.py", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.Exit as end:
        result = end.exit_code
    except (BadInput, VariableRefused) as fault:
        return _fail(f"error: {fault}", BAD_INPUT)
    except ClickError as fault:
        return _fail(f"error: {usage_fault(fault, arguments)}", BAD_INPUT)
    except RunFailed as fault:
        command = f"python run.py {shlex.join(arguments)}"
        return _fail(f"error: {fault}; to repeat: {command}", FAILED)
    except Interrupted as end:
        return _fail(f"interrupted: {end}", INTERRUPTED)
    except MemoryError:
        return _fail("error: the run failed: out of memory; fewer --holders need less", FAILED)
    except OSError as fault:
        return _fail(f"error: the run failed: {fault}", FAILED)
    # some versions of typer turn Ctrl-C into an exit status by themselves
    return _fail("interrupted: nothing was written", INTERRUPTED) if result == INTERRUPTED else int(result or OK)


def _fail(text: str, status: int) -> int:
    """One line on standard error."""
    print(one_line(" ".join(text.split()), len(text)), file=sys.stderr)
    return status
