"""What a run leaves behind: every table of the history, its columns, their units and what they mean, in this one place.

The recorder, the Parquet files, the digest and the documentation all read `TABLES`. Money is integer cents; a missing
number is null (an unlisted lab has no price), a missing text is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from ..ledger.causes import OriginClass


class ColumnType(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


ARROW = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.TEXT: pa.string(),
    ColumnType.DATE: pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name with its unit last, type, unit and meaning."""

    name: str
    type: ColumnType
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the history."""

    name: str
    columns: tuple[Column, ...]
    meaning: str
    is_optional: bool = False
    """Whether the table enters the digest only when it has rows: scenarios that have nothing for it keep theirs."""
    is_digested: bool = True
    """Whether the table is part of the history's digest: a closer look taken on request is not."""

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def is_dated(self) -> bool:
        """Whether rows carry the calendar date beside the day number."""
        return "date" in self.names

    def schema(self) -> pa.Schema:
        """The Arrow schema, with unit and meaning in each field's metadata."""
        fields = [
            pa.field(c.name, ARROW[c.type], metadata={"unit": c.unit, "meaning": c.meaning}) for c in self.columns
        ]
        return pa.schema(fields, metadata={"meaning": self.meaning})


def _cents(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.INTEGER, "US cents", meaning)


def _integer(name: str, unit: str, meaning: str) -> Column:
    return Column(name, ColumnType.INTEGER, unit, meaning)


def _number(name: str, unit: str, meaning: str) -> Column:
    return Column(name, ColumnType.NUMBER, unit, meaning)


def _text(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.TEXT, "-", meaning)


DAY = _integer("day", "trading days since the start", "day of the run; 0 is the opening")
DATE = Column("date", ColumnType.DATE, "-", "calendar date of that day")
TRACED_CLASSES = tuple(c for c in OriginClass if c is not OriginClass.SUPPLIERS)
"""Classes outside money can come from; suppliers and staff only receive."""


def origin_column(origin_class: OriginClass) -> str:
    """Name of the journal column that holds the cents of one origin class."""
    return f"from_{str(origin_class).lower().replace('-', '_').replace(' ', '_')}_cents"


