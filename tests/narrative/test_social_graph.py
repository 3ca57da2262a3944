"""Drawn social graphs: links both ways, the degrees asked for, and a day of the story as the plain oracle tells it."""

from __future__ import annotations

import itertools
import math

import networkx
import numpy as np
import pytest
from carousel.engine.chance import Decision, normals, uniforms
from carousel.narrative.contagion import ENTHUSIASTIC, SUSCEPTIBLE, StoryParameters, block_mixing
from carousel.narrative.contagion_kernels import count_states, day_chances, graph_rows, leave_states
from carousel.narrative.social_graph import SocialGraph, degree_corrected, small_world
from carousel.narrative.social_graph_kernels import (
    LINKS_MAX,
    block_links,
    compressed,
    count_stubs,
    expected_links,
    ring_links,
)
from carousel.tests.oracles.draws import mix, unit, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

STORY = int(Decision.HOLDER_STORY)
LIVELY = tuple(StoryParameters(0.3, 0.2, 0.5, 0.1, 0.8, 0.15))


def neighbours(graph):
    return [sorted(graph.indices[a:b].tolist()) for a, b in zip(graph.indptr[:-1], graph.indptr[1:], strict=True)]


def drawn(kind, n=600, seed=3, **changes):
    if kind == "small-world":
        return small_world(n, changes.get("degree", 6), changes.get("rewired", 0.1), seed)
    block = np.random.default_rng(seed).integers(0, 4, n).astype(np.uint8)
    return degree_corrected(block, block_mixing(4, 0.7), changes.get("degree", 6), changes.get("sigma", 1.0), seed)


def probabilities(state, graph, news, ret, par):
    """Chance to leave of each row, one by one."""
    out = []
    for row, near in enumerate(neighbours(graph)):
        if state[row] == SUSCEPTIBLE:
            pressure = sum(state[j] == ENTHUSIASTIC for j in near) / max(len(near), 1)
            hazard = par[0] * pressure + (par[1] * max(news, 0.0) + par[2] * max(ret, 0.0))
        else:
            hazard = par[3] + par[4] * max(-ret, 0.0) if state[row] == ENTHUSIASTIC else par[5]
        out.append(-math.expm1(-hazard))
    return np.array(out)


@pytest.mark.parametrize("kind", ["small-world", "degree-corrected"])
@pytest.mark.parametrize("edges", [[0, 600], [0, 1, 8, 300, 600]])
@pytest.mark.parametrize(("news", "ret"), [(0.3, -0.1), (0.0, 0.0), (2.0, 0.4)])
def test_a_day_along_the_links_equals_the_plain_oracle_whatever_the_chunks(kind, edges, news, ret):
    graph = drawn(kind)
    random = np.random.default_rng(2)
    state, block = random.integers(0, 3, 600).astype(np.uint8), random.integers(0, 4, 600).astype(np.uint8)
    counts = count_states(state, block, 4)
    for day in range(3):
        leaves = uniforms(11, STORY, day, np.arange(600)) < probabilities(state, graph, news, ret, LIVELY)
        expected = np.where(leaves, (state + 1) % 3, state)
        lists = []
        for first, last in itertools.pairwise(edges):
            leaving = np.empty(last - first + 1, np.int32)
            count = graph_rows(state, tuple(graph), (first, last), (11, day), day_chances(news, ret, LIVELY), leaving)
            lists.append(leaving[:count])
        for leaving in lists:
            leave_states((state, block), leaving, counts)
        assert (state == expected).all()
        assert (counts == count_states(state, block, 4)).all()


def test_a_holder_without_contacts_catches_the_story_from_the_news_alone():
    lonely = SocialGraph(np.zeros(2001, np.int64), np.zeros(0, np.int32))
    state, leaving = np.zeros(2000, np.uint8), np.empty(2001, np.int32)
    quiet, loud = (
        graph_rows(state, tuple(lonely), (0, 2000), (1, 1), day_chances(news, 0.0, LIVELY), leaving)
        for news in (0.0, 1.0)
    )
    assert (quiet, loud > 0) == (0, True)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(-1, 29)), max_size=60))
def test_every_link_is_known_at_both_ends_and_no_other_is(n, links):
    links = sorted((a % n, b % n if b >= 0 else -1) for a, b in links)
    starts = np.searchsorted([a for a, _ in links], np.arange(n + 1)).astype(np.int64)
    targets = np.array([b for _, b in links], np.int32)
    graph = SocialGraph(*compressed(starts, np.arange(n, dtype=np.int32), targets))
    expected = [[] for _ in range(n)]
    for a, b in links:
        if b >= 0:
            expected[a].append(b)
            expected[b].append(a)
    assert neighbours(graph) == [sorted(near) for near in expected]


def test_expected_links_are_log_normal_around_the_mean():
    assert expected_links(5.0, 0.0, 3.0) == 5.0
    assert expected_links(5.0, 0.8, -1.5) == pytest.approx(5 * math.exp(-1.2 - 0.32))


def test_links_of_the_ring_lead_away_by_the_keyed_draws():
    targets = np.empty(50 * 3, np.int32)
    ring_links(50, 3, 0.4, 6, targets)
    slots = (np.arange(50)[:, None] * LINKS_MAX + np.arange(3)).ravel()
    bits = words_of(6, Decision.HOLDER_LINKS, 0, slots)
    nearest = np.tile([1, 2, 3], 50)
    away = np.where(unit(bits) < 0.4, 1 + (unit(mix(bits)) * 49).astype(int), nearest)
    assert targets.tolist() == ((np.repeat(np.arange(50), 3) + away) % 50).tolist()
    assert 0.2 < (away != nearest).mean() < 0.6


