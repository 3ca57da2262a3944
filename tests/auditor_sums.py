"""What else the second auditor works out again: sums by origin, by class, by quarter, by market; for `auditor.py`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
Fault = tuple[str, str]
RECEIVED = {
    "chip_bill": "revenue from the circle", "compute_bill": "revenue from labs", "milestone": "milestone investments",
    "round": "private rounds", "listing": "listings", "vendor_loan": "vendor loans",
}  # fmt: skip
SPENT = {
    "lab": {"compute_bill": "spending", "running_costs": "spending", "revenue_share": "spending"},
    "cloud": {"chip_bill": "building", "construction": "building"},
}
SECTIONS = {
    ("operating", "investing", "financing"): "cash",
    ("income",): "retained earnings",
}
"""Sections whose sum is a change of a line of the balance sheet."""
QUARTER_DAYS = 63


def unequal(identity: str, left: pd.Series, right: pd.Series, tolerance: int = 0) -> Iterator[Fault]:
    """Where two columns, over the same keys, are not the same whole numbers; a key that one side lacks counts as 0."""
    both = pd.concat([left, right], axis=1, keys=["left", "right"]).fillna(0)
    if len(wrong := both[(both["left"] - both["right"]).abs() > tolerance]):
        first = wrong.iloc[0]
        yield identity, f"{wrong.index[0]}: {first['left']:.0f}, {first['right']:.0f} ({len(wrong)} places)"


def holds(identity: str, is_so: pd.Series | np.ndarray, where: pd.DataFrame) -> Iterator[Fault]:
    """Where a statement about rows is not true."""
    if len(wrong := where[~np.asarray(is_so)]):
        yield identity, f"{tuple(wrong.iloc[0])} ({len(wrong)} rows)"


def summed(table: pd.DataFrame, *keys: str, column: str = "cents") -> pd.Series:
    """Sum of a column by keys."""
    return table.groupby(list(keys))[column].sum()


def worth(t: Tables, name: str, who: str, column: str, price: pd.Series) -> tuple[pd.Series, pd.Series]:
    """What a table says that its parties' holdings are worth, and their units times prices, each to a whole cent."""
    said = t[name].set_index(["day", who])[column].rename_axis(["day", "account"])
    held = t["holdings"][t["holdings"]["account"].isin(said.index.get_level_values(1))]
    at = price.reindex(pd.MultiIndex.from_frame(held[["day", "security"]])).fillna(0).to_numpy()
    cents = held["units"] * at if at.dtype == np.int64 or not (at % 1).any() else np.rint(held["units"] * at)
    return said, summed(held.assign(cents=cents.astype(np.int64)), "day", "account").reindex(said.index)


def sums_of_origins(t: Tables) -> Iterator[Fault]:
    """Who paid, on every day it is told: parts of payments added up by receiver, flow, origin and lap."""
    journal, said = t["journal"], t["origins"]
    kinds = t["firms"].groupby("firm")["kind"].first()
    ends = [journal.assign(receiver=journal["payee"], flow=journal["cause"].map(RECEIVED))]
    for kind, flows in SPENT.items():
        own = journal[journal["payer"].map(kinds) == kind]
        ends.append(own.assign(receiver=own["payer"], flow=own["cause"].map(flows)))
    counted = pd.concat(ends).dropna(subset="flow")[["day", "entry", "receiver", "flow"]]
    parts = t["payment_origins"].merge(counted, on=["day", "entry"])
    keys = ["rule", "receiver", "flow", "origin", "lap"]
    by_day = summed(parts, "day", *keys).unstack("day", fill_value=0)
    by_day = by_day.reindex(columns=range(t["daily"]["day"].max() + 1), fill_value=0).cumsum(axis=1)
    again = by_day[said["day"].unique()].stack().reorder_levels([5, 0, 1, 2, 3, 4])
    yield from unequal("who paid, by origin and lap", said.set_index(["day", *keys])["cents"], again)


