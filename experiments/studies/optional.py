"""Packages that some studies need and a plain run does not."""

from __future__ import annotations

import importlib
from types import ModuleType


class MissingData(ImportError):
    """A package that carries real series is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package
        super().__init__(
            f"real market series need the package {package}, which is not installed; allowed: pip install -e '.[test]'"
        )


def needs(module: str) -> ModuleType:
    """A module of an optional package.

    Raises: MissingData with the package's name if it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as fault:
        package = module.partition(".")[0]
        if fault.name != package:
            raise
        raise MissingData(package) from None
