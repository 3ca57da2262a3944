"""Standard output and error that take any text and outlive whoever listens."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


class PatientPipe(io.FileIO):
    """A file whose reader may leave (`| head -1`): what is said to nobody is said, and the work goes on."""

    forgiven: type[OSError] = BrokenPipeError

    def write(self, data: Any) -> int:
        """As a file writes; the number of bytes nobody reads counts as written."""
        try:
            return super().write(data)
        except self.forgiven:
            return len(memoryview(data).cast("B"))


class DeafEar(PatientPipe):
    """Standard error: where it cannot be written (a full disk), the exit status says all that can be said."""

    forgiven = OSError


def speak_to_anybody() -> None:
    """From here on a character that the terminal cannot show is replaced, and a closed pipe is no fault."""
    sys.stdout = patient(sys.stdout, PatientPipe)
    sys.stderr = patient(sys.stderr, DeafEar)


def patient(stream: TextIO | None, kind: type[PatientPipe]) -> TextIO:
    """The stream, on the same file; a stream that was closed before the start leads nowhere."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(kind(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.isatty() or stream is sys.stderr,
    )
