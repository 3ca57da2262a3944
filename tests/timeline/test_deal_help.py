"""A chip maker helps where a sale fails for want of a customer's funds: each form closes the gap, the cheapest is
taken."""

from __future__ import annotations

import re

import pytest
from carousel.agents import deals
from carousel.agents.credit_standing import fair_spread, own_spread
from carousel.agents.support import Form, Gap, Sale, Support, at_once_usd, cheapest, credit_offers, equity_offers
from carousel.contracts.backstop import Backstop
from carousel.contracts.equity_ticket import EquityTicket
from carousel.contracts.guarantee import Guarantee
from carousel.contracts.milestone import MilestoneInvestment
from carousel.contracts.vendor_loan import VendorLoan
from carousel.model import CarouselModel
from carousel.narrative.chronicle import Happening
from carousel.scenarios.loader import load
from carousel.scenarios.schema_dated import Stop
from carousel.timeline.put_in import HelpedDeal, put_in

GW, CHIPS_USD = 0.5, 17.5e9


@pytest.fixture(scope="module")
def model() -> CarouselModel:
    """A quarter into a world with deals: lenders have noticed a part of what Oracle must build."""
    made = CarouselModel(load("ai-2025-deals"), rng=4, days=80, holders=240)
    while made.clock.day < 62:
        made.step()
    return made


def gap_of(model: CarouselModel, above_bp: float) -> Gap:
    """Half a GW for which lenders ask so much more than the builder sells bonds at."""
    cloud, sight = model.cast.clouds[0], model.cast.sight
    building = deals.building_usd(cloud, GW, sight)
    spread = own_spread(cloud, sight, 100 * building)
    cloud.facts = cloud.facts.model_copy(update={"spread_limit_per_year": spread - above_bp / 1e4})
    return Gap(cloud, building, spread)


def sale_of(model: CarouselModel) -> Sale:
    return Sale(model.cast.chip_makers[0], CHIPS_USD)


def offers(model: CarouselModel, above_bp: float, doubt: float = 0.25) -> dict[Form, Support]:
    found = credit_offers(sale_of(model), gap_of(model, above_bp), doubt, model.cast.sight)
    return {offer.form: offer for offer in found}


def test_each_form_brings_the_spread_to_the_limit_and_none_is_larger_than_that(model):
    found, gap, sight = offers(model, 1.0), gap_of(model, 1.0), model.cast.sight
    limit, cents = gap.cloud.facts.spread_limit_per_year, 100 * gap.building_usd
    assert set(found) == {Form.LOAN, Form.GUARANTEE, Form.COVER}
    assert own_spread(gap.cloud, sight, cents - 100 * found[Form.LOAN].usd) == pytest.approx(limit, abs=1e-9)
    believed = 1 / (1 + 2.718281828459045**-model.scenario_data.behaviour.contract_log_odds)
    backed = 100 * believed * found[Form.COVER].usd
    assert own_spread(gap.cloud, sight, cents, backed_cents=backed) == pytest.approx(limit, abs=1e-9)
    own, debts = own_spread(model.cast.chip_makers[0], sight), gap.cloud.debt_cents / 100 + gap.building_usd
    part = found[Form.GUARANTEE].usd / debts
    assert part * own + (1 - part) * gap.spread_per_year == pytest.approx(limit, abs=1e-12)


def test_a_wider_gap_takes_more_of_each(model):
    narrow, wide = offers(model, 0.5), offers(model, 1.0)
    assert all(wide[form].usd > narrow[form].usd for form in set(wide) & set(narrow))


def test_a_backstop_costs_as_much_as_the_customer_is_doubted(model):
    doubted, sure = offers(model, 1.0, doubt=0.5)[Form.COVER], offers(model, 1.0, doubt=0.0)[Form.COVER]
    assert doubted.cost_usd == 0.5 * doubted.usd
    assert (sure.cost_usd, sure.cash_usd) == (0.0, 0.0)


def test_nothing_is_larger_than_the_sale_and_a_loan_is_within_the_cash(model, monkeypatch):
    gap, sight = gap_of(model, 1.0), model.cast.sight
    small = Sale(model.cast.chip_makers[0], 1e6)
    assert not list(credit_offers(small, gap, 0.25, sight))
    monkeypatch.setattr("carousel.agents.support.at_once_usd", lambda *_: 1.0)
    assert Form.LOAN not in {offer.form for offer in credit_offers(sale_of(model), gap, 0.25, sight)}


def offer(form: Form, cost: float, cash: float = 0.0, profit: float = 5.0) -> Support:
    return Support(None, form, 10.0, cash, cost, profit)  # type: ignore[arg-type]


