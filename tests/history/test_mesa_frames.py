"""Mesa's own collector and the frames of the recorded run say the same."""

from __future__ import annotations

import mesa
import pytest
from carousel.agents.active_fund import ActiveFund
from carousel.agents.bond_buyer import BondBuyer
from carousel.agents.chip_maker import ChipMaker
from carousel.agents.cloud import CloudProvider
from carousel.agents.firm import Firm
from carousel.agents.household import RetailHolder
from carousel.agents.lab import AiLab
from carousel.agents.outside import OutsideWorld
from carousel.agents.participant import AuthorizedParticipant
from carousel.agents.venture import VentureInvestor
from carousel.history.choice import Choice, ChoiceError
from carousel.model import CarouselModel
from carousel.report.whole_run import run

HOLDERS = 250
REPORTED = {
    AiLab: ("cash_cents", "runway_months"),
    CloudProvider: ("cash_cents", "debt_cents", "debt_like_cents"),
    ChipMaker: ("cash_cents",),
    VentureInvestor: ("cash_cents", "dry_powder_cents"),
    BondBuyer: ("cash_cents",),
    ActiveFund: ("cash_cents",),
    AuthorizedParticipant: ("cash_cents",),
    RetailHolder: ("cash_cents", "etf_shares"),
}


def told(kind, name):
    """What Mesa asks an agent: a method is called, an attribute read."""
    return getattr(kind, name) if callable(getattr(kind, name, None)) else name


@pytest.fixture(scope="module")
def both():
    """The frames of a recorded run of 25 days, everybody kept; Mesa's collector of the same run, with the
    model."""
    recorded = run("ai-2025", seed=3, days=25, holders=HOLDERS, choice=Choice(also=("holders_changed",)))
    model = CarouselModel("ai-2025", rng=3, days=25, holders=HOLDERS)
    collector = mesa.DataCollector(
        agenttype_reporters={kind: {name: told(kind, name) for name in names} for kind, names in REPORTED.items()},
        agent_reporters={"cash_cents": lambda agent: getattr(agent, "cash_cents", None)},
    )
    collector.collect(model)
    model.observers.append(collector.collect)
    while model.running:
        model.step()
    return recorded.mesa(), collector, model


def named(frame, model):
    """A frame of Mesa with names in place of numbers, of households their rows."""
    first = model.cast.holders.first_unique_id
    names = {agent.unique_id: agent.name for agent in model.agents if hasattr(agent, "name")}
    index = [(step, names.get(number, number - first)) for step, number in frame.index]
    return dict(zip(index, frame.itertuples(index=False, name=None), strict=True))


def unlike(found, wanted):
    """A few of the places at which two mappings are not the same."""
    return [(at, found.get(at), wanted.get(at)) for at in found.keys() | wanted if found.get(at) != wanted.get(at)][:3]


@pytest.mark.parametrize("kind", REPORTED, ids=lambda kind: kind.__name__)
def test_the_agents_of_a_class_are_as_mesa_collects_them(both, kind):
    ours, theirs, model = both
    found = ours.get_agenttype_vars_dataframe(kind)[list(REPORTED[kind])]
    assert found.index.names == ["Step", "AgentID"]
    wanted = named(theirs.get_agenttype_vars_dataframe(kind), model)
    assert len(wanted) >= 26
    assert unlike(dict(zip(found.index, found.itertuples(index=False, name=None), strict=True)), wanted) == []


def test_everybody_has_the_cash_that_mesa_collects_and_a_missing_number_leaves_cents_whole(both):
    ours, theirs, model = both
    found, wanted = ours.get_agent_vars_dataframe(), named(theirs.get_agent_vars_dataframe(), model)
    assert str(found["cash_cents"].dtype) == str(found["debt_cents"].dtype) == "Int64"
    assert found["debt_cents"].isna().any()
    cash = {at: (cents,) for at, cents in found["cash_cents"].items()}
    assert unlike(cash, {at: wanted[at] for at in cash}) == []
    assert found.index.get_level_values("Step").is_monotonic_increasing


def test_the_series_of_the_model_are_those_of_its_own_collector(both):
    ours, _, model = both
    wanted, found = model.datacollector.get_model_vars_dataframe(), ours.get_model_vars_dataframe()
    assert list(found) == list(wanted)
    for name in found:
        assert found[name].tolist() == pytest.approx(wanted[name].tolist(), rel=1e-12), name


def test_a_class_above_others_has_the_agents_of_all_of_them(both):
    ours, _, model = both
    firms = ours.get_agenttype_vars_dataframe(Firm)
    assert set(firms.index.get_level_values("AgentID")) == {f.name for f in (*model.cast.listed, *model.cast.labs)}


def test_a_class_of_which_nobody_is_recorded_is_refused(both):
    with pytest.raises(ChoiceError, match="'OutsideWorld'; allowed: a class above these, or one of AiLab"):
        both[0].get_agenttype_vars_dataframe(OutsideWorld)
