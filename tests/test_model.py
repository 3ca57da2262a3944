"""The model is a Mesa model like any other: keywords, steps, agents, data collection, batch runs; and the joke."""

from __future__ import annotations

import inspect
from collections import Counter
from datetime import date

import mesa
import pytest
from carousel.agents.active_fund import ActiveFund
from carousel.agents.bond_buyer import BondBuyer
from carousel.agents.chip_maker import ChipMaker
from carousel.agents.cloud import CloudProvider
from carousel.agents.household import RetailHolder
from carousel.agents.lab import AiLab
from carousel.agents.listed_firm import ListedFirm
from carousel.agents.outside import OutsideWorld
from carousel.agents.participant import AuthorizedParticipant, EtfSponsor
from carousel.agents.savings_plans import SavingsPlans
from carousel.agents.venture import VentureInvestor
from carousel.model import CarouselModel
from carousel.scenarios.errors import ParameterError, ScenarioError
from carousel.scenarios.loader import bundled, load
from carousel.scenarios.parameters import PARAMETERS, Operation
from carousel.scenarios.schema import Scenario

HOLDERS = 240
RUN_KEYWORDS = {"scenario", "rng", "days", "holders", "tracing"}


def small(**keywords):
    return CarouselModel(**({"scenario": "ai-2025", "rng": 1, "days": 4, "holders": HOLDERS} | keywords))


# --- keywords ---------------------------------------------------------------------------------------------------------


def test_the_models_keywords_are_the_headline_parameters():
    """One table: whoever adds a parameter finds it missing here."""
    keywords = inspect.signature(CarouselModel).parameters
    assert [name for name in keywords if name not in RUN_KEYWORDS] == [row.name for row in PARAMETERS]
    assert set(keywords) >= RUN_KEYWORDS
    assert all(keywords[row.name].default is row.default for row in PARAMETERS)


def another_value(row):
    """Half of what a scale scales; else the middle of the bounds, within which the narrative network is stable."""
    middle = (row.low + row.high) / 2
    return 0.5 if row.operation is Operation.MULTIPLY else middle


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_every_headline_parameter_reaches_the_scenario(row):
    """The keyword changes the numbers that the table says."""
    value = another_value(row)
    plain, changed = (small(days=1, **keywords).scenario_data for keywords in ({}, {row.name: value}))
    assert changed != plain
    for path in row.paths:
        kind, *middle, name = path.split(".")
        before, after = ([getattr(part, name) for part in parts(s, kind, middle)] for s in (plain, changed))
        scales = row.operation is Operation.MULTIPLY
        assert after == pytest.approx([value * number if scales else value for number in before])


def parts(scenario, kind, middle):
    part = getattr(scenario, kind)
    return part if middle == ["*"] else [part]


@pytest.mark.parametrize("bound", ["low", "high"])
@pytest.mark.parametrize("name", [row.name for row in PARAMETERS])
def test_the_model_runs_at_both_bounds_of_every_headline_parameter(name, bound):
    """A slider may be moved to its end, a sweep may start there."""
    row = next(row for row in PARAMETERS if row.name == name)
    model = small(days=2, **{name: getattr(row, bound)})
    model.run_model()
    assert model.clock.day == 2


def test_the_model_runs_with_large_promises_and_an_elastic_market():
    """Both parameters well within their bounds: Oracle is worth several times its price on the first day."""
    model = small(days=2, committed_scale=20.0, micro_elasticity=5.0)
    model.run_model()
    assert model.clock.day == 2


def test_a_parameter_out_of_bounds_is_refused_with_its_name_and_bounds():
    with pytest.raises(ParameterError) as error:
        small(dry_powder_scale=-1.0)
    assert error.value.key_path == "dry_powder_scale"


def test_an_unknown_scenario_and_an_unknown_tracing_rule_are_refused():
    with pytest.raises(ScenarioError):
        small(scenario="ai-2026")
    with pytest.raises(ParameterError, match="last-come") as error:
        small(tracing="last-come")
    assert error.value.key_path == "tracing"


# --- steps ------------------------------------------------------------------------------------------------------------


def test_a_step_is_a_trading_day():
    model = small()
    assert (model.clock.day, model.clock.date) == (0, date(2025, 9, 9))
    model.step()
    assert (model.clock.day, model.clock.date) == (1, date(2025, 9, 10))
    assert model.running


def test_the_run_ends_after_its_days_and_a_further_step_does_nothing():
    model = small(days=2)
    seen = []
    model.observers.append(lambda m: seen.append(m.clock.day))
    for _ in range(2):
        model.step()
    assert not model.running
    prices, balances = model.prices.price_cents.copy(), model.books.journal.balances.copy()
    rows = len(model.datacollector.get_model_vars_dataframe())
    for _ in range(3):
        model.step()
    assert (model.clock.day, seen) == (2, [1, 2])
    assert (model.prices.price_cents == prices).all()
    assert (model.books.journal.balances == balances).all()
    assert len(model.datacollector.get_model_vars_dataframe()) == rows