def test_the_cheapest_is_taken_of_equals_that_with_the_least_cash_and_none_that_costs_more_than_it_earns():
    loan, letter, backstop = offer(Form.LOAN, 2.0, 10.0), offer(Form.LETTER, 2.0), offer(Form.COVER, 3.0)
    assert cheapest([loan, backstop, letter]) is letter
    assert cheapest([offer(Form.LOAN, 1.0, 10.0), letter]).form is Form.LOAN
    assert cheapest([offer(Form.GUARANTEE, 5.1)]) is None
    assert cheapest([]) is None


def test_shares_cost_what_the_stake_is_worth_less_and_a_letter_as_much_of_it_as_is_believed(model, monkeypatch):
    """A dollar of shares worth 80 cents: a fifth of what is paid; 1 bn is missing in what people believe."""
    monkeypatch.setattr("carousel.agents.support.stake_worth", lambda lab: 0.8)
    found = {o.form: o for o in equity_offers(sale_of(model), model.cast.labs[0], 1e9, 0.0, model.cast.sight)}
    shares, letter = found[Form.SHARES], found[Form.LETTER]
    assert shares.cost_usd == pytest.approx(0.2 * shares.usd)
    assert shares.cash_usd == shares.usd
    assert letter.cost_usd == pytest.approx(0.2 * 1e9)
    assert letter.usd > shares.usd > 1e9
    spent = next(equity_offers(sale_of(model), model.cast.labs[0], 1e9, 1e9, model.cast.sight))
    assert spent.profit_usd == shares.profit_usd - 1e9


def test_a_chip_maker_that_has_stopped_offers_nothing_in_any_form(model):
    maker = model.cast.chip_makers[0]
    maker.invests = False
    try:
        assert not offers(model, 1.0)
        assert not list(equity_offers(sale_of(model), model.cast.labs[0], 1e9, 0.0, model.cast.sight))
    finally:
        maker.invests = True


KINDS = {
    Form.SHARES: EquityTicket, Form.LETTER: MilestoneInvestment, Form.LOAN: VendorLoan, Form.GUARANTEE: Guarantee,
    Form.COVER: Backstop,
}  # fmt: skip


def test_each_form_becomes_a_deal_of_its_kind_is_told_with_its_reasons_and_its_books_are_exact():
    """The audit runs every day of the month that follows."""
    model = CarouselModel(load("ai-2025-deals"), rng=4, days=90, holders=240)
    while model.clock.day < 40:
        model.step()
    maker, cloud, lab = model.cast.chip_makers[0], model.cast.clouds[0], model.cast.labs[0]
    model.chronicle.turn_page()
    deal = HelpedDeal("OpenAI-Oracle compute", GW, cloud, lab, 1.2e9, 0.031)
    sight = model.cast.sight
    cash_before = at_once_usd(maker, sight)
    for form in Form:
        put_in(model, Support(maker, form, 2e9, 0.0, 3e8, 9.6e9), deal)
    for form, event in zip(Form, model.chronicle.events, strict=True):
        made = [c for c in model.contracts.kind(KINDS[form]) if f" of {model.clock.date}" in c.name]
        assert [round(c.promise.announced_cents / 1e11, 6) for c in made] == [2.0]
        assert (event.kind, event.agent, event.cents) == (Happening.OFFERED, "NVIDIA", 200_000_000_000)
        assert event.detail.startswith(f"{form} for 0.50 GW: ")
        assert event.detail.endswith("; it expects that it loses 0.3 bn by it, and 9.6 from the sale")
        reason = re.search(": (.*);", event.detail)[1]
        if form in (Form.SHARES, Form.LETTER):
            assert (event.counterparty, reason) == ("OpenAI", "OpenAI lacks means of 1.2 bn USD")
        else:
            assert event.counterparty == "Oracle"
            assert reason.startswith("lenders ask 310 bp of Oracle, which pays ")
    assert cash_before - at_once_usd(maker, sight) == pytest.approx(0.5 * 4e9), "shares and line wait for it"
    assert fair_spread(cloud, model.cast.listed_by_name, sight) < own_spread(cloud, sight)
    model.step()
    said = [item.text for item in model.chronicle.released_today]
    assert "NVIDIA answers for up to 2.00 bn USD of Oracle's bonds" in said
    assert len(said) == len(Form)
    for _ in range(24):
        model.step()


def test_a_builder_of_whom_lenders_ask_too_much_signs_with_a_chip_maker_behind_it():
    """Its limit is a basis point below what lenders would ask with the deal: without help it offers nothing."""
    model = CarouselModel(load("ai-2025-deals"), rng=100, days=63, holders=240)
    while model.clock.day < 62:
        model.step()
    gap_of(model, 1.0)
    model.step()
    kinds = [event.kind for event in model.chronicle.events]
    if Happening.SIGNED in kinds:
        assert kinds.index(Happening.OFFERED) < kinds.index(Happening.SIGNED)


def test_the_chip_maker_stops_behind_a_builder_that_signs_nothing_more(model):
    model.inject(Stop(payer="NVIDIA"))
    model.step()
    assert not offers(model, 1.0)
