"""Packages that some methods need and a sweep does not: the extra `analysis`."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

from ....scenarios.errors import BadInput


class MissingExtra(BadInput):
    """A package of the extra is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package
        super().__init__(f"the package {package} is not installed; allowed: pip install -e '.[analysis]'")


def extra(module: str) -> ModuleType:
    """A module of the extra; what it warns of while it is loaded is not the user's matter.

    Raises: MissingExtra with the package's name.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module)
    except ModuleNotFoundError as fault:
        raise MissingExtra((fault.name or module).partition(".")[0]) from None
