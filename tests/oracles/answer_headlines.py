"""Every sentence at the head of an answer, and what vendors sold and lent, computed a second time with plain pandas."""

from __future__ import annotations

from carousel.report.wording import dollars, label, percent, spoken_date
from carousel.tests.oracles.answer_tables import (
    PROMISING,
    circle_by_day,
    deepest_fall,
    measured,
    per,
    shares_by_rule,
    turn,
)


def headlines(tables, scenario, rule="pro-rata"):
    """Every sentence at the head of an answer, in order."""
    has_labs = "lab" in set(tables["firms"]["kind"])
    tables = dict(tables) | {"announcements": measured(tables["announcements"], tables["daily"])}
    said = [paid_for(tables["origins"], rule, has_labs=has_labs)]
    said += [sold(vendor) for vendor in vendors(tables["loans"], tables["journal"])]
    said += moved(tables["announcements"]) + promised_before(tables["commitments"])
    said += left_holding(tables["positions"], tables["firms"])
    end = tables["loans"][tables["loans"]["day"] == tables["loans"]["day"].max()]
    for vendor, lent in end[end["kind"] == "loan"].groupby("lender"):
        if owed := int(lent["outstanding_cents"].sum()):
            worth = owed - int(lent["provisioned_cents"].sum())
            said.append(
                f"Who is left holding the loans? {vendor} is owed {dollars(owed)} by its customers, "
                f"worth {dollars(worth)} after the losses it expects."
            )
    lines = dict(turn(tables, scenario, has_labs=has_labs)["The run in a few lines"])
    went = lines["Circle's market value, start to end"]
    circle, _ = circle_by_day(tables["daily"], tables["firms"])
    top, low, lost = deepest_fall(circle)
    date = tables["daily"].drop_duplicates("day").set_index("day")["date"].map(spoken_date)
    return [
        *said,
        f"Did it turn? {label(lines['Regime'])}: {'; '.join(lines['Because'].split('; ')[:3])}. Market value of the "
        f"circle went from {went}; its deepest fall was {percent(lost)}, "
        f"from {date[top]} to {date[low]}.",
    ]


def and_last(names):
    """A, B and C."""
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def in_sentence(name):
    """A class in the middle of a sentence."""
    words = label(name)
    return words if words[1].isupper() else words[0].lower() + words[1:]


def paid_for(origins, rule, *, has_labs):
    end = origins[(origins["day"] == origins["day"].max()) & (origins["rule"] == rule)]

    def told(flow):
        cents = shares_by_rule(origins, flow, "origin_class")
        share = (cents / cents.sum()).sort_values(rule, ascending=False, kind="stable").head(3)
        parts = [
            f"{percent(row[rule])} ({100 * row.min():.0f}–{100 * row.max():.0f}){' came' * (n == 0)} from "
            + in_sentence(name)
            for n, (name, row) in enumerate(share.iterrows())
        ]
        of_flow = end[end["flow"] == flow]
        receivers = of_flow.groupby("receiver")["cents"].sum().sort_values(ascending=False, kind="stable").index
        again = of_flow[of_flow["lap"] > 0]["cents"].sum() / of_flow["cents"].sum()
        return and_last(receivers), dollars(int(cents[rule].sum())), and_last(parts), percent(again, 1)

    who, amount, parts, again = told("revenue from the circle")
    goods = "chips" if has_labs else "equipment"
    first = f"Who paid? Of {amount} that {who} received for the circle's {goods}, {parts}; {again} had been round"
    first += " the circle before."
    if not has_labs:
        return first
    who, amount, parts, again = told("spending")
    return f"{first} Of {amount} that {who} spent, {parts}; {again} had been round before."


