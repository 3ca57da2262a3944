"""How entries of a scenario are named in key paths."""

from __future__ import annotations

from typing import Any

from .names import one_form


def address(entry: Any, index: int) -> str:
    """How a list entry is named in key paths: its name, 'OWNER in FIRM' for a stake, else its number from 1."""
    if isinstance(entry, dict):
        name, owner, firm = entry.get("name"), entry.get("owner"), entry.get("firm")
    else:
        name, owner, firm = (getattr(entry, key, None) for key in ("name", "owner", "firm"))
    if isinstance(name, str) and one_form(name):
        return str(one_form(name))
    if isinstance(owner, str) and isinstance(firm, str):
        return f"{one_form(owner)} in {one_form(firm)}"
    return str(index + 1)
