"""Who is left holding: gain and loss of every class, what it put in, and who lost most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ....history.kinds import Channel, Group
from ....history.tables.payers import LENDERS, net_cash
from ....history.tables.positions import parties
from ....scenarios.schema import BondBuyerKind, Scenario
from .outcome import Kind, Needs, Outcome, Values, alone, single
from .seen import Seen
from .tracks import Track

NOBODY = "nobody"
HOLDINGS = frozenset({Track.HOLDINGS})


class Standing(NamedTuple):
    """A class at the end, in cents: what it took out less what it put in, what it held and holds."""

    net_cash_cents: int
    value_start_cents: int
    value_cents: int
    has_held: bool

    @property
    def gain_cents(self) -> int:
        """Net cash and the change of what is held."""
        return self.net_cash_cents + self.value_cents - self.value_start_cents


def holders(scenario: Scenario) -> Sequence[str]:
    """Classes that hold securities and are no firms, in the order of the positions."""
    kinds = {buyer.kind for buyer in scenario.bond_buyer}
    present = {
        Group.VENTURE: bool(scenario.venture_investor),
        Group.BANKS: BondBuyerKind.BANK in kinds,
        Group.BOND_FUNDS: BondBuyerKind.BOND_FUND in kinds,
        Group.PRIVATE_CREDIT: BondBuyerKind.PRIVATE_CREDIT in kinds,
        Group.FUNDS: bool(scenario.active_fund),
        Group.FOUNDERS: bool(scenario.lab),
        Group.HOUSEHOLDS: scenario.households is not None,
        Group.PLANS: scenario.households is not None,
        Group.MARKET_MAKERS: scenario.etf is not None,
    }
    return [group.value for group, is_there in present.items() if is_there]


def classes(scenario: Scenario) -> Sequence[str]:
    """Holders, then firms by kind."""
    present = {
        Group.LABS: scenario.lab,
        Group.CLOUDS: scenario.cloud,
        Group.CHIP_MAKERS: scenario.chip_maker,
        Group.OTHER_LISTED: scenario.listed_firm,
        Group.FIRMS: scenario.firm,
    }
    return [*holders(scenario), *(group.value for group, firms in present.items() if firms)]


def channel_names(scenario: Scenario) -> Sequence[str]:
    """Channels of outside money, in the order of the table of payers."""
    kinds = {buyer.kind for buyer in scenario.bond_buyer}
    present = {
        Channel.HOUSEHOLDS: scenario.households is not None,
        Channel.PLANS: scenario.households is not None,
        Channel.FUNDS: bool(scenario.active_fund),
        **{channel: kind in kinds for kind, channel in LENDERS.items()},
        Channel.VENTURE: bool(scenario.venture_investor),
    }
    return [channel.value for channel in Channel if present[channel]]


def _standings(seen: Seen) -> dict[str, Standing]:
    """Every class at the end: as `gain_and_loss_per_class` has it of the table of positions."""
    journal, flows = seen.model.books.journal, seen.model.books.flows
    notes = seen.monthly(Track.HOLDINGS)
    basket = seen.model.cast.etf.account if seen.model.cast.etf is not None else -1
    found: dict[str, Standing] = {}
    for group, account in parties(seen.model):
        old = found.get(group, Standing(0, 0, 0, False))
        is_counted = account < len(flows.cash_in)
        net = int(flows.cash_in[account]) - int(flows.cash_out[account]) if is_counted else 0
        held = notes[:, account] if not journal.is_outside(account) and account != basket else notes[:, account] * 0
        found[group] = Standing(
            old.net_cash_cents + net,
            old.value_start_cents + int(held[0]),
            old.value_cents + int(held[-1]),
            old.has_held or bool(held.any()),
        )
    return found


def standings(seen: Seen) -> dict[str, Standing]:
    """Every class at the end of a run."""
    return seen.once("standings", _standings)


def _of_classes(measure: Callable[[Standing], int]) -> Callable[[Seen], Values]:
    return lambda seen: {group: measure(standing) for group, standing in standings(seen).items()}


def _worst_loser(seen: Seen) -> str:
    """As the answer has it: of classes that have ever held something, the one that lost most."""
    firms = {Group.LABS, Group.CLOUDS, Group.CHIP_MAKERS, Group.OTHER_LISTED, Group.FIRMS}
    losses = [(s.gain_cents, group) for group, s in standings(seen).items() if s.has_held and group not in firms]
    worst = min(losses, key=lambda loss: loss[0], default=(0, NOBODY))
    return str(worst[1]) if worst[0] < 0 else NOBODY


def _of_group(
    pattern: str, meaning: str, labels: Callable[[Scenario], Sequence[str]], of: Callable[[Standing], int]
) -> Outcome:
    return Outcome(
        pattern=f"{pattern}.HOLDERS" if labels is holders else f"{pattern}.CLASS", unit="US cents", kind=Kind.WHOLE,
        meaning=meaning, labels=labels, needs=Needs.DAILY, tracks=HOLDINGS, measure=_of_classes(of),
    )  # fmt: skip


OUTCOMES = (
    _of_group(
        "gain", "change of what a class of holders owns since the start, less what it put in", holders,
        lambda standing: standing.gain_cents,
    ),
    _of_group(
        "holds", "market value of what a class of holders owns, cash not counted", holders,
        lambda standing: standing.value_cents,
    ),
    _of_group(
        "net_cash", "what a class took out since the start, less what it put in", classes,
        lambda standing: standing.net_cash_cents,
    ),
    Outcome(
        pattern="paid_in.CHANNEL", unit="US cents", kind=Kind.WHOLE, labels=channel_names, needs=Needs.MODEL,
        meaning="what savers, partners and banks have put in through a channel, less what they have got back; "
        "households: what they paid for the ETF, less what they got for it",
        measure=lambda seen: {str(channel): cents for channel, cents in net_cash(seen.model).items()},
    ),
    Outcome(
        pattern="worst_loser", unit="-", kind=Kind.TEXT, labels=alone, needs=Needs.DAILY, tracks=HOLDINGS,
        meaning="the class of holders that lost most; nobody if none has lost", measure=single(_worst_loser),
    ),
)  # fmt: skip
