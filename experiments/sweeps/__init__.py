"""Sweeps: many worlds from one file, which points, which cases, how often, and what is measured."""

from .sweep import Sweep
from .sweep_file import load_sweep, parse_sweep

__all__ = ["Sweep", "load_sweep", "parse_sweep"]
