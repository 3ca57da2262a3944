"""The books themselves, every day: everybody's cash, who holds how many of which security, how many exist, the bonds,
and the ETF with its participant."""

from __future__ import annotations

from itertools import chain

import numpy as np

from ...contracts.bond import Bond
from ...ledger.registers import SecurityKind
from ...model import CarouselModel
from ..columns import Texts, cents, integer, number, party, small, text
from ..days import Days, worth
from ..table import table_of_columns

KIND_NAMES = [kind.name.lower() for kind in SecurityKind]


class Cash:
    """Some days of all accounts that are open."""

    def __init__(self, days: Days) -> None:
        self._days = days
        n, accounts = len(days), days.accounts
        self.counts = np.full(n, accounts, np.int64)
        self.account = Texts(np.tile(np.arange(accounts), n), days.model.books.journal.names)
        self.cents = days.balances.ravel()


class Held:
    """Some days of everything that is held: who, what, how much."""

    def __init__(self, days: Days) -> None:
        every = days.holdings.ravel()
        at = np.flatnonzero(every)
        holding, security = np.divmod(at, days.securities)
        day, account = np.divmod(holding, days.accounts)
        self.counts = np.bincount(day, minlength=len(days))
        self.account = Texts(account, days.model.books.journal.names)
        self.security = Texts(security, days.model.books.registers.names)
        self.units = every[at]


class Registers:
    """Some days of all securities that are open."""

    def __init__(self, days: Days) -> None:
        self.days, registers, n = days, days.model.books.registers, len(days)
        self.counts = np.full(n, days.securities, np.int64)
        codes = np.tile(np.arange(days.securities), n)
        self.security = Texts(codes, registers.names)
        self.kind = Texts(np.array(registers.kinds, np.int64)[codes], KIND_NAMES)


CASH = table_of_columns(
    "cash",
    (
        party("account", "name of the account; outside accounts have negative balances", lambda c: c.account),
        cents("cents", "balance at the end of the day", lambda c: c.cents),
    ),
    "one row per account, of the world inside and outside, and day",
    Cash,
    stamp=("day",),
    is_digested=False,
)
HOLDINGS = table_of_columns(
    "holdings",
    (
        party("account", "who holds it", lambda h: h.account),
        party("security", "what is held: as `security` of registers", lambda h: h.security),
        integer("units", "units", "shares, ETF shares, bonds of 1,000 USD face, or cents of a loan's principal",
                lambda h: h.units),
    ),
    "one row per account, security held and day: funds, investors, bond buyers, the ETF's trust, its participant, "
    "households together, savings plans",
    Held,
    stamp=("day",),
    is_digested=False,
)  # fmt: skip
REGISTERS = table_of_columns(
    "registers",
    (
        party("security", "name of the security", lambda r: r.security),
        text("kind", "what it is", lambda r: r.kind, values=tuple(KIND_NAMES)),
        integer("outstanding", "units", "units that exist", lambda r: r.days.outstanding.ravel()),
        integer("issued", "units", "issued since the opening, the opening's included",
                lambda r: r.days.of_securities(lambda look: look.issued).ravel()),
        integer("retired", "units", "retired since the opening",
                lambda r: r.days.of_securities(lambda look: look.retired).ravel()),
    ),
    "one row per security and day",
    Registers,
    stamp=("day",),
    is_digested=False,
)  # fmt: skip


def series(model: CarouselModel) -> list[tuple[Bond, int, float]]:
    """Every series that is not yet repaid, its face value and its spread; its terms never change."""
    return [(bond, bond.face_cents, bond.spread_per_year) for bond in model.contracts.bonds.series]


