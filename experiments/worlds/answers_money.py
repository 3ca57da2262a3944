"""Who put up the promised equity, who built, and who paid each lab: cash by cause, net, and whose money it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...history.kinds import PromiseKind, cause_text
from ...history.tables import TRACED_CLASSES
from ...ledger.causes import Cause
from ...ledger.flows import Flow
from ...ledger.origins import TracingRule
from ...report.answer_text import AnswerTable, Section
from ...report.wording import cast_of, dollars, inside, label, listed
from ...scenarios.schema import Scenario
from ...scenarios.schema_world import DEALS
from .said import Said

RULES = (TracingRule.PRO_RATA, TracingRule.FIFO, TracingRule.LIFO)
FIRST = RULES[0]
"""The rule by which sentences trace: every payment carries the payer's money in proportion."""
SHARE_SAID = 0.01
"""Smallest share of a row that is printed."""
MOST_SAID = 3
INVESTORS_SAID = 5
INTO_LAB = (Cause.REVENUE_AI, Cause.ROUND, Cause.MILESTONE)
SPENT_BY_LAB = {
    Cause.COMPUTE_BILL: "compute",
    Cause.RUNNING_COSTS: "staff and other running costs",
    Cause.REVENUE_SHARE: "shares of its revenue",
}
SOURCES_OF_BUILDER: Mapping[str, Sequence[Cause]] = {
    "Lenders (less interest and repayment)": (Cause.BOND_ISSUE, Cause.COUPON, Cause.MATURITY),
    "Labs (for compute, and shares of revenue)": (Cause.COMPUTE_BILL, Cause.REVENUE_SHARE),
    "New shares": (Cause.TRADE_RECEIVE, Cause.TRADE_PAY),
    "Own business (less its own costs)": (Cause.REVENUE_OTHER, Cause.RUNNING_COSTS),
    "Vendors (less interest and repayment)": (
        Cause.VENDOR_LOAN, Cause.VENDOR_INTEREST, Cause.VENDOR_REPAYMENT, Cause.GUARANTEE_CALL, Cause.IDLE_CAPACITY,
    ),
    "Cash from before the start": (Cause.OPENING,),
}  # fmt: skip
"""Where builders' money comes from, net."""
USES_OF_BUILDER: Mapping[str, Sequence[Cause]] = {
    "Chips and construction": (Cause.CHIP_BILL, Cause.CONSTRUCTION),
    "Running what stands": (Cause.OPERATION,),
    "Investments in labs": (Cause.ROUND, Cause.MILESTONE),
}


def net(firms: Iterable[str], causes: Iterable[Cause], sign: str = "") -> list[str]:
    """Columns of firms' cash by causes."""
    causes = tuple(causes)
    return [f"{sign}net_by_cause.{firm}.{cause_text(cause)}" for firm in firms for cause in causes]


def who_put_up(said: Said) -> Section | None:
    """Of equity that firms promised to labs: how much has been paid, how much was new money, and whose."""
    kinds = [kind for kind, deal in DEALS.items() if deal.is_promise and deal.puts_in == "investor"]
    deals: list[Any] = [deal for kind in kinds for deal in getattr(said.scenario, kind)]
    if not deals:
        return None
    announced, paid = ([f"{what}.{deal.name}" for deal in deals] for what in ("announced", "paid"))
    promised = said.money("equity promised to labs by firms", *announced)
    title = f"Who put up the {dollars(said.middle(announced).median)}?"
    who, whom = names(deal.investor for deal in deals), names(deal.investee for deal in deals)
    unpaid = said.money("promised and not paid", *announced, *(f"-{name}" for name in paid))
    has_paid = said.money("paid under the promise", *paid)
    sentences = [f"{who} promised {whom} {promised}; {has_paid} of it has been paid, {unpaid} has not."]
    new, again = [f"firms_new.{FIRST}.{c}" for c in TRACED_CLASSES], f"firms_again.{FIRST}"
    if not said.middle([*new, again]).high:
        return Section(title, tuple(sentences))
    whole = [*new, again]
    part = said.share("part of what firms put into labs that was new from outside", new, whole, digits=1)
    came = said.share("part of it that had been round the circle before", [again], whole, digits=1)
    rows = {c: said.middle([f"firms_new.{FIRST}.{c}"], [*new, again]) for c in TRACED_CLASSES}
    order = sorted(TRACED_CLASSES, key=lambda c: -rows[c].median)[:MOST_SAID]
    from_whom = listed([
        f"{said.share(f'part that came new from {c}', [f'firms_new.{FIRST}.{c}'], [*new, again])} from {inside(c)}"
        for c in order
    ])  # fmt: skip
    sentences.append(
        f"Of what was paid {part} was new money from outside: {from_whom}. {came} had been round the circle before."
    )
    return Section(title, tuple(sentences), (_new_by_rule(said),))


