"""A file that somebody hands in: never a folder, a pipe or a device; its bytes up to a limit, its text, its TOML."""

from __future__ import annotations

import codecs
import re
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from .errors import ScenarioError, one_line
from .limits import FILE_BYTES_MAX, check_text

LINE_AND_COLUMN = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class NotReadable(Exception):
    """No file that can be read to its end; says what stands there instead."""


def bytes_of(place: Traversable, most: int) -> bytes:
    """The bytes of a file, one more than `most` where it has more.

    Raises: NotReadable for what is no file: reading a pipe may wait for ever, and a device may never end.
    """
    try:
        stands = place.is_file()
        came = "a folder" if place.is_dir() else "a pipe or a device" if Path(str(place)).exists() else "no such file"
    except (OSError, ValueError):  # too long a name, or one with a null byte
        stands, came = False, "no such file"
    if not stands:
        raise NotReadable(came)
    try:
        with place.open("rb") as stream:
            return bytes(stream.read(most + 1))
    except OSError as error:
        raise NotReadable(error.strerror or type(error).__name__) from None


def decode(raw: bytes, *, file: str) -> str:
    """The text of a file's bytes, without the byte-order mark that some editors put before it.

    Raises: ScenarioError if there are too many or they are not UTF-8.
    """
    if len(raw) > FILE_BYTES_MAX:
        raise ScenarioError(file, "file", f"more than {FILE_BYTES_MAX} bytes", f"at most {FILE_BYTES_MAX} bytes")
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioError(file, f"byte {error.start}", f"byte 0x{raw[error.start]:02x}", "UTF-8 text") from None


def plain_toml(text: str, *, file: str) -> dict[str, Any]:
    """The file as nested tables and lists.  Raises: ScenarioError."""
    if fault := check_text(text):
        raise ScenarioError(file, fault.key_path, fault.came, fault.allowed)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = LINE_AND_COLUMN.search(message)
        place = f"line {found[1]}, column {found[2]}" if found and found[1] else "end of document"
        came = LINE_AND_COLUMN.sub("", message)
        raise ScenarioError(file, place, f"broken TOML ({one_line(came, 120)})", "valid TOML") from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise ScenarioError(file, "file", f"broken TOML ({type(error).__name__})", "valid TOML") from None
