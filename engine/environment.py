"""What the environment says to Carousel and to numba: a variable that cannot be taken is refused before any work."""

from __future__ import annotations

import importlib
import os
import re
import warnings

from .kernel_cache import VARIABLE as CACHE_VARIABLE

_NAMED = re.compile(r"NUMBA_\w+")


class VariableRefused(ValueError):
    """An environment variable that cannot be taken: `name`, what `came`, what is `allowed`."""

    def __init__(self, name: str, came: str, allowed: str) -> None:
        super().__init__(f"{name}: came {came!r}, allowed: {allowed}")
        self.name, self.came, self.allowed = name, came, allowed


def refuse_what_numba_cannot_take() -> None:
    """Let numba read its variables, if there are any: it would warn of one in many lines, or break off, at work.

    Raises: VariableRefused.
    """
    asked = sorted(name for name in os.environ if name.startswith("NUMBA_") and name != CACHE_VARIABLE)
    if not asked:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            importlib.import_module("numba")
    except (RuntimeWarning, ValueError) as fault:
        # numba's text names the variable, except where a number of threads is too small
        named = _NAMED.search(str(fault))
        name = named[0] if named else next((n for n in asked if n.endswith("THREADS")), asked[0])
        raise VariableRefused(name, os.environ[name], "a value that numba knows, or no such variable") from None
