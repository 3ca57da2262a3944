"""Guidance: what a firm says it will earn, believed as far as management is."""

from __future__ import annotations

from typing import final

from .promised import PublicContract


@final
class Guidance(PublicContract):
    """A promise of a firm to its own shareholders. It has no bills, and ends with the firm's default."""

    label = "guidance"
    ends_in_default = True
