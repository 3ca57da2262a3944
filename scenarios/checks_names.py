"""Who is who in a scenario: names are unique, labels of money are no parties, deals are between parties that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..ledger.causes import OriginClass
from .addresses import address
from .errors import Fault, nearest_names, shown
from .names import looks
from .schema_base import FIRMS, PAYERS, Deal, Roles
from .schema_holders import BondBuyerKind
from .schema_world import DEALS, KINDS, World

RESERVED = ("AI customers", "other customers", "suppliers and staff", "clearing house", "households", "savings plans")
"""Accounts that every run has; a founders' account is named after its lab."""
LENT = {
    BondBuyerKind.BANK: OriginClass.BANK_CREDIT,
    BondBuyerKind.BOND_FUND: OriginClass.BOND_SAVERS,
    BondBuyerKind.PRIVATE_CREDIT: OriginClass.PRIVATE_CREDIT,
}
"""Whose money each kind of lender lends."""


def named_parties(s: World) -> Iterator[tuple[str, str]]:
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


def duplicate_names(s: World) -> Iterator[Fault]:
    """Parties, tickers and the deals of one list have names that nobody can take for another's."""
    once = "a name that nobody else in the cast has"
    seen = {looks(name): "name of the simulation's own accounts" for name in RESERVED}
    seen.update({looks(f"{lab.name}, founders and staff"): "lab's founders" for lab in s.lab})
    seen.update({looks(f"{firm.name}, legacy earnings"): "firm's past" for firm in s.firms})
    seen.update({looks(f"{one.lab}, households' shares"): "lab's small shareholders" for one in s.listing})
    for kind, name in named_parties(s):
        if looks(name) in seen:
            path = f"{kind}.{name}.name" if kind in KINDS else kind
            yield Fault(path, shown(name), f"{once} (also a {seen[looks(name)]})")
        seen[looks(name)] = kind
    tickers: dict[str, str] = {}
    for firm in s.listed:
        if looks(firm.ticker) in tickers:
            path = f"{kind_of(s, firm.name)}.{firm.name}.ticker"
            yield Fault(path, shown(firm.ticker), f"{once} ({tickers[looks(firm.ticker)]})")
        tickers[looks(firm.ticker)] = firm.name
    for kind in DEALS:
        taken: set[str] = set()
        for index, entry in enumerate(getattr(s, kind)):
            name = address(entry, index)
            if looks(name) in taken:
                field = "name" if "name" in DEALS[kind].model_fields else next(iter(DEALS[kind].roles))
                yield Fault(f"{kind}.{name}.{field}", shown(name), f"one entry of that name in {kind}")
            taken.add(looks(name))


def securities(s: World) -> Iterator[Fault]:
    """Shares are registered under their firm's name, loans under their own: a bond has a name that neither has."""
    registered = {looks(firm.name): firm.name for firm in (*s.lab, *s.listed)}
    registered.update({looks(f"{loan.name}, principal"): loan.name for loan in s.vendor_loan})
    registered.update({looks(f"{one.lab}, private"): one.lab for one in s.listing})
    if s.etf is not None:
        registered[looks(s.etf.name)] = s.etf.name
    for bond in s.bond:
        if looks(bond.name) in registered:
            came = f"{shown(bond.name)}, under which securities of {registered[looks(bond.name)]} are registered"
            yield Fault(f"bond.{bond.name}.name", came, "a name that no firm, ETF or loan has")


def kind_of(s: World, name: str) -> str | None:
    """The kind of the party of that name."""
    return next((kind for kind, known in named_parties(s) if known == name), None)


