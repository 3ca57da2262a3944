"""Ten questions to a run, each answered in a few lines of pandas or DuckDB: docs/data.md shows, a test asks them."""

from __future__ import annotations

START = """
import carousel

kept = carousel.Choice(also=("holders_changed", "fills"))
run = carousel.run("ai-2025", seed=7, holders=1000, choice=kept)
sql, last = run.duckdb().sql, run.manifest["days"]
"""
"""What stands before them all; `answer` is what each finds."""

QUESTIONS: dict[str, str] = {
    "Who held the ETF when it cost most, by tenth of households' wealth (10 the richest)?": '''
answer = sql("""
    select decile, etf_shares / sum(etf_shares) over () as share from household_deciles
    where day = (select day from etf semi join household_deciles using (day) order by price_cents desc limit 1)
    order by decile""").df()
''',
    "Whose money first was every cent that NVIDIA received in the third quarter of 2027?": '''
answer = sql("""
    select origin, sum(parts.cents) / 1e11 as bn_usd from journal join payment_origins as parts using (day, entry)
    where payee = 'NVIDIA' and rule = 'pro-rata' and year(date) = 2027 and quarter(date) = 3
    group by origin order by bn_usd desc""").df()
''',
    "How are gains and losses spread over households?": """
price = run.etf.set_index("day").price_cents
before, after = run.holders(0), run.holders(last)
was = before.cash_cents + before.etf_shares * price[0]
answer = ((after.cash_cents + after.etf_shares * price[last]) / was - 1).quantile([0.05, 0.25, 0.5, 0.75, 0.95])
""",
    "What did a fund hold over time, in bn USD?": """
fund = run.funds.fund.iloc[0]
held = run.pandas("holdings", where={"account": fund}).merge(run.daily, on=["day", "security"])
held["bn_usd"] = held.units * held.price_cents / 1e11
answer = held.pivot(index="date", columns="security", values="bn_usd")
""",
    "How did Oracle's debt and the spread on it move?": '''
answer = sql("""
    select date, debt_bn_usd, 1e4 * spread_per_year as spread_bp from firms_bn where firm = 'Oracle' order by date
    """).df()
''',
    "Which origin's money bought the chips?": """
chips = run.pandas("journal", where={"cause": "chip_bill"})
answer = (chips.filter(like="from_").sum() / 1e11).sort_values(ascending=False)
""",
    "How often had that money been round the circle, by each tracing rule?": '''
answer = sql("""
    pivot (select lap, rule, parts.cents / 1e11 as bn_usd from journal join payment_origins as parts using (day, entry)
           where cause = 'chip_bill') on rule using sum(bn_usd) order by lap""").df()
''',
    "What was announced, and what has come of it?": '''
answer = sql("""
    select date, firm, counterparty, announced_bn_usd, value_gained_bn_usd, committed_bn_usd, paid_bn_usd
    from announcements_bn order by value_gained_bn_usd desc""").df()
''',
    "Who bought and who sold NVIDIA on its worst day?": """
shares = run.pandas("daily", where={"security": "NVIDIA"}).set_index("day")
worst = int(shares.price_cents.pct_change().idxmin())
answer = run.pandas("fills", days=worst, where={"security": "NVIDIA"}).set_index("class").filter(like="_shares")
""",
    "Who holds Oracle's bonds in the end, in bn USD of face value?": '''
answer = sql("""
    select account, sum(holdings.units * face_cents) / 1e11 as bn_usd
    from holdings join bonds on security = bond and holdings.day = bonds.day
    where issuer = 'Oracle' and holdings.day = (select max(day) from holdings)
    group by account order by bn_usd desc""").df()
''',
}
