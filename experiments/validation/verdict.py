"""From measured checks to a verdict: compare with the record, write the report, accept what somebody has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .record import (
    Change,
    Recorded,
    RecordedGroup,
    RecordError,
    Section,
    compare,
    read_record,
    write_record,
)
from .report import report
from .validation import TWIN_GROUP, Group, Validation, Watch, faults, unseen, validate

RECORD_NAME, REPORT_NAME = "validation.json", "validation.md"


class UnknownGroup(ValueError):
    """A group of checks that does not exist."""

    def __init__(self, came: str, allowed: Sequence[str]) -> None:
        super().__init__(f"came group {came!r}, allowed: {', '.join(allowed)}")
        self.came, self.allowed = came, tuple(allowed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A validation, judged. `written` are the files that changed."""

    validation: Validation
    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    written: tuple[Path, ...]
    accepted: bool

    @property
    def setbacks(self) -> tuple[Change, ...]:
        """What is worse than recorded."""
        return tuple(change for change in self.changes if change.is_setback)

    @property
    def failed(self) -> bool:
        """Whether this must stop whoever asked: setbacks nobody accepted, or faults that no record excuses."""
        return bool(self.faults) or (bool(self.setbacks) and not self.accepted)


def validate_and_judge(
    groups: Sequence[Group],
    folder: Path,
    *,
    quick: bool,
    accept: bool = False,
    only: Sequence[str] = (),
    workers: int | None = None,
    report_to: Path | None = None,
    command: str = "python run.py validate",
    watch: Watch = unseen,
) -> Outcome:
    """Run the checks of all groups (or `only` some) and judge them by the record in `folder`.

    A full validation of all groups writes the report there; others only where `report_to` says. `accept` makes what was
    measured the record, unless a group broke off or a wrong twin passed everything.

    Raises: RecordError, before anything is run, if there is nothing to judge by; UnknownGroup.
    """
    chosen = [group for group in groups if not only or group.name in only]
    for name in only:
        if name not in [group.name for group in groups]:
            raise UnknownGroup(name, [group.name for group in groups])
    path, size = folder / RECORD_NAME, "quick" if quick else "full"
    sections = read_record(path)
    if not sections.get(size) and not accept:
        raise RecordError(path, size, "nothing", "verdicts to judge by; --accept starts with those measured")
    before = _part(sections.get(size, {}), chosen, is_all=not only)
    validation = validate(chosen, quick=quick, workers=workers, recorded=sections, watch=watch)
    changes = compare(before, validation.measured)
    found = faults(validation)
    written = []
    target = report_to if report_to is not None else (None if quick or only else folder / REPORT_NAME)
    if target is not None:
        target.write_text(report(validation, changes, found, command=command), encoding="utf-8")
        written.append(target)
    is_accepted = accept and not found
    if is_accepted:
        write_record(path, {**sections, size: _accepted(sections.get(size, {}), validation, is_all=not only)})
        written.append(path)
    return Outcome(validation, tuple(changes), tuple(found), tuple(written), is_accepted)


def _part(section: Section, chosen: Sequence[Group], *, is_all: bool) -> Section:
    """What of a record the chosen groups must answer for: with all of them, everything."""
    if is_all:
        return section
    names = [group.name for group in chosen]
    part = {name: group for name, group in section.items() if name in names}
    if TWIN_GROUP.name in section:
        twin = section[TWIN_GROUP.name]
        kept = {key: check for key, check in twin.checks.items() if key.rpartition(".")[2] in names}
        part[TWIN_GROUP.name] = RecordedGroup(kept, twin.seconds)
    return part


def _accepted(section: Section, validation: Validation, *, is_all: bool) -> Mapping[str, RecordedGroup]:
    """The record after acceptance: what was measured; what was not asked for stays."""
    kept = {} if is_all else dict(section)
    for result in validation.results:
        checks = {check.key: Recorded.of(check) for check in result.checks}
        if result.group.name == TWIN_GROUP.name and TWIN_GROUP.name in kept:
            checks = {**kept[TWIN_GROUP.name].checks, **checks}
        kept[result.group.name] = RecordedGroup(checks, result.seconds)
    return kept
