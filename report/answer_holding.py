"""Who is left holding: cash and gains of every class, by the highest market value and at the end."""

from __future__ import annotations

from typing import Any

from ..history.kinds import LendingKind
from . import measures_market as market
from .answer_text import AnswerTable, Context, Part, Section
from .wording import NOTHING, Cast, dollars, inside, label, spoken_date


def left_holding(context: Context) -> Part:
    """Cash and gains per class, at the peak and at the end."""
    positions = context.tables["positions"]
    values = market.circle_value(context.tables["daily"], context.tables["firms"])
    if not len(positions) or not len(values):
        return Part(Section("Who is left holding?", ("Nobody holds anything.",)))
    highest = int(values["circle_cents"].argmax())
    peak_day, peak_date = int(values["day"][highest]), values["date"][highest]
    dates = dict(zip(positions["day"], positions["date"], strict=True))
    ever = market.holding_classes(positions, context.tables["firms"])
    tables, measures = [], {}
    claims: list[AnswerTable] = []
    lent: dict[str, list[dict[str, Any]]] = {}
    moments = {
        "peak": market.gain_and_loss_per_class(positions, peak_day),
        "end": market.gain_and_loss_per_class(positions),
    }
    titles = {"peak": "On the day of the highest market value", "end": "At the end"}
    is_one_moment = moments["peak"].attrs["day"] == moments["end"].attrs["day"]
    for name, table in moments.items():
        measures[name] = {"day": table.attrs["day"], "classes": table.to_dict("records")}
        lent[name] = vendor_claims(context.tables["loans"], table.attrs["day"])
        if is_one_moment and name == "peak":
            continue  # one table, which says that it is both
        title = "At the end, the peak of market value" if is_one_moment else titles[name]
        if name == "peak" and peak_day != table.attrs["day"]:
            title = f"At the last month's end before the highest market value ({spoken_date(peak_date)})"
        when = f"{title}, {spoken_date(dates[table.attrs['day']])}"
        tables.append(_holding_table(when, table, ever, context.cast))
        if any(claim["owed_cents"] for claim in lent[name]):
            claims.append(_claims_table(when, lent[name]))
    note = (
        "Net cash: what the class took out less what it put in since the start; over all classes it sums to zero. "
        "A firm's cash and stakes are its shareholders', so only holders have a gain or loss."
    )
    if claims:
        note += (
            " So are a vendor's loans to its customers: one firm's claim is another's debt. What each vendor is owed, "
            "and what of it it expects to get back, stands below."
        )
    section = Section("Who is left holding?", (note,), (*tables, *claims))
    headlines = [*_holding_headline(moments["end"], ever), *_claims_headline(lent["end"])]
    found = {"gain_and_loss_per_class": measures} | ({"vendor_claims": lent} if any(lent.values()) else {})
    return Part(section, headlines, found)


def _holding_table(title: str, table: Any, ever: set[str], cast: Cast) -> AnswerTable:
    rows = [
        (
            cast.role(row.group),
            dollars(row.net_cash_cents),
            dollars(row.value_start_cents) if row.group in ever else NOTHING,
            dollars(row.value_cents) if row.group in ever else NOTHING,
            dollars(row.gain_cents) if row.group in ever else NOTHING,
        )
        for row in sorted(table.itertuples(), key=lambda r: (r.group not in ever, -r.gain_cents))
        if row.net_cash_cents or row.value_cents or row.value_start_cents
    ]
    held = table[table["group"].isin(ever)]
    total = (
        "All",
        *(
            dollars(int(t))
            for t in (
                table["net_cash_cents"].sum(),
                held["value_start_cents"].sum(),
                held["value_cents"].sum(),
                held["gain_cents"].sum(),
            )
        ),
    )
    columns = ("Class", "Net cash", "Held at the start", "Holds now", "Gain or loss")
    return AnswerTable(title, columns, (*rows, total), has_total=True)


def vendor_claims(loans: Any, day: int) -> list[dict[str, Any]]:
    """What each vendor is owed by its customers and answers for, on the last day recorded up to `day`; in cents.

    A loan is worth its principal less the loss provided for. A guarantee is no claim: what it is expected to cost
    counts against the vendor, and what is left of its limit is how much it may cost at most.
    """
    known = loans[loans["day"] <= day]
    now = known[known["day"] == known["day"].max()]
    found = []
    for vendor, rows in now.groupby("lender", sort=True):
        loan, guarantee = (rows[rows["kind"] == kind] for kind in LendingKind)
        owed, loss = int(loan["outstanding_cents"].sum()), int(loan["provisioned_cents"].sum())
        found.append(
            {
                "vendor": str(vendor),
                "owed_cents": owed,
                "expected_loss_cents": loss,
                "worth_cents": owed - loss,
                "guaranteed_cents": int((guarantee["committed_cents"] - guarantee["drawn_cents"]).sum()),
                "expected_calls_cents": int(guarantee["provisioned_cents"].sum()),
            }
        )
    return found


def _claims_table(title: str, claims: list[dict[str, Any]]) -> AnswerTable:
    columns = ("Vendor", "Owed to it", "Expected loss", "Worth", "Guaranteed besides", "Expected calls")
    fields = ("owed", "expected_loss", "worth", "guaranteed", "expected_calls")
    rows = tuple((claim["vendor"], *(dollars(claim[f"{name}_cents"]) for name in fields)) for claim in claims)
    return AnswerTable(f"Lent to customers. {title}", columns, rows)


def _claims_headline(claims: list[dict[str, Any]]) -> list[str]:
    """What the vendors' shareholders hold in loans."""
    return [
        f"Who is left holding the loans? {claim['vendor']} is owed {dollars(claim['owed_cents'])} by its customers, "
        f"worth {dollars(claim['worth_cents'])} after the losses it expects."
        for claim in claims
        if claim["owed_cents"]
    ]


def _holding_headline(table: Any, ever: set[str]) -> list[str]:
    held = table[table["group"].isin(ever)].sort_values("gain_cents", kind="stable")
    if not len(held):
        return []
    worst, best = held.iloc[0], held.iloc[-1]
    if worst["gain_cents"] >= 0:
        return [
            f"Who is left holding? No class of holders has lost so far; "
            f"{inside(best['group'])} gained most, {dollars(int(best['gain_cents']))}."
        ]
    if best["gain_cents"] <= 0:
        return [
            f"Who is left holding? {label(worst['group'])} lost {dollars(-int(worst['gain_cents']))}; "
            "no class of holders has gained."
        ]
    return [
        f"Who is left holding? {label(worst['group'])} lost {dollars(-int(worst['gain_cents']))}; "
        f"{inside(best['group'])} came out best with {dollars(int(best['gain_cents']))}."
    ]
