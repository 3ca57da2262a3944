"""What must hold between the parts of a scenario: parties exist, shares suffice, dates follow the start.

Each rule yields faults; the schema raises the first. Rules see a scenario whose single fields are already valid. They
stand in the `checks_*.py` beside this file, by what they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import (
    checks_beliefs,
    checks_deals,
    checks_growth,
    checks_households,
    checks_names,
    checks_shares,
    checks_trading,
)
from .errors import Fault
from .schema_world import World

RULES: tuple[Callable[[World], Iterator[Fault]], ...] = (
    checks_names.duplicate_names,
    checks_names.labels,
    checks_names.securities,
    checks_names.parties,
    checks_names.with_itself,
    checks_names.references,
    checks_names.served,
    checks_deals.dates,
    checks_deals.amounts,
    checks_deals.customers,
    checks_deals.lets,
    checks_deals.supply_shares,
    checks_shares.market_values,
    checks_shares.shareholders,
    checks_shares.etf,
    checks_shares.funds,
    checks_shares.listings,
    checks_households.households,
    checks_trading.ladders,
    checks_growth.money,
    checks_growth.sizes,
    checks_beliefs.announced,
    checks_beliefs.promised,
    checks_beliefs.prices,
    checks_beliefs.stories,
    checks_beliefs.crowds,
    checks_beliefs.views,
)
"""All rules, in the order in which their faults are shown."""


def faults(scenario: World) -> Iterator[Fault]:
    """Everything that does not fit together, one rule after the other."""
    for rule in RULES:
        yield from rule(scenario)
