"""A second auditor: reads the Parquet files of a run and nothing of Carousel, and works every number out again.

`python tests/auditor.py FOLDER` prints each identity that does not hold, with one place. A balance comes from payments,
a payment from its parts by origin under each tracing rule, a fund's shares from its trades, a total from everybody;
`auditor_sums.py` has the sums: by origin, class, quarter and market.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from auditor_sums import SUMS, Fault, Tables, holds, summed, unequal, worth

PAID = (
    ("commitments_daily", "vendor_loan", "paid_cents", "vendor_loan"),
    ("commitments_daily", "compute", "paid_cents", "compute_bill"),
    ("commitments_daily", "milestone", "paid_cents", "milestone"),
    ("loans_daily", "loan", "drawn_cents", "vendor_loan"),
    ("loans_daily", "loan", "interest_cents", "vendor_interest"),
)
KEYS = {
    "day account": "cash", "day account security": "holdings", "day security": "registers daily", "day bond": "bonds",
    "day entry": "journal", "day firm": "firms", "day fund": "funds", "day investor": "investors",
    "day": "etf households", "day decile": "household_deciles", "day holder": "holders holders_changed",
    "day commitment": "commitments commitments_daily", "day loan": "loans loans_daily", "day party": "positions",
    "day rule receiver flow origin lap": "origins", "day security class": "fills", "day group flow": "flow_of_funds",
    "day firm section line": "statements",
}  # fmt: skip
SHARE_CAUSES = ("trade_pay", "trade_receive")


def read(folder: Path) -> Tables:
    """Every table of a run folder."""
    return {path.stem: pq.read_table(path).to_pandas() for path in sorted(folder.glob("*.parquet"))}


def audit(tables: Tables) -> Iterator[Fault]:
    """Every identity that does not hold; where rows cannot be told apart, no more than that."""
    apart = list(keys(tables))
    yield from apart or (fault for check in CHECKS for fault in check(tables))


def keys(t: Tables) -> Iterator[Fault]:
    """A table says a thing once."""
    for columns, names in KEYS.items():
        for name in set(names.split()) & set(t):
            yield from holds(f"{name}: rows are told apart", ~t[name].duplicated(columns.split()), t[name])


def calendar(t: Tables) -> Iterator[Fault]:
    """A day has one date, the same in every table; payments are numbered through each day; no day is left out."""
    dates = t["daily"].groupby("day")["date"].first()
    yield from holds("dates ascend", dates.diff().dropna() > pd.Timedelta(0), dates.diff().dropna().to_frame())
    for name, table in t.items():
        if {"day", "date"} <= set(table) and name != "announcements":
            yield from holds(
                f"{name}: date of the day", table["date"] == table["day"].map(dates), table[["day", "date"]]
            )
    journal = t["journal"]
    yield from holds(
        "journal: entries are numbered",
        journal["entry"] == journal.groupby("day").cumcount(),
        journal[["day", "entry", "cause"]],
    )
    for name in ("daily", "firms", "funds", "investors", "cash", "registers", "commitments_daily", "etf", "households"):
        found = t[name]["day"]
        yield from holds(f"{name}: days ascend", found.diff().fillna(0).isin((0, 1)), t[name].iloc[:, :2])


def balances(t: Tables) -> Iterator[Fault]:
    """Everybody's cash is what came in less what went out; all cash together is nothing: every asset is a claim."""
    journal = t["journal"]
    into, out = (summed(journal, "day", side).rename_axis(["day", "account"]) for side in ("payee", "payer"))
    moved = into.sub(out, fill_value=0)
    cash = t["cash"].pivot_table(index="day", columns="account", values="cents", aggfunc="sum").fillna(0)
    rebuilt = moved.unstack(fill_value=0).reindex(index=cash.index, columns=cash.columns).fillna(0).cumsum()
    yield from unequal("cash = payments in - payments out", cash.stack(), rebuilt.stack())
    yield from unequal("all cash sums to nothing", cash.sum(axis=1), 0 * cash.sum(axis=1))
    yield from holds("cents of a payment are above nothing", journal["cents"] > 0, journal[["day", "cause", "cents"]])
    of = t["cash"].set_index(["day", "account"])["cents"]
    for name, who, column in (
        ("firms", "firm", "cash_cents"), ("investors", "investor", "cash_cents"), ("funds", "fund", "cash_cents"),
        ("etf", "etf", "trust_cash_cents"), ("etf", "participant", "participant_cash_cents"),
    ):  # fmt: skip
        said = t[name].set_index(["day", who])[column].rename_axis(["day", "account"])
        yield from unequal(f"{name}: {column}", said, of.reindex(said.index))


