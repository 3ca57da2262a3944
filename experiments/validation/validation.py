"""Does the simulated world behave like the real one: every group of checks, the wrong twins, and a judgement by the
record."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..runner.runs import Tell
from . import twins
from .checks import Check, Verdict
from .record import Section

GroupChecks = Callable[..., list[Check]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some checks of one kind: `module` has `checks(*, quick, workers, tell)`; `meaning` is for the reader.

    The module may also have `seeds(quick)`, the seeds of its runs.
    """

    name: str
    module: str
    title: str
    meaning: str


GROUPS: tuple[Group, ...] = (
    Group(
        "mechanism",
        "mechanism_checks",
        "The mechanism",
        "Arithmetic that must come out exactly, the origin of the loop's cash, and auctions that must respect their "
        "orders.",
    ),
    Group(
        "turn",
        "turn_checks",
        "When the circle turns",
        "Nothing scripts a reversal: the same seeds go on where customers' money grows, and run backwards where "
        "neither growth nor money is there.",
    ),
    Group(
        "events",
        "event_checks",
        "Announcements",
        "The two of September 2025 and other kinds, all with one set of behavioural parameters: what a promise does to "
        "a share on its day, and which part is earnings, story and flow.",
    ),
    Group(
        "facts",
        "facts_study",
        "Stylised facts of daily returns",
        "Twenty years of simulated index and shares, measured by the same functions as real series: fat tails, "
        "clustered volatility, losses that agitate, volume that comes with moves.",
    ),
    Group(
        "impact",
        "flow_multiplier",
        "Price impact",
        "What a dollar that flows in does to market value: measured with real orders, never an input.",
    ),
    Group(
        "monetisation",
        "monetisation",
        "When the circle runs backwards",
        "Regimes over growth of customers' money, committed spending and dry powder.",
    ),
    Group(
        "shapley",
        "shapley",
        "Who made it possible",
        "What each class of payers adds to what was built, over all orders in which they could arrive.",
    ),
)
TWIN_GROUP = Group(
    "twins",
    "twins",
    "Wrong twins",
    "A check that nothing can fail shows nothing. Each twin is this machine with one thing wrong on purpose; measured "
    "is how many checks that the honest machine passes (at the quick size) the twin fails.",
)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What a group measured; `fault` says why it broke off, if it did."""

    group: Group
    checks: tuple[Check, ...]
    seconds: float
    seeds: tuple[int, ...] = ()
    fault: str = ""

    @property
    def holding(self) -> int:
        """How many of its checks hold."""
        return sum(check.verdict is Verdict.HOLDS for check in self.checks)


@dataclass(frozen=True, slots=True)
class TwinResult:
    """A twin against one group: the checks that the honest machine passes, and those of them that the twin fails."""

    twin: twins.Twin
    group: str
    passed_honestly: tuple[str, ...]
    failed: tuple[str, ...]
    seconds: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything a validation found."""

    size: str
    results: tuple[GroupResult, ...]
    twins: tuple[TwinResult, ...]
    seconds: float

    @property
    def measured(self) -> dict[str, tuple[Check, ...]]:
        """All checks by group."""
        return {result.group.name: result.checks for result in self.results}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a validation is; `seconds_left` is None as long as nothing is known."""

    title: str
    step: int
    steps: int
    done: int
    of: int
    seconds_left: float | None


Watch = Callable[[Progress], None]


def unseen(_: Progress) -> None:
    """Nobody watches."""


SOME_PART = 0.1
"""Done part of a step from which on it tells more about itself than the record does."""


class Clock:
    """Time left: what the steps to come took when they were recorded, at the pace of those done."""

    def __init__(self, expected: Sequence[tuple[str, float | None]], watch: Watch) -> None:
        self.expected, self.watch = list(expected), watch
        self.step, self.began = 0, time.monotonic()

    def start(self) -> Tell:
        """The next step begins; returns what it tells its progress to."""
        self.step += 1
        begun = time.monotonic()
        title = self.expected[self.step - 1][0]

        def tell(done: int, of: int) -> None:
            left = self._left(begun, done / of if of else 0.0)
            self.watch(Progress(title, self.step, len(self.expected), done, of, left))

        tell(0, 0)
        return tell

    def _left(self, begun: float, part: float) -> float | None:
        """Seconds left, or None while a step to come is unknown."""
        now = time.monotonic()
        known = [seconds for _, seconds in self.expected]
        before, here, later = known[: self.step - 1], known[self.step - 1], known[self.step :]
        if None in later or (here is None and part <= SOME_PART):
            return None
        took = sum(seconds for seconds in before if seconds is not None)
        pace = (begun - self.began) / took if took > 0 and None not in before else 1.0
        rest = pace * sum(seconds for seconds in later if seconds is not None)
        if part > SOME_PART or here is None:
            return (now - begun) * (1 - part) / part + rest
        return max(0.0, pace * here - (now - begun)) + rest


def validate(
    groups: Sequence[Group],
    *,
    quick: bool,
    workers: int | None = None,
    recorded: Mapping[str, Section] | None = None,
    all_twins: Sequence[twins.Twin] = twins.TWINS,
    watch: Watch = unseen,
) -> Validation:
    """Run all groups, then the wrong twins on those of the groups that they must fail (always at the quick size).

    `recorded` is the record, for how long each takes. A group that raises is a check that misses, and costs no other
    group anything.
    """
    began = time.monotonic()
    names = [group.name for group in groups]
    duties = [(twin, group, keys) for twin in all_twins for group, keys in twin.must_fail if group in names]
    again = [] if quick else [g for g in groups if g.name in {group for _, group, _ in duties}]
    by_name = {group.name: group for group in groups}
    size = "quick" if quick else "full"

    def known(which: str, group: str) -> float | None:
        there = (recorded or {}).get(which, {}).get(group)
        return None if there is None else there.seconds

    clock = Clock(
        [(g.title, known(size, g.name)) for g in groups]
        + [(f"{g.title}, quick size", known("quick", g.name)) for g in again]
        + [(f"twin {twin.name}: {by_name[group].title}", known("quick", group)) for twin, group, _ in duties],
        watch,
    )
    results = [run_group(group, quick=quick, workers=workers, tell=clock.start()) for group in groups]
    honest = [run_group(g, quick=True, workers=workers, tell=clock.start()) for g in again] if again else results
    passed = {
        r.group.name: tuple(c.key for c in r.checks if c.verdict is Verdict.HOLDS and not r.fault) for r in honest
    }
    found = [
        run_twin(twin, by_name[group], keys, passed[group], workers=workers, tell=clock.start())
        for twin, group, keys in duties
    ]
    if duties:
        spent = sum(twin.seconds for twin in found) + sum(r.seconds for r in honest if r not in results)
        results.append(GroupResult(TWIN_GROUP, tuple(twin_check(twin) for twin in found), spent))
    return Validation(size, tuple(results), tuple(found), time.monotonic() - began)


def run_group(group: Group, *, quick: bool, workers: int | None, tell: Tell) -> GroupResult:
    """One group's checks; whatever it raises becomes a check that misses, with the reason."""
    began = time.monotonic()
    seeds: tuple[int, ...] = ()
    try:
        module = importlib.import_module(f"{__package__}.{group.module}")
        seeds = tuple(module.seeds(quick)) if hasattr(module, "seeds") else ()
        checks = _sound(module.checks(quick=quick, workers=workers, tell=tell))
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"
        return GroupResult(group, (broken_off(group.name, reason),), time.monotonic() - began, seeds, reason)
    return GroupResult(group, checks, time.monotonic() - began, seeds)


