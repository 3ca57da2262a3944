"""Trade in outstanding bonds: who holds too much of an issuer sells to who has room, at its own required spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.bond_desk import SeriesOnSale
from ..engine.calendar import DAYS_PER_MONTH
from ..engine.chance import auction_starts
from ..market.session import hold_session

if TYPE_CHECKING:
    from ..model import CarouselModel
    from .credit_book import Series


def trade_bonds(model: CarouselModel) -> None:
    """Each bond series trades once a month, on its own day."""
    today = model.day % DAYS_PER_MONTH
    for series in model.credit.series:
        if series.trading_day == today and model.credit.units(series) and model.day < series.maturity_day:
            _trade_series(model, series)


def _trade_series(model: CarouselModel, series: Series) -> None:
    """One bond auction around the price that each buyer's own required spread gives."""
    credit, day = model.credit, model.day
    fair = credit.fair_spread(model.listed_by_name[series.issuer])
    days_left = series.maturity_day - day
    on_sale = SeriesOnSale(series.security, series.slot, series.coupon_per_year, days_left, series.face_cents)
    orders = model.bond_desk.orders(model.books, on_sale, fair, credit.marked(series.issuer), day)
    only, reference = np.array([series.security]), np.array([series.price_cents])
    rounding = auction_starts(model.seed, day, np.array([series.slot]))
    result = hold_session(model.books, model.house, only, orders, reference, rounding)
    if result.volume_shares.item(0):
        credit.set_price(series, result.price_cents.item(0))