def _new_by_rule(said: Said) -> AnswerTable:
    """By class and rule, and what had been round."""
    whole = {rule: [*(f"firms_new.{rule}.{c}" for c in TRACED_CLASSES), f"firms_again.{rule}"] for rule in RULES}
    rows = []
    for c in TRACED_CLASSES:
        if any(said.middle([f"firms_new.{rule}.{c}"], whole[rule]).high >= SHARE_SAID for rule in RULES):
            cells = (said.share(f"new from {c}, {r}", [f"firms_new.{r}.{c}"], whole[r]) for r in RULES)
            rows.append((label(c), *cells))
    cells = (said.share(f"round before, {rule}", [f"firms_again.{rule}"], whole[rule]) for rule in RULES)
    rows.append(("Had been round the circle", *cells))
    return AnswerTable("Whose money it was, by rule of tracing", ("New from", *RULES), tuple(rows))


def who_built(said: Said) -> Section:
    """Sources and uses of builders, net, then whose money their building was."""
    clouds = [cloud.name for cloud in said.scenario.cloud]
    built = net(clouds, USES_OF_BUILDER["Chips and construction"], "-")
    if not clouds or not said.middle(built).high:
        return Section("Who built it?", ("Nobody has built anything.",))
    spent = said.money("what builders spent on building", *built)
    goods = _goods(said.scenario)
    rows = {name: net(clouds, causes) for name, causes in SOURCES_OF_BUILDER.items()}
    rows = {name: columns for name, columns in rows.items() if any(any(said.worlds.sums([c])) for c in columns)}
    order = sorted(rows, key=lambda name: -said.middle(rows[name]).median)
    put_in = [f"{said.money(name, *rows[name])} from {_inside(name)}" for name in order[:MOST_SAID]]
    sentence = f"{names(clouds)} spent {spent} on {goods} and construction. The money, net: {listed(put_in)}."
    traced, table = payers(said, f"{Flow.BUILDING}.all")
    return Section(
        "Who built it?", (sentence, f"Traced to where it first came from, {traced}."), (_both_sides(said, rows), table)
    )


def _both_sides(said: Said, rows: Mapping[str, Sequence[str]]) -> AnswerTable:
    """Sources and uses; what the named uses leave is other costs, then cash kept."""
    clouds = [cloud.name for cloud in said.scenario.cloud]
    named = [cause for causes in (*SOURCES_OF_BUILDER.values(), *USES_OF_BUILDER.values()) for cause in causes]
    goods = _goods(said.scenario)
    kept, other = net(clouds, Cause), net(clouds, (c for c in Cause if c not in named), "-")
    lines = [(f"From: {_inside(name)}", said.money(name, *columns)) for name, columns in rows.items()]
    for name, causes in USES_OF_BUILDER.items():
        if any(said.worlds.sums(net(clouds, causes))):
            words = _inside(name).replace("chips", goods)
            lines.append((f"For: {words}", said.money(name, *net(clouds, causes, "-"))))
    if any(said.worlds.sums(other)):
        lines.append(("For: everything else", said.money("everything else", *other)))
    lines.append(("Kept in cash", said.money("cash of builders on the last day", *kept)))
    return AnswerTable("Sources and uses of the builders' money", ("", "Net"), tuple(lines))


