"""A scenario can be read as tables: balance sheets, contracts, network, sources."""

from __future__ import annotations

import pytest
from carousel.scenarios.describe import describe
from carousel.scenarios.describe_base import Table, bn
from carousel.scenarios.describe_deals import ties
from carousel.scenarios.loader import bundled, load


@pytest.mark.parametrize("name", bundled())
def test_every_party_and_deal_appears(name: str) -> None:
    scenario = load(name)
    cells = {cell for table in describe(scenario) for row in table.rows for cell in row}
    named = (*scenario.firms, *scenario.venture_investor, *scenario.bond_buyer, *scenario.active_fund)
    deals = (*scenario.contract, *scenario.supply, *scenario.milestone, *scenario.bond, *scenario.obligation)
    assert {x.name for x in (*named, *deals)} <= cells
    assert set(scenario.sources.values()) <= cells


def test_the_circle_is_in_the_network() -> None:
    edges = {(t.giver, t.relation, t.receiver): t.usd for t in ties(load("ai-2025"))}
    assert round(edges["OpenAI", "buys compute from", "Oracle"] / 1e9, 6) == 60
    assert edges["Oracle", "buys chips from", "NVIDIA"] == 35e9
    assert edges["NVIDIA", "invests in", "OpenAI"] == 10e9
    assert round(edges["Bond buyers", "lend to", "Oracle"] / 1e9, 6) == 92.6


def test_announcements_are_in_order_of_their_dates() -> None:
    (calendar,) = [t for t in describe(load("ai-2025-wide-september")) if t.title == "Announcements"]
    days = [row[0] for row in calendar.rows]
    assert days == sorted(days)
    assert days[:2] == ["2025-09-10", "2025-09-22"]


def test_tables_without_rows_are_left_out() -> None:
    titles = [t.title for t in describe(load("joke"))]
    assert titles == ["Firms", "Debts", "Network", "Sources"]


def test_changed_behaviour_is_shown() -> None:
    (table,) = [t for t in describe(load("joke", ["behaviour.fw_mu=0.5"])) if t.title.startswith("Behaviour")]
    assert table.rows[0][:3] == ("fw_mu", "0.5", "0.01")


def test_a_row_of_the_wrong_length_is_no_table() -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        Table("T", ("a",), (("1", "2"),))


@pytest.mark.parametrize(
    ("usd", "text"), [(0, "0"), (100, "100.00 USD"), (12.4e9, "12.4"), (16e12, "16,000"), (2.5e7, "0.025")]
)
def test_money_is_shown_in_billions_unless_small(usd: float, text: str) -> None:
    assert bn(usd) == text
