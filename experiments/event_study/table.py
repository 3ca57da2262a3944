"""Read a list of announcements from CSV, row by row with its line number, and put the predictions beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from ...engine.calendar import trading_dates
from ...scenarios.input_file import NotReadable, bytes_of
from .columns import COLUMNS, KNOWN, REQUIRED, BadCell, deal_of, shown
from .earlier import counted, in_mind
from .predict import Prediction
from .world import Deal

ADDED = (
    "trading_date",
    "predicted_abnormal_return",
    "interval_80_low",
    "interval_80_high",
    "part_earnings_capitalised",
    "part_narrative",
    "part_flow_pressure",
    "of_which_endorsement",
    "reversal_60d",
    "fatigue_firm",
    "fatigue_market",
    "news_share",
    "defaults_used",
)
"""Columns that a prediction adds; columns of these names in the input are replaced."""
BYTES_MAX = 100_000_000
DELIMITERS = (",", ";", "\t")
MICRO = 1_000_000
"""Returns are written to a millionth; parts are rounded so that they still add up."""


class NotAnAnnouncementList(ValueError):
    """A file that is no CSV of announcements at all: which, and why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be predicted: its line in the file, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be predicted: its line, its cells as they came, and what they say."""

    line: int
    cells: tuple[str, ...]
    deal: Deal
    day: date
    trading_date: date
    defaults_used: tuple[str, ...]
    firm: str


@dataclass(frozen=True, slots=True)
class AnnouncementList:
    """A file that was read: header as it came, good rows, bad rows, both in the order of the file."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    kept: tuple[int, ...]
    """Places of the columns that go into the output."""


def read_announcements(path: Path) -> AnnouncementList:
    """Read a list of announcements.

    UTF-8 (with or without a byte order mark), UTF-16 with one, else Windows-1252; comma, semicolon or tab, by the
    header line; any line ends; blank lines are skipped.

    Raises: NotAnAnnouncementList if the file is no such CSV at all.
    """
    text = _decoded(path)
    empty = NotAnAnnouncementList(path, f"is empty; allowed: a CSV with the columns {', '.join(COLUMNS)}")
    if not text.strip():
        raise empty
    first = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(_records(reader))
    except csv.Error as fault:
        raise NotAnAnnouncementList(path, f"is no CSV: {fault} (line {reader.line_num})") from None
    if not records:
        raise empty
    header = tuple(name.strip() for name in records[0][1])
    places = _places(path, header)
    rows: list[Row] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for line, cells in records[1:]:
        try:
            row = _row(line, cells, header, places)
            before = seen.setdefault(row.deal.id, line)
            if before != line:
                raise BadCell("id", row.deal.id, f"an id of its own: line {before} has this one")
        except BadCell as fault:
            bad.append(BadRow(line, str(fault)))
        else:
            rows.append(row)
    kept = tuple(i for i, name in enumerate(header) if name.lower() not in ADDED)
    deals = counted([(row.deal, row.day, row.firm, row.defaults_used) for row in rows])
    rows = [replace(row, deal=deal) for row, deal in zip(rows, deals, strict=True)]
    return AnnouncementList(header, tuple(rows), tuple(bad), kept)


def _decoded(path: Path) -> str:
    """The file's text.

    Raises: NotAnAnnouncementList if it cannot be read or is no text.
    """
    try:
        raw = bytes_of(path, BYTES_MAX)
    except NotReadable as fault:
        raise NotAnAnnouncementList(path, f"cannot be read: {fault}; allowed: a CSV file") from None
    if len(raw) > BYTES_MAX:
        raise NotAnAnnouncementList(path, f"has more than {BYTES_MAX} bytes; allowed: {BYTES_MAX}")
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotAnAnnouncementList(path, "is no text; allowed: a CSV in UTF-8, UTF-16 or Windows-1252")


def _records(reader: Iterable[list[str]]) -> Iterable[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it begins."""
    line = 0
    for cells in reader:
        begins, line = line + 1, reader.line_num  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _places(path: Path, header: Sequence[str]) -> dict[str, int]:
    """Where each known column stands; the names in any case.

    Raises: NotAnAnnouncementList for a required column that is missing, a known one that stands there twice.
    """
    names = [name.lower() for name in header]
    for name in KNOWN:
        if names.count(name) > 1:
            raise NotAnAnnouncementList(path, f"has the column {name} twice; allowed: once")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        near = get_close_matches(missing[0], [n for n in names if n not in KNOWN], n=1)
        hint = f" (nearest: {shown(near[0])})" if near else ""
        raise NotAnAnnouncementList(
            path, f"lacks the column {missing[0]}{hint}; allowed: a header line with {', '.join(COLUMNS)}"
        )
    return {name: names.index(name) for name in KNOWN if name in names}


def _row(line: int, cells: Sequence[str], header: Sequence[str], places: dict[str, int]) -> Row:
    """One record as a row.

    Raises: BadCell.
    """
    if len(cells) != len(header):
        raise BadCell("(all)", f"{len(cells)} cells", f"{len(header)} cells, as in the header")
    named = {name: cells[place] for name, place in places.items()}
    deal, when, defaulted = deal_of(named)
    trading = trading_dates(when - timedelta(days=1), 1)[1]
    return Row(line, tuple(cells), deal, when, trading, defaulted, " ".join(named["firm"].casefold().split()))


def predictions_text(listed: AnnouncementList, predictions: Sequence[Prediction | None]) -> str:
    """The input columns and the predictions as CSV, one row per prediction, in the order of the file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(listed.header[i] for i in listed.kept), *ADDED])
    for row, prediction in zip(listed.rows, predictions, strict=True):
        if prediction is not None:
            writer.writerow([*(row.cells[i] for i in listed.kept), *_added(row, prediction)])
    return text.getvalue()


def _added(row: Row, p: Prediction) -> list[str]:
    """The added cells of a row; earnings + narrative + flow = prediction holds for what is written."""
    whole, earnings, narrative = (round(MICRO * x) for x in (p.abnormal_return, p.earnings, p.narrative))
    flow = whole - earnings - narrative
    others = (round(MICRO * x) for x in (p.low, p.high))
    after = (round(MICRO * x) for x in (p.endorsement, p.reversal))
    fatigue = (round(MICRO * x) for x in in_mind(row.deal))
    numbers = [_decimal(x) for x in (whole, *others, earnings, narrative, flow, *after, *fatigue)]
    return [row.trading_date.isoformat(), *numbers, " ".join(row.defaults_used)]


def _decimal(millionths: int) -> str:
    """A whole number of millionths as a decimal."""
    return f"{'-' if millionths < 0 else ''}{abs(millionths) // MICRO}.{abs(millionths) % MICRO:06d}"