def test_run_model_steps_to_the_end():
    model = small(days=3)
    model.run_model()
    assert (model.clock.day, model.running) == (3, False)


def test_nobody_draws_from_mesas_own_generators():
    """All chance is keyed: the generators of the model are where they were after a run."""
    model = small()
    before, other = model.random.getstate(), str(model.rng.bit_generator.state)
    model.run_model()
    assert model.random.getstate() == before
    assert str(model.rng.bit_generator.state) == other


@pytest.mark.parametrize("scenario", bundled())
def test_every_bundled_scenario_runs(scenario):
    days = load(scenario).days
    model = CarouselModel(scenario, rng=1, days=days, holders=HOLDERS if load(scenario).holders else None)
    for _ in range(min(3, days)):
        model.step()
    assert model.clock.day == min(3, days)


# --- agents -----------------------------------------------------------------------------------------------------------

CAST = {
    AiLab: 1, CloudProvider: 1, ChipMaker: 1, ListedFirm: 1, VentureInvestor: 4, BondBuyer: 5, ActiveFund: 8,
    SavingsPlans: 1, EtfSponsor: 1, AuthorizedParticipant: 1, RetailHolder: HOLDERS,
}  # fmt: skip


@pytest.fixture(scope="module")
def model():
    return small()


def test_agents_by_type_counts_the_cast(model):
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    outside = counts.pop(OutsideWorld)
    assert counts == CAST
    assert outside == len(model.cast.outside) == model.books.journal.n_origins


def test_all_agents_are_in_one_set_holders_and_firms_alike(model):
    kinds = Counter(type(agent) for agent in model.agents)
    assert len(model.agents) == sum(kinds.values()) == sum(CAST.values()) + kinds[OutsideWorld]
    assert kinds[RetailHolder] == HOLDERS
    assert {model.cast.labs[0], *model.cast.clouds, *model.cast.chip_makers} <= set(model.agents)
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids)


def test_an_agent_knows_its_cash_and_cannot_assign_it(model):
    oracle = model.cast.clouds[0]
    assert oracle.cash_cents == 11 * 10**11
    with pytest.raises(AttributeError):
        oracle.cash_cents = 0


def test_holders_answer_as_mesa_agents_with_the_households_money(model):
    holders = model.agents_by_type[RetailHolder]
    assert sum(agent.cash_cents for agent in holders) == holders.agg("cash_cents", sum) == 300 * 10**11
    assert model.books.journal.balance(model.cast.omnibus) == 300 * 10**11


def test_holders_are_selected_and_sorted_like_any_agent(model):
    rich = model.agents_by_type[RetailHolder].sort("cash_cents").select(at_most=3)
    cash = [agent.cash_cents for agent in rich]
    assert cash == sorted(cash, reverse=True)
    assert cash[0] == max(model.agents_by_type[RetailHolder].get("cash_cents"))


# --- Mesa's tools -----------------------------------------------------------------------------------------------------


def test_the_data_collector_has_one_row_a_day():
    model = small()
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert [day for day in frame["day"] if day > 0] == [1, 2, 3, 4]
    firms = (*model.cast.clouds, *model.cast.chip_makers)
    assert frame["circle_value_usd"].iloc[-1] == sum(firm.market_value_cents for firm in firms) / 100


def batch_rows(parameters, rng):
    """Rows of Mesa's batch_run: the seeds are its argument `rng` where it has one (from 3.5), else a parameter."""
    has_rng = "rng" in inspect.signature(mesa.batch_run).parameters
    keywords = {"rng": rng} if has_rng else {}
    parameters = parameters if has_rng else parameters | {"rng": rng}
    return mesa.batch_run(CarouselModel, parameters, max_steps=100, display_progress=False, **keywords)


@pytest.fixture(scope="module")
def batch():
    fixed = {"scenario": "ai-2025", "days": 3, "holders": HOLDERS}
    return batch_rows(fixed | {"contract_log_odds": [-2.0, 0.3, 2.0]}, rng=[0])


def test_a_batch_run_runs_each_value_of_a_parameter_to_the_end(batch):
    assert [row["contract_log_odds"] for row in batch] == [-2.0, 0.3, 2.0]
    assert [row["day"] for row in batch] == [3, 3, 3]


def test_a_batch_run_gives_what_a_run_by_hand_gives(batch):
    model = small(rng=0, days=3, contract_log_odds=2.0)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert batch[-1]["circle_value_usd"] == frame["circle_value_usd"].iloc[-1]


