"""What both sides agree to cut is a reset, what is cut for want of money breaks a promise; a letter is for its deal."""

from __future__ import annotations

import pytest
from carousel.agents import deals
from carousel.agents.boards import served_belief
from carousel.contracts.base import Status
from carousel.contracts.compute import ComputeContract
from carousel.contracts.milestone import MilestoneInvestment
from carousel.contracts.phase import Phase
from carousel.model import CarouselModel
from carousel.narrative.chronicle import Happening
from carousel.report.measures_turn import RegimeName, regime_of
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load, parse
from carousel.timeline import make_deals, operate
from carousel.timeline.opening_promises import COMPUTE, LETTER, enter_deal

NO_STRIKES = "behaviour.renegotiations_max=0"


def opened(*changes: str) -> CarouselModel:
    """Two days into a world with deals: the contract of the scenario is public, nothing of it is begun."""
    model = CarouselModel(load("ai-2025-deals", changes), rng=4, days=30, holders=240)
    model.step()
    model.step()
    return model


@pytest.fixture
def model() -> CarouselModel:
    return opened()


def first(model: CarouselModel) -> ComputeContract:
    return next(model.contracts.kind(ComputeContract))


def told(model: CarouselModel) -> list[Happening]:
    return [event.kind for event in model.chronicle.events]


