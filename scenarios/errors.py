"""What is wrong with a scenario, said once: where, what came, what is allowed, and the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..engine.legible import escaped

SHOWN = 80
"""Characters shown of a value that came in."""
NO_FILE = ""
"""The file of a fault in a change by key path: the key says where it is."""
CANDIDATES_MAX = 2000
"""Names compared when looking for the nearest one: bounds the time of an error."""


def one_line(text: str, limit: int = 400) -> str:
    """The text with line breaks and other unprintable characters escaped, cut at `limit` characters."""
    cut = text if len(text) <= limit else text[:limit] + "..."
    return "".join(c if c.isprintable() else escaped(c) for c in cut)


def shown(value: object) -> str:
    """A short one-line form of a value that came in; long tables and lists are named, not printed."""
    if isinstance(value, dict):
        return f"a table with {len(value)} keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    text = str(value) if hasattr(value, "isoformat") else repr(value[:SHOWN] if isinstance(value, str) else value)
    return one_line(text, SHOWN)


def nearest_names(name: object, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` known names that look like `name`, the most similar first."""
    wanted = str(name)[:SHOWN]
    candidates = {k[:SHOWN].casefold(): k for k, _ in zip(known, range(CANDIDATES_MAX), strict=False)}
    found = difflib.get_close_matches(wanted.casefold(), list(candidates), n=most, cutoff=0.5)
    begun = [c for c in candidates if len(wanted) > 2 and c.startswith(wanted.casefold()) and c not in found]
    return tuple(candidates[f] for f in [*found, *begun][:most])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong inside a scenario, before it is known which file it came from."""

    key_path: str
    came: str
    allowed: str
    nearest: tuple[str, ...] = ()


class BadInput(ValueError):
    """What somebody gave cannot be used; the text is one line that says what came and what is allowed."""


class InputFault(BadInput):
    """Something wrong at a known place of what somebody gave.

    `file` is the file or bundled name, empty for a change by key path; `key_path` the key (or line and column of broken
    TOML), `came` what stood there, `allowed` what may stand there, `nearest` the most similar known names. The text is
    one line.
    """

    def __init__(self, file: str, key_path: str, came: str, allowed: str, nearest: Iterable[str] = ()) -> None:
        self.file = one_line(str(file))
        self.key_path = one_line(key_path)
        self.came = one_line(came)
        self.allowed = one_line(allowed)
        self.nearest = tuple(one_line(n, SHOWN) for n in nearest)
        super().__init__(self._line())

    def _line(self) -> str:
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        where = f"{self.file}: {self.key_path}" if self.file else self.key_path
        return f"{where}: came {self.came}; allowed: {self.allowed}{near}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.file, self.key_path, self.came, self.allowed, self.nearest)


class ScenarioError(InputFault):
    """A scenario (file, change or combination of values) that cannot be used."""


class ParameterError(ScenarioError):
    """A headline parameter that is unknown, out of its bounds or without effect on the scenario.

    `name` is the parameter; `file` is the name of the scenario it was meant for.
    """

    @property
    def name(self) -> str:
        """The parameter's name as it came."""
        return self.key_path