def test_the_more_a_contract_is_believed_the_more_the_circle_is_worth(batch):
    """Same seed: the parameter alone moves the value."""
    values = [row["circle_value_usd"] for row in batch]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_a_model_is_given_its_seed_by_rng():
    models = [small(rng=rng, days=2) for rng in (0, 0, 1)]
    for model in models:
        model.run_model()
    paths = [model.prices.price_cents.tolist() for model in models]
    assert paths[0] == paths[1] != paths[2]


def test_a_model_without_a_seed_takes_a_fresh_one_and_keeps_it_as_a_plain_int():
    seeds = [CarouselModel("joke").clock.seed for _ in range(2)]
    assert seeds[0] != seeds[1]
    assert [type(seed) for seed in seeds] == [int, int]


def test_mesas_own_scenario_object_keeps_the_seed_beside_the_worlds_data():
    """Only from Mesa 3.5 on there is one; the world is `scenario_data` on every version."""
    model = CarouselModel("joke")
    assert isinstance(model.scenario_data, Scenario)
    assert not isinstance(own := getattr(model, "scenario", None), Scenario)
    assert own is None or own.rng == model.clock.seed


def test_the_repetitions_of_a_batch_run_have_seeds_of_their_own_which_its_rows_name():
    rows = batch_rows({"scenario": "ai-2025", "days": 2, "holders": HOLDERS}, rng=[0, 1, 2])
    assert len({row["seed"] for row in rows}) == len({row["circle_value_usd"] for row in rows}) == 3
    assert worth(rows[1]["seed"]) == rows[1]["circle_value_usd"]


def worth(seed):
    """The circle's value after two days of that seed, run by hand."""
    model = small(rng=seed, days=2)
    model.run_model()
    return model.datacollector.get_model_vars_dataframe()["circle_value_usd"].iloc[-1]


@pytest.mark.filterwarnings("ignore:The `iterations` keyword argument is deprecated:DeprecationWarning")
@pytest.mark.parametrize("processes", [1, 2])
def test_the_iterations_of_a_batch_run_are_different_worlds_on_every_mesa(processes):
    """Before 3.5 Mesa gives iterations no seed, later it gives None: both take a fresh one, and each row says which."""
    parameters = {"scenario": "ai-2025", "days": 2, "holders": HOLDERS}
    rows = mesa.batch_run(
        CarouselModel, parameters, number_processes=processes, iterations=3, max_steps=100, display_progress=False
    )
    assert len({row["seed"] for row in rows}) == len({row["circle_value_usd"] for row in rows}) == 3
    assert worth(rows[-1]["seed"]) == rows[-1]["circle_value_usd"]


@pytest.mark.parametrize("rng", [-1, float("nan"), "x", 1.9])
def test_a_seed_that_is_none_is_refused_before_anything_is_built(rng):
    with pytest.raises(ParameterError) as error:
        small(rng=rng)
    assert error.value.key_path == "rng"


# --- the joke ---------------------------------------------------------------------------------------------------------


def test_the_joke_settles_three_hundred_dollars_without_a_cent():
    """A lab owes a cloud 100, the cloud a chip maker, the chip maker the lab; nobody has cash. Source: the opening
    joke; Eisenberg & Noe (2001) for the clearing."""
    model = CarouselModel("joke", rng=0)
    model.run_model()
    assert model.clock.day == 1
    assert model.contracts.bills.settled_cents == 300_00
    assert model.contracts.bills.set_off_cents == 300_00
    assert model.contracts.bills.due == []
    assert len(model.books.last.entries) == 0
    assert not model.books.journal.balances.any()
    assert model.chronicle.events == []


def test_with_one_link_missing_the_joke_is_on_the_creditors():
    """The counterfactual: without the investment nothing goes round, and nothing is paid."""
    scenario = load("joke")
    scenario = scenario.model_copy(update={"obligation": scenario.obligation[:2]})
    model = CarouselModel(scenario, rng=0)
    model.run_model()
    assert (model.contracts.bills.settled_cents, model.contracts.bills.set_off_cents) == (0, 0)
    assert [event[1:5] for event in model.chronicle.events] == [
        ("bill_late", "The lab", "The cloud", 100_00), ("bill_late", "The cloud", "The chip maker", 100_00),
    ]  # fmt: skip


def test_with_cash_in_one_till_the_jokes_debts_are_paid_and_the_cash_comes_home():
    scenario = load("joke", ["firm.The lab.opening_cash_usd=100"])
    model = CarouselModel(scenario, rng=0)
    model.run_model()
    assert (model.contracts.bills.settled_cents, model.contracts.bills.set_off_cents) == (300_00, 0)
    assert model.books.journal.balance(model.books.journal.account("The lab")) == 100_00
    assert len(model.books.last.entries) == 3
