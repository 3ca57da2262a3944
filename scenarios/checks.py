"""What must hold between the parts of a scenario: parties exist, shares suffice, dates follow the start.

Each rule yields faults; the schema raises the first. Rules see a scenario whose single fields are already valid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from .errors import Fault, nearest_names, shown

if TYPE_CHECKING:
    from .schema import Scenario

MARKET_VALUE_MAX_USD = 5e13
"""Largest market value of one firm, and largest sum of money of one class: cents stay below 2**53."""
HOLDING_MAX = 2**31 - 1
"""ETF shares of one holder are 32-bit integers."""
CONTACTS_MAX = 2 * 10**8
"""Contacts of a drawn social graph: 4 bytes each, and as much again while it is drawn."""
HOLDING_HEADROOM = 2.0
"""How far the largest holder may grow in a run before its shares no longer fit."""
SHARE_ROUNDING = 1e-9
"""Slack for sums of decimal shares such as 0.7 + 0.2 + 0.1."""


def address(entry: Any, index: int) -> str:
    """How a list entry is named in key paths: its name, 'OWNER in FIRM' for a stake, else its number from 1."""
    if isinstance(entry, dict):
        name, owner, firm = entry.get("name"), entry.get("owner"), entry.get("firm")
    else:
        name, owner, firm = (getattr(entry, key, None) for key in ("name", "owner", "firm"))
    if isinstance(name, str) and name:
        return name
    if isinstance(owner, str) and isinstance(firm, str):
        return f"{owner} in {firm}"
    return str(index + 1)


def faults(scenario: Scenario) -> Iterator[Fault]:
    """Everything that does not fit together, one rule after the other."""
    yield from _duplicate_names(scenario)
    yield from _labels(scenario)
    yield from _parties(scenario)
    yield from _with_itself(scenario)
    yield from _dates(scenario)
    yield from _amounts(scenario)
    yield from _supply_shares(scenario)
    yield from _market_values(scenario)
    yield from _shareholders(scenario)
    yield from _etf(scenario)
    yield from _households(scenario)


def _named_parties(s: Scenario) -> Iterator[tuple[str, str]]:
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


def _duplicate_names(s: Scenario) -> Iterator[Fault]:
    once = "a name that nobody else in the cast has"
    seen: dict[str, str] = {name.casefold(): "name of the simulation's own accounts" for name in RESERVED}
    seen.update({f"{lab.name}, founders and staff".casefold(): "lab's founders" for lab in s.lab})
    seen.update({f"{firm.name}, legacy earnings".casefold(): "firm's past" for firm in s.firms})
    for kind, name in _named_parties(s):
        if name.casefold() in seen:
            path = "etf" if kind == "etf" else f"{kind}.{name}.name"
            yield Fault(path, shown(name), f"{once} (also a {seen[name.casefold()]})")
        seen[name.casefold()] = kind
    tickers: dict[str, str] = {}
    for firm in s.listed:
        if firm.ticker in tickers:
            yield Fault(
                f"{_kind_of(s, firm.name)}.{firm.name}.ticker", shown(firm.ticker), f"{once} ({tickers[firm.ticker]})"
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


def _kind_of(s: Scenario, name: str) -> str | None:
    return next((kind for kind, known in _named_parties(s) if known == name), None)


def _labels(s: Scenario) -> Iterator[Fault]:
    """An origin of money is no party: money that comes from a party is traced to that party's own origins."""
    parties = {name.casefold() for _, name in _named_parties(s)}
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


def _parties(s: Scenario) -> Iterator[Fault]:
    kind_of = {name: kind for kind, name in _named_parties(s)}
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


def _with_itself(s: Scenario) -> Iterator[Fault]:
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


def _dates(s: Scenario) -> Iterator[Fault]:
    if s.start_date.weekday() > 4:
        yield Fault("start_date", f"{s.start_date:%A} {s.start_date}", "a day from Monday to Friday")
    days: list[tuple[str, date | None]] = []
    for kind in ("contract", "milestone", "news", "build_plan", "vendor_loan"):
        days += [(f"{kind}.{address(x, i)}.announced", x.announced) for i, x in enumerate(getattr(s, kind))]
    days += [(f"contract.{x.name}.first_service", x.first_service) for x in s.contract]
    for path, day in days:
        if day is not None and day < s.start_date:
            yield Fault(
                path, str(day), f"a date from the start {s.start_date} on, or no such key for what is known before"
            )
    for bond in s.bond:
        if bond.maturity <= s.start_date:
            yield Fault(f"bond.{bond.name}.maturity", str(bond.maturity), f"a date after the start {s.start_date}")
    for due in s.obligation:
        if due.due_day > s.days:
            yield Fault(f"obligation.{due.name}.due_day", str(due.due_day), f"a day of the run, 1 to {s.days}")