def vendors(loans, journal):
    """What each vendor sold, lent and lost: the measures of who sold on credit."""
    end = loans[loans["day"] == loans["day"].max()]
    for vendor, rows in end.groupby("lender"):
        lent = rows[rows["kind"] == "loan"]
        bills = journal[(journal["payee"] == vendor) & journal["cause"].isin(["chip_bill", "compute_bill"])]
        draws = journal[(journal["payer"] == vendor) & (journal["cause"] == "vendor_loan")]
        expected = loans[loans["lender"] == vendor].groupby("day")["provisioned_cents"].sum()
        yield {
            "vendor": vendor,
            "sold_cents": int(bills["cents"].sum()),
            "drawn_cents": int(draws["cents"].sum()),
            "drawn_ahead_cents": int(lent["drawn_ahead_cents"].sum()),
            "provisioned_most_cents": int(expected.max()),
            "lost_cents": int(rows["lost_cents"].sum()),
            "outstanding_cents": int(lent["outstanding_cents"].sum()),
            "customers": sorted(lent["borrower"].unique()),
        }


def sold(vendor):
    share = percent((vendor["drawn_cents"] - vendor["drawn_ahead_cents"]) / vendor["sold_cents"])
    lent, customers = dollars(vendor["drawn_cents"]), and_last(vendor["customers"])
    sales, lost, owed = (dollars(vendor[f"{name}_cents"]) for name in ("sold", "lost", "outstanding"))
    return (
        f"Who sold on credit? {vendor['vendor']} lent {lent} to {customers}: that paid for {share} of its own {sales} "
        f"of sales to them; {lost} of what it lent and guaranteed is lost, {owed} still owed to it."
    )


def moved(announcements):
    good = announcements[
        announcements["instrument"].isin(PROMISING)
        & (announcements["direction"] > 0)
        & (announcements["announced_cents"] > 0)
        & announcements["value_gained_cents"].notna()
    ]
    announced, paid, gained = (int(good[f"{n}_cents"].sum()) for n in ("announced", "paid", "value_gained"))
    if not announced:
        return []
    each, per_paid = per(gained, announced, paid)
    end = f"{dollars(paid)} has been paid under them: {per_paid} dollars of market value per dollar paid."
    return [
        f"What moved? Promises of {dollars(announced)} added {dollars(gained)} of market value on their days "
        f"({each} per announced dollar); {end if paid else 'no cent has been paid under them yet.'}"
    ]


def promised_before(commitments):
    end = commitments[commitments["day"] == commitments["day"].max()]
    lent = end[end["kind"].isin(["vendor_loan", "guarantee"])]
    if not len(lent):
        return []
    sums = lent.groupby("kind")["announced_cents"].sum()
    parts = [
        words.format(dollars(int(sums[kind])))
        for kind, words in (("vendor_loan", "loans of {}"), ("guarantee", "guarantees of up to {}"))
        if sums.get(kind, 0)
    ]
    paid = int(lent["paid_cents"].sum())
    return [
        f"What was promised? {and_last(sorted(lent['payer'].unique()))} had promised its customers {and_last(parts)} "
        f"before the start; {dollars(paid) if paid else 'no cent'} of it has been paid out."
    ]


def left_holding(positions, firms):
    of_firms = set(positions[positions["party"].isin(firms["firm"])]["group"])
    value = positions.assign(
        worth=positions["cash_in_cents"] - positions["cash_out_cents"] + positions["market_value_cents"]
    )
    worth = value.groupby(["day", "group"])["worth"].sum()
    holders = [g for g in positions[positions["market_value_cents"] != 0]["group"].unique() if g not in of_firms]
    end, start = worth.loc[positions["day"].max()], worth.loc[0]
    gain = {g: int(end[g] - start.get(g, 0)) for g in holders if g in end}
    worst, best = min(gain, key=gain.get), max(gain, key=gain.get)
    if gain[worst] >= 0:
        said = f"No class of holders has lost so far; {in_sentence(best)} gained most, {dollars(gain[best])}."
    elif gain[best] <= 0:
        said = f"{label(worst)} lost {dollars(-gain[worst])}; no class of holders has gained."
    else:
        said = f"{label(worst)} lost {dollars(-gain[worst])}; "
        said += f"{in_sentence(best)} came out best with {dollars(gain[best])}."
    return [f"Who is left holding? {said}"]
