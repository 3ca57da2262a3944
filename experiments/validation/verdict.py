"""From measured checks to a verdict: compare with the record, write the report, accept what somebody has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ...history.output_file import OutputFile
from .groups import PLANTED, Group
from .outcome import Outcome
from .progress import Watch, unseen
from .record import (
    Recorded,
    RecordedGroup,
    RecordError,
    Section,
    compare,
    read_record,
    write_record,
)
from .report_page import report
from .results import Validation
from .run import validate

RECORD_NAME, REPORT_NAME = "validation.json", "validation.md"


class UnknownGroup(ValueError):
    """A group of checks that does not exist."""

    def __init__(self, came: str, allowed: Sequence[str]) -> None:
        super().__init__(f"came group {came!r}, allowed: {', '.join(allowed)}")
        self.came, self.allowed = came, tuple(allowed)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked of a validation: its size, which groups (none named: all), how many processes.

    `accept` makes what was measured the record; `report_to` is where the report goes; `command` is what repeats it.
    """

    quick: bool
    accept: bool = False
    only: tuple[str, ...] = ()
    workers: int | None = None
    report_to: Path | None = None
    command: str = "python run.py validate"

    @property
    def size(self) -> str:
        """The part of the record that it is judged by."""
        return "quick" if self.quick else "full"


def validate_and_judge(groups: Sequence[Group], folder: Path, request: Request, *, watch: Watch = unseen) -> Outcome:
    """Run the checks of all groups (or only some) and judge them by the record in `folder`.

    A full validation of all groups writes the report there; others only where `report_to` says. Nothing is accepted
    when a group broke off or a planted fault passed everything.

    Raises, before anything is run: RecordError if there is nothing to judge by; UnknownGroup; OutputRefused.
    """
    chosen, is_all = _chosen(groups, request.only), not request.only
    path, size = folder / RECORD_NAME, request.size
    sections = read_record(path)
    recorded = sections.get(size, {})
    if not recorded and not request.accept:
        raise RecordError(path, size, "nothing", "verdicts to judge by; --accept starts with those measured")
    target = request.report_to or (folder / REPORT_NAME if is_all and not request.quick else None)
    with OutputFile(target) if target is not None else nullcontext() as output:
        validation = validate(chosen, quick=request.quick, workers=request.workers, recorded=sections, watch=watch)
        changes = compare(_part(recorded, chosen, is_all=is_all), validation.measured)
        found = inexcusable(validation)
        if output is not None:
            quick = sections.get("quick", {})
            output.write_text(report(validation, changes, found, command=request.command, quick=quick))
    written = [target] if target is not None else []
    is_accepted = request.accept and not found
    if is_accepted:
        write_record(path, {**sections, size: _accepted(recorded, validation, is_all=is_all)})
        written.append(path)
    return Outcome(validation, tuple(changes), tuple(found), tuple(written), is_accepted)


def _chosen(groups: Sequence[Group], only: Sequence[str]) -> list[Group]:
    """The groups asked for. Raises: UnknownGroup."""
    names = [group.name for group in groups]
    for name in only:
        if name not in names:
            raise UnknownGroup(name, names)
    return [group for group in groups if not only or group.name in only]


def inexcusable(validation: Validation) -> list[str]:
    """What no record excuses: groups that broke off, and planted faults that nothing noticed."""
    broken = [f"{r.group.name} broke off: {r.fault}" for r in validation.results if r.fault]
    unnoticed = [
        f"the planted fault {p.planted.name} " + (f"broke off: {p.fault}" if p.fault else "passes everything")
        + f" (group {p.group})"
        for p in validation.planted
        if not p.failed
    ]  # fmt: skip
    return broken + unnoticed


def _part(section: Section, chosen: Sequence[Group], *, is_all: bool) -> Section:
    """What of a record the chosen groups must answer for: with all of them, everything."""
    if is_all:
        return section
    names = [group.name for group in chosen]
    part = {name: group for name, group in section.items() if name in names}
    if PLANTED.name in section:
        planted = section[PLANTED.name]
        kept = {key: check for key, check in planted.checks.items() if key.rpartition(".")[2] in names}
        part[PLANTED.name] = RecordedGroup(kept, planted.seconds)
    return part


def _accepted(section: Section, validation: Validation, *, is_all: bool) -> Mapping[str, RecordedGroup]:
    """The record after acceptance: what was measured; what was not asked for stays."""
    kept = {} if is_all else dict(section)
    for result in validation.results:
        checks = {check.key: Recorded.of(check) for check in result.checks}
        if result.group.name == PLANTED.name and PLANTED.name in kept:
            checks = {**kept[PLANTED.name].checks, **checks}
        kept[result.group.name] = RecordedGroup(checks, result.seconds)
    return kept
