"""What venture investors, bond buyers and active funds have: cash, promises to them, and holdings at market."""

from __future__ import annotations

import numpy as np

from ...model import CarouselModel
from ...scenarios.schema_holders import BondBuyerKind
from ..columns import Texts, cents, party, text
from ..days import ALWAYS, Days, worth
from ..table import day_number, table_of_columns

VENTURE = "venture"


def dry_powder(model: CarouselModel) -> list[int]:
    """What each venture investor and each bond buyer has been promised and not been paid, in cents."""
    venture = [investor.dry_powder_cents for investor in model.cast.venture_investors]
    return venture + [buyer.undrawn_cents for buyer in model.cast.bond_buyers]


class Investors:
    """Some days of all venture investors, then of all bond buyers."""

    def __init__(self, days: Days) -> None:
        cast = days.model.cast
        self.days, self._venture, self._buyers = days, cast.venture_investors, cast.bond_buyers
        everybody = [*self._venture, *self._buyers]
        self.names = [investor.name for investor in everybody]
        self.kinds = [VENTURE] * len(self._venture) + [buyer.facts.kind.value for buyer in self._buyers]
        self._accounts = [investor.account for investor in everybody]
        self.counts = np.full(len(days), len(everybody), np.int64)

    def every_day(self, values: list[str]) -> Texts:
        """The same texts on each day."""
        return Texts(np.tile(np.arange(len(values)), len(self.days)), values)

    def cash_cents(self) -> np.ndarray:
        """On their accounts."""
        return self.days.balances[:, self._accounts].ravel()

    def dry_powder_cents(self) -> np.ndarray:
        """Of venture investors and private credit; other bond buyers have none."""
        return np.array(self.days.of(dry_powder), np.int64).ravel()

    def holdings_cents(self) -> np.ndarray:
        """Everything a venture investor holds; bonds of bond buyers."""
        n, whole = len(self._venture), slice(None)
        bonds = worth(self.days.holdings[:, self._accounts[n:]], self.days.bond_prices)
        return np.concatenate([self.days.worth(whole, self._accounts[:n]), bonds], axis=1).ravel()


class Funds:
    """Some days of all active funds."""

    def __init__(self, days: Days) -> None:
        self.days, self._funds = days, days.model.cast.funds
        self._accounts = [fund.account for fund in self._funds]
        self.counts = np.full(len(days), len(self._funds), np.int64)

    def fund(self) -> Texts:
        """Their names, every day."""
        return Texts(np.tile(np.arange(len(self._funds)), len(self.days)), [fund.name for fund in self._funds])

    def cash_cents(self) -> np.ndarray:
        """On their accounts."""
        return self.days.balances[:, self._accounts].ravel()

    def equity_cents(self) -> np.ndarray:
        """Their listed shares."""
        shares = self.days.model.prices.securities
        held = self.days.holdings[:, self._accounts][:, :, shares]
        return worth(held, self.days.prices[:, shares]).ravel()


def all_securities_cents(model: CarouselModel) -> np.ndarray:
    """Market value today of everything each account holds, int64 (accounts,)."""
    today = Days(model)
    today.add(day_number(model.clock.date), {look: look for look in ALWAYS}, {})
    return today.worth(slice(None))[0]


INVESTORS = table_of_columns(
    "investors",
    (
        party("investor", "name of the investor", lambda i: i.every_day(i.names)),
        text(
            "kind", "what it is", lambda i: i.every_day(i.kinds),
            values=(VENTURE, *(kind.value for kind in BondBuyerKind)),
        ),
        cents("cash_cents", "cash on its account", Investors.cash_cents),
        cents("dry_powder_cents", "promised by its partners or investors, not yet paid", Investors.dry_powder_cents),
        cents("holdings_cents", "stakes and bonds at market or last mark", Investors.holdings_cents),
    ),
    "one row per venture investor or bond buyer and day",
    Investors,
    looks=(dry_powder,),
)  # fmt: skip
FUNDS = table_of_columns(
    "funds",
    (
        party("fund", "name of the active fund", Funds.fund),
        cents("cash_cents", "cash on its account", Funds.cash_cents),
        cents("equity_cents", "its shares at the last close", Funds.equity_cents),
    ),
    "one row per active fund and day",
    Funds,
)
