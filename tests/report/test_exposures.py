"""Cross-holdings and DebtRank: by hand, from the papers, and for any network."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from carousel.report.debtrank import LOST, VALUE, debtrank, distress, exposure_graph, ranked
from carousel.report.exposures import EXPOSURE_COLUMNS, Claim, exposures, own_wealth
from carousel.report.measures_cross_holdings import cross_holdings, values_of
from carousel.report.stress import DEBTS_LOST, SHARES_LOST, losses
from carousel.tests.conftest import frame
from hypothesis import given
from hypothesis import strategies as st


def claims(*rows):
    """Claims: creditor, debtor, kind, cents."""
    return pd.DataFrame([(0, *row) for row in rows], columns=list(EXPOSURE_COLUMNS))


def network(edges, values):
    """A graph of impacts: (debtor, creditor) -> share lost."""
    graph = nx.DiGraph()
    graph.add_nodes_from((name, {VALUE: value}) for name, value in values.items())
    graph.add_edges_from((*pair, {LOST: share}) for pair, share in edges.items())
    return graph


def test_distress_runs_down_a_chain():
    """A fails: B loses half, C 0.4 of what B has lost; R = 0.5 x 0.3 + 0.2 x 0.5."""
    chain = network({("A", "B"): 0.5, ("B", "C"): 0.4}, {"A": 20, "B": 30, "C": 50})
    assert distress(chain, ["A"]) == {"A": 1.0, "B": 0.5, "C": 0.2}
    assert debtrank(chain, ["A"]) == pytest.approx(0.25, rel=1e-15)
    assert debtrank(chain, ["C"]) == 0.0


def test_distress_that_comes_back_counts_and_goes_round_no_further():
    """Two that lent each other half of their wealth: a shock of 0.5 to A takes 0.25 of B, which takes 0.125 of A."""
    pair = network({("A", "B"): 0.5, ("B", "A"): 0.5}, {"A": 40, "B": 60})
    assert distress(pair, ["A"], 0.5) == {"A": 0.625, "B": 0.25}
    assert debtrank(pair, ["A"], 0.5) == pytest.approx(0.125 * 0.4 + 0.25 * 0.6, rel=1e-15)


def test_distress_that_comes_by_two_ways_adds_up_to_no_more_than_all():
    ways = {("A", "B"): 1.0, ("A", "C"): 1.0, ("B", "D"): 0.7, ("C", "D"): 0.7, ("D", "E"): 1.0}
    assert distress(network(ways, dict.fromkeys("ABCDE", 1)), ["A"]) == dict.fromkeys("ABCDE", 1.0)


def test_who_is_hit_later_hands_on_what_has_come_until_then():
    """D feels B directly and, a step later, C; it hands on what it has felt first, once (Battiston et al., methods)."""
    late = {("A", "B"): 0.5, ("B", "D"): 0.5, ("B", "C"): 1.0, ("C", "D"): 0.5, ("D", "E"): 1.0}
    felt = distress(network(late, dict.fromkeys("ABCDE", 1)), ["A"])
    assert (felt["D"], felt["E"]) == (0.5, 0.25)


NETWORKS = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")).filter(lambda p: p[0] != p[1]),
    st.floats(0, 1), max_size=20,
)  # fmt: skip


@given(NETWORKS, st.lists(st.integers(1, 10**6), min_size=6, max_size=6), st.floats(0, 1))
def test_nobody_loses_more_than_all_and_no_shock_is_smaller_with_more_lent(edges, values, more):
    own = dict(zip("ABCDEF", values, strict=True))
    first = network(edges, own)
    felt, rank = distress(first, ["A"]), debtrank(first, ["A"])
    assert all(0 <= h <= 1 for h in felt.values())
    assert felt["A"] == 1.0
    assert 0 <= rank <= 1 - own["A"] / sum(values) + 1e-12
    wider = debtrank(network({**edges, ("A", "F"): max(more, edges.get(("A", "F"), 0.0))}, own), ["A"])
    direct = max(more, edges.get(("A", "F"), 0.0)) * own["F"] / sum(values)
    assert wider >= direct - 1e-12


def test_the_graph_holds_what_a_creditor_would_lose_of_its_wealth_at_most_all():
    told = claims(("Bank", "Cloud", "bonds", 30), ("Bank", "Cloud", "loans", 10), ("Maker", "Cloud", "loans", 90),
                  ("Nobody", "Cloud", "bonds", 5))  # fmt: skip
    graph = exposure_graph(told, {"Bank": 80, "Maker": 60, "Cloud": 7}, {"Maker"})
    assert graph.edges["Cloud", "Bank"] == {"cents": 40, LOST: 0.5}
    assert graph.edges["Cloud", "Maker"] == {"cents": 90, LOST: 1.0}
    assert dict(graph.nodes(data=VALUE)) == {"Bank": 80, "Maker": 0, "Cloud": 7}


def test_who_fails_costs_its_holders_and_with_contracts_those_of_its_provider_too():
    """The lab's shares are the fund's 20; its contract is half of what the cloud is worth, whose shares the fund and
    the bank hold in halves."""
    told = claims(("Fund", "Lab", "shares", 20), ("Fund", "Cloud", "shares", 40), ("Bank", "Cloud", "shares", 40),
                  ("Cloud", "Lab", "contracts", 40))  # fmt: skip
    found = ranked(told, {"Fund": 100, "Bank": 100, "Lab": 20, "Cloud": 80}).set_index("party")
    assert found.loc["Lab", ["lost_cents", "lost_with_contracts_cents"]].tolist() == [20, 60]
    assert found.loc["Cloud", ["lost_cents", "lost_with_contracts_cents"]].tolist() == [80, 80]
    assert found.loc["Lab", "debtrank"] == pytest.approx(0.1, rel=1e-12)
    assert list(found.index) == ["Cloud", "Lab"]


def test_two_firms_that_own_half_of_each_other_are_worth_half_of_what_they_seem():
    """Elliott, Golub & Jackson (2014), the example of section I: C = ((0, .5), (.5, 0)); 100 each seem 200 each."""
    values = np.linalg.solve(np.eye(2) - np.array([[0, 0.5], [0.5, 0]]), [100, 100])
    assert values.tolist() == [200, 200]
    found = cross_holdings(claims(("A", "B", "shares", 100), ("B", "A", "shares", 100)), {"A": 200, "B": 200})
    assert found["gross_cents"].sum() == 400
    assert found["net_cents"].tolist() == found["underlying_cents"].tolist() == [100, 100]


def test_a_dependency_of_two_thirds_and_one_third_is_recovered():
    """The same C with D = I: net values are A p with A = ((2/3, 1/3), (1/3, 2/3))."""
    own = np.array([30_000, 60_000])
    held = np.array([[0, 0.5], [0.5, 0]])
    gross = np.linalg.solve(np.eye(2) - held, own).round().astype(int)
    stake = claims(("A", "B", "shares", gross[1] // 2), ("B", "A", "shares", gross[0] // 2))
    found = cross_holdings(stake, dict(zip("AB", gross.tolist(), strict=True)))
    assert found["underlying_cents"].tolist() == own.tolist()
    assert found["net_cents"].tolist() == [40_000, 50_000]


@given(st.lists(st.tuples(st.sampled_from("ABCX"), st.sampled_from("ABC"), st.sampled_from(list(Claim)),
                          st.integers(0, 10**14)), max_size=12))  # fmt: skip
def test_net_values_sum_to_underlying_values_to_the_cent(rows):
    kept = [row for row in rows if row[0] != row[1]]
    found = cross_holdings(claims(*kept), {"A": 10**15, "B": 10**15, "C": 5})
    assert found["net_cents"].sum() == found["underlying_cents"].sum()
    inside = sum(cents for creditor, _, kind, cents in kept if kind is Claim.SHARES and creditor != "X")
    assert found["held_by_firms_cents"].sum() == inside


def small_tables():
    """A day: a cloud of 10 shares at 5, a lab of 4 shares worth 100, an ETF of 2 shares at 30, a bond of 8 units at 2,
    a loan of 6, a contract with 25 to pay."""
    share = (5, 10, 100, 1.0, 0.0, 0.0, 0.5, None)
    firm = (1e9, 1e8, 0, 0, 0, 0, 0.0, None)
    daily = [(0, "Cloud", "share", 5, 0, 10, 50, *share[3:7], None), (0, "ETF", "etf", 30, 0, 2, 60, *share[3:7], 30.0)]
    firms = [(0, "Cloud", "cloud", 9, *firm, 50, 0.01, 0), (0, "Lab", "lab", 9, *firm, 100, None, 0)]
    held = [("Fund", "Cloud", 3), ("ETF", "Cloud", 6), ("Home", "ETF", 1), ("Plan", "ETF", 1), ("Cloud", "Lab", 1),
            ("Bank", "Cloud 2030", 8), ("Cloud", "Cloud", 1)]  # fmt: skip
    loan = ("loan", "Maker", "Cloud", 10, 8, 0, 2, 0, 6, 0, 0, 0.05, 0.0)
    promise = ("compute", "compute", "Lab", "Cloud", "delivering", 0.0, 0.5, 30, 30, 5, 0, 0)
    return {
        "daily": frame("daily", [(*row[:7], 1.0, 0.0, 0.0, 0.5, row[-1]) for row in daily]),
        "firms": frame("firms", firms),
        "holdings": frame("holdings", [(0, *row) for row in held]),
        "registers": frame("registers", [(0, "Lab", "private", 4, 4, 0), (0, "Cloud", "share", 10, 10, 0)]),
        "bonds": frame("bonds", [(0, "Cloud 2030", "Cloud", 8, 3, 2, 0.01, 0.05, 99)]),
        "loans_daily": frame("loans_daily", [(0, "line", *loan)]),
        "commitments_daily": frame("commitments_daily", [(0, *promise)]),
        "cash": frame("cash", [(0, "Fund", 5), (0, "Bank", 4), (0, "Home", -3), (0, "Stranger", 7)]),
    }


def test_claims_of_a_day_by_hand():
    found = exposures(small_tables(), 0)
    assert {(r.creditor, r.debtor, r.kind): r.cents for r in found.itertuples()} == {
        ("Fund", "Cloud", "shares"): 15, ("ETF", "Cloud", "shares"): 30, ("Home", "ETF", "shares"): 30,
        ("Plan", "ETF", "shares"): 30, ("Cloud", "Lab", "shares"): 25, ("Bank", "Cloud", "bonds"): 16,
        ("Maker", "Cloud", "loans"): 6, ("Cloud", "Lab", "contracts"): 25,
    }  # fmt: skip
    assert own_wealth(small_tables(), 0) == {
        "Fund": 20, "ETF": 30, "Home": 30, "Plan": 30, "Bank": 20, "Maker": 6, "Cloud": 50, "Lab": 100,
    }  # fmt: skip
    assert values_of(small_tables()["firms"], 0) == {"Cloud": 50, "Lab": 100}


def test_the_shock_by_hand_goes_through_the_etf_to_its_holders():
    found = losses(small_tables())
    assert {row.party: row.cents for row in found.itertuples()} == pytest.approx(
        {"Fund": 15 * SHARES_LOST, "Home": 15 * SHARES_LOST, "Plan": 15 * SHARES_LOST, "Cloud": 25 * SHARES_LOST,
         "Bank": 16 * DEBTS_LOST, "Maker": 6 * DEBTS_LOST},
        rel=1e-12,
    )  # fmt: skip
