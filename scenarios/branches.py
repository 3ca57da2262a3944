"""A scenario that parts from another on a day: what changes then, as somebody says it in a few words, and is announced.

The result is an ordinary scenario: the same file with `[[on]]` and `[[stop]]` entries more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import BadInput, ScenarioError, shown
from .key_paths import is_number
from .overrides import split_assignment, value_of
from .schema import Scenario
from .validated import validated

BRANCH = "branch"


class NotADay(BadInput):
    """What was to say a day of a run and says none: `came`, and what is `allowed`."""

    def __init__(self, what: str, came: str, allowed: str) -> None:
        super().__init__(f"{what}: came {shown(came)}; allowed: {allowed}")
        self.came, self.allowed = came, allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """What is otherwise from a day on."""

    day: int
    set: Sequence[str] = ()
    """`KEY.PATH=VALUE` or `KEY.PATH*=FACTOR`."""
    stop: Sequence[str] = ()
    """Payers who put no new money in."""
    announce: str = ""
    """`FIRM: TEXT`."""
    direction: int = -1
    """Of the announcement: 1 good news, -1 bad news, 0 neither."""

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario with this fork in it.

        Raises: ScenarioError if nothing is changed, or something that cannot be.
        """
        entry = self._entry()
        if not (entry or self.stop):
            raise ScenarioError(BRANCH, "change", "none", "--set KEY=VALUE, --stop PAYER or --announce 'FIRM: TEXT'")
        data = scenario.model_dump()
        data["on"] = [*data["on"], *([{"day": self.day, **entry}] if entry else [])]
        data["stop"] = [*data["stop"], *({"day": self.day, "payer": payer} for payer in self.stop)]
        return validated(data, BRANCH)

    def _entry(self) -> dict[str, Any]:
        """The dated change; empty for none.  Raises: ScenarioError."""
        new: dict[str, Any] = {}
        factors: dict[str, Any] = {}
        for assignment in self.set:
            path, operator, text = split_assignment(assignment)
            value = value_of(text)
            if operator == "*=" and not is_number(value):
                raise ScenarioError(BRANCH, path, shown(value), "a number to multiply by")
            (factors if operator == "*=" else new)[path] = value
        entry: dict[str, Any] = {name: given for name, given in (("set", new), ("times", factors)) if given}
        if self.announce:
            firm, colon, text = self.announce.partition(":")
            if not (firm.strip() and colon and text.strip()):
                raise ScenarioError(BRANCH, "announce", shown(self.announce), "FIRM: TEXT")
            entry["announce"] = {"firm": firm.strip(), "text": text.strip(), "direction": self.direction}
        return entry


def day_said(scenario: Scenario, said: str, what: str, *, first: int = 1) -> int:
    """The trading day of a run that somebody names by date or number; a date without trading is the next day with it.

    Raises: NotADay if it is none of the run's.
    """
    from ..engine.calendar import trading_dates  # takes pandas: only where a day is named

    dates = trading_dates(scenario.start_date, scenario.days)
    allowed = f"a date from {dates[first]} to {dates[-1]}, or a day from {first} to {scenario.days}"
    try:
        day = int(said) if said.strip().isdecimal() else day_of_date(dates, date.fromisoformat(said.strip()))
    except ValueError:
        raise NotADay(what, said, allowed) from None
    if not first <= day <= scenario.days:
        raise NotADay(what, said, allowed)
    return day


def moved_day(scenario: Scenario, said: str, day: int) -> str:
    """What there is to say where a date without trading was named and `day` was taken for it; nothing elsewhere."""
    from ..engine.calendar import trading_dates

    if said.strip().isdecimal():
        return ""
    asked, taken = date.fromisoformat(said.strip()), trading_dates(scenario.start_date, scenario.days)[day]
    if asked == taken:
        return ""
    return f"{asked:%A}, {asked}, has no trading: day {day}, {taken:%A}, {taken}, the next with it, is taken."


def day_of_date(dates: Sequence[date], when: date) -> int:
    """Place of a date among the dates of a run, or of the next one; -1 before the first."""
    return -1 if when < dates[0] else sum(each < when for each in dates)
