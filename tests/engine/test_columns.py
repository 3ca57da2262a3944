"""A crowd in columns behaves as ordinary Mesa agents do, on every supported Mesa."""

from __future__ import annotations

import copy
import gc
import inspect
import itertools
import pickle
import random
import weakref
from collections import defaultdict
from functools import partial
from typing import ClassVar

import mesa
import numpy as np
import pytest
from carousel.engine.columns import (
    Column,
    ColumnAgentSet,
    ColumnError,
    ColumnStore,
    KeptAgentSet,
    RowAgent,
    install_columns,
)
from carousel.engine.union_agents import UnionAgentSet
from hypothesis import given, settings
from hypothesis import strategies as st
from mesa.agent import AgentSet


class Ledger(ColumnStore):
    """A small store: money nobody may assign, and a sentiment anybody may."""

    COLUMNS: ClassVar = {
        "cents": Column(np.int64, 0, 2**53 - 1),
        "sentiment": Column(np.uint8, 0, 2, writable=True),
        "weight": Column(np.float32, 0, 1, writable=True),
    }


class Row(RowAgent, store=Ledger):
    """A view on a row of it."""

    @property
    def dollars(self) -> float:
        return self.cents / 100


class Other(ColumnStore):
    """A second kind of crowd."""

    COLUMNS: ClassVar = {"cents": Column(np.int64, 0, 10)}


class OtherRow(RowAgent, store=Other):
    """A view on a row of it."""


class Plain(mesa.Agent):
    """An ordinary agent with the same attributes."""

    def __init__(self, model, cents=0, sentiment=0, weight=0.0):
        super().__init__(model)
        self.cents, self.sentiment, self.weight = cents, sentiment, weight

    @property
    def dollars(self) -> float:
        return self.cents / 100


class Market(mesa.Model):
    """An empty model."""

    def __init__(self, rng=None):
        super().__init__(rng=rng)


def ledger(n, seed=1):
    draw = np.random.default_rng(seed)
    return Ledger(
        {
            "cents": draw.integers(0, 50, n),
            "sentiment": draw.integers(0, 3, n),
            "weight": draw.random(n, dtype=np.float32),
        },
        seed=seed,
    )


def market(n=7, before=2, after=1):
    model = Market(rng=1)
    for _ in range(before):
        Plain(model)
    rows = ColumnAgentSet(ledger(n))
    install_columns(model, rows)
    for _ in range(after):
        Plain(model)
    return model, rows


# --- views


def test_a_view_gives_plain_python_numbers_of_its_row():
    store = ledger(5)
    view = store.view(3)
    assert (type(view.cents), type(view.sentiment), type(view.weight)) == (int, int, float)
    assert (view.cents, view.sentiment, view.weight) == (store.cents[3], store.sentiment[3], store.weight[3])


def test_views_on_one_row_are_equal_and_hash_alike_and_others_differ():
    store, twin = ledger(5), ledger(5)
    assert store.view(3) == store.view(3)
    assert len({store.view(3), store.view(3)}) == 1
    assert store.view(3) != store.view(4)
    assert store.view(3) != twin.view(3)


def test_a_view_is_a_mesa_agent_of_its_model():
    model, rows = market()
    view = rows[0]
    assert isinstance(view, mesa.Agent)
    assert view.model is model
    assert view.random is model.random
    assert view.pos is None


def test_a_write_through_a_view_reaches_the_column():
    store = ledger(5)
    store.view(2).sentiment = 1
    store.view(2).weight = 0.25
    assert (store.sentiment[2], store.weight[2]) == (1, 0.25)


@pytest.mark.parametrize("name", ["sentiments", "cash", "_private", "cents", "unique_id", "model", "pos", "dollars"])
def test_a_misspelt_or_read_only_name_raises_and_changes_nothing(name):
    store = ledger(5)
    before = {key: array.copy() for key, array in store.arrays().items()}
    with pytest.raises(AttributeError):
        setattr(store.view(2), name, 1)
    assert all(np.array_equal(before[key], array) for key, array in store.arrays().items())


