"""Writes docs/statements.md, what the lines of the statements mean and an example, from a run: `python
docs/statements_page.py`."""

from __future__ import annotations

from pathlib import Path

from carousel.experiments.worlds.api import run as run_scenario
from carousel.ledger.statement_lines import FUNDS, Heading, Line
from carousel.report.measures_sources import ITEM_OF_LINE, OF_VENDORS, SPENT_BY_LABS, Item
from carousel.report.panel import INDICATORS
from carousel.report.statement_tables import StatementTables
from carousel.report.statement_words import statement_tables

PAGE = Path(__file__).with_name("statements.md")
SCENARIO, SEED, DAYS, HOLDERS = "ai-2025", 7, 504, 300
MEANINGS = {
    Line.AI_CUSTOMERS: "a lab's revenue from customers outside",
    Line.LABS: "compute billed to labs, and to listed firms that rent",
    Line.CLOUDS: "chips billed to clouds when they are delivered",
    Line.OTHER_CUSTOMERS: "capacity sold to others than who contracted it, and of plans for customers of one's own",
    Line.OLD_BUSINESS: "what the business outside the circle leaves after its own costs; its turnover is in no line",
    Line.REVENUE_SHARE_IN: "part of a lab's revenue that is due to the firm",
    Line.REVENUE_SHARE_OUT: "part of its revenue that a lab owes",
    Line.RUNNING_COSTS: "a lab's costs; a chip maker's cost of the chips it was paid for; what an old business lacks",
    Line.COMPUTE: "compute that a lab is billed for",
    Line.RENT: "rent of chips that somebody else owns, paid or received",
    Line.OPERATION: "power, staff and sites of capacity in service",
    Line.CHIP_DEPRECIATION: "cost of chips in service over their life, in equal daily parts",
    Line.SITE_DEPRECIATION: "the same of sites",
    Line.INTEREST_IN: "interest on loans to others",
    Line.INTEREST_OUT: "coupons of bonds and interest on loans",
    Line.STAKES_GAIN: "change in value of shares of other firms beyond what was paid for them; none of it is cash",
    Line.PROVISIONS: "losses expected on loans and guarantees: in income what was added, among claims what stands",
    Line.GUARANTEES: "paid, or received, under a guarantee that was called",
    Line.IDLE: "paid, or received, for capacity that stands idle and is backed",
    Line.DEFAULT_COST: "what a default costs",
    Line.OBLIGATIONS: "debts of a scenario of debts alone",
    Line.WRITE_OFFS: "bills and loans that will not be paid to it, building that it has given up",
    Line.FORGIVEN: "bills, loans and face of bonds that it need not pay",
    Line.CONSTRUCTION: "paid for sites under construction",
    Line.CHIPS: "paid for chips",
    Line.CHIPS_SOLD: "received for used chips",
    Line.STAKES_BOUGHT: "paid for shares of labs and other firms",
    Line.LENT: "lent to others: in the cash flow what was drawn, among assets what stands",
    Line.LENT_BACK: "repaid to it",
    Line.BONDS_ISSUED: "received for bonds, and notes under a revolving line",
    Line.BONDS_REPAID: "face repaid",
    Line.SHARES_SOLD: "received for new listed shares",
    Line.SHARES_BOUGHT: "paid for shares bought back",
    Line.ROUNDS: "received from venture investors and others in private rounds",
    Line.MILESTONES: "received from suppliers who invest as capacity is deployed",
    Line.DRAWN: "drawn under loans of vendors",
    Line.REPAID: "repaid to vendors",
    Line.CASH: "on its account",
    Line.RECEIVABLES: "billed and not yet paid to it",
    Line.BUILDING: "sites and chips that are not in service, as invoiced",
    Line.CHIPS_NET: "cost less what is written off",
    Line.SITES_NET: "the same of sites",
    Line.STAKES: "shares of other firms: listed at the close, labs at the price of the last round",
    Line.NOTES_HELD: "notes of other firms, at face",
    Line.PAYABLES: "billed and not yet paid by it",
    Line.BONDS: "at face",
    Line.LOANS: "owed to vendors",
    Line.PAID_IN: "worth at the opening, and what shareholders have put in since, less buybacks; below zero "
    "where the plant of an old business, which is in no scenario, stands against bonds that are",
    Line.RETAINED: "all profits since the opening",
    Line.TAX: "what tax would take of the profit without gains on stakes; no firm pays it, and it enters no sum",
}  # fmt: skip
"""What each line is."""
USE = """# Statements of a run

Written by `docs/statements_page.py` from the code and an example run. Statements are drawn up on demand from the
tables of a run ([data.md](data.md)); nothing of them acts on the run.

```console
$ python run.py statements RUN                             # all firms, the last quarter, and everything below
$ python run.py statements RUN --firm Oracle               # one firm, its last five quarters
$ python run.py statements RUN --quarter 4 --to latex      # a folder of tables for a paper (\\usepackage{booktabs})
$ python run.py statements RUN --to csv --against TWIN     # or parquet: every quarter, every day, beside the twin
```

```python
from pathlib import Path

import carousel

folder = Path("runs/statements")
if not folder.exists():  # no run overwrites another
    carousel.run("ai-2025", seed=7, days=70, holders=300, out=folder)
run = carousel.open_run(folder)
print(run.statements("Oracle", 1)[["sheet", "line", "cents"]])
print(run.flow_of_funds(1).sum(axis=1).abs().max())  # every row sums to zero, and every column
print(run.panel()[["date", "recycling_ratio", "private_credit_share"]].tail(3))
```

What holds to the cent in every quarter, and is asked before anything is told: assets = claims; the cash flow ends at
the cash of the balance sheet; profit is what retained earnings changed by; each row and each column of the flow of
funds sums to zero.
"""
DEFINITIONS = """## Definitions and their sources

- **Sources and uses** are net: lenders less interest and repayment, an own business less its own costs, vendors
  less what they get back. A firm's old business pays its own costs before money reaches its treasury, so turnover
  at equal surplus moves no number here. Beside them stands whose money was built with, a column for each rule of
  tracing.
- **Revenue net of own funding.** Consideration payable to a customer, "or to other parties that purchase the
  entity's goods or services from the customer", reduces revenue (ASC 606-10-32-25). The standard leaves out what
  pays for something distinct, as shares at a fair price are; here all funding of customers is taken off: stakes,
  loans less repayments, guarantees, idle capacity, own shares given. It asks whose money buys, not how that is
  booked.
- **Cross-holdings.** Net value is market value less what other firms of the world hold of it (Brioschi, Buzzacchi &
  Colombo 1989; Elliott, Golub & Jackson 2014). Venture investors, funds and the ETF are holders, no firms.
- **DebtRank** (Battiston, Puliga, Kaushik, Tasca & Caldarelli 2012). Who fails takes of each creditor its claim
  over the creditor's wealth, at most all; each hands on once what it has felt. Claims are shares, bonds and loans
  at market; in the second pair of columns also what is bound under contracts and not paid, which overstates what a
  contract is worth and so bounds it from above. Losses count where they end, at who holds for himself: firms and
  funds whose shares others hold pass them on.
- **Loss by holder** is that of one stated shock, looked through the ETF: shares of the circle's firms lose 78 %, as
  the Nasdaq Composite from 10 March 2000 to 9 October 2002; their bonds and loans 20 %, as when a spread rises by 3
  percentage points over a duration of 7 years (assumed).
- Leases of sites are costs of operation in this model and no promise of a contract: no column holds them.
"""