def origins(t: Tables) -> Iterator[Fault]:
    """Under each rule a payment's parts add up to it, nobody pays on what has not come, and sums are those of parts."""
    journal, parts = t["journal"], t["payment_origins"]
    paid = journal.set_index(["day", "entry"])["cents"]
    rules = list(parts["rule"].unique())
    by_rule = summed(parts, "day", "entry", "rule").unstack(fill_value=0)
    for rule in rules:
        yield from unequal(f"{rule}: parts of a payment", paid, by_rule[rule])
    yield from holds("parts are above nothing", parts["cents"] > 0, parts)
    whole = parts.merge(journal[["day", "entry", "cause", "payer", "payee", "lap_step"]], on=["day", "entry"])
    outside = set(whole["origin"])
    fresh = whole[whole["payer"].isin(outside)]
    is_own = (fresh["origin"] == fresh["payer"]) & (fresh["lap"] == fresh["lap_step"])
    yield from holds("outside money is the payer's own", is_own, fresh[["day", "entry", "rule", "origin", "lap"]])
    came = whole.assign(account=whole["payee"])
    went = whole.assign(account=whole["payer"], lap=whole["lap"] - whole["lap_step"], cents=-whole["cents"])
    moved = pd.concat([came, went])
    inside = moved[~moved["account"].isin(outside)].sort_values(["day", "entry"], kind="stable")
    left = inside.groupby(["account", "origin", "lap", "rule"])["cents"].cumsum()
    yield from holds("nobody pays on what has not come", left >= 0, inside)
    yield from of_journal(journal, parts, t["origins"])


def of_journal(journal: pd.DataFrame, parts: pd.DataFrame, sums: pd.DataFrame) -> Iterator[Fault]:
    """The journal's own columns of origins are sums of parts by the run's rule: the one that fits best."""
    keyed = journal.set_index(["day", "entry"])
    columns = [name for name in journal if name.startswith("from_")]
    fresh = journal[journal["payer"].isin(set(parts["origin"]))]
    column_of = fresh[columns].idxmax(axis=1).groupby(fresh["payer"]).agg(lambda found: found.mode().iloc[0])
    named = "from_" + sums["origin_class"].str.lower().str.replace("[ -]", "_", regex=True) + "_cents"
    yield from holds("class of an origin", named == sums["origin"].map(column_of), sums)
    fits = []
    for _, own in parts.groupby("rule"):
        recycled = summed(own[own["lap"] > 0], "day", "entry").reindex(keyed.index, fill_value=0)
        by_class = summed(own.assign(name=own["origin"].map(column_of)), "day", "entry", "name").unstack(fill_value=0)
        again = by_class.reindex(index=keyed.index, columns=columns, fill_value=0).assign(recycled_cents=recycled)
        said = keyed[list(again)]
        wrong = int((said != again).to_numpy().sum())
        fits.append((wrong, list(unequal("origins in the journal", said.stack(), again.stack()))))
    yield from min(fits, key=lambda fit: fit[0])[1]


def registers(t: Tables) -> Iterator[Fault]:
    """What exists is held, was issued and not retired."""
    found, held = t["registers"], t["holdings"]
    keyed = found.set_index(["day", "security"])
    yield from unequal("held = outstanding", summed(held, "day", "security", column="units"), keyed["outstanding"])
    yield from unequal("outstanding = issued - retired", keyed["outstanding"], keyed["issued"] - keyed["retired"])
    for column in ("issued", "retired"):
        grown = found.groupby("security")[column].diff().fillna(0)
        yield from holds(f"{column} never falls", grown >= 0, found[["day", "security", column]])
    yield from holds("units are above nothing", held["units"] > 0, held)