def test_a_misspelt_name_is_told_the_nearest_one():
    with pytest.raises(AttributeError, match="did you mean 'sentiment'"):
        ledger(5).view(2).sentimant = 1


def test_a_misspelt_name_cannot_be_read_or_deleted():
    view = ledger(5).view(2)
    with pytest.raises(AttributeError):
        _ = view.sentimant
    with pytest.raises(AttributeError):
        del view.sentiment


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("sentiment", 3, ColumnError),
        ("sentiment", -1, ColumnError),
        ("sentiment", 1.5, TypeError),
        ("sentiment", 256, ColumnError),
        ("weight", float("nan"), ColumnError),
        ("weight", 1.5, ColumnError),
        ("weight", "x", ValueError),
    ],
)
def test_a_value_out_of_bounds_or_of_the_wrong_kind_is_refused(name, value, error):
    with pytest.raises(error):
        setattr(ledger(5).view(2), name, value)


def test_a_view_is_not_made_by_its_class_nor_removed():
    model, rows = market()
    with pytest.raises(TypeError):
        Row(model)
    with pytest.raises(TypeError):
        rows[0].remove()
    assert len(rows) == 7


def test_a_view_has_no_unique_id_before_its_store_is_in_a_model():
    with pytest.raises(RuntimeError, match="install_columns"):
        _ = ledger(5).view(0).unique_id


@pytest.mark.parametrize("row", [-1, 5])
def test_a_row_that_does_not_exist_has_no_view(row):
    with pytest.raises(IndexError):
        ledger(5).view(row)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cents": None}, ValueError),
        ({"extra": np.zeros(3)}, ValueError),
        ({"cents": np.zeros(2, dtype=np.int64)}, ValueError),
        ({"cents": np.array([0, -1, 0])}, ColumnError),
        ({"weight": np.array([0, np.nan, 0])}, ColumnError),
    ],
)
def test_a_store_refuses_columns_that_are_missing_unknown_uneven_or_out_of_bounds(change, error):
    columns = {
        "cents": np.zeros(3, np.int64),
        "sentiment": np.zeros(3, np.uint8),
        "weight": np.zeros(3, np.float32),
    } | change
    with pytest.raises(error):
        Ledger({name: array for name, array in columns.items() if array is not None})


# --- in a model


def test_agents_made_before_and_after_are_in_the_union_with_all_rows_and_ids_are_unique():
    model, rows = market(n=7, before=2, after=1)
    assert [a.unique_id for a in model.agents] == [1, 2, 10, *range(3, 10)]
    assert rows.get("unique_id") == list(range(3, 10))
    assert len(model.agents) == 10
    assert isinstance(model.agents, AgentSet)


def test_the_column_set_is_the_set_of_its_kind():
    model, rows = market()
    assert model.agents_by_type[Row] is rows
    assert set(model.agent_types) == {Plain, Row}
    assert len(model.agents_by_type[Plain]) == 3
    assert rows[2] in model.agents
    assert ledger(7).view(2) not in model.agents


def test_an_ordinary_agent_that_leaves_is_out_of_the_union():
    model, _ = market()
    leaver = next(iter(model.agents_by_type[Plain]))
    leaver.remove()
    assert leaver not in model.agents
    assert len(model.agents) == 9


def test_two_kinds_of_crowd_share_one_model():
    model, rows = market()
    others = ColumnAgentSet(Other({"cents": np.arange(4)}))
    install_columns(model, others)
    Plain(model)
    assert len(model.agents) == 15
    assert len(set(model.agents.get("unique_id"))) == 15
    assert others[1] in model.agents
    assert rows[1] in model.agents