def page() -> str:
    """The whole page."""
    run = run_scenario(SCENARIO, seed=SEED, days=DAYS, holders=HOLDERS)
    lines = [f"| {line} | {MEANINGS[line]} |" for line in Line]
    named = {item: [line for line, to in ITEM_OF_LINE.items() if to is item] for item in Item}
    named |= {Item.VENDORS: list(OF_VENDORS), Item.COSTS: list(SPENT_BY_LABS)}
    items = [f"| {item} | {', '.join(lines_of) or '-'} |" for item, lines_of in named.items()]
    causes = {heading: [cause.name.lower() for cause, to in FUNDS.items() if to is heading] for heading in Heading}
    headings = [f"| {heading} | {', '.join(f'`{cause}`' for cause in named)} |" for heading, named in causes.items()]
    columns = [f"| `{each.name}` | {each.unit} | {each.meaning} |" for each in INDICATORS]
    tables = "\n\n".join(table.to_markdown() for table in statement_tables(StatementTables.of_run(run)))
    parts = [
        USE,
        "## Lines\n\nIncome counts bills when they are made out, paid or not; the cash flow what was paid. "
        "`docs/odd.md`, \"Statements\", has the rules.\n\n| Line | Meaning |\n| --- | --- |",
        "\n".join(lines),
        "\n## Flow of funds\n\n| Row | Causes of payments |\n| --- | --- |",
        "\n".join(headings),
        "\n## Sources and uses\n\nWhere each line belongs; what a listed firm on the other side gives or gets for its "
        "loans, stakes and guarantees is a vendor's; "
        "cash drawn down is what is missing between sources and uses.\n\n| Item | Lines |\n| --- | --- |",
        "\n".join(items),
        "\n## The supervisor's panel\n\nDaily; with `--against` also of the twin, and the difference.\n\n"
        "| Column | Unit | Definition |\n| --- | --- | --- |",
        "\n".join(columns),
        f"\n{DEFINITIONS}\n## An example\n\n`python run.py simulate {SCENARIO} --seed {SEED} --days {DAYS} "
        f"--holders {HOLDERS} --out runs/example`, then `python run.py statements runs/example`.",
        f"\n{tables}",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
