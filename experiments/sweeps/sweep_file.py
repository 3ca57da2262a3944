"""From a TOML file to a sweep: limits first, then parsing, points from a CSV, and checks.

Whatever is wrong with a file, one `BadInput` says so in one line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...scenarios.errors import ScenarioError, shown
from ...scenarios.input_file import NotReadable, bytes_of, decode, plain_toml
from ...scenarios.limits import FILE_BYTES_MAX
from .errors import SweepError
from .points_file import read_points
from .sweep import Sweep
from .sweep_faults import validated
from .sweep_parts import DesignKind, Limits


def load_sweep(path: str | Path) -> Sweep:
    """The sweep of a TOML file; scenarios and lists of points are looked for beside it.

    Raises: SweepError, exactly one, whatever is wrong with the file; ScenarioError if its bytes are no text.
    """
    file = str(path)
    try:
        raw = bytes_of(Path(path), FILE_BYTES_MAX)
    except NotReadable as fault:
        raise SweepError(file, "file", str(fault), "a readable .toml file") from None
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
    try:
        return plain_toml(text, file=file)
    except ScenarioError as fault:
        raise SweepError(fault.file, fault.key_path, fault.came, fault.allowed) from None