def test_a_store_is_installed_once_and_whole_and_a_kind_once_per_model():
    model, rows = market()
    for again in (rows, ColumnAgentSet(ledger(3)), ColumnAgentSet(ledger(3), np.array([1]))):
        with pytest.raises(ValueError):
            install_columns(model, again)


def test_the_models_own_sets_keep_their_members():
    model, rows = market()
    for change in (
        lambda: rows.discard(rows[0]),
        lambda: rows.remove(rows[0]),
        lambda: rows.select(at_most=1, inplace=True),
        lambda: model.agents.select(at_most=1, inplace=True),
        lambda: model.agents.shuffle(inplace=True),
        lambda: model.agents.remove(rows[0]),
    ):
        with pytest.raises(TypeError):
            change()
    assert len(model.agents) == 10


def freed():
    """Whether a model that nobody holds any more goes."""
    model, _ = market()
    gone = weakref.ref(model)
    del model, _
    gc.collect()
    return gone() is None


def test_a_model_that_nobody_holds_is_freed():
    assert freed()


@pytest.mark.skipif(not hasattr(mesa.Agent, "_ids"), reason="only Mesa 3.3 keeps a table of models")
def test_with_mesas_own_table_it_would_be_kept(monkeypatch):
    monkeypatch.setattr(mesa.Agent, "_ids", defaultdict(partial(itertools.count, 1)))
    assert not freed()


def test_the_data_collector_reports_models_agents_and_kinds():
    model, rows = market(n=4, before=1, after=1)
    collector = mesa.DataCollector(
        model_reporters={"cents": lambda m: m.agents_by_type[Row].agg("cents", sum)},
        agent_reporters={"cents": "cents"},
        agenttype_reporters={Row: {"sentiment": "sentiment"}},
    )
    collector.collect(model)
    assert collector.get_model_vars_dataframe()["cents"].tolist() == [sum(rows.get("cents"))]
    assert collector.get_agent_vars_dataframe()["cents"].tolist() == [0, 0, *rows.get("cents")]
    by_kind = collector.get_agenttype_vars_dataframe(Row)
    assert by_kind["sentiment"].tolist() == rows.get("sentiment")
    assert by_kind.index.get_level_values("AgentID").tolist() == rows.get("unique_id")


# --- sets


def test_no_method_of_mesas_own_set_reaches_for_its_weak_dictionary():
    reaching = {
        name
        for kind in AgentSet.__mro__
        if kind.__module__.startswith("mesa")
        for name, method in vars(kind).items()
        if inspect.isfunction(method) and "_agents" in inspect.getsource(method)
    }
    assert "get" in reaching
    assert [name for name in reaching if getattr(KeptAgentSet, name) is getattr(AgentSet, name)] == []


