"""Does the simulated world behave like the real one: every group of checks, then the same with each fault planted."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..runner.cluster import kept_processes
from ..runner.runs import Tell
from .checks import Check, ClaimKind, Verdict
from .groups import PLANTED, Group
from .planted_faults import PLANTED_FAULTS, PlantedFault, planting
from .progress import Clock, Watch, unseen
from .record import Section
from .results import GroupResult, PlantedResult, Validation

EXPERIMENTS = __name__.rpartition(".validation.")[0]


@kept_processes()
def validate(
    groups: Sequence[Group],
    *,
    quick: bool,
    workers: int | None = None,
    recorded: Mapping[str, Section] | None = None,
    faults: Sequence[PlantedFault] = PLANTED_FAULTS,
    watch: Watch = unseen,
) -> Validation:
    """Run all groups, then plant each fault and run those of the groups that must notice it (at the quick size).

    `recorded` is the record, for how long each takes. A group that raises is a check that misses, and costs no other
    group anything.
    """
    began = time.monotonic()
    names = [group.name for group in groups]
    duties = [(fault, group, keys) for fault in faults for group, keys in fault.must_fail if group in names]
    again = [] if quick else [g for g in groups if g.name in {group for _, group, _ in duties}]
    by_name = {group.name: group for group in groups}
    size = "quick" if quick else "full"

    def known(which: str, group: str) -> float | None:
        there = (recorded or {}).get(which, {}).get(group)
        return None if there is None else there.seconds

    clock = Clock(
        [(g.title, known(size, g.name)) for g in groups]
        + [(f"{g.title}, quick size", known("quick", g.name)) for g in again]
        + [(f"planted {fault.name}: {by_name[group].title}", known("quick", group)) for fault, group, _ in duties],
        watch,
    )
    results = [run_group(group, quick=quick, workers=workers, tell=clock.start()) for group in groups]
    sound = [run_group(g, quick=True, workers=workers, tell=clock.start()) for g in again] if again else results
    passed = {r.group.name: tuple(c.key for c in r.checks if c.verdict is Verdict.HOLDS and not r.fault) for r in sound}
    found = [
        run_planted(fault, by_name[group], keys, passed[group], workers=workers, tell=clock.start())
        for fault, group, keys in duties
    ]
    if duties:
        spent = sum(each.seconds for each in found) + sum(r.seconds for r in sound if r not in results)
        results.append(GroupResult(PLANTED, tuple(noticed(each) for each in found), spent))
    return Validation(size, tuple(results), tuple(found), time.monotonic() - began)


def run_group(group: Group, *, quick: bool, workers: int | None, tell: Tell) -> GroupResult:
    """One group's checks; whatever it raises becomes a check that misses, with the reason."""
    began = time.monotonic()
    seeds: tuple[int, ...] = ()
    try:
        module = importlib.import_module(f"{EXPERIMENTS}.{group.module}")
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
    return Check(
        key,
        claim,
        float("nan"),
        1.0,
        1.0,
        "-",
        "this project",
        note=" ".join(reason.split())[:300],
        kind=ClaimKind.IDENTITY,
    )


def run_planted(
    planted: PlantedFault,
    group: Group,
    keys: Sequence[str],
    passed: Sequence[str],
    *,
    workers: int | None,
    tell: Tell,
) -> PlantedResult:
    """A group of checks with a fault planted: which of those with these beginnings, passed without it, fail?

    A check that is not even reached has not failed: a crash proves nothing about the checks.
    """
    began = time.monotonic()
    counted = tuple(key for key in passed if key.startswith(tuple(keys)))
    try:
        with planting(planted.name):
            result = run_group(group, quick=True, workers=workers, tell=tell)
        fault = result.fault
    except Exception as stopped:
        fault = f"{type(stopped).__name__}: {stopped}"
    if fault:
        return PlantedResult(planted, group.name, counted, (), time.monotonic() - began, fault)
    missed = {check.key for check in result.checks if check.verdict is not Verdict.HOLDS}
    failed = tuple(key for key in counted if key in missed)
    return PlantedResult(planted, group.name, counted, failed, time.monotonic() - began)


def noticed(result: PlantedResult) -> Check:
    """The claim that a planted fault is noticed."""
    key = f"{PLANTED.name}.{result.planted.name}.{result.group}"
    claim = f"Where {result.planted.wrong}, checks of the group {result.group} fail"
    note = "fails " + ", ".join(result.failed) if result.failed else "passes everything"
    measured = float("nan") if result.fault else float(len(result.failed))
    source = "the same checks must fail on a machine that is wrong"
    return Check(
        key, claim, measured, 1.0, float("inf"), "checks", source, note=result.fault or note, kind=ClaimKind.IDENTITY
    )
