"""One day of a run as the page sees it: what was paid, whose money it was, what everything is worth, what happened.

A frame is read from a model and changes nothing in it. Money is whole cents: what was paid is the day's, so that any
window of days is a sum; how things stand is the day's end. What is drawn is found from kinds of firms, contracts and
causes, never from names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..agents.lab_rules import runway_months
from ..history.kinds import CIRCLE_LISTED, FirmKind, Group, cause_text
from ..history.tables.announcements import announcements
from ..history.tables.contracts import standing
from ..history.tables.events import events
from ..history.tables.firms import LOOKED, firms
from ..history.tables.positions import parties
from ..ledger.causes import Cause, OriginClass
from ..ledger.flows import RECEIVED, SPENT, Flow
from ..ledger.journal import CAUSE, CENTS, PAYEE, PAYER
from ..ledger.origins import TracingRule
from ..model import CarouselModel
from ..report.measures_promises import is_promise_of_circle, promises_of
from ..report.measures_turn import DECISIVE
from ..report.payment_words import FOR, event_words

CLASSES = tuple(OriginClass)
RULES = tuple(TracingRule)
DIGITS = 5
"""Figures that count of a number that is no money."""
FIRM_COLUMNS = ("name", "value_cents", "cash_cents", *LOOKED, "runway_months")
"""What a frame tells of every firm; runway is that of a lab, 0 for others."""
Places = tuple[list[dict[str, Any]], np.ndarray]

FLOW_TITLES = {Flow.CHIP_REVENUE.value: "the circle's sales", Flow.COMPUTE_REVENUE.value: "what labs paid for compute",
               Flow.LAB_SPENDING.value: "what labs spent", Flow.BUILDING.value: "what was built"}  # fmt: skip
"""What the page calls the flows whose origin is followed, where their own name is short."""
CLASS_TITLES = {
    OriginClass.LEGACY: "from before the start",
    OriginClass.LIMITED_PARTNERS: "venture’s partners",
    OriginClass.OTHER_CUSTOMERS: "firms’ customers",
}
GROUP_TITLES = {Group.CLEARING_HOUSE.value: "share market"}
"""What the page calls classes and groups, where their own name says little or is long; groups without their savers."""
_THEIR = re.compile(r" and (?:their|its) .*$")


def opening(model: CarouselModel) -> dict[str, Any]:
    """What never changes during a run: title, dates, places of money, causes, classes, flows."""
    scenario, clock = model.recipe, model.clock
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "seed": str(clock.seed),
        "days": clock.days,
        "tracing": str(model.books.headline_rule),
        "holders": model.cast.holders.n if model.cast.holders is not None else 0,
        "dates": [str(date) for date in clock.dates[: clock.days + 1]],
        "places": places(model)[0],
        "classes": [str(each) for each in CLASSES],
        "class_titles": [CLASS_TITLES.get(each, str(each)) for each in CLASSES],
        "payers": _payers(model),
        "rules": [str(each) for each in RULES],
        "causes": {int(cause): [cause_text(cause).replace("_", " "), FOR[cause]] for cause in Cause},
        "through_market": [int(Cause.TRADE_PAY), int(Cause.TRADE_RECEIVE), int(Cause.ETF_CASH)],
        "opening_cause": int(Cause.OPENING),
        "firm_columns": FIRM_COLUMNS,
        "flows": _flows(model),
        "stoppable": _stoppable(model),
    }


def places(model: CarouselModel) -> Places:
    """Where money is, as the page draws it, and the place of each account, int64[accounts].

    Firms stand for themselves, everybody else in the group that is asked who is left holding.
    """
    cast, promised = model.cast, {p for c in model.contracts.promises for p in (c.payer, c.payee)}
    buyers = {name for pair in model.contracts.supplies.suppliers() for name in (pair[0], *pair[1])}
    found: list[dict[str, Any]] = []
    number: dict[tuple[bool, str], int] = {}
    place_of = []
    firms_by_account = {f.account: f for f in (*cast.listed, *cast.labs)}
    plain = {f.account: f for f in cast.plain_firms}
    journal = model.books.journal
    class_of = {account: CLASSES.index(journal.origin_class(account)) for account in journal.origin_accounts}
    for account, (group, _) in enumerate(parties(model)):
        firm = firms_by_account.get(account)
        is_firm = firm is not None or account in plain
        name = journal.names[account] if is_firm else str(group)
        if (is_firm, name) not in number:
            kind = str(firm.kind) if firm else "firm" if account in plain else ""
            in_circle = (firm is not None and (name in promised | buyers or firm.kind is FirmKind.LAB)) or (
                account in plain
            )
            number[is_firm, name] = len(found)
            only_receives = class_of.get(account) == CLASSES.index(OriginClass.SUPPLIERS)
            title = OriginClass.SUPPLIERS.value if only_receives else GROUP_TITLES.get(name, _THEIR.sub("", name))
            title = name if is_firm else title
            found.append({"name": name, "title": title, "kind": kind, "circle": bool(in_circle), "origin": -1})
        place = found[number[is_firm, name]]
        place["origin"] = max(place["origin"], class_of.get(account, -1))
        place_of.append(number[is_firm, name])
    return found, np.array(place_of, np.int64)


def frame(model: CarouselModel, place_of: np.ndarray | None = None) -> dict[str, Any]:
    """The day that has just ended; `place_of` is the place of each account, where somebody has it already."""
    place_of = places(model)[1] if place_of is None else place_of
    accounts = [dict(row._asdict()) for row in announcements(model)]
    told = promises_of([row for row in accounts if is_promise_of_circle(row)])
    day = model.clock.day
    return {
        "day": day,
        "paid": _paid(model, place_of),
        "whose": _whose(model, place_of),
        "firms": _firms(model),
        "market": _market(model),
        "promises": [
            [c.name, c.label, c.payer, c.payee, str(c.promise.instrument)] for c in model.contracts.promises
        ],
        "standing": [[r.announced_cents, r.committed_cents, r.paid_cents, str(r.status)] for r in standing(model)],
        "set_off": _between(place_of, ((k[0], k[1], k[2], n) for k, n in model.contracts.bills.set_off.items())),
        "owed": _between(place_of, ((b.payer, b.payee, b.cause, b.cents) for b in model.contracts.bills.unpaid())),
        "belief": [_short(c.credibility) for c in model.contracts.promises],
        "told": [told.announced_cents, told.committed_cents, told.paid_cents],
        "news": [_news(row) for row in accounts if row["day"] == day],
        "events": [
            [str(e.kind), e.agent, e.counterparty, int(e.cents),
             event_words(str(e.kind), e.agent, e.counterparty, e.cents, e.detail), int(e.kind in DECISIVE)]
            for e in events(model)
        ],
        "audited": len(model.books.last.entries),
    }  # fmt: skip


def _paid(model: CarouselModel, place_of: np.ndarray) -> list[list[int]]:
    """Payer, payee, cause and cents of the day, places and causes together."""
    entries = model.books.last.entries
    if not len(entries):
        return []
    return _summed([place_of[entries[:, PAYER]], place_of[entries[:, PAYEE]], entries[:, CAUSE]], entries[:, CENTS])


def _between(place_of: np.ndarray, rows: Iterable[tuple[int, int, Cause, int]]) -> list[list[int]]:
    """Payer, payee, cause and cents of debts, places and causes together."""
    sums: Counter[tuple[int, int, int]] = Counter()
    for payer, payee, cause, cents in rows:
        sums[int(place_of[payer]), int(place_of[payee]), int(cause)] += cents
    return [[*key, int(cents)] for key, cents in sorted(sums.items()) if cents]


def _summed(keys: list[np.ndarray], cents: np.ndarray) -> list[list[int]]:
    """Cents by key, the keys in ascending order: rows of keys and a sum."""
    sizes = tuple(int(key.max()) + 1 for key in keys)
    unique, at = np.unique(np.ravel_multi_index(tuple(keys), sizes), return_inverse=True)
    sums = np.zeros(len(unique), np.int64)
    np.add.at(sums, at, cents)
    columns = [*np.unravel_index(unique, sizes), sums]
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _whose(model: CarouselModel, place_of: np.ndarray) -> list[list[int]]:
    """Whose money the followed payments and those between firms of the circle were: payer, payee, cause, rule, class,
    1 where it has been round before, cents."""
    last = model.books.last
    entries = last.entries
    if not len(entries):
        return []
    followed = np.flatnonzero(_is_followed(model, entries))
    if not len(followed):
        return []
    number = np.full(len(entries), -1, np.int64)
    number[followed] = np.arange(len(followed))
    journal = model.books.journal
    class_of = np.array([CLASSES.index(journal.origin_class(account)) for account in journal.origin_accounts])
    parts: list[list[np.ndarray]] = [[] for _ in range(7)]
    for rule, slices in last.slices.items():
        entry = slices.entries()
        taken = number[entry] >= 0
        entry = entry[taken]
        again = (slices.laps()[taken] > 0).astype(np.int64)
        columns = (
            place_of[entries[entry, PAYER]], place_of[entries[entry, PAYEE]], entries[entry, CAUSE],
            np.full(len(entry), RULES.index(rule)), class_of[slices.origins()[taken]], again, slices.cents[taken],
        )  # fmt: skip
        for column, values in zip(parts, columns, strict=True):
            column.append(values)
    whole = [np.concatenate(column) for column in parts]
    return _summed(whole[:-1], whole[-1])


def _is_followed(model: CarouselModel, entries: np.ndarray) -> np.ndarray:
    """Whether the origin of each entry is shown, bool[entries]."""
    askers = model.books.flows.askers
    is_shown = np.isin(entries[:, CAUSE], [int(cause) for cause in RECEIVED])
    for cause, flow in SPENT.items():
        is_shown |= (entries[:, CAUSE] == int(cause)) & np.isin(entries[:, PAYER], askers.get(flow, []))
    firms_of_circle = [f.account for f in (*model.cast.circle, *model.cast.labs, *model.cast.plain_firms)]
    is_shown |= np.isin(entries[:, PAYER], firms_of_circle) & np.isin(entries[:, PAYEE], firms_of_circle)
    return np.asarray(is_shown)


def _flows(model: CarouselModel) -> list[dict[str, Any]]:
    """The flows whose origin is followed: what they are called, by which causes, on whose side, of whom."""
    place_of, askers = places(model)[1], model.books.flows.askers
    told: dict[str, dict[str, Any]] = {}
    for is_payee, named in ((True, RECEIVED), (False, SPENT)):
        for cause, flow in named.items():
            new: dict[str, Any] = {
                "name": str(flow),
                "title": FLOW_TITLES.get(flow, str(flow)),
                "side": ("payer", "payee")[is_payee],
                "causes": [],
                "of": [],
            }
            one = told.setdefault(flow, new)
            one["causes"].append(int(cause))
            one["of"] = [] if is_payee else [int(place_of[account]) for account in askers.get(flow, [])]
    return list(told.values())


def _firms(model: CarouselModel) -> list[list[Any]]:
    """Every firm in the order of their table, as `FIRM_COLUMNS` says."""
    balance = model.books.journal.balance
    everybody, looked = [*model.cast.listed, *model.cast.labs], firms(model)
    runways = [0.0] * len(model.cast.listed) + [
        runway_months(model.books.journal.balance(lab.account), now.burn_usd_per_month())
        for lab, now in zip(model.cast.labs, looked.labs, strict=True)
    ]
    values = [f.market_value_cents for f in model.cast.listed] + [
        round(100 * lab.value_usd()) for lab in model.cast.labs
    ]
    return [
        [firm.name, int(value), balance(firm.account), *(_short(x) for x in (*look, runway))]
        for firm, value, look, runway in zip(everybody, values, looked.firms, runways, strict=True)
    ]


def _market(model: CarouselModel) -> list[float]:
    """The ETF's price over its net asset value less one; susceptible, enthusiastic and tired share of households."""
    board = model.prices
    asset = board.net_asset_value_cents if model.cast.etf is not None else 0
    premium = board.etf_price_cents / asset - 1 if asset > 0 else 0.0
    return [_short(premium), *(_short(share) for share in model.cast.story_shares())]


