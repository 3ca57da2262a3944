"""Small worlds and what they leave behind: the only place of these tests that touches the model.

A test names the parts of its world, changes numbers by key path, steps to the end and reads the recorded tables.
Amounts are computed by hand in the test, from the numbers below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import pytest
from carousel.agents.outside_flows import OutsideFlow
from carousel.history.recorder import Recorder
from carousel.history.sinks import MemorySink
from carousel.model import CarouselModel
from carousel.scenarios.loader import load, parse
from carousel.scenarios.overrides import override

PARTS = {
    "lab": """
[[lab]]
name = "Lab"
opening_cash_usd = 60e9
shares = 1000000000
valuation_usd = 100e9
revenue_usd_per_year = 12e9
revenue_growth_per_year = 0.0
revenue_volatility_per_year = 0.0
costs_share_of_revenue = 0.5
raise_below_months = 0.0
""",
    "cloud": """
[[cloud]]
name = "Cloud"
ticker = "CLD"
opening_cash_usd = 200e9
shares = 1000000000
price_usd = 100.0
earnings_usd_per_year = 5e9
cash_growth_per_year = 0.0
earnings_volatility_per_year = 0.0
build_gw_per_year_max = 1.2
build_months = 4
chip_lead_months = 2
operating_cost_usd_per_gw_year = 2.52e9
asset_volatility_per_year = 0.25
""",
    "maker": """
[[chip_maker]]
name = "Maker"
ticker = "MKR"
opening_cash_usd = 50e9
shares = 1000000000
price_usd = 200.0
earnings_usd_per_year = 10e9
cash_growth_per_year = 0.0
earnings_volatility_per_year = 0.0
net_margin = 0.6
""",
    "rest": """
[[listed_firm]]
name = "Rest"
ticker = "RST"
opening_cash_usd = 5e9
shares = 1000000000
price_usd = 400.0
earnings_usd_per_year = 20e9
cash_growth_per_year = 0.0
earnings_volatility_per_year = 0.0
""",
    "venture": """
[[venture_investor]]
name = "Venture"
dry_powder_usd = 50e9
partners = "Venture, partners"
disposition = 5.0
""",
    "bank": """
[[bond_buyer]]
name = "Bank"
kind = "bank"
opening_cash_usd = 10e9
savers = "Bank credit"
concentration_limit = 1.0
""",
    "savers": """
[[bond_buyer]]
name = "Bond fund"
kind = "bond_fund"
opening_cash_usd = 30e9
savers = "Bond savers"
concentration_limit = 1.0
""",
    "fund": """
[[active_fund]]
name = "Fund"
weight = 1.0
equity_share = 0.8
savers = "Fund, savers"
""",
    "second_fund": """
[[active_fund]]
name = "Second fund"
weight = 3.0
equity_share = 0.5
savers = "Second fund, savers"
""",
    "contract": """
[[contract]]
name = "Compute"
customer = "Lab"
provider = "Cloud"
capacity_gw = 0.4
price_usd_per_gw_year = 12e9
years = 5.0
net_margin = 0.1
""",
    "supply": """
[[supply]]
name = "Chips"
buyer = "Cloud"
supplier = "Maker"
chips_usd_per_gw = 30e9
other_usd_per_gw = 20e9
""",
    "milestone": """
[[milestone]]
name = "Investment"
investor = "Maker"
investee = "Lab"
amount_usd_per_gw = 10e9
capacity_gw = 4.0
""",
    "plan": """
[[build_plan]]
name = "Plan"
provider = "Cloud"
capacity_gw = 1.0
price_usd_per_gw_year = 5.04e9
net_margin = 0.2
demand_gw = 0.3
demand_growth_per_year = 0.0
demand_volatility_per_year = 0.0
delivered_gw = 0.5
""",
    "line": """
[[vendor_loan]]
name = "Line"
lender = "Maker"
borrower = "Cloud"
committed_usd = 12e9
financed_share = 0.5
general_share = 0.25
spread_per_year = 0.043
draw_months = 12
repayment_months = 24
""",
    "customer": """
[[firm]]
name = "Corner shop"
[[customer]]
name = "Corner shop buys"
buyer = "Corner shop"
supplier = "Maker"
purchases_usd_per_year = 1.2e9
revenue_usd_per_year = 1.2e9
""",
    "shop_line": """
[[vendor_loan]]
name = "Shop line"
lender = "Maker"
borrower = "Corner shop"
committed_usd = 1e9
financed_share = 0.5
spread_per_year = 0.043
draw_months = 12
repayment_months = 24
""",
    "second_shop": """
[[firm]]
name = "Kiosk"
[[customer]]
name = "Kiosk buys"
buyer = "Kiosk"
supplier = "Maker"
purchases_usd_per_year = 1.2e9
revenue_usd_per_year = 1.2e9
[[vendor_loan]]
name = "Kiosk line"
lender = "Maker"
borrower = "Kiosk"
committed_usd = 1e9
financed_share = 0.5
spread_per_year = 0.043
draw_months = 12
repayment_months = 24
""",
    "bond": """
[[bond]]
name = "Cloud bond"
issuer = "Cloud"
face_usd = 8e9
coupon_per_year = 0.06
maturity = 2030-09-09
""",
    "guarantee": """
[[guarantee]]
name = "Guarantee"
guarantor = "Maker"
issuer = "Cloud"
limit_usd = 2e9
""",
    "etf": """
[etf]
name = "ETF"
price_usd = 100.0
creation_unit_shares = 50000
participant = "Participant"
participant_cash_usd = 5e9
participant_inventory_share = 0.01
[households]
etf_value_usd = 60e9
cash_usd = 12e9
saving_usd_per_year = 2.4e9
savers = "Household savings"
""",
    "still": """
