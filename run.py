"""`python run.py` runs the default scenario and prints who paid, what moved, and did it turn; the commands are in cli/.

Exit status: 0 done, 1 the run failed (reason printed), 2 bad input (one line), 130 interrupted.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON_MIN = (3, 11)
INTERRUPTED = 130


def what_is_missing(module: str | None) -> str:
    """One line for whoever starts this without the packages it needs."""
    if (HERE / ".venv" / "bin" / "python").exists():
        return f"error: this Python has no {module}; the one of `make` has: .venv/bin/python run.py"
    by_hand = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python run.py"
    return f"error: this Python has no {module}; `make run` installs what Carousel needs, or without make: {by_hand}"


def main() -> None:
    """Hand over to the command line."""
    if sys.version_info < PYTHON_MIN:
        sys.exit(_bad_input(f"error: Carousel needs Python 3.11 or newer; this is {sys.version.split()[0]}"))
    try:
        from carousel.cli.endings import main as command_line
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("interrupted: nothing was written", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except ModuleNotFoundError as fault:
        if (fault.name or "").startswith("carousel."):
            raise
        sys.exit(_bad_input(what_is_missing(fault.name)))
    command_line()


def _bad_input(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


if __name__ == "__main__":
    # started as a script: the folder of this file is the package, never a place to look for top-level modules
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != HERE]
    main()
