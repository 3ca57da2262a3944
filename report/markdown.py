"""Texts in Markdown: a name, a headline or a cell means only itself, whatever signs it holds."""

from __future__ import annotations

import re

from ..engine.legible import legible

SIGNS = re.compile(r"([\\`*\[\]~|])")
"""Signs that mean something anywhere in a line."""
EDGES = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Underscores at the edge of a word: inside one they mean nothing."""
BEGINNING = re.compile(r"^(\d*)(?=[#+=-]|(?<=\d)[.)])")
"""What makes a line a heading, a list or a rule."""
ENTITY = re.compile(r"&(?=#|\w+;)")
ADDRESS = re.compile(r"(https?|ftp|mailto|www)([:.])", re.IGNORECASE)
"""What GitHub makes a link without being asked."""


def markdown_text(text: str) -> str:
    """The text as Markdown within a line that shows exactly it, without links, images or HTML."""
    plain = SIGNS.sub(r"\\\1", legible(text))
    plain = EDGES.sub(r"\\_", plain)
    plain = ENTITY.sub("&amp;", plain).replace("<", "&lt;").replace(">", "&gt;")
    return ADDRESS.sub(r"\1\\\2", plain)


def markdown_line(text: str) -> str:
    """The same for a text that is a paragraph of its own: it begins no heading, list or rule."""
    return BEGINNING.sub(r"\1\\", markdown_text(text).strip())
