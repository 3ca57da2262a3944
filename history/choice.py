"""What somebody wishes to keep of a run: which tables and columns, whose rows, which days. It never changes a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..scenarios.errors import BadInput, nearest_names, shown

PANEL_MAX = 100_000


class ChoiceError(BadInput):
    """A wish that cannot be met: `what` was asked for, what `came`, what is `allowed`, and the nearest names."""

    def __init__(self, what: str, came: object, allowed: str, nearest: tuple[str, ...] = ()) -> None:
        near = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"{what} is {shown(came)}; allowed: {allowed}{near}")
        self.what, self.came, self.allowed, self.nearest = what, came, allowed, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is kept; nothing said keeps every table but those on request, every row, every day.

    Raises: ChoiceError for days, an interval or a panel that cannot be; names are checked by whoever knows them.
    """

    keep: tuple[str, ...] = ()
    """Tables (`firms`) and columns (`firms.cash_cents`); none: every table that is not on request."""
    also: tuple[str, ...] = ()
    """Tables on request, beside the others: `fills`, `holders_changed`."""
    agents: tuple[str, ...] = ()
    """Parties: of tables that name somebody only rows that name one of them. None: all rows."""
    first_day: int = 0
    last_day: int | None = None
    """None: the last of the run."""
    every_days: int = 1
    """Interval, counted from the opening, at which the tables that say how things stand are kept; the last day always
    is, and what happened is kept of every day."""
    panel: int = 0
    """Households in a panel of your own (table `panel`), drawn as the sample of a hundred is."""

    def __post_init__(self) -> None:
        for name in ("keep", "also", "agents"):
            given = getattr(self, name)
            if isinstance(given, str) or not all(isinstance(word, str) for word in given):
                raise ChoiceError(name, given, "names, one by one")
            object.__setattr__(self, name, tuple(given))
        last = "" if self.last_day is None else f" to {self.last_day}"
        self._need("first_day", self.first_day, 0, f"a day from 0{last}", self.last_day)
        if self.last_day is not None:
            self._need("last_day", self.last_day, self.first_day, f"a day from {self.first_day}")
        self._need("every_days", self.every_days, 1, "1 and above")
        self._need("panel", self.panel, 0, f"0 to {PANEL_MAX} households", PANEL_MAX)

    def _need(self, name: str, came: object, least: int, allowed: str, most: int | None = None) -> None:
        if type(came) is not int or came < least or (most is not None and came > most):
            raise ChoiceError(name, came, allowed)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out of the tables it keeps."""
        return not (self.keep or self.agents or self.first_day or self.last_day is not None or self.every_days > 1)

    def has_day(self, day: int, last: int) -> bool:
        """Whether a day is kept of tables that say how things stand; `last` is the last of the run."""
        until = last if self.last_day is None else min(last, self.last_day)
        return self.first_day <= day <= until and (day % self.every_days == 0 or day == until)

    def as_data(self) -> dict[str, Any]:
        """Plain data for the manifest."""
        return asdict(self)


def days_of(text: str) -> tuple[int, int | None]:
    """First and last day of `FIRST:LAST`, either of which may be missing, or of one day.  Raises: ChoiceError."""
    first, colon, last = text.partition(":")
    try:
        begin = int(first) if first.strip() else 0
        end = (int(last) if last.strip() else None) if colon else begin
    except ValueError:
        raise ChoiceError("days", text, "FIRST:LAST, for example 0:126") from None
    return begin, end


def need_known(what: str, name: str, known: list[str], allowed: str) -> None:
    """Raises: ChoiceError for a name that is not known."""
    if name not in known:
        raise ChoiceError(what, name, allowed, nearest_names(name, known))