def values_of(agents, *names):
    return [tuple(getattr(agent, name) for name in names) for agent in agents]


ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from([0.0, 0.25, 0.5])), min_size=1, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, at_most=st.sampled_from([0, 1, 3, 100, 0.5, 1.0, float("inf")]), ascending=st.booleans())
def test_a_column_set_and_a_union_answer_as_mesas_own_set_of_ordinary_agents(rows, at_most, ascending):
    model = Market(rng=1)
    plain_agents = [Plain(model, *row) for row in rows]
    plain = AgentSet(plain_agents, random=model.random)
    cents, sentiment, weight = zip(*rows, strict=True)
    store = Ledger({"cents": np.array(cents), "sentiment": np.array(sentiment), "weight": np.array(weight)})
    columns = ColumnAgentSet(store)
    # the first half ordinary, the other half rows
    half = len(rows) // 2
    mixed = UnionAgentSet(plain_agents[:half], [columns.where(np.arange(len(rows)) >= half)])
    kept = KeptAgentSet(columns)
    names = ("cents", "sentiment", "weight", "dollars")
    for agents in (columns, mixed, kept):
        assert len(agents) == len(plain)
        assert values_of(agents, *names) == values_of(plain, *names)
        assert values_of(agents[1:3], *names) == values_of(list(plain)[1:3], *names)
        for name in names:
            assert agents.get(name) == plain.get(name)
            for func in (sum, min, max, len, np.sum, np.mean, np.std, np.median):
                ours, theirs = agents.agg(name, func), plain.agg(name, func)
                assert ours == theirs
            assert agents.agg(name, [sum, np.mean]) == plain.agg(name, [sum, np.mean])
            assert values_of(agents.sort(name, ascending), *names) == values_of(plain.sort(name, ascending), *names)
            ours, theirs = agents.groupby(name), plain.groupby(name)
            assert list(ours.groups) == list(theirs.groups)
            assert ours.count() == theirs.count()
            assert ours.agg("cents", sum) == theirs.agg("cents", sum)
            listed = agents.groupby(name, result_type="list").groups
            assert {key: values_of(group, *names) for key, group in listed.items()} == {
                key: values_of(group, *names) for key, group in theirs.groups.items()
            }
        assert agents.get(["cents", "sentiment"]) == plain.get(["cents", "sentiment"])
        assert agents.get("nothing", handle_missing="default", default_value=7) == [7] * len(rows)
        assert agents.map("__getattribute__", "cents") == list(cents)
        assert agents.map(lambda a: a.sentiment + 1) == [m + 1 for m in sentiment]
        for arguments in ({"at_most": at_most}, {"filter_func": lambda a: a.sentiment > 0, "at_most": at_most}):
            assert values_of(agents.select(**arguments), *names) == values_of(plain.select(**arguments), *names)
        by_two = values_of(agents.sort(lambda a: (a.sentiment, a.cents)), *names)
        assert by_two == values_of(plain.sort(lambda a: (a.sentiment, a.cents)), *names)


@pytest.mark.parametrize("name", ["sentiments", "nothing"])
def test_an_unknown_attribute_of_a_set_raises(name):
    model, rows = market()
    for agents in (rows, model.agents):
        with pytest.raises(AttributeError):
            agents.get(name)
        with pytest.raises(AttributeError):
            agents.agg(name, sum)
        with pytest.raises(ValueError):
            agents.get("sentiment", handle_missing="never")
    with pytest.raises(AttributeError):
        rows.set(name, 1)
    with pytest.raises(AttributeError):
        rows.set("cents", 1)


def test_set_writes_all_rows_of_the_set_and_no_other():
    store = ledger(6)
    store.sentiment[:] = 0
    ColumnAgentSet(store).where(np.array([True, False, True, False, False, False])).set("sentiment", 2)
    assert store.sentiment.tolist() == [2, 0, 2, 0, 0, 0]
    with pytest.raises(ColumnError):
        ColumnAgentSet(store).set("sentiment", 3)


def test_select_by_type_takes_the_rows_or_the_ordinary_agents():
    model, rows = market()
    assert list(model.agents.select(agent_type=Row)) == list(rows)
    assert len(model.agents.select(agent_type=Plain)) == 3
    assert len(model.agents.select(agent_type=mesa.Agent)) == 10
    assert len(rows.select(agent_type=Plain)) == 0


def test_a_selection_survives_its_parent():
    model, rows = market()
    for agents in (rows, model.agents):
        assert len(agents.sort("unique_id").select(lambda a: a.unique_id > 2).shuffle().select(at_most=5)) == 5


def test_do_reaches_every_agent():
    model, rows = market()
    seen = []
    model.agents.do(seen.append)
    assert seen == list(model.agents)
    seen.clear()
    rows.shuffle_do(seen.append)
    assert set(seen) == set(rows)
    assert model.agents.do("step") is model.agents


