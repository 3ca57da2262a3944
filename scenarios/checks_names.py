"""Who is who in a scenario: names are unique, labels of money are no parties, deals are between parties that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .addresses import address
from .errors import Fault, nearest_names, shown

if TYPE_CHECKING:
    from .schema import Scenario

RESERVED = ("AI customers", "other customers", "suppliers and staff", "clearing house", "households")
"""Accounts that every run has; a founders' account is named after its lab."""
DEALS = (
    "contract",
    "supply",
    "milestone",
    "stake",
    "bond",
    "obligation",
    "news",
    "build_plan",
    "vendor_loan",
    "guarantee",
)
"""Lists whose entries have names of their own."""
FIRMS = ("firm", "lab", "cloud", "chip_maker", "listed_firm")
LISTED = ("cloud", "chip_maker", "listed_firm")
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "lab": {"revenue_share_payee": (*FIRMS, "venture_investor")},
    "contract": {"customer": ("lab",), "provider": ("cloud",)},
    "supply": {"buyer": ("cloud",), "supplier": ("chip_maker",)},
    "milestone": {"investor": ("chip_maker", "cloud"), "investee": ("lab",)},
    "stake": {"owner": (*FIRMS, "venture_investor"), "firm": ("lab", *LISTED)},
    "bond": {"issuer": LISTED},
    "obligation": {"payer": (*FIRMS, "venture_investor"), "payee": (*FIRMS, "venture_investor")},
    "news": {"firm": FIRMS},
    "build_plan": {"provider": ("cloud",)},
    "vendor_loan": {"lender": LISTED, "borrower": FIRMS},
    "guarantee": {"guarantor": LISTED, "issuer": LISTED},
}
"""Who may stand in which field: kind of entry -> field -> kinds of parties."""


def named_parties(s: Scenario) -> Iterator[tuple[str, str]]:
    """(kind, name) of the whole cast."""
    kinds: tuple[tuple[str, Sequence[Any]], ...] = (
        ("firm", s.firm),
        ("lab", s.lab),
        ("cloud", s.cloud),
        ("chip_maker", s.chip_maker),
        ("listed_firm", s.listed_firm),
        ("venture_investor", s.venture_investor),
        ("bond_buyer", s.bond_buyer),
        ("active_fund", s.active_fund),
    )
    for kind, members in kinds:
        for member in members:
            yield kind, member.name
    if s.etf is not None:
        yield "etf", s.etf.name
        yield "etf", s.etf.participant


def duplicate_names(s: Scenario) -> Iterator[Fault]:
    """Parties, tickers and the deals of one list have names that nobody else has."""
    once = "a name that nobody else in the cast has"
    seen: dict[str, str] = {name.casefold(): "name of the simulation's own accounts" for name in RESERVED}
    seen.update({f"{lab.name}, founders and staff".casefold(): "lab's founders" for lab in s.lab})
    seen.update({f"{firm.name}, legacy earnings".casefold(): "firm's past" for firm in s.firms})
    for kind, name in named_parties(s):
        if name.casefold() in seen:
            path = "etf" if kind == "etf" else f"{kind}.{name}.name"
            yield Fault(path, shown(name), f"{once} (also a {seen[name.casefold()]})")
        seen[name.casefold()] = kind
    tickers: dict[str, str] = {}
    for firm in s.listed:
        if firm.ticker in tickers:
            yield Fault(
                f"{kind_of(s, firm.name)}.{firm.name}.ticker", shown(firm.ticker), f"{once} ({tickers[firm.ticker]})"
            )
        tickers[firm.ticker] = firm.name
    for kind in DEALS:
        entries = getattr(s, kind)
        taken: set[str] = set()
        for index, entry in enumerate(entries):
            name = address(entry, index)
            if name in taken:
                field = "owner" if kind == "stake" else "name"
                yield Fault(f"{kind}.{name}.{field}", shown(name), f"one entry of that name in {kind}")
            taken.add(name)


def kind_of(s: Scenario, name: str) -> str | None:
    """The kind of the party of that name."""
    return next((kind for kind, known in named_parties(s) if known == name), None)


def labels(s: Scenario) -> Iterator[Fault]:
    """An origin of money is no party: money that comes from a party is traced to that party's own origins."""
    parties = {name.casefold() for _, name in named_parties(s)}
    labels: list[tuple[str, str | None]] = []
    for kind in ("firm", "lab", "cloud", "chip_maker", "listed_firm", "venture_investor"):
        labels += [(f"{kind}.{x.name}.cash_origin", x.cash_origin) for x in getattr(s, kind)]
    labels += [(f"venture_investor.{x.name}.partners", x.partners) for x in s.venture_investor]
    labels += [(f"bond_buyer.{x.name}.savers", x.savers) for x in s.bond_buyer]
    labels += [(f"active_fund.{x.name}.savers", x.savers) for x in s.active_fund]
    if s.etf is not None:
        labels.append(("etf.participant_origin", s.etf.participant_origin))
    if s.households is not None:
        labels.append(("households.savers", s.households.savers))
    for path, label in labels:
        if label is not None and label.casefold() in parties:
            yield Fault(path, shown(label), "a label for outside money that is no party's name")


def parties(s: Scenario) -> Iterator[Fault]:
    """Whoever is named exists, and is of a kind that can do this."""
    kind_of = {name: kind for kind, name in named_parties(s)}
    for entry_kind, roles in ROLES.items():
        for index, entry in enumerate(getattr(s, entry_kind)):
            for field, kinds in roles.items():
                name = getattr(entry, field)
                if name is None or kind_of.get(name) in kinds:
                    continue
                path = f"{entry_kind}.{address(entry, index)}.{field}"
                known = [n for n, k in kind_of.items() if k in kinds]
                came = (
                    f"{shown(name)}, which is a {kind_of[name]}"
                    if name in kind_of
                    else f"{shown(name)}, which names nobody"
                )
                yield Fault(
                    path, came, f"the name of a {' or '.join(kinds)}", nearest_names(name, known) or tuple(known[:3])
                )
    for lab in s.lab:
        if lab.revenue_share > 0 and lab.revenue_share_payee is None:
            yield Fault(f"lab.{lab.name}.revenue_share_payee", "nothing", "the party that gets the revenue share")


def with_itself(s: Scenario) -> Iterator[Fault]:
    """Nobody deals with itself."""
    pairs: list[tuple[str, str, str]] = []
    pairs += [(f"lab.{x.name}.revenue_share_payee", x.name, x.revenue_share_payee or "") for x in s.lab]
    pairs += [(f"contract.{x.name}.provider", x.customer, x.provider) for x in s.contract]
    pairs += [(f"supply.{x.name}.supplier", x.buyer, x.supplier) for x in s.supply]
    pairs += [(f"milestone.{x.name}.investee", x.investor, x.investee) for x in s.milestone]
    pairs += [(f"stake.{address(x, i)}.firm", x.owner, x.firm) for i, x in enumerate(s.stake)]
    pairs += [(f"obligation.{x.name}.payee", x.payer, x.payee) for x in s.obligation]
    pairs += [(f"vendor_loan.{x.name}.borrower", x.lender, x.borrower) for x in s.vendor_loan]
    pairs += [(f"guarantee.{x.name}.issuer", x.guarantor, x.issuer) for x in s.guarantee]
    for path, one, other in pairs:
        if one == other:
            yield Fault(path, shown(other), "another party than the other side: nobody deals with itself")
