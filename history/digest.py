"""One fingerprint for a whole history: the same scenario, seed and locked versions must give the same 64 hex digits.

Canonical column bytes are hashed, never file bytes: cutting the history into other blocks, writing it or not, another
Python or pyarrow change nothing. Beside it a chain of one link a day tells on which day two histories part.
"""

from __future__ import annotations

import hashlib
import struct
import sys

import numpy as np

from ..model import CarouselModel
from .columns import Block, Column, ColumnData, ColumnType, Texts
from .crowd import money_of
from .table import Table
from .tables import TABLES

LINK_DIGITS = 16
IS_LITTLE = sys.byteorder == "little"


class HistoryDigest:
    """A running SHA-256 over every digested column of every digested table."""

    def __init__(self) -> None:
        self._columns = {
            (table.name, column.name): hashlib.sha256() for table in TABLES.values() for column in table.digested
        }
        self._rows = dict.fromkeys(TABLES, 0)
        self._texts: dict[str, bytes] = {}

    def add(self, table: Table, block: Block) -> None:
        """Append a block of rows of one table."""
        if not table.is_digested:
            return
        for column in table.digested:
            self._columns[table.name, column.name].update(self._canonical(column, block[column.name]))
        self._rows[table.name] += len(block[table.columns[0].name])

    def hexdigest(self) -> str:
        """The fingerprint so far: 64 hex digits. Tables and columns enter by name, type and number of rows."""
        whole = hashlib.sha256(b"carousel history 1\n")
        for (table, column), digest in sorted(self._columns.items(), key=lambda item: item[0]):
            if TABLES[table].is_optional and not self._rows[table]:
                continue
            kind = next(c.type for c in TABLES[table].columns if c.name == column)
            whole.update(f"{table}\t{column}\t{kind}\t{self._rows[table]}\t{digest.hexdigest()}\n".encode())
        return whole.hexdigest()

    def _canonical(self, column: Column, data: ColumnData) -> bytes:
        """Little-endian 64-bit numbers, one NaN and one zero; texts as UTF-8 behind their length."""
        if isinstance(data, Texts):
            known = [self._text(text) for text in data.names]
            return b"".join(map(known.__getitem__, data.codes.tolist()))
        if column.type is ColumnType.TEXT:
            return b"".join([self._text(text) for text in data])
        if column.type is ColumnType.NUMBER:
            numbers = np.array(data, dtype="<f8") + 0.0
            numbers[np.isnan(numbers)] = np.nan
            return bytes(numbers.tobytes())
        return bytes(np.asarray(data, dtype="<i8").tobytes())

    def _text(self, text: object) -> bytes:
        said = str(text)
        known = self._texts.get(said)
        if known is None:
            raw = said.encode()
            known = self._texts[said] = struct.pack("<I", len(raw)) + raw
        return known


class Chain:
    """A link a day: SHA-256 of the link before, the day's entries and its closing prices, and once a month of every
    household's cash, shares and state. Accounts and contracts enter by number. Nothing in a link tells how long the run
    is going to be: the chain of a run is the beginning of that of the same run made longer."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self._last = b"carousel chain 2"

    def add(self, model: CarouselModel, *, with_households: bool) -> None:
        """The link of the day that has just ended."""
        link = hashlib.sha256(self._last)
        board, holders = model.prices, model.cast.holders
        link.update(little_endian(model.books.last.entries))
        link.update(little_endian(board.price_cents))
        link.update(struct.pack("<q", board.etf_price_cents))
        if with_households and holders is not None:
            for column in money_of(holders):
                link.update(little_endian(column))
        self._last = link.digest()
        self.links.append(self._last.hex()[:LINK_DIGITS])


def little_endian(numbers: np.ndarray) -> memoryview:
    """Bytes of whole numbers, the least valuable first, row after row."""
    if IS_LITTLE and numbers.flags.c_contiguous:
        return numbers.data
    return np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<")).data
