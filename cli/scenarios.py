"""`scenarios`: list what comes with Carousel."""

from __future__ import annotations

from .console import console, plain_table


def scenarios() -> None:
    """List the scenarios that come with Carousel."""
    from ..scenarios.loader import bundled, load

    rows = []
    for name in bundled():
        data = load(name)
        rows.append((name, data.title, str(data.days), f"{data.holders:,}"))
    console().print(plain_table("Scenarios", ("Name", "What it is", "Days", "Holders"), rows, text_columns=2))
