"""What was promised and when: dates follow the start, parts stay within the whole, capacity has a supplier."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from .addresses import address
from .checks_sizes import MARKET_VALUE_MAX_USD, SHARE_ROUNDING
from .errors import Fault, shown
from .schema_holders import BondBuyerKind
from .schema_world import DEALS, World


def dates(s: World) -> Iterator[Fault]:
    """The run starts on a weekday; what is announced, matures or falls due does so after the start."""
    if s.start_date.weekday() > 4:
        yield Fault("start_date", f"{s.start_date:%A} {s.start_date}", "a day from Monday to Friday")
    days: list[tuple[str, date | None]] = []
    for kind in (kind for kind, deal in DEALS.items() if "announced" in deal.model_fields):
        days += [(f"{kind}.{address(x, i)}.announced", x.announced) for i, x in enumerate(getattr(s, kind))]
    days += [(f"contract.{x.name}.first_service", x.first_service) for x in s.contract]
    for path, day in days:
        if day is not None and day < s.start_date:
            yield Fault(
                path, str(day), f"a date from the start {s.start_date} on, or no such key for what is known before"
            )
    for x in s.contract:
        if x.known_since is not None and (x.announced is not None or x.known_since >= s.start_date):
            allowed = f"a date before the start {s.start_date}, of a contract without `announced`"
            yield Fault(f"contract.{x.name}.known_since", str(x.known_since), allowed)
    for bond in s.bond:
        if bond.maturity <= s.start_date:
            yield Fault(f"bond.{bond.name}.maturity", str(bond.maturity), f"a date after the start {s.start_date}")
    for call in s.capital_call:
        if call.due < s.start_date:
            yield Fault(f"capital_call.{call.name}.due", str(call.due), f"a date from the start {s.start_date} on")
    for due in s.obligation:
        if due.due_day > s.days:
            yield Fault(f"obligation.{due.name}.due_day", str(due.due_day), f"a day of the run, 1 to {s.days}")


def amounts(s: World) -> Iterator[Fault]:
    """Parts stay within their whole; sums of money of one kind fit into the books."""
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
    for lender in s.bond_buyer:
        field = "opening_cash_usd" if lender.kind is BondBuyerKind.PRIVATE_CREDIT else "committed_usd"
        if getattr(lender, field):
            allowed = f"0: a {lender.kind.value.replace('_', ' ')} has "
            allowed += "committed_usd, which it calls when it lends" if field == "opening_cash_usd" else "cash"
            yield Fault(f"bond_buyer.{lender.name}.{field}", shown(getattr(lender, field)), allowed)
    sums = {
        "bond.*.face_usd": math.fsum(x.face_usd for x in s.bond),
        "vendor_loan.*.committed_usd": math.fsum(x.committed_usd for x in s.vendor_loan),
        "guarantee.*.limit_usd": math.fsum(x.limit_usd for x in s.guarantee),
        "venture_investor.*.dry_powder_usd": math.fsum(x.dry_powder_usd for x in s.venture_investor),
        "bond_buyer.*.opening_cash_usd": math.fsum(x.opening_cash_usd for x in s.bond_buyer),
        "bond_buyer.*.committed_usd": math.fsum(x.committed_usd for x in s.bond_buyer),
    }
    for path, total in sums.items():
        if total > MARKET_VALUE_MAX_USD:
            yield Fault(path, f"{total:.6g} in all", f"at most {MARKET_VALUE_MAX_USD:g} in all")


def customers(s: World) -> Iterator[Fault]:
    """Unlisted customers buy on one account, and what their vendor earns on all of them is within its earnings."""
    taken: set[str] = set()
    for customer in s.customer:
        if customer.buyer in taken:
            yield Fault(f"customer.{customer.name}.buyer", shown(customer.buyer), "one customer entry of a buyer")
        taken.add(customer.buyer)
    for maker in s.chip_maker:
        bought = math.fsum(x.purchases_usd_per_year for x in s.customer if x.supplier == maker.name)
        if maker.net_margin * bought > maker.earnings_usd_per_year:
            came = f"{maker.net_margin * bought:.6g} USD a year earned on unlisted customers"
            allowed = f"at most earnings_usd_per_year = {maker.earnings_usd_per_year:g}, of which it is a part"
            last = [x.name for x in s.customer if x.supplier == maker.name][-1]
            yield Fault(f"customer.{last}.purchases_usd_per_year", came, allowed)


def lets(s: World) -> Iterator[Fault]:
    """A lab lets what it has, and what it has is in use by one of two at a time."""
    for lab in s.lab:
        let = [x for x in s.contract if x.provider == lab.name]
        total = math.fsum(x.capacity_gw for x in let)
        if total > lab.base_capacity_gw:
            came = f"{total:g} GW that {lab.name} lets in all"
            allowed = f"at most base_capacity_gw = {lab.base_capacity_gw:g}, which it has"
            yield Fault(f"contract.{let[-1].name}.capacity_gw", came, allowed)
        for contract in let:
            if contract.announced is not None and contract.delivered_gw:
                allowed = "0: what a lab lets later it uses until then"
                yield Fault(f"contract.{contract.name}.delivered_gw", shown(contract.delivered_gw), allowed)


def supply_shares(s: World) -> Iterator[Fault]:
    """Whoever builds capacity has suppliers for all of it."""
    labs = {x.name for x in s.lab}
    builders = {x.provider for x in s.contract if x.provider not in labs} | {x.provider for x in s.build_plan}
    for buyer in dict.fromkeys(x.buyer for x in s.supply):
        deliveries = [x for x in s.supply if x.buyer == buyer]
        total = math.fsum(x.share for x in deliveries)
        builds = buyer in builders
        if total > 1 + SHARE_ROUNDING or (builds and total < 1 - SHARE_ROUNDING):
            came = f"{total:g} for all suppliers of {buyer}"
            wanted = "exactly 1, or its capacity would cost nothing" if builds else "at most 1"
            yield Fault(f"supply.{deliveries[-1].name}.share", came, f"shares of one buyer that add up to {wanted}")
    supplied = {x.buyer for x in s.supply}
    promised = [("contract", x.name, x.provider) for x in s.contract if x.provider not in labs]
    promised += [("build_plan", x.name, x.provider) for x in s.build_plan]
    for kind, name, provider in promised:
        if provider not in supplied:
            allowed = "a provider with a supply entry: what a GW costs it, and who makes its chips"
            yield Fault(f"{kind}.{name}.provider", shown(provider), allowed)
