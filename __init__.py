"""Carousel: who really put up the money, and when does the circle run backwards?

`CarouselModel` is the model, `load` reads a scenario, `run` simulates one world or many to their end, `open_run` reads
what a run left; `Choice` says what is kept of it.
They are imported when they are first asked for: `import carousel` alone loads nothing. The script run.py is a module of
this package: who writes `import carousel.run` gets it in the place of the function, experiments.worlds.api.run.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments.worlds.api import run
    from .history.choice import Choice
    from .history.open_run import Run
    from .model import CarouselModel
    from .report.shown_run import open_run
    from .scenarios.loader import load

    __version__: str

__all__ = ["CarouselModel", "Choice", "Run", "load", "open_run", "run"]

_PLACES = {
    "CarouselModel": ".model",
    "Choice": ".history.choice",
    "Run": ".history.open_run",
    "load": ".scenarios.loader",
    "open_run": ".report.shown_run",
    "run": ".experiments.worlds.api",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("carousel-circular-financing")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_PLACES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
