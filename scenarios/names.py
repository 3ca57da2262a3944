"""Names as people mean them: two that look alike are one, however they are encoded."""

from __future__ import annotations

import unicodedata
from typing import Any

UNSEEN = ("Cf", "Cc")
"""Unicode categories of signs that show nothing: joiners, marks of direction, soft hyphens, control characters."""


def one_form(name: Any) -> Any:
    """A text in its composed Unicode form (NFC), its spaces of any kind as single plain ones, none at the ends.

    Anything else is left for the type to judge. Control characters stay, to be refused.
    """
    if not isinstance(name, str):
        return name
    plain = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in unicodedata.normalize("NFC", name))
    return " ".join(part for part in plain.split(" ") if part)


def looks(name: str) -> str:
    """What a reader tells names apart by: without case, compatible forms as one (NFKC), signs that show nothing left
    out."""
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) not in UNSEEN)
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())