class Bonds:
    """Some days of all bond series."""

    def __init__(self, days: Days) -> None:
        looks = days.of(series)
        self.counts = np.array([len(look) for look in looks], np.int64)
        looked: list[tuple[Bond, int, float]] = list(chain.from_iterable(looks))
        self.face_cents = np.array([face for _, face, _ in looked], np.int64)
        self.spread_per_year = np.array([spread for _, _, spread in looked], float)
        self._terms = list({bond.terms.security: bond.terms for bond, _, _ in looked}.values())
        place = {terms.security: place for place, terms in enumerate(self._terms)}
        self._place = np.array([place[bond.terms.security] for bond, _, _ in looked], np.int64)
        self._security = self.term("security")
        self._day = np.repeat(np.arange(len(days)), self.counts)
        self._days = days

    def term(self, name: str, kind: type = np.int64) -> np.ndarray:
        """One of the terms."""
        return np.array([getattr(terms, name) for terms in self._terms], kind)[self._place]

    def security(self) -> Texts:
        """Names of the series."""
        return Texts(self._security, self._days.model.books.registers.names)

    def issuer(self) -> Texts:
        """Who owes them."""
        return Texts(self._place, [terms.issuer for terms in self._terms])

    def price_cents(self) -> np.ndarray:
        """Price of a unit."""
        return self._days.bond_prices[self._day, self._security]

    def units(self) -> np.ndarray:
        """Units outstanding."""
        return self._days.outstanding[self._day, self._security]


BONDS = table_of_columns(
    "bonds",
    (
        text("bond", "name of the series: as `security` of holdings", Bonds.security),
        party("issuer", "who owes it", Bonds.issuer),
        integer("units", "units", "units outstanding", Bonds.units),
        cents("face_cents", "face value of a unit; falls in a default", lambda b: b.face_cents),
        cents("price_cents", "price of a unit, traded or marked", Bonds.price_cents),
        number("spread_per_year", "1/year", "spread it is marked at", lambda b: b.spread_per_year),
        number("coupon_per_year", "1/year", "coupon over face value", lambda b: b.term("coupon_per_year", float)),
        small("maturity_day", "trading days since the start", "day on which its face falls due",
              lambda b: b.term("maturity_day")),
    ),
    "one row per bond series not yet repaid and day",
    Bonds,
    looks=(series,),
    stamp=("day",),
    is_digested=False,
)  # fmt: skip


class Etf:
    """Some days of the ETF: one row a day, none where there is no ETF."""

    def __init__(self, days: Days) -> None:
        cast = days.model.cast
        self.days, self.etf, self.participant = days, cast.etf, cast.participant
        self.counts = np.full(len(days), int(self.etf is not None), np.int64)

    def every_day(self, value: str) -> Texts:
        """The same text on each day."""
        return Texts(np.zeros(len(self.days), np.int64), [value])

    def shares_cents(self, account: int) -> np.ndarray:
        """Listed shares of an account at the close."""
        shares = self.days.model.prices.securities
        return worth(self.days.holdings[:, [account]][:, :, shares], self.days.prices[:, shares]).ravel()


ETF = table_of_columns(
    "etf",
    (
        party("etf", "name of the ETF", lambda e: e.every_day(e.etf.name)),
        cents("price_cents", "closing price", lambda e: e.days.prices[:, e.etf.security]),
        integer("shares_outstanding", "shares", "ETF shares", lambda e: e.days.outstanding[:, e.etf.security]),
        cents("basket_cents", "shares of the trust at the close", lambda e: e.shares_cents(e.etf.account)),
        cents("trust_cash_cents", "cash of the trust", lambda e: e.days.balances[:, e.etf.account]),
        party("participant", "who creates and redeems", lambda e: e.every_day(e.participant.name)),
        cents("participant_cash_cents", "its cash", lambda e: e.days.balances[:, e.participant.account]),
        integer("participant_etf_shares", "shares", "its ETF shares",
                lambda e: e.days.holdings[:, e.participant.account, e.etf.security]),
        cents("participant_shares_cents", "its listed shares at the close",
              lambda e: e.shares_cents(e.participant.account)),
    ),
    "the ETF and its participant, one row per day",
    Etf,
    stamp=("day",),
    is_digested=False,
)  # fmt: skip
