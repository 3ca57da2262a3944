"""The recording: one digest for one history, however it is cut and wherever it goes; nothing wrong gets in silently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from carousel.history.recorder import Recorder, sampled_rows
from carousel.history.sinks import MemorySink, ParquetSink, read_tables
from carousel.history.tables import TABLES
from carousel.ledger.slices import LAPS


def recorded(model, sink=None, **options):
    recorder = Recorder(model, sink, **options)
    model.observers.append(recorder)
    model.run()
    return recorder.finish()


def test_the_digest_does_not_depend_on_blocks_sinks_or_a_closer_look(hand_made, tmp_path):
    digests = {recorded(hand_made.FakeModel(), block_days=n) for n in (1, 3, 4, 1000)}
    digests.add(recorded(hand_made.FakeModel(), MemorySink()))
    digests.add(recorded(hand_made.FakeModel(), ParquetSink(tmp_path), block_days=2))
    digests.add(recorded(hand_made.FakeModel(), full_every_days=5))
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@pytest.mark.parametrize("spoil", ["cents", "origin", "event", "holder", "name"])
def test_the_digest_changes_with_any_single_thing(hand_made, spoil):
    plain, other = hand_made.FakeModel(), hand_made.FakeModel()
    original = other.rows

    def look(model):
        if model.clock.day == 5:
            parts = model.books.last.slices["pro-rata"]
            if spoil == "cents":
                model.books.last.entries[0, 3] += 1
            if spoil == "origin":
                parts.cells[1] = LAPS
            if spoil == "event":
                model.events = [("default", "OpenAI", "", 0, "")]
            if spoil == "holder":
                model.cast.holders.cash_cents[sampled_rows(7, 250, 100)[3]] += 1
            if spoil == "name":
                model.rows = lambda t: [("Oracl", *r[1:]) for r in original(t)] if t == "daily" else original(t)

    other.observers.append(look)
    assert recorded(plain) != recorded(other)


def test_texts_are_hashed_with_their_borders(hand_made):
    one, two = hand_made.FakeModel(), hand_made.FakeModel()
    one.events, two.events = [("ab", "c", "", 0, "")], [("a", "bc", "", 0, "")]
    assert Recorder(one).digest() != Recorder(two).digest()


def test_memory_and_files_hold_the_same_history(hand_made, tmp_path):
    memory, files = MemorySink(), ParquetSink(tmp_path)
    recorded(hand_made.FakeModel(), memory, full_every_days=5)
    recorded(hand_made.FakeModel(), files, block_days=3, full_every_days=5)
    for name in TABLES:
        pd.testing.assert_frame_equal(memory.tables()[name], files.tables()[name])


def test_a_history_keeps_every_payment_with_its_origin(hand_made):
    sink = MemorySink()
    recorded(hand_made.FakeModel(days=10), sink)
    journal = sink.tables()["journal"]
    assert len(journal) == 30
    traced = journal[[c for c in journal.columns if c.startswith("from_")]].sum(axis=1)
    assert (traced == journal["cents"]).all()
    chips = journal[(journal["cause"] == "chip_bill") & (journal["day"] == 3)].iloc[0]
    assert (chips["payer"], chips["payee"], chips["cents"], chips["recycled_cents"]) == ("Oracle", "NVIDIA", 700, 100)
    assert journal[journal["cause"] == "milestone"]["contract"].unique().tolist() == ["milestones"]


def test_announcements_get_the_date_of_their_day_and_missing_numbers_stay_missing(hand_made):
    sink = MemorySink()
    recorded(hand_made.FakeModel(), sink)
    tables = sink.tables()
    assert tables["announcements"]["date"].iloc[0] == hand_made.START + hand_made.timedelta(days=2)
    assert tables["daily"]["net_asset_value_cents"].isna().all()
    assert tables["firms"]["runway_months"].isna().all()
    assert (tables["daily"]["price_cents"] == 100_00 + tables["daily"]["day"]).all()


def test_the_sample_of_holders_is_fixed_ascending_and_keyed():
    rows = sampled_rows(1, 10_000_000, 100)
    assert len(set(rows.tolist())) == 100
    assert (np.diff(rows) > 0).all()
    assert 0 <= rows[0] < 100_000
    assert rows[-1] >= 9_900_000
    assert (sampled_rows(1, 10_000_000, 100) == rows).all()
    assert (sampled_rows(2, 10_000_000, 100) != rows).any()
    assert sampled_rows(1, 7, 100).tolist() == list(range(7))


def test_a_closer_look_writes_all_holders_at_its_interval_only(hand_made):
    sink = MemorySink()
    recorded(hand_made.FakeModel(days=10, holders=250), sink, full_every_days=5)
    assert sink.tables()["holders_all"].groupby("day").size().to_dict() == {0: 250, 5: 250, 10: 250}
    assert sink.tables()["holders"].groupby("day").size().unique().tolist() == [100]


def test_a_row_of_the_wrong_width_is_refused(hand_made):
    model = hand_made.FakeModel()
    model.events = [("default", "OpenAI")]
    with pytest.raises(ValueError, match="table events: a row has 2 values; allowed: 5"):
        Recorder(model).digest()


def test_money_with_a_fraction_is_refused(hand_made):
    model = hand_made.FakeModel()
    model.events = [("default", "OpenAI", "", 0.5, "")]
    with pytest.raises(TypeError, match=r"given 0\.5"):
        Recorder(model).digest()


@pytest.mark.parametrize("options", [{"sample": 101}, {"sample": -1}, {"full_every_days": 0}, {"block_days": 0}])
def test_an_impossible_wish_is_refused(hand_made, options):
    with pytest.raises(ValueError, match="allowed"):
        Recorder(hand_made.FakeModel(), **options)


def test_a_recording_is_finished_once(hand_made):
    recorder = Recorder(hand_made.FakeModel(days=2))
    recorder._model.observers.append(recorder)
    recorder._model.run()
    recorder.finish()
    with pytest.raises(RuntimeError, match="finished"):
        recorder.finish()


def test_a_folder_without_its_tables_is_no_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such table"):
        read_tables(tmp_path)


def test_every_column_says_its_unit_in_the_file(hand_made, tmp_path):
    import pyarrow.parquet as pq

    recorded(hand_made.FakeModel(), ParquetSink(tmp_path))
    for path in tmp_path.glob("*.parquet"):
        for field in pq.read_schema(path):
            assert field.metadata[b"unit"]
            assert field.metadata[b"meaning"]
