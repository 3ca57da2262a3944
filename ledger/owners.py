"""The owners behind an omnibus account: their cash and shares in columns, watched owner by owner.

The account's balance and holding say what all owners have together. Who has how much is in the columns, which the
market's kernels write. Each of those kernels also adds what it has moved to a keyed sum; the columns must give the
same.
"""

from __future__ import annotations

from .journal import IntArray, Journal
from .owner_kernels import owners_sums
from .registers import Registers

OWNERS_IDENTITY = "each owner's cash and shares = what it was paid and traded"
Fault = tuple[str, str, int]
"""Identity, where it does not hold, gap."""


class OwnersBehind:
    """Columns of the owners behind an account, and the keyed sum that they must have.

    `cash_cents` int64[owners], `shares` of one security, any whole kind [owners]; `seal` int64[1]: whoever moves cash
    or shares of an owner adds `keyed_change` to it. What the columns hold at first counts as right.
    """

    def __init__(self, account: int, security: int, cash_cents: IntArray, shares: IntArray, seal: IntArray) -> None:
        self.account = account
        self.security = security
        self.cash_cents = cash_cents
        self.shares = shares
        self.seal = seal
        seal[0] = owners_sums(cash_cents, shares)[2]

    def first_fault(self, journal: Journal, registers: Registers) -> Fault | None:
        """The first of the owners' identities that does not hold, if any."""
        cents, shares, keyed = owners_sums(self.cash_cents, self.shares)
        name = journal.names[self.account]
        if gap := cents - journal.balance(self.account):
            return "sub-ledger = omnibus balance", name, gap
        if gap := shares - registers.held(self.account, self.security):
            return "sub-ledger = omnibus holding", registers.names[self.security], gap
        if gap := keyed - self.seal.item():
            return OWNERS_IDENTITY, name, gap
        return None
