"""Carousel: who really put up the money, and when does the circle run backwards?"""

from pathlib import Path

from .engine.kernel_cache import drop_stale_kernels

drop_stale_kernels(Path(__file__).parent)
