"""Revenue net of own funding: what a firm sells, less what it has given its customers to buy with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import networkx as nx
import pandas as pd

from ..engine.calendar import DAYS_PER_QUARTER
from ..history.kinds import cause_text
from ..ledger.statement_lines import RECEIVED, REVENUE, Line, Section
from .measures_sources import LINES_OUT

SALES = tuple(line for line in REVENUE if line not in (Line.OLD_BUSINESS, Line.REVENUE_SHARE_IN))
"""Revenue from customers: the old business' turnover is in no statement, and a share of revenue is no sale."""
SALE_CAUSES = tuple(cause_text(c) for c, (_, line) in RECEIVED.items() if line in SALES)
STAKES, LENT, OTHER, SHARES = "stakes_cents", "lent_cents", "backed_cents", "shares_given_cents"
FUNDING = {Line.STAKES_BOUGHT: STAKES, Line.LENT: LENT, Line.GUARANTEES: OTHER, Line.IDLE: OTHER}
"""Payments to a customer that fund it, by their line in the payer's cash flow."""
GIVEN_BACK = {cause_text(cause): FUNDING[Line.LENT] for cause, (_, line) in RECEIVED.items() if line is Line.LENT_BACK}
NET_COLUMNS = ("firm", "quarter", "date", "sales_cents", STAKES, LENT, OTHER, SHARES, "net_cents")


def customers(journal: pd.DataFrame, firms: Mapping[str, str]) -> dict[str, set[str]]:
    """Firms that buy from each firm, or buy from those who do, over the whole journal.

    Source: ASC 606-10-32-25: consideration payable to a customer, "or to other parties that purchase the entity's goods
    or services from the customer".
    """
    sales = journal[journal["cause"].isin(SALE_CAUSES)]
    graph = nx.DiGraph(list({*zip(sales["payer"].astype(str), sales["payee"].astype(str), strict=True)}))
    return {name: set(nx.ancestors(graph, name)) & set(firms) - {name} for name in firms if name in graph}


def net_revenue(
    statements: pd.DataFrame, journal: pd.DataFrame, commitments: pd.DataFrame, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Of every firm and quarter with sales to labs, clouds or AI customers, in cents: what it billed (sales_cents),
    what it paid its customers for stakes, lent them less what they repaid, paid for them as guarantor or for idle
    capacity, gave them in new shares; and sales less all of this (net_cents), which may be below zero.

    Source: ASC 606-10-32-25 to 27, consideration payable to a customer reduces revenue unless it pays for something
    distinct; shares and loans at fair value would be that. Here all funding is taken off: the question is whose money
    buys, not how it is booked.
    """
    billed = statements[(statements["section"] == Section.INCOME) & statements["line"].isin(SALES)]
    sales = billed.groupby(["firm", "quarter"], sort=False)["cents"].sum()
    dates = dict(zip(statements["quarter"], statements["date"], strict=True))
    buyers = customers(journal, kinds)
    funding = _funding(journal, buyers)
    funding.update(_shares_given(journal, commitments, buyers))
    rows = []
    for (firm, quarter), cents in sales.items():
        given = [funding[firm, quarter, column] for column in (STAKES, LENT, OTHER, SHARES)]
        rows.append((firm, int(quarter), dates[quarter], int(cents), *given, int(cents) - sum(given)))
    return pd.DataFrame(rows, columns=list(NET_COLUMNS))


def _funding(journal: pd.DataFrame, buyers: Mapping[str, set[str]]) -> Counter[tuple[str, int, str]]:
    """Cash to customers by firm, quarter and column."""
    found: Counter[tuple[str, int, str]] = Counter()
    out = {cause: FUNDING[line] for cause, line in LINES_OUT.items() if line in FUNDING}
    rows = journal[journal["cause"].isin([*out, *GIVEN_BACK])]
    for day, cause, payer, payee, cents in zip(
        *(rows[name].tolist() for name in ("day", "cause", "payer", "payee", "cents")), strict=True
    ):
        quarter = -(-day // DAYS_PER_QUARTER)
        if cause in out and payee in buyers.get(payer, ()):
            found[payer, quarter, out[cause]] += cents
        if cause in GIVEN_BACK and payer in buyers.get(payee, ()):
            found[payee, quarter, GIVEN_BACK[cause]] -= cents
    return found


def _shares_given(
    journal: pd.DataFrame, commitments: pd.DataFrame, buyers: Mapping[str, set[str]]
) -> Counter[tuple[str, int, str]]:
    """New shares that a promise gave to a customer, at their close, by firm and quarter: what is paid under it beyond
    the cash that moved."""
    cash: Counter[tuple[str, int]] = Counter()
    columns = (journal[name].tolist() for name in ("contract", "day", "cents"))
    for contract, day, cents in zip(*columns, strict=True):
        cash[contract, -(-day // DAYS_PER_QUARTER)] += cents
    found: Counter[tuple[str, int, str]] = Counter()
    rows = commitments.assign(quarter=-(-commitments["day"] // DAYS_PER_QUARTER))
    last = rows.groupby(["commitment", "payer", "payee", "quarter"], sort=True)["paid_cents"].last()
    for (name, payer, payee), paid in last.groupby(level=["commitment", "payer", "payee"]):
        before = 0
        for (*_, quarter), total in paid.items():
            if payee in buyers.get(payer, ()):
                found[payer, quarter, SHARES] += max(0, total - before - cash[name, quarter])
            before = total
    return found
