"""What is wrong with how a command was called, in one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..scenarios.errors import shown

ALLOWED = (
    (re.compile(r"valid integer"), "a whole number"),
    (re.compile(r"valid (?:float|number)"), "a number"),
    (re.compile(r"not in the range (.+?)\.?$"), r"\1"),
    (re.compile(r"((?:greater|less) than .+?)\.?$"), r"\1"),
    (re.compile(r"is not one of (.+?)\.?$"), r"one of \1"),
)
"""What typer's versions say of a value, and what is allowed by it."""


def usage_fault(fault: Any, arguments: Sequence[str]) -> str:
    """A usage error of typer's; of an option's value, what came and what is allowed, whichever typer refused it."""
    names = getattr(getattr(fault, "param", None), "opts", ())
    came = _came(names, arguments)
    for said, allowed in ALLOWED:
        found = said.search(str(getattr(fault, "message", "")))
        if found and came is not None:
            return f"{max(names, key=len)}: came {shown(came)}; allowed: {found.expand(allowed)}"
    return f"{fault.format_message()} (run.py --help lists the options)"


def _came(names: Sequence[str], arguments: Sequence[str]) -> str | None:
    """What stands behind an option, the last time it is named; None where it is not there."""
    found = None
    for argument, after in zip(arguments, [*arguments[1:], None], strict=True):
        name, equals, value = argument.partition("=")
        if name in names:
            found = value if equals else after
    return found
