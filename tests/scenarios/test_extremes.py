"""A file at the edges of the schema is refused when it is loaded, or it runs: no other exception, no lost number.

CI tries 150 files, 30 days each. For 2,000 of them (about two minutes alone on a core):
`python tests/scenarios/extremes.py 2000`
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import pytest
from carousel.scenarios.schema import KINDS, Scenario
from pydantic import BaseModel, Field

SPEC = importlib.util.spec_from_file_location("extremes", Path(__file__).with_name("extremes.py"))
assert SPEC is not None
assert SPEC.loader is not None
extremes = importlib.util.module_from_spec(SPEC)
sys.modules["extremes"] = extremes
SPEC.loader.exec_module(extremes)

FILES = 150
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_a_file_of_extremes_is_refused_at_load_or_runs(part):
    results = [extremes.tried(number, days=30) for number in range(part, FILES, PARTS)]
    assert [str(result) for result in results if result.outcome is extremes.Outcome.FAULT] == []
    counts = Counter(result.outcome for result in results)
    assert counts[extremes.Outcome.RAN] >= 3, "most files must come as far as a run"


def test_every_kind_of_entry_and_every_field_is_tried():
    tried = set()
    for name in extremes.BASES:
        data = extremes.base(name).model_dump()
        tried |= {path.split(".")[0] for path, *_ in extremes.places(Scenario, data)}
    assert {*KINDS, "behaviour", "etf", "households", "start_date", "holders"} <= tried


def test_the_edges_of_a_field_are_read_from_the_schema():
    class Part(BaseModel):
        share: Annotated[float, Field(gt=0, le=1)]
        maybe: Annotated[float, Field(ge=-1, lt=3)] | None = None

    fields = Part.model_fields
    assert extremes.bounds_of(fields["share"]) == (0, 1)
    assert extremes.bounds_of(fields["maybe"]) == (-1, 3)
    assert [extremes.is_allowed(fields["share"], x) for x in (0.0, 5e-324, 1.0, 1.0000000000000002)] == [
        False,
        True,
        True,
        False,
    ]
    assert None in extremes.extremes_of(fields["maybe"], extremes.date(2025, 9, 9))


def test_a_fault_is_seen(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(extremes, "CarouselModel", broken)
    said = []
    assert extremes.main(["12"], said.append) == 1
    assert any("ZeroDivisionError: planted" in line for line in said)