def agreeing(model: CarouselModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its provider gives up whatever it is asked to."""
    monkeypatch.setattr(deals, "decide_cut", lambda *_: deals.CutAnswer(True, 2e10))
    model.chronicle.turn_page()


def test_what_is_given_up_is_lost_of_the_contract_and_is_no_strike(model):
    """Of 4,500 MW 1,500 are given up: a third of what is committed and of the profit, and belief falls once."""
    contract = first(model)
    committed, profit, odds = contract.committed_cents, contract.profit_usd_per_year, contract.learnt_log_odds
    contract.give_up(1500, is_reset=True)
    assert (contract.contracted_mw, contract.status, contract.renegotiations) == (3000, Status.RENEGOTIATED, 0)
    assert contract.committed_cents == committed - int(committed * (1 - 3000 / 4500))
    assert contract.profit_usd_per_year == pytest.approx(2 / 3 * profit)
    assert contract.learnt_log_odds == odds + model.scenario_data.behaviour.evidence_renegotiated
    assert told(model)[-1] is Happening.RESET
    assert model.chronicle.events[-1].detail == "OpenAI and Oracle agree to cut 1500 MW of OpenAI-Oracle compute"


@pytest.mark.parametrize(("is_reset", "kind"), [(True, Happening.RESET), (False, Happening.CANCELLED)])
def test_a_contract_of_which_nothing_is_begun_can_be_given_up_whole(model, is_reset, kind):
    contract = first(model)
    contract.give_up(10**6, is_reset=is_reset)
    assert (contract.status, contract.contracted_mw, contract.is_closed) == (Status.CANCELLED, 0, True)
    assert told(model)[-1] is kind


def test_what_is_begun_is_not_given_up(model):
    contract = first(model)
    contract.start(Phase(megawatts=4500, start_month=0, order_month=0, service_month=12))
    contract.give_up(500, is_reset=True)
    assert (contract.contracted_mw, contract.status) == (4500, Status.BINDING)


def test_a_lab_that_pays_on_time_resets_and_one_that_does_not_breaks_its_promise(model, monkeypatch):
    agreeing(model, monkeypatch)
    make_deals._ask_cut(model, model.cast.labs[0], 0.5)
    assert told(model) == [Happening.CUT_ASKED, Happening.RESET]
    assert first(model).contracted_mw == 4000
    model.chronicle.turn_page()
    monkeypatch.setattr(deals, "is_in_difficulty", lambda *_: True)
    make_deals._ask_cut(model, model.cast.labs[0], 0.5)
    assert told(model) == [Happening.CUT_ASKED, Happening.RENEGOTIATED]


def test_a_lab_is_in_difficulty_when_it_pays_late_or_has_found_no_money_and_has_little_left(model, monkeypatch):
    lab, sight = model.cast.labs[0], model.cast.sight
    assert not deals.is_in_difficulty(lab, sight)
    lab.ask_share = 0.5
    assert not deals.is_in_difficulty(lab, sight), "it has money for years"
    monkeypatch.setattr(lab, "runway_months", lambda: 0.5)
    assert deals.is_in_difficulty(lab, sight)
    lab.ask_share = 1.0
    monkeypatch.setattr(type(sight), "late_cents", lambda self, account: int(account == lab.account))
    assert deals.is_in_difficulty(lab, sight)


def test_resets_are_not_counted_against_how_often_one_may_renegotiate(monkeypatch):
    model = opened(NO_STRIKES)
    agreeing(model, monkeypatch)
    assert not first(model).can_be_renegotiated
    make_deals._ask_cut(model, model.cast.labs[0], 0.5)
    assert first(model).contracted_mw == 4000


def test_a_cut_that_is_refused_is_told_with_its_reason_and_changes_nothing(model, monkeypatch):
    agreeing(model, monkeypatch)
    monkeypatch.setattr(deals, "decide_cut", lambda *_: deals.CutAnswer(False, 1.21e10))
    make_deals._ask_cut(model, model.cast.labs[0], 0.5)
    (event,) = model.chronicle.events
    assert event.detail == (
        "500 MW of OpenAI-Oracle compute at 13.3 bn USD a GW and year; Oracle refuses: today it would ask 12.1"
    )
    assert first(model).contracted_mw == 4500


@pytest.mark.parametrize(
    ("kind", "regime"),
    [("reset", RegimeName.STALL), ("renegotiated", RegimeName.REVERSAL), ("cancelled", RegimeName.REVERSAL),
     ("cut_asked", RegimeName.EXPANSION), ("lapsed", RegimeName.EXPANSION)],
)  # fmt: skip
def test_a_run_with_a_reset_has_stalled_and_one_with_a_broken_promise_has_turned(kind, regime):
    assert regime_of({kind: 2}, 1.0, has_promises=True).name is regime


# letters


def with_letter(model: CarouselModel) -> tuple[ComputeContract, MilestoneInvestment, MilestoneInvestment]:
    """A second contract of 500 MW with a letter for it alone, beside the scenario's letter for all; all are public."""
    enter_deal(
        model, COMPUTE, name="a deal", customer="OpenAI", provider="Oracle", capacity_gw=0.5,
        price_usd_per_gw_year=13e9, years=5.0, net_margin=0.1, build_gw_per_year=0.25,
    )  # fmt: skip
    enter_deal(
        model, LETTER, name="its letter", investor="NVIDIA", investee="OpenAI", amount_usd_per_gw=4e9, capacity_gw=0.5,
        contract="a deal",
    )  # fmt: skip
    for _ in range(10):
        model.step()
    general, own = model.contracts.kind(MilestoneInvestment)
    deal = next(c for c in model.contracts.kind(ComputeContract) if c.name == "a deal")
    return deal, general, own


def serve(model: CarouselModel, contract: ComputeContract, megawatts: int) -> None:
    phase = Phase(megawatts=megawatts, start_month=0, order_month=0, service_month=0)
    contract.start(phase)
    operate._into_service(model, model.cast.clouds[0], contract, phase)


def test_a_letter_counts_the_capacity_of_its_deal_and_one_for_all_counts_the_rest(model):
    deal, general, own = with_letter(model)
    serve(model, first(model), 1000)
    assert (general.deployed_mw, own.deployed_mw) == (1000, 0)
    assert not own.has_tranche_due
    serve(model, deal, 500)
    assert (general.deployed_mw, own.deployed_mw) == (1000, 500)
    assert own.has_tranche_due


def test_a_board_pays_a_letter_by_its_belief_in_the_contracts_that_count_for_it(model):
    deal, general, own = with_letter(model)
    deal.log_odds = -2.0
    assert served_belief(own, model.cast.sight) == deal.credibility
    assert served_belief(general, model.cast.sight) == first(model).credibility


def test_a_letter_lapses_with_the_contract_that_it_is_for(model):
    deal, general, own = with_letter(model)
    deal.give_up(500, is_reset=True)
    while not model.clock.is_month_end:
        model.step()
    assert (own.status, general.status) == (Status.CANCELLED, Status.ANNOUNCED)
    (lapsed,) = (event for event in model.chronicle.events if event.kind is Happening.LAPSED)
    assert lapsed.detail == "its letter lapses: a deal has ended"


def test_a_letter_names_a_contract_of_its_lab():
    text = """extends = "ai-2025"
[[milestone]]
name = "NVIDIA-OpenAI investment"
contract = "OpenAI-Nobody compute"
"""
    with pytest.raises(ScenarioError) as error:
        parse(text)
    assert error.value.key_path == "milestone.NVIDIA-OpenAI investment.contract"
    assert error.value.allowed.startswith("the name of a contract of OpenAI")
    assert parse(text.replace("Nobody", "Oracle")).milestone[0].contract == "OpenAI-Oracle compute"
