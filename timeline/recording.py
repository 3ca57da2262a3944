"""Record: today's rows of every table of a run, and Mesa's own collector for model-level series and institutions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mesa.datacollection import DataCollector

from ..narrative.credibility import credibility
from .vendor_finance import spread_of, stress_of

if TYPE_CHECKING:
    from ..model import CarouselModel

Rows = Iterable[tuple[Any, ...]]


def circle_value_usd(model: CarouselModel) -> float:
    """Market value of clouds and chip makers at the last close."""
    return float(model.circle_values[-1])


def lab_value_usd(model: CarouselModel) -> float:
    """Marked value of all labs."""
    return sum([lab.value_usd() for lab in model.labs])


def lab_cash_usd(model: CarouselModel) -> float:
    """Cash of all labs."""
    return sum([lab.cash_cents for lab in model.labs]) / 100


def delivered_mw(model: CarouselModel) -> int:
    """Capacity in service under contract."""
    return sum([cloud.delivered_mw for cloud in model.clouds])


def etf_price_usd(model: CarouselModel) -> float:
    """Last price of the ETF."""
    return model.board.etf_price_cents / 100


def enthusiastic_share(model: CarouselModel) -> float:
    """Share of holders who tell the story."""
    return model.story_shares()[1]


def data_collector() -> DataCollector:
    """Model-level series for batch runs and notebooks; agents' histories are the recorder's business."""
    reporters = (circle_value_usd, lab_value_usd, lab_cash_usd, delivered_mw, etf_price_usd, enthusiastic_share)
    own = {"seed": "seed", "day": "day"}
    return DataCollector(model_reporters={**own, **{reporter.__name__: reporter for reporter in reporters}})


def _daily(model: CarouselModel) -> Rows:
    board, beliefs = model.board, model.beliefs
    out = board.registers.outstanding
    held = board.fund_holdings()
    for firm in model.listed:
        i = firm.index
        holdings = held[:, i]
        fair = float((board.values_cents[:, i] * holdings).sum() / max(1, holdings.sum())) if len(holdings) else 0.0
        price, shares = int(board.price_cents[i]), int(out[firm.security])
        yield (
            model.day, firm.name, "share", price, int(board.volume_shares[i]), shares, price * shares, round(fair),
            beliefs.log_multiple_of(firm.name), beliefs.sentiment_of(i), 1 - float(beliefs.fundamentalist_share[i]), 0,
        )  # fmt: skip
    if model.etf is not None:
        shares = int(out[model.etf.security])
        price = board.etf_price_cents
        nav = round(board.net_asset_value_cents)
        trend = 1 - float(beliefs.fundamentalist_share[-1])
        yield (
            model.day, model.etf.name, "etf", price, board.etf_volume_shares, shares, price * shares, nav, 0.0,
            float(beliefs.sentiment[-1]), trend, nav,
        )  # fmt: skip


def _firms(model: CarouselModel) -> Rows:
    for firm in model.listed:
        built = getattr(firm, "delivered_mw", 0)
        building = getattr(firm, "building_mw", 0)
        spread = model.credit.spread_per_year.get(firm.name, 0.0)
        revenue = firm.facts.revenue_usd_per_year * firm.growth_factor(model.day)
        earnings = float(model.beliefs.base_earnings_usd[firm.index])
        yield (
            model.day, firm.name, firm.kind, firm.cash_cents, revenue, earnings, firm.debt_cents, firm.debt_like_cents,
            built, building, 0.0, firm.market_value_cents, spread, model.dues.late_cents(firm.account),
        )  # fmt: skip
    for lab in model.labs:
        delivered = sum(b.delivered_mw for b in model.buildouts.values() if b.customer == lab.name)
        building = sum(b.building_mw for b in model.buildouts.values() if b.customer == lab.name)
        owed, late = model.dues.owed_cents(lab.account), model.dues.late_cents(lab.account)
        runway = lab.runway_months(model.day, model.bills_usd_per_year(lab))
        yield (
            model.day, lab.name, lab.kind, lab.cash_cents, lab.run_rate_usd_per_year, 0.0, 0, owed,
            delivered, building, runway, round(100 * lab.value_usd()), 0.0, late,
        )  # fmt: skip


def _investors(model: CarouselModel) -> Rows:
    for investor in model.venture_investors:
        yield (
            model.day, investor.name, "venture", investor.cash_cents, investor.dry_powder_cents,
            securities_value_cents(model, investor.account),
        )  # fmt: skip
    for buyer in model.bond_buyers:
        yield (
            model.day,
            buyer.name,
            buyer.facts.kind.value,
            buyer.cash_cents,
            0,
            model.credit.held_cents(buyer.account),
        )


def _funds(model: CarouselModel) -> Rows:
    for fund in model.funds:
        yield (model.day, fund.name, fund.cash_cents, fund.equity_cents)


def _households(model: CarouselModel) -> Rows:
    if model.holders is None:
        return
    day, holders = model.holders_day, model.holders
    susceptible, enthusiastic, tired = (int(c) for c in day.counts.sum(axis=0))
    yield (
        model.day, susceptible, enthusiastic, tired, holders.total_cash_cents(), holders.total_etf_shares(),
        day.bought_shares, day.sold_shares, day.past_return_per_year,
    )  # fmt: skip


def _is_report_day(model: CarouselModel) -> bool:
    return model.day == 0 or model.is_month_end or model.day == model.days


def _commitments(model: CarouselModel) -> Rows:
    if not _is_report_day(model):
        return
    for c in model.beliefs.commitments:
        yield (
            model.day, c.name, c.kind, c.payer, c.payee, c.status.value, c.log_odds, credibility(c.log_odds, 0.0),
            c.announced_cents, c.committed_cents, c.paid_cents, c.contracted_mw, c.delivered_mw,
        )  # fmt: skip


def _origins(model: CarouselModel) -> Rows:
    if not _is_report_day(model):
        return
    journal = model.books.journal
    sources = journal.origin_accounts
    for (account, flow), book in model.flows.origins.items():
        for rule, cells in book.items():
            for origin, lap in zip(*np.nonzero(cells), strict=True):
                source = sources[int(origin)]
                yield (
                    model.day, rule.value, journal.names[account], flow, journal.names[source],
                    journal.origin_class(source).value, int(lap), int(cells[origin, lap]),
                )  # fmt: skip


def securities_value_cents(model: CarouselModel, account: int) -> int:
    """Market value of everything an account holds: listed shares, the ETF, bonds, private stakes at the marked
    value."""
    holdings = model.books.registers.holdings
    value = model.board.holdings_value_cents(account) + model.credit.held_cents(account)
    if model.etf is not None:
        value += int(holdings[account, model.etf.security]) * model.board.etf_price_cents
    for lab in model.labs:
        shares = int(holdings[account, lab.security])
        if shares:
            value += round(100 * lab.value_usd() * shares / int(model.books.registers.outstanding[lab.security]))
    return value


def parties(model: CarouselModel) -> Iterator[tuple[str, int]]:
    """Every account with the group it belongs to, for the question who is left holding."""
    named: dict[int, str] = {model.house: "clearing house"}
    for lab in model.labs:
        named[lab.account] = "labs"
        named[model.own_shares_account(lab.name)] = "labs' founders and staff"
    for firm in model.listed:
        named[firm.account] = {"cloud": "clouds", "chip_maker": "chip makers"}.get(firm.kind, "other listed firms")
    for plain in model.plain_firms:
        named[plain.account] = "firms"
    for investor in model.venture_investors:
        named[investor.account] = named[investor.partners_account] = "venture investors and their partners"
    for buyer in model.bond_buyers:
        kind = "banks and their credit" if buyer.facts.kind.value == "bank" else "bond funds and their savers"
        named[buyer.account] = named[buyer.savers_account] = kind
    for fund in model.funds:
        named[fund.account] = named[model.outside[fund.facts.savers]] = "active funds and their savers"
    if model.omnibus >= 0:
        named[model.omnibus] = named[model.household_savers] = "households"
    if model.participant is not None:
        named[model.participant.account] = "market makers"
    for account, name in enumerate(model.books.journal.names):
        yield named.get(account, name), account


def _positions(model: CarouselModel) -> Rows:
    if not _is_report_day(model):
        return
    names, flows = model.books.journal.names, model.flows
    basket = model.etf.account if model.etf is not None else -1
    for group, account in parties(model):
        flow = (int(flows.cash_in[account]), int(flows.cash_out[account])) if account < len(flows.cash_in) else (0, 0)
        inside = not model.books.journal.is_outside(account)
        value = securities_value_cents(model, account) if inside and account != basket else 0
        if any(flow) or value:
            yield (model.day, group, names[account], *flow, value)


def _loans(model: CarouselModel) -> Rows:
    if not _is_report_day(model):
        return
    for loan in model.loans.loans:
        terms = loan.terms
        yield (
            model.day, terms.name, "loan", terms.lender, terms.borrower, loan.committed_cents, loan.drawn_cents,
            loan.drawn_ahead_cents, loan.repaid_cents, loan.interest_cents, loan.outstanding_cents,
            loan.provision_cents, loan.written_off_cents, spread_of(model, terms.borrower),
            stress_of(model, loan.borrower),
        )  # fmt: skip
    for given in model.loans.guarantees:
        issuer = model.listed_by_name[given.terms.issuer]
        yield (
            model.day, given.terms.name, "guarantee", given.terms.guarantor, issuer.name, given.limit_cents,
            given.called_cents, 0, given.paid_cents, 0, given.called_cents - given.paid_cents,
            given.provision_cents, given.paid_cents, model.credit.own_spread(issuer), stress_of(model, issuer.account),
        )  # fmt: skip


TABLES: dict[str, Callable[[CarouselModel], Rows]] = {
    "daily": _daily,
    "firms": _firms,
    "investors": _investors,
    "funds": _funds,
    "households": _households,
    "commitments": _commitments,
    "origins": _origins,
    "positions": _positions,
    "loans": _loans,
}


def table_rows(model: CarouselModel, table: str) -> Rows:
    """Today's rows of a table, in column order, without the date.

    Raises: KeyError for a table that is not written day by day.
    """
    return TABLES[table](model)


class FirstDay(NamedTuple):
    """What an announcement's firm did on its first day; returns are None for a firm without a daily price."""

    value_before_cents: int
    day0_return: float | None
    abnormal_return: float | None