DAILY = Table(
    "daily",
    (
        DAY,
        DATE,
        _text("security", "name of the firm whose share it is, or of the ETF"),
        _text("kind", "share or etf"),
        _cents("price_cents", "closing price"),
        _integer("volume_shares", "shares", "shares traded in the closing auction"),
        _integer("shares_outstanding", "shares", "shares outstanding after the close"),
        _cents("market_value_cents", "price times shares outstanding"),
        _number("fair_value_cents", "US cents per share", "the funds' mean value per share"),
        _number("narrative_log_multiple", "log points", "narrative multiplier x of the firm"),
        _number("sentiment", "log points", "trend-and-sentiment part of the funds' value"),
        _number("trend_share", "share", "share of funds' weight on the trend rule"),
        _number("net_asset_value_cents", "US cents per share", "net asset value of one ETF share; null for a share"),
    ),
    "one row per listed security and day",
)
FIRMS = Table(
    "firms",
    (
        DAY,
        DATE,
        _text("firm", "name of the firm"),
        _text("kind", "lab, cloud, chip_maker, listed or firm"),
        _cents("cash_cents", "cash on the firm's account"),
        _number("revenue_run_rate_usd_per_year", "USD per year", "annualised revenue"),
        _number("earnings_usd_per_year", "USD per year", "annualised earnings"),
        _cents("debt_cents", "bonds outstanding at face value"),
        _cents("debt_like_cents", "debt-like claims added since the start, commitments included"),
        _integer("capacity_mw", "MW", "compute capacity in service (a lab: capacity it rents)"),
        _integer("building_mw", "MW", "compute capacity under construction"),
        _number("runway_months", "months", "months until the cash ends at the present burn; null without burn"),
        _cents("valuation_cents", "last valuation of an unlisted lab; market value of a listed firm"),
        _number("spread_per_year", "1/year", "required credit spread; null without debt"),
        _cents("late_cents", "bills overdue"),
    ),
    "one row per firm and day",
)
INVESTORS = Table(
    "investors",
    (
        DAY,
        DATE,
        _text("investor", "name of the investor"),
        _text("kind", "venture, bank or bond_fund"),
        _cents("cash_cents", "cash on its account"),
        _cents("dry_powder_cents", "promised by its partners, not yet paid"),
        _cents("holdings_cents", "stakes and bonds at market or last mark"),
    ),
    "one row per venture investor or bond buyer and day",
)
FUNDS = Table(
    "funds",
    (
        DAY,
        DATE,
        _text("fund", "name of the active fund"),
        _cents("cash_cents", "cash on its account"),
        _cents("equity_cents", "its shares at the last close"),
    ),
    "one row per active fund and day",
)
HOUSEHOLDS = Table(
    "households",
    (
        DAY,
        DATE,
        _integer("susceptible", "holders", "holders who have not caught the story"),
        _integer("enthusiastic", "holders", "holders who tell the story"),
        _integer("tired", "holders", "holders who have had enough of it"),
        _cents("cash_cents", "cash of all holders"),
        _integer("etf_shares", "shares", "ETF shares of all holders"),
        _integer("bought_shares", "shares", "ETF shares bought today"),
        _integer("sold_shares", "shares", "ETF shares sold today"),
        _number("extrapolated_return", "per year", "return the holders extrapolate from the past"),
    ),
    "all retail holders together, one row per day",
)
_HOLDER = (
    DAY,
    _integer("holder", "row", "the holder's row"),
    _cents("cash_cents", "its cash"),
    _integer("etf_shares", "shares", "its ETF shares"),
    _integer("state", "code", "0 susceptible, 1 enthusiastic, 2 tired"),
)
HOLDERS = Table("holders", _HOLDER, "a fixed sample of retail holders, one row per holder and day")
HOLDERS_ALL = Table("holders_all", _HOLDER, "all retail holders, at an interval on request", is_digested=False)
JOURNAL = Table(
    "journal",
    (
        DAY,
        DATE,
        _text("cause", "why the cash moved"),
        _text("payer", "account paid from"),
        _text("payee", "account paid to"),
        _text("contract", "contract it was paid under; for a trade, the security"),
        _cents("cents", "amount"),
        _integer("lap_step", "laps", "1 when the payment closes a circle"),
        _cents("recycled_cents", "part of the amount that has been round the circle at least once, after this payment"),
        *(_cents(origin_column(c), f"part that came from: {c}") for c in TRACED_CLASSES),
    ),
    "every cash payment, with its origin under the run's tracing rule",
)
ANNOUNCEMENTS = Table(
    "announcements",
    (
        _integer("number", "-", "number of the announcement"),
        DAY,
        DATE,
        _text("firm", "listed or private firm it is about"),
        _text("counterparty", "the other side"),
        _text("instrument", "contract, letter_of_intent, order, guidance or equity"),
        _text("text", "what was said"),
        _integer("direction", "sign", "+1 good news, -1 bad news, 0 neither"),
        _cents("announced_cents", "amount announced"),
        _cents("committed_cents", "amount made binding so far"),
        _cents("paid_cents", "cash paid under it so far"),
        _cents("market_value_before_cents", "the firm's market value at the close before"),
        _number("day0_return", "share", "the firm's return on the day"),
        _number("day0_abnormal_return", "share", "that return less the return of the rest of the index"),
        _cents("value_gained_cents", "market value gained that day: return times value before"),
    ),
    "one row per announcement released, written at the end",
)
COMMITMENTS = Table(
    "commitments",
    (
        DAY,
        DATE,
        _text("commitment", "name of the promise"),
        _text("kind", "compute, milestone, order or guidance"),
        _text("payer", "who promised to pay"),
        _text("payee", "who is to be paid"),
        _text("status", "where it stands in its life"),
        _number("log_odds", "log-odds", "public belief that it is honoured"),
        _number("credibility", "probability", "the same as a probability"),
        _cents("announced_cents", "amount announced"),
        _cents("committed_cents", "amount made binding"),
        _cents("paid_cents", "amount paid"),
        _integer("contracted_mw", "MW", "capacity promised"),
        _integer("delivered_mw", "MW", "capacity in service under it"),
    ),
    "one row per promise, monthly and on the last day",
)
EVENTS = Table(
    "events",
    (
        DAY,
        DATE,
        _text("kind", "what happened"),
        _text("agent", "to whom"),
        _text("counterparty", "with whom"),
        _cents("cents", "how much; 0 when no amount belongs to it"),
        _text("detail", "in words"),
    ),
    "what happened besides payments: rounds, issues, bills missed, promises broken",
)
ORIGINS = Table(
    "origins",
    (
        DAY,
        DATE,
        _text("rule", "tracing rule: pro-rata, fifo or lifo"),
        _text("receiver", "who received (for spending: who spent)"),
        _text("flow", "which of its money: a value of Flow"),
        _text("origin", "outside account the cash first came from"),
        _text("origin_class", "class of that account"),
        _integer("lap", "laps", "how often it had been recycled; 7 means 7 or more"),
        _cents("cents", "cumulative amount"),
    ),
    "who paid: cumulative receipts by origin and lap, monthly and on the last day",
)
POSITIONS = Table(
    "positions",
    (
        DAY,
        DATE,
        _text("group", "class of parties; savers belong to the class they save through"),
        _text("party", "name of the account"),
        _cents("cash_in_cents", "cash received since the start, opening cash not counted"),
        _cents("cash_out_cents", "cash paid since the start"),
        _cents("market_value_cents", "securities held, at market or last mark"),
    ),
    "who is left holding: every account at the start, monthly and on the last day",
)

