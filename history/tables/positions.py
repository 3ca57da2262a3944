"""Who is left holding: what every account took in, paid out and still has, by the group it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from ...model import CarouselModel
from ...scenarios.schema_holders import BondBuyerKind
from ..columns import Cents, Rhythm, Text, table_of_rows
from ..kinds import FirmKind, Group
from .investors import all_securities_cents

GROUPS: dict[str, Group] = {FirmKind.CLOUD: Group.CLOUDS, FirmKind.CHIP_MAKER: Group.CHIP_MAKERS}
"""Groups of listed firms of the circle."""


class PositionRow(NamedTuple):
    """Who is left holding: every account at the start, monthly and on the last day."""

    group: Annotated[Text, "class of parties; savers belong to the class they save through"]
    party: Annotated[Text, "name of the account"]
    cash_in_cents: Annotated[Cents, "cash received since the start, opening cash not counted"]
    cash_out_cents: Annotated[Cents, "cash paid since the start"]
    market_value_cents: Annotated[Cents, "securities held, at market or last mark"]


def positions(model: CarouselModel) -> Iterator[PositionRow]:
    """Every account that ever moved cash or holds something; an outside account's holdings are nobody's."""
    journal, flows = model.books.journal, model.books.flows
    worth = all_securities_cents(model).tolist()
    basket = model.cast.etf.account if model.cast.etf is not None else -1
    for group, account in parties(model):
        is_counted = account < len(flows.cash_in)
        cash_in = int(flows.cash_in[account]) if is_counted else 0
        cash_out = int(flows.cash_out[account]) if is_counted else 0
        is_holder = not journal.is_outside(account) and account != basket
        value = worth[account] if is_holder else 0
        if cash_in or cash_out or value:
            yield PositionRow(
                group=group,
                party=journal.names[account],
                cash_in_cents=cash_in,
                cash_out_cents=cash_out,
                market_value_cents=value,
            )


def parties(model: CarouselModel) -> Iterator[tuple[str, int]]:
    """Every account with the group it belongs to, for the question who is left holding."""
    named: dict[int, str] = {model.cast.clearing_house: Group.CLEARING_HOUSE}
    for lab in model.cast.labs:
        named[lab.account] = Group.LABS
        named[model.cast.founders[lab.name]] = Group.FOUNDERS
    for firm in model.cast.listed:
        named[firm.account] = GROUPS.get(firm.kind, Group.OTHER_LISTED)
    for plain in model.cast.plain_firms:
        named[plain.account] = Group.FIRMS
    for investor in model.cast.venture_investors:
        named[investor.account] = named[investor.partners_account] = Group.VENTURE
    for buyer in model.cast.bond_buyers:
        is_bank = buyer.facts.kind is BondBuyerKind.BANK
        group = Group.BANKS if is_bank else Group.BOND_FUNDS
        named[buyer.account] = named[buyer.savers_account] = group
    for fund in model.cast.funds:
        named[fund.account] = named[model.cast.outside[fund.facts.savers]] = Group.FUNDS
    if model.cast.omnibus >= 0:
        named[model.cast.omnibus] = named[model.cast.household_savers] = Group.HOUSEHOLDS
    if model.cast.participant is not None:
        named[model.cast.participant.account] = Group.MARKET_MAKERS
    for account, name in enumerate(model.books.journal.names):
        yield named.get(account, name), account


POSITIONS = table_of_rows("positions", PositionRow, positions, rhythm=Rhythm.MONTHLY)