def announcement_rows(model: CarouselModel) -> Rows:
    """Every released announcement with its account and what its firm's value did on the day."""
    for item in model.announcements.announcements:
        if not item.released:
            continue
        first = model.first_day_moves.get(item.number, FirstDay(0, None, None))
        gained = round(first.value_before_cents * first.day0_return) if first.day0_return is not None else None
        yield (
            item.number, item.day, item.firm, item.counterparty, item.instrument.value, item.text, item.direction,
            item.announced_cents, item.committed_cents, item.paid_cents, *first, gained,
        )  # fmt: skip


def remember_first_days(model: CarouselModel) -> None:
    """Note the first-day return of every announcement of today, raw and above the rest of the market."""
    board = model.board
    for item in model.released_today:
        firm = model.listed_by_name.get(item.firm)
        if firm is None:
            lab = model.lab_by_name.get(item.firm)
            before = round(100 * lab.value_usd()) if lab is not None else 0
            model.first_day_moves[item.number] = FirstDay(before, None, None)
            continue
        i = firm.index
        values = board.registers.outstanding[board.securities] * board.previous_cents
        moved = board.price_cents / board.previous_cents - 1
        others = np.arange(len(values)) != i
        market = float((values[others] * moved[others]).sum() / max(1.0, values[others].sum()))
        change = float(moved[i])
        model.first_day_moves[item.number] = FirstDay(int(values[i]), change, change - market)