def _amounts(s: Scenario) -> Iterator[Fault]:
    for contract in s.contract:
        if contract.delivered_gw > contract.capacity_gw:
            allowed = f"at most capacity_gw = {contract.capacity_gw}"
            yield Fault(f"contract.{contract.name}.delivered_gw", shown(contract.delivered_gw), allowed)
    for milestone in s.milestone:
        if milestone.deployed_gw > milestone.capacity_gw:
            allowed = f"at most capacity_gw = {milestone.capacity_gw}"
            yield Fault(f"milestone.{milestone.name}.deployed_gw", shown(milestone.deployed_gw), allowed)
    for plan in s.build_plan:
        if plan.delivered_gw > plan.capacity_gw:
            allowed = f"at most capacity_gw = {plan.capacity_gw}"
            yield Fault(f"build_plan.{plan.name}.delivered_gw", shown(plan.delivered_gw), allowed)
    for loan in s.vendor_loan:
        if loan.drawn_usd > loan.committed_usd:
            allowed = f"at most committed_usd = {loan.committed_usd:g}"
            yield Fault(f"vendor_loan.{loan.name}.drawn_usd", shown(loan.drawn_usd), allowed)
    if s.bond and not s.bond_buyer:
        yield Fault("bond_buyer", "none", "at least one bond_buyer to hold the bonds outstanding")
    sums = {
        "bond.*.face_usd": math.fsum(x.face_usd for x in s.bond),
        "vendor_loan.*.committed_usd": math.fsum(x.committed_usd for x in s.vendor_loan),
        "guarantee.*.limit_usd": math.fsum(x.limit_usd for x in s.guarantee),
        "venture_investor.*.dry_powder_usd": math.fsum(x.dry_powder_usd for x in s.venture_investor),
        "bond_buyer.*.opening_cash_usd": math.fsum(x.opening_cash_usd for x in s.bond_buyer),
    }
    for path, total in sums.items():
        if total > MARKET_VALUE_MAX_USD:
            yield Fault(path, f"{total:.6g} in all", f"at most {MARKET_VALUE_MAX_USD:g} in all")


def _supply_shares(s: Scenario) -> Iterator[Fault]:
    builders = {x.provider for x in s.contract} | {x.provider for x in s.build_plan}
    for buyer in dict.fromkeys(x.buyer for x in s.supply):
        deliveries = [x for x in s.supply if x.buyer == buyer]
        total = math.fsum(x.share for x in deliveries)
        builds = buyer in builders
        if total > 1 + SHARE_ROUNDING or (builds and total < 1 - SHARE_ROUNDING):
            came = f"{total:g} for all suppliers of {buyer}"
            wanted = "exactly 1, or its capacity would cost nothing" if builds else "at most 1"
            yield Fault(f"supply.{deliveries[-1].name}.share", came, f"shares of one buyer that add up to {wanted}")
    supplied = {x.buyer for x in s.supply}
    promised = [("contract", x.name, x.provider) for x in s.contract]
    promised += [("build_plan", x.name, x.provider) for x in s.build_plan]
    for kind, name, provider in promised:
        if provider not in supplied:
            allowed = "a provider with a supply entry: what a GW costs it, and who makes its chips"
            yield Fault(f"{kind}.{name}.provider", shown(provider), allowed)


def _market_values(s: Scenario) -> Iterator[Fault]:
    for firm in s.listed:
        value = firm.shares * firm.price_usd
        if value > MARKET_VALUE_MAX_USD:
            came = f"{firm.shares} at {firm.price_usd} = {value:.6g} USD"
            allowed = f"a market value of at most {MARKET_VALUE_MAX_USD:g} USD"
            yield Fault(f"{_kind_of(s, firm.name)}.{firm.name}.shares", came, allowed)
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    if total > MARKET_VALUE_MAX_USD:
        yield Fault("listed_firm", f"{total:.6g} USD for all listed firms", f"at most {MARKET_VALUE_MAX_USD:g} USD")
    for lab in s.lab:
        if lab.valuation_usd < lab.shares * 0.01:
            came = f"{lab.valuation_usd:.6g} USD for {lab.shares} shares"
            yield Fault(f"lab.{lab.name}.valuation_usd", came, "at least one cent per share")


def _etf_share(s: Scenario) -> float:
    """The part of every listed firm's shares that the ETF holds at the start."""
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    if s.etf is None or s.households is None or total <= 0:
        return 0.0
    return s.households.etf_value_usd * (1 + s.etf.participant_inventory_share) / total


