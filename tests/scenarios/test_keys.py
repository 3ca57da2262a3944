"""Every key of a scenario is told with unit, default, bounds and meaning, and what is told is so."""

from __future__ import annotations

import re
import tomllib

import pytest
from carousel.cli.new import starter_text
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.keys import PARAMETER_KIND, UnknownKind, keys_of, kinds
from carousel.scenarios.loader import bundled, check, load, parse
from carousel.scenarios.parameters import PARAMETERS
from carousel.scenarios.schema import KINDS, Scenario

EVERY_KEY = [(kind, key) for kind in kinds() for key in keys_of(kind)]


def test_every_kind_and_every_key_of_the_schema_is_told():
    assert set(kinds()) == {"scenario", *KINDS, "etf", "households", "behaviour", PARAMETER_KIND}
    told = {(kind, key.name) for kind, key in EVERY_KEY}
    for kind, model in {"scenario": Scenario, **KINDS}.items():
        assert {(kind, name) for name in model.model_fields if name != "sources"} <= told
    assert {(PARAMETER_KIND, p.name) for p in PARAMETERS} <= told


@pytest.mark.parametrize(("kind", "key"), EVERY_KEY, ids=lambda each: getattr(each, "name", each))
def test_a_key_has_unit_default_bounds_and_meaning(kind, key):
    assert all((key.unit, key.default, key.bounds, key.meaning)), kind


SMALL = 'name = "a"\ntitle = "b"\nstart_date = 2025-09-09\ndays = {days}\n'


@pytest.mark.parametrize(("days", "is_legal"), [(0, False), (1, True), (5040, True), (5041, False)])
def test_the_bounds_that_are_told_are_those_that_hold(days, is_legal):
    key = next(key for key in keys_of("scenario") if key.name == "days")
    assert key.bounds == "1 to 5040"
    text = SMALL.format(days=days)
    if is_legal:
        assert parse(text).days == days
    else:
        with pytest.raises(ScenarioError):
            parse(text)


def test_an_open_bound_and_a_list_of_words_are_told_as_such():
    told = {(kind, key.name): key for kind, key in EVERY_KEY}
    assert told["lab", "valuation_usd"].bounds == "above 0 to 5e+13"
    assert told["contract", "instrument"].bounds == "contract, letter_of_intent, order, guidance, equity"
    assert told["contract", "instrument"].default == "contract"
    assert told["lab", "name"].default == "required"
    assert told["scenario", "lab"].bounds == "entries [[lab]]"


def test_an_unknown_kind_is_refused_with_the_nearest():
    with pytest.raises(UnknownKind, match="nearest: lab") as caught:
        keys_of("lb")
    assert caught.value.nearest == ("lab",)


def test_the_starter_fits_together_and_every_line_of_it_says_what_it_means():
    text = starter_text("my-world.toml")
    assert parse(text).name == "my-world"
    for line in text.splitlines():
        if re.match(r"\w+ =", line) and not line.startswith(("name", "title")):
            assert re.search(r"# [^:]+: .+", line), line


def test_a_name_that_needs_quotes_stays_in_its_comment():
    quoted, plain = tomllib.loads(starter_text("a\nb = 1 'c'.toml")), tomllib.loads(starter_text("plain.toml"))
    assert "b" not in quoted
    assert quoted | {"name": ""} == plain | {"name": ""}


@pytest.mark.parametrize("name", bundled())
def test_what_comes_with_carousel_has_no_faults(name):
    assert check(name) == []


def test_all_faults_of_single_keys_are_told_at_once(tmp_path):
    path = tmp_path / "world.toml"
    text = starter_text("world.toml")
    path.write_text(text.replace("price_usd = 100.0", 'price_usd = "much"').replace("net_margin", "net_margn"))
    paths = {fault.key_path for fault in check(path)}
    assert {"cloud.Cloud.price_usd", "listed_firm.Everything else.price_usd", "chip_maker.Chips.net_margn"} <= paths


def test_all_rules_between_the_parts_are_told_at_once(tmp_path):
    path = tmp_path / "world.toml"
    text = starter_text("world.toml")
    path.write_text(
        text.replace('customer = "Lab"', 'customer = "Lob"').replace('owner = "Venture fund"', 'owner = "X"')
    )
    assert [fault.key_path for fault in check(path)] == [
        "contract.Compute for the lab.customer",
        "stake.X in Lab.owner",
    ]


@pytest.mark.parametrize("text", ["name = ", "\x00", 'extends = "nothing"', "[[lab]]\n" * 3, "sources = 1"])
def test_what_is_no_scenario_at_all_is_told_as_well(tmp_path, text):
    path = tmp_path / "world.toml"
    path.write_text(text)
    faults = check(path)
    assert faults
    with pytest.raises(ScenarioError):
        load(path)
    assert all(len(str(fault).splitlines()) == 1 for fault in faults)