LOANS = Table(
    "loans",
    (
        DAY,
        DATE,
        _text("loan", "name of the loan or guarantee"),
        _text("kind", "loan or guarantee"),
        _text("lender", "vendor that lends or guarantees"),
        _text("borrower", "customer that draws, or issuer whose bonds are guaranteed"),
        _cents("committed_cents", "line that may be drawn in all; limit of a guarantee"),
        _cents("drawn_cents", "drawn since the line was opened; called of a guarantee"),
        _cents("drawn_ahead_cents", "part drawn ahead of need, for none of the lender's bills"),
        _cents("repaid_cents", "principal repaid; paid on a called guarantee"),
        _cents("interest_cents", "interest paid since the start"),
        _cents("outstanding_cents", "principal owed: drawn - repaid - written off"),
        _cents("provisioned_cents", "losses the lender expects and has provided for"),
        _cents("lost_cents", "principal written off; paid on a called guarantee"),
        _number("spread_per_year", "1/year", "the borrower's credit spread by itself"),
        _number("stress", "share", "part of the borrower's last funding need that no other lender placed"),
    ),
    "vendor loans and guarantees, monthly and on the last day",
    is_optional=True,
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        DAILY,
        FIRMS,
        INVESTORS,
        FUNDS,
        HOUSEHOLDS,
        HOLDERS,
        HOLDERS_ALL,
        JOURNAL,
        ANNOUNCEMENTS,
        COMMITMENTS,
        EVENTS,
        ORIGINS,
        POSITIONS,
        LOANS,
    )
}
MODEL_TABLES = ("daily", "firms", "investors", "funds", "households", "commitments", "origins", "positions", "loans")
"""Tables whose rows of today the model offers through `table_rows`."""


class Flow(StrEnum):
    """The flows whose origin is reported."""

    VENDOR_LOANS = "vendor loans"
    """What a customer draws from its vendor."""
    CHIP_REVENUE = "revenue from the circle"
    """A chip maker's receipts for chips of the circle."""
    COMPUTE_REVENUE = "revenue from labs"
    """A cloud's receipts from labs."""
    LAB_SPENDING = "spending"
    """Everything a lab pays: here the receiver column names the lab."""
    BUILDING = "building"
    """What a cloud pays for chips and construction: here the receiver column names the cloud."""
    MILESTONES = "milestone investments"
    """What a lab receives from its suppliers as investment."""
    ROUNDS = "private rounds"
    """What a lab receives from venture investors."""
