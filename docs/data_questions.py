"""The programs of docs/data.md: how a run is read, a picture of it, and ten questions; tests run them as they stand."""

from __future__ import annotations

READING = """
from pathlib import Path

import carousel
from carousel.agents.cloud import CloudProvider

everybody = carousel.Choice(also=("holders_changed",))
folder = Path("runs/read-me")
if not folder.exists():  # no run overwrites another
    carousel.run("ai-2025", seed=7, days=30, holders=300, out=folder, choice=everybody)
run = carousel.open_run(folder)  # a run folder, or the folder of a sweep
print(run.tables)
print(run.firms.tail(4))  # a table as a frame of pandas
print(run.pandas("firms", ["date", "cash_cents"], days="10:20", where={"firm": "Oracle"}))
print(run.polars("journal", days=(0, 5)).head(3))  # only what is asked for is read
print(run.table("journal").count_rows())  # a dataset of pyarrow
print(run.duckdb().sql("select date, firm, cash_bn_usd from firms_bn where day = 30"))
print(run.holders(30).head(3))  # everybody, where `also` kept holders_changed
print(run.columns("bonds")[["column", "unit", "meaning"]])
print(run.mesa().get_model_vars_dataframe().tail(3))  # what Mesa's own collector would hand out
print(run.mesa().get_agent_vars_dataframe().loc[30, "cash_cents"].tail(3))  # by step and agent
print(run.mesa().get_agenttype_vars_dataframe(CloudProvider).tail(3))
run.fig.money_flow().save("money_flow.png")  # a notebook shows the figure, and a run its headlines
"""
START = """
import carousel

kept = carousel.Choice(also=("holders_changed", "fills"))
run = carousel.run("ai-2025", seed=7, holders=1000, choice=kept)
sql, last = run.duckdb().sql, run.manifest["days"]
"""
"""What stands before them all; `answer` is what each finds."""

PICTURE = """
import matplotlib.pyplot as plt

price = run.etf.set_index("day").price_cents
deciles = run.household_deciles
deciles["bn_usd"] = (deciles.cash_cents + deciles.etf_shares * deciles.day.map(price)) / 1e11
wealth = deciles.pivot(index="date", columns="decile", values="bn_usd")  # tenths of the first day, 1 the poorest

fund = run.funds.fund.iloc[0]
held = run.pandas("holdings", where={"account": fund}).merge(run.daily, on=["day", "security"])
held["bn_usd"] = held.units * held.price_cents / 1e11
holdings = held.pivot(index="date", columns="security", values="bn_usd")

figure, (above, below) = plt.subplots(2, 1, figsize=(9, 8), sharex=True, layout="constrained")
wealth.plot(ax=above, logy=True, colormap="viridis", title="Wealth of households by tenth at the start, bn USD")
above.legend(title="Tenth", loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
below.stackplot(holdings.index, holdings.T, labels=holdings.columns, alpha=0.85)
below.set_title(f"What {fund} held, bn USD")
below.legend(loc="lower left")
figure.savefig("histories.png", dpi=100)
"""
"""Wealth by tenths of households, and what a fund held."""

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
