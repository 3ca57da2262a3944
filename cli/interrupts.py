"""Ctrl-C ends a command once: what it then tidies up is not broken off by the same key, pressed again in impatience."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from .statuses import INTERRUPTED

PATIENCE_SECONDS = 10.0
"""How long a command may tidy up before Ctrl-C ends it on the spot."""
_FIRST: list[float] = []
"""When this process was first interrupted."""


def end_once(sign: int, frame: FrameType | None) -> None:
    """Handle a signal: the first raises KeyboardInterrupt, others soon after it do nothing, a late one ends it all."""
    if not _FIRST:
        _FIRST.append(time.monotonic())
        raise KeyboardInterrupt
    if time.monotonic() - _FIRST[0] > PATIENCE_SECONDS:
        end_here("while it was tidying up; the same command again goes on from what is there")


def end_here(said: str) -> NoReturn:
    """End the process as interrupted, and wait for nothing that is still being worked out."""
    print(f"interrupted: {said}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def heed_interrupts() -> None:
    """From here on Ctrl-C ends this process once; one that was started deaf to it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_once)


def heed_termination() -> None:
    """From here on SIGTERM does what Ctrl-C does."""
    signal.signal(signal.SIGTERM, end_once)


def leave_quietly() -> None:
    """Nothing is left to be broken off: Ctrl-C ends the process without a word, or has done so."""
    if signal.getsignal(signal.SIGINT) is end_once:
        signal.signal(signal.SIGINT, signal.SIG_IGN if _FIRST else signal.SIG_DFL)
