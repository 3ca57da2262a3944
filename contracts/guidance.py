"""Guidance: what a firm says it will earn, believed as far as management is."""

from __future__ import annotations

from typing import final

from .notary import Notary
from .promise import Promise
from .promised import PublicContract


@final
class Guidance(PublicContract):
    """A promise of a firm to its own shareholders, or of a customer who is no agent to them. It has no bills, and ends
    with the firm's default."""

    label = "guidance"
    ends_in_default = True

    def __init__(
        self, notary: Notary, promise: Promise, log_odds: float, *, payer_coverage: float | None = None
    ) -> None:
        super().__init__(notary, promise, log_odds)
        self.payer_coverage = payer_coverage
        """What its customer can bring up over its whole bill, where anything is known of it."""
