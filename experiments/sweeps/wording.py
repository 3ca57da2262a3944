"""Numbers of things in words."""

from __future__ import annotations


def how_many(number: int, what: str) -> str:
    """1 run, 2 runs."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
