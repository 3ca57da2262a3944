"""Who paid: whose money each followed flow was, by receiver, origin and tracing rule, and how much of it came round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ....history.tables.journal import TRACED_CLASSES
from ....ledger.causes import OriginClass
from ....ledger.flows import Flow
from ....ledger.origins import TracingRule
from ....report.measures_origin import laps_of_again
from ....scenarios.schema import Scenario
from ....scenarios.schema_world import DEALS
from .of_firms import clouds, labs
from .outcome import Kind, Needs, Outcome, Value, Values
from .seen import Seen

ALL = "all"
"""All receivers of a flow together."""


class Followed(NamedTuple):
    """A flow to one receiver, or to all of them."""

    flow: Flow
    receiver: str

    def label(self, *parts: str) -> str:
        """FLOW.RECEIVER and what comes behind."""
        return ".".join((self.flow.value, self.receiver, *parts))


def followed(scenario: Scenario) -> Sequence[Followed]:
    """Every flow of a scenario with those who may receive it (of spending and building: who spends)."""
    receivers: dict[Flow, Sequence[str]] = {
        Flow.CHIP_REVENUE: [maker.name for maker in scenario.chip_maker],
        Flow.COMPUTE_REVENUE: clouds(scenario) if scenario.contract else (),
        Flow.LAB_SPENDING: labs(scenario),
        Flow.BUILDING: clouds(scenario),
        Flow.MILESTONES: labs(scenario) if _is_invested_in(scenario) else (),
        Flow.ROUNDS: labs(scenario),
        Flow.LISTINGS: sorted({one.lab for one in scenario.listing}),
        Flow.VENDOR_LOANS: sorted({loan.borrower for loan in scenario.vendor_loan}),
    }
    return [Followed(flow, name) for flow, names in receivers.items() if names for name in (ALL, *names)]


def _is_invested_in(scenario: Scenario) -> bool:
    """Whether somebody puts money into a lab."""
    into_labs = (kind for kind, deal in DEALS.items() if deal.puts_in and "investee" in deal.roles)
    return any(getattr(scenario, kind) for kind in into_labs)


def _per_rule(labels: Sequence[str]) -> Sequence[str]:
    return [f"{rule.value}.{label}" for rule in TracingRule for label in labels]


def share_labels(scenario: Scenario) -> Sequence[str]:
    """RULE.FLOW.RECEIVER.CLASS."""
    return _per_rule([f.label(c.value) for f in followed(scenario) for c in TRACED_CLASSES])


def pocket_labels(scenario: Scenario) -> Sequence[str]:
    """RULE.FLOW.RECEIVER.POCKET."""
    return _per_rule([f.label(pocket) for f in followed(scenario) for pocket in pockets(scenario)])


def flow_labels(scenario: Scenario) -> Sequence[str]:
    """RULE.FLOW.RECEIVER."""
    return _per_rule([f.label() for f in followed(scenario)])


def pockets(scenario: Scenario) -> Sequence[str]:
    """Labels of outside accounts that money may come from, in the order in which a run opens them."""
    found = [OriginClass.AI_CUSTOMERS.value, OriginClass.OTHER_CUSTOMERS.value]
    for venture in scenario.venture_investor:
        found += [venture.partners, venture.cash_origin or venture.partners]
    found += [buyer.savers for buyer in scenario.bond_buyer]
    found += [fund.savers for fund in scenario.active_fund]
    found += [firm.cash_origin or f"{firm.name}, legacy earnings" for firm in scenario.firms]
    found += [scenario.etf.participant_origin] if scenario.etf is not None else []
    people = scenario.households
    found += [people.savers, people.plan_savers] if people is not None else []
    return list(dict.fromkeys(found))


class Paid:
    """What each followed flow has brought so far: cents by origin and lap."""

    def __init__(self, seen: Seen) -> None:
        journal = seen.model.books.journal
        self.origins = [journal.names[account] for account in journal.origin_accounts]
        classes = [journal.origin_class(account) for account in journal.origin_accounts]
        self.classes = np.array([[c is each for c in classes] for each in TRACED_CLASSES], np.int64)
        """int64 (classes, origins), 1 where an origin is of a class."""
        self.flows: dict[tuple[Followed, TracingRule], np.ndarray] = {}
        """int64 (origins, laps)."""
        for (account, flow), by_rule in seen.model.books.flows.origins.items():
            for rule, cents in by_rule.items():
                for receiver in (ALL, journal.names[account]):
                    key = (Followed(flow, receiver), rule)
                    self.flows[key] = self.flows[key] + cents if key in self.flows else cents


def paid(seen: Seen) -> Paid:
    """The flows at the end of a run."""
    return seen.once("paid", Paid)


def _shares(parts: np.ndarray, names: Sequence[str], prefix: str) -> Values:
    """Cents int64 (n,) as shares of their sum; nothing where nothing was paid."""
    whole = int(parts.sum())
    return {f"{prefix}.{name}": p / whole for name, p in zip(names, parts.tolist(), strict=True)} if whole else {}


def _payer_shares(seen: Seen) -> Values:
    found: dict[str, Value] = {}
    names = [each.value for each in TRACED_CLASSES]
    for (flow, rule), cents in paid(seen).flows.items():
        by_class = paid(seen).classes @ cents.sum(axis=1)
        found |= _shares(by_class, names, f"{rule.value}.{flow.label()}")
    return found


def _pocket_shares(seen: Seen) -> Values:
    """An outside account that this world has not opened has paid nothing."""
    found: dict[str, Value] = {}
    never = [name for name in pockets(seen.model.scenario_data) if name not in paid(seen).origins]
    names = [*paid(seen).origins, *never]
    for (flow, rule), cents in paid(seen).flows.items():
        parts = np.concatenate([cents.sum(axis=1), np.zeros(len(never), np.int64)])
        found |= _shares(parts, names, f"{rule.value}.{flow.label()}")
    return found


def _recycled(seen: Seen) -> Values:
    totals = {key: int(cents.sum()) for key, cents in paid(seen).flows.items()}
    return {
        f"{rule.value}.{followed.label()}": int(cents[:, laps_of_again(followed.flow) :].sum()) / totals[followed, rule]
        for (followed, rule), cents in paid(seen).flows.items()
        if totals[followed, rule]
    }


def _received(seen: Seen) -> Values:
    flows = paid(seen).flows
    return {flow.label(): int(cents.sum()) for (flow, rule), cents in flows.items() if rule is TracingRule.PRO_RATA}


def _net_sources(seen: Seen) -> Mapping[str, Value]:
    """What each class of outside money has put in since the start, less what it took out."""
    books = seen.model.books
    net = dict.fromkeys((each.value for each in OriginClass), 0)
    for account in books.journal.origin_accounts:
        if account < len(books.flows.cash_in):
            put_in = int(books.flows.cash_out[account]) - int(books.flows.cash_in[account])
            net[books.journal.origin_class(account).value] += put_in
    return net


OUTCOMES = (
    Outcome(
        pattern="payer_share.RULE.FLOW.RECEIVER.CLASS", unit="share", labels=share_labels, needs=Needs.FLOWS,
        meaning="part of a flow that came from a class of outside money; null where nothing flowed",
        measure=_payer_shares, is_by_rule=True,
    ),
    Outcome(
        pattern="pocket_share.RULE.FLOW.RECEIVER.POCKET", unit="share", labels=pocket_labels, needs=Needs.FLOWS,
        meaning="the same, by single outside account", measure=_pocket_shares, is_by_rule=True,
    ),
    Outcome(
        pattern="recycled_share.RULE.FLOW.RECEIVER", unit="share", labels=flow_labels, needs=Needs.FLOWS,
        meaning="part of a flow that had been round the circle at least once before (a milestone investment and a "
        "vendor's loan begin a lap themselves, which does not count); null where nothing flowed",
        measure=_recycled, is_by_rule=True,
    ),
    Outcome(
        pattern="received.FLOW.RECEIVER", unit="US cents", kind=Kind.WHOLE, needs=Needs.FLOWS,
        labels=lambda scenario: [f.label() for f in followed(scenario)],
        meaning="what a flow has brought since the start (spending, building: what was spent)", measure=_received,
        absent=0,
    ),
    Outcome(
        pattern="net_source.CLASS", unit="US cents", kind=Kind.WHOLE, needs=Needs.FLOWS,
        labels=lambda _: [each.value for each in OriginClass],
        meaning="what a class of outside money put in since the start, less what it took out; opening cash not counted",
        measure=_net_sources, absent=0,
    ),
)  # fmt: skip