def _news(row: dict[str, Any]) -> list[Any]:
    """A flag: firm, counterparty, words, direction, cents announced, return of the day if there is one."""
    change = row["day0_return"]
    said = [row["firm"], row["counterparty"], row["text"], row["direction"], row["announced_cents"]]
    return [*said, None if change is None else _short(change)]


def _payers(model: CarouselModel) -> list[int]:
    """Numbers of the classes whose money there may be in this run; suppliers only ever receive."""
    journal = model.books.journal
    classes = {journal.origin_class(account) for account in journal.origin_accounts} - {OriginClass.SUPPLIERS}
    return sorted(CLASSES.index(each) for each in classes)


def _stoppable(model: CarouselModel) -> list[str]:
    """Payers that can be cut off, as `[[stop]]` calls them."""
    cast = model.cast
    named = [x.name for x in (*cast.venture_investors, *cast.bond_buyers)]
    named += ["AI customers"] if cast.labs else []
    named += ["households"] if cast.households is not None else []
    suppliers = {c.payer for c in model.contracts.promises if c.starts_lap}
    named += [f.name for f in cast.listed if f.kind in CIRCLE_LISTED and f.name in suppliers]
    return named


def _short(number: Any) -> Any:
    """Whole numbers as they are, others with the figures that count."""
    return int(number) if isinstance(number, int | np.integer) else float(f"{float(number):.{DIGITS}g}")
