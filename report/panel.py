"""The supervisor's panel: a few daily numbers that say how far a circle leans on itself, each with its definition."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..contracts.base import Status
from ..engine.calendar import DAYS_PER_YEAR
from ..history.kinds import FirmKind, Group, LendingKind
from ..history.sinks import Tables
from ..ledger.statement_lines import Line
from .exposures import LIVING, Claim, group_of, held, lent
from .measures_net_revenue import SALE_CAUSES
from .measures_sources import LINES_IN, LINES_OUT
from .stress import SHOCK, by_group, circle_of, losses

USD, SHARE, RATIO = "US cents", "share", "ratio"
LOSERS = {
    Group.BANKS: "banks",
    Group.BOND_FUNDS: "bond funds, insurers and pension funds that lend",
    Group.PRIVATE_CREDIT: "private credit",
    Group.FUNDS: "active funds",
    Group.PLANS: "pension and savings plans",
    Group.HOUSEHOLDS: "households",
    Group.VENTURE: "venture investors",
}
"""Classes of holders whose loss is told, and who they are."""


class Indicator(NamedTuple):
    """One column of the panel."""

    name: str
    unit: str
    meaning: str


def loss_column(group: Group) -> str:
    """Name of the column that tells what a class would lose."""
    return f"loss_{group.name.lower()}_cents"


INDICATORS = (
    Indicator("commitments_cents", USD, "what firms of the circle have bound themselves to pay each other since the "
              "start, cancelled promises left out"),
    Indicator("outside_equity_cents", USD, "money for shares of the circle's firms that has come from outside of it: "
              "labs' cash at the opening, rounds, new shares; stakes that its own firms paid for are none"),
    Indicator("recycling_ratio", RATIO, "commitments_cents over outside_equity_cents"),
    Indicator("capex_over_operating_earnings", RATIO, "paid for chips and construction, over operating cash before "
              "interest of who paid it, in the last 252 days or since the start; null where that is not above 0"),
    Indicator("off_balance_sheet_cents", USD, "what firms of the circle have bound themselves to pay anybody under "
              "promises that live, and have not paid: leases, compute, orders, investments, guarantees"),
    Indicator("private_credit_share", SHARE, "part of the bonds and loans owed by firms of the circle that private "
              "credit holds, at market"),
    Indicator("largest_counterparty_share", SHARE, "largest part of one firm's revenue, in the last 252 days or since "
              "the start, that comes from one other firm; the old business counts with its surplus"),
    Indicator("largest_counterparty", "text", "who pays whom there"),
    Indicator("times_pledged", RATIO, "debts of builders added since the start, loans and guarantees of vendors "
              "for them, over what they have paid for chips and construction: claims on a dollar of plant"),
    *(Indicator(loss_column(group), USD, f"what {who} would lose: {SHOCK}; held through the ETF too")
      for group, who in LOSERS.items()),
)  # fmt: skip
"""Every column of the panel, in order."""


def panel(tables: Tables) -> pd.DataFrame:
    """The panel of a run: day, date, then a column an indicator, every recorded day.

    Needs the tables of a run that were not narrowed. What has no denominator yet is null.
    """
    firms = tables["firms"]
    dates = firms.drop_duplicates("day").set_index("day")["date"]
    found = pd.DataFrame(index=dates.index)
    paid = _Paid(tables)
    found["commitments_cents"] = _committed(tables)
    found["outside_equity_cents"] = paid.outside_equity()
    found["recycling_ratio"] = _over(found["commitments_cents"], found["outside_equity_cents"])
    found["capex_over_operating_earnings"] = _over(paid.last_year(paid.capex), paid.last_year(paid.operating()))
    found["off_balance_sheet_cents"] = _off_balance_sheet(tables)
    found["private_credit_share"] = _private_credit_share(tables)
    share, who = paid.largest_counterparty()
    found["largest_counterparty_share"], found["largest_counterparty"] = share, who
    found["times_pledged"] = _over(_pledged(tables, paid.builders), paid.capex.cumsum())
    lost = by_group(losses(tables), group_of(tables["positions"]))
    for group in LOSERS:
        column = lost[group.value] if group.value in lost else pd.Series(dtype=float)
        found[loss_column(group)] = column.reindex(found.index, fill_value=0.0)
    whole = [each.name for each in INDICATORS if each.unit == USD]
    found[whole] = found[whole].fillna(0).round().astype("int64")
    found.insert(0, "date", dates)
    return found[["date", *(each.name for each in INDICATORS)]].reset_index()


def beside_twin(own: pd.DataFrame, twin: pd.DataFrame) -> pd.DataFrame:
    """A panel with that of the same luck without the circle's deals: behind each column of numbers the twin's
    (`_twin`) and the difference (`_difference`), on the days that both have."""
    both = own.merge(twin.drop(columns="date"), on="day", suffixes=("", "_twin"))
    columns = ["day", "date"]
    for each in INDICATORS:
        columns += [each.name, f"{each.name}_twin"]
        if each.unit != "text":
            both[f"{each.name}_difference"] = both[each.name] - both[f"{each.name}_twin"]
            columns.append(f"{each.name}_difference")
    return both[columns]


def _over(above: pd.Series, below: pd.Series) -> pd.Series:
    """A ratio, null where there is nothing above zero to divide by."""
    return above / below.where(below > 0)


class _Paid:
    """The journal's payments of the circle's firms, day by day."""

    def __init__(self, tables: Tables) -> None:
        firms = tables["firms"]
        self._days = firms["day"].drop_duplicates()
        self._circle = circle_of(firms)
        self._labs = set(firms.loc[firms["kind"] == FirmKind.LAB, "firm"])
        self._cash = tables["cash"]
        journal = tables["journal"][["day", "cause", "payer", "payee", "cents"]]
        texts = journal[["cause", "payer", "payee"]].astype(str)
        self._journal = journal = journal.assign(**{name: texts[name] for name in texts})
        self._in = journal[journal["payee"].isin(self._circle)]
        self._in = self._in.assign(line=self._in["cause"].map(LINES_IN))
        self._out = journal[journal["payer"].isin(self._circle)]
        self._out = self._out.assign(line=self._out["cause"].map(LINES_OUT))
        built = self._out[self._out["line"].isin([Line.CHIPS, Line.CONSTRUCTION])]
        self.builders = set(built["payer"])
        """Who has paid for chips or construction."""
        self.capex = self._daily(built)

    def _daily(self, rows: pd.DataFrame) -> pd.Series:
        """Sums by day, with a row for each."""
        return rows.groupby("day")["cents"].sum().reindex(self._days, fill_value=0)

    def last_year(self, daily: pd.Series) -> pd.Series:
        """Sums over the last 252 days, or since the start."""
        return daily.rolling(DAYS_PER_YEAR, min_periods=1).sum()

    def operating(self) -> pd.Series:
        """Operating cash of builders before interest."""
        came = self._in[self._in["payee"].isin(self.builders) & self._in["line"].isin(OPERATING_IN)]
        went = self._out[self._out["payer"].isin(self.builders) & self._out["line"].isin(OPERATING_OUT)]
        return self._daily(came) - self._daily(went)

    def outside_equity(self) -> pd.Series:
        """Money for shares from outside the circle since the start, with labs' cash at the opening."""
        opening = self._cash[(self._cash["day"] == 0) & self._cash["account"].isin(self._labs)]["cents"].sum()
        raised = self._in[self._in["line"].isin(EQUITY_IN) & ~self._in["payer"].isin(self._circle)]
        return int(opening) + self._daily(raised).cumsum()

    def largest_counterparty(self) -> tuple[pd.Series, pd.Series]:
        """The largest share of a firm's revenue over the last year that one other firm paid, and who that is."""
        revenue = self._in[self._in["line"].isin(REVENUE_IN)]
        whole = {firm: self.last_year(self._daily(rows)) for firm, rows in revenue.groupby("payee")}
        sold = revenue[revenue["cause"].isin(SALE_CAUSES) & revenue["payer"].isin(self._circle)]
        shares = {
            f"{payer} pays {payee}": _over(self.last_year(self._daily(rows)), whole[payee])
            for (payer, payee), rows in sold.groupby(["payer", "payee"])
        }
        if not shares:
            nobody = pd.Series(index=self._days, dtype=object)
            return nobody.astype(float), nobody.fillna("")
        table = pd.DataFrame(shares).fillna(0.0)
        largest = table.max(axis=1)
        return largest.where(largest > 0), table.idxmax(axis=1).where(largest > 0, "")


