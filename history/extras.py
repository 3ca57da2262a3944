"""Packages that only some of Carousel needs: imported where they are used, one clear line where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..scenarios.errors import BadInput


class MissingPackage(BadInput):
    """`purpose` needs `package`, which is not installed."""

    def __init__(self, purpose: str, package: str) -> None:
        super().__init__(f"{purpose} needs {package}, which is not installed: pip install -e '.[export]' installs it")
        self.purpose, self.package = purpose, package


def needed(package: str, purpose: str) -> Any:
    """The module of a package.  Raises: MissingPackage."""
    try:
        return import_module(package)
    except ModuleNotFoundError as fault:
        if fault.name != package:
            raise
        raise MissingPackage(purpose, package) from None
