"""What stands beside the deals at the opening: unlisted customers, news, plain debts, calls of earlier rounds."""

from __future__ import annotations

from ..contracts.bills import Bill
from ..contracts.capital_call import CallTerms, CapitalCall
from ..contracts.guidance import Guidance
from ..contracts.promise import Promise
from ..contracts.purchases import Purchases
from ..engine.calendar import DAYS_PER_MONTH
from ..ledger.causes import Cause
from ..ledger.units import cents
from ..narrative.announcements import Draft, Instrument, Unit
from ..scenarios import schema
from . import agreed
from .publish import odds
from .world import World


def enter_customer(world: World, customer: schema.Customer) -> None:
    """An unlisted customer's purchases: what its vendor earned on them before the start leaves base earnings."""
    vendor = customer.supplier
    buying = Purchases(
        world.contracts.notary,
        customer,
        net_margin=world.cast.chip_maker_by_name[vendor].facts.net_margin,
        in_own_earnings=world.beliefs.in_own_earnings(vendor, 1.0),
    )
    world.beliefs.take_out_of_base(vendor, world.contracts.enter(buying).owned_usd_per_year)


def enter_news(world: World, news: schema.NewsItem) -> None:
    """A scheduled announcement of another kind: guidance, for example, believed as guidance is."""
    instrument = Instrument(news.instrument.value)
    contract = None
    profit_usd = news.profit_usd_per_year * agreed.additional_share(world, instrument)
    if profit_usd:
        promise = Promise(
            name=news.text,
            payer=news.firm,
            payee=news.firm,
            beneficiary=news.firm,
            instrument=instrument,
            unit=Unit(news.told_in.value),
            announced_cents=round(100 * news.amount_usd),
            profit_usd_per_year=world.beliefs.in_own_earnings(news.firm, profit_usd),
        )
        log_odds = odds(world, instrument, news.firm, news.amount_usd)
        contract = world.contracts.enter(
            Guidance(world.contracts.notary, promise, log_odds, payer_coverage=news.payer_coverage)
        )
    item = world.chronicle.announcements.schedule(
        world.clock.day_of(news.announced),
        Draft(
            firm=news.firm,
            instrument=instrument,
            unit=Unit(news.told_in.value),
            text=news.text,
            announced_cents=round(100 * news.amount_usd),
            direction=news.direction,
            counterparty=news.counterparty or "",
            commitment=contract.number if contract is not None else -1,
            endorsed=news.firm if news.role is schema.Role.INVESTEE else "",
            prior_similar_90d=news.prior_similar_90d,
            prior_others_90d=news.prior_others_90d,
        ),
    )
    if contract is not None:
        contract.to_be_announced(item.number)


def schedule_debt(world: World, debt: schema.Obligation) -> None:
    """A plain debt of the scenario falls due on its day."""
    journal = world.books.journal
    bill = Bill(journal.account(debt.payer), journal.account(debt.payee), cents(debt.amount_usd), Cause.OBLIGATION)
    world.contracts.bills.add_for(debt.due_day, bill)


def enter_call(world: World, call: schema.CapitalCall) -> None:
    """What is still to come of a round of before the start, at its price."""
    lab, first_day = world.cast.lab_by_name[call.investee], world.clock.day_of(call.due)
    world.contracts.enter_call(
        CapitalCall(
            CallTerms(
                investor=call.investor,
                investor_account=world.books.journal.account(call.investor),
                lab=lab.name,
                cents=cents(call.amount_usd),
                price_cents=max(1, round(100 * call.valuation_usd / lab.facts.shares)),
                deadline_month=first_day // DAYS_PER_MONTH + world.scenario_data.behaviour.call_patience_months,
                first_day=first_day,
            )
        )
    )