INTEREST = (Line.INTEREST_IN, Line.INTEREST_OUT)
REVENUE_IN = (Line.AI_CUSTOMERS, Line.LABS, Line.CLOUDS, Line.OLD_BUSINESS, Line.REVENUE_SHARE_IN)
EQUITY_IN = (Line.ROUNDS, Line.MILESTONES, Line.SHARES_SOLD)
OPERATING_IN = (*REVENUE_IN, Line.OBLIGATIONS, Line.GUARANTEES, Line.IDLE, Line.RENT)
OPERATING_OUT = (
    Line.RUNNING_COSTS, Line.REVENUE_SHARE_OUT, Line.COMPUTE, Line.OPERATION, Line.OBLIGATIONS, Line.GUARANTEES,
    Line.IDLE, Line.DEFAULT_COST, Line.RENT,
)  # fmt: skip


def _committed(tables: Tables) -> pd.Series:
    """Commitments between firms of the circle, by day."""
    promises, circle = tables["commitments_daily"], circle_of(tables["firms"])
    are_between = promises["payer"].isin(circle) & promises["payee"].isin(circle)
    rows = promises[are_between & (promises["payer"] != promises["payee"])]
    rows = rows[rows["status"].isin([*LIVING, Status.DONE])]
    return rows.groupby("day")["committed_cents"].sum().reindex(tables["firms"]["day"].unique(), fill_value=0)


