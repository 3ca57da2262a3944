"""What the audit checks beside the ledger's own identities: bills, what securities entitle to, statements,
the ETF's trust."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..market.trust_cash import TrustCash
from .close_quarter import statement_gaps
from .trade_etf import basket_gaps
from .world import World


def add_identities(world: World) -> None:
    """From now on, day 0 included, every day ends with these."""
    cast, books = world.cast, world.books
    issuers = (*cast.listed, *cast.board_labs)
    world.contracts.bonds.billed.issuer_of.update((firm.public, firm.account) for firm in issuers)
    books.extra_identities.extend([partial(bill_gaps, world), partial(statement_gaps, world)])
    if cast.etf is None or cast.participant is None:
        return
    fund = cast.etf.security, cast.etf.facts.creation_unit_shares
    trust = TrustCash(
        books, cast.etf.account, fund, world.prices.securities, partial(getattr, world.prices, "price_cents")
    )
    books.extra_identities.extend([partial(basket_gaps, world), trust.gaps])


def bill_gaps(world: World) -> Iterator[tuple[str, str, int]]:
    """Holders of securities are billed what they are entitled to, and no bill loses or gains a cent."""
    contracts = world.contracts
    yield from contracts.bonds.billed.gaps(contracts.bills.control.told, world.clock.is_month_end)
    yield from contracts.bills.gaps(world.books.last.entries)
