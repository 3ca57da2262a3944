"""Trade in outstanding bonds: who holds too much of an issuer sells to who has room, at its own required spread."""

from __future__ import annotations

import numpy as np

from ..agents.bond_desk import BondDesk, SeriesOnSale
from ..agents.credit_standing import fair_spread
from ..contracts.bond import Bond
from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import auction_starts
from ..market.session import hold_session
from .world import World


def trade_bonds(world: World) -> None:
    """Each bond series trades once a month, on its own day. No trade changes what lenders ask of an issuer, or which
    buyers there are: both are the same for all series of a day."""
    cast, day = world.cast, world.clock.day
    date = day % DAYS_PER_MONTH
    traded = (b for b in world.contracts.bonds.series if b.terms.is_traded)
    series = [b for b in traded if b.trading_day == date and day < b.terms.maturity_day]
    if not series:
        return
    issuers = {bond.payer: cast.listed_by_name[bond.payer] for bond in series}
    fair = {name: fair_spread(firm, cast.listed_by_name, cast.sight) for name, firm in issuers.items()}
    buyers = [buyer for buyer in cast.bond_buyers if buyer.trades]
    desk = BondDesk(buyers, world.scenario_data.behaviour, world.clock.seed)
    for bond in series:
        if bond.units:
            _trade_series(world, bond, desk, fair[bond.payer])


def _trade_series(world: World, bond: Bond, desk: BondDesk, fair: float) -> None:
    """One bond auction around the price that each buyer's own required spread gives."""
    bonds, clock, terms = world.contracts.bonds, world.clock, bond.terms
    days_left = terms.maturity_day - clock.day
    on_sale = SeriesOnSale(terms.security, bond.slot, terms.coupon_per_year, days_left, bond.face_cents)
    orders = desk.orders(world.books, on_sale, fair, bonds.prices(terms.issuer), clock.day)
    only, reference = np.array([terms.security]), np.array([bond.price_cents])
    rounding = auction_starts(clock.seed, clock.day, np.array([bond.slot]))
    result = hold_session(world.books, world.cast.clearing_house, only, orders, reference, rounding)
    if result.volume_shares.item(0):
        bonds.trade_at(bond, result.price_cents.item(0))
