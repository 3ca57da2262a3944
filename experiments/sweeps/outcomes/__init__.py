"""What a run is measured by: every outcome with its name, unit and meaning."""

from __future__ import annotations

from .registry import OUTCOMES, UnknownOutcome, describe, names_of, series_names_of, types_of

__all__ = ["OUTCOMES", "UnknownOutcome", "describe", "names_of", "series_names_of", "types_of"]
