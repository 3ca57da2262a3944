"""What one takes home: the run directory of a recipe as an archive, or its replay in one file."""

from __future__ import annotations

import io
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..history.recorder import Recorder
from ..history.run_directory import RunDirectory
from ..history.sinks import ParquetSink
from ..report.store import answer_of, write_run
from ..scenarios.schema import Scenario
from .play import SLICE_SECONDS
from .recipe import Recipe
from .replay import Film


class Keep:
    """A run that is simulated to be kept; after the last slice `file` has it."""

    def __init__(self, name: str, recipe: Recipe, offered: Mapping[str, Scenario] | None = None) -> None:
        """Open the run as `run.zip` or `replay.html`.  Raises: ScenarioError."""
        self._name, self._recipe, self._started = name, recipe, time.time()
        self.model = recipe.model(offered)
        self._film = Film(self.model)
        self.model.observers.append(self._film)
        self._folder = Path(tempfile.mkdtemp(prefix="carousel-"))
        self._directory = RunDirectory(self._folder / "run") if name == "run.zip" else None
        self._recorder: Recorder | None = None
        if self._directory is not None:
            self._recorder = Recorder(self.model, ParquetSink(self._directory.partial))
            self.model.observers.append(self._recorder)
        self._toml, self._command = recipe.as_toml(offered), recipe.as_command(offered)

    @property
    def is_over(self) -> bool:
        """Whether the last day has been simulated."""
        return not self.model.running

    def slice(self, seconds: float = SLICE_SECONDS) -> None:
        """Go on for a moment."""
        began = time.perf_counter()
        while self.model.running and time.perf_counter() - began < seconds:
            self.model.step()

    def file(self) -> bytes:
        """What was asked for; leaves nothing on disk."""
        html = self._film.html(self._command)
        if self._directory is None or self._recorder is None:
            return html.encode()
        self._recorder.finish()
        answer = answer_of(self.model, self._recorder)
        command = self._command.split()
        write_run(self._directory, self.model, self._recorder, answer, command=command, started=self._started,
                  with_figures=False)  # fmt: skip
        self._directory.write_text("page.html", html)
        if self._toml:
            self._directory.write_text("changed.toml", self._toml)
        return _zipped(self._directory.commit())

    def close(self) -> None:
        """Leave nothing behind."""
        if self._directory is not None:
            self._directory.abort()
        shutil.rmtree(self._folder, ignore_errors=True)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, Path("run") / path.relative_to(folder))
    return packed.getvalue()


def kept(name: str, data: Any, offered: Mapping[str, Scenario]) -> Keep:
    """The run that plain data say, at its opening.  Raises: ScenarioError."""
    return Keep(name, Recipe.of(data), offered)