def values_of_parties(t: Tables) -> Iterator[Fault]:
    """What everybody holds, at market or at the last mark; a private stake to a cent, marks being finer than cents."""
    price = t["daily"].set_index(["day", "security"])["price_cents"]
    marks = t["bonds"].set_index(["day", "bond"])["price_cents"].rename_axis(["day", "security"])
    firms = t["firms"].set_index(["day", "firm"])["valuation_cents"].rename_axis(["day", "security"])
    exist = t["registers"].set_index(["day", "security"])
    private = exist[exist["kind"] == "private"]["outstanding"]
    days, names = (private.index.get_level_values(level) for level in (0, 1))
    owner = pd.MultiIndex.from_arrays([days, [name.removesuffix(", private") for name in names]])
    trading = exist["outstanding"].reindex(owner).fillna(0).to_numpy() * (owner != private.index)
    of_private = pd.Series(firms.reindex(owner).to_numpy() / (private.to_numpy() + trading), private.index)
    every = pd.concat([price, marks, of_private]).astype(float)
    venture = dict(t, investors=t["investors"][t["investors"]["kind"] == "venture"])
    yield from unequal("stakes of an investor", *worth(venture, "investors", "investor", "holdings_cents", every), 1)
    trust = set(t["etf"]["etf"])
    others = dict(t, positions=t["positions"][~t["positions"]["party"].isin(trust)])
    yield from unequal("market value of a party", *worth(others, "positions", "party", "market_value_cents", every), 1)
    etf = t["etf"].set_index("day")
    nav = np.rint((etf["basket_cents"] + etf["trust_cash_cents"]) / etf["shares_outstanding"])
    said = t["daily"][t["daily"]["kind"] == "etf"].set_index("day")["net_asset_value_cents"]
    yield from unequal("value of an ETF share", said.iloc[1:], nav.iloc[1:])


def markets(t: Tables) -> Iterator[Fault]:
    """What was traded: volume by share, what households bought and sold, what each class did."""
    journal, daily, etf = t["journal"], t["daily"], t["etf"]
    price = daily.set_index(["day", "security"])["price_cents"]
    bought, sold = (journal[journal["cause"] == cause] for cause in ("trade_pay", "trade_receive"))
    shares = daily[daily["kind"] == "share"].set_index(["day", "security"])["volume_shares"]
    volume = summed(bought, "day", "contract").rename_axis(["day", "security"]).reindex(shares.index, fill_value=0)
    yield from unequal("volume of a share", shares, volume / price.reindex(shares.index))
    held = t["holdings"].set_index(["day", "account", "security"])["units"]
    own = etf.set_index("day")
    fund, participant = etf["etf"].iloc[0], etf["participant"].iloc[0]
    exist = t["registers"].set_index(["day", "security"])["outstanding"].xs(fund, level="security")
    yield from unequal("shares of the ETF", own["shares_outstanding"], exist)
    by_account = held.xs(fund, level="security").unstack(fill_value=0)
    said = own["participant_etf_shares"]
    yield from unequal("the participant's ETF shares", said, by_account.get(participant, 0 * said))
    crowd = t["households"].set_index("day")
    yield from unequal("households' ETF shares", crowd["etf_shares"], by_account.get("households", 0 * said))
    change = crowd["etf_shares"].diff().fillna(0)
    yield from unequal("households bought - sold", crowd["bought_shares"] - crowd["sold_shares"], change)
    if "fills" in t:
        yield from fills(t, (bought, "payer", "paid_cents", "bought_shares"), price)
        yield from fills(t, (sold, "payee", "received_cents", "sold_shares"), price)


def fills(t: Tables, side: tuple[pd.DataFrame, str, str, str], price: pd.Series) -> Iterator[Fault]:
    """What each class bought, or sold, of a security on a day; households pay net what they trade among themselves."""
    trades, who, cents, shares = side
    group_of = t["positions"].drop_duplicates("party").set_index("party")["group"]
    keys = ["day", "security", "class"]
    said = t["fills"][t["fills"]["class"] != "households"].set_index(keys)
    named = trades.rename(columns={"contract": "security"}).assign(**{"class": trades[who].map(group_of)})
    is_listed = named["security"].isin(set(price.index.get_level_values("security")))
    sums = summed(named[is_listed & (named["class"] != "households")], *keys)
    yield from unequal(f"fills: {cents}", said[cents], sums)
    at = price.reindex(sums.index.droplevel("class")).to_numpy()
    yield from unequal(f"fills: {shares}", said[shares], sums / at)