def test_a_shuffle_is_keyed_by_seed_step_and_row_and_leaves_the_models_generators_alone():
    model, rows = market(n=200)
    before = model.random.getstate(), model.rng.bit_generator.state
    first = rows.shuffle().rows
    assert sorted(first.tolist()) == list(range(200))
    assert first.tolist() != list(range(200))
    assert rows.shuffle().rows.tolist() == first.tolist()
    assert rows.shuffle(seed=99).rows.tolist() != first.tolist()
    model.step()
    assert rows.shuffle().rows.tolist() != first.tolist()
    assert set(model.agents.shuffle()) == set(model.agents)
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_more_rows_do_not_change_the_order_of_the_others():
    few, many = ColumnAgentSet(ledger(50)).shuffle().rows, ColumnAgentSet(ledger(80)).shuffle().rows
    assert [row for row in many if row < 50] == few.tolist()


@pytest.mark.parametrize("make", [np.random.default_rng, random.Random])
def test_a_shuffle_by_a_given_generator_follows_it(make):
    _, rows = market(n=50)
    assert rows.shuffle(rng=make(5)).rows.tolist() == rows.shuffle(rng=make(5)).rows.tolist()
    assert rows.shuffle(rng=make(5)).rows.tolist() != rows.shuffle(rng=make(6)).rows.tolist()


def test_a_copy_may_be_changed():
    model, rows = market()
    for agents in (copy.copy(rows), rows.select(), rows.copy()):
        agents.discard(rows[3])
        assert rows[3] not in agents
        assert len(agents) == 6
        with pytest.raises(KeyError):
            agents.remove(rows[3])
        agents.add(rows[3])
        assert agents[6] == rows[3]
        with pytest.raises(TypeError):
            agents.add(ledger(7).view(3))
    everybody = copy.copy(model.agents)
    everybody.discard(rows[3])
    assert len(everybody) == 9
    assert len(rows) == 7


def test_set_arithmetic_keeps_its_members():
    model, rows = market()
    low, high = rows.select(at_most=4), rows.where(np.arange(7) >= 3)
    assert list(low & high) == [rows[3]]
    assert len(low | high) == 7
    assert len(model.agents - rows) == 3


def test_a_pickled_model_comes_back_with_views_sets_and_union():
    model, rows = market()
    model.favourites = [rows[2], rows[4]]
    back = pickle.loads(pickle.dumps(model))
    again = back.agents_by_type[Row]
    assert again.get(["cents", "sentiment", "unique_id"]) == rows.get(["cents", "sentiment", "unique_id"])
    assert back.favourites == [again[2], again[4]]
    assert [a.unique_id for a in back.agents] == [a.unique_id for a in model.agents]
    assert again[0].model is back
    again[2].sentiment = (rows[2].sentiment + 1) % 3
    assert back.favourites[0].sentiment != rows[2].sentiment
    assert again.registered
    assert back.agents.registered


def test_a_pickled_set_of_views_alone_brings_its_store():
    rows = ColumnAgentSet(ledger(9))
    some = pickle.loads(pickle.dumps({"set": {rows[1], rows[2]}, "rows": rows.select(at_most=3)}))
    assert {view.row for view in some["set"]} == {1, 2}
    assert some["rows"][1] in some["set"]


def test_an_agent_of_the_union_is_found_by_its_place_without_listing_all(monkeypatch):
    model, _ = market()
    listed = list(model.agents)
    monkeypatch.setattr(type(model.agents), "to_list", None)
    assert [model.agents[i] for i in range(-10, 10)] == listed * 2
    for part in (slice(1, 5), slice(None, None, -3), slice(20, 30), slice(-2, None)):
        assert model.agents[part] == listed[part]
    for place in (10, -11):
        with pytest.raises(IndexError):
            model.agents[place]


def test_groups_of_rows_are_summed_by_columns_and_refuse_an_unknown_name():
    _, rows = market(n=40)
    groups = rows.groupby("sentiment")
    assert groups.agg("cents", sum) == {sentiment: sum(group.get("cents")) for sentiment, group in groups}
    with pytest.raises(AttributeError):
        groups.agg("sense", sum)
