"""Revalue: once a month what is left of every promise's life, and what chip makers will earn on open orders."""

from __future__ import annotations

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..contracts.chip_order import ChipOrder
from ..contracts.supply import bought
from ..scenarios.schema import ChipSupply
from .world import World


def revalue_promises(world: World) -> None:
    """Shareholders look anew at every promise in force and at every cloud's orders."""
    for contract in world.contracts.promises:
        if contract.is_in_force:
            contract.revalue()
    for cloud in world.cast.clouds:
        for maker, supply in bought(world.contracts.supplies.of(cloud.name)):
            _revalue_orders(world, cloud, world.cast.chip_maker_by_name[maker], supply)
    world.contracts.notary.contract_changed()


def _revalue_orders(world: World, cloud: CloudProvider, maker: ChipMaker, supply: ChipSupply) -> None:
    """What a chip maker will earn on chips ordered and not yet delivered, less what a letter of intent or a line of
    its own covers."""
    contracts = world.contracts
    customers = {contract.terms.customer for contract in cloud.contracts}
    covered = {name for name in customers if contracts.deployments(maker.name, name)}
    is_lent_for = contracts.lends_for(maker.name, cloud.name)
    open_cents = sum(
        contract.chips_left_of(supply, phase)
        for contract in cloud.contracts
        if contract.terms.customer not in covered and not is_lent_for
        for phase in contract.phases
        if phase.awaits_chips
    )
    if not open_cents and not any(isinstance(c, ChipOrder) for c in contracts.ever_of(cloud.name)):
        return
    orders = contracts.orders_of(cloud.name, maker.name, world.beliefs.in_own_earnings(maker.name, 1.0))
    orders.reprice(open_cents, maker.facts.net_margin, float(world.beliefs.price_earnings[maker.index]))