def _left(promises: pd.DataFrame) -> pd.Series:
    """What is bound and not paid."""
    return (promises["committed_cents"] - promises["paid_cents"]).clip(lower=0)


def _off_balance_sheet(tables: Tables) -> pd.Series:
    """What living promises still ask of the circle's firms, by day."""
    promises, circle = tables["commitments_daily"], circle_of(tables["firms"])
    rows = promises[promises["payer"].isin(circle) & (promises["payer"] != promises["payee"])]
    rows = rows[rows["status"].isin(LIVING)]
    return rows.assign(left=_left(rows)).groupby("day")["left"].sum()


def _private_credit_share(tables: Tables) -> pd.Series:
    """Private credit's part of what the circle owes in bonds and loans, by day."""
    claims, circle = pd.concat([held(tables), lent(tables)], ignore_index=True), circle_of(tables["firms"])
    debts = claims[claims["debtor"].isin(circle) & claims["kind"].isin([Claim.BONDS, Claim.LOANS])]
    of_private = debts["creditor"].map(group_of(tables["positions"])) == Group.PRIVATE_CREDIT
    whole = debts.groupby("day")["cents"].sum()
    return _over(debts[of_private].groupby("day")["cents"].sum().reindex(whole.index, fill_value=0.0), whole)


def _pledged(tables: Tables, builders: set[str]) -> pd.Series:
    """Debts of builders added since the start, what vendors have lent them and guarantee, by day."""
    firms, loans = tables["firms"], tables["loans_daily"]
    debts = firms[firms["firm"].isin(builders)].groupby("day")["debt_cents"].sum()
    own = loans[loans["borrower"].isin(builders)]
    guaranteed = own["kind"] == LendingKind.GUARANTEE
    still = np.where(guaranteed, own["committed_cents"] - own["drawn_cents"], own["outstanding_cents"])
    lent_to = own.assign(cents=still).groupby("day")["cents"].sum()
    added = (debts - debts.iloc[:1].sum()).clip(lower=0)
    total: pd.Series = added.add(lent_to, fill_value=0)
    return total
