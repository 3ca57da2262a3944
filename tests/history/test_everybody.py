"""Everybody as the rows that changed: the full table comes back exactly, whatever days are kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from carousel.history.choice import Choice, ChoiceError
from carousel.history.crowd import tenths_of
from carousel.history.crowd_kernels import list_changed
from carousel.history.everybody import everybody
from carousel.history.recorder import observe
from carousel.model import CarouselModel
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = ("cash_cents", "etf_shares", "state")


@pytest.mark.parametrize("kept", [{}, {"every_days": 4}, {"first_day": 5, "last_day": 30, "every_days": 7}], ids=str)
@pytest.mark.parametrize("world", ["ai-2025", "ai-2025-wide-september"])
def test_the_rows_that_changed_are_the_full_table(world, kept):
    model = CarouselModel(world, days=43, holders=400, rng=2)
    choice = Choice(also=("holders_changed",), **kept)
    recorder, full = observe(model, None, choice), []

    def look(model):
        if choice.has_day(model.clock.day, 43):
            columns = {name: getattr(model.cast.holders, name).copy() for name in COLUMNS}
            full.append(pd.DataFrame({"day": model.clock.day, "holder": np.arange(400), **columns}))

    look(model)
    model.observers.append(look)
    while model.running:
        model.step()
    recorder.finish()
    changed, expected = recorder.sink.tables()["holders_changed"], pd.concat(full, ignore_index=True)
    pd.testing.assert_frame_equal(everybody(changed), expected, check_dtype=False)
    assert len(changed) < len(expected) * (0.4 if not kept else 0.8)
    days = expected["day"].unique()[1:3].tolist()
    asked = expected[expected["day"].isin(days)].reset_index(drop=True)
    pd.testing.assert_frame_equal(everybody(changed, days), asked, check_dtype=False)
    with pytest.raises(KeyError, match=r"days not kept: \[99\]"):
        everybody(changed, [99])


@given(st.lists(st.tuples(*[st.integers(0, 1)] * 6), min_size=1, max_size=40))
def test_who_is_not_as_before_is_listed_once_and_remembered(rows):
    now, before = (
        tuple(np.array([row[k + at] for row in rows], kind) for k, kind in enumerate((np.int64, np.int32, np.uint8)))
        for at in (0, 3)
    )
    changed = np.empty(len(rows) + 1, np.int32)
    count = list_changed(now, before, changed)
    assert changed[:count].tolist() == [n for n, row in enumerate(rows) if row[:3] != row[3:]]
    assert all((one == other).all() for one, other in zip(now, before, strict=True))
    assert changed[0] < len(rows)


def test_equal_households_are_in_the_same_tenth():
    model = CarouselModel("ai-2025", rng=0, days=1, holders=300)
    holders = model.cast.holders
    holders.cash_cents[:], holders.etf_shares[:] = 5, 0
    assert tenths_of(holders, 100).tolist() == [9] * 300
    holders.cash_cents[:] = np.arange(300)[::-1]
    assert tenths_of(holders, 100).tolist() == (np.arange(300)[::-1] // 30).tolist()


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"keep": "firms"}, "keep is 'firms'; allowed: names, one by one"),
        ({"agents": (1,)}, "agents is a list of 1; allowed: names, one by one"),
        ({"first_day": -1}, "first_day is -1; allowed: a day from 0"),
        ({"first_day": 5, "last_day": 4}, "first_day is 5; allowed: a day from 0 to 4"),
        ({"last_day": 1.5}, "last_day is 1.5; allowed: a day from 0"),
        ({"every_days": True}, "every_days is True; allowed: 1 and above"),
        ({"panel": 100_001}, "panel is 100001; allowed: 0 to 100000 households"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_one_line(wish, says):
    with pytest.raises(ChoiceError) as refused:
        Choice(**wish)
    assert str(refused.value) == says
    assert refused.value.what in wish


def test_rows_of_chosen_agents_are_those_that_name_one_of_them():
    model = CarouselModel("ai-2025", rng=0, days=30, holders=300)
    choice = Choice(agents=("NVIDIA", "OpenAI"))
    recorder, whole = observe(model, None, choice), observe(model)
    while model.running:
        model.step()
    recorder.finish(), whole.finish()
    kept, every = recorder.sink.tables(), whole.sink.tables()
    journal = every["journal"]
    own = journal[journal[["payer", "payee"]].isin(choice.agents).any(axis=1)].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept["journal"], own)
    assert 0 < len(own) < len(journal)
    assert kept["firms"]["firm"].unique().tolist() == ["NVIDIA", "OpenAI"]
    assert kept["funds"].empty
    pd.testing.assert_frame_equal(kept["households"], every["households"])
    pd.testing.assert_frame_equal(kept["payment_origins"], every["payment_origins"])