def prices(t: Tables) -> Iterator[Fault]:
    """A share is worth one price on one day, whoever says it, and every trade is whole shares at it."""
    daily, journal = t["daily"], t["journal"]
    price = daily.set_index(["day", "security"])["price_cents"]
    exist = t["registers"].set_index(["day", "security"])["outstanding"]
    said = daily.set_index(["day", "security"])
    yield from unequal("shares outstanding", said["shares_outstanding"], exist.reindex(said.index))
    yield from unequal("market value", said["market_value_cents"], price * said["shares_outstanding"])
    etf = t["etf"].set_index(["day", "etf"])["price_cents"].rename_axis(["day", "security"])
    yield from unequal("price of the ETF", etf, price.reindex(etf.index))
    trades = journal[journal["cause"].isin(SHARE_CAUSES)]
    at = price.reindex(pd.MultiIndex.from_frame(trades[["day", "contract"]])).to_numpy()
    listed = ~np.isnan(at)
    whole = trades["cents"].to_numpy()[listed] % at[listed] == 0
    yield from holds("trades are whole shares", whole, trades[listed][["day", "entry", "contract", "cents"]])
    bonds = t["bonds"].set_index(["day", "bond"])
    yield from unequal("units of a bond", bonds["units"], exist.reindex(bonds.index))
    debt = (bonds["units"] * bonds["face_cents"]).groupby([bonds.index.get_level_values(0), bonds["issuer"]]).sum()
    firms = t["firms"].set_index(["day", "firm"])
    yield from unequal("debt of a firm", firms["debt_cents"], debt.reindex(firms.index))
    value = firms["valuation_cents"][firms["kind"] != "lab"].rename_axis(["day", "security"])
    yield from unequal("value of a listed firm", value, said["market_value_cents"].reindex(value.index))
    shares = price[daily.set_index(["day", "security"])["kind"] == "share"]
    yield from unequal("shares of a fund", *worth(t, "funds", "fund", "equity_cents", shares))
    yield from unequal("basket of the ETF", *worth(t, "etf", "etf", "basket_cents", shares))
    yield from unequal("shares of the participant", *worth(t, "etf", "participant", "participant_shares_cents", shares))
    buyers = dict(t, investors=t["investors"][t["investors"]["kind"] != "venture"])
    marks = bonds["price_cents"].rename_axis(["day", "security"])
    yield from unequal("bonds of a buyer", *worth(buyers, "investors", "investor", "holdings_cents", marks))


def trades(t: Tables) -> Iterator[Fault]:
    """A fund's shares change by what it has bought and sold, a market's volume is what was bought."""
    journal, funds = t["journal"], set(t["funds"]["fund"])
    price = t["daily"].set_index(["day", "security"])["price_cents"]
    moved = journal[journal["cause"].isin((*SHARE_CAUSES, "listing"))].rename(columns={"contract": "security"})
    is_new, is_bought = moved["cause"] == "listing", moved["cause"] != "trade_receive"
    moved["security"] = moved["security"].where(~is_new, moved["payee"])
    at = price.reindex(pd.MultiIndex.from_frame(moved[["day", "security"]])).to_numpy()
    moved["account"] = np.where(is_bought, moved["payer"], moved["payee"])
    moved["units"] = np.where(is_bought, 1, -1) * moved["cents"] / at
    held = t["holdings"][t["holdings"]["account"].isin(funds)]
    wide = held.pivot_table(index="day", columns=["account", "security"], values="units", aggfunc="sum").fillna(0)
    change = wide.reindex(range(t["daily"]["day"].max() + 1), fill_value=0).diff().iloc[1:]
    change = change.stack([0, 1], future_stack=True)
    traded = summed(moved[moved["account"].isin(funds)], "day", "account", "security", column="units")
    yield from unequal("a fund's shares change by its trades", change[change != 0], traded[traded != 0])


