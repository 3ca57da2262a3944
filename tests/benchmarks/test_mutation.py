"""The mutation sample changes what it says, and asks the tests that run the line."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from carousel.benchmarks import mutation, mutation_places, mutation_swap, mutation_tests
from carousel.benchmarks.mutation_places import Mutant, Place
from carousel.benchmarks.mutation_tests import Ran, Sources, choose

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
def first(values, least=2):
    """Text."""
    if not values:
        raise ValueError(f"{1}")
    values.append(1)
    return min(values) // 2 if least <= 3 and values else -least
'''
CHANGES = [
    "2  ->  3", "2  ->  1", "not values  ->  values", "drop: raise ValueError(f'{1}')", "drop: values.append(1)",
    "1  ->  2", "1  ->  0", "least <= 3 and values  ->  not (least <= 3 and values)",
    "least <= 3 and values  ->  least <= 3 or values", "least <= 3  ->  least < 3", "least <= 3  ->  least > 3",
    "3  ->  4", "3  ->  2", "min(values) // 2  ->  -(-min(values) // 2)", "min(values)  ->  max(values)", "2  ->  3",
    "2  ->  1", "-least  ->  least",
]  # fmt: skip
RULE = "from x import njit\n\n\n@njit(cache=True)\ndef rule(a):\n    return a + 1\n"
LOOP = "from .rule import njit, rule\n\n\n@njit(cache=True)\ndef loop(a):\n    return rule(a)\n"
OWNER = """from .loop import loop

LIMIT = 3


def own(a):
    if a:
        a = 2
    return loop(
        a
    )
"""


def test_each_kind_of_change_is_found_once_where_it_stands():
    found = mutation_places.places(SOURCE)
    assert sorted(place.change for place in found) == sorted(CHANGES)
    (dropped,) = [place for place in found if place.change == "drop: values.append(1)"]
    assert mutation_places.changed(SOURCE, dropped) == SOURCE.replace("values.append(1)", "pass")


def test_a_function_without_a_value_is_left_early():
    text = "def f(x):\n    x.a()\n    x.b()\n"
    early = [place for place in mutation_places.places(text) if place.change.startswith("return before")]
    assert [mutation_places.changed(text, place) for place in early] == [
        "def f(x):\n    x.a()\n    return\n    x.b()\n"
    ]


def test_a_sample_is_the_same_for_a_seed_and_changes_each_line_once():
    drawn = mutation_places.sample(ROOT, "ledger", 1, 30)
    assert drawn == mutation_places.sample(ROOT, "ledger", 1, 30) != mutation_places.sample(ROOT, "ledger", 2, 30)
    assert len({(mutant.path, mutant.place.line) for mutant in drawn}) == 30


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A rule, a loop that uses it and an owner that calls the loop."""
    room = tmp_path / "market"
    room.mkdir()
    for name, text in (("rule", RULE), ("loop", LOOP), ("owner", OWNER)):
        (room / f"{name}.py").write_text(text)
    (tmp_path / "tests").mkdir()
    for name in mutation_tests.BESIDE:
        (tmp_path / "tests" / name).write_text("")
    return Sources(tmp_path)


@pytest.mark.parametrize(
    ("path", "line", "span"),
    [
        ("market/owner.py", 7, ("market/owner.py", 7, 7)),
        ("market/owner.py", 8, ("market/owner.py", 8, 8)),
        ("market/owner.py", 10, ("market/owner.py", 9, 11)),
        ("market/owner.py", 6, ("market/owner.py", 7, 11)),
        ("market/owner.py", 3, ("market/owner.py", 7, 11)),
        ("market/rule.py", 6, ("market/owner.py", 9, 11)),
        ("market/loop.py", 6, ("market/owner.py", 9, 11)),
    ],
)
def test_a_line_has_its_effect_where_its_statement_or_the_caller_of_its_kernel_runs(sources, path, line, span):
    assert set(sources.spans(path, line)) == {span}


def test_tests_of_the_own_folder_come_first_and_only_those_that_run_the_line(sources):
    ran = {"market/owner.py": [7, 9, 10]}
    known = {
        "tests/market/test_b.py": Ran(2.0, ran),
        "tests/market/test_a.py": Ran(1.0, ran),
        "tests/report/test_c.py": Ran(0.5, ran),
        "tests/report/test_d.py": Ran(0.1, {"market/owner.py": [8]}),
    }
    assert choose(sources, known, "market/rule.py", 6) == [
        "tests/market/test_a.py", "tests/report/test_c.py", "tests/market/test_b.py",
    ]  # fmt: skip


def test_the_table_counts_what_nobody_could_notice_apart():
    place = Place(1, 0, 1, 1, "2", "1  ->  2")
    verdicts = [mutation.Verdict(Mutant(f"{room}/x.py", place), test, 1, 1.0, why) for room, test, why in (
        ("ledger", "a", ""), ("ledger", None, "no caller"), ("report", None, ""),
    )]  # fmt: skip
    assert mutation.table(verdicts)[2:] == ["| ledger | 2 | 1 | 1 | 0 |", "| report | 1 | 0 | 0 | 1 |"]


def test_changes_that_nobody_can_tell_are_still_there():
    """A reason that fits no line any more is dropped."""
    for one in mutation.known_same():
        text = (ROOT / one["file"]).read_text()
        there = [Mutant(one["file"], place) for place in mutation_places.places(text)]
        assert one["why"] in [mutation.same(ROOT, mutant) for mutant in there], one
        assert one["why"]


def test_a_change_is_put_into_loaded_functions_and_nowhere_else(tmp_path):
    path = tmp_path / "market" / "own.py"
    path.parent.mkdir()
    path.write_text("def one(a):\n    return a + 1\n\n\ndef two(a):\n    return [b + 2 for b in a]\n")
    spec = importlib.util.spec_from_file_location("own", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (place,) = [p for p in mutation_places.places(path.read_text()) if p.change == "2  ->  3"]
    mutant = Mutant("market/own.py", place)
    assert mutation_swap.can_swap(tmp_path, mutant)
    assert mutation_swap.swap(tmp_path, mutant) == 1
    assert (module.one(1), module.two([1])) == (2, [4])
    assert not mutation_swap.can_swap(tmp_path, Mutant("market/own.py", place._replace(line=5)))


def test_tests_that_never_end_are_given_up_by_the_processors_seconds(tmp_path):
    def spins():
        while True:
            pass

    assert mutation_tests.forked(spins, tmp_path / "log", 0)[0] is None
    assert mutation_tests.forked(lambda: 3, tmp_path / "log", 5)[0] == 3


def test_a_copy_that_was_left_changed_is_as_it_was_when_it_is_used_again(tmp_path):
    tree = tmp_path / "tree" / "carousel"
    (tree / "market").mkdir(parents=True)
    (tree / "market" / "x.py").write_text("wrong")
    (tmp_path / "undo.json").write_text('["market/x.py", "right"]')
    mutation.Copy(tmp_path)
    assert (tree / "market" / "x.py").read_text() == "right"
    assert not (tmp_path / "undo.json").exists()
