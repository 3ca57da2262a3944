"""What every listed share and the ETF cost, and what lifted the price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from ...model import CarouselModel
from ..columns import Cents, Shares, Text, table_of_rows
from ..kinds import ListingKind


class DailyRow(NamedTuple):
    """One row per listed security and day."""

    security: Annotated[Text, "name of the firm whose share it is, or of the ETF"]
    kind: Annotated[Text, "share or etf"]
    price_cents: Annotated[Cents, "closing price"]
    volume_shares: Annotated[Shares, "shares traded in the closing auction"]
    shares_outstanding: Annotated[Shares, "shares outstanding after the close"]
    market_value_cents: Annotated[Cents, "price times shares outstanding"]
    fair_value_cents: Annotated[float, "US cents per share", "the funds' mean value per share"]
    narrative_log_multiple: Annotated[float, "log points", "narrative multiplier x of the firm"]
    sentiment: Annotated[float, "log points", "trend-and-sentiment part of the funds' value"]
    trend_share: Annotated[float, "share", "share of funds' weight on the trend rule"]
    net_asset_value_cents: Annotated[float, "US cents per share", "net asset value of one ETF share; 0 for a share"]


def daily(model: CarouselModel) -> Iterator[DailyRow]:
    """Every listed share, then the ETF."""
    board, beliefs = model.prices, model.beliefs
    out = board.registers.outstanding
    held = board.fund_holdings()
    for firm in model.cast.listed:
        i = firm.index
        holdings = held[:, i]
        fair = float((board.values_cents[:, i] * holdings).sum() / max(1, holdings.sum())) if len(holdings) else 0.0
        price, shares = int(board.price_cents[i]), int(out[firm.security])
        yield DailyRow(
            security=firm.name,
            kind=ListingKind.SHARE,
            price_cents=price,
            volume_shares=int(board.volume_shares[i]),
            shares_outstanding=shares,
            market_value_cents=price * shares,
            fair_value_cents=round(fair),
            narrative_log_multiple=beliefs.log_multiple_of(firm.name),
            sentiment=beliefs.sentiment.of(i),
            trend_share=1 - float(beliefs.sentiment.fundamentalist_share[i]),
            net_asset_value_cents=0,
        )
    if model.cast.etf is not None:
        shares = int(out[model.cast.etf.security])
        value = round(board.net_asset_value_cents)
        yield DailyRow(
            security=model.cast.etf.name,
            kind=ListingKind.ETF,
            price_cents=board.etf_price_cents,
            volume_shares=board.etf_volume_shares,
            shares_outstanding=shares,
            market_value_cents=board.etf_price_cents * shares,
            fair_value_cents=value,
            narrative_log_multiple=0.0,
            sentiment=float(beliefs.sentiment.level[-1]),
            trend_share=1 - float(beliefs.sentiment.fundamentalist_share[-1]),
            net_asset_value_cents=value,
        )


DAILY = table_of_rows("daily", DailyRow, daily)