def _shareholders(s: Scenario) -> Iterator[Fault]:
    if s.listed and not s.active_fund:
        allowed = "at least one active_fund: somebody must hold the shares that nobody named holds"
        yield Fault("active_fund", f"none, but {len(s.listed)} listed firms", allowed)
    outstanding = {lab.name: lab.shares for lab in s.lab} | {firm.name: firm.shares for firm in s.listed}
    listed = {firm.name for firm in s.listed}
    in_etf = _etf_share(s)
    for firm, shares in outstanding.items():
        owned = sum(x.shares for x in s.stake if x.firm == firm)
        basket = math.ceil(in_etf * shares) if firm in listed else 0
        if owned > shares:
            last = next(address(x, i) for i, x in reversed(list(enumerate(s.stake))) if x.firm == firm)
            yield Fault(f"stake.{last}.shares", f"{owned} in all", f"at most the {shares} shares outstanding of {firm}")
        elif owned + basket >= shares and basket:
            came = f"baskets that need {basket} shares of {firm} beside {owned} in named hands"
            yield Fault("households.etf_value_usd", came, f"fewer than the {shares} outstanding")


def _etf(s: Scenario) -> Iterator[Fault]:
    etf = s.etf
    if etf is None:
        return
    if not s.listed:
        yield Fault(
            "etf", "an ETF without listed firms", "at least one cloud, chip_maker or listed_firm for the basket"
        )
        return
    unit_usd = etf.creation_unit_shares * etf.price_usd
    total = math.fsum(x.shares * x.price_usd for x in s.listed)
    for firm in s.listed:
        if firm.shares * unit_usd < total:
            need = total / firm.shares / etf.price_usd
            came = f"{etf.creation_unit_shares}, less than one share of {firm.name} per creation unit"
            yield Fault("etf.creation_unit_shares", came, f"at least {math.ceil(need)} at this price and cap weight")
            return
    value = s.households.etf_value_usd if s.households is not None else 0.0
    if 0 < value < unit_usd:
        yield Fault("households.etf_value_usd", shown(value), f"0 or at least one creation unit, {unit_usd:g} USD")


def largest_holding(etf_shares: float, holders: int, wealth_sigma: float) -> float:
    """ETF shares of the richest of `holders` holders with log-normal wealth, at its typical size."""
    if holders < 1:
        return math.inf
    typical_top = math.exp(wealth_sigma * math.sqrt(2 * math.log(holders)) - wealth_sigma**2 / 2)
    return min(etf_shares, etf_shares / holders * max(1.0, typical_top))


def _households(s: Scenario) -> Iterator[Fault]:
    if s.households is None:
        return
    if s.holders < 1:
        yield Fault("holders", str(s.holders), "at least 1, because households are in the scenario")
        return
    if s.etf is None:
        yield Fault("etf", "nothing", "an etf for the households to hold")
        return
    if s.households.enthusiastic_share + s.households.tired_share > 1 + SHARE_ROUNDING:
        came = f"{s.households.enthusiastic_share} enthusiastic and {s.households.tired_share} tired"
        yield Fault("households.tired_share", came, "shares that add up to at most 1")
    yield from _social_graph(s)
    room = HOLDING_MAX / HOLDING_HEADROOM
    etf_shares = s.households.etf_value_usd / s.etf.price_usd
    if largest_holding(etf_shares, s.holders, s.households.wealth_sigma) > room:
        enough = next((n for n in _rising() if largest_holding(etf_shares, n, s.households.wealth_sigma) <= room), None)
        came = f"{s.holders} for {etf_shares:.6g} ETF shares: the largest holder's shares would not fit in 32 bits"
        allowed = f"at least about {enough} holders" if enough else "a higher etf.price_usd or a smaller etf_value_usd"
        yield Fault("holders", came, allowed)


def _social_graph(s: Scenario) -> Iterator[Fault]:
    """Drawn links: a ring needs as many links on both sides and enough holders, and all of them need memory."""
    house = s.households
    if house is None or house.social_graph == "blocks":
        return
    degree, came = house.mean_degree, f"{house.mean_degree} for {s.holders} holders"
    if degree >= s.holders:
        yield Fault("households.mean_degree", came, "fewer contacts than holders")
    elif house.social_graph == "small-world" and degree % 2:
        yield Fault("households.mean_degree", str(degree), "an even number in a small world")
    if degree * s.holders > CONTACTS_MAX:
        most = CONTACTS_MAX // s.holders
        allowed = f"at most {most} for so many holders" if most >= 2 else f"at most {CONTACTS_MAX // 2} holders"
        yield Fault("households.mean_degree", came, f'{allowed}, or social_graph = "blocks"')


def _rising() -> Iterator[int]:
    """Numbers of holders to propose, by steps of a tenth, up to the most a scenario may have."""
    n = 1
    while n <= 10**8:
        yield n
        n += max(1, n // 10)
