"""Sweeps: many worlds from one file, which points, which cases, how often, and what is measured."""

from .changes import world_of
from .design_table import first_round, next_round
from .designs import first_points, problem_of
from .sweep import Sweep
from .sweep_file import load_sweep, parse_sweep
from .sweep_worlds import check_worlds

__all__ = [
    "Sweep",
    "check_worlds",
    "first_points",
    "first_round",
    "load_sweep",
    "next_round",
    "parse_sweep",
    "problem_of",
    "world_of",
]
