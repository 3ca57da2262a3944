"""Three whole runs that the report's tests look at: a boom, a bust, and a vendor whose customers fail."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from carousel.history.recorder import observe
from carousel.model import CarouselModel
from carousel.report.store import answer_of

RUNS = {
    "boom": ("ai-2025", 1, 756, {"monetisation_growth_per_year": 2.5}),
    "bust": ("ai-2025", 1, 1260, {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.1}),
    "stall": ("ai-2025-wide-september", 4, 504, {"monetisation_growth_per_year": 0.0, "bond_appetite_scale": 0.1}),
    "vendor fails": ("vendor-loans", 0, 1512, {"monetisation_growth_per_year": -0.4}),
    "vendor thrives": ("vendor-loans", 1, 504, {"monetisation_growth_per_year": 2.5}),
}


@pytest.fixture(scope="session", params=list(RUNS))
def told(request):
    """A finished run of one of these worlds with 300 holders: its tables, scenario and answer."""
    name, seed, days, parameters = RUNS[request.param]
    model = CarouselModel(name, rng=seed, days=days, holders=300, **parameters)
    recorder = observe(model)
    while model.running:
        model.step()
    recorder.finish()
    answer = answer_of(model, recorder)
    return SimpleNamespace(
        name=request.param, tables=recorder.sink.tables(), scenario=model.scenario_data, answer=answer
    )