def test_links_started_are_the_keyed_draws_rounded_without_bias():
    by_block = np.random.default_rng(1).permutation(400).astype(np.int32)
    starts = np.zeros(401, np.int64)
    count_stubs(by_block, 2.5, 0.6, 9, starts)
    luck, rounding = (draw(9, Decision.HOLDER_LINKS, day, by_block) for draw, day in ((normals, 1), (uniforms, 3)))
    expected = np.floor(2.5 * np.exp(0.6 * luck - 0.18) + rounding).astype(int)
    assert np.diff(starts).tolist() == expected.tolist()


def test_each_link_ends_in_the_block_of_its_draw_at_a_holder_in_proportion_to_its_links():
    """Three blocks, the second empty: which link leads where, one by one."""
    block = np.array([0, 2, 0, 2, 2], np.uint8)
    by_block = np.array([0, 2, 1, 3, 4], np.int32)
    starts = np.array([0, 2, 5, 6, 10, 10], np.int64)
    owners = np.repeat(by_block, np.diff(starts))
    up_to = np.cumsum([[0.3, 0.2, 0.5], [1 / 3] * 3, [0.4, 0.1, 0.5]], axis=1)
    firsts, targets = np.array([0, 5, 5, 10]), np.empty(10, np.int32)
    block_links((owners, starts, by_block), block, firsts, up_to, 4, targets)
    found = []
    for row, (first, last) in zip(by_block.tolist(), itertools.pairwise(starts.tolist()), strict=True):
        for k in range(last - first):
            slot = np.array([row * LINKS_MAX + k])
            u = float(uniforms(4, Decision.HOLDER_LINKS, 2, slot)[0])
            there = int(np.searchsorted(up_to[block[row]], u, side="right"))
            again = unit(mix(words_of(4, Decision.HOLDER_LINKS, 2, slot)))[0]
            size = firsts[there + 1] - firsts[there]
            target = int(owners[firsts[there] + int(again * size)]) if size else -1
            found.append(target if target != row else -1)
    assert targets.tolist() == found
    assert len(set(found)) > 2


def test_a_small_world_without_rewiring_is_the_ring_lattice():
    lattice = networkx.watts_strogatz_graph(50, 6, 0)
    assert neighbours(small_world(50, 6, 0.0, 1)) == [sorted(lattice[i]) for i in range(50)]


def test_rewiring_shortens_the_ways_and_keeps_the_circles_of_friends():
    """Watts & Strogatz (1998), fig. 2: at a share of 0.1 paths are short, clustering is still high."""
    found = {}
    for share in (0.0, 0.1, 1.0):
        net = networkx.Graph()
        near = neighbours(small_world(1000, 10, share, 5))
        net.add_edges_from((i, j) for i, others in enumerate(near) for j in others)
        found[share] = networkx.average_clustering(net), networkx.average_shortest_path_length(net)
    assert found[0.0][0] == pytest.approx(2 / 3)
    assert found[0.1][0] == pytest.approx(2 / 3 * 0.9**3, abs=0.03)
    assert found[1.0][0] < 0.05
    assert found[0.1][1] < found[0.0][1] / 8


def test_nobody_is_linked_to_itself():
    for kind in ("small-world", "degree-corrected"):
        assert all(i not in near for i, near in enumerate(neighbours(drawn(kind, n=40, rewired=1.0))))


def test_degree_corrected_blocks_have_the_mean_the_spread_and_the_affinity_asked_for():
    n, degree = 20_000, 10
    block = np.random.default_rng(1).integers(0, 4, n).astype(np.uint8)
    even, uneven = (degree_corrected(block, block_mixing(4, 0.7), degree, sigma, 9) for sigma in (0.0, 1.0))
    spread = {}
    for sigma, graph in ((0.0, even), (1.0, uneven)):
        degrees = np.diff(graph.indptr)
        # each link counts for both its ends: half as many independent parts
        assert abs(degrees.mean() - degree) < 4 * degrees.std() * math.sqrt(2 / n)
        spread[sigma] = degrees.std()
        source = np.repeat(np.arange(n), degrees)
        inside = (block[source] == block[graph.indices]).mean()
        assert abs(inside - 0.7) < 4 * math.sqrt(0.21 * 2 / len(source)) + 0.005
    # log-normal: standard deviation of the started links is mean x sqrt(e - 1), the ended ones follow them
    assert spread[0.0] < 4
    assert spread[1.0] > 0.8 * degree * math.sqrt(math.e - 1)


@pytest.mark.parametrize("kind", ["small-world", "degree-corrected"])
def test_a_seed_draws_the_same_links_and_another_seed_others(kind):
    assert neighbours(drawn(kind)) == neighbours(drawn(kind))
    assert neighbours(drawn(kind, seed=4)) != neighbours(drawn(kind))


@pytest.mark.parametrize("arguments", [(10, 3, 0.1), (10, 10, 0.1), (10, 0, 0.1), (10, 4, 1.5), (10, 4, float("nan"))])
def test_a_ring_that_cannot_be_closed_is_refused(arguments):
    with pytest.raises(ValueError, match="small world"):
        small_world(*arguments, 1)


@pytest.mark.parametrize("arguments", [(0, 1.0), (5, -1.0), (5, float("nan"))])
def test_degrees_that_cannot_be_drawn_are_refused(arguments):
    with pytest.raises(ValueError, match="degree"):
        degree_corrected(np.zeros(10, np.uint8), block_mixing(1, 1.0), *arguments, 1)