def _sound(checks: Iterable[Any]) -> tuple[Check, ...]:
    """A group's checks: some, each a check, no key twice. Raises: ValueError."""
    found = tuple(checks)
    keys = [check.key if isinstance(check, Check) else None for check in found]
    if not found or None in keys or len(set(keys)) < len(keys):
        twice = sorted({key for key in keys if key is not None and keys.count(key) > 1})
        raise ValueError(f"came {len(found)} checks, twice: {twice}; allowed: one or more checks, each key once")
    return found


def broken_off(group: str, reason: str) -> Check:
    """The check that a group which raised leaves behind."""
    key, claim = f"{group}.ran", "this group of checks runs to its end"
    return Check(key, claim, float("nan"), 1.0, 1.0, "-", "this project", note=" ".join(reason.split())[:300])


def run_twin(
    twin: twins.Twin, group: Group, keys: Sequence[str], passed: Sequence[str], *, workers: int | None, tell: Tell
) -> TwinResult:
    """A group of checks on the wrong machine: which of those with these beginnings, passed honestly, does it fail?

    A check that the twin's run does not even reach is not failed: a crash proves nothing about the checks.
    """
    began = time.monotonic()
    counted = tuple(key for key in passed if key.startswith(tuple(keys)))
    try:
        with twins.disguised(twin.name):
            result = run_group(group, quick=True, workers=workers, tell=tell)
        fault = result.fault
    except Exception as stopped:
        fault = f"{type(stopped).__name__}: {stopped}"
    if fault:
        return TwinResult(twin, group.name, counted, (), time.monotonic() - began, fault)
    missed = {check.key for check in result.checks if check.verdict is not Verdict.HOLDS}
    failed = tuple(key for key in counted if key in missed)
    return TwinResult(twin, group.name, counted, failed, time.monotonic() - began)


def twin_check(result: TwinResult) -> Check:
    """The claim that a twin is caught."""
    key = f"twins.{result.twin.name}.{result.group}"
    claim = f"The twin in which {result.twin.fault} fails checks of the group {result.group}"
    note = "fails " + ", ".join(result.failed) if result.failed else "passes everything"
    measured = float("nan") if result.fault else float(len(result.failed))
    source = "a wrong machine must fail the same checks"
    return Check(key, claim, measured, 1.0, float("inf"), "checks", source, note=result.fault or note)


def faults(validation: Validation) -> list[str]:
    """What no record excuses: groups that broke off, and wrong twins that pass everything."""
    broken = [f"{r.group.name} broke off: {r.fault}" for r in validation.results if r.fault]
    unseen_twins = [
        f"the wrong twin {t.twin.name} " + (f"broke off: {t.fault}" if t.fault else "passes everything")
        + f" (group {t.group})"
        for t in validation.twins
        if not t.failed
    ]  # fmt: skip
    return broken + unseen_twins
