"""What a run is made from, whole: scenario, seed, size, tracing rule, what is changed at the start and on which day.

A recipe is all the page and the server know of a run: the same recipe makes the same frames, a branch is another
recipe played from its first day. It is said as data, as TOML and as a command.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..ledger.origins import TracingRule
from ..model import CarouselModel
from ..scenarios.errors import ScenarioError, shown
from ..scenarios.loader import bundled, load, parse
from ..scenarios.overrides import override
from ..scenarios.parameters import apply_parameters
from ..scenarios.run_settings import SEED_MAX, tracing_of
from ..scenarios.schema import Scenario
from ..scenarios.validated import validated
from .sliders import WHERE, Moves

WORK_MAX = 100_000_000
"""Households times days of a run on the page."""
TURNS_MAX = 64
SETS_MAX = 200
TEXT_MAX = 60_000
KEYS = {"scenario", "text", "seed", "days", "holders", "tracing", "parameters", "sets", "turns"}
TURN_KEYS = {"day", "stop", "set", "times", "moved", "announce"}
RUN_IN = "run in "
"""How a scenario on offer is called whose command is not known; the names of others are words of `simulate`."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`scenario` is a bundled name or one that was offered; `text`, if not empty, a scenario file instead.

    `sets` are changes at the start, `KEY.PATH=VALUE` as after `--set`. `turns` are dated changes in the order in which
    they were made, each a mapping with `day` and `set`, `times`, `announce`, or `stop`: what `[[on]]` and `[[stop]]` of
    a scenario file say; `moved` there are sliders.
    """

    scenario: str = "ai-2025"
    text: str = ""
    seed: int = 0
    days: int | None = None
    holders: int | None = None
    tracing: str = "pro-rata"
    parameters: Mapping[str, float] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    turns: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, data: Any) -> Recipe:
        """The recipe that plain data say.  Raises: ScenarioError if they say none."""
        if not isinstance(data, dict):
            raise ScenarioError(WHERE, "all of it", shown(data), "an object")
        if unknown := sorted(set(data) - KEYS):
            raise ScenarioError(WHERE, shown(unknown[0]), "an unknown key", ", ".join(sorted(KEYS)))
        turns, given = data.get("turns", []), data.get("parameters", {})
        if not (isinstance(turns, list) and len(turns) <= TURNS_MAX and all(isinstance(t, dict) for t in turns)):
            raise ScenarioError(WHERE, "turns", shown(turns), f"a list of at most {TURNS_MAX} objects")
        sets = data.get("sets", [])
        if not (isinstance(sets, list) and len(sets) <= SETS_MAX and all(isinstance(each, str) for each in sets)):
            raise ScenarioError(WHERE, "sets", shown(sets), f"a list of at most {SETS_MAX} texts, KEY.PATH=VALUE each")
        if not (isinstance(given, dict) and all(type(v) in (int, float) for v in given.values())):
            raise ScenarioError(WHERE, "parameters", shown(given), "an object of numbers")
        return cls(
            scenario=_text(data, "scenario", "ai-2025", 200),
            text=_text(data, "text", "", TEXT_MAX),
            seed=_seed(data),
            days=_whole(data, "days", 1, 5040),
            holders=_whole(data, "holders", 0, 10_000_000),
            tracing=str(tracing_of(data.get("tracing", "pro-rata"))),
            parameters={str(name): float(value) for name, value in given.items()},
            sets=tuple(sets),
            turns=tuple(turns),
        )

    def base(self, offered: Mapping[str, Scenario] | None = None) -> Scenario:
        """The scenario before anything is changed.  Raises: ScenarioError; never opens a path."""
        if self.text:
            return parse(self.text, file="the scenario sent")
        if offered and self.scenario in offered:
            return offered[self.scenario]
        if self.scenario not in bundled():
            raise ScenarioError(WHERE, "scenario", shown(self.scenario), f"one of {', '.join(bundled())}")
        return load(self.scenario)

    def opening(self, offered: Mapping[str, Scenario] | None = None) -> Scenario:
        """The scenario with everything in it that is changed at its start.  Raises: ScenarioError."""
        sizes = [f"{key}={n}" for key, n in (("days", self.days), ("holders", self.holders)) if n is not None]
        made = apply_parameters(override(self.base(offered), [*sizes, *self.sets]), dict(self.parameters))
        if made.days * max(1, made.holders) > WORK_MAX:
            raise ScenarioError(
                WHERE, "holders", f"{made.holders} over {made.days} days", f"at most {WORK_MAX:,} household-days"
            )
        return made

    def world(self, offered: Mapping[str, Scenario] | None = None) -> Scenario:
        """The scenario with everything in it that is changed.  Raises: ScenarioError."""
        made = self.opening(offered)
        if not self.turns:
            return made
        data = made.model_dump()
        entries, stops = dated(self.turns, made, self.parameters)
        data["on"], data["stop"] = [*data["on"], *entries], [*data["stop"], *stops]
        return validated(data, WHERE)

    def model(self, offered: Mapping[str, Scenario] | None = None) -> CarouselModel:
        """The run at its opening.  Raises: ScenarioError."""
        return CarouselModel(self.world(offered), rng=self.seed, tracing=self.tracing)

    def as_toml(self, offered: Mapping[str, Scenario] | None = None) -> str:
        """A scenario file that extends the one of this recipe by its dated changes, or the text that was sent with them
        behind it; empty where nothing is changed."""
        if not self.turns:
            return self.text
        base, words = self.base(offered), self._words(offered)
        entries, stops = dated(self.turns, self.opening(offered), self.parameters)
        lines = [f"extends = {_toml(words[0])}", f"name = {_toml(base.name + '-changed')}"] if words else []
        lines = [self.text.rstrip()] if self.text else lines
        for kind, each in (*(("on", e) for e in entries), *(("stop", s) for s in stops)):
            lines += ["", f"[[{kind}]]", *(f"{key} = {_toml(value)}" for key, value in each.items())]
        return "\n".join(lines) + "\n"

    def as_command(self, offered: Mapping[str, Scenario] | None = None) -> str:
        """The command that makes the same run, from the file of `as_toml` where there is one; empty if unknown."""
        made = self._words(offered)
        if not made:
            return ""
        words = ["python", "run.py", "simulate", "changed.toml" if self.turns or self.text else made[0], *made[1:]]
        words += ["--seed", str(self.seed)]
        words += [w for name, n in (("--days", self.days), ("--holders", self.holders)) if n is not None
                  for w in (name, str(n))]  # fmt: skip
        words += ["--tracing", self.tracing] if self.tracing != TracingRule.PRO_RATA else []
        words += [w for each in self.sets for w in ("--set", each)]
        words += [w for name, value in self.parameters.items() for w in ("--set", f"{name}={value!r}")]
        return shlex.join(words)

    def _words(self, offered: Mapping[str, Scenario] | None) -> list[str]:
        """What `simulate` is told to make the scenario before anything is changed; nothing if that is not known."""
        if self.text or not offered or self.scenario not in offered:
            return [self.scenario]
        return [] if self.scenario.startswith(RUN_IN) else shlex.split(self.scenario)


def dated(
    turns: tuple[Mapping[str, Any], ...], scenario: Scenario, parameters: Mapping[str, float]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Entries of `[[on]]` and of `[[stop]]` for what was done on the page, in the order of their days.

    Raises: ScenarioError for a day that is none, or a slider that cannot move during a run.
    """
    for turn in turns:
        day = turn.get("day")
        if type(day) is not int or not 1 <= day <= scenario.days:
            raise ScenarioError(WHERE, "turns.day", shown(day), f"a day from 1 to {scenario.days}")
        if unknown := sorted(set(turn) - TURN_KEYS):
            raise ScenarioError(WHERE, f"turns.{shown(unknown[0])}", "an unknown key", ", ".join(sorted(TURN_KEYS)))
    moves = Moves(scenario, parameters)
    entries, stops = [], []
    for turn in sorted(turns, key=lambda turn: int(turn["day"])):
        if "stop" in turn:
            stops.append({"day": turn["day"], "payer": turn["stop"]})
        entry = {key: turn[key] for key in ("set", "times", "announce") if key in turn}
        if "moved" in turn:
            moves.add(entry, turn["moved"])
        if entry or "stop" not in turn:
            entries.append({"day": turn["day"], **entry})
    return entries, stops


def _seed(data: Mapping[str, Any]) -> int:
    """The seed, never a fresh one; as its digits too, for a browser has not all whole numbers."""
    seed = data.get("seed", 0)
    is_digits = isinstance(seed, str) and len(seed) <= len(str(SEED_MAX)) and seed.isascii() and seed.isdigit()
    number = int(seed) if is_digits else seed
    if type(number) is not int or not 0 <= number <= SEED_MAX:
        raise ScenarioError(WHERE, "seed", shown(seed), "a whole number from 0 to 2^63 - 1")
    return number


def _text(data: Mapping[str, Any], key: str, default: str, length: int) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or len(value) > length:
        raise ScenarioError(WHERE, key, shown(value), f"a text of at most {length} characters")
    return value


def _whole(data: Mapping[str, Any], key: str, low: int, high: int) -> int | None:
    value = data.get(key)
    if value is not None and (type(value) is not int or not low <= value <= high):
        raise ScenarioError(WHERE, key, shown(value), f"a whole number from {low} to {high}")
    return value


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else repr(value)