def labelled(s: World) -> Iterator[tuple[str, str, OriginClass]]:
    """(key path, label, class) of every origin of money that the scenario names, in the order of the file."""
    for kind in FIRMS:
        for firm in getattr(s, kind):
            if firm.cash_origin is not None:
                yield f"{kind}.{firm.name}.cash_origin", firm.cash_origin, OriginClass.LEGACY
    for venture in s.venture_investor:
        path = f"venture_investor.{venture.name}"
        if venture.cash_origin is not None:
            yield f"{path}.cash_origin", venture.cash_origin, OriginClass.LIMITED_PARTNERS
        yield f"{path}.partners", venture.partners, OriginClass.LIMITED_PARTNERS
    for lender in s.bond_buyer:
        yield f"bond_buyer.{lender.name}.savers", lender.savers, LENT[lender.kind]
    for fund in s.active_fund:
        yield f"active_fund.{fund.name}.savers", fund.savers, OriginClass.FUND_SAVERS
    if s.etf is not None:
        yield "etf.participant_origin", s.etf.participant_origin, OriginClass.MARKET_MAKERS
    if s.households is not None:
        yield "households.savers", s.households.savers, OriginClass.HOUSEHOLD_SAVINGS
        yield "households.plan_savers", s.households.plan_savers, OriginClass.PENSION_SAVINGS


def labels(s: World) -> Iterator[Fault]:
    """An origin of money is no party, whose money is traced to that party's own origins; and it is of one class."""
    own = {looks(name) for _, name in named_parties(s)} | {looks(name) for name in RESERVED}
    own |= {looks(f"{lab.name}, founders and staff") for lab in s.lab}
    taken = {
        looks(f"{firm.name}, legacy earnings"): (f"{firm.name}, legacy earnings", OriginClass.LEGACY)
        for firm in s.firms
    }
    for path, label, origin in labelled(s):
        if looks(label) in own:
            yield Fault(path, shown(label), "a label for outside money that is no party's name")
        known, its_class = taken.setdefault(looks(label), (label, origin))
        if its_class is not origin:
            came = f"{shown(label)} for {origin.value}, which already stands for {its_class.value}"
            yield Fault(path, came, "a label of its own: one label, one class of origin")
        elif known != label:
            yield Fault(path, shown(label), f"{shown(known)}, as it is written elsewhere, or another label")


def parties(s: World) -> Iterator[Fault]:
    """Whoever is named exists, and is of a kind that can do this."""
    kind_of = {name: kind for kind, name in named_parties(s)}
    roles_of: dict[str, Roles] = {"lab": {"revenue_share_payee": PAYERS}}
    roles_of.update((kind, deal.roles) for kind, deal in DEALS.items())
    for entry_kind, roles in roles_of.items():
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


def with_itself(s: World) -> Iterator[Fault]:
    """Nobody deals with itself."""
    pairs = [(f"lab.{x.name}.revenue_share_payee", x.name, x.revenue_share_payee or "") for x in s.lab]
    for kind, deal in DEALS.items():
        if deal.sides is not None:
            one, other = deal.sides
            for index, entry in enumerate(getattr(s, kind)):
                path = f"{kind}.{address(entry, index)}.{other}"
                pairs.append((path, getattr(entry, one), getattr(entry, other)))
    for path, one, other in pairs:
        if one == other:
            yield Fault(path, shown(other), "another party than the other side: nobody deals with itself")


def references(s: World) -> Iterator[Fault]:
    """A deal that names another one names one between the same two sides."""
    for kind, deal in DEALS.items():
        for field, other in deal.refers.items():
            for index, entry in enumerate(getattr(s, kind)):
                name = getattr(entry, field)
                known = [d.name for d in getattr(s, other) if _sides(d) == _sides(entry)]
                if name is not None and name not in known:
                    allowed = f"the name of a {other} between {' and '.join(_sides(entry))}"
                    yield Fault(f"{kind}.{address(entry, index)}.{field}", shown(name), allowed, tuple(known))


def served(s: World) -> Iterator[Fault]:
    """An investment for one compute contract names one of its lab's."""
    for milestone in s.milestone:
        known = tuple(contract.name for contract in s.contract if contract.customer == milestone.investee)
        if milestone.contract is not None and milestone.contract not in known:
            allowed = f"the name of a contract of {milestone.investee}"
            yield Fault(f"milestone.{milestone.name}.contract", shown(milestone.contract), allowed, known)


def _sides(deal: Deal) -> tuple[str, ...]:
    """Names of the two parties."""
    return tuple(getattr(deal, side) for side in deal.sides or ())
