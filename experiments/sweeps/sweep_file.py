"""From a TOML file to a sweep: limits first, then parsing, points from a CSV, and checks.

Whatever is wrong with a file, one `BadInput` says so in one line.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from ...scenarios.errors import one_line, shown
from ...scenarios.limits import FILE_BYTES_MAX, check_text
from ...scenarios.loader import decode
from .errors import SweepError
from .points_file import read_points
from .sweep import Sweep
from .sweep_faults import validated
from .sweep_parts import DesignKind, Limits

LINE_AND_COLUMN = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_sweep(path: str | Path) -> Sweep:
    """The sweep of a TOML file; scenarios and lists of points are looked for beside it.

    Raises: SweepError, exactly one, whatever is wrong with the file; ScenarioError if its bytes are no text.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as opened:
            raw = opened.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        came = getattr(error, "strerror", None) or "no such file"
        raise SweepError(file, "file", came, "a readable .toml file") from None
    return parse_sweep(decode(raw, file=file), file=file, folder=Path(path).parent)


def parse_sweep(text: str, *, file: str = "sweep", folder: Path = Path()) -> Sweep:
    """The sweep of a TOML text; `folder` is where files that it names are looked for.

    Raises: SweepError.
    """
    data = _tree(text, file)
    for table in (data, *(case for case in _tables(data.get("case")))):
        if isinstance(named := table.get("scenario"), str) and named.endswith(".toml"):
            table["scenario"] = str((folder / named).absolute())
    design = data.get("design")
    if isinstance(design, dict) and isinstance(design.get("file"), str):
        data = with_points(data, folder / design["file"], file)
    return validated(data, file)


def with_points(data: dict[str, Any], points: Path, file: str) -> dict[str, Any]:
    """Plain data of a list design with the columns of its CSV as values of its axes.

    A column's axis may be described under `vary`, for example with `times = true`.

    Raises: SweepError.
    """
    if data["design"].get("kind") != DesignKind.LIST:
        raise SweepError(file, "design.file", shown(str(points)), 'no file, unless kind = "list"')
    runs_max = data.get("limits", {}).get("runs_max") if isinstance(data.get("limits"), dict) else None
    most = runs_max if type(runs_max) is int and runs_max > 0 else Limits().runs_max
    vary = data.get("vary", {})
    axes = dict(vary) if isinstance(vary, dict) else {}
    for name, values in read_points(points, rows_max=most).items():
        described = axes.get(name, {})
        axes[name] = {**described, "values": values} if isinstance(described, dict) else described
    return {**data, "vary": axes, "design": {**data["design"], "file": str(points.absolute())}}


def _tables(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _tree(text: str, file: str) -> dict[str, Any]:
    """The file as nested tables.  Raises: SweepError."""
    if fault := check_text(text):
        raise SweepError(file, fault.key_path, fault.came, fault.allowed)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = LINE_AND_COLUMN.search(str(error))
        place = f"line {found[1]}, column {found[2]}" if found and found[1] else "end of document"
        came = one_line(LINE_AND_COLUMN.sub("", str(error)), 120)
        raise SweepError(file, place, f"broken TOML ({came})", "valid TOML") from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise SweepError(file, "file", f"broken TOML ({type(error).__name__})", "valid TOML") from None