def promises(t: Tables) -> Iterator[Fault]:
    """What was paid and lent under a contract is in the journal; what is owed is what was lent and not repaid."""
    for name in ("commitments", "loans"):
        if name not in t:
            continue
        keys = ["day", t[name].columns[2]]
        monthly, daily = t[name].set_index(keys), t[f"{name}_daily"].set_index(keys)
        for column in (c for c in monthly if c.endswith(("_cents", "_mw"))):
            yield from unequal(f"{name}: {column} by day", monthly[column], daily[column].reindex(monthly.index))
        for column in ("paid_cents", "drawn_cents", "repaid_cents", "interest_cents", "lost_cents"):
            if column in daily:
                grown = daily[column].groupby(level=1).diff().fillna(0)
                yield from holds(f"{name}: {column} never falls", grown >= 0, daily.reset_index()[[*keys, column]])
    journal, last = t["journal"], t["commitments_daily"]["day"].max()
    for name, kind, column, cause in PAID:
        if name in t:
            said = t[name][t[name]["kind"] == kind].set_index(["day", t[name].columns[2]])[column]
            own = summed(journal[journal["cause"] == cause], "day", "contract").unstack(fill_value=0)
            sums = own.reindex(range(last + 1), fill_value=0).cumsum().stack()
            yield from unequal(f"{name}: {column} in the journal", said, sums.reindex(said.index, fill_value=0))
    if "loans_daily" in t:
        loans = t["loans_daily"][t["loans_daily"]["kind"] == "loan"].set_index(["day", "loan"])
        rest = loans["drawn_cents"] - loans["repaid_cents"] - loans["lost_cents"]
        yield from unequal("owed = drawn - repaid - lost", loans["outstanding_cents"], rest)


def households(t: Tables) -> Iterator[Fault]:
    """Everybody together, by tenths of opening wealth and one by one are the same households."""
    said, deciles = t["households"].set_index("day"), t["household_deciles"]
    columns = ["cash_cents", "etf_shares", "susceptible", "enthusiastic", "tired"]
    for column in columns:
        by_day = summed(deciles, "day", column=column)
        yield from unequal(f"tenths: {column}", by_day, said[column].reindex(by_day.index))
    people = said[columns[2:]].sum(axis=1)
    yield from unequal("nobody is born", people, 0 * people + people.iloc[0])
    if "holders_changed" not in t:
        return
    cash, shares, state = (
        t["holders_changed"].pivot_table(index="day", columns="holder", values=name, aggfunc="last").ffill()
        for name in ("cash_cents", "etf_shares", "state")
    )
    rows = {"cash_cents": cash, "etf_shares": shares} | {name: state == code for code, name in enumerate(columns[2:])}
    wealth = (cash.iloc[0] + shares.iloc[0] * t["etf"]["price_cents"].iloc[0]).to_numpy()
    edges = np.sort(wealth)[np.arange(1, 10) * len(wealth) // 10]
    tenth = np.searchsorted(edges, wealth, side="right") + 1
    for column, table in rows.items():
        yield from unequal(f"everybody: {column}", said[column], table.sum(axis=1))
        by_tenth = table.T.groupby(tenth).sum().T.stack().rename_axis(["day", "decile"])
        own = deciles.set_index(["day", "decile"])[column]
        yield from unequal(f"everybody by tenths: {column}", own, by_tenth.reindex(own.index))
    sample = t["holders"].set_index(["day", "holder"])
    for column, table in (("cash_cents", cash), ("etf_shares", shares), ("state", state)):
        yield from unequal(f"sample: {column}", sample[column], table.stack().reindex(sample.index))


def positions(t: Tables) -> Iterator[Fault]:
    """Everybody's payments since the start, by party; what was traded, by class."""
    moved = t["journal"][t["journal"]["cause"] != "opening"]
    said = t["positions"].set_index(["day", "party"])
    days = said.index.get_level_values(0).unique()
    for column, side in (("cash_in_cents", "payee"), ("cash_out_cents", "payer")):
        sums = summed(moved, "day", side).unstack(fill_value=0).reindex(range(days.max() + 1), fill_value=0).cumsum()
        sums = sums.loc[days].stack().rename_axis(["day", "party"])
        yield from unequal(f"positions: {column}", said[column], sums)


CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    calendar, balances, origins, registers, prices, trades, promises, households, positions, *SUMS,
)  # fmt: skip


def main() -> int:
    """Audit one folder."""
    faults = [f"{identity}: {where}" for identity, where in audit(read(Path(sys.argv[1])))]
    print(*faults, f"{len(faults)} identities do not hold", sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