[behaviour]
fw_sigma_fundamental = 0.0
fw_sigma_chartist = 0.0
private_noise_per_day = 0.0
volatility_feedback = 0.0
sentiment_overshoot = 0.0
announcement_impulse = 0.0
endorsement_impulse = 0.0
surprise_impulse = 0.0
evidence_paid_on_time = 0.0
evidence_delivered = 0.0
evidence_late = 0.0
evidence_missed = 0.0
evidence_renegotiated = 0.0
evidence_surprise = 0.0
coverage_weight = 0.0
strain_weight = 0.0
bill_notice_days = 1e12
letter_additional_share = 1.0
evidence_coverage = 0.0
contract_log_odds = 6.0
guidance_log_odds = 6.0
letter_of_intent_log_odds = 6.0
size_doubt = 0.0
""",
}
"""Parts of a world in which nobody doubts and no price moves by chance."""


class Entry(NamedTuple):
    """One payment of the journal."""

    day: int
    cause: str
    payer: str
    payee: str
    contract: str
    cents: int
    lap_step: int


class Event(NamedTuple):
    """One line of the chronicle."""

    day: int
    kind: str
    agent: str
    counterparty: str
    cents: int
    detail: str


class History:
    """The recorded tables of a finished run, and short questions to them."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.tables = tables
        self._rows: dict[str, list[dict[str, Any]]] = {}
        columns = list(Entry._fields)
        self.journal = [Entry(*row) for row in tables["journal"][columns].itertuples(index=False)]
        self.chronicle = [Event(*row) for row in tables["events"][list(Event._fields)].itertuples(index=False)]

    def entries(self, cause: str | None = None, **where: Any) -> list[Entry]:
        """Payments under a cause whose fields have these values."""
        return [
            entry
            for entry in self.journal
            if cause in (None, entry.cause) and all(getattr(entry, key) == value for key, value in where.items())
        ]

    def paid(self, cause: str | None = None, **where: Any) -> int:
        """Cents paid under a cause."""
        return sum(entry.cents for entry in self.entries(cause, **where))

    def by_day(self, cause: str | None = None, **where: Any) -> dict[int, int]:
        """Day -> cents paid under a cause."""
        days: dict[int, int] = {}
        for entry in self.entries(cause, **where):
            days[entry.day] = days.get(entry.day, 0) + entry.cents
        return days

    def events(self, *kinds: str, **where: Any) -> list[Event]:
        """Events of these kinds whose fields have these values."""
        return [
            event
            for event in self.chronicle
            if event.kind in kinds and all(getattr(event, key) == value for key, value in where.items())
        ]

    def days_of(self, *kinds: str, **where: Any) -> list[int]:
        """Days of these events."""
        return [event.day for event in self.events(*kinds, **where)]

    def rows(self, table: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a table whose columns have these values."""
        if table not in self._rows:
            self._rows[table] = self.tables[table].to_dict("records")
        return [row for row in self._rows[table] if all(row[key] == value for key, value in where.items())]

    def row(self, table: str, **where: Any) -> dict[str, Any]:
        """The one row of a table whose columns have these values."""
        (found,) = self.rows(table, **where)
        return found

    def cell(self, table: str, column: str, **where: Any) -> Any:
        """One value of that row."""
        return self.row(table, **where)[column]

    def column(self, table: str, column: str, **where: Any) -> list[Any]:
        """One column of the rows whose columns have these values."""
        return [row[column] for row in self.rows(table, **where)]

    def cash_cents(self, account: str, day: int) -> int:
        """Cash of an account at the end of a day: the sum of its entries."""
        entries = [entry for entry in self.journal if entry.day <= day]
        received = sum(entry.cents for entry in entries if entry.payee == account)
        return received - sum(entry.cents for entry in entries if entry.payer == account)


def text_of(parts: str, days: int = 21, holders: int = 0, extra: str = "") -> str:
    """A scenario of the named parts, as TOML."""
    head = f'name = "amounts"\ntitle = "A small world"\nstart_date = 2025-09-09\ndays = {days}\nholders = {holders}\n'
    return head + "".join(PARTS[part] for part in parts.split()) + extra


def record(model: CarouselModel, flows: Sequence[tuple[int, str, str, int]] = ()) -> History:
    """Step a model to its end with a recorder. `flows` are (day, owner, security, cents) from outside."""
    for day, owner, security, cents in flows:
        model.cast.outside_flows.append(OutsideFlow(day, owner, security, cents))
    sink = MemorySink()
    recorder = Recorder(model, sink)
    model.observers.append(recorder)
    while model.running:
        model.step()
    recorder.finish()
    return History(dict(sink.tables()))


def play(
    parts: str,
    *overrides: str,
    days: int = 21,
    holders: int = 0,
    seed: int = 0,
    extra: str = "",
    flows: Sequence[tuple[int, str, str, int]] = (),
) -> History:
    """Run a world of the named parts to its end."""
    scenario = override(parse(text_of(parts, days, holders, extra)), overrides)
    return record(CarouselModel(scenario, rng=seed), flows)


def play_bundled(name: str, *overrides: str, days: int, holders: int | None = None, seed: int = 0) -> History:
    """Run a bundled scenario."""
    return record(CarouselModel(load(name, overrides), rng=seed, days=days, holders=holders))


class Worlds:
    """The helpers above, for tests that import nothing from here."""

    play = staticmethod(play)
    bundled = staticmethod(play_bundled)
    load = staticmethod(load)


@pytest.fixture(scope="session")
def worlds() -> type[Worlds]:
    return Worlds


@pytest.fixture(name="play", scope="session")
def _play() -> Any:
    return play
