"""Texts that others wrote, fit to be shown: nothing in them moves a cursor, colours a terminal or breaks a line."""

from __future__ import annotations

import unicodedata


def legible(text: str) -> str:
    """The text on one line: every kind of space is a space, and what cannot be seen is shown by its escape."""
    return "".join(_shown(c) for c in text)


def escaped(character: str) -> str:
    """A character as Python would write it in plain letters: an escape is "\\\\x1b"."""
    return character.encode("unicode_escape").decode("ascii")


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    return escaped(character)