def quarters(t: Tables) -> Iterator[Fault]:
    """Flow of funds is the journal by class and quarter; statements add up, and their cash is the firms'."""
    said = t["flow_of_funds"]
    group_of = t["positions"].drop_duplicates("party").set_index("party")["group"]
    journal = t["journal"][t["journal"]["day"] > 0]
    journal = journal.assign(quarter=-(-journal["day"] // QUARTER_DAYS), flow=journal["cause"])
    sides = [
        journal.assign(group=journal[who].map(group_of).fillna(journal[who]), cents=sign * journal["cents"])
        for who, sign in (("payee", 1), ("payer", -1))
    ]
    keys = ["group", "quarter", "flow"]
    sums = summed(pd.concat(sides), *keys)
    change = -sums.groupby(level=["group", "quarter"]).sum()
    again = pd.concat([sums, pd.concat({"change in cash": change}, names=["flow"]).reorder_levels(keys)])
    yield from unequal("flow of funds", said[said["quarter"] > 0].set_index(keys)["cents"], again)
    flows = said[said["flow"] != "change in cash"]
    for name, zero in (("a flow", summed(flows, "quarter", "flow")), ("a class", summed(said, "quarter", "group"))):
        yield from unequal(f"flow of funds: {name} sums to nothing", zero, 0 * zero)
    yield from statements(t["statements"], t["firms"])


def statements(lines: pd.DataFrame, firms: pd.DataFrame) -> Iterator[Fault]:
    """Assets are claims; income and cash flows are what retained earnings and cash changed by."""
    by_line = lines.pivot_table(index=["firm", "quarter"], columns=["section", "line"], values="cents", aggfunc="sum")
    by_line = by_line.fillna(0)
    by_section = by_line.T.groupby(level="section").sum().T
    yield from unequal("assets = claims", by_section["assets"], by_section["claims"])
    for sections, line in SECTIONS.items():
        level = by_line.xs(line, axis=1, level="line").sum(axis=1)
        change = level.groupby(level="firm").diff()
        moved = by_section.reindex(columns=sections, fill_value=0).sum(axis=1)
        yield from unequal(f"change in {line}", change.dropna(), moved[change.notna()])
    cash = lines[lines["line"] == "cash"].set_index(["day", "firm"])["cents"]
    said = firms.set_index(["day", "firm"])["cash_cents"]
    told = pd.MultiIndex.from_frame(lines[["day", "firm"]].drop_duplicates())
    yield from unequal("cash of a firm's statement", cash.reindex(told, fill_value=0), said.reindex(told))


def announced(t: Tables) -> Iterator[Fault]:
    """An announcement's date is its day's; what the market made of it is the move of the value of that firm."""
    if "announcements" not in t:
        return
    said, daily = t["announcements"], t["daily"]
    dates = daily.groupby("day")["date"].first()
    yield from holds("date of an announcement", said["date"] == said["day"].map(dates), said[["day", "date", "firm"]])
    share = said[said["firm"].isin(set(daily["security"]))]
    keyed = daily.set_index(["day", "security"])
    keys = pd.MultiIndex.from_arrays([share["day"] - 1, share["firm"]])
    exist = keyed["shares_outstanding"].reindex(pd.MultiIndex.from_arrays([share["day"], share["firm"]])).to_numpy()
    was = keyed["price_cents"].reindex(keys).to_numpy() * exist
    known = ~np.isnan(was)
    is_so = share["market_value_before_cents"].to_numpy()[known] == was[known]
    yield from holds("value before an announcement", is_so, share[known][["day", "firm", "market_value_before_cents"]])
    at = keyed["market_value_cents"].reindex(pd.MultiIndex.from_arrays([share["day"], share["firm"]])).to_numpy()
    gone = at / was - 1
    is_so = np.isclose(share["day0_return"].astype(float), gone, rtol=1e-9, atol=1e-12)[known]
    yield from holds("return of an announcement", is_so, share[known][["day", "firm", "day0_return"]])
    gained = np.abs(gone * was - share["value_gained_cents"].astype(float))[known] <= 1
    yield from holds("value gained", gained, share[known][["day", "firm", "value_gained_cents"]])


SUMS = (sums_of_origins, values_of_parties, markets, quarters, announced)
