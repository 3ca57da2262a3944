"""DebtRank: what share of all value in a network of exposures is lost when one node fails."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

import networkx as nx
import pandas as pd

from .exposures import Claim

VALUE, LOST = "value_cents", "share_lost"
RANK_COLUMNS = (
    "party",
    "wealth_cents",
    "debtrank",
    "lost_cents",
    "debtrank_with_contracts",
    "lost_with_contracts_cents",
)


def exposure_graph(claims: pd.DataFrame, wealth: Mapping[str, int], passed_on: Container[str] = ()) -> nx.DiGraph:
    """From each debtor to its creditors: `share_lost` of the creditor's wealth that goes when the debtor fails, at most
    1, and the claim in `cents`. Nodes have their wealth as `value_cents`, but for those in `passed_on`, whose wealth is
    that of their owners, who are nodes too; parties without wealth can lose none and are left out."""
    graph = nx.DiGraph()
    graph.add_nodes_from((name, {VALUE: 0 if name in passed_on else cents}) for name, cents in wealth.items())
    sums = claims.groupby(["debtor", "creditor"], sort=False)["cents"].sum()
    for (debtor, creditor), cents in sums.items():
        if creditor in wealth:
            graph.add_edge(debtor, creditor, cents=int(cents), **{LOST: min(1.0, cents / wealth[creditor])})
    return graph


def distress(graph: nx.DiGraph, failed: Iterable[str], size: float = 1.0) -> dict[str, float]:
    """Distress h of every node, from 0 to 1 (default), when some fail by `size`: each hands on what it has the moment
    after it first felt it, and once.

    h_i(t) = min(1, h_i(t-1) + sum over j in distress at t-1 of W_ji h_j(t-1)); who was in distress is inactive after.

    Source: Battiston, Puliga, Kaushik, Tasca & Caldarelli (2012), Scientific Reports 2:541, eqs. 1 and 2.
    """
    felt = dict.fromkeys(graph, 0.0) | {name: size for name in failed if name in graph}
    distressed = [name for name, h in felt.items() if h > 0]
    inactive: set[str] = set()
    while distressed:
        before = {name: felt[name] for name in distressed}
        for name, h in before.items():
            for creditor, edge in graph.adj[name].items():
                felt[creditor] = min(1.0, felt[creditor] + edge[LOST] * h)
        inactive.update(distressed)
        distressed = [name for name, h in felt.items() if h > 0 and name not in inactive]
    return felt


def debtrank(graph: nx.DiGraph, failed: Iterable[str], size: float = 1.0) -> float:
    """Share of the network's value that is lost beside what fails at first: R = sum h_j(T) v_j - sum h_j(1) v_j with
    v_j the node's share of all value; 0 where there is none.

    Source: Battiston et al. (2012), eq. 3.
    """
    values = nx.get_node_attributes(graph, VALUE)
    first = {name for name in failed if name in graph}
    felt = distress(graph, first, size)
    induced = sum((h - size * (name in first)) * values.get(name, 0) for name, h in felt.items())
    total = sum(values.values())
    return induced / total if total else 0.0


def ranked(claims: pd.DataFrame, wealth: Mapping[str, int]) -> pd.DataFrame:
    """DebtRank of everybody who owes something, the highest first: party, wealth_cents, debtrank (share of what all who
    own for themselves have), lost_cents when it fails; of shares, bonds and loans, and with contracts that it would not
    pay. Firms and funds whose shares others hold pass losses on: what they lose is their holders'."""
    passed_on = set(claims.loc[claims["kind"] == Claim.SHARES, "debtor"])
    financial = exposure_graph(claims[claims["kind"] != Claim.CONTRACTS], wealth, passed_on)
    whole = exposure_graph(claims, wealth, passed_on)
    total = sum(nx.get_node_attributes(whole, VALUE).values())
    rows = []
    for name in dict.fromkeys(claims["debtor"]):
        alone, beside = debtrank(financial, [name]), debtrank(whole, [name])
        rows.append((name, wealth.get(name, 0), alone, round(alone * total), beside, round(beside * total)))
    found = pd.DataFrame(rows, columns=list(RANK_COLUMNS))
    return found.sort_values(RANK_COLUMNS[4], ascending=False, kind="stable", ignore_index=True)
