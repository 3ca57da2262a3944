"""numba's `njit` for every kernel of Carousel: whatever it keeps was compiled from today's sources.

Importing this module is the first use of a kernel's owner: stale kernels are dropped then, not when somebody merely
imports `carousel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba

from .kernel_cache import KernelHome, kernel_home

HOME = kernel_home(Path(__file__).parents[1])


def njit(*function: Any, cache: bool = False, **options: Any) -> Any:
    """As numba's, for `@njit` and `@njit(cache=True, ...)`; `cache` keeps the compiled kernel in Carousel's place."""
    if function:
        return numba.njit(*function)

    def compiled(function: Any) -> Any:
        with _kept_in(HOME):
            return numba.njit(cache=cache and HOME.is_kept, **options)(function)

    return compiled


@contextmanager
def _kept_in(home: KernelHome) -> Iterator[None]:
    """numba chooses the folder when a kernel is declared; other packages' kernels stay where they belong."""
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, str(home.folder or "")
    try:
        yield
    finally:
        config.CACHE_DIR = before
