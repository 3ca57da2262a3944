"""The tables of a run tell one story: what one says can be worked out from another, to the cent."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from carousel.history.choice import Choice
from carousel.history.everybody import everybody
from carousel.history.recorder import observe
from carousel.model import CarouselModel
from carousel.scenarios.loader import load

RUNS = {
    "circle": ("ai-2025-wide-september", 4, 420, 300, {"monetisation_growth_per_year": 2.5}),
    "bust": ("ai-2025", 1, 630, 300, {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.1}),
    "vendor": ("vendor-loans", 0, 1134, 300, {"monetisation_growth_per_year": -0.4}),
    "debts": ("joke", 0, 5, 0, {}),
}
RECEIVED = {
    "chip_bill": "revenue from the circle",
    "compute_bill": "revenue from labs",
    "milestone": "milestone investments",
    "round": "private rounds",
    "vendor_loan": "vendor loans",
}
SPENT = {"lab": ("compute_bill", "running_costs", "revenue_share"), "cloud": ("chip_bill", "construction")}


@pytest.fixture(scope="module", params=list(RUNS))
def run(request):
    """A finished run: tables by name, the scenario, and the journal without opening balances."""
    name, seed, days, holders, parameters = RUNS[request.param]
    data = load(name, ["firm.The lab.opening_cash_usd=40"] if name == "joke" else [])
    model = CarouselModel(data, rng=seed, days=days, holders=holders, **parameters)
    recorder = observe(model, choice=Choice(also=("holders_changed", "fills")))
    while model.running:
        model.step()
    recorder.finish()
    tables = recorder.sink.tables()
    moved = tables["journal"][tables["journal"]["cause"] != "opening"]
    return SimpleNamespace(
        name=request.param, t=tables, moved=moved, days=days, holders=holders, scenario=model.scenario_data
    )


def last(table):
    """Rows of the last day."""
    return table[table["day"] == table["day"].max()]


def balances(run, names):
    """Cash of some accounts by day, from the journal alone: one row a day, one column a name."""
    journal = run.t["journal"]
    into = journal[journal["payee"].isin(names)].pivot_table(
        index="day", columns="payee", values="cents", aggfunc="sum"
    )
    out = journal[journal["payer"].isin(names)].pivot_table(index="day", columns="payer", values="cents", aggfunc="sum")
    days = range(run.days + 1)
    shaped = [t.reindex(index=days, columns=names).fillna(0).astype(np.int64) for t in (into, out)]
    return (shaped[0] - shaped[1]).cumsum()


def test_every_day_has_its_date_and_every_daily_table_every_day(run):
    dates = {}
    for name, table in run.t.items():
        if len(table) and "date" in table:
            for day, date in table[["day", "date"]].drop_duplicates().itertuples(index=False):
                assert dates.setdefault(day, date) == date, name
    if len(run.t["daily"]):
        assert dates[0] == run.scenario.start_date
    assert all(dates[a] < dates[b] for a, b in zip(sorted(dates), sorted(dates)[1:], strict=False))
    for name in ("daily", "firms", "investors", "funds", "households"):
        assert not len(run.t[name]) or sorted(run.t[name]["day"].unique()) == list(range(run.days + 1)), name


@pytest.mark.parametrize(("table", "who"), [("firms", "firm"), ("investors", "investor"), ("funds", "fund")])
def test_cash_is_what_the_journal_adds_up_to(run, table, who):
    rows = run.t[table]
    if not len(rows):
        pytest.skip("none here")
    cash = rows.pivot(index="day", columns=who, values="cash_cents")
    assert (cash == balances(run, list(cash.columns))).all().all()


def test_every_cent_of_a_payment_has_one_class_of_origin(run):
    journal = run.t["journal"]
    assert (journal.filter(like="from_").sum(axis=1) == journal["cents"]).all()
    assert journal["recycled_cents"].between(0, journal["cents"]).all()
    assert set(journal["lap_step"]) <= {0, 1}


def test_cash_in_and_out_of_a_position_is_that_of_the_journal(run):
    positions = run.t["positions"]
    for day in sorted(positions["day"].unique())[:: max(1, len(positions["day"].unique()) // 6)]:
        moved = run.moved[run.moved["day"] <= day]
        flows = pd.DataFrame(
            {"into": moved.groupby("payee")["cents"].sum(), "out": moved.groupby("payer")["cents"].sum()}
        ).fillna(0)
        now = positions[positions["day"] == day].set_index("party")
        assert set(flows.index) <= set(now.index)
        flows = flows.reindex(now.index, fill_value=0)
        assert (flows["into"] == now["cash_in_cents"]).all()
        assert (flows["out"] == now["cash_out_cents"]).all()


def test_every_party_stands_in_its_group(run):
    s = run.scenario
    group = {lab.name: "labs" for lab in s.lab} | {
        f"{lab.name}, founders and staff": "labs' founders and staff" for lab in s.lab
    }
    kinds = run.t["firms"].drop_duplicates("firm").set_index("firm")["kind"].to_dict()
    of_kind = {"cloud": "clouds", "chip_maker": "chip makers", "listed": "other listed firms", "lab": "labs"}
    group |= {firm: of_kind[kind] for firm, kind in kinds.items()}
    group |= {v.name: "venture investors and their partners" for v in s.venture_investor}
    buyers = {"bank": "banks and their credit", "private_credit": "private credit and its investors"}
    group |= {b.name: buyers.get(b.kind.value, "bond funds and their savers") for b in s.bond_buyer}
    group |= {fund.name: "active funds and their savers" for fund in s.active_fund}
    group |= {fund.savers: "active funds and their savers" for fund in s.active_fund}
    if s.name == "joke":
        group |= {firm.name: "firms" for firm in s.firms}
    told = run.t["positions"].drop_duplicates("party").set_index("party")["group"]
    for party, told_group in told.items():
        assert told_group == group.get(party, told_group), party
    assert len(set(told.index) & set(group)) >= 2
    savers = told[[name for name in told.index if "household" in name]]
    assert set(savers) <= {"households"}
    pairs = run.t["positions"][["party", "group"]].drop_duplicates()
    assert pairs["party"].is_unique


def test_what_a_fund_of_all_holds_for_others_is_not_held_twice(run):
    """The ETF's basket is its holders', and outside accounts hold nothing that is counted."""
    positions, journal = run.t["positions"], run.t["journal"]
    etf = set(run.t["daily"].query("kind == 'etf'")["security"])
    assert (positions[positions["party"].isin(etf)]["market_value_cents"] == 0).all()
    outside = set(positions["party"]) & {"AI customers", "other customers", "suppliers and staff"}
    assert (positions[positions["party"].isin(outside)]["market_value_cents"] == 0).all()
    assert not len(run.t["daily"]) or len(journal[journal["payee"].isin(etf)])


def test_what_is_held_is_worth_what_investors_and_funds_say(run):
    values = run.t["positions"].set_index(["day", "party"])["market_value_cents"]
    for table, who, column in (("investors", "investor", "holdings_cents"), ("funds", "fund", "equity_cents")):
        for row in run.t[table][run.t[table]["day"].isin(run.t["positions"]["day"])].itertuples():
            assert values.get((row.day, getattr(row, who)), 0) == getattr(row, column)


def test_market_value_is_price_times_shares_and_that_of_a_listed_firm(run):
    daily, firms = run.t["daily"], run.t["firms"]
    assert (daily["market_value_cents"] == daily["price_cents"] * daily["shares_outstanding"]).all()
    shares = daily[daily["kind"] == "share"].set_index(["day", "security"])
    listed = firms[firms["kind"] != "lab"].set_index(["day", "firm"])
    assert (listed["valuation_cents"] == shares["market_value_cents"].reindex(listed.index)).all()
    assert (shares["net_asset_value_cents"] == 0).all()
    etf = daily[daily["kind"] == "etf"]
    assert (etf["net_asset_value_cents"] == etf["fair_value_cents"]).all()
    assert (etf["narrative_log_multiple"] == 0).all()
    assert daily["trend_share"].between(0, 1).all()
    assert (daily["volume_shares"] >= 0).all()
    if len(etf):
        known = etf[etf["day"] > 0]
        assert np.allclose(known["price_cents"], known["net_asset_value_cents"], rtol=0.03)
        traded = daily[daily["day"] > 0].groupby("kind")["volume_shares"].sum()
        assert (traded > 0).all()


def test_the_households_are_the_sum_of_the_holders(run):
    whole, holders = run.t["households"].set_index("day"), everybody(run.t["holders_changed"])
    if not len(whole):
        assert not len(holders)
        return
    assert (whole[["susceptible", "enthusiastic", "tired"]].sum(axis=1) == run.holders).all()
    for day, rows in holders.groupby("day"):
        assert list(rows["holder"]) == list(range(run.holders))
        assert rows["cash_cents"].sum() == whole.loc[day, "cash_cents"]
        assert rows["etf_shares"].sum() == whole.loc[day, "etf_shares"]
        counts = [int((rows["state"] == state).sum()) for state in range(3)]
        assert counts == whole.loc[day, ["susceptible", "enthusiastic", "tired"]].tolist()
    change = whole["etf_shares"].diff().iloc[1:]
    assert (change == (whole["bought_shares"] - whole["sold_shares"]).iloc[1:]).all()


def test_sampled_holders_are_those_of_the_whole(run):
    few, whole = run.t["holders"], everybody(run.t["holders_changed"])
    both = few.merge(whole, on=["day", "holder"], suffixes=("", "_all"))
    for column in ("cash_cents", "etf_shares", "state"):
        assert (both[column] == both[f"{column}_all"]).all()
    assert len(both) == min(run.holders, 100) * whole["day"].nunique()


def test_deciles_are_those_of_the_whole(run):
    """By wealth at the opening, from everybody's rows, with pandas."""
    deciles, whole = run.t["household_deciles"], everybody(run.t["holders_changed"])
    if not len(whole):
        assert not len(deciles)
        return
    opening, daily = whole[whole["day"] == 0], run.t["daily"]
    price = daily[(daily["day"] == 0) & (daily["kind"] == "etf")]["price_cents"].item()
    wealth = opening["cash_cents"] + opening["etf_shares"].astype(np.int64) * price
    edges = np.sort(wealth)[np.arange(1, 10) * run.holders // 10]
    whole["decile"] = 1 + np.searchsorted(edges, wealth, side="right")[whole["holder"]]
    for code, state in enumerate(("susceptible", "enthusiastic", "tired")):
        whole[state] = (whole["state"] == code).astype(int)
    weekly = [*range(0, run.days, 5), run.days]
    assert deciles["day"].unique().tolist() == list(dict.fromkeys(weekly))
    names = ["cash_cents", "etf_shares", "susceptible", "enthusiastic", "tired"]
    told = whole[whole["day"].isin(weekly)].groupby(["day", "decile"])[names].sum()
    assert (told == deciles.set_index(["day", "decile"])[names]).all().all()
    assert len(told) == len(deciles)


def test_balances_are_what_the_journal_adds_up_to(run):
    """Of every account inside and outside; and of the firms and investors that say their own."""
    cash = run.t["cash"].pivot(index="day", columns="account", values="cents")
    assert (cash == balances(run, list(cash.columns))).all().all()
    assert (cash.sum(axis=1) == 0).all()
    assert len(cash) == run.days + 1


def test_what_is_held_is_what_exists_and_what_exists_was_issued_and_not_retired(run):
    held = run.t["holdings"].groupby(["day", "security"])["units"].sum()
    registers = run.t["registers"]
    if not len(registers):
        assert not len(held)
        return
    existing = registers.set_index(["day", "security"])["outstanding"]
    assert (held == existing[existing > 0].sort_index()).all()
    assert (registers["outstanding"] == registers["issued"] - registers["retired"]).all()
    assert (run.t["holdings"]["units"] > 0).all()
    units = run.t["bonds"].rename(columns={"bond": "security"}).set_index(["day", "security"])["units"]
    assert (units == existing.loc[units.index]).all()
    debt = (run.t["bonds"]["units"] * run.t["bonds"]["face_cents"]).groupby(
        [run.t["bonds"]["day"], run.t["bonds"]["issuer"]]
    )
    own = run.t["firms"].set_index(["day", "firm"])["debt_cents"]
    assert (debt.sum() == own.loc[debt.sum().index]).all()
    assert own.sum() == debt.sum().sum()


def test_what_funds_hold_is_worth_their_equity(run):
    daily = run.t["daily"]
    shares = daily[daily["kind"] == "share"][["day", "security", "price_cents", "shares_outstanding"]]
    funds = set(run.t["funds"]["fund"])
    held = run.t["holdings"][run.t["holdings"]["account"].isin(funds)]
    held = held.merge(shares, on=["day", "security"])
    worth = (held["units"] * held["price_cents"]).groupby([held["day"], held["account"]]).sum()
    equity = run.t["funds"].set_index(["day", "fund"])["equity_cents"]
    assert (worth.reindex(equity.index, fill_value=0) == equity).all()


def test_the_etf_and_its_participant_are_what_the_books_say(run):
    etf, cash = run.t["etf"], run.t["cash"].set_index(["day", "account"])["cents"]
    daily = run.t["daily"].set_index(["day", "security"])
    held = run.t["holdings"].set_index(["day", "account", "security"])["units"].sort_index()
    assert len(etf) == int((run.t["daily"]["kind"] == "etf").sum())
    for row in etf.iloc[::40].itertuples():
        assert row.price_cents == daily.loc[(row.day, row.etf), "price_cents"]
        assert row.shares_outstanding == daily.loc[(row.day, row.etf), "shares_outstanding"]
        assert row.trust_cash_cents == cash[row.day, row.etf]
        assert row.participant_cash_cents == cash[row.day, row.participant]
        own = held[row.day, row.participant]
        assert row.participant_etf_shares == own.get(row.etf, 0)
        net = row.shares_outstanding * daily.loc[(row.day, row.etf), "net_asset_value_cents"]
        assert row.basket_cents + row.trust_cash_cents == pytest.approx(net, rel=1e-4) or not row.day


def test_payments_are_the_sum_of_their_origins_under_every_rule(run):
    journal, parts = run.t["journal"], run.t["payment_origins"]
    cents = journal.set_index(["day", "entry"])["cents"]
    assert cents.index.is_unique
    assert (journal.groupby("day")["entry"].agg(["min", "max", "size"]) @ [1, -1, 1] == 1).all()
    assert set(parts["rule"]) == {"pro-rata", "fifo", "lifo"}
    for _, rows in parts.groupby("rule"):
        assert (rows.groupby(["day", "entry"])["cents"].sum() == cents).all()
    own = parts[parts["rule"] == "pro-rata"]
    again = own[own["lap"] > 0].groupby(["day", "entry"])["cents"].sum().reindex(cents.index, fill_value=0)
    assert (again.to_numpy() == journal["recycled_cents"].to_numpy()).all()
    assert parts["lap"].between(0, 7).all()
    assert (parts["cents"] > 0).all()


def test_the_fills_of_all_classes_are_the_volume(run):
    fills, daily = run.t["fills"], run.t["daily"]
    by = fills.groupby(["day", "security"])[["bought_shares", "sold_shares", "paid_cents", "received_cents"]].sum()
    volume = daily[daily["volume_shares"] > 0].set_index(["day", "security"])
    assert by.index.equals(volume.index.sort_values()) or not len(by)
    volume = volume.reindex(by.index)
    for side in ("bought_shares", "sold_shares"):
        assert (by[side] == volume["volume_shares"]).all()
    for side in ("paid_cents", "received_cents"):
        assert (by[side] == volume["volume_shares"] * volume["price_cents"]).all()
    assert set(fills["class"]) <= set(run.t["positions"]["group"])
    crowd = fills[fills["class"] == "households"].set_index("day")
    if len(crowd):
        whole = run.t["households"].set_index("day").loc[crowd.index]
        assert (crowd["bought_shares"] == whole["bought_shares"]).all()
        assert (crowd["sold_shares"] == whole["sold_shares"]).all()


def test_an_imbalance_of_orders_has_its_sign_from_who_wished_more(run):
    """Of the ETF orders of households and plans are counted: they buy more than they sell when they wished to."""
    etf = run.t["daily"][run.t["daily"]["kind"] == "etf"].set_index("day")
    if len(etf) and len(run.t["households"]):
        whole = run.t["households"].set_index("day")
        held = run.t["holdings"].query("account == 'savings plans' and security == @etf.security.iloc[0]")
        planned = held.set_index("day")["units"].reindex(etf.index).fillna(0).diff().fillna(0)
        net = whole["bought_shares"] - whole["sold_shares"] + planned
        wished = etf["order_imbalance_shares"]
        assert ((net <= wished) | (wished < 0)).all()
        assert ((net >= wished) | (wished > 0)).all()
        assert np.corrcoef(net, wished)[0, 1] > 0.9
    shares = run.t["daily"][run.t["daily"]["kind"] == "share"]
    assert not len(shares) or (shares["order_imbalance_shares"] != 0).any()
    assert (shares[shares["day"] == 0]["order_imbalance_shares"] == 0).all()


def test_what_is_written_daily_is_at_months_ends_what_is_written_monthly(run):
    for name in ("commitments", "loans"):
        monthly, daily = run.t[name], run.t[f"{name}_daily"]
        assert not len(monthly) or daily["day"].nunique() == run.days + 1
        pd.testing.assert_frame_equal(daily[daily["day"].isin(monthly["day"])].reset_index(drop=True), monthly)


def test_origins_are_those_of_the_payments(run):
    """By receiver and flow, under the headline rule: classes and what had been round, from the journal."""
    end = last(run.t["origins"])
    kinds = run.t["firms"].drop_duplicates("firm").set_index("firm")["kind"].to_dict()
    asked = [(run.moved["payee"], RECEIVED[c], run.moved["cause"] == c) for c in RECEIVED]
    for kind, causes in SPENT.items():
        is_kind = run.moved["payer"].map(kinds) == kind
        flow = {"lab": "spending", "cloud": "building"}[kind]
        asked.append((run.moved["payer"], flow, is_kind & run.moved["cause"].isin(causes)))
    for party, flow, chosen in asked:
        for receiver, paid in run.moved[chosen].groupby(party[chosen]):
            rows = end[(end["flow"] == flow) & (end["receiver"] == receiver)]
            assert (rows.groupby("rule")["cents"].sum() == paid["cents"].sum()).all(), (receiver, flow)
            own = rows[rows["rule"] == "pro-rata"]
            by_class = own.groupby("origin_class")["cents"].sum()
            told = {
                c: paid[f"from_{c.lower().replace('-', '_').replace(' ', '_')}_cents"].sum() for c in by_class.index
            }
            assert by_class.to_dict() == told
            assert own[own["lap"] >= 1]["cents"].sum() == paid["recycled_cents"].sum()
    if len(end):
        assert set(end["rule"]) == {"pro-rata", "fifo", "lifo"}
        assert (end["cents"] > 0).all()
        assert end["lap"].between(0, 7).all()


def test_a_promise_is_paid_what_the_journal_paid_under_it(run):
    commitments = run.t["commitments"]
    assert np.allclose(commitments["credibility"], 1 / (1 + np.exp(-commitments["log_odds"])))
    end = last(commitments)
    assert (end["delivered_mw"] <= end["contracted_mw"]).all()
    for row in end[end["kind"].isin(["compute", "milestone", "vendor_loan"])].itertuples():
        cause = {"compute": "compute_bill"}.get(row.kind, row.kind)
        under = run.moved[(run.moved["contract"] == row.commitment) & (run.moved["cause"] == cause)]
        assert row.paid_cents == under["cents"].sum(), row.commitment
        assert set(under["payer"]) <= {row.payer}
        assert set(under["payee"]) <= {row.payee}


def test_capacity_is_that_of_the_contracts(run):
    commitments = run.t["commitments"]
    for day in commitments["day"].unique():
        now = commitments[commitments["day"] == day]
        now = now[(now["status"] != "cancelled") | (now["kind"] == "build_plan")]
        firms = run.t["firms"][run.t["firms"]["day"] == day].set_index("firm")
        built = now[now["kind"].isin(["compute", "build_plan"])].groupby("payee")["delivered_mw"].sum()
        rented = now[now["kind"] == "compute"].groupby("payer")["delivered_mw"].sum()
        for name, row in firms.iterrows():
            source = {"lab": rented, "cloud": built}.get(row["kind"])
            assert row["capacity_mw"] == (source.get(name, 0) if source is not None else 0), (day, name)


def test_a_loan_is_what_was_drawn_repaid_and_lost(run):
    loans = run.t["loans"]
    assert (
        (loans["outstanding_cents"] == loans["drawn_cents"] - loans["repaid_cents"] - loans["lost_cents"])
        .where(loans["kind"] == "loan", True)
        .all()
    )
    lent = run.moved[run.moved["cause"] == "vendor_loan"].groupby("contract")["cents"].sum()
    paid = run.moved[run.moved["cause"].isin(["vendor_interest", "vendor_repayment"])]
    for row in last(loans).itertuples():
        between = paid[(paid["payer"] == row.borrower) & (paid["payee"] == row.lender)].groupby("cause")["cents"].sum()
        if row.kind == "loan":
            assert row.drawn_cents == lent.get(row.loan, 0)
            assert row.repaid_cents == between.get("vendor_repayment", 0)
            assert row.interest_cents == between.get("vendor_interest", 0)
            assert 0 <= row.drawn_ahead_cents <= row.drawn_cents
        else:
            called = run.moved[(run.moved["cause"] == "guarantee_call") & (run.moved["payer"] == row.lender)]
            assert row.repaid_cents == row.lost_cents == called["cents"].sum()
            assert row.outstanding_cents == row.drawn_cents - row.repaid_cents
            assert (row.drawn_ahead_cents, row.interest_cents) == (0, 0)
        assert row.spread_per_year > 0
        assert 0 <= row.stress <= 1


def test_a_first_day_is_what_the_prices_did(run):
    daily = run.t["daily"]
    shares = daily[daily["kind"] == "share"].pivot(
        index="day", columns="security", values=["price_cents", "shares_outstanding"]
    )
    for row in run.t["announcements"].itertuples():
        if not len(shares) or row.firm not in shares["price_cents"].columns or row.day < 1:
            continue
        before, after = (shares["price_cents"].loc[d].astype(float) for d in (row.day - 1, row.day))
        moved = after / before - 1
        weights = (shares["shares_outstanding"].loc[row.day - 1] * before).drop(row.firm)
        rest = (moved.drop(row.firm) * weights).sum() / weights.sum()
        assert row.day0_return == pytest.approx(moved[row.firm], abs=1e-12)
        assert row.day0_abnormal_return == pytest.approx(moved[row.firm] - rest, abs=1e-3)
        worth = shares["shares_outstanding"].loc[row.day - 1, row.firm] * before[row.firm]
        assert row.market_value_before_cents == pytest.approx(worth, rel=0.02)
        assert row.value_gained_cents == pytest.approx(row.market_value_before_cents * row.day0_return, abs=1)


def test_announcements_come_in_order_with_the_date_of_their_day(run):
    said, daily = run.t["announcements"], run.t["daily"]
    assert said["number"].is_unique
    assert said["number"].is_monotonic_increasing
    dates = daily.drop_duplicates("day").set_index("day")["date"]
    assert all(dates[row.day] == row.date for row in said.itertuples())
    assert set(said["direction"]) <= {-1, 0, 1}
    labs = said[~said["firm"].isin(daily["security"])]
    assert labs["day0_return"].isna().all()
    assert labs["value_gained_cents"].isna().all()


def test_firms_without_a_lab_have_no_runway_and_a_lab_no_bonds(run):
    firms = run.t["firms"]
    listed, labs = firms[firms["kind"] != "lab"], firms[firms["kind"] == "lab"]
    assert (listed["runway_months"] == 0).all()
    assert (labs[["earnings_usd_per_year", "debt_cents", "spread_per_year"]] == 0).all().all()
    assert labs["runway_months"].between(0, 120).all()
    assert (firms[["late_cents", "debt_cents", "building_mw", "capacity_mw"]] >= 0).all().all()
    indebted = listed[listed["debt_cents"] > 0]
    assert (indebted["spread_per_year"] > 0).all()
    if run.name == "bust":
        assert labs["late_cents"].max() > 0
        assert labs["building_mw"].max() > 0


def test_investors_have_their_kind_and_promises_only_who_calls_them(run):
    s, investors = run.scenario, run.t["investors"]
    if not len(investors):
        return
    kinds = {v.name: "venture" for v in s.venture_investor} | {b.name: b.kind.value for b in s.bond_buyer}
    assert investors.drop_duplicates("investor").set_index("investor")["kind"].to_dict() == kinds
    called = investors["kind"].isin(["venture", "private_credit"])
    assert (investors[~called]["dry_powder_cents"] == 0).all()


# --- statements ---------------------------------------------------------------------------------------------------

CASH_SECTIONS = ("operating", "investing", "financing")


def summed(statements, *sections):
    """Cents of some sections by firm and quarter; every firm and quarter has its place."""
    where = pd.MultiIndex.from_frame(statements[["firm", "quarter"]].drop_duplicates())
    of = statements[statements["section"].isin(sections)]
    return of.groupby(["firm", "quarter"])["cents"].sum().reindex(where, fill_value=0)


def line(run, name, section):
    """One line by day and firm, where it is not zero."""
    s = run.t["statements"]
    return s[(s["line"] == name) & (s["section"] == section)].set_index(["day", "firm"])["cents"].sort_index()


def not_zero(sums):
    """By day and firm, on days with statements."""
    return sums[sums != 0].sort_index()


def test_assets_are_claims_of_every_firm_every_quarter(run):
    s = run.t["statements"]
    assert (summed(s, "assets") == summed(s, "claims")).all()
    assert sorted(s["day"].unique()) == sorted({*range(0, run.days + 1, 63), run.days})


def test_income_is_what_is_retained_and_cash_flows_are_the_change_in_cash(run):
    s = run.t["statements"]
    for name, sections in (("retained earnings", ("income",)), ("cash", CASH_SECTIONS)):
        stock = summed(s[s["line"] == name].assign(section="it"), "it").reindex(summed(s).index, fill_value=0)
        change = stock.groupby("firm").diff()
        assert (change.dropna() == summed(s, *sections)[change.notna()]).all(), name


def test_lines_that_other_tables_tell_are_theirs(run):
    t, days = run.t, run.t["statements"]["day"].unique()
    cash = t["cash"][t["cash"]["day"].isin(days) & t["cash"]["account"].isin(t["statements"]["firm"])]
    pd.testing.assert_series_equal(
        line(run, "cash", "assets"), not_zero(cash.set_index(["day", "account"])["cents"]), check_index_type=False,
        check_names=False,
    )  # fmt: skip
    if len(t["bonds"]):
        bonds = t["bonds"][t["bonds"]["day"].isin(days)]
        face = (bonds["units"] * bonds["face_cents"]).groupby([bonds["day"], bonds["issuer"]]).sum()
        pd.testing.assert_series_equal(line(run, "bonds", "claims"), not_zero(face), check_names=False)
    if "loans_daily" in t and len(t["loans_daily"]):
        loans = t["loans_daily"][(t["loans_daily"]["kind"] == "loan") & t["loans_daily"]["day"].isin(days)]
        for name, section, who in (("loans lent", "assets", "lender"), ("loans owed", "claims", "borrower")):
            owed = loans.groupby(["day", who])["outstanding_cents"].sum()
            pd.testing.assert_series_equal(line(run, name, section), not_zero(owed), check_names=False)


def test_stakes_are_shares_held_at_their_last_price(run):
    t, days = run.t, run.t["statements"]["day"].unique()
    firms = set(t["statements"]["firm"])
    held = t["holdings"][t["holdings"]["day"].isin(days) & t["holdings"]["account"].isin(firms)]
    held = held[held["security"].isin(firms) & (held["security"] != held["account"])]
    stakes = line(run, "stakes", "assets")
    assert set(stakes.index) == set(map(tuple, held[["day", "account"]].to_numpy()))
    prices = t["daily"].set_index(["day", "security"])["price_cents"] if len(t["daily"]) else {}
    for (day, owner), cents in stakes.items():
        mine = held[(held["day"] == day) & (held["account"] == owner)]
        listed = [(units, prices.get((day, of))) for of, units in zip(mine["security"], mine["units"], strict=True)]
        if all(price is not None for _, price in listed):
            assert cents == sum(units * price for units, price in listed)


def test_cash_flows_are_the_payments_of_the_journal(run):
    """By line, from payer, payee and cause alone."""
    causes = {
        "running costs": "running_costs", "operation": "operation", "compute rented": "compute_bill",
        "chips": "chip_bill", "construction": "construction", "bonds repaid": "maturity", "loans lent": "vendor_loan",
        "loans repaid": "vendor_repayment", "costs of default": "default_cost", "shares bought back": "trade_pay",
    }  # fmt: skip
    s, journal = run.t["statements"], run.moved
    ends = sorted(s["day"].unique())
    quarter = pd.Series(np.searchsorted(ends, journal["day"]), index=journal.index)
    for name, cause in causes.items():
        told = s[(s["line"] == name) & s["section"].isin(CASH_SECTIONS)].groupby(["firm", "quarter"])["cents"].sum()
        paid = journal[(journal["cause"] == cause) & journal["payer"].isin(s["firm"])]
        expected = -paid.groupby([paid["payer"], quarter])["cents"].sum()
        pd.testing.assert_series_equal(told, expected, check_names=False, check_index_type=False)


def test_the_flow_of_funds_sums_to_zero_both_ways_and_is_that_of_the_journal(run):
    funds, journal = run.t["flow_of_funds"], run.moved
    assert (funds.groupby(["quarter", "flow"])["cents"].sum() == 0).all()
    assert (funds.groupby(["quarter", "group"])["cents"].sum() == 0).all()
    ends = sorted(run.t["statements"]["day"].unique())
    quarter = np.searchsorted(ends, journal["day"])
    positions = run.t["positions"].drop_duplicates("party").set_index("party")["group"]
    sides = [
        pd.DataFrame({"group": journal[side].map(positions), "quarter": quarter, "flow": journal["cause"],
                      "cents": sign * journal["cents"]})
        for side, sign in (("payer", -1), ("payee", 1))
    ]  # fmt: skip
    expected = pd.concat(sides).groupby(["group", "quarter", "flow"])["cents"].sum()
    told = funds[~funds["flow"].isin(("change in cash", "opening"))].set_index(["group", "quarter", "flow"])["cents"]
    pd.testing.assert_series_equal(told.sort_index(), not_zero(expected), check_names=False, check_index_type=False)