def who_paid(said: Said, lab: str) -> Section:
    """Customers, investors by name, suppliers; what the lab spent and kept."""
    title, taken = f"Who paid {lab}?", net([lab], INTO_LAB)
    ventures = {investor.name for investor in said.scenario.venture_investor}
    start = f"put_in.{lab}."
    gave = {name: said.middle([start + name]).high for name in said.worlds.names(start)}
    found = sorted((name for name, cents in gave.items() if cents > 0), key=lambda name: -gave[name])
    parts = [f"{said.money(f'from customers of {lab}', *net([lab], [Cause.REVENUE_AI]))} from customers"]
    for who, group in (("investors", [n for n in found if n in ventures]),
                       ("suppliers", [n for n in found if n not in ventures])):  # fmt: skip
        if group:
            whole = said.money(f"from {who}", *(start + name for name in group))
            each = [f"{name} {said.money(f'from {name}', start + name)}" for name in group[:INVESTORS_SAID]]
            rest = len(group) - len(each)
            parts.append(f"{whole} from {who} ({', '.join(each)}{f' and {rest} more' if rest else ''})")
    income = said.money(f"what {lab} took in", *taken)
    spends = [(words, net([lab], [cause], "-")) for cause, words in SPENT_BY_LAB.items()]
    spends = [(words, columns) for words, columns in spends if any(said.worlds.sums(columns))]
    spent = said.money(f"what {lab} spent", *(column for _, columns in spends for column in columns))
    went = listed([f"{said.money(words, *columns)} on {words}" for words, columns in spends])
    began = said.money("cash from before the start", *net([lab], [Cause.OPENING]))
    kept = said.money(f"cash of {lab} on the last day", *net([lab], Cause))
    sentences = [
        f"{lab} took in {income}: {listed(parts)}.",
        f"It spent {spent}, {went}; of {began} with which it began and what it took in it holds {kept}.",
    ]
    again = f"recycled_share.{FIRST}.{Flow.LAB_SPENDING}.{lab}"
    if said.middle([again]).high > 0:
        sentences.append(f"{said.median_share('part of spending that had been round the circle', again)} of what it "
                         "spent had been round the circle before.")  # fmt: skip
    _, table = payers(said, f"{Flow.LAB_SPENDING}.{lab}")
    return Section(title, tuple(sentences), (table,))


def payers(said: Said, flow: str) -> tuple[str, AnswerTable]:
    """The largest payers of a flow in words, and all of them by the three rules of tracing."""
    columns = {
        c: [f"payer_share.{rule}.{flow}.{c}" for rule in RULES]
        for c in TRACED_CLASSES
        if f"payer_share.{FIRST}.{flow}.{c}" in said.worlds.own[0]
    }
    seen = {c: said.middle([names_[0]]).median for c, names_ in columns.items()
            if any(said.middle([name]).high >= SHARE_SAID for name in names_)}  # fmt: skip
    order = sorted(seen, key=lambda c: -seen[c])
    words = listed(
        [f"{said.median_share(f'from {c}', columns[c][0])} came from {inside(c)}" for c in order[:MOST_SAID]]
    )
    rows = [(label(c), *(said.median_share(f"from {c}", name) for name in columns[c])) for c in order]
    table = AnswerTable("Whose money it was, by rule of tracing", ("Came from", *RULES), tuple(rows))
    return words.replace(" came", "", MOST_SAID).replace(" from", " came from", 1), table


def names(found: Iterable[str]) -> str:
    """Each once, as a list in a sentence."""
    return listed(list(dict.fromkeys(found)))


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]


def _goods(scenario: Scenario) -> str:
    kinds = [PromiseKind.COMPUTE] * bool(scenario.contract) + [PromiseKind.BUILD_PLAN] * bool(scenario.build_plan)
    return cast_of(kinds).goods
